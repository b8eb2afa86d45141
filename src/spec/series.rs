//! Values that follow time: `series: {level: 20, daily: {amplitude: 4, peak: "15:00"}, noise: 0.3, walk: 0.2}`.

use super::calendar::weekday;
use super::fields::{self, Fields, Problems};
use super::model::At;
use super::node::{Node, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::civil::DAY;
use crate::value::parse;

/// A series as written. Quantities are numbers, shares of the level (`5%`) or expressions.
#[derive(Clone, Debug)]
pub struct SeriesSpec {
    /// Its place.
    pub span: Span,
    /// The column that says when.
    pub at: Option<At<String>>,
    /// The moment from which trend and walk count.
    pub from: Option<At<String>>,
    /// What values lie around.
    pub level: Option<At<String>>,
    /// How much the level rises in how many microseconds.
    pub trend: Option<At<Rate>>,
    /// Growth per year, in proportion, 0.05 for 5%.
    pub drift: Option<At<f64>>,
    /// Deviation per root of a year, in proportion.
    pub volatility: Option<At<f64>>,
    /// Calm and wild times of the volatility, and of a free walk.
    pub clustering: Option<At<ClusteringSpec>>,
    /// A random walk.
    pub walk: Option<At<WalkSpec>>,
    /// What repeats.
    pub seasons: Vec<SeasonSpec>,
    /// The deviation of each value on its own.
    pub noise: Option<At<String>>,
    /// Values are held from here.
    pub min: Option<At<f64>>,
    /// To here.
    pub max: Option<At<f64>>,
}

/// So much, in so many microseconds; `None` where no unit of time was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// How much.
    pub amount: f64,
    /// In which time.
    pub per: Option<f64>,
}

/// Calm and wild times that come in clusters: `{strength: 40%, memory: 60 days}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusteringSpec {
    /// How much more and less variance the halves of a stretch have than an even half, in proportion.
    pub strength: f64,
    /// From which length on stretches are alike, in microseconds.
    pub memory: f64,
}

/// A random walk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WalkSpec {
    /// Independent steps: `0.2` each row, `0.2 per hour`.
    Free(Rate),
    /// Drawn back: `{deviation: 2, memory: 6 hours}`.
    Reverting {
        /// The deviation at any time.
        deviation: f64,
        /// After which of what was e^-1 is left, in microseconds.
        memory: f64,
    },
}

/// A wave.
#[derive(Clone, Debug)]
pub struct SeasonSpec {
    /// How often it comes.
    pub period: Period,
    /// How far it goes up and down.
    pub amplitude: At<String>,
    /// When it is highest: microseconds since a midnight, a Sunday, or days since 1970.
    pub peak: i64,
}

/// How often a season comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Each day.
    Day,
    /// Each week.
    Week,
    /// Each year.
    Year,
}

const YEAR: f64 = 365.2425 * DAY as f64;

pub(super) fn read(node: &Node, span: Span, problems: &mut Problems) -> Option<SeriesSpec> {
    let mut fields = Fields::of(node, "`series`", problems)?;
    let at = fields.text("at", problems);
    let from = fields.text("from", problems);
    let level = fields.text("level", problems);
    let trend = fields.take("trend").and_then(|node| rate(node, "trend", problems));
    let drift = fields.take("drift").and_then(|node| proportion(node, "drift", -0.99, problems));
    let volatility = fields.take("volatility").and_then(|node| proportion(node, "volatility", 0.0, problems));
    let clustering = fields.take_entry("clustering");
    let clustering = clustering.and_then(|(key, node)| clusters(node, key.span, problems));
    let walk = fields.take("walk").and_then(|node| walk(node, problems));
    let mut seasons = Vec::new();
    for (name, period) in [("daily", Period::Day), ("weekly", Period::Week), ("yearly", Period::Year)] {
        let found = fields.take(name).and_then(|node| season(node, name, period, problems));
        seasons.extend(found);
    }
    let noise = fields.text("noise", problems);
    let min = fields.number("min", problems);
    let max = fields.number("max", problems);
    fields.finish(problems);
    if let (Some(min), Some(max)) = (&min, &max)
        && min.value > max.value
    {
        problems.push(
            Diagnostic::new(min.span, format!("min {} is greater than max {}", min.value, max.value))
                .help("exchange them"),
        );
    }
    if level.is_none() {
        let problem = Diagnostic::new(span, "a series needs a `level`");
        problems.push(
            problem.help("the value that it varies around: a number, or an expression such as `sensor.base`"),
        );
    }
    if let Some(bare) = trend.as_ref().filter(|trend| trend.value.per.is_none()) {
        let problem = Diagnostic::new(bare.span, "a trend says in which time it rises");
        problems.push(problem.help("write for example `0.5 per year`"));
    }
    Some(SeriesSpec {
        span,
        at,
        from,
        level,
        trend,
        drift,
        volatility,
        clustering,
        walk,
        seasons,
        noise,
        min,
        max,
    })
}

