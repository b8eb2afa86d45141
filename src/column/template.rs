//! Text with placeholders: `ORD-{created_at:%Y}-{row:08}`.

use super::Column;
use crate::expression::{Batch, Expression, Failure};
use crate::value::civil::{self, DAY, MONTHS, WEEKDAYS};
use crate::value::{Data, SqlType, Texts, Vector, text};
use std::ops::Range;
use std::rc::Rc;

/// A part of a template, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text to copy.
    Literal(String),
    /// An expression and, after a colon, its format; byte ranges in the template.
    Placeholder {
        /// The expression.
        expression: Range<usize>,
        /// The format, if any.
        format: Option<Range<usize>>,
    },
}

/// Why a template was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTemplate {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes.
    pub place: Range<usize>,
}

/// Cuts a template into its parts. `{{` and `}}` stand for braces. The first colon that is not part of a `::` cast and stands
/// outside of quotes starts the format.
pub fn split_template(template: &str) -> Result<Vec<Piece>, BadTemplate> {
    let bytes = template.as_bytes();
    let mut pieces = Vec::new();
    let mut literal = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'{', Some(b'{')) | (b'}', Some(b'}')) => {
                literal.push(bytes[at]);
                at += 2;
            }
            (b'{', _) => {
                push_literal(&mut pieces, &mut literal);
                let end = placeholder_end(bytes, at)?;
                pieces.push(placeholder(bytes, at + 1..end));
                at = end + 1;
            }
            (b'}', _) => {
                let message = "a `}` without `{`; write `}}` for a brace".to_owned();
                return Err(BadTemplate { message, place: at..at + 1 });
            }
            (byte, _) => {
                literal.push(byte);
                at += 1;
            }
        }
    }
    push_literal(&mut pieces, &mut literal);
    Ok(pieces)
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &mut Vec<u8>) {
    if !literal.is_empty() {
        let text = String::from_utf8(std::mem::take(literal)).expect("whole characters were copied");
        pieces.push(Piece::Literal(text));
    }
}

fn placeholder_end(bytes: &[u8], open: usize) -> Result<usize, BadTemplate> {
    let mut quoted = false;
    for (at, byte) in bytes.iter().enumerate().skip(open + 1) {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted => return Ok(at),
            _ => {}
        }
    }
    let message = "a `{` without `}`; write `{{` for a brace".to_owned();
    Err(BadTemplate { message, place: open..open + 1 })
}

fn placeholder(bytes: &[u8], inside: Range<usize>) -> Piece {
    let mut quoted = false;
    let mut colon = None;
    let mut at = inside.start;
    while at < inside.end {
        match bytes[at] {
            b'\'' => quoted = !quoted,
            b':' if !quoted && bytes.get(at + 1) == Some(&b':') => at += 1,
            // The first colon: formats such as %H:%M have more.
            b':' if !quoted && colon.is_none() => colon = Some(at),
            _ => {}
        }
        at += 1;
    }
    match colon {
        Some(colon) => {
            Piece::Placeholder { expression: inside.start..colon, format: Some(colon + 1..inside.end) }
        }
        None => Piece::Placeholder { expression: inside, format: None },
    }
}

/// How a placeholder's value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// As PostgreSQL prints it.
    Plain,
    /// Digits before the point filled up with zeros to that many characters; never cut.
    Zeros(usize),
    /// Dates and times by `strftime` codes.
    Time(Vec<TimeCode>),
    /// UPPER CASE.
    Upper,
    /// lower case.
    Lower,
    /// Lower case, and everything but letters and digits as single hyphens.
    Slug,
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

