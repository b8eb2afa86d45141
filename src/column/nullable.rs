//! Nulls by draw.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::random::Absence;
use crate::value::Vector;

/// Makes a share of another column's values null.
pub struct Nullable {
    /// What makes the values.
    pub inner: Box<dyn Column>,
    /// Which rows are null.
    pub absence: Absence,
}

impl Column for Nullable {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let keep = batch.rows().map(|row| !self.absence.is_absent(row));
        Ok(self.inner.fill(batch)?.masked(&keep))
    }

    fn cost(&self, input: &dyn Fn(usize) -> u32) -> u32 {
        self.inner.cost(input)
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        match self.absence.is_absent(batch.rows().get(0)) {
            true => Ok(Some("null, drawn by its share of nulls".to_owned())),
            false => self.inner.story(batch),
        }
    }
}
