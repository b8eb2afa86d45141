//! `datagen new`: asks what to make, and makes it.

use super::error::Error;
use super::{Session, Subcommand, ask, run_again};

/// Ask what to make, how much, in which format and where to; then make it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What was answered is printed as the command that makes it, to be typed the next time:
  datagen generate --spec ecommerce --size 100MB --format parquet --output ecommerce/

Nothing is asked when standard input is no terminal.")]
pub struct New {}

impl Subcommand for New {
    const NAME: &'static str = "new";

    fn run(self, session: &Session) -> Result<(), Error> {
        if !ask::somebody_is_there() {
            return Err(Error::usage("`datagen new` asks questions, and nobody can answer: standard input is no terminal")
                .help("type what to make, such as `datagen generate --spec ecommerce --size 100MB --format parquet -o shop/`")
                .help("`datagen spec list` names the built-in specs"));
        }
        let flags = ask::flags(ask::Known::default(), session)?;
        run_again(Self::NAME, flags, session)
    }
}
