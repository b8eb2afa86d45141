//! Which rows are compared: all, or blocks that lie all over the table.

use std::ops::Range;

/// Rows that are computed and compared at a time.
pub const BLOCK_ROWS: u64 = 4_096;

/// The share of a table's blocks that are compared, above 0 and at most 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample(f64);

impl Sample {
    /// Every block.
    pub const ALL: Self = Self(1.0);

    /// A share of the blocks; `None` if it is none.
    pub fn new(share: f64) -> Option<Self> {
        (share > 0.0 && share <= 1.0).then_some(Self(share))
    }

    /// Whether it is all.
    pub fn is_all(self) -> bool {
        self.0 >= 1.0
    }

    /// The blocks of a table that are compared, in order: one in each of as many equal stretches. At least one, if there are rows.
    /// The same share is the same blocks each time.
    pub(super) fn blocks(self, rows: u64) -> Vec<Range<u64>> {
        let all = rows.div_ceil(BLOCK_ROWS);
        let chosen = (libm::ceil(all as f64 * self.0) as u64).clamp(1, all.max(1)).min(all);
        let block = |nth: u64| {
            let start = |nth: u64| (u128::from(all) * u128::from(nth) / u128::from(chosen)) as u64;
            let stretch = start(nth + 1) - start(nth);
            // Each time elsewhere in its stretch, so that no place is never looked at: steps of the golden ratio.
            let shift = (nth as f64 * 0.618_033_988_749_895).fract() * stretch as f64;
            let first = (start(nth) + shift as u64) * BLOCK_ROWS;
            first..(first + BLOCK_ROWS).min(rows)
        };
        (0..chosen).map(block).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_blocks_are_all_rows() {
        for rows in [0, 1, BLOCK_ROWS - 1, BLOCK_ROWS, 3 * BLOCK_ROWS + 5] {
            let blocks = Sample::ALL.blocks(rows);
            let ends: Vec<u64> = blocks.iter().map(|block| block.end).collect();
            let starts: Vec<u64> = blocks.iter().map(|block| block.start).collect();
            assert_eq!(blocks.iter().map(|block| block.end - block.start).sum::<u64>(), rows);
            assert!(starts.iter().skip(1).eq(ends.iter().take(ends.len().saturating_sub(1))), "no gaps");
        }
    }

    #[test]
    fn a_sample_has_its_share_all_over_the_table() {
        let rows = 1_000 * BLOCK_ROWS;
        let blocks = Sample::new(0.01).unwrap().blocks(rows);
        assert_eq!(blocks.len(), 10);
        assert!(blocks.is_sorted_by(|a, b| a.end <= b.start));
        assert!(blocks[9].start > rows * 9 / 10 - BLOCK_ROWS && blocks[0].end < rows / 10);
        assert_eq!(Sample::new(0.01).unwrap().blocks(5).first(), Some(&(0..5)));
        assert_eq!((Sample::new(0.0), Sample::new(1.5)), (None, None));
    }
}
