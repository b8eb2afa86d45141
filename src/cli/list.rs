//! `datagen list`: what specs and options can name.

use super::error::Error;
use super::{Session, Subcommand, config, print};
use crate::encode;
use crate::spec;
use clap::builder::PossibleValuesParser;
use comfy_table::presets;

/// List what can be named in specs and options
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen list                 # what there is to list
  datagen list providers
  datagen list distributions")]
pub struct List {
    /// What to list
    #[arg(value_name = "WHAT", value_parser = PossibleValuesParser::new(LISTS.iter().map(|list| list.name)))]
    what: Option<String>,
}

/// A list that can be asked for.
struct Listing {
    name: &'static str,
    summary: &'static str,
    /// Rows of cells, the first one the name.
    lines: fn() -> Vec<Vec<String>>,
}

/// All lists; one entry each.
static LISTS: &[Listing] = &[
    Listing {
        name: "specs",
        summary: "built-in specs, for --spec",
        lines: || spec::BUILTINS.iter().map(|builtin| cells([builtin.name, builtin.summary])).collect(),
    },
    Listing {
        name: "formats",
        summary: "output formats, for --format",
        lines: || encode::FORMATS.iter().map(|format| cells([format.name, format.summary])).collect(),
    },
    Listing {
        name: "settings",
        summary: "keys of .datagen.yaml and their variables",
        lines: || {
            let line = |key: &config::Key| cells([key.name, &config::variable(key), key.summary]);
            config::KEYS.iter().map(line).collect()
        },
    },
];

impl Subcommand for List {
    const NAME: &'static str = "list";

    fn run(self, _session: &Session) -> Result<(), Error> {
        let asked = LISTS.iter().find(|list| self.what.as_deref() == Some(list.name));
        let lines = match asked {
            Some(list) => (list.lines)(),
            None => LISTS.iter().map(|list| cells([list.name, list.summary])).collect(),
        };
        print(&aligned(lines))
    }
}

fn cells<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

/// Lines with their cells one below the other.
fn aligned(lines: Vec<Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::NOTHING);
    table.add_rows(lines);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}
