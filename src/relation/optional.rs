//! References that some rows do not have.

use super::{Families, Relation};
use crate::random::Absence;
use crate::value::Rows;
use std::sync::Arc;

/// Another relation, without a share of its rows: those have no parent.
pub struct Optional {
    inner: Arc<dyn Relation>,
    absence: Absence,
}

impl Optional {
    /// Leaves out the references of absent rows.
    pub fn new(inner: Arc<dyn Relation>, absence: Absence) -> Self {
        Self { inner, absence }
    }

    fn is_null(&self, child: u64) -> bool {
        self.absence.is_absent(child)
    }
}

impl Relation for Optional {
    fn children(&self) -> u64 {
        self.inner.children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        if self.absence.is_total() {
            // Perhaps there is no parent at all.
            return out.extend(std::iter::repeat_n(u64::MAX, rows.len()));
        }
        let start = out.len();
        self.inner.parents(rows, out);
        for (at, parent) in out[start..].iter_mut().enumerate() {
            if self.is_null(rows.get(at)) {
                *parent = u64::MAX;
            }
        }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        self.inner.visit_children(parent, &mut |child| self.is_null(child) || visit(child));
    }

    fn places(&self, parent: u64) -> u64 {
        self.inner.places(parent)
    }

    fn finds_places(&self) -> bool {
        self.inner.finds_places()
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        self.inner.child_at(parent, place).filter(|child| !self.is_null(*child))
    }

    fn ordinal(&self, child: u64) -> u64 {
        self.inner.ordinal(child)
    }

    fn families(&self, parents: &Rows, slice: usize, visit: &mut dyn FnMut(&[u64], &[u32]) -> bool) {
        let mut families = Families::new(slice, visit);
        self.inner.families(parents, slice, &mut |children, places| {
            let mut present = children.iter().zip(places).filter(|(child, _)| !self.is_null(**child));
            present.all(|(child, place)| families.push(*child, *place))
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
    fn both_directions_leave_out_the_same_rows() {
        let key = Key::new(7, &["orders", "customer_id"]);
        let all = Arc::new(FanOut::new(1_000, 50, &FanOutShape::Uniform, key).expect("has parents"));
        let relation = Optional::new(all, Absence::of(key.child("null"), 0.3));
        let mut parents = Vec::new();
        relation.parents(&Rows::Range { start: 0, len: 1_000 }, &mut parents);
        let nulls = parents.iter().filter(|parent| **parent == u64::MAX).count();
        assert!((200..400).contains(&nulls), "{nulls} of 1000 are null");
        super::super::check::both_ways(&relation, 50);
        let mut seen = 0;
        for parent in 0..50 {
            relation.visit_children(parent, &mut |child| {
                assert_eq!(parents[child as usize], parent);
                seen += 1;
                true
            });
        }
        assert_eq!(seen + nulls, 1_000);
    }
}
