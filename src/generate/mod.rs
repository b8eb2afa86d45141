//! Computes batches: `(table, rows, columns)` to vectors.

use crate::expression::Failure;
use crate::plan::Plan;
use crate::value::Vector;
use std::ops::Range;
use std::rc::Rc;

/// How batches are computed; changes speed and memory, never values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Rows per batch.
    pub batch_rows: usize,
    /// How many parent batches a worker keeps; 0 switches the cache off.
    pub cache_batches: usize,
}

/// How often the cache of parent batches answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CacheFigures {
    /// Look-ups answered from the cache.
    pub hits: u64,
    /// Look-ups that had to compute.
    pub misses: u64,
}

/// One thread's engine: the plan, and a cache.
pub struct Worker<'p> {
    plan: &'p Plan,
    options: Options,
}

impl<'p> Worker<'p> {
    /// An engine for one thread.
    pub fn new(plan: &'p Plan, options: Options) -> Self {
        Self { plan, options }
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
    /// `batch_rows`.
    pub fn batch(
        &mut self,
        _table: usize,
        _rows: Range<u64>,
        _columns: &[usize],
    ) -> Result<Vec<Rc<Vector>>, Failure> {
        unimplemented!()
    }

    /// What the cache did so far.
    pub fn cache_figures(&self) -> CacheFigures {
        CacheFigures::default()
    }
}
