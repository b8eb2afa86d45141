//! The same value in every row.

use super::Column;
use super::values::as_dictionary;
use crate::expression::{Batch, Failure};
use crate::value::Vector;

/// One value, or null.
#[derive(Debug)]
pub struct Constant {
    value: Vector,
}

impl Constant {
    /// The only element of a vector.
    pub fn new(value: Vector) -> Self {
        Self { value: as_dictionary(value) }
    }
}

impl Column for Constant {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(self.value.take(&vec![0; batch.rows().len()]))
    }

    fn is_cheap(&self) -> bool {
        true
    }
}
