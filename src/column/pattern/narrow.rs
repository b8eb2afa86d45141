//! Patterns made narrower: for columns that hold fewer characters, and so that texts can be told apart.

use super::{Part, Pattern};
use std::fmt;

/// What a narrower pattern has to be.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// Characters at most.
    pub limit: u64,
    /// Different texts at least.
    pub texts: u128,
    /// Its texts can be counted through.
    pub is_unambiguous: bool,
}

impl Pattern {
    /// The pattern with as little taken away as makes it what is wanted; `None` if nothing does. Repetitions become fewer first,
    /// then alternatives, then letters of fixed text.
    pub fn narrowed(&self, wanted: Wanted) -> Option<Pattern> {
        let mut root = self.root.clone();
        while root.max_len() > wanted.limit {
            root = first_that(SHORTENED, &root, |next| next.capacity() >= wanted.texts)?;
        }
        while wanted.is_unambiguous && root.is_ambiguous() {
            root = first_that(TOLD_APART, &root, |next| next.capacity() >= wanted.texts)?;
        }
        (root.capacity() >= wanted.texts).then_some(Pattern { root })
    }
}

/// A way to change one part. The number is what the change is about: the part with the greatest one is changed first. `None`
/// where it does not apply.
struct Change {
    about: fn(&Part) -> Option<u64>,
    make: fn(&mut Part),
}

/// What makes the longest text shorter, the gentlest first.
const SHORTENED: &[Change] = &[
    Change { about: slack, make: |part| repeat(part, |_, max| *max -= 1) },
    Change { about: longest_alternative, make: drop_longest },
    Change {
        about: |part| matches!(part, Part::Repeat { max: 2.., .. }).then(|| part.max_len()),
        make: |part| {
            repeat(part, |min, max| {
                *max -= 1;
                *min = (*min).min(*max);
            });
        },
    },
    Change {
        about: |part| matches!(part, Part::Literal(_)).then(|| part.max_len()).filter(|len| *len > 0),
        make: |part| {
            if let Part::Literal(text) = part {
                let mut letters: Vec<char> = String::from_utf8_lossy(text).chars().collect();
                // `ORDER-` becomes `ORDE-`: what separates stays as long as there is something to separate.
                let last = letters.iter().rposition(|letter| letter.is_alphanumeric());
                letters.remove(last.unwrap_or(letters.len() - 1));
                *text = letters.into_iter().collect::<String>().into_bytes();
            }
        },
    },
];

/// What leaves fewer ways to make one text: repetitions of one length, alternatives that begin differently, or a single one.
const TOLD_APART: &[Change] = &[
    Change { about: slack, make: |part| repeat(part, |min, max| *min = *max) },
    Change {
        about: |part| match part {
            Part::Alternatives(parts) => Some(parts.len() as u64),
            _ => None,
        },
        make: |part| {
            if let Part::Alternatives(parts) = part {
                parts.sort_by_key(|part| std::cmp::Reverse(part.capacity()));
                parts.pop();
                if let [only] = parts.as_slice() {
                    *part = only.clone();
                }
            }
        },
    },
];

/// The part after the first change that applies and leaves enough.
fn first_that(changes: &[Change], root: &Part, is_enough: impl Fn(&Part) -> bool) -> Option<Part> {
    changes.iter().find_map(|change| {
        let mut greatest = None;
        root.clone().visit(&mut |part| greatest = greatest.max((change.about)(part)));
        let greatest = greatest?;
        let mut next = root.clone();
        let mut is_made = false;
        next.visit(&mut |part| {
            if !is_made && (change.about)(part) == Some(greatest) {
                (change.make)(part);
                is_made = true;
            }
        });
        is_enough(&next).then_some(next)
    })
}

/// How much a repetition varies.
fn slack(part: &Part) -> Option<u64> {
    match part {
        Part::Repeat { min, max, .. } => Some((max - min) as u64).filter(|slack| *slack > 0),
        _ => None,
    }
}

fn repeat(part: &mut Part, change: impl Fn(&mut u32, &mut u32)) {
    if let Part::Repeat { min, max, .. } = part {
        change(min, max);
    }
}

/// The longest of alternatives that differ in length.
fn longest_alternative(part: &Part) -> Option<u64> {
    let Part::Alternatives(parts) = part else { return None };
    let longest = parts.iter().map(Part::max_len).max()?;
    parts.iter().any(|part| part.max_len() < longest).then_some(longest)
}

fn drop_longest(part: &mut Part) {
    let longest = longest_alternative(part);
    if let Part::Alternatives(parts) = part {
        parts.retain(|part| Some(part.max_len()) != longest);
        if let [only] = parts.as_slice() {
            *part = only.clone();
        }
    }
}

