//! Calendars, values in order and series.

use super::scalars::{GrowthDoc, NamesDoc, ScalarDoc, Share};
use schemars::JsonSchema;
use std::collections::BTreeMap;

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum CalendarUseDoc {
    /// One of the spec's `calendars`, or a built-in one: `datagen list calendars`.
    Named(String),
    /// Written in place.
    Inline(Box<CalendarDoc>),
}

/// Weights of hours, days and months; what is not named weighs 1, and a moment weighs the product of all that applies. Times
/// are those of UTC.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct CalendarDoc {
    /// Weights of the day's hours: `{0-7: 0.2, 8-17: 3, 18-23: 1}`, a list of 24, or either by weekday. They share out a day,
    /// and leave the days' weights as they are.
    hours: Option<HoursDoc>,
    /// Nothing happens outside: `"09:00-17:30"` from Monday to Friday, or by weekday, `{mon-fri: "09:00-17:30", sat:
    /// ["10:00-12:00", "13:00-15:00"]}`. A shorter day weighs less.
    business_hours: Option<BusinessHoursDoc>,
    /// Weights of weekdays: `{sat: 1.6, sun: 1.2}`.
    weekdays: Option<WeightsDoc>,
    /// Weights of months: `{nov: 1.5, dec: 2}`.
    months: Option<WeightsDoc>,
    /// Weights of single days and of every year's: `{2024-12-24: 0.2, "12-25": 0}`.
    dates: Option<BTreeMap<String, f64>>,
    /// Growth of the weights per year: `15%`.
    growth: Option<GrowthDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum WeightsDoc {
    List(Vec<f64>),
    ByName(BTreeMap<String, f64>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum HoursDoc {
    Daily(WeightsDoc),
    ByWeekday(BTreeMap<String, WeightsDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum BusinessHoursDoc {
    Spans(NamesDoc),
    ByWeekday(BTreeMap<String, NamesDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum AscendingDoc {
    Along(bool),
    PerParent(#[schemars(regex(pattern = r"^per parent$"))] String),
}

/// Numbers that follow time: the level with growth, trend and walk, seasons, and noise. Where the table's rows are made `per` a
/// parent, each parent has a series of its own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct SeriesDoc {
    /// The column that says when; by default that of rows in steps of time, or the only one that ascends.
    at: Option<String>,
    /// When trend, growth and walks begin; by default with the rows, or at the lower bound of their moments.
    from: Option<ScalarDoc>,
    /// What values lie around: a number, or an expression such as `sensor.base`.
    level: ScalarDoc,
    /// What the level rises by: `0.5 per year`.
    trend: Option<String>,
    /// Growth per year in proportion: `5%`.
    drift: Option<GrowthDoc>,
    /// Deviation of a price's random walk per year, in proportion: `25%`.
    volatility: Option<GrowthDoc>,
    /// Calm and wild times of `volatility`, and of a `walk` that is not drawn back: `{strength: 40%, memory: 60 days}`.
    clustering: Option<ClusteringDoc>,
    /// A random walk: `0.2` from row to row, `0.2 per hour`, or drawn back to the level, `{deviation: 2, memory: 6 hours}`.
    walk: Option<WalkDoc>,
    /// What repeats each day: `{amplitude: 4, peak: "15:00"}`; the amplitude may be a share of the level (`10%`).
    daily: Option<SeasonDoc>,
    /// What repeats each week: `{amplitude: 10%, peak: sat}`.
    weekly: Option<SeasonDoc>,
    /// What repeats each year: `{amplitude: 8, peak: 07-20}`.
    yearly: Option<SeasonDoc>,
    /// The deviation of each value on its own: a number, a share of the level, or an expression.
    noise: Option<ScalarDoc>,
    /// Values below are held to it.
    min: Option<f64>,
    /// Values above are held to it.
    max: Option<f64>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum WalkDoc {
    /// The deviation of each row's step.
    Step(f64),
    /// The deviation after a time: `0.2 per hour`.
    Rate(String),
    /// Drawn back to the level.
    Reverting(RevertingDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct RevertingDoc {
    /// The deviation at any time.
    deviation: f64,
    /// The time after which e^-1 (37%) of what it was is left: `6 hours`.
    memory: String,
}

/// A wave.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct SeasonDoc {
    /// How far it goes up and down: a number, a share of the level (`10%`), or an expression.
    amplitude: ScalarDoc,
    /// When it is highest: a time of day, a weekday, or a day of the year such as 07-20.
    peak: String,
}

/// Calm and wild times that come in clusters, of all lengths up to the memory.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct ClusteringDoc {
    /// How much more variance than an even half one half of a stretch of time has, and the other less: above 0%, at most 90%.
    strength: Share,
    /// The length from which on stretches of time are alike: `60 days`.
    memory: String,
}
