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

/// Room for any integer, or decimal of up to four digits after the point, and for what its last stores overwrite.
pub const NUMBER: usize = 32;

/// The digits of the numbers below 10,000, all four of them. Looking them up takes a third of the instructions of
/// [`eight_digits`]; half of them would take twice as many look-ups.
static FOUR_DIGITS: [[u8; 4]; 10_000] = four_digits();

const fn four_digits() -> [[u8; 4]; 10_000] {
    let mut digits = [[0; 4]; 10_000];
    let mut number = 0;
    while number < digits.len() {
        let (mut at, mut rest) = (4, number);
        while at > 0 {
            at -= 1;
            digits[number][at] = (rest % 10) as u8 + b'0';
            rest /= 10;
        }
        number += 1;
    }
    digits
}

/// Eight digits of a number below 10^8, in ASCII, from the table.
#[inline(always)]
fn looked_up(number: u32) -> u64 {
    let four = |number: u32| u32::from_le_bytes(FOUR_DIGITS[(number % 10_000) as usize]) as u64;
    four(number / 10_000) | four(number) << 32
}

/// Puts a word somewhere.
#[inline(always)]
fn put_word(cell: &mut [u8; NUMBER], at: usize, word: u64) {
    // Wherever numbers lead, the word's place is within the cell; the compiler is told so.
    let at = at.min(NUMBER - 8);
    cell[at..at + 8].copy_from_slice(&word.to_le_bytes());
}

/// Puts a number without leading zeros at a place, and gives the place behind it.
#[inline(always)]
fn put_natural(cell: &mut [u8; NUMBER], at: usize, number: u64) -> usize {
    if number < 100_000_000 {
        return put_short(cell, at, number as u32);
    }
    put_long(cell, at, number)
}

/// As [`put_natural`], of a number below 10^8.
#[inline(always)]
fn put_short(cell: &mut [u8; NUMBER], at: usize, number: u32) -> usize {
    let digits = looked_up(number);
    // The last digit stays, even of zero.
    let zeros = ((digits ^ ASCII) | 1 << 56).trailing_zeros() & !7;
    put_word(cell, at, digits >> zeros);
    at + 8 - zeros as usize / 8
}

/// As [`put_natural`], of any number.
fn put_long(cell: &mut [u8; NUMBER], at: usize, number: u64) -> usize {
    const EIGHT: u64 = 100_000_000;
    let at = put_natural(cell, at, number / EIGHT);
    put_word(cell, at, looked_up((number % EIGHT) as u32));
    at + 8
}

/// Puts any integer at the beginning of a cell, and gives its length.
#[inline(always)]
pub fn put_integer(cell: &mut [u8; NUMBER], value: i64) -> usize {
    cell[0] = b'-';
    put_natural(cell, usize::from(value < 0), value.unsigned_abs())
}

/// Puts an unscaled decimal with `SCALE` (1 to 4) digits after the point at the beginning of a cell, and gives its length.
#[inline(always)]
pub fn put_decimal<const SCALE: u32>(cell: &mut [u8; NUMBER], unscaled: i64) -> usize {
    const { assert!(SCALE >= 1 && SCALE <= 4) };
    let unit = 10u64.pow(SCALE);
    let magnitude = unscaled.unsigned_abs();
    cell[0] = b'-';
    let at = put_natural(cell, usize::from(unscaled < 0), magnitude / unit);
    let part = u32::from_le_bytes(FOUR_DIGITS[(magnitude % unit) as usize]) >> (8 * (4 - SCALE));
    put_word(cell, at, (part as u64) << 8 | b'.' as u64);
    at + 1 + SCALE as usize
}

