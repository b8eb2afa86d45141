//! to_char: timestamps and numbers by a pattern, as PostgreSQL formats them in the "C" locale.

use super::Invocation;
use crate::diagnostic::Diagnostic;
use crate::expression::cast::{Willingness, cast, decimal, decimal_shape};
use crate::expression::kernel::temporal::{self, Field};
use crate::expression::tree::Node;
use crate::value::SqlType;
use crate::value::civil::{DAY, MONTHS, WEEKDAYS, civil_from_days, day_of_week};
use crate::value::parse::{Scalar, rescale};

pub(super) fn to_char(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=2)?;
    let format = invocation.arguments.pop().expect("two arguments");
    let value = invocation.arguments.pop().expect("two arguments");
    let pattern = match format.constant() {
        Some(Some(Scalar::Text(pattern))) => String::from_utf8(pattern).expect("text is UTF-8"),
        _ => return Err(format.wrong("the format must be written as a constant").help(invocation.signature)),
    };
    match &value.sql_type {
        SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz => {
            let value = cast(value, &SqlType::Timestamptz, Willingness::Implicit)?;
            let parts = moments::parse(&pattern).map_err(|message| format.wrong(message))?;
            Ok(invocation.call(vec![value], SqlType::Text, move |arguments| {
                let values = arguments.values[0].ints();
                arguments.texts(|at, out| {
                    moments::write(out, &parts, values.get(at));
                    Ok(())
                })
            }))
        }
        sql_type if sql_type.is_number() => {
            let format = numbers::parse(&pattern).map_err(|message| format.wrong(message))?;
            let value = match sql_type {
                SqlType::Real | SqlType::Double => {
                    let exact = SqlType::Numeric { precision: 38, scale: 15, bare: false };
                    cast(value, &exact, Willingness::Explicit)?
                }
                _ => value,
            };
            let (_, scale) = decimal_shape(&value);
            let value = decimal(value, 38, scale);
            Ok(invocation.call(vec![value], SqlType::Text, move |arguments| {
                let values = arguments.values[0].wides();
                arguments.texts(|at, out| {
                    let rounded = rescale(values.get(at), scale, format.decimals());
                    let rounded = rounded.ok_or("numeric field overflow")?;
                    out.extend_from_slice(format.write(rounded).as_bytes());
                    Ok(())
                })
            }))
        }
        _ => Err(invocation.refuse(&value)),
    }
}

/// Patterns of dates and times.
mod moments {
    use super::*;

