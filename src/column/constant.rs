//! The same value in every row.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::value::Vector;

/// One value, or null.
#[derive(Debug)]
pub struct Constant {
    /// A vector of one element.
    pub value: Vector,
}

impl Column for Constant {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(self.value.take(&vec![0; batch.rows().len()]))
    }

    fn is_cheap(&self) -> bool {
        true
    }
}
