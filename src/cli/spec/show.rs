//! `datagen spec show`: what is in a built-in spec: parameters, tables and rows at scale 1.

use super::super::error::Error;
use super::super::input::{Planned, builtin_names};
use super::super::list::aligned;
use super::super::summary::{count, rows};
use super::super::{Session, print};
use super::{planned, written_rows};
use crate::diagnostic::grouped;
use crate::plan::{Plan, Table};
use crate::spec::{self, Builtin, Param};
use serde_json::{Value, json};

/// Show a built-in spec: its parameters, and its tables with their rows at scale 1
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen spec show ecommerce
  datagen spec show tpch --json

`datagen plan --spec NAME` tells more of the tables: keys, parents, sizes.")]
pub struct Show {
    /// The spec; `datagen spec list` shows them
    #[arg(value_name = "NAME", value_parser = builtin_names())]
    name: &'static str,
    /// Print the same as JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub fn run(self, session: &Session) -> Result<(), Error> {
        let builtin = spec::builtin(self.name).expect("clap has refused other names");
        let Planned { spec, plan, .. } = planned(builtin, session)?;
        let shown = Shown { builtin, params: spec.params, plan };
        print(&if self.json { format!("{:#}\n", shown.json()) } else { shown.text() })
    }
}

/// What is shown.
struct Shown {
    builtin: &'static Builtin,
    params: Vec<Param>,
    plan: Plan,
}

impl Shown {
    fn tables(&self) -> impl Iterator<Item = &Table> {
        self.plan.order.iter().map(|table| &self.plan.tables[*table])
    }

    fn text(&self) -> String {
        let Builtin { name, aliases, summary, .. } = self.builtin;
        let mut text = format!("{name}: {summary}\n");
        if !aliases.is_empty() {
            text += &format!("also called {}\n", aliases.join(", "));
        }
        if !self.params.is_empty() {
            let line = |param: &Param| {
                let description = param.description.clone().unwrap_or_default();
                vec![format!("  {}", param.name.value), param.value.value.clone(), description]
            };
            text += &format!(
                "\nparameters, set by --param NAME=VALUE\n{}",
                aligned(self.params.iter().map(line).collect())
            );
        }
        let line = |table: &Table| {
            let columns = count(table.visible().count() as u64, "column");
            let comment = table.comment.clone().unwrap_or_default();
            vec![format!("  {}", table.name), grouped(table.rows), columns, comment]
        };
        text +=
            &format!("\ntables, with their rows at scale 1\n{}", aligned(self.tables().map(line).collect()));
        let tables = count(self.plan.order.len() as u64, "table");
        text += &format!("{tables}, {}, seed {}\n", rows(written_rows(&self.plan)), self.plan.seed);
        text + &format!("\ndatagen generate --spec {name} --scale 1 -o {name}.sql\n")
    }

    fn json(&self) -> Value {
        let Builtin { name, aliases, summary, .. } = self.builtin;
        let params = self.params.iter().map(|param| {
            json!({
                "name": param.name.value,
                "default": default_json(param),
                "description": param.description,
            })
        });
        let tables = self.tables().map(|table| {
            json!({
                "name": table.name,
                "rows": table.rows,
                "columns": table.visible().count(),
                "comment": table.comment,
            })
        });
        json!({
            "name": name,
            "aliases": aliases,
            "summary": summary,
            "seed": self.plan.seed,
            "params": params.collect::<Vec<Value>>(),
            "tables": tables.collect::<Vec<Value>>(),
            "rows": written_rows(&self.plan),
        })
    }
}

/// A default as what it is: text, number or boolean.
fn default_json(param: &Param) -> Value {
    let text = &param.value.value;
    match param.is_text {
        true => json!(text),
        // YAML writes some numbers in ways that JSON does not.
        false => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
    }
}
