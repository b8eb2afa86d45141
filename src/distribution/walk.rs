//! Random walks of which any position can be computed alone.
//!
//! Paul Lévy's construction: positions at powers of two follow one another, and between two known ones the middle is
//! drawn as it must lie given both. So position n takes some 2 log2(n) normal draws, one for each number on the way and always
//! the same one, and the increments are nevertheless what independent steps would give.

use super::normal::standard_quantile;
use super::open_unit;
use crate::random::{Key, mix};

const LEVELS: usize = 64;

/// The law of a walk: how positions follow from others at distances that are powers of two.
#[derive(Debug)]
pub struct WalkLaw {
    /// The deviation of position 0.
    start: f64,
    /// Position `2n` given position `n = 2^level`: what of it remains, and the deviation from that.
    ahead: [(f64, f64); LEVELS],
    /// The middle between two positions `2^level` apart: the weight of each, and the deviation.
    between: [(f64, f64); LEVELS],
}

impl WalkLaw {
    /// Independent steps of deviation 1, from 0 on: the deviation grows with the root of the number of steps.
    pub fn free() -> Self {
        let length = |level: usize| libm::exp2(level as f64);
        Self {
            start: 0.0,
            ahead: std::array::from_fn(|level| (1.0, libm::sqrt(length(level)))),
            between: std::array::from_fn(|level| (0.5, libm::sqrt(length(level) / 4.0))),
        }
    }

    /// A walk that is drawn back to 0 (Ornstein and Uhlenbeck): always of deviation 1, and of what it was e^-1 is left after
    /// `memory` steps.
    pub fn reverting(memory: f64) -> Self {
        let decay = |steps: f64| libm::exp(-steps / memory);
        let length = |level: usize| libm::exp2(level as f64);
        Self {
            start: 1.0,
            ahead: std::array::from_fn(|level| {
                let left = decay(length(level));
                (left, libm::sqrt(-libm::expm1(-2.0 * length(level) / memory)))
            }),
            between: std::array::from_fn(|level| {
                let half = length(level) / 2.0 / memory;
                (0.5 / libm::cosh(half), libm::sqrt(libm::tanh(half)))
            }),
        }
    }
}

/// One walk, with the positions that were on the way to the last one: going on costs two draws on average.
#[derive(Debug)]
pub struct Walk<'l> {
    law: &'l WalkLaw,
    key: Key,
    /// At powers of two.
    powers: Vec<f64>,
    /// On each level the last middle and its position.
    middles: [(u64, f64); LEVELS],
}

impl<'l> Walk<'l> {
    /// The walk of a number, a parent's row say, under two keys.
    pub fn new(law: &'l WalkLaw, keys: [Key; 2], number: u64) -> Self {
        let key = Key::from_raw(mix(keys[0], number), mix(keys[1], number));
        Self { law, key, powers: Vec::new(), middles: [(0, 0.0); LEVELS] }
    }

    /// The position after `n` steps, `n` below 2^62.
    pub fn position(&mut self, n: u64) -> f64 {
        if n == 0 {
            return self.law.start * self.normal(0);
        }
        let top = n.ilog2() as usize;
        let mut low = (1u64 << top, self.power(top));
        if n == low.0 {
            return low.1;
        }
        let mut high = (2u64 << top, self.power(top + 1));
        loop {
            let level = (high.0 - low.0).ilog2() as usize;
            let middle = low.0 + (high.0 - low.0) / 2;
            let position = self.middle(level, middle, low.1 + high.1);
            match n.cmp(&middle) {
                std::cmp::Ordering::Equal => return position,
                std::cmp::Ordering::Less => high = (middle, position),
                std::cmp::Ordering::Greater => low = (middle, position),
            }
        }
    }

    fn middle(&mut self, level: usize, middle: u64, ends: f64) -> f64 {
        if self.middles[level].0 != middle {
            let (weight, deviation) = self.law.between[level];
            self.middles[level] = (middle, weight * ends + deviation * self.normal(middle));
        }
        self.middles[level].1
    }