impl Part {
    /// Shows every part, from the last to the first, those inside before what they are in.
    fn visit(&mut self, see: &mut dyn FnMut(&mut Part)) {
        match self {
            Part::Sequence(parts) | Part::Alternatives(parts) => {
                parts.iter_mut().rev().for_each(|part| part.visit(see));
            }
            Part::Repeat { part, .. } => part.visit(see),
            Part::Literal(_) | Part::Class(_) | Part::Letters(_) => {}
        }
        see(self);
    }
}

/// As a regular expression.
impl fmt::Display for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        self.root.fmt(out)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Part::Literal(text) => out.write_str(&escaped(&String::from_utf8_lossy(text))),
            Part::Class(bytes) => write!(out, "[{}]", ranges(bytes.iter().map(|byte| *byte as char))),
            Part::Letters(letters) => write!(out, "[{}]", ranges(letters.iter().copied())),
            Part::Sequence(parts) => parts.iter().try_for_each(|part| part.fmt(out)),
            Part::Alternatives(parts) => {
                let parts: Vec<String> = parts.iter().map(Part::to_string).collect();
                write!(out, "({})", parts.join("|"))
            }
            Part::Repeat { part, min, max } => {
                match &**part {
                    Part::Class(_) | Part::Letters(_) | Part::Alternatives(_) => part.fmt(out)?,
                    part => write!(out, "({part})")?,
                }
                match (min, max) {
                    (1, 1) => Ok(()),
                    (0, 1) => out.write_str("?"),
                    (min, max) if min == max => write!(out, "{{{min}}}"),
                    (min, max) => write!(out, "{{{min},{max}}}"),
                }
            }
        }
    }
}

/// Fixed text: what means something in an expression has a backslash.
fn escaped(text: &str) -> String {
    let is_special = |letter: char| r"\.+*?()|[]{}^$".contains(letter);
    text.chars().fold(String::new(), |mut out, letter| {
        if is_special(letter) {
            out.push('\\');
        }
        out.push(letter);
        out
    })
}

/// `abcd-` as `a-d\-`.
fn ranges(letters: impl Iterator<Item = char>) -> String {
    let mut runs: Vec<(char, char)> = Vec::new();
    for letter in letters {
        match runs.last_mut() {
            Some((_, last)) if *last as u32 + 1 == letter as u32 => *last = letter,
            _ => runs.push((letter, letter)),
        }
    }
    let one = |letter: char| match letter {
        '-' | ']' | '[' | '^' | '\\' => format!("\\{letter}"),
        letter => letter.to_string(),
    };
    let shown = |(first, last): &(char, char)| match (*last as u32) - (*first as u32) {
        0 => one(*first),
        1 => format!("{}{}", one(*first), one(*last)),
        _ => format!("{}-{}", one(*first), one(*last)),
    };
    runs.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrowed(text: &str, limit: u64, texts: u128) -> Option<String> {
        let wanted = Wanted { limit, texts, is_unambiguous: true };
        let pattern = Pattern::parse(text).expect("parses").narrowed(wanted)?;
        assert!(pattern.max_len() <= limit && !pattern.is_ambiguous() && pattern.capacity() >= texts);
        let again = Pattern::parse(&pattern.to_string()).expect("what is shown can be written");
        assert_eq!(again.capacity(), pattern.capacity());
        Some(pattern.to_string())
    }

    #[test]
    fn as_little_is_taken_away_as_will_do() {
        for (text, limit, texts, expected) in [
            ("[A-Z]{3}-\\d{4}", 8, 1_000, "[A-Z]{3}-[0-9]{4}"),
            ("[a-z]{5,15}", 10, 1_000, "[a-z]{5,10}"),
            ("[A-Z]{2,4}[0-9]{4,12}", 12, 1_000, "[A-Z]{2,4}[0-9]{4,8}"),
            ("ACCOUNT-[0-9]{8}", 12, 1_000, "ACCOUNT-[0-9]{4}"),
            ("ACCOUNT-[0-9]{8}", 10, 1_000, "ACCOUN-[0-9]{3}"),
            ("(short|a-long-word)[0-9]{3}", 8, 10, "short[0-9]{3}"),
        ] {
            assert_eq!(narrowed(text, limit, texts).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(narrowed("[0-9]{8}", 2, 1_000), None);
    }

    #[test]
    fn texts_that_could_be_made_twice_are_left_out() {
        for (text, expected) in
            [("[a-z]+[0-9a-z]+", "[a-z]{1,9}[0-9a-z]{9}"), ("(cat|cow)[0-9]{3}", "cat[0-9]{3}")]
        {
            assert_eq!(narrowed(text, 100, 500).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(narrowed("(cat|cow)", 100, 3), None);
    }
}
