//! Text that matches a regular expression.
//!
//! A pattern is read into a tree of literals, classes, sequences, alternatives and repetitions. Drawn values walk the tree with
//! one draw per choice. Unique values are counted through: the tree is a number system of mixed radix, so the n-th text is
//! found by division, and a permutation of `0..n` makes the order look random.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key, Permutation};
use crate::value::{Data, Texts, Vector};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How often `*`, `+` and `{n,}` repeat at most beyond their minimum.
const OPEN_REPEATS: u32 = 8;

/// Why a pattern was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPattern {
    /// What is wrong.
    pub message: String,
    /// Where in the pattern, in bytes, if known.
    pub place: Option<(usize, usize)>,
}

/// A pattern, read.
#[derive(Clone, Debug)]
pub struct Pattern {
    root: Part,
}

#[derive(Clone, Debug)]
enum Part {
    Literal(Vec<u8>),
    Class(Vec<u8>),
    Sequence(Vec<Part>),
    Alternatives(Vec<Part>),
    Repeat { part: Box<Part>, min: u32, max: u32 },
}

impl Pattern {
    /// Reads a regular expression. Classes stand for their printable ASCII characters; `.` is any of those; open repetitions
    /// end 8 after their minimum; `^` and `$` at the ends are allowed and mean nothing, since the whole text matches.
    pub fn parse(text: &str) -> Result<Self, BadPattern> {
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
        let hir = parser.parse(text).map_err(|error| syntax(&error))?;
        Ok(Self { root: part(&hir)? })
    }

    /// How many different texts it can make, as far as 128 bits count. A text that can be made in two ways, as by `(a|a)`, counts
    /// twice.
    pub fn capacity(&self) -> u128 {
        self.root.capacity()
    }

    /// The longest text's length in bytes.
    pub fn max_len(&self) -> u64 {
        self.root.max_len()
    }

    /// The shortest text's length in bytes.
    pub fn min_len(&self) -> u64 {
        self.root.min_len()
    }

    /// Whether two ways through the pattern may make one text, so that counting through it does not give unique texts.
    pub fn is_ambiguous(&self) -> bool {
        self.root.is_ambiguous()
    }
}

fn syntax(error: &regex_syntax::Error) -> BadPattern {
    let (kind, span) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span()),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span()),
        other => return BadPattern { message: other.to_string(), place: None },
    };
    BadPattern { message: kind, place: Some((span.start.offset, span.end.offset)) }
}

fn part(hir: &Hir) -> Result<Part, BadPattern> {
    let bad = |message: &str| Err(BadPattern { message: message.to_owned(), place: None });
    Ok(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Part::Literal(Vec::new()),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(_) => Part::Literal(literal.0.to_vec()),
            Err(_) => return bad("the pattern makes bytes that are not text"),
        },
        HirKind::Class(class) => {
            let characters = printable(class);
            match characters.is_empty() {
                true => return bad("a class of the pattern has no printable ASCII character"),
                false => Part::Class(characters),
            }
        }
        HirKind::Repetition(repetition) => {
            let max = repetition.max.unwrap_or(repetition.min.saturating_add(OPEN_REPEATS));
            Part::Repeat { part: Box::new(part(&repetition.sub)?), min: repetition.min, max }
        }
        HirKind::Capture(capture) => part(&capture.sub)?,
        HirKind::Concat(parts) => Part::Sequence(parts.iter().map(part).collect::<Result<_, _>>()?),
        HirKind::Alternation(parts) => Part::Alternatives(parts.iter().map(part).collect::<Result<_, _>>()?),
    })
}

fn printable(class: &Class) -> Vec<u8> {
    let holds = |c: u8| match class {
        Class::Bytes(class) => class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&c)),
        Class::Unicode(class) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&(c as char)))
        }
    };
    (b' '..=b'~').filter(|c| holds(*c)).collect()
}

impl Part {
    fn capacity(&self) -> u128 {
        match self {
            Part::Literal(_) => 1,
            Part::Class(characters) => characters.len() as u128,
            Part::Sequence(parts) => {
                parts.iter().fold(1, |product, part| product.saturating_mul(part.capacity()))
            }
            Part::Alternatives(parts) => {
                parts.iter().fold(0, |sum, part| sum.saturating_add(part.capacity()))
            }
            Part::Repeat { part, min, max } => {
                let each = part.capacity();
                (*min..=*max).fold(0u128, |sum, times| sum.saturating_add(each.saturating_pow(times)))
            }
        }
    }

