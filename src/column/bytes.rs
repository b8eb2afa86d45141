//! Random bytes.

use super::Column;
use super::lengths::Lengths;
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key};
use crate::value::{Data, Texts, Vector};

/// Some random bytes.
#[derive(Debug)]
pub struct Bytes {
    /// How many.
    pub lengths: Lengths,
    /// The draws.
    pub key: Key,
}

impl Column for Bytes {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let mut rngs = rows.map(|row| CellRng::new(self.key, row));
        let lengths = self.lengths.fill(&rngs.iter_mut().map(CellRng::bits).collect::<Vec<_>>());
        let mut texts = Texts::with_capacity(rows.len(), lengths.iter().sum::<u64>() as usize);
        for (rng, length) in rngs.iter_mut().zip(lengths) {
            let mut left = length as usize;
            while left > 0 {
                let bytes = rng.bits().to_le_bytes();
                texts.buffer().extend_from_slice(&bytes[..left.min(8)]);
                left -= left.min(8);
            }
            texts.finish();
        }
        Ok(Data::Text(texts).into())
    }
}
