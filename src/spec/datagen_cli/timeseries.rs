//! Moments of a stretch of time, on a grid, at certain hours: `timeseries`. They are `min`, `max`, `step` and a calendar of
//! ours.

use super::super::calendar::{CalendarSpec, CalendarUse};
use super::super::fields::{Fields, Problems};
use super::super::model::{At, ColumnSpec, Generator, Modifiers};
use super::super::moments::{Along, MomentsSpec};
use super::super::node::{Node, Value};
use super::Made;
use super::generators::Config;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::value::parse::timestamp;
use crate::value::{SqlType, civil};

/// The first moment of a stretch whose start is left out.
const YEAR_BEFORE: &str = "as_of - interval '1 year'";

/// The hours that most days have their peaks at, when none are named.
const LUNCH_AND_EVENING: [u8; 5] = [11, 12, 13, 18, 19];

/// The share of moments in the peak hours, beside those that fall there anyway.
const PEAK_SHARE: f64 = 0.6;

/// At which hours moments lie.
enum Hours {
    Any,
    Business,
    /// Any, but more often at these hours of the day.
    Peak(Vec<u8>),
}

/// `timestamp_range`: `start` and `end`, in the words that occur.
pub(super) fn stretch(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let (min, max) = bounds(config, problems);
    Some(Made::of(config.span, Generator::Range { min: Some(min), max: Some(max) }))
}

/// `timeseries`.
pub(super) fn read(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let (min, max) = bounds(config, problems);
    let interval = match config.fields.text("interval", problems) {
        Some(text) => Some(At::new(seconds(&text, problems)?, text.span)),
        None => None,
    };
    let hours = hours(&mut config.fields, config.span, problems)?;
    let is_date = config.column.sql_type.as_ref().is_some_and(|of| of.value == SqlType::Date);
    let calendar = calendar_of(&hours.value, is_date);
    let step = interval.and_then(|interval| grid(&interval, calendar.is_some(), is_date, problems));
    let generator = match calendar {
        None => Generator::Range { min: Some(min), max: Some(max) },
        Some(calendar) => {
            let used = CalendarUse::Inline(At::new(Box::new(calendar), hours.span));
            let spec = MomentsSpec { min: Some(min), max: Some(max), calendar: Some(used), ascending: None };
            Generator::Moments(Box::new(spec))
        }
    };
    let modifiers = Modifiers { step, ..Modifiers::default() };
    Some(Made { modifiers, ..Made::of(config.span, generator) })
}

fn bounds(config: &mut Config, problems: &mut Problems) -> (At<String>, At<String>) {
    let mut first = |names: [&'static str; 4], otherwise: &str| {
        let found = names.iter().find_map(|name| config.fields.text(name, problems));
        found.map_or_else(|| At::new(otherwise.to_owned(), config.span), |text| moment(&text))
    };
    let start = first(["start", "min", "start_date", "from"], YEAR_BEFORE);
    (start, first(["end", "max", "end_date", "to"], "as_of"))
}

/// `now` is what our language calls `as_of`.
fn moment(text: &At<String>) -> At<String> {
    let is_now = ["now", "now()", "today"].contains(&text.value.to_lowercase().as_str());
    At::new(if is_now { "as_of".to_owned() } else { text.value.clone() }, text.span)
}

fn hours(fields: &mut Fields, span: Span, problems: &mut Problems) -> Option<At<Hours>> {
    let pattern = fields.text("pattern", problems);
    let peaks = fields.take_entry("peak_hours").map(|(_, node)| node);
    let span = pattern.as_ref().map_or(span, |pattern| pattern.span);
    let hours = match pattern.as_ref().map(|pattern| pattern.value.as_str()) {
        None | Some("uniform") => Hours::Any,
        Some("business_hours") => Hours::Business,
        Some("daily_peak") => Hours::Peak(peak_hours(peaks, problems)?),
        Some(other) => {
            let known = ["uniform", "business_hours", "daily_peak"];
            let problem = Diagnostic::new(span, format!("unknown pattern `{other}`")).suggest(other, known);
            problems.push(problem.help("one of uniform, business_hours, daily_peak"));
            return None;
        }
    };
    if let (Some(node), false) = (peaks, matches!(hours, Hours::Peak(_))) {
        let problem = Diagnostic::new(node.span, "`peak_hours` has no effect without `pattern: daily_peak`");
        problems.push(problem.severity(Severity::Warning));
    }
    Some(At::new(hours, span))
}

fn peak_hours(node: Option<&Node>, problems: &mut Problems) -> Option<Vec<u8>> {
    let Some(node) = node else { return Some(LUNCH_AND_EVENING.to_vec()) };
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let hour = |item: &Node| item.scalar()?.parse::<u8>().ok().filter(|hour| *hour < 24);
    let hours: Option<Vec<u8>> = items.iter().map(hour).collect();
    if hours.as_ref().is_none_or(Vec::is_empty) {
        problems.push(Diagnostic::new(node.span, "`peak_hours` are hours of the day, from 0 to 23"));
        return None;
    }
    hours
}

