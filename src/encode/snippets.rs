//! Short texts that are copied many times.

use std::ops::Range;

/// Texts to be copied in whole words.
pub(super) enum Snippets {
    /// Shorter than 16 bytes, each with its length in the last.
    Short(Vec<[u8; 16]>),
    /// Shorter than 32 bytes, likewise.
    Middle(Vec<[u8; 32]>),
    /// Of any length.
    Packed(Packed),
}

/// So many texts may be laid out in whole words and stay in the cache; more are packed.
const MOST_CARDS: usize = 16_384;

/// Texts behind each other, with room behind the last.
pub(super) struct Packed {
    ends: Vec<u32>,
    bytes: Vec<u8>,
    /// The length of the longest.
    pub longest: usize,
}

/// What may be read behind a text.
const ROOM: usize = 64;

impl Snippets {
    /// Collects texts as `write` appends them, one call for each of `0..count`.
    pub fn collect(count: usize, mut write: impl FnMut(&mut Vec<u8>, usize)) -> Self {
        let mut bytes = Vec::new();
        let mut ends = vec![0];
        let mut longest = 0;
        for at in 0..count {
            let start = bytes.len();
            write(&mut bytes, at);
            longest = longest.max(bytes.len() - start);
            ends.push(u32::try_from(bytes.len()).expect("a dictionary stays below 4 GiB"));
        }
        bytes.extend_from_slice(&[0; ROOM]);
        let packed = Packed { ends, bytes, longest };
        match longest {
            0..16 if count <= MOST_CARDS => Snippets::Short(packed.cards()),
            0..32 if count <= MOST_CARDS => Snippets::Middle(packed.cards()),
            _ => Snippets::Packed(packed),
        }
    }

    /// No text is longer.
    pub fn longest(&self) -> usize {
        match self {
            Snippets::Short(_) => 15,
            Snippets::Middle(_) => 31,
            Snippets::Packed(packed) => packed.longest,
        }
    }

    /// The number of the last text.
    pub fn last(&self) -> u32 {
        let count = match self {
            Snippets::Short(cards) => cards.len(),
            Snippets::Middle(cards) => cards.len(),
            Snippets::Packed(packed) => packed.ends.len() - 1,
        };
        count as u32 - 1
    }
}

impl Packed {
    /// Where a text stands.
    #[inline(always)]
    pub fn piece(&self, text: u32) -> (&[u8], Range<usize>) {
        let ends = &self.ends[text as usize..text as usize + 2];
        (&self.bytes, ends[0] as usize..ends[1] as usize)
    }

    fn cards<const WIDTH: usize>(&self) -> Vec<[u8; WIDTH]> {
        let card = |text| {
            let (bytes, range) = self.piece(text);
            let mut card = [0; WIDTH];
            card[..range.len()].copy_from_slice(&bytes[range.clone()]);
            card[WIDTH - 1] = range.len() as u8;
            card
        };
        (0..self.ends.len() as u32 - 1).map(card).collect()
    }
}
