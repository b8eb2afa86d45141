//! Pieces of a pool of text, which a grammar fills once when planning.

use super::Column;
use super::grammar::Grammar;
use super::lengths::Lengths;
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key, below, mix};
use crate::value::{Data, Texts, Vector};
use std::sync::Arc;

/// A long text.
pub struct Pool {
    text: Arc<Vec<u8>>,
    /// Where each character starts, and the end; not needed where each is a byte.
    starts: Option<Vec<u32>>,
}

impl Pool {
    /// A pool of `size` bytes, or up to three fewer, so that the last character is whole: texts of the grammar, with spaces between them. `size` is
    /// below 4 GiB, and the grammar's shortest text has a character at least.
    pub fn fill(grammar: &Grammar, size: u64, key: Key) -> Self {
        let size = size as usize;
        let mut text = Vec::with_capacity(size + 256);
        let mut row = 0;
        while text.len() < size {
            if row > 0 {
                text.push(b' ');
            }
            grammar.write(&mut CellRng::new(key, row), &mut text);
            row += 1;
        }
        let mut end = size;
        while text.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
            end -= 1;
        }
        text.truncate(end);
        let starts = (!text.is_ascii()).then(|| {
            let starts = (0..text.len()).filter(|at| text[*at] & 0xC0 != 0x80).chain([text.len()]);
            starts.map(|at| at as u32).collect()
        });
        Self { text: Arc::new(text), starts }
    }

    /// How many characters.
    pub fn len(&self) -> u64 {
        self.starts.as_ref().map_or(self.text.len(), |starts| starts.len() - 1) as u64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where so many characters from a place on stand in the text.
    #[inline]
    fn place(&self, from: u64, length: u64) -> [u32; 2] {
        let (from, to) = (from as u32, (from + length) as u32);
        match &self.starts {
            None => [from, to],
            Some(starts) => [starts[from as usize], starts[to as usize]],
        }
    }
}

/// Takes pieces of a pool.
pub struct Slice {
    /// The pool; it has as many characters as the longest piece.
    pub pool: Arc<Pool>,
    /// How long pieces are, in characters.
    pub lengths: Lengths,
    /// The draws.
    pub key: Key,
}

impl Column for Slice {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let length_key = self.key.child("length");
        let lengths = self.lengths.fill(&rows.map(|row| mix(length_key, row)));
        let mut lengths = lengths.into_iter();
        let characters = self.pool.len();
        let place = |row| {
            let length = lengths.next().expect("there are as many as rows");
            self.pool.place(below(mix(self.key, row), characters - length + 1), length)
        };
        Ok(Data::Text(Texts::of_pieces(self.pool.text.clone(), rows.map(place))).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::grammar::Part;

    fn place([from, to]: [u32; 2]) -> std::ops::Range<usize> {
        from as usize..to as usize
    }

    #[test]
    fn pieces_are_whole_characters() {
        let rules = vec![vec![(vec![Part::Text("aé東🦀".into())], 1.0)]];
        let grammar = Grammar::new(rules, 0).expect("ends");
        for size in 10..24 {
            let pool = Pool::fill(&grammar, size, Key::new(1, &["pool"]));
            assert!(pool.text.len() as u64 > size - 4 && pool.text.len() as u64 <= size);
            let text = std::str::from_utf8(&pool.text).expect("whole characters");
            assert_eq!(pool.len(), text.chars().count() as u64);
            for from in 0..pool.len() - 1 {
                let piece: String = text.chars().skip(from as usize).take(2).collect();
                assert_eq!(&pool.text[place(pool.place(from, 2))], piece.as_bytes());
            }
        }
    }
}
