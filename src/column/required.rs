//! A column that must not be null, and whose values are computed.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::value::Vector;

/// Ends the run where another column's value is null.
pub struct Required {
    /// What makes the values.
    pub inner: Box<dyn Column>,
}

impl Column for Required {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let vector = self.inner.fill(batch)?;
        match vector.valid.as_ref().and_then(|valid| valid.iter().position(|valid| !valid)) {
            Some(at) => Err(Failure::at(at, "null value in a column that is not null")),
            None => Ok(vector),
        }
    }

    fn is_cheap(&self) -> bool {
        self.inner.is_cheap()
    }
}
