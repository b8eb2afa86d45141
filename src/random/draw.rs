//! Draws: numbers that depend on nothing but a key and a row.

use super::Key;
use rand::rand_core::TryRng;
use std::convert::Infallible;

/// 2^64 divided by the golden ratio, the step of SplitMix64's counter: consecutive rows land far apart.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// 64 random bits for a row. O(1), about 2 ns, no state.
///
/// The counter `first + row * GOLDEN` goes through the finalizer of SplitMix64 (Steele, Lea, Flood,
/// "Fast splittable pseudorandom number generators", OOPSLA 2014, with Stafford's mix 13), with the
/// key's second word entering between the two multiplications. Two keys therefore walk different
/// sequences, not two places of one.
#[inline(always)]
pub fn mix(key: Key, row: u64) -> u64 {
    let mut z = key.first.wrapping_add(row.wrapping_mul(GOLDEN));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9) ^ key.second;
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The number in [0, 1) that 64 random bits stand for: 53 bits, exact in a double.
#[inline(always)]
pub fn to_unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A whole number in `0..bound` from 64 random bits: multiply and keep the high half.
/// The bias is at most `bound / 2^64`. `bound` must not be 0.
#[inline(always)]
pub fn below(bits: u64, bound: u64) -> u64 {
    ((bits as u128 * bound as u128) >> 64) as u64
}

/// As many draws as a cell needs, for generators that take `rand`'s traits: SplitMix64 seeded by
/// the cell's [`mix`].
#[derive(Clone, Debug)]
pub struct CellRng {
    state: u64,
}

impl CellRng {
    /// The draws of one cell.
    #[inline]
    pub fn new(key: Key, row: u64) -> Self {
        Self { state: mix(key, row) }
    }

    /// The next 64 bits.
    #[inline]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number in `0..bound`; `bound` must not be 0.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        below(self.next(), bound)
    }

    /// A number in [0, 1).
    #[inline]
    pub fn unit(&mut self) -> f64 {
        to_unit(self.next())
    }
}

impl TryRng for CellRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for chunk in dst.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
