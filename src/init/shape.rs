//! The shape of numbers: the simplest distribution that they could have come from, else a histogram.

use crate::diagnostic::Span;
use crate::distribution::{self, Distribution};
use crate::spec::{Argument, Arguments};

/// A shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Uniform,
    /// A distribution with its parameters.
    Named(&'static str, Vec<(&'static str, f64)>),
    /// Bounds of buckets, and how much falls into each.
    Histogram(Vec<f64>, Vec<f64>),
}

impl Shape {
    /// As a spec writes it, with so many digits of bounds; nothing where values lie evenly.
    pub fn written(&self, digits: i32) -> Option<String> {
        let list = |numbers: &[f64]| {
            let shown = numbers.iter().map(|number| significant(*number, digits).to_string());
            shown.collect::<Vec<_>>().join(", ")
        };
        Some(match self {
            Shape::Uniform => return None,
            Shape::Named(name, parameters) => {
                let parameters: Vec<String> = parameters
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", significant(*value, 4)))
                    .collect();
                format!("{{{name}: {{{}}}}}", parameters.join(", "))
            }
            Shape::Histogram(bounds, weights) => {
                format!("{{histogram: {{bounds: [{}], weights: [{}]}}}}", list(bounds), list(weights))
            }
        })
    }
}

/// Buckets of a histogram: tails are narrow, since there values lie far apart.
const QUANTILES: [f64; 13] = [0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 1.0];

/// The shape of values that stand in order; `unit` is the distance of neighbouring values, 0 where there is none.
pub fn fit(values: &[f64], unit: f64) -> Shape {
    // Beyond this distance chance is no excuse: Kolmogorov's 1% limit, with room for rounding.
    fit_within(values, unit, (1.63 / libm::sqrt(values.len() as f64)).max(0.02))
}

/// The same, of which a distribution may be no further than `allowed` (Kolmogorov's distance).
pub fn fit_within(values: &[f64], unit: f64, allowed: f64) -> Shape {
    let (Some(low), Some(high)) = (values.first().copied(), values.last().copied()) else {
        return Shape::Uniform;
    };
    if high <= low {
        return Shape::Uniform;
    }
    let uniform = |x: f64| ((x - low + unit / 2.0) / (high - low + unit)).clamp(0.0, 1.0);
    if distance(values, uniform) <= allowed {
        return Shape::Uniform;
    }
    let normal = moments(values.iter().copied());
    let mut candidates = vec![("normal", vec![("mean", normal.0), ("std_dev", normal.1)])];
    if low > 0.0 {
        let log = moments(values.iter().map(|value| libm::log(*value)));
        candidates.push(("lognormal", vec![("mu", log.0), ("sigma", log.1)]));
    }
    if low >= 0.0 && normal.0 > 0.0 {
        candidates.push(("exponential", vec![("mean", normal.0)]));
    }
    let fitting = candidates.into_iter().filter_map(|(name, parameters)| {
        let parameters: Vec<(&'static str, f64)> =
            parameters.into_iter().map(|(name, value)| (name, significant(value, 4))).collect();
        let cdf = cut(build(name, &parameters)?, low, high, unit)?;
        Some((distance(values, cdf), name, parameters))
    });
    let best = fitting.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(distance, ..)| *distance <= allowed);
    match best {
        Some((_, name, parameters)) => Shape::Named(name, parameters),
        None => histogram(values),
    }
}

fn build(name: &str, parameters: &[(&'static str, f64)]) -> Option<Box<dyn Distribution>> {
    let given = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Argument::Number(*value), Span::default()));
    let entry = distribution::find(name)?;
    (entry.build)(&Arguments { given: given.collect() }).ok()
}

/// The cumulative function between bounds, of values that are rounded to units.
fn cut(shape: Box<dyn Distribution>, low: f64, high: f64, unit: f64) -> Option<impl Fn(f64) -> f64> {
    let (below, above) = (shape.cdf(low - unit / 2.0), shape.cdf(high + unit / 2.0));
    (above > below)
        .then_some(move |x: f64| ((shape.cdf(x + unit / 2.0) - below) / (above - below)).clamp(0.0, 1.0))
}

/// Kolmogorov's distance: how far the shares of values up to a point are from what they should be, at most.
fn distance(values: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let count = values.len() as f64;
    let mut worst = 0.0f64;
    let mut at = 0;
    while at < values.len() {
        let end = at + values[at..].iter().take_while(|value| **value == values[at]).count();
        worst = worst.max((end as f64 / count - cdf(values[at])).abs());
        at = end;
    }
    worst
}

/// Mean and standard deviation.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    let variance = values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
    (mean, libm::sqrt(variance))
}

