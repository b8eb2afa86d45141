//! The DDL of a plan, in pg_dump's order: what stands before the data in a script, and what after.

use super::Plan;

/// Which parts of a script were asked for, as in pg_dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Section {
    /// Schema and data.
    #[default]
    All,
    /// `--schema-only`.
    Schema,
    /// `--data-only`.
    Data,
}

/// The SQL around the data.
pub struct Script {
    /// Settings, types, tables, comments: before the data.
    pub before: String,
    /// Keys, unique constraints, indexes, foreign keys, checks, sequence values: after the data.
    pub after: String,
}

impl Script {
    /// The SQL around the data of these tables (indexes into the plan's, in writing order).
    pub fn new(_plan: &Plan, _tables: &[usize], _section: Section) -> Self {
        unimplemented!()
    }
}
