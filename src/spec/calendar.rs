//! Calendars as written: weights of hours, weekdays, months and single days, opening hours, growth.

use super::fields::{self, Fields, Problems};
use super::model::At;
use super::node::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{civil, parse};

/// When things happen: each moment's weight is the product of what is given here. What is not named weighs 1.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarSpec {
    /// Weights of the day's hours, by weekday, Sunday first.
    pub hours: Option<At<[[f64; 24]; 7]>>,
    /// Opening hours by weekday, Sunday first, as microseconds of the day; nothing happens outside.
    pub open: Option<[Vec<(i64, i64)>; 7]>,
    /// Weights of weekdays, Sunday first.
    pub weekdays: [f64; 7],
    /// Weights of months, January first.
    pub months: [f64; 12],
    /// Weights of days.
    pub dates: Vec<DayWeight>,
    /// Growth per year, 0.15 for 15%.
    pub growth: f64,
    /// What of it tells days apart is there: anything but plain `hours`.
    pub tells_days_apart: bool,
}

/// A day's weight: `2024-12-24: 0.2`, or every year's, `12-25: 0`.
#[derive(Clone, Debug, PartialEq)]
pub struct DayWeight {
    /// `None`: every year's.
    pub year: Option<i64>,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// The weight.
    pub weight: f64,
}

/// A calendar where it is used.
#[derive(Clone, Debug)]
pub enum CalendarUse {
    /// One of the spec's `calendars`, or a built-in one.
    Named(At<String>),
    /// Written in place.
    Inline(At<Box<CalendarSpec>>),
}

impl CalendarUse {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            CalendarUse::Named(name) => name.span,
            CalendarUse::Inline(spec) => spec.span,
        }
    }
}

const DAY_MINUTES: i64 = 24 * 60;

/// `calendar: shop`, or `calendar: {hours: ...}`.
pub(super) fn used(key: &Key, node: &Node, problems: &mut Problems) -> Option<CalendarUse> {
    match node.value {
        Value::Map(_) => {
            let spec = calendar(node, "the calendar".to_owned(), problems)?;
            Some(CalendarUse::Inline(At::new(Box::new(spec), key.span)))
        }
        _ => fields::scalar(node, "calendar", problems).map(CalendarUse::Named),
    }
}

/// Reads one calendar.
pub(super) fn calendar(node: &Node, what: String, problems: &mut Problems) -> Option<CalendarSpec> {
    let mut fields = Fields::of(node, what.clone(), problems)?;
    let before = problems.len();
    let hours = fields.take_entry("hours").and_then(|(key, node)| {
        let hours = hours(node, problems)?;
        Some(At::new(hours, key.span))
    });
    let open = fields.take("business_hours").and_then(|node| open(node, problems));
    let weekdays = fields.take("weekdays").map(|node| weights(node, &WEEKDAYS, problems));
    let months = fields.take("months").map(|node| weights(node, &MONTHS, problems));
    let dates = fields.take("dates").map(|node| dates(node, problems));
    let growth = fields.take("growth").and_then(|node| growth(node, problems));
    let span = fields.span;
    fields.finish(problems);
    let tells_days_apart =
        open.is_some() || weekdays.is_some() || months.is_some() || dates.is_some() || growth.is_some();
    if problems.len() == before && hours.is_none() && !tells_days_apart {
        let problem = Diagnostic::new(span, format!("{what} says nothing"));
        problems.push(
            problem.help("give it `hours`, `business_hours`, `weekdays`, `months`, `dates` or `growth`"),
        );
    }
    Some(CalendarSpec {
        hours,
        open,
        weekdays: weekdays.unwrap_or([1.0; 7]),
        months: months.unwrap_or([1.0; 12]),
        dates: dates.unwrap_or_default(),
        growth: growth.unwrap_or(0.0),
        tells_days_apart,
    })
}

/// Things that keys name one of, or a run of: `sat`, `mon-fri`.
struct Circle {
    what: &'static str,
    names: &'static [&'static str],
    example: &'static str,
    /// The number of the first one where numbers are written.
    first: Option<usize>,
}

const WEEKDAYS: Circle =
    Circle { what: "weekday", names: &civil::WEEKDAYS, example: "{mon-fri: 1, sat: 1.6}", first: None };
