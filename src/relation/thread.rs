//! References to earlier rows of the same group: a comment answers an earlier comment on the same post.

use super::{NO_PARENT, Relation};
use crate::random::{Key, below, mix};
use crate::value::Rows;
use std::sync::Arc;

/// Rows that refer to earlier rows of the same table and group, all alike. The first row of a group refers to none.
///
/// Where a group's rows follow each other in the table, as rows made `per` parent do, a row's place and the rows before it are
/// arithmetic. Else rows are sorted, a block of a group at a time: a row refers to an earlier one of its block, and the first of
/// a block to an earlier first one of those blocks that lie together, and so on. Places are in no order, so a block is a
/// sample of the group, and the earlier rows are alike to whoever looks for one. Each row costs a block, however large the group.
pub struct Thread {
    group: Arc<dyn Relation>,
    key: Key,
    /// Places in a block, at most.
    block: u64,
}

impl Thread {
    /// Few enough to be sorted for each row in some 10 us; most groups are one block.
    const BLOCK: u64 = 1_024;

    /// Rows by their group.
    pub fn new(group: Arc<dyn Relation>, key: Key) -> Self {
        Self { group, key, block: Self::BLOCK }
    }

    /// Which of the rows before it, of which there are `before`, a row refers to.
    fn pick(&self, row: u64, before: u64) -> u64 {
        below(mix(self.key, row), before)
    }

    /// The first row of a stretch of `size` places, which begins at the `number`-th.
    fn first_of(&self, group: u64, places: u64, number: u64, size: u64) -> Option<u64> {
        let stretch = number * size..((number + 1) * size).min(places);
        stretch.filter_map(|place| self.group.child_at(group, place)).min()
    }

    /// A group's rows, ascending.
    fn members(&self, group: u64) -> Vec<u64> {
        let mut members = Vec::new();
        self.group.visit_children(group, &mut |row| {
            members.push(row);
            true
        });
        members.sort_unstable();
        members
    }

    /// The block of a level that a place lies in, ascending: of places, of the first rows of blocks of places, ...
    fn block_of(&self, group: u64, places: u64, place: u64, level: u32) -> Vec<u64> {
        let size = self.block.saturating_pow(level);
        let first = place / size / self.block * self.block;
        let last = (first + self.block).min(places.div_ceil(size));
        let mut rows: Vec<u64> =
            (first..last).filter_map(|number| self.first_of(group, places, number, size)).collect();
        rows.sort_unstable();
        rows
    }

    /// The blocks that a row stands in, from its own up: it is the first of all but the last.
    fn blocks_of(&self, row: u64, group: u64) -> Vec<Vec<u64>> {
        let places = self.group.places(group);
        // Where places are not found at once, going through all of them is the cheapest.
        if places <= self.block || !self.group.finds_places() {
            return vec![self.members(group)];
        }
        let place = self.group.ordinal(row);
        let mut blocks = Vec::new();
        for level in 0.. {
            let block = self.block_of(group, places, place, level);
            let is_first = block.first() == Some(&row);
            blocks.push(block);
            if !is_first || self.block.saturating_pow(level + 1) >= places {
                break;
            }
        }
        blocks
    }

    fn answered(&self, row: u64, group: u64) -> u64 {
        if self.group.keeps_order() {
            return match self.group.ordinal(row) {
                0 => NO_PARENT,
                before => self.group.child_at(group, self.pick(row, before)).unwrap_or(NO_PARENT),
            };
        }
        let blocks = self.blocks_of(row, group);
        let rows = blocks.last().expect("a row is in a block");
        match rows.partition_point(|other| *other < row) {
            0 => NO_PARENT,
            before => rows[self.pick(row, before as u64) as usize],
        }
    }

    /// The rows of a group that keeps their order, after one of them: those that refer to it.
    fn visit_in_order(&self, group: u64, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        let place = self.group.ordinal(parent);
        for before in place + 1..self.group.places(group) {
            let row = self.group.child_at(group, before).expect("all places are taken");
            if self.pick(row, before) == place && !visit(row) {
                return;
            }
        }
    }
}

impl Relation for Thread {
    fn children(&self) -> u64 {
        self.group.children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let start = out.len();
        self.group.parents(rows, out);
        for (at, group) in out[start..].iter_mut().enumerate() {
            if *group != NO_PARENT {
                *group = self.answered(rows.get(at), *group);
            }
        }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        let group = self.group.parent(parent);
        if group == NO_PARENT {
            return;
        }
        if self.group.keeps_order() {
            return self.visit_in_order(group, parent, visit);
        }
        for rows in self.blocks_of(parent, group) {
            let place = rows.partition_point(|other| *other < parent);
            for (before, row) in rows.iter().enumerate().skip(place + 1) {
                if self.pick(*row, before as u64) == place as u64 && !visit(*row) {
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FanOut, FanOutShape, Optional, PerParent, check};
    use super::*;
    use crate::random::Absence;

    #[test]
    fn rows_refer_to_earlier_rows_of_their_group() {
        let key = Key::new(6, &["thread"]);
        let plain = || Arc::new(FanOut::new(400, 30, &FanOutShape::Uniform, key).expect("has parents"));
        let groups: Vec<Arc<dyn Relation>> = vec![
            plain(),
            Arc::new(PerParent::fixed(40, 10).expect("can be counted")),
            Arc::new(Optional::new(plain(), Absence::of(key.child("null"), 0.2))),
        ];
        // Groups of one block, and of blocks of blocks.
        for (group, block) in groups.into_iter().flat_map(|group| [(group.clone(), 1_024), (group, 2)]) {
            let relation = Thread { group: group.clone(), key: key.child("answers"), block };
            check::both_ways(&relation, 400);
            let mut firsts = 0;
            for row in 0..400 {
                match relation.parent(row) {
                    NO_PARENT => firsts += 1,
                    answered => {
                        assert!(answered < row);
                        assert_eq!(group.parent(answered), group.parent(row));
                    }
                }
            }
            let without_group = (0..400).filter(|row| group.parent(*row) == NO_PARENT).count();
            let groups = (0..40).filter(|at| group.child_count(*at) > 0).count();
            assert_eq!(firsts, without_group + groups, "the first of each group refers to none");
        }
    }

    #[test]
    fn blocks_do_not_show() {
        let key = Key::new(7, &["thread"]);
        let group = Arc::new(FanOut::new(20_000, 1, &FanOutShape::Uniform, key).expect("has a parent"));
        let relation = Thread { group, key, block: 16 };
        let mean = |rows: std::ops::Range<u64>| {
            let count = rows.end - rows.start;
            // An earlier row lies, on the mean, half way back to the first.
            rows.map(|row| relation.parent(row) as f64 / row as f64).sum::<f64>() / count as f64
        };
        for rows in [2_000..8_000, 14_000..20_000] {
            let found = mean(rows.clone());
            assert!((found - 0.5).abs() < 0.02, "{found} in {rows:?}");
        }
    }
}
