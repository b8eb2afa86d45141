//! A foreign key's column: the parent's key, read through the link.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::value::Vector;

/// The referenced column of the parent row.
#[derive(Debug)]
pub struct Reference {
    /// The table's input that reads the parent's key.
    pub input: usize,
}

impl Column for Reference {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(batch.input(self.input)?.as_ref().clone())
    }

    fn cost(&self, input: &dyn Fn(usize) -> u32) -> u32 {
        input(self.input)
    }
}
