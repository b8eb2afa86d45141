//! PostgreSQL's interval input: a list of numbers with units, a clock, or ISO 8601's `P1DT2H`.

use super::{Interval, SECOND, decimal, digits_up_to, fraction_micros, rescale};

/// PostgreSQL's interval input: `6 days`, `1 year 2 mons`, `04:05:06`, `1.5 hours`, ISO `P1DT2H`, `ago`.
pub fn interval(text: &str) -> Option<Interval> {
    let text = text.trim();
    if let Some(parts) = text.strip_prefix('P') {
        return iso(parts);
    }
    let mut words = text.split_whitespace().flat_map(split_number).peekable();
    let mut sum = Sum::default();
    let mut ago = false;
    words.peek()?;
    while let Some(word) = words.next() {
        if word == "@" {
            continue;
        }
        if word.eq_ignore_ascii_case("ago") {
            ago = true;
        } else if ago {
            return None;
        } else if word.contains(':') {
            sum.micros += clock(word)? as i128;
        } else {
            let (value, scale) = decimal(word)?;
            // A bare number counts seconds, as in PostgreSQL; `2 04:05` has days before the clock.
            let unit = match words.peek() {
                Some(next) if next.contains(':') => Unit::Day,
                Some(next) if !next.eq_ignore_ascii_case("ago") => Unit::named(words.next()?)?,
                _ => Unit::Second,
            };
            sum.add(value, scale, unit)?;
        }
    }
    sum.interval(ago)
}

/// `6days` is `6` and `days`.
fn split_number(word: &str) -> impl Iterator<Item = &str> {
    let starts_as_number = word.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let split = word.find(|part: char| part.is_ascii_alphabetic());
    match split {
        Some(at) if starts_as_number && at > 0 => vec![&word[..at], &word[at..]],
        _ => vec![word],
    }
    .into_iter()
}

#[derive(Clone, Copy)]
enum Unit {
    Month(i128),
    Day,
    Week,
    Hour,
    Minute,
    Second,
    Milli,
    Micro,
}

impl Unit {
    fn named(word: &str) -> Option<Unit> {
        let word = word.to_ascii_lowercase();
        Some(match word.as_str() {
            "y" | "yr" | "yrs" | "year" | "years" => Unit::Month(12),
            "decade" | "decades" => Unit::Month(120),
            "century" | "centuries" => Unit::Month(1_200),
            "millennium" | "millennia" => Unit::Month(12_000),
            "mon" | "mons" | "month" | "months" => Unit::Month(1),
            "w" | "week" | "weeks" => Unit::Week,
            "d" | "day" | "days" => Unit::Day,
            "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hour,
            "m" | "min" | "mins" | "minute" | "minutes" => Unit::Minute,
            "s" | "sec" | "secs" | "second" | "seconds" => Unit::Second,
            "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => Unit::Milli,
            "us" | "usec" | "usecs" | "microsecond" | "microseconds" => Unit::Micro,
            _ => return None,
        })
    }
}

/// The three counts, wide enough not to overflow on the way.
#[derive(Default)]
struct Sum {
    months: i128,
    days: i128,
    micros: i128,
}

const DAY_MICROS: i128 = super::DAY as i128;

impl Sum {
    /// Adds `value / 10^scale` units. Fractions go down: of a year to months, of a month to days of which it has 30, of
    /// a day to microseconds.
    fn add(&mut self, value: i128, scale: u8, unit: Unit) -> Option<()> {
        let micros = |unit: i128| rescale(value.checked_mul(unit)?, scale, 0);
        match unit {
            Unit::Month(12) | Unit::Month(120..) => {
                let Unit::Month(months) = unit else { return None };
                self.months += rescale(value.checked_mul(months)?, scale, 0)?;
            }
            Unit::Month(_) => {
                let one = 10i128.checked_pow(scale as u32)?;
                self.months += value / one;
                self.add_days(value % one * 30, one)?;
            }
            Unit::Day => self.add_days(value, 10i128.checked_pow(scale as u32)?)?,
            Unit::Week => self.add_days(value.checked_mul(7)?, 10i128.checked_pow(scale as u32)?)?,
            Unit::Hour => self.micros += micros(3_600_000_000)?,
            Unit::Minute => self.micros += micros(60_000_000)?,
            Unit::Second => self.micros += micros(1_000_000)?,
            Unit::Milli => self.micros += micros(1_000)?,
            Unit::Micro => self.micros += micros(1)?,
        }
        Some(())
    }

