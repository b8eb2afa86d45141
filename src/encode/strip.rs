//! Some rows of one column as text, made before the rows are put together.
//!
//! A column's cells are made in a loop of their own: the way of writing is chosen once, and one cell's digits do not wait
//! for the place where the cell before it ends. Short cells have a fixed width and a length beside it; putting a row
//! together is then little more than a store and an addition per cell.

use super::cells::{Cells, Dialect, Rendered, Values};
use super::plain::Plain;
use super::snippets::Snippets;
use super::words::Words;
use crate::value::words::{WORD, append};
use crate::value::{Texts, text};
use std::ops::Range;
use std::sync::OnceLock;

/// Rows that are made at once: few enough that the strips of all columns stay in the first cache levels.
pub(super) const STRIP_ROWS: usize = 128;

/// Bytes that may be part of a cell's word; with them the longest short number has 16.
const FOLDED: usize = 2;

/// What stands before the cells of a column: a part of their words if it is short, else copied on its own.
pub(super) struct Before(Vec<u8>);

impl Before {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// As the low bytes of a word, and how many; none if it stands apart.
    fn folded(&self) -> (u128, usize) {
        let bytes = self.within();
        (bytes.iter().rev().fold(0, |word, byte| word << 8 | *byte as u128), bytes.len())
    }

    /// What is a part of the cells.
    pub fn within(&self) -> &[u8] {
        if self.0.len() <= FOLDED { &self.0 } else { b"" }
    }

    /// What is not.
    fn apart(&self) -> &[u8] {
        if self.0.len() <= FOLDED { b"" } else { &self.0 }
    }
}

/// The buffers of a column's strips, used again from strip to strip.
#[derive(Default)]
pub(super) struct Buffers {
    short: Vec<[u8; 16]>,
    middle: Vec<[u8; 40]>,
    long: Vec<[u8; 48]>,
    lengths: Vec<u8>,
    codes: Vec<u32>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    scratch: Vec<u8>,
}

/// The cells of a column in a strip.
pub(super) struct Strip<'s> {
    apart: &'s [u8],
    form: Form<'s>,
}

enum Form<'s> {
    Short(&'s [[u8; 16]], &'s [u8]),
    Middle(&'s [[u8; 40]], &'s [u8]),
    Long(&'s [[u8; 48]], &'s [u8]),
    /// Numbers whose words are there.
    Ready(&'s [i64], &'s Words),
    /// Texts of a dictionary.
    Coded(&'s [u32], &'s Snippets),
    /// Texts as they are, and between them cells that are made.
    Plain(Plain<'s>),
    /// Bytes of any length: each cell begins where the one before it ends.
    Bytes(&'s [u8], &'s [usize]),
}

impl<'s> Strip<'s> {
    /// Makes the cells of some rows of a batch.
    pub fn new<D: Dialect>(
        cells: &'s Cells<'_>,
        rendered: &'s Rendered,
        rows: Range<usize>,
        buffers: &'s mut Buffers,
    ) -> Self {
        let valid = cells.valid.map(|valid| &valid[rows.clone()]);
        let before = &rendered.before;
        let maker = Maker { before: before.folded(), valid, words: &rendered.words, buffers };
        let form = match &cells.values {
            Values::Integer(values) => maker.integers::<D>(&values[rows]),
            Values::Decimal(values, scale) if are_short(&values[rows.clone()], *scale) => {
                maker.decimals::<D>(&values[rows], *scale)
            }
            Values::Date(values) if values[rows.clone()].iter().all(|day| text::is_common_day(*day)) => maker
                .numbers::<D>(&values[rows], text::COMMON_DAYS, |day| {
                    quoted_word::<D>(text::common_day(day))
                }),
            Values::Timestamp(values) if are_common_instants(&values[rows.clone()]) => {
                maker.instants::<D>(&values[rows], b"")
            }
            Values::Timestamptz(values) if are_common_instants(&values[rows.clone()]) => {
                maker.instants::<D>(&values[rows], if D::JSON { b"Z" } else { b"+00" })
            }
            Values::Uuid(values) => maker.uuids::<D>(&values[rows]),
            Values::Dictionary(codes, snippets) => maker.coded(&codes[rows], snippets),
            Values::Texts(_, texts, special) => {
                maker.texts::<D>(cells, texts, special, rows, before.within())
            }
            _ => maker.one_by_one::<D>(cells, rows, before.within()),
        };
        Self { apart: before.apart(), form }
    }