const MONTHS: Circle =
    Circle { what: "month", names: &civil::MONTHS, example: "{nov: 1.5, dec: 2}", first: Some(1) };
const HOURS: Circle =
    Circle { what: "hour", names: &[""; 24], example: "{0-7: 0.2, 8-17: 3, 18-23: 1}", first: Some(0) };

impl Circle {
    /// The one that a word names: in full, or by its first letters, at least three.
    fn one(&self, word: &str) -> Option<usize> {
        let word = word.trim().to_lowercase();
        if let (Some(first), Ok(number)) = (self.first, word.parse::<usize>()) {
            return number.checked_sub(first).filter(|at| *at < self.names.len());
        }
        if word.len() < 3 {
            return None;
        }
        self.names.iter().position(|name| name.to_lowercase().starts_with(&word))
    }

    /// All that a key names, in order; a run may go over the end (`fri-mon`).
    fn named(&self, key: &Key, problems: &mut Problems) -> Vec<usize> {
        let ends = match key.text.split_once('-') {
            Some((first, last)) => (self.one(first), self.one(last)),
            None => (self.one(&key.text), self.one(&key.text)),
        };
        let (Some(first), Some(last)) = ends else {
            let problem = Diagnostic::new(key.span, format!("`{}` is no {}", key.text, self.what));
            problems.push(problem.help(format!("write for example `{}`", self.example)));
            return Vec::new();
        };
        let count = self.names.len();
        (0..=(last + count - first) % count).map(|step| (first + step) % count).collect()
    }

    /// Notes that a key names these; what was named before is a problem.
    fn mark(&self, seen: &mut [bool], named: &[usize], key: &Key, problems: &mut Problems) {
        if named.iter().any(|at| seen[*at]) {
            let message = format!("`{}` names what was named before", key.text);
            problems.push(
                Diagnostic::new(key.span, message).help(format!("let each {} be named once", self.what)),
            );
        }
        named.iter().for_each(|at| seen[*at] = true);
    }
}

/// The number of a weekday, Sunday's being 0.
pub(super) fn weekday(name: &str) -> Option<usize> {
    WEEKDAYS.one(name)
}

/// A mapping from names to weights, or a list with the weight of each.
fn weights<const N: usize>(node: &Node, circle: &Circle, problems: &mut Problems) -> [f64; N] {
    let mut found = [1.0; N];
    match &node.value {
        Value::Map(entries) => {
            let mut seen = [false; N];
            for (key, node) in entries {
                let named = circle.named(key, problems);
                circle.mark(&mut seen, &named, key, problems);
                let weight = weight(node, &key.text, problems).unwrap_or(1.0);
                named.iter().for_each(|at| found[*at] = weight);
            }
        }
        Value::List(items) if items.len() == N => {
            for (found, item) in found.iter_mut().zip(items) {
                *found = weight(item, circle.what, problems).unwrap_or(1.0);
            }
        }
        _ => {
            let message = format!("weights of {}s are a mapping or a list of {N} numbers", circle.what);
            let problem = Diagnostic::new(node.span, message);
            problems.push(problem.help(format!("write for example `{}`", circle.example)));
            return found;
        }
    }
    if found.iter().all(|weight| *weight == 0.0) {
        problems.push(
            Diagnostic::new(node.span, format!("no {} has a weight above 0", circle.what))
                .help("what is not named has the weight 1"),
        );
    }
    found
}

fn weight(node: &Node, name: &str, problems: &mut Problems) -> Option<f64> {
    let value = node.scalar().and_then(|text| text.parse::<f64>().ok());
    let value = value.filter(|weight| weight.is_finite() && (0.0..=1e6).contains(weight));
    fields::expected(value, node, name, "a weight from 0 up, such as 1.5", problems).map(|at| at.value)
}

/// `hours` of every day, or by weekday: `{mon-fri: {9-16: 2}, sat-sun: {10-21: 2}}`.
fn hours(node: &Node, problems: &mut Problems) -> Option<[[f64; 24]; 7]> {
    let Value::Map(entries) = &node.value else { return Some([weights(node, &HOURS, problems); 7]) };
    if entries.iter().all(|(_, node)| node.scalar().is_some()) {
        return Some([weights(node, &HOURS, problems); 7]);
    }
    let mut found = [[1.0; 24]; 7];
    let mut seen = [false; 7];
    for (key, node) in entries {
        let named = WEEKDAYS.named(key, problems);
        WEEKDAYS.mark(&mut seen, &named, key, problems);
        let of_day = weights(node, &HOURS, problems);
        named.iter().for_each(|at| found[*at] = of_day);
    }
    Some(found)
}

