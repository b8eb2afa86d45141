//! Reads values written as in SQL: dates, times, decimals, intervals, uuids.
//!
//! Stricter than PostgreSQL where it guesses (only ISO dates, no words such as `today`), equal to it in everything that is
//! accepted.

use super::civil::{DAY, days_from_civil, days_in_month};
use super::{Interval, SqlType};

mod intervals;
pub use intervals::interval;

/// A value of a scalar type, as read from a spec or a literal; `Int` etc. as in [`super::Layout`].
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// `Layout::Int`.
    Int(i64),
    /// `Layout::Wide`.
    Wide(i128),
    /// `Layout::Float`.
    Float(f64),
    /// `Layout::Bool`.
    Bool(bool),
    /// `Layout::Text`; bytes for bytea.
    Text(Vec<u8>),
    /// `Layout::Uuid`.
    Uuid(u128),
    /// `Layout::Interval`.
    Interval(Interval),
}

const SECOND: i64 = 1_000_000;

/// Reads `text` as a value of `sql_type`; the error says what was expected, e.g. "expected a date such as 2026-01-31".
/// Checks ranges: integers of their width, numerics of their precision (rounding half away from zero to the scale), text of
/// at most its length, labels of an enum, JSON well-formed, inet addresses valid.
pub fn scalar(text: &str, sql_type: &SqlType) -> Result<Scalar, String> {
    let trimmed = text.trim();
    let expected = |what: &str| format!("expected {what}, found `{trimmed}`");
    match sql_type {
        SqlType::SmallInt | SqlType::Int | SqlType::BigInt => integer(trimmed, sql_type),
        SqlType::Numeric { precision, scale, .. } => numeric(trimmed, *precision, *scale, sql_type),
        SqlType::Real | SqlType::Double => float(trimmed, sql_type),
        SqlType::Boolean => boolean(trimmed).map(Scalar::Bool).ok_or_else(|| expected("true or false")),
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) => characters(text, sql_type),
        SqlType::Date => date(trimmed)
            .or_else(|| timestamp(trimmed).map(|micros| micros.div_euclid(DAY)))
            .map(Scalar::Int)
            .ok_or_else(|| expected("a date such as 2026-01-31")),
        SqlType::Time => {
            time(trimmed).map(Scalar::Int).ok_or_else(|| expected("a time of day such as 13:05:00"))
        }
        SqlType::Timestamp => local_timestamp(trimmed)
            .map(Scalar::Int)
            .ok_or_else(|| expected("a timestamp such as 2026-01-31 13:05:00")),
        SqlType::Timestamptz => timestamp(trimmed)
            .map(Scalar::Int)
            .ok_or_else(|| expected("a timestamp such as 2026-01-31 13:05:00+00")),
        SqlType::Interval => {
            interval(trimmed).map(Scalar::Interval).ok_or_else(|| expected("an interval such as 6 days"))
        }
        SqlType::Uuid => uuid(trimmed)
            .map(Scalar::Uuid)
            .ok_or_else(|| expected("a uuid such as 123e4567-e89b-12d3-a456-426614174000")),
        SqlType::Json | SqlType::Jsonb => match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => Ok(Scalar::Text(text.as_bytes().to_vec())),
            Err(error) => Err(format!("expected well-formed JSON: {error}")),
        },
        SqlType::Bytea => bytea(text)
            .map(Scalar::Text)
            .ok_or_else(|| expected("bytes as \\x and pairs of hex digits, such as \\xdeadbeef")),
        SqlType::Inet => inet(trimmed)
            .map(|text| Scalar::Text(text.into_bytes()))
            .ok_or_else(|| expected("an IP address such as 192.168.0.1 or 10.0.0.0/8")),
        SqlType::Enum(of) if of.labels.iter().any(|label| label == text) => {
            Ok(Scalar::Text(text.as_bytes().to_vec()))
        }
        SqlType::Enum(of) => {
            Err(match crate::diagnostic::closest(text, of.labels.iter().map(String::as_str)) {
                Some(best) => format!("`{text}` is not a label of {sql_type}; did you mean `{best}`?"),
                None => format!("`{text}` is not a label of {sql_type}: it has {}", of.labels.join(", ")),
            })
        }
        SqlType::Array(_) => Err("expected a list".to_owned()),
    }
}

