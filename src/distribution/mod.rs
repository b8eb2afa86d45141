//! Distributions: from a uniform number to a shaped one, and back.
//!
//! A [`Distribution`] is its quantile function and its cumulative function; everything else follows from the two.
//! Values are drawn by inversion, one draw a value, so that a value is a monotone function of its row's draw and
//! bounds cut a distribution exactly. Columns draw through an [`IntSampler`] or a [`FloatSampler`], which decide when
//! planning how to do it fast; relations take quantiles.
//!
//! One file per distribution. To add one: its file, and its row in [`DISTRIBUTIONS`].

mod beta;
mod clusters;
mod exponential;
mod gamma;
mod geometric;
mod histogram;
mod lognormal;
mod normal;
mod on_grid;
mod pareto;
mod poisson;
mod sampler;
mod special;
mod table;
mod triangular;
mod truncated;
mod uniform;
mod walk;
mod zipf;

pub use clusters::{Cascade, ClusteredWalk, Passed};
pub(crate) use normal::{standard_cdf, standard_quantile};
pub use on_grid::OnGrid;
pub(crate) use poisson::Poisson;
pub use sampler::{FloatSampler, Grid, IntSampler};
pub use truncated::Truncated;
pub(crate) use truncated::Whole;
pub use walk::{Walk, WalkLaw, normal};
pub(crate) use zipf::Harmonic;

use crate::spec::{Argument, Arguments, Parameter, Refusal};
use std::fmt::Debug;

/// The law of a random number, on all numbers or on whole ones.
pub trait Distribution: Send + Sync + Debug {
    /// The smallest value x with `cdf(x) >= u`; `0 < u < 1`.
    fn quantile(&self, u: f64) -> f64;

    /// The probability of values up to and including `x`.
    fn cdf(&self, x: f64) -> f64;

    /// The probability of values above `x`: `1 - cdf(x)`, but where the tail allows without its cancellation.
    fn survival(&self, x: f64) -> f64 {
        1.0 - self.cdf(x)
    }

    /// The quantile counted from above: `quantile(1 - q)`, but where the tail allows without its cancellation.
    fn upper_quantile(&self, q: f64) -> f64 {
        self.quantile(1.0 - q)
    }

    /// Whether values are whole numbers.
    fn is_discrete(&self) -> bool {
        false
    }

    /// The smallest and the largest value; infinite where there is none.
    fn support(&self) -> (f64, f64);

    /// The mean; `None` where it is infinite.
    fn mean(&self) -> Option<f64>;

    /// What a column's or a count's bounds do to it.
    fn bounds(&self) -> Bounds {
        Bounds::Cut
    }

    /// Whether a quantile takes so long (a search, hundreds of nanoseconds) that a table of them pays.
    fn is_slow(&self) -> bool {
        false
    }

    /// What it says about referenced rows, when it stands at a reference.
    fn popularity(&self) -> Popularity {
        Popularity::Quantiles
    }
}

/// What a column's bounds do to a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// They cut it: the normal distribution of people's heights between `min` and `max`.
    Cut,
    /// It lives on 0 to 1 and is stretched over them: uniform and triangular without own limits, beta.
    Stretch,
    /// It lives on ranks 1, 2, ..., the first of which is `min`, and ends at `max`: zipf.
    Rank {
        /// Whether it needs an end, because its probabilities would not add up to anything without.
        needs_end: bool,
    },
}

/// How popular referenced rows are, when a distribution stands at a reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Popularity {
    /// All alike.
    Equal,
    /// The k-th is chosen in proportion to `k^-exponent`.
    Ranks {
        /// Zipf's s.
        exponent: f64,
        /// How many ranks are chosen at all.
        ranks: f64,
    },
    /// In proportion to the distribution's quantiles.
    Quantiles,
}

/// A distribution as the spec knows it.
pub struct Entry {
    /// Its name in a spec.
    pub name: &'static str,
    /// One line of help, without a full stop.
    pub summary: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Makes it, or says why not.
    pub build: fn(&Arguments) -> Result<Box<dyn Distribution>, Refusal>,
    /// How it looks in a spec.
    pub example: &'static str,
}

/// All distributions, by name.
pub static DISTRIBUTIONS: &[&Entry] = &[
    &beta::ENTRY,
    &exponential::ENTRY,
    &gamma::ENTRY,
    &geometric::ENTRY,
    &histogram::ENTRY,
    &lognormal::ENTRY,
    &normal::ENTRY,
    &pareto::ENTRY,
    &poisson::ENTRY,
    &triangular::ENTRY,
    &uniform::ENTRY,
    &zipf::ENTRY,
];

/// The distribution of that name.
pub fn find(name: &str) -> Option<&'static Entry> {
    DISTRIBUTIONS.iter().copied().find(|entry| entry.name == name)
}

/// The uniform distribution over whatever bounds it is given: what a column without a distribution has.
pub fn uniform() -> Box<dyn Distribution> {
    Box::new(uniform::Uniform::over_bounds())
}

/// The number in (0, 1) that 64 random bits stand for; never 0 or 1, where quantiles may be infinite.
#[inline(always)]
pub(crate) fn open_unit(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// A parameter that is a number.
const fn number(name: &'static str, default: Option<&'static str>, summary: &'static str) -> Parameter {
    Parameter { name, kind: crate::spec::ParameterKind::Number, default, summary }
}

/// A finite number, if given.
fn finite(arguments: &Arguments, name: &'static str) -> Result<Option<f64>, Refusal> {
    match arguments.get(name) {
        Some(Argument::Number(value)) if !value.is_finite() => {
            Err(Refusal::of(name, format!("{name} must be finite")))
        }
        Some(Argument::Number(value)) => Ok(Some(*value)),
        Some(_) => Err(Refusal::of(name, format!("{name} must be a number"))),
        None => Ok(None),
    }
}

/// A finite number that must be given.
fn required(arguments: &Arguments, name: &'static str) -> Result<f64, Refusal> {
    finite(arguments, name)?.ok_or_else(|| Refusal::of(name, format!("{name} is missing")))
}

/// A finite number above 0, if given.
fn positive(arguments: &Arguments, name: &'static str) -> Result<Option<f64>, Refusal> {
    match finite(arguments, name)? {
        Some(value) if value <= 0.0 => {
            Err(Refusal::of(name, format!("{name} must be positive, but is {value}")))
        }
        value => Ok(value),
    }
}

/// A finite number above 0 that must be given.
fn required_positive(arguments: &Arguments, name: &'static str) -> Result<f64, Refusal> {
    positive(arguments, name)?.ok_or_else(|| Refusal::of(name, format!("{name} is missing")))
}

#[cfg(test)]
mod tests;
