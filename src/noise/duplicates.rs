//! Rows that repeat other rows.

use crate::random::{Key, Permutation};
use crate::value::Rows;

/// Which rows of a table repeat which others.
///
/// A permutation gives each row a place. The first places are those of the duplicates, the next those of their originals: no
/// original repeats another row.
#[derive(Debug)]
pub struct Duplicates {
    places: Permutation,
    /// How many rows are duplicates.
    count: u64,
    /// How many duplicates an original has; the last one may have fewer.
    copies: u64,
    /// The columns whose values are repeated, indexes into the table's.
    pub columns: Vec<usize>,
}

impl Duplicates {
    /// How many duplicates a share of the rows is.
    pub fn count_of(rows: u64, share: f64) -> u64 {
        (rows as f64 * share).round() as u64
    }

    /// Whether there are enough other rows for so many duplicates.
    pub fn have_originals(rows: u64, count: u64, copies: u64) -> bool {
        count <= rows && count.div_ceil(copies) <= rows - count
    }

    /// So many duplicates among the rows; there must be [originals](Self::have_originals) for them.
    pub fn new(key: Key, rows: u64, count: u64, copies: u64, columns: Vec<usize>) -> Self {
        Self { places: Permutation::new(key, rows), count, copies, columns }
    }

    /// The duplicates among the rows of a batch, by their places in it, with the rows that they repeat.
    pub fn originals(&self, rows: &Rows) -> Vec<(usize, u64)> {
        let mut places = rows.map(|row| row);
        self.places.apply_slice(&mut places);
        let original = |place: u64| self.places.invert(self.count + place / self.copies);
        let duplicates = places.into_iter().enumerate().filter(|(_, place)| *place < self.count);
        duplicates.map(|(at, place)| (at, original(place))).collect()
    }
}
