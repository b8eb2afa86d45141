//! References between tables as arithmetic: child row -> parent row and back, without memory.

use crate::value::Rows;

/// How the rows of a child table refer to the rows of a parent table, in both directions.
pub trait Relation: Send + Sync {
    /// Rows of the child table.
    fn children(&self) -> u64;
    /// Appends the parent row of each child row; `u64::MAX` where there is none (the first row of `earlier`).
    fn parents(&self, rows: &Rows, out: &mut Vec<u64>);
    /// How many child rows refer to a parent row.
    fn child_count(&self, parent: u64) -> u64;
    /// Visits the child rows of a parent row, always in the same order; stops when `visit` returns false. Takes time in
    /// proportion to the answer.
    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool);
    /// For rows generated per parent, the child row's number among its siblings, from 0; else 0.
    fn ordinal(&self, _child: u64) -> u64 {
        0
    }
}
