//! The incomplete gamma and beta functions, and the search that inverts a cumulative function.

use std::f64::consts::TAU;

/// Terms are added until they no longer count.
const SMALL: f64 = 1e-17;

/// Above this first argument the asymptotic expansion is better than 1e-10 and far quicker than the series.
const ASYMPTOTIC: f64 = 1e5;

/// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 - P, the smaller one computed directly;
/// `a > 0`, `x >= 0`. Series and continued fraction: Abramowitz and Stegun, Handbook of Mathematical Functions, 6.5.29
/// and 6.5.31.
pub(super) fn gamma_pq(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    if a > ASYMPTOTIC {
        return gamma_asymptotic(a, x);
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > sum * SMALL {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        let p = (front * sum).min(1.0);
        (p, 1.0 - p)
    } else {
        let fraction = |i: u32| {
            let i = i as f64;
            (-i * (i - a), x + 2.0 * i + 1.0 - a)
        };
        let q = (front / continued_fraction(x + 1.0 - a, fraction)).clamp(0.0, 1.0);
        (1.0 - q, q)
    }
}

/// Temme's uniform expansion for large `a`, to its first correction (NIST Digital Library of Mathematical
/// Functions, 8.12).
fn gamma_asymptotic(a: f64, x: f64) -> (f64, f64) {
    let mu = x / a - 1.0;
    let eta = (2.0 * (mu - libm::log1p(mu)).max(0.0)).sqrt().copysign(mu);
    let c0 = if eta.abs() < 0.05 {
        -1.0 / 3.0 + eta * (1.0 / 12.0 + eta * (-2.0 / 135.0 + eta * (1.0 / 864.0 + eta / 2835.0)))
    } else {
        1.0 / mu - 1.0 / eta
    };
    let correction = libm::exp(-0.5 * a * eta * eta) / (TAU * a).sqrt() * c0;
    let half = eta * (a / 2.0).sqrt();
    let q = 0.5 * libm::erfc(half) + correction;
    let p = 0.5 * libm::erfc(-half) - correction;
    (p.clamp(0.0, 1.0), q.clamp(0.0, 1.0))
}

/// The regularized incomplete beta function I_x(a, b), with `y = 1 - x` given apart so that neither end loses digits;
/// `a, b > 0`. Continued fraction: NIST Digital Library of Mathematical Functions, 8.17.22.
pub(super) fn beta_i(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    let front = libm::exp(a * libm::log(x) + b * libm::log(y) - ln_beta(a, b));
    if x * (a + b + 2.0) < a + 1.0 {
        (front * beta_fraction(a, b, x) / a).min(1.0)
    } else {
        1.0 - (front * beta_fraction(b, a, y) / b).min(1.0)
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let coefficient = |i: u32| {
        let m = (i / 2) as f64;
        let d = if i.is_multiple_of(2) {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        (d, 1.0)
    };
    1.0 / continued_fraction(1.0, coefficient)
}

/// The logarithm of the beta function.
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// `first + n1 / (d1 + n2 / (d2 + ...))`, where `term(i)` is (ni, di), by Lentz's method as modified by Thompson and
/// Barnett (Journal of Computational Physics 64, 1986).
fn continued_fraction(first: f64, term: impl Fn(u32) -> (f64, f64)) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut value = away_from_zero(first);
    let (mut c, mut d) = (value, 0.0);
    // Converges in some multiple of the root of the arguments, which are below 10^6.
    for i in 1..100_000 {
        let (above, below) = term(i);
        d = 1.0 / away_from_zero(below + above * d);
        c = away_from_zero(below + above / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// The root of a rising function between `low` and `high`: Newton's steps from `start`, a bisection wherever such a step would
/// leave what is known to enclose the root. `function` gives value and slope.
pub(super) fn root(mut low: f64, mut high: f64, start: f64, function: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = start.clamp(low, high);
    for _ in 0..200 {
        let (value, slope) = function(x);
        if value < 0.0 {
            low = x;
        } else if value > 0.0 {
            high = x;
        } else {
            return x;
        }
        let newton = x - value / slope;
        let next = if newton > low && newton < high { newton } else { low + (high - low) / 2.0 };
        if (next - x).abs() <= 1e-16 * (1.0 + x.abs()) {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_gamma_has_its_closed_forms() {
        for x in [0.01, 0.5, 1.0, 2.0, 10.0, 30.0] {
            // a = 1: the exponential distribution; a = 1/2: the error function.
            assert!((gamma_pq(1.0, x).1 - libm::exp(-x)).abs() < 1e-15);
            assert!((gamma_pq(0.5, x).0 - libm::erf(x.sqrt())).abs() < 1e-14);
        }
    }

    #[test]
    fn series_and_expansion_agree_where_they_meet() {
        for z in [-6.0, -2.0, -0.5, 0.0, 0.7, 3.0, 6.0] {
            let a = ASYMPTOTIC;
            let x = a + z * a.sqrt();
            let (series, expansion) = (gamma_pq(a, x).0, gamma_asymptotic(a, x).0);
            assert!((series - expansion).abs() < 1e-10, "{z}: {series} {expansion}");
        }
    }

    #[test]
    fn incomplete_beta_has_its_closed_forms() {
        for x in [0.001, 0.1, 0.5, 0.77, 0.999] {
            assert!((beta_i(1.0, 1.0, x, 1.0 - x) - x).abs() < 1e-15);
            assert!((beta_i(3.0, 1.0, x, 1.0 - x) - x * x * x).abs() < 1e-15);
            assert!((beta_i(1.0, 2.5, x, 1.0 - x) - (1.0 - libm::pow(1.0 - x, 2.5))).abs() < 1e-14);
            let mirrored = 1.0 - beta_i(4.2, 0.3, 1.0 - x, x);
            assert!((beta_i(0.3, 4.2, x, 1.0 - x) - mirrored).abs() < 1e-14);
        }
    }
}