    /// A piece of a pattern.
    pub enum Part {
        Literal(String),
        Piece { piece: Piece, fill: bool, ordinal: Option<bool> },
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub enum Case {
        Upper,
        Capital,
        Lower,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub enum Piece {
        /// The last digits of the year.
        Year(u8),
        IsoYear(u8),
        Month,
        MonthName(Case),
        MonthShort(Case),
        Day,
        DayOfYear,
        DayOfWeek,
        IsoDayOfWeek,
        DayName(Case),
        DayShort(Case),
        Hour24,
        Hour12,
        Minute,
        Second,
        Milli,
        Micro,
        Meridiem {
            upper: bool,
            dots: bool,
        },
        Quarter,
        Week,
        IsoWeek,
        Century,
        Julian,
        SecondOfDay,
        Zone {
            upper: bool,
        },
        ZoneOffset,
    }

    /// The keywords, longer before shorter that begin alike. Names and meridiems keep the case they are written in.
    fn keyword(rest: &str) -> Option<(usize, Piece)> {
        use Piece::*;
        const EXACT: &[(&str, Piece)] = &[
            ("MONTH", MonthName(Case::Upper)),
            ("Month", MonthName(Case::Capital)),
            ("month", MonthName(Case::Lower)),
            ("MON", MonthShort(Case::Upper)),
            ("Mon", MonthShort(Case::Capital)),
            ("mon", MonthShort(Case::Lower)),
            ("DAY", DayName(Case::Upper)),
            ("Day", DayName(Case::Capital)),
            ("day", DayName(Case::Lower)),
            ("DY", DayShort(Case::Upper)),
            ("Dy", DayShort(Case::Capital)),
            ("dy", DayShort(Case::Lower)),
            ("A.M.", Meridiem { upper: true, dots: true }),
            ("P.M.", Meridiem { upper: true, dots: true }),
            ("a.m.", Meridiem { upper: false, dots: true }),
            ("p.m.", Meridiem { upper: false, dots: true }),
            ("AM", Meridiem { upper: true, dots: false }),
            ("PM", Meridiem { upper: true, dots: false }),
            ("am", Meridiem { upper: false, dots: false }),
            ("pm", Meridiem { upper: false, dots: false }),
            ("TZ", Zone { upper: true }),
            ("tz", Zone { upper: false }),
        ];
        const ANY_CASE: &[(&str, Piece)] = &[
            ("IYYY", IsoYear(4)),
            ("IYY", IsoYear(3)),
            ("IDDD", DayOfYear),
            ("IY", IsoYear(2)),
            ("IW", IsoWeek),
            ("ID", IsoDayOfWeek),
            ("YYYY", Year(4)),
            ("YYY", Year(3)),
            ("YY", Year(2)),
            ("Y", Year(1)),
            ("MM", Month),
            ("MI", Minute),
            ("MS", Milli),
            ("DDD", DayOfYear),
            ("DD", Day),
            ("D", DayOfWeek),
            ("HH24", Hour24),
            ("HH12", Hour12),
            ("HH", Hour12),
            ("SSSSS", SecondOfDay),
            ("SSSS", SecondOfDay),
            ("SS", Second),
            ("US", Micro),
            ("Q", Quarter),
            ("WW", Week),
            ("CC", Century),
            ("J", Julian),
            ("OF", ZoneOffset),
        ];
        let exact = EXACT.iter().find(|(word, _)| rest.starts_with(word));
        let any_case = || {
            ANY_CASE.iter().find(|(word, _)| {
                rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            })
        };
        exact.or_else(any_case).map(|(word, piece)| (word.len(), *piece))
    }

    pub fn parse(pattern: &str) -> Result<Vec<Part>, String> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        let mut fill = true;
        while let Some(first) = rest.chars().next() {
            if first == '"' {
                let end = rest[1..].find('"').ok_or("a quote in the format is not closed")?;
                parts.push(Part::Literal(rest[1..=end].to_owned()));
                rest = &rest[end + 2..];
            } else if rest.starts_with("FM") || rest.starts_with("fm") {
                (fill, rest) = (false, &rest[2..]);
            } else if let Some((length, piece)) = keyword(rest) {
                rest = &rest[length..];
                let ordinal = match rest.get(..2) {
                    Some("TH") => Some(true),
                    Some("th") => Some(false),
                    _ => None,
                };
                if ordinal.is_some() {
                    rest = &rest[2..];
                }
                parts.push(Part::Piece { piece, fill, ordinal });
                fill = true;
            } else {
                parts.push(Part::Literal(first.to_string()));
                rest = &rest[first.len_utf8()..];
            }
        }
        Ok(parts)
    }

    pub fn write(out: &mut Vec<u8>, parts: &[Part], micros: i64) {
        for part in parts {
            match part {
                Part::Literal(text) => out.extend_from_slice(text.as_bytes()),
                Part::Piece { piece, fill, ordinal } => {
                    let text = piece_text(*piece, micros, *fill);
                    out.extend_from_slice(text.as_bytes());
                    if let Some(upper) = ordinal {
                        let suffix = ordinal_suffix(&text);
                        let suffix = if *upper { suffix.to_uppercase() } else { suffix.to_owned() };
                        out.extend_from_slice(suffix.as_bytes());
                    }
                }
            }
        }
    }

    fn ordinal_suffix(number: &str) -> &'static str {
        let number = number.trim();
        let teen = number.len() > 1 && number.as_bytes()[number.len() - 2] == b'1';
        match number.bytes().last() {
            Some(b'1') if !teen => "st",
            Some(b'2') if !teen => "nd",
            Some(b'3') if !teen => "rd",
            _ => "th",
        }
    }

