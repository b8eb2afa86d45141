//! The same value in every row.

use super::values::as_dictionary;
use super::{CHEAP, Column};
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

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }
}
