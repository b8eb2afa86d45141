//! References to one of several tables: the key, and the name of the table.

use super::{CHEAP, Column};
use crate::expression::{Batch, Failure};
use crate::relation::Kinds;
use crate::value::Vector;

/// The key of whichever parent the row has.
pub struct OneOf {
    /// For each table, the input that reads the parent's key.
    pub inputs: Vec<usize>,
    /// Which table.
    pub kinds: Kinds,
}

impl Column for OneOf {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let keys = self.inputs.iter().map(|input| batch.input(*input)).collect::<Result<Vec<_>, _>>()?;
        let mut places = Vec::with_capacity(batch.rows().len());
        batch.rows().for_each(|row| places.push((self.kinds.kind(row) as u32, places.len() as u32)));
        Ok(Vector::gather(&keys.iter().map(|keys| &**keys).collect::<Vec<_>>(), &places))
    }
}

/// The name of the table that the row refers to.
pub struct KindOf {
    /// One name for each table.
    pub labels: Vector,
    /// Which table.
    pub kinds: Kinds,
}

impl KindOf {
    /// These names, shared with every batch.
    pub fn new(labels: Vector, kinds: Kinds) -> Self {
        Self { labels: super::values::as_dictionary(labels), kinds }
    }
}

impl Column for KindOf {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(self.labels.take(&batch.rows().map(|row| self.kinds.kind(row) as u32)))
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }
}
