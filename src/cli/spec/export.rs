//! `datagen spec export`: a built-in spec's text, to read, to change, to keep.

use super::super::console::Level;
use super::super::error::Error;
use super::super::input::builtin_names;
use super::super::{Session, output, print};
use crate::spec;
use std::path::PathBuf;

/// Write the YAML of a built-in spec, to start a spec of your own from
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen spec export ecommerce -o shop.yaml
  datagen spec export tpch | less")]
pub struct Export {
    /// The spec; `datagen spec list` shows them
    #[arg(value_name = "NAME", value_parser = builtin_names())]
    name: &'static str,
    /// The file instead of standard output; refused if it is there already
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Replace the file if it is there already
    #[arg(long, requires = "output", help_heading = "Output")]
    force: bool,
}

impl Export {
    pub fn run(self, session: &Session) -> Result<(), Error> {
        let builtin = spec::builtin(self.name).expect("clap has refused other names");
        let Some(path) = self.output else { return print(builtin.text) };
        if !self.force {
            output::refuse_existing(&path)?;
        }
        output::text(&path, builtin.text)?;
        session.console.say(Level::Info, &format!("{}: {}\n", path.display(), builtin.summary));
        Ok(())
    }
}
