//! The text formats' common part: batches in, rows of text out.

use super::cells::{Cells, Dialect, Rendered};
use super::snippets::Snippets;
use super::{Compression, EncodeError, Encoding, Options, Piece, Source};
use crate::plan::{Plan, PlannedColumn};
use crate::value::{SqlType, Vector};
use std::ops::Range;

/// Rows per piece of a text format. Some megabytes of text: enough to make handing it over cheap, little enough that a few
/// per worker do not matter.
const CHUNK_ROWS: u64 = 16_384;

/// A table in a text format.
pub(super) struct RowEncoding<D> {
    dialect: D,
    header: Vec<u8>,
    footer: Vec<u8>,
    table: usize,
    columns: Vec<usize>,
    types: Vec<SqlType>,
    /// What stands before each column's value.
    before_cells: Snippets,
    rendered: Vec<Rendered>,
    compression: Compression,
}

impl<D: Dialect> RowEncoding<D> {
    pub fn new(dialect: D, plan: &Plan, table: usize, columns: &[usize], options: &Options) -> Self {
        let planned = planned(plan, table, columns);
        Self {
            before_cells: Snippets::collect(planned.len(), |out, at| {
                out.extend(dialect.before_cell(at, &planned[at].name));
            }),
            dialect,
            header: Vec::new(),
            footer: Vec::new(),
            table,
            columns: columns.to_vec(),
            types: planned.iter().map(|column| column.sql_type.clone()).collect(),
            rendered: planned.iter().map(|_| Rendered::default()).collect(),
            compression: options.compression.unwrap_or(Compression::None),
        }
    }

    /// Puts text before the first row and after the last.
    pub fn between(mut self, header: impl Into<Vec<u8>>, footer: impl Into<Vec<u8>>) -> Self {
        self.header = header.into();
        self.footer = footer.into();
        self
    }

    /// Appends the rows from `first` on whose values the vectors are.
    pub fn write_rows(&self, out: &mut Vec<u8>, first: u64, vectors: &[&Vector]) {
        let cells: Vec<Cells> = vectors
            .iter()
            .zip(&self.types)
            .zip(&self.rendered)
            .map(|((vector, sql_type), rendered)| Cells::new::<D>(sql_type, vector, rendered))
            .collect();
        let rows = vectors.first().map_or(0, |vector| vector.len());
        let mut scratch = Vec::new();
        for at in 0..rows {
            self.dialect.begin_row(out, first + at as u64);
            for (column, cells) in cells.iter().enumerate() {
                self.before_cells.append(out, column);
                cells.write::<D>(out, at, &mut scratch);
            }
            self.dialect.end_row(out, first + at as u64);
        }
    }
}

impl<D: Dialect> Encoding for RowEncoding<D> {
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
        mut buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError> {
        buffer.clear();
        let batch_rows = source.batch_rows() as u64;
        let mut first = rows.start;
        while first < rows.end {
            let end = rows.end.min(first + batch_rows);
            let vectors = source.batch(self.table, first..end, &self.columns)?;
            let vectors: Vec<&Vector> = vectors.iter().map(|vector| &**vector).collect();
            self.write_rows(&mut buffer, first, &vectors);
            first = end;
        }
        Ok(Piece::Bytes(self.compression.member(buffer)))
    }
}

/// The columns to be written.
pub(super) fn planned<'p>(plan: &'p Plan, table: usize, columns: &[usize]) -> Vec<&'p PlannedColumn> {
    columns.iter().map(|column| &plan.tables[table].columns[*column]).collect()
}
