//! The SQL types that columns can have, and how their values are laid out in a vector.

use postgres_types::Type;
use std::fmt;
use std::sync::Arc;

/// An enumerated type: `CREATE TYPE name AS ENUM (labels)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnumType {
    /// Its name in SQL.
    pub name: String,
    /// Its labels in order.
    pub labels: Vec<String>,
}

/// The type of a column or of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// 16 bits.
    SmallInt,
    /// 32 bits.
    Int,
    /// 64 bits.
    BigInt,
    /// Exact decimal; at most 38 digits.
    Numeric {
        /// Digits in all, 1 to 38.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
        /// Written without precision, as just `numeric`; precision and scale are then datagen's choice.
        bare: bool,
    },
    /// 32-bit IEEE 754.
    Real,
    /// 64-bit IEEE 754.
    Double,
    /// True or false.
    Boolean,
    /// Text of any length.
    Text,
    /// Text of at most that many characters; `None`: any length.
    Varchar(Option<u32>),
    /// Text padded to that many characters.
    Char(u32),
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A time on a day, of no zone.
    Timestamp,
    /// An instant, shown in UTC.
    Timestamptz,
    /// Months, days and microseconds.
    Interval,
    /// 128 bits.
    Uuid,
    /// JSON as text.
    Json,
    /// JSON as PostgreSQL stores it.
    Jsonb,
    /// Bytes.
    Bytea,
    /// An IP address.
    Inet,
    /// One of the labels of an enumerated type.
    Enum(Arc<EnumType>),
    /// A list of values of one scalar type.
    Array(Box<SqlType>),
}

/// How a type's values lie in a [`super::Vector`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `Data::Int`: integers; days since 1970-01-01; microseconds of day; microseconds since
    /// 1970-01-01 00:00 UTC; decimals of at most 18 digits, times 10^scale.
    Int,
    /// `Data::Wide`: decimals of more than 18 digits, times 10^scale.
    Wide,
    /// `Data::Float`.
    Float,
    /// `Data::Bool`.
    Bool,
    /// `Data::Text` or `Data::Dict` (UTF-8; for bytea any bytes).
    Text,
    /// `Data::Uuid`.
    Uuid,
    /// `Data::Interval`.
    Interval,
    /// `Data::List`.
    List,
}

impl SqlType {
    /// The type as PostgreSQL's catalog and drivers know it, with its OID. Enumerated types have OIDs of their own in each
    /// database; to a driver they are text of an unknown type.
    pub fn postgres_type(&self) -> Type {
        match self {
            SqlType::SmallInt => Type::INT2,
            SqlType::Int => Type::INT4,
            SqlType::BigInt => Type::INT8,
            SqlType::Numeric { .. } => Type::NUMERIC,
            SqlType::Real => Type::FLOAT4,
            SqlType::Double => Type::FLOAT8,
            SqlType::Boolean => Type::BOOL,
            SqlType::Text => Type::TEXT,
            SqlType::Varchar(_) => Type::VARCHAR,
            SqlType::Char(_) => Type::BPCHAR,
            SqlType::Date => Type::DATE,
            SqlType::Time => Type::TIME,
            SqlType::Timestamp => Type::TIMESTAMP,
            SqlType::Timestamptz => Type::TIMESTAMPTZ,
            SqlType::Interval => Type::INTERVAL,
            SqlType::Uuid => Type::UUID,
            SqlType::Json => Type::JSON,
            SqlType::Jsonb => Type::JSONB,
            SqlType::Bytea => Type::BYTEA,
            SqlType::Inet => Type::INET,
            SqlType::Enum(_) => Type::UNKNOWN,
            SqlType::Array(of) => of.postgres_array_type(),
        }
    }

    fn postgres_array_type(&self) -> Type {
        match self {
            SqlType::SmallInt => Type::INT2_ARRAY,
            SqlType::Int => Type::INT4_ARRAY,
            SqlType::BigInt => Type::INT8_ARRAY,
            SqlType::Numeric { .. } => Type::NUMERIC_ARRAY,
            SqlType::Real => Type::FLOAT4_ARRAY,
            SqlType::Double => Type::FLOAT8_ARRAY,
            SqlType::Boolean => Type::BOOL_ARRAY,
            SqlType::Text => Type::TEXT_ARRAY,
            SqlType::Varchar(_) => Type::VARCHAR_ARRAY,
            SqlType::Char(_) => Type::BPCHAR_ARRAY,
            SqlType::Date => Type::DATE_ARRAY,
            SqlType::Time => Type::TIME_ARRAY,
            SqlType::Timestamp => Type::TIMESTAMP_ARRAY,
            SqlType::Timestamptz => Type::TIMESTAMPTZ_ARRAY,
            SqlType::Interval => Type::INTERVAL_ARRAY,
            SqlType::Uuid => Type::UUID_ARRAY,
            SqlType::Json => Type::JSON_ARRAY,
            SqlType::Jsonb => Type::JSONB_ARRAY,
            SqlType::Bytea => Type::BYTEA_ARRAY,
            SqlType::Inet => Type::INET_ARRAY,
            SqlType::Enum(_) | SqlType::Array(_) => Type::UNKNOWN,
        }
    }

    /// `numeric(precision, scale)`.
    pub fn numeric(precision: u8, scale: u8) -> Self {
        SqlType::Numeric { precision, scale, bare: false }
    }

