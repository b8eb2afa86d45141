//! How many children parents have: whole numbers from a distribution, within bounds, of a given mean.

use crate::distribution::{Bounds, Distribution, Poisson, Whole, uniform};
use crate::spec::Refusal;

/// How many child rows a parent has.
///
/// Without a `mean`, the distribution between `min` and `max`, as a column of whole numbers would have it: cut,
/// stretched or ranked (zipf: `min` is the likeliest count); without a distribution, each count from `min` to `max` alike.
///
/// With a `mean`, the distribution is a shape: it is multiplied by what brings the mean of the counts, each held to
/// `min` and `max`, to that mean (ranked and stretched ones grow from `min`, others from 0). What falls between whole numbers is dealt
/// to both neighbours in proportion. Without a distribution, it is Poisson's; where the bounds leave that no such mean, counts
/// have the law of the largest entropy: probabilities in geometric progression.
#[derive(Debug)]
pub struct CountShape {
    /// What shapes the counts.
    pub distribution: Option<Box<dyn Distribution>>,
    /// The smallest count.
    pub min: u64,
    /// The largest count.
    pub max: u64,
    /// What the counts should be on average.
    pub mean: Option<f64>,
}

impl CountShape {
    /// `n` counts, ascending: the quantiles in the middle of `n` equal strata.
    pub(super) fn quantiles(&self, n: usize) -> Result<Vec<u64>, Refusal> {
        if self.min > self.max {
            let message = format!("min must not be above max, but {} is above {}", self.min, self.max);
            return Err(Refusal::of("min", message));
        }
        match (self.mean, &self.distribution) {
            (None, None) => self.within_bounds(n, &*uniform()),
            (None, Some(distribution)) => self.within_bounds(n, &**distribution),
            (Some(mean), distribution) => {
                self.check_mean(mean)?;
                match distribution {
                    // Only one way to be as small, or as large, as possible.
                    _ if mean == self.min as f64 => Ok(vec![self.min; n]),
                    _ if mean == self.max as f64 => Ok(vec![self.max; n]),
                    // Between two neighbours the mean leaves no choice of shape.
                    _ if self.max - self.min == 1 => Ok(sorted(deal(std::iter::repeat_n(mean, n)))),
                    Some(distribution) => self.scaled(n, &**distribution, mean),
                    None => self.scaled(n, &Poisson::new(mean), mean).or_else(|_| Ok(self.tilted(n, mean))),
                }
            }
        }
    }

    fn check_mean(&self, mean: f64) -> Result<(), Refusal> {
        if (self.min as f64..=self.max as f64).contains(&mean) {
            return Ok(());
        }
        let message =
            format!("mean must be between min and max, {} and {}, but is {mean}", self.min, self.max);
        Err(Refusal::of("mean", message))
    }

    fn within_bounds(&self, n: usize, distribution: &dyn Distribution) -> Result<Vec<u64>, Refusal> {
        let (min, max) = (self.min as f64, self.max as f64);
        let whole = Whole::new(distribution, min, max, 1.0);
        if whole.probability() <= 0.0 {
            return Err(Refusal::whole("the distribution has no values between min and max"));
        }
        let count =
            |u: f64| (whole.quantile(distribution, u).clamp(min, max) as u64).clamp(self.min, self.max);
        Ok(middles(n).map(count).collect())
    }

    /// Counts whose probabilities are in geometric progression, of that mean.
    fn tilted(&self, n: usize, mean: f64) -> Vec<u64> {
        let span = (self.max - self.min) as f64;
        // Values above the smallest count, by inversion of the continuous law, held together by the mean alone.
        let quantile = |tilt: f64, u: f64| match tilt.abs() < 1e-9 {
            true => span * u,
            false => libm::log1p(u * libm::expm1(tilt * span)) / tilt,
        };
        let average = |tilt: f64| middles(n).map(|u| quantile(tilt, u)).sum::<f64>() / n as f64;
        let (mut low, mut high) = (-700.0 / span, 700.0 / span);
        for _ in 0..100 {
            let middle = low + (high - low) / 2.0;
            if average(middle) < mean - self.min as f64 { low = middle } else { high = middle }
        }
        let counts =
            middles(n).map(|u| (self.min as f64 + quantile(high, u)).clamp(self.min as f64, self.max as f64));
        let mut rounded = deal(counts);
        rounded.sort_unstable();
        rounded
    }

    fn scaled(&self, n: usize, distribution: &dyn Distribution, mean: f64) -> Result<Vec<u64>, Refusal> {
        let (min, max) = (self.min as f64, self.max as f64);
        let (origin, shape): (f64, Vec<f64>) = match distribution.bounds() {
            Bounds::Cut => (0.0, middles(n).map(|u| distribution.quantile(u)).collect()),
            Bounds::Stretch => (min, middles(n).map(|u| distribution.quantile(u)).collect()),
            Bounds::Rank { .. } => {
                let whole = Whole::new(distribution, 0.0, max - min, 1.0);
                (min, middles(n).map(|u| whole.quantile(distribution, u)).collect())
            }
        };
        let counts = |factor: f64| shape.iter().map(move |x| (origin + factor * x).clamp(min, max));
        let average = |factor: f64| counts(factor).sum::<f64>() / n as f64;
        let mut high = 1.0;
        while average(high) < mean && high < 1e15 {
            high *= 2.0;
        }
        let (least, most) = (average(0.0), average(high));
        if mean < least || mean > most * (1.0 + 1e-12) {
            let message = format!("this distribution cannot have a mean of {mean} between {min} and {max}");
            let help = Some(format!("means from {least} to {most} are possible"));
            return Err(Refusal { parameter: Some("mean"), message, help });
        }
        let mut low = 0.0;
        for _ in 0..200 {
            let middle = low + (high - low) / 2.0;
            if average(middle) < mean { low = middle } else { high = middle }
        }
        Ok(sorted(deal(counts(high))))
    }
}

fn sorted(mut counts: Vec<u64>) -> Vec<u64> {
    counts.sort_unstable();
    counts
}

/// The middles of `n` equal parts of 0 to 1.
fn middles(n: usize) -> impl Iterator<Item = f64> {
    (0..n).map(move |i| (i as f64 + 0.5) / n as f64)
}

/// Whole numbers instead of real ones: each one of its neighbours, such that all sums from the first on are exact to within a
/// half.
fn deal(numbers: impl Iterator<Item = f64>) -> Vec<u64> {
    let mut owed = 0.0;
    numbers
        .map(|number| {
            let dealt = (number + owed).round().clamp(number.floor(), number.ceil());
            owed += number - dealt;
            dealt as u64
        })
        .collect()
}