impl Format {
    /// Reads a format for a type.
    pub fn parse(text: &str, of: &SqlType) -> Result<Self, String> {
        match text {
            "upper" => return Ok(Format::Upper),
            "lower" => return Ok(Format::Lower),
            "slug" => return Ok(Format::Slug),
            _ => {}
        }
        if text.contains('%') {
            if !of.is_temporal() {
                return Err(format!("`{text}` formats dates and times, the value is {of}"));
            }
            return time_codes(text).map(Format::Time);
        }
        match text.strip_prefix('0').and_then(|digits| digits.parse::<usize>().ok()) {
            Some(width) if of.is_number() && (1..=64).contains(&width) => Ok(Format::Zeros(width)),
            Some(_) if !of.is_number() => Err(format!("`{text}` fills up numbers, the value is {of}")),
            _ => Err(format!(
                "unknown format `{text}`: write 08 (zeros), %Y-%m-%d (dates), upper, lower or slug"
            )),
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

/// A template, its expressions compiled.
pub struct Template {
    /// Literals and expressions with their formats.
    pub pieces: Vec<(Option<(Expression, Format)>, String)>,
}

impl Column for Template {
    /// A null placeholder leaves nothing, as in SQL's `concat`.
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let mut values: Vec<Option<(Rc<Vector>, &SqlType, &Format)>> = Vec::new();
        for (placeholder, _) in &self.pieces {
            values.push(match placeholder {
                Some((expression, format)) => {
                    Some((Rc::new(expression.evaluate(batch)?), expression.sql_type(), format))
                }
                None => None,
            });
        }
        let len = batch.rows().len();
        let mut texts = Texts::with_capacity(len, len * 16);
        for at in 0..len {
            let out = texts.buffer();
            for ((_, literal), value) in self.pieces.iter().zip(&values) {
                out.extend_from_slice(literal.as_bytes());
                if let Some((vector, sql_type, format)) = value
                    && vector.is_valid(at)
                {
                    write(out, vector, at, sql_type, format);
                }
            }
            texts.finish();
        }
        Ok(Data::Text(texts).into())
    }
}

fn write(out: &mut Vec<u8>, vector: &Vector, at: usize, sql_type: &SqlType, format: &Format) {
    let start = out.len();
    match format {
        Format::Time(codes) => return write_time(out, vector.ints()[at], sql_type, codes),
        _ => text::value(out, sql_type, vector, at),
    }
    match format {
        Format::Plain | Format::Time(_) => {}
        Format::Zeros(width) => fill_zeros(out, start, *width),
        Format::Upper => replace_from(out, start, str::to_uppercase),
        Format::Lower => replace_from(out, start, str::to_lowercase),
        Format::Slug => replace_from(out, start, slug),
    }
}

/// Inserts zeros after the sign until the number has `width` characters.
fn fill_zeros(out: &mut Vec<u8>, start: usize, width: usize) {
    let missing = width.saturating_sub(out.len() - start);
    let first_digit = start + usize::from(out.get(start) == Some(&b'-'));
    out.splice(first_digit..first_digit, std::iter::repeat_n(b'0', missing));
}

fn replace_from(out: &mut Vec<u8>, start: usize, change: impl Fn(&str) -> String) {
    let changed = change(std::str::from_utf8(&out[start..]).expect("values are printed as UTF-8"));
    out.truncate(start);
    out.extend_from_slice(changed.as_bytes());
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
    fn a_template_is_cut_at_its_braces() {
        let pieces = split_template("ORD-{created_at:%H:%M}-{{x}}{a::text}").expect("is well formed");
        assert_eq!(
            pieces,
            [
                Piece::Literal("ORD-".into()),
                Piece::Placeholder { expression: 5..15, format: Some(16..21) },
                Piece::Literal("-{x}".into()),
                Piece::Placeholder { expression: 29..36, format: None },
            ]
        );
        assert_eq!(split_template("a{b").expect_err("is open").place, 1..2);
        assert_eq!(split_template("a}b").expect_err("is closed").place, 1..2);
    }

    #[test]
    fn formats_fit_their_types() {
        assert_eq!(Format::parse("08", &SqlType::Int), Ok(Format::Zeros(8)));
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
