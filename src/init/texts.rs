//! What texts look like: a code of a fixed build, an address, words.

use crate::init::sketch::Maker;

/// Codes are not longer.
const CODE_CHARS: usize = 40;
/// Nor are they made of more parts.
const CODE_PARTS: usize = 12;

/// Kinds of characters in codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Other(char),
}

/// Characters of one kind that follow each other.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    kind: Kind,
    shortest: usize,
    longest: usize,
    /// The text, if it is the same everywhere.
    constant: Option<String>,
}

/// The regular expression of codes that are all built alike; `None` for anything else. Parts that never change are taken
/// as they are, unless they are to be hidden.
pub fn pattern(values: &[String], is_hidden: bool) -> Option<String> {
    if let Some(hexadecimal) = hexadecimal(values) {
        return Some(hexadecimal);
    }
    let mut aligned: Option<Vec<Run>> = None;
    for value in values {
        if value.chars().count() > CODE_CHARS || value.contains(' ') {
            return None;
        }
        let runs = runs(value);
        aligned = match aligned {
            None => Some(runs),
            Some(known) => Some(joined(known, runs)?),
        };
    }
    let runs = aligned.filter(|runs| runs.len() <= CODE_PARTS)?;
    // Words are no codes: a code has digits, or nothing but capitals.
    let has = |kind: Kind| runs.iter().any(|run| run.kind == kind);
    let is_code = has(Kind::Digit) || (has(Kind::Upper) && !has(Kind::Lower));
    is_code.then(|| runs.iter().map(|run| shown(run, is_hidden)).collect())
}

/// Hashes and the like: of one length, with digits and letters in any order.
fn hexadecimal(values: &[String]) -> Option<String> {
    let length = values.first()?.len();
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let is_one = |value: &String| value.len() == length && value.chars().all(is_digit);
    let has_letters = values.iter().any(|value| value.contains(|c: char| c.is_ascii_lowercase()));
    (length >= 8 && has_letters && values.iter().all(is_one)).then(|| format!("[0-9a-f]{{{length}}}"))
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for c in text.chars() {
        let kind = match c {
            'A'..='Z' => Kind::Upper,
            'a'..='z' => Kind::Lower,
            '0'..='9' => Kind::Digit,
            other => Kind::Other(other),
        };
        match runs.last_mut().filter(|run| run.kind == kind) {
            Some(run) => {
                run.shortest += 1;
                run.longest += 1;
                run.constant.as_mut().expect("not joined yet").push(c);
            }
            None => runs.push(Run { kind, shortest: 1, longest: 1, constant: Some(c.to_string()) }),
        }
    }
    runs
}

/// Two builds as one, if they have the same parts.
fn joined(known: Vec<Run>, other: Vec<Run>) -> Option<Vec<Run>> {
    if known.len() != other.len() {
        return None;
    }
    let join = |(known, other): (Run, Run)| {
        let constant = known.constant.filter(|text| Some(text) == other.constant.as_ref());
        (known.kind == other.kind).then(|| Run {
            kind: known.kind,
            shortest: known.shortest.min(other.shortest),
            longest: known.longest.max(other.longest),
            constant,
        })
    };
    known.into_iter().zip(other).map(join).collect()
}

fn shown(run: &Run, is_hidden: bool) -> String {
    let class = match run.kind {
        Kind::Upper => "[A-Z]",
        Kind::Lower => "[a-z]",
        Kind::Digit => "[0-9]",
        Kind::Other(_) => "",
    };
    if let (Some(text), true) = (&run.constant, class.is_empty() || !is_hidden) {
        return text.chars().map(escaped).collect();
    }
    let class = match run.kind {
        Kind::Other(c) => escaped(c),
        _ => class.to_owned(),
    };
    match (run.shortest, run.longest) {
        (1, 1) => class,
        (shortest, longest) if shortest == longest => format!("{class}{{{longest}}}"),
        (shortest, longest) => format!("{class}{{{shortest},{longest}}}"),
    }
}

fn escaped(c: char) -> String {
    match c {
        '.' | '+' | '*' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' | '\\' => {
            format!("\\{c}")
        }
        c => c.to_string(),
    }
}

/// The provider of texts that show what they are.
pub fn provider(values: &[String]) -> Option<&'static str> {
    let all = |is: &dyn Fn(&str) -> bool| values.iter().all(|value| is(value));
    let is_phone = |text: &str| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        (7..=16).contains(&digits)
            && text.starts_with(['+', '('])
            && text.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c))
    };
    let is_email = |text: &str| {
        let domain = text.split_once('@').map(|(_, domain)| domain);
        domain.is_some_and(|domain| domain.contains('.') && !domain.contains('@')) && !text.contains(' ')
    };
    match () {
        () if all(&is_email) => Some("email"),
        () if all(&|text| text.starts_with("http://") || text.starts_with("https://")) => Some("url"),
        () if all(&is_phone) => Some("phone_number"),
        () => None,
    }
}

/// Words, sentences or paragraphs, of about the length of these.
pub fn words(values: &[String]) -> Maker {
    let count = values.iter().map(|value| value.split_whitespace().count()).sum::<usize>();
    let mean = count as f64 / values.len().max(1) as f64;
    let provider = match mean {
        mean if mean < 1.5 => "word",
        mean if mean < 6.0 => "words",
        mean if mean < 18.0 => "sentence",
        mean if mean < 70.0 => "paragraph",
        _ => "paragraphs",
    };
    Maker::scalar("fake", provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str], is_hidden: bool) -> Option<String> {
        pattern(&values.iter().map(|value| value.to_string()).collect::<Vec<_>>(), is_hidden)
    }

    #[test]
    fn codes_show_their_build() {
        let cases: &[(&[&str], Option<&str>)] = &[
            (&["ABC-1234", "XYZ-0001"], Some("[A-Z]{3}-[0-9]{4}")),
            (&["ORD-2024-1", "ORD-2025-17"], Some("ORD-[0-9]{4}-[0-9]{1,2}")),
            (&["A1", "B2"], Some("[A-Z][0-9]")),
            (&["v1.2", "v1.3"], Some("v1\\.[0-9]")),
            (&["DE", "FR"], Some("[A-Z]{2}")),
            (&["0123456789abcdef", "fedcba9876543210"], Some("[0-9a-f]{16}")),
            (&["Smith", "Jones"], None),
            (&["red", "blue"], None),
            (&["A1", "1A"], None),
            (&["A 1", "B 2"], None),
        ];
        for (values, expected) in cases {
            assert_eq!(of(values, false).as_deref(), *expected, "{values:?}");
        }
        assert_eq!(of(&["ORD-1", "ORD-2"], true).as_deref(), Some("[A-Z]{3}-[0-9]"));
    }

    #[test]
    fn addresses_are_known_by_their_signs() {
        let of =
            |values: &[&str]| provider(&values.iter().map(|value| value.to_string()).collect::<Vec<_>>());
        assert_eq!(of(&["a@b.example", "c.d@e.org"]), Some("email"));
        assert_eq!(of(&["https://a.example/x", "http://b"]), Some("url"));
        assert_eq!(of(&["+1 202-555-0101", "(030) 23125 001"]), Some("phone_number"));
        assert_eq!(of(&["a@b.example", "none"]), None);
    }
}
