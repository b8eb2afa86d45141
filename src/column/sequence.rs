//! `start + step * row`: keys.

use super::{CHEAP, Column};
use crate::expression::{Batch, Failure};
use crate::value::{Data, Vector};

/// An arithmetic sequence along the row number.
#[derive(Clone, Copy, Debug)]
pub struct Sequence {
    /// The first row's value.
    pub start: i64,
    /// The distance between rows' values.
    pub step: i64,
}

impl Column for Sequence {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(Data::Int(batch.rows().map(|row| self.start + self.step * row as i64)).into())
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }
}
