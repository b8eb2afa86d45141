//! What inputs cost, roughly: whether a parent's value is computed again or looked up.

use crate::column::{CHEAP, COSTLY};
use crate::plan::{Input, Plan, Target};
use std::cell::RefCell;

/// What a look-up in the cache takes, in nanoseconds.
const LOOK_UP: u32 = 50;

/// Estimates by table and input, made when they are first asked for.
pub(super) struct Costs(RefCell<Vec<Vec<Option<u32>>>>);

impl Costs {
    pub fn new(plan: &Plan) -> Self {
        Self(RefCell::new(plan.tables.iter().map(|table| vec![None; table.inputs.len()]).collect()))
    }

    /// Whether looking up a value takes less time than computing it.
    pub fn is_costly(&self, plan: &Plan, table: usize, input: usize) -> bool {
        self.of(plan, table, input) > LOOK_UP
    }

    fn of(&self, plan: &Plan, table: usize, input: usize) -> u32 {
        if let Some(cost) = self.0.borrow()[table][input] {
            return cost;
        }
        // What reads itself, as trees do, meets this.
        self.0.borrow_mut()[table][input] = Some(COSTLY);
        let of = &plan.tables[table];
        let cost = match &of.inputs[input] {
            Input::Column(column) => of.columns[*column].generator.cost(&|input| self.of(plan, table, input)),
            Input::Row | Input::Nth { .. } | Input::Version(_) => CHEAP,
            Input::Parent { link, input } => {
                let link = &of.links[*link];
                let way = match &link.target {
                    Target::Relation(relation) => relation.cost(),
                    Target::Key { input, .. } => CHEAP + self.of(plan, table, *input),
                    Target::ValidAt { .. } => COSTLY,
                };
                way.saturating_add(self.of(plan, link.table, *input))
            }
            Input::Children(_) | Input::Window(_) => COSTLY,
        };
        self.0.borrow_mut()[table][input] = Some(cost);
        cost
    }
}
