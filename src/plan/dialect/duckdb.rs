//! DuckDB: PostgreSQL's types for the most part; constraints stand in CREATE TABLE, foreign keys lead backwards only.

use super::{ForeignKeys, Numbering, Rules, Stored};
use crate::plan::Table;
use crate::value::SqlType;

pub(super) struct DuckDb;

impl Rules for DuckDb {
    fn title(&self) -> &'static str {
        "DuckDB"
    }

    fn settings(&self) -> &'static str {
        "SET TimeZone = 'UTC';\n"
    }

    fn has_transaction(&self) -> bool {
        true
    }

    fn column_type(&self, _table: &Table, _column: usize, sql_type: &SqlType) -> String {
        self.name_of(sql_type)
    }

    fn needs_equal_types(&self) -> bool {
        true
    }

    fn stored(&self, table: &Table, column: usize) -> Stored {
        match &table.columns[column].sql_type {
            // A number with a point would be a DECIMAL first, which rounds once more on its way to a float.
            SqlType::Real | SqlType::Double => Stored::Printed,
            SqlType::Interval => Stored::Units,
            // It reads a text as JSON's array, where elements are JSON.
            SqlType::Array(of) if matches!(**of, SqlType::Json | SqlType::Jsonb) => Stored::Json,
            SqlType::Array(_) => Stored::List,
            _ => Stored::AsTyped,
        }
    }

    fn numbering(&self, table: &Table, column: usize) -> Result<Numbering, &'static str> {
        let step = table.columns[column].sequence.map(|sequence| sequence.step);
        let next = table.next_number(column).zip(step);
        next.map(|(next, step)| Numbering::Sequence(next, step))
            .ok_or("its sequences begin at a number that the script has to know")
    }

    fn has_comment_statements(&self) -> bool {
        true
    }

    fn has_types(&self) -> bool {
        true
    }

    fn foreign_keys(&self) -> ForeignKeys {
        ForeignKeys::InTablesBackwards
    }

    fn action(&self, action: &str) -> Result<(), &'static str> {
        match action {
            "NO ACTION" | "RESTRICT" => Ok(()),
            _ => Err("its foreign keys do nothing but refuse"),
        }
    }

    fn indexed(&self, table: &Table, column: usize) -> Result<String, &'static str> {
        let column = &table.columns[column];
        match column.sql_type {
            SqlType::Array(_) | SqlType::Interval | SqlType::Bytea => {
                Err("its indexes do not take that type")
            }
            _ => Ok(self.identifier(&column.name)),
        }
    }

    fn has_expression_indexes(&self) -> bool {
        true
    }
}

impl DuckDb {
    fn name_of(&self, sql_type: &SqlType) -> String {
        match sql_type {
            SqlType::SmallInt => "SMALLINT".to_owned(),
            SqlType::Int => "INTEGER".to_owned(),
            SqlType::BigInt => "BIGINT".to_owned(),
            SqlType::Numeric { precision, scale, .. } => format!("DECIMAL({precision},{scale})"),
            SqlType::Real => "REAL".to_owned(),
            SqlType::Double => "DOUBLE".to_owned(),
            SqlType::Boolean => "BOOLEAN".to_owned(),
            SqlType::Date => "DATE".to_owned(),
            SqlType::Time => "TIME".to_owned(),
            SqlType::Timestamp => "TIMESTAMP".to_owned(),
            SqlType::Timestamptz => "TIMESTAMP WITH TIME ZONE".to_owned(),
            SqlType::Interval => "INTERVAL".to_owned(),
            SqlType::Uuid => "UUID".to_owned(),
            SqlType::Json | SqlType::Jsonb => "JSON".to_owned(),
            SqlType::Bytea => "BLOB".to_owned(),
            SqlType::Enum(of) => self.identifier(&of.name),
            SqlType::Array(of) => format!("{}[]", self.name_of(of)),
            // Lengths would be read and not held to.
            SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Inet => "VARCHAR".to_owned(),
        }
    }
}
