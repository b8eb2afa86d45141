//! Values as PostgreSQL prints them, appended to a byte buffer.
//!
//! Shared by the script and text formats, by casts to text and by templates, so that a value looks the same everywhere.

use super::{Interval, SqlType, Vector};

/// A decimal integer.
#[inline]
pub fn integer(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// An unscaled decimal with `scale` digits after the point.
pub fn decimal(_out: &mut Vec<u8>, _unscaled: i128, _scale: u8) {
    unimplemented!()
}
/// A double, shortest digits that read back equal, as float8out: `0.1`, `1e+20`, `NaN`, `Infinity`.
pub fn double(_out: &mut Vec<u8>, _value: f64) {
    unimplemented!()
}
/// A real: shortest digits that read back as the same f32.
pub fn real(_out: &mut Vec<u8>, _value: f32) {
    unimplemented!()
}
/// `2026-01-31`.
pub fn date(_out: &mut Vec<u8>, _days: i64) {
    unimplemented!()
}
/// `13:05:00` or `13:05:00.25`.
pub fn time(_out: &mut Vec<u8>, _micros: i64) {
    unimplemented!()
}
/// `2026-01-31 13:05:00` with up to six digits of a second, none when zero.
pub fn timestamp(_out: &mut Vec<u8>, _micros: i64) {
    unimplemented!()
}
/// As [`timestamp`] with `+00`.
pub fn timestamptz(_out: &mut Vec<u8>, _micros: i64) {
    unimplemented!()
}
/// PostgreSQL's default style: `1 year 2 mons 3 days 04:05:06`.
pub fn interval(_out: &mut Vec<u8>, _value: Interval) {
    unimplemented!()
}
/// Lower-case hex in 8-4-4-4-12.
pub fn uuid(_out: &mut Vec<u8>, _value: u128) {
    unimplemented!()
}
/// `\x` and lower-case hex.
pub fn bytea(_out: &mut Vec<u8>, _bytes: &[u8]) {
    unimplemented!()
}
/// One value of a vector of the given type, not null, as `value::text` in PostgreSQL. Arrays as `{1,2,NULL,"a b"}`.
pub fn value(_out: &mut Vec<u8>, _sql_type: &SqlType, _vector: &Vector, _at: usize) {
    unimplemented!()
}
/// An identifier, quoted when PostgreSQL needs it (upper case, odd characters, reserved word).
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
/// A string literal: `'it''s'`; with backslashes kept as they are (standard_conforming_strings).
pub fn quote_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
