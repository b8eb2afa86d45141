//! `datagen cell`: one cell's value, and how it came about.

use super::error::{Error, Exit};
use super::input::{self, Changes, Input};
use super::summary::rows;
use super::{Session, Subcommand, print};
use crate::diagnostic::{Diagnostic, closest, grouped};
use crate::expression::Failure;
use crate::generate::{Change, Of, Options, Read, Trace, Worker};
use crate::plan::{Plan, Table};
use crate::spec;
use serde_json::{Value, json};

/// Show one cell's value and how it came about
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen cell orders.total 812345 shop.yaml
  datagen cell orders.total id=17 -i shop.yaml      # the row with that key, where keys count
  datagen cell orders.total 812345 --spec ecommerce --depth 5 --json

Only this row is computed, with the rows of other tables that it reads.")]
pub struct Cell {
    /// Table and column: orders.total
    #[arg(value_name = "TABLE.COLUMN")]
    cell: String,
    /// The row's number, from 1, or a key that counts: id=17
    #[arg(value_name = "ROW")]
    row: String,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    changes: Changes,
    /// How far to follow what was read
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "Output")]
    depth: usize,
    /// Print it as JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
}

impl Subcommand for Cell {
    const NAME: &'static str = "cell";

    fn run(self, session: &Session) -> Result<(), Error> {
        let text = self.input.read(&session.config)?;
        let plan = input::plan(text, &self.changes, session)?;
        let (table, column) = find(&plan, &self.cell)?;
        let options = Options { batch_rows: session.config.default_batch_size, cache_batches: 0 };
        let mut worker = Worker::new(&plan, options);
        let row = find_row(&mut worker, table, &self.row)?;
        let trace = worker.trace(table, column, row, self.depth);
        let value = trace.value.clone();
        print(&match self.json {
            true => format!("{:#}\n", trace_json(&plan, &trace)),
            false => trace_text(&plan, &trace),
        })?;
        value.map(drop).map_err(failed)
    }
}

fn failed(failure: Failure) -> Error {
    Error::new(Exit::Generation, Diagnostic::nowhere(failure.to_string()))
}

/// The table and the column of `orders.total`.
fn find(plan: &Plan, name: &str) -> Result<(usize, usize), Error> {
    let mut parts = name.match_indices('.').map(|(at, _)| (&name[..at], &name[at + 1..]));
    let table_named = |name: &str| plan.tables.iter().position(|table| table.name == name);
    let Some((table, column)) = parts.find_map(|(table, column)| Some((table_named(table)?, column))) else {
        let table = name.rsplit_once('.').map_or(name, |(table, _)| table);
        let names: Vec<&str> = plan.tables.iter().map(|table| table.name.as_str()).collect();
        return Err(match (table_named(table), name.contains('.')) {
            (Some(_), _) => {
                Error::usage(format!("`{name}` is a table")).help(format!("write `{name}.COLUMN`"))
            }
            (None, false) => Error::usage(format!("`{name}` is no cell"))
                .help("write `TABLE.COLUMN`, such as `orders.total`"),
            (None, true) => {
                suggest(Error::usage(format!("there is no table `{table}`")), table, &names, "tables")
            }
        });
    };
    let of = &plan.tables[table];
    if let Some(found) = of.columns.iter().position(|known| known.name == column) {
        return Ok((table, found));
    }
    let names: Vec<&str> = of.columns.iter().map(|column| column.name.as_str()).collect();
    let error = Error::usage(format!("table `{}` has no column `{column}`", of.name));
    Err(suggest(error, column, &names, "columns"))
}

fn suggest(error: Error, name: &str, known: &[&str], what: &str) -> Error {
    error.help(match closest(name, known.iter().copied()) {
        Some(best) => format!("did you mean `{best}`?"),
        None => format!("the {what} are {}", known.join(", ")),
    })
}

/// A row, from 0: by its number from 1, or by a key.
fn find_row(worker: &mut Worker, table: usize, text: &str) -> Result<u64, Error> {
    let of = &worker.plan().tables[table];
    if let Some((column, key)) = text.split_once('=') {
        return row_with_key(worker, table, column.trim(), key.trim());
    }
    let expected = "write a row's number, from 1, or a key such as `id=17`";
    let number = spec::parse_count(text)
        .ok_or_else(|| Error::usage(format!("`{text}` is no row's number")).help(expected))?;
    match number {
        0 => Err(Error::usage("rows are counted from 1").help(expected)),
        number if number > of.rows => Err(Error::usage(format!(
            "table `{}` has {}, there is no row {}",
            of.name,
            rows(of.rows),
            grouped(number)
        ))),
        number => Ok(number - 1),
    }
}

