//! Weighted picks in constant time.

use super::draw::to_unit;

/// Picks one of several things by weight: one multiplication, one look-up, about 2 ns.
///
/// Walker's alias method with Vose's construction ("A linear algorithm for generating random numbers
/// with a given distribution", IEEE TSE 17(9), 1991). Only sums, products and quotients of doubles are used, so that
/// the table is the same on every machine.
#[derive(Clone, Debug)]
pub struct Alias {
    cells: Vec<Cell>,
}

/// One cell of equal probability, shared by two things.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Draws below it are `own`'s, the others `other`'s.
    threshold: u64,
    own: u32,
    other: u32,
}

impl Alias {
    /// A table for these weights. Things of weight 0 are never picked.
    ///
    /// # Panics
    /// When a weight is negative or not finite, or when none is above 0: the plan refuses such weights before.
    pub fn new(weights: &[f64]) -> Self {
        assert!(weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0), "weights are 0 or more");
        // Zero weights stay out of the construction: rounding could otherwise give one a sliver.
        let mut shares: Vec<(u32, f64)> = weights
            .iter()
            .enumerate()
            .filter(|(_, weight)| **weight > 0.0)
            .map(|(at, weight)| (at as u32, *weight))
            .collect();
        assert!(!shares.is_empty(), "at least one weight is above 0");
        let largest = shares.iter().map(|share| share.1).fold(0.0, f64::max);
        // Divided by the largest first, so that no sum overflows.
        let total: f64 = shares.iter().map(|share| share.1 / largest).sum();
        let count = shares.len() as f64;
        shares.iter_mut().for_each(|share| share.1 = share.1 / largest / total * count);
        Self { cells: fill_cells(shares) }
    }

    /// The thing that 64 random bits pick: an index into the weights.
    #[inline(always)]
    pub fn pick(&self, bits: u64) -> usize {
        let scaled = bits as u128 * self.cells.len() as u128;
        let cell = self.cells[(scaled >> 64) as usize];
        // The product's low half is what is left of the draw within the cell.
        (if (scaled as u64) < cell.threshold { cell.own } else { cell.other }) as usize
    }

    /// The share of draws that pick this thing, for statistics and tests.
    pub fn probability(&self, thing: usize) -> f64 {
        let parts = self.cells.iter().map(|cell| {
            let own = if cell.own == cell.other { 1.0 } else { to_unit(cell.threshold) };
            let thing = thing as u32;
            if cell.own == thing {
                own
            } else if cell.other == thing {
                1.0 - own
            } else {
                0.0
            }
        });
        parts.sum::<f64>() / self.cells.len() as f64
    }
}

/// Pairs each thing whose share is below 1 with one that has some to give.
fn fill_cells(shares: Vec<(u32, f64)>) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(shares.len());
    let (mut small, mut large): (Vec<_>, Vec<_>) = shares.into_iter().partition(|share| share.1 < 1.0);
    while let (Some((own, share)), Some((other, rest))) = (small.last().copied(), large.last().copied()) {
        small.pop();
        large.pop();
        cells.push(Cell { threshold: (share * (1u64 << 63) as f64) as u64 * 2, own, other });
        let rest = rest - (1.0 - share);
        if rest < 1.0 { small.push((other, rest)) } else { large.push((other, rest)) }
    }
    // What rounding left over has a share of 1 but for the last bits.
    cells.extend(small.into_iter().chain(large).map(|(own, _)| Cell {
        threshold: u64::MAX,
        own,
        other: own,
    }));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, mix};

    fn counts(weights: &[f64], draws: u64) -> Vec<f64> {
        let alias = Alias::new(weights);
        let key = Key::new(7, &["alias"]);
        let mut counts = vec![0.0; weights.len()];
        (0..draws).for_each(|row| counts[alias.pick(mix(key, row))] += 1.0);
        counts
    }

    #[test]
    fn things_are_picked_by_their_weight() {
        let weights: Vec<f64> = (1..=50).map(|rank| 1.0 / rank as f64).collect();
        let total: f64 = weights.iter().sum();
        let draws = 1_000_000;
        let chi_square: f64 = counts(&weights, draws)
            .iter()
            .zip(&weights)
            .map(|(seen, weight)| {
                let expected = draws as f64 * weight / total;
                (seen - expected) * (seen - expected) / expected
            })
            .sum();
        // 49 degrees of freedom: above 85.4 once in a thousand.
        assert!(chi_square < 85.4, "{chi_square}");
    }

    #[test]
    fn a_weight_of_zero_is_never_picked() {
        let counts = counts(&[0.0, 3.0, 0.0, 1.0, 0.0], 100_000);
        assert_eq!((counts[0], counts[2], counts[4]), (0.0, 0.0, 0.0));
        assert!((counts[1] / 100_000.0 - 0.75).abs() < 0.01);
    }

    #[test]
    fn probabilities_are_the_weights() {
        let weights = [5.0, 0.0, 1e-9, 80.0, 1e300];
        let alias = Alias::new(&weights);
        let total: f64 = weights.iter().sum();
        for (thing, weight) in weights.iter().enumerate() {
            assert!((alias.probability(thing) - weight / total).abs() < 1e-12);
        }
    }

    #[test]
    fn one_thing_is_always_picked() {
        let alias = Alias::new(&[0.2]);
        assert_eq!((alias.pick(0), alias.pick(u64::MAX)), (0, 0));
    }
}
