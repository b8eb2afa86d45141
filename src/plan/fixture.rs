//! Tables for tests of what is said of them: no row of them is computed.

use super::{PlannedColumn, Table};
use crate::column::Column;
use crate::expression::{Batch, Failure};
use crate::value::{SqlType, Vector};

struct Never;

impl Column for Never {
    fn fill(&self, _batch: &dyn Batch) -> Result<Vector, Failure> {
        unreachable!("no row is asked for")
    }
}

/// A nullable column.
pub fn column(name: &str, sql_type: SqlType) -> PlannedColumn {
    PlannedColumn::new(name, sql_type, Box::new(Never))
}

/// A table without keys.
pub fn table(name: &str, rows: u64, columns: Vec<PlannedColumn>) -> Table {
    Table { name: name.into(), rows, columns, ..Table::default() }
}
