//! Random bytes.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key};
use crate::value::{Data, Texts, Vector};

/// Between `min` and `max` random bytes.
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    /// Fewest bytes.
    pub min: u64,
    /// Most bytes.
    pub max: u64,
    /// The draws.
    pub key: Key,
}

impl Column for Bytes {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let mut texts = Texts::with_capacity(batch.rows().len(), batch.rows().len() * self.max as usize);
        batch.rows().for_each(|row| {
            let mut rng = CellRng::new(self.key, row);
            let mut left = (self.min + rng.below(self.max - self.min + 1)) as usize;
            while left > 0 {
                let bytes = rng.bits().to_le_bytes();
                texts.buffer().extend_from_slice(&bytes[..left.min(8)]);
                left -= left.min(8);
            }
            texts.finish();
        });
        Ok(Data::Text(texts).into())
    }
}