    /// At most so many bytes are stored for the cells of that many rows, but for what a last word may have too much.
    pub fn most_bytes(&self, rows: usize) -> usize {
        self.apart.len() * rows
            + match &self.form {
                Form::Short(..) | Form::Ready(..) => 16 * rows,
                Form::Middle(..) => 40 * rows,
                Form::Long(..) => 48 * rows,
                Form::Coded(_, snippets) => snippets.longest() * rows,
                Form::Plain(plain) => plain.most_bytes(rows),
                Form::Bytes(bytes, _) => bytes.len(),
            }
    }

    /// Puts the cell of a row of the strip at a place, and gives the place after it.
    #[inline(always)]
    pub fn append(&self, out: &mut [u8], mut at: usize, row: usize) -> usize {
        if !self.apart.is_empty() {
            at = append(out, at, self.apart, 0, self.apart.len());
        }
        match &self.form {
            Form::Short(cells, lengths) => append_cell(out, at, &cells[row], lengths[row]),
            Form::Ready(values, words) => {
                let (word, length) = words.get(values[row]);
                append_cell(out, at, word, length)
            }
            Form::Middle(cells, lengths) => append_cell(out, at, &cells[row], lengths[row]),
            Form::Long(cells, lengths) => append_cell(out, at, &cells[row], lengths[row]),
            Form::Coded(codes, snippets) => snippets.append(out, at, codes[row] as usize),
            Form::Plain(plain) => plain.append(out, at, row),
            Form::Bytes(bytes, ends) => append(out, at, bytes, ends[row], ends[row + 1]),
        }
    }
}

/// Puts a whole cell at a place, and gives the place after what counts of it.
#[inline(always)]
fn append_cell<const WIDTH: usize>(out: &mut [u8], at: usize, cell: &[u8; WIDTH], length: u8) -> usize {
    out[at..at + WIDTH].copy_from_slice(cell);
    at + length as usize
}

/// Whether decimals have at most eight digits before the point, and all of them fit into a word.
fn are_short(values: &[i64], scale: u8) -> bool {
    scale <= 4 && {
        let (_, most) = short_limits(scale);
        values.iter().fold(true, |all, value| all & (value.unsigned_abs() <= most as u64))
    }
}

/// The least and greatest unscaled decimal with at most eight digits before the point.
fn short_limits(scale: u8) -> (i64, i64) {
    let most = 100_000_000 * 10i64.pow(scale as u32) - 1;
    (-most, most)
}

fn are_common_instants(values: &[i64]) -> bool {
    values.iter().all(|micros| text::is_common_instant(*micros))
}

/// A word of a few bytes, quoted where the dialect quotes.
#[inline(always)]
fn quoted_word<D: Dialect>((word, length): (u128, usize)) -> (u128, usize) {
    match D::QUOTE {
        None => (word, length),
        Some(quote) => {
            let quote = quote as u128;
            let kept = word & ((1 << (8 * length)) - 1);
            (quote | kept << 8 | quote << (8 * (length + 1)), length + 2)
        }
    }
}

/// Puts the dialect's quote, if it has one, and gives the place after it.
#[inline(always)]
fn put_quote<D: Dialect>(cell: &mut [u8], at: usize) -> usize {
    match D::QUOTE {
        None => at,
        Some(quote) => {
            cell[at] = quote;
            at + 1
        }
    }
}

