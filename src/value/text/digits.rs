//! Decimal digits, eight at a time.

/// The eight digits of a number below 10^8, each as 0 to 9 in a byte of its own, the first in the lowest.
///
/// All eight at once: the word is split in two, four and eight lanes by multiplying with 1/100 and 1/10 in fixed point.
#[inline]
pub(super) fn eight_digits(number: u32) -> u64 {
    debug_assert!(number < 100_000_000);
    let halves = (number / 10_000) as u64 | ((number % 10_000) as u64) << 32;
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | (halves - hundreds * 100) << 16;
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | (pairs - tens * 10) << 8
}

/// What makes digits ASCII.
pub(super) const ASCII: u64 = u64::from_le_bytes(*b"00000000");

/// Appends the first `length` bytes of a word: a whole store, then the length is cut.
#[inline]
pub(super) fn push_word(out: &mut Vec<u8>, word: u64, length: usize) {
    let end = out.len() + length;
    out.extend_from_slice(&word.to_le_bytes());
    out.truncate(end);
}

/// An integer of at most eight digits as the low bytes of a word, and how many there are.
#[inline(always)]
pub fn short_integer(value: i64) -> (u128, usize) {
    let (word, length) = short_word(value.unsigned_abs() as u32);
    signed(value, word as u128, length)
}

/// As [`short_integer`], an unscaled decimal with at most eight digits before the point and `SCALE` (1 to 4) after it.
#[inline(always)]
pub fn short_decimal<const SCALE: u32>(unscaled: i64) -> (u128, usize) {
    let magnitude = unscaled.unsigned_abs();
    let (word, length) = match magnitude < 100_000_000 {
        // All digits at once, and then the point between them.
        true => {
            let digits = eight_digits(magnitude as u32);
            let whole = 8 * (8 - SCALE);
            // The digit before the point stays, even if it is zero.
            let zeros = (digits | 1 << (whole - 8)).trailing_zeros() / 8;
            let digits = digits | ASCII;
            let before = (1 << whole) - 1;
            let (low, high) =
                (digits & before | (b'.' as u64) << whole | (digits & !before) << 8, digits >> 56);
            // Nine bytes, shifted by less than 64 bits.
            let shift = 8 * zeros;
            let word = low >> shift | high << 1 << (63 - shift);
            (word as u128 | ((high >> shift) as u128) << 64, 9 - zeros as usize)
        }
        false => {
            let unit = 10u64.pow(SCALE);
            let (word, length) = short_word((magnitude / unit) as u32);
            let digits = (eight_digits((magnitude % unit) as u32) | ASCII) >> (8 * (8 - SCALE));
            let fraction = digits << 8 | b'.' as u64;
            (word as u128 | (fraction as u128) << (8 * length), length + 1 + SCALE as usize)
        }
    };
    signed(unscaled, word, length)
}

/// A word with its sign.
#[inline(always)]
fn signed(value: i64, word: u128, length: usize) -> (u128, usize) {
    if value < 0 { (word << 8 | b'-' as u128, length + 1) } else { (word, length) }
}

/// Puts any integer at the beginning of a cell of 28 bytes or more, and gives its length.
#[inline]
pub fn put_integer(cell: &mut [u8], value: i64) -> usize {
    let mut at = 0;
    if value < 0 {
        cell[0] = b'-';
        at = 1;
    }
    let mut put = |at: usize, word: u64| cell[at..at + 8].copy_from_slice(&word.to_le_bytes());
    let eight = |value: u64| eight_digits(value as u32) | ASCII;
    let magnitude = value.unsigned_abs();
    let (first, rest) = match magnitude {
        0..100_000_000 => (magnitude, 0),
        100_000_000..10_000_000_000_000_000 => (magnitude / 100_000_000, 1),
        _ => (magnitude / 10_000_000_000_000_000, 2),
    };
    let (word, length) = short_word(first as u32);
    put(at, word);
    at += length;
    if rest == 2 {
        put(at, eight(magnitude / 100_000_000 % 100_000_000));
        at += 8;
    }
    if rest >= 1 {
        put(at, eight(magnitude % 100_000_000));
        at += 8;
    }
    at
}

/// A decimal integer.
#[inline]
pub fn integer(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    unsigned(out, value.unsigned_abs());
}

/// An unscaled decimal with `scale` digits after the point.
#[inline]
pub fn decimal(out: &mut Vec<u8>, unscaled: i128, scale: u8) {
    if unscaled < 0 {
        out.push(b'-');
    }
    match (u64::try_from(unscaled.unsigned_abs()), scale) {
        (Ok(magnitude), 0) => unsigned(out, magnitude),
        // By far the most common; dividing by a constant is a multiplication.
        (Ok(magnitude), 2) => {
            unsigned(out, magnitude / 100);
            fraction(out, (magnitude % 100) as u32, 2);
        }
        (Ok(magnitude), 1..=7) => {
            let unit = 10u64.pow(scale as u32);
            unsigned(out, magnitude / unit);
            fraction(out, (magnitude % unit) as u32, scale);
        }
        _ => wide_decimal(out, unscaled.unsigned_abs(), scale),
    }
}

