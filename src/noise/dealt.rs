//! Which rows of a column a kind of noise meets.

use super::{Dirty, Duplicates, Gaps, Kind, Noise};
use crate::random::{CellRng, Key, Permutation};
use crate::value::Rows;
use crate::value::parse::Scalar;

/// The noise of a table.
#[derive(Debug)]
pub struct TableNoise {
    /// That of each column, if it has some.
    pub columns: Vec<Option<ColumnNoise>>,
    /// The rows that repeat others.
    pub duplicates: Option<Duplicates>,
    /// The rows of which some values are missing.
    pub gaps: Option<Gaps>,
}

/// The noise of a column: each row is dealt to one of its kinds, or to none.
///
/// Shares are exact: a permutation gives each row a place, and the first places are those of the first kind, the next those of
/// the second. A value that its kind can do nothing to stays as it is, and so does null.
#[derive(Debug)]
pub struct ColumnNoise {
    places: Permutation,
    dealt: Vec<Dealt>,
}

/// A kind of noise, and the rows that are dealt to it.
#[derive(Debug)]
pub struct Dealt {
    /// The kind's name.
    pub name: &'static str,
    /// The first place beyond its own; its first is where the kind before ends.
    until: u64,
    noise: Box<dyn Noise>,
    key: Key,
}

impl Dealt {
    /// What is written instead of a clean value of a row; `None` where it stays.
    pub fn dirty(&self, clean: &Scalar, row: u64) -> Option<Dirty> {
        self.noise.dirty(clean, &mut CellRng::new(self.key, row))
    }
}

impl ColumnNoise {
    /// Deals the rows of a table to kinds, each with its share of them; shares add up to at most 1.
    pub fn new(key: Key, rows: u64, kinds: Vec<(&'static Kind, f64, Box<dyn Noise>)>) -> Self {
        let mut dealt: Vec<Dealt> = Vec::new();
        for (kind, share, noise) in kinds {
            let before = dealt.last().map_or(0, |before| before.until);
            let until = rows.min(before + (rows as f64 * share).round() as u64);
            dealt.push(Dealt { name: kind.name, until, noise, key: key.child(kind.name) });
        }
        Self { places: Permutation::new(key, rows), dealt }
    }

    /// The rows of a batch that have noise, by their places in it, with what they are dealt to.
    pub fn hits(&self, rows: &Rows) -> Vec<(usize, u64, &Dealt)> {
        let last = self.dealt.last().map_or(0, |last| last.until);
        let numbers = rows.map(|row| row);
        let mut places = numbers.clone();
        self.places.apply_slice(&mut places);
        let hit = |(at, place): (usize, u64)| {
            let dealt = &self.dealt[self.dealt.partition_point(|dealt| dealt.until <= place)];
            (at, numbers[at], dealt)
        };
        places.into_iter().enumerate().filter(|(_, place)| *place < last).map(hit).collect()
    }
}