/// `0.5 per year`, or `0.5`.
fn rate(node: &Node, name: &str, problems: &mut Problems) -> Option<At<Rate>> {
    let read = |text: &str| {
        let (amount, per) = match text.split_once("per") {
            Some((amount, unit)) => (amount, Some(duration(&format!("1 {}", unit.trim()))?)),
            None => (text, None),
        };
        let amount = amount.trim().parse().ok().filter(|amount: &f64| amount.is_finite())?;
        Some(Rate { amount, per })
    };
    fields::expected(node.scalar().and_then(read), node, name, "a rate such as `0.5 per year`", problems)
}

/// An interval above 0 in microseconds, months and years of mean length.
fn duration(text: &str) -> Option<f64> {
    let interval = parse::interval(text)?;
    let days = interval.days as f64 * DAY as f64 + interval.micros as f64;
    Some(interval.months as f64 * (YEAR / 12.0) + days).filter(|micros| *micros > 0.0)
}

/// `5%` or `0.05`.
fn proportion(node: &Node, name: &str, least: f64, problems: &mut Problems) -> Option<At<f64>> {
    let read = |text: &str| match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok().map(|percent| percent / 100.0),
        None => text.trim().parse().ok(),
    };
    let value = node.scalar().and_then(read).filter(|value| (least..=100.0).contains(value));
    fields::expected(value, node, name, "a proportion per year such as 5%", problems)
}

/// `{strength: 40%, memory: 60 days}`.
fn clusters(node: &Node, span: Span, problems: &mut Problems) -> Option<At<ClusteringSpec>> {
    const STRONGEST: f64 = 0.9;
    let mut fields = Fields::of(node, "`clustering`", problems)?;
    let (strength_node, memory_node) = (fields.take("strength"), fields.take("memory"));
    fields.finish(problems);
    let (Some(strength), Some(memory_node)) = (strength_node, memory_node) else {
        let problem = Diagnostic::new(node.span, "`clustering` needs `strength` and `memory`");
        problems.push(problem.help("write `{strength: 40%, memory: 60 days}`"));
        return None;
    };
    let memory = memory_of(memory_node, problems);
    let strength = fields::share_of(strength, "strength", problems)?;
    if !(strength.value > 0.0 && strength.value <= STRONGEST) {
        let problem =
            Diagnostic::new(strength.span, "the `strength` of clustering is above 0% and at most 90%");
        problems.push(problem.help("30% to 40% is what prices of shares look like"));
        return None;
    }
    Some(At::new(ClusteringSpec { strength: strength.value, memory: memory?.value }, span))
}

/// A time such as `6 hours`.
fn memory_of(node: &Node, problems: &mut Problems) -> Option<At<f64>> {
    let memory = node.scalar().and_then(duration);
    fields::expected(memory, node, "memory", "a time such as `6 hours`", problems)
}

