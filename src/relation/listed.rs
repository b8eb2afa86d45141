//! References of rows that are written down: each says its parent itself.

use super::Relation;
use crate::value::Rows;

/// The parent of each child row, and the way back, in memory: for tables whose rows are in memory anyhow.
#[derive(Debug)]
pub struct Listed {
    /// `u64::MAX` where a row has no parent.
    parents: Vec<u64>,
    /// The children of parent `p` are `children[starts[p]..starts[p + 1]]`.
    starts: Vec<usize>,
    children: Vec<u64>,
}

impl Listed {
    /// The parent of each child, below `of_parents`; `u64::MAX` where it has none.
    pub fn new(parents: Vec<u64>, of_parents: u64) -> Self {
        let mut children: Vec<u64> =
            (0..parents.len() as u64).filter(|child| parents[*child as usize] != u64::MAX).collect();
        children.sort_by_key(|child| parents[*child as usize]);
        let start = |parent: u64| children.partition_point(|child| parents[*child as usize] < parent);
        let starts = (0..=of_parents).map(start).collect();
        Self { parents, starts, children }
    }

    fn children_of(&self, parent: u64) -> &[u64] {
        match self.starts.get(parent as usize + 1) {
            Some(end) => &self.children[self.starts[parent as usize]..*end],
            None => &[],
        }
    }
}

impl Relation for Listed {
    fn children(&self) -> u64 {
        self.parents.len() as u64
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        rows.for_each(|row| out.push(self.parents[row as usize]));
    }

    fn child_count(&self, parent: u64) -> u64 {
        self.children_of(parent).len() as u64
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        self.children_of(parent).iter().all(|child| visit(*child));
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        self.children_of(parent).get(place as usize).copied()
    }

    fn ordinal(&self, child: u64) -> u64 {
        let siblings = self.children_of(self.parents[child as usize]);
        siblings.partition_point(|sibling| *sibling < child) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_parents_find_their_children() {
        super::super::check::both_ways(&Listed::new(vec![2, 0, 2, u64::MAX, 5, 2], 7), 7);
        super::super::check::both_ways(&Listed::new(vec![], 3), 3);
    }
}
