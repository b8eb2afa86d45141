//! How many of many rare things happen.

use super::normal::standard_quantile;
use super::special::gamma_pq;
use super::{Distribution, Entry, number, positive};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "poisson",
    summary: "counts of independent events: visits a day, faults a metre",
    parameters: &[
        number("mean", Some("lambda"), "mean count, above 0"),
        number("lambda", Some("mean"), "another name of the mean"),
    ],
    build,
    example: "{poisson: {mean: 4}}",
};

/// The Poisson distribution.
#[derive(Debug)]
pub(crate) struct Poisson {
    mean: f64,
}

impl Poisson {
    /// With that mean, above 0.
    pub(crate) fn new(mean: f64) -> Self {
        Self { mean }
    }
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    match (positive(arguments, "mean")?, positive(arguments, "lambda")?) {
        (Some(mean), None) | (None, Some(mean)) => Ok(Box::new(Poisson { mean })),
        (None, None) => Err(Refusal::of("mean", "mean is missing")),
        (Some(_), Some(_)) => Err(Refusal::of("lambda", "lambda is the mean: give one of them")),
    }
}

impl Distribution for Poisson {
    fn quantile(&self, u: f64) -> f64 {
        // Cornish and Fisher's expansion to the skewness is off by one or so; the cumulative function decides.
        let z = standard_quantile(u);
        let guess = self.mean + self.mean.sqrt() * z + (z * z - 1.0) / 6.0;
        let mut k = guess.round().max(0.0);
        while self.cdf(k) < u {
            k += 1.0;
        }
        while k > 0.0 && self.cdf(k - 1.0) >= u {
            k -= 1.0;
        }
        k
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { gamma_pq(x.floor() + 1.0, self.mean).1 }
    }

    fn survival(&self, x: f64) -> f64 {
        if x < 0.0 { 1.0 } else { gamma_pq(x.floor() + 1.0, self.mean).0 }
    }

    fn is_discrete(&self) -> bool {
        true
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn is_slow(&self) -> bool {
        true
    }
}
