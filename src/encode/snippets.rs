//! Short texts that are copied many times.

use std::ops::Range;

/// Texts with room behind the last, so that they are copied in whole words.
pub(super) struct Snippets {
    ends: Vec<u32>,
    bytes: Vec<u8>,
    longest: usize,
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
        Self { ends, bytes, longest }
    }

    /// The length of the longest text.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The number of the last text.
    pub fn last(&self) -> u32 {
        self.ends.len() as u32 - 2
    }

    /// Where a text stands.
    #[inline(always)]
    pub fn piece(&self, text: u32) -> (&[u8], Range<usize>) {
        let ends = &self.ends[text as usize..text as usize + 2];
        (&self.bytes, ends[0] as usize..ends[1] as usize)
    }
}
