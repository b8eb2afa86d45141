//! Short texts that are copied many times.

use crate::value::words::{WORD, append};

/// Texts with room behind the last, so that they are copied in whole words.
pub(super) struct Snippets {
    ends: Vec<u32>,
    bytes: Vec<u8>,
    longest: usize,
}

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
        bytes.extend_from_slice(&[0; WORD]);
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

    /// Puts a text at a place, and gives the place after it. Up to [`WORD`] bytes behind may be overwritten.
    #[inline(always)]
    pub fn append(&self, out: &mut [u8], at: usize, text: usize) -> usize {
        append(out, at, &self.bytes, self.ends[text] as usize, self.ends[text + 1] as usize)
    }
}