fn integer(text: &str, sql_type: &SqlType) -> Result<Scalar, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("expected a whole number, found `{text}`"));
    }
    let (low, high) = sql_type.int_bounds().expect("integers have bounds");
    match text.parse::<i64>() {
        Ok(value) if (low..=high).contains(&value) => Ok(Scalar::Int(value)),
        _ => Err(format!("{text} is out of range for {sql_type} ({low} to {high})")),
    }
}

fn numeric(text: &str, precision: u8, scale: u8, sql_type: &SqlType) -> Result<Scalar, String> {
    if !is_decimal(text) {
        return Err(format!("expected a number, found `{text}`"));
    }
    let out_of_range = || format!("{text} is out of range for {sql_type}");
    let (unscaled, digits) = decimal(text).ok_or_else(out_of_range)?;
    let rescaled = rescale(unscaled, digits, scale).ok_or_else(out_of_range)?;
    if rescaled.unsigned_abs() >= 10u128.pow(precision as u32) {
        return Err(out_of_range());
    }
    Ok(if precision <= 18 { Scalar::Int(rescaled as i64) } else { Scalar::Wide(rescaled) })
}

/// An unscaled decimal moved from one scale to another, rounding half away from zero; `None` on overflow.
pub fn rescale(unscaled: i128, from: u8, to: u8) -> Option<i128> {
    if to >= from {
        return 10i128.checked_pow((to - from) as u32)?.checked_mul(unscaled);
    }
    let Some(divisor) = 10i128.checked_pow((from - to) as u32) else { return Some(0) };
    let (quotient, rest) = (unscaled / divisor, unscaled % divisor);
    let up = rest.unsigned_abs() >= (divisor / 2) as u128;
    Some(quotient + if up { unscaled.signum() } else { 0 })
}

fn float(text: &str, sql_type: &SqlType) -> Result<Scalar, String> {
    let word = text.to_ascii_lowercase();
    let value = match word.trim_start_matches(['+', '-']) {
        "nan" => f64::NAN,
        "infinity" | "inf" if word.starts_with('-') => f64::NEG_INFINITY,
        "infinity" | "inf" => f64::INFINITY,
        _ if !is_decimal(text) => return Err(format!("expected a number, found `{text}`")),
        _ => text.parse::<f64>().map_err(|_| format!("expected a number, found `{text}`"))?,
    };
    let stored = if *sql_type == SqlType::Real { value as f32 as f64 } else { value };
    let written_finite = word.ends_with(|last: char| last.is_ascii_digit() || last == '.');
    if written_finite && stored.is_infinite() {
        return Err(format!("{text} is out of range for {sql_type}"));
    }
    Ok(Scalar::Float(stored))
}

fn boolean(text: &str) -> Option<bool> {
    Some(match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" => true,
        "false" | "f" | "no" | "n" | "off" | "0" => false,
        _ => return None,
    })
}

/// Text of at most the type's length; spaces beyond it are cut, as PostgreSQL's input does.
fn characters(text: &str, sql_type: &SqlType) -> Result<Scalar, String> {
    let mut value = text.to_owned();
    if let Some(limit) = sql_type.max_chars() {
        let count = text.chars().count();
        if count > limit as usize {
            let keep = text.char_indices().nth(limit as usize).map_or(text.len(), |(at, _)| at);
            if !text[keep..].bytes().all(|byte| byte == b' ') {
                return Err(format!("value too long for type {sql_type}: `{text}` has {count} characters"));
            }
            value.truncate(keep);
        }
    }
    Ok(Scalar::Text(value.into_bytes()))
}

/// `\xdeadbeef`, or text whose bytes stand for themselves with `\\` and `\ooo` escapes.
fn bytea(text: &str) -> Option<Vec<u8>> {
    if let Some(hex) = text.strip_prefix("\\x") {
        let digits: Vec<u8> = hex
            .chars()
            .filter(|digit| !digit.is_ascii_whitespace())
            .map(|digit| digit.to_digit(16).map(|digit| digit as u8))
            .collect::<Option<_>>()?;
        let pairs = digits.chunks_exact(2);
        return pairs
            .remainder()
            .is_empty()
            .then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'\\', [b'\\', tail @ ..]) => {
                bytes.push(b'\\');
                tail
            }
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..]) => {
                bytes.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                tail
            }
            (b'\\', _) => return None,
            _ => {
                bytes.push(*first);
                tail
            }
        };
    }
    Some(bytes)
}

