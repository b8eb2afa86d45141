//! Columns between bounds: numbers, dates, times, intervals.

use super::combine::grid_step;
use super::draft::Draft;
use super::generators::Place;
use super::modifiers::days_and_time;
use crate::column::{
    Bound, Column, Drawn, FloatGrid, FloatRange, GridRange, IntervalRange, Range, UniqueGrid, WideRange,
};
use crate::diagnostic::Span;
use crate::distribution::{self, Distribution, FloatSampler, IntSampler};
use crate::expression::Expression;
use crate::random::Permutation;
use crate::spec::{At, Call, Modifiers};
use crate::value::parse::{self, Scalar};
use crate::value::{Layout, SqlType, text};

/// What a column, or a band, says about its range.
pub(super) struct Asked<'a> {
    pub min: Option<&'a At<String>>,
    pub max: Option<&'a At<String>>,
    pub distribution: Option<&'a Call>,
    pub modifiers: &'a Modifiers,
    pub span: Span,
}

impl Asked<'_> {
    pub fn describe(&self) -> String {
        let step = self.modifiers.step.as_ref().map_or(String::new(), |step| format!(" by {}", step.value));
        format!(
            "{} from {} to {}{step}",
            self.distribution.map_or("uniform", |call| call.name.value.as_str()),
            self.min.map_or("its least", |text| text.value.as_str()),
            self.max.map_or("its greatest", |text| text.value.as_str())
        )
    }
}

