//! The DDL of a plan as a script, in pg_dump's order: what stands before the data, and what after.
//!
//! Constraints come after the data, so that tables load in any order, cycles included, and indexes are built once.

mod objects;
mod statements;

pub use objects::{Object, ObjectKind, objects};
pub(super) use statements::{columns, enum_name};

use super::Plan;
use super::dialect::Dialect;

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

/// Where in a script something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before the data: what they are put into.
    BeforeData,
    /// With the data: what has to be in step with them.
    Data,
    /// After the data: what is checked and built quicker once they are there.
    AfterData,
}

/// The SQL around the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Settings, types, tables, comments: before the data.
    pub before: String,
    /// Keys, unique constraints, indexes, foreign keys, checks, sequence values: after the data.
    pub after: String,
    /// What the dialect has no form of, a line each: what it is, and why. It stands in comments at its place, too.
    pub left_out: Vec<String>,
}

/// What the data is written for: its encoding, its quotes, the signs of its intervals. Notices would only be in the way.
const SETTINGS: &str = "\
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET intervalstyle = postgres;
SET client_min_messages = warning;

";

impl Script {
    /// The SQL around the data of these tables (indexes into the plan's, in writing order).
    pub fn new(plan: &Plan, tables: &[usize], section: Section, dialect: Dialect) -> Self {
        let of_another = dialect.script(plan, tables, section);
        of_another.unwrap_or_else(|| Self::of_postgres(plan, tables, section))
    }

    fn of_postgres(plan: &Plan, tables: &[usize], section: Section) -> Self {
        let objects = objects(plan, tables);
        let of_stage = |stage: Stage| -> String {
            let of = objects.iter().filter(|object| object.kind.stage() == stage);
            of.map(|object| format!("{}\n\n", object.create)).collect()
        };
        let (mut before, mut after) = (SETTINGS.to_string(), String::new());
        match section {
            Section::Data => before += deferral(&objects),
            _ => {
                before += &of_stage(Stage::BeforeData);
                after += &of_stage(Stage::AfterData);
            }
        }
        if section != Section::Schema {
            // After the keys, whose indexes know the largest value.
            after += &of_stage(Stage::Data);
        }
        Self { before, after, left_out: Vec::new() }
    }
}

/// When data goes into tables that exist, rows may refer to rows that come later.
fn deferral(objects: &[Object]) -> &'static str {
    let is_deferrable = |object: &Object| object.kind == ObjectKind::ForeignKey { deferrable: true };
    if objects.iter().any(is_deferrable) { "SET CONSTRAINTS ALL DEFERRED;\n\n" } else { "" }
}

#[cfg(test)]
mod tests;
