//! Whole numbers between two bounds, in columns of any type.

use super::draft::Draft;
use super::generators::Place;
use super::ranges::Asked;
use crate::column::Column;
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::{At, Call};
use crate::value::SqlType;

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
}
