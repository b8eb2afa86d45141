//! Rows of text side by side, each with room for its longest: filled column by column, then put one after the other.
//!
//! A column's cells are stored in one loop, whose rows do not wait for each other. Cells are stored in whole words: what lies
//! behind a cell's end is overwritten by the next cell of its row, and behind the last there is room. Widths are decided per
//! column, never per cell, since a store too many costs less than a branch that is foreseen wrongly.

use std::ops::Range;

/// Bytes of a word.
pub(super) const WORD: usize = 16;

/// Bytes behind a row's end that stores may touch: the widest cell that is stored whole.
const SLACK: usize = 64;

/// Rows are copied as widely as the longest among them up to here; longer ones each as they are.
const ALIKE: usize = 512;

/// Bytes of a page, so that it stays in the first cache levels.
const PAGE: usize = 64 * 1024;

/// What stands before the cells of a column.
pub(super) struct Before {
    bytes: Vec<u8>,
    /// The same as a word, if it is not longer.
    word: [u8; WORD],
}

impl Before {
    /// Nothing.
    pub const NOTHING: Self = Self { bytes: Vec::new(), word: [0; WORD] };

    pub fn new(bytes: Vec<u8>) -> Self {
        let mut word = [0; WORD];
        if bytes.len() <= WORD {
            word[..bytes.len()].copy_from_slice(&bytes);
        }
        Self { bytes, word }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Some rows, and how far they are filled.
#[derive(Default)]
pub(super) struct Page {
    bytes: Vec<u8>,
    /// Where each row's next cell goes.
    ends: Vec<usize>,
    /// Each row starts so many bytes behind the one before it.
    stride: usize,
}

impl Page {
    /// How many rows of at most so many bytes a page takes.
    pub fn rows_of(width: usize) -> usize {
        (PAGE / (width + SLACK)).max(1)
    }

    /// So many rows with nothing in them and room for `width` bytes each.
    pub fn begin(&mut self, rows: usize, width: usize) {
        self.stride = width + SLACK;
        if self.bytes.len() < rows * self.stride {
            self.bytes.resize(rows * self.stride, 0);
        }
        self.ends.clear();
        self.ends.extend((0..rows).map(|row| row * self.stride));
    }

    /// Adds some bytes to each row.
    pub fn each<'b>(&mut self, bytes: impl Iterator<Item = &'b [u8]>) {
        for (end, bytes) in self.ends.iter_mut().zip(bytes) {
            self.bytes[*end..*end + bytes.len()].copy_from_slice(bytes);
            *end += bytes.len();
        }
    }

    /// Adds the same to each row, and gives what is left to stand before its next cell: a word, of which so many bytes count.
    fn begin_cells(&mut self, before: &Before) -> ([u8; WORD], usize) {
        if before.bytes.len() > WORD {
            self.each(std::iter::repeat(before.bytes()));
            return ([0; WORD], 0);
        }
        (before.word, before.bytes.len())
    }

    /// Adds cells of at most `WIDTH` bytes, each of which `write` makes in place of a value, and says how many bytes of it count.
    #[inline(always)]
    pub fn cells<T, const WIDTH: usize>(
        &mut self,
        before: &Before,
        values: impl Iterator<Item = T>,
        mut write: impl FnMut(&mut [u8; WIDTH], T) -> usize,
    ) {
        const { assert!(WIDTH <= SLACK) };
        let (word, length) = self.begin_cells(before);
        for (end, value) in self.ends.iter_mut().zip(values) {
            self.bytes[*end..*end + WORD].copy_from_slice(&word);
            let at = *end + length;
            let cell: &mut [u8; WIDTH] =
                (&mut self.bytes[at..at + WIDTH]).try_into().expect("the slice is as long");
            *end = at + write(cell, value);
        }
    }

    /// Adds words with what stands before them, each with its length in the last byte.
    #[inline(always)]
    pub fn ready<'w>(&mut self, words: impl Iterator<Item = &'w [u8; WORD]>) {
        for (end, word) in self.ends.iter_mut().zip(words) {
            self.bytes[*end..*end + WORD].copy_from_slice(word);
            *end += word[WORD - 1] as usize;
        }
    }

    /// Adds pieces of sources, the longest of which has `longest` bytes.
    #[inline(always)]
    pub fn pieces<'s>(
        &mut self,
        before: &Before,
        pieces: impl Iterator<Item = (&'s [u8], Range<usize>)>,
        longest: usize,
    ) {
        match longest.div_ceil(WORD) {
            0 | 1 => self.pieces_within::<16>(before, pieces),
            2 => self.pieces_within::<32>(before, pieces),
            3 => self.pieces_within::<48>(before, pieces),
            4 => self.pieces_within::<64>(before, pieces),
            _ => {
                let (word, length) = self.begin_cells(before);
                for (end, (source, piece)) in self.ends.iter_mut().zip(pieces) {
                    self.bytes[*end..*end + WORD].copy_from_slice(&word);
                    let at = *end + length;
                    *end = at + piece.len();
                    self.bytes[at..*end].copy_from_slice(&source[piece]);
                }
            }
        }
    }

    /// As [`pieces`](Self::pieces), of at most `WIDTH` bytes each.
    #[inline(always)]
    fn pieces_within<'s, const WIDTH: usize>(
        &mut self,
        before: &Before,
        pieces: impl Iterator<Item = (&'s [u8], Range<usize>)>,
    ) {
        self.cells::<_, WIDTH>(before, pieces, |cell, (source, piece)| {
            match source.get(piece.start..piece.start + WIDTH) {
                Some(wide) => cell.copy_from_slice(wide),
                None => cell[..piece.len()].copy_from_slice(&source[piece.clone()]),
            }
            piece.len()
        });
    }

    /// Puts the rows one after the other.
    pub fn put(&self, out: &mut Output) {
        let longest = self.rows().map(|row| row.len()).max().unwrap_or(0);
        let alike = (longest <= ALIKE).then(|| longest.next_multiple_of(WORD));
        let room = out.room(self.rows().map(|row| row.len()).sum::<usize>() + ALIKE);
        let mut at = 0;
        for row in self.rows() {
            let width = alike.unwrap_or(row.len());
            room[at..at + width].copy_from_slice(&self.bytes[row.start..row.start + width]);
            at += row.len();
        }
        out.used += at;
    }

    /// Where each row stands.
    fn rows(&self) -> impl Iterator<Item = Range<usize>> {
        self.ends.iter().enumerate().map(|(row, end)| row * self.stride..*end)
    }
}

/// Text that grows at its end, over a buffer whose contents do not matter: setting them to zero first would take as long as
/// a few columns.
pub(super) struct Output {
    bytes: Vec<u8>,
    used: usize,
}

impl Output {
    pub fn over(buffer: Vec<u8>) -> Self {
        Self { bytes: buffer, used: 0 }
    }

    /// So many bytes behind the text, with anything in them.
    fn room(&mut self, bytes: usize) -> &mut [u8] {
        let needed = self.used + bytes;
        if self.bytes.len() < needed {
            self.bytes.resize(needed.max(self.bytes.len() / 4 * 5), 0);
        }
        &mut self.bytes[self.used..]
    }

    /// The text.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.truncate(self.used);
        self.bytes
    }
}
