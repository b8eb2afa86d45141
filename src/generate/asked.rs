//! Which aggregates over children are asked for, so that those over the same children are computed together.

use crate::plan::{Input, Plan, Table};
use std::cell::RefCell;

/// What a worker was asked for so far for the table whose batches it makes. What was asked for in one batch will be in the next,
/// and what was not costs nothing; another table's batches ask for other things.
pub(super) struct Asked(RefCell<State>);

struct State {
    /// Whose batches are made.
    for_table: usize,
    /// By table and input.
    asked: Vec<Vec<bool>>,
}

impl Asked {
    pub fn new(plan: &Plan) -> Self {
        let asked = plan.tables.iter().map(|table| vec![false; table.inputs.len()]).collect();
        Self(RefCell::new(State { for_table: 0, asked }))
    }

    /// A batch of a table begins.
    pub fn begin(&self, table: usize) {
        let State { for_table, asked } = &mut *self.0.borrow_mut();
        if std::mem::replace(for_table, table) != table {
            asked.iter_mut().for_each(|inputs| inputs.fill(false));
        }
    }

    /// Notes that an aggregate is asked for, and gives the others over the same children that were.
    pub fn others(&self, of: &Table, table: usize, input: usize) -> Vec<usize> {
        let asked = &mut self.0.borrow_mut().asked[table];
        asked[input] = true;
        let children = |at: usize| match &of.inputs[at] {
            Input::Children(aggregation) if !aggregation.aggregate.is_plain_count() => {
                Some((aggregation.table, aggregation.link))
            }
            _ => None,
        };
        let own = children(input);
        (0..asked.len()).filter(|at| *at != input && asked[*at] && children(*at) == own).collect()
    }
}
