//! The value of an SQL expression.

use super::Column;
use crate::expression::{Batch, Expression, Failure};
use crate::value::Vector;

/// An expression, already of the column's type.
pub struct Computed {
    /// The expression.
    pub expression: Expression,
}

impl Column for Computed {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        self.expression.evaluate(batch)
    }

    fn cost(&self, input: &dyn Fn(usize) -> u32) -> u32 {
        let inputs = self.expression.inputs().into_iter().map(input);
        inputs.fold(self.expression.cost(), u32::saturating_add)
    }
}
