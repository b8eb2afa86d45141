//! Patterns whose texts are as long as each other and differ in single bytes: most codes and numbers.

use super::Part;
use crate::random::{CellRng, Key};
use crate::value::{Rows, Texts};

/// Longer texts are drawn by walking the pattern.
const LONGEST: usize = 1_024;

/// A text to copy, and the places in it that are drawn.
#[derive(Debug)]
pub(super) struct Fixed {
    /// One of the texts.
    text: Vec<u8>,
    /// In the order of their draws.
    drawn: Vec<Place>,
    /// The bytes of all classes, end to end.
    classes: Vec<u8>,
}

/// A byte that is drawn out of a class.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: usize,
    /// Where the class begins among all, and how many bytes it has.
    class: usize,
    len: usize,
}

impl Fixed {
    /// `None` where texts differ in length, or in characters of several bytes.
    pub fn of(pattern: &Part) -> Option<Self> {
        let mut fixed = Self { text: Vec::new(), drawn: Vec::new(), classes: Vec::new() };
        fixed.add(pattern).then_some(fixed)
    }

    /// Adds a part at the end; false where it is of another kind.
    fn add(&mut self, part: &Part) -> bool {
        match part {
            Part::Literal(text) => {
                self.text.extend_from_slice(text);
                self.text.len() <= LONGEST
            }
            Part::Class(bytes) => {
                let class = self.class(bytes);
                self.drawn.push(Place { at: self.text.len(), class, len: bytes.len() });
                self.text.push(bytes[0]);
                self.text.len() <= LONGEST
            }
            Part::Sequence(parts) => parts.iter().all(|part| self.add(part)),
            Part::Repeat { part, min, max } => min == max && (0..*max).all(|_| self.add(part)),
            Part::Letters(_) | Part::Alternatives(_) => false,
        }
    }

    /// Where a class stands among all.
    fn class(&mut self, bytes: &[u8]) -> usize {
        let known =
            self.drawn.iter().find(|place| &self.classes[place.class..place.class + place.len] == bytes);
        known.map(|place| place.class).unwrap_or_else(|| {
            self.classes.extend_from_slice(bytes);
            self.classes.len() - bytes.len()
        })
    }

    /// What the pattern draws for these rows.
    pub fn texts(&self, rows: &Rows, key: Key) -> Texts {
        let mut texts = Texts::with_capacity(rows.len(), rows.len() * self.text.len());
        rows.for_each(|row| {
            let mut rng = CellRng::new(key, row);
            let bytes = texts.buffer();
            let start = bytes.len();
            bytes.extend_from_slice(&self.text);
            let own = &mut bytes[start..];
            for place in &self.drawn {
                own[place.at] = self.classes[place.class + rng.below(place.len as u64) as usize];
            }
            texts.finish();
        });
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Pattern, PatternText};
    use super::*;

    #[test]
    fn texts_are_those_of_walking_the_pattern() {
        for text in
            ["1Z[0-9A-Z]{6}0[1-3][0-9]{8}", "[1-9][0-9]{11}", "x", "[A-Z]{2}-([0-9]z){3}", "ä[ab]{0}c"]
        {
            let pattern = Pattern::parse(text).expect("parses");
            let column = PatternText::drawn(pattern.clone(), Key::new(1, &["t"]));
            let fixed = column.fixed.as_ref().unwrap_or_else(|| panic!("{text} is fixed"));
            let drawn = fixed.texts(&Rows::Range { start: 5, len: 500 }, column.key);
            for (at, row) in (5..505).enumerate() {
                let mut walked = Vec::new();
                pattern.root.draw(&mut CellRng::new(column.key, row), &mut walked);
                assert_eq!(drawn.get(at), walked, "{text}");
            }
        }
    }

    #[test]
    fn what_varies_in_length_is_walked() {
        for text in ["a?", "[0-9]{2,3}", "a|bc", "[äb]", "[0-9]{2000}"] {
            let pattern = Pattern::parse(text).expect("parses");
            assert!(Fixed::of(&pattern.root).is_none(), "{text}");
        }
    }
}
