//! Random characters of an alphabet.

use super::Column;
use super::lengths::Lengths;
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key, mix};
use crate::value::{Data, Texts, Vector};

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
        let mut texts = Texts::with_capacity(rows.len(), lengths.iter().sum::<u64>() as usize);
        let ascii: Option<Vec<u8>> = self.alphabet.iter().map(|letter| u8::try_from(*letter).ok()).collect();
        let ascii = ascii.filter(|letters| letters.is_ascii());
        for (at, length) in lengths.into_iter().enumerate() {
            let mut rng = CellRng::new(self.key, rows.get(at));
            let out = texts.buffer();
            match &ascii {
                Some(letters) => draw(&mut rng, letters.len(), length, |at| out.push(letters[at])),
                None => draw(&mut rng, self.alphabet.len(), length, |at| {
                    out.extend_from_slice(self.alphabet[at].encode_utf8(&mut [0; 4]).as_bytes());
                }),
            }
            texts.finish();
        }
        Ok(Data::Text(texts).into())
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
