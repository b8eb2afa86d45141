//! Vectors as Arrow arrays. Buffers move where the layouts agree: 64-bit integers, doubles, times, wide decimals, texts.

use super::{EncodeError, Source};
use crate::value::{Data, Interval, List, Texts, Vector, pieces, text};
use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal64Array, Decimal128Array, FixedSizeBinaryArray,
    Float32Array, Float64Array, Int16Array, Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray,
    RecordBatch, RecordBatchOptions, StringArray, Time64MicrosecondArray, TimestampMicrosecondArray,
};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, IntervalMonthDayNano, SchemaRef};
use arrow::error::ArrowError;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

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
    let mut batches = Vec::new();
    for rows in pieces(rows, source.batch_rows() as u64) {
        batches.push(source.batch(table, rows, columns)?);
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
    let data = match &vector.valid {
        Some(valid) => without_nulls(vector.data, valid),
        None => vector.data,
    };
    let nulls = vector.valid.map(NullBuffer::from);
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
        (Data::Int(values), DataType::Decimal64(precision, scale)) => {
            Arc::new(Decimal64Array::new(values.into(), nulls).with_precision_and_scale(*precision, *scale)?)
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
            let values: Option<Vec<IntervalMonthDayNano>> = values.iter().map(nanoseconds).collect();
            let values = values.ok_or_else(|| {
                EncodeError::Format("an interval is too long for Arrow, which counts nanoseconds".into())
            })?;
            Arc::new(IntervalMonthDayNanoArray::new(values.into(), nulls))
        }
        (Data::Interval(values), DataType::Utf8) => text_array(interval_texts(&values), data_type, nulls)?,
        (Data::Dict { codes, values }, data_type) => {
            let texts = codes.iter().map(|code| values.get(*code as usize)).collect();
            text_array(texts, data_type, nulls)?
        }
        (Data::Text(texts), data_type) => text_array(texts, data_type, nulls)?,
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

fn text_array(
    texts: Texts,
    data_type: &DataType,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, EncodeError> {
    let (offsets, bytes) = texts.into_parts();
    let (offsets, bytes) = (OffsetBuffer::new(offsets.into()), Buffer::from_vec(bytes));
    Ok(match data_type {
        DataType::Utf8 => Arc::new(StringArray::try_new(offsets, bytes, nulls)?),
        DataType::Binary => Arc::new(BinaryArray::try_new(offsets, bytes, nulls)?),
        _ => panic!("the vector of a column of {data_type} has another layout"),
    })
}

/// The data with nothing at the places of nulls, where a vector may have anything: Arrow's files show what stands there, and it
/// must not depend on how the rows came to be.
fn without_nulls(data: Data, valid: &[bool]) -> Data {
    fn cleared<T: Default>(mut values: Vec<T>, valid: &[bool]) -> Vec<T> {
        for (value, _) in values.iter_mut().zip(valid).filter(|(_, valid)| !**valid) {
            *value = T::default();
        }
        values
    }
    match data {
        Data::Int(values) => Data::Int(cleared(values, valid)),
        Data::Wide(values) => Data::Wide(cleared(values, valid)),
        Data::Float(values) => Data::Float(cleared(values, valid)),
        Data::Bool(values) => Data::Bool(cleared(values, valid)),
        Data::Uuid(values) => Data::Uuid(cleared(values, valid)),
        Data::Interval(values) => Data::Interval(cleared(values, valid)),
        Data::Dict { codes, values } => {
            let text = |(code, valid): (&u32, &bool)| if *valid { values.get(*code as usize) } else { b"" };
            Data::Text(codes.iter().zip(valid).map(text).collect())
        }
        Data::Text(texts) if texts.iter().zip(valid).all(|(text, valid)| *valid || text.is_empty()) => {
            Data::Text(texts)
        }
        Data::Text(texts) => {
            Data::Text(texts.iter().zip(valid).map(|(text, valid)| if *valid { text } else { b"" }).collect())
        }
        Data::List(list) => Data::List(without_null_lists(list, valid)),
    }
}

fn without_null_lists(list: List, valid: &[bool]) -> List {
    let (mut offsets, mut kept) = (vec![0], Vec::new());
    for (bounds, valid) in list.offsets.windows(2).zip(valid) {
        if *valid {
            kept.extend(bounds[0] as u32..bounds[1] as u32);
        }
        offsets.push(kept.len() as i32);
    }
    if kept.len() == list.values.len() {
        return list;
    }
    List { offsets, values: Box::new(list.values.take(&kept)) }
}

fn interval_texts(values: &[Interval]) -> Texts {
    let mut texts = Texts::with_capacity(values.len(), values.len() * 16);
    for value in values {
        text::interval(texts.buffer(), *value);
        texts.finish();
    }
    texts
}

fn nanoseconds(interval: &Interval) -> Option<IntervalMonthDayNano> {
    let nanoseconds = interval.micros.checked_mul(1_000)?;
    Some(IntervalMonthDayNano::new(interval.months, interval.days, nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::fixture::{Given, dictionary, everything, ints, lists, texts};
    use crate::encode::{Options, arrow_schema};
    use crate::value::SqlType;

    /// What the formats of Arrow make of a nullable column with `at_null` in its second row, which is null.
    fn files(sql_type: SqlType, at_null: Vector) -> Vec<Vec<u8>> {
        let vector = Vector::new(at_null.data, Some(vec![true, false]));
        let mut given = Given::new(vec![("c", sql_type, vector)]);
        ["arrow", "arrow-stream", "parquet"].map(|format| given.written(format, Options::default())).to_vec()
    }

    #[test]
    fn what_stands_at_nulls_is_not_written() {
        let array = || SqlType::Array(Box::new(SqlType::Int));
        for (sql_type, one, other) in [
            (SqlType::BigInt, ints(&[1, 0]), ints(&[1, 99])),
            (SqlType::Text, texts(&["a", ""]), texts(&["a", "left over"])),
            (SqlType::Text, texts(&["a", ""]), dictionary(&["a"], &[0, u32::MAX])),
            (array(), lists(&[0, 2, 2], ints(&[1, 2])), lists(&[0, 2, 3], ints(&[1, 2, 3]))),
        ] {
            assert!(files(sql_type.clone(), one) == files(sql_type, other));
        }
    }

    #[test]
    fn buffers_move_where_the_layouts_agree() {
        let given = Given::new(vec![("id", SqlType::BigInt, ints(&[1, 2, 3]))]);
        let vectors = given.vectors.clone();
        let before = vectors[0].ints().as_ptr();
        let batch = to_record_batch(&arrow_schema(&given.plan, 0, &[0]), vectors).unwrap();
        let column = batch.column(0).as_any().downcast_ref::<Int64Array>().unwrap();
        assert_eq!(column.values().as_ptr(), before);
    }

    #[test]
    fn a_null_where_none_may_be_is_an_error() {
        let mut given = everything();
        given.plan.tables[0].columns[0].not_null = true;
        let columns: Vec<usize> = (0..given.vectors.len()).collect();
        let error = to_record_batch(&arrow_schema(&given.plan, 0, &columns), given.vectors).unwrap_err();
        assert!(error.to_string().contains("smallint"), "{error}");
    }
}
