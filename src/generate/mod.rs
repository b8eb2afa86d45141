//! Computes batches: `(table, rows, columns)` to vectors.
//!
//! A [`Worker`] is one thread's engine. A batch is computed through a [`Scope`](scope::Scope): the rows asked for, and every
//! input of their table computed at most once. Reading through a reference opens a scope over the parent's rows; an aggregate opens
//! scopes over the children's rows, slice by slice, so that no batch grows with a parent's number of children.

mod asked;
mod cache;
mod children;
mod cost;
mod prepare;
mod prove;
mod scope;
mod siblings;
mod trace;
mod window;
mod written;

use crate::expression::{Batch, Failure};
use crate::plan::Plan;
use crate::value::{Rows, Vector};
use asked::Asked;
use cache::Cache;
use cost::Costs;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

pub use cache::CacheFigures;
pub use prepare::prepare;
pub use trace::{Of, Read, Trace};
pub use written::{Change, Written};

/// How batches are computed; changes speed and memory, never values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Rows per batch.
    pub batch_rows: usize,
    /// How many batches of a parent's column a worker keeps; 0 switches the cache off.
    pub cache_batches: usize,
}

impl Default for Options {
    /// 4,096 rows: a batch's vectors, of 32 KB each, stay in the second cache level, and what is done once per batch and column is
    /// done seldom. 4,096 cached blocks: parents of up to a million rows.
    fn default() -> Self {
        Self { batch_rows: 4_096, cache_batches: 4_096 }
    }
}

/// One thread's engine: the plan, and a cache.
pub struct Worker<'p> {
    plan: &'p Plan,
    options: Options,
    cache: RefCell<Cache>,
    costs: Costs,
    asked: Asked,
    ends: window::Ends,
}

impl<'p> Worker<'p> {
    /// An engine for one thread. The plan must be [prepared](prepare()) if it has [choices](Plan::choices).
    pub fn new(plan: &'p Plan, options: Options) -> Self {
        let cache = RefCell::new(Cache::new(options.cache_batches));
        Self {
            plan,
            options,
            cache,
            costs: Costs::new(plan),
            asked: Asked::new(plan),
            ends: Default::default(),
        }
    }

    /// The plan.
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The options.
    pub fn options(&self) -> Options {
        self.options
    }

    /// The given columns (indexes into the table's) for rows `rows.start..rows.end`; the caller keeps the range to about
    /// `batch_rows`. Fails when a value cannot be computed, or when a CHECK over these columns does not hold.
    pub fn batch(
        &mut self,
        table: usize,
        rows: Range<u64>,
        columns: &[usize],
    ) -> Result<Vec<Rc<Vector>>, Failure> {
        self.asked.begin(table);
        let rows = Rows::Range { start: rows.start, len: (rows.end - rows.start) as usize };
        let scope = scope::Scope::new(self, table, rows);
        // A table's first inputs are its columns, in order.
        let vectors = columns.iter().map(|column| scope.input(*column)).collect::<Result<_, _>>()?;
        scope.hold_checks(columns)?;
        siblings::hold(self, table, &scope, columns)?;
        Ok(vectors)
    }

    /// One cell, and how it came about: what was read for it, and for that, `depth` cells deep. Takes as long as computing the
    /// cell a few times.
    pub fn trace(&mut self, table: usize, column: usize, row: u64, depth: usize) -> Trace {
        trace::trace(self, table, column, row, depth)
    }

    /// What the cache did so far.
    pub fn cache_figures(&self) -> CacheFigures {
        self.cache.borrow().figures()
    }
}
