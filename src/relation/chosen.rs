//! References to some of the parents only: to those that a condition holds for.

use super::{Families, NO_PARENT, Relation};
use crate::value::Rows;
use std::sync::Arc;

/// Some rows of a table, numbered: a bit for each row, and a count for each 64 of them.
///
/// Both ways, from a chosen row's number to the row and back, are a search among counts and a look at one word.
#[derive(Debug, Default)]
pub struct Selection {
    words: Vec<u64>,
    /// Chosen rows before each word.
    before: Vec<u32>,
    rows: u64,
    count: u32,
}

impl Selection {
    /// The most rows that a table may have to choose among: 64 MB.
    pub const MOST_ROWS: u64 = 1 << 28;

    /// The rows of `0..rows` that `is_chosen`, asked in order.
    ///
    /// # Panics
    /// For more than [`MOST_ROWS`](Self::MOST_ROWS): the plan refuses them before.
    pub fn new(rows: u64, mut is_chosen: impl FnMut(u64) -> bool) -> Self {
        let mut selection = Self::default();
        (0..rows).for_each(|row| selection.push(is_chosen(row)));
        selection
    }

    /// The next row, chosen or not.
    pub fn push(&mut self, is_chosen: bool) {
        if self.rows.is_multiple_of(64) {
            assert!(self.rows < Self::MOST_ROWS, "so many rows are not chosen among");
            self.words.push(0);
            self.before.push(self.count);
        }
        self.words[(self.rows / 64) as usize] |= u64::from(is_chosen) << (self.rows % 64);
        self.rows += 1;
        self.count += u32::from(is_chosen);
    }

    /// How many are chosen.
    pub fn count(&self) -> u64 {
        self.count as u64
    }

    /// The chosen row of that number, which is below [`count`](Self::count).
    fn row(&self, number: u64) -> u64 {
        let at = self.before.partition_point(|before| *before as u64 <= number) - 1;
        let mut word = self.words[at];
        for _ in 0..number - self.before[at] as u64 {
            word &= word - 1;
        }
        at as u64 * 64 + word.trailing_zeros() as u64
    }

    /// The number of a row, if it is chosen.
    fn number(&self, row: u64) -> Option<u64> {
        let (at, bit) = ((row / 64) as usize, row % 64);
        let word = *self.words.get(at)?;
        let below = word & ((1 << bit) - 1);
        (word >> bit & 1 == 1).then(|| self.before[at] as u64 + below.count_ones() as u64)
    }
}

/// Another relation, whose parents are the numbers of chosen rows.
pub struct Chosen {
    inner: Arc<dyn Relation>,
    rows: Selection,
}

impl Chosen {
    /// `inner` leads to numbers of these rows.
    pub fn new(inner: Arc<dyn Relation>, rows: Selection) -> Self {
        Self { inner, rows }
    }
}

impl Relation for Chosen {
    fn children(&self) -> u64 {
        self.inner.children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let start = out.len();
        self.inner.parents(rows, out);
        for parent in out[start..].iter_mut().filter(|parent| **parent != NO_PARENT) {
            *parent = self.rows.row(*parent);
        }
    }

    fn child_count(&self, parent: u64) -> u64 {
        self.rows.number(parent).map_or(0, |number| self.inner.child_count(number))
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        if let Some(number) = self.rows.number(parent) {
            self.inner.visit_children(number, visit);
        }
    }

    fn places(&self, parent: u64) -> u64 {
        self.rows.number(parent).map_or(0, |number| self.inner.places(number))
    }

    fn finds_places(&self) -> bool {
        self.inner.finds_places()
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        self.inner.child_at(self.rows.number(parent)?, place)
    }

    fn ordinal(&self, child: u64) -> u64 {
        self.inner.ordinal(child)
    }

    fn families(&self, parents: &Rows, slice: usize, visit: &mut dyn FnMut(&[u64], &[u32]) -> bool) {
        let (mut numbers, mut places) = (Vec::new(), Vec::new());
        for at in 0..parents.len() {
            if let Some(number) = self.rows.number(parents.get(at)) {
                numbers.push(number);
                places.push(at as u32);
            }
        }
        let mut families = Families::new(slice, visit);
        self.inner.families(&Rows::Picked(numbers.into()), slice, &mut |children, at| {
            let mut pairs = children.iter().zip(at);
            pairs.all(|(child, at)| families.push(*child, places[*at as usize]))
        });
        if !families.is_stopped {
            families.finish();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FanOut, FanOutShape, check};
    use super::*;
    use crate::random::{Key, mix};

    #[test]
    fn numbers_and_rows_lead_to_each_other() {
        for rows in [0, 1, 63, 64, 65, 1000] {
            for share in [0, 1, 50, 100] {
                let key = Key::new(1, &["chosen"]);
                let is_chosen = |row: u64| mix(key, row) % 100 < share;
                let expected: Vec<u64> = (0..rows).filter(|row| is_chosen(*row)).collect();
                let selection = Selection::new(rows, is_chosen);
                assert_eq!(selection.count(), expected.len() as u64);
                assert!(
                    (0..selection.count()).map(|number| selection.row(number)).eq(expected.iter().copied())
                );
                for row in 0..rows + 70 {
                    let number = expected.iter().position(|other| *other == row).map(|at| at as u64);
                    assert_eq!(selection.number(row), number);
                }
            }
        }
    }

    #[test]
    fn only_chosen_rows_have_children() {
        let selection = Selection::new(300, |row| row % 3 == 1);
        let inner = FanOut::new(500, selection.count(), &FanOutShape::Uniform, Key::new(2, &["chosen"]));
        let relation = Chosen::new(Arc::new(inner.expect("has parents")), selection);
        check::both_ways(&relation, 300);
        for row in 0..500 {
            assert_eq!(relation.parent(row) % 3, 1);
        }
    }
}
