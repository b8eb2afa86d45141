//! A distribution seen from the places of a coarser grid: `step` and `round` of a column.

use super::Distribution;
use crate::spec::Rounding;

/// A tie belongs to the place that rounding half up gives, also where a discrete distribution has all its values on
/// ties: places are moved by this part of a step, far below what any column shows.
const TIE: f64 = 1e-9;

/// The law of `k`, where the number `base + k * step` is what the inner distribution's numbers are rounded to. It is
/// itself on all numbers: its nearest whole number is `k`.
#[derive(Debug)]
pub struct OnGrid {
    inner: Box<dyn Distribution>,
    base: f64,
    step: f64,
    offset: f64,
}

impl OnGrid {
    /// `step` is above 0, and all in the inner distribution's unit, which must be one that bounds cut
    /// ([`Bounds::Cut`](super::Bounds::Cut)).
    pub fn new(inner: Box<dyn Distribution>, base: f64, step: f64, rounding: Rounding) -> Self {
        let offset = match rounding {
            Rounding::Nearest => TIE,
            Rounding::Down => TIE - 0.5,
            Rounding::Up => 0.5 - TIE,
        };
        Self { inner, base, step, offset }
    }

    fn place(&self, number: f64) -> f64 {
        (number - self.base) / self.step + self.offset
    }

    fn number(&self, place: f64) -> f64 {
        (place - self.offset) * self.step + self.base
    }
}

impl Distribution for OnGrid {
    fn quantile(&self, u: f64) -> f64 {
        self.place(self.inner.quantile(u))
    }

    fn cdf(&self, x: f64) -> f64 {
        self.inner.cdf(self.number(x))
    }

    fn survival(&self, x: f64) -> f64 {
        self.inner.survival(self.number(x))
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        self.place(self.inner.upper_quantile(q))
    }

    fn support(&self) -> (f64, f64) {
        let (lowest, highest) = self.inner.support();
        (self.place(lowest), self.place(highest))
    }

    fn mean(&self) -> Option<f64> {
        self.inner.mean().map(|mean| self.place(mean))
    }

    fn is_slow(&self) -> bool {
        self.inner.is_slow()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Grid, IntSampler, find, poisson::Poisson};
    use super::*;
    use crate::diagnostic::Span;
    use crate::spec::{Argument, Arguments};

    fn uniform(min: f64, max: f64) -> Box<dyn Distribution> {
        let given = [("min", min), ("max", max)];
        let given = given.map(|(name, x)| (name.to_owned(), Argument::Number(x), Span::default()));
        let uniform = find("uniform").expect("is registered");
        (uniform.build)(&Arguments { given: given.into() }).expect("min is below max")
    }

    /// How often each place is drawn, from the bits that divide 0 to 1 evenly.
    fn drawn(inner: Box<dyn Distribution>, step: f64, rounding: Rounding, bounds: (i64, i64)) -> Vec<u64> {
        let shape = Box::new(OnGrid::new(inner, 0.0, step, rounding));
        let (min, max) = bounds;
        let sampler = IntSampler::new(shape, Grid::Decimal { scale: 0 }, Some(min), Some(max), bounds);
        let bits: Vec<u64> = (0..60_000u64).map(|i| i * (u64::MAX / 60_000)).collect();
        let mut counts = vec![0; (max - min + 1) as usize];
        for place in sampler.expect("has values").fill(&bits) {
            counts[(place - min) as usize] += 1;
        }
        counts
    }

    #[test]
    fn a_place_stands_for_what_rounds_to_it() {
        // Uniform from 0 to 30 in steps of 10: half of a step lies around either end.
        for (rounding, expected) in [
            (Rounding::Nearest, [10_000, 20_000, 20_000, 10_000]),
            (Rounding::Down, [20_000, 20_000, 20_000, 0]),
            (Rounding::Up, [0, 20_000, 20_000, 20_000]),
        ] {
            let counts = drawn(uniform(0.0, 30.0), 10.0, rounding, (0, 3));
            let close = counts.iter().zip(expected).all(|(count, expected)| count.abs_diff(expected) < 5);
            assert!(close, "{rounding:?}: {counts:?}");
        }
    }

    #[test]
    fn whole_numbers_on_ties_go_to_one_side() {
        let poisson = Poisson::new(5.0);
        let counts = drawn(Box::new(Poisson::new(5.0)), 2.0, Rounding::Down, (0, 20));
        for (place, count) in counts.iter().enumerate() {
            let (from, to) = (2.0 * place as f64, 2.0 * place as f64 + 1.0);
            let expected = (poisson.cdf(to) - poisson.cdf(from - 1.0)) * 60_000.0;
            assert!((*count as f64 - expected).abs() < 3.0, "{place}: {count}, not {expected}");
        }
    }
}