/// An address with an optional prefix length, as PostgreSQL prints it: a full-length prefix is left out.
fn inet(text: &str) -> Option<String> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address: std::net::IpAddr = address.parse().ok()?;
    let full = if address.is_ipv4() { 32 } else { 128 };
    match prefix {
        None => Some(address.to_string()),
        Some(prefix) => {
            let bits =
                prefix.bytes().all(|byte| byte.is_ascii_digit()).then(|| prefix.parse::<u8>().ok())??;
            match bits {
                bits if bits == full => Some(address.to_string()),
                bits if bits < full => Some(format!("{address}/{bits}")),
                _ => None,
            }
        }
    }
}

/// `2026-01-31` as days since 1970-01-01.
pub fn date(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 {
        return None;
    }
    let (year, month, day) = (digits(year)?, digits_up_to(month, 2)? as u32, digits_up_to(day, 2)? as u32);
    let exists = year >= 1 && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    exists.then(|| days_from_civil(year, month, day))
}

/// `2026-01-31`, `2026-01-31 13:05`, `2026-01-31T13:05:00.25Z`, with an optional offset, as microseconds since 1970 UTC.
pub fn timestamp(text: &str) -> Option<i64> {
    let (local, offset) = split_timestamp(text)?;
    Some(local - offset)
}

/// As [`timestamp`], but of no zone: an offset is read and ignored, as PostgreSQL does.
fn local_timestamp(text: &str) -> Option<i64> {
    split_timestamp(text).map(|(local, _)| local)
}

/// Local microseconds, and the offset's.
fn split_timestamp(text: &str) -> Option<(i64, i64)> {
    let Some(split) = text.find(['T', 't', ' ']) else { return Some((date(text)? * DAY, 0)) };
    let days = date(&text[..split])?;
    let clock = text[split + 1..].trim_start();
    let (clock, offset) = match clock.find(['Z', 'z', '+', '-']) {
        Some(at) => (clock[..at].trim_end(), zone_offset(&clock[at..])?),
        None => match clock.to_ascii_lowercase().strip_suffix("utc") {
            Some(_) => (clock[..clock.len() - 3].trim_end(), 0),
            None => (clock, 0),
        },
    };
    Some((days * DAY + time(clock)?, offset))
}

/// `Z`, `+02`, `+02:00`, `-0530` as microseconds east of UTC.
fn zone_offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let rest = &text[1..];
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) => (digits_up_to(hours, 2)?, digits_up_to(minutes, 2)?),
        None if rest.len() == 4 => (digits(rest.get(..2)?)?, digits(rest.get(2..)?)?),
        None => (digits_up_to(rest, 2)?, 0),
    };
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60) * SECOND)
}

/// `13:05[:00[.25]]` as microseconds of day.
pub fn time(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hour = digits_up_to(parts.next()?, 2)?;
    let minute = digits_up_to(parts.next()?, 2)?;
    let micros = match parts.next() {
        None => 0,
        Some(seconds) => {
            let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
            let whole = digits_up_to(whole, 2)?;
            if whole > 59 {
                return None;
            }
            whole * SECOND + fraction_micros(fraction)?
        }
    };
    let fits = parts.next().is_none() && hour < 24 && minute < 60;
    fits.then_some((hour * 3_600 + minute * 60) * SECOND + micros)
}

/// Digits after a decimal point as millionths, rounded to the nearest.
fn fraction_micros(fraction: &str) -> Option<i64> {
    if fraction.is_empty() {
        return Some(0);
    }
    let shown = digits(&fraction[..fraction.len().min(6)])?;
    digits(fraction.get(6..).filter(|rest| !rest.is_empty() && rest.len() < 18).unwrap_or("0"))?;
    let up = fraction.as_bytes().get(6).is_some_and(|digit| *digit >= b'5');
    Some(shown * 10i64.pow(6 - fraction.len().min(6) as u32) + i64::from(up))
}

