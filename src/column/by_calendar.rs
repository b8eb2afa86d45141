//! Dates and times between two bounds by a calendar's weights.

use super::draws::told;
use super::range::{Bounds, show};
use super::{Bound, CHEAP, COSTLY, Column, Order};
use crate::calendar::{Edge, Span, Window};
use crate::expression::{Batch, Failure};
use crate::random::{Key, to_unit};
use crate::value::civil::DAY;
use crate::value::divisor::Divisor;
use crate::value::{Data, SqlType, Vector};

/// Moments drawn by the inverse of the cumulative weight between the bounds; where a bound is null, so is the value.
pub struct ByCalendar {
    /// The weights.
    pub span: Span,
    /// Lower bound.
    pub min: Bound<i64>,
    /// Upper bound, included.
    pub max: Bound<i64>,
    /// What lies between them, where they are fixed.
    pub window: Option<Window>,
    /// Values are multiples of so many microseconds since 1970; of a date, days.
    pub step: i64,
    /// How the draws of rows follow each other.
    pub order: Order,
    /// The number of rows whose moments are all to be different; then they ascend, and the window has room.
    pub distinct: Option<u64>,
    /// The draws.
    pub key: Key,
    /// The column's type: date, timestamp or timestamptz.
    pub sql_type: SqlType,
}

impl ByCalendar {
    fn is_date(&self) -> bool {
        self.sql_type == SqlType::Date
    }

    /// What lies between two bounds; fails where that is nothing.
    fn window(&self, at: usize, low: i64, high: i64) -> Result<Window, Failure> {
        let show = |value: i64| show(&self.sql_type, Data::Int(vec![value]));
        if low > high {
            return Err(Failure::at(at, format!("min {} is greater than max {}", show(low), show(high))));
        }
        let unit = if self.is_date() { 1 } else { DAY };
        if !(self.span.contains(low.div_euclid(unit)) && self.span.contains(high.div_euclid(unit))) {
            let message = "with a calendar, computed bounds lie in the years 1800 to 2199";
            return Err(Failure::at(at, format!("{message}, found {} to {}", show(low), show(high))));
        }
        let window = match self.is_date() {
            true => self.span.days(low, high),
            false => self.span.moments(low, high, self.step),
        };
        let nothing = || format!("the calendar has no weight between {} and {}", show(low), show(high));
        window.ok_or_else(|| Failure::at(at, nothing()))
    }

    #[inline]
    fn draw(&self, window: &Window, bits: u64, step: Divisor) -> i64 {
        match self.is_date() {
            true => self.span.day(window, to_unit(bits)),
            false => self.span.moment(window, to_unit(bits), step),
        }
    }

    fn between(&self, batch: &dyn Batch, draws: &[u64], step: Divisor) -> Result<Vector, Failure> {
        let lows = Bounds::new(&self.min, batch)?;
        let highs = Bounds::new(&self.max, batch)?;
        let first = |low| self.span.first_edge(low, step);
        let last = |high| self.span.last_edge(high, step);
        let (mut first, mut last) = (Remembered::new(first), Remembered::new(last));
        let mut values = Vec::with_capacity(draws.len());
        for (at, bits) in draws.iter().enumerate() {
            let (low, high) = (lows.int(at, 0), highs.int(at, 0));
            let is_valid = lows.is_valid(at) && highs.is_valid(at);
            let edges = if is_valid && !self.is_date() { first.of(low).zip(last.of(high)) } else { None };
            values.push(match edges.and_then(|(first, last)| Window::between(first, last)) {
                Some(window) => self.span.moment(&window, to_unit(*bits), step),
                None if is_valid => self.draw(&self.window(at, low, high)?, *bits, step),
                None => 0,
            });
        }
        Ok(lows.mask(highs.mask(Data::Int(values).into())))
    }
}

/// Computes what a bound means, and remembers it for the next row: bounds are often the same for many.
struct Remembered<F> {
    compute: F,
    last: Option<(i64, Option<Edge>)>,
}

impl<F: Fn(i64) -> Option<Edge>> Remembered<F> {
    fn new(compute: F) -> Self {
        Self { compute, last: None }
    }

    #[inline]
    fn of(&mut self, bound: i64) -> Option<Edge> {
        if let Some((last, edge)) = self.last
            && last == bound
        {
            return edge;
        }
        let edge = (self.compute)(bound);
        self.last = Some((bound, edge));
        edge
    }
}

impl Column for ByCalendar {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let draws = self.order.draws(batch, self.key)?;
        // Of dates the step is none of microseconds, and is not asked for.
        let step = Divisor::new(self.step.max(1));
        let Some(window) = &self.window else { return self.between(batch, &draws, step) };
        let mut values: Vec<i64> = draws.iter().map(|bits| self.draw(window, *bits, step)).collect();
        if let Some(rows) = self.distinct {
            let mut numbers = batch.rows().map(|row| row as f64 / rows as f64).into_iter();
            for value in &mut values {
                let share = numbers.next().expect("one for each row");
                *value = self.span.not_before(window, share, self.step, *value);
            }
        }
        Ok(Data::Int(values).into())
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        let is_cheap = self.window.is_some() && !matches!(self.order, Order::Siblings { .. });
        if is_cheap { CHEAP } else { COSTLY }
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        let bits = self.order.draws(batch, self.key)?[0];
        Ok(Some(format!(
            "{}{}, of the calendar's weight between the bounds",
            told(bits),
            self.order.origin()
        )))
    }
}
