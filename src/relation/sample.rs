//! One row for each of some rows of a parent, in their order: returns of sales.

use super::Relation;
use super::shuffle::{SIZE, shuffle};
use crate::random::{Key, below, mix};
use crate::value::Rows;

/// Parents in a block: 64 leaves of 64.
const BLOCK: u64 = (SIZE * SIZE) as u64;

/// Some of the parents have one child each, chosen at random; children come in the order of their parents, and their number is
/// exact.
///
/// Of `p` parents, `round(p * share)` are chosen, for each multiple of a block's 4,096. Within a block, the counts of its 64
/// leaves are the quantiles of the binomial law, in an order of their own, and each leaf's parents are chosen by a shuffle. So a
/// child finds its parent by two searches among 64, and more parents leave the choice among the first blocks as it was. The
/// parents after the last whole block are chosen one by one, once.
#[derive(Debug)]
pub struct Sample {
    parents: u64,
    children: u64,
    /// The share as a fraction of whole numbers.
    share: (u128, u128),
    /// Ascending counts of a block's leaves, where it has so many children as the share gives rounded down, and one more.
    leaf_counts: [[u8; SIZE]; 2],
    least: u64,
    leaf_order: Key,
    choice: Key,
    /// The parents chosen after the last whole block: a bit for each.
    rest: Box<[u64; SIZE]>,
}

impl Sample {
    /// A share of the parents, from 0 to 1; the number of children is rounded.
    pub fn fraction(parents: u64, fraction: f64, key: Key) -> Self {
        const UNIT: u128 = 1 << 63;
        assert!((0.0..=1.0).contains(&fraction), "a share lies between 0 and 1");
        Self::new(parents, ((fraction * UNIT as f64) as u128, UNIT), key)
    }

    /// So many of the parents, at most all of them.
    pub fn count(parents: u64, children: u64, key: Key) -> Self {
        assert!(children <= parents, "each parent has at most one child");
        Self::new(parents, (children as u128, parents.max(1) as u128), key)
    }

    fn new(parents: u64, share: (u128, u128), key: Key) -> Self {
        let children = before(parents, share);
        let least = (BLOCK as u128 * share.0 / share.1) as u64;
        let fraction = share.0 as f64 / share.1 as f64;
        let leaf_counts = [least, (least + 1).min(BLOCK)].map(|count| leaf_counts(fraction, count));
        let rest = parents % BLOCK;
        let chosen = children - before(parents - rest, share);
        let rest = Box::new(choose(rest, chosen, key.child("rest")));
        let (leaf_order, choice) = (key.child("leaves"), key.child("choice"));
        Self { parents, children, share, leaf_counts, least, leaf_order, choice, rest }
    }

    /// The first child of a block.
    fn block_start(&self, block: u64) -> u64 {
        before(self.parents.min(block * BLOCK), self.share)
    }

    /// The block of a child: the share says it to within one.
    fn block_of(&self, child: u64) -> u64 {
        let mut block = (child as u128 * self.share.1 / self.share.0) as u64 / BLOCK;
        while self.block_start(block) > child {
            block -= 1;
        }
        while self.block_start(block + 1) <= child {
            block += 1;
        }
        block
    }
}

/// How many of the first `parents` are chosen.
fn before(parents: u64, share: (u128, u128)) -> u64 {
    ((parents as u128 * share.0 + share.1 / 2) / share.1) as u64
}

/// `chosen` of the numbers below `among`, each choice alike (selection sampling: Knuth, TAOCP 3.4.2, algorithm S).
fn choose(among: u64, mut chosen: u64, key: Key) -> [u64; SIZE] {
    let mut bits = [0; SIZE];
    for at in 0..among {
        if below(mix(key, at), among - at) < chosen {
            bits[at as usize / SIZE] |= 1 << (at as usize % SIZE);
            chosen -= 1;
        }
    }
    bits
}

