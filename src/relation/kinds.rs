//! References to one of several tables: a comment is on a post or on a photo.

use super::quotas::{Quotas, Stratum};
use super::{NO_PARENT, Relation};
use crate::random::{Key, Permutation};
use crate::value::Rows;
use std::sync::Arc;

/// Rows dealt to kinds in exact shares: which kind a row is of, and its number within the kind.
#[derive(Clone, Debug)]
pub struct Kinds {
    order: Permutation,
    quotas: Arc<Quotas>,
}

impl Kinds {
    /// `rows` rows of kinds with these weights, at least one of which is above 0.
    pub fn new(rows: u64, weights: &[f64], key: Key) -> Self {
        let strata: Vec<Stratum> =
            weights.iter().map(|weight| Stratum { ranks: 1, weight: *weight }).collect();
        Self { order: Permutation::new(key, rows), quotas: Arc::new(Quotas::new(rows, &strata)) }
    }

    /// A row's kind.
    pub fn kind(&self, row: u64) -> u64 {
        self.quotas.rank(self.order.apply(row))
    }

    /// How many rows are of a kind.
    pub fn count(&self, kind: u64) -> u64 {
        self.quotas.positions(kind).1
    }

    /// A row's number within a kind, if it is of that kind.
    fn number(&self, row: u64, kind: u64) -> Option<u64> {
        let (first, count) = self.quotas.positions(kind);
        self.order.apply(row).checked_sub(first).filter(|number| *number < count)
    }

    /// The row of that number within a kind.
    fn row(&self, number: u64, kind: u64) -> u64 {
        self.order.invert(self.quotas.positions(kind).0 + number)
    }
}

/// The references of one kind: rows of others have no parent.
pub struct OfKind {
    kinds: Kinds,
    kind: u64,
    rows: u64,
    /// From numbers within the kind to parents.
    inner: Arc<dyn Relation>,
}

impl OfKind {
    /// `inner`'s children are the rows of that kind, of `rows` in all.
    pub fn new(kinds: Kinds, kind: u64, rows: u64, inner: Arc<dyn Relation>) -> Self {
        Self { kinds, kind, rows, inner }
    }
}

impl Relation for OfKind {
    fn children(&self) -> u64 {
        self.rows
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        rows.for_each(|row| out.push(self.parent(row)));
    }

    fn parent(&self, child: u64) -> u64 {
        self.kinds.number(child, self.kind).map_or(NO_PARENT, |number| self.inner.parent(number))
    }

    fn child_count(&self, parent: u64) -> u64 {
        self.inner.child_count(parent)
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        self.inner.visit_children(parent, &mut |number| visit(self.kinds.row(number, self.kind)));
    }

    fn places(&self, parent: u64) -> u64 {
        self.inner.places(parent)
    }

    fn finds_places(&self) -> bool {
        self.inner.finds_places()
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        Some(self.kinds.row(self.inner.child_at(parent, place)?, self.kind))
    }

    fn ordinal(&self, child: u64) -> u64 {
        self.kinds.number(child, self.kind).map_or(0, |number| self.inner.ordinal(number))
    }

    fn most_children(&self) -> u64 {
        self.inner.most_children()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FanOut, FanOutShape, check};
    use super::*;

    #[test]
    fn each_row_has_one_kind_and_each_kind_its_share() {
        let key = Key::new(3, &["kinds"]);
        let kinds = Kinds::new(1_000, &[60.0, 30.0, 0.0, 10.0], key);
        assert_eq!([0, 1, 2, 3].map(|kind| kinds.count(kind)), [600, 300, 0, 100]);
        let mut of_row = vec![0; 1_000];
        for kind in [0, 1, 3] {
            let inner = FanOut::new(kinds.count(kind), 40, &FanOutShape::Uniform, key.child("inner"));
            let inner = Arc::new(inner.expect("has parents"));
            let relation = OfKind::new(kinds.clone(), kind, 1_000, inner);
            check::both_ways(&relation, 40);
            for row in 0..1_000 {
                assert_eq!(relation.parent(row) != NO_PARENT, kinds.kind(row) == kind);
                of_row[row as usize] += u64::from(relation.parent(row) != NO_PARENT);
            }
        }
        assert!(of_row.iter().all(|times| *times == 1));
    }
}
