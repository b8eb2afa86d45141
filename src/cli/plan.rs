//! `datagen plan`: what a spec will make, before it makes it: tables in order, rows, keys, bytes, time; or its diagram.

use super::choice::OneOf;
use super::console::Level;
use super::error::{Error, Exit};
use super::generate::crew;
use super::input::{self, Changes, Input};
use super::list::aligned;
use super::size::{self, Size};
use super::summary::{bytes, count, rows, seconds};
use super::{Session, Subcommand, output, print};
use crate::diagnostic::{Diagnostic, grouped};
use crate::encode::{self, Compression, EncodeError, Format};
use crate::pipeline::{self, Estimate, Measure};
use crate::plan::{self, PlannedColumn, Table};
use serde_json::{Value, json};
use std::time::Duration;

/// Show what a spec will make: tables in order, rows, keys, size and time; or a diagram
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen plan shop.yaml
  datagen plan shop.yaml -v                        # with each column's type and where its values come from
  datagen plan shop.yaml --format parquet --scale 100
  datagen plan shop.yaml --format csv --compress zstd --size 10GB     # finds the scale
  datagen plan shop.yaml --graph mermaid > shop.mmd
  datagen plan shop.yaml --graph dot | dot -Tsvg > shop.svg

Rows are known. Bytes and time are estimated from some rows of each table, made while you wait; the same
plan has the same bytes each time, while time is this machine's just now.")]
pub struct Plan {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    size: Size,
    /// The format whose size is estimated; the default is that of the configuration, else `insert`
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output",
          value_parser = OneOf::new(encode::FORMATS.iter().map(|format| format.name)))]
    format: Option<&'static str>,
    /// The compression whose size is estimated, as of `datagen generate`
    #[arg(long, value_name = "HOW", hide_possible_values = true, help_heading = "Output",
          value_parser = OneOf::new(output::compressions()))]
    compress: Option<&'static str>,
    /// Print the plan as JSON
    #[arg(long, conflicts_with = "graph", help_heading = "Output")]
    json: bool,
    /// Print a diagram of tables and foreign keys: mermaid, or dot for Graphviz
    #[arg(long, value_name = "HOW", help_heading = "Output", conflicts_with = "size",
          value_parser = OneOf::new(GRAPHS.iter().map(|(name, _)| *name)))]
    graph: Option<&'static str>,
}

/// The languages of diagrams.
type Draw = fn(&plan::Plan) -> String;
const GRAPHS: [(&str, Draw); 2] = [("mermaid", plan::mermaid), ("dot", plan::dot)];

impl Subcommand for Plan {
    const NAME: &'static str = "plan";

    fn run(self, session: &Session) -> Result<(), Error> {
        let text = self.input.read(&session.config)?;
        let name = self.format.unwrap_or(session.config.default_format);
        let format = encode::find(name).expect("names of formats were checked");
        let compression = self.compress.and_then(Compression::find);
        output::check_compression(format, compression)?;
        let options = encode::Options {
            rows_per_insert: session.config.rows_per_insert,
            dialect: session.config.default_dialect,
            compression,
            ..encode::Options::default()
        };
        let sized = size::Output {
            tables: &[],
            format,
            encoding: options,
            section: plan::Section::All,
            crew: crew(None, &session.config),
        };
        let changes = self.size.settle(&text, &self.changes, &sized, session)?;
        let plan = input::plan(text, &changes, session)?;
        if let Some((_, draw)) = GRAPHS.iter().find(|(name, _)| self.graph == Some(name)) {
            return print(&draw(&plan));
        }
        let care = if self.size.is_given() { Care::Measure } else { Care::Estimate };
        let scale = changes.scale.unwrap_or(1.0);
        let report = Report::new(&plan, scale, format, &options, care, session)?;
        let shows_columns = session.console.level >= Level::Debug;
        print(&if self.json { report.json() } else { report.text(shows_columns) })
    }
}

/// How close sizes shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// At a glance.
    Estimate,
    /// As close as the scale was chosen by.
    Measure,
}

