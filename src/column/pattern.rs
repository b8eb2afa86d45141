//! Text that matches a regular expression.
//!
//! A pattern is read into a tree of literals, classes, sequences, alternatives and repetitions. Drawn values walk the tree with
//! one draw per choice. Unique values are counted through: the tree is a number system of mixed radix, so the n-th text is
//! found by division, and a permutation of `0..n` makes the order look random.

mod fixed;
mod narrow;
mod read;

pub use narrow::Wanted;

use super::Column;
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key, Permutation};
use crate::value::{Data, Texts, Vector};
use fixed::Fixed;

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
    /// A class with characters beyond ASCII.
    Letters(Vec<char>),
    Sequence(Vec<Part>),
    Alternatives(Vec<Part>),
    Repeat {
        part: Box<Part>,
        min: u32,
        max: u32,
    },
}

impl Pattern {
    /// Reads a regular expression. `\d`, `\w`, `\s`, `.` and negated classes stand for their printable ASCII characters, others for what
    /// they list; open repetitions end 8 after their minimum; `^` and `$` at the ends are allowed and mean nothing, since the
    /// whole text matches.
    pub fn parse(text: &str) -> Result<Self, BadPattern> {
        Ok(Self { root: read::read(text)? })
    }

    /// The characters, when the pattern is a single one out of a class.
    pub fn class(&self) -> Option<Vec<char>> {
        match &self.root {
            Part::Class(characters) => Some(characters.iter().map(|byte| *byte as char).collect()),
            Part::Letters(letters) => Some(letters.clone()),
            Part::Literal(text) => {
                let text = std::str::from_utf8(text).ok()?;
                (text.chars().count() == 1).then(|| text.chars().collect())
            }
            _ => None,
        }
    }

    /// How many different texts it can make, as far as 128 bits count. A text that can be made in two ways, as by `(a|a)`, counts
    /// twice.
    pub fn capacity(&self) -> u128 {
        self.root.capacity()
    }

    /// The longest text's length in characters.
    pub fn max_len(&self) -> u64 {
        self.root.max_len()
    }

    /// The shortest text's length in characters.
    pub fn min_len(&self) -> u64 {
        self.root.min_len()
    }

    /// Whether two ways through the pattern may make one text, so that counting through it does not give unique texts.
    pub fn is_ambiguous(&self) -> bool {
        self.root.is_ambiguous()
    }
}

impl Part {
    fn capacity(&self) -> u128 {
        match self {
            Part::Literal(_) => 1,
            Part::Class(characters) => characters.len() as u128,
            Part::Letters(letters) => letters.len() as u128,
            Part::Sequence(parts) => parts.iter().fold(1, |product: u128, part| {
                // What cannot be counted any more is drawn.
                product.checked_mul(part.capacity()).unwrap_or(product)
            }),
            Part::Alternatives(parts) => {
                parts.iter().fold(0, |sum, part| sum.saturating_add(part.capacity()))
            }
            Part::Repeat { part, min, max } if min == max => {
                let each = part.capacity();
                each.saturating_pow(counted_times(each, *max))
            }
            Part::Repeat { part, min, max } => {
                let each = part.capacity();
                (*min..=*max).fold(0u128, |sum, times| sum.saturating_add(each.saturating_pow(times)))
            }
        }
    }

    fn max_len(&self) -> u64 {
        match self {
            Part::Literal(text) => characters(text),
            Part::Class(_) | Part::Letters(_) => 1,
            Part::Sequence(parts) => parts.iter().map(Part::max_len).sum(),
            Part::Alternatives(parts) => parts.iter().map(Part::max_len).max().unwrap_or(0),
            Part::Repeat { part, max, .. } => part.max_len().saturating_mul(*max as u64),
        }
    }

