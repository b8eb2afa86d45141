//! A table as both sides have it: which columns are compared, how, and by which key rows are found.

use super::catalog::{self, Column};
use crate::plan::{PlannedColumn, Table};
use crate::value::SqlType;
use crate::value::text::quote_identifier;

/// The columns that both sides have, and the key.
pub(super) struct Shape<'p> {
    pub table: &'p Table,
    pub cells: Vec<Cell<'p>>,
    /// The columns by which rows are found: places in `cells`. Empty where the table has no key.
    pub key: Vec<usize>,
}

/// A column that is compared.
pub(super) struct Cell<'p> {
    /// Index into the table's.
    pub column: usize,
    of: &'p PlannedColumn,
    /// The type that expected values are stored in for comparison: the column's, or text where the database has another.
    pub sql_type: String,
    /// Whether the database has the type that is expected.
    is_same_type: bool,
    /// Its expected values, in SQL.
    pub expected: String,
    /// Its values that are there.
    pub found: String,
}

impl<'p> Shape<'p> {
    /// Of a table with these columns. Expected values are in `e`, the others in `a`.
    pub fn new(table: &'p Table, found: &[Column]) -> Self {
        let mut cells: Vec<Cell> = Vec::new();
        for (column, of) in table.visible() {
            let Some(there) = found.iter().find(|there| there.name == of.name) else { continue };
            let is_same_type = there.sql_type == catalog::type_name(table, &of.name);
            let sql_type = if is_same_type { there.sql_type.clone() } else { "text".to_owned() };
            let expected = format!("e.c{}", cells.len());
            let name = format!("a.{}", quote_identifier(&of.name));
            let found = if is_same_type { name } else { format!("{name}::text") };
            cells.push(Cell { column, of, sql_type, is_same_type, expected, found });
        }
        let key = key(table, &cells);
        Self { table, cells, key }
    }

    /// The same with nothing but the key.
    pub fn of_key(&self) -> Self {
        let cell = |(nth, at): (usize, &usize)| {
            let of = &self.cells[*at];
            Cell {
                expected: format!("e.c{nth}"),
                sql_type: of.sql_type.clone(),
                found: of.found.clone(),
                ..*of
            }
        };
        let cells: Vec<Cell> = self.key.iter().enumerate().map(cell).collect();
        Self { table: self.table, key: (0..cells.len()).collect(), cells }
    }

    /// Whether the database has the key in the types that are expected.
    pub fn has_key_types(&self) -> bool {
        self.key.iter().all(|at| self.cells[*at].is_same_type)
    }

    /// The columns, as indexes into the table's.
    pub fn columns(&self) -> Vec<usize> {
        self.cells.iter().map(|cell| cell.column).collect()
    }

    /// Whether two rows have the same key, in SQL.
    pub fn same_key(&self) -> String {
        let same = |at: &usize| format!("{} = {}", self.cells[*at].expected, self.cells[*at].found);
        self.key.iter().map(same).collect::<Vec<_>>().join(" AND ")
    }

    /// The names of the key's columns.
    pub fn key_names(&self) -> Vec<&str> {
        self.key.iter().map(|at| self.cells[*at].name()).collect()
    }

    /// A row's key in words: `order_id 17, line_no 2`.
    pub fn key_in_words(&self, values: &[Option<String>]) -> String {
        let named = self.key_names().into_iter().zip(values);
        let words = named.map(|(name, value)| format!("{name} {}", value.as_deref().unwrap_or("null")));
        words.collect::<Vec<_>>().join(", ")
    }

    /// The temporary table of expected rows, with their numbers, from 1.
    pub fn create(&self, name: &str) -> String {
        let columns = self.cells.iter().enumerate().map(|(at, cell)| format!(", c{at} {}", cell.sql_type));
        format!(
            "CREATE TEMPORARY TABLE {name} (nth bigint GENERATED ALWAYS AS IDENTITY{}) ON COMMIT DROP",
            columns.collect::<String>()
        )
    }

    /// The statement that expected rows are put into it by.
    pub fn copy(&self, name: &str) -> String {
        let columns: Vec<String> = (0..self.cells.len()).map(|at| format!("c{at}")).collect();
        format!("COPY {name} ({}) FROM STDIN", columns.join(", "))
    }
}

impl Cell<'_> {
    /// The column's name.
    pub fn name(&self) -> &str {
        &self.of.name
    }

    /// Whether the values differ, in SQL. Types whose values can be equal and yet print otherwise are compared as they print:
    /// 1.0 and 1.00, 0 and -0, a day and 24 hours, json with other blanks.
    pub fn differs(&self) -> String {
        let is_exact = self.of.declared_type.is_none()
            && matches!(
                self.of.sql_type,
                SqlType::SmallInt
                    | SqlType::Int
                    | SqlType::BigInt
                    | SqlType::Boolean
                    | SqlType::Text
                    | SqlType::Varchar(_)
                    | SqlType::Date
                    | SqlType::Time
                    | SqlType::Timestamp
                    | SqlType::Timestamptz
                    | SqlType::Uuid
                    | SqlType::Bytea
                    | SqlType::Enum(_)
            );
        let Self { expected, found, .. } = self;
        match is_exact || !self.is_same_type {
            true => format!("{expected} IS DISTINCT FROM {found}"),
            false => format!("{expected}::text IS DISTINCT FROM {found}::text"),
        }
    }
}

/// The primary key, else a unique constraint without nulls, if both sides have its columns.
fn key(table: &Table, cells: &[Cell]) -> Vec<usize> {
    let place = |column: &usize| cells.iter().position(|cell| cell.column == *column);
    let places = |columns: &[usize]| columns.iter().map(place).collect::<Option<Vec<usize>>>();
    let has_no_null = |columns: &&Vec<usize>| columns.iter().all(|at| table.columns[*at].not_null);
    let uniques = table.uniques.iter().map(|unique| &unique.columns).filter(has_no_null);
    let mut keys = std::iter::once(&table.primary_key).chain(uniques).filter(|key| !key.is_empty());
    keys.find_map(|columns| places(columns)).unwrap_or_default()
}