/// `"09:00-17:30"` from Monday to Friday, or by weekday.
fn open(node: &Node, problems: &mut Problems) -> Option<[Vec<(i64, i64)>; 7]> {
    let mut found: [Vec<(i64, i64)>; 7] = Default::default();
    match &node.value {
        Value::Map(entries) => {
            let mut seen = [false; 7];
            for (key, node) in entries {
                let named = WEEKDAYS.named(key, problems);
                WEEKDAYS.mark(&mut seen, &named, key, problems);
                let spans = spans(node, problems);
                named.iter().for_each(|at| found[*at] = spans.clone());
            }
        }
        _ => {
            let spans = spans(node, problems);
            found[1..6].iter_mut().for_each(|of_day| *of_day = spans.clone());
        }
    }
    Some(found)
}

/// One span of the day, or a list of them in order.
fn spans(node: &Node, problems: &mut Problems) -> Vec<(i64, i64)> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut found: Vec<(i64, i64)> = Vec::new();
    for item in items {
        let span = item.scalar().and_then(clock_span);
        let what = "a span of the day such as \"09:00-17:30\"";
        let Some(span) = fields::expected(span, item, "business_hours", what, problems) else { continue };
        let (from, to) = span.value;
        if from >= to {
            let problem = Diagnostic::new(span.span, "opening hours end after they begin, on the same day");
            problems.push(problem.help("write what is after midnight with the next day: \"00:00-02:00\""));
        } else if found.last().is_some_and(|(_, before)| *before > from) {
            problems.push(Diagnostic::new(span.span, "opening hours of a day follow each other"));
        } else {
            found.push((from, to));
        }
    }
    found
}

/// `09:00-17:30` as microseconds of the day.
fn clock_span(text: &str) -> Option<(i64, i64)> {
    let clock = |text: &str| match text.trim() {
        "24:00" => Some(civil::DAY),
        text => parse::time(text).filter(|micros| micros % (civil::DAY / DAY_MINUTES) == 0),
    };
    let (from, to) = text.split_once('-')?;
    Some((clock(from)?, clock(to)?))
}

fn dates(node: &Node, problems: &mut Problems) -> Vec<DayWeight> {
    let Value::Map(entries) = &node.value else {
        let message = format!("`dates` must be a mapping, found {}", node.kind());
        problems.push(Diagnostic::new(node.span, message).help("write `{2024-12-24: 0.2, \"12-25\": 0}`"));
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, node) in entries {
        let weight = weight(node, &key.text, problems);
        match (day(&key.text), weight) {
            (Some((year, month, day)), Some(weight)) => found.push(DayWeight { year, month, day, weight }),
            (None, _) => problems.push(
                Diagnostic::new(key.span, format!("`{}` is no day", key.text))
                    .help("write a date such as 2024-12-24, or every year's day such as 12-24"),
            ),
            (_, None) => {}
        }
    }
    found
}

/// `2024-12-24`, or `12-24`.
fn day(text: &str) -> Option<(Option<i64>, u32, u32)> {
    if let Some(days) = parse::date(text) {
        let (year, month, day) = civil::civil_from_days(days);
        return Some((Some(year), month, day));
    }
    // A leap year has all days that a year can have.
    let (_, month, day) = civil::civil_from_days(parse::date(&format!("2000-{text}"))?);
    Some((None, month, day))
}

/// `15%` or `0.15`; below 0 it shrinks.
fn growth(node: &Node, problems: &mut Problems) -> Option<f64> {
    let value = node.scalar().and_then(|text| match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok().map(|percent| percent / 100.0),
        None => text.trim().parse().ok(),
    });
    let value = value.filter(|growth: &f64| (-0.9..=10.0).contains(growth));
    let what = "the growth per year such as 15%, from -90% to 1000%";
    fields::expected(value, node, "growth", what, problems).map(|at| at.value)
}
