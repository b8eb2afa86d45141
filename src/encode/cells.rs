//! How a column's cells are written: chosen once per column and batch, then one `match` per cell.

use super::marks::Marks;
use super::page::Before;
use super::snippets::Snippets;
use super::words::Words;
use crate::value::{Data, Dictionary, Interval, List, SqlType, Texts, Vector, text};
use std::sync::{Arc, OnceLock};

/// What differs between text formats.
pub(super) trait Notation: Sized + Send + Sync + 'static {
    /// A null.
    const NULL: &'static [u8];
    /// True and false.
    const BOOLEANS: [&'static [u8]; 2];
    /// What stands on both sides of values that are not numbers.
    const QUOTE: Option<u8> = None;
    /// An empty text.
    const EMPTY: &'static [u8] = b"";
    /// Values are those of JSON: ISO 8601 instants, lists in brackets, json as it is.
    const JSON: bool = false;

    /// Whether a text with this byte needs [`escape`](Self::escape); all others stand between quotes as they are.
    fn is_special(byte: u8) -> bool;

    /// A text that may hold special bytes.
    fn escape(out: &mut Vec<u8>, text: &[u8]);

    /// A bytea.
    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        quoted::<Self>(out, |out| text::bytea(out, bytes));
    }

    /// What stands before a column's value, and after the value before it.
    fn before_cell(&self, position: usize, name: &str) -> Vec<u8>;

    /// What stands before a row, ahead of its first value.
    fn begin_row(&self, _row: u64) -> &[u8] {
        b""
    }

    /// What stands after a row's last value.
    fn end_row(&self, row: u64) -> &[u8];
}

/// Texts that two dictionaries are compared by.
const SMALL: usize = 64;

/// What of a column's cells is ready to be copied, made when it is first needed and shared by all threads.
pub(super) struct Rendered {
    /// What stands before each cell.
    pub before: Before,
    /// Numbers near those that were met first; `None` where those were far from each other.
    pub words: OnceLock<Option<Words>>,
    /// The texts of the first dictionary that the column met, which as a rule is its only one; those of others are escaped
    /// one by one.
    texts: OnceLock<(Dictionary, Snippets)>,
    /// The long text whose pieces the column met first, and where its special bytes are.
    marks: OnceLock<(Arc<Vec<u8>>, Marks)>,
}

impl Rendered {
    pub fn new(before: Vec<u8>) -> Self {
        Self {
            before: Before::new(before),
            words: OnceLock::new(),
            texts: OnceLock::new(),
            marks: OnceLock::new(),
        }
    }

    fn of<D: Notation>(&self, dictionary: &Dictionary) -> Option<&Snippets> {
        let (of, snippets) = self.texts.get_or_init(|| {
            // The last one stands for null.
            let write = |out: &mut Vec<u8>, at: usize| {
                out.extend_from_slice(self.before.bytes());
                match at < dictionary.len() {
                    true => write_text::<D>(out, dictionary.get(at)),
                    false => out.extend_from_slice(D::NULL),
                }
            };
            (dictionary.clone(), Snippets::collect(dictionary.len() + 1, write))
        });
        // Small ones may be made anew for each batch.
        let is_same = Arc::ptr_eq(of, dictionary) || (dictionary.len() <= SMALL && of == dictionary);
        is_same.then_some(snippets)
    }
}

impl Rendered {
    /// The marks of the special bytes of what texts are pieces of.
    fn marks_of<D: Notation>(&self, source: &Arc<Vec<u8>>) -> Option<&Marks> {
        let (of, marks) = self.marks.get_or_init(|| (source.clone(), Marks::new(source, D::is_special)));
        Arc::ptr_eq(of, source).then_some(marks)
    }
}

/// The cells of a column in one batch.
pub(super) struct Cells<'v> {
    pub values: Values<'v>,
    pub valid: Option<&'v [bool]>,
}

