//! One child row per parent row, under the same number: the row itself as a group.

use super::Relation;
use crate::value::Rows;

/// Child row `r` belongs to parent row `r`: a row that is its own group.
#[derive(Clone, Copy, Debug)]
pub struct Direct {
    rows: u64,
}

impl Direct {
    /// The child table has `rows` rows; the parent table has as many or more.
    pub fn new(rows: u64) -> Self {
        Self { rows }
    }
}

impl Relation for Direct {
    fn children(&self) -> u64 {
        self.rows
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        rows.for_each(|row| out.push(row));
    }

    fn child_count(&self, parent: u64) -> u64 {
        (parent < self.rows) as u64
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        if parent < self.rows {
            visit(parent);
        }
    }

    fn child_at(&self, parent: u64, _place: u64) -> Option<u64> {
        (parent < self.rows).then_some(parent)
    }

    fn ordinal(&self, _child: u64) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_belongs_to_its_number() {
        super::super::check::both_ways(&Direct::new(5), 5);
        super::super::check::both_ways(&Direct::new(5), 9);
        super::super::check::both_ways(&Direct::new(0), 3);
    }
}
