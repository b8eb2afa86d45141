//! Rows of Parquet files. Values are text as Arrow shows them, which tells floats apart by their shortest digits.

use super::{Row, Rows};
use crate::sink::system_words;
use arrow::array::{Array, ArrayRef, RecordBatch, make_array};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;
use std::collections::VecDeque;
use std::fs::File;
use std::path::PathBuf;

/// Rows that are in memory at a time.
const BATCH_ROWS: usize = 1_024;

/// The rows of files that are put end to end.
pub(super) struct ParquetRows {
    names: Vec<String>,
    reader: ParquetRecordBatchReader,
    /// The files after it, the next one last.
    later: Vec<PathBuf>,
    /// The batch that rows come from, and the next of its rows.
    batch: Option<RecordBatch>,
    /// Rows of it as text.
    rows: VecDeque<Row>,
}

impl ParquetRows {
    pub fn open(paths: &[PathBuf]) -> Result<Self, String> {
        let mut later: Vec<PathBuf> = paths.iter().rev().cloned().collect();
        let first = later.pop().ok_or("there is no file")?;
        Self::new(file(&first)?, later)
    }

    pub fn of(bytes: Vec<u8>) -> Result<Self, String> {
        Self::new(reader(Bytes::from(bytes))?, Vec::new())
    }

    fn new(reader: ParquetRecordBatchReader, later: Vec<PathBuf>) -> Result<Self, String> {
        use arrow::array::RecordBatchReader;
        let names = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
        Ok(Self { names, reader, later, batch: None, rows: VecDeque::new() })
    }

    /// Fetches the next batch with rows, unless there is one. Whether there is one now.
    fn advance(&mut self) -> Result<bool, String> {
        while self.batch.as_ref().is_none_or(|batch| batch.num_rows() == 0) {
            match (self.reader.next(), self.later.pop()) {
                (Some(batch), next) => {
                    self.batch = Some(batch.map_err(|error| error.to_string())?);
                    self.later.extend(next);
                }
                (None, Some(next)) => self.reader = file(&next)?,
                (None, None) => return Ok(false),
            }
        }
        Ok(true)
    }
}

impl Rows for ParquetRows {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn next(&mut self) -> Result<Option<Row>, String> {
        if self.rows.is_empty() && self.advance()? {
            self.rows = self.batch.take().map(|batch| shown(&batch)).transpose()?.unwrap_or_default();
        }
        Ok(self.rows.pop_front())
    }

    fn skip(&mut self, rows: u64) -> Result<u64, String> {
        let mut skipped = rows.min(self.rows.len() as u64);
        self.rows.drain(..skipped as usize);
        while skipped < rows && self.advance()? {
            if let Some(batch) = self.batch.take() {
                let some = (batch.num_rows() as u64).min(rows - skipped) as usize;
                self.batch = Some(batch.slice(some, batch.num_rows() - some));
                skipped += some as u64;
            }
        }
        Ok(skipped)
    }
}

fn file(path: &PathBuf) -> Result<ParquetRecordBatchReader, String> {
    let file = File::open(path).map_err(|cause| format!("{}: {}", path.display(), system_words(&cause)))?;
    reader(file).map_err(|cause| format!("{}: {cause}", path.display()))
}

fn reader(of: impl ChunkReader + 'static) -> Result<ParquetRecordBatchReader, String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(of);
    let reader = builder.and_then(|builder| builder.with_batch_size(BATCH_ROWS).build());
    reader.map_err(|error| format!("this is not Parquet: {error}"))
}

fn shown(batch: &RecordBatch) -> Result<VecDeque<Row>, String> {
    let options = FormatOptions::default();
    let arrays: Vec<ArrayRef> = batch.columns().iter().map(in_utc).collect();
    let columns: Result<Vec<ArrayFormatter>, _> =
        arrays.iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options)).collect();
    let columns = columns.map_err(|error| error.to_string())?;
    let cell = |row: usize| {
        let columns = columns.iter().zip(&arrays);
        columns.map(|(of, array)| array.is_valid(row).then(|| of.value(row).to_string())).collect()
    };
    Ok((0..batch.num_rows()).map(cell).collect())
}

/// Instants are instants, whatever zone they are shown in.
fn in_utc(column: &ArrayRef) -> ArrayRef {
    let DataType::Timestamp(unit, Some(_)) = column.data_type() else { return column.clone() };
    let utc = DataType::Timestamp(*unit, Some("+00:00".into()));
    let shown = column.to_data().into_builder().data_type(utc).build();
    make_array(shown.expect("the zone of an instant is no part of its value"))
}
