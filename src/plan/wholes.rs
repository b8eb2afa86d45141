//! Generators that look at their column's type: whole numbers of any type, and moments on a grid.

use super::draft::Draft;
use super::generators::Place;
use super::ranges::Asked;
use crate::column::Column;
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::{At, Call, Hours, Timeseries};
use crate::value::parse::timestamp;
use crate::value::{SqlType, civil, text};

impl<'s> Draft<'s> {
    /// Whole numbers between two bounds. Where a decimal column cannot hold them, they are its smallest units: cents.
    pub(super) fn whole_numbers(
        &mut self,
        place: &Place<'s>,
        min: &At<i64>,
        max: &At<i64>,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        let (least, greatest) = (min.value, max.value);
        if least > greatest {
            self.refuse(min.span, format!("min {least} is greater than max {greatest}"), "exchange them");
            return None;
        }
        let plain = |at: &At<i64>| At::new(at.value.to_string(), at.span);
        let drawn = || {
            let count = greatest as i128 - least as i128 + 1;
            At::new(format!("{least} + floor(random() * {count})"), min.span)
        };
        let mut bounds = (plain(min), plain(max));
        let mut modifiers = place.modifiers.clone();
        match place.sql_type {
            SqlType::Numeric { precision, scale, .. } if scale > 0 => {
                let holds = 10i128.pow((precision - scale) as u32);
                match (least as i128).abs().max((greatest as i128).abs()) >= holds {
                    true => bounds = self.minor_units(place, min, max, scale)?,
                    false => modifiers.step = modifiers.step.or(Some(At::new("1".to_owned(), min.span))),
                }
            }
            SqlType::Real | SqlType::Double if distribution.is_none() => {
                return self.computed(place, &drawn(), reads);
            }
            _ if place.sql_type.is_text() => {
                let template = format!("{{cast({} as bigint)}}", drawn().value);
                return self.template(place, &At::new(template, min.span), reads);
            }
            _ => {}
        }
        let (min, max) = (Some(&bounds.0), Some(&bounds.1));
        let asked = Asked { min, max, distribution, modifiers: &modifiers, span: place.span };
        self.range(place, &asked, reads)
    }

    fn minor_units(
        &mut self,
        place: &Place,
        min: &At<i64>,
        max: &At<i64>,
        scale: u8,
    ) -> Option<(At<String>, At<String>)> {
        let in_units = |at: &At<i64>| {
            let unit = 10i64.pow(scale as u32);
            let sign = if at.value < 0 { "-" } else { "" };
            let (whole, rest) = (at.value.abs() / unit, at.value.abs() % unit);
            At::new(format!("{sign}{whole}.{rest:0width$}", width = scale as usize), at.span)
        };
        let (low, high) = (in_units(min), in_units(max));
        for bound in [&low, &high] {
            self.literal(place, bound)?;
        }
        let message = format!("{} does not hold {}", place.sql_type, min.value.abs().max(max.value.abs()));
        let problem = Diagnostic::new(max.span, message).severity(Severity::Warning);
        let help = format!("the bounds are read in its smallest units: {} to {}", low.value, high.value);
        self.notes.push(problem.help(help));
        Some((low, high))
    }

