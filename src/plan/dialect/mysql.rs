//! MySQL and MariaDB: keys stand in CREATE TABLE, since InnoDB keeps rows in the primary key's order; foreign keys, checks and
//! indexes come after the data, and are checked then.
//!
//! Texts are compared byte by byte (`utf8mb4_bin`), as PostgreSQL's unique constraints do; instants are DATETIME in UTC, since
//! TIMESTAMP ends in 2038.

use super::{Builtin, ForeignKeys, Numbering, Rules, Stored, keys};
use crate::plan::Table;
use crate::value::SqlType;

/// The characters that all texts of a key may have together: InnoDB's 3,072 bytes.
const KEY_CHARACTERS: u32 = 768;

/// The characters of a text in a key whose type has no limit.
const USUAL_CHARACTERS: u32 = 255;

/// Longer texts lie outside of the row.
const ROW_CHARACTERS: u32 = 1_024;

/// The characters that all texts of a row may have together: 65,535 bytes, less those of other columns.
const ALL_CHARACTERS: u32 = 15_000;

/// Digits after the point.
const LARGEST_SCALE: u8 = 30;

pub(super) struct MySql;

impl Rules for MySql {
    fn title(&self) -> &'static str {
        "MySQL"
    }

    fn identifier(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn literal(&self, text: &str) -> String {
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''").replace('\r', "\\r"))
    }

    fn longest_name(&self) -> usize {
        64
    }

    fn settings(&self) -> &'static str {
        "SET NAMES utf8mb4;\n\
         SET time_zone = '+00:00';\n\
         SET sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION';\n"
    }

    fn unchecked(&self) -> (&'static str, &'static str) {
        ("SET foreign_key_checks = 0;\n", "SET foreign_key_checks = 1;\n")
    }

    fn has_transaction(&self) -> bool {
        // Statements that make things end every transaction.
        false
    }

    fn column_type(&self, table: &Table, column: usize, sql_type: &SqlType) -> String {
        match sql_type {
            SqlType::SmallInt => "SMALLINT".to_owned(),
            SqlType::Int => "INT".to_owned(),
            SqlType::BigInt => "BIGINT".to_owned(),
            SqlType::Numeric { precision, scale, .. } => format!("DECIMAL({precision},{scale})"),
            SqlType::Real => "FLOAT".to_owned(),
            SqlType::Double => "DOUBLE".to_owned(),
            SqlType::Boolean => "BOOLEAN".to_owned(),
            SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) => text_type(table, column, sql_type),
            SqlType::Date => "DATE".to_owned(),
            SqlType::Time => "TIME(6)".to_owned(),
            SqlType::Timestamp | SqlType::Timestamptz => "DATETIME(6)".to_owned(),
            SqlType::Interval => "VARCHAR(64)".to_owned(),
            SqlType::Uuid => "CHAR(36)".to_owned(),
            SqlType::Json | SqlType::Jsonb | SqlType::Array(_) => "JSON".to_owned(),
            SqlType::Bytea => match width_in_keys(table, column) {
                Some(width) => format!("VARBINARY({width})"),
                None => "LONGBLOB".to_owned(),
            },
            SqlType::Inet => "VARCHAR(43)".to_owned(),
            SqlType::Enum(of) => {
                let labels: Vec<String> = of.labels.iter().map(|label| self.literal(label)).collect();
                format!("ENUM({})", labels.join(", "))
            }
        }
    }

    fn needs_equal_types(&self) -> bool {
        true
    }

    fn stored(&self, table: &Table, column: usize) -> Stored {
        let sql_type = &table.columns[column].sql_type;
        match sql_type {
            SqlType::Real | SqlType::Double => Stored::Finite,
            SqlType::Timestamptz => Stored::Utc,
            SqlType::Interval => Stored::Printed,
            SqlType::Array(_) => Stored::Json,
            SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Bytea => {
                match (width_in_keys(table, column), sql_type.max_chars()) {
                    (Some(width), Some(longest)) if longest <= width => Stored::AsTyped,
                    (Some(width), _) => Stored::Within(width),
                    (None, _) => Stored::AsTyped,
                }
            }
            _ => Stored::AsTyped,
        }
    }

    fn refused_column(&self, table: &Table) -> Option<String> {
        let (_, column) = table.visible().find(
            |(_, column)| matches!(column.sql_type, SqlType::Numeric { scale, .. } if scale > LARGEST_SCALE),
        )?;
        Some(format!(
            "`{}.{}` has more than {LARGEST_SCALE} digits after the point, which MySQL's decimals cannot have",
            table.name, column.name
        ))
    }

    fn numbering(&self, table: &Table, column: usize) -> Result<Numbering, &'static str> {
        let is_first = |key: &[usize]| key[0] == column;
        let mut others = table.visible().filter(|(at, other)| *at < column && other.identity.is_some());
        match (keys(table).any(is_first), others.next()) {
            (true, None) => Ok(Numbering::Words(" AUTO_INCREMENT")),
            (true, Some(_)) => Err("only one column of a table counts by itself"),
            (false, _) => Err("only the first column of a key counts by itself"),
        }
    }

    fn column_comment(&self, text: &str) -> Option<String> {
        Some(format!(" COMMENT {}", self.literal(text)))
    }

    fn table_options(&self, comment: Option<&str>) -> String {
        let options = " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        format!("{options}{}", comment.and_then(|text| self.column_comment(text)).unwrap_or_default())
    }

    fn foreign_keys(&self) -> ForeignKeys {
        ForeignKeys::AfterData
    }

    fn action(&self, action: &str) -> Result<(), &'static str> {
        match action {
            "SET DEFAULT" => Err("InnoDB has no such action"),
            _ => Ok(()),
        }
    }

    fn shares_names(&self) -> bool {
        true
    }

    fn has_late_checks(&self) -> bool {
        true
    }

    fn refused_check(&self, table: &Table, columns: &[usize]) -> Option<&'static str> {
        let is_changed = |column: &usize| {
            table.foreign_keys.iter().any(|key| {
                let does = |action: &Option<String>| {
                    action.as_deref().is_some_and(|action| matches!(action, "CASCADE" | "SET NULL"))
                };
                key.columns.contains(column) && (does(&key.on_delete) || does(&key.on_update))
            })
        };
        let counts = |column: &usize| {
            table.columns[*column].identity.is_some()
                && matches!(self.numbering(table, *column), Ok(Numbering::Words(_)))
        };
        if columns.iter().any(is_changed) {
            return Some("it does not check columns that a foreign key's action changes");
        }
        columns.iter().any(counts).then_some("it does not check AUTO_INCREMENT columns")
    }

    fn indexed(&self, table: &Table, column: usize) -> Result<String, &'static str> {
        let of = &table.columns[column];
        let name = self.identifier(&of.name);
        match &of.sql_type {
            SqlType::Json | SqlType::Jsonb | SqlType::Array(_) => Err("it has no indexes of JSON"),
            sql_type if self.column_type(table, column, sql_type).starts_with("LONG") => {
                Ok(format!("{name}({USUAL_CHARACTERS})"))
            }
            _ => Ok(name),
        }
    }

    fn has_expression_indexes(&self) -> bool {
        // MySQL has, MariaDB has not.
        false
    }

    fn default(&self, expression: &str) -> String {
        format!(" DEFAULT ({expression})")
    }

    fn function(&self, function: Builtin) -> Option<&'static str> {
        Some(match function {
            Builtin::Length => "char_length",
            Builtin::Now => "CURRENT_TIMESTAMP(6)",
            Builtin::RandomUuid => "uuid()",
            function => function.usual(),
        })
    }

    fn has_concatenation(&self) -> bool {
        false
    }
}

