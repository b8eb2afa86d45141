//! Arrow's IPC formats: the file, which readers map and seek in, and the stream, which they read from a pipe.
//!
//! Workers make record batches of a fixed size; writing one is little more than copying its buffers, so the ordered writer
//! does that.

use super::record_batch::{gather, to_record_batch};
use super::schema::arrow_schema;
use super::stream::Counted;
use super::{EncodeError, Encoding, Options, Piece, Source, StreamWriter};
use crate::plan::Plan;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::writer;
use std::io::{self, BufWriter, Write};
use std::ops::Range;

/// Rows per record batch. Fixed, because the bytes depend on it.
const BATCH_ROWS: u64 = 8_192;

pub(super) fn build_file(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    _options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    Ok(Box::new(Ipc::new(plan, table, columns, |out, schema| {
        Ok(Box::new(FileWriter { file: writer::FileWriter::try_new_buffered(out, schema)? }))
    })))
}

pub(super) fn build_stream(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    _options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    Ok(Box::new(Ipc::new(plan, table, columns, |out, schema| {
        Ok(Box::new(BatchStream { stream: writer::StreamWriter::try_new_buffered(out, schema)? }))
    })))
}

struct Ipc {
    schema: SchemaRef,
    table: usize,
    columns: Vec<usize>,
    open: Open,
}

type Open = fn(Counted, &SchemaRef) -> Result<Box<dyn StreamWriter>, ArrowError>;

impl Ipc {
    fn new(plan: &Plan, table: usize, columns: &[usize], open: Open) -> Self {
        Self { schema: arrow_schema(plan, table, columns), table, columns: columns.to_vec(), open }
    }
}

impl Encoding for Ipc {
    fn chunk_rows(&self) -> u64 {
        BATCH_ROWS
    }

    fn encode(
        &self,
        source: &mut dyn Source,
        rows: Range<u64>,
        _buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError> {
        let vectors = gather(source, self.table, rows, &self.columns)?;
        Ok(Piece::Batch(to_record_batch(&self.schema, vectors)?))
    }

    fn writer(&self, out: Box<dyn Write + Send>) -> io::Result<Box<dyn StreamWriter>> {
        (self.open)(Counted::new(out), &self.schema).map_err(io_error)
    }
}

struct FileWriter {
    file: writer::FileWriter<BufWriter<Counted>>,
}

impl StreamWriter for FileWriter {
    fn write(&mut self, piece: Piece) -> io::Result<Vec<u8>> {
        self.file.write(&batch(piece)).map_err(io_error)?;
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<u64> {
        self.file.finish().map_err(io_error)?;
        self.file.flush().map_err(io_error)?;
        Ok(self.file.get_ref().get_ref().bytes)
    }
}

struct BatchStream {
    stream: writer::StreamWriter<BufWriter<Counted>>,
}

impl StreamWriter for BatchStream {
    fn write(&mut self, piece: Piece) -> io::Result<Vec<u8>> {
        self.stream.write(&batch(piece)).map_err(io_error)?;
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<u64> {
        self.stream.finish().map_err(io_error)?;
        self.stream.flush().map_err(io_error)?;
        Ok(self.stream.get_ref().get_ref().bytes)
    }
}

fn batch(piece: Piece) -> RecordBatch {
    match piece {
        Piece::Batch(batch) => batch,
        _ => panic!("Arrow's formats have record batches"),
    }
}

/// The error that the stream gave, so that a closed pipe is seen as one.
fn io_error(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::fixture::{Given, everything, ints};
    use crate::value::{Data, Interval, SqlType};
    use arrow::ipc::reader;
    use std::io::Cursor;

    #[test]
    fn every_type_reads_back_equal_from_file_and_stream() {
        let mut given = everything();
        let columns: Vec<usize> = (0..given.vectors.len()).collect();
        let schema = arrow_schema(&given.plan, 0, &columns);
        let expected = to_record_batch(&schema, given.vectors.clone()).unwrap();
        let types = schema.fields().iter().map(|field| {
            let extension = field.extension_type_name().map(|name| format!(" ({name})")).unwrap_or_default();
            format!("{}: {}{extension}\n", field.name(), field.data_type())
        });
        insta::assert_snapshot!(types.collect::<String>());

        let file = Cursor::new(given.written("arrow", Options::default()));
        let batches: Vec<RecordBatch> =
            reader::FileReader::try_new(file, None).unwrap().map(Result::unwrap).collect();
        assert!(batches.iter().eq([&expected]));

        let stream = Cursor::new(given.written("arrow-stream", Options::default()));
        let batches: Vec<RecordBatch> =
            reader::StreamReader::try_new(stream, None).unwrap().map(Result::unwrap).collect();
        assert!(batches.iter().eq([&expected]));
    }

    #[test]
    fn batches_have_a_fixed_size() {
        let mut given = Given::new(vec![("id", SqlType::BigInt, ints(&(0..20_000).collect::<Vec<_>>()))]);
        given.batch_rows = 777;
        let file = Cursor::new(given.written("arrow", Options::default()));
        let rows: Vec<usize> =
            reader::FileReader::try_new(file, None).unwrap().map(|batch| batch.unwrap().num_rows()).collect();
        assert_eq!(rows, [8_192, 8_192, 3_616]);
    }

    #[test]
    fn what_arrow_cannot_hold_is_an_error() {
        let long = Interval { months: 0, days: 0, micros: i64::MAX };
        let given = Given::new(vec![("gap", SqlType::Interval, Data::Interval(vec![long]).into())]);
        let schema = arrow_schema(&given.plan, 0, &[0]);
        let error = to_record_batch(&schema, given.vectors.clone()).unwrap_err();
        assert_eq!(error.to_string(), "an interval is too long for Arrow, which counts nanoseconds");
    }
}
