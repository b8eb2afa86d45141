//! What stands beside generators: where it applies, and what `step`, `round` and `outside` make of a range's shape.

use super::draft::Draft;
use super::generators::Place;
use super::ranges::Asked;
use crate::column::Bound;
use crate::distribution::{Bounds, Distribution, Grid, OnGrid};
use crate::spec::{At, Generator, Outside, Rounding};
use crate::value::parse::{self, Scalar};
use crate::value::{Interval, SqlType, civil};

/// The modifiers that mean something to a generator.
const OF_RANGES: &[&str] = &["step", "round", "outside", "correlation"];
const OF_ORDERED: &[&str] = &["step", "round", "outside"];
const OF_CALENDARS: &[&str] = &["step"];
const OF_BANDS: &[&str] = &["correlation", "quota"];
const OF_VALUES: &[&str] = &["quota"];

impl Draft<'_> {
    /// Refuses what stands beside a generator that it means nothing to.
    pub(super) fn check_range_modifiers(&mut self, place: &Place, generator: &Generator) {
        match generator {
            // Looked at again when the long form is known.
            Generator::Unnamed => {}
            Generator::Range { .. } => self.refuse_modifiers(place, OF_RANGES),
            Generator::Moments(of) if of.calendar.is_some() => self.refuse_modifiers(place, OF_CALENDARS),
            Generator::Moments(_) => self.refuse_modifiers(place, OF_ORDERED),
            Generator::Bands(_) => self.refuse_modifiers(place, OF_BANDS),
            Generator::Values(_) => self.refuse_modifiers(place, OF_VALUES),
            _ => self.refuse_modifiers(place, &[]),
        }
    }

    /// Refuses all modifiers but these.
    pub(super) fn refuse_modifiers(&mut self, place: &Place, allowed: &[&str]) {
        for (name, span) in place.modifiers.given() {
            let help = match name {
                "step" | "round" | "outside" if allowed == OF_BANDS => "write it in each band",
                "quota" => "it makes the shares of `values` and `bands` exact",
                "correlation" => "it is for columns with `min` and `max`, a distribution or `bands`",
                _ => "it is for values between `min` and `max`, or of a distribution",
            };
            if !allowed.contains(&name) {
                self.refuse(span, format!("`{name}` has no effect with this generator"), help);
            }
        }
    }

    /// Holds `round` and `outside` to what they need: a shape in the column's own unit, which bounds cut. Also whether to
    /// clip.
    pub(super) fn checks_out<T>(
        &mut self,
        place: &Place,
        asked: &Asked,
        shape: &dyn Distribution,
        min: &Bound<T>,
        max: &Bound<T>,
    ) -> Option<bool> {
        let modifiers = &asked.modifiers;
        let round = modifiers.round.as_ref().map(|round| ("round", round.span));
        let outside = modifiers.outside.as_ref().map(|outside| ("outside", outside.span));
        let help = "it is for shapes in the column's own unit that bounds cut, such as `normal`";
        for (name, span) in [round, outside].into_iter().flatten() {
            if !place.sql_type.is_number() {
                let message = format!("`{name}` does not apply to {}", place.sql_type);
                self.refuse(span, message, "it is for numbers");
                return None;
            }
            if shape.bounds() != Bounds::Cut {
                let name_of_shape = asked.distribution.map_or("uniform", |call| call.name.value.as_str());
                let message =
                    format!("`{name}` has no effect on `{name_of_shape}`, which is made to fit its bounds");
                self.refuse(span, message, help);
                return None;
            }
        }
        let Some(outside) = &modifiers.outside else { return Some(false) };
        if matches!((min, max), (Bound::Fixed(None), Bound::Fixed(None))) {
            self.refuse(outside.span, "`outside` has no effect without bounds", "write `min` or `max`");
            return None;
        }
        Some(outside.value == Outside::Clip)
    }

    /// The column's own `step` in the numbers it stores: `Some(None)` where it has none.
    pub(super) fn own_step(&mut self, place: &Place, asked: &Asked) -> Option<Option<i64>> {
        let Some(text) = &asked.modifiers.step else { return Some(None) };
        match step_of(text, &place.sql_type) {
            Ok(step) if step > 0 => Some(Some(step)),
            Ok(_) => {
                self.refuse(text.span, "`step` must be above 0", "it is the distance of values");
                None
            }
            Err((message, help)) => {
                self.refuse(text.span, message, help);
                None
            }
        }
    }

    /// The shape as seen from the grid of `step` and `round`, and what whole numbers stand for in it.
    pub(super) fn on_own_grid(
        &mut self,
        place: &Place,
        asked: &Asked,
        shape: Box<dyn Distribution>,
        own_step: Option<i64>,
        min: &Bound<i64>,
    ) -> Option<(Box<dyn Distribution>, Grid)> {
        let modifiers = &asked.modifiers;
        if place.sql_type.is_temporal() {
            return Some((shape, Grid::Place));
        }
        let scale = place.sql_type.scale().unwrap_or(0);
        if own_step.is_none() && modifiers.round.is_none() {
            return Some((shape, Grid::Decimal { scale }));
        }
        let steps = Grid::Decimal { scale: 0 };
        if shape.bounds() != Bounds::Cut {
            return Some((shape, steps));
        }
        let base = match (min, own_step) {
            (_, None | Some(1)) | (Bound::Fixed(None), _) => 0,
            (Bound::Fixed(Some(min)), _) => *min,
            (Bound::Computed(_), _) => {
                let span = modifiers.step.as_ref().map_or(asked.span, |step| step.span);
                let message = "`step` counts from `min`, which is computed per row";
                self.refuse(span, message, "use a fixed `min`, or leave out the distribution");
                return None;
            }
        };
        let rounding = modifiers.round.as_ref().map_or(Rounding::Nearest, |round| round.value);
        let unit = 10i64.pow(scale as u32) as f64;
        let step = own_step.unwrap_or(1) as f64 / unit;
        Some((Box::new(OnGrid::new(shape, base as f64 / unit, step, rounding)), steps))
    }
}

