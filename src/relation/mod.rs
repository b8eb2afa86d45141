//! References between tables as arithmetic: child row -> parent row and back, without memory.
//!
//! | relation      | what it is for                                        | finding a parent               | finding children           |
//! |---------------|-------------------------------------------------------|--------------------------------|----------------------------|
//! | [`FanOut`]    | an ordinary foreign key                               | 20 ns                          | 10 ns each                 |
//! | [`Drawn`]     | references that nobody follows back: `one_way`          | 2 ns                           | all rows                   |
//! | [`PerParent`] | rows generated per parent: `rows: {per: orders, ...}` | 4 ns in a run, 120 ns anywhere | a range                    |
//! | [`Earlier`]   | a table that refers to its own earlier rows           | as `FanOut`                    | as `FanOut`, at each level |
//! | [`Direct`]    | one row per parent row, under the same number         | nothing                        | nothing                    |
//! | [`Optional`]  | another relation, without some of the references      | and 2 ns                       | and 2 ns each              |
//! | [`Sample`]    | one row for each of some parents, in their order       | 2 searches                     | 2 look-ups                 |
//! | [`Listed`]    | rows that are written down                            | a look-up                      | look-ups                   |
//! | [`Versions`]  | rows that are versions of entities                    | as `PerParent`                 | a range                    |
//! | [`Through`]   | one relation after another                            | both                           | both                       |
//! | [`Chosen`]    | another relation, to some of the parents              | and a search among counts      | and a look                 |
//! | [`OfKind`]    | one of several tables, by exact shares                | a permutation, and as there    | as there                       |
//! | [`Tally`]     | parents in proportion to weights that they carry      | and a search in a block        | a look                     |
//! | [`Distinct`]  | parents that differ within a group                    | group, stratum, law            | all places of its strata       |
//! | [`Thread`]    | earlier rows of the same group                        | a block of it, or its place    | a block of the group           |
//! | [`Among`]     | of the same groups, chosen by value or different      | groups, portion of a list      | its portion, or all of the group |
//! | [`DrawnAmong`] | the same, but nobody follows back: `one_way`            | groups, two searches           | all rows                   |
//! | [`Within`]    | parents of the same group: the customer's own account | group, deal, member            | the same way back          |
//!
//! (Measured in batches of 1,000 rows on one core; `benches/relations.rs`.)
//!
//! All of them are decided by a key, a few numbers and tables of bounded size, so that every thread, and every part
//! of a run, comes to the same answers. What one direction says, the other confirms: each child row is visited from
//! exactly the parent it refers to, and counts add up to the number of rows.

mod among;
mod chosen;
mod deal;
mod deferred;
mod digits;
mod direct;
mod distinct;
mod drawn;
mod drawn_among;
mod earlier;
mod fan_out;
mod kinds;
mod law;
mod listed;
mod lists;
mod optional;
mod per_parent;
mod portions;
mod quotas;
mod sample;
mod shuffle;
mod tally;
mod thread;
mod through;
mod versions;
mod walk;
mod within;

pub use among::{Among, Groups};
pub use chosen::{Chosen, Selection};
pub use deferred::Deferred;
pub use digits::Digits;
pub use direct::Direct;
pub use distinct::Distinct;
pub use drawn::Drawn;
pub use drawn_among::DrawnAmong;
pub use earlier::Earlier;
pub use fan_out::{FanOut, FanOutShape};
pub use kinds::{Kinds, OfKind};
pub use law::Weights;
pub use listed::Listed;
pub use lists::Lists;
pub use optional::Optional;
pub use per_parent::{CountShape, PerParent};
pub(crate) use quotas::{Quotas, Stratum};
pub use sample::Sample;
pub use tally::Tally;
pub use thread::Thread;
pub use through::Through;
pub use versions::{Changes, Periods, Spacing, VersionCounts, Versions};
pub use walk::Walk;
pub use within::Within;

use crate::value::Rows;

/// What [`Relation::parents`] says where a row has no parent.
pub const NO_PARENT: u64 = u64::MAX;

/// How the rows of a child table refer to the rows of a parent table, in both directions.
pub trait Relation: Send + Sync {
    /// Rows of the child table.
    fn children(&self) -> u64;

    /// Appends the parent row of each child row; `u64::MAX` where there is none (the first rows of `earlier`).
    fn parents(&self, rows: &Rows, out: &mut Vec<u64>);

    /// About how many nanoseconds it takes to find a row's parent.
    fn cost(&self) -> u32 {
        25
    }

    /// How many child rows refer to a parent row. Here they are gone through; most relations compute it.
    fn child_count(&self, parent: u64) -> u64 {
        let mut count = 0;
        self.visit_children(parent, &mut |_| {
            count += 1;
            true
        });
        count
    }

