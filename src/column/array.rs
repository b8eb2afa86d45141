//! Arrays of scalars.

use super::{Column, Subset};
use crate::expression::{Batch, Failure};
use crate::random::{Key, below, mix};
use crate::value::{Data, List, Vector};

/// Between `min` and `max` elements, each made by another column.
pub struct Array {
    /// What makes the elements.
    pub element: Box<dyn Column>,
    /// Fewest elements.
    pub min: u64,
    /// Most elements.
    pub max: u64,
    /// Draws of the length.
    pub key: Key,
}

impl Column for Array {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let mut offsets = vec![0i32];
        let mut owners = Vec::new();
        let mut element_rows = Vec::new();
        for at in 0..batch.rows().len() {
            let row = batch.rows().get(at);
            let length = self.min + below(mix(self.key, row), self.max - self.min + 1);
            for nth in 0..length {
                owners.push(at as u32);
                // Every element is a row of its own: numbers of different rows' elements never meet.
                element_rows.push(row * self.max + nth);
            }
            offsets.push(owners.len() as i32);
        }
        let elements = Subset::with_rows(batch, owners, element_rows);
        let values = self.element.fill(&elements).map_err(|failure| elements.outward(failure))?;
        Ok(Data::List(List { offsets, values: Box::new(values) }).into())
    }
}
