//! Random characters of an alphabet.

use super::Column;
use super::lengths::Lengths;
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key, mix};
use crate::value::{Data, Rows, Texts, Vector};

/// How many characters one draw of 64 bits gives: of an alphabet of 95, the last still has 2^18 values left to choose from.
const PER_DRAW: u64 = 8;

/// Texts of random characters.
#[derive(Debug)]
pub struct Characters {
    /// The characters, at most 256 of them.
    pub alphabet: Vec<char>,
    /// How long texts are.
    pub lengths: Lengths,
    /// The draws.
    pub key: Key,
}

impl Column for Characters {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let length_key = self.key.child("length");
        let lengths = self.lengths.fill(&rows.map(|row| mix(length_key, row)));
        let texts = match self.letters() {
            Some(letters) => self.of_bytes(&letters, rows, &lengths),
            None => self.of_characters(rows, &lengths),
        };
        Ok(Data::Text(texts).into())
    }
}

impl Characters {
    /// The characters as bytes, if each is one; the rest of the table is never drawn.
    fn letters(&self) -> Option<[u8; 256]> {
        let mut letters = [0; 256];
        for (letter, character) in letters.iter_mut().zip(&self.alphabet) {
            *letter = u8::try_from(*character).ok().filter(u8::is_ascii)?;
        }
        Some(letters)
    }

    /// A word for each draw; what the last one has too much, the next text overwrites.
    fn of_bytes(&self, letters: &[u8; 256], rows: &Rows, lengths: &[u64]) -> Texts {
        let size = self.alphabet.len() as u128;
        let most = lengths.iter().sum::<u64>() as usize;
        Texts::written(lengths.len(), most, |out, at, nth| {
            let mut rng = CellRng::new(self.key, rows.get(nth));
            let end = at + lengths[nth] as usize;
            let mut place = at;
            while place < end {
                let mut bits = rng.bits();
                let word: [u8; PER_DRAW as usize] = std::array::from_fn(|_| {
                    let product = bits as u128 * size;
                    bits = product as u64;
                    letters[(product >> 64) as u8 as usize]
                });
                out[place..place + word.len()].copy_from_slice(&word);
                place += word.len();
            }
            end
        })
    }

    /// One character after the other.
    fn of_characters(&self, rows: &Rows, lengths: &[u64]) -> Texts {
        let mut texts = Texts::with_capacity(rows.len(), lengths.iter().sum::<u64>() as usize);
        for (at, length) in lengths.iter().enumerate() {
            let mut rng = CellRng::new(self.key, rows.get(at));
            let out = texts.buffer();
            draw(&mut rng, self.alphabet.len(), *length, |at| {
                out.extend_from_slice(self.alphabet[at].encode_utf8(&mut [0; 4]).as_bytes());
            });
            texts.finish();
        }
        texts
    }
}

/// So many numbers below `size`, several from each draw: the high half of a product is the number, the low half the bits
/// that are left.
#[inline]
fn draw(rng: &mut CellRng, size: usize, mut length: u64, mut push: impl FnMut(usize)) {
    while length > 0 {
        let mut bits = rng.bits();
        for _ in 0..length.min(PER_DRAW) {
            let product = bits as u128 * size as u128;
            push((product >> 64) as usize);
            bits = product as u64;
        }
        length -= length.min(PER_DRAW);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Grid, IntSampler, uniform};
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_of_letters_equal_one_after_the_other(
            alphabet in vec(prop::char::range(' ', '~'), 1..=256),
            lengths in vec(0u64..40, 0..50),
            start in any::<u32>(),
        ) {
            let grid = Grid::Decimal { scale: 0 };
            let sampler = IntSampler::new(uniform(), grid, Some(0), Some(39), (0, 39)).expect("has bounds");
            let column = Characters {
                alphabet,
                lengths: Lengths { min: 0, max: 39, sampler },
                key: Key::new(u64::from(start), &["letters"]),
            };
            let rows = Rows::Range { start: u64::from(start), len: lengths.len() };
            let letters = column.letters().expect("is ASCII");
            prop_assert_eq!(column.of_bytes(&letters, &rows, &lengths), column.of_characters(&rows, &lengths));
        }
    }
}
