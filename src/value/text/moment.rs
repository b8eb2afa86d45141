//! Dates, times and intervals.

use super::digits::{ASCII, eight_digits, integer, push_word};
use crate::value::Interval;
use crate::value::civil::{DAY, civil_from_days};

/// `2026-01-31`.
#[inline]
pub fn date(out: &mut Vec<u8>, days: i64) {
    if is_common_day(days) {
        let end = out.len() + 10;
        out.extend_from_slice(&common_date(days, 0).to_le_bytes());
        out.truncate(end);
    } else {
        far_date(out, days);
        era(out, days);
    }
}

/// The date of a [common day](is_common_day) as the low bytes of a word, and its length.
#[inline(always)]
pub fn common_day(days: i64) -> (u128, usize) {
    (common_date(days, 0), 10)
}

/// The first and the last of them.
const COMMON_DAYS: (i64, i64) = (-719_162, 2_932_896);

/// Whether the day lies in the years 1 to 9999, which are written with four digits and without an era.
#[inline]
pub fn is_common_day(days: i64) -> bool {
    (COMMON_DAYS.0..=COMMON_DAYS.1).contains(&days)
}

/// Whether the instant lies on a [common day](is_common_day).
#[inline]
pub fn is_common_instant(micros: i64) -> bool {
    (COMMON_DAYS.0 * DAY..(COMMON_DAYS.1 + 1) * DAY).contains(&micros)
}

/// Puts a [common instant](is_common_instant) at the beginning of a cell of 30 bytes or more, and gives its length.
#[inline(always)]
pub fn put_common_instant(cell: &mut [u8], micros: i64, separator: u8, zone: &[u8]) -> usize {
    let (days, of_day) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    cell[..16].copy_from_slice(&common_date(days, separator).to_le_bytes());
    cell[11..19].copy_from_slice(&clock((of_day / 1_000_000) as u32).to_le_bytes());
    let mut end = 19;
    let fraction = (of_day % 1_000_000) as u32;
    if fraction > 0 {
        let (word, length) = fraction_word(fraction);
        cell[end] = b'.';
        cell[end + 1..end + 9].copy_from_slice(&word.to_le_bytes());
        end += 1 + length;
    }
    cell[end..end + zone.len()].copy_from_slice(zone);
    end + zone.len()
}

/// `13:05:00` or `13:05:00.25`.
#[inline]
pub fn time(out: &mut Vec<u8>, micros: i64) {
    out.extend_from_slice(&clock((micros / 1_000_000) as u32).to_le_bytes());
    second_fraction(out, (micros % 1_000_000) as u32);
}

/// `2026-01-31 13:05:00` with up to six digits of a second, none when zero.
#[inline]
pub fn timestamp(out: &mut Vec<u8>, micros: i64) {
    instant(out, micros, b' ', b"");
}

/// As [`timestamp`] with `+00`.
#[inline]
pub fn timestamptz(out: &mut Vec<u8>, micros: i64) {
    instant(out, micros, b' ', b"+00");
}

/// `2026-01-31T13:05:00`, as ISO 8601 and JSON readers want it.
#[inline]
pub fn iso_timestamp(out: &mut Vec<u8>, micros: i64) {
    instant(out, micros, b'T', b"");
}

#[inline]
fn instant(out: &mut Vec<u8>, micros: i64, separator: u8, zone: &[u8]) {
    let (days, of_day) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    if is_common_day(days) {
        let mut cell = [0; 32];
        let length = put_common_instant(&mut cell, micros, separator, zone);
        let end = out.len() + length;
        out.extend_from_slice(&cell);
        out.truncate(end);
    } else {
        far_date(out, days);
        out.push(separator);
        time(out, of_day);
        out.extend_from_slice(zone);
        era(out, days);
    }
}

/// `2026-01-31` and one more byte, in the low bytes of a word.
#[inline]
fn common_date(days: i64, next: u8) -> u128 {
    let (year, month, day) = common_civil(days);
    let digits = eight_digits(year * 10_000 + month * 100 + day) | ASCII;
    let (year, month, day) = (digits & 0xffff_ffff, digits >> 32 & 0xffff, digits >> 48);
    let low = year | (b'-' as u64) << 32 | month << 40 | (b'-' as u64) << 56;
    low as u128 | (day as u128) << 64 | (next as u128) << 80
}

/// The civil date of a common day: `civil::civil_from_days` in 32 bits, after Neri and Schneider, "Euclidean affine functions
/// and their application to calendar algorithms" (2022).
#[inline]
fn common_civil(days: i64) -> (u32, u32, u32) {
    // Days since 0000-03-01.
    let day = (days + 719_468) as u32;
    let quarters = 4 * day + 3;
    let (century, day_of_century) = (quarters / 146_097, quarters % 146_097 / 4);
    let product = 2_939_745 * (4 * day_of_century + 3) as u64;
    let (year_of_century, day_of_year) = ((product >> 32) as u32, product as u32 / 2_939_745 / 4);
    let shifted = 2_141 * day_of_year + 197_913;
    let (month, day) = (shifted >> 16, (shifted & 0xffff) / 2_141 + 1);
    let year = 100 * century + year_of_century;
    if day_of_year >= 306 { (year + 1, month - 12, day) } else { (year, month, day) }
}

/// `13:05:00` of a second of the day, as a word.
#[inline]
fn clock(second: u32) -> u64 {
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let digits = eight_digits(hour * 1_000_000 + minute * 10_000 + second * 100) | ASCII;
    let (hour, minute, second) = (digits & 0xffff, digits >> 16 & 0xffff, digits >> 32 & 0xffff);
    hour | (b':' as u64) << 16 | minute << 24 | (b':' as u64) << 40 | second << 48
}

