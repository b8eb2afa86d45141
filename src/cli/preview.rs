//! `datagen preview`: a few rows of each table, for eyes.

use super::error::{Error, Exit};
use super::input::{self, Changes, Input};
use super::summary::rows;
use super::tables;
use super::{Session, Subcommand, print};
use crate::diagnostic::Diagnostic;
use crate::encode::EncodeError;
use crate::expression::Failure;
use crate::generate::{Options, Worker};
use crate::plan::{Plan, Table};
use crate::value::text;
use comfy_table::{Cell, CellAlignment, ContentArrangement, presets};
use std::io::IsTerminal;

/// Show the first rows of each table
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen preview shop.yaml
  datagen preview --spec ecommerce --table orders -n 20")]
pub struct Preview {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    changes: Changes,
    /// Only this table; may be repeated
    #[arg(long = "table", value_name = "TABLE", help_heading = "Output")]
    tables: Vec<String>,
    /// Rows per table
    #[arg(short = 'n', long = "limit", value_name = "N", default_value_t = 5, help_heading = "Output")]
    limit: u64,
}

impl Subcommand for Preview {
    const NAME: &'static str = "preview";

    fn run(self, session: &Session) -> Result<(), Error> {
        let text = self.input.read(&session.config)?;
        let plan = input::plan(text, &self.changes, session)?;
        let chosen = tables::choose(&plan, &self.tables)?;
        let options = Options {
            batch_rows: session.config.default_batch_size,
            cache_batches: session.config.cache_size,
        };
        let mut worker = Worker::new(&plan, options);
        for (at, table) in chosen.into_iter().enumerate() {
            let shown = show(&mut worker, &plan, table, self.limit).map_err(|failure| {
                let problem = Diagnostic::nowhere(EncodeError::from(failure).to_string());
                Error::new(Exit::Generation, problem)
            })?;
            let gap = if at == 0 { "" } else { "\n" };
            print(&format!("{gap}{shown}"))?;
        }
        Ok(())
    }
}

fn show(worker: &mut Worker, plan: &Plan, table: usize, limit: u64) -> Result<String, Failure> {
    let Table { name, rows: row_count, .. } = &plan.tables[table];
    let mut page = comfy_table::Table::new();
    page.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    // On a terminal long texts wrap; in a pipe each row stays a line.
    if std::io::stdout().is_terminal() {
        page.set_content_arrangement(ContentArrangement::Dynamic);
    }
    let columns: Vec<usize> = plan.tables[table].visible().map(|(index, _)| index).collect();
    page.set_header(columns.iter().map(|column| Cell::new(&plan.tables[table].columns[*column].name)));

    let shown = limit.min(*row_count);
    for start in (0..shown).step_by(worker.options().batch_rows) {
        let batch = start..shown.min(start + worker.options().batch_rows as u64);
        let length = (batch.end - batch.start) as usize;
        let vectors = worker.written(table, batch, &columns)?.vectors;
        for row in 0..length {
            page.add_row(columns.iter().zip(&vectors).map(|(column, vector)| {
                let sql_type = &plan.tables[table].columns[*column].sql_type;
                if !vector.is_valid(row) {
                    return Cell::new("NULL");
                }
                let mut bytes = Vec::new();
                text::value(&mut bytes, sql_type, vector, row);
                let side = if sql_type.is_number() { CellAlignment::Right } else { CellAlignment::Left };
                Cell::new(one_line(&String::from_utf8_lossy(&bytes))).set_alignment(side)
            }));
        }
    }
    let shown_of = if shown < *row_count { format!("the first {shown} of ") } else { String::new() };
    Ok(format!("{name} ({shown_of}{})\n{page}\n", rows(*row_count)))
}

/// Control characters would break the table.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars() {
        match c.is_control() {
            true => line.extend(c.escape_default()),
            false => line.push(c),
        }
    }
    line
}
