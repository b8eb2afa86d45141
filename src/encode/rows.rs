//! The text formats' common part: batches in, rows of text out.

use super::cells::{Cells, Dialect, Rendered};
use super::strip::{Buffers, STRIP_ROWS, Strip};
use super::{Compression, EncodeError, Encoding, Options, Piece, Source};
use crate::plan::{Plan, PlannedColumn};
use crate::value::{SqlType, Vector};
use std::ops::Range;

/// Rows per piece of a text format. Some megabytes of text: enough to make handing it over cheap, little enough that a few
/// per worker do not matter.
const CHUNK_ROWS: u64 = 16_384;

/// Bytes behind a row that stores of whole words may overwrite.
const SLACK: usize = 64;

/// A table in a text format.
pub(super) struct RowEncoding<D> {
    dialect: D,
    header: Vec<u8>,
    footer: Vec<u8>,
    table: usize,
    columns: Vec<usize>,
    types: Vec<SqlType>,
    rendered: Vec<Rendered>,
    compression: Compression,
}

impl<D: Dialect> RowEncoding<D> {
    pub fn new(dialect: D, plan: &Plan, table: usize, columns: &[usize], options: &Options) -> Self {
        let planned = planned(plan, table, columns);
        Self {
            rendered: (0..planned.len())
                .map(|at| Rendered::new(dialect.before_cell(at, &planned[at].name)))
                .collect(),
            dialect,
            header: Vec::new(),
            footer: Vec::new(),
            table,
            columns: columns.to_vec(),
            types: planned.iter().map(|column| column.sql_type.clone()).collect(),
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
    fn write_rows(&self, out: &mut Vec<u8>, first: u64, vectors: &[&Vector], buffers: &mut [Buffers]) {
        let cells: Vec<Cells> = vectors
            .iter()
            .zip(&self.types)
            .zip(&self.rendered)
            .map(|((vector, sql_type), rendered)| Cells::new::<D>(sql_type, vector, Some(rendered)))
            .collect();
        let rows = vectors.first().map_or(0, |vector| vector.len());
        for start in (0..rows).step_by(STRIP_ROWS) {
            let range = start..rows.min(start + STRIP_ROWS);
            let columns = cells.iter().zip(&self.rendered).zip(buffers.iter_mut());
            let strips: Vec<Strip> = columns
                .map(|((cells, rendered), buffers)| Strip::new::<D>(cells, rendered, range.clone(), buffers))
                .collect();
            self.put_together(out, first + start as u64, range.len(), &strips);
        }
    }

    /// Appends rows whose cells are made.
    fn put_together(&self, out: &mut Vec<u8>, first: u64, rows: usize, strips: &[Strip]) {
        let numbers = first..first + rows as u64;
        let around = |row| self.dialect.begin_row(row).len() + self.dialect.end_row(row).len();
        let most = numbers.clone().map(around).sum::<usize>()
            + strips.iter().map(|strip| strip.most_bytes(rows)).sum::<usize>();
        let begin = out.len();
        out.resize(begin + most + SLACK, 0);
        let room = &mut out[begin..];
        let mut at = 0;
        for (row, number) in numbers.enumerate() {
            at = put(room, at, self.dialect.begin_row(number));
            for strip in strips {
                at = strip.append(room, at, row);
            }
            at = put(room, at, self.dialect.end_row(number));
        }
        out.truncate(begin + at);
    }
}

/// Puts some bytes at a place, and gives the place after them.
#[inline(always)]
fn put(out: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    out[at..at + bytes.len()].copy_from_slice(bytes);
    at + bytes.len()
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
        let mut buffers: Vec<Buffers> = self.columns.iter().map(|_| Buffers::default()).collect();
        let batch_rows = source.batch_rows() as u64;
        let mut first = rows.start;
        while first < rows.end {
            let end = rows.end.min(first + batch_rows);
            let vectors = source.batch(self.table, first..end, &self.columns)?;
            let vectors: Vec<&Vector> = vectors.iter().map(|vector| &**vector).collect();
            self.write_rows(&mut buffer, first, &vectors, &mut buffers);
            first = end;
        }
        Ok(Piece::Bytes(self.compression.member(buffer)))
    }
}

/// The columns to be written.
pub(super) fn planned<'p>(plan: &'p Plan, table: usize, columns: &[usize]) -> Vec<&'p PlannedColumn> {
    columns.iter().map(|column| &plan.tables[table].columns[*column]).collect()
}
