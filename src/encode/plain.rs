//! Texts that are copied from where they are into rows.

use super::page::{Before, Page};
use crate::value::{Places, Texts};
use std::ops::Range;

/// Texts of which only some need more than copying.
pub(super) struct Plain<'s> {
    /// The texts of the batch.
    pub texts: &'s Texts,
    /// The place of the strip's first.
    pub first: usize,
    /// A bit for each row whose cell is made: a null, an empty text or one with special bytes.
    pub apart: u128,
    /// Those cells, and where they begin and end.
    pub bytes: &'s [u8],
    pub ends: &'s [usize],
    /// The length of the longest cell.
    pub longest: usize,
}

impl Plain<'_> {
    /// Stores the cells of some rows of the strip.
    pub fn store(&self, page: &mut Page, before: &Before, rows: Range<usize>) {
        if self.apart != 0 {
            return page.pieces(before, rows.map(|row| self.piece(row)), self.longest);
        }
        let (bytes, texts) = (self.texts.bytes(), self.first + rows.start..self.first + rows.end);
        match self.texts.places() {
            Places::EndToEnd(offsets) => {
                let pairs = offsets[texts.start..=texts.end].windows(2);
                let pieces = pairs.map(|pair| (bytes, pair[0] as usize..pair[1] as usize));
                page.pieces(before, pieces, self.longest);
            }
            Places::Pieces(places) => {
                let pieces = places[texts].iter().map(|[from, to]| (bytes, *from as usize..*to as usize));
                page.pieces(before, pieces, self.longest);
            }
        }
    }

    /// Where the cell of a row of the strip stands.
    #[inline(always)]
    fn piece(&self, row: usize) -> (&[u8], Range<usize>) {
        if self.apart >> row & 1 == 1 {
            let number = (self.apart & ((1 << row) - 1)).count_ones() as usize;
            return (self.bytes, self.ends[number]..self.ends[number + 1]);
        }
        (self.texts.bytes(), self.texts.range(self.first + row))
    }
}
