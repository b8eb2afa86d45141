//! References by way of another table: an order's customer is its address's customer.

use super::{Families, Relation};
use crate::value::Rows;
use std::sync::Arc;

/// One relation after another.
pub struct Through {
    /// From the child to the table between.
    first: Arc<dyn Relation>,
    /// From there to the parent.
    then: Arc<dyn Relation>,
}

impl Through {
    /// First one relation, then the other; `first`'s parents are `then`'s children.
    pub fn new(first: Arc<dyn Relation>, then: Arc<dyn Relation>) -> Self {
        Self { first, then }
    }
}

impl Relation for Through {
    fn children(&self) -> u64 {
        self.first.children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let mut between = Vec::with_capacity(rows.len());
        self.first.parents(rows, &mut between);
        // Rows without a way are asked for row 0 and then forgotten, which keeps places.
        let has_way: Vec<bool> = between.iter().map(|row| *row != u64::MAX).collect();
        if !has_way.contains(&true) {
            return out.extend(between);
        }
        between.iter_mut().filter(|row| **row == u64::MAX).for_each(|row| *row = 0);
        let start = out.len();
        self.then.parents(&Rows::Picked(between.into()), out);
        for (parent, has_way) in out[start..].iter_mut().zip(has_way) {
            if !has_way {
                *parent = u64::MAX;
            }
        }
    }

    fn child_count(&self, parent: u64) -> u64 {
        let mut count = 0;
        self.then.visit_children(parent, &mut |between| {
            count += self.first.child_count(between);
            true
        });
        count
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        self.then.visit_children(parent, &mut |between| {
            let mut goes_on = true;
            self.first.visit_children(between, &mut |child| {
                goes_on = visit(child);
                goes_on
            });
            goes_on
        });
    }

    fn child_counts(&self, parents: &Rows, out: &mut Vec<u64>) {
        // Enough for calls to be cheap, whatever the number of rows between.
        const SLICE: usize = 1_024;
        let start = out.len();
        out.resize(start + parents.len(), 0);
        let mut counts = Vec::with_capacity(SLICE);
        self.then.families(parents, SLICE, &mut |between, places| {
            counts.clear();
            self.first.child_counts(&Rows::Picked(between.into()), &mut counts);
            for (count, place) in counts.iter().zip(places) {
                out[start + *place as usize] += count;
            }
            true
        });
    }

    fn families(&self, parents: &Rows, slice: usize, visit: &mut dyn FnMut(&[u64], &[u32]) -> bool) {
        let mut families = Families::new(slice, visit);
        self.then.families(parents, slice, &mut |between, places| {
            let rows = Rows::Picked(between.into());
            self.first.families(&rows, slice, &mut |children, at| {
                let mut pairs = children.iter().zip(at);
                pairs.all(|(child, at)| families.push(*child, places[*at as usize]))
            });
            !families.is_stopped
        });
        if !families.is_stopped {
            families.finish();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FanOut, FanOutShape};
    use super::*;
    use crate::random::Key;

    #[test]
    fn the_way_there_and_back_meet() {
        let key = |name| Key::new(7, &[name]);
        let addresses =
            Arc::new(FanOut::new(300, 100, &FanOutShape::Uniform, key("addresses")).expect("has parents"));
        let orders =
            Arc::new(FanOut::new(2_000, 300, &FanOutShape::Uniform, key("orders")).expect("has parents"));
        let relation = Through::new(orders, addresses);
        let mut parents = Vec::new();
        relation.parents(&Rows::Range { start: 0, len: 2_000 }, &mut parents);
        super::super::check::both_ways(&relation, 100);
        let mut seen = 0;
        for customer in 0..100 {
            let before = seen;
            relation.visit_children(customer, &mut |order| {
                assert_eq!(parents[order as usize], customer);
                seen += 1;
                true
            });
            assert_eq!(relation.child_count(customer), seen - before);
        }
        assert_eq!(seen, 2_000);
    }
}
