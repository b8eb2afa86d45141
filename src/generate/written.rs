//! What is written: the clean values of a batch with the table's noise put on. Whatever reads a column reads clean values.

use super::Worker;
use super::scope::Scope;
use crate::column::scalars_to_vector;
use crate::expression::{Batch, Failure};
use crate::noise::{ColumnNoise, Dirty, Duplicates, Gaps, TableNoise, scalar_at};
use crate::plan::{Plan, Table};
use crate::value::{Layout, Rows, Vector, text};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// The kind of what duplicates change.
const DUPLICATE: &str = "duplicate";

/// The kind of a value that is missing.
const GAP: &str = "gap";

/// Some columns of some rows as they are written.
#[derive(Debug)]
pub struct Written {
    /// The values to write, a vector for each column asked for.
    pub vectors: Vec<Rc<Vector>>,
    table: usize,
    rows: Rows,
    columns: Vec<usize>,
    clean: Vec<Rc<Vector>>,
    noise: Marks,
}

/// Where noise was put on.
#[derive(Debug, Default)]
struct Marks {
    /// Duplicates, by their places in the batch, with the rows that they repeat.
    originals: BTreeMap<usize, u64>,
    /// The kind that a cell was given last: place in the batch, place among the columns.
    cells: BTreeMap<(usize, usize), &'static str>,
    /// Rows that have gaps, by their places in the batch.
    with_gaps: Vec<(usize, u64)>,
}

/// Something that is written otherwise than it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// From 0.
    pub row: u64,
    /// Index into the table's columns; `None` says that the row is a duplicate, whatever of it differs.
    pub column: Option<usize>,
    /// The kind of noise, or `duplicate`.
    pub kind: &'static str,
    /// The clean value as PostgreSQL prints it; `None` is null.
    pub clean: Option<String>,
    /// The written value.
    pub written: Option<String>,
    /// The row that this one repeats, from 0.
    pub original: Option<u64>,
}

impl Worker<'_> {
    /// What is written of the given columns, as [`batch`](Worker::batch) with the table's noise put on. The CHECK conditions are
    /// held on that, too.
    pub fn written(&mut self, table: usize, rows: Range<u64>, columns: &[usize]) -> Result<Written, Failure> {
        let clean = self.batch(table, rows.clone(), columns)?;
        let rows = Rows::Range { start: rows.start, len: (rows.end - rows.start) as usize };
        let written = put_on(self, table, rows, columns, clean)?;
        if !written.noise.is_empty() {
            let scope = Scope::with_columns(self, table, written.rows.clone(), columns, &written.vectors);
            scope.hold_checks(columns).map_err(|failure| {
                let message = format!("with the noise that is put on, {}", failure.message);
                Failure { message, ..failure }
            })?;
        }
        Ok(written)
    }

    /// How answers call rows: by their primary key, the values of several columns with commas between them; by their number,
    /// from 1, where the table has none.
    pub fn names_of_rows(&mut self, table: usize, rows: &[u64]) -> Result<Vec<String>, Failure> {
        let of = &self.plan.tables[table];
        if of.primary_key.is_empty() {
            return Ok(rows.iter().map(|row| (row + 1).to_string()).collect());
        }
        let scope = Scope::new(self, table, Rows::Picked(rows.into()));
        let keys = of.primary_key.iter().map(|column| scope.input(*column)).collect::<Result<Vec<_>, _>>()?;
        let name = |at: usize| {
            let values = of.primary_key.iter().zip(&keys);
            let values = values.map(|(column, key)| shown(of, *column, key, at).unwrap_or_default());
            values.collect::<Vec<_>>().join(",")
        };
        Ok((0..rows.len()).map(name).collect())
    }
}

/// The noise put on clean values, which may break CHECK conditions.
pub(super) fn put_on(
    worker: &Worker,
    table: usize,
    rows: Rows,
    columns: &[usize],
    clean: Vec<Rc<Vector>>,
) -> Result<Written, Failure> {
    let mut written = Written {
        vectors: clean.clone(),
        table,
        rows,
        columns: columns.to_vec(),
        clean,
        noise: Marks::default(),
    };
    let of = &worker.plan.tables[table];
    let Some(TableNoise { columns, duplicates, gaps }) = &of.noise else {
        return Ok(written);
    };
    if let Some(duplicates) = duplicates {
        written.repeat(worker, duplicates)?;
    }
    for place in 0..written.columns.len() {
        if let Some(noise) = &columns[written.columns[place]] {
            let layout = of.columns[written.columns[place]].sql_type.layout();
            written.make_noisy(place, noise, layout);
        }
    }
    if let Some(gaps) = gaps {
        written.leave_out(gaps);
    }
    Ok(written)
}

