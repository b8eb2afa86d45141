//! A table's schema in Arrow's terms.

use super::rows::planned;
use crate::plan::Plan;
use crate::value::SqlType;
use arrow::datatypes::{DataType, Field, IntervalUnit, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

/// The metadata key that names an extension type; "arrow.uuid" and "arrow.json" have no parameters.
pub(super) const EXTENSION: &str = "ARROW:extension:name";

/// Who reads the schema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Arrow,
    /// Has no type for PostgreSQL's intervals: they are text. Calls the elements of lists `element`.
    Parquet,
}

/// The schema of the record batches of a table's columns.
///
/// Numerics are decimals, dates and times have logical types with microseconds, uuid and json are the canonical extension types
/// over 16 bytes and text, enums and inet are text, intervals are months, days and nanoseconds. A column is nullable unless
/// it is NOT NULL; elements of lists always are.
pub fn arrow_schema(plan: &Plan, table: usize, columns: &[usize]) -> SchemaRef {
    schema(plan, table, columns, Target::Arrow)
}

pub(super) fn schema(plan: &Plan, table: usize, columns: &[usize], target: Target) -> SchemaRef {
    let fields: Vec<Field> = planned(plan, table, columns)
        .iter()
        .map(|column| field(&column.name, &column.sql_type, !column.not_null, target))
        .collect();
    Arc::new(Schema::new(fields))
}

fn field(name: &str, sql_type: &SqlType, nullable: bool, target: Target) -> Field {
    let field = Field::new(name, data_type(sql_type, target), nullable);
    match sql_type {
        SqlType::Uuid => field.with_metadata([(EXTENSION.into(), "arrow.uuid".into())].into()),
        SqlType::Json | SqlType::Jsonb => {
            field.with_metadata([(EXTENSION.into(), "arrow.json".into())].into())
        }
        _ => field,
    }
}

fn data_type(sql_type: &SqlType, target: Target) -> DataType {
    match sql_type {
        SqlType::SmallInt => DataType::Int16,
        SqlType::Int => DataType::Int32,
        SqlType::BigInt => DataType::Int64,
        SqlType::Numeric { precision, scale, .. } => DataType::Decimal128(*precision, *scale as i8),
        SqlType::Real => DataType::Float32,
        SqlType::Double => DataType::Float64,
        SqlType::Boolean => DataType::Boolean,
        SqlType::Date => DataType::Date32,
        SqlType::Time => DataType::Time64(TimeUnit::Microsecond),
        SqlType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        SqlType::Timestamptz => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        SqlType::Interval if target == Target::Arrow => DataType::Interval(IntervalUnit::MonthDayNano),
        SqlType::Uuid => DataType::FixedSizeBinary(16),
        SqlType::Bytea => DataType::Binary,
        SqlType::Array(element) => {
            let name = if target == Target::Arrow { "item" } else { "element" };
            DataType::List(Arc::new(field(name, element, true, target)))
        }
        SqlType::Interval | SqlType::Json | SqlType::Jsonb | SqlType::Inet | SqlType::Enum(_) => {
            DataType::Utf8
        }
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) => DataType::Utf8,
    }
}
