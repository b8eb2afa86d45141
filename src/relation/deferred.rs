//! Relations that stand on generated values, known only when those have been computed.

use super::Relation;
use crate::value::Rows;
use std::sync::{Arc, OnceLock};

/// A place for a relation, filled between plan and run by [`crate::generate::prepare`].
#[derive(Default)]
pub struct Deferred {
    made: OnceLock<Arc<dyn Relation>>,
}

impl Deferred {
    /// Fills the place; once only.
    pub fn fill(&self, relation: Arc<dyn Relation>) {
        assert!(self.made.set(relation).is_ok(), "a relation is made once");
    }

    /// Whether it is filled.
    pub fn is_made(&self) -> bool {
        self.made.get().is_some()
    }

    #[inline]
    fn made(&self) -> &dyn Relation {
        self.made
            .get()
            .expect("`generate::prepare` fills the plan's relations before its rows are made")
            .as_ref()
    }
}

impl Relation for Deferred {
    fn children(&self) -> u64 {
        self.made().children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        self.made().parents(rows, out);
    }

    fn child_count(&self, parent: u64) -> u64 {
        self.made().child_count(parent)
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        self.made().visit_children(parent, visit);
    }

    fn places(&self, parent: u64) -> u64 {
        self.made().places(parent)
    }

    fn finds_places(&self) -> bool {
        self.made().finds_places()
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        self.made().child_at(parent, place)
    }

    fn ordinal(&self, child: u64) -> u64 {
        self.made().ordinal(child)
    }

    fn parent(&self, child: u64) -> u64 {
        self.made().parent(child)
    }

    fn families(&self, parents: &Rows, slice: usize, visit: &mut dyn FnMut(&[u64], &[u32]) -> bool) {
        self.made().families(parents, slice, visit);
    }

    fn child_counts(&self, parents: &Rows, out: &mut Vec<u64>) {
        self.made().child_counts(parents, out);
    }

    fn ordinals(&self, rows: &Rows, out: &mut Vec<u64>) {
        self.made().ordinals(rows, out);
    }
}
