//! Reads values written as in SQL: dates, times, decimals, intervals, uuids.

use super::{Interval, SqlType};

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

/// Reads `text` as a value of `sql_type`; the error says what was expected, e.g. "expected a date such as 2026-01-31".
/// Checks ranges: integers of their width, numerics of their precision (rounding half away from zero to the scale), text of
/// at most its length, labels of an enum, JSON well-formed, inet addresses valid.
pub fn scalar(_text: &str, _sql_type: &SqlType) -> Result<Scalar, String> {
    unimplemented!()
}
/// `2026-01-31` as days since 1970-01-01.
pub fn date(_text: &str) -> Option<i64> {
    unimplemented!()
}
/// `2026-01-31`, `2026-01-31 13:05`, `2026-01-31T13:05:00.25Z`, with an optional offset, as microseconds since 1970 UTC.
pub fn timestamp(_text: &str) -> Option<i64> {
    unimplemented!()
}
/// `13:05[:00[.25]]` as microseconds of day.
pub fn time(_text: &str) -> Option<i64> {
    unimplemented!()
}
/// PostgreSQL's interval input: `6 days`, `1 year 2 mons`, `04:05:06`, `1.5 hours`, ISO `P1DT2H`, `ago`.
pub fn interval(_text: &str) -> Option<Interval> {
    unimplemented!()
}
/// A decimal literal as (unscaled, digits after the point): `-1.50` is (-150, 2); also `1e3`. `None` beyond 38 digits.
pub fn decimal(_text: &str) -> Option<(i128, u8)> {
    unimplemented!()
}
/// With or without hyphens or braces.
pub fn uuid(_text: &str) -> Option<u128> {
    unimplemented!()
}
