//! A stream as a numbered list of chunks, and its parts as ranges of those numbers.
//!
//! The list is arithmetic: a billion rows take no more memory than ten.

use std::ops::Range;

/// A stretch of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment<T> {
    /// Bytes that are the same in every run: DDL, headers, footers. One chunk.
    Constant(Vec<u8>),
    /// The rows of a table, in chunks of `chunk_rows`; the last one may be shorter.
    Rows {
        /// Whose rows.
        of: T,
        /// How many.
        rows: u64,
        /// Rows per chunk, at least 1.
        chunk_rows: u64,
    },
}

/// One chunk of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk<'s, T> {
    /// These bytes.
    Constant(&'s [u8]),
    /// These rows.
    Rows(&'s T, Range<u64>),
}

/// Which slice of a run: the `number`-th of `of`, from 1.
///
/// The slices of a text stream put end to end are the whole stream, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Part {
    /// The whole run.
    pub const WHOLE: Part = Part { number: 1, of: 1 };

    /// What a file name says of the part: `03-of-12`, so that names sort; nothing for the whole.
    pub fn label(self) -> Option<String> {
        let width = self.of.to_string().len();
        (self.of > 1).then(|| format!("{:0width$}-of-{}", self.number, self.of))
    }
}

/// The chunks of a stream.
#[derive(Clone, Debug)]
pub struct Chunks<T> {
    segments: Vec<Placed<T>>,
    chunks: u64,
    rows: u64,
}

#[derive(Clone, Debug)]
struct Placed<T> {
    segment: Segment<T>,
    /// Number of the segment's first chunk.
    first: u64,
    /// Rows of the stream before the segment.
    rows_before: u64,
}

impl<T> Chunks<T> {
    /// The chunks of these segments, in their order.
    pub fn new(segments: impl IntoIterator<Item = Segment<T>>) -> Self {
        let mut chunks = Chunks { segments: Vec::new(), chunks: 0, rows: 0 };
        for segment in segments {
            let (first, rows_before) = (chunks.chunks, chunks.rows);
            match &segment {
                Segment::Constant(_) => chunks.chunks += 1,
                Segment::Rows { rows, chunk_rows, .. } => {
                    chunks.chunks += rows.div_ceil(*chunk_rows);
                    chunks.rows += rows;
                }
            }
            chunks.segments.push(Placed { segment, first, rows_before });
        }
        chunks
    }

