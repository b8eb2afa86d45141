//! The time until something that happens at a constant rate.

use super::{Distribution, Entry, number, positive};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "exponential",
    summary: "waiting times between independent events",
    parameters: &[
        number("rate", Some("1 / mean"), "events per unit, above 0"),
        number("mean", Some("1 / rate"), "mean waiting time, above 0; instead of the rate"),
    ],
    build,
    example: "{exponential: {rate: 0.2}}",
};

#[derive(Debug)]
struct Exponential {
    mean: f64,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let mean = match (positive(arguments, "rate")?, positive(arguments, "mean")?) {
        (Some(rate), None) => 1.0 / rate,
        (None, Some(mean)) => mean,
        (None, None) => return Err(Refusal::whole("exponential takes a rate or a mean")),
        (Some(_), Some(_)) => {
            return Err(Refusal::of("mean", "exponential takes a rate or a mean, not both"));
        }
    };
    Ok(Box::new(Exponential { mean }))
}

impl Distribution for Exponential {
    fn quantile(&self, u: f64) -> f64 {
        -self.mean * libm::log1p(-u)
    }

    fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-x.max(0.0) / self.mean)
    }

    fn survival(&self, x: f64) -> f64 {
        libm::exp(-x.max(0.0) / self.mean)
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        -self.mean * libm::log(q)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }
}
