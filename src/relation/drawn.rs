//! References that are drawn one by one: cheap to follow, and only one way.

use super::Relation;
use crate::random::{Key, below, mix};
use crate::value::Rows;

/// Each row draws its parent by itself, all of them as likely. A draw and a multiplication, 2 ns; but who refers to a parent
/// can only be found by looking at all rows, so the plan asks for no children of it.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    children: u64,
    parents: u64,
    key: Key,
}

impl Drawn {
    /// `children` rows that refer to `parents`, of which there is one at least if there are children.
    pub fn new(children: u64, parents: u64, key: Key) -> Self {
        debug_assert!(parents > 0 || children == 0);
        Self { children, parents, key }
    }
}

impl Relation for Drawn {
    fn children(&self) -> u64 {
        self.children
    }

    fn cost(&self) -> u32 {
        2
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let parent = |row| below(mix(self.key, row), self.parents);
        match rows {
            Rows::Range { start, len } => out.extend((*start..*start + *len as u64).map(parent)),
            Rows::Picked(rows) => out.extend(rows.iter().map(|row| parent(*row))),
        }
    }

    /// Looks at all rows.
    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        for child in (0..self.children).filter(|child| below(mix(self.key, *child), self.parents) == parent) {
            if !visit(child) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parents_are_as_likely_and_both_ways_agree() {
        let key = Key::new(42, &["drawn"]);
        super::super::check::both_ways(&Drawn::new(200, 7, key), 7);
        let drawn = Drawn::new(70_000, 7, key);
        for parent in 0..7 {
            // Five standard deviations of Binomial(70,000, 1/7).
            assert!(drawn.child_count(parent).abs_diff(10_000) < 463, "{parent}");
        }
    }
}