    fn piece_text(piece: Piece, micros: i64, fill: bool) -> String {
        let (days, clock) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
        let (year, month, day) = civil_from_days(days);
        let part = |field| temporal::part(field, micros);
        let padded = |number: i64, width: usize| {
            if fill { format!("{number:0width$}") } else { number.to_string() }
        };
        let name = |name: &str, case: Case, width: usize| {
            let cased = match case {
                Case::Upper => name.to_uppercase(),
                Case::Capital => name.to_owned(),
                Case::Lower => name.to_lowercase(),
            };
            if fill { format!("{cased:width$}") } else { cased }
        };
        let last_digits = |year: i64, digits: u8| match digits {
            4 => padded(year, 4),
            digits => padded(year.rem_euclid(10i64.pow(digits as u32)), digits as usize),
        };
        let hour = clock / 3_600_000_000;
        match piece {
            Piece::Year(digits) => last_digits(year, digits),
            Piece::IsoYear(digits) => last_digits(part(Field::IsoYear), digits),
            Piece::Month => padded(month as i64, 2),
            Piece::MonthName(case) => name(MONTHS[month as usize - 1], case, 9),
            Piece::MonthShort(case) => name(&MONTHS[month as usize - 1][..3], case, 3),
            Piece::Day => padded(day as i64, 2),
            Piece::DayOfYear => padded(part(Field::Doy), 3),
            Piece::DayOfWeek => (day_of_week(days) + 1).to_string(),
            Piece::IsoDayOfWeek => part(Field::IsoDow).to_string(),
            Piece::DayName(case) => name(WEEKDAYS[day_of_week(days) as usize], case, 9),
            Piece::DayShort(case) => name(&WEEKDAYS[day_of_week(days) as usize][..3], case, 3),
            Piece::Hour24 => padded(hour, 2),
            Piece::Hour12 => padded((hour + 11) % 12 + 1, 2),
            Piece::Minute => padded(part(Field::Minute), 2),
            Piece::Second => padded(clock / 1_000_000 % 60, 2),
            Piece::Milli => padded(clock / 1_000 % 1_000, 3),
            Piece::Micro => padded(clock % 1_000_000, 6),
            Piece::Meridiem { upper, dots } => {
                let letters = match (hour < 12, dots) {
                    (true, false) => "am",
                    (true, true) => "a.m.",
                    (false, false) => "pm",
                    (false, true) => "p.m.",
                };
                if upper { letters.to_uppercase() } else { letters.to_owned() }
            }
            Piece::Quarter => part(Field::Quarter).to_string(),
            Piece::Week => padded((part(Field::Doy) - 1) / 7 + 1, 2),
            Piece::IsoWeek => padded(part(Field::Week), 2),
            Piece::Century => padded(part(Field::Century), 2),
            Piece::Julian => part(Field::Julian).to_string(),
            Piece::SecondOfDay => (clock / 1_000_000).to_string(),
            Piece::Zone { upper } => if upper { "UTC" } else { "utc" }.to_owned(),
            Piece::ZoneOffset => "+00".to_owned(),
        }
    }
}

/// Patterns of numbers.
mod numbers {
    /// What stands at a place of the pattern.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Place {
        /// A digit, or nothing where the number has none.
        Nine,
        /// A digit, 0 where the number has none.
        Zero,
        /// The separator of thousands.
        Comma,
        /// Any other letter.
        Other(char),
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Sign {
        /// A minus or a space before the first digit.
        Default,
        /// `S999`
        Before,
        /// `999S`
        After,
        /// `MI999`
        MinusBefore,
        /// `999MI`
        MinusAfter,
        /// `999PR`: negative numbers in angle brackets.
        Brackets,
    }

    pub struct Format {
        whole: Vec<Place>,
        fraction: Vec<Place>,
        has_point: bool,
        sign: Sign,
        fill: bool,
    }

