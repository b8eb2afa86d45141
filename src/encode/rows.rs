//! The text formats' common part: batches in, rows of text out.

use super::cells::{Cells, Notation, Rendered};
use super::page::{Output, Page};
use super::strip::{Buffers, STRIP_ROWS, Strip};
use super::{Compression, EncodeError, Encoding, Options, Piece, Source};
use crate::plan::{Plan, PlannedColumn};
use crate::value::{SqlType, Vector, pieces};
use std::ops::Range;

/// Rows per piece of a text format. Some megabytes of text: enough to make handing it over cheap, little enough that a few
/// per worker do not matter.
const CHUNK_ROWS: u64 = 16_384;

/// A table in a text format.
pub(super) struct RowEncoding<D> {
    notation: D,
    header: Vec<u8>,
    footer: Vec<u8>,
    table: usize,
    columns: Vec<usize>,
    types: Vec<SqlType>,
    rendered: Vec<Rendered>,
    compression: Compression,
}

impl<D: Notation> RowEncoding<D> {
    pub fn new(notation: D, plan: &Plan, table: usize, columns: &[usize], options: &Options) -> Self {
        let planned = planned(plan, table, columns);
        Self {
            rendered: (0..planned.len())
                .map(|at| Rendered::new(notation.before_cell(at, &planned[at].name)))
                .collect(),
            notation,
            header: Vec::new(),
            footer: Vec::new(),
            table,
            columns: columns.to_vec(),
            types: planned.iter().map(|column| column.sql_type.clone()).collect(),
            compression: options.compression.unwrap_or(Compression::None),
        }
    }

    /// Writes columns as these types instead of their own.
    pub fn with_types(self, types: Vec<SqlType>) -> Self {
        Self { types, ..self }
    }

    /// Puts text before the first row and after the last.
    pub fn between(mut self, header: impl Into<Vec<u8>>, footer: impl Into<Vec<u8>>) -> Self {
        self.header = header.into();
        self.footer = footer.into();
        self
    }

    /// Appends the rows from `first` on whose values the vectors are.
    fn write_rows(&self, out: &mut Output, first: u64, vectors: &[&Vector], room: &mut Room) {
        let cells: Vec<Cells> = vectors
            .iter()
            .zip(&self.types)
            .zip(&self.rendered)
            .map(|((vector, sql_type), rendered)| Cells::new::<D>(sql_type, vector, Some(rendered)))
            .collect();
        let rows = vectors.first().map_or(0, |vector| vector.len());
        for start in (0..rows).step_by(STRIP_ROWS) {
            let range = start..rows.min(start + STRIP_ROWS);
            let columns = cells.iter().zip(&self.rendered).zip(room.buffers.iter_mut());
            let strips: Vec<Strip> = columns
                .map(|((cells, rendered), buffers)| Strip::new::<D>(cells, rendered, range.clone(), buffers))
                .collect();
            self.put_together(out, first + start as u64, range.len(), &strips, &mut room.page);
        }
    }

    /// Appends the rows of strips, as many at once as a page takes.
    fn put_together(&self, out: &mut Output, first: u64, rows: usize, strips: &[Strip], page: &mut Page) {
        let around = |row| self.notation.begin_row(row).len() + self.notation.end_row(row).len();
        let longest_around = (first..first + rows as u64).map(around).max().unwrap_or(0);
        let width = longest_around + strips.iter().map(Strip::width).sum::<usize>();
        let step = Page::rows_of(width);
        for start in (0..rows).step_by(step) {
            let range = start..rows.min(start + step);
            let numbers = first + range.start as u64..first + range.end as u64;
            page.begin(range.len(), width);
            page.around(numbers.clone().map(|row| self.notation.begin_row(row)));
            strips.iter().for_each(|strip| strip.store::<D>(page, range.clone()));
            page.around(numbers.map(|row| self.notation.end_row(row)));
            page.put(out);
        }
    }
}

/// Room to work in, used again from batch to batch.
struct Room {
    buffers: Vec<Buffers>,
    page: Page,
}

impl<D: Notation> Encoding for RowEncoding<D> {
    fn chunk_rows(&self) -> u64 {
        CHUNK_ROWS
    }

    fn header(&self) -> Vec<u8> {
        self.compression.member(self.header.clone())
    }

    fn footer(&self) -> Vec<u8> {
        self.compression.member(self.footer.clone())
    }

