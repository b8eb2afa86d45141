//! Random walks whose calm and wild times come in clusters, and of which any position can be computed alone.
//!
//! Mandelbrot, Fisher and Calvet's model ("A multifractal model of asset returns", 1997): Brownian motion in a time of its own,
//! which a cascade deals out. A stretch of time has its length as variance; one half of it gets more of that, the other less, and so on
//! down to single steps. Between two known positions the middle is then drawn as it must lie given both, weighted by
//! variances in place of lengths. So a position takes as many draws as that of a [`super::Walk`], and one more a level for the cascade.

use super::walk::normal;
use crate::random::{Key, mix};

const LEVELS: usize = 64;

/// Tells the draws of the cascade from those of positions, which are below 2^62.
const CASCADE: u64 = 1 << 63;

/// How variance is dealt out over time.
#[derive(Clone, Copy, Debug)]
pub struct Cascade {
    strength: f64,
    /// Stretches of `2^top` steps have their length as variance; shorter ones vary.
    top: usize,
}

impl Cascade {
    /// Of the two halves of a stretch, one has `1 + strength` times as much variance as an even half and the other
    /// `1 - strength`, 0 to 1. Stretches longer than about `memory` steps are alike.
    pub fn new(strength: f64, memory: f64) -> Self {
        let top = libm::round(libm::log2(memory)).clamp(1.0, 61.0) as usize;
        Self { strength, top }
    }

    /// The part of a stretch's variance that its first half has; the stretch is `2^level` long, around `middle`.
    fn first_half(self, key: Key, middle: u64, level: usize) -> f64 {
        match level <= self.top {
            true if mix(key, middle | CASCADE) >> 63 == 0 => (1.0 + self.strength) / 2.0,
            true => (1.0 - self.strength) / 2.0,
            false => 0.5,
        }
    }
}

/// One such walk, with the positions that were on the way to the last one.
#[derive(Debug)]
pub struct ClusteredWalk {
    cascade: Cascade,
    key: Key,
    /// The variance of the steps before each power of two that lies in the first stretch.
    firsts: Vec<f64>,
    /// The positions at powers of two.
    powers: Vec<f64>,
    /// On each level the last middle and its position.
    middles: [(u64, f64); LEVELS],
}

/// Where a walk is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passed {
    /// The position.
    pub position: f64,
    /// The variance of the steps so far; on average their number.
    pub variance: f64,
}

impl ClusteredWalk {
    /// The walk of a number, a parent's row say, under two keys.
    pub fn new(cascade: Cascade, keys: [Key; 2], number: u64) -> Self {
        let key = Key::from_raw(mix(keys[0], number), mix(keys[1], number));
        let mut firsts = vec![libm::exp2(cascade.top as f64); cascade.top + 1];
        for level in (1..=cascade.top).rev() {
            firsts[level - 1] = firsts[level] * cascade.first_half(key, 1 << (level - 1), level);
        }
        Self { cascade, key, firsts, powers: Vec::new(), middles: [(0, 0.0); LEVELS] }
    }

    /// The position after `n` steps, `n` below 2^62, and the variance on the way there.
    pub fn passed(&mut self, n: u64) -> Passed {
        if n == 0 {
            return Passed { position: 0.0, variance: 0.0 };
        }
        let top = n.ilog2() as usize;
        let mut low = (1u64 << top, self.power(top), self.before(top));
        if n == low.0 {
            return Passed { position: low.1, variance: low.2 };
        }
        let mut high = (2u64 << top, self.power(top + 1));
        let mut variance = self.before(top + 1) - low.2;
        loop {
            let level = (high.0 - low.0).ilog2() as usize;
            let middle = low.0 + (high.0 - low.0) / 2;
            let share = self.cascade.first_half(self.key, middle, level);
            let (first, second) = (variance * share, variance * (1.0 - share));
            if self.middles[level].0 != middle {
                let deviation = libm::sqrt(first * (1.0 - share));
                let mean = low.1 + (high.1 - low.1) * share;
                self.middles[level] = (middle, mean + deviation * self.normal(middle));
            }
            let position = self.middles[level].1;
            match n.cmp(&middle) {
                std::cmp::Ordering::Equal => return Passed { position, variance: low.2 + first },
                std::cmp::Ordering::Less => (high, variance) = ((middle, position), first),
                std::cmp::Ordering::Greater => (low, variance) = ((middle, position, low.2 + first), second),
            }
        }
    }

    /// The variance of the steps before a power of two.
    fn before(&self, exponent: usize) -> f64 {
        self.firsts.get(exponent).copied().unwrap_or_else(|| libm::exp2(exponent as f64))
    }

