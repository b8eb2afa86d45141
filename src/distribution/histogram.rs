//! Measured data: so much between these bounds.

use super::{Distribution, Entry};
use crate::spec::{Arguments, Parameter, ParameterKind, Refusal};

pub(super) static ENTRY: Entry = Entry {
    name: "histogram",
    summary: "uniform within buckets; with bounds alone, pg_stats.histogram_bounds as they are",
    parameters: &[
        Parameter {
            name: "bounds",
            kind: ParameterKind::Numbers,
            default: None,
            summary: "where buckets begin and the last one ends, ascending, at least two",
        },
        Parameter {
            name: "weights",
            kind: ParameterKind::Numbers,
            default: Some("all alike"),
            summary: "how much falls into each bucket, relative; one fewer than bounds",
        },
    ],
    build,
    example: "{histogram: {bounds: [0, 10, 50, 100], weights: [5, 3, 2]}}",
};

#[derive(Debug)]
struct Histogram {
    bounds: Vec<f64>,
    /// Probability below each bound: from 0 to 1.
    below: Vec<f64>,
}

fn build(arguments: &Arguments) -> Result<Box<dyn Distribution>, Refusal> {
    let bounds = arguments.numbers("bounds").unwrap_or_default().to_vec();
    if bounds.len() < 2 {
        return Err(Refusal::of("bounds", "bounds must have at least two numbers"));
    }
    if !bounds.iter().all(|bound| bound.is_finite()) {
        return Err(Refusal::of("bounds", "bounds must be finite"));
    }
    if let Some(pair) = bounds.windows(2).find(|pair| pair[0] >= pair[1]) {
        let message = format!("bounds must ascend, but {} is followed by {}", pair[0], pair[1]);
        return Err(Refusal::of("bounds", message));
    }
    let weights = match arguments.numbers("weights") {
        Some(weights) => weights.to_vec(),
        None => vec![1.0; bounds.len() - 1],
    };
    if weights.len() != bounds.len() - 1 {
        let message =
            format!("{} bounds need {} weights, not {}", bounds.len(), bounds.len() - 1, weights.len());
        return Err(Refusal::of("weights", message));
    }
    if let Some(weight) = weights.iter().find(|weight| !weight.is_finite() || **weight < 0.0) {
        return Err(Refusal::of("weights", format!("weights must not be negative, but one is {weight}")));
    }
    let total: f64 = weights.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return Err(Refusal::of("weights", "at least one weight must be above 0"));
    }
    let mut sum = 0.0;
    let mut below = vec![0.0];
    below.extend(weights.iter().map(|weight| {
        sum += weight;
        sum / total
    }));
    Ok(Box::new(Histogram { bounds, below }))
}

impl Distribution for Histogram {
    fn quantile(&self, u: f64) -> f64 {
        let bucket = self.below.partition_point(|below| *below < u).clamp(1, self.bounds.len() - 1) - 1;
        let (from, to) = (self.below[bucket], self.below[bucket + 1]);
        let (min, max) = (self.bounds[bucket], self.bounds[bucket + 1]);
        (min + (max - min) * (u - from) / (to - from)).clamp(min, max)
    }

    fn cdf(&self, x: f64) -> f64 {
        let bucket = match self.bounds.partition_point(|bound| *bound <= x) {
            0 => return 0.0,
            after if after == self.bounds.len() => return 1.0,
            after => after - 1,
        };
        let (from, to) = (self.below[bucket], self.below[bucket + 1]);
        let (min, max) = (self.bounds[bucket], self.bounds[bucket + 1]);
        from + (to - from) * (x - min) / (max - min)
    }

    fn support(&self) -> (f64, f64) {
        (self.bounds[0], self.bounds[self.bounds.len() - 1])
    }

    fn mean(&self) -> Option<f64> {
        let buckets = self.bounds.windows(2).zip(self.below.windows(2));
        Some(buckets.map(|(x, p)| (p[1] - p[0]) * (x[0] + x[1]) / 2.0).sum())
    }
}