/// The counts of 64 leaves with 64 parents each that add up to `total`, ascending: quantiles of the binomial law.
fn leaf_counts(fraction: f64, total: u64) -> [u8; SIZE] {
    // Counted among the rarer outcome, whose probabilities do not vanish.
    let rarer = fraction.min(1.0 - fraction);
    let ratio = rarer / (1.0 - rarer);
    let mut probability = libm::pow(1.0 - rarer, SIZE as f64);
    let mut counts = [0u8; SIZE];
    let (mut count, mut up_to) = (0, probability);
    for (at, slot) in counts.iter_mut().enumerate() {
        while up_to < (at as f64 + 0.5) / SIZE as f64 && count < SIZE {
            probability *= (SIZE - count) as f64 / (count + 1) as f64 * ratio;
            count += 1;
            up_to += probability;
        }
        *slot = count as u8;
    }
    if fraction > 0.5 {
        counts = std::array::from_fn(|at| SIZE as u8 - counts[SIZE - 1 - at]);
    }
    settle(&mut counts, total);
    counts
}

/// Brings counts to their total by steps of one, from the middle on, where quantiles lie closest together.
fn settle(counts: &mut [u8; SIZE], total: u64) {
    let middle_out = |step: usize| match step % 2 {
        0 => SIZE / 2 + step / 2,
        _ => SIZE / 2 - 1 - step / 2,
    };
    let mut sum: u64 = counts.iter().map(|count| *count as u64).sum();
    let mut step = 0;
    while sum != total {
        let count = &mut counts[middle_out(step % SIZE)];
        if sum < total && (*count as usize) < SIZE {
            *count += 1;
            sum += 1;
        } else if sum > total && *count > 0 {
            *count -= 1;
            sum -= 1;
        }
        step += 1;
    }
    counts.sort_unstable();
}

/// A leaf, with what is known about its surroundings: going on to a place nearby is cheap.
struct Cursor<'a> {
    sample: &'a Sample,
    block: Option<u64>,
    /// The first children of the block's leaves, and the next block's.
    starts: [u64; SIZE + 1],
    leaf: Option<u64>,
    /// The leaf's chosen parents.
    chosen: u64,
}

impl<'a> Cursor<'a> {
    fn new(sample: &'a Sample) -> Self {
        Self { sample, block: None, starts: [0; SIZE + 1], leaf: None, chosen: 0 }
    }

    fn is_rest(&self, block: u64) -> bool {
        block == self.sample.parents / BLOCK
    }

    fn go_to_block(&mut self, block: u64) {
        if self.block == Some(block) {
            return;
        }
        (self.block, self.leaf) = (Some(block), None);
        self.starts[0] = self.sample.block_start(block);
        if self.is_rest(block) {
            for (at, bits) in self.sample.rest.iter().enumerate() {
                self.starts[at + 1] = self.starts[at] + bits.count_ones() as u64;
            }
            return;
        }
        let children = self.sample.block_start(block + 1) - self.starts[0];
        let counts = &self.sample.leaf_counts[(children - self.sample.least) as usize];
        let order = shuffle(self.sample.leaf_order, block);
        for (at, place) in order.iter().enumerate() {
            self.starts[at + 1] = self.starts[at] + counts[*place as usize] as u64;
        }
    }

    /// Goes to a leaf, counted from the first parent on.
    fn go_to_leaf(&mut self, leaf: u64) {
        self.go_to_block(leaf / SIZE as u64);
        if self.leaf == Some(leaf) {
            return;
        }
        self.leaf = Some(leaf);
        let at = (leaf % SIZE as u64) as usize;
        self.chosen = match self.is_rest(leaf / SIZE as u64) {
            true => self.sample.rest[at],
            false => {
                let count = (self.starts[at + 1] - self.starts[at]) as usize;
                let order = shuffle(self.sample.choice, leaf);
                order[..count].iter().fold(0, |bits, place| bits | 1 << place)
            }
        };
    }

    fn parent(&mut self, child: u64) -> u64 {
        let is_here = self.block.is_some() && (self.starts[0]..self.starts[SIZE]).contains(&child);
        let block = match self.block {
            Some(block) if is_here => block,
            _ => self.sample.block_of(child),
        };
        self.go_to_block(block);
        let at = self.starts.partition_point(|start| *start <= child) - 1;
        let leaf = block * SIZE as u64 + at as u64;
        self.go_to_leaf(leaf);
        let mut bits = self.chosen;
        for _ in self.starts[at]..child {
            bits &= bits - 1;
        }
        leaf * SIZE as u64 + bits.trailing_zeros() as u64
    }

