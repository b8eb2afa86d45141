//! Filler of an exact length: sentences of whole words.

use super::Column;
use super::lengths::Lengths;
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key, mix};
use crate::value::{Data, Texts, Vector};

/// Texts shorter than this are words without a full stop.
const SENTENCE: usize = 16;

/// Words of the same length stand together.
#[derive(Debug)]
pub struct Filler {
    by_length: Vec<Vec<&'static str>>,
    words: Vec<&'static str>,
    lengths: Lengths,
    key: Key,
}

impl Filler {
    /// Texts of these words, which are ASCII.
    pub fn new(words: Vec<&'static str>, lengths: Lengths, key: Key) -> Self {
        let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
        let mut by_length = vec![Vec::new(); longest + 1];
        words.iter().for_each(|word| by_length[word.len()].push(*word));
        Self { by_length, words, lengths, key }
    }

    /// Appends `wanted` characters.
    fn write(&self, rng: &mut CellRng, out: &mut Vec<u8>, wanted: usize) {
        let ends = wanted >= SENTENCE;
        let mut left = wanted - usize::from(ends);
        let mut words_left = 0;
        while left > 0 {
            let starts = words_left == 0;
            if starts {
                words_left = 6 + rng.below(9);
            }
            words_left -= 1;
            let word = self.word(rng, left);
            let from = out.len();
            out.extend_from_slice(word.as_bytes());
            if starts && ends {
                out[from] = out[from].to_ascii_uppercase();
            }
            left -= word.len();
            if left == 0 {
                break;
            }
            // A new sentence needs room for its sign and a word.
            if words_left == 0 && ends && left > SENTENCE {
                out.extend_from_slice(b". ");
                left -= 2;
            } else {
                words_left = words_left.max(1);
                out.push(b' ');
                left -= 1;
            }
        }
        if ends {
            out.push(b'.');
        }
    }

    /// A word that fills what is left, or leaves room for another.
    fn word(&self, rng: &mut CellRng, left: usize) -> &'static str {
        /// A space, and the shortest word that is worth it.
        const NEXT: usize = 3;
        let word = self.words[rng.below(self.words.len() as u64) as usize];
        if word.len() == left || word.len() + NEXT <= left {
            return word;
        }
        let lengths = (1..self.by_length.len()).rev().filter(|length| !self.by_length[*length].is_empty());
        let fits = |length: &usize| *length == left || length + NEXT <= left;
        match lengths.into_iter().find(fits) {
            Some(length) => {
                let words = &self.by_length[length];
                words[rng.below(words.len() as u64) as usize]
            }
            // So few letters make no word.
            None => &word[..word.len().min(left)],
        }
    }
}

impl Column for Filler {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let length_key = self.key.child("length");
        let wanted = self.lengths.fill(&rows.map(|row| mix(length_key, row)));
        let mut texts = Texts::with_capacity(rows.len(), wanted.iter().sum::<u64>() as usize);
        for (at, wanted) in wanted.into_iter().enumerate() {
            let mut rng = CellRng::new(self.key, rows.get(at));
            self.write(&mut rng, texts.buffer(), wanted as usize);
            texts.finish();
        }
        Ok(Data::Text(texts).into())
    }
}
