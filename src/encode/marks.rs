//! Where special bytes are in a long text, so that its pieces need not be searched.

use std::ops::Range;

/// A bit for each byte of a text.
pub(super) struct Marks {
    /// With a word more than the text has bytes for.
    bits: Vec<u64>,
}

impl Marks {
    pub fn new(text: &[u8], is_special: fn(u8) -> bool) -> Self {
        let word =
            |bytes: &[u8]| bytes.iter().rev().fold(0, |word, byte| word << 1 | u64::from(is_special(*byte)));
        Self { bits: text.chunks(64).map(word).chain([0]).collect() }
    }

    /// Whether there is a special byte in a piece of the text.
    #[inline(always)]
    pub fn any(&self, piece: Range<usize>) -> bool {
        let (mut at, mut found) = (piece.start, 0);
        while at < piece.end {
            let (word, shift) = (at / 64, at % 64);
            let window = self.bits[word] >> shift | self.bits[word + 1] << 1 << (63 - shift);
            let kept = (piece.end - at).min(64);
            found |= window & (u64::MAX >> (64 - kept));
            at += kept;
        }
        found != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_every_piece_agree_with_a_search() {
        let text: Vec<u8> =
            (0..300u32).map(|at| if at % 67 == 3 || at == 299 { b',' } else { b'x' }).collect();
        let marks = Marks::new(&text, |byte| byte == b',');
        for start in 0..=text.len() {
            for end in start..=text.len() {
                assert_eq!(marks.any(start..end), text[start..end].contains(&b','), "{start}..{end}");
            }
        }
    }
}
