//! Keys: 128 bits derived from the seed and a path of names.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// What makes one column's draws differ from another's.
///
/// Construction, fixed for ever (a change is a breaking release): the path's parts, each as its
/// length in 8 little-endian bytes followed by its bytes, go through SipHash-1-3 with 128 bits of output
/// and the key (0, 0); the 32-byte seed of ChaCha8 is the spec's seed (8 bytes), the number 1 (8
/// bytes, the construction's version) and that hash (16 bytes), all little-endian; the key is
/// ChaCha8's first two 64-bit numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub(super) first: u64,
    pub(super) second: u64,
}

impl Key {
    /// The key for a path of names, such as `["orders", "total", "null"]`.
    pub fn new(seed: u64, path: &[&str]) -> Self {
        let mut rng = Self::stream(seed, path);
        Self { first: rng.next_u64(), second: rng.next_u64() }
    }

    /// A key below this one; `label` says what for. Used where one column needs several independent draws.
    pub fn child(self, label: &str) -> Self {
        let seed = self.first ^ self.second.rotate_left(32);
        Self::new(seed, &[label])
    }

    /// A generator for work done once, when planning: shuffling a dictionary, building a table.
    pub fn plan_rng(self) -> ChaCha8Rng {
        Self::stream(self.first ^ self.second.rotate_left(32), &["plan"])
    }

    /// Exactly this key; for tests and tools that have one already.
    pub const fn from_raw(first: u64, second: u64) -> Self {
        Self { first, second }
    }

    fn stream(seed: u64, path: &[&str]) -> ChaCha8Rng {
        let mut hasher = SipHasher13::new();
        for part in path {
            hasher.write(&(part.len() as u64).to_le_bytes());
            hasher.write(part.as_bytes());
        }
        let mut bytes = [0u8; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&1u64.to_le_bytes());
        bytes[16..].copy_from_slice(&hasher.finish128().as_u128().to_le_bytes());
        ChaCha8Rng::from_seed(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_fixed_for_ever() {
        insta::assert_compact_debug_snapshot!(Key::new(42, &["orders", "total"]), @"Key { first: 9463710250796280052, second: 16383174359339843111 }");
        insta::assert_compact_debug_snapshot!(Key::new(42, &["orders", "total"]).child("null"), @"Key { first: 11491309981852815926, second: 5273095496562871699 }");
    }

    #[test]
    fn the_path_is_not_just_its_letters() {
        assert_ne!(Key::new(1, &["ab", "c"]), Key::new(1, &["a", "bc"]));
        assert_ne!(Key::new(1, &["a"]), Key::new(2, &["a"]));
    }
}
