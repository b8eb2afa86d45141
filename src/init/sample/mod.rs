//! From samples of data, CSV, JSON lines or Parquet, to a sketch.
//!
//! A [`Sample`] is read once, row by row, into a [`Profile`] for each column: memory depends on the number of columns, not on
//! that of rows. Then keys and references between samples are looked for, and each column gets what makes such values.

mod columns;
mod csv;
mod distinct;
mod jsonl;
mod keys;
mod parquet;
mod profile;

pub use csv::read_csv;
pub use jsonl::read_jsonl;
pub use parquet::read_parquet;

use super::sketch::{Rows, Sketch, Table};
use super::{DrawnUp, try_out};
use crate::diagnostic::{Diagnostic, grouped};
use crate::value::SqlType;
use distinct::Distinct;
use profile::{Cell, Profile};

/// Why a sample cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// What is wrong.
    pub message: String,
    /// In which line, from 1, where the format has lines.
    pub line: Option<u64>,
}

impl Unreadable {
    fn new(message: impl Into<String>) -> Self {
        Unreadable { message: message.into(), line: None }
    }

    fn at(line: u64, message: impl Into<String>) -> Self {
        Unreadable { message: message.into(), line: Some(line) }
    }
}

/// Whether a spec may hold values that stand in the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Literals {
    /// Categories with their names, bounds as they are.
    #[default]
    Kept,
    /// Made-up names for categories, bounds rounded outwards, no texts of the data.
    Hidden,
}

/// A table's data after it was read.
pub struct Sample {
    /// What becomes the table's name.
    pub name: String,
    /// The file that it comes from.
    pub file: String,
    rows: u64,
    columns: Vec<Profile>,
    /// Columns that may be a key together.
    pairs: Vec<(usize, usize, Distinct)>,
}

/// Columns that may be parts of keys, at most: they are looked at in pairs.
const KEY_PARTS: usize = 5;

impl Sample {
    fn new(name: &str, file: &str) -> Self {
        Sample {
            name: name.to_owned(),
            file: file.to_owned(),
            rows: 0,
            columns: Vec::new(),
            pairs: Vec::new(),
        }
    }

    fn add_column(&mut self, name: &str, declared: Option<SqlType>) {
        self.columns.push(Profile::new(name, declared, self.rows));
    }

    /// Decides which pairs of columns are watched, when the columns are known.
    fn watch_pairs(&mut self) {
        let parts: Vec<usize> = (0..self.columns.len())
            .filter(|at| keys::may_be_part(&self.columns[*at].name))
            .take(KEY_PARTS)
            .collect();
        for (nth, first) in parts.iter().enumerate() {
            self.pairs.extend(parts[nth + 1..].iter().map(|second| (*first, *second, Distinct::default())));
        }
    }

    /// Takes the next row: a cell for each column.
    fn row(&mut self, cells: &[Cell]) {
        let hashes: Vec<Option<u64>> =
            self.columns.iter_mut().zip(cells).map(|(column, cell)| column.see(*cell)).collect();
        for (first, second, distinct) in &mut self.pairs {
            if let (Some(first), Some(second)) = (hashes[*first], hashes[*second]) {
                distinct.see(distinct::hash(&format!("{first}/{second}")));
            }
        }
        self.rows += 1;
    }
}

/// Draws up a spec from samples, one table for each.
///
/// # Errors
/// When two samples want the same table's name, or one has no columns or no rows.
pub fn from_samples(samples: &[Sample], literals: Literals) -> Result<DrawnUp, Vec<Diagnostic>> {
    let problems = refusals(samples);
    if !problems.is_empty() {
        return Err(problems);
    }
    let found = keys::find(samples);
    let mut sketch = Sketch { header: header(samples, literals), ..Sketch::default() };
    for (at, sample) in samples.iter().enumerate() {
        let key = &found[at];
        let mut table =
            Table { name: sample.name.clone(), rows: Rows::Scaled(sample.rows), ..Table::default() };
        if let Some(rows) = &key.rows {
            table.rows = rows.clone();
        }
        table.notes.clone_from(&key.notes);
        if key.primary_key.len() > 1 {
            table.primary_key = key.primary_key.iter().map(|at| sample.columns[*at].name.clone()).collect();
        }
        for column in 0..sample.columns.len() {
            table.columns.push(columns::column(samples, &found, at, column, literals));
        }
        sketch.tables.push(table);
    }
    Ok(try_out::try_out(sketch, Vec::new()))
}

fn refusals(samples: &[Sample]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (at, sample) in samples.iter().enumerate() {
        let file = &sample.file;
        if sample.columns.is_empty() || sample.rows == 0 {
            problems.push(Diagnostic::nowhere(format!("{file} has no rows: there is nothing to go by")));
        }
        if let Some(twin) = samples[..at].iter().find(|twin| twin.name == sample.name) {
            let message = format!("{} and {file} would both be the table `{}`", twin.file, sample.name);
            problems.push(Diagnostic::nowhere(message).help("rename one of the files"));
        }
    }
    problems
}

fn header(samples: &[Sample], literals: Literals) -> Vec<String> {
    let mut lines =
        vec!["Drawn up by `datagen init --sample` from these files, each read to its end:".to_owned()];
    lines.extend(samples.iter().map(|sample| {
        let columns = sample.columns.len();
        format!("  {}: {} rows, {columns} columns", sample.file, grouped(sample.rows))
    }));
    lines.push(
        "Columns are described one by one: nothing is known here of how they depend on each other.".into(),
    );
    if literals == Literals::Hidden {
        lines.push("Made with --no-values: categories have made-up names, bounds are rounded.".into());
    }
    lines
}
