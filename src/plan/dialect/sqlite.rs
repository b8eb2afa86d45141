//! SQLite: types are hints, constraints stand in CREATE TABLE.
//!
//! A column's type gives it an affinity (sqlite.org/datatype3.html): names here are those that people write, chosen so that values stay what
//! they are. SQLite has no decimals: those of at most 15 digits are floating point numbers, from which they come
//! back; longer ones are texts.

use super::{Builtin, ForeignKeys, Numbering, Rules, Stored};
use crate::plan::Table;
use crate::value::SqlType;
use crate::value::text::quote_literal;

/// So many digits of a decimal come back from a floating point number.
const FLOAT_DIGITS: u8 = 15;

/// So many digits every integer may have.
const INTEGER_DIGITS: u8 = 18;

pub(super) struct Sqlite;

impl Rules for Sqlite {
    fn title(&self) -> &'static str {
        "SQLite"
    }

    fn settings(&self) -> &'static str {
        "PRAGMA foreign_keys = OFF;\n"
    }

    fn has_transaction(&self) -> bool {
        true
    }

    fn column_type(&self, table: &Table, column: usize, sql_type: &SqlType) -> String {
        let is_row_number = table.primary_key == [column] && table.columns[column].identity.is_some();
        match sql_type {
            // The only type that makes a primary key the row's number.
            SqlType::SmallInt | SqlType::Int | SqlType::BigInt if is_row_number => "INTEGER".to_owned(),
            SqlType::SmallInt => "SMALLINT".to_owned(),
            SqlType::Int => "INTEGER".to_owned(),
            SqlType::BigInt => "BIGINT".to_owned(),
            SqlType::Numeric { .. } if is_text(sql_type) => "TEXT".to_owned(),
            SqlType::Numeric { precision, scale, .. } => format!("NUMERIC({precision},{scale})"),
            SqlType::Real | SqlType::Double => "REAL".to_owned(),
            SqlType::Boolean => "BOOLEAN".to_owned(),
            SqlType::Varchar(Some(limit)) => format!("VARCHAR({limit})"),
            SqlType::Char(limit) => format!("CHAR({limit})"),
            SqlType::Date => "DATE".to_owned(),
            SqlType::Time => "TIME".to_owned(),
            SqlType::Timestamp | SqlType::Timestamptz => "DATETIME".to_owned(),
            SqlType::Bytea => "BLOB".to_owned(),
            SqlType::Enum(of) => {
                let labels: Vec<String> = of.labels.iter().map(|label| quote_literal(label)).collect();
                let name = self.identifier(&table.columns[column].name);
                format!("TEXT CHECK ({name} IN ({}))", labels.join(", "))
            }
            _ => "TEXT".to_owned(),
        }
    }

    fn needs_equal_types(&self) -> bool {
        false
    }

    fn stored(&self, table: &Table, column: usize) -> Stored {
        match &table.columns[column].sql_type {
            SqlType::Real | SqlType::Double => Stored::Finite,
            SqlType::Numeric { .. } if is_text(&table.columns[column].sql_type) => Stored::Printed,
            SqlType::Timestamptz => Stored::Zoned,
            SqlType::Interval => Stored::Printed,
            SqlType::Array(_) => Stored::Json,
            _ => Stored::AsTyped,
        }
    }

    fn numbering(&self, table: &Table, column: usize) -> Result<Numbering, &'static str> {
        match table.primary_key == [column] {
            true => Ok(Numbering::Itself),
            false => Err("only a primary key of one column counts by itself"),
        }
    }

    fn foreign_keys(&self) -> ForeignKeys {
        ForeignKeys::InTables
    }

    fn action(&self, _action: &str) -> Result<(), &'static str> {
        Ok(())
    }

    fn indexed(&self, table: &Table, column: usize) -> Result<String, &'static str> {
        Ok(self.identifier(&table.columns[column].name))
    }

    fn has_expression_indexes(&self) -> bool {
        true
    }

    fn has_partial_indexes(&self) -> bool {
        true
    }

    fn default(&self, expression: &str) -> String {
        format!(" DEFAULT ({expression})")
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn has_decimals(&self) -> bool {
        false
    }

    fn function(&self, function: Builtin) -> Option<&'static str> {
        match function {
            // They know ASCII only.
            Builtin::Lower | Builtin::Upper => None,
            Builtin::RandomUuid => None,
            function => Some(function.usual()),
        }
    }

    fn has_exact_like(&self) -> bool {
        false
    }
}

/// Whether values have more digits than SQLite's numbers keep.
fn is_text(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Numeric { precision, scale: 0, .. } => *precision > INTEGER_DIGITS,
        SqlType::Numeric { precision, .. } => *precision > FLOAT_DIGITS,
        _ => false,
    }
}
