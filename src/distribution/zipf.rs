//! The k-th most popular is chosen in proportion to k^-s.

use super::{Bounds, Distribution, Entry, Popularity, finite, number, required_positive};
use crate::spec::{Arguments, Parameter, ParameterKind, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "zipf",
    summary: "the k-th most popular is chosen in proportion to k^-s; the first rank is the column's min",
    parameters: &[
        number("s", None, "exponent, above 0; 1 is Zipf's law of words"),
        Parameter {
            name: "n",
            kind: ParameterKind::Integer,
            default: Some("as many as the bounds allow"),
            summary: "how many ranks",
        },
    ],
    build,
    example: "{zipf: {s: 1.2}}",
};

/// Sums over this many ranks are exact; beyond, Euler and Maclaurin's formula is good to 1e-15.
const EXACT: usize = 64;

/// Beyond this rank, the error of the estimate of a rank is far below what a draw can tell.
const SURE: f64 = 1e4;

/// Where doubles stop counting: the end of a distribution that has none.
const LAST: f64 = 9_007_199_254_740_992.0;

/// Zipf's distribution (the zeta distribution, if it has no end).
#[derive(Debug)]
pub(crate) struct Zipf {
    exponent: f64,
    ranks: f64,
    endless: bool,
    harmonic: Harmonic,
    total: f64,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let exponent = required_positive(arguments, "s")?;
    let ranks = finite(arguments, "n")?;
    if let Some(n) = ranks.filter(|n| *n < 1.0 || *n != n.floor()) {
        return Err(Refusal::of("n", format!("n must be a whole number, at least 1, but is {n}")));
    }
    Ok(Box::new(Zipf::new(exponent, ranks)))
}

impl Zipf {
    /// Over ranks 1 to `ranks`, or without end.
    pub(crate) fn new(exponent: f64, ranks: Option<f64>) -> Self {
        let harmonic = Harmonic::new(exponent);
        let last = ranks.unwrap_or(LAST).min(LAST);
        let total = match ranks {
            None if exponent > 1.0 => harmonic.zeta(),
            _ => harmonic.sum(last),
        };
        Self { exponent, ranks: last, endless: ranks.is_none(), harmonic, total }
    }
}

impl Distribution for Zipf {
    fn quantile(&self, u: f64) -> f64 {
        let target = u * self.total;
        let mut k = self.harmonic.rank(target).clamp(1.0, self.ranks);
        if k > SURE {
            return k;
        }
        // The estimate may be off by a rounding.
        if k < self.ranks && self.harmonic.sum(k) < target {
            k += 1.0;
        }
        if k > 1.0 && self.harmonic.sum(k - 1.0) >= target {
            k -= 1.0;
        }
        k
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < 1.0 {
            0.0
        } else if x >= self.ranks {
            1.0
        } else {
            (self.harmonic.sum(x.floor()) / self.total).min(1.0)
        }
    }

    fn is_discrete(&self) -> bool {
        true
    }

    fn support(&self) -> (f64, f64) {
        (1.0, if self.endless { f64::INFINITY } else { self.ranks })
    }

    fn mean(&self) -> Option<f64> {
        let below = Harmonic::new(self.exponent - 1.0);
        if !self.endless {
            Some(below.sum(self.ranks) / self.total)
        } else {
            (self.exponent > 2.0).then(|| below.zeta() / self.total)
        }
    }

    fn bounds(&self) -> Bounds {
        Bounds::Rank { needs_end: self.endless && self.exponent <= 1.0 }
    }

    fn is_slow(&self) -> bool {
        true
    }

    fn popularity(&self) -> Popularity {
        let ranks = if self.endless { f64::INFINITY } else { self.ranks };
        Popularity::Ranks { exponent: self.exponent, ranks }
    }
}

/// Partial sums of k^-s: the generalized harmonic numbers.
#[derive(Debug)]
pub(crate) struct Harmonic {
    s: f64,
    /// Sums over the first 0, 1, ..., `EXACT` ranks.
    exact: Vec<f64>,
}

