//! Pieces of a stream, and what puts them into it in order.

use super::archive::Rows;
use arrow::array::RecordBatch;
use parquet::arrow::arrow_writer::ArrowColumnChunk;
use std::io::{self, Write};

/// What a range of rows became.
pub enum Piece {
    /// Bytes that only have to be written.
    Bytes(Vec<u8>),
    /// Rows of a table's block in an archive of pg_dump.
    ArchiveRows(Rows),
    /// A row group of Parquet: its columns, encoded.
    RowGroup(Vec<ArrowColumnChunk>),
    /// A record batch of Arrow.
    Batch(RecordBatch),
}

/// Puts a stream's pieces into it, in order. Only [`finish`](Self::finish) makes it whole.
pub trait StreamWriter: Send {
    /// Writes the next piece. Gives back a buffer to encode another piece in; what is in it does not matter.
    fn write(&mut self, piece: Piece) -> io::Result<Vec<u8>>;

    /// Writes what ends the stream, flushes, and says how many bytes there were in all.
    fn finish(self: Box<Self>) -> io::Result<u64>;
}

/// Writes bytes as they come.
pub struct BytesWriter {
    out: Counted,
}

impl BytesWriter {
    /// A stream with nothing in it.
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out: Counted::new(out) }
    }
}

impl StreamWriter for BytesWriter {
    fn write(&mut self, piece: Piece) -> io::Result<Vec<u8>> {
        let Piece::Bytes(bytes) = piece else { panic!("a stream of text has bytes") };
        self.out.write_all(&bytes)?;
        Ok(bytes)
    }

    fn finish(mut self: Box<Self>) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.out.bytes)
    }
}

/// Counts the bytes on their way.
pub(super) struct Counted {
    out: Box<dyn Write + Send>,
    /// How many were written.
    pub bytes: u64,
}

impl Counted {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, bytes: 0 }
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
