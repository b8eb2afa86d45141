//! Vectors as Arrow arrays. Buffers move where the layouts agree: 64-bit integers, doubles, times, wide decimals, texts.

use super::{EncodeError, Source};
use crate::value::{Data, Interval, List, Texts, Vector, text};
use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, FixedSizeBinaryArray, Float32Array,
    Float64Array, Int16Array, Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray, RecordBatch,
    RecordBatchOptions, StringArray, Time64MicrosecondArray, TimestampMicrosecondArray,
};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, IntervalMonthDayNano, SchemaRef};
use arrow::error::ArrowError;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Rows per Arrow batch and per slice that the Parquet encoder is fed. Fixed, because Parquet's pages end where slices do: with
/// another size other bytes would come out.
pub(super) const SLICE_ROWS: u64 = 8_192;

/// The vectors as a record batch of the schema (see [`super::arrow_schema`]), columns in its order.
///
/// # Errors
/// When there is a null in a column that has none, text that is not UTF-8, or an interval of more than 292 years of
/// microseconds, which Arrow's nanoseconds do not hold.
///
/// # Panics
/// When a vector's layout is not its field's.
pub fn to_record_batch(schema: &SchemaRef, vectors: Vec<Vector>) -> Result<RecordBatch, EncodeError> {
    let rows = vectors.first().map_or(0, Vector::len);
    let arrays: Result<Vec<ArrayRef>, EncodeError> =
        schema.fields().iter().zip(vectors).map(|(field, vector)| array(field.data_type(), vector)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema.clone(), arrays?, &options)?)
}

/// A table's rows in one vector per column, however small the worker's batches are.
pub(super) fn gather(
    source: &mut dyn Source,
    table: usize,
    rows: Range<u64>,
    columns: &[usize],
) -> Result<Vec<Vector>, EncodeError> {
    let batch_rows = source.batch_rows() as u64;
    let mut batches = Vec::new();
    let mut first = rows.start;
    while first < rows.end {
        let end = rows.end.min(first + batch_rows);
        batches.push(source.batch(table, first..end, columns)?);
        first = end;
    }
    if batches.len() == 1 {
        return Ok(batches.remove(0).into_iter().map(Rc::unwrap_or_clone).collect());
    }
    let join = |column: usize| {
        let parts: Vec<&Vector> = batches.iter().map(|batch| &*batch[column]).collect();
        Vector::concat(&parts)
    };
    Ok((0..columns.len()).map(join).collect())
}

impl From<ArrowError> for EncodeError {
    fn from(error: ArrowError) -> Self {
        EncodeError::Format(error.to_string())
    }
}

fn array(data_type: &DataType, vector: Vector) -> Result<ArrayRef, EncodeError> {
    let nulls = vector.valid.map(NullBuffer::from);
    let data = match vector.data {
        Data::Dict { codes, values } => {
            Data::Text(codes.iter().map(|code| values.get(*code as usize)).collect())
        }
        data => data,
    };
    Ok(match (data, data_type) {
        (Data::Int(values), DataType::Int16) => {
            Arc::new(Int16Array::new(narrowed(values, |value| value as i16), nulls))
        }
        (Data::Int(values), DataType::Int32) => {
            Arc::new(Int32Array::new(narrowed(values, |value| value as i32), nulls))
        }
        (Data::Int(values), DataType::Int64) => Arc::new(Int64Array::new(values.into(), nulls)),
        (Data::Int(values), DataType::Decimal128(precision, scale)) => {
            let wide = narrowed(values, i128::from);
            Arc::new(Decimal128Array::new(wide, nulls).with_precision_and_scale(*precision, *scale)?)
        }
        (Data::Wide(values), DataType::Decimal128(precision, scale)) => {
            Arc::new(Decimal128Array::new(values.into(), nulls).with_precision_and_scale(*precision, *scale)?)
        }
        (Data::Int(values), DataType::Date32) => {
            Arc::new(Date32Array::new(narrowed(values, |value| value as i32), nulls))
        }
        (Data::Int(values), DataType::Time64(_)) => {
            Arc::new(Time64MicrosecondArray::new(values.into(), nulls))
        }
        (Data::Int(values), DataType::Timestamp(_, zone)) => {
            Arc::new(TimestampMicrosecondArray::new(values.into(), nulls).with_timezone_opt(zone.clone()))
        }
        (Data::Float(values), DataType::Float32) => {
            Arc::new(Float32Array::new(narrowed(values, |value| value as f32), nulls))
        }
        (Data::Float(values), DataType::Float64) => Arc::new(Float64Array::new(values.into(), nulls)),
        (Data::Bool(values), DataType::Boolean) => Arc::new(BooleanArray::new(values.into(), nulls)),
        (Data::Uuid(values), DataType::FixedSizeBinary(16)) => {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
            Arc::new(FixedSizeBinaryArray::try_new(16, Buffer::from_vec(bytes), nulls)?)
        }
        (Data::Interval(values), DataType::Interval(_)) => {
            let values: Option<Vec<IntervalMonthDayNano>> = values
                .iter()
                .enumerate()
                .map(|(at, value)| {
                    let is_null = nulls.as_ref().is_some_and(|nulls| nulls.is_null(at));
                    if is_null { Some(IntervalMonthDayNano::ZERO) } else { nanoseconds(*value) }
                })
                .collect();
            let values = values.ok_or_else(|| {
                EncodeError::Format("an interval is too long for Arrow, which counts nanoseconds".into())
            })?;
            Arc::new(IntervalMonthDayNanoArray::new(values.into(), nulls))
        }
        (Data::Interval(values), DataType::Utf8) => strings(interval_texts(&values), nulls)?,
        (Data::Text(texts), DataType::Utf8) => strings(texts, nulls)?,
        (Data::Text(texts), DataType::Binary) => {
            let (offsets, bytes) = texts.into_parts();
            Arc::new(BinaryArray::try_new(OffsetBuffer::new(offsets.into()), Buffer::from_vec(bytes), nulls)?)
        }
        (Data::List(List { offsets, values }), DataType::List(element)) => {
            let values = array(element.data_type(), *values)?;
            Arc::new(ListArray::try_new(element.clone(), OffsetBuffer::new(offsets.into()), values, nulls)?)
        }
        (_, data_type) => panic!("the vector of a column of {data_type} has another layout"),
    })
}

fn narrowed<A, B: arrow::datatypes::ArrowNativeType>(values: Vec<A>, convert: fn(A) -> B) -> ScalarBuffer<B> {
    values.into_iter().map(convert).collect::<Vec<B>>().into()
}

fn strings(texts: Texts, nulls: Option<NullBuffer>) -> Result<ArrayRef, EncodeError> {
    let (offsets, bytes) = texts.into_parts();
    Ok(Arc::new(StringArray::try_new(OffsetBuffer::new(offsets.into()), Buffer::from_vec(bytes), nulls)?))
}

fn interval_texts(values: &[Interval]) -> Texts {
    let mut texts = Texts::with_capacity(values.len(), values.len() * 16);
    for value in values {
        text::interval(texts.buffer(), *value);
        texts.finish();
    }
    texts
}

fn nanoseconds(interval: Interval) -> Option<IntervalMonthDayNano> {
    let nanoseconds = interval.micros.checked_mul(1_000)?;
    Some(IntervalMonthDayNano::new(interval.months, interval.days, nanoseconds))
}
