//! Short texts that are copied many times.

/// Texts with room behind the last, so that a short one is copied as a whole word.
pub(super) struct Snippets {
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

/// Bytes that a short copy moves.
const WORD: usize = 16;

impl Snippets {
    /// Collects texts as `write` appends them, one call for each of `0..count`.
    pub fn collect(count: usize, mut write: impl FnMut(&mut Vec<u8>, usize)) -> Self {
        let mut bytes = Vec::new();
        let mut ends = vec![0];
        for at in 0..count {
            write(&mut bytes, at);
            ends.push(u32::try_from(bytes.len()).expect("a dictionary stays below 4 GiB"));
        }
        bytes.extend_from_slice(&[0; WORD]);
        Self { ends, bytes }
    }

    /// Appends a text.
    #[inline]
    pub fn append(&self, out: &mut Vec<u8>, at: usize) {
        let (start, end) = (self.ends[at] as usize, self.ends[at + 1] as usize);
        if end - start <= WORD {
            let after = out.len() + end - start;
            out.extend_from_slice(&self.bytes[start..start + WORD]);
            out.truncate(after);
        } else {
            out.extend_from_slice(&self.bytes[start..end]);
        }
    }
}
