//! Shares and probabilities; anything between two limits.

use super::special::{beta_i, ln_beta, root};
use super::{Bounds, Distribution, Entry, number, required_positive};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "beta",
    summary: "between the column's bounds (0 and 1 if it has none), leaning to either side or to the middle",
    parameters: &[
        number("alpha", None, "above 0; the larger, the nearer to the upper bound"),
        number("beta", None, "above 0; the larger, the nearer to the lower bound"),
    ],
    build,
    example: "{beta: {alpha: 2, beta: 5}}",
};

#[derive(Debug)]
struct Beta {
    alpha: f64,
    beta: f64,
}

/// Beyond, the continued fraction takes long, and the distribution is a point.
const LIMIT: f64 = 1e6;

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let alpha = required_positive(arguments, "alpha")?;
    let beta = required_positive(arguments, "beta")?;
    for (name, value) in [("alpha", alpha), ("beta", beta)] {
        if value > LIMIT {
            return Err(Refusal::of(name, format!("{name} must be at most {LIMIT}, but is {value}")));
        }
    }
    Ok(Box::new(Beta { alpha, beta }))
}

impl Distribution for Beta {
    /// Solved for ln(x / (1 - x)), which is well behaved near both ends.
    fn quantile(&self, u: f64) -> f64 {
        let (a, b) = (self.alpha, self.beta);
        let log_front = ln_beta(a, b);
        // Near 0, I_x(a, b) ~ x^a / (a B(a, b)); near 1 likewise from the other side.
        let from_zero = (libm::log(u * a) + log_front) / a;
        let from_one = (libm::log((1.0 - u) * b) + log_front) / b;
        let mean = libm::log(a / b);
        let start = if from_zero < mean.min(-3.0) {
            from_zero
        } else if -from_one > mean.max(3.0) {
            -from_one
        } else {
            mean
        };
        let logit = root(-745.0, 745.0, start, |logit| {
            let (x, y) = logistic(logit);
            let slope = a * libm::log(x) + b * libm::log(y) - log_front;
            (beta_i(a, b, x, y) - u, libm::exp(slope))
        });
        logistic(logit).0
    }

    fn cdf(&self, x: f64) -> f64 {
        beta_i(self.alpha, self.beta, x, 1.0 - x)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.alpha / (self.alpha + self.beta))
    }

    fn bounds(&self) -> Bounds {
        Bounds::Stretch
    }

    fn is_slow(&self) -> bool {
        true
    }
}

/// x and 1 - x from ln(x / (1 - x)).
fn logistic(logit: f64) -> (f64, f64) {
    (1.0 / (1.0 + libm::exp(-logit)), 1.0 / (1.0 + libm::exp(logit)))
}