/// The point and at most seven digits after it.
#[inline]
fn fraction(out: &mut Vec<u8>, value: u32, scale: u8) {
    let digits = (eight_digits(value) | ASCII) >> (8 * (8 - scale as u32));
    push_word(out, digits << 8 | b'.' as u64, scale as usize + 1);
}

#[cold]
fn wide_decimal(out: &mut Vec<u8>, magnitude: u128, scale: u8) {
    let unit = 10u128.pow(scale as u32);
    wide_unsigned(out, magnitude / unit);
    if scale > 0 {
        out.push(b'.');
        padded(out, magnitude % unit, scale as usize);
    }
}

#[inline]
pub(super) fn unsigned(out: &mut Vec<u8>, value: u64) {
    if value < 100_000_000 {
        short(out, value as u32);
    } else if value < 10_000_000_000_000_000 {
        short(out, (value / 100_000_000) as u32);
        eight(out, (value % 100_000_000) as u32);
    } else {
        let rest = value % 10_000_000_000_000_000;
        short(out, (value / 10_000_000_000_000_000) as u32);
        eight(out, (rest / 100_000_000) as u32);
        eight(out, (rest % 100_000_000) as u32);
    }
}

fn wide_unsigned(out: &mut Vec<u8>, value: u128) {
    match u64::try_from(value) {
        Ok(small) => unsigned(out, small),
        Err(_) => {
            wide_unsigned(out, value / 100_000_000);
            eight(out, (value % 100_000_000) as u32);
        }
    }
}

/// A number below 10^8 without leading zeros.
#[inline]
fn short(out: &mut Vec<u8>, value: u32) {
    let (word, length) = short_word(value);
    push_word(out, word, length);
}

/// The digits of a number below 10^8 without leading zeros, in the low bytes, and how many there are.
#[inline(always)]
fn short_word(value: u32) -> (u64, usize) {
    let digits = eight_digits(value);
    // The last digit stays, even of zero.
    let zeros = (digits | 1 << 56).trailing_zeros() / 8;
    ((digits | ASCII) >> (8 * zeros), 8 - zeros as usize)
}

/// A number below 10^8 with all eight digits.
#[inline]
fn eight(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&(eight_digits(value) | ASCII).to_le_bytes());
}

/// The last `width` digits, zeros in front.
fn padded(out: &mut Vec<u8>, value: u128, width: usize) {
    let last = (value % 100_000_000) as u32;
    if width > 8 {
        padded(out, value / 100_000_000, width - 8);
        eight(out, last);
    } else {
        push_word(out, (eight_digits(last) | ASCII) >> (8 * (8 - width)), width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = b">".to_vec();
        write(&mut out);
        String::from_utf8(out).unwrap().split_off(1)
    }

    /// The slow way.
    fn plain_decimal(unscaled: i128, scale: usize) -> String {
        let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let sign = if unscaled < 0 { "-" } else { "" };
        if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }

    #[test]
    fn every_length_of_integer_is_written() {
        for power in 0..19 {
            for value in [10i64.pow(power) - 1, 10i64.pow(power), 10i64.pow(power) + 1] {
                assert_eq!(written(|out| integer(out, value)), value.to_string());
                assert_eq!(written(|out| integer(out, -value)), (-value).to_string());
            }
        }
        assert_eq!(written(|out| integer(out, i64::MIN)), "-9223372036854775808");
        assert_eq!(written(|out| integer(out, i64::MAX)), "9223372036854775807");
    }

    #[test]
    fn all_words_of_four_digits_are_right_in_either_half() {
        for value in 0..10_000u32 {
            assert_eq!(written(|out| eight(out, value)), format!("{value:08}"));
            assert_eq!(written(|out| eight(out, value * 10_000)), format!("{:08}", value * 10_000));
        }
    }

    #[test]
    fn decimals_keep_their_scale_and_their_sign() {
        assert_eq!(written(|out| decimal(out, -5, 2)), "-0.05");
        assert_eq!(written(|out| decimal(out, 0, 3)), "0.000");
        assert_eq!(written(|out| decimal(out, 1_999, 2)), "19.99");
        let most = 10i128.pow(38) - 1;
        assert_eq!(written(|out| decimal(out, most, 38)), format!("0.{}", "9".repeat(38)));
        assert_eq!(written(|out| decimal(out, -most, 0)), format!("-{}", "9".repeat(38)));
    }

    proptest! {
        #[test]
        fn integers_equal_the_standard_librarys(value: i64) {
            prop_assert_eq!(written(|out| integer(out, value)), value.to_string());
        }

        #[test]
        fn decimals_equal_the_slow_way(value: i128, narrow in 0u32..127, scale in 0usize..=38) {
            let value = (value >> narrow) % 10i128.pow(38);
            prop_assert_eq!(written(|out| decimal(out, value, scale as u8)), plain_decimal(value, scale));
        }
    }
}
