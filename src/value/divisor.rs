//! Division by a number that is the same for many rows.

/// A divisor turned into a multiplication: Granlund and Montgomery, "Division by invariant integers using multiplication" (PLDI
/// 1994), for dividends of up to 63 bits.
#[derive(Clone, Copy, Debug)]
pub struct Divisor {
    divisor: i64,
    multiplier: u64,
    shift: u32,
}

impl Divisor {
    /// `divisor` must be above 0.
    pub fn new(divisor: i64) -> Self {
        debug_assert!(divisor > 0);
        let bits = 64 - (divisor as u64 - 1).leading_zeros();
        let multiplier = ((1u128 << (63 + bits)) / divisor as u128 + 1) as u64;
        Self { divisor, multiplier, shift: bits }
    }

    /// What is divided by.
    pub fn get(self) -> i64 {
        self.divisor
    }

    /// The same for dividends below 2^31; `None` for greater divisors.
    pub fn narrow(self) -> Option<NarrowDivisor> {
        let divisor = u32::try_from(self.divisor).ok().filter(|divisor| *divisor < 1 << 31)?;
        let bits = u32::BITS - (divisor - 1).leading_zeros();
        let shift = NarrowDivisor::BITS + bits;
        // Below 2^32: the divisor is above 2^(bits - 1), by at least 1 and no less than a 2^30th of it; of powers of two it is 2^31 + 1.
        let multiplier = ((1u64 << shift) / divisor as u64 + 1) as u32;
        Some(NarrowDivisor { divisor, multiplier, shift })
    }

    /// `value / divisor`, cut towards zero. Of the least integer there is, one more than that.
    #[inline(always)]
    pub fn quotient(self, value: i64) -> i64 {
        let sign = value >> 63;
        let magnitude = ((value ^ sign).wrapping_sub(sign)) as u64 & i64::MAX as u64;
        let product = magnitude as u128 * self.multiplier as u128;
        let quotient = ((product >> 63) as u64 >> self.shift) as i64;
        (quotient ^ sign).wrapping_sub(sign)
    }

    /// What is left of the division, with the sign of `value`.
    #[inline(always)]
    pub fn rest(self, value: i64) -> i64 {
        value - self.quotient(value) * self.divisor
    }

    /// What is left of the division, from 0 to below the divisor.
    #[inline(always)]
    pub fn rest_from_0(self, value: i64) -> i64 {
        let rest = self.rest(value);
        rest + (self.divisor & (rest >> 63))
    }
}

/// A [`Divisor`] for dividends of up to 31 bits, with products of 32 bits by 32, of which the processor computes several at once.
#[derive(Clone, Copy, Debug)]
pub struct NarrowDivisor {
    divisor: u32,
    multiplier: u32,
    shift: u32,
}

impl NarrowDivisor {
    /// How many bits a dividend may have.
    const BITS: u32 = 31;

    /// `value / divisor`.
    #[inline(always)]
    pub fn quotient(self, value: u32) -> u32 {
        debug_assert!(value < 1 << Self::BITS);
        ((value as u64 * self.multiplier as u64) >> self.shift) as u32
    }

    /// What is left of the division.
    #[inline(always)]
    pub fn rest(self, value: u32) -> u32 {
        (value as u64 - self.quotient(value) as u64 * self.divisor as u64) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_are_exact() {
        for divisor in [1, 2, 3, 7, 10, 1 << 31, 1 << 62, i64::MAX - 1, i64::MAX] {
            let by = Divisor::new(divisor);
            for value in [0, 1, divisor - 1, divisor, i64::MAX - 1, i64::MAX, -1, -divisor, -i64::MAX] {
                assert_eq!((by.quotient(value), by.rest(value)), (value / divisor, value % divisor));
            }
        }
    }

    #[test]
    fn narrow_limits_are_exact() {
        assert!(Divisor::new(1 << 31).narrow().is_none());
        for divisor in (1..200).chain([1 << 30, (1 << 30) + 1, (1 << 31) - 1]) {
            let by = Divisor::new(divisor).narrow().expect("it is narrow");
            let multiples = (0..8).map(|times| times * divisor).filter(|value| *value <= 1 << 31);
            for value in multiples.flat_map(|value| [value - 1, value]).chain([(1 << 31) - 1]) {
                let Ok(value) = u32::try_from(value) else { continue };
                if value < 1 << 31 {
                    let divisor = divisor as u32;
                    assert_eq!((by.quotient(value), by.rest(value)), (value / divisor, value % divisor));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn quotients_are_those_of_the_processor(value: i64, narrow in 0u32..63, divisor in 1i64.., small in 0u32..63) {
            let (value, divisor) = ((value >> narrow).max(-i64::MAX), (divisor >> small).max(1));
            let by = Divisor::new(divisor);
            prop_assert_eq!((by.quotient(value), by.rest(value)), (value / divisor, value % divisor));
            prop_assert_eq!(by.rest_from_0(value), value.rem_euclid(divisor));
        }
    }
}
