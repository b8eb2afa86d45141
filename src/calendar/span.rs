//! A calendar's days in a row, with their weights added up.

use super::{Calendar, Cumulative};
use crate::spec::Refusal;
use crate::value::civil::{DAY, days_from_civil};
use crate::value::divisor::Divisor;
use std::sync::Arc;

/// The longest span, a thousand years: tables of days stay below 5 MB.
const MOST_DAYS: i64 = 365_243;

/// From a first to a last day of a calendar.
#[derive(Debug)]
pub struct Span {
    calendar: Arc<Calendar>,
    first_day: i64,
    days: Cumulative,
    last_day: i64,
}

/// What lies between two bounds, in weight.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first and the last mark, in the unit of the marks: microseconds, or days.
    first: i64,
    last: i64,
    /// The weight before the first mark, and before the end of the last one.
    low: f64,
    high: f64,
}

/// One side of a [`Window`] of moments.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    mark: i64,
    weight: f64,
}

impl Window {
    /// What lies between two edges; `None` where that has no weight.
    #[inline]
    pub fn between(first: Edge, last: Edge) -> Option<Self> {
        let window = Self { first: first.mark, last: last.mark, low: first.weight, high: last.weight };
        (window.first <= window.last && window.low < window.high).then_some(window)
    }
}

impl Span {
    /// Of the days from one to another, both included. Refused when they are more than a thousand years, or have no weight.
    pub fn new(calendar: Arc<Calendar>, first_day: i64, last_day: i64) -> Result<Self, Refusal> {
        if last_day - first_day >= MOST_DAYS {
            return Err(Refusal::whole("a calendar spans at most a thousand years"));
        }
        let weights: Vec<f64> = (first_day..=last_day).map(|day| calendar.day_weight(day)).collect();
        let days = Cumulative::new(&weights, calendar.growth < 0.0);
        match days.total() {
            total if !total.is_finite() => {
                Err(Refusal::whole("over so long a time such growth is beyond numbers"))
            }
            total if total <= 0.0 => Err(Refusal::whole("the calendar has no weight between min and max")),
            _ => Ok(Self { calendar, first_day, days, last_day }),
        }
    }

    /// Where bounds are computed row by row: the years 1800 to 2199.
    pub fn for_any_bounds(calendar: Arc<Calendar>) -> Result<Self, Refusal> {
        Self::new(calendar, days_from_civil(1800, 1, 1), days_from_civil(2200, 1, 1) - 1)
    }

    /// Whether a day lies within.
    pub fn contains(&self, day: i64) -> bool {
        (self.first_day..=self.last_day).contains(&day)
    }

    /// The marks (multiples of `step` microseconds since 1970) from `low` to `high`; `None` where they have no weight. Both
    /// lie within.
    pub fn moments(&self, low: i64, high: i64, step: i64) -> Option<Window> {
        let (first, last) = (low + (-low).rem_euclid(step), high - high.rem_euclid(step));
        if first > last {
            return None;
        }
        let window = Window { first, last, low: self.upto(first), high: self.upto(last + step) };
        (window.low < window.high).then_some(window)
    }

    /// The side of a window at a lower bound; `None` where the bound or its first mark lies without.
    #[inline]
    pub fn first_edge(&self, low: i64, step: Divisor) -> Option<Edge> {
        let first = low + step.rest_from_0(-low);
        let lies_within = self.contains(low.div_euclid(DAY)) && self.contains(first.div_euclid(DAY));
        lies_within.then(|| Edge { mark: first, weight: self.upto(first) })
    }

    /// The side of a window at an upper bound; `None` where the bound or its last mark lies without.
    #[inline]
    pub fn last_edge(&self, high: i64, step: Divisor) -> Option<Edge> {
        let last = high - step.rest_from_0(high);
        let lies_within = self.contains(high.div_euclid(DAY)) && self.contains(last.div_euclid(DAY));
        lies_within.then(|| Edge { mark: last, weight: self.upto(last + step.get()) })
    }

    /// The days from `low` to `high`; `None` where they have no weight. Both lie within.
    pub fn days(&self, low: i64, high: i64) -> Option<Window> {
        let start = |day: i64| self.days.start((day - self.first_day) as usize);
        let window = Window { first: low, last: high, low: start(low), high: start(high + 1) };
        (window.low < window.high).then_some(window)
    }

