//! What one knows when one knows the least, the most and the likeliest.

use super::{Bounds, Distribution, Entry, finite, number, required};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "triangular",
    summary: "rises from min to mode and falls to max, in straight lines",
    parameters: &[
        number(
            "mode",
            None,
            "likeliest value; without min and max, as a fraction of the column's bounds, 0 to 1",
        ),
        number("min", Some("the column's min"), "smallest value"),
        number("max", Some("the column's max"), "largest value"),
    ],
    build,
    example: "{triangular: {min: 10, mode: 25, max: 100}}",
};

#[derive(Debug)]
struct Triangular {
    min: f64,
    mode: f64,
    max: f64,
    bounds: Bounds,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let mode = required(arguments, "mode")?;
    let (min, max, bounds) = match (finite(arguments, "min")?, finite(arguments, "max")?) {
        (None, None) => (0.0, 1.0, Bounds::Stretch),
        (Some(min), Some(max)) => (min, max, Bounds::Cut),
        (None, _) => {
            return Err(Refusal::of("min", "min is missing: triangular takes both min and max, or neither"));
        }
        (_, None) => {
            return Err(Refusal::of("max", "max is missing: triangular takes both min and max, or neither"));
        }
    };
    if min >= max {
        return Err(Refusal::of("max", format!("max must be above min, but {max} is not above {min}")));
    }
    if !(min..=max).contains(&mode) {
        return Err(Refusal::of("mode", format!("mode must be between {min} and {max}, but is {mode}")));
    }
    Ok(Box::new(Triangular { min, mode, max, bounds }))
}

impl Distribution for Triangular {
    fn quantile(&self, u: f64) -> f64 {
        let width = self.max - self.min;
        if u * width < self.mode - self.min {
            self.min + (u * width * (self.mode - self.min)).sqrt()
        } else {
            self.max - ((1.0 - u) * width * (self.max - self.mode)).sqrt()
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let width = self.max - self.min;
        if x <= self.min {
            0.0
        } else if x < self.mode {
            (x - self.min) * (x - self.min) / (width * (self.mode - self.min))
        } else if x < self.max {
            1.0 - (self.max - x) * (self.max - x) / (width * (self.max - self.mode))
        } else {
            1.0
        }
    }

    fn support(&self) -> (f64, f64) {
        (self.min, self.max)
    }

    fn mean(&self) -> Option<f64> {
        Some((self.min + self.mode + self.max) / 3.0)
    }

    fn bounds(&self) -> Bounds {
        self.bounds
    }
}