    pub fn parse(pattern: &str) -> Result<Format, String> {
        let (mut whole, mut fraction) = (Vec::new(), Vec::new());
        let (mut has_point, mut sign, mut fill) = (false, Sign::Default, true);
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            let upper: String = rest.chars().take(2).collect::<String>().to_uppercase();
            let places = if has_point { &mut fraction } else { &mut whole };
            let started = !places.is_empty() || has_point;
            let mut taken = first.len_utf8();
            match (first, upper.as_str()) {
                (_, "FM") => (fill, taken) = (false, 2),
                (_, "MI") => {
                    sign = if started { Sign::MinusAfter } else { Sign::MinusBefore };
                    taken = 2;
                }
                (_, "PR") => (sign, taken) = (Sign::Brackets, 2),
                ('9', _) => places.push(Place::Nine),
                ('0', _) => places.push(Place::Zero),
                (',' | 'G' | 'g', _) => places.push(Place::Comma),
                ('.' | 'D' | 'd', _) if has_point => return Err("multiple decimal points".into()),
                ('.' | 'D' | 'd', _) => has_point = true,
                ('S' | 's', _) => sign = if started { Sign::After } else { Sign::Before },
                ('"', _) => {
                    let end = rest[1..].find('"').ok_or("a quote in the format is not closed")?;
                    places.extend(rest[1..=end].chars().map(Place::Other));
                    taken = end + 2;
                }
                ('V' | 'v' | 'L' | 'l', _) | (_, "EE" | "RN" | "TH") => {
                    return Err(format!("`{upper}` is not supported in the format of a number"));
                }
                (other, _) => places.push(Place::Other(other)),
            }
            rest = &rest[taken..];
        }
        Ok(Format { whole, fraction, has_point, sign, fill })
    }

    fn is_digit(place: &Place) -> bool {
        matches!(place, Place::Nine | Place::Zero)
    }

    impl Format {
        /// Digits after the point; the number is rounded to them.
        pub fn decimals(&self) -> u8 {
            self.fraction.iter().filter(|place| is_digit(place)).count().min(38) as u8
        }

        /// The number, whose last [`decimals`](Self::decimals) digits stand after the point.
        pub fn write(&self, unscaled: i128) -> String {
            let decimals = self.decimals() as usize;
            let digits = format!("{:0width$}", unscaled.unsigned_abs(), width = decimals + 1);
            let (mut whole, fraction) = digits.split_at(digits.len() - decimals);
            let places = self.whole.iter().filter(|place| is_digit(place)).count();
            // A zero before the point is shown only where the pattern asks for it, or if nothing else is shown.
            if whole == "0" && self.has_point && decimals > 0 {
                whole = "";
            }
            let overflow = whole.len() > places;
            let negative = unscaled < 0;
            let body = self.body(whole, fraction, places, overflow);
            self.signed(body, negative)
        }

        /// What stands before the first place of a digit, how many blanks come then, and the digits with their separators.
        fn body(
            &self,
            whole: &str,
            fraction: &str,
            places: usize,
            overflow: bool,
        ) -> (String, usize, String) {
            let lead = self.whole.iter().take_while(|place| matches!(place, Place::Other(_))).count();
            let prefix = self.whole[..lead].iter().filter_map(|place| match place {
                Place::Other(letter) => Some(*letter),
                _ => None,
            });
            let first_zero = self
                .whole
                .iter()
                .filter(|place| is_digit(place))
                .position(|place| *place == Place::Zero)
                .unwrap_or(places);
            let first_digit = places.saturating_sub(whole.len()).min(first_zero);
            let mut digits =
                std::iter::repeat_n('0', places.saturating_sub(whole.len())).chain(whole.chars());
            let (mut blanks, mut text, mut place_number) = (0, String::new(), 0);
            for place in &self.whole[lead..] {
                match place {
                    Place::Nine | Place::Zero => {
                        let digit = digits.next().unwrap_or('0');
                        if place_number < first_digit && !overflow {
                            blanks += 1;
                        } else {
                            text.push(if overflow { '#' } else { digit });
                        }
                        place_number += 1;
                    }
                    Place::Comma if text.is_empty() => blanks += 1,
                    Place::Comma => text.push(','),
                    Place::Other(letter) => text.push(*letter),
                }
            }
            if self.has_point {
                text.push('.');
                self.write_fraction(&mut text, fraction, overflow);
            }
            (prefix.collect(), blanks, text)
        }

        fn write_fraction(&self, text: &mut String, fraction: &str, overflow: bool) {
            // FM drops zeros at the end that only 9s ask for.
            let asked = self.fraction.iter().filter(|place| is_digit(place));
            let last_zero = asked.enumerate().filter(|(_, place)| **place == Place::Zero).last();
            let always = last_zero.map_or(0, |(at, _)| at + 1);
            let shown =
                if self.fill { fraction.len() } else { fraction.trim_end_matches('0').len().max(always) };
            let mut digits = fraction.chars().take(shown);
            for place in &self.fraction {
                match place {
                    Place::Nine | Place::Zero => {
                        text.extend(digits.next().map(|digit| if overflow { '#' } else { digit }));
                    }
                    Place::Comma => text.push(','),
                    Place::Other(letter) => text.push(*letter),
                }
            }
        }

        fn signed(&self, (prefix, blanks, body): (String, usize, String), negative: bool) -> String {
            let blanks = if self.fill { " ".repeat(blanks) } else { String::new() };
            let space = if self.fill { " " } else { "" };
            let minus = if negative { "-" } else { space };
            let sign = if negative { "-" } else { "+" };
            let number = match self.sign {
                Sign::Default => format!("{blanks}{minus}{body}"),
                Sign::Before => format!("{blanks}{sign}{body}"),
                Sign::After => format!("{blanks}{body}{sign}"),
                Sign::MinusBefore => format!("{minus}{blanks}{body}"),
                Sign::MinusAfter => format!("{blanks}{body}{minus}"),
                Sign::Brackets if negative => format!("{blanks}<{body}>"),
                Sign::Brackets => format!("{blanks}{space}{body}{space}"),
            };
            prefix + &number
        }
    }
}