impl Care {
    fn estimate(
        self,
        plan: &plan::Plan,
        table: usize,
        format: &'static Format,
        options: &encode::Options,
    ) -> Result<Option<Estimate>, EncodeError> {
        let estimate = pipeline::estimate(plan, table, format, options)?;
        if self == Care::Estimate {
            return Ok(estimate);
        }
        let measure = pipeline::measure(plan, table, format, options)?;
        let closer = |(estimate, measure): (Estimate, Measure)| Estimate {
            bytes: measure.bytes,
            is_exact: measure.is_exact,
            ..estimate
        };
        Ok(estimate.zip(measure).map(closer))
    }
}

/// The plan and its figures.
struct Report<'p> {
    plan: &'p plan::Plan,
    scale: f64,
    format: &'static Format,
    /// For each table that is written, in order; `None` where no row was tried.
    estimates: Vec<Option<Estimate>>,
    /// Of the SQL around the rows.
    script_bytes: u64,
}

impl<'p> Report<'p> {
    fn new(
        plan: &'p plan::Plan,
        scale: f64,
        format: &'static Format,
        options: &encode::Options,
        care: Care,
        session: &Session,
    ) -> Result<Self, Error> {
        let mut estimates = Vec::new();
        for table in &plan.order {
            estimates.push(match care.estimate(plan, *table, format, options) {
                Ok(estimate) => estimate,
                // A row that cannot be computed is for `generate` to fail at; the plan is a plan all the same.
                Err(EncodeError::Generate(failure)) => {
                    session.console.say(Level::Warn, &format!("warning: {failure}\n"));
                    None
                }
                Err(error) => return Err(Error::new(Exit::Usage, Diagnostic::nowhere(error.to_string()))),
            });
        }
        let script_bytes = pipeline::script_bytes(plan, &plan.order, format, options, plan::Section::All);
        Ok(Self { plan, scale, format, estimates, script_bytes })
    }

    fn text(&self, shows_columns: bool) -> String {
        let plan = self.plan;
        let mut lines = vec![self.heads()];
        for (nth, (table, estimate)) in plan.order.iter().zip(&self.estimates).enumerate() {
            let table = &plan.tables[*table];
            lines.push(line((nth + 1).to_string(), table, shown_bytes(estimate), plan));
        }
        for table in plan.tables.iter().filter(|table| table.hidden) {
            lines.push(line("-".to_owned(), table, "not written".to_owned(), plan));
        }
        let mut text = aligned(lines);
        if shows_columns {
            text += &plan.tables.iter().map(|table| format!("\n{}", columns(table))).collect::<String>();
            text.push('\n');
        }
        let row_count = plan.order.iter().map(|table| plan.tables[*table].rows).sum();
        let tables = count(plan.order.len() as u64, "table");
        let total = self
            .total_bytes()
            .map_or_else(|| "of a size not known".to_owned(), |total| format!("about {}", bytes(total)));
        let scale = if self.scale == 1.0 { String::new() } else { format!(", scale {}", self.scale) };
        let (rows, format) = (rows(row_count), self.format.name);
        text += &format!("{tables}, {rows}, {total} of {format}{scale}, seed {}\n", plan.seed);
        text + &self.time_line()
    }

    fn heads(&self) -> Vec<String> {
        ["", "table", "rows", "columns", self.format.name, "key", "parents"].map(str::to_owned).to_vec()
    }

    /// All bytes; `None` where a table's are not known.
    fn total_bytes(&self) -> Option<u64> {
        let tables = self.estimates.iter().map(|estimate| Some(estimate.as_ref()?.bytes));
        Some(tables.sum::<Option<u64>>()? + self.script_bytes)
    }

    fn time(&self) -> Duration {
        self.estimates.iter().flatten().map(|estimate| estimate.time).sum()
    }

    fn time_line(&self) -> String {
        format!("about {} of one core's time, measured just now\n", seconds(self.time()))
    }