impl Written {
    /// Puts the values of originals into their duplicates.
    fn repeat(&mut self, worker: &Worker, duplicates: &Duplicates) -> Result<(), Failure> {
        let (places, originals): (Vec<usize>, Vec<u64>) =
            duplicates.originals(&self.rows).into_iter().unzip();
        if places.is_empty() {
            return Ok(());
        }
        let scope = Scope::new(worker, self.table, Rows::Picked(originals.as_slice().into()));
        for (place, column) in self.columns.iter().enumerate() {
            if duplicates.columns.contains(column) {
                let values = scope.input(*column)?;
                self.vectors[place] = Rc::new(overlaid(&self.vectors[place], &values, &places));
                self.noise.cells.extend(places.iter().map(|at| ((*at, place), DUPLICATE)));
            }
        }
        self.noise.originals = places.into_iter().zip(originals).collect();
        Ok(())
    }

    /// Makes the values of a column dirty.
    fn make_noisy(&mut self, place: usize, noise: &ColumnNoise, layout: Layout) {
        let vector = &self.vectors[place];
        let (mut places, mut values) = (Vec::new(), Vec::new());
        let mut keep = vec![true; vector.len()];
        for (at, row, dealt) in noise.hits(&self.rows).into_iter().filter(|(at, ..)| vector.is_valid(*at)) {
            // A list has no scalar; all that can become of it is null.
            let dirty = match scalar_at(vector, at) {
                Some(clean) => dealt.dirty(&clean, row),
                None => Some(Dirty::Null),
            };
            match dirty {
                Some(Dirty::Value(value)) => {
                    places.push(at);
                    values.push(Some(value));
                }
                Some(Dirty::Null) => keep[at] = false,
                None => continue,
            }
            self.noise.cells.insert((at, place), dealt.name);
        }
        if !places.is_empty() {
            self.vectors[place] = Rc::new(overlaid(vector, &scalars_to_vector(&values, layout), &places));
        }
        if keep.contains(&false) {
            self.vectors[place] = Rc::new(Vector::clone(&self.vectors[place]).masked(&keep));
        }
    }

    /// Leaves out the values that are missing.
    fn leave_out(&mut self, gaps: &Gaps) {
        let rows = gaps.rows(&self.rows);
        if rows.is_empty() {
            return;
        }
        for (place, column) in self.columns.iter().enumerate() {
            let Some(missing) = gaps.missing(*column, &rows) else { continue };
            let mut keep = vec![true; self.rows.len()];
            missing.for_each(|at| keep[at] = false);
            if keep.contains(&false) {
                self.vectors[place] = Rc::new(Vector::clone(&self.vectors[place]).masked(&keep));
            }
        }
        self.noise.with_gaps = rows;
    }

    /// The values that are missing: place in the batch, place among the columns.
    fn gaps(&self, of: &Table) -> Vec<(usize, usize)> {
        let Some(gaps) = of.noise.as_ref().and_then(|noise| noise.gaps.as_ref()) else { return Vec::new() };
        let missing = |column: usize| gaps.missing(column, &self.noise.with_gaps).into_iter().flatten();
        let columns = self.columns.iter().enumerate();
        columns.flat_map(|(place, column)| missing(*column).map(move |at| (at, place))).collect()
    }

    /// What is written otherwise than it is, row by row; duplicates first say that they are ones.
    pub fn changes(&self, plan: &Plan) -> Vec<Change> {
        let of = &plan.tables[self.table];
        let mut changes: Vec<Change> = Vec::new();
        let original = |at: &usize| self.noise.originals.get(at).copied();
        let duplicates = self.noise.originals.keys().map(|at| ((*at, None), DUPLICATE));
        let cells = self.noise.cells.iter().map(|((at, place), kind)| ((*at, Some(*place)), *kind));
        let gaps = self.gaps(of).into_iter().map(|(at, place)| ((at, Some(place)), GAP));
        let marks: BTreeMap<(usize, Option<usize>), &'static str> =
            duplicates.chain(cells).chain(gaps).collect();
        for ((at, place), kind) in marks {
            let row = self.rows.get(at);
            let Some(place) = place else {
                changes.push(Change {
                    row,
                    column: None,
                    kind,
                    clean: None,
                    written: None,
                    original: original(&at),
                });
                continue;
            };
            let column = self.columns[place];
            let clean = shown(of, column, &self.clean[place], at);
            let written = shown(of, column, &self.vectors[place], at);
            // What is written may be the clean value by chance.
            if clean != written {
                changes.push(Change {
                    row,
                    column: Some(column),
                    kind,
                    clean,
                    written,
                    original: original(&at),
                });
            }
        }
        changes
    }
}

impl Marks {
    fn is_empty(&self) -> bool {
        self.originals.is_empty() && self.cells.is_empty() && self.with_gaps.is_empty()
    }
}

/// A vector with other values at some places.
fn overlaid(vector: &Vector, values: &Vector, places: &[usize]) -> Vector {
    let mut sources: Vec<(u32, u32)> = (0..vector.len() as u32).map(|at| (0, at)).collect();
    for (nth, at) in places.iter().enumerate() {
        sources[*at] = (1, nth as u32);
    }
    Vector::gather(&[vector, values], &sources)
}

fn shown(of: &Table, column: usize, vector: &Vector, at: usize) -> Option<String> {
    text::printed(&of.columns[column].sql_type, vector, at)
}
