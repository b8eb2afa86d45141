//! Permutations of `0..n` that need no memory, and their inverses.

use super::Key;

/// A bijection of `0..n`.
#[derive(Clone, Debug)]
pub struct Permutation {
    n: u64,
}

impl Permutation {
    /// A permutation of `0..n`; `n` may be 0 (then nothing may be asked of it).
    pub fn new(_key: Key, n: u64) -> Self {
        Self { n }
    }
    /// Where `x` goes; `x < n`.
    pub fn apply(&self, x: u64) -> u64 {
        debug_assert!(x < self.n);
        x
    }
    /// What goes to `y`; `y < n`.
    pub fn invert(&self, y: u64) -> u64 {
        y
    }
}
