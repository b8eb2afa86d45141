//! How the values of placeholders are written: numbers, dates and times, words.

use crate::value::civil::{self, DAY, MONTHS, WEEKDAYS};
use crate::value::{SqlType, Vector, text};

/// How a placeholder's value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// As PostgreSQL prints it.
    Plain,
    /// A number, rounded and filled up.
    Number(NumberFormat),
    /// Dates and times by `strftime` codes.
    Time(Vec<TimeCode>),
    /// UPPER CASE.
    Upper,
    /// lower case.
    Lower,
    /// Every Word With A Capital.
    Title,
    /// First letter as a capital, the rest as it is.
    Capital,
    /// The first letter alone, as a capital.
    Initial,
    /// Lower case, and everything but letters and digits as single hyphens.
    Slug,
}

/// `08`, `.2`, `,`, `010.3`, `,.2`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberFormat {
    /// Filled up with zeros to that many characters; never cut.
    pub width: usize,
    /// Commas between thousands.
    pub grouped: bool,
    /// Digits after the point.
    pub decimals: Option<usize>,
}

/// A piece of a `strftime` format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeCode {
    /// Text to copy.
    Literal(String),
    /// One of the codes.
    Code(char),
}

/// The codes that are known, as in C's `strftime`.
const TIME_CODES: &str = "YymdHMSjBbAafsuFT";

/// The formats by name.
const NAMED: [(&str, Format); 6] = [
    ("upper", Format::Upper),
    ("lower", Format::Lower),
    ("title", Format::Title),
    ("capital", Format::Capital),
    ("initial", Format::Initial),
    ("slug", Format::Slug),
];

impl Format {
    /// Reads a format for a type.
    pub fn parse(text: &str, of: &SqlType) -> Result<Self, String> {
        if let Some((_, format)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(format.clone());
        }
        if text.contains('%') {
            if !of.is_temporal() {
                return Err(format!("`{text}` formats dates and times, the value is {of}"));
            }
            return time_codes(text).map(Format::Time);
        }
        match NumberFormat::parse(text) {
            Some(format) if of.is_number() => Ok(Format::Number(format)),
            Some(_) => Err(format!("`{text}` formats numbers, the value is {of}")),
            None => {
                let names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
                let known = "08 (zeros), .2 (digits after the point), a comma (thousands), %Y-%m-%d (dates)";
                Err(format!("unknown format `{text}`: write {known}, {}", names.join(", ")))
            }
        }
    }
}

impl NumberFormat {
    fn parse(text: &str) -> Option<Self> {
        let number = |digits: &str| digits.parse::<usize>().ok().filter(|number| *number <= 64);
        let (before, decimals) = match text.split_once('.') {
            Some((before, digits)) => (before, Some(number(digits)?)),
            None => (text, None),
        };
        let (width, grouped) = match before {
            "" => (0, false),
            "," => (0, true),
            _ => (number(before.strip_prefix('0')?).filter(|width| *width > 0)?, false),
        };
        (!text.is_empty()).then_some(Self { width, grouped, decimals })
    }

    /// Changes a number that was printed plainly, from `start` on. What is no row of digits stays: `Infinity`, `1e+20`.
    fn change(&self, out: &mut Vec<u8>, start: usize) {
        let is_plain = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
        if !out[start..].iter().all(is_plain) {
            return;
        }
        if let Some(decimals) = self.decimals {
            round(out, start, decimals);
        }
        if self.grouped {
            let digits = start + usize::from(out[start] == b'-');
            let point =
                out[digits..].iter().position(|byte| *byte == b'.').map_or(out.len(), |at| digits + at);
            (digits + 1..point)
                .rev()
                .filter(|at| (point - at).is_multiple_of(3))
                .for_each(|at| out.insert(at, b','));
        }
        fill_zeros(out, start, self.width);
    }
}

/// Rounds printed digits half away from zero.
fn round(out: &mut Vec<u8>, start: usize, decimals: usize) {
    let point = out[start..].iter().position(|byte| *byte == b'.').map(|at| start + at);
    let point = point.unwrap_or_else(|| {
        out.push(b'.');
        out.len() - 1
    });
    let end = point + 1 + decimals;
    let carries = out.get(end).is_some_and(|digit| *digit >= b'5');
    out.resize(end, b'0');
    let digits = start + usize::from(out[start] == b'-');
    if carries {
        let nine = |out: &[u8], at: usize| matches!(out[at], b'9' | b'.');
        let stop = (digits..end).rev().find(|at| !nine(out, *at));
        let from = stop.map_or(digits, |at| at + 1);
        out[from..].iter_mut().filter(|digit| **digit == b'9').for_each(|digit| *digit = b'0');
        match stop {
            Some(at) => out[at] += 1,
            None => out.insert(digits, b'1'),
        }
    }
    if decimals == 0 {
        out.pop();
    }
    if digits > start && out[digits..].iter().all(|byte| matches!(byte, b'0' | b'.')) {
        out.remove(start);
    }
}