    fn encode(
        &self,
        source: &mut dyn Source,
        rows: Range<u64>,
        buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError> {
        let mut out = Output::over(buffer);
        let buffers = self.columns.iter().map(|_| Buffers::default()).collect();
        let mut room = Room { buffers, page: Page::default() };
        for rows in pieces(rows, source.batch_rows() as u64) {
            let vectors = source.batch(self.table, rows.clone(), &self.columns)?;
            let vectors: Vec<&Vector> = vectors.iter().map(|vector| &**vector).collect();
            self.write_rows(&mut out, rows.start, &vectors, &mut room);
        }
        Ok(Piece::Bytes(self.compression.member(out.finish())))
    }
}

/// The columns to be written.
pub(super) fn planned<'p>(plan: &'p Plan, table: usize, columns: &[usize]) -> Vec<&'p PlannedColumn> {
    columns.iter().map(|column| &plan.tables[table].columns[*column]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::copy::Copy;
    use super::super::csv::Csv;
    use super::super::fixture::{Given, texts};
    use super::super::jsonl::Jsonl;
    use super::*;
    use crate::value::{Data, Texts};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// Each cell on its own, the slow way.
    fn one_by_one<D: Notation>(notation: &D, given: &Given) -> Vec<u8> {
        let columns = &given.plan.tables[0].columns;
        let mut out = Vec::new();
        for row in 0..given.plan.tables[0].rows {
            out.extend_from_slice(notation.begin_row(row));
            for (at, (column, vector)) in columns.iter().zip(&given.vectors).enumerate() {
                out.extend(notation.before_cell(at, &column.name));
                Cells::new::<D>(&column.sql_type, vector, None).write::<D>(
                    &mut out,
                    row as usize,
                    &mut Vec::new(),
                );
            }
            out.extend_from_slice(notation.end_row(row));
        }
        out
    }

    fn fast<D: Notation>(notation: D, given: &mut Given) -> Vec<u8> {
        let columns: Vec<usize> = (0..given.vectors.len()).collect();
        let encoding = RowEncoding::new(notation, &given.plan, 0, &columns, &Options::default());
        let rows = given.plan.tables[0].rows;
        match encoding.encode(given, 0..rows, b"old".to_vec()) {
            Ok(Piece::Bytes(bytes)) => bytes,
            _ => panic!("text is bytes"),
        }
    }

    /// Integers near each other, far from each other, and at the ends of the type.
    fn integers(low: i64, high: i64) -> impl Strategy<Value = Vec<i64>> {
        let far =
            (any::<i64>(), 0u32..64).prop_map(move |(value, narrow)| (value >> narrow).clamp(low, high));
        let near =
            (any::<i16>(), 0i64..4_000).prop_map(move |(base, value)| (base as i64 + value).clamp(low, high));
        prop_oneof![vec(far, 1..300), vec(near, 1..300), vec(prop_oneof![Just(low), Just(high)], 1..5)]
    }

    fn columns() -> impl Strategy<Value = (SqlType, Vector)> {
        let scaled = (0u8..=8, integers(-999_999_999_999_999_999, 999_999_999_999_999_999));
        let of_ints = |sql_type: SqlType, (low, high): (i64, i64)| {
            integers(low, high).prop_map(move |values| (sql_type.clone(), Vector::from(Data::Int(values))))
        };
        let bounds = |sql_type: &SqlType| sql_type.int_bounds().expect("these types have bounds");
        let words = [
            "",
            "plain",
            "a,b",
            "it's \"so\"",
            "back\\slash",
            "two\nlines",
            "a text that is longer than a word",
            "é",
        ];
        let word = prop::sample::select(words.to_vec());
        let codes = vec(0u32..words.len() as u32, 1..300).prop_map(move |codes| {
            let values: Texts = words.iter().collect();
            (SqlType::Text, Vector::from(Data::Dict { codes, values: Arc::new(values) }))
        });
        let values = prop_oneof![
            of_ints(SqlType::BigInt, (i64::MIN, i64::MAX)),
            of_ints(SqlType::Date, bounds(&SqlType::Date)),
            of_ints(SqlType::Timestamp, bounds(&SqlType::Timestamp)),
            of_ints(SqlType::Timestamptz, bounds(&SqlType::Timestamptz)),
            of_ints(SqlType::Time, (0, 86_399_999_999)),
            scaled.prop_map(|(scale, values)| (SqlType::numeric(18, scale), Vector::from(Data::Int(values)))),
            vec(any::<u128>(), 1..300).prop_map(|values| (SqlType::Uuid, Vector::from(Data::Uuid(values)))),
            vec(any::<bool>(), 1..300)
                .prop_map(|values| (SqlType::Boolean, Vector::from(Data::Bool(values)))),
            vec(word, 1..300).prop_map(|words| (SqlType::Text, texts(&words))),
            codes,
        ];
        (values, prop::option::of(vec(any::<bool>(), 300))).prop_map(|((sql_type, vector), valid)| {
            let valid = valid.map(|valid| valid[..vector.len()].to_vec());
            (sql_type, Vector::new(vector.data, valid))
        })
    }

    proptest! {
        #[test]
        fn strips_equal_cells_one_by_one(first in columns(), second in columns(), batch_rows in 1usize..400) {
            let rows = first.1.len().min(second.1.len());
            let kept: Vec<u32> = (0..rows as u32).collect();
            let named = [("a", first), ("a longer name than a word", second)]
                .map(|(name, (sql_type, vector))| (name, sql_type, vector.take(&kept)));
            let mut given = Given::new(named.into());
            given.batch_rows = batch_rows;
            prop_assert_eq!(fast(Csv, &mut given), one_by_one(&Csv, &given));
            prop_assert_eq!(fast(Copy, &mut given), one_by_one(&Copy, &given));
            prop_assert_eq!(fast(Jsonl, &mut given), one_by_one(&Jsonl, &given));
        }
    }
}
