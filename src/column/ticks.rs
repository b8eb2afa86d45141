//! Moments in steps: the time of rows that follow each other in time.

use super::range::Bounds;
use super::{Bound, Column, Step};
use crate::expression::{Batch, Failure};
use crate::random::{Key, below, mix};
use crate::value::Data;
use crate::value::Vector;

/// The first moment, plus as many steps as there were rows before, plus jitter. Where the first moment is null, all are.
pub struct Ticks {
    /// The first moment.
    pub from: Bound<i64>,
    /// The distance.
    pub step: Step,
    /// The input that is the row's number in its series, from 1.
    pub nth: usize,
    /// How much later a row may be, in units of its own: 0 to below `jitter.0`, times `jitter.1`.
    pub jitter: (u64, i64),
    /// The least and greatest value of the column's type.
    pub limits: (i64, i64),
    /// The draws.
    pub key: Key,
}

impl Column for Ticks {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let firsts = Bounds::new(&self.from, batch)?;
        let nth = batch.input(self.nth)?;
        let (cells, unit) = self.jitter;
        let late = batch.rows().map(|row| match cells {
            0 | 1 => 0,
            cells => below(mix(self.key, row), cells) as i64 * unit,
        });
        let mut values = Vec::with_capacity(late.len());
        for (at, (late, nth)) in late.into_iter().zip(nth.ints()).enumerate() {
            if !firsts.is_valid(at) {
                values.push(0);
                continue;
            }
            let (first, steps) = (firsts.int(at, 0), nth - 1);
            if steps > self.step.between(first, self.limits.1 - late) {
                return Err(Failure::at(at, format!("step {nth} lies beyond the year 9999")));
            }
            values.push(self.step.at(first, steps) + late);
        }
        Ok(firsts.mask(Data::Int(values).into()))
    }
}