/// Makes the cells of one strip.
struct Maker<'s> {
    before: (u128, usize),
    valid: Option<&'s [bool]>,
    words: &'s OnceLock<Option<Words>>,
    buffers: &'s mut Buffers,
}

impl<'s> Maker<'s> {
    fn integers<D: Dialect>(self, values: &'s [i64]) -> Form<'s> {
        if are_short(values, 0) {
            return self.numbers::<D>(values, short_limits(0), text::short_integer);
        }
        self.middle::<D>(values, text::put_integer)
    }

    fn decimals<D: Dialect>(self, values: &'s [i64], scale: u8) -> Form<'s> {
        match scale {
            0 => self.numbers::<D>(values, short_limits(0), text::short_integer),
            1 => self.numbers::<D>(values, short_limits(1), text::short_decimal::<1>),
            2 => self.numbers::<D>(values, short_limits(2), text::short_decimal::<2>),
            3 => self.numbers::<D>(values, short_limits(3), text::short_decimal::<3>),
            _ => self.numbers::<D>(values, short_limits(4), text::short_decimal::<4>),
        }
    }

    /// Cells of at most 14 bytes, from a table where the column's values are near each other. `word` knows numbers within the limits.
    #[inline(always)]
    fn numbers<D: Dialect>(
        self,
        values: &'s [i64],
        limits: (i64, i64),
        word: impl Fn(i64) -> (u128, usize),
    ) -> Form<'s> {
        // Shifting by a constant is less work.
        match self.before.1 {
            0 => self.numbers_after::<D, 0>(values, limits, word),
            1 => self.numbers_after::<D, 1>(values, limits, word),
            _ => self.numbers_after::<D, FOLDED>(values, limits, word),
        }
    }

    /// As [`numbers`](Self::numbers), after so many bytes.
    #[inline(always)]
    fn numbers_after<D: Dialect, const BEFORE: usize>(
        self,
        values: &'s [i64],
        limits: (i64, i64),
        word: impl Fn(i64) -> (u128, usize),
    ) -> Form<'s> {
        let before = self.before.0;
        let word = |value| {
            let (word, length) = word(value);
            ((word << (8 * BEFORE) | before).to_le_bytes(), (length + BEFORE) as u8)
        };
        if self.valid.is_none()
            && let Some(words) = self.words.get_or_init(|| Words::near(values, limits, word))
            && words.has_all(values)
        {
            return Form::Ready(values, words);
        }
        let Buffers { short, lengths, .. } = self.buffers;
        fill(values, self.valid, short, lengths, null::<D>(self.before), |cell, value| {
            let (made, length) = word(value);
            *cell = made;
            length
        });
        Form::Short(short, lengths)
    }