    /// How this type's values lie in a vector.
    pub fn layout(&self) -> Layout {
        match self {
            SqlType::SmallInt | SqlType::Int | SqlType::BigInt => Layout::Int,
            SqlType::Date | SqlType::Time | SqlType::Timestamp | SqlType::Timestamptz => Layout::Int,
            SqlType::Numeric { precision, .. } if *precision <= 18 => Layout::Int,
            SqlType::Numeric { .. } => Layout::Wide,
            SqlType::Real | SqlType::Double => Layout::Float,
            SqlType::Boolean => Layout::Bool,
            SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Enum(_) => Layout::Text,
            SqlType::Json | SqlType::Jsonb | SqlType::Bytea | SqlType::Inet => Layout::Text,
            SqlType::Uuid => Layout::Uuid,
            SqlType::Interval => Layout::Interval,
            SqlType::Array(_) => Layout::List,
        }
    }

    /// Digits after the point: of a numeric its scale, of the integers 0, of all else `None`.
    pub fn scale(&self) -> Option<u8> {
        match self {
            SqlType::Numeric { scale, .. } => Some(*scale),
            SqlType::SmallInt | SqlType::Int | SqlType::BigInt => Some(0),
            _ => None,
        }
    }

    /// smallint, int or bigint.
    pub fn is_integer(&self) -> bool {
        matches!(self, SqlType::SmallInt | SqlType::Int | SqlType::BigInt)
    }

    /// An integer, numeric, real or double precision.
    pub fn is_number(&self) -> bool {
        self.is_integer() || matches!(self, SqlType::Numeric { .. } | SqlType::Real | SqlType::Double)
    }

    /// date, time, timestamp or timestamptz.
    pub fn is_temporal(&self) -> bool {
        matches!(self, SqlType::Date | SqlType::Time | SqlType::Timestamp | SqlType::Timestamptz)
    }

    /// text, varchar or char.
    pub fn is_text(&self) -> bool {
        matches!(self, SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_))
    }

    /// The longest text the type holds, in characters.
    pub fn max_chars(&self) -> Option<u32> {
        match self {
            SqlType::Varchar(limit) => *limit,
            SqlType::Char(limit) => Some(*limit),
            _ => None,
        }
    }

    /// The smallest and largest value of the `Int` layout that fits, as stored (decimals unscaled). `None` for
    /// other layouts.
    pub fn int_bounds(&self) -> Option<(i64, i64)> {
        Some(match self {
            SqlType::SmallInt => (i16::MIN as i64, i16::MAX as i64),
            SqlType::Int => (i32::MIN as i64, i32::MAX as i64),
            SqlType::BigInt => (i64::MIN, i64::MAX),
            SqlType::Numeric { precision, .. } if *precision <= 18 => {
                let limit = 10i64.pow(*precision as u32) - 1;
                (-limit, limit)
            }
            // Year 1 to 9999, which every format we write can hold.
            SqlType::Date => (-719_162, 2_932_896),
            SqlType::Time => (0, 86_399_999_999),
            SqlType::Timestamp | SqlType::Timestamptz => {
                (-719_162 * 86_400_000_000, 2_932_897 * 86_400_000_000 - 1)
            }
            _ => return None,
        })
    }
}

impl fmt::Display for SqlType {
    /// The type as `pg_dump` would write it, enum names quoted where needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SqlType::SmallInt => f.write_str("smallint"),
            SqlType::Int => f.write_str("integer"),
            SqlType::BigInt => f.write_str("bigint"),
            SqlType::Numeric { bare: true, .. } => f.write_str("numeric"),
            SqlType::Numeric { precision, scale, .. } => write!(f, "numeric({precision},{scale})"),
            SqlType::Real => f.write_str("real"),
            SqlType::Double => f.write_str("double precision"),
            SqlType::Boolean => f.write_str("boolean"),
            SqlType::Text => f.write_str("text"),
            SqlType::Varchar(Some(limit)) => write!(f, "character varying({limit})"),
            SqlType::Varchar(None) => f.write_str("character varying"),
            SqlType::Char(limit) => write!(f, "character({limit})"),
            SqlType::Date => f.write_str("date"),
            SqlType::Time => f.write_str("time without time zone"),
            SqlType::Timestamp => f.write_str("timestamp without time zone"),
            SqlType::Timestamptz => f.write_str("timestamp with time zone"),
            SqlType::Interval => f.write_str("interval"),
            SqlType::Uuid => f.write_str("uuid"),
            SqlType::Json => f.write_str("json"),
            SqlType::Jsonb => f.write_str("jsonb"),
            SqlType::Bytea => f.write_str("bytea"),
            SqlType::Inet => f.write_str("inet"),
            SqlType::Enum(of) => f.write_str(&super::text::quote_identifier(&of.name)),
            SqlType::Array(of) => write!(f, "{of}[]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postgres_types::Kind;

    #[test]
    fn arrays_are_arrays_of_their_element_to_postgresql_too() {
        let scalars = [
            SqlType::SmallInt,
            SqlType::Int,
            SqlType::BigInt,
            SqlType::numeric(10, 2),
            SqlType::Real,
            SqlType::Double,
            SqlType::Boolean,
            SqlType::Text,
            SqlType::Varchar(Some(3)),
            SqlType::Char(3),
            SqlType::Date,
            SqlType::Time,
            SqlType::Timestamp,
            SqlType::Timestamptz,
            SqlType::Interval,
            SqlType::Uuid,
            SqlType::Json,
            SqlType::Jsonb,
            SqlType::Bytea,
            SqlType::Inet,
        ];
        for scalar in scalars {
            let array = SqlType::Array(Box::new(scalar.clone()));
            assert_eq!(array.postgres_type().kind(), &Kind::Array(scalar.postgres_type()), "{array}");
        }
    }
}