    /// The mark of a window up to which a share of its weight lies, from 0 to below 1.
    #[inline]
    pub fn moment(&self, window: &Window, share: f64, step: Divisor) -> i64 {
        let (day, place) = self.find(window, share, DAY);
        let moment = (self.first_day + day as i64) * DAY + self.shape(day).at(place);
        let mark = moment - step.rest_from_0(moment);
        // Sums are rounded: at the edges of what has weight, the neighbour may have been met.
        if mark < window.first {
            return self.next_open(window.first, step.get()).unwrap_or(window.first);
        }
        if mark > window.last {
            return self.last_open(window.last, step.get()).unwrap_or(window.last);
        }
        mark
    }

    /// The day of a window up to which a share of its weight lies, from 0 to below 1.
    #[inline]
    pub fn day(&self, window: &Window, share: f64) -> i64 {
        self.first_day + self.find(window, share, 1).0 as i64
    }

    /// The first mark of a window with weight that is not before a share of its weight: what is drawn beyond that share, and
    /// would be rounded to before, is put there.
    pub fn not_before(&self, window: &Window, share: f64, step: i64, mark: i64) -> i64 {
        let (day, place) = self.find(window, share, DAY);
        let least = (self.first_day + day as i64) * DAY + self.shape(day).at(place);
        if mark >= least { mark } else { self.next_open(least, step).unwrap_or(mark) }
    }

    /// How many marks a window surely holds if each may have no more weight than the densest of `step` microseconds.
    pub fn capacity(&self, window: &Window, step: i64) -> f64 {
        let days = window.first.div_euclid(DAY)..=window.last.div_euclid(DAY);
        let densest = days.map(|day| {
            let at = (day - self.first_day) as usize;
            (self.days.start(at + 1) - self.days.start(at)) * self.calendar.densest(day)
        });
        (window.high - window.low) / (densest.fold(0.0, f64::max) * step as f64)
    }

    #[inline]
    fn find(&self, window: &Window, share: f64, day: i64) -> (usize, f64) {
        let sum = (window.low + share * (window.high - window.low)).min(window.high.next_down());
        let (first, last) = (window.first.div_euclid(day), window.last.div_euclid(day));
        let is_whole = (first, last) == (self.first_day, self.last_day);
        // Without growth days weigh much the same, so that the guide leads to one of them at once. With growth, centuries of
        // small weights share a part of the guide.
        match is_whole || self.calendar.growth == 0.0 {
            true => self.days.find(sum),
            false => {
                let at = |day: i64| (day - self.first_day) as usize;
                self.days.find_between(at(first), at(last), sum)
            }
        }
    }

    /// The weight before a moment.
    #[inline]
    fn upto(&self, moment: i64) -> f64 {
        let (day, of_day) = (moment.div_euclid(DAY) - self.first_day, moment.rem_euclid(DAY));
        let start = self.days.start(day as usize);
        if of_day == 0 {
            return start;
        }
        let end = self.days.start(day as usize + 1);
        match self.shape(day as usize).upto(of_day) {
            whole if whole >= 1.0 => end,
            share => start + (end - start) * share,
        }
    }

    fn next_open(&self, moment: i64, step: i64) -> Option<i64> {
        let (day, of_day) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
        let at = (day - self.first_day) as usize;
        let has_weight = self.days.next_with_weight(at)? == at;
        let today = if has_weight { self.shape(at).next_open(of_day, step) } else { None };
        today.map(|micros| day * DAY + micros).or_else(|| {
            let later = self.days.next_with_weight(at + 1)?;
            Some((self.first_day + later as i64) * DAY + self.shape(later).next_open(0, step)?)
        })
    }

    fn last_open(&self, moment: i64, step: i64) -> Option<i64> {
        let (day, of_day) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
        let at = (day - self.first_day) as usize;
        let has_weight = self.days.last_with_weight(at)? == at;
        let today = if has_weight { self.shape(at).last_open(of_day, step) } else { None };
        today.map(|micros| day * DAY + micros).or_else(|| {
            let earlier = self.days.last_with_weight(at.checked_sub(1)?)?;
            let end = self.shape(earlier).last_open(DAY - 1, step)?;
            Some((self.first_day + earlier as i64) * DAY + end)
        })
    }

    #[inline]
    fn shape(&self, at: usize) -> &super::DayShape {
        self.calendar.shape(self.first_day + at as i64)
    }
}
