//! The rows that are expected, computed on every core, handed over block by block in the form in which they are compared.

use super::{BLOCK_ROWS, Error, Options};
use crate::encode::{self, Compression, EncodeError, Encoding, Format, Piece};
use crate::generate::Worker;
use crate::pipeline::{Work, in_order};
use crate::plan::Plan;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// Blocks of some columns of a table, each as a file of its own.
pub(super) struct Blocks<'p> {
    plan: &'p Plan,
    options: Options,
    encoding: Box<dyn Encoding>,
    blocks: &'p [Range<u64>],
    /// Whether nothing stands around the rows.
    is_bare: bool,
}

impl<'p> Blocks<'p> {
    /// Files of a format.
    pub fn new(
        plan: &'p Plan,
        table: usize,
        columns: &[usize],
        blocks: &'p [Range<u64>],
        format: &Format,
        options: &Options,
    ) -> Result<Self, Error> {
        let plain = encode::Options { compression: Some(Compression::None), ..encode::Options::default() };
        let encoding = format.encoding(plan, table, columns, &plain, None).map_err(Error::Generation)?;
        Ok(Self { plan, options: *options, encoding, blocks, is_bare: false })
    }

    /// Rows as COPY reads them.
    pub fn for_copy(
        plan: &'p Plan,
        table: usize,
        columns: &[usize],
        blocks: &'p [Range<u64>],
        options: &Options,
    ) -> Result<Self, Error> {
        let format = encode::find("copy").expect("there is a format of that name");
        Ok(Self { is_bare: true, ..Self::new(plan, table, columns, blocks, format, options)? })
    }

    /// Hands them over in order, each with its rows.
    pub fn each(
        &self,
        cancel: &AtomicBool,
        mut take: impl FnMut(&Range<u64>, Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let numbers = 0..self.blocks.len() as u64;
        let taken = in_order(self, numbers, self.options.crew, cancel, |number, bytes| {
            take(&self.blocks[number as usize], bytes)
        });
        Ok(taken?)
    }
}

impl<'p> Work for Blocks<'p> {
    type State = Worker<'p>;
    type Product = Vec<u8>;
    type Error = Error;

    fn start(&self) -> Worker<'p> {
        Worker::new(self.plan, self.options.generate)
    }

    fn make(&self, worker: &mut Worker<'p>, number: u64) -> Result<Vec<u8>, Error> {
        let rows = self.blocks[number as usize].clone();
        let piece = self.encoding.encode(worker, rows, Vec::new()).map_err(Error::Generation)?;
        match piece {
            Piece::Bytes(rows) if self.is_bare => Ok(rows),
            piece => {
                self.file(piece).map_err(|cause| Error::Generation(EncodeError::Format(cause.to_string())))
            }
        }
    }
}

impl Blocks<'_> {
    /// A piece as a whole file.
    fn file(&self, piece: Piece) -> io::Result<Vec<u8>> {
        let memory = Memory::default();
        let mut writer = self.encoding.writer(Box::new(memory.clone()))?;
        let around = |bytes: Vec<u8>| (!bytes.is_empty()).then_some(Piece::Bytes(bytes));
        for piece in [around(self.encoding.header()), Some(piece), around(self.encoding.footer())] {
            piece.map(|piece| writer.write(piece)).transpose()?;
        }
        writer.finish()?;
        Ok(std::mem::take(&mut memory.0.lock().expect("writing does not panic")))
    }
}

/// A file in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("writing does not panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The row that is the nth, from 0, of those in blocks; from 0, too. All blocks but the last have [`BLOCK_ROWS`].
pub(super) fn row_of(blocks: &[Range<u64>], nth: u64) -> u64 {
    blocks[(nth / BLOCK_ROWS) as usize].start + nth % BLOCK_ROWS
}
