//! `datagen spec list`: the built-in specs, a line each.

use super::super::error::Error;
use super::super::list::aligned;
use super::super::summary::{count, rows};
use super::super::{Session, print};
use super::{planned, written_rows};
use crate::spec::{BUILTINS, Builtin};
use serde_json::{Value, json};

/// List the built-in specs with their tables and rows at scale 1
#[derive(Debug, clap::Args)]
pub struct List {
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

/// A spec and its size.
struct Line {
    builtin: &'static Builtin,
    tables: usize,
    rows: u64,
}

impl List {
    pub fn run(self, session: &Session) -> Result<(), Error> {
        let line = |builtin| {
            let plan = planned(builtin, session)?.plan;
            Ok(Line { builtin, tables: plan.order.len(), rows: written_rows(&plan) })
        };
        let lines = BUILTINS.iter().map(line).collect::<Result<Vec<Line>, Error>>()?;
        match self.json {
            true => print(&format!("{:#}\n", Value::Array(lines.iter().map(Line::json).collect()))),
            false => print(&aligned(lines.iter().map(Line::cells).collect())),
        }
    }
}

impl Line {
    fn cells(&self) -> Vec<String> {
        let Builtin { name, summary, .. } = self.builtin;
        let tables = count(self.tables as u64, "table");
        vec![(*name).to_owned(), tables, rows(self.rows), (*summary).to_owned()]
    }

    fn json(&self) -> Value {
        let Builtin { name, aliases, summary, .. } = self.builtin;
        json!({ "name": name, "aliases": aliases, "summary": summary, "tables": self.tables, "rows": self.rows })
    }
}
