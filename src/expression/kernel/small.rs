//! Loops for numbers that one look at all of them shows to be small: nothing can overflow, so nothing is checked row by row, and the
//! compiler computes several rows at once. It has no instruction for products of 64 bits, but one for those of 32.

use super::arithmetic::Operator;
use super::{Lane, map1, map2};
use crate::value::divisor::{Divisor, NarrowDivisor};

/// Products of two numbers up to this are computed from their lower halves.
const HALF_WORD: u64 = u32::MAX as u64;

impl Lane<'_, i64> {
    /// A number that no value exceeds, less than twice the greatest; `None` where a value is negative.
    pub fn ceiling(&self) -> Option<u64> {
        let bits = match self {
            Lane::Each(values) => values.iter().fold(0, |bits, value| bits | value),
            Lane::All(value) => *value,
        };
        let used = u64::BITS - (bits as u64).leading_zeros();
        (bits >= 0).then(|| (1 << used) - 1)
    }

    /// Whether adding half of a power of ten to any value overflows nothing.
    pub fn is_below_half(&self) -> bool {
        const HALF: u64 = 1 << 62;
        self.ceiling().is_some_and(|most| most < HALF)
            || match self {
                Lane::Each(values) => values.iter().all(|value| value.unsigned_abs() < HALF),
                Lane::All(value) => value.unsigned_abs() < HALF,
            }
    }
}

/// Sums, differences and products of numbers that are not negative, where all results are certain to lie in `-high..=high`.
pub fn results(
    operator: Operator,
    a: Lane<'_, i64>,
    b: Lane<'_, i64>,
    len: usize,
    high: i64,
) -> Option<Vec<i64>> {
    let (most_a, most_b) = (a.ceiling()?, b.ceiling()?);
    let fits = |most: u64| most <= high as u64;
    match operator {
        Operator::Add if fits(most_a.checked_add(most_b)?) => Some(map2(a, b, len, i64::wrapping_add)),
        Operator::Subtract if fits(most_a.max(most_b)) => Some(map2(a, b, len, i64::wrapping_sub)),
        Operator::Multiply if most_a.max(most_b) <= HALF_WORD && fits(most_a.checked_mul(most_b)?) => {
            Some(map2(a, b, len, |a, b| (a as u32 as u64 * b as u32 as u64) as i64))
        }
        _ => None,
    }
}

/// All values times `factor`, where none of the results exceeds `limit`.
pub fn multiples(values: Lane<'_, i64>, len: usize, factor: i64, limit: i64) -> Option<Vec<i64>> {
    results(Operator::Multiply, values, Lane::All(factor), len, limit)
}

/// Quotients by a number above 0, of values from 0 to below 2^31.
pub fn quotients(values: Lane<'_, i64>, len: usize, divisor: Divisor) -> Option<Vec<i64>> {
    let by = narrow(values, 0, divisor)?;
    Some(map1(values, len, |value| by.quotient(value as u32) as i64))
}

/// Quotients rounded to the nearest, halves up, of values that with half the divisor are from 0 to below 2^31.
pub fn rounded(values: Lane<'_, i64>, len: usize, divisor: Divisor) -> Option<Vec<i64>> {
    let half = divisor.get() / 2;
    let by = narrow(values, half, divisor)?;
    Some(map1(values, len, |value| by.quotient((value + half) as u32) as i64))
}

/// What is left of division by a number above 0, of values from 0 to below 2^31.
pub fn rests(values: Lane<'_, i64>, len: usize, divisor: Divisor) -> Option<Vec<i64>> {
    let by = narrow(values, 0, divisor)?;
    Some(map1(values, len, |value| by.rest(value as u32) as i64))
}

/// The divisor, if it and all values with this number added are small enough.
fn narrow(values: Lane<'_, i64>, added: i64, divisor: Divisor) -> Option<NarrowDivisor> {
    let most = values.ceiling()?.checked_add(added as u64)?;
    divisor.narrow().filter(|_| most < 1 << 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// Numbers of all sizes, the small ones as frequent as the great ones.
    fn numbers() -> impl Strategy<Value = Vec<i64>> {
        vec((any::<i64>(), 0u32..64).prop_map(|(value, shift)| value >> shift), 1..40)
    }

    proptest! {
        #[test]
        fn what_is_sure_is_what_checked_arithmetic_gives(a in numbers(), shift in 0u32..64, high in 0i64..) {
            let (a, b): (Vec<i64>, Vec<i64>) = a.iter().map(|a| (a.abs() >> shift, a.rotate_left(7).abs() >> shift)).unzip();
            for operator in [Operator::Add, Operator::Subtract, Operator::Multiply] {
                for b in [Lane::Each(&b), Lane::All(b[0])] {
                    let Some(values) = results(operator, Lane::Each(&a), b, a.len(), high) else { continue };
                    for (at, value) in values.into_iter().enumerate() {
                        let (a, b) = (a[at], b.get(at));
                        let exact = match operator {
                            Operator::Add => a.checked_add(b),
                            Operator::Subtract => a.checked_sub(b),
                            _ => a.checked_mul(b),
                        };
                        prop_assert_eq!(Some(value), exact);
                        prop_assert!((-high..=high).contains(&value));
                    }
                }
            }
        }

        #[test]
        fn small_numbers_are_divided_exactly(values in vec(0i64..1 << 31, 1..40), shift in 0u32..31, divisor in 1i64..1 << 31) {
            let by = Divisor::new((divisor >> shift).max(1));
            let lane = Lane::Each(&values);
            let expected = |f: fn(i64, i64) -> i64| -> Vec<i64> { values.iter().map(|value| f(*value, by.get())).collect() };
            prop_assert_eq!(quotients(lane, values.len(), by), Some(expected(|a, b| a / b)));
            prop_assert_eq!(rests(lane, values.len(), by), Some(expected(|a, b| a % b)));
            if let Some(rounded) = rounded(lane, values.len(), by) {
                prop_assert_eq!(rounded, expected(|a, b| (a + b / 2) / b));
            }
        }

        #[test]
        fn a_ceiling_is_above_all_values_and_near(values in numbers()) {
            match Lane::Each(&values).ceiling() {
                None => prop_assert!(values.iter().any(|value| *value < 0)),
                Some(most) => {
                    let greatest = *values.iter().max().expect("there is one") as u64;
                    prop_assert!(greatest <= most && most <= greatest.saturating_mul(2));
                }
            }
        }
    }

    #[test]
    fn what_may_be_out_of_range_or_negative_is_left_to_others() {
        let lane = |value: i64| Lane::All(value);
        assert_eq!(
            results(Operator::Add, lane(3), lane(4), 1, 9),
            None,
            "it may be up to 10, as far as bits tell"
        );
        assert_eq!(results(Operator::Add, lane(3), lane(4), 1, 10), Some(vec![7]));
        assert_eq!(results(Operator::Subtract, lane(0), lane(3), 1, 3), Some(vec![-3]));
        assert_eq!(results(Operator::Add, lane(-1), lane(4), 1, 100), None);
        assert_eq!(results(Operator::Multiply, lane(1 << 32), lane(1), 1, i64::MAX), None);
        assert_eq!(quotients(lane(1 << 31), 1, Divisor::new(10)), None);
        assert_eq!(quotients(lane(9), 1, Divisor::new(1 << 31)), None);
    }
}