    /// The child of a parent, if it has one.
    fn child(&mut self, parent: u64) -> Option<u64> {
        if parent >= self.sample.parents {
            return None;
        }
        let (leaf, at) = (parent / SIZE as u64, parent % SIZE as u64);
        self.go_to_leaf(leaf);
        let before = self.chosen & ((1 << at) - 1);
        let first = self.starts[(leaf % SIZE as u64) as usize];
        (self.chosen >> at & 1 == 1).then(|| first + before.count_ones() as u64)
    }
}

impl Relation for Sample {
    fn children(&self) -> u64 {
        self.children
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let mut cursor = Cursor::new(self);
        rows.for_each(|child| out.push(cursor.parent(child)));
    }

    fn child_count(&self, parent: u64) -> u64 {
        Cursor::new(self).child(parent).is_some() as u64
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        if let Some(child) = Cursor::new(self).child(parent) {
            visit(child);
        }
    }

    fn families(&self, parents: &Rows, slice: usize, visit: &mut dyn FnMut(&[u64], &[u32]) -> bool) {
        let mut families = super::Families::new(slice, visit);
        let mut cursor = Cursor::new(self);
        for at in 0..parents.len() {
            if let Some(child) = cursor.child(parents.get(at))
                && !families.push(child, at as u32)
            {
                return;
            }
        }
        families.finish();
    }

    fn ordinal(&self, _child: u64) -> u64 {
        0
    }

    fn child_counts(&self, parents: &Rows, out: &mut Vec<u64>) {
        let mut cursor = Cursor::new(self);
        parents.for_each(|parent| out.push(cursor.child(parent).is_some() as u64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::new(1, &["returns"])
    }

    #[test]
    fn both_directions_agree_for_all_shares_and_sizes() {
        for parents in [0, 1, 63, 64, 4_095, 4_096, 4_097, 20_000] {
            for fraction in [0.0, 0.001, 0.06, 0.5, 0.977, 1.0] {
                let sample = Sample::fraction(parents, fraction, key());
                assert_eq!(sample.children(), (parents as f64 * fraction).round() as u64);
                super::super::check::both_ways(&sample, parents);
            }
        }
        for count in [0, 1, 2_500, 9_999, 10_000] {
            let sample = Sample::count(10_000, count, key());
            assert_eq!(sample.children(), count);
            super::super::check::both_ways(&sample, 10_000);
        }
    }

    fn parents_of(sample: &Sample) -> Vec<u64> {
        let mut parents = Vec::new();
        sample.parents(&Rows::Range { start: 0, len: sample.children() as usize }, &mut parents);
        parents
    }

    #[test]
    fn children_come_in_the_order_of_their_parents() {
        let parents = parents_of(&Sample::fraction(100_000, 0.06, key()));
        assert!(parents.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn more_parents_leave_the_choice_among_whole_blocks_as_it_was() {
        let few = parents_of(&Sample::fraction(3 * BLOCK, 0.1, key()));
        let more = parents_of(&Sample::fraction(7 * BLOCK + 99, 0.1, key()));
        assert_eq!(few, more[..few.len()]);
    }

    #[test]
    fn very_large_tables_are_sampled_exactly() {
        let parents = 1u64 << 56;
        for fraction in [0.1, 0.999_999_9] {
            let sample = Sample::fraction(parents, fraction, key());
            super::super::check::sampled(&sample, parents);
        }
    }

    #[test]
    fn gaps_are_those_of_independent_draws() {
        let parents = parents_of(&Sample::fraction(64_000_000, 0.1, key()));
        let gaps: Vec<u64> = parents.windows(2).map(|pair| pair[1] - pair[0]).collect();
        for (gap, expected) in (1..40).map(|gap| (gap, 0.1 * libm::pow(0.9, gap as f64 - 1.0))) {
            let found = gaps.iter().filter(|other| **other == gap).count() as f64 / gaps.len() as f64;
            assert!((found / expected - 1.0).abs() < 0.05, "gap {gap}: {found}, expected {expected}");
        }
        // Every place of a leaf is chosen alike.
        let mut places = [0u32; SIZE];
        parents.iter().for_each(|parent| places[(parent % SIZE as u64) as usize] += 1);
        let expected = parents.len() as f64 / SIZE as f64;
        assert!(places.iter().all(|count| (*count as f64 / expected - 1.0).abs() < 0.015), "{places:?}");
    }
}
