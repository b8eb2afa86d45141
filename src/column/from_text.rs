//! Text that a provider makes, as a number.

use super::{Column, scalars_to_vector};
use crate::expression::{Batch, Failure};
use crate::value::parse;
use crate::value::{SqlType, Vector};

/// Texts of numbers, as values of a type of numbers; what does not fit is null.
pub struct FromText {
    /// Makes the texts.
    pub inner: Box<dyn Column>,
    /// The numbers' type.
    pub sql_type: SqlType,
}

impl Column for FromText {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let texts = self.inner.fill(batch)?;
        let number = |at: usize| {
            let text = std::str::from_utf8(texts.text(at)).ok()?;
            parse::scalar(text, &self.sql_type).ok()
        };
        let numbers: Vec<_> = (0..texts.len()).map(number).collect();
        Ok(scalars_to_vector(&numbers, self.sql_type.layout()))
    }
}
