//! Exact shares: a table's rows dealt to a few things, as `quota` asks.

use crate::random::Permutation;
use crate::relation::{Quotas, Stratum};

/// A table's rows dealt out, each share exact to the row, in an order of its own.
#[derive(Debug)]
pub struct Dealt {
    order: Permutation,
    quotas: Quotas,
}

impl Dealt {
    /// Deals as many rows as are permuted, in proportion to the weights: none negative, one positive.
    pub fn new(order: Permutation, weights: &[f64]) -> Self {
        let strata: Vec<Stratum> =
            weights.iter().map(|weight| Stratum { ranks: 1, weight: *weight }).collect();
        Self { quotas: Quotas::new(order.size(), &strata), order }
    }

    /// What a row was dealt.
    #[inline]
    pub fn pick(&self, row: u64) -> u32 {
        self.quotas.rank(self.order.apply(row)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dealt_rows_have_exact_shares() {
        let key = crate::random::Key::from_raw(1, 2);
        for rows in [1u64, 2, 7, 100, 1_013, 5_000] {
            let weights = [70.0, 25.0, 0.0, 5.0];
            let dealt = Dealt::new(Permutation::new(key, rows), &weights);
            let mut counts = [0u64; 4];
            (0..rows).for_each(|row| counts[dealt.pick(row) as usize] += 1);
            assert_eq!(counts.iter().sum::<u64>(), rows);
            for (count, weight) in counts.iter().zip(weights) {
                let exact = rows as f64 * weight / 100.0;
                assert!((*count as f64 - exact).abs() < 1.0, "{rows}: {counts:?}");
            }
        }
    }
}
