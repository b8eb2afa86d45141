//! References to one of the rows that may be chosen in the row's group: an order's address is one of the customer's that are
//! still in use, in proportion to how often it was used, and another one for each parcel.

use super::lists::{List, Lists};
use super::portions::Portions;
use super::{NO_PARENT, Relation};
use crate::random::{Key, Permutation, mix, to_unit};
use crate::value::Rows;
use std::sync::Arc;

/// Children looked at together on the way back.
const SLICE: usize = 1_024;

/// What groups the rows of a table: one relation, or several whose parents together make a group.
#[derive(Clone)]
pub struct Groups {
    /// Each with the number of rows that it leads to.
    relations: Vec<(Arc<dyn Relation>, u64)>,
}

impl Groups {
    /// The relations with the numbers of rows that they lead to; `None` if there are more combinations than can be counted.
    pub fn new(relations: Vec<(Arc<dyn Relation>, u64)>) -> Option<Self> {
        let all = relations.iter().try_fold(1u64, |all, (_, rows)| all.checked_mul(*rows));
        all.filter(|all| *all < NO_PARENT).map(|_| Self { relations })
    }

    /// The group of each row; [`NO_PARENT`] for those that lack one of the parents.
    pub fn of(&self, rows: &Rows) -> Vec<u64> {
        let (first, others) = self.relations.split_first().expect("something groups the rows");
        let mut groups = Vec::with_capacity(rows.len());
        first.0.parents(rows, &mut groups);
        let mut parents = Vec::new();
        for (relation, count) in others {
            parents.clear();
            relation.parents(rows, &mut parents);
            for (group, parent) in groups.iter_mut().zip(&parents) {
                let is_whole = *group != NO_PARENT && *parent != NO_PARENT;
                *group = if is_whole { *group * count + parent } else { NO_PARENT };
            }
        }
        groups
    }

    /// The relation that is gone through to find the rows of a group, and whose rows it has.
    fn first(&self, group: u64) -> (&dyn Relation, u64) {
        let (first, others) = self.relations.split_first().expect("something groups the rows");
        (first.0.as_ref(), others.iter().rev().fold(group, |group, (_, count)| group / count))
    }

    fn is_one(&self) -> bool {
        self.relations.len() == 1
    }

    /// Rows that are grouped.
    pub(super) fn children(&self) -> u64 {
        self.relations[0].0.children()
    }
}

/// Children that refer to a row of their group's list, in proportion to the weights there. A child whose group has no list has
/// no parent.
///
/// With `distinct`, the children that share a parent by that relation too refer to different rows; those for whom no row is left
/// have none. Where weights differ, this is a draw without replacement (Efraimidis and Spirakis 2006), for which all of the list
/// is looked at.
pub struct Among {
    groups: Groups,
    /// From the parents to their groups.
    members: Groups,
    lists: Lists,
    distinct: Option<Arc<dyn Relation>>,
    is_weighted: bool,
    key: Key,
}

/// The children of one parent by the `distinct` relation.
struct Family {
    of: u64,
    /// Each child, ascending, with its place among those of the family that are in the same group.
    places: Vec<(u64, u64)>,
}

/// In which order a family takes the rows of a list.
enum Order {
    /// All alike.
    Alike(Permutation),
    /// In proportion to weights: the first ones.
    Weighted(Vec<u32>),
}

impl Among {
    /// Children and parents by their groups; `lists` are the parents' rows that may be chosen. `is_weighted` says whether
    /// weights differ.
    pub fn new(
        groups: Groups,
        members: Groups,
        lists: Lists,
        distinct: Option<Arc<dyn Relation>>,
        is_weighted: bool,
        key: Key,
    ) -> Self {
        Self { groups, members, lists, distinct, is_weighted, key }
    }

