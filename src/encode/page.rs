//! Rows of text side by side, each with room for its longest: filled column by column, then put one after the other.
//!
//! A column's cells are stored in one loop, whose rows do not wait for each other. Cells are stored in whole words: what lies
//! behind a cell's end is overwritten by the next cell of its row, and behind the last there is room. Widths are decided per
//! column, never per cell, since a store too many costs less than a branch that is foreseen wrongly.

pub(super) use crate::value::words::WORD;
use std::ops::Range;

/// The widest cell that is stored whole.
const WIDEST: usize = 64;

/// Bytes behind a row's end that stores may touch: a cell, and before it a word of which nothing counts.
const SLACK: usize = WORD + WIDEST;

/// Rows are copied in blocks of so many bytes, all of them as widely as the longest among them,
const BLOCK: usize = 64;

/// unless that is longer than this.
const ALIKE: usize = 8 * BLOCK;

/// Bytes of a page, so that it stays in the first cache levels.
const PAGE: usize = 64 * 1024;

/// What stands before the cells of a column.
pub(super) struct Before {
    bytes: Vec<u8>,
    /// The same as a word, if it is shorter than one.
    word: [u8; WORD],
}

impl Before {
    /// Nothing.
    pub const NOTHING: Self = Self { bytes: Vec::new(), word: [0; WORD] };

    pub fn new(bytes: Vec<u8>) -> Self {
        let mut word = [0; WORD];
        if bytes.len() < WORD {
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
    /// How long each row is so far.
    lengths: Vec<usize>,
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
        self.lengths.clear();
        self.lengths.resize(rows, 0);
    }

    /// The rows with their lengths.
    fn rows(&mut self) -> impl Iterator<Item = (&mut [u8], &mut usize)> {
        self.bytes.chunks_exact_mut(self.stride).zip(&mut self.lengths)
    }

    /// Adds some bytes to each row.
    pub fn each<'b>(&mut self, bytes: impl Iterator<Item = &'b [u8]>) {
        for ((row, length), bytes) in self.rows().zip(bytes) {
            row[*length..*length + bytes.len()].copy_from_slice(bytes);
            *length += bytes.len();
        }
    }

    /// Adds some bytes to each row, which as a rule are few and the same for all.
    pub fn around<'b>(&mut self, bytes: impl Iterator<Item = &'b [u8]> + Clone) {
        let first = bytes.clone().next().unwrap_or_default();
        if first.len() >= WORD || bytes.clone().any(|bytes| bytes != first) {
            return self.each(bytes);
        }
        if !first.is_empty() {
            let mut word = [0; WORD];
            word[..first.len()].copy_from_slice(first);
            word[WORD - 1] = first.len() as u8;
            self.cards(std::iter::repeat(&word));
        }
    }

    /// What is left to stand before each cell: a word, of which so many bytes count, fewer than all. Longer bytes are added to
    /// the rows.
    fn begin_cells(&mut self, before: &Before) -> ([u8; WORD], usize) {
        if before.bytes.len() >= WORD {
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
        const { assert!(WIDTH <= WIDEST) };
        let (word, before) = self.begin_cells(before);
        for ((row, length), value) in self.rows().zip(values) {
            let room = &mut row[*length..*length + SLACK];
            room[..WORD].copy_from_slice(&word);
            // Shorter than a word, which is said once more for the compiler.
            let before = before % WORD;
            let cell = room[before..before + WIDTH].first_chunk_mut().expect("the slice is as long");
            *length += before + write(cell, value);
        }
    }

    /// Adds cells that are ready with what stands before them, each with its length in the last byte.
    #[inline(always)]
    pub fn cards<'c, const WIDTH: usize>(&mut self, cards: impl Iterator<Item = &'c [u8; WIDTH]>) {
        const { assert!(WIDTH <= WIDEST) };
        for ((row, length), card) in self.rows().zip(cards) {
            row[*length..*length + WIDTH].copy_from_slice(card);
            *length += card[WIDTH - 1] as usize;
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
                let (word, before) = self.begin_cells(before);
                for ((row, length), (source, piece)) in self.rows().zip(pieces) {
                    row[*length..*length + WORD].copy_from_slice(&word);
                    let at = *length + before;
                    *length = at + piece.len();
                    row[at..*length].copy_from_slice(&source[piece]);
                }
            }
        }
    }

    /// As [`pieces`](Self::pieces), of at most `WIDTH` bytes each.
    #[inline(always)]
    fn pieces_within<'s, const WIDTH: usize>(
        &mut self,
        before: &Before,
        mut pieces: impl Iterator<Item = (&'s [u8], Range<usize>)>,
    ) {
        // Each piece is asked for by hand: an iterator over rows and pieces together was not inlined, and took twice as long.
        self.cells::<_, WIDTH>(before, std::iter::repeat(()), |cell, ()| {
            let Some((source, piece)) = pieces.next() else { return 0 };
            match source.get(piece.start..piece.start + WIDTH) {
                Some(wide) => cell.copy_from_slice(wide),
                None => cell[..piece.len()].copy_from_slice(&source[piece.clone()]),
            }
            piece.len()
        });
    }

    /// Puts the rows one after the other.
    pub fn put(&self, out: &mut Output) {
        let longest = self.lengths.iter().copied().max().unwrap_or(0);
        let room = out.room(self.lengths.iter().sum::<usize>() + ALIKE);
        let rows = self.bytes.chunks_exact(self.stride).zip(&self.lengths);
        let mut at = 0;
        if longest <= ALIKE {
            let width = longest.next_multiple_of(BLOCK);
            for (row, length) in rows {
                let to = room[at..at + width].as_chunks_mut::<BLOCK>().0;
                to.iter_mut().zip(row.as_chunks::<BLOCK>().0).for_each(|(to, block)| *to = *block);
                at += length;
            }
        } else {
            for (row, length) in rows {
                room[at..at + length].copy_from_slice(&row[..*length]);
                at += length;
            }
        }
        out.used += at;
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
