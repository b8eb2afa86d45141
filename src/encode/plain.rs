//! Texts that are copied from where they are into rows.

use crate::value::Texts;
use crate::value::words::append;

/// Texts of which only some need more than copying.
pub(super) struct Plain<'s> {
    /// The texts of the batch.
    pub texts: &'s Texts,
    /// The place of the strip's first.
    pub first: usize,
    /// What stands before each text.
    pub before: &'s [u8],
    /// A bit for each row whose cell is made: a null, an empty text or one with special bytes.
    pub made: u128,
    /// Those cells, with what stands before them, and where they end.
    pub bytes: &'s [u8],
    pub ends: &'s [usize],
}

impl Plain<'_> {
    /// At most so many bytes are stored for that many rows.
    pub fn most_bytes(&self, rows: usize) -> usize {
        let texts = self.texts.bytes_of(self.first..self.first + rows);
        texts.len() + self.before.len() * rows + self.bytes.len()
    }

    /// Puts the cell of a row of the strip at a place, and gives the place after it.
    #[inline(always)]
    pub fn append(&self, out: &mut [u8], mut at: usize, row: usize) -> usize {
        if self.made >> row & 1 == 1 {
            let number = (self.made & ((1 << row) - 1)).count_ones() as usize;
            return append(out, at, self.bytes, self.ends[number], self.ends[number + 1]);
        }
        for byte in self.before {
            out[at] = *byte;
            at += 1;
        }
        let range = self.texts.range(self.first + row);
        append(out, at, self.texts.bytes(), range.start, range.end)
    }
}