impl Format {
    /// Changes a value that was printed plainly, from `start` on.
    pub(in crate::column) fn change(&self, out: &mut Vec<u8>, start: usize) {
        match self {
            Format::Plain | Format::Time(_) => {}
            Format::Number(format) => format.change(out, start),
            Format::Upper => replace_from(out, start, str::to_uppercase),
            Format::Lower => replace_from(out, start, str::to_lowercase),
            Format::Title => replace_from(out, start, title),
            Format::Capital => replace_from(out, start, capital),
            Format::Initial => replace_from(out, start, initial),
            Format::Slug => replace_from(out, start, slug),
        }
    }
}

fn time_codes(text: &str) -> Result<Vec<TimeCode>, String> {
    let mut codes = Vec::new();
    let mut literal = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            literal.push(letter);
            continue;
        }
        match letters.next() {
            Some('%') => literal.push('%'),
            Some(code) if TIME_CODES.contains(code) => {
                if !literal.is_empty() {
                    codes.push(TimeCode::Literal(std::mem::take(&mut literal)));
                }
                codes.push(TimeCode::Code(code));
            }
            other => {
                let code = other.map(String::from).unwrap_or_default();
                let known: Vec<String> = TIME_CODES.chars().map(|code| format!("%{code}")).collect();
                return Err(format!("unknown code `%{code}`; known: {}", known.join(" ")));
            }
        }
    }
    if !literal.is_empty() {
        codes.push(TimeCode::Literal(literal));
    }
    Ok(codes)
}

impl Format {
    /// Appends a value that is not null.
    pub(super) fn write(&self, out: &mut Vec<u8>, vector: &Vector, at: usize, sql_type: &SqlType) {
        match self {
            Format::Time(codes) => write_time(out, vector.ints()[at], sql_type, codes),
            _ => {
                let start = out.len();
                text::value(out, sql_type, vector, at);
                self.change(out, start);
            }
        }
    }
}

/// Inserts zeros after the sign until the number has `width` characters.
fn fill_zeros(out: &mut Vec<u8>, start: usize, width: usize) {
    let missing = width.saturating_sub(out.len() - start);
    if missing == 0 {
        return;
    }
    let first_digit = start + usize::from(out.get(start) == Some(&b'-'));
    let end = out.len();
    out.resize(end + missing, b'0');
    out.copy_within(first_digit..end, first_digit + missing);
    out[first_digit..first_digit + missing].fill(b'0');
}

fn replace_from(out: &mut Vec<u8>, start: usize, change: impl Fn(&str) -> String) {
    let changed = change(std::str::from_utf8(&out[start..]).expect("values are printed as UTF-8"));
    out.truncate(start);
    out.extend_from_slice(changed.as_bytes());
}

fn title(text: &str) -> String {
    let mut inside = false;
    let mut title = String::with_capacity(text.len());
    for letter in text.chars() {
        match inside {
            true => title.extend(letter.to_lowercase()),
            false => title.extend(letter.to_uppercase()),
        }
        // It's, not It'S.
        inside = letter.is_alphanumeric() || (inside && letter == '\'');
    }
    title
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn initial(text: &str) -> String {
    text.chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}

fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter.is_alphanumeric() {
            true => slug.push(letter),
            false if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            false => {}
        }
    }
    slug.trim_end_matches('-').to_owned()
}

fn write_time(out: &mut Vec<u8>, value: i64, sql_type: &SqlType, codes: &[TimeCode]) {
    let (days, micros) = match sql_type {
        SqlType::Date => (value, 0),
        SqlType::Time => (0, value),
        _ => (value.div_euclid(DAY), value.rem_euclid(DAY)),
    };
    let (year, month, day) = civil::civil_from_days(days);
    let weekday = civil::day_of_week(days) as usize;
    let seconds = micros / 1_000_000;
    for code in codes {
        let code = match code {
            TimeCode::Literal(literal) => {
                out.extend_from_slice(literal.as_bytes());
                continue;
            }
            TimeCode::Code(code) => code,
        };
        match code {
            'Y' => number(out, year, 4),
            'y' => number(out, year.rem_euclid(100), 2),
            'm' => number(out, month as i64, 2),
            'd' => number(out, day as i64, 2),
            'H' => number(out, seconds / 3_600, 2),
            'M' => number(out, seconds / 60 % 60, 2),
            'S' => number(out, seconds % 60, 2),
            'f' => number(out, micros % 1_000_000, 6),
            's' => number(out, days * 86_400 + seconds, 1),
            'j' => number(out, days - civil::days_from_civil(year, 1, 1) + 1, 3),
            'u' => number(out, if weekday == 0 { 7 } else { weekday as i64 }, 1),
            'B' => out.extend_from_slice(MONTHS[month as usize - 1].as_bytes()),
            'b' => out.extend_from_slice(&MONTHS[month as usize - 1].as_bytes()[..3]),
            'A' => out.extend_from_slice(WEEKDAYS[weekday].as_bytes()),
            'a' => out.extend_from_slice(&WEEKDAYS[weekday].as_bytes()[..3]),
            'F' => text::date(out, days),
            'T' => text::time(out, seconds * 1_000_000),
            other => unreachable!("{other} is not among TIME_CODES"),
        }
    }
}