fn walk(node: &Node, problems: &mut Problems) -> Option<At<WalkSpec>> {
    let Value::Map(_) = node.value else {
        let rate = rate(node, "walk", problems)?;
        if rate.value.amount < 0.0 {
            problems.push(Diagnostic::new(rate.span, "the deviation of a walk is not below 0"));
        }
        return Some(At::new(WalkSpec::Free(rate.value), rate.span));
    };
    let mut fields = Fields::of(node, "`walk`", problems)?;
    let deviation = fields.number("deviation", problems);
    let memory_node = fields.take("memory");
    let span = fields.span;
    fields.finish(problems);
    let memory = memory_node.and_then(|node| memory_of(node, problems));
    match (deviation, memory) {
        (Some(deviation), Some(memory)) if deviation.value >= 0.0 => {
            let spec = WalkSpec::Reverting { deviation: deviation.value, memory: memory.value };
            Some(At::new(spec, span))
        }
        (Some(deviation), Some(_)) => {
            problems.push(Diagnostic::new(deviation.span, "the deviation of a walk is not below 0"));
            None
        }
        (_, None) if memory_node.is_some() => None,
        _ => {
            let problem = Diagnostic::new(span, "a walk that is drawn back needs `deviation` and `memory`");
            problems.push(problem.help("write `{deviation: 2, memory: 6 hours}`, or `walk: 0.2 per hour`"));
            None
        }
    }
}

/// `{amplitude: 4, peak: "15:00"}`.
fn season(node: &Node, name: &'static str, period: Period, problems: &mut Problems) -> Option<SeasonSpec> {
    let mut fields = Fields::of(node, format!("`{name}`"), problems)?;
    let amplitude = fields.text("amplitude", problems);
    let peak_node = fields.take("peak");
    let span = fields.span;
    fields.finish(problems);
    let (example, read): (&str, fn(&str) -> Option<i64>) = match period {
        Period::Day => ("a time of day such as \"15:00\"", parse::time),
        Period::Week => ("a weekday such as sat", |text| Some(weekday(text)? as i64 * DAY + DAY / 2)),
        Period::Year => ("a day of the year such as 07-20", |text| parse::date(&format!("2000-{text}"))),
    };
    let (Some(amplitude), Some(peak_node)) = (amplitude, peak_node) else {
        let problem = Diagnostic::new(span, format!("`{name}` needs an `amplitude` and a `peak`"));
        problems.push(problem.help(format!("the peak is {example}")));
        return None;
    };
    let peak = peak_node.scalar().and_then(read);
    let peak = fields::expected(peak, peak_node, "peak", example, problems)?.value;
    let peak = if period == Period::Year { peak * DAY } else { peak };
    Some(SeasonSpec { period, amplitude, peak })
}

impl Period {
    /// Its length in microseconds.
    pub fn length(self) -> f64 {
        match self {
            Period::Day => DAY as f64,
            Period::Week => 7.0 * DAY as f64,
            Period::Year => YEAR,
        }
    }

    /// Where in the period a moment lies, `peak` being 0, in whole periods.
    pub fn place(self, moment: i64, peak: i64) -> f64 {
        let since = match self {
            Period::Day => (moment - peak).rem_euclid(DAY),
            // 1970-01-04 was a Sunday.
            Period::Week => (moment - 3 * DAY - peak).rem_euclid(7 * DAY),
            Period::Year => moment - peak,
        };
        since as f64 / self.length()
    }
}

/// The mean length of a year in microseconds.
pub fn year_micros() -> f64 {
    YEAR
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::civil;

    #[test]
    fn seasons_peak_where_they_say() {
        let noon = civil::days_from_civil(2024, 7, 20) * DAY + DAY / 2;
        assert_eq!(Period::Day.place(noon, DAY / 2), 0.0);
        // 2024-07-20 was a Saturday.
        let saturday = 6 * DAY + DAY / 2;
        assert_eq!(Period::Week.place(noon, saturday), 0.0);
        assert_eq!(Period::Week.place(noon - DAY, saturday), 6.0 / 7.0);
        let summer = Period::Year.place(noon, civil::days_from_civil(2000, 7, 20) * DAY);
        assert!((summer - 24.0).abs() < 0.01, "{summer}");
    }
}
