//! Draws that ascend along rows, so that what is made of them by a monotone function ascends too.

use crate::expression::{Batch, Failure};
use crate::random::{Key, below, mix};

/// How the draws of rows follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Not at all: each on its own.
    Any,
    /// Ascending along all rows of a table of that many: the k-th lies in the k-th equal part.
    Rows(u64),
    /// Ascending along the rows of a parent.
    Siblings {
        /// The input that is the row's number within its parent, from 1.
        nth: usize,
        /// The input that is the number of the parent's rows.
        count: usize,
    },
}

impl Order {
    /// What is told of a draw besides where it lies.
    pub(super) fn origin(self) -> &'static str {
        match self {
            Order::Any => "",
            Order::Rows(_) => ", in the row's part of it",
            Order::Siblings { .. } => ", in the part of the row within its parent",
        }
    }

    /// 64 bits for each row.
    pub fn draws(self, batch: &dyn Batch, key: Key) -> Result<Vec<u64>, Failure> {
        let rows = batch.rows();
        Ok(match self {
            Order::Any => rows.map(|row| mix(key, row)),
            Order::Rows(count) => rows.map(|row| in_part(mix(key, row), row, count)),
            Order::Siblings { nth, count } => {
                let (nth, count) = (batch.input(nth)?, batch.input(count)?);
                let mut parts = nth.ints().iter().zip(count.ints());
                rows.map(|row| {
                    let (nth, count) = parts.next().expect("inputs are as long as the batch");
                    in_part(mix(key, row), *nth as u64 - 1, *count as u64)
                })
            }
        })
    }
}

/// Bits within the `part`-th of `count` equal parts of all that 64 bits can be.
#[inline(always)]
pub(super) fn in_part(bits: u64, part: u64, count: u64) -> u64 {
    if count <= 1 {
        return bits;
    }
    let width = u64::MAX / count;
    part * width + below(bits, width)
}

/// Cells of `0..cells` dealt to `count` parts in order: one of the `part`-th part's, or where parts are more than cells,
/// the cell that it lies in.
#[inline(always)]
pub(super) fn cell_of_part(bits: u64, part: u64, count: u64, cells: u64) -> u64 {
    let start = |part: u64| (part as u128 * cells as u128 / count as u128) as u64;
    let (first, end) = (start(part), start(part + 1));
    first + below(bits, (end - first).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_ascend_and_fill_everything() {
        for count in [1u64, 2, 3, 1000] {
            let ends: Vec<(u64, u64)> =
                (0..count).map(|part| (in_part(0, part, count), in_part(u64::MAX, part, count))).collect();
            assert!(ends.windows(2).all(|pair| pair[0].1 < pair[1].0), "{count}");
            assert!(ends[0].0 == 0 && u64::MAX - ends[count as usize - 1].1 <= count, "{count}");
        }
    }

    #[test]
    fn cells_of_parts_never_meet_where_there_are_enough() {
        for (count, cells) in [(1u64, 1u64), (3, 3), (3, 10), (7, 100), (1000, 1001)] {
            let mut next = 0;
            for part in 0..count {
                let (first, last) =
                    (cell_of_part(0, part, count, cells), cell_of_part(u64::MAX, part, count, cells));
                assert!(next <= first && first <= last, "{count} {cells} {part}");
                next = last + 1;
            }
            assert!(next <= cells);
        }
        assert_eq!((0..4).map(|part| cell_of_part(9, part, 4, 2)).collect::<Vec<_>>(), [0, 0, 1, 1]);
    }
}
