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
        let table = Table { plan, at, format, options, most };
        report.tables.push(table.compare(directory, &mut watching)?);
    }
    Ok(report)
}

/// One table.
struct Table<'t> {
    plan: &'t Plan,
    at: usize,
    format: &'static Format,
    options: &'t Options,
    /// How many differences are kept.
    most: usize,
}

impl Table<'_> {
    fn compare(&self, directory: &Path, watching: &mut Watching) -> Result<TableReport, Error> {
        let of = &self.plan.tables[self.at];
        let unreadable = |cause| Error::Read { path: directory.to_owned(), cause };
        let found = Found::of_table(directory, &of.name, self.format).map_err(unreadable)?;
        let mut report = TableReport { name: of.name.clone(), rows: of.rows, ..TableReport::default() };
        for sentence in found.amiss {
            report.note(Difference::Schema(sentence), self.most);
        }
        if !found.paths.is_empty() {
            self.compare_files(&found.paths, watching, &mut report)?;
        }
        Ok(report)
    }

    fn compare_files(
        &self,
        paths: &[PathBuf],
        watching: &mut Watching,
        report: &mut TableReport,
    ) -> Result<(), Error> {
        let of = &self.plan.tables[self.at];
        let unreadable = |cause| Error::Read { path: paths[0].clone(), cause };
        let actual = open(paths, self.format).map_err(unreadable)?;
        let (columns, names): (Vec<usize>, Vec<String>) =
            of.visible().map(|(at, column)| (at, column.name.clone())).unzip();
        for sentence in columns_amiss(&names, actual.names()) {
            report.note(Difference::Schema(sentence), self.most);
        }
        let blocks = self.options.sample.blocks(of.rows);
        let expected = Blocks::new(self.plan, self.at, &columns, &blocks, self.format, self.options)?;
        let is_all = self.options.sample.is_all();
        let mut alignment = Alignment::new(of, &names, actual, is_all, report, self.most);
        expected.each(watching.cancel, |block, bytes| {
            watching.observer.wrote(Some(self.at), block.end - block.start, bytes.len() as u64);
            let mut rows = in_memory(bytes, self.format).map_err(unreadable)?;
            alignment.begin(block.start).map_err(unreadable)?;
            let mut number = block.start;
            while let Some(row) = rows.next().map_err(unreadable)? {
                number += 1;
                alignment.expect(number, row);
            }
            alignment.block(block.end - block.start).map_err(unreadable)
        })?;
        alignment.finish(of.rows).map_err(unreadable)
    }
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
