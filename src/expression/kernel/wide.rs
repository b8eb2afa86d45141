//! Decimals of up to 38 digits: multiplication and division through 256 bits, rounding half away from zero.

use crate::expression::evaluate::Argument;

/// 10^power, for powers that an i128 holds (0 to 38).
#[inline]
pub fn ten(power: u8) -> i128 {
    10i128.pow(power as u32)
}

/// The largest decimal of 38 digits.
pub const LIMIT: i128 = 10i128.pow(38) - 1;

/// `a * b / divisor`, rounded half away from zero; `None` beyond 38 digits. `divisor` must not be 0.
pub fn mul_div(a: i128, b: i128, divisor: i128) -> Option<i128> {
    let negative = (a < 0) ^ (b < 0) ^ (divisor < 0);
    let magnitude = mul_div_unsigned(a.unsigned_abs(), b.unsigned_abs(), divisor.unsigned_abs())?;
    let magnitude = i128::try_from(magnitude).ok().filter(|magnitude| *magnitude <= LIMIT)?;
    Some(if negative { -magnitude } else { magnitude })
}

fn mul_div_unsigned(a: u128, b: u128, divisor: u128) -> Option<u128> {
    let (quotient, rest) = match a.checked_mul(b) {
        Some(product) if product <= u64::MAX as u128 && divisor <= u64::MAX as u128 => {
            let (product, divisor) = (product as u64, divisor as u64);
            ((product / divisor) as u128, (product % divisor) as u128)
        }
        Some(product) => (product / divisor, product % divisor),
        None => divide_256(full_product(a, b), divisor)?,
    };
    let up = rest >= divisor - rest;
    quotient.checked_add(u128::from(up))
}

/// (high, low) of the 256-bit product.
fn full_product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> 64);
    let middle_low = (middle & LOW) + a0 * b1;
    (a1 * b1 + (middle >> 64) + (middle_low >> 64), (middle_low << 64) | (low & LOW))
}

/// Quotient and rest of a 256-bit number; `None` when the quotient needs more than 128 bits. Bit by bit: it is reached
/// only by quotients and products of more than 38 digits on the way.
fn divide_256((high, low): (u128, u128), divisor: u128) -> Option<(u128, u128)> {
    if high >= divisor {
        return None;
    }
    let (mut rest, mut quotient) = (high, 0u128);
    for bit in (0..128).rev() {
        let carry = rest >> 127 == 1;
        rest = rest << 1 | (low >> bit & 1);
        quotient <<= 1;
        if carry || rest >= divisor {
            rest = rest.wrapping_sub(divisor);
            quotient |= 1;
        }
    }
    Some((quotient, rest))
}

/// The number moved from scale `from` to scale `to`, rounded half away from zero; `None` beyond 38 digits.
#[inline]
pub fn rescale(value: i128, from: u8, to: u8) -> Option<i128> {
    crate::value::parse::rescale(value, from, to).filter(|value| value.unsigned_abs() <= LIMIT as u128)
}

/// How many digits after the point PostgreSQL computes of a numeric quotient (`select_div_scale`): at least 16
/// significant ones, and no fewer than either operand shows.
pub fn quotient_scale(a: i128, a_scale: u8, b: i128, b_scale: u8) -> u8 {
    let (a_weight, a_first) = weight_and_first_digit(a, a_scale);
    let (b_weight, b_first) = weight_and_first_digit(b, b_scale);
    let mut weight = a_weight - b_weight;
    if a_first <= b_first {
        weight -= 1;
    }
    (16 - weight * 4).max(a_scale as i32).max(b_scale as i32).clamp(0, 38) as u8
}

/// The power of the first base-10000 digit of a decimal, and that digit, as PostgreSQL's numeric stores them.
fn weight_and_first_digit(unscaled: i128, scale: u8) -> (i32, u32) {
    let magnitude = unscaled.unsigned_abs();
    // 64 bits hold most numbers, and are divided many times faster.
    if let Ok(small) = u64::try_from(magnitude) {
        return small_weight_and_first_digit(small, scale);
    }
    let Some(log) = magnitude.checked_ilog10() else { return (0, 0) };
    let leading = log as i32 - scale as i32; // power of ten of the first decimal digit
    let weight = leading.div_euclid(4);
    // The first base-10000 digit has the decimal digits from 4 * weight + 3 down to 4 * weight.
    let lowest = 4 * weight + scale as i32;
    let first = if lowest >= 0 {
        magnitude / 10u128.pow(lowest as u32)
    } else {
        magnitude * 10u128.pow(-lowest as u32)
    };
    (weight, first as u32)
}

/// [`weight_and_first_digit`] of a number of 64 bits.
fn small_weight_and_first_digit(magnitude: u64, scale: u8) -> (i32, u32) {
    let Some(log) = magnitude.checked_ilog10() else { return (0, 0) };
    let weight = (log as i32 - scale as i32).div_euclid(4);
    let lowest = 4 * weight + scale as i32;
    let first = match lowest >= 0 {
        true => magnitude / 10u64.pow(lowest as u32),
        // At most three digits are missing to a whole base-10000 digit.
        false => magnitude * 10u64.pow(-lowest as u32),
    };
    (weight, first as u32)
}