impl Harmonic {
    pub(crate) fn new(s: f64) -> Self {
        let mut sum = 0.0;
        let terms = (1..=EXACT).map(|k| {
            sum += libm::pow(k as f64, -s);
            sum
        });
        Self { s, exact: std::iter::once(0.0).chain(terms).collect() }
    }

    /// The sum of j^-s over j = 1, ..., k; `k` whole.
    pub(crate) fn sum(&self, k: f64) -> f64 {
        if k <= EXACT as f64 {
            return self.exact[k.max(0.0) as usize];
        }
        let start = EXACT as f64;
        self.exact[EXACT] + self.integral(k) + self.correction(k) - self.correction(start)
    }

    /// The sum over all ranks; finite for s > 1.
    pub(crate) fn zeta(&self) -> f64 {
        let start = EXACT as f64;
        self.exact[EXACT] + libm::pow(start, 1.0 - self.s) / (self.s - 1.0) - self.correction(start)
    }

    /// The integral of x^-s from `EXACT` to `k`, without cancellation near s = 1.
    fn integral(&self, k: f64) -> f64 {
        let log_ratio = libm::log(k / EXACT as f64);
        let power = 1.0 - self.s;
        libm::pow(EXACT as f64, power)
            * if power == 0.0 { log_ratio } else { libm::expm1(power * log_ratio) / power }
    }

    /// What Euler and Maclaurin add to the integral (Concrete Mathematics, 9.5).
    fn correction(&self, k: f64) -> f64 {
        let s = self.s;
        let first = s / (12.0 * k);
        let third = s * (s + 1.0) * (s + 2.0) / (720.0 * k * k * k);
        let fifth = third * (s + 3.0) * (s + 4.0) / (42.0 * k * k);
        libm::pow(k, -s) * (0.5 - first + third - fifth)
    }

    /// The smallest rank whose sum reaches `target`, or its neighbour.
    fn rank(&self, target: f64) -> f64 {
        if target <= self.exact[EXACT] {
            return self.exact.partition_point(|sum| *sum < target) as f64;
        }
        // The sum up to k is nearly the integral up to k + 1/2; what differs, differs at the start (Euler and Maclaurin's
        // formula for midpoints).
        let s = self.s;
        let start = EXACT as f64 + 0.5;
        let power = 1.0 - s;
        let third = 7.0 / 5760.0 * (s + 1.0) * (s + 2.0) / (start * start);
        let differing = s * libm::pow(start, -s - 1.0) * (third - 1.0 / 24.0);
        let integral = (target - self.exact[EXACT] - differing) * libm::pow(start, -power);
        let log_ratio =
            if power == 0.0 { integral } else { libm::log1p((power * integral).max(-1.0)) / power };
        (start * libm::exp(log_ratio) - 0.5).ceil()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_plain_addition() {
        for s in [0.3, 0.99999999, 1.0, 1.2, 2.0, 3.7] {
            let harmonic = Harmonic::new(s);
            let mut sum = 0.0;
            for k in 1..=20_000 {
                sum += libm::pow(k as f64, -s);
                let error = (harmonic.sum(k as f64) - sum).abs() / sum;
                assert!(error < 1e-12, "s = {s}, k = {k}: {error}");
            }
        }
        assert!(
            (Harmonic::new(2.0).zeta() - (std::f64::consts::PI * std::f64::consts::PI) / 6.0).abs() < 1e-14
        );
    }

    #[test]
    fn quantiles_are_the_smallest_ranks_that_reach() {
        for s in [0.3, 1.0, 1.05, 2.5] {
            let zipf = Zipf::new(s, Some(100_000.0));
            for k in (1..100).chain((100..100_000).step_by(997)) {
                let (k, below) = (k as f64, zipf.cdf(k as f64 - 1.0));
                let inside = (below + zipf.cdf(k)) / 2.0;
                assert_eq!(zipf.quantile(inside), k, "s = {s}");
            }
        }
    }
}
