//! `datagen completions`: scripts with which a shell completes our command line.

use super::error::Error;
use super::{Session, Subcommand, command};
use clap_complete::Shell;

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  datagen completions bash > ~/.local/share/bash-completion/completions/datagen"
)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Subcommand for Completions {
    const NAME: &'static str = "completions";

    fn run(self, _session: &Session) -> Result<(), Error> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "datagen", &mut script);
        super::print(&String::from_utf8_lossy(&script))
    }
}
