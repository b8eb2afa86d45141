//! Parquet, whose schema says what columns are.

use super::{Cell, Sample, Unreadable};
use crate::value::SqlType;
use arrow::array::{Array, ArrayRef, make_array};
use arrow::datatypes::{DataType, Field};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;

/// Rows that are in memory at a time.
const BATCH_ROWS: usize = 4_096;

/// Reads a Parquet file to its end.
///
/// # Errors
/// When it is not one.
pub fn read_parquet(
    name: &str,
    file: &str,
    reader: impl ChunkReader + 'static,
) -> Result<Sample, Unreadable> {
    let bad = |error: parquet::errors::ParquetError| Unreadable::new(format!("this is not Parquet: {error}"));
    let builder = ParquetRecordBatchReaderBuilder::try_new(reader).map_err(bad)?;
    let mut sample = Sample::new(name, file);
    for field in builder.schema().fields() {
        sample.add_column(field.name(), Some(sql_type(field)));
    }
    sample.watch_pairs();
    let batches = builder.with_batch_size(BATCH_ROWS).build().map_err(bad)?;
    for batch in batches {
        let batch = batch.map_err(|error| Unreadable::new(error.to_string()))?;
        let options = FormatOptions::default();
        let arrays: Vec<ArrayRef> = batch.columns().iter().map(in_utc).collect();
        let columns: Result<Vec<ArrayFormatter>, _> =
            arrays.iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options)).collect();
        let columns = columns.map_err(|error| Unreadable::new(error.to_string()))?;
        for row in 0..batch.num_rows() {
            let texts: Vec<Option<String>> = columns
                .iter()
                .zip(batch.columns())
                .map(|(shown, column)| column.is_valid(row).then(|| shown.value(row).to_string()))
                .collect();
            let cells: Vec<Cell> = texts
                .iter()
                .zip(batch.columns())
                .map(|(text, column)| cell(text, column.data_type()))
                .collect();
            sample.row(&cells);
        }
    }
    Ok(sample)
}

/// Instants are instants, whatever zone they are shown in: names of zones would need a table of them.
fn in_utc(column: &ArrayRef) -> ArrayRef {
    let DataType::Timestamp(unit, Some(_)) = column.data_type() else { return column.clone() };
    let utc = DataType::Timestamp(*unit, Some("+00:00".into()));
    let shown = column.to_data().into_builder().data_type(utc).build();
    make_array(shown.expect("the zone of an instant is no part of its value"))
}

fn cell<'a>(text: &'a Option<String>, data_type: &DataType) -> Cell<'a> {
    match text {
        None => Cell::Null,
        Some(text) => match data_type {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
                Cell::Text(text)
            }
            of if of.is_nested() => Cell::Nested(text),
            _ => Cell::Untyped(text),
        },
    }
}

/// A column's type. Texts may turn out to be more.
fn sql_type(field: &Field) -> SqlType {
    let extension = field.metadata().get("ARROW:extension:name").map(String::as_str);
    match (extension, field.data_type()) {
        (Some("arrow.uuid"), _) => SqlType::Uuid,
        (Some("arrow.json"), _) => SqlType::Jsonb,
        (_, DataType::Dictionary(_, values)) => plain_type(values),
        (_, of) => plain_type(of),
    }
}

fn plain_type(of: &DataType) -> SqlType {
    match of {
        DataType::Int8 | DataType::Int16 | DataType::UInt8 => SqlType::SmallInt,
        DataType::Int32 | DataType::UInt16 => SqlType::Int,
        DataType::Int64 | DataType::UInt32 => SqlType::BigInt,
        DataType::UInt64 => SqlType::numeric(20, 0),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => {
            SqlType::numeric((*precision).min(38), (*scale).clamp(0, 38) as u8)
        }
        DataType::Float16 | DataType::Float32 => SqlType::Real,
        DataType::Float64 => SqlType::Double,
        DataType::Boolean => SqlType::Boolean,
        DataType::Date32 | DataType::Date64 => SqlType::Date,
        DataType::Time32(_) | DataType::Time64(_) => SqlType::Time,
        DataType::Timestamp(_, None) => SqlType::Timestamp,
        DataType::Timestamp(_, Some(_)) => SqlType::Timestamptz,
        DataType::Duration(_) | DataType::Interval(_) => SqlType::Interval,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => SqlType::Bytea,
        // How other writers than those of Arrow store a uuid.
        DataType::FixedSizeBinary(16) => SqlType::Uuid,
        DataType::FixedSizeBinary(_) => SqlType::Bytea,
        DataType::List(element) | DataType::LargeList(element) => match plain_type(element.data_type()) {
            SqlType::Array(_) | SqlType::Jsonb => SqlType::Jsonb,
            element => SqlType::Array(Box::new(element)),
        },
        DataType::Struct(_) | DataType::Map(..) | DataType::FixedSizeList(..) => SqlType::Jsonb,
        _ => SqlType::Text,
    }
}