pub(super) type BadStep = (String, &'static str);

/// A step as the distance of values of a type.
pub(super) fn step_of(text: &At<String>, sql_type: &SqlType) -> Result<i64, BadStep> {
    match sql_type.is_number() {
        true => number_step(text, sql_type),
        false => moment_step(text, sql_type),
    }
}

fn number_step(text: &At<String>, sql_type: &SqlType) -> Result<i64, BadStep> {
    let Some((unscaled, digits)) = parse::decimal(&text.value) else {
        return Err((format!("`step` must be a number, found `{}`", text.value), "such as `step: 5`"));
    };
    let scale = sql_type.scale().unwrap_or(0);
    let step = parse::rescale(unscaled, digits, scale).and_then(|step| i64::try_from(step).ok());
    let is_exact = step.and_then(|step| parse::rescale(step as i128, scale, digits)) == Some(unscaled);
    match step.filter(|_| is_exact) {
        Some(step) => Ok(step),
        None => {
            let message = format!("a step of {} is not a number of {sql_type}", text.value);
            Err((message, "values lie a step apart; give the column more digits, or use another step"))
        }
    }
}

fn moment_step(text: &At<String>, sql_type: &SqlType) -> Result<i64, BadStep> {
    let help = "such as `15 minutes` or `7 days`; months and years differ in length";
    let micros = match parse::scalar(&text.value, &SqlType::Interval) {
        // SQL reads a bare number as seconds, which nobody means here.
        Ok(Scalar::Interval(interval)) if parse::decimal(&text.value).is_none() => days_and_time(&interval),
        _ => None,
    };
    let Some(micros) = micros else {
        return Err((
            format!("`step` of {sql_type} must be an interval of days and time, found `{}`", text.value),
            help,
        ));
    };
    match sql_type {
        SqlType::Date if micros % civil::DAY != 0 => Err(("a step of dates is whole days".to_owned(), help)),
        SqlType::Date => Ok(micros / civil::DAY),
        _ => Ok(micros),
    }
}

/// An interval in microseconds; `None` where it has months, which differ in length.
pub(super) fn days_and_time(interval: &Interval) -> Option<i64> {
    let days = (interval.days as i64).checked_mul(civil::DAY)?;
    (interval.months == 0).then_some(days.checked_add(interval.micros)?)
}
