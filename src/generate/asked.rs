//! Which aggregates over children are asked for, so that those over the same children are computed together.

use crate::plan::{Input, Plan, Table};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What a worker was asked for so far for the table whose batches it makes. What was asked for in one batch will be in the next,
/// and what was not costs nothing; another table's batches ask for other things.
pub(super) struct Asked(RefCell<State>);

struct State {
    /// Whose batches are made.
    for_table: usize,
    /// By table and input.
    asked: Vec<Vec<bool>>,
    /// Those that are being computed, by table and input.
    open: Vec<(usize, usize)>,
    /// Table, input, and an input of the same table that was asked for while that one was computed: it may need it, by way of
    /// other tables.
    needs: BTreeSet<(usize, usize, usize)>,
}

impl Asked {
    pub fn new(plan: &Plan) -> Self {
        let asked = plan.tables.iter().map(|table| vec![false; table.inputs.len()]).collect();
        Self(RefCell::new(State { for_table: 0, asked, open: Vec::new(), needs: BTreeSet::new() }))
    }

    /// A batch of a table begins.
    pub fn begin(&self, table: usize) {
        let State { for_table, asked, .. } = &mut *self.0.borrow_mut();
        if std::mem::replace(for_table, table) != table {
            asked.iter_mut().for_each(|inputs| inputs.fill(false));
        }
    }

    /// Notes that an aggregate is asked for, and gives the others over the same children that were. Not those that need this one:
    /// they would ask for it again and again, and may cost far more.
    pub fn others(&self, of: &Table, table: usize, input: usize) -> Vec<usize> {
        let State { asked, open, needs, .. } = &mut *self.0.borrow_mut();
        let asked = &mut asked[table];
        asked[input] = true;
        needs.extend(open.iter().filter(|(at, _)| *at == table).map(|(_, open)| (table, *open, input)));
        let children = |at: usize| match &of.inputs[at] {
            Input::Children(aggregation) if !aggregation.aggregate.is_plain_count() => {
                Some((aggregation.table, aggregation.link))
            }
            _ => None,
        };
        let own = children(input);
        let is_other = |at: &usize| *at != input && asked[*at] && children(*at) == own;
        (0..asked.len()).filter(is_other).filter(|at| !needs.contains(&(table, *at, input))).collect()
    }

    /// These are computed now; [`close`](Self::close) takes it back.
    pub fn open(&self, table: usize, inputs: &[usize]) {
        self.0.borrow_mut().open.extend(inputs.iter().map(|input| (table, *input)));
    }

    /// The last so many are computed.
    pub fn close(&self, inputs: usize) {
        let open = &mut self.0.borrow_mut().open;
        let left = open.len() - inputs;
        open.truncate(left);
    }
}
