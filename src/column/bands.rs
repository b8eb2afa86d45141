//! One of several ranges, picked by weight.

use super::{Dealt, Range, Subset};
use crate::expression::{Batch, Failure};
use crate::value::{Rows, Vector};

/// Ranges with shares of the draws: the first has the lowest, and so on. What is left of a draw within its range's share is
/// drawn from there, so that values rise with draws where the ranges do.
pub struct Bands {
    /// The ranges.
    pub ranges: Vec<Box<dyn Range>>,
    /// Which draws pick which range.
    pub pick: BandPick,
}

/// Which draws pick which range.
pub enum BandPick {
    /// Those below the first limit the first range, and so on; the last takes the rest.
    ByWeight(Vec<u64>),
    /// Rows are dealt to the ranges, and all of a draw is left for the range.
    Quota(Dealt),
}

impl BandPick {
    /// By weights: none negative, one positive.
    pub fn by_weight(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let limits = weights.iter().map(|weight| {
            sum += weight / total;
            // 2^64; the conversion stops at the largest number.
            (sum * 18_446_744_073_709_551_616.0) as u64
        });
        Self::ByWeight(limits.collect())
    }

    /// The band of each row, and what is left of its draw.
    fn picks(&self, bits: &[u64], rows: &Rows) -> Vec<(u32, u64)> {
        match self {
            BandPick::ByWeight(limits) => bits.iter().map(|bits| Self::by_draw(limits, *bits)).collect(),
            BandPick::Quota(dealt) => dealt.picks(rows).into_iter().zip(bits.iter().copied()).collect(),
        }
    }

    fn by_draw(limits: &[u64], bits: u64) -> (u32, u64) {
        let last = limits.len() - 1;
        let band = limits[..last].partition_point(|limit| *limit <= bits);
        let start = if band == 0 { 0 } else { limits[band - 1] };
        let end = if band == last { u64::MAX } else { limits[band] };
        let width = (end - start).max(1) as u128;
        let rest = (((bits - start) as u128) << 64) / width;
        (band as u32, u64::try_from(rest).unwrap_or(u64::MAX))
    }
}

impl Range for Bands {
    fn fill_from(&self, batch: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure> {
        let mut picked = vec![(Vec::new(), Vec::new()); self.ranges.len()];
        let mut places = Vec::with_capacity(bits.len());
        for (at, (band, rest)) in self.pick.picks(bits, batch.rows()).into_iter().enumerate() {
            let (positions, rests) = &mut picked[band as usize];
            places.push((band, positions.len() as u32));
            positions.push(at as u32);
            rests.push(rest);
        }
        let mut parts = Vec::with_capacity(self.ranges.len());
        for (range, (positions, rests)) in self.ranges.iter().zip(picked) {
            let subset = Subset::new(batch, positions);
            parts.push(range.fill_from(&subset, &rests).map_err(|failure| subset.outward(failure))?);
        }
        Ok(Vector::gather(&parts.iter().collect::<Vec<_>>(), &places))
    }

    fn is_cheap(&self) -> bool {
        self.ranges.iter().all(|range| range.is_cheap())
    }

    fn story(&self, rows: &Rows, bits: u64) -> String {
        let (band, rest) = self.pick.picks(&[bits], rows)[0];
        let within = self.ranges[band as usize].story(rows, rest);
        format!("band {} of {}, and in it {within}", band + 1, self.ranges.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_divided_by_weight_and_what_is_left_covers_everything() {
        let pick = BandPick::by_weight(&[70.0, 0.0, 25.0, 5.0]);
        let of = |bits: u64| pick.picks(&[bits], &Rows::Range { start: 0, len: 1 })[0];
        let mut counts = [0u32; 4];
        let mut previous = (0, 0);
        for step in 0..10_000u64 {
            let (band, rest) = of(step * (u64::MAX / 10_000));
            counts[band as usize] += 1;
            assert!((band, rest) >= previous, "values rise with draws");
            previous = (band, rest);
        }
        assert_eq!(counts[1], 0, "a band of weight 0 is never picked");
        for (count, expected) in counts.iter().zip([7_000u32, 0, 2_500, 500]) {
            assert!(count.abs_diff(expected) <= 1, "{counts:?}");
        }
        assert_eq!(of(0), (0, 0));
        let (band, rest) = of(u64::MAX);
        assert_eq!((band, rest >> 40), (3, u64::MAX >> 40));
    }
}