    fn portions(&self, group: u64) -> Portions<'_> {
        let (first, of) = self.groups.first(group);
        Portions::new(self.key, group, first.places(of), self.lists.of(group))
    }

    /// Parents that the rows of a group share.
    fn shared(&self, rows: &Rows, groups: &[u64], out: &mut Vec<u64>) {
        let mut known: Option<(u64, Portions)> = None;
        for (at, group) in groups.iter().enumerate() {
            let list = self.lists.of(*group);
            if *group == NO_PARENT || list.len() == 0 {
                out.push(NO_PARENT);
                continue;
            }
            // Rows of a group often follow each other.
            if known.as_ref().is_none_or(|(same, _)| same != group) {
                known = Some((*group, self.portions(*group)));
            }
            let (_, portions) = known.as_ref().expect("it was just made");
            let thing = self.groups.first(*group).0.ordinal(rows.get(at));
            out.push(list.rows[portions.place_of(thing)] as u64);
        }
    }

    /// Parents that differ within a family.
    fn different(&self, distinct: &dyn Relation, rows: &Rows, groups: &[u64], out: &mut Vec<u64>) {
        let mut families = Vec::with_capacity(rows.len());
        distinct.parents(rows, &mut families);
        let mut family = Family { of: NO_PARENT, places: Vec::new() };
        let mut known: Option<(u64, u64, Order)> = None;
        for (at, (group, of)) in groups.iter().zip(families).enumerate() {
            let list = self.lists.of(*group);
            if *group == NO_PARENT || of == NO_PARENT || list.len() == 0 {
                out.push(NO_PARENT);
                continue;
            }
            if family.of != of {
                family = self.family(distinct, of);
            }
            if known.as_ref().is_none_or(|(same, in_group, _)| (*same, *in_group) != (of, *group)) {
                known = Some((of, *group, self.order(of, *group, list)));
            }
            let (_, _, order) = known.as_ref().expect("it was just made");
            let own = family.places.binary_search_by_key(&rows.get(at), |(row, _)| *row);
            let place = family.places[own.expect("a row is of its family")].1;
            out.push(match (place < list.len(), order) {
                (false, _) => NO_PARENT,
                (_, Order::Alike(order)) => list.rows[order.apply(place) as usize] as u64,
                (_, Order::Weighted(order)) => list.rows[order[place as usize] as usize] as u64,
            });
        }
    }

    fn family(&self, distinct: &dyn Relation, of: u64) -> Family {
        let mut rows = Vec::new();
        distinct.visit_children(of, &mut |row| {
            rows.push(row);
            true
        });
        let groups = self.groups.of(&Rows::Picked(rows.as_slice().into()));
        let mut by_group: Vec<(u64, u64)> = groups.into_iter().zip(rows).collect();
        by_group.sort_unstable();
        let mut places: Vec<(u64, u64)> = Vec::with_capacity(by_group.len());
        let mut first = 0;
        for (at, (group, row)) in by_group.iter().enumerate() {
            if by_group[first].0 != *group {
                first = at;
            }
            places.push((*row, (at - first) as u64));
        }
        places.sort_unstable();
        Family { of, places }
    }

    fn order(&self, family: u64, group: u64, list: List) -> Order {
        let key = Key::from_raw(mix(self.key, family), mix(self.key, !group));
        if !self.is_weighted {
            return Order::Alike(Permutation::passing(key, list.len()));
        }
        // An exponential time for each, the shorter the more it weighs: who comes first is drawn in proportion.
        let time = |place: usize| -libm::log(1.0 - to_unit(mix(key, place as u64))) / list.weight(place);
        let mut times: Vec<(f64, u32)> =
            (0..list.rows.len()).map(|place| (time(place), place as u32)).collect();
        times.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        Order::Weighted(times.into_iter().map(|(_, place)| place).collect())
    }

    /// The children that share a group's rows and refer to one of them.
    fn visit_sharing(&self, group: u64, place: usize, visit: &mut dyn FnMut(u64) -> bool) {
        let (first, of) = self.groups.first(group);
        for thing in self.portions(group).things_of(place) {
            let Some(child) = first.child_at(of, thing) else { continue };
            // A row's group is known by one parent, or by all of them.
            let is_of_group =
                self.groups.is_one() || self.groups.of(&Rows::Range { start: child, len: 1 })[0] == group;
            if is_of_group && !visit(child) {
                return;
            }
        }
    }

    /// The children in a group that refer to a row; all are looked at.
    fn visit_different(&self, group: u64, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        let (first, of) = self.groups.first(group);
        let mut found = Vec::with_capacity(SLICE);
        let mut look = |children: &[u64], _: &[u32]| {
            found.clear();
            self.parents(&Rows::Picked(children.into()), &mut found);
            children.iter().zip(&found).all(|(child, found)| *found != parent || visit(*child))
        };
        first.families(&Rows::Range { start: of, len: 1 }, SLICE, &mut look);
    }
}

