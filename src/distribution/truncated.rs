//! A distribution between bounds.

use super::{Bounds, Distribution};

/// What a distribution says about the values between two bounds: it is drawn from between their cumulative
/// probabilities, so that the law inside is exactly what it was.
#[derive(Clone, Copy, Debug)]
pub struct Truncated {
    /// Counted from the side where the values are, so that a far tail keeps its digits.
    from_above: bool,
    start: f64,
    width: f64,
}

impl Truncated {
    /// Cut to `min <= x <= max`.
    pub fn new(distribution: &dyn Distribution, min: f64, max: f64) -> Self {
        // Of whole numbers, `min` itself must stay; for others the next double makes no difference.
        let below = min.next_down();
        if distribution.cdf(below) <= 0.5 {
            let start = distribution.cdf(below);
            Self { from_above: false, start, width: distribution.cdf(max) - start }
        } else {
            let start = distribution.survival(max);
            Self { from_above: true, start, width: distribution.survival(below) - start }
        }
    }

    /// The probability of lying between the bounds; 0 when there is nothing to draw.
    pub fn probability(&self) -> f64 {
        self.width
    }

    /// The quantile of the cut distribution.
    #[inline]
    pub fn quantile(&self, distribution: &dyn Distribution, u: f64) -> f64 {
        if self.from_above {
            distribution.upper_quantile(inside(self.start + self.width * (1.0 - u)))
        } else {
            distribution.quantile(inside(self.start + self.width * u))
        }
    }

    /// The cumulative function of the cut distribution.
    pub fn cdf(&self, distribution: &dyn Distribution, x: f64) -> f64 {
        let share = if self.from_above {
            1.0 - (distribution.survival(x) - self.start) / self.width
        } else {
            (distribution.cdf(x) - self.start) / self.width
        };
        share.clamp(0.0, 1.0)
    }
}

/// A probability strictly between 0 and 1.
fn inside(probability: f64) -> f64 {
    probability.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0)
}

/// Whole numbers `min..=max` shaped by a distribution as its [`Bounds`] say: cut, stretched or ranked. What both
/// integer columns and row counts are drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole {
    rule: Bounds,
    cut: Truncated,
    min: f64,
    count: f64,
    /// Stored numbers in one unit of the distribution: 100 for `numeric(10,2)`.
    unit: f64,
}

impl Whole {
    /// Stored numbers from `min` to `max`, `unit` of which are one unit of the distribution. A number stands for
    /// everything that rounds to it, the bounds included.
    pub(crate) fn new(distribution: &dyn Distribution, min: f64, max: f64, unit: f64) -> Self {
        let rule = distribution.bounds();
        let cut = match rule {
            Bounds::Cut => Truncated::new(distribution, (min - 0.5) / unit, (max + 0.5) / unit),
            Bounds::Stretch => Truncated::new(distribution, 0.0, 1.0),
            Bounds::Rank { .. } => Truncated::new(distribution, 1.0, ((max - min) / unit).floor() + 1.0),
        };
        Self { rule, cut, min, count: max - min + 1.0, unit }
    }

    pub(crate) fn probability(&self) -> f64 {
        self.cut.probability()
    }

    /// The stored number, as a double not yet held to the bounds.
    #[inline]
    pub(crate) fn quantile(&self, distribution: &dyn Distribution, u: f64) -> f64 {
        let x = self.cut.quantile(distribution, u);
        match self.rule {
            Bounds::Cut => (x * self.unit).round(),
            Bounds::Stretch => self.min + (x * self.count).floor(),
            Bounds::Rank { .. } => self.min + (x - 1.0) * self.unit,
        }
    }

    /// The probability of stored numbers up to `number`.
    pub(crate) fn cdf(&self, distribution: &dyn Distribution, number: f64) -> f64 {
        let x = match self.rule {
            Bounds::Cut => (number + 0.5) / self.unit,
            Bounds::Stretch => (number - self.min + 1.0) / self.count,
            Bounds::Rank { .. } => ((number - self.min) / self.unit).floor() + 1.0,
        };
        self.cut.cdf(distribution, x)
    }
}