fn histogram(values: &[f64]) -> Shape {
    let last = values.len() - 1;
    let mut bounds: Vec<f64> =
        QUANTILES.iter().map(|share| values[libm::round(share * last as f64) as usize]).collect();
    bounds.dedup();
    let below = |bound: f64| values.partition_point(|value| *value < bound) as f64 / values.len() as f64;
    let mut shares: Vec<f64> = bounds.iter().map(|bound| below(*bound)).collect();
    if let Some(all) = shares.last_mut() {
        *all = 1.0;
    }
    let weights = shares.windows(2).map(|pair| significant((pair[1] - pair[0]) * 100.0, 3));
    Shape::Histogram(bounds.clone(), weights.collect())
}

/// How values between bounds lie in ten parts of the way: dates and times.
pub fn tenths(values: &[f64]) -> Shape {
    let (Some(low), Some(high)) = (values.first().copied(), values.last().copied()) else {
        return Shape::Uniform;
    };
    if high <= low || fit(values, 0.0) == Shape::Uniform {
        return Shape::Uniform;
    }
    let mut counts = [0u64; 10];
    for value in values {
        counts[(((value - low) / (high - low) * 10.0) as usize).min(9)] += 1;
    }
    let bounds = (0..=10).map(|tenth| f64::from(tenth) / 10.0).collect();
    let weights = counts.iter().map(|count| significant(*count as f64 / values.len() as f64 * 100.0, 3));
    Shape::Histogram(bounds, weights.collect())
}

/// A number with so many digits that matter.
pub fn significant(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let place = digits - 1 - libm::floor(libm::log10(value.abs())) as i32;
    let unit = libm::pow(10.0, f64::from(place));
    // By way of text, so that 0.1 is written as 0.1.
    format!("{:.*}", place.max(0) as usize, libm::round(value * unit) / unit).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many quantiles of a distribution, rounded to units.
    fn quantiles(name: &str, parameters: &[(&'static str, f64)], unit: f64) -> Vec<f64> {
        let shape = build(name, parameters).expect("a distribution");
        let round = |x: f64| if unit > 0.0 { libm::round(x / unit) * unit } else { x };
        (0..2_000).map(|at| round(shape.quantile((f64::from(at) + 0.5) / 2_000.0))).collect()
    }

    #[test]
    fn distributions_are_found_again() {
        let of = |values: &[f64], unit| match fit(values, unit) {
            Shape::Named(name, parameters) => (name, parameters[0].1),
            Shape::Uniform => ("uniform", 0.0),
            Shape::Histogram(..) => ("histogram", 0.0),
        };
        let even: Vec<f64> = (0..500).map(|at| f64::from(at % 50)).collect::<Vec<_>>();
        let mut even = even;
        even.sort_by(f64::total_cmp);
        assert_eq!(of(&even, 1.0), ("uniform", 0.0));
        let (name, mean) = of(&quantiles("normal", &[("mean", 41.0), ("std_dev", 14.0)], 1.0), 1.0);
        assert!(name == "normal" && (mean - 41.0).abs() < 0.5, "{name} {mean}");
        let (name, mu) = of(&quantiles("lognormal", &[("mu", 3.4), ("sigma", 0.9)], 0.01), 0.01);
        assert!(name == "lognormal" && (mu - 3.4).abs() < 0.05, "{name} {mu}");
        let (name, mean) = of(&quantiles("exponential", &[("mean", 20.0)], 0.0), 0.0);
        assert!(name == "exponential" && (mean - 20.0).abs() < 0.5, "{name} {mean}");
    }

    #[test]
    fn what_has_no_name_is_a_histogram() {
        let mut two_hills = quantiles("normal", &[("mean", 10.0), ("std_dev", 1.0)], 0.1);
        two_hills.extend(quantiles("normal", &[("mean", 50.0), ("std_dev", 1.0)], 0.1));
        two_hills.sort_by(f64::total_cmp);
        let Shape::Histogram(bounds, weights) = fit(&two_hills, 0.1) else {
            panic!("two hills are no distribution")
        };
        assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]) && weights.len() + 1 == bounds.len());
        assert!((weights.iter().sum::<f64>() - 100.0).abs() < 0.5);
    }

    #[test]
    fn digits_that_do_not_matter_go() {
        let cases = [
            (41.23456, 4, 41.23),
            (0.0012345, 2, 0.0012),
            (98765.0, 2, 99000.0),
            (-0.5, 3, -0.5),
            (0.0, 3, 0.0),
        ];
        for (value, digits, expected) in cases {
            assert_eq!(significant(value, digits), expected);
        }
    }
}
