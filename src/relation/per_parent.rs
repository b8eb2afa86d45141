//! Rows generated per parent: order lines of orders.

mod counts;

pub use counts::CountShape;

use super::shuffle::{SIZE, shuffle};
use super::{Families, Relation};
use crate::random::Key;
use crate::spec::Refusal;
use crate::value::Rows;

/// Parents in a super-block: 64 blocks of 64.
const SUPER: u64 = (SIZE * SIZE) as u64;

/// Each parent has a number of children that a distribution decides; the children of consecutive parents are
/// consecutive rows.
///
/// Counts are stratified. 4,096 quantiles of the distribution are dealt to 64 groups of 64, each of which spans the
/// whole distribution. A super-block of 4,096 parents has all groups, in an order of its own, and each of its blocks its
/// group's counts in an order of its own. So all super-blocks have the same number of children, the number of rows is
/// known before any is made, and the way from a row to its parent is a division and two searches among 64, about 120 ns
/// alone and 4 ns in a run. More parents leave the first ones' children as they were.
#[derive(Debug)]
pub struct PerParent {
    parents: u64,
    children: u64,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// The same number for every parent: plain arithmetic.
    Fixed(u64),
    Turns(Turns),
    Varied(Varied),
}

/// Numbers of children that parents have in turn.
#[derive(Debug)]
struct Turns {
    /// Where the children of each parent of a turn begin, and where the last ones end.
    starts: Vec<u64>,
}

#[derive(Debug)]
struct Varied {
    order: Key,
    groups: Key,
    /// The counts of group `g` are `counts[64 * g..64 * g + 64]`.
    counts: Vec<u64>,
    group_totals: Vec<u64>,
    total: u64,
}

impl PerParent {
    /// Children for `parents` rows. Refused when the shape contradicts itself (see [`CountShape`]) or the rows are more
    /// than can be counted.
    pub fn new(parents: u64, shape: &CountShape, key: Key) -> Result<Self, Refusal> {
        let counts = shape.quantiles(SUPER as usize)?;
        let too_many = || Refusal::whole(format!("{parents} parents have more children than can be counted"));
        if counts[0] == counts[counts.len() - 1] {
            let children = parents.checked_mul(counts[0]).ok_or_else(too_many)?;
            return Ok(Self { parents, children, form: Form::Fixed(counts[0]) });
        }
        let varied = Varied::new(counts, key).ok_or_else(too_many)?;
        (parents / SUPER + 1).checked_mul(varied.total).ok_or_else(too_many)?;
        let children = Cursor::new(&varied).first_child(parents);
        Ok(Self { parents, children, form: Form::Varied(varied) })
    }

    /// The same number of children for every parent.
    pub fn fixed(parents: u64, count: u64) -> Result<Self, Refusal> {
        Self::new(
            parents,
            &CountShape { distribution: None, min: count, max: count, mean: None },
            Key::from_raw(0, 0),
        )
    }

    /// The first parent has the first of these numbers of children, the second one the second, and so on, again and again.
    pub fn in_turn(parents: u64, counts: &[u64]) -> Result<Self, Refusal> {
        let turns = Turns::new(counts);
        let too_many = || Refusal::whole(format!("{parents} parents have more children than can be counted"));
        let turns =
            turns.filter(|turns| (parents / counts.len() as u64 + 1).checked_mul(turns.total()).is_some());
        let turns = turns.ok_or_else(too_many)?;
        Ok(Self { parents, children: turns.first_child(parents), form: Form::Turns(turns) })
    }

    /// The most children that a parent can have.
    pub fn most(&self) -> u64 {
        match &self.form {
            Form::Fixed(count) => *count,
            Form::Turns(turns) => turns.most(),
            Form::Varied(varied) => varied.counts.iter().copied().max().unwrap_or(0),
        }
    }

    /// The first child of a parent, or of the first parent after it that has one; for `parent` = number of parents, the number of
    /// children.
    pub fn first_child(&self, parent: u64) -> u64 {
        let parent = parent.min(self.parents);
        match &self.form {
            Form::Fixed(count) => parent * count,
            Form::Turns(turns) => turns.first_child(parent),
            Form::Varied(varied) => Cursor::new(varied).first_child(parent),
        }
    }

    /// The parent of a child, and the child's number among its siblings.
    pub fn parent_and_ordinal(&self, child: u64) -> (u64, u64) {
        match &self.form {
            Form::Fixed(count) => (child / count, child % count),
            Form::Turns(turns) => turns.locate(child),
            Form::Varied(varied) => Cursor::new(varied).locate(child),
        }
    }

