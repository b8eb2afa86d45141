//! What is known of a column after its values have passed by, one after the other.

use super::distinct::{Distinct, hash};
use crate::random::{Key, below, mix};
use crate::value::{SqlType, parse};
use std::collections::BTreeMap;

/// Values kept to look at: a fair sample of the rows.
const KEPT: u64 = 5_000;
/// Distinct values that are kept as texts.
const LISTED: usize = 200;

/// A value of the sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Null,
    /// A value that may be anything, as in CSV.
    Untyped(&'a str),
    /// A text, whatever it looks like.
    Text(&'a str),
    Number(&'a str),
    Bool(bool),
    /// An object or a list.
    Nested(&'a str),
}

/// The types that all values have had so far.
#[derive(Clone, Copy, Debug)]
struct Kinds {
    boolean: bool,
    integer: bool,
    decimal: bool,
    float: bool,
    date: bool,
    timestamp: bool,
    zoned: bool,
    time: bool,
    uuid: bool,
    inet: bool,
    json: bool,
}

/// The smallest and the largest value, as written.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    pub low: Option<(f64, String)>,
    pub high: Option<(f64, String)>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: String,
    /// What a typed format says that it is.
    pub declared: Option<SqlType>,
    pub rows: u64,
    pub nulls: u64,
    kinds: Kinds,
    pub bounds: Bounds,
    /// Digits before and after the point.
    whole_digits: u8,
    pub scale: u8,
    pub distinct: Distinct,
    /// All values with their counts, while they are few.
    pub listed: Option<BTreeMap<String, u64>>,
    /// A fair sample of the values.
    pub kept: Vec<String>,
    sequence: Option<(i64, i64)>,
    is_sequence: bool,
    previous: Option<i64>,
    previous_hash: Option<u64>,
    /// How often another value follows.
    pub runs: u64,
    /// How often a number that goes up by one begins at 1 again; none if it does otherwise.
    pub restarts: Option<u64>,
}

impl Bounds {
    fn see(&mut self, value: f64, text: &str) {
        if self.low.as_ref().is_none_or(|(low, _)| value < *low) {
            self.low = Some((value, text.to_owned()));
        }
        if self.high.as_ref().is_none_or(|(high, _)| value > *high) {
            self.high = Some((value, text.to_owned()));
        }
    }
}

impl Profile {
    /// Of a column that has had so many nulls already.
    pub fn new(name: impl Into<String>, declared: Option<SqlType>, nulls: u64) -> Self {
        let kinds = Kinds {
            boolean: true,
            integer: true,
            decimal: true,
            float: true,
            date: true,
            timestamp: true,
            zoned: true,
            time: true,
            uuid: true,
            inet: true,
            json: true,
        };
        Profile {
            name: name.into(),
            declared,
            rows: nulls,
            nulls,
            kinds,
            bounds: Bounds::default(),
            whole_digits: 0,
            scale: 0,
            distinct: Distinct::default(),
            listed: Some(BTreeMap::new()),
            kept: Vec::new(),
            sequence: None,
            is_sequence: true,
            previous: None,
            previous_hash: None,
            runs: 0,
            restarts: Some(0),
        }
    }

    /// Values that are not null.
    pub fn values(&self) -> u64 {
        self.rows - self.nulls
    }

    /// Takes the next row's value. Returns its hash; nulls have none.
    pub fn see(&mut self, cell: Cell) -> Option<u64> {
        self.rows += 1;
        let text = match cell {
            Cell::Null => {
                self.nulls += 1;
                return None;
            }
            Cell::Untyped(text) | Cell::Text(text) | Cell::Number(text) | Cell::Nested(text) => text,
            Cell::Bool(true) => "true",
            Cell::Bool(false) => "false",
        };
        self.narrow(cell, text);
        let hash = hash(text);
        self.distinct.see(hash);
        if self.previous_hash != Some(hash) {
            self.runs += 1;
            self.previous_hash = Some(hash);
        }
        self.list(text);
        self.keep(text);
        self.count(text);
        Some(hash)
    }

    /// Forgets the types that the value does not have.
    fn narrow(&mut self, cell: Cell, text: &str) {
        let kinds = &mut self.kinds;
        let is_number = matches!(cell, Cell::Untyped(_) | Cell::Number(_));
        let is_text = matches!(cell, Cell::Untyped(_) | Cell::Text(_));
        kinds.boolean &= match cell {
            Cell::Bool(_) => true,
            Cell::Untyped(text) => boolean(text).is_some(),
            _ => false,
        };
        kinds.float &= is_number && is_float(text);
        kinds.decimal &= kinds.float && decimal_digits(text).is_some();
        kinds.integer &= kinds.decimal && !text.contains('.');
        kinds.date &= is_text && text.len() == 10 && parse::date(text).is_some();
        kinds.timestamp &= is_text && text.len() > 10 && is_dated(text) && parse::timestamp(text).is_some();
        kinds.zoned &= kinds.timestamp && has_zone(text);
        kinds.time &= is_text && text.matches(':').count() >= 1 && parse::time(text).is_some();
        kinds.uuid &= is_text && text.len() >= 32 && parse::uuid(text).is_some();
        kinds.inet &= is_text && text.parse::<std::net::IpAddr>().is_ok();
        kinds.json &= match cell {
            Cell::Nested(_) => true,
            Cell::Untyped(text) => {
                text.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(text).is_ok()
            }
            _ => false,
        };
        if kinds.float
            && let Ok(value) = text.parse::<f64>()
        {
            self.bounds.see(value, text);
            if let Some((whole, scale)) = decimal_digits(text) {
                self.whole_digits = self.whole_digits.max(whole);
                self.scale = self.scale.max(scale);
            }
        } else if let Some(value) = self.moment(text) {
            self.bounds.see(value, text);
        }
    }

    /// Where a date or a time lies.
    fn moment(&self, text: &str) -> Option<f64> {
        let kinds = &self.kinds;
        let value = match () {
            () if kinds.date => parse::date(text),
            () if kinds.timestamp => parse::timestamp(text),
            () if kinds.time => parse::time(text),
            () => None,
        };
        value.map(|value| value as f64)
    }

    /// A kept value as a number: of dates the day, of times the microsecond.
    pub fn position(&self, text: &str) -> Option<f64> {
        if self.kinds.float { text.parse().ok() } else { self.moment(text) }
    }

    fn list(&mut self, text: &str) {
        let Some(listed) = &mut self.listed else { return };
        let has_room = listed.len() < LISTED && text.len() <= 100;
        if let Some(count) = listed.get_mut(text) {
            *count += 1;
        } else if has_room {
            listed.insert(text.to_owned(), 1);
        } else {
            self.listed = None;
        }
    }

    /// Reservoir sampling (Vitter's algorithm R), each time the same.
    fn keep(&mut self, text: &str) {
        let seen = self.values();
        if seen <= KEPT {
            self.kept.push(text.to_owned());
            return;
        }
        let place = below(mix(Key::new(0, &["init", &self.name]), seen), seen);
        if place < KEPT {
            self.kept[place as usize] = text.to_owned();
        }
    }

    /// Whether whole numbers count.
    fn count(&mut self, text: &str) {
        let number = if self.kinds.integer { text.parse::<i64>().ok() } else { None };
        let Some(number) = number else {
            self.is_sequence = false;
            self.restarts = None;
            return;
        };
        self.sequence = match (self.sequence, self.previous) {
            (None, None) => Some((number, 0)),
            (Some((first, 0)), Some(previous)) if number != previous => {
                Some((first, number.wrapping_sub(previous)))
            }
            (other, _) => other,
        };
        if let (Some((_, step)), Some(previous)) = (self.sequence, self.previous) {
            self.is_sequence &= previous.checked_add(step) == Some(number) && step != 0;
        }
        self.restarts = match (number, self.previous, self.restarts) {
            (1, _, Some(restarts)) => Some(restarts + 1),
            (_, Some(previous), Some(restarts)) if previous.checked_add(1) == Some(number) => Some(restarts),
            _ => None,
        };
        self.previous = Some(number);
    }

    /// First value and distance, of numbers that count from row to row.
    pub fn sequence(&self) -> Option<(i64, i64)> {
        self.sequence.filter(|(_, step)| self.is_sequence && *step != 0 && self.nulls == 0)
    }

    /// Whether no value repeats and none is missing.
    pub fn is_key(&self) -> bool {
        self.nulls == 0 && self.rows > 0 && self.distinct.is_unique()
    }

    /// The type in SQL. Whole numbers of keys are bigint.
    pub fn sql_type(&self, is_key: bool) -> SqlType {
        let kinds = &self.kinds;
        if let Some(declared) = self.declared.clone().filter(|declared| *declared != SqlType::Text) {
            return declared;
        }
        if self.values() == 0 {
            return self.declared.clone().unwrap_or(SqlType::Text);
        }
        if kinds.boolean {
            SqlType::Boolean
        } else if kinds.integer && self.whole_digits <= 18 {
            let fits = |(value, _): &(f64, String)| value.abs() <= i32::MAX as f64;
            let is_small = self.bounds.low.iter().chain(&self.bounds.high).all(fits);
            if is_small && !is_key { SqlType::Int } else { SqlType::BigInt }
        } else if kinds.decimal && self.whole_digits + self.scale <= 38 && self.scale <= 12 {
            // Room to grow, so that the same data of another year fits.
            let precision = [10, 14, 18, 38]
                .into_iter()
                .find(|precision| precision - self.scale.min(*precision) >= self.whole_digits);
            SqlType::numeric(precision.unwrap_or(38).max(self.scale), self.scale)
        } else if kinds.float {
            SqlType::Double
        } else if kinds.date {
            SqlType::Date
        } else if kinds.zoned {
            SqlType::Timestamptz
        } else if kinds.timestamp {
            SqlType::Timestamp
        } else if kinds.time {
            SqlType::Time
        } else if kinds.uuid {
            SqlType::Uuid
        } else if kinds.inet {
            SqlType::Inet
        } else if kinds.json {
            SqlType::Jsonb
        } else {
            SqlType::Text
        }
    }
}

/// What people write for true and false. Digits are numbers.
pub fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" => Some(true),
        "false" | "f" | "no" | "n" => Some(false),
        _ => None,
    }
}

