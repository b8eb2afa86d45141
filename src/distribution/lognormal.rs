//! What is normal on a logarithmic scale: incomes, prices, sizes of files.

use super::normal::{standard_cdf, standard_quantile};
use super::{Distribution, Entry, number, required, required_positive};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "lognormal",
    summary: "the exponential of a normal distribution: incomes, prices, durations",
    parameters: &[
        number("mu", None, "mean of the logarithm"),
        number("sigma", None, "standard deviation of the logarithm, above 0"),
    ],
    build,
    example: "{lognormal: {mu: 10.8, sigma: 0.5}}",
};

#[derive(Debug)]
struct LogNormal {
    mu: f64,
    sigma: f64,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let mu = required(arguments, "mu")?;
    Ok(Box::new(LogNormal { mu, sigma: required_positive(arguments, "sigma")? }))
}

impl LogNormal {
    fn deviate(&self, x: f64) -> f64 {
        (libm::log(x.max(0.0)) - self.mu) / self.sigma
    }
}

impl Distribution for LogNormal {
    fn quantile(&self, u: f64) -> f64 {
        libm::exp(self.mu + self.sigma * standard_quantile(u))
    }

    fn cdf(&self, x: f64) -> f64 {
        standard_cdf(self.deviate(x))
    }

    fn survival(&self, x: f64) -> f64 {
        standard_cdf(-self.deviate(x))
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        libm::exp(self.mu - self.sigma * standard_quantile(q))
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn mean(&self) -> Option<f64> {
        Some(libm::exp(self.mu + self.sigma * self.sigma / 2.0))
    }
}