    /// For each of these rows, in order, its parent and its number among its siblings.
    fn for_each(&self, rows: &Rows, mut visit: impl FnMut(u64, u64)) {
        match (&self.form, rows) {
            (_, Rows::Range { len: 0, .. }) => {}
            (Form::Fixed(count), Rows::Range { start, len }) => {
                for_each_of_run((start / count, start % count), *len as u64, |_| *count, visit);
            }
            (Form::Fixed(count), Rows::Picked(rows)) => {
                rows.iter().for_each(|child| visit(child / count, child % count));
            }
            (Form::Turns(turns), _) => rows.for_each(|child| {
                let (parent, ordinal) = turns.locate(child);
                visit(parent, ordinal);
            }),
            (Form::Varied(varied), Rows::Picked(rows)) => {
                let mut cursor = Cursor::new(varied);
                rows.iter().for_each(|child| {
                    let (parent, ordinal) = cursor.locate(*child);
                    visit(parent, ordinal);
                });
            }
            (Form::Varied(varied), Rows::Range { start, len }) => {
                let mut cursor = Cursor::new(varied);
                let first = cursor.locate(*start);
                for_each_of_run(first, *len as u64, |parent| cursor.count(parent), visit);
            }
        }
    }
}

/// For each of so many children that follow each other, its parent and its number among its siblings; those of the first one
/// are known.
#[inline(always)]
fn for_each_of_run(
    first: (u64, u64),
    mut left: u64,
    mut count: impl FnMut(u64) -> u64,
    mut visit: impl FnMut(u64, u64),
) {
    let (mut parent, mut ordinal) = first;
    while left > 0 {
        let last = count(parent).min(ordinal + left);
        (ordinal..last).for_each(|ordinal| visit(parent, ordinal));
        left -= last - ordinal;
        (parent, ordinal) = (parent + 1, 0);
    }
}

impl PerParent {
    /// For each of these parents, in order, its first child and how many it has.
    pub(super) fn for_each_parent(&self, parents: &Rows, mut visit: impl FnMut(u64, u64)) {
        match (&self.form, parents) {
            (Form::Fixed(count), _) => parents.for_each(|parent| match parent < self.parents {
                true => visit(parent * count, *count),
                false => visit(self.children, 0),
            }),
            (Form::Turns(turns), _) => parents.for_each(|parent| match parent < self.parents {
                true => visit(turns.first_child(parent), turns.count(parent)),
                false => visit(self.children, 0),
            }),
            (Form::Varied(varied), Rows::Range { start, len }) => {
                let end = (start + *len as u64).min(self.parents);
                Cursor::new(varied).for_each_from((*start).min(end), end, &mut visit);
                (end.max(*start)..start + *len as u64).for_each(|_| visit(self.children, 0));
            }
            (Form::Varied(varied), Rows::Picked(parents)) => {
                let mut cursor = Cursor::new(varied);
                parents.iter().for_each(|parent| match *parent < self.parents {
                    true => visit(cursor.first_child(*parent), cursor.count(*parent)),
                    false => visit(self.children, 0),
                });
            }
        }
    }
}

impl Relation for PerParent {
    fn children(&self) -> u64 {
        self.children
    }

    fn cost(&self) -> u32 {
        match self.form {
            Form::Fixed(_) => 5,
            Form::Turns(_) => 10,
            // Of rows anywhere; runs of parents are computed whatever they cost.
            Form::Varied(_) => 120,
        }
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        out.reserve(rows.len());
        self.for_each(rows, |parent, _| out.push(parent));
    }

    fn child_count(&self, parent: u64) -> u64 {
        match &self.form {
            _ if parent >= self.parents => 0,
            Form::Fixed(count) => *count,
            Form::Turns(turns) => turns.count(parent),
            Form::Varied(varied) => Cursor::new(varied).count(parent),
        }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        if parent < self.parents {
            let first = self.first_child(parent);
            (first..first + self.child_count(parent)).all(visit);
        }
    }

    fn families(&self, parents: &Rows, slice: usize, visit: &mut dyn FnMut(&[u64], &[u32]) -> bool) {
        let mut families = Families::new(slice, visit);
        let mut at = 0;
        let mut goes_on = true;
        self.for_each_parent(parents, |first, count| {
            goes_on = goes_on && families.push_run(first, count, at);
            at += 1;
        });
        if goes_on {
            families.finish();
        }
    }

    fn child_counts(&self, parents: &Rows, out: &mut Vec<u64>) {
        self.for_each_parent(parents, |_, count| out.push(count));
    }

    fn keeps_order(&self) -> bool {
        true
    }

    fn most_children(&self) -> u64 {
        self.most()
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        Some(self.first_child(parent) + place)
    }

    fn ordinal(&self, child: u64) -> u64 {
        self.parent_and_ordinal(child).1
    }

    fn parent(&self, child: u64) -> u64 {
        self.parent_and_ordinal(child).0
    }

    fn ordinals(&self, rows: &Rows, out: &mut Vec<u64>) {
        out.reserve(rows.len());
        self.for_each(rows, |_, ordinal| out.push(ordinal));
    }
}

impl Turns {
    /// `None` when the counts add up to too much.
    fn new(counts: &[u64]) -> Option<Self> {
        assert!(counts.iter().any(|count| *count > 0), "somebody has a child");
        let mut starts = vec![0u64];
        for count in counts {
            starts.push(starts[starts.len() - 1].checked_add(*count)?);
        }
        Some(Self { starts })
    }

    /// Parents in a turn.
    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Children in a turn.
    fn total(&self) -> u64 {
        self.starts[self.len()]
    }

    fn most(&self) -> u64 {
        self.starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
    }

