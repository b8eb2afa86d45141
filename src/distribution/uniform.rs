//! All values alike.

use super::{Bounds, Distribution, Entry, Popularity, finite, number};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "uniform",
    summary: "all values between the bounds alike",
    parameters: &[
        number("min", Some("the column's min"), "smallest value"),
        number("max", Some("the column's max"), "largest value"),
    ],
    build,
    example: "{uniform: {}}",
};

/// The uniform distribution.
#[derive(Debug)]
pub(super) struct Uniform {
    min: f64,
    max: f64,
    bounds: Bounds,
}

impl Uniform {
    /// On 0 to 1, to be stretched over the bounds at hand.
    pub(super) fn over_bounds() -> Self {
        Self { min: 0.0, max: 1.0, bounds: Bounds::Stretch }
    }
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    match (finite(arguments, "min")?, finite(arguments, "max")?) {
        (None, None) => Ok(Box::new(Uniform::over_bounds())),
        (Some(min), Some(max)) if min < max => Ok(Box::new(Uniform { min, max, bounds: Bounds::Cut })),
        (Some(min), Some(max)) => {
            Err(Refusal::of("max", format!("max must be above min, but {max} is not above {min}")))
        }
        (None, _) => Err(Refusal::of("min", "min is missing: uniform takes both min and max, or neither")),
        (_, None) => Err(Refusal::of("max", "max is missing: uniform takes both min and max, or neither")),
    }
}

impl Distribution for Uniform {
    fn quantile(&self, u: f64) -> f64 {
        self.min + (self.max - self.min) * u
    }

    fn cdf(&self, x: f64) -> f64 {
        ((x - self.min) / (self.max - self.min)).clamp(0.0, 1.0)
    }

    fn support(&self) -> (f64, f64) {
        (self.min, self.max)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.min + (self.max - self.min) / 2.0)
    }

    fn bounds(&self) -> Bounds {
        self.bounds
    }

    fn popularity(&self) -> Popularity {
        Popularity::Equal
    }
}