/// Values by the way they are written.
pub(super) enum Values<'v> {
    Integer(&'v [i64]),
    Decimal(&'v [i64], u8),
    WideDecimal(&'v [i128], u8),
    Real(&'v [f64]),
    Double(&'v [f64]),
    Boolean(&'v [bool]),
    Date(&'v [i64]),
    Time(&'v [i64]),
    Timestamp(&'v [i64]),
    Timestamptz(&'v [i64]),
    Interval(&'v [Interval]),
    Uuid(&'v [u128]),
    /// Texts each of their own, with the rows in which a byte is special.
    Texts(&'v Texts, Vec<u32>),
    Text(&'v Vector),
    /// Snippets with what stands before each cell; the last is null.
    Dictionary(&'v [u32], &'v Snippets),
    Bytea(&'v Vector),
    /// JSON inside JSON.
    Embedded(&'v Vector),
    List(&'v SqlType, &'v List),
    /// A JSON array.
    Array(&'v [i32], Box<Cells<'v>>),
}

impl<'v> Cells<'v> {
    /// How a column's vector is written, with what is ready of the column's texts.
    ///
    /// # Panics
    /// When the vector's layout is not the type's.
    pub fn new<D: Notation>(
        sql_type: &'v SqlType,
        vector: &'v Vector,
        rendered: Option<&'v Rendered>,
    ) -> Self {
        let values = match (sql_type, &vector.data) {
            (SqlType::SmallInt | SqlType::Int | SqlType::BigInt, Data::Int(values)) => {
                Values::Integer(values)
            }
            (SqlType::Numeric { scale, .. }, Data::Int(values)) => Values::Decimal(values, *scale),
            (SqlType::Numeric { scale, .. }, Data::Wide(values)) => Values::WideDecimal(values, *scale),
            (SqlType::Real, Data::Float(values)) => Values::Real(values),
            (SqlType::Double, Data::Float(values)) => Values::Double(values),
            (SqlType::Boolean, Data::Bool(values)) => Values::Boolean(values),
            (SqlType::Date, Data::Int(values)) => Values::Date(values),
            (SqlType::Time, Data::Int(values)) => Values::Time(values),
            (SqlType::Timestamp, Data::Int(values)) => Values::Timestamp(values),
            (SqlType::Timestamptz, Data::Int(values)) => Values::Timestamptz(values),
            (SqlType::Interval, Data::Interval(values)) => Values::Interval(values),
            (SqlType::Uuid, Data::Uuid(values)) => Values::Uuid(values),
            (SqlType::Bytea, Data::Text(_) | Data::Dict { .. }) => Values::Bytea(vector),
            (SqlType::Json | SqlType::Jsonb, Data::Text(_) | Data::Dict { .. }) if D::JSON => {
                Values::Embedded(vector)
            }
            (SqlType::Array(element), Data::List(list)) if D::JSON => {
                Values::Array(&list.offsets, Box::new(Cells::new::<D>(element, &list.values, None)))
            }
            (SqlType::Array(element), Data::List(list)) => Values::List(element, list),
            // Between quotes, each text is looked at on its own.
            (_, Data::Text(texts)) if D::QUOTE.is_none() => {
                Values::Texts(texts, special_rows::<D>(texts, rendered))
            }
            (_, Data::Text(_)) => Values::Text(vector),
            (_, Data::Dict { codes, values }) => match rendered.and_then(|rendered| rendered.of::<D>(values))
            {
                Some(snippets) => Values::Dictionary(codes, snippets),
                None => Values::Text(vector),
            },
            _ => panic!("the vector of a {sql_type} column has another layout"),
        };
        Self { values, valid: vector.valid.as_deref() }
    }

    /// Appends one cell. `scratch` is an empty buffer and stays one.
    #[inline]
    pub fn write<D: Notation>(&self, out: &mut Vec<u8>, at: usize, scratch: &mut Vec<u8>) {
        if self.valid.is_some_and(|valid| !valid[at]) {
            out.extend_from_slice(D::NULL);
            return;
        }
        match &self.values {
            Values::Integer(values) => text::integer(out, values[at]),
            Values::Decimal(values, scale) => text::decimal(out, values[at] as i128, *scale),
            Values::WideDecimal(values, scale) => text::decimal(out, values[at], *scale),
            Values::Real(values) => number::<D>(out, values[at], |out| text::real(out, values[at] as f32)),
            Values::Double(values) => number::<D>(out, values[at], |out| text::double(out, values[at])),
            Values::Boolean(values) => out.extend_from_slice(D::BOOLEANS[!values[at] as usize]),
            Values::Date(values) => quoted::<D>(out, |out| text::date(out, values[at])),
            Values::Time(values) => quoted::<D>(out, |out| text::time(out, values[at])),
            Values::Timestamp(values) if D::JSON => {
                quoted::<D>(out, |out| text::iso_timestamp(out, values[at]))
            }
            Values::Timestamp(values) => quoted::<D>(out, |out| text::timestamp(out, values[at])),
            Values::Timestamptz(values) if D::JSON => quoted::<D>(out, |out| {
                text::iso_timestamp(out, values[at]);
                out.push(b'Z');
            }),
            Values::Timestamptz(values) => quoted::<D>(out, |out| text::timestamptz(out, values[at])),
            Values::Interval(values) => quoted::<D>(out, |out| text::interval(out, values[at])),
            Values::Uuid(values) => quoted::<D>(out, |out| text::uuid(out, values[at])),
            Values::Texts(texts, _) => match texts.get(at) {
                b"" => out.extend_from_slice(D::EMPTY),
                text => D::escape(out, text),
            },
            Values::Text(vector) => write_text::<D>(out, vector.text(at)),
            Values::Dictionary(..) => unreachable!("strips copy dictionaries' texts"),
            Values::Bytea(vector) => D::bytea(out, vector.text(at)),
            Values::Embedded(vector) => embed(out, vector.text(at)),
            Values::List(element, list) => {
                text::list(scratch, element, list, at);
                write_text::<D>(out, scratch);
                scratch.clear();
            }
            Values::Array(offsets, elements) => {
                out.push(b'[');
                for position in offsets[at] as usize..offsets[at + 1] as usize {
                    if position > offsets[at] as usize {
                        out.push(b',');
                    }
                    elements.write::<D>(out, position, scratch);
                }
                out.push(b']');
            }
        }
    }
}

/// A float. In quotes when it is no number of JSON, or when SQL would read it as another: `-0` is 0 there.
#[inline]
fn number<D: Notation>(out: &mut Vec<u8>, value: f64, write: impl FnOnce(&mut Vec<u8>)) {
    let is_literal = value.is_finite() && (D::JSON || value != 0.0 || value.is_sign_positive());
    if is_literal { write(out) } else { quoted::<D>(out, write) }
}

#[inline]
fn quoted<D: Notation>(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    if let Some(quote) = D::QUOTE {
        out.push(quote);
    }
    write(out);
    if let Some(quote) = D::QUOTE {
        out.push(quote);
    }
}

#[inline]
fn write_text<D: Notation>(out: &mut Vec<u8>, text: &[u8]) {
    if has_special::<D>(text) { D::escape(out, text) } else { plain_text::<D>(out, text) }
}

#[inline]
fn plain_text<D: Notation>(out: &mut Vec<u8>, text: &[u8]) {
    if text.is_empty() {
        out.extend_from_slice(D::EMPTY);
    } else {
        quoted::<D>(out, |out| out.extend_from_slice(text));
    }
}

/// Looks at every byte, without a way out in the middle, so that it compiles to vector instructions.
#[inline]
fn has_special<D: Notation>(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, byte| found | D::is_special(*byte))
}

/// The texts in which a byte is special. Pieces of a long text are held to its marks. Else looks at all bytes at once, a block
/// at a time, and closer only where something is.
fn special_rows<D: Notation>(texts: &Texts, rendered: Option<&Rendered>) -> Vec<u32> {
    let mut rows: Vec<u32> = Vec::new();
    if let Some(source) = texts.source() {
        let marks = rendered.and_then(|rendered| rendered.marks_of::<D>(source));
        for row in 0..texts.len() {
            let is_special = match marks {
                Some(marks) => marks.any(texts.range(row)),
                None => has_special::<D>(texts.get(row)),
            };
            if is_special {
                rows.push(row as u32);
            }
        }
        return rows;
    }
    const BLOCK: usize = 64;
    let mut row = 0;
    for (block, bytes) in texts.bytes().chunks(BLOCK).enumerate() {
        if !has_special::<D>(bytes) {
            continue;
        }
        for at in (0..bytes.len()).filter(|at| D::is_special(bytes[*at])) {
            while texts.range(row).end <= block * BLOCK + at {
                row += 1;
            }
            if rows.last() != Some(&(row as u32)) {
                rows.push(row as u32);
            }
        }
    }
    rows
}

/// A JSON document on one line: line ends stand only between tokens.
fn embed(out: &mut Vec<u8>, document: &[u8]) {
    out.extend(document.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
}

/// Appends a text with some of its bytes replaced.
#[inline]
pub(super) fn replace(
    out: &mut Vec<u8>,
    text: &[u8],
    is_special: fn(u8) -> bool,
    mut special: impl FnMut(&mut Vec<u8>, u8),
) {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| is_special(*byte)) {
        out.extend_from_slice(&rest[..at]);
        special(out, rest[at]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}
