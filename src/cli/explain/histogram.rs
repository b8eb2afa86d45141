//! A distribution's shape as a text: bars of what falls between bounds, from its own functions.

use crate::diagnostic::Sources;
use crate::distribution::{Distribution, Entry};
use crate::spec::Spec;

/// The distribution of an entry's example.
pub fn of_example(entry: &Entry) -> Option<Box<dyn Distribution>> {
    let column = format!("{{type: double precision, min: 0, max: 1, distribution: {}}}", entry.example);
    let mut sources = Sources::new();
    let source = sources.add("example", format!("tables: {{t: {{columns: {{x: {column}}}}}}}"));
    let spec = Spec::parse(&mut sources, source).ok()?;
    let call = spec.tables[0].columns[0].distribution.as_ref()?;
    (entry.build)(&call.arguments).ok()
}

/// Bars from the 1st to the 95th percentile; of whole numbers, one for each where they are few.
pub fn draw(shape: &dyn Distribution) -> String {
    const BARS: usize = 10;
    const WIDTH: f64 = 50.0;
    let (low, high) = (shape.quantile(0.01), shape.quantile(0.95));
    let (low, high) = if high > low { (low, high) } else { (low, low + 1.0) };
    let edges: Vec<f64> = match shape.is_discrete() {
        true => {
            // Where the first values have a good part of all, as ranks do, each has a bar.
            let is_steep = shape.cdf(low + BARS as f64 - 1.0) > 0.4;
            let span = if is_steep { (high - low + 1.0).min(BARS as f64) } else { high - low + 1.0 };
            let step = libm::ceil(span / BARS as f64);
            let count = libm::ceil(span / step) as usize;
            (0..=count).map(|nth| low - 1.0 + step * nth as f64).collect()
        }
        false => (0..=BARS).map(|nth| low + (high - low) * nth as f64 / BARS as f64).collect(),
    };
    let shares: Vec<f64> = edges.windows(2).map(|edge| shape.cdf(edge[1]) - shape.cdf(edge[0])).collect();
    let most = shares.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let labels: Vec<String> = edges.windows(2).map(|edge| label(edge, shape.is_discrete())).collect();
    let width = labels.iter().map(String::len).max().unwrap_or(0);
    let line = |(label, share): (&String, &f64)| {
        let bar = "#".repeat(libm::round(share / most * WIDTH) as usize);
        format!("    {label:>width$} {:>5.1}% {bar}\n", share * 100.0)
    };
    let rest = shape.survival(edges[edges.len() - 1]);
    let last = match rest >= 0.0005 {
        true => format!("    {:>width$} {:>5.1}%\n", "above", rest * 100.0),
        false => String::new(),
    };
    labels.iter().zip(&shares).map(line).collect::<String>() + &last
}

fn label(edge: &[f64], is_discrete: bool) -> String {
    match is_discrete {
        true if edge[1] - edge[0] == 1.0 => format!("{}", edge[1]),
        true => format!("{} to {}", edge[0] + 1.0, edge[1]),
        false => format!("{} to {}", three_digits(edge[0]), three_digits(edge[1])),
    }
}

/// A number with about three digits that count.
fn three_digits(number: f64) -> String {
    let size = libm::floor(libm::log10(libm::fabs(number).max(1e-9))) as i32;
    let decimals = (2 - size).clamp(0, 6) as usize;
    let text = format!("{number:.decimals$}");
    if text.trim_start_matches('-').bytes().all(|byte| b"0.".contains(&byte)) { "0".to_owned() } else { text }
}