/// The row whose key has a value. Keys that count lead to their row: the first two tell the way, the row itself confirms it.
fn row_with_key(worker: &mut Worker, table: usize, column: &str, key: &str) -> Result<u64, Error> {
    let of = &worker.plan().tables[table];
    let (_, column) = find(worker.plan(), &format!("{}.{column}", of.name))?;
    let name = &of.columns[column].name;
    let no_row = || Error::usage(format!("no row of `{}` has {name} = {key}", of.name));
    let does_not_count = || {
        let error =
            Error::usage(format!("`{}.{name}` does not count, so a value does not lead to its row", of.name));
        error.help("give the row's number, from 1")
    };
    if !of.columns[column].sql_type.is_integer() {
        return Err(does_not_count());
    }
    let wanted: i64 = key
        .parse()
        .map_err(|_| Error::usage(format!("`{key}` is no whole number, which `{}.{name}` holds", of.name)))?;
    if of.rows == 0 {
        return Err(no_row());
    }
    let first = key_at(worker, table, column, 0)?.ok_or_else(does_not_count)?;
    let step = match of.rows {
        1 => 1,
        _ => key_at(worker, table, column, 1)?.ok_or_else(does_not_count)? as i128 - first as i128,
    };
    let last = key_at(worker, table, column, of.rows - 1)?;
    // The last row tells a sequence from numbers that begin like one.
    let counts = step != 0 && last.map(i128::from) == Some(first as i128 + step * (of.rows as i128 - 1));
    if !counts {
        return Err(does_not_count());
    }
    let distance = wanted as i128 - first as i128;
    let row = u64::try_from(distance / step).ok().filter(|row| distance % step == 0 && *row < of.rows);
    let row = row.ok_or_else(no_row)?;
    match key_at(worker, table, column, row)? == Some(wanted) {
        true => Ok(row),
        false => Err(does_not_count()),
    }
}

fn key_at(worker: &mut Worker, table: usize, column: usize, row: u64) -> Result<Option<i64>, Error> {
    let vector = worker.batch(table, row..row + 1, &[column]).map_err(failed)?.remove(0);
    Ok(vector.is_valid(0).then(|| vector.ints()[0]))
}

/// The cell with what it read below it, indented.
fn trace_text(plan: &Plan, trace: &Trace) -> String {
    let of = &plan.tables[trace.table];
    let name = format!("{}.{}", of.name, of.columns[trace.column].name);
    let first = format!("{name}, row {} = {}\n", grouped(trace.row + 1), shown(&trace.value));
    let mut page = Page { plan, text: first, told: Vec::new() };
    for change in &trace.changes {
        page.line(1, &told_change(change));
    }
    page.details(trace, 1);
    page.text
}

/// What is printed, as it grows.
struct Page<'p> {
    plan: &'p Plan,
    text: String,
    /// Cells whose reads are on the page: table, column, row.
    told: Vec<(usize, usize, u64)>,
}