/// A number of at most sixteen digits as the low bytes of a word, and how many there are: with zeros in front where they would be
/// fewer than `width`, which is at most sixteen.
#[inline(always)]
pub fn padded_integer(value: u64, width: usize) -> (u128, usize) {
    debug_assert!(value < 10_000_000_000_000_000 && width <= 16);
    let (high, low) = ((value / 100_000_000) as u32, (value % 100_000_000) as u32);
    let digits = eight_digits(high) as u128 | (eight_digits(low) as u128) << 64;
    // The last digit stays, even of zero.
    let zeros = (digits | 1 << 120).trailing_zeros() as usize / 8;
    let length = (16 - zeros).max(width);
    ((digits | (ASCII as u128) << 64 | ASCII as u128) >> (8 * (16 - length)), length)
}

/// As [`padded_integer`], of at most eight digits in a width of at most eight.
#[inline(always)]
pub fn short_padded_integer(value: u32, width: usize) -> (u64, usize) {
    debug_assert!(width <= 8);
    let digits = eight_digits(value);
    let zeros = (digits | 1 << 56).trailing_zeros() as usize / 8;
    let length = (8 - zeros).max(width);
    ((digits | ASCII) >> (8 * (8 - length)), length)
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

    proptest! {
        #[test]
        fn padded_integers_equal_the_standard_librarys(value: u64, narrow in 0u32..64, width in 0usize..=16) {
            let value = (value >> narrow) % 10_000_000_000_000_000;
            let (word, length) = padded_integer(value, width);
            prop_assert_eq!(word.to_le_bytes()[..length].to_vec(), format!("{value:0width$}").into_bytes());
            let (value, width) = ((value % 100_000_000) as u32, width / 2);
            let (word, length) = short_padded_integer(value, width);
            prop_assert_eq!(word.to_le_bytes()[..length].to_vec(), format!("{value:0width$}").into_bytes());
        }
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

    fn put(write: impl FnOnce(&mut [u8; NUMBER]) -> usize) -> String {
        let mut cell = [b'?'; NUMBER];
        let length = write(&mut cell);
        String::from_utf8(cell[..length].to_vec()).unwrap()
    }

    #[test]
    fn every_length_of_number_is_put_into_a_cell() {
        let powers = (0..19).map(|power| 10i64.pow(power));
        for value in powers.flat_map(|power| [power - 1, power, power + 1]).chain([i64::MAX]) {
            for value in [value, -value, -value - 1] {
                assert_eq!(put(|cell| put_integer(cell, value)), value.to_string());
                assert_eq!(put(|cell| put_decimal::<1>(cell, value)), plain_decimal(value as i128, 1));
                assert_eq!(put(|cell| put_decimal::<2>(cell, value)), plain_decimal(value as i128, 2));
                assert_eq!(put(|cell| put_decimal::<3>(cell, value)), plain_decimal(value as i128, 3));
                assert_eq!(put(|cell| put_decimal::<4>(cell, value)), plain_decimal(value as i128, 4));
            }
        }
    }

    #[test]
    fn all_words_of_four_digits_are_in_the_table() {
        for value in 0..10_000u32 {
            assert_eq!(looked_up(value).to_le_bytes(), format!("{value:08}").as_bytes());
            assert_eq!(looked_up(value * 10_000).to_le_bytes(), format!("{:08}", value * 10_000).as_bytes());
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
            prop_assert_eq!(put(|cell| put_integer(cell, value)), value.to_string());
        }

        #[test]
        fn numbers_put_into_cells_equal_the_slow_way(value: i64, narrow in 0u32..63) {
            let value = value >> narrow;
            prop_assert_eq!(put(|cell| put_integer(cell, value)), value.to_string());
            prop_assert_eq!(put(|cell| put_decimal::<2>(cell, value)), plain_decimal(value as i128, 2));
            prop_assert_eq!(put(|cell| put_decimal::<4>(cell, value)), plain_decimal(value as i128, 4));
        }

        #[test]
        fn decimals_equal_the_slow_way(value: i128, narrow in 0u32..127, scale in 0usize..=38) {
            let value = (value >> narrow) % 10i128.pow(38);
            prop_assert_eq!(written(|out| decimal(out, value, scale as u8)), plain_decimal(value, scale));
        }
    }
}