    /// Moments of a stretch of time, on a grid if there is an interval, at certain hours if there is a pattern.
    pub(super) fn timeseries(
        &mut self,
        place: &Place<'s>,
        series: &Timeseries,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        const YEAR_BEFORE: &str = "as_of - interval '1 year'";
        let text = |bound: &Option<At<String>>, otherwise: &str| {
            bound.clone().unwrap_or_else(|| At::new(otherwise.to_owned(), place.span))
        };
        let (start, end) = (text(&series.start, YEAR_BEFORE), text(&series.end, "as_of"));
        if series.interval.is_none() && series.hours == Hours::Any {
            let (min, max) = (Some(&start), Some(&end));
            let asked = Asked { min, max, distribution: None, modifiers: &place.modifiers, span: place.span };
            return self.range(place, &asked, reads);
        }
        let mut micros = |bound: &At<String>| {
            let found = match bound.value.as_str() {
                "as_of" => Some(self.as_of),
                YEAR_BEFORE => Some(self.as_of - 365 * civil::DAY),
                text => timestamp(text),
            };
            if found.is_none() {
                self.refuse(bound.span, "this is no date or time", "write one such as 2024-01-01T00:00:00Z");
            }
            found
        };
        let (first, last) = (micros(&start), micros(&end));
        let (first, last) = (first?, last?);
        let slots = Slots::of(&series.hours, first, last, series.interval.as_ref().map_or(1, |at| at.value));
        let Some(slots) = slots.filter(|_| first <= last) else {
            let message = "there is no such hour between `start` and `end`";
            self.refuse(
                end.span,
                message,
                "`business_hours` need a whole week from Monday, `daily_peak` a day",
            );
            return None;
        };
        let zone = if place.sql_type == SqlType::Timestamptz { "timestamptz" } else { "timestamp" };
        let mut from = Vec::new();
        let zero = crate::value::Data::Int(vec![slots.first]).into();
        text::value(&mut from, &SqlType::Timestamp, &zero, 0);
        let from = String::from_utf8_lossy(&from).into_owned();
        let offset = if zone == "timestamptz" { "+00" } else { "" };
        let expression = format!("{zone} '{from}{offset}' + ({}) * interval '1 second'", slots.seconds);
        let (column, _) = self.computed(place, &At::new(expression, place.span), reads)?;
        Some((column, format!("from {} to {}", start.value, end.value)))
    }
}

/// Seconds from a first moment on, as an expression that draws them.
struct Slots {
    first: i64,
    seconds: String,
}

impl Slots {
    /// `None`: the stretch is too short to have such hours.
    fn of(hours: &Hours, first: i64, last: i64, step: u64) -> Option<Self> {
        const DAY_SECONDS: i64 = 86_400;
        let step = step as i64;
        let drawn = |count: i64| format!("floor(random() * {count})");
        // On a grid within so many seconds.
        let within = |seconds: i64| format!("{} * {step}", drawn((seconds + step - 1) / step));
        let midnight = (first + civil::DAY - 1).div_euclid(civil::DAY);
        let days = (last + 1).div_euclid(civil::DAY) - midnight;
        match hours {
            Hours::Any => {
                let seconds = (last - first).max(0) / 1_000_000;
                Some(Self { first, seconds: format!("{} * {step}", drawn(seconds / step + 1)) })
            }
            Hours::Business => {
                // Day 0, 1970-01-01, was a Thursday.
                let monday = midnight + (4 - midnight).rem_euclid(7);
                let weeks = (days - (monday - midnight) + 2) / 7;
                let seconds = format!(
                    "{} * {} + {} * {DAY_SECONDS} + 9 * 3600 + {}",
                    drawn(weeks),
                    7 * DAY_SECONDS,
                    drawn(5),
                    within(8 * 3_600)
                );
                (weeks > 0).then_some(Self { first: monday * civil::DAY, seconds })
            }
            Hours::Peak(peaks) => {
                let list: String = peaks.iter().map(|hour| format!("{hour:02}")).collect();
                let peak = format!(
                    "cast(substr('{list}', 1 + 2 * cast({} as int), 2) as int)",
                    drawn(peaks.len() as i64)
                );
                let seconds = format!(
                    "{} * {DAY_SECONDS} + (case when random() < {PEAK_SHARE} then {peak} else {} end) * 3600 + {}",
                    drawn(days),
                    drawn(24),
                    within(3_600)
                );
                (days > 0).then_some(Self { first: midnight * civil::DAY, seconds })
            }
        }
    }
}

/// The share of moments in the peak hours, beside those that fall there anyway.
const PEAK_SHARE: f64 = 0.6;