/// Division by a power of ten, such as the 100 of percentages: the point moves and no digit changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovedPoint {
    /// Digits after the point of the quotient.
    digits: u8,
    /// The magnitude below which PostgreSQL computes all of them.
    limit: i64,
}

impl MovedPoint {
    /// Of a dividend of scale `a_scale`; `None` where `b` is no power of ten, or where PostgreSQL might compute fewer digits than the
    /// quotient has: it computes at least 8 of quotients below 10^12.
    pub fn new(a_scale: u8, b: i128, b_scale: u8, scale: u8) -> Option<Self> {
        const DIGITS: u8 = 8;
        let divisor = u64::try_from(b).ok().filter(|b| *b > 0)?;
        let power = divisor.ilog10() as u8;
        let is_at_least_one = power >= b_scale;
        if 10u64.pow(power as u32) != divisor || !is_at_least_one || a_scale > 6 {
            return None;
        }
        let digits = a_scale + power - b_scale;
        (digits <= DIGITS.min(scale)).then(|| Self { digits, limit: 10i64.pow(12 + a_scale as u32) })
    }

    /// Digits after the point of the quotients.
    pub fn digits(self) -> u8 {
        self.digits
    }

    /// Whether the quotients are the dividends with the point moved, all of them.
    pub fn is_exact(self, dividends: &Argument) -> bool {
        let fits = |fits: bool, value: &i64| fits & (*value < self.limit) & (*value > -self.limit);
        dividends.is_narrow() && dividends.vector.ints().iter().fold(true, fits)
    }

    /// The quotient at a scale; `None` where that is not exact.
    fn quotient(self, a: i128, scale: u8) -> Option<i128> {
        let fits = a.unsigned_abs() < self.limit as u128;
        if fits { a.checked_mul(ten(scale - self.digits)) } else { None }
    }
}

/// `a / b` at the scale PostgreSQL computes, held at `scale`; `None` beyond 38 digits. `b` must not be 0.
pub fn divide(a: i128, a_scale: u8, b: i128, b_scale: u8, scale: u8) -> Option<i128> {
    let point = MovedPoint::new(a_scale, b, b_scale, scale);
    if let Some(moved) = point.and_then(|point| point.quotient(a, scale)) {
        return Some(moved);
    }
    let shown = quotient_scale(a, a_scale, b, b_scale).min(scale);
    // a / 10^sa / (b / 10^sb) * 10^shown
    let shift = shown as i32 + b_scale as i32 - a_scale as i32;
    let quotient = if shift >= 0 {
        let (first, second) = (shift.min(38) as u8, (shift - shift.min(38)) as u8);
        if second > 0 {
            mul_div(a.checked_mul(ten(second))?, ten(first), b)?
        } else {
            mul_div(a, ten(first), b)?
        }
    } else {
        mul_div(a, 1, b.checked_mul(ten(-shift as u8))?)?
    };
    quotient.checked_mul(ten(scale - shown)).filter(|quotient| quotient.unsigned_abs() <= LIMIT as u128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_more_than_38_digits_are_divided_exactly() {
        let big = 12_345_678_901_234_567_890_123_456_789i128;
        assert_eq!(mul_div(big, ten(30), ten(30)), Some(big));
        assert_eq!(mul_div(-big, big, big), Some(-big));
        assert_eq!(mul_div(5, 1, 10), Some(1));
        assert_eq!(mul_div(-5, 1, 10), Some(-1));
        assert_eq!(mul_div(LIMIT, LIMIT, 1), None);
        assert_eq!(mul_div(LIMIT, LIMIT, LIMIT), Some(LIMIT));
    }

    #[test]
    fn moving_the_point_is_dividing() {
        for a in [0, 1, -7, 1_999, 123_456_789, -99_999_999_999, 999_999_999_999] {
            for (b, b_scale) in [(1, 0), (100, 0), (1_000, 0), (10, 1), (1_000, 2), (1_000_000, 0)] {
                for a_scale in [0, 2, 4] {
                    let slow = {
                        let shown = quotient_scale(a, a_scale, b, b_scale).min(20);
                        let shift = shown as i32 + b_scale as i32 - a_scale as i32;
                        mul_div(a, ten(shift as u8), b).and_then(|q| q.checked_mul(ten(20 - shown)))
                    };
                    assert_eq!(divide(a, a_scale, b, b_scale, 20), slow, "{a}e-{a_scale} / {b}e-{b_scale}");
                }
            }
        }
    }

    #[test]
    fn quotients_have_the_digits_that_postgresql_gives_them() {
        // select 1/3.0, 1e12/3.0, 2.0/1, 7.5/0.0001, 1/30000.0
        assert_eq!(quotient_scale(1, 0, 30, 1), 20);
        assert_eq!(quotient_scale(ten(12), 0, 30, 1), 8);
        assert_eq!(quotient_scale(20, 1, 1, 0), 16);
        assert_eq!(divide(1, 0, 30, 1, 20), Some(33_333_333_333_333_333_333));
        assert_eq!(divide(ten(12), 0, 3, 0, 20), Some(33_333_333_333_333_333_333 * ten(12)));
    }
}
