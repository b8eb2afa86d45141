//! References that differ within a group, and are drawn one by one: cheap to follow, and only one way.

use super::{NO_PARENT, Relation};
use crate::random::{Key, Permutation, below, mix};
use crate::value::Rows;
use std::sync::Arc;

/// The rows of a group take a walk among the parents: from a place that is drawn, by steps of a length that is drawn.
///
/// Parents stand in an order of their own, in a circle. A group's step has no factor in common with their number, so that the
/// walk comes by each of them before it returns: as many rows as there are parents refer to different ones. Some 10 ns a
/// row; who refers to a parent can only be found by looking at all rows.
pub struct Walk {
    group: Arc<dyn Relation>,
    parents: u64,
    order: Permutation,
    start: Key,
    step: Key,
}

impl Walk {
    /// Children by their group, none of which has more of them than there are parents.
    pub fn new(group: Arc<dyn Relation>, parents: u64, key: Key) -> Self {
        let order = Permutation::new(key.child("order"), parents);
        Self { group, parents, order, start: key.child("start"), step: key.child("step") }
    }

    /// How far a group goes from row to row.
    fn step(&self, group: u64) -> u64 {
        let first = 1 + below(mix(self.step, group), self.parents.max(2) - 1);
        // One less than their number has no factor in common with it, so that the search ends.
        (first..self.parents).chain(1..first).find(|step| is_coprime(*step, self.parents)).unwrap_or(0)
    }

    /// Where a child stands in the circle.
    fn place(&self, group: u64, ordinal: u64, step: u64) -> u64 {
        let start = below(mix(self.start, group), self.parents);
        ((start as u128 + ordinal as u128 * step as u128) % self.parents as u128) as u64
    }
}

fn is_coprime(a: u64, b: u64) -> bool {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

impl Relation for Walk {
    fn children(&self) -> u64 {
        self.group.children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        if self.parents == 0 {
            return out.extend(std::iter::repeat_n(NO_PARENT, rows.len()));
        }
        let (mut groups, mut ordinals) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        self.group.parents(rows, &mut groups);
        self.group.ordinals(rows, &mut ordinals);
        let first = out.len();
        // The group's last row that was met: its number in the group, and its place.
        let (mut of, mut step, mut at, mut place) = (None, 0, 0, 0);
        for (group, ordinal) in groups.into_iter().zip(ordinals) {
            if of != Some(group) {
                (of, step) = (Some(group), self.step(group));
                place = self.place(group, ordinal, step);
            } else if ordinal == at + 1 {
                place += step;
                place -= if place >= self.parents { self.parents } else { 0 };
            } else {
                place = self.place(group, ordinal, step);
            }
            at = ordinal;
            out.push(place);
        }
        self.order.apply_slice(&mut out[first..]);
    }

    /// Looks at all rows.
    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        for child in 0..self.children() {
            if self.parent(child) == parent && !visit(child) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CountShape, PerParent};
    use super::*;
    use std::collections::HashSet;

    fn walk(groups: u64, most: u64, parents: u64) -> Walk {
        let shape = CountShape { distribution: None, min: 1, max: most, mean: None };
        let key = Key::new(9, &["walk"]);
        Walk::new(Arc::new(PerParent::new(groups, &shape, key).expect("is a shape")), parents, key)
    }

    fn all(walk: &Walk) -> Vec<u64> {
        let mut parents = Vec::new();
        walk.parents(&Rows::Range { start: 0, len: walk.children() as usize }, &mut parents);
        parents
    }

    #[test]
    fn the_rows_of_a_group_differ_up_to_all_parents() {
        // With as many parents as the largest group has rows, and with more; also numbers with many factors.
        for (most, parents) in [(1, 1), (2, 2), (12, 12), (12, 13), (7, 60), (7, 300)] {
            let walk = walk(60, most, parents);
            super::super::check::both_ways(&walk, parents);
            let mut seen = HashSet::new();
            for (child, parent) in all(&walk).into_iter().enumerate() {
                assert!(
                    seen.insert((walk.group.parent(child as u64), parent)),
                    "{parents} parents, row {child}"
                );
            }
        }
    }

    #[test]
    fn all_parents_are_as_likely_and_all_steps_are_taken() {
        let walk = walk(20_000, 9, 10);
        let parents = all(&walk);
        let mut counts = [0u64; 10];
        let mut pairs = [[0u64; 10]; 10];
        parents.iter().for_each(|parent| counts[*parent as usize] += 1);
        for (at, pair) in parents.windows(2).enumerate() {
            if walk.group.parent(at as u64) == walk.group.parent(at as u64 + 1) {
                pairs[pair[0] as usize][pair[1] as usize] += 1;
            }
        }
        // 100,000 rows. Steps of 1, 3, 7 and 9 have no factor in common with ten parents.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 600), "{counts:?}");
        let met = pairs.as_flattened().iter().filter(|count| **count > 0).count();
        assert_eq!(met, 40, "every step is taken from every parent");
    }
}