/// A type for texts: what is not in a key and long, or too much for a row, lies outside of it.
fn text_type(table: &Table, column: usize, sql_type: &SqlType) -> String {
    let longest = sql_type.max_chars();
    if let Some(width) = width_in_keys(table, column) {
        return format!("VARCHAR({})", longest.map_or(width, |longest| longest.min(width)));
    }
    match (sql_type, longest) {
        (SqlType::Char(longest), _) if *longest <= USUAL_CHARACTERS => format!("CHAR({longest})"),
        (_, Some(longest)) if longest <= ROW_CHARACTERS && !is_wide(table) => format!("VARCHAR({longest})"),
        _ => "LONGTEXT".to_owned(),
    }
}

/// Whether the texts of a row would be too much for it.
fn is_wide(table: &Table) -> bool {
    let lengths = table.visible().filter_map(|(_, column)| column.sql_type.max_chars());
    lengths.filter(|length| *length <= ROW_CHARACTERS).sum::<u32>() > ALL_CHARACTERS
}

/// The characters that a text may have, if it is in a key, a unique index or a foreign key.
fn width_in_keys(table: &Table, column: usize) -> Option<u32> {
    let is_long = |column: &&usize| {
        let sql_type = &table.columns[**column].sql_type;
        sql_type.is_text() || *sql_type == SqlType::Bytea
    };
    let of_references = table.foreign_keys.iter().map(|key| key.columns.as_slice());
    let of_indexes = table.indexes.iter().filter(|index| index.unique).map(|index| index.columns.as_slice());
    let keys = keys(table).chain(of_references).chain(of_indexes).filter(|key| key.contains(&column));
    let shares = keys.map(|key| KEY_CHARACTERS / key.iter().filter(is_long).count().max(1) as u32);
    let share = shares.min()?;
    Some(match table.columns[column].sql_type.max_chars() {
        Some(longest) => longest.min(share),
        None => USUAL_CHARACTERS.min(share),
    })
}
