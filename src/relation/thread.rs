//! References to earlier rows of the same group: a comment answers an earlier comment on the same post.

use super::{NO_PARENT, Relation};
use crate::random::{Key, below, mix};
use crate::value::Rows;
use std::sync::Arc;

/// Rows that refer to earlier rows of the same table and group, all alike. The first row of a group refers to none.
///
/// A row looks at the rows of its group before it. Where a group's rows follow each other in the table, as rows made `per`
/// parent do, that is arithmetic; else the group is gone through. So does a row that looks for its children.
pub struct Thread {
    group: Arc<dyn Relation>,
    key: Key,
}

impl Thread {
    /// Rows by their group.
    pub fn new(group: Arc<dyn Relation>, key: Key) -> Self {
        Self { group, key }
    }

    /// Which of the rows before it, of which there are `before`, a row refers to.
    fn pick(&self, row: u64, before: u64) -> u64 {
        below(mix(self.key, row), before)
    }

    /// A group's rows in the order of the table.
    fn members(&self, group: u64) -> Vec<u64> {
        let mut members = Vec::new();
        self.group.visit_children(group, &mut |row| {
            members.push(row);
            true
        });
        members.sort_unstable();
        members
    }

    fn answered(&self, row: u64, group: u64) -> u64 {
        if self.group.keeps_order() {
            return match self.group.ordinal(row) {
                0 => NO_PARENT,
                before => self.group.child_at(group, self.pick(row, before)).unwrap_or(NO_PARENT),
            };
        }
        let members = self.members(group);
        match members.partition_point(|member| *member < row) {
            0 => NO_PARENT,
            before => members[self.pick(row, before as u64) as usize],
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
        let members = self.members(group);
        let place = members.partition_point(|member| *member < parent);
        for (before, row) in members.iter().enumerate().skip(place + 1) {
            if self.pick(*row, before as u64) == place as u64 && !visit(*row) {
                return;
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
        for group in groups {
            let relation = Thread::new(group.clone(), key.child("answers"));
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
}
