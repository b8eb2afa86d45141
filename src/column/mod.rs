//! The kinds of column: how cells are computed.

use crate::expression::{Batch, Failure};
use crate::value::Vector;

/// Computes one column. Pure: the same rows give the same values, in any batch.
pub trait Column: Send + Sync {
    /// The column's values for the rows of a batch, in the layout of the column's type.
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure>;
    /// Whether computing a value costs no more than looking it up in a cache.
    fn is_cheap(&self) -> bool {
        false
    }
}