    /// Visits the child rows of a parent row, always in the same order; stops when `visit` returns false. Takes time in
    /// proportion to the answer.
    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool);

    /// Visits the children of many parent rows, slice by slice: at most `slice` child rows, and for each its parent's place in
    /// `parents`. In the order of the parents; stops when `visit` returns false. Cheaper than asking parent by parent, and no
    /// parent's number of children makes it need more memory.
    fn families(&self, parents: &Rows, slice: usize, visit: &mut dyn FnMut(&[u64], &[u32]) -> bool) {
        let mut families = Families::new(slice, visit);
        for at in 0..parents.len() {
            self.visit_children(parents.get(at), &mut |child| families.push(child, at as u32));
            if families.is_stopped {
                return;
            }
        }
        families.finish();
    }

    /// Appends how many child rows refer to each of these parent rows.
    fn child_counts(&self, parents: &Rows, out: &mut Vec<u64>) {
        parents.for_each(|parent| out.push(self.child_count(parent)));
    }

    /// Whether a parent's children stand in the order of the table, and all places are taken.
    fn keeps_order(&self) -> bool {
        false
    }

    /// Whether [`child_at`](Self::child_at) and [`ordinal`](Self::ordinal) cost the same however many siblings there are.
    fn finds_places(&self) -> bool {
        false
    }

    /// How many children the parent with the most has at most.
    fn most_children(&self) -> u64 {
        self.children()
    }

    /// How many places a parent has for children, in the order of [`visit_children`](Self::visit_children); some may be empty.
    fn places(&self, parent: u64) -> u64 {
        self.child_count(parent)
    }

    /// The child at a place (below [`places`](Self::places)) of a parent; `None` where it is empty.
    ///
    /// Here and in [`ordinal`](Self::ordinal) siblings are gone through; most relations compute it.
    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        let (mut found, mut at) = (None, 0);
        self.visit_children(parent, &mut |child| {
            found = (at == place).then_some(child);
            at += 1;
            found.is_none()
        });
        found
    }

    /// The child row's place among its siblings, from 0. It must have a parent.
    fn ordinal(&self, child: u64) -> u64 {
        let mut place = 0;
        self.visit_children(self.parent(child), &mut |sibling| {
            place += u64::from(sibling != child);
            sibling != child
        });
        place
    }

    /// The parent row of one child row; `u64::MAX` where there is none.
    fn parent(&self, child: u64) -> u64 {
        let mut found = Vec::with_capacity(1);
        self.parents(&Rows::Range { start: child, len: 1 }, &mut found);
        found[0]
    }

    /// Appends the [`ordinal`](Self::ordinal) of each child row.
    fn ordinals(&self, rows: &Rows, out: &mut Vec<u64>) {
        rows.for_each(|row| out.push(self.ordinal(row)));
    }
}

/// Children and their parents' places, on the way to who visits [`Relation::families`].
struct Families<'v> {
    children: Vec<u64>,
    places: Vec<u32>,
    slice: usize,
    visit: &'v mut dyn FnMut(&[u64], &[u32]) -> bool,
    is_stopped: bool,
}

/// As many children as few parents have more of.
const SHORT: usize = 8;

impl<'v> Families<'v> {
    fn new(slice: usize, visit: &'v mut dyn FnMut(&[u64], &[u32]) -> bool) -> Self {
        let slice = slice.max(1);
        Self {
            children: Vec::with_capacity(slice),
            places: Vec::with_capacity(slice),
            slice,
            visit,
            is_stopped: false,
        }
    }

    /// Adds a child; false when no more are wanted.
    #[inline]
    fn push(&mut self, child: u64, place: u32) -> bool {
        self.children.push(child);
        self.places.push(place);
        self.children.len() < self.slice || self.flush()
    }

    /// Adds consecutive children of one parent; false when no more are wanted.
    fn push_run(&mut self, mut first: u64, mut count: u64, place: u32) -> bool {
        let len = self.children.len();
        if count <= SHORT as u64 && len + SHORT < self.slice {
            // As many as are usual, of which some are dropped again: stores whose number is known take less than finding it out.
            self.children.extend(std::array::from_fn::<u64, SHORT, _>(|at| first.wrapping_add(at as u64)));
            self.places.extend([place; SHORT]);
            self.children.truncate(len + count as usize);
            self.places.truncate(len + count as usize);
            return !self.is_stopped;
        }
        while count > 0 {
            let fitting = count.min((self.slice - self.children.len()) as u64);
            self.children.extend(first..first + fitting);
            self.places.extend(std::iter::repeat_n(place, fitting as usize));
            if self.children.len() == self.slice && !self.flush() {
                return false;
            }
            (first, count) = (first + fitting, count - fitting);
        }
        !self.is_stopped
    }

    /// Hands over what is there; false when no more are wanted.
    fn flush(&mut self) -> bool {
        self.is_stopped = self.is_stopped || !(self.visit)(&self.children, &self.places);
        self.children.clear();
        self.places.clear();
        !self.is_stopped
    }

    fn finish(mut self) {
        if !self.children.is_empty() {
            self.flush();
        }
    }
}

#[cfg(test)]
mod check;