    fn min_len(&self) -> u64 {
        match self {
            Part::Literal(text) => characters(text),
            Part::Class(_) | Part::Letters(_) => 1,
            Part::Sequence(parts) => parts.iter().map(Part::min_len).sum(),
            Part::Alternatives(parts) => parts.iter().map(Part::min_len).min().unwrap_or(0),
            Part::Repeat { part, min, .. } => part.min_len().saturating_mul(*min as u64),
        }
    }

    /// A sufficient test. A text is cut into the parts of a sequence from the left, as long as parts have a fixed length or are
    /// followed by what they cannot hold; of the others one may vary, since those after it are cut from the right.
    /// Alternatives are told apart by their first byte. What it cannot tell apart it calls ambiguous.
    fn is_ambiguous(&self) -> bool {
        match self {
            Part::Literal(_) | Part::Class(_) | Part::Letters(_) => false,
            Part::Sequence(parts) => {
                let varies = |part: &Part| part.min_len() != part.max_len();
                let open = (0..parts.len())
                    .find(|at| varies(&parts[*at]) && !ends_before(&parts[*at], &parts[at + 1..]));
                open.is_some_and(|at| parts[at + 1..].iter().any(varies))
                    || parts.iter().any(Part::is_ambiguous)
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

    /// Notes all bytes of its texts.
    fn add_bytes(&self, bytes: &mut [bool; 256]) {
        match self {
            Part::Literal(text) => text.iter().for_each(|byte| bytes[*byte as usize] = true),
            Part::Class(characters) => characters.iter().for_each(|byte| bytes[*byte as usize] = true),
            Part::Letters(letters) => {
                let all = letters.iter().flat_map(|letter| letter.to_string().into_bytes());
                all.for_each(|byte| bytes[byte as usize] = true);
            }
            Part::Sequence(parts) | Part::Alternatives(parts) => {
                parts.iter().for_each(|part| part.add_bytes(bytes));
            }
            Part::Repeat { part, .. } => part.add_bytes(bytes),
        }
    }

    /// Notes the bytes that its texts begin with, apart from the empty one.
    fn add_first_bytes(&self, bytes: &mut [bool; 256]) {
        match self {
            Part::Literal(text) => text.first().into_iter().for_each(|byte| bytes[*byte as usize] = true),
            Part::Sequence(parts) => add_first_bytes(parts, bytes),
            Part::Alternatives(parts) => parts.iter().for_each(|part| part.add_first_bytes(bytes)),
            Part::Repeat { part, .. } => part.add_first_bytes(bytes),
            Part::Class(_) => self.add_bytes(bytes),
            Part::Letters(letters) => {
                let firsts = letters.iter().map(|letter| letter.to_string().as_bytes()[0]);
                firsts.for_each(|byte| bytes[byte as usize] = true);
            }
        }
    }

    /// The bytes a text can start with; empty when it may be empty.
    fn first_bytes(&self) -> Vec<u8> {
        match self {
            Part::Literal(text) => text.first().copied().into_iter().collect(),
            Part::Class(characters) => characters.clone(),
            Part::Letters(_) => {
                let mut bytes = [false; 256];
                self.add_first_bytes(&mut bytes);
                (0..=255).filter(|byte| bytes[*byte as usize]).collect()
            }
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
            Part::Letters(letters) => push(out, letters[rng.below(letters.len() as u64) as usize]),
            Part::Sequence(parts) => parts.iter().for_each(|part| part.draw(rng, out)),
            Part::Alternatives(parts) => parts[rng.below(parts.len() as u64) as usize].draw(rng, out),
            Part::Repeat { part, min, max } => {
                let times = if min == max { *min } else { min + rng.below((max - min + 1) as u64) as u32 };
                (0..times).for_each(|_| part.draw(rng, out));
            }
        }
    }

    /// Writes the `index`-th text; `index < capacity`. Of longer texts than can be counted the rest is drawn.
    fn write_nth(&self, mut index: u128, rng: &mut CellRng, out: &mut Vec<u8>) {
        match self {
            Part::Literal(text) => out.extend_from_slice(text),
            Part::Class(characters) => out.push(characters[index as usize]),
            Part::Letters(letters) => push(out, letters[index as usize]),
            Part::Sequence(parts) => {
                let mut counted: u128 = 1;
                for part in parts {
                    let radix = part.capacity();
                    match counted.checked_mul(radix) {
                        Some(product) => {
                            part.write_nth(index % radix, rng, out);
                            index /= radix;
                            counted = product;
                        }
                        None => part.draw(rng, out),
                    }
                }
            }
            Part::Alternatives(parts) => {
                for part in parts {
                    let capacity = part.capacity();
                    if index < capacity {
                        return part.write_nth(index, rng, out);
                    }
                    index -= capacity;
                }
            }
            Part::Repeat { part, min, max } if min == max => {
                let radix = part.capacity();
                let counted = counted_times(radix, *max);
                for _ in 0..counted {
                    part.write_nth(index % radix, rng, out);
                    index /= radix;
                }
                (counted..*max).for_each(|_| part.draw(rng, out));
            }
            Part::Repeat { part, min, max } => {
                let radix = part.capacity();
                for times in *min..=*max {
                    let capacity = radix.saturating_pow(times);
                    if index < capacity {
                        for _ in 0..times {
                            part.write_nth(index % radix, rng, out);
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

/// How many of a part's repetitions 128 bits can count.
fn counted_times(each: u128, times: u32) -> u32 {
    match each.checked_pow(times) {
        Some(_) => times,
        None => (1..times).take_while(|fewer| each.checked_pow(*fewer).is_some()).count() as u32,
    }
}

fn push(out: &mut Vec<u8>, letter: char) {
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

fn characters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64
}

/// Notes the bytes that texts of a sequence begin with.
fn add_first_bytes(parts: &[Part], bytes: &mut [bool; 256]) {
    for part in parts {
        part.add_first_bytes(bytes);
        if part.min_len() > 0 {
            return;
        }
    }
}

/// Whether a part ends where the first byte stands that it cannot hold: nothing that may follow begins with one of its bytes.
fn ends_before(part: &Part, next: &[Part]) -> bool {
    let (mut held, mut following) = ([false; 256], [false; 256]);
    part.add_bytes(&mut held);
    add_first_bytes(next, &mut following);
    !held.iter().zip(&following).any(|(held, following)| *held && *following)
}

/// A column of texts that match a pattern.
#[derive(Debug)]
pub struct PatternText {
    pattern: Pattern,
    key: Key,
    unique: Option<Spread>,
    /// The pattern, where its texts are drawn and as long as each other.
    fixed: Option<Fixed>,
}

/// Unique numbers below a capacity of up to 128 bits.
#[derive(Debug)]
struct Spread {
    order: Permutation,
    stride: u128,
}

impl Spread {
    /// Which text of its stride a row takes.
    #[inline]
    fn within(&self, rng: &mut CellRng) -> u128 {
        if self.stride == 1 {
            return 0;
        }
        (((rng.bits() as u128) << 64) | rng.bits() as u128) % self.stride
    }
}

impl PatternText {
    /// Texts drawn independently.
    pub fn drawn(pattern: Pattern, key: Key) -> Self {
        let fixed = Fixed::of(&pattern.root);
        Self { pattern, key, unique: None, fixed }
    }

    /// Texts that are all different; the pattern is not ambiguous and has at least as many texts as there are rows.
    pub fn unique(pattern: Pattern, key: Key) -> Self {
        // A permutation counts in 64 bits: of larger capacities one text of each stride is used.
        let capacity = pattern.capacity();
        let stride = (capacity >> 62).max(1);
        let order = Permutation::new(key, (capacity / stride) as u64);
        Self { pattern, key, unique: Some(Spread { order, stride }), fixed: None }
    }
}

impl Column for PatternText {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        if let Some(fixed) = &self.fixed {
            return Ok(Data::Text(fixed.texts(rows, self.key)).into());
        }
        let mut texts =
            Texts::with_capacity(rows.len(), rows.len() * self.pattern.max_len().min(64) as usize);
        rows.for_each(|row| {
            match &self.unique {
                None => self.pattern.root.draw(&mut CellRng::new(self.key, row), texts.buffer()),
                Some(spread) => {
                    let mut rng = CellRng::new(self.key, row);
                    let index = spread.order.apply(row) as u128 * spread.stride + spread.within(&mut rng);
                    self.pattern.root.write_nth(index, &mut rng, texts.buffer());
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
            pattern.root.write_nth(index, &mut CellRng::new(Key::new(1, &["t"]), 0), &mut out);
            String::from_utf8(out).expect("is text")
        };
        (0..pattern.capacity()).map(nth).collect()
    }

    #[test]
    fn counting_through_a_pattern_meets_every_text_once() {
        assert_eq!(all("[ab]x?").len(), 4);
        for text in [
            "[A-C]{2}-[01]",
            "(a|b[0-3]){1,2}",
            "x[0-9]{0,2}",
            "cat|dog|emu",
            "[A-B]{1,2}-?[0-2]{0,2}",
            "[äöü]{1,2}x?",
        ] {
            let texts = all(text);
            let distinct: HashSet<&String> = texts.iter().collect();
            assert_eq!(distinct.len(), texts.len(), "{text}");
            assert!(!Pattern::parse(text).expect("parses").is_ambiguous() || text.contains('|'), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_counted_is_drawn() {
        let pattern = Pattern::parse("a[A-Za-z0-9]{32}-[0-9]{9}").expect("parses");
        let column = PatternText::unique(pattern, Key::new(1, &["t"]));
        let text = |row| {
            let Some(spread) = &column.unique else { panic!("it is unique") };
            let mut rng = CellRng::new(column.key, row);
            let index = spread.order.apply(row) as u128 * spread.stride + spread.within(&mut rng);
            let mut out = Vec::new();
            column.pattern.root.write_nth(index, &mut rng, &mut out);
            String::from_utf8(out).expect("is text")
        };
        let texts: HashSet<String> = (0..500).map(text).collect();
        let ends: HashSet<&str> = texts.iter().map(|text| &text[25..33]).collect();
        assert!(texts.len() == 500 && ends.len() == 500 && texts.iter().all(|text| text.len() == 43));
    }

    #[test]
    fn what_could_be_made_twice_is_seen() {
        for text in ["(a|ab)c?", "a*b*a*", "a?a?", "(cat|cow)x", "[a-z]+[0-9a-z]+", "[é]?[è]?"] {
            assert!(Pattern::parse(text).expect("parses").is_ambiguous(), "{text}");
        }
        for text in ["[A-Z]{3}-\\d{4}", "ID[0-9]+", "(cat|dog)[0-9]", "[A-Z]{1,3}-?[0-9]{1,4}x{2}", "a*b*"] {
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
    fn classes_beyond_ascii_are_what_they_list_and_the_others_are_ascii() {
        assert_eq!(all("[äb]"), ["b", "ä"]);
        assert_eq!(all("[é\\d]").len(), 11);
        assert_eq!(all("ß[^ -y]"), ["ßz", "ß{", "ß|", "ß}", "ß~"]);
        assert_eq!(all("ß\\w").len(), 63);
        assert_eq!(all("ß.").len(), 95);
        let pattern = Pattern::parse("[äöü]{3}é").expect("parses");
        assert_eq!((pattern.min_len(), pattern.max_len()), (4, 4), "characters");
    }

    #[test]
    fn what_no_text_could_match_is_refused() {
        for text in ["a^b", "a$b", "(^a){2}", "\\bword\\b", "(?=a)a", "(a)\\1", "a{2000000}", "[^ -~]"] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
        for text in ["^a$", "(^a|^b)c", "^(a|b$)", "\\Aa\\z"] {
            assert!(Pattern::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_broken_pattern_says_where() {
        let bad = Pattern::parse("[a-z").expect_err("is broken");
        assert!(bad.place.is_some(), "{bad:?}");
    }
}
