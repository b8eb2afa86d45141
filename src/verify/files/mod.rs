//! A directory of CSV or Parquet files, a file or several parts for each table, against the spec.
//!
//! What is expected is written block by block as a file of the same format, into memory, and read by the same reader as the
//! files, so that both sides have been through the same types. Rows of files have an order: both sides are gone through side by side.

mod align;
mod csv;
mod find;
mod parquet;

use super::blocks::Blocks;
use super::report::{Difference, Report, TableReport};
use super::{Error, Options, Watching};
use crate::encode::Format;
use crate::plan::Plan;
use align::Alignment;
use find::Found;
pub use find::is_there;
use std::path::{Path, PathBuf};

/// The formats that are read back, by name.
pub const FORMATS: [&str; 2] = ["csv", "parquet"];

/// A row's cells as text; `None` is null.
type Row = Vec<Option<String>>;

/// The rows of a table's files, in order. Failures are told in words.
trait Rows {
    /// The names of the columns.
    fn names(&self) -> &[String];

    /// The next row.
    fn next(&mut self) -> Result<Option<Row>, String>;

    /// Leaves out so many rows, or all that are left. Returns how many there were.
    fn skip(&mut self, rows: u64) -> Result<u64, String>;
}

/// Compares the rows of these tables (indexes into the plan's) with the files of a directory in one of [`FORMATS`].
///
/// # Errors
/// When a row cannot be computed, or a file not be read. Differences are no errors: they stand in the report.
pub fn files(
    plan: &Plan,
    tables: &[usize],
    directory: &Path,
    format: &'static Format,
    options: &Options,
    mut watching: Watching,
) -> Result<Report, Error> {
    let mut report = Report::default();
    for &at in tables {
        let most = options.most_shown.saturating_sub(report.kept());
        let name = &plan.tables[at].name;
        let unreadable = |cause| Error::Read { path: directory.to_owned(), cause };
        let found = Found::of_table(directory, name, format).map_err(unreadable)?;
        let mut of = TableReport { name: name.clone(), rows: plan.tables[at].rows, ..TableReport::default() };
        found.amiss.iter().for_each(|sentence| of.note(Difference::Schema(sentence.clone()), most));
        if !found.paths.is_empty() {
            compare(plan, at, &found.paths, format, options, &mut watching, &mut of, most)?;
        }
        report.tables.push(of);
    }
    Ok(report)
}

#[expect(clippy::too_many_arguments, reason = "they are the whole comparison, named once")]
fn compare(
    plan: &Plan,
    at: usize,
    paths: &[PathBuf],
    format: &'static Format,
    options: &Options,
    watching: &mut Watching,
    report: &mut TableReport,
    most: usize,
) -> Result<(), Error> {
    let table = &plan.tables[at];
    let unreadable = |cause| Error::Read { path: paths[0].clone(), cause };
    let actual = open(paths, format).map_err(unreadable)?;
    let names: Vec<String> = table.visible().map(|(_, column)| column.name.clone()).collect();
    for sentence in columns_amiss(&names, actual.names()) {
        report.note(Difference::Schema(sentence), most);
    }
    let (columns, blocks): (Vec<usize>, _) =
        (table.visible().map(|(column, _)| column).collect(), options.sample.blocks(table.rows));
    let expected = Blocks::new(plan, at, &columns, &blocks, format, options)?;
    let mut alignment = Alignment::new(table, &names, actual, options.sample.is_all(), report, most);
    expected.each(watching.cancel, |block, bytes| {
        watching.observer.wrote(Some(at), block.end - block.start, bytes.len() as u64);
        let mut rows = in_memory(bytes, format).map_err(unreadable)?;
        alignment.begin(block.start).map_err(unreadable)?;
        let mut number = block.start;
        while let Some(row) = rows.next().map_err(unreadable)? {
            number += 1;
            alignment.expect(number, row);
        }
        alignment.block(block.end - block.start).map_err(unreadable)
    })?;
    alignment.finish(table.rows).map_err(unreadable)
}

/// The rows of files that are put end to end.
fn open(paths: &[PathBuf], format: &Format) -> Result<Box<dyn Rows>, String> {
    match format.name {
        "csv" => Ok(Box::new(csv::CsvRows::open(paths)?)),
        "parquet" => Ok(Box::new(parquet::ParquetRows::open(paths)?)),
        other => Err(format!("{other} files are not read back")),
    }
}

/// The rows of a file in memory.
fn in_memory(bytes: Vec<u8>, format: &Format) -> Result<Box<dyn Rows>, String> {
    match format.name {
        "csv" => Ok(Box::new(csv::CsvRows::of(bytes)?)),
        "parquet" => Ok(Box::new(parquet::ParquetRows::of(bytes)?)),
        other => Err(format!("{other} files are not read back")),
    }
}

fn columns_amiss(expected: &[String], found: &[String]) -> Vec<String> {
    let missing = expected.iter().filter(|name| !found.contains(name));
    let more = found.iter().filter(|name| !expected.contains(name));
    let missing = missing.map(|name| format!("there is no column {name}"));
    missing.chain(more.map(|name| format!("there is a column too many, {name}"))).collect()
}