    fn add_days(&mut self, value: i128, one: i128) -> Option<()> {
        self.days += value / one;
        self.micros += (value % one).checked_mul(DAY_MICROS)? / one;
        Some(())
    }

    fn interval(self, negate: bool) -> Option<Interval> {
        let sign = if negate { -1 } else { 1 };
        Some(Interval {
            months: (sign * self.months).try_into().ok()?,
            days: (sign * self.days).try_into().ok()?,
            micros: (sign * self.micros).try_into().ok()?,
        })
    }
}

/// `[+-]HH:MM[:SS[.ffffff]]`; hours may be any number.
fn clock(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let mut parts = text.strip_prefix(['+', '-']).unwrap_or(text).split(':');
    let (hours, minutes) = (digits_up_to(parts.next()?, 9)?, digits_up_to(parts.next()?, 2)?);
    let (whole, fraction) = match parts.next() {
        Some(seconds) => seconds.split_once('.').unwrap_or((seconds, "")),
        None => ("0", ""),
    };
    let seconds = digits_up_to(whole, 2)?;
    let fits = parts.next().is_none() && minutes < 60 && seconds < 60;
    fits.then_some(())?;
    Some(sign * ((hours * 3_600 + minutes * 60 + seconds) * SECOND + fraction_micros(fraction)?))
}

/// `1Y2M3DT4H5M6.5S`, what follows the `P`.
fn iso(text: &str) -> Option<Interval> {
    let (mut rest, mut in_time, mut sum) = (text, false, Sum::default());
    let mut parts = 0;
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T') {
            if in_time {
                return None;
            }
            (rest, in_time) = (time, true);
        }
        let at = rest.find(|part: char| part.is_ascii_alphabetic())?;
        let (value, scale) = decimal(&rest[..at])?;
        let unit = match (&rest[at..at + 1], in_time) {
            ("Y", false) => Unit::Month(12),
            ("M", false) => Unit::Month(1),
            ("W", false) => Unit::Week,
            ("D", false) => Unit::Day,
            ("H", true) => Unit::Hour,
            ("M", true) => Unit::Minute,
            ("S", true) => Unit::Second,
            _ => return None,
        };
        sum.add(value, scale, unit)?;
        rest = &rest[at + 1..];
        parts += 1;
    }
    (parts > 0).then(|| sum.interval(false)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_read_as_postgresql_reads_them() {
        let of = |months, days, micros| Some(Interval { months, days, micros });
        let hour = 3_600_000_000;
        for (text, expected) in [
            ("6 days", of(0, 6, 0)),
            ("6days", of(0, 6, 0)),
            ("1 year 2 mons", of(14, 0, 0)),
            ("1 year 2 mons 3 days 04:05:06.5", of(14, 3, 4 * hour + 306_500_000)),
            ("-04:05", of(0, 0, -4 * hour - 300_000_000)),
            ("1.5 hours", of(0, 0, hour * 3 / 2)),
            ("1.5 days", of(0, 1, 12 * hour)),
            ("1.5 months", of(1, 15, 0)),
            ("1.5 years", of(18, 0, 0)),
            ("2 weeks ago", of(0, -14, 0)),
            ("2 04:00", of(0, 2, 4 * hour)),
            ("90", of(0, 0, 90_000_000)),
            ("P1DT2H", of(0, 1, 2 * hour)),
            ("P1Y2M3W", of(14, 21, 0)),
            ("PT0.5S", of(0, 0, 500_000)),
            ("P", None),
            ("", None),
            ("6 dogs", None),
            ("days", None),
            ("1 day ago 2 days", None),
        ] {
            assert_eq!(interval(text), expected, "{text}");
        }
    }
}
