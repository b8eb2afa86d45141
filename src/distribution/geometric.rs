//! How often something fails before it succeeds.

use super::{Distribution, Entry, number, required};
use crate::spec::{Arguments, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "geometric",
    summary: "failures before the first success: 0 with probability p, each further one less likely by 1 - p",
    parameters: &[number("p", None, "probability of success, above 0, at most 1")],
    build,
    example: "{geometric: {p: 0.45}}",
};

/// The geometric distribution on 0, 1, 2, ... It has no memory, so that a lower bound shifts it: at least 1, it is
/// the number of attempts.
#[derive(Debug)]
struct Geometric {
    p: f64,
    /// ln(1 - p).
    log_failure: f64,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let p = required(arguments, "p")?;
    if !(p > 0.0 && p <= 1.0) {
        return Err(Refusal::of("p", format!("p must be above 0 and at most 1, but is {p}")));
    }
    Ok(Box::new(Geometric { p, log_failure: libm::log1p(-p) }))
}

impl Geometric {
    /// The smallest whole k >= 0 with (1 - p)^(k + 1) <= e^log_survival.
    fn reached_at(&self, log_survival: f64) -> f64 {
        ((log_survival / self.log_failure).ceil() - 1.0).max(0.0)
    }
}

impl Distribution for Geometric {
    fn quantile(&self, u: f64) -> f64 {
        let k = self.reached_at(libm::log1p(-u));
        // Rounding may have put k one too high where u is a value of the cumulative function.
        if k > 0.0 && self.cdf(k - 1.0) >= u { k - 1.0 } else { k }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { -libm::expm1((x.floor() + 1.0) * self.log_failure) }
    }

    fn survival(&self, x: f64) -> f64 {
        if x < 0.0 { 1.0 } else { libm::exp((x.floor() + 1.0) * self.log_failure) }
    }

    fn upper_quantile(&self, q: f64) -> f64 {
        self.reached_at(libm::log(q))
    }

    fn is_discrete(&self) -> bool {
        true
    }

    fn support(&self) -> (f64, f64) {
        (0.0, if self.p == 1.0 { 0.0 } else { f64::INFINITY })
    }

    fn mean(&self) -> Option<f64> {
        Some((1.0 - self.p) / self.p)
    }
}
