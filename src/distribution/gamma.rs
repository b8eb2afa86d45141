//! Sums of waiting times.

use super::normal::standard_quantile;
use super::special::{gamma_pq, root};
use super::{Distribution, Entry, number, required_positive};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "gamma",
    summary: "waiting times until several events: durations, rainfall, claims",
    parameters: &[
        number("shape", None, "how many events, above 0; need not be whole"),
        number("scale", Some("1"), "mean waiting time for one, above 0"),
    ],
    build,
    example: "{gamma: {shape: 2.5, scale: 10}}",
};

#[derive(Debug)]
struct Gamma {
    shape: f64,
    scale: f64,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let shape = required_positive(arguments, "shape")?;
    let scale = super::positive(arguments, "scale")?.unwrap_or(1.0);
    Ok(Box::new(Gamma { shape, scale }))
}

impl Distribution for Gamma {
    fn quantile(&self, u: f64) -> f64 {
        self.scale * standard_gamma_quantile(self.shape, u)
    }

    fn cdf(&self, x: f64) -> f64 {
        gamma_pq(self.shape, x / self.scale).0
    }

    fn survival(&self, x: f64) -> f64 {
        gamma_pq(self.shape, x / self.scale).1
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.shape * self.scale)
    }

    fn is_slow(&self) -> bool {
        true
    }
}

/// The quantile for scale 1, solved for the logarithm, which is well behaved for shapes near 0 too.
fn standard_gamma_quantile(shape: f64, u: f64) -> f64 {
    // Wilson and Hilferty's cube root in the middle; near 0, P(a, x) ~ x^a / (a Gamma(a)).
    let spread = 1.0 / (9.0 * shape);
    let cube = 1.0 - spread + standard_quantile(u) * spread.sqrt();
    let near_zero = (libm::log(u) + libm::lgamma(shape + 1.0)) / shape;
    let start = if cube > 0.2 { libm::log(shape * cube * cube * cube) } else { near_zero };
    let log_gamma = libm::lgamma(shape);
    let log_x = root(-745.0, 709.0, start, |log_x| {
        let x = libm::exp(log_x);
        let (p, q) = gamma_pq(shape, x);
        let value = if u < 0.5 { p - u } else { (1.0 - u) - q };
        (value, libm::exp(shape * log_x - x - log_gamma))
    });
    libm::exp(log_x)
}
