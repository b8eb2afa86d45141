//! Numbers, dates and timestamps far beyond what the column holds.

use super::{Asked, Dirty, Kind, Noise, does_not_apply};
use crate::random::CellRng;
use crate::spec::{Parameter, ParameterKind, Refusal};
use crate::value::parse::{self, Scalar};
use crate::value::{Layout, SqlType};

pub(super) static KIND: Kind = Kind {
    name: "outlier",
    summary: "a number, date or timestamp far beyond the column's range: by one to ten times its width",
    example: ("39", "412"),
    parameters: &[
        Parameter {
            name: "min",
            kind: ParameterKind::Literal,
            default: Some("beyond the column's range"),
            summary: "the least outlier",
        },
        Parameter {
            name: "max",
            kind: ParameterKind::Literal,
            default: Some("beyond the column's range"),
            summary: "the greatest outlier",
        },
    ],
    build,
};

fn build(asked: &Asked) -> Result<Box<dyn Noise>, Refusal> {
    let sql_type = asked.sql_type;
    let is_for = (sql_type.is_number() || sql_type.is_temporal()) && *sql_type != SqlType::Time;
    if !is_for {
        return Err(does_not_apply(KIND.name, sql_type, "it is for numbers, dates and timestamps"));
    }
    let stretches = match own_bounds(asked)? {
        Some(stretch) => vec![stretch],
        None => beyond(asked)?,
    };
    Ok(Box::new(Outlier { stretches, is_real: *sql_type == SqlType::Real }))
}

/// The stretch that the spec gives, if it does.
fn own_bounds(asked: &Asked) -> Result<Option<Stretch>, Refusal> {
    let bound = |name: &'static str| match asked.arguments.literal(name) {
        Some(text) => {
            parse::scalar(&text, asked.sql_type).map(Some).map_err(|message| Refusal::of(name, message))
        }
        None => Ok(None),
    };
    match (bound("min")?, bound("max")?) {
        (Some(min), Some(max)) => match Stretch::between(&min, &max) {
            Some(stretch) => Ok(Some(stretch)),
            None => Err(Refusal::of("min", "the `min` of outliers is greater than their `max`")),
        },
        (None, None) => Ok(None),
        (Some(_), None) => Err(Refusal::of("min", "outliers with a `min` need a `max` too")),
        (None, Some(_)) => Err(Refusal::of("max", "outliers with a `max` need a `min` too")),
    }
}

/// The stretches above and below the column's range that the type has room for.
fn beyond(asked: &Asked) -> Result<Vec<Stretch>, Refusal> {
    let help = Some("write where they lie: `outlier: {share: 1%, min: 5000, max: 90000}`".to_owned());
    let Some((low, high)) = &asked.bounds else {
        let refusal = Refusal::whole("the column's range is not known, so nothing is known to lie beyond it");
        return Err(Refusal { help, ..refusal });
    };
    // What begins at 0 or above is an amount, a count or an age, which a check may keep from being negative.
    let both_sides = asked.sql_type.is_temporal() || is_negative(low);
    let stretches: Vec<Stretch> = match (low, high) {
        (Scalar::Float(low), Scalar::Float(high)) => {
            let width = (high - low).max(f64::MIN_POSITIVE);
            let limit = if *asked.sql_type == SqlType::Real { f32::MAX as f64 } else { f64::MAX };
            let sides = [(high + width, high + 10.0 * width), (low - 10.0 * width, low - width)];
            let fits = |(least, most): &(f64, f64)| *least >= -limit && *most <= limit;
            sides[..1 + both_sides as usize]
                .iter()
                .copied()
                .filter(fits)
                .map(|(least, most)| Stretch::Floats(least, most))
                .collect()
        }
        _ => {
            let (low, high) = (whole(low), whole(high));
            let width = high.saturating_sub(low).max(1);
            let far = width.saturating_mul(10);
            let (least, most) = limits(asked.sql_type);
            let sides = [
                (high.saturating_add(width), high.saturating_add(far).min(most)),
                (low.saturating_sub(far).max(least), low.saturating_sub(width)),
            ];
            let sides = sides[..1 + both_sides as usize].iter().filter(|(from, to)| from <= to);
            sides.map(|(from, to)| Stretch::Wholes(*from, *to)).collect()
        }
    };
    match stretches.is_empty() {
        true => {
            let message = format!("{} has no room for values far beyond the column's range", asked.sql_type);
            Err(Refusal { help, ..Refusal::whole(message) })
        }
        false => Ok(stretches),
    }
}

fn is_negative(value: &Scalar) -> bool {
    match value {
        Scalar::Float(value) => *value < 0.0,
        other => whole(other) < 0,
    }
}

/// A number, date or timestamp as it is stored.
fn whole(value: &Scalar) -> i128 {
    match value {
        Scalar::Int(value) => *value as i128,
        Scalar::Wide(value) => *value,
        other => panic!("{other:?} is no whole number"),
    }
}

/// The least and the greatest value of a type, as stored.
fn limits(sql_type: &SqlType) -> (i128, i128) {
    match (sql_type.int_bounds(), sql_type) {
        (Some((least, most)), _) => (least as i128, most as i128),
        (None, SqlType::Numeric { precision, .. }) => {
            let limit = 10i128.pow(*precision as u32) - 1;
            (-limit, limit)
        }
        _ => panic!("{sql_type} is laid out as {:?}", Layout::Float),
    }
}

/// Values between two bounds, both included, as they are stored.
#[derive(Clone, Copy, Debug)]
enum Stretch {
    Wholes(i128, i128),
    Floats(f64, f64),
}

impl Stretch {
    fn between(min: &Scalar, max: &Scalar) -> Option<Self> {
        match (min, max) {
            (Scalar::Float(min), Scalar::Float(max)) => (min <= max).then_some(Stretch::Floats(*min, *max)),
            _ => (whole(min) <= whole(max)).then_some(Stretch::Wholes(whole(min), whole(max))),
        }
    }
}

#[derive(Debug)]
struct Outlier {
    stretches: Vec<Stretch>,
    is_real: bool,
}

impl Noise for Outlier {
    fn dirty(&self, clean: &Scalar, draws: &mut CellRng) -> Option<Dirty> {
        let stretch = self.stretches[draws.below(self.stretches.len() as u64) as usize];
        let share = draws.unit();
        Some(Dirty::Value(match (clean, stretch) {
            (Scalar::Float(_), Stretch::Floats(min, max)) => {
                let value = (min + (max - min) * share).min(max);
                Scalar::Float(if self.is_real { value as f32 as f64 } else { value })
            }
            (clean, Stretch::Wholes(min, max)) => {
                let above = (max as f64 - min as f64) * share;
                let value = min.saturating_add(above as i128).min(max);
                match clean {
                    Scalar::Wide(_) => Scalar::Wide(value),
                    _ => Scalar::Int(i64::try_from(value).ok()?),
                }
            }
            _ => return None,
        }))
    }
}
