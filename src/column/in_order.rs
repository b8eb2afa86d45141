//! Values between bounds that ascend along rows.

use super::order::cell_of_part;
use super::{CHEAP, COSTLY, Column, Order, Range};
use crate::expression::{Batch, Failure};
use crate::random::{Key, mix};
use crate::value::{Data, Vector};

/// A range whose draws ascend: its values rise with them.
pub struct InOrder {
    /// How the draws follow each other.
    pub order: Order,
    /// The draws.
    pub key: Key,
    /// What makes values of them.
    pub range: Box<dyn Range>,
}

impl Column for InOrder {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        self.range.fill_from(batch, &self.order.draws(batch, self.key)?)
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        let is_cheap = matches!(self.order, Order::Rows(_)) && self.range.is_cheap();
        if is_cheap { CHEAP } else { COSTLY }
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        let bits = self.order.draws(batch, self.key)?[0];
        Ok(Some(self.range.story(batch.rows(), bits) + self.order.origin()))
    }
}

/// Values of a grid, each at most once, ascending along all rows.
pub struct AscendingGrid {
    /// The least value.
    pub first: i64,
    /// The distance of values.
    pub step: i64,
    /// How many values there are, not fewer than rows.
    pub cells: u64,
    /// How many rows there are.
    pub rows: u64,
    /// The draws.
    pub key: Key,
}

impl Column for AscendingGrid {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let cell = |row: u64| cell_of_part(mix(self.key, row), row, self.rows, self.cells) as i64;
        Ok(Data::Int(batch.rows().map(|row| self.first + cell(row) * self.step)).into())
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }
}