    /// The position at a power of two.
    fn power(&mut self, exponent: usize) -> f64 {
        while self.powers.len() <= exponent {
            let known = self.powers.len();
            let (from, before) = match known {
                0 => (0.0, 0.0),
                _ => (self.powers[known - 1], self.before(known - 1)),
            };
            let deviation = libm::sqrt(self.before(known) - before);
            self.powers.push(from + deviation * self.normal(1 << known));
        }
        self.powers[exponent]
    }

    fn normal(&self, number: u64) -> f64 {
        normal(mix(self.key, number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> [Key; 2] {
        [Key::new(42, &["clusters", "first"]), Key::new(42, &["clusters", "second"])]
    }

    fn steps(cascade: Cascade, walks: u64, length: u64) -> Vec<Vec<f64>> {
        let walk = |number| {
            let mut walk = ClusteredWalk::new(cascade, keys(), number);
            let positions: Vec<f64> = (0..=length).map(|n| walk.passed(n).position).collect();
            positions.windows(2).map(|pair| pair[1] - pair[0]).collect()
        };
        (0..walks).map(walk).collect()
    }

    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / count
    }

    /// The mean of the squares, the kurtosis, and the correlation of squares that are so many steps apart.
    fn figures(steps: &[Vec<f64>], lag: usize) -> (f64, f64, f64) {
        let all = || steps.iter().flatten();
        let squares = mean(all().map(|step| step * step));
        let fourth = mean(all().map(|step| step * step * step * step));
        let pairs = steps.iter().flat_map(|walk| walk.iter().zip(&walk[lag..]));
        let products = mean(pairs.map(|(a, b)| (a * a - squares) * (b * b - squares)));
        (squares, fourth / (squares * squares), products / (fourth - squares * squares))
    }

    #[test]
    fn squares_of_steps_go_together_and_steps_do_not() {
        let calm = steps(Cascade::new(0.0, 256.0), 40, 4096);
        let wild = steps(Cascade::new(0.4, 256.0), 40, 4096);
        let (variance, kurtosis, together) = figures(&calm, 1);
        assert!((variance - 1.0).abs() < 0.02 && (kurtosis - 3.0).abs() < 0.1, "{variance} {kurtosis}");
        assert!(together.abs() < 0.015, "{together}");
        let (variance, kurtosis, near) = figures(&wild, 1);
        // Eight levels, each of which makes the mean square of variances 1.16 times as large.
        let expected = 3.0 * libm::pow(1.16, 8.0);
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
        assert!((kurtosis - expected).abs() < 0.2 * expected, "{kurtosis} {expected}");
        let (.., far) = figures(&wild, 4);
        let (.., beyond) = figures(&wild, 1000);
        assert!(
            near > 0.08 && far > 0.03 && near > 1.4 * far && beyond.abs() < 0.02,
            "{near} {far} {beyond}"
        );
        let serial = mean(wild.iter().flat_map(|walk| walk.windows(2).map(|pair| pair[0] * pair[1])));
        assert!(serial.abs() < 0.02, "{serial}");
    }

    #[test]
    fn stronger_clusters_have_fatter_tails() {
        let kurtosis = |strength| figures(&steps(Cascade::new(strength, 128.0), 40, 2048), 1).1;
        let [weak, middling, strong] = [0.1, 0.3, 0.5].map(kurtosis);
        assert!(weak < middling && middling < strong && strong > 6.0, "{weak} {middling} {strong}");
    }

    #[test]
    fn the_variance_is_kept() {
        let cascade = Cascade::new(0.6, 64.0);
        for n in [1u64, 7, 64, 1000, 123_457] {
            let walks: Vec<Passed> =
                (0..8000).map(|number| ClusteredWalk::new(cascade, keys(), number).passed(n)).collect();
            let passed = mean(walks.iter().map(|walk| walk.variance / n as f64));
            let squares = mean(walks.iter().map(|walk| walk.position * walk.position / n as f64));
            assert!((passed - 1.0).abs() < 0.1 && (squares - 1.0).abs() < 0.25, "{n}: {passed} {squares}");
            if n % 64 == 0 {
                assert!(
                    walks.iter().all(|walk| walk.variance == n as f64),
                    "whole stretches have their length"
                );
            }
        }
        let mut walk = ClusteredWalk::new(cascade, keys(), 5);
        let variances: Vec<f64> = (0..500).map(|n| walk.passed(n).variance).collect();
        assert!(variances.windows(2).all(|pair| pair[0] < pair[1]), "time goes on");
    }

    #[test]
    fn a_position_alone_is_the_one_on_the_way() {
        let cascade = Cascade::new(0.4, 1000.0);
        let mut going = ClusteredWalk::new(cascade, keys(), 3);
        for n in (0..3000).chain([1 << 40, 5, (1 << 40) + 1, 2999]) {
            assert_eq!(going.passed(n), ClusteredWalk::new(cascade, keys(), 3).passed(n), "{n}");
        }
    }
}