/// The hours as a calendar. A date has none, but working days.
fn calendar_of(hours: &Hours, is_date: bool) -> Option<CalendarSpec> {
    const HOUR: i64 = civil::DAY / 24;
    let always = CalendarSpec {
        hours: None,
        open: None,
        weekdays: [1.0; 7],
        months: [1.0; 12],
        dates: Vec::new(),
        growth: 0.0,
        tells_days_apart: true,
    };
    match hours {
        Hours::Business if is_date => {
            Some(CalendarSpec { weekdays: [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0], ..always })
        }
        Hours::Business => {
            let working =
                |day: usize| if (1..=5).contains(&day) { vec![(9 * HOUR, 17 * HOUR)] } else { Vec::new() };
            Some(CalendarSpec { open: Some(std::array::from_fn(working)), ..always })
        }
        Hours::Peak(peaks) if !is_date => {
            let elsewhere = (1.0 - PEAK_SHARE) / 24.0;
            let peak = elsewhere + PEAK_SHARE / peaks.len() as f64;
            let day =
                std::array::from_fn(|hour| if peaks.contains(&(hour as u8)) { peak } else { elsewhere });
            let hours = Some(At::new([day; 7], Span::default()));
            Some(CalendarSpec { hours, tells_days_apart: false, ..always })
        }
        Hours::Any | Hours::Peak(_) => None,
    }
}

/// The distance of moments. Dates are days apart at least; at certain hours, moments lie on parts of an hour.
fn grid(interval: &At<u64>, has_hours: bool, is_date: bool, problems: &mut Problems) -> Option<At<String>> {
    let seconds = interval.value;
    let unit = |unit: u64, name: &str| Some(At::new(format!("{} {name}", seconds / unit), interval.span));
    if is_date {
        return seconds.is_multiple_of(86_400).then(|| unit(86_400, "days")).flatten().filter(|_| !has_hours);
    }
    if !has_hours || 3_600 % seconds == 0 {
        return unit(1, "seconds");
    }
    let problem =
        Diagnostic::new(interval.span, "at certain hours, the interval has to be a part of an hour");
    let (step, words) = match seconds > 3_600 {
        true => (Some(At::new("1 hour".to_owned(), interval.span)), "these moments are whole hours"),
        false => (None, "these moments are any seconds"),
    };
    problems.push(problem.severity(Severity::Warning).help(words));
    step
}

/// Moments at certain hours that stand in a key of several columns ascend along the rows, so that none repeats. Where the grid
/// has too few such moments for the rows, they lie anywhere between.
pub(in super::super) fn keep_apart(
    columns: &mut [ColumnSpec],
    primary_key: &[At<String>],
    uniques: &[&Vec<At<String>>],
    rows: Option<u64>,
    problems: &mut Problems,
) {
    let keys: Vec<&[At<String>]> =
        uniques.iter().map(|key| key.as_slice()).chain([primary_key]).filter(|key| key.len() > 1).collect();
    for column in columns {
        let name = &column.name.value;
        let in_key = keys.iter().any(|key| key.iter().any(|part| part.value == *name));
        let Generator::Moments(moments) = &mut column.generator else { continue };
        if !in_key || moments.ascending.is_some() {
            continue;
        }
        moments.ascending = Some(At::new(Along::Rows, column.name.span));
        let Some(step) = &column.modifiers.step else { continue };
        let Some(apart) = moments_apart(moments, step) else { continue };
        if rows.is_some_and(|rows| rows as f64 > apart) {
            let message = "this grid has too few moments at these hours for a key of all rows";
            let problem = Diagnostic::new(step.span, message).severity(Severity::Warning);
            problems.push(problem.help("these moments are any seconds"));
            column.modifiers.step = None;
        }
    }
}

/// How many moments of a grid lie so that each has an hour like the busiest one, roughly.
fn moments_apart(moments: &MomentsSpec, step: &At<String>) -> Option<f64> {
    let moment = |bound: &Option<At<String>>| timestamp(&bound.as_ref()?.value);
    let year = 365 * civil::DAY;
    let length = match (moment(&moments.min), moment(&moments.max)) {
        (Some(first), Some(last)) => last.saturating_sub(first).max(0),
        _ => year,
    };
    let step: f64 = match step.value.strip_suffix(" seconds") {
        Some(seconds) => seconds.parse().ok()?,
        None => 3_600.0,
    };
    let Some(CalendarUse::Inline(calendar)) = &moments.calendar else { return None };
    let share = match (&calendar.value.open, &calendar.value.hours) {
        // Forty hours of a week.
        (Some(_), _) => 40.0 / 168.0,
        (None, Some(hours)) => {
            let busiest = hours.value[0].iter().copied().fold(f64::MIN_POSITIVE, f64::max);
            1.0 / (24.0 * busiest)
        }
        (None, None) => 5.0 / 7.0,
    };
    // A tenth less, for weeks that are not whole.
    Some(0.9 * share * length as f64 / 1e6 / step)
}

/// `1h`, `15m`, `1d`, `90 seconds`, also Go's `1h30m`.
fn seconds(text: &At<String>, problems: &mut Problems) -> Option<u64> {
    let unit = |name: &str| match name {
        "s" | "sec" | "second" | "seconds" => Some(1),
        "m" | "min" | "minute" | "minutes" => Some(60),
        "h" | "hour" | "hours" => Some(3_600),
        "d" | "day" | "days" => Some(86_400),
        "w" | "week" | "weeks" => Some(604_800),
        _ => None,
    };
    let written: String = text.value.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let mut total: Option<u64> = None;
    let mut rest = written.as_str();
    while let Some(digits) = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0) {
        let number: Option<u64> = rest[..digits].parse().ok();
        let after = &rest[digits..];
        let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let part = number.zip(unit(&after[..letters])).and_then(|(number, unit)| number.checked_mul(unit));
        total = part.map(|part| total.unwrap_or(0).saturating_add(part));
        rest = &after[letters..];
        if total.is_none() {
            break;
        }
    }
    let total = total.filter(|total| *total > 0 && rest.is_empty());
    if total.is_none() {
        let problem = Diagnostic::new(text.span, format!("`{}` is not an interval", text.value));
        problems.push(problem.help("such as `15m`, `1h`, `1d`"));
    }
    total
}
