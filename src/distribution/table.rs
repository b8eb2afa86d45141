//! Tables of quantiles, made when planning, for what would take long per row.

use super::open_unit;

/// The most whole numbers a table holds: 96 KB with its guide.
pub(super) const MOST: usize = 8192;

/// Drawing from up to [`MOST`] whole numbers by their cumulative probabilities, with a guide to where to start
/// looking (Chen and Asau 1974): about 4 ns.
#[derive(Debug)]
pub(super) struct WholeTable {
    /// Number `i` is drawn when the bits are below `limits[i]` and not below the limit before.
    limits: Vec<u64>,
    /// For each value of the leading bits, the first number that can be drawn.
    guide: Vec<u32>,
    shift: u32,
}

impl WholeTable {
    /// `cdf(i)` is the probability of numbers up to `i`, for `0 <= i < count`.
    pub(super) fn new(count: usize, cdf: impl Fn(usize) -> f64) -> Self {
        let mut last = 0;
        let limits: Vec<u64> = (0..count)
            .map(|i| {
                last = last.max((cdf(i) * 18_446_744_073_709_551_616.0) as u64);
                last
            })
            .collect();
        let guide_bits = (count.max(16) as u64).next_power_of_two().trailing_zeros();
        let shift = 64 - guide_bits;
        let first =
            |slot: u64| limits.partition_point(|limit| *limit <= slot << shift && *limit != u64::MAX) as u32;
        let guide = (0..1 << guide_bits).map(first).collect();
        Self { limits, guide, shift }
    }

    /// The number for these bits, or `count` when they lie beyond the last.
    #[inline(always)]
    pub(super) fn draw(&self, bits: u64) -> usize {
        let mut at = self.guide[(bits >> self.shift) as usize] as usize;
        // The last limit, where it is 1, rounds to the largest number, which belongs below it.
        while at < self.limits.len() && bits >= self.limits[at] && self.limits[at] != u64::MAX {
            at += 1;
        }
        at
    }

    /// How many numbers it holds.
    pub(super) fn len(&self) -> usize {
        self.limits.len()
    }
}

/// How many cells a [`SmoothTable`] has.
const CELLS: usize = 4096;

/// In how many cells at either end quantiles are computed, not interpolated: there they bend.
const EXACT_CELLS: usize = 8;

/// A quantile function as 4,096 straight pieces. The cumulative probability of what is drawn is exact at their
/// ends, and so nowhere off by more than 1 / 4096; both tails are left to the function itself.
#[derive(Debug)]
pub(super) struct SmoothTable {
    nodes: Vec<f64>,
}

impl SmoothTable {
    pub(super) fn new(quantile: impl Fn(f64) -> f64) -> Self {
        let node = |j: usize| {
            let inner = j.clamp(EXACT_CELLS, CELLS - EXACT_CELLS);
            quantile(inner as f64 / CELLS as f64)
        };
        Self { nodes: (0..=CELLS).map(node).collect() }
    }

    /// The quantile for these bits; `exact` computes it in the tails.
    #[inline(always)]
    pub(super) fn draw(&self, bits: u64, exact: impl Fn(f64) -> f64) -> f64 {
        let u = open_unit(bits);
        let place = u * CELLS as f64;
        let cell = place as usize;
        if !(EXACT_CELLS..CELLS - EXACT_CELLS).contains(&cell) {
            return exact(u);
        }
        let (left, right) = (self.nodes[cell], self.nodes[cell + 1]);
        left + (right - left) * (place - cell as f64)
    }
}
