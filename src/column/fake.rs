//! Text of a provider.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::fake::TextSource;
use crate::value::Vector;

/// What a provider says.
pub struct Fake {
    /// The provider, built.
    pub source: Box<dyn TextSource>,
}

impl Column for Fake {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(self.source.fill(batch.rows()))
    }
}
