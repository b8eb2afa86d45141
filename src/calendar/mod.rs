//! Calendars: how much each moment weighs, and from a share of the weight back to the moment.
//!
//! A [`Calendar`] says what a day weighs and how the weight lies within it; a [`Span`] adds days up, so that moments are
//! drawn, or cut to bounds, by the inverse of the cumulative weight: one look into a table of days and one into the day.

mod cumulative;
mod day;
mod span;

pub use span::{Edge, Span, Window};

use crate::spec::{CalendarSpec, DayWeight, Refusal};
use crate::value::civil::{civil_from_days, day_of_week, days_from_civil};
use cumulative::Cumulative;
use day::DayShape;
use std::collections::BTreeMap;

/// The mean length of a year in days.
const YEAR_DAYS: f64 = 365.2425;

/// When things happen. Times are those of UTC.
#[derive(Debug)]
pub struct Calendar {
    /// Weekdays, Sunday first: how the weight lies within the day.
    shapes: [DayShape; 7],
    weekdays: [f64; 7],
    months: [f64; 12],
    /// Of every year's day, by month and day.
    yearly: BTreeMap<(u32, u32), f64>,
    /// Of single days.
    single: BTreeMap<i64, f64>,
    /// The logarithm of the growth per day.
    growth: f64,
    /// The day from which growth counts, so that numbers stay moderate.
    anchor: i64,
}

impl Calendar {
    /// A calendar as written, near a day around which most moments will lie.
    pub fn new(spec: &CalendarSpec, anchor: i64) -> Self {
        let hours = spec.hours.as_ref().map(|hours| &hours.value);
        let shape = |weekday: usize| {
            let open = spec.open.as_ref().map(|open| open[weekday].as_slice());
            DayShape::new(hours.map(|hours| &hours[weekday]), open)
        };
        let single = |of: &DayWeight| {
            let year = of.year?;
            Some((days_from_civil(year, of.month, of.day), of.weight))
        };
        Self {
            shapes: std::array::from_fn(shape),
            weekdays: spec.weekdays,
            months: spec.months,
            yearly: spec
                .dates
                .iter()
                .filter(|of| of.year.is_none())
                .map(|of| ((of.month, of.day), of.weight))
                .collect(),
            single: spec.dates.iter().filter_map(single).collect(),
            growth: libm::log1p(spec.growth) / YEAR_DAYS,
            anchor,
        }
    }

    /// What a day weighs: the product of all that applies. A single day's weight stands instead of every year's.
    pub fn day_weight(&self, day: i64) -> f64 {
        let (_, month, of_month) = civil_from_days(day);
        let weekday = day_of_week(day) as usize;
        let date = self.single.get(&day).or_else(|| self.yearly.get(&(month, of_month)));
        let growth = libm::exp(self.growth * (day - self.anchor) as f64);
        let weight = self.weekdays[weekday] * self.months[month as usize - 1] * self.shapes[weekday].mass();
        weight * date.copied().unwrap_or(1.0) * growth
    }

    /// Refuses a distance of moments whose marks from midnight on do not keep to the opening hours.
    pub fn check_grid(&self, step: i64) -> Result<(), Refusal> {
        match self.shapes.iter().all(|shape| shape.fits(step)) {
            true => Ok(()),
            false => Err(Refusal {
                parameter: None,
                message: "the calendar's hours begin between two steps".to_owned(),
                help: Some("choose `step` so that hours begin on a step, counted from midnight".to_owned()),
            }),
        }
    }

    /// The largest weight of a microsecond on a day, as a share of the day's weight.
    fn densest(&self, day: i64) -> f64 {
        self.shapes[day_of_week(day) as usize].densest()
    }

    fn shape(&self, day: i64) -> &DayShape {
        &self.shapes[day_of_week(day) as usize]
    }
}

#[cfg(test)]
mod tests;
