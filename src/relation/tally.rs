//! References in proportion to weights that the parents carry: a product's popularity, a city's inhabitants.

use super::Relation;
use crate::random::{Key, Permutation, mix, to_unit};
use crate::value::Rows;

/// Parents in a block: within one, where children begin is counted from the block's first.
const BLOCK: usize = 256;

/// Children dealt to parents in proportion to weights.
///
/// Weights laid end to end make a line; children stand on it one by one, each within its own equal stretch of the line
/// (stratified sampling). So a parent has its share to within one, which of two alike has one more is chance, and where a
/// parent's children begin follows from the weights before it alone. Four bytes for each parent.
#[derive(Debug)]
pub struct Tally {
    children: u64,
    /// Where the children of each block of parents begin; one more entry ends the last.
    blocks: Vec<u64>,
    /// Where each parent's begin, from its block's.
    starts: Vec<u32>,
    positions: Permutation,
}

impl Tally {
    /// The most parents: 64 MB.
    pub const MOST_ROWS: u64 = 1 << 24;

    /// The most children, for offsets within a block to be short.
    pub const MOST_CHILDREN: u64 = 1 << 32;

    /// `children` dealt in proportion to `weights`, of which at least one is above 0 and none below.
    pub fn new(children: u64, weights: &[f64], key: Key) -> Self {
        assert!(weights.len() as u64 <= Self::MOST_ROWS && children < Self::MOST_CHILDREN);
        let total: f64 = weights.iter().sum();
        let last = weights.iter().rposition(|weight| *weight > 0.0).expect("a weight is above 0");
        let places = key.child("places");
        // How many children stand before a point of the line.
        let before = |point: f64| {
            let stretch = point as u64;
            let is_passed = to_unit(mix(places, stretch)) < point - stretch as f64;
            (stretch + u64::from(is_passed)).min(children)
        };
        let (mut blocks, mut starts) = (Vec::new(), Vec::with_capacity(weights.len()));
        let (mut weight, mut start) = (0.0, 0);
        for (at, own) in weights.iter().enumerate() {
            if at % BLOCK == 0 {
                blocks.push(start);
            }
            starts.push((start - blocks[at / BLOCK]) as u32);
            weight += own;
            // What rounding leaves over is the last one's.
            let end = if at >= last { children } else { before(children as f64 * (weight / total)) };
            start = end.max(start);
        }
        blocks.push(children);
        Self { children, blocks, starts, positions: Permutation::new(key.child("positions"), children) }
    }

    /// Where a parent's children begin; for the number of parents, where all end.
    pub(super) fn start(&self, parent: u64) -> u64 {
        match self.starts.get(parent as usize) {
            Some(start) => self.blocks[parent as usize / BLOCK] + *start as u64,
            None => self.children,
        }
    }

    /// Whose child stands at a position.
    pub(super) fn parent_at(&self, position: u64) -> u64 {
        let block = self.blocks.partition_point(|start| *start <= position) - 1;
        // Blocks without children begin where the next begins, and are never found.
        let first = block * BLOCK;
        let starts = &self.starts[first..self.starts.len().min(first + BLOCK)];
        let offset = position - self.blocks[block];
        (first + starts.partition_point(|start| *start as u64 <= offset) - 1) as u64
    }
}

impl Relation for Tally {
    fn children(&self) -> u64 {
        self.children
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        rows.for_each(|row| out.push(self.parent(row)));
    }

    fn child_count(&self, parent: u64) -> u64 {
        self.start(parent + 1) - self.start(parent)
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        (self.start(parent)..self.start(parent + 1))
            .map(|position| self.positions.invert(position))
            .all(visit);
    }

    fn finds_places(&self) -> bool {
        true
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        Some(self.positions.invert(self.start(parent) + place))
    }

    fn ordinal(&self, child: u64) -> u64 {
        let position = self.positions.apply(child);
        position - self.start(self.parent_at(position))
    }

    fn parent(&self, child: u64) -> u64 {
        self.parent_at(self.positions.apply(child))
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn tally(children: u64, weights: &[f64]) -> Tally {
        Tally::new(children, weights, Key::new(1, &["tally"]))
    }

    #[test]
    fn both_directions_agree() {
        for parents in [1, 2, 255, 256, 257, 1000] {
            for children in [0, 1, 7, 500, 3000] {
                for pattern in [1, 3, 50] {
                    let weights: Vec<f64> = (0..parents)
                        .map(|at| if at % pattern == 0 { (at % 7) as f64 + 0.5 } else { 0.0 })
                        .collect();
                    check::both_ways(&tally(children, &weights), parents);
                }
            }
        }
    }

    #[test]
    fn each_has_its_share_to_within_one() {
        let weights: Vec<f64> = (0..700).map(|at| ((at * 37) % 101) as f64).collect();
        let total: f64 = weights.iter().sum();
        let tally = tally(20_000, &weights);
        for (at, weight) in weights.iter().enumerate() {
            let share = 20_000.0 * weight / total;
            let count = tally.child_count(at as u64) as f64;
            assert!((count - share).abs() < 2.0, "{count} of {share}");
            assert!(*weight > 0.0 || count == 0.0, "nothing is nobody's");
        }
    }

    #[test]
    fn few_children_fall_anywhere() {
        // Half as many as parents alike: not on every second one.
        let tally = tally(5_000, &[1.0; 10_000]);
        let counts: Vec<u64> = (0..10_000).map(|parent| tally.child_count(parent)).collect();
        let alike = counts.windows(2).filter(|pair| pair[0] == pair[1]).count();
        // Each two share a child, between them it is chance.
        assert!((2_300..2_700).contains(&alike), "{alike} neighbours are alike");
    }
}
