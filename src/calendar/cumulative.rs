//! Weights added up, and the way back from a sum.

/// Weights of cells one after the other, as sums from the first on.
#[derive(Debug)]
pub(super) struct Cumulative {
    /// Cell `i` lies from `sums[i]` to `sums[i + 1]`.
    sums: Vec<f64>,
    /// For each equal part of the whole, the first cell that reaches beyond its start (Chen and Asau 1974).
    guide: Vec<u32>,
    /// Parts per weight.
    parts: f64,
}

impl Cumulative {
    /// From weights; at least one of them. Sums are those of the weights before, or, where weights decrease, minus those
    /// of the weights after: so the small ones do not drown in the large ones.
    pub fn new(weights: &[f64], decreasing: bool) -> Self {
        let mut sums = Vec::with_capacity(weights.len() + 1);
        let mut sum = 0.0;
        sums.push(sum);
        match decreasing {
            false => sums.extend(weights.iter().map(|weight| {
                sum += weight;
                sum
            })),
            true => {
                sums.extend(weights.iter().rev().map(|weight| {
                    sum -= weight;
                    sum
                }));
                sums.reverse();
            }
        }
        let mut made = Self { sums, guide: Vec::new(), parts: 0.0 };
        made.add_guide();
        made
    }

    fn add_guide(&mut self) {
        let cells = self.sums.len() - 1;
        let (first, total) = (self.sums[0], self.total());
        self.parts = cells as f64 / total;
        let mut cell = 0;
        self.guide = (0..cells)
            .map(|part| {
                let start = first + total * (part as f64 / cells as f64);
                while cell + 1 < cells && self.sums[cell + 1] <= start {
                    cell += 1;
                }
                cell as u32
            })
            .collect();
    }

    pub fn total(&self) -> f64 {
        self.sums[self.sums.len() - 1] - self.sums[0]
    }

    /// The sum where a cell begins; for the number of cells, where the last one ends.
    #[inline]
    pub fn start(&self, cell: usize) -> f64 {
        self.sums[cell]
    }

    /// The cell in which a sum lies, one with weight, and the place in it, from 0 to below 1. The sum is not below the first.
    #[inline]
    pub fn find(&self, sum: f64) -> (usize, f64) {
        let cells = self.guide.len();
        let part = ((sum - self.sums[0]) * self.parts) as usize;
        let mut cell = self.guide[part.min(cells - 1)] as usize;
        // Rounding may have put the guide a cell too far.
        while cell > 0 && sum < self.sums[cell] {
            cell -= 1;
        }
        while cell + 1 < cells && self.sums[cell + 1] <= sum {
            cell += 1;
        }
        self.place(cell, sum)
    }

    /// As [`find`](Self::find), when the cell is one of these.
    #[inline]
    pub fn find_between(&self, first: usize, last: usize, sum: f64) -> (usize, f64) {
        let ends = &self.sums[first + 1..=last];
        self.place(first + ends.partition_point(|end| *end <= sum), sum)
    }

    #[inline]
    fn place(&self, cell: usize, sum: f64) -> (usize, f64) {
        const BELOW_ONE: f64 = 1.0 - f64::EPSILON;
        let (start, end) = (self.sums[cell], self.sums[cell + 1]);
        match start < end {
            true => (cell, ((sum - start) / (end - start)).clamp(0.0, BELOW_ONE)),
            // Only at the end can a cell without weight be met.
            false => (self.last_with_weight(cell).unwrap_or(cell), BELOW_ONE),
        }
    }

    /// The first cell with weight from this one on.
    pub fn next_with_weight(&self, cell: usize) -> Option<usize> {
        let from = *self.sums.get(cell)?;
        let ends = &self.sums[cell + 1..];
        let beyond = ends.partition_point(|end| *end <= from);
        (beyond < ends.len()).then_some(cell + beyond)
    }

    /// The last cell with weight up to this one.
    pub fn last_with_weight(&self, cell: usize) -> Option<usize> {
        let end = self.sums[cell + 1];
        let before = self.sums[..=cell].partition_point(|start| *start < end);
        before.checked_sub(1)
    }
}
