//! A column that must not be null, and whose values are computed.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::value::Vector;

/// Ends the run where another column's value is null.
pub struct Required {
    /// What makes the values.
    pub inner: Box<dyn Column>,
    /// What is said then.
    pub message: String,
}

impl Required {
    /// With nothing particular to say.
    pub fn new(inner: Box<dyn Column>) -> Self {
        Self { inner, message: "null value in a column that is not null".to_owned() }
    }
}

impl Column for Required {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let vector = self.inner.fill(batch)?;
        match vector.valid.as_ref().and_then(|valid| valid.iter().position(|valid| !valid)) {
            Some(at) => Err(Failure::at(at, self.message.clone())),
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