    fn first_child(&self, parent: u64) -> u64 {
        let len = self.len() as u64;
        parent / len * self.total() + self.starts[(parent % len) as usize]
    }

    fn count(&self, parent: u64) -> u64 {
        let at = (parent % self.len() as u64) as usize;
        self.starts[at + 1] - self.starts[at]
    }

    /// The parent of a child, and the child's number among its siblings.
    fn locate(&self, child: u64) -> (u64, u64) {
        let (turn, rest) = (child / self.total(), child % self.total());
        let at = self.starts.partition_point(|start| *start <= rest) - 1;
        (turn * self.len() as u64 + at as u64, rest - self.starts[at])
    }
}

impl Varied {
    /// From ascending quantiles; `None` when they add up to too much.
    fn new(quantiles: Vec<u64>, key: Key) -> Option<Self> {
        let counts: Vec<u64> =
            (0..SIZE).flat_map(|group| quantiles.iter().skip(group).step_by(SIZE).copied()).collect();
        let add = |sum: u64, count: &u64| sum.checked_add(*count);
        let group_totals: Vec<u64> =
            counts.chunks(SIZE).map(|group| group.iter().try_fold(0, add)).collect::<Option<_>>()?;
        let total = group_totals.iter().try_fold(0, add)?;
        Some(Self { order: key.child("order"), groups: key.child("groups"), counts, group_totals, total })
    }
}

/// A place among the parents, with what is known about its surroundings: going on to a place nearby is cheap.
struct Cursor<'a> {
    varied: &'a Varied,
    /// The current super-block: which group each of its blocks has, and the blocks' first children.
    super_block: Option<u64>,
    groups: [u8; SIZE],
    block_starts: [u64; SIZE + 1],
    /// The current block: its parents' first children, and the next block's.
    block: Option<u64>,
    starts: [u64; SIZE + 1],
}

impl<'a> Cursor<'a> {
    fn new(varied: &'a Varied) -> Self {
        Self {
            varied,
            super_block: None,
            groups: [0; SIZE],
            block_starts: [0; SIZE + 1],
            block: None,
            starts: [0; SIZE + 1],
        }
    }

    fn first_child(&mut self, parent: u64) -> u64 {
        self.go_to_block(parent / SIZE as u64);
        self.starts[(parent % SIZE as u64) as usize]
    }

    #[inline]
    fn count(&mut self, parent: u64) -> u64 {
        self.go_to_block(parent / SIZE as u64);
        let at = (parent % SIZE as u64) as usize;
        self.starts[at + 1] - self.starts[at]
    }

    /// Visits the first child and the number of children of each parent from one to before another.
    fn for_each_from(&mut self, mut parent: u64, end: u64, visit: &mut impl FnMut(u64, u64)) {
        while parent < end {
            self.go_to_block(parent / SIZE as u64);
            let from = (parent % SIZE as u64) as usize;
            let upto = SIZE.min(from + (end - parent) as usize);
            self.starts[from..=upto].windows(2).for_each(|pair| visit(pair[0], pair[1] - pair[0]));
            parent += (upto - from) as u64;
        }
    }

    /// The parent of a child, and the child's number among its siblings.
    fn locate(&mut self, child: u64) -> (u64, u64) {
        let block = match self.block {
            Some(block) if (self.starts[0]..self.starts[SIZE]).contains(&child) => block,
            _ => {
                let super_block = child / self.varied.total;
                self.go_to_super_block(super_block);
                let at = self.block_starts.partition_point(|start| *start <= child) - 1;
                super_block * SIZE as u64 + at as u64
            }
        };
        self.go_to_block(block);
        let at = self.starts.partition_point(|start| *start <= child) - 1;
        (block * SIZE as u64 + at as u64, child - self.starts[at])
    }

    fn go_to_super_block(&mut self, super_block: u64) {
        if self.super_block == Some(super_block) {
            return;
        }
        self.super_block = Some(super_block);
        self.groups = shuffle(self.varied.groups, super_block);
        let totals = &self.varied.group_totals;
        let first = super_block * self.varied.total;
        add_up(first, self.groups.iter().map(|group| totals[*group as usize]), &mut self.block_starts);
    }

    #[inline]
    fn go_to_block(&mut self, block: u64) {
        if self.block != Some(block) {
            self.enter_block(block);
        }
    }

    fn enter_block(&mut self, block: u64) {
        self.go_to_super_block(block / SIZE as u64);
        self.block = Some(block);
        let at = (block % SIZE as u64) as usize;
        let group = self.groups[at] as usize;
        let counts = &self.varied.counts[group * SIZE..(group + 1) * SIZE];
        let order = shuffle(self.varied.order, block);
        add_up(self.block_starts[at], order.iter().map(|place| counts[*place as usize]), &mut self.starts);
    }
}

/// Where each begins when they follow each other, and where the last ends.
fn add_up(first: u64, counts: impl Iterator<Item = u64>, starts: &mut [u64; SIZE + 1]) {
    starts[0] = first;
    for (at, count) in counts.enumerate() {
        starts[at + 1] = starts[at] + count;
    }
}

#[cfg(test)]
mod tests;
