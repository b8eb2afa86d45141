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
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number in `0..bound`; `bound` must not be 0.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        below(self.bits(), bound)
    }

    /// A number in [0, 1).
    #[inline]
    pub fn unit(&mut self) -> f64 {
        to_unit(self.bits())
    }
}

impl TryRng for CellRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for chunk in dst.chunks_mut(8) {
            chunk.copy_from_slice(&self.bits().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: u64 = 1 << 18;

    fn key(name: &str) -> Key {
        Key::new(42, &["orders", name])
    }

    /// Chi-square against equal shares, as a normal deviate (Wilson and Hilferty 1931).
    fn deviate(observed: &[u64]) -> f64 {
        let freedom = (observed.len() - 1) as f64;
        let expected = observed.iter().sum::<u64>() as f64 / observed.len() as f64;
        let chi: f64 =
            observed.iter().map(|o| (*o as f64 - expected) * (*o as f64 - expected) / expected).sum();
        let spread = 2.0 / (9.0 * freedom);
        (libm::cbrt(chi / freedom) - (1.0 - spread)) / spread.sqrt()
    }

    /// Pearson's correlation of uniform numbers, times the root of how many: about standard normal.
    fn correlation(pairs: impl Iterator<Item = (u64, u64)>) -> f64 {
        let centred = |bits| to_unit(bits) - 0.5;
        let (sum, n) = pairs.fold((0.0, 0.0), |(sum, n), (a, b)| (sum + centred(a) * centred(b), n + 1.0));
        12.0 * sum / f64::sqrt(n)
    }

    /// The sequences that must all look random: along rows, along keys, within a cell, at distant rows.
    fn sequences() -> Vec<(&'static str, Vec<u64>)> {
        let rows =
            |stride: u64| (0..DRAWS).map(move |row| mix(key("total"), row * stride)).collect::<Vec<u64>>();
        let keys = (0..DRAWS).map(|k| mix(Key::from_raw(k, 0), 7)).collect();
        let mut rng = CellRng::new(key("cell"), 3);
        let cell = (0..DRAWS).map(|_| rng.bits()).collect();
        let firsts = (0..DRAWS).map(|row| CellRng::new(key("firsts"), row).bits()).collect();
        vec![
            ("rows", rows(1)),
            ("every 4,096th row", rows(4096)),
            ("rows 2^40 apart", rows(1 << 40)),
            ("keys", keys),
            ("within a cell", cell),
            ("first draws of cells", firsts),
        ]
    }

    #[test]
    fn all_values_are_equally_likely() {
        for (name, values) in sequences() {
            for shift in [56, 32, 11, 0] {
                let mut observed = [0; 256];
                values.iter().for_each(|bits| observed[(bits >> shift & 255) as usize] += 1);
                let z = deviate(&observed);
                assert!(z.abs() < 4.0, "{name}, bits from {shift}: {z}");
            }
        }
    }

    #[test]
    fn pairs_of_neighbours_are_equally_likely() {
        for (name, values) in sequences() {
            for lag in [1, 2, 7, 64] {
                let mut observed = vec![0; 4096];
                for (a, b) in values.iter().zip(&values[lag..]) {
                    observed[(a >> 58 << 6 | b >> 58) as usize] += 1;
                }
                let z = deviate(&observed);
                assert!(z.abs() < 4.0, "{name}, lag {lag}: {z}");
                let serial = correlation(values.iter().copied().zip(values[lag..].iter().copied()));
                assert!(serial.abs() < 4.0, "{name}, lag {lag}: {serial}");
            }
        }
    }

    #[test]
    fn every_bit_is_set_half_the_time_and_moves_on_its_own() {
        for (name, values) in sequences() {
            for bit in 0..64 {
                let set: u64 = values.iter().map(|bits| bits >> bit & 1).sum();
                // 5 standard deviations of Binomial(2^18, 1/2).
                assert!(set.abs_diff(DRAWS / 2) < 1280, "{name}, bit {bit}: {set}");
                let moved: u64 = values.windows(2).map(|pair| (pair[0] ^ pair[1]) >> bit & 1).sum();
                assert!(moved.abs_diff(DRAWS / 2) < 1280, "{name}, bit {bit}: {moved}");
            }
        }
    }

    #[test]
    fn columns_are_unrelated() {
        let names = ["a", "b", "total", "Total", "total_", "amount", "null", "id"];
        let keys = names.map(key);
        for (at, a) in keys.iter().enumerate() {
            for (before, b) in keys[..at].iter().enumerate() {
                for shift in [0, 1, 100] {
                    let z = correlation((0..DRAWS).map(|row| (mix(*a, row), mix(*b, row + shift))));
                    assert!(z.abs() < 4.5, "{} and {}, rows {shift} apart: {z}", names[at], names[before]);
                }
            }
        }
    }

    #[test]
    fn nearby_seeds_are_unrelated() {
        let seeded = |seed| Key::new(seed, &["orders", "total"]);
        for bit in 0..64 {
            let (plain, other) = (seeded(42), seeded(42 ^ 1 << bit));
            let z = correlation((0..1 << 14).map(|row| (mix(plain, row), mix(other, row))));
            assert!(z.abs() < 4.5, "bit {bit}: {z}");
        }
    }

    #[test]
    fn whole_numbers_below_a_bound_are_equally_likely() {
        for bound in [1, 2, 3, 7, 100, 1000] {
            let mut observed = vec![0; bound as usize];
            (0..DRAWS).for_each(|row| observed[below(mix(key("below"), row), bound) as usize] += 1);
            assert!(bound == 1 || deviate(&observed).abs() < 4.0, "{bound}");
        }
        assert_eq!((below(0, 10), below(u64::MAX, 10), below(u64::MAX, u64::MAX)), (0, 9, u64::MAX - 1));
    }

    #[test]
    fn units_stay_below_one() {
        assert_eq!(to_unit(0), 0.0);
        assert!(to_unit(u64::MAX) < 1.0);
    }

    #[test]
    fn draws_are_fixed_for_ever() {
        let key = Key::from_raw(1, 2);
        let mut rng = CellRng::new(key, 3);
        let draws = [mix(key, 0), mix(key, 1), rng.bits(), rng.bits()];
        insta::assert_compact_debug_snapshot!(
            draws,
            @"[3238513264303145799, 7451656895600842667, 1654775322483245132, 3633221159408495874]"
        );
    }
}
