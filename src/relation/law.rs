//! How popular parents are, as shares of a line of positions: what `distinct` cuts into strata.

use super::Tally;
use crate::random::{Key, Permutation};

/// Parents by rank, each with its positions on a line.
pub(super) trait Law: Send + Sync {
    /// How many parents there are.
    fn ranks(&self) -> u64;

    /// How many positions all have together.
    fn positions(&self) -> u64;

    /// The rank that a position belongs to.
    fn rank_at(&self, position: u64) -> u64;

    /// A rank's first position, and how many it has.
    fn positions_of(&self, rank: u64) -> (u64, u64);

    /// The parent row of a rank.
    fn parent_of(&self, rank: u64) -> u64;

    /// The rank of a parent row, if there is that row.
    fn rank_of(&self, parent: u64) -> Option<u64>;
}

/// Parents in proportion to weights above 0; ranks are in no order.
pub struct Weights {
    tally: Tally,
    ranks: Permutation,
}

impl Weights {
    /// Fine enough for a parent that has a billionth of all weight.
    const POSITIONS: u64 = Tally::MOST_CHILDREN - 1;

    /// Of each parent, row after row.
    pub fn new(weights: &[f64], key: Key) -> Self {
        let ranks = Permutation::new(key.child("ranks"), weights.len() as u64);
        let ranked: Vec<f64> =
            (0..weights.len() as u64).map(|rank| weights[ranks.apply(rank) as usize]).collect();
        Self { tally: Tally::new(Self::POSITIONS, &ranked, key.child("positions")), ranks }
    }
}

impl Law for Weights {
    fn ranks(&self) -> u64 {
        self.ranks.size()
    }

    fn positions(&self) -> u64 {
        Self::POSITIONS
    }

    fn rank_at(&self, position: u64) -> u64 {
        self.tally.parent_at(position)
    }

    fn positions_of(&self, rank: u64) -> (u64, u64) {
        let start = self.tally.start(rank);
        (start, self.tally.start(rank + 1) - start)
    }

    fn parent_of(&self, rank: u64) -> u64 {
        self.ranks.apply(rank)
    }

    fn rank_of(&self, parent: u64) -> Option<u64> {
        (parent < self.ranks.size()).then(|| self.ranks.invert(parent))
    }
}