    /// Cells of at most 38 bytes and what stands before them.
    #[inline(always)]
    fn middle<D: Dialect>(self, values: &[i64], write: impl Fn(&mut [u8], i64) -> usize) -> Form<'s> {
        let Buffers { middle, lengths, .. } = self.buffers;
        let (before, length_before) = self.before;
        fill(values, self.valid, middle, lengths, null::<D>(self.before), |cell, value| {
            cell[..16].copy_from_slice(&before.to_le_bytes());
            (length_before + write(&mut cell[length_before..], value)) as u8
        });
        Form::Middle(middle, lengths)
    }

    fn instants<D: Dialect>(self, values: &[i64], zone: &'static [u8]) -> Form<'s> {
        let separator = if D::JSON { b'T' } else { b' ' };
        self.middle::<D>(values, |cell, micros| {
            let begin = put_quote::<D>(cell, 0);
            let end = begin + text::put_common_instant(&mut cell[begin..], micros, separator, zone);
            put_quote::<D>(cell, end)
        })
    }

    fn uuids<D: Dialect>(self, values: &[u128]) -> Form<'s> {
        let Buffers { long, lengths, .. } = self.buffers;
        let (before, length_before) = self.before;
        fill(values, self.valid, long, lengths, null::<D>(self.before), |cell, value| {
            cell[..16].copy_from_slice(&before.to_le_bytes());
            let begin = put_quote::<D>(cell, length_before);
            cell[begin..begin + 36].copy_from_slice(&text::uuid_text(value));
            put_quote::<D>(cell, begin + 36) as u8
        });
        Form::Long(long, lengths)
    }

    fn coded(self, codes: &'s [u32], snippets: &'s Snippets) -> Form<'s> {
        let Some(valid) = self.valid else { return Form::Coded(codes, snippets) };
        let null = snippets.last();
        let with_nulls = &mut self.buffers.codes;
        with_nulls.clear();
        with_nulls.extend(codes.iter().zip(valid).map(|(code, valid)| if *valid { *code } else { null }));
        Form::Coded(with_nulls, snippets)
    }

    /// Texts, of which most are copied from where they are.
    fn texts<D: Dialect>(
        self,
        cells: &Cells<'_>,
        texts: &'s Texts,
        special: &[u32],
        rows: Range<usize>,
        before: &'s [u8],
    ) -> Form<'s> {
        let begin = special.partition_point(|row| (*row as usize) < rows.start);
        let end = special.partition_point(|row| (*row as usize) < rows.end);
        let mut made =
            special[begin..end].iter().fold(0u128, |made, row| made | 1 << (*row as usize - rows.start));
        for (at, row) in rows.clone().enumerate() {
            let is_null = self.valid.is_some_and(|valid| !valid[at]);
            made |= u128::from(is_null | texts.range(row).is_empty()) << at;
        }
        let first = rows.start;
        let apart = rows.filter(|row| made >> (row - first) & 1 == 1);
        match self.one_by_one::<D>(cells, apart, before) {
            Form::Bytes(bytes, ends) => Form::Plain(Plain { texts, first, before, made, bytes, ends }),
            other => other,
        }
    }

    /// Any cells, each appended on its own.
    fn one_by_one<D: Dialect>(
        self,
        cells: &Cells<'_>,
        rows: impl Iterator<Item = usize>,
        before: &[u8],
    ) -> Form<'s> {
        let Buffers { bytes, ends, scratch, .. } = self.buffers;
        bytes.clear();
        ends.clear();
        ends.push(0);
        for at in rows {
            bytes.extend_from_slice(before);
            cells.write::<D>(bytes, at, scratch);
            ends.push(bytes.len());
        }
        // Room for the last cell's last word.
        bytes.extend_from_slice(&[0; WORD]);
        Form::Bytes(bytes, ends)
    }
}

/// A null with what stands before it.
fn null<D: Dialect>((before, length): (u128, usize)) -> ([u8; 16], u8) {
    let mut cell = before.to_le_bytes();
    cell[length..length + D::NULL.len()].copy_from_slice(D::NULL);
    (cell, (length + D::NULL.len()) as u8)
}

/// Makes each cell, and then the nulls.
#[inline(always)]
fn fill<T: Copy, const WIDTH: usize>(
    values: &[T],
    valid: Option<&[bool]>,
    cells: &mut Vec<[u8; WIDTH]>,
    lengths: &mut Vec<u8>,
    null: ([u8; 16], u8),
    write: impl Fn(&mut [u8; WIDTH], T) -> u8,
) {
    cells.resize(values.len(), [0; WIDTH]);
    lengths.resize(values.len(), 0);
    for ((value, cell), length) in values.iter().zip(cells.iter_mut()).zip(lengths.iter_mut()) {
        *length = write(cell, *value);
    }
    for (at, _) in valid.unwrap_or_default().iter().enumerate().filter(|(_, valid)| !**valid) {
        cells[at][..16].copy_from_slice(&null.0);
        lengths[at] = null.1;
    }
}
