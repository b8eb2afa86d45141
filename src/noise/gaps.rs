//! Rows of which some values are missing.

use crate::random::{Key, mix, to_unit};
use crate::value::Rows;

/// Which values of a table are missing when they are written: a draw for each row says whether it has gaps, and if so a draw
/// for each of its values whether it is one. So nulls come together, as they do where a record was taken in a hurry.
#[derive(Debug)]
pub struct Gaps {
    gate: Key,
    /// The share of rows that have gaps.
    rows: f64,
    /// The share of values that are missing there.
    share: f64,
    /// The draws of each column that may have gaps.
    coins: Vec<Option<Key>>,
}

impl Gaps {
    /// Gaps in a share of the rows, in the columns that have a key.
    pub fn new(gate: Key, rows: f64, share: f64, coins: Vec<Option<Key>>) -> Self {
        Self { gate, rows, share, coins }
    }

    /// The rows of a batch that have gaps, each with its place.
    pub fn rows(&self, rows: &Rows) -> Vec<(usize, u64)> {
        let rows = rows.map(|row| row).into_iter().enumerate();
        rows.filter(|(_, row)| to_unit(mix(self.gate, *row)) < self.rows).collect()
    }

    /// Of the rows that have gaps, the places of those in which a column's value is missing; `None` for a column without gaps.
    pub fn missing<'r>(
        &self,
        column: usize,
        rows: &'r [(usize, u64)],
    ) -> Option<impl Iterator<Item = usize> + use<'r>> {
        let (coin, share) = (self.coins[column]?, self.share);
        let is_missing = move |row: u64| to_unit(mix(coin, row)) < share;
        Some(rows.iter().filter(move |(_, row)| is_missing(*row)).map(|(place, _)| *place))
    }

    /// The share of a column's values that are missing.
    pub fn share_of(&self, column: usize) -> f64 {
        self.coins[column].map_or(0.0, |_| self.rows * self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_missing_together() {
        let key = |name: &str| Key::new(3, &[name]);
        let gaps = Gaps::new(key("gate"), 0.1, 0.5, vec![Some(key("a")), None, Some(key("c"))]);
        let open = gaps.rows(&Rows::Range { start: 0, len: 100_000 });
        let missing = |column: usize| gaps.missing(column, &open).expect("has gaps").collect::<Vec<_>>();
        let (a, c) = (missing(0), missing(2));
        assert!(gaps.missing(1, &open).is_none() && gaps.share_of(1) == 0.0);
        assert!(open.len().abs_diff(10_000) < 500, "{} rows have gaps", open.len());
        for column in [&a, &c] {
            assert!(column.len().abs_diff(5_000) < 350, "{} of a column are missing", column.len());
        }
        let both = a.iter().filter(|place| c.binary_search(place).is_ok()).count();
        assert!(both.abs_diff(2_500) < 250, "half of a column's are missing in the other, too: {both}");
        assert_eq!(gaps.share_of(0), 0.05);
    }
}
