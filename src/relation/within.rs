//! References within a group: an order's address is one of the order's customer's.

use super::deal::Deal;
use super::{NO_PARENT, Relation};
use crate::random::Key;
use crate::value::Rows;
use std::sync::Arc;

/// Children and parents that belong to the same group.
///
/// A group's children are dealt to the group's parents by a [`Deal`]. A child whose group has no parents has none. The way there
/// and back costs what the two relations to the group cost.
pub struct Within {
    /// From the children to their group.
    group: Arc<dyn Relation>,
    /// From the parents to their group.
    parents: Arc<dyn Relation>,
    key: Key,
}

impl Within {
    /// Children and parents by their groups, which are the rows of one table.
    pub fn new(group: Arc<dyn Relation>, parents: Arc<dyn Relation>, key: Key) -> Self {
        Self { group, parents, key }
    }

    fn deal(&self, group: u64) -> Deal {
        Deal::new(self.key, group, self.group.places(group), self.parents.places(group))
    }

    /// Who takes a turn in a group: the parent at the turn's place, or where that is empty the next one's.
    fn taker(&self, deal: &Deal, group: u64, turn: u64) -> u64 {
        let turns = (turn..deal.takers()).chain(0..turn);
        let mut parents = turns.filter_map(|turn| self.parents.child_at(group, deal.taker(turn)));
        parents.next().unwrap_or(NO_PARENT)
    }

    /// Visits a parent's children; false when no more are wanted.
    fn visit(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) -> Option<()> {
        let group = Some(self.parents.parent(parent)).filter(|group| *group != NO_PARENT)?;
        let deal = self.deal(group);
        let own = deal.turn(self.parents.ordinal(parent));
        // Its own turn, and those before it whose places are empty.
        let before = (0..own).rev().chain((own + 1..deal.takers()).rev());
        let empty = |turn: &u64| self.parents.child_at(group, deal.taker(*turn)).is_none();
        for turn in [own].into_iter().chain(before.take_while(empty)) {
            for place in deal.things_of(turn) {
                if let Some(child) = self.group.child_at(group, place)
                    && !visit(child)
                {
                    return None;
                }
            }
        }
        Some(())
    }
}

impl Relation for Within {
    fn children(&self) -> u64 {
        self.group.children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let mut groups = Vec::with_capacity(rows.len());
        self.group.parents(rows, &mut groups);
        let mut known: Option<(u64, Deal)> = None;
        for (at, group) in groups.into_iter().enumerate() {
            if group == NO_PARENT {
                out.push(NO_PARENT);
                continue;
            }
            // Rows of a group often follow each other.
            let (_, deal) = match known.take() {
                Some((same, deal)) if same == group => known.insert((group, deal)),
                _ => known.insert((group, self.deal(group))),
            };
            out.push(match deal.takers() {
                0 => NO_PARENT,
                _ => self.taker(deal, group, deal.turn_of(self.group.ordinal(rows.get(at)))),
            });
        }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        self.visit(parent, visit);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Direct, FanOut, FanOutShape, Optional, PerParent, check};
    use super::*;
    use crate::diagnostic::Span;
    use crate::distribution::find;
    use crate::random::Absence;
    use crate::spec::{Argument, Arguments};

    fn key(name: &str) -> Key {
        Key::new(5, &[name])
    }

    fn plain(children: u64, parents: u64, name: &str) -> Arc<dyn Relation> {
        Arc::new(FanOut::new(children, parents, &FanOutShape::Uniform, key(name)).expect("has parents"))
    }

    /// Orders and addresses of 40 customers, in every form that relations have.
    fn groupings(rows: u64, name: &str) -> Vec<Arc<dyn Relation>> {
        let optional = Optional::new(plain(rows, 40, name), Absence::of(key(name).child("null"), 0.3));
        let through = super::super::Through::new(plain(rows, 90, name), plain(90, 40, "between"));
        vec![
            plain(rows, 40, name),
            Arc::new(PerParent::fixed(40, rows / 40).expect("can be counted")),
            Arc::new(optional),
            Arc::new(through),
        ]
    }

    #[test]
    fn both_belong_to_the_same_group_and_find_each_other() {
        for group in groupings(400, "orders") {
            for parents in groupings(80, "addresses") {
                let relation = Within::new(group.clone(), parents.clone(), key("within"));
                check::both_ways(&relation, 80);
                for row in 0..400 {
                    let (own, parent) = (group.parent(row), relation.parent(row));
                    match parent {
                        NO_PARENT => assert!(own == NO_PARENT || parents.child_count(own) == 0),
                        _ => assert_eq!(parents.parent(parent), own),
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_can_be_its_own_group() {
        let relation = Within::new(Arc::new(Direct::new(40)), plain(300, 40, "employees"), key("head"));
        check::both_ways(&relation, 300);
    }

    #[test]
    fn the_members_of_a_group_share_about_alike() {
        // A law with a long tail: groups of all sizes.
        let pareto = find("pareto").expect("is a distribution").build;
        let mut arguments = Arguments::default();
        for (name, value) in [("scale", 1.0), ("shape", 1.5)] {
            arguments.given.push((name.to_owned(), Argument::Number(value), Span::default()));
        }
        let shape = FanOutShape::Shape(pareto(&arguments).expect("has its parameters"));
        let group = FanOut::new(50_000, 500, &shape, key("groups")).expect("has parents");
        let relation = Within::new(Arc::new(group), plain(2_000, 500, "members"), key("share"));
        let mut sum = 0.0;
        let mut shared = 0.0;
        for group in 0..500 {
            let mut counts = Vec::new();
            relation.parents.visit_children(group, &mut |member| {
                counts.push(relation.child_count(member) as f64);
                true
            });
            let total: f64 = counts.iter().sum();
            assert!(counts.is_empty() || total == relation.group.child_count(group) as f64);
            if counts.len() > 1 && total > 0.0 {
                let mean = total / counts.len() as f64;
                sum += counts.iter().map(|count| (count / mean - 1.0) * (count / mean - 1.0)).sum::<f64>();
                shared += counts.len() as f64;
            }
        }
        // Jitter alone gives 1/6; small groups add to it.
        assert!((0.1..2.0).contains(&(sum / shared)), "{}", sum / shared);
    }
}