    fn max_len(&self) -> u64 {
        match self {
            Part::Literal(text) => text.len() as u64,
            Part::Class(_) => 1,
            Part::Sequence(parts) => parts.iter().map(Part::max_len).sum(),
            Part::Alternatives(parts) => parts.iter().map(Part::max_len).max().unwrap_or(0),
            Part::Repeat { part, max, .. } => part.max_len().saturating_mul(*max as u64),
        }
    }

    fn min_len(&self) -> u64 {
        match self {
            Part::Literal(text) => text.len() as u64,
            Part::Class(_) => 1,
            Part::Sequence(parts) => parts.iter().map(Part::min_len).sum(),
            Part::Alternatives(parts) => parts.iter().map(Part::min_len).min().unwrap_or(0),
            Part::Repeat { part, min, .. } => part.min_len().saturating_mul(*min as u64),
        }
    }

    /// A sufficient test: texts of fixed length everywhere, apart from the last place, cannot be cut in two ways, and
    /// alternatives are told apart by their first character. What it cannot tell apart it calls ambiguous.
    fn is_ambiguous(&self) -> bool {
        match self {
            Part::Literal(_) | Part::Class(_) => false,
            Part::Sequence(parts) => {
                let varying = parts.iter().filter(|part| part.min_len() != part.max_len()).count();
                varying > 1 || parts.iter().any(Part::is_ambiguous)
            }
            Part::Alternatives(parts) => {
                let mut seen = [false; 256];
                let clash = parts.iter().any(|part| {
                    let first = part.first_bytes();
                    let clash = first.is_empty() || first.iter().any(|byte| seen[*byte as usize]);
                    first.iter().for_each(|byte| seen[*byte as usize] = true);
                    clash
                });
                clash || parts.iter().any(Part::is_ambiguous)
            }
            Part::Repeat { part, min, max } => {
                part.is_ambiguous()
                    || part.max_len() == 0
                    || (part.min_len() != part.max_len() && (*min != *max || *max > 1))
            }
        }
    }

    /// The bytes a text can start with; empty when it may be empty.
    fn first_bytes(&self) -> Vec<u8> {
        match self {
            Part::Literal(text) => text.first().copied().into_iter().collect(),
            Part::Class(characters) => characters.clone(),
            Part::Sequence(parts) => match parts.iter().find(|part| part.max_len() > 0) {
                Some(part) if part.min_len() > 0 => part.first_bytes(),
                _ => Vec::new(),
            },
            Part::Alternatives(parts) => match parts.iter().all(|part| part.min_len() > 0) {
                true => parts.iter().flat_map(Part::first_bytes).collect(),
                false => Vec::new(),
            },
            Part::Repeat { part, min, .. } => {
                if *min > 0 {
                    part.first_bytes()
                } else {
                    Vec::new()
                }
            }
        }
    }

    fn draw(&self, rng: &mut CellRng, out: &mut Vec<u8>) {
        match self {
            Part::Literal(text) => out.extend_from_slice(text),
            Part::Class(characters) => out.push(characters[rng.below(characters.len() as u64) as usize]),
            Part::Sequence(parts) => parts.iter().for_each(|part| part.draw(rng, out)),
            Part::Alternatives(parts) => parts[rng.below(parts.len() as u64) as usize].draw(rng, out),
            Part::Repeat { part, min, max } => {
                let times = if min == max { *min } else { min + rng.below((max - min + 1) as u64) as u32 };
                (0..times).for_each(|_| part.draw(rng, out));
            }
        }
    }

    /// Writes the `index`-th text; `index < capacity`.
    fn write_nth(&self, mut index: u128, out: &mut Vec<u8>) {
        match self {
            Part::Literal(text) => out.extend_from_slice(text),
            Part::Class(characters) => out.push(characters[index as usize]),
            Part::Sequence(parts) => {
                for part in parts {
                    let radix = part.capacity();
                    part.write_nth(index % radix, out);
                    index /= radix;
                }
            }
            Part::Alternatives(parts) => {
                for part in parts {
                    let capacity = part.capacity();
                    if index < capacity {
                        return part.write_nth(index, out);
                    }
                    index -= capacity;
                }
            }
            Part::Repeat { part, min, max } => {
                let radix = part.capacity();
                for times in *min..=*max {
                    let capacity = radix.saturating_pow(times);
                    if index < capacity {
                        for _ in 0..times {
                            part.write_nth(index % radix, out);
                            index /= radix;
                        }
                        return;
                    }
                    index -= capacity;
                }
            }
        }
    }
}

