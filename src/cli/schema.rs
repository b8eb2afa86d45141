//! `datagen schema`: the JSON Schema with which editors complete and check specs.

use super::error::Error;
use super::{Session, Subcommand, print};
use crate::plan;

/// Print the JSON Schema of the spec language
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  datagen schema > datagen.schema.json
  # and in the first line of a spec: # yaml-language-server: $schema=datagen.schema.json")]
pub struct Schema {}

impl Subcommand for Schema {
    const NAME: &'static str = "schema";

    fn run(self, _session: &Session) -> Result<(), Error> {
        print(&format!("{:#}\n", plan::json_schema()))
    }
}