impl Relation for Among {
    fn children(&self) -> u64 {
        self.groups.children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let groups = self.groups.of(rows);
        match &self.distinct {
            Some(distinct) => self.different(distinct.as_ref(), rows, &groups, out),
            None => self.shared(rows, &groups, out),
        }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        let group = self.members.of(&Rows::Range { start: parent, len: 1 })[0];
        let Some(place) = Some(group)
            .filter(|group| *group != NO_PARENT)
            .and_then(|group| self.lists.of(group).place(parent))
        else {
            return;
        };
        match self.distinct {
            Some(_) => self.visit_different(group, parent, visit),
            None => self.visit_sharing(group, place, visit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FanOut, FanOutShape, Optional, PerParent, check};
    use super::*;
    use crate::random::Absence;
    use std::collections::HashMap;

    const ROWS: u64 = 600;
    const PARENTS: u64 = 150;

    fn key(name: &str) -> Key {
        Key::new(8, &[name])
    }

    fn plain(children: u64, parents: u64, name: &str) -> Arc<dyn Relation> {
        Arc::new(FanOut::new(children, parents, &FanOutShape::Uniform, key(name)).expect("has parents"))
    }

    fn optional(children: u64, parents: u64, name: &str) -> Arc<dyn Relation> {
        Arc::new(Optional::new(plain(children, parents, name), Absence::of(key(name).child("null"), 0.2)))
    }

    fn lists(members: &Groups, weight: impl Fn(u64) -> f64) -> Lists {
        let groups = members.of(&Rows::Range { start: 0, len: PARENTS as usize });
        let members = groups.into_iter().enumerate();
        let members = members.map(|(row, group)| (group, row as u32, weight(row as u64)));
        Lists::new(members.filter(|(group, _, weight)| *group != NO_PARENT && *weight > 0.0).collect())
    }

    /// One group by 20 rows, and two groups by 5 times 4, from the children and from the parents.
    fn groupings() -> Vec<[Groups; 2]> {
        let groups = |relations| Groups::new(relations).expect("are few");
        vec![
            [groups(vec![(plain(ROWS, 20, "a"), 20)]), groups(vec![(plain(PARENTS, 20, "b"), 20)])],
            [
                groups(vec![(Arc::new(PerParent::fixed(20, 30).expect("can be counted")), 20)]),
                groups(vec![(optional(PARENTS, 20, "b"), 20)]),
            ],
            [
                groups(vec![(optional(ROWS, 5, "a"), 5), (plain(ROWS, 4, "c"), 4)]),
                groups(vec![(plain(PARENTS, 5, "b"), 5), (optional(PARENTS, 4, "d"), 4)]),
            ],
        ]
    }

    #[test]
    fn parents_are_of_the_same_group_and_may_be_chosen_both_ways() {
        let families: [Option<Arc<dyn Relation>>; 3] = [
            None,
            Some(plain(ROWS, 100, "orders")),
            Some(Arc::new(PerParent::fixed(100, 6).expect("is one"))),
        ];
        for distinct in families {
            for is_weighted in [false, true] {
                for [groups, members] in groupings() {
                    let weight = |row: u64| match (row.is_multiple_of(3), is_weighted) {
                        (true, _) => 0.0,
                        (_, true) => 1.0 + (row % 7) as f64,
                        _ => 1.0,
                    };
                    let lists = lists(&members, weight);
                    let relation =
                        Among::new(groups, members, lists, distinct.clone(), is_weighted, key("among"));
                    check::both_ways(&relation, PARENTS);
                    hold(&relation, distinct.as_deref());
                }
            }
        }
    }

    /// Each child by itself.
    fn hold(relation: &Among, distinct: Option<&dyn Relation>) {
        let all = Rows::Range { start: 0, len: ROWS as usize };
        let groups = relation.groups.of(&all);
        let of_parents = relation.members.of(&Rows::Range { start: 0, len: PARENTS as usize });
        let mut taken: HashMap<(u64, u64), Vec<u64>> = HashMap::new();
        let mut rows: HashMap<(u64, u64), u64> = HashMap::new();
        for child in 0..ROWS {
            let (group, parent) = (groups[child as usize], relation.parent(child));
            let family = distinct.map_or(child, |distinct| distinct.parent(child));
            *rows.entry((family, group)).or_default() += 1;
            if parent == NO_PARENT {
                continue;
            }
            assert!(parent % 3 != 0 && of_parents[parent as usize] == group, "{parent} of {group}");
            let others = taken.entry((family, group)).or_default();
            assert!(!others.contains(&parent), "{parent} twice");
            others.push(parent);
        }
        for ((family, group), rows) in rows.into_iter().filter(|((_, group), _)| *group != NO_PARENT) {
            let taken = taken.get(&(family, group)).map_or(0, Vec::len) as u64;
            assert_eq!(taken, rows.min(relation.lists.of(group).len()), "as many as there are");
        }
    }

    #[test]
    fn different_ones_are_chosen_in_proportion() {
        let everything =
            |rows: u64, one: u64| Groups::new(vec![(plain(rows, 1, "all"), one)]).expect("is one");
        let lists = Lists::new((0..4).map(|row| (0, row, [4.0, 3.0, 2.0, 1.0][row as usize])).collect());
        let families: Arc<dyn Relation> = Arc::new(PerParent::fixed(20_000, 1).expect("can be counted"));
        let (groups, members) = (everything(20_000, 1), everything(4, 1));
        let relation = Among::new(groups, members, lists, Some(families), true, key("share"));
        for (row, share) in [0.4, 0.3, 0.2, 0.1].into_iter().enumerate() {
            let found = relation.child_count(row as u64) as f64 / 20_000.0;
            assert!((found - share).abs() < 0.015, "{found} of {share}");
        }
    }
}