/// A column of texts that match a pattern.
#[derive(Debug)]
pub struct PatternText {
    pattern: Pattern,
    key: Key,
    unique: Option<Spread>,
}

/// Unique numbers below a capacity of up to 128 bits.
#[derive(Debug)]
struct Spread {
    order: Permutation,
    stride: u128,
}

impl PatternText {
    /// Texts drawn independently.
    pub fn drawn(pattern: Pattern, key: Key) -> Self {
        Self { pattern, key, unique: None }
    }

    /// Texts that are all different; the pattern is not ambiguous and has at least as many texts as there are rows.
    pub fn unique(pattern: Pattern, key: Key) -> Self {
        // A permutation counts in 64 bits: of larger capacities every stride-th text is used.
        let capacity = pattern.capacity();
        let stride = (capacity >> 62).max(1);
        let order = Permutation::new(key, (capacity / stride) as u64);
        Self { pattern, key, unique: Some(Spread { order, stride }) }
    }
}

impl Column for PatternText {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let mut texts =
            Texts::with_capacity(rows.len(), rows.len() * self.pattern.max_len().min(64) as usize);
        rows.for_each(|row| {
            match &self.unique {
                None => self.pattern.root.draw(&mut CellRng::new(self.key, row), texts.buffer()),
                Some(spread) => {
                    let index = spread.order.apply(row) as u128 * spread.stride;
                    self.pattern.root.write_nth(index, texts.buffer());
                }
            }
            texts.finish();
        });
        Ok(Data::Text(texts).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn all(text: &str) -> Vec<String> {
        let pattern = Pattern::parse(text).expect("parses");
        let nth = |index| {
            let mut out = Vec::new();
            pattern.root.write_nth(index, &mut out);
            String::from_utf8(out).expect("is text")
        };
        (0..pattern.capacity()).map(nth).collect()
    }

    #[test]
    fn counting_through_a_pattern_meets_every_text_once() {
        assert_eq!(all("[ab]x?").len(), 4);
        for text in ["[A-C]{2}-[01]", "(a|b[0-3]){1,2}", "x[0-9]{0,2}", "cat|dog|emu"] {
            let texts = all(text);
            let distinct: HashSet<&String> = texts.iter().collect();
            assert_eq!(distinct.len(), texts.len(), "{text}");
            assert!(!Pattern::parse(text).expect("parses").is_ambiguous() || text.contains('|'), "{text}");
        }
    }

    #[test]
    fn what_could_be_made_twice_is_seen() {
        for text in ["(a|ab)c?", "a*b*", "(cat|cow)x", "[a-z]+[0-9a-z]+"] {
            assert!(Pattern::parse(text).expect("parses").is_ambiguous(), "{text}");
        }
        for text in ["[A-Z]{3}-\\d{4}", "ID[0-9]+", "(cat|dog)[0-9]"] {
            assert!(!Pattern::parse(text).expect("parses").is_ambiguous(), "{text}");
        }
    }

    #[test]
    fn drawn_texts_match() {
        let pattern = Pattern::parse("^[A-Z]{3}-\\d{4}(é|!)$").expect("parses");
        for row in 0..100 {
            let mut out = Vec::new();
            pattern.root.draw(&mut CellRng::new(Key::new(1, &["t"]), row), &mut out);
            let text = String::from_utf8(out).expect("is text");
            assert!(text.as_bytes()[..3].iter().all(u8::is_ascii_uppercase), "{text}");
            assert!(text[4..8].bytes().all(|c| c.is_ascii_digit()), "{text}");
            assert!(text.ends_with('é') || text.ends_with('!'), "{text}");
        }
    }

    #[test]
    fn a_broken_pattern_says_where() {
        let bad = Pattern::parse("[a-z").expect_err("is broken");
        assert!(bad.place.is_some(), "{bad:?}");
    }
}