impl Page<'_> {
    fn line(&mut self, level: usize, line: &str) {
        self.text += &format!("{}{}\n", "  ".repeat(level), one_line(line));
    }

    /// How a cell is made, and what it read.
    fn details(&mut self, trace: &Trace, level: usize) {
        let table = &self.plan.tables[trace.table];
        let planned = &table.columns[trace.column];
        let place = (trace.table, trace.column, trace.row);
        let is_told = self.told.contains(&place) && !trace.reads.is_empty();
        let above = if is_told { " (as above)" } else { "" };
        self.line(level, &format!("{}: {}{above}", planned.sql_type, planned.origin));
        if is_told {
            return;
        }
        self.told.push(place);
        if let Some(story) = &trace.story {
            self.line(level, story);
        }
        for read in &trace.reads {
            self.read(table, read, level + 1);
        }
    }

    fn read(&mut self, table: &Table, read: &Read, level: usize) {
        self.line(level, &format!("{} = {}", read.name, shown(&read.value)));
        match &read.of {
            Of::Counter => {}
            Of::Cell(trace) => self.details(trace, level + 1),
            Of::Parent { link, table: parent, row, read } => {
                let (link, parent) = (&table.links[*link], &self.plan.tables[*parent]);
                let row = row.map_or("no row".to_owned(), |row| format!("row {}", grouped(row + 1)));
                self.line(level + 1, &format!("{row} of {} ({})", parent.name, link.origin));
                // The name said what was read there; what stands behind it is worth lines of its own.
                match read.as_deref() {
                    Some(Read { of: Of::Cell(trace), .. }) => self.details(trace, level + 2),
                    Some(read) => self.read(parent, read, level + 2),
                    None => {}
                }
            }
            Of::Siblings { link } => {
                let parent = &self.plan.tables[table.links[*link].table].name;
                self.line(level + 1, &format!("along the rows of one row of {parent}, up to this one"));
            }
            Of::Children { table: child, count, first } => {
                let child = &self.plan.tables[*child].name;
                self.line(level + 1, &format!("over {} of {child}", rows(*count)));
                for (row, reads) in first {
                    let values = reads.iter().map(|read| format!("{} = {}", read.name, shown(&read.value)));
                    let values: Vec<String> = values.collect();
                    self.line(level + 2, &format!("row {}: {}", grouped(row + 1), values.join(", ")));
                }
                if (first.len() as u64) < *count {
                    self.line(level + 2, &format!("and {} more", grouped(count - first.len() as u64)));
                }
            }
        }
    }
}

/// What noise does to the cell when it is written.
fn told_change(change: &Change) -> String {
    match (change.column, change.original) {
        (None, original) => {
            let row = original.map_or(String::new(), |row| format!(" of row {}", grouped(row + 1)));
            format!("the row is written as a duplicate{row}")
        }
        (Some(_), _) => {
            format!("written as {} ({})", change.written.as_deref().unwrap_or("NULL"), change.kind)
        }
    }
}

fn shown(value: &Result<Option<String>, Failure>) -> String {
    match value {
        Ok(Some(value)) => value.clone(),
        Ok(None) => "NULL".to_owned(),
        Err(failure) => format!("an error: {}", failure.message),
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', "\\n")
}

fn trace_json(plan: &Plan, trace: &Trace) -> Value {
    let of = &plan.tables[trace.table];
    let planned = &of.columns[trace.column];
    let reads: Vec<Value> = trace.reads.iter().map(|read| read_json(plan, of, read)).collect();
    let mut object = json!({
        "table": of.name,
        "column": planned.name,
        "row": trace.row + 1,
        "type": planned.sql_type.to_string(),
        "origin": planned.origin,
        "story": trace.story,
        "reads": reads,
    });
    if let Some(change) = trace.changes.iter().find(|change| change.column.is_some()) {
        object["written"] = json!({ "value": change.written, "kind": change.kind });
    }
    if let Some(original) = trace.changes.iter().find_map(|change| change.original) {
        object["duplicate_of"] = json!(original + 1);
    }
    put_value(&mut object, &trace.value);
    object
}

fn read_json(plan: &Plan, table: &Table, read: &Read) -> Value {
    let mut object = json!({ "name": read.name, "type": read.sql_type.to_string() });
    put_value(&mut object, &read.value);
    match &read.of {
        Of::Counter => {}
        Of::Cell(trace) => object["cell"] = trace_json(plan, trace),
        Of::Parent { link, table: parent, row, read } => {
            let (link, parent) = (&table.links[*link], &plan.tables[*parent]);
            let read = read.as_ref().map(|read| read_json(plan, parent, read));
            let row = row.map(|row| row + 1);
            object["parent"] =
                json!({ "table": parent.name, "row": row, "origin": link.origin, "read": read });
        }
        Of::Siblings { link } => {
            object["along"] = json!({ "parent": plan.tables[table.links[*link].table].name });
        }
        Of::Children { table: child, count, first } => {
            let child = &plan.tables[*child];
            let first = first.iter().map(|(row, reads)| {
                let reads: Vec<Value> = reads.iter().map(|read| read_json(plan, child, read)).collect();
                json!({ "row": row + 1, "reads": reads })
            });
            let first: Vec<Value> = first.collect();
            object["children"] = json!({ "table": child.name, "count": count, "first": first });
        }
    }
    object
}

fn put_value(object: &mut Value, value: &Result<Option<String>, Failure>) {
    match value {
        Ok(value) => object["value"] = json!(value),
        Err(failure) => object["error"] = json!(failure.to_string()),
    }
}