fn number(out: &mut Vec<u8>, value: i64, width: usize) {
    let start = out.len();
    text::integer(out, value);
    fill_zeros(out, start, width);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_fit_their_types() {
        let number = |width, grouped, decimals| Ok(Format::Number(NumberFormat { width, grouped, decimals }));
        assert_eq!(Format::parse("08", &SqlType::Int), number(8, false, None));
        assert_eq!(Format::parse("08.3", &SqlType::Double), number(8, false, Some(3)));
        assert_eq!(Format::parse(",.2", &SqlType::numeric(9, 4)), number(0, true, Some(2)));
        assert_eq!(Format::parse(",", &SqlType::BigInt), number(0, true, None));
        for text in ["", "8", "00", "0999", ".", ".x", "0,8", ",,", "1.5"] {
            assert!(Format::parse(text, &SqlType::Int).is_err(), "{text}");
        }
        assert!(Format::parse("08", &SqlType::Text).is_err());
        assert!(Format::parse("%Y", &SqlType::Int).is_err());
        assert!(Format::parse("%Q", &SqlType::Date).is_err());
        assert!(Format::parse("uper", &SqlType::Text).is_err());
    }

    #[test]
    fn zeros_stand_after_the_sign_and_never_cut() {
        let mut out = b"x-5".to_vec();
        fill_zeros(&mut out, 1, 4);
        assert_eq!(out, b"x-005");
        fill_zeros(&mut out, 1, 2);
        assert_eq!(out, b"x-005");
    }

    #[test]
    fn numbers_are_rounded_half_away_from_zero_and_grouped() {
        let written = |number: &str, format: &str| {
            let mut out = format!("x{number}").into_bytes();
            Format::parse(format, &SqlType::Double).expect("is a format").change(&mut out, 1);
            String::from_utf8(out).expect("is text").split_off(1)
        };
        for (number, format, expected) in [
            ("12.345", ".2", "12.35"),
            ("12.344", ".2", "12.34"),
            ("-12.345", ".2", "-12.35"),
            ("99.995", ".2", "100.00"),
            ("9.5", ".0", "10"),
            ("7", ".2", "7.00"),
            ("-0.004", ".2", "0.00"),
            ("0.5", ".0", "1"),
            ("1234567.891", ",.1", "1,234,567.9"),
            ("-1234", ",", "-1,234"),
            ("999", ",", "999"),
            ("3.14159", "08.2", "00003.14"),
            ("1e+20", ".2", "1e+20"),
            ("Infinity", ",", "Infinity"),
        ] {
            assert_eq!(written(number, format), expected, "{number} as {format}");
        }
    }

    #[test]
    fn words_are_changed() {
        assert_eq!(title("it's o'neill-SMITH, élan"), "It's O'neill-Smith, Élan");
        assert_eq!(capital("élan Vital"), "Élan Vital");
        assert_eq!((initial("ann"), initial("")), ("A".to_owned(), String::new()));
    }

    #[test]
    fn slugs_have_single_hyphens() {
        assert_eq!(slug("  Größe: XL, blue! "), "größe-xl-blue");
    }

    #[test]
    fn times_are_written_by_code() {
        let codes = time_codes("%Y-%m-%d %H:%M:%S %j %B %b %A %a %y %F %T 100%%").expect("are known");
        let mut out = Vec::new();
        let micros = civil::days_from_civil(2026, 3, 5) * DAY + (7 * 3600 + 8 * 60 + 9) * 1_000_000;
        write_time(&mut out, micros, &SqlType::Timestamp, &codes);
        assert_eq!(
            String::from_utf8(out).expect("is text"),
            "2026-03-05 07:08:09 064 March Mar Thursday Thu 26 2026-03-05 07:08:09 100%"
        );
    }
}
