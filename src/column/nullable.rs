//! Nulls by draw.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::random::{Key, mix, to_unit};
use crate::value::Vector;

/// Makes a share of another column's values null.
pub struct Nullable {
    /// What makes the values.
    pub inner: Box<dyn Column>,
    /// The share of nulls, 0 to 1.
    pub fraction: f64,
    /// The draws.
    pub key: Key,
}

impl Column for Nullable {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let keep = batch.rows().map(|row| to_unit(mix(self.key, row)) >= self.fraction);
        Ok(self.inner.fill(batch)?.masked(&keep))
    }

    fn is_cheap(&self) -> bool {
        self.inner.is_cheap()
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        match to_unit(mix(self.key, batch.rows().get(0))) < self.fraction {
            true => Ok(Some(format!("null, drawn by its share of {}", self.fraction))),
            false => self.inner.story(batch),
        }
    }
}