    /// The position at a power of two.
    fn power(&mut self, exponent: usize) -> f64 {
        while self.powers.len() <= exponent {
            let next = match self.powers.len() {
                // Position 1 follows 0 as 2 follows 1.
                0 => {
                    let (left, deviation) = self.law.ahead[0];
                    left * self.law.start * self.normal(0) + deviation * self.normal(1)
                }
                known => {
                    let (left, deviation) = self.law.ahead[known - 1];
                    left * self.powers[known - 1] + deviation * self.normal(1 << known)
                }
            };
            self.powers.push(next);
        }
        self.powers[exponent]
    }

    fn normal(&self, number: u64) -> f64 {
        standard_quantile(open_unit(mix(self.key, number)))
    }
}

/// A normal draw of mean 0 and deviation 1 from 64 bits.
pub fn normal(bits: u64) -> f64 {
    standard_quantile(open_unit(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> [Key; 2] {
        [Key::new(42, &["walk", "first"]), Key::new(42, &["walk", "second"])]
    }

    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / count
    }

    #[test]
    fn steps_of_a_free_walk_are_independent_normals() {
        let law = WalkLaw::free();
        let mut walk = Walk::new(&law, keys(), 7);
        let positions: Vec<f64> = (0..=1 << 17).map(|n| walk.position(n)).collect();
        assert_eq!(positions[0], 0.0);
        let steps: Vec<f64> = positions.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let count = steps.len() as f64;
        assert!(mean(steps.iter().copied()).abs() < 4.0 / count.sqrt());
        let variance = mean(steps.iter().map(|step| step * step));
        assert!((variance - 1.0).abs() < 4.0 * (2.0 / count).sqrt(), "{variance}");
        for lag in [1, 2, 3, 4, 7, 8, 64, 1000, 4096] {
            let product = mean(steps.iter().zip(&steps[lag..]).map(|(a, b)| a * b));
            assert!(product.abs() < 4.5 / count.sqrt(), "lag {lag}: {product}");
        }
        // As a normal has: 68.27% within one deviation, 0.27% beyond three.
        let within = |limit: f64| steps.iter().filter(|step| step.abs() < limit).count() as f64 / count;
        assert!((within(1.0) - 0.6827).abs() < 0.006 && (within(3.0) - 0.9973).abs() < 0.001);
    }

    #[test]
    fn walks_spread_with_the_root_of_their_length() {
        let law = WalkLaw::free();
        for n in [1u64, 5, 64, 1000, 123_457] {
            let squares = mean((0..4000).map(|number| {
                let position = Walk::new(&law, keys(), number).position(n);
                position * position / n as f64
            }));
            assert!((squares - 1.0).abs() < 4.0 * (2.0f64 / 4000.0).sqrt(), "{n}: {squares}");
        }
    }

    #[test]
    fn reverting_walks_keep_their_deviation_and_forget() {
        let law = WalkLaw::reverting(20.0);
        let walks: Vec<Vec<f64>> = (0..300)
            .map(|number| {
                let mut walk = Walk::new(&law, keys(), number);
                (0..500).map(|n| walk.position(n)).collect()
            })
            .collect();
        for n in [0, 1, 100, 499] {
            let variance = mean(walks.iter().map(|walk| walk[n] * walk[n]));
            assert!((variance - 1.0).abs() < 4.0 * (2.0f64 / 300.0).sqrt(), "{n}: {variance}");
        }
        for lag in [1, 5, 20, 40] {
            let pairs = walks.iter().flat_map(|walk| walk.iter().zip(&walk[lag..]).map(|(a, b)| a * b));
            let left = mean(pairs);
            assert!((left - libm::exp(-(lag as f64) / 20.0)).abs() < 0.05, "{lag}: {left}");
        }
    }

    #[test]
    fn a_position_alone_is_the_one_on_the_way() {
        for law in [WalkLaw::free(), WalkLaw::reverting(100.0)] {
            let mut going = Walk::new(&law, keys(), 3);
            for n in (0..3000).chain([1 << 40, 5, (1 << 40) + 1, 2999]) {
                assert_eq!(going.position(n), Walk::new(&law, keys(), 3).position(n), "{n}");
            }
        }
    }
}
