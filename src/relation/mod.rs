//! References between tables as arithmetic: child row -> parent row and back, without memory.
//!
//! | relation      | what it is for                                        | finding a parent               | finding children          |
//! |---------------|-------------------------------------------------------|--------------------------------|---------------------------|
//! | [`FanOut`]    | an ordinary foreign key                               | 20 ns                          | 10 ns each                |
//! | [`PerParent`] | rows generated per parent: `rows: {per: orders, ...}` | 4 ns in a run, 120 ns anywhere | a range                   |
//! | [`Earlier`]   | a table that refers to its own earlier rows           | as `FanOut`                    | as `FanOut`, at each level |
//! | [`Direct`]    | one row per parent row, under the same number         | nothing                        | nothing                   |
//!
//! (Measured in batches of 1,000 rows on one core; `benches/relations.rs`.)
//!
//! All of them are decided by a key, a few numbers and tables of bounded size, so that every thread, and every part
//! of a run, comes to the same answers. What one direction says, the other confirms: each child row is visited from
//! exactly the parent it refers to, and counts add up to the number of rows.

mod digits;
mod direct;
mod earlier;
mod fan_out;
mod optional;
mod per_parent;
mod quotas;
mod shuffle;
mod through;

pub use digits::Digits;
pub use direct::Direct;
pub use earlier::Earlier;
pub use fan_out::{FanOut, FanOutShape};
pub use optional::Optional;
pub use per_parent::{CountShape, PerParent};
pub use through::Through;

use crate::value::Rows;
use std::ops::Range;

/// How the rows of a child table refer to the rows of a parent table, in both directions.
pub trait Relation: Send + Sync {
    /// Rows of the child table.
    fn children(&self) -> u64;

    /// Appends the parent row of each child row; `u64::MAX` where there is none (the first rows of `earlier`).
    fn parents(&self, rows: &Rows, out: &mut Vec<u64>);

    /// How many child rows refer to a parent row.
    fn child_count(&self, parent: u64) -> u64;

    /// Visits the child rows of a parent row, always in the same order; stops when `visit` returns false. Takes time in
    /// proportion to the answer.
    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool);

    /// Appends the child rows of each parent row to `children`, one parent's after the other's, and how many each has
    /// to `counts`. Cheaper than asking parent by parent.
    fn children_of(&self, parents: &Rows, counts: &mut Vec<u64>, children: &mut Vec<u64>) {
        parents.for_each(|parent| {
            let before = children.len();
            self.visit_children(parent, &mut |child| {
                children.push(child);
                true
            });
            counts.push((children.len() - before) as u64);
        });
    }

    /// Where consecutive parents have consecutive children: the children of a run of parents, as a run of rows. `None` where
    /// children lie anywhere.
    fn children_range(&self, _parents: Range<u64>) -> Option<Range<u64>> {
        None
    }

    /// For rows generated per parent, the child row's number among its siblings, from 0; else 0.
    fn ordinal(&self, _child: u64) -> u64 {
        0
    }

    /// Appends the [`ordinal`](Self::ordinal) of each child row.
    fn ordinals(&self, rows: &Rows, out: &mut Vec<u64>) {
        rows.for_each(|row| out.push(self.ordinal(row)));
    }
}

#[cfg(test)]
mod check;
