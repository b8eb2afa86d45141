//! PostgreSQL's binary COPY: the file that `COPY ... WITH (FORMAT binary)` reads and writes.
//!
//! Each field is its length and its value as the type's `recv` function takes it. The length of a row is known before it is
//! written, so a strip of rows is laid out first and then filled column by column, each type in a loop of its own.
//! Source of the layouts: PostgreSQL's documentation of COPY, and `numeric_recv`, `array_recv`, `inet_recv` and their like.

use super::binary_values::Cells;
use super::rows::planned;
use super::stream::Counted;
use super::{EncodeError, Encoding, Options, Piece, Source, StreamWriter};
use crate::plan::{Plan, PlannedColumn};
use crate::value::{SqlType, Vector, pieces};
use std::io::{self, Write};
use std::ops::Range;

/// Rows per piece, as text has.
const CHUNK_ROWS: u64 = 16_384;

/// Rows that are laid out at once: their bytes stay in the first cache levels while one column after the other comes to them.
const STRIP_ROWS: usize = 128;

/// What a file begins with: the signature, no flags, no extension.
pub const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What it ends with: a row of -1 fields.
pub const TRAILER: &[u8] = &[0xff, 0xff];

pub(super) fn build(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    _options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    let planned = planned(plan, table, columns);
    if let Some(column) = planned.iter().find(|column| !has_binary(plan, column)) {
        return Err(EncodeError::Format(format!(
            "table {} column {}: in binary its values hold a number of their type, which differs from database to database; the format `copy` has none",
            plan.tables[table].name, column.name
        )));
    }
    let types = planned.iter().map(|column| column.sql_type.clone()).collect();
    Ok(Box::new(Binary { table, columns: columns.to_vec(), types }))
}

/// Whether a column's values can be written without asking a database: arrays of enumerated types and composite types have
/// the OIDs of a database in them.
pub fn has_binary(plan: &Plan, column: &PlannedColumn) -> bool {
    let declared =
        plan.declared_types.iter().find(|of| column.declared_type.as_ref() == Some(&of.name.value));
    let is_composite = declared.is_some_and(|of| !of.ddl.starts_with("DOMAIN"));
    !is_composite && !matches!(&column.sql_type, SqlType::Array(of) if matches!(**of, SqlType::Enum(_)))
}

struct Binary {
    table: usize,
    columns: Vec<usize>,
    types: Vec<SqlType>,
}

impl Encoding for Binary {
    fn chunk_rows(&self) -> u64 {
        CHUNK_ROWS
    }

    fn encode(
        &self,
        source: &mut dyn Source,
        rows: Range<u64>,
        mut buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError> {
        buffer.clear();
        let mut places = Vec::with_capacity(STRIP_ROWS);
        for rows in pieces(rows, source.batch_rows() as u64) {
            let vectors = source.batch(self.table, rows.clone(), &self.columns)?;
            let vectors: Vec<&Vector> = vectors.iter().map(|vector| &**vector).collect();
            write_rows(&mut buffer, &self.types, &vectors, (rows.end - rows.start) as usize, &mut places);
        }
        Ok(Piece::Bytes(buffer))
    }

    /// Each file is whole, also one that is a part of a run.
    fn writer(&self, out: Box<dyn Write + Send>) -> io::Result<Box<dyn StreamWriter>> {
        let mut out = Counted::new(out);
        out.write_all(HEADER)?;
        Ok(Box::new(BinaryWriter { out }))
    }
}

struct BinaryWriter {
    out: Counted,
}

impl StreamWriter for BinaryWriter {
    fn write(&mut self, piece: Piece) -> io::Result<Vec<u8>> {
        let Piece::Bytes(bytes) = piece else { panic!("binary COPY is bytes") };
        self.out.write_all(&bytes)?;
        Ok(bytes)
    }

    fn finish(mut self: Box<Self>) -> io::Result<u64> {
        self.out.write_all(TRAILER)?;
        self.out.flush()?;
        Ok(self.out.bytes)
    }
}

/// Appends rows. `places` is room to work in.
fn write_rows(
    out: &mut Vec<u8>,
    types: &[SqlType],
    vectors: &[&Vector],
    rows: usize,
    places: &mut Vec<usize>,
) {
    let count = (types.len() as i16).to_be_bytes();
    let cells: Vec<Cells> =
        types.iter().zip(vectors).map(|(sql_type, vector)| Cells::new(sql_type, vector)).collect();
    for start in (0..rows).step_by(STRIP_ROWS) {
        let range = start..rows.min(start + STRIP_ROWS);
        places.clear();
        places.resize(range.len(), count.len());
        cells.iter().for_each(|cells| cells.add_lengths(range.clone(), places));
        let mut at = out.len();
        for place in places.iter_mut() {
            at += std::mem::replace(place, at);
        }
        out.resize(at, 0);
        for place in places.iter_mut() {
            out[*place..*place + count.len()].copy_from_slice(&count);
            *place += count.len();
        }
        cells.iter().for_each(|cells| cells.put(range.clone(), out, places));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Given, everything, ints};
    use super::*;
    use crate::encode::find;

    /// Each field on its own, the slow way.
    fn one_by_one(given: &Given) -> Vec<u8> {
        let columns = &given.plan.tables[0].columns;
        let mut out = HEADER.to_vec();
        for row in 0..given.plan.tables[0].rows as usize {
            out.extend((columns.len() as i16).to_be_bytes());
            for (column, vector) in columns.iter().zip(&given.vectors) {
                Cells::new(&column.sql_type, vector).write_field(&mut out, row);
            }
        }
        out.extend(TRAILER);
        out
    }

    #[test]
    fn strips_equal_fields_one_by_one() {
        let mut given = everything();
        let repeated: Vec<u32> = (0..1_000).map(|row| row * 7 % 3).collect();
        given.vectors.iter_mut().for_each(|vector| *vector = vector.take(&repeated));
        given.plan.tables[0].rows = 1_000;
        given.batch_rows = 300;
        let written = given.written("copy-binary", Options::default());
        assert!(written == one_by_one(&given));
    }

    #[test]
    fn a_file_is_header_rows_and_trailer() {
        let mut given =
            Given::new(vec![("id", SqlType::Int, Vector::new(ints(&[7, 0]).data, Some(vec![true, false])))]);
        let expected =
            [HEADER, &[0, 1, 0, 0, 0, 4, 0, 0, 0, 7], &[0, 1, 0xff, 0xff, 0xff, 0xff], TRAILER].concat();
        assert_eq!(given.written("copy-binary", Options::default()), expected);
    }

    #[test]
    fn arrays_of_enumerated_types_are_refused() {
        let mood =
            std::sync::Arc::new(crate::value::EnumType { name: "mood".into(), labels: vec!["glad".into()] });
        let array = SqlType::Array(Box::new(SqlType::Enum(mood)));
        let given = Given::new(vec![("moods", array, super::super::fixture::lists(&[0, 0], ints(&[])))]);
        let refused = find("copy-binary").unwrap().encoding(&given.plan, 0, &[0], &Options::default(), None);
        let message = refused.err().expect("refused").to_string();
        assert!(message.starts_with("table t column moods: "), "{message}");
    }
}
