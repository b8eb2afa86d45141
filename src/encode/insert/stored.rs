//! Values in the form in which another database stores them, before they are written.

use super::literals::blob;
use crate::encode::{EncodeError, Encoding, Piece, Source};
use crate::expression::Failure;
use crate::plan::{PlannedColumn, Stored, Table};
use crate::value::{Data, Interval, List, SqlType, Texts, Vector, text};
use std::ops::Range;
use std::rc::Rc;

/// The type as which values are written that are stored so.
pub(super) fn written_type(stored: Stored, sql_type: &SqlType) -> SqlType {
    match stored {
        Stored::AsTyped | Stored::Finite | Stored::Within(_) => sql_type.clone(),
        Stored::Utc => SqlType::Timestamp,
        Stored::Zoned | Stored::Printed | Stored::Json | Stored::List | Stored::Units => SqlType::Text,
    }
}

/// Columns that are stored in a form of their own, or have to be looked at.
pub(super) struct Columns {
    /// What the database is called.
    title: &'static str,
    /// Of each column that is written: its full name, its type, and how it is stored.
    columns: Vec<(String, SqlType, Stored)>,
}

impl Columns {
    pub fn new(title: &'static str, table: &Table, columns: &[(&PlannedColumn, Stored)]) -> Self {
        let described = columns.iter().map(|(column, stored)| {
            (format!("{}.{}", table.name, column.name), column.sql_type.clone(), *stored)
        });
        Self { title, columns: described.collect() }
    }

    /// A column's values as they are stored. The first row's number is `first`.
    fn convert(&self, column: usize, first: u64, vector: &Rc<Vector>) -> Result<Rc<Vector>, Failure> {
        let (name, sql_type, stored) = &self.columns[column];
        let refused = |at: usize, message: String| Failure {
            message,
            at: None,
            place: Some(format!("{name}, row {}", first + at as u64 + 1)),
        };
        match stored {
            Stored::AsTyped | Stored::Utc => Ok(vector.clone()),
            Stored::Finite => match not_finite(vector) {
                None => Ok(vector.clone()),
                Some(at) => {
                    let value = text::printed(sql_type, vector, at).unwrap_or_default();
                    Err(refused(at, format!("{} has no number {value}", self.title)))
                }
            },
            Stored::Within(limit) => match too_long(sql_type, vector, *limit) {
                None => Ok(vector.clone()),
                Some(at) => {
                    let message = format!(
                        "it is longer than {limit}, the most that {} takes in a key of that many columns",
                        self.title
                    );
                    Err(refused(at, message))
                }
            },
            _ => Ok(Rc::new(self.texts(sql_type, *stored, vector))),
        }
    }

    fn texts(&self, sql_type: &SqlType, stored: Stored, vector: &Vector) -> Vector {
        let mut texts = Texts::default();
        for at in 0..vector.len() {
            if vector.is_valid(at) {
                write(texts.buffer(), sql_type, stored, vector, at);
            }
            texts.finish();
        }
        Vector::new(Data::Text(texts), vector.valid.clone())
    }
}

/// Appends a value that is not null.
fn write(out: &mut Vec<u8>, sql_type: &SqlType, stored: Stored, vector: &Vector, at: usize) {
    match (stored, sql_type, &vector.data) {
        (Stored::Json, ..) => text::json(out, sql_type, vector, at, ", "),
        (Stored::List, SqlType::Array(element), Data::List(values)) => list(out, element, values, at),
        (Stored::Units, _, Data::Interval(values)) => units(out, values[at]),
        (Stored::Zoned, ..) => {
            text::value(out, sql_type, vector, at);
            out.extend_from_slice(b":00");
        }
        _ => text::value(out, sql_type, vector, at),
    }
}

/// A list of DuckDB, as it reads it out of a text, each element in quotes.
fn list(out: &mut Vec<u8>, element: &SqlType, list: &List, at: usize) {
    let mut printed = Vec::new();
    out.push(b'[');
    for position in list.offsets[at] as usize..list.offsets[at + 1] as usize {
        if position > list.offsets[at] as usize {
            out.extend_from_slice(b", ");
        }
        if !list.values.is_valid(position) {
            out.extend_from_slice(b"NULL");
            continue;
        }
        printed.clear();
        match element {
            SqlType::Bytea => blob(&mut printed, list.values.text(position)),
            SqlType::Interval => write(&mut printed, element, Stored::Units, &list.values, position),
            _ => text::value(&mut printed, element, &list.values, position),
        }
        text::double_quoted(out, &printed);
    }
    out.push(b']');
}

/// `14 months 3 days 14706000000 microseconds`, each with its own sign.
fn units(out: &mut Vec<u8>, value: Interval) {
    text::integer(out, value.months as i64);
    out.extend_from_slice(b" months ");
    text::integer(out, value.days as i64);
    out.extend_from_slice(b" days ");
    text::integer(out, value.micros);
    out.extend_from_slice(b" microseconds");
}

fn not_finite(vector: &Vector) -> Option<usize> {
    (0..vector.len()).find(|at| vector.is_valid(*at) && !vector.floats()[*at].is_finite())
}

/// The first text of more characters, or bytea of more bytes.
fn too_long(sql_type: &SqlType, vector: &Vector, limit: u32) -> Option<usize> {
    let length = |at: usize| {
        let bytes = vector.text(at);
        match sql_type {
            SqlType::Bytea => bytes.len(),
            // Bytes that go on with a character do not begin one.
            _ => bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count(),
        }
    };
    (0..vector.len()).find(|at| vector.is_valid(*at) && length(*at) > limit as usize)
}

/// An encoding whose columns are converted first.
pub(super) struct Converting<E> {
    pub rows: E,
    pub columns: Columns,
}

impl<E: Encoding> Encoding for Converting<E> {
    fn chunk_rows(&self) -> u64 {
        self.rows.chunk_rows()
    }

    fn header(&self) -> Vec<u8> {
        self.rows.header()
    }

    fn footer(&self) -> Vec<u8> {
        self.rows.footer()
    }

    fn encode(
        &self,
        source: &mut dyn Source,
        rows: Range<u64>,
        buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError> {
        self.rows.encode(&mut Converted { source, columns: &self.columns }, rows, buffer)
    }
}

/// Rows whose columns are converted.
struct Converted<'s> {
    source: &'s mut dyn Source,
    columns: &'s Columns,
}

impl Source for Converted<'_> {
    fn batch_rows(&self) -> usize {
        self.source.batch_rows()
    }

    fn batch(
        &mut self,
        table: usize,
        rows: Range<u64>,
        columns: &[usize],
    ) -> Result<Vec<Rc<Vector>>, Failure> {
        let vectors = self.source.batch(table, rows.clone(), columns)?;
        let converted = vectors.iter().enumerate();
        converted.map(|(at, vector)| self.columns.convert(at, rows.start, vector)).collect()
    }
}
