//! Some rows of one column on their way to text: how its cells are written is decided once, and then they are stored into a page.

use super::cells::{Cells, Dialect, Rendered, Values};
use super::page::{Before, Page, WORD};
use super::plain::Plain;
use super::snippets::Snippets;
use super::words::Words;
use crate::value::{Texts, text};
use std::ops::Range;
use std::sync::OnceLock;

/// Rows that are looked at at once: few enough that the cells of all columns stay in the first cache levels.
pub(super) const STRIP_ROWS: usize = 128;

/// Room for a cell of an instant in quotes, and for one of any integer.
const MIDDLE: usize = 40;

/// Room for the cell of a uuid in quotes.
const LONG: usize = 48;

/// The buffers of a column's strips, used again from strip to strip.
#[derive(Default)]
pub(super) struct Buffers {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    scratch: Vec<u8>,
}

/// The cells of a column in a strip.
pub(super) struct Strip<'s> {
    before: &'s Before,
    valid: Option<&'s [bool]>,
    form: Form<'s>,
}

enum Form<'s> {
    /// Short integers.
    Integers(&'s [i64]),
    /// Short decimals, and their scale.
    Decimals(&'s [i64], u8),
    /// Common days.
    Days(&'s [i64]),
    Booleans(&'s [bool]),
    /// Any integers.
    LongIntegers(&'s [i64]),
    /// Common instants, and what stands behind them.
    Instants(&'s [i64], &'static [u8]),
    Uuids(&'s [u128]),
    /// Numbers whose words are there.
    Ready(&'s [i64], &'s Words),
    /// Texts of a dictionary.
    Coded(&'s [u32], &'s Snippets),
    /// Texts as they are, and between them cells that are made.
    Plain(Plain<'s>),
    /// Cells that are made: each begins where the one before it ends.
    Made(&'s [u8], &'s [usize]),
}

impl<'s> Strip<'s> {
    /// Decides how the cells of some rows of a batch are written.
    pub fn new<D: Dialect>(
        cells: &'s Cells<'_>,
        rendered: &'s Rendered,
        rows: Range<usize>,
        buffers: &'s mut Buffers,
    ) -> Self {
        let valid = cells.valid.map(|valid| &valid[rows.clone()]);
        let before = &rendered.before;
        let numbers = Numbers { before, valid, words: &rendered.words };
        let form = match &cells.values {
            Values::Integer(values) => numbers.integers::<D>(&values[rows]),
            Values::Decimal(values, scale) if are_short(&values[rows.clone()], *scale) => {
                numbers.decimals::<D>(&values[rows], *scale)
            }
            Values::Date(values) if values[rows.clone()].iter().all(|day| text::is_common_day(*day)) => {
                numbers.days::<D>(&values[rows])
            }
            Values::Timestamp(values) if are_common_instants(&values[rows.clone()]) => {
                Form::Instants(&values[rows], b"")
            }
            Values::Timestamptz(values) if are_common_instants(&values[rows.clone()]) => {
                Form::Instants(&values[rows], if D::JSON { b"Z" } else { b"+00" })
            }
            Values::Uuid(values) => Form::Uuids(&values[rows]),
            Values::Boolean(values) => Form::Booleans(&values[rows]),
            Values::Dictionary(codes, snippets) => Form::Coded(&codes[rows], snippets),
            Values::Texts(texts, special) => texts_form::<D>(cells, texts, special, rows, valid, buffers),
            _ => {
                let (bytes, ends) = made::<D>(cells, rows, buffers);
                Form::Made(bytes, ends)
            }
        };
        Self { before, valid, form }
    }

    /// The most bytes that a cell has, with what stands before it.
    pub fn width(&self) -> usize {
        self.before.bytes().len()
            + match &self.form {
                Form::Integers(_) | Form::Decimals(..) | Form::Days(_) | Form::Booleans(_) => WORD,
                Form::Ready(..) => WORD,
                Form::LongIntegers(_) | Form::Instants(..) => MIDDLE,
                Form::Uuids(_) => LONG,
                Form::Coded(_, snippets) => snippets.longest(),
                Form::Plain(plain) => plain.longest,
                Form::Made(_, ends) => longest(ends),
            }
    }

    /// Stores the cells of some of the strip's rows.
    pub fn store<D: Dialect>(&self, page: &mut Page, rows: Range<usize>) {
        let (before, valid) = (self.before, self.valid.map(|valid| &valid[rows.clone()]));
        match &self.form {
            Form::Integers(values) => {
                words::<D, _>(page, before, valid, &values[rows], |value| text::short_integer(*value))
            }
            Form::Decimals(values, scale) => {
                let values = &values[rows];
                match scale {
                    1 => words::<D, _>(page, before, valid, values, |value| text::short_decimal::<1>(*value)),
                    2 => words::<D, _>(page, before, valid, values, |value| text::short_decimal::<2>(*value)),
                    3 => words::<D, _>(page, before, valid, values, |value| text::short_decimal::<3>(*value)),
                    _ => words::<D, _>(page, before, valid, values, |value| text::short_decimal::<4>(*value)),
                }
            }
            Form::Days(values) => {
                words::<D, _>(page, before, valid, &values[rows], |day| day_word::<D>(*day))
            }
            Form::Booleans(values) => words::<D, _>(page, before, valid, &values[rows], |value| {
                if *value { const { word(D::BOOLEANS[0]) } } else { const { word(D::BOOLEANS[1]) } }
            }),
            Form::LongIntegers(values) => {
                cells::<D, _, MIDDLE>(page, before, valid, &values[rows], |cell, value| {
                    text::put_integer(cell, *value)
                })
            }
            Form::Instants(values, zone) => {
                let separator = if D::JSON { b'T' } else { b' ' };
                cells::<D, _, MIDDLE>(page, before, valid, &values[rows], |cell, micros| {
                    let begin = put_quote::<D>(cell, 0);
                    let end = begin + text::put_common_instant(&mut cell[begin..], *micros, separator, zone);
                    put_quote::<D>(cell, end)
                })
            }
            Form::Uuids(values) => cells::<D, _, LONG>(page, before, valid, &values[rows], |cell, value| {
                let begin = put_quote::<D>(cell, 0);
                cell[begin..begin + 36].copy_from_slice(&text::uuid_text(*value));
                put_quote::<D>(cell, begin + 36)
            }),
            Form::Ready(values, words) => {
                let values = values[rows].iter();
                match valid {
                    None => page.ready(values.map(|value| words.get(*value))),
                    Some(valid) => page.ready(
                        values
                            .zip(valid)
                            .map(|(value, valid)| if *valid { words.get(*value) } else { words.null() }),
                    ),
                }
            }
            Form::Coded(codes, snippets) => {
                let (codes, longest) = (codes[rows].iter(), snippets.longest());
                match valid {
                    None => page.pieces(&Before::NOTHING, codes.map(|code| snippets.piece(*code)), longest),
                    Some(valid) => {
                        let null = snippets.last();
                        let pieces = codes.zip(valid).map(|(code, valid)| if *valid { *code } else { null });
                        page.pieces(&Before::NOTHING, pieces.map(|code| snippets.piece(code)), longest)
                    }
                }
            }
            Form::Plain(plain) => page.pieces(before, rows.map(|row| plain.piece(row)), plain.longest),
            Form::Made(bytes, ends) => {
                page.pieces(before, rows.map(|row| (*bytes, ends[row]..ends[row + 1])), longest(ends))
            }
        }
    }
}

/// The length of the longest of cells that lie end to end.
fn longest(ends: &[usize]) -> usize {
    ends.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
}

/// Stores words, and nulls where values are not valid.
#[inline(always)]
fn words<D: Dialect, T>(
    page: &mut Page,
    before: &Before,
    valid: Option<&[bool]>,
    values: &[T],
    write: impl Fn(&T) -> (u128, usize),
) {
    cells::<D, T, WORD>(page, before, valid, values, |cell, value| {
        let (word, length) = write(value);
        *cell = word.to_le_bytes();
        length
    });
}

/// Stores cells, and nulls where values are not valid.
#[inline(always)]
fn cells<D: Dialect, T, const WIDTH: usize>(
    page: &mut Page,
    before: &Before,
    valid: Option<&[bool]>,
    values: &[T],
    write: impl Fn(&mut [u8; WIDTH], &T) -> usize,
) {
    match valid {
        None => page.cells::<_, WIDTH>(before, values.iter(), write),
        Some(valid) => page.cells::<_, WIDTH>(before, values.iter().zip(valid), |cell, (value, valid)| {
            if *valid {
                return write(cell, value);
            }
            cell[..D::NULL.len()].copy_from_slice(D::NULL);
            D::NULL.len()
        }),
    }
}

/// Some bytes as the low ones of a word, and how many.
const fn word(bytes: &[u8]) -> (u128, usize) {
    let (mut word, mut at) = (0, 0);
    while at < bytes.len() {
        word |= (bytes[at] as u128) << (8 * at);
        at += 1;
    }
    (word, bytes.len())
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

/// The word of a common day, quoted where the dialect quotes.
#[inline(always)]
fn day_word<D: Dialect>(day: i64) -> (u128, usize) {
    let (word, length) = text::common_day(day);
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

/// What is known of a column of numbers.
struct Numbers<'s> {
    before: &'s Before,
    valid: Option<&'s [bool]>,
    words: &'s OnceLock<Option<Words>>,
}

impl<'s> Numbers<'s> {
    fn integers<D: Dialect>(self, values: &'s [i64]) -> Form<'s> {
        if !are_short(values, 0) {
            return Form::LongIntegers(values);
        }
        let ready = self.ready::<D>(values, short_limits(0), text::short_integer);
        ready.unwrap_or(Form::Integers(values))
    }

    fn decimals<D: Dialect>(self, values: &'s [i64], scale: u8) -> Form<'s> {
        let limits = short_limits(scale);
        let ready = match scale {
            0 => return self.integers::<D>(values),
            1 => self.ready::<D>(values, limits, text::short_decimal::<1>),
            2 => self.ready::<D>(values, limits, text::short_decimal::<2>),
            3 => self.ready::<D>(values, limits, text::short_decimal::<3>),
            _ => self.ready::<D>(values, limits, text::short_decimal::<4>),
        };
        ready.unwrap_or(Form::Decimals(values, scale))
    }

    fn days<D: Dialect>(self, values: &'s [i64]) -> Form<'s> {
        self.ready::<D>(values, text::COMMON_DAYS, day_word::<D>).unwrap_or(Form::Days(values))
    }

    /// Cells from a table, where the column's values are near each other. `word` knows numbers within the limits.
    fn ready<D: Dialect>(
        self,
        values: &'s [i64],
        limits: (i64, i64),
        word: impl Fn(i64) -> (u128, usize),
    ) -> Option<Form<'s>> {
        let write = |value: Option<i64>, cell: &mut Vec<u8>| {
            cell.extend_from_slice(self.before.bytes());
            match value {
                None => cell.extend_from_slice(D::NULL),
                Some(value) => {
                    let (word, length) = word(value);
                    cell.extend_from_slice(&word.to_le_bytes()[..length]);
                }
            }
        };
        let words = self.words.get_or_init(|| Words::near(values, limits, write)).as_ref()?;
        words.has_all(values, self.valid).then_some(Form::Ready(values, words))
    }
}

/// Texts, of which most are copied from where they are.
fn texts_form<'s, D: Dialect>(
    cells: &'s Cells<'_>,
    texts: &'s Texts,
    special: &[u32],
    rows: Range<usize>,
    valid: Option<&[bool]>,
    buffers: &'s mut Buffers,
) -> Form<'s> {
    let begin = special.partition_point(|row| (*row as usize) < rows.start);
    let end = special.partition_point(|row| (*row as usize) < rows.end);
    let mut apart =
        special[begin..end].iter().fold(0u128, |apart, row| apart | 1 << (*row as usize - rows.start));
    let mut longest_text = 0;
    for (at, row) in rows.clone().enumerate() {
        let is_null = valid.is_some_and(|valid| !valid[at]);
        let length = texts.range(row).len();
        apart |= u128::from(is_null | (length == 0)) << at;
        longest_text = longest_text.max(length);
    }
    let first = rows.start;
    let (bytes, ends) = made::<D>(cells, rows.filter(|row| apart >> (row - first) & 1 == 1), buffers);
    Form::Plain(Plain { texts, first, apart, bytes, ends, longest: longest_text.max(longest(ends)) })
}

/// Any cells, each made on its own: their bytes, and where each begins and ends.
fn made<'s, D: Dialect>(
    cells: &Cells<'_>,
    rows: impl Iterator<Item = usize>,
    buffers: &'s mut Buffers,
) -> (&'s [u8], &'s [usize]) {
    let Buffers { bytes, ends, scratch } = buffers;
    bytes.clear();
    ends.clear();
    ends.push(0);
    for at in rows {
        cells.write::<D>(bytes, at, scratch);
        ends.push(bytes.len());
    }
    (bytes, ends)
}
