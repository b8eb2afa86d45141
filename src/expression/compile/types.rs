//! The types that casts and typed literals name.

use crate::value::SqlType;
use sqlparser::ast::{ArrayElemTypeDef, CharacterLength, DataType, ExactNumberInfo, TimezoneInfo};

/// The type of a cast; the error says what is wrong with it.
pub(super) fn sql_type(data_type: &DataType) -> Result<SqlType, String> {
    Ok(match data_type {
        DataType::SmallInt(_) | DataType::Int2(_) => SqlType::SmallInt,
        DataType::Int(_) | DataType::Integer(_) | DataType::Int4(_) => SqlType::Int,
        DataType::BigInt(_) | DataType::Int8(_) => SqlType::BigInt,
        DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => numeric(info)?,
        DataType::Real | DataType::Float4 => SqlType::Real,
        DataType::Float(ExactNumberInfo::Precision(bits)) if *bits <= 24 => SqlType::Real,
        DataType::Float(_) | DataType::Float8 | DataType::Double(_) | DataType::DoublePrecision => {
            SqlType::Double
        }
        DataType::Bool | DataType::Boolean => SqlType::Boolean,
        DataType::Text => SqlType::Text,
        DataType::Varchar(length) | DataType::CharacterVarying(length) | DataType::CharVarying(length) => {
            SqlType::Varchar(length.as_ref().map(characters).transpose()?)
        }
        DataType::Char(length) | DataType::Character(length) => {
            SqlType::Char(length.as_ref().map(characters).transpose()?.unwrap_or(1))
        }
        DataType::Date => SqlType::Date,
        DataType::Time(_, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => SqlType::Time,
        DataType::Timestamp(_, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => SqlType::Timestamp,
        DataType::Timestamp(_, _) => SqlType::Timestamptz,
        DataType::Interval { .. } => SqlType::Interval,
        DataType::Uuid => SqlType::Uuid,
        DataType::JSON => SqlType::Json,
        DataType::JSONB => SqlType::Jsonb,
        DataType::Bytea => SqlType::Bytea,
        DataType::Array(ArrayElemTypeDef::SquareBracket(of, _)) => SqlType::Array(Box::new(sql_type(of)?)),
        DataType::Custom(name, modifiers) if modifiers.is_empty() => {
            match name.to_string().to_ascii_lowercase().as_str() {
                "inet" => SqlType::Inet,
                "timestamptz" => SqlType::Timestamptz,
                _ => return Err(format!("unknown type `{name}`")),
            }
        }
        other => return Err(format!("unknown type `{other}`")),
    })
}

fn numeric(info: &ExactNumberInfo) -> Result<SqlType, String> {
    let (precision, scale) = match info {
        ExactNumberInfo::None => return Ok(SqlType::Numeric { precision: 38, scale: 15, bare: true }),
        ExactNumberInfo::Precision(precision) => (*precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (*precision, *scale),
    };
    if !(1..=38).contains(&precision) || !(0..=precision as i64).contains(&scale) {
        return Err(format!(
            "numeric({precision},{scale}) is not supported: it has 1 to 38 digits, of which 0 to all are after the point"
        ));
    }
    Ok(SqlType::numeric(precision as u8, scale as u8))
}

fn characters(length: &CharacterLength) -> Result<u32, String> {
    match length {
        CharacterLength::IntegerLength { length: length @ 1..=10_485_760, .. } => Ok(*length as u32),
        other => Err(format!("{other} is no length: it must be between 1 and 10485760")),
    }
}
