//! Which rows of a table a batch is about.

use std::ops::Range;
use std::rc::Rc;

/// Row numbers, from 0: a run of them, or any choice in any order, repeats allowed.
#[derive(Clone, Debug)]
pub enum Rows {
    /// `start..start + len`.
    Range {
        /// First row.
        start: u64,
        /// How many.
        len: usize,
    },
    /// These rows, in this order.
    Picked(Rc<[u64]>),
}

impl Rows {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Rows::Range { len, .. } => *len,
            Rows::Picked(rows) => rows.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row number at a position of the batch.
    #[inline]
    pub fn get(&self, at: usize) -> u64 {
        match self {
            Rows::Range { start, .. } => start + at as u64,
            Rows::Picked(rows) => rows[at],
        }
    }

    /// Computes one value per row. The choice between run and list is made once, outside the loop.
    #[inline]
    pub fn map<T>(&self, mut value: impl FnMut(u64) -> T) -> Vec<T> {
        match self {
            Rows::Range { start, len } => (*start..*start + *len as u64).map(value).collect(),
            Rows::Picked(rows) => rows.iter().map(|row| value(*row)).collect(),
        }
    }

    /// Visits every row in order.
    #[inline]
    pub fn for_each(&self, mut visit: impl FnMut(u64)) {
        match self {
            Rows::Range { start, len } => (*start..*start + *len as u64).for_each(visit),
            Rows::Picked(rows) => rows.iter().for_each(|row| visit(*row)),
        }
    }

    /// The rows at the given positions.
    pub fn select(&self, positions: &[u32]) -> Rows {
        Rows::Picked(positions.iter().map(|at| self.get(*at as usize)).collect())
    }
}

/// Rows in pieces of so many, of which the last may be shorter. `most` must not be 0.
pub(crate) fn pieces(rows: Range<u64>, most: u64) -> impl Iterator<Item = Range<u64>> {
    let end = rows.end;
    rows.step_by(most as usize).map(move |first| first..end.min(first + most))
}
