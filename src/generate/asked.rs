//! Which aggregates over children are asked for, so that those over the same children are computed together.

use crate::plan::{Input, Plan, Table};
use std::cell::RefCell;

/// What a worker was asked for so far, by table and input. What was asked for in one batch will be in the next, and what was
/// not costs nothing.
pub(super) struct Asked(RefCell<Vec<Vec<bool>>>);

impl Asked {
    pub fn new(plan: &Plan) -> Self {
        Self(RefCell::new(plan.tables.iter().map(|table| vec![false; table.inputs.len()]).collect()))
    }

    /// Notes that an aggregate is asked for, and gives the others over the same children that were.
    pub fn others(&self, of: &Table, table: usize, input: usize) -> Vec<usize> {
        let asked = &mut self.0.borrow_mut()[table];
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
