//! A column's part in a key over several columns that never repeats.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::relation::Digits;
use crate::value::{Data, Vector};

/// One digit of the row's combination, as a value.
pub struct Combined {
    /// The digit.
    pub digits: Digits,
    /// What digits stand for.
    pub choices: Choices,
}

/// What digits stand for.
pub enum Choices {
    /// The value at that place.
    Listed(Vector),
    /// `first + step * digit`.
    Grid {
        /// The value of digit 0.
        first: i64,
        /// The distance of values.
        step: i64,
    },
}

impl Column for Combined {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        Ok(match &self.choices {
            Choices::Listed(values) => values.take(&rows.map(|row| self.digits.digit(row) as u32)),
            Choices::Grid { first, step } => {
                Data::Int(rows.map(|row| first + step * self.digits.digit(row) as i64)).into()
            }
        })
    }
}