/// Bounds that were read: literals of the column's type or expressions, `None` where a bound is open.
pub(super) struct RangeBounds {
    pub low: Option<Result<Scalar, Expression>>,
    pub high: Option<Result<Scalar, Expression>>,
    pub span: Span,
}

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
        asked: &Asked,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        let bounds = self.bounds(place, asked, reads)?;
        let origin = asked.describe();
        if let Some(span) = place.unique {
            let column = self.unique_range(place, asked, &bounds, span)?;
            return Some((Box::new(column), origin));
        }
        let range = self.bounded(place, asked, bounds)?;
        Some((Box::new(Drawn { draws: self.draws(place), range }), origin))
    }

    /// A range without its draws: of a column, or of a band.
    pub(super) fn bounded(
        &mut self,
        place: &Place,
        asked: &Asked,
        bounds: RangeBounds,
    ) -> Option<Box<dyn Range>> {
        self.note_that_it_rises(place, &bounds);
        Some(match place.sql_type.layout() {
            Layout::Int => Box::new(self.grid_range(place, asked, bounds)?),
            Layout::Float if asked.modifiers.step.is_some() => {
                Box::new(self.float_grid(place, asked, bounds)?)
            }
            Layout::Float => Box::new(self.float_range(place, asked, bounds)?),
            Layout::Wide => Box::new(self.wide_range(place, asked, bounds)?),
            Layout::Interval => Box::new(self.interval_range(place, asked, bounds)?),
            _ => {
                let message = format!("`min` and `max` do not apply to {}", place.sql_type);
                self.refuse(bounds.span, message, "they bound numbers, dates, times and intervals");
                return None;
            }
        })
    }

    /// Reads the bounds; those that are missing must not be needed.
    pub(super) fn bounds(
        &mut self,
        place: &Place<'s>,
        asked: &Asked,
        reads: &mut Vec<usize>,
    ) -> Option<RangeBounds> {
        let low = match asked.min {
            Some(text) => Some(self.bound(place, text, reads)?),
            None => None,
        };
        let high = match asked.max {
            Some(text) => Some(self.bound(place, text, reads)?),
            None => None,
        };
        let span = asked.min.or(asked.max).map_or(asked.span, |text| text.span);
        if asked.distribution.is_none() && (low.is_none() || high.is_none()) {
            let missing = if low.is_none() { "min" } else { "max" };
            self.refuse(
                span,
                format!("`{missing}` is missing"),
                "without a distribution both bounds are needed",
            );
            return None;
        }
        Some(RangeBounds { low, high, span })
    }

    fn grid_range(&mut self, place: &Place, asked: &Asked, bounds: RangeBounds) -> Option<GridRange> {
        let limits = place.sql_type.int_bounds().expect("the layout is Int");
        let span = bounds.span;
        let (min, max) = (int_bound(bounds.low), int_bound(bounds.high));
        if let (Bound::Fixed(Some(lo)), Bound::Fixed(Some(hi))) = (&min, &max)
            && lo > hi
        {
            self.refuse_bounds(place, span, *lo, *hi);
            return None;
        }
        let shape = self.column_distribution(asked.distribution)?;
        let clip = self.checks_out(place, asked, &*shape, &min, &max)?;
        let own_step = self.own_step(place, asked)?;
        let step = own_step.unwrap_or(grid_step(&place.sql_type));
        let (shape, grid) = self.on_own_grid(place, asked, shape, own_step, &min)?;
        let drawn = drawn_bounds(&min, &max, step);
        let (drawn, drawn_limits) = match clip {
            // Beyond the type's limits too, so that what lies there becomes the bound.
            true => ((None, None), (i64::MIN / 4, i64::MAX / 4)),
            false => (drawn, drawn_limits(&min, limits, own_step)),
        };
        let sampler = IntSampler::new(shape, grid, drawn.0, drawn.1, drawn_limits);
        let sampler = self.accept(sampler, asked.distribution, span)?;
        Some(GridRange { min, max, limits, step, sampler, clip, sql_type: place.sql_type.clone() })
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

    /// Every value at most once: a permutation of the grid between fixed bounds.
    pub(super) fn unique_range(
        &mut self,
        place: &Place,
        asked: &Asked,
        bounds: &RangeBounds,
        span: Span,
    ) -> Option<UniqueGrid> {
        let sql_type = &place.sql_type;
        if sql_type.layout() != Layout::Int {
            let help = match sql_type.layout() {
                Layout::Float => "use a numeric or integer column",
                Layout::Wide => "use at most 18 digits",
                _ => "leave out `unique`",
            };
            self.refuse(span, format!("unique values of {sql_type} cannot be made"), help);
            return None;
        }
        let (Some(Ok(Scalar::Int(lo))), Some(Ok(Scalar::Int(hi)))) = (&bounds.low, &bounds.high) else {
            self.refuse(
                span,
                "bounds that are computed per row, or missing, cannot make unique values",
                "use fixed bounds, or a sequence",
            );
            return None;
        };
        if lo > hi {
            self.refuse_bounds(place, bounds.span, *lo, *hi);
            return None;
        }
        if let Some(call) = asked.distribution.filter(|call| !is_plain_uniform(call)) {
            // Told of a shape that does not exist first.
            self.distribution(call)?;
            self.refuse(span, "unique values are spread evenly", "leave out `distribution`, or `unique`");
            return None;
        }
        let modifiers = &asked.modifiers;
        let without_use = modifiers.given().into_iter().find(|(name, _)| *name != "step");
        if let Some((name, span)) = without_use {
            let message = format!("`{name}` has no effect on unique values");
            self.refuse(span, message, format!("leave out `{name}`, or `unique`"));
            return None;
        }
        let step = self.own_step(place, asked)?.unwrap_or(grid_step(sql_type));
        let cells = ((*hi as i128 - *lo as i128) / step as i128 + 1) as u128;
        if cells < place.rows as u128 {
            let message =
                format!("{cells} values between min and max cannot make {} rows unique", place.rows);
            self.refuse(span, message, "widen the bounds, use fewer rows, or leave out `unique`");
            return None;
        }
        let cells = u64::try_from(cells).unwrap_or(u64::MAX);
        let order = Permutation::new(self.part_key(place, "unique"), cells);
        Some(UniqueGrid { first: *lo, step, order })
    }

    fn float_range(&mut self, place: &Place, asked: &Asked, bounds: RangeBounds) -> Option<FloatRange> {
        let span = bounds.span;
        let (min, max) = (float_bound(bounds.low), float_bound(bounds.high));
        if let (Bound::Fixed(Some(lo)), Bound::Fixed(Some(hi))) = (&min, &max)
            && lo > hi
        {
            self.refuse(span, format!("min {lo} is greater than max {hi}"), "exchange them");
            return None;
        }
        let shape = self.column_distribution(asked.distribution)?;
        let clip = self.checks_out(place, asked, &*shape, &min, &max)?;
        if let Some(round) = &asked.modifiers.round {
            let message = format!("`round` needs `step` at {}", place.sql_type);
            self.refuse(round.span, message, "such as `step: 0.5`; other types have a step of their own");
            return None;
        }
        let (lowest, highest) = match (&min, &max) {
            (Bound::Fixed(min), Bound::Fixed(max)) if !clip => (*min, *max),
            _ => (None, None),
        };
        let sampler = self.accept(FloatSampler::new(shape, lowest, highest), asked.distribution, span)?;
        let is_real = place.sql_type == SqlType::Real;
        Some(FloatRange { min, max, sampler, is_real, clip })
    }

    /// Doubles in steps are decimals while they are drawn.
    fn float_grid(&mut self, place: &Place, asked: &Asked, bounds: RangeBounds) -> Option<FloatGrid> {
        let mut scale = 0;
        for text in [asked.modifiers.step.as_ref(), asked.min, asked.max].into_iter().flatten() {
            let Some((_, digits)) = parse::decimal(&text.value).filter(|(_, digits)| *digits <= 9) else {
                let message = format!("with `step`, bounds of {} are literals", place.sql_type);
                self.refuse(text.span, message, "write numbers of up to 9 digits after the point");
                return None;
            };
            scale = scale.max(digits);
        }
        let sql_type = SqlType::Numeric { precision: 18, scale, bare: false };
        let decimal = |bound: Option<Result<Scalar, Expression>>, text: Option<&At<String>>| match bound {
            Some(_) => text.and_then(|text| parse::scalar(&text.value, &sql_type).ok()).map(Ok),
            None => None,
        };
        let (low, high) = (decimal(bounds.low, asked.min), decimal(bounds.high, asked.max));
        if low.is_some() != asked.min.is_some() || high.is_some() != asked.max.is_some() {
            let message = format!("with `step`, bounds of {} have at most 18 digits", place.sql_type);
            self.refuse(bounds.span, message, "use smaller numbers, or a greater step");
            return None;
        }
        let modifiers = place.modifiers.clone();
        let decimals = Place { part: place.part.clone(), sql_type, modifiers, length: None, ..*place };
        let decimals = self.grid_range(&decimals, asked, RangeBounds { low, high, ..bounds })?;
        let unit = libm::pow(10.0, scale as f64);
        Some(FloatGrid { decimals, unit, is_real: place.sql_type == SqlType::Real })
    }

    fn wide_range(&mut self, place: &Place, asked: &Asked, bounds: RangeBounds) -> Option<WideRange> {
        let span = bounds.span;
        let limit = 10i128.pow(38) - 1;
        let fixed = |bound: Option<Result<Scalar, Expression>>, otherwise| match bound {
            None => Some(otherwise),
            Some(Ok(Scalar::Wide(value))) => Some(value),
            _ => None,
        };
        let (Some(min), Some(max)) = (fixed(bounds.low, -limit), fixed(bounds.high, limit)) else {
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
        if let Some((name, span)) = asked.modifiers.given().first() {
            let message = format!("`{name}` does not apply to {}", place.sql_type);
            self.refuse(*span, message, "use at most 18 digits");
            return None;
        }
        let unit = libm::pow(10.0, place.sql_type.scale().unwrap_or(0) as f64);
        let sampler = match asked.distribution.filter(|call| !is_plain_uniform(call)) {
            Some(call) => {
                let shape = self.distribution(call)?;
                let sampler = FloatSampler::new(shape, Some(min as f64 / unit), Some(max as f64 / unit));
                Some(self.accept(sampler, asked.distribution, span)?)
            }
            None => None,
        };
        let low_key = self.part_key(place, "range").child("low");
        Some(WideRange { min, max, sampler, unit, low_key })
    }

    fn interval_range(&mut self, place: &Place, asked: &Asked, bounds: RangeBounds) -> Option<IntervalRange> {
        if let Some(call) = asked.distribution {
            self.refuse(
                call.name.span,
                "intervals are spread evenly",
                "leave out `distribution`, or compute the interval by `expr`",
            );
            return None;
        }
        let span = bounds.span;
        let micros = |bound: Option<Result<Scalar, Expression>>| match bound {
            Some(Ok(Scalar::Interval(value))) => days_and_time(&value),
            _ => None,
        };
        let (Some(min), Some(max)) = (micros(bounds.low), micros(bounds.high)) else {
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
        let fixed = |bound| Bound::Fixed(Some(bound));
        self.checks_out(place, asked, &*distribution::uniform(), &fixed(min), &fixed(max))?;
        let step = self.own_step(place, asked)?.unwrap_or(1_000_000);
        Some(IntervalRange { min, max, step })
    }
}

/// The bounds of what is drawn where they are the same for all rows: numbers themselves, or steps from the base.
fn drawn_bounds(min: &Bound<i64>, max: &Bound<i64>, step: i64) -> (Option<i64>, Option<i64>) {
    match (min, max) {
        (Bound::Fixed(min), Bound::Fixed(max)) if step == 1 => (*min, *max),
        (Bound::Fixed(min), Bound::Fixed(max)) => {
            let base = min.unwrap_or(0);
            (min.map(|_| 0), max.map(|max| max.saturating_sub(base).div_euclid(step)))
        }
        _ => (None, None),
    }
}

/// The type's limits in what is drawn.
fn drawn_limits(min: &Bound<i64>, limits: (i64, i64), own_step: Option<i64>) -> (i64, i64) {
    match (own_step, min) {
        (None | Some(1), _) => limits,
        (Some(step), Bound::Fixed(Some(base))) => (0, limits.1.saturating_sub(*base) / step),
        (Some(step), _) => (limits.0 / step, limits.1 / step),
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

pub(super) fn int_bound(bound: Option<Result<Scalar, Expression>>) -> Bound<i64> {
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
