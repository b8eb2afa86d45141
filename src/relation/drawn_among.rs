//! References within a group that are drawn one by one: cheap however many rows share the group, and only one way.

use super::among::Groups;
use super::lists::Lists;
use super::{NO_PARENT, Relation};
use crate::random::{Key, mix, to_unit};
use crate::value::Rows;

/// Each child draws its parent by itself from its group's list, in proportion to the weights there. A draw and two searches, of
/// the group's list and in it. A child whose group has no list has no parent.
///
/// [`Among`](super::Among) needs to know a row's place among all that share its group, this needs the group only; so what
/// is drawn this way can be the group of another.
pub struct DrawnAmong {
    groups: Groups,
    lists: Lists,
    key: Key,
}

impl DrawnAmong {
    /// Children by their groups; `lists` are the parents' rows that may be chosen.
    pub fn new(groups: Groups, lists: Lists, key: Key) -> Self {
        Self { groups, lists, key }
    }

    fn drawn(&self, row: u64, group: u64) -> u64 {
        let list = self.lists.of(group);
        let Some(last) = list.rows.len().checked_sub(1).filter(|_| group != NO_PARENT) else {
            return NO_PARENT;
        };
        let point = to_unit(mix(self.key, row)) * list.total();
        list.rows[list.ends.partition_point(|end| *end <= point).min(last)] as u64
    }
}

impl Relation for DrawnAmong {
    fn children(&self) -> u64 {
        self.groups.children()
    }

    fn cost(&self) -> u32 {
        40
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let mut groups = self.groups.of(rows).into_iter();
        rows.for_each(|row| out.push(self.drawn(row, groups.next().expect("one for each row"))));
    }

    /// Looks at all rows.
    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        for child in (0..self.children()).filter(|child| self.parent(*child) == parent) {
            if !visit(child) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FanOut, FanOutShape, check};
    use super::*;
    use std::sync::Arc;

    #[test]
    fn parents_are_of_the_group_in_proportion_and_both_ways_agree() {
        let key = Key::new(7, &["drawn among"]);
        let groups = |children: u64| {
            let relation = FanOut::new(children, 4, &FanOutShape::Even, key.child("groups"));
            Groups::new(vec![(Arc::new(relation.expect("has parents")) as Arc<dyn Relation>, 4)])
                .expect("are few")
        };
        // The last group has nobody.
        let lists = || Lists::new((0..9).map(|row| (row / 3, row as u32, 1.0 + (row % 3) as f64)).collect());
        check::both_ways(&DrawnAmong::new(groups(200), lists(), key), 9);
        let drawn = DrawnAmong::new(groups(40_000), lists(), key);
        let (mut parents, all) = (Vec::new(), Rows::Range { start: 0, len: 40_000 });
        drawn.parents(&all, &mut parents);
        let mut counts = [0u64; 9];
        for (parent, group) in parents.iter().zip(drawn.groups.of(&all)) {
            match group {
                3 => assert_eq!(*parent, NO_PARENT),
                _ => {
                    assert_eq!(parent / 3, group);
                    counts[*parent as usize] += 1;
                }
            }
        }
        for (row, count) in counts.iter().enumerate() {
            // Five standard deviations of Binomial(10,000, 1/2).
            let share = 10_000 * (1 + row as u64 % 3) / 6;
            assert!(count.abs_diff(share) < 250, "{row}: {count} of {share}");
        }
    }
}