/// A decimal literal as (unscaled, digits after the point): `-1.50` is (-150, 2); also `1e3`. `None` beyond 38 digits.
pub fn decimal(text: &str) -> Option<(i128, u8)> {
    let text = text.trim();
    if !is_decimal(text) {
        return None;
    }
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    let negative = mantissa.starts_with('-');
    let mantissa = mantissa.trim_start_matches(['+', '-']);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut unscaled = 0i128;
    for digit in whole.bytes().chain(fraction.bytes()) {
        unscaled = unscaled.checked_mul(10)?.checked_add((digit - b'0') as i128)?;
    }
    let mut scale = fraction.len() as i32 - exponent;
    while scale < 0 {
        unscaled = unscaled.checked_mul(10)?;
        scale += 1;
    }
    let fits = unscaled < 10i128.pow(38) && scale <= 38;
    fits.then_some((if negative { -unscaled } else { unscaled }, scale as u8))
}

/// `[+-] digits [. digits] [e [+-] digits]`, with a digit on at least one side of the point.
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fine = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && exponent.len() <= 4 && all_digits(exponent)
    });
    !(whole.is_empty() && fraction.is_empty()) && all_digits(whole) && all_digits(fraction) && exponent_fine
}

/// With or without hyphens or braces.
pub fn uuid(text: &str) -> Option<u128> {
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => text,
    };
    let grouped = inner.len() == 36 && [8, 13, 18, 23].iter().all(|at| inner.as_bytes()[*at] == b'-');
    let hex: String = if grouped { inner.replace('-', "") } else { inner.to_owned() };
    let fits = hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| u128::from_str_radix(&hex, 16).ok()).flatten()
}

/// Digits only, as a number.
fn digits(text: &str) -> Option<i64> {
    let fine = !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    fine.then(|| text.parse().ok()).flatten()
}

