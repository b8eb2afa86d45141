//! A column's part in a key over several columns that never repeats.

use super::Column;
use super::values::as_dictionary;
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

impl Choices {
    /// These; texts are shared with every batch instead of copied into it.
    pub fn listed(values: Vector) -> Self {
        Choices::Listed(as_dictionary(values))
    }

    /// What these digits stand for.
    pub(super) fn values(&self, digits: &[u64]) -> Vector {
        match self {
            Choices::Listed(values) => values.take(&digits.iter().map(|at| *at as u32).collect::<Vec<_>>()),
            Choices::Grid { first, step } => {
                Data::Int(digits.iter().map(|digit| first + step * *digit as i64).collect()).into()
            }
        }
    }
}

impl Column for Combined {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(self.choices.values(&batch.rows().map(|row| self.digits.digit(row))))
    }
}
