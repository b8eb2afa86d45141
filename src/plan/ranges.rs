//! Columns between bounds: numbers, dates, times, intervals.

use super::combine::grid_step;
use super::draft::Draft;
use super::generators::Place;
use crate::column::{Bound, Column, FloatRange, GridRange, IntervalRange, WideRange};
use crate::diagnostic::Span;
use crate::distribution::{self, Distribution, FloatSampler, Grid, IntSampler};
use crate::expression::Expression;
use crate::random::Permutation;
use crate::spec::{At, Call};
use crate::value::parse::{self, Scalar};
use crate::value::{Layout, SqlType, civil, text};

impl<'s> Draft<'s> {
    /// A literal of the column's type, or else an expression.
    pub(super) fn bound(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<Result<Scalar, Expression>> {
        // As a bound a decimal may have more digits than the column: it is rounded by `scalar`.
        if let Ok(scalar) = parse::scalar(&text.value, &place.sql_type) {
            return Some(Ok(scalar));
        }
        // Neither is an expression: a number out of range, and a day that is not in the calendar.
        if parse::decimal(&text.value).is_some()
            || (place.sql_type.is_temporal() && is_like_a_date(&text.value))
        {
            self.literal(place, text);
            return None;
        }
        let expression = self.expression(place, text, reads)?;
        Some(match expression.constant() {
            Some(Some(scalar)) => Ok(scalar),
            _ => Err(expression),
        })
    }

    pub(super) fn range(
        &mut self,
        place: &Place<'s>,
        min: Option<&At<String>>,
        max: Option<&At<String>>,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        let low = match min {
            Some(text) => Some(self.bound(place, text, reads)?),
            None => None,
        };
        let high = match max {
            Some(text) => Some(self.bound(place, text, reads)?),
            None => None,
        };
        let span = min.or(max).map_or(place.span, |text| text.span);
        let origin = format!(
            "{} from {} to {}",
            distribution.map_or("uniform", |call| call.name.value.as_str()),
            min.map_or("its least", |text| text.value.as_str()),
            max.map_or("its greatest", |text| text.value.as_str())
        );
        if distribution.is_none() && (low.is_none() || high.is_none()) {
            let missing = if low.is_none() { "min" } else { "max" };
            self.refuse(
                span,
                format!("`{missing}` is missing"),
                "without a distribution both bounds are needed",
            );
            return None;
        }
        let column: Box<dyn Column> = match place.sql_type.layout() {
            Layout::Int => Box::new(self.grid_range(place, low, high, span, distribution)?),
            Layout::Float => Box::new(self.float_range(place, low, high, span, distribution)?),
            Layout::Wide => Box::new(self.wide_range(place, low, high, span, distribution)?),
            Layout::Interval => Box::new(self.interval_range(place, low, high, span, distribution)?),
            _ => {
                let message = format!("`min` and `max` do not apply to {}", place.sql_type);
                self.refuse(span, message, "they bound numbers, dates, times and intervals");
                return None;
            }
        };
        Some((column, origin))
    }

    pub(super) fn grid_range(
        &mut self,
        place: &Place,
        low: Option<Result<Scalar, Expression>>,
        high: Option<Result<Scalar, Expression>>,
        span: Span,
        distribution: Option<&Call>,
    ) -> Option<GridRange> {
        let limits = place.sql_type.int_bounds().expect("the layout is Int");
        let (min, max) = (int_bound(low), int_bound(high));
        let step = grid_step(&place.sql_type);
        let fixed = match (&min, &max) {
            (Bound::Fixed(Some(min)), Bound::Fixed(Some(max))) => Some((*min, *max)),
            _ => None,
        };
        if let Some((lo, hi)) = fixed.filter(|(lo, hi)| lo > hi) {
            self.refuse_bounds(place, span, lo, hi);
            return None;
        }
        let grid = match place.sql_type.is_temporal() {
            true => Grid::Place,
            false => Grid::Decimal { scale: place.sql_type.scale().unwrap_or(0) },
        };
        // Computed bounds are given row by row.
        let drawn = match (&min, &max, step) {
            (Bound::Fixed(min), Bound::Fixed(max), 1) => (*min, *max),
            (Bound::Fixed(Some(min)), Bound::Fixed(Some(max)), step) => (Some(0), Some((max - min) / step)),
            _ => (None, None),
        };
        let shape = self.column_distribution(distribution)?;
        let sampler = IntSampler::new(shape, grid, drawn.0, drawn.1, limits);
        let sampler = self.accept(sampler, distribution, span)?;
        let key = self.part_key(place, "range");
        let is_shaped = distribution.is_some_and(|call| !is_plain_uniform(call));
        let unique = match place.unique {
            Some(unique_span) => Some(self.unique_grid(place, unique_span, fixed, step, is_shaped)?),
            None => None,
        };
        Some(GridRange { min, max, limits, step, sampler, unique, key, sql_type: place.sql_type.clone() })
    }

    /// The distribution of a column's values: uniform when none is named.
    pub(super) fn column_distribution(&mut self, call: Option<&Call>) -> Option<Box<dyn Distribution>> {
        match call {
            Some(call) => self.distribution(call),
            None => Some(distribution::uniform()),
        }
    }

    pub(super) fn refuse_bounds(&mut self, place: &Place, span: Span, lo: i64, hi: i64) {
        let show = |value: i64| {
            let mut out = Vec::new();
            text::value(&mut out, &place.sql_type, &crate::value::Data::Int(vec![value]).into(), 0);
            String::from_utf8_lossy(&out).into_owned()
        };
        let message = format!("min {} is greater than max {}", show(lo), show(hi));
        self.refuse(span, message, "exchange them");
    }

    pub(super) fn unique_grid(
        &mut self,
        place: &Place,
        span: Span,
        fixed: Option<(i64, i64)>,
        step: i64,
        shaped: bool,
    ) -> Option<Permutation> {
        let Some((lo, hi)) = fixed else {
            self.refuse(
                span,
                "bounds that are computed per row cannot make unique values",
                "use fixed bounds, or a sequence",
            );
            return None;
        };
        if shaped {
            self.refuse(span, "unique values are spread evenly", "leave out `distribution`, or `unique`");
            return None;
        }
        let cells = ((hi as i128 - lo as i128) / step as i128 + 1) as u128;
        if cells < place.rows as u128 {
            let message =
                format!("{cells} values between min and max cannot make {} rows unique", place.rows);
            self.refuse(span, message, "widen the bounds, use fewer rows, or leave out `unique`");
            return None;
        }
        Some(Permutation::new(self.part_key(place, "unique"), u64::try_from(cells).unwrap_or(u64::MAX)))
    }

    pub(super) fn float_range(
        &mut self,
        place: &Place,
        low: Option<Result<Scalar, Expression>>,
        high: Option<Result<Scalar, Expression>>,
        span: Span,
        distribution: Option<&Call>,
    ) -> Option<FloatRange> {
        let (min, max) = (float_bound(low), float_bound(high));
        if let (Bound::Fixed(Some(lo)), Bound::Fixed(Some(hi))) = (&min, &max)
            && lo > hi
        {
            self.refuse(span, format!("min {lo} is greater than max {hi}"), "exchange them");
            return None;
        }
        if let Some(span) = place.unique {
            self.refuse(
                span,
                format!("unique values of {} cannot be made", place.sql_type),
                "use a numeric or integer column",
            );
            return None;
        }
        let (lowest, highest) = match (&min, &max) {
            (Bound::Fixed(min), Bound::Fixed(max)) => (*min, *max),
            _ => (None, None),
        };
        let shape = self.column_distribution(distribution)?;
        let sampler = self.accept(FloatSampler::new(shape, lowest, highest), distribution, span)?;
        let is_real = place.sql_type == SqlType::Real;
        Some(FloatRange { min, max, sampler, is_real, key: self.part_key(place, "range") })
    }

    pub(super) fn wide_range(
        &mut self,
        place: &Place,
        low: Option<Result<Scalar, Expression>>,
        high: Option<Result<Scalar, Expression>>,
        span: Span,
        distribution: Option<&Call>,
    ) -> Option<WideRange> {
        let limit = 10i128.pow(38) - 1;
        let fixed = |bound: Option<Result<Scalar, Expression>>, otherwise| match bound {
            None => Some(otherwise),
            Some(Ok(Scalar::Wide(value))) => Some(value),
            _ => None,
        };
        let (Some(min), Some(max)) = (fixed(low, -limit), fixed(high, limit)) else {
            let message = format!("bounds of {} are literals", place.sql_type);
            self.refuse(
                span,
                message,
                "write numbers, compute the value by `expr`, or use at most 18 digits",
            );
            return None;
        };
        if min > max {
            self.refuse(span, "min is greater than max", "exchange them");
            return None;
        }
        if let Some(span) = place.unique {
            self.refuse(
                span,
                format!("unique values of {} cannot be made", place.sql_type),
                "use at most 18 digits",
            );
            return None;
        }
        let unit = libm::pow(10.0, place.sql_type.scale().unwrap_or(0) as f64);
        let sampler = match distribution.filter(|call| !is_plain_uniform(call)) {
            Some(call) => {
                let shape = self.distribution(call)?;
                let sampler = FloatSampler::new(shape, Some(min as f64 / unit), Some(max as f64 / unit));
                Some(self.accept(sampler, distribution, span)?)
            }
            None => None,
        };
        Some(WideRange { min, max, sampler, unit, key: self.part_key(place, "range") })
    }

    pub(super) fn interval_range(
        &mut self,
        place: &Place,
        low: Option<Result<Scalar, Expression>>,
        high: Option<Result<Scalar, Expression>>,
        span: Span,
        distribution: Option<&Call>,
    ) -> Option<IntervalRange> {
        if let Some(call) = distribution {
            self.refuse(
                call.name.span,
                "intervals are spread evenly",
                "leave out `distribution`, or compute the interval by `expr`",
            );
            return None;
        }
        let micros = |bound: Option<Result<Scalar, Expression>>| match bound {
            Some(Ok(Scalar::Interval(value))) if value.months == 0 => {
                Some(value.days as i64 * civil::DAY + value.micros)
            }
            _ => None,
        };
        let (Some(min), Some(max)) = (micros(low), micros(high)) else {
            self.refuse(
                span,
                "bounds of an interval are literals of days and time",
                "such as `90 minutes` or `30 days`",
            );
            return None;
        };
        if min > max {
            self.refuse(span, "min is greater than max", "exchange them");
            return None;
        }
        if let Some(span) = place.unique {
            self.refuse(span, "unique intervals cannot be made", "leave out `unique`");
            return None;
        }
        Some(IntervalRange { min, max, key: self.part_key(place, "range") })
    }
}

/// `2026-02-30`, whatever follows.
pub(super) fn is_like_a_date(text: &str) -> bool {
    let mut parts = text.trim().splitn(3, '-');
    let mut digits = |count: usize| {
        parts
            .next()
            .is_some_and(|part| part.len() >= count && part.bytes().take(count).all(|c| c.is_ascii_digit()))
    };
    digits(4) && digits(2) && digits(2)
}

fn is_plain_uniform(call: &Call) -> bool {
    call.name.value == "uniform" && call.arguments.given.is_empty()
}

fn int_bound(bound: Option<Result<Scalar, Expression>>) -> Bound<i64> {
    match bound {
        None => Bound::Fixed(None),
        Some(Ok(Scalar::Int(value))) => Bound::Fixed(Some(value)),
        Some(Ok(other)) => panic!("a bound of the Int layout cannot be {other:?}"),
        Some(Err(expression)) => Bound::Computed(expression),
    }
}

fn float_bound(bound: Option<Result<Scalar, Expression>>) -> Bound<f64> {
    match bound {
        None => Bound::Fixed(None),
        Some(Ok(Scalar::Float(value))) => Bound::Fixed(Some(value)),
        Some(Ok(other)) => panic!("a bound of the Float layout cannot be {other:?}"),
        Some(Err(expression)) => Bound::Computed(expression),
    }
}