fn digits_up_to(text: &str, limit: usize) -> Option<i64> {
    (text.len() <= limit).then(|| digits(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::EnumType;
    use std::sync::Arc;

    #[test]
    fn dates_and_timestamps_are_iso() {
        assert_eq!(date("1970-01-02"), Some(1));
        assert_eq!(date("2024-02-29"), Some(19_782));
        for wrong in
            ["2023-02-29", "2023-13-01", "23-01-01", "2023-01", "2023-01-01x", "-023-01-01", "0000-01-01"]
        {
            assert_eq!(date(wrong), None, "{wrong}");
        }
        let noon = DAY / 2;
        for same in [
            "1970-01-01 12:00",
            "1970-01-01T12:00:00Z",
            "1970-01-01 14:00:00.000+02",
            "1970-01-01 06:30-05:30",
        ] {
            assert_eq!(timestamp(same), Some(noon), "{same}");
        }
        assert_eq!(timestamp("1970-01-01"), Some(0));
        assert_eq!(timestamp("1970-01-01 00:00:00.25"), Some(250_000));
        assert_eq!(timestamp("1970-01-01 24:00"), None);
        assert_eq!(scalar("1970-01-01 12:00+02", &SqlType::Timestamp), Ok(Scalar::Int(noon)));
        assert_eq!(
            scalar("1970-01-01 12:00+02", &SqlType::Timestamptz),
            Ok(Scalar::Int(noon - 7_200_000_000))
        );
    }

    #[test]
    fn decimals_keep_their_digits() {
        assert_eq!(decimal("-1.50"), Some((-150, 2)));
        assert_eq!(decimal("1e3"), Some((1000, 0)));
        assert_eq!(decimal("1.5e-3"), Some((15, 4)));
        assert_eq!(decimal(".5"), Some((5, 1)));
        assert_eq!(decimal("99999999999999999999999999999999999999"), Some((10i128.pow(38) - 1, 0)));
        for wrong in
            ["100000000000000000000000000000000000000", "1e39", "", ".", "1e", "e1", "1.2.3", "0x10", "- 1"]
        {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numerics_round_half_away_from_zero_and_keep_to_their_precision() {
        let money = SqlType::numeric(5, 2);
        assert_eq!(scalar("1.005", &money), Ok(Scalar::Int(101)));
        assert_eq!(scalar("-1.005", &money), Ok(Scalar::Int(-101)));
        assert_eq!(scalar("999.994", &money), Ok(Scalar::Int(99_999)));
        assert_eq!(scalar("999.995", &money), Err("999.995 is out of range for numeric(5,2)".into()));
        assert_eq!(scalar("12", &SqlType::numeric(30, 2)), Ok(Scalar::Wide(1200)));
        assert_eq!(rescale(1, 38, 0), Some(0));
    }

    #[test]
    fn integers_keep_to_their_width() {
        assert_eq!(scalar(" 32767 ", &SqlType::SmallInt), Ok(Scalar::Int(32_767)));
        assert!(scalar("32768", &SqlType::SmallInt).unwrap_err().contains("out of range for smallint"));
        assert_eq!(scalar("9223372036854775807", &SqlType::BigInt), Ok(Scalar::Int(i64::MAX)));
        assert!(scalar("9223372036854775808", &SqlType::BigInt).is_err());
        assert_eq!(scalar("12a", &SqlType::Int), Err("expected a whole number, found `12a`".into()));
    }

    #[test]
    fn floats_are_finite_unless_written_otherwise() {
        assert_eq!(scalar("1.5e3", &SqlType::Double), Ok(Scalar::Float(1500.0)));
        assert_eq!(scalar("-Infinity", &SqlType::Double), Ok(Scalar::Float(f64::NEG_INFINITY)));
        assert!(scalar("1e400", &SqlType::Double).is_err());
        assert!(scalar("1e39", &SqlType::Real).is_err());
        assert_eq!(scalar("0.1", &SqlType::Real), Ok(Scalar::Float(0.1f32 as f64)));
    }

    #[test]
    fn text_keeps_to_its_length_in_characters() {
        assert_eq!(scalar("äöü", &SqlType::Varchar(Some(3))), Ok(Scalar::Text("äöü".into())));
        assert!(scalar("äöüx", &SqlType::Varchar(Some(3))).unwrap_err().contains("character varying(3)"));
        assert_eq!(scalar("abc  ", &SqlType::Varchar(Some(3))), Ok(Scalar::Text("abc".into())));
        assert_eq!(scalar("a", &SqlType::Char(3)), Ok(Scalar::Text("a".into())));
    }

    #[test]
    fn an_unknown_label_is_refused_with_the_closest() {
        let status = EnumType { name: "status".into(), labels: vec!["paid".into(), "shipped".into()] };
        let status = SqlType::Enum(Arc::new(status));
        assert_eq!(scalar("paid", &status), Ok(Scalar::Text("paid".into())));
        assert!(scalar("shiped", &status).unwrap_err().contains("did you mean `shipped`?"));
    }

    #[test]
    fn other_types_are_checked_too() {
        let uuid_text = "00000000-0000-0000-0000-0000000000ff";
        assert_eq!(scalar(uuid_text, &SqlType::Uuid), Ok(Scalar::Uuid(255)));
        assert_eq!(uuid("{000000000000000000000000000000ff}"), Some(255));
        assert_eq!(uuid("0"), None);
        assert!(scalar("{\"a\": 1}", &SqlType::Jsonb).is_ok());
        assert!(scalar("{a: 1}", &SqlType::Json).unwrap_err().contains("well-formed JSON"));
        assert_eq!(scalar("\\xDEad", &SqlType::Bytea), Ok(Scalar::Text(vec![0xde, 0xad])));
        assert_eq!(scalar("a\\001\\\\", &SqlType::Bytea), Ok(Scalar::Text(vec![b'a', 1, b'\\'])));
        assert!(scalar("\\xabc", &SqlType::Bytea).is_err());
        assert_eq!(scalar("10.0.0.1/32", &SqlType::Inet), Ok(Scalar::Text("10.0.0.1".into())));
        assert_eq!(scalar("::1/64", &SqlType::Inet), Ok(Scalar::Text("::1/64".into())));
        assert!(scalar("10.0.0.256", &SqlType::Inet).is_err());
        assert!(scalar("10.0.0.0/33", &SqlType::Inet).is_err());
        assert_eq!(scalar("yes", &SqlType::Boolean), Ok(Scalar::Bool(true)));
        assert!(scalar("maybe", &SqlType::Boolean).is_err());
    }
}
