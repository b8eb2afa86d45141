//! References whose value is computed: each must be a key of the table it refers to.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::value::{Data, SqlType, Vector, text};

/// Keys `start`, `start + step`, ..., one for each row.
#[derive(Clone, Copy, Debug)]
pub struct KeySequence {
    /// The first row's key.
    pub start: i64,
    /// The distance between keys; not 0.
    pub step: i64,
    /// How many rows.
    pub rows: u64,
}

impl KeySequence {
    /// The row with that key, if there is one.
    #[inline]
    pub fn row_of(&self, key: i64) -> Option<u64> {
        if let (1, Some(distance)) = (self.step, key.checked_sub(self.start)) {
            return u64::try_from(distance).ok().filter(|row| *row < self.rows);
        }
        let (distance, step) = (key as i128 - self.start as i128, self.step as i128);
        let row = distance / step;
        (distance % step == 0 && (0..self.rows as i128).contains(&row)).then_some(row as u64)
    }

    /// Why a value is refused.
    pub fn refusal(&self, key: i64, table: &str, sql_type: &SqlType) -> String {
        if self.rows == 0 {
            return format!("`{table}` has no rows");
        }
        let show = |key: i64| {
            let mut out = Vec::new();
            text::value(&mut out, sql_type, &Data::Int(vec![key]).into(), 0);
            String::from_utf8_lossy(&out).into_owned()
        };
        let last = self.start as i128 + self.step as i128 * (self.rows as i128 - 1);
        let last = last.clamp(i64::MIN as i128, i64::MAX as i128) as i64;
        let (key, first, last) = (show(key), show(self.start), show(last));
        format!("{key} is not a key of `{table}`, whose keys go from {first} to {last}")
    }
}

/// Ends the run where another column's value is no key.
pub struct KeyOf {
    /// What computes the reference.
    pub inner: Box<dyn Column>,
    /// The keys.
    pub keys: KeySequence,
    /// The referenced table's name, for messages.
    pub table: String,
    /// The keys' type, for messages.
    pub sql_type: SqlType,
}

impl Column for KeyOf {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let vector = self.inner.fill(batch)?;
        let is_bad = |at: &usize| vector.is_valid(*at) && self.keys.row_of(vector.ints()[*at]).is_none();
        match (0..vector.len()).find(is_bad) {
            Some(at) => {
                Err(Failure::at(at, self.keys.refusal(vector.ints()[at], &self.table, &self.sql_type)))
            }
            None => Ok(vector),
        }
    }

    fn cost(&self, input: &dyn Fn(usize) -> u32) -> u32 {
        self.inner.cost(input)
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        self.inner.story(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_of_the_sequence_are_keys() {
        let keys = KeySequence { start: 10, step: 5, rows: 3 };
        let rows: Vec<_> = [5, 10, 12, 20, 25].map(|key| keys.row_of(key)).to_vec();
        assert_eq!(rows, [None, Some(0), None, Some(2), None]);
        let descending = KeySequence { start: 0, step: -1, rows: 2 };
        assert_eq!([descending.row_of(-1), descending.row_of(-2)], [Some(1), None]);
    }
}
