//! Some rows of one column on their way to text: how its cells are written is decided once, and then they are stored into a page.

use super::cells::{Cells, Notation, Rendered, Values};
use super::page::{Before, Page, WORD};
use super::plain::Plain;
use super::snippets::Snippets;
use super::words::Words;
use crate::value::{Texts, text};
use std::ops::Range;
use std::sync::OnceLock;

/// Rows that are looked at at once: few enough that the cells of all columns stay in the first cache levels.
pub(super) const STRIP_ROWS: usize = 128;

/// Room for the cell of an instant in quotes.
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
    Integers(&'s [i64]),
    /// Decimals, and their scale, which is at most four.
    Decimals(&'s [i64], u8),
    /// Common days.
    Days(&'s [i64]),
    Booleans(&'s [bool]),
    /// Common instants, and what stands behind them.
    Instants(&'s [i64], &'static [u8]),
    Uuids(&'s [u128]),
    /// Numbers whose words are there.
    Ready(&'s [i64], &'s Words),
    /// Texts of a dictionary.
    Coded(&'s [u32], &'s Snippets),
    /// Texts as they are, and between them cells that are made.
    Plain(Plain<'s>),
    /// Cells that are made: each begins where the one before it ends. The last is the length of the longest.
    Made(&'s [u8], &'s [usize], usize),
}

impl<'s> Strip<'s> {
    /// Decides how the cells of some rows of a batch are written.
    pub fn new<D: Notation>(
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
            Values::Decimal(values, scale) if *scale <= 4 => numbers.decimals::<D>(&values[rows], *scale),
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
                Form::Made(bytes, ends, longest(ends))
            }
        };
        Self { before, valid, form }
    }

    /// The most bytes that a cell has, with what stands before it.
    pub fn width(&self) -> usize {
        self.before.bytes().len()
            + match &self.form {
                Form::Days(_) | Form::Booleans(_) | Form::Ready(..) => WORD,
                Form::Integers(_) | Form::Decimals(..) => text::NUMBER,
                Form::Instants(..) => MIDDLE,
                Form::Uuids(_) => LONG,
                Form::Coded(_, snippets) => snippets.longest(),
                Form::Plain(plain) => plain.longest,
                Form::Made(_, _, longest) => *longest,
            }
    }

    /// Stores the cells of some of the strip's rows.
    pub fn store<D: Notation>(&self, page: &mut Page, rows: Range<usize>) {
        let (before, valid) = (self.before, self.valid.map(|valid| &valid[rows.clone()]));
        match &self.form {
            Form::Integers(values) => {
                cells::<D, _, { text::NUMBER }>(page, before, valid, &values[rows], |cell, value| {
                    text::put_integer(cell, *value)
                })
            }
            Form::Decimals(values, scale) => {
                let values = &values[rows];
                match scale {
                    1 => decimals::<D, 1>(page, before, valid, values),
                    2 => decimals::<D, 2>(page, before, valid, values),
                    3 => decimals::<D, 3>(page, before, valid, values),
                    _ => decimals::<D, 4>(page, before, valid, values),
                }
            }
            Form::Days(values) => {
                words::<D, _>(page, before, valid, &values[rows], |day| day_word::<D>(*day))
            }
            Form::Booleans(values) => words::<D, _>(page, before, valid, &values[rows], |value| {
                if *value { const { word(D::BOOLEANS[0]) } } else { const { word(D::BOOLEANS[1]) } }
            }),
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
                    None => page.cards(values.map(|value| words.get(*value))),
                    Some(valid) => page.cards(
                        values
                            .zip(valid)
                            .map(|(value, valid)| if *valid { words.get(*value) } else { words.null() }),
                    ),
                }
            }
            Form::Coded(codes, snippets) => {
                let codes = codes[rows].iter();
                match valid {
                    None => coded(page, snippets, codes.copied()),
                    Some(valid) => {
                        let null = snippets.last();
                        let codes = codes.zip(valid).map(|(code, valid)| if *valid { *code } else { null });
                        coded(page, snippets, codes);
                    }
                }
            }
            Form::Plain(plain) => plain.store(page, before, rows),
            Form::Made(bytes, ends, longest) => {
                page.pieces(before, rows.map(|row| (*bytes, ends[row]..ends[row + 1])), *longest)
            }
        }
    }
}

/// The length of the longest of cells that lie end to end.
fn longest(ends: &[usize]) -> usize {
    ends.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
}

/// Stores texts of a dictionary.
#[inline(always)]
fn coded(page: &mut Page, snippets: &Snippets, codes: impl Iterator<Item = u32>) {
    match snippets {
        Snippets::Short(cards) => page.cards(codes.map(|code| &cards[code as usize])),
        Snippets::Middle(cards) => page.cards(codes.map(|code| &cards[code as usize])),
        Snippets::Packed(packed) => {
            page.pieces(&Before::NOTHING, codes.map(|code| packed.piece(code)), packed.longest)
        }
    }
}

/// Stores decimals, and nulls where values are not valid.
fn decimals<D: Notation, const SCALE: u32>(
    page: &mut Page,
    before: &Before,
    valid: Option<&[bool]>,
    values: &[i64],
) {
    cells::<D, _, { text::NUMBER }>(page, before, valid, values, |cell, value| {
        text::put_decimal::<SCALE>(cell, *value)
    });
}

/// Stores words, and nulls where values are not valid.
#[inline(always)]
fn words<D: Notation, T>(
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
fn cells<D: Notation, T, const WIDTH: usize>(
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

fn are_common_instants(values: &[i64]) -> bool {
    values.iter().all(|micros| text::is_common_instant(*micros))
}

/// The word of a common day, quoted where the notation quotes.
#[inline(always)]
fn day_word<D: Notation>(day: i64) -> (u128, usize) {
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

/// Puts the notation's quote, if it has one, and gives the place after it.
#[inline(always)]
fn put_quote<D: Notation>(cell: &mut [u8], at: usize) -> usize {
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
    fn integers<D: Notation>(self, values: &'s [i64]) -> Form<'s> {
        self.ready::<D>(values, text::integer).unwrap_or(Form::Integers(values))
    }

    fn decimals<D: Notation>(self, values: &'s [i64], scale: u8) -> Form<'s> {
        if scale == 0 {
            return self.integers::<D>(values);
        }
        let ready = self.ready::<D>(values, |cell, value| text::decimal(cell, value as i128, scale));
        ready.unwrap_or(Form::Decimals(values, scale))
    }

    fn days<D: Notation>(self, values: &'s [i64]) -> Form<'s> {
        let ready = self.ready::<D>(values, |cell, day| {
            cell.extend(D::QUOTE);
            text::date(cell, day);
            cell.extend(D::QUOTE);
        });
        ready.unwrap_or(Form::Days(values))
    }

    /// Cells from a table, where the column's values are near each other. `write` appends one that is not null.
    fn ready<D: Notation>(self, values: &'s [i64], write: impl Fn(&mut Vec<u8>, i64)) -> Option<Form<'s>> {
        let write = |value: Option<i64>, cell: &mut Vec<u8>| {
            cell.extend_from_slice(self.before.bytes());
            match value {
                None => cell.extend_from_slice(D::NULL),
                Some(value) => write(cell, value),
            }
        };
        let words = self.words.get_or_init(|| Words::near(values, write)).as_ref()?;
        words.has_all(values, self.valid).then_some(Form::Ready(values, words))
    }
}

/// Texts, of which most are copied from where they are.
fn texts_form<'s, D: Notation>(
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
    let (shortest_text, longest_text) = texts.lengths(rows.clone());
    if shortest_text == 0 || valid.is_some() {
        for (at, row) in rows.clone().enumerate() {
            let is_null = valid.is_some_and(|valid| !valid[at]);
            apart |= u128::from(is_null | texts.range(row).is_empty()) << at;
        }
    }
    let first = rows.start;
    let (bytes, ends) = made::<D>(cells, rows.filter(|row| apart >> (row - first) & 1 == 1), buffers);
    Form::Plain(Plain { texts, first, apart, bytes, ends, longest: longest(ends).max(longest_text as usize) })
}

/// Any cells, each made on its own: their bytes, and where each begins and ends.
fn made<'s, D: Notation>(
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
