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
