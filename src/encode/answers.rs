//! The answers: where what is written is not the clean value, and what that is.
//!
//! Answers are lines of a table of their own, which the text formats write like any other.

use super::{Compression, EncodeError, Encoding, Format, Options, Piece, Source};
use crate::diagnostic::Sources;
use crate::expression::Failure;
use crate::generate::{Change, Worker};
use crate::plan::{self, Overrides, Plan};
use crate::spec::Spec;
use crate::value::{Data, Texts, Vector};
use std::ops::Range;
use std::rc::Rc;

/// The table of answers: of whose row, which cell, what was done to it and what was there.
const TABLE: &str = "tables: {answers: {columns: {table: text, row: bigint, key: text, column: text, kind: text, clean: text, \
                     written: text, original: text}}}";

/// Writes answers in a format.
pub struct Answers {
    encoding: Box<dyn Encoding>,
}

impl Answers {
    /// The formats of answers, by name.
    pub const FORMATS: [&'static str; 2] = ["csv", "jsonl"];

    /// In one of [`FORMATS`](Self::FORMATS).
    pub fn new(format: &Format, compression: Option<Compression>) -> Self {
        let mut sources = Sources::new();
        let source = sources.add("answers", TABLE);
        let spec = Spec::parse(&mut sources, source).expect("the table of answers is a spec");
        let plan = plan::plan(&spec, &Overrides::default()).expect("the table of answers can be planned");
        let columns: Vec<usize> = (0..plan.tables[0].columns.len()).collect();
        let options = Options { compression, ..Options::default() };
        let encoding = format.encoding(&plan, 0, &columns, &options, None).expect("text holds every table");
        Self { encoding }
    }

    /// What stands before the first answer.
    pub fn header(&self) -> Vec<u8> {
        self.encoding.header()
    }

    /// A piece of a table, and the answers about its rows, in their order.
    pub fn beside(
        &self,
        encoding: &dyn Encoding,
        worker: &mut Worker,
        rows: Range<u64>,
        buffer: Vec<u8>,
    ) -> Result<(Piece, Vec<u8>), EncodeError> {
        let mut noting = Noting { worker, lines: Lines::default() };
        let piece = encoding.encode(&mut noting, rows, buffer)?;
        let lines = noting.lines;
        let count = lines.rows.len() as u64;
        if count == 0 {
            return Ok((piece, Vec::new()));
        }
        match self.encoding.encode(&mut AtOnce(lines.vectors()), 0..count, Vec::new())? {
            Piece::Bytes(bytes) => Ok((piece, bytes)),
            _ => unreachable!("text formats make bytes"),
        }
    }
}

/// A worker that notes what it changes.
struct Noting<'w, 'p> {
    worker: &'w mut Worker<'p>,
    lines: Lines,
}

impl Source for Noting<'_, '_> {
    fn batch_rows(&self) -> usize {
        self.worker.options().batch_rows
    }

    fn batch(
        &mut self,
        table: usize,
        rows: Range<u64>,
        columns: &[usize],
    ) -> Result<Vec<Rc<Vector>>, Failure> {
        let written = self.worker.written(table, rows, columns)?;
        let plan = self.worker.plan();
        let changes = written.changes(plan);
        let keys: Vec<u64> = changes.iter().map(|change| change.row).collect();
        let keys = self.worker.names_of_rows(table, &keys)?;
        let originals: Vec<u64> = changes.iter().filter_map(|change| change.original).collect();
        let mut originals = self.worker.names_of_rows(table, &originals)?.into_iter();
        for (change, key) in changes.into_iter().zip(keys) {
            let original = change.original.and_then(|_| originals.next());
            self.lines.push(plan, table, change, key, original);
        }
        Ok(written.vectors)
    }
}

/// Answers, column by column.
#[derive(Default)]
struct Lines {
    rows: Vec<i64>,
    /// The table's name, the key, the column's name, the kind, both values and the original's key.
    texts: [Vec<Option<String>>; 7],
}

impl Lines {
    fn push(&mut self, plan: &Plan, table: usize, change: Change, key: String, original: Option<String>) {
        let of = &plan.tables[table];
        self.rows.push(change.row as i64 + 1);
        let column = change.column.map(|column| of.columns[column].name.clone());
        let cells = [
            Some(of.name.clone()),
            Some(key),
            column,
            Some(change.kind.into()),
            change.clean,
            change.written,
            original,
        ];
        for (texts, cell) in self.texts.iter_mut().zip(cells) {
            texts.push(cell);
        }
    }

    /// In the order of the table's columns.
    fn vectors(self) -> Vec<Rc<Vector>> {
        let mut vectors: Vec<Rc<Vector>> =
            self.texts.into_iter().map(|cells| Rc::new(texts(cells))).collect();
        vectors.insert(1, Rc::new(Data::Int(self.rows).into()));
        vectors
    }
}

fn texts(cells: Vec<Option<String>>) -> Vector {
    let valid = cells.iter().map(Option::is_some).collect();
    let texts: Texts = cells.into_iter().map(Option::unwrap_or_default).collect();
    Vector::new(Data::Text(texts), Some(valid))
}

/// Lines as a source of batches: all of them at once.
struct AtOnce(Vec<Rc<Vector>>);

impl Source for AtOnce {
    fn batch_rows(&self) -> usize {
        self.0[0].len()
    }

    fn batch(&mut self, _: usize, _: Range<u64>, _: &[usize]) -> Result<Vec<Rc<Vector>>, Failure> {
        Ok(self.0.clone())
    }
}