    /// The chunk of that number.
    ///
    /// # Panics
    /// When there is none.
    pub fn get(&self, number: u64) -> Chunk<'_, T> {
        assert!(number < self.chunks, "chunk {number} of {}", self.chunks);
        let placed = self.placed(number);
        match &placed.segment {
            Segment::Constant(bytes) => Chunk::Constant(bytes),
            Segment::Rows { of, rows, chunk_rows } => {
                let start = (number - placed.first) * chunk_rows;
                Chunk::Rows(of, start..(start + chunk_rows).min(*rows))
            }
        }
    }

    /// The numbers of a part's chunks. A chunk belongs to the part in which its first row falls when the rows are cut
    /// evenly; constants to that of the row after them, the last ones to the last part.
    pub fn part(&self, part: Part) -> Range<u64> {
        let parts_below = |limit: u64| self.partition_point(|number| self.part_of(number, part.of) < limit);
        parts_below(part.number - 1)..parts_below(part.number)
    }

    /// Rows in a range of chunk numbers.
    pub fn rows_in(&self, numbers: &Range<u64>) -> u64 {
        self.rows_before(numbers.end) - self.rows_before(numbers.start)
    }

    /// From 0, the part a chunk belongs to.
    fn part_of(&self, number: u64, parts: u64) -> u64 {
        let share = u128::from(self.rows_before(number)) * u128::from(parts) / u128::from(self.rows.max(1));
        (share as u64).min(parts - 1)
    }

    /// The first number for which `is_before` does not hold; it holds for a run of numbers from 0.
    fn partition_point(&self, is_before: impl Fn(u64) -> bool) -> u64 {
        let (mut low, mut high) = (0, self.chunks);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(middle) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Rows before a chunk.
    fn rows_before(&self, number: u64) -> u64 {
        if number >= self.chunks {
            return self.rows;
        }
        let placed = self.placed(number);
        match &placed.segment {
            Segment::Constant(_) => placed.rows_before,
            Segment::Rows { chunk_rows, .. } => placed.rows_before + (number - placed.first) * chunk_rows,
        }
    }

    /// The segment of a chunk: of those that start at its number the last, since the others are empty.
    fn placed(&self, number: u64) -> &Placed<T> {
        let after = self.segments.partition_point(|placed| placed.first <= number);
        &self.segments[after - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A script of two tables with 10 and 0 rows and one of 7, in chunks of 4.
    fn script() -> Chunks<char> {
        let constant = |text: &str| Segment::Constant(text.as_bytes().to_vec());
        let rows = |of, rows| Segment::Rows { of, rows, chunk_rows: 4 };
        Chunks::new([
            constant("ddl"),
            constant("a:"),
            rows('a', 10),
            constant("b:"),
            rows('b', 0),
            constant("c:"),
            rows('c', 7),
            constant("keys"),
        ])
    }

    fn all<T>(chunks: &Chunks<T>) -> Range<u64> {
        chunks.part(Part::WHOLE)
    }

    #[test]
    fn chunks_follow_each_other_without_gap() {
        let chunks = script();
        let list: Vec<Chunk<char>> = all(&chunks).map(|number| chunks.get(number)).collect();
        assert_eq!(
            list,
            [
                Chunk::Constant(b"ddl"),
                Chunk::Constant(b"a:"),
                Chunk::Rows(&'a', 0..4),
                Chunk::Rows(&'a', 4..8),
                Chunk::Rows(&'a', 8..10),
                Chunk::Constant(b"b:"),
                Chunk::Constant(b"c:"),
                Chunk::Rows(&'c', 0..4),
                Chunk::Rows(&'c', 4..7),
                Chunk::Constant(b"keys"),
            ]
        );
        assert_eq!(chunks.rows_in(&all(&chunks)), 17);
    }

    #[test]
    fn parts_end_to_end_are_the_whole() {
        let chunks = script();
        for of in 1..=20 {
            let parts = (1..=of).map(|number| chunks.part(Part { number, of }));
            let joined: Vec<u64> = parts.flatten().collect();
            assert_eq!(joined, all(&chunks).collect::<Vec<u64>>(), "{of} parts");
        }
    }

    #[test]
    fn the_beginning_is_in_the_first_part_and_the_end_in_the_last() {
        let chunks = script();
        assert_eq!(chunks.part(Part { number: 1, of: 2 }), 0..5);
        assert_eq!(chunks.part(Part { number: 2, of: 2 }), 5..10);
        let (first, last) = (chunks.part(Part { number: 1, of: 9 }), chunks.part(Part { number: 9, of: 9 }));
        assert_eq!((first.start, last.end), (0, 10));
    }

    #[test]
    fn parts_of_many_rows_are_about_equal() {
        let chunks = Chunks::new([Segment::Rows { of: (), rows: 10_000_000_019, chunk_rows: 1_000 }]);
        let sizes: Vec<u64> =
            (1..=7).map(|number| chunks.rows_in(&chunks.part(Part { number, of: 7 }))).collect();
        assert_eq!(sizes.iter().sum::<u64>(), 10_000_000_019);
        assert!(sizes.iter().all(|size| size.abs_diff(10_000_000_019 / 7) <= 1_000), "{sizes:?}");
    }

    #[test]
    fn a_stream_without_rows_is_all_in_one_part() {
        let chunks = Chunks::<()>::new([Segment::Constant(b"header".to_vec())]);
        assert_eq!(chunks.part(Part { number: 1, of: 3 }), 0..1);
        assert_eq!(chunks.part(Part { number: 3, of: 3 }), 1..1);
    }

    #[test]
    fn labels_of_parts_sort() {
        assert_eq!(Part { number: 3, of: 12 }.label().as_deref(), Some("03-of-12"));
        assert_eq!(Part::WHOLE.label(), None);
    }
}
