//! How long things of a variable length are: lists, bytes, texts.

use crate::distribution::IntSampler;

/// Lengths between two bounds, by a distribution.
#[derive(Debug)]
pub struct Lengths {
    /// The least length.
    pub min: u64,
    /// The greatest length.
    pub max: u64,
    /// Draws from `min` to `max`.
    pub sampler: IntSampler,
}

impl Lengths {
    /// A length for each draw.
    pub fn fill(&self, bits: &[u64]) -> Vec<u64> {
        self.sampler.fill(bits).into_iter().map(|length| length as u64).collect()
    }
}