/// A number that is written as one: `007` is a code.
fn is_float(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let has_needless_zero =
        digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    let is_numeric = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    is_numeric && !has_needless_zero && text.parse::<f64>().is_ok()
}

/// Digits before and after the point of a decimal without exponent.
fn decimal_digits(text: &str) -> Option<(u8, u8)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    let is_decimal = is_digits(whole) && is_digits(part) && whole.len() + part.len() <= 38;
    is_decimal.then_some((if whole == "0" { 0 } else { whole.len() as u8 }, part.len() as u8))
}

/// Begins with a date; bare numbers are none.
fn is_dated(text: &str) -> bool {
    text.get(..10).is_some_and(|date| parse::date(date).is_some())
}

/// Ends with `Z` or an offset.
fn has_zone(text: &str) -> bool {
    text.ends_with('Z') || text.get(10..).is_some_and(|time| time.contains(['+', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Profile {
        let mut profile = Profile::new("x", None, 0);
        for value in values {
            profile.see(if value.is_empty() { Cell::Null } else { Cell::Untyped(value) });
        }
        profile
    }

    #[test]
    fn the_narrowest_type_of_all_values_is_found() {
        let cases: &[(&[&str], &str)] = &[
            (&["1", "-20", ""], "integer"),
            (&["1", "3000000000"], "bigint"),
            (&["1", "2.50"], "numeric(10,2)"),
            (&["123456789.25", "2"], "numeric(14,2)"),
            (&["1.5", "2e10"], "double precision"),
            (&["true", "F"], "boolean"),
            (&["007", "12"], "text"),
            (&["2024-02-29", "2023-01-01"], "date"),
            (&["2024-02-30"], "text"),
            (&["2024-02-29 10:00:00", "2024-02-29T10:00:00.5"], "timestamp without time zone"),
            (&["2024-02-29 10:00:00+00", "2024-02-29T10:00:00Z"], "timestamp with time zone"),
            (&["2024-02-29 10:00:00+00", "2024-02-29T10:00:00"], "timestamp without time zone"),
            (&["10:00", "23:59:59"], "time without time zone"),
            (&["3b241101-e2bb-4255-8caf-4136c566a962"], "uuid"),
            (&["10.0.0.1", "::1"], "inet"),
            (&["{\"a\": 1}", "[]"], "jsonb"),
            (&["{a}"], "text"),
            (&[""], "text"),
            (&["1", "x"], "text"),
        ];
        for (values, expected) in cases {
            assert_eq!(of(values).sql_type(false).to_string(), *expected, "{values:?}");
        }
    }

    #[test]
    fn numbers_that_count_are_seen() {
        assert_eq!(of(&["5", "7", "9"]).sequence(), Some((5, 2)));
        assert_eq!(of(&["5", "7", "10"]).sequence(), None);
        assert_eq!(of(&["5"]).sequence(), None);
        assert_eq!(of(&["1", "2", "1", "1", "2", "3"]).restarts, Some(3));
        assert_eq!(of(&["1", "3"]).restarts, None);
        assert!(of(&["a", "b"]).is_key() && !of(&["a", "a"]).is_key() && !of(&["a", ""]).is_key());
    }
}
