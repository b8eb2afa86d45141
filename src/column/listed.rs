//! Values that are written down, one per row.

use super::values::as_dictionary;
use super::{CHEAP, Column};
use crate::expression::{Batch, Failure};
use crate::value::Vector;

/// The value that stands at the row's place.
#[derive(Debug)]
pub struct Listed {
    values: Vector,
}

impl Listed {
    /// One value per row of the table.
    pub fn new(values: Vector) -> Self {
        Self { values: as_dictionary(values) }
    }
}

impl Column for Listed {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(self.values.take(&batch.rows().map(|row| row as u32)))
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }
}