/// `.25`; nothing for zero.
#[inline]
fn second_fraction(out: &mut Vec<u8>, micros: u32) {
    if micros > 0 {
        let (word, length) = fraction_word(micros);
        out.push(b'.');
        push_word(out, word, length);
    }
}

/// The digits of a part of a second without trailing zeros, and how many there are; `micros` is not 0.
#[inline]
fn fraction_word(micros: u32) -> (u64, usize) {
    let digits = eight_digits(micros * 100);
    (digits | ASCII, 8 - digits.leading_zeros() as usize / 8)
}

/// A date before year 1 or after 9999, without its era.
#[cold]
fn far_date(out: &mut Vec<u8>, days: i64) {
    let (year, month, day) = civil_from_days(days);
    let year = if year > 0 { year } else { 1 - year };
    if year < 10_000 {
        push_word(out, (eight_digits(year as u32) | ASCII) >> 32, 4);
    } else {
        integer(out, year);
    }
    for part in [month, day] {
        push_word(out, (eight_digits(part) | ASCII) >> 40 & !0xff | b'-' as u64, 3);
    }
}

fn era(out: &mut Vec<u8>, days: i64) {
    if days < -719_162 {
        out.extend_from_slice(b" BC");
    }
}

/// PostgreSQL's default style: `1 year 2 mons 3 days 04:05:06`.
pub fn interval(out: &mut Vec<u8>, value: Interval) {
    let start = out.len();
    // A positive part after a negative one shows its sign, as EncodeInterval does.
    let mut after_negative = false;
    let parts = [(value.months / 12, "year"), (value.months % 12, "mon"), (value.days, "day")];
    for (count, unit) in parts.into_iter().filter(|(count, _)| *count != 0) {
        if out.len() > start {
            out.push(b' ');
        }
        if after_negative && count > 0 {
            out.push(b'+');
        }
        integer(out, count as i64);
        out.push(b' ');
        out.extend_from_slice(unit.as_bytes());
        if count != 1 {
            out.push(b's');
        }
        after_negative = count < 0;
    }
    if out.len() > start && value.micros == 0 {
        return;
    }
    if out.len() > start {
        out.push(b' ');
    }
    match value.micros {
        micros if micros < 0 => out.push(b'-'),
        _ if after_negative => out.push(b'+'),
        _ => {}
    }
    hours(out, value.micros.unsigned_abs());
}

/// `04:05:06.7`, with as many digits of hours as it takes.
fn hours(out: &mut Vec<u8>, micros: u64) {
    let seconds = micros / 1_000_000;
    let (hours, rest) = (seconds / 3_600, (seconds % 3_600) as u32);
    if hours < 100 {
        push_word(out, (eight_digits(hours as u32) | ASCII) >> 48, 2);
    } else {
        integer(out, hours as i64);
    }
    push_word(out, clock(rest) >> 16, 6);
    second_fraction(out, (micros % 1_000_000) as u32);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::civil::days_from_civil;
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_common_day_has_its_civil_date() {
        for days in -719_162..=2_932_896 {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(common_civil(days), (year as u32, month, day));
        }
    }

    #[test]
    fn dates_and_instants_are_iso_with_blanks() {
        assert_eq!(written(|out| date(out, 0)), "1970-01-01");
        assert_eq!(written(|out| date(out, days_from_civil(2024, 2, 29))), "2024-02-29");
        assert_eq!(written(|out| timestamp(out, -1)), "1969-12-31 23:59:59.999999");
        assert_eq!(written(|out| timestamptz(out, 86_399_500_000)), "1970-01-01 23:59:59.5+00");
        assert_eq!(written(|out| iso_timestamp(out, 0)), "1970-01-01T00:00:00");
        assert_eq!(written(|out| time(out, DAY - 1)), "23:59:59.999999");
    }

    #[test]
    fn far_years_show_all_digits_and_their_era() {
        assert_eq!(written(|out| date(out, days_from_civil(10_000, 1, 2))), "10000-01-02");
        assert_eq!(written(|out| date(out, days_from_civil(0, 12, 31))), "0001-12-31 BC");
        let noon = days_from_civil(-43, 3, 15) * DAY + DAY / 2;
        assert_eq!(written(|out| timestamptz(out, noon)), "0044-03-15 12:00:00+00 BC");
    }

    /// Each expectation was printed by PostgreSQL 15.
    #[test]
    fn intervals_look_as_in_postgres() {
        let hour = 3_600_000_000i64;
        for (months, days, micros, text) in [
            (0, 0, 0, "00:00:00"),
            (12, 0, 0, "1 year"),
            (14, 3, 4 * hour + 5 * 60_000_000 + 6_000_000, "1 year 2 mons 3 days 04:05:06"),
            (-14, 3, -(4 * hour + 5 * 60_000_000 + 6_500_000), "-1 years -2 mons +3 days -04:05:06.5"),
            (0, -1, hour, "-1 days +01:00:00"),
            (0, 1, 0, "1 day"),
            (0, 0, 1000 * hour, "1000:00:00"),
        ] {
            assert_eq!(written(|out| interval(out, Interval { months, days, micros })), text);
        }
    }

    proptest! {
        #[test]
        fn instants_equal_the_slow_way(micros in -719_162 * DAY..2_932_897 * DAY) {
            let (year, month, day) = civil_from_days(micros.div_euclid(DAY));
            let of_day = micros.rem_euclid(DAY);
            let second = of_day / 1_000_000;
            let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
            let whole = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
            let expected = match of_day % 1_000_000 {
                0 => whole,
                fraction => format!("{whole}.{fraction:06}").trim_end_matches('0').to_string(),
            };
            prop_assert_eq!(written(|out| timestamp(out, micros)), expected);
        }
    }
}