    fn json(&self) -> String {
        let written = self.plan.order.iter().zip(&self.estimates);
        let written =
            written.map(|(table, estimate)| as_json(&self.plan.tables[*table], estimate.as_ref(), self.plan));
        let hidden = self.plan.tables.iter().filter(|table| table.hidden);
        let hidden = hidden.map(|table| as_json(table, None, self.plan));
        let tables: Vec<Value> = written.chain(hidden).collect();
        let times = self.plan.order.iter().zip(&self.estimates).filter_map(|(table, estimate)| {
            Some((self.plan.tables[*table].name.clone(), json!(estimate.as_ref()?.time.as_secs_f64())))
        });
        let report = json!({
            "seed": self.plan.seed,
            "scale": self.scale,
            "format": self.format.name,
            "tables": tables,
            "rows": self.plan.order.iter().map(|table| self.plan.tables[*table].rows).sum::<u64>(),
            "bytes": self.total_bytes(),
            "measured": {
                "core_seconds": self.time().as_secs_f64(),
                "tables": Value::Object(times.collect()),
            },
        });
        format!("{report:#}\n")
    }
}

/// A table's line.
fn line(number: String, table: &Table, bytes: String, plan: &plan::Plan) -> Vec<String> {
    vec![
        number,
        table.name.clone(),
        grouped(table.rows),
        table.visible().count().to_string(),
        bytes,
        names(table, &table.primary_key).join(", "),
        parents(table, plan).join("\n"),
    ]
}

fn shown_bytes(estimate: &Option<Estimate>) -> String {
    match estimate {
        Some(Estimate { bytes: number, is_exact: true, .. }) => bytes(*number),
        Some(Estimate { bytes: number, .. }) => format!("~ {}", bytes(*number)),
        None => "?".to_owned(),
    }
}

fn names<'t>(table: &'t Table, columns: &[usize]) -> Vec<&'t str> {
    columns.iter().map(|column| table.columns[*column].name.as_str()).collect()
}

/// `customer_id -> customers (spread at random)`.
fn parents(table: &Table, plan: &plan::Plan) -> Vec<String> {
    let line = |link: &plan::Link| {
        let from = names(table, &link.columns).join(", ");
        let space = if from.is_empty() { "" } else { " " };
        format!("{from}{space}-> {} ({})", plan.tables[link.table].name, link.origin)
    };
    table.links.iter().map(line).collect()
}

/// A line's worth of a text: an expression may fill a page.
fn short(text: &str) -> String {
    const WIDTH: usize = 100;
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}...", line[..end].trim_end()),
        None => line,
    }
}

/// A table's columns: name, type, where values come from.
fn columns(table: &Table) -> String {
    let line = |column: &PlannedColumn| {
        let mut origin = column.origin.clone();
        if column.null_fraction > 0.0 && !origin.contains("null") {
            origin += &format!(", null for {}%", libm::round(column.null_fraction * 1e8) / 1e6);
        }
        if column.hidden {
            origin += ", hidden";
        }
        vec![format!("  {}", column.name), column.sql_type.to_string(), short(&origin)]
    };
    format!("{}\n{}", table.name, aligned(table.columns.iter().map(line).collect()))
}

fn as_json(table: &Table, estimate: Option<&Estimate>, plan: &plan::Plan) -> Value {
    let columns = table.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "type": column.sql_type.to_string(),
            "not_null": column.not_null,
            "null": column.null_fraction,
            "hidden": column.hidden,
            "origin": column.origin,
        })
    });
    let columns: Vec<Value> = columns.collect();
    let parents = table.links.iter().map(|link| {
        let to = &plan.tables[link.table].name;
        json!({ "columns": names(table, &link.columns), "table": to, "origin": link.origin })
    });
    let parents: Vec<Value> = parents.collect();
    let uniques: Vec<Value> =
        table.uniques.iter().map(|unique| json!(names(table, &unique.columns))).collect();
    json!({
        "name": table.name,
        "hidden": table.hidden,
        "rows": table.rows,
        "bytes": estimate.map(|estimate| estimate.bytes),
        "bytes_are_exact": estimate.map(|estimate| estimate.is_exact),
        "primary_key": names(table, &table.primary_key),
        "unique": uniques,
        "parents": parents,
        "columns": columns,
    })
}
