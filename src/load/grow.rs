//! From one size to a bigger one: which rows stay.

use super::error::Error;
use super::setup::Existing;
use crate::encode::EncodeError;
use crate::generate::{self, Worker};
use crate::pipeline::{Crew, Work, in_order};
use crate::plan::Plan;
use crate::value::{pieces, text};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// What becomes of a table when its database grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grown {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub old_rows: u64,
    /// Why it is emptied and loaded again; `None`: its rows stay.
    pub again: Option<String>,
}

/// Rows that are compared at a time.
const ROWS: u64 = 8_192;

/// Compares the rows that both plans have, table by table, up to the first difference: tables of the old plan's rows are
/// there, those of the new one are wanted. Costs what making the old rows twice costs.
///
/// # Errors
/// When a value cannot be computed, or `cancel` is set.
pub fn compare(
    old: &Plan,
    new: &Plan,
    tables: &[usize],
    options: generate::Options,
    jobs: usize,
    cancel: &AtomicBool,
) -> Result<Vec<Grown>, Error> {
    let work = Comparing { old, new, tables, options, cancel };
    let mut all = Vec::new();
    in_order(&work, 0..tables.len() as u64, Crew::of(jobs), cancel, |_, grown| {
        all.push(grown);
        Ok(())
    })?;
    Ok(all)
}

struct Comparing<'a> {
    old: &'a Plan,
    new: &'a Plan,
    tables: &'a [usize],
    options: generate::Options,
    cancel: &'a AtomicBool,
}

impl<'a> Work for Comparing<'a> {
    type State = [Worker<'a>; 2];
    type Product = Grown;
    type Error = Error;

    fn start(&self) -> [Worker<'a>; 2] {
        [Worker::new(self.old, self.options), Worker::new(self.new, self.options)]
    }

    fn make(&self, workers: &mut [Worker<'a>; 2], at: u64) -> Result<Grown, Error> {
        let table = self.tables[at as usize];
        let (old, new) = (&self.old.tables[table], &self.new.tables[table]);
        let mut grown = Grown { table: old.name.clone(), old_rows: old.rows, again: None };
        if new.rows < old.rows {
            grown.again = Some(format!("it gets fewer rows, {} instead of {}", new.rows, old.rows));
            return Ok(grown);
        }
        for rows in pieces(0..old.rows, ROWS) {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            grown.again = self.difference(workers, table, rows)?;
            if grown.again.is_some() {
                break;
            }
        }
        Ok(grown)
    }
}

impl Comparing<'_> {
    /// The first column that has another value in these rows.
    fn difference(
        &self,
        [old, new]: &mut [Worker; 2],
        table: usize,
        rows: Range<u64>,
    ) -> Result<Option<String>, Error> {
        let of = &self.new.tables[table];
        let columns: Vec<usize> = of.visible().map(|(column, _)| column).collect();
        let failed = |failure| Error::Generation(EncodeError::Generate(failure));
        let before = old.written(table, rows.clone(), &columns).map_err(failed)?;
        let after = new.written(table, rows.clone(), &columns).map_err(failed)?;
        for ((column, before), after) in columns.iter().zip(&before.vectors).zip(&after.vectors) {
            let column = &of.columns[*column];
            // Vectors that differ may still be the same values: nulls have anything behind them.
            let differs = |at: &usize| {
                text::printed(&column.sql_type, before, *at) != text::printed(&column.sql_type, after, *at)
            };
            if before != after
                && let Some(at) = (0..before.len()).find(differs)
            {
                let row = rows.start + at as u64 + 1;
                return Ok(Some(format!("column `{}` has another value in row {row}", column.name)));
            }
        }
        Ok(None)
    }
}

impl Existing {
    /// The tables that are emptied and loaded again, with the reason.
    pub fn again(&self) -> impl Iterator<Item = (&str, &str)> {
        let grown = if let Existing::Grow(grown) = self { grown.as_slice() } else { &[] };
        grown.iter().filter_map(|of| Some((of.table.as_str(), of.again.as_deref()?)))
    }
}
