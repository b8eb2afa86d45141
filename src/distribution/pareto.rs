//! The power law: few own most.

use super::{Distribution, Entry, number, required_positive};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "pareto",
    summary: "a power law above a smallest value: wealth, sizes of cities, sizes of files",
    parameters: &[
        number("scale", None, "smallest value, above 0"),
        number("shape", None, "how fast the tail falls, above 0; 1.16 is the rule of 80 to 20"),
    ],
    build,
    example: "{pareto: {scale: 10, shape: 1.16}}",
};

#[derive(Debug)]
struct Pareto {
    scale: f64,
    shape: f64,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let scale = required_positive(arguments, "scale")?;
    Ok(Box::new(Pareto { scale, shape: required_positive(arguments, "shape")? }))
}

impl Distribution for Pareto {
    fn quantile(&self, u: f64) -> f64 {
        self.scale * libm::exp(-libm::log1p(-u) / self.shape)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= self.scale { 0.0 } else { -libm::expm1(-self.shape * libm::log(x / self.scale)) }
    }

    fn survival(&self, x: f64) -> f64 {
        if x <= self.scale { 1.0 } else { libm::pow(self.scale / x, self.shape) }
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        self.scale * libm::pow(q, -1.0 / self.shape)
    }

    fn support(&self) -> (f64, f64) {
        (self.scale, f64::INFINITY)
    }

    fn mean(&self) -> Option<f64> {
        (self.shape > 1.0).then(|| self.shape * self.scale / (self.shape - 1.0))
    }
}
