//! Arrays, SQL's and JSON's: how many elements, and what makes them.

use super::combine::{grid_bounds, grid_step};
use super::draft::Draft;
use super::generators::Place;
use crate::column::{Array, Choices, Column, Elements, Lengths, Picks, scalars_to_vector};
use crate::diagnostic::Span;
use crate::spec::{Call, Generator, Weighted};
use crate::value::SqlType;
use crate::value::parse::Scalar;

/// Elements when the spec gives no `length`.
const DEFAULT_ELEMENTS: (u64, u64) = (0, 4);

/// So that the elements of a batch stay far below the 2^31 that its offsets reach.
const MOST_ELEMENTS: u64 = 10_000;

impl<'s> Draft<'s> {
    /// A column of an SQL array.
    pub(super) fn array(
        &mut self,
        place: &Place<'s>,
        element: &SqlType,
        generator: &Generator,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if let Some(span) = place.unique {
            self.refuse(span, "arrays cannot be unique", "leave out `unique`");
            return None;
        }
        let part = Place {
            part: format!("{}element", place.part),
            sql_type: element.clone(),
            length: None,
            unique: None,
            modifiers: place.modifiers.clone(),
            ..*place
        };
        let (array, origin) = self.elements(place, part, generator, distribution, reads)?;
        Some((Box::new(array), origin))
    }

    /// An array whose elements are made at `part`.
    pub(super) fn elements(
        &mut self,
        place: &Place<'s>,
        part: Place<'s>,
        generator: &Generator,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Array, String)> {
        let lengths = self.lengths(place, DEFAULT_ELEMENTS, MOST_ELEMENTS)?;
        let (min, max) = (lengths.min, lengths.max);
        let part = Place { rows: place.rows.saturating_mul(max.max(1)), ..part };
        let distinct = place.length.as_ref().and_then(|length| length.distinct);
        let (elements, origin) = match distinct {
            Some(span) => {
                let picks = self.picks(&part, generator, distribution, &lengths, span)?;
                let origin = format!("different ones of {}", picks.count);
                (Elements::Distinct(picks), origin)
            }
            None => {
                let (column, origin) = self.generator(&part, generator, distribution, reads)?;
                (Elements::Made(column), origin)
            }
        };
        let null = place.length.as_ref().and_then(|length| length.null.as_ref()).map(|share| share.value);
        let null =
            null.filter(|share| *share > 0.0).map(|share| (share, self.part_key(&part, "null element")));
        let key = self.part_key(place, "length");
        Some((Array { elements, lengths, null, key }, format!("array of {min} to {max}: {origin}")))
    }

    /// What an array picks its elements from when they differ.
    fn picks(
        &mut self,
        part: &Place<'s>,
        generator: &Generator,
        distribution: Option<&Call>,
        lengths: &Lengths,
        span: Span,
    ) -> Option<Picks> {
        self.refuse_modifiers(part, &[]);
        let key = self.part_key(part, "picks");
        if let Some(call) = distribution {
            self.refuse(
                call.name.span,
                "different elements are picked evenly",
                "leave out `distribution`, or `distinct`",
            );
            return None;
        }
        let listed =
            |scalars: &[Option<Scalar>]| Choices::listed(scalars_to_vector(scalars, part.sql_type.layout()));
        let (choices, count, weights) = match (generator, &part.sql_type) {
            (Generator::Values(values), _) => {
                let scalars = self.literals(part, values.value.iter().map(|weighted| &weighted.value))?;
                if let Some(at) = (1..scalars.len()).find(|at| scalars[..*at].contains(&scalars[*at])) {
                    let twice = values.value[at].value.span;
                    self.refuse(
                        twice,
                        "this value stands twice, so elements could be alike",
                        "remove one, or leave out `distinct`",
                    );
                    return None;
                }
                let weights: Vec<f64> =
                    values.value.iter().map(|Weighted { weight, .. }| weight.value).collect();
                let is_even = weights.iter().all(|weight| *weight == 1.0);
                (listed(&scalars), scalars.len() as u64, (!is_even).then_some(weights))
            }
            (Generator::Range { min: Some(min), max: Some(max) }, sql_type)
                if grid_bounds(min, max, sql_type).is_some() =>
            {
                let (first, last) = grid_bounds(min, max, sql_type).expect("was looked at");
                let step = grid_step(sql_type);
                (
                    Choices::Grid { first, step },
                    ((last.wrapping_sub(first) as u64) / step as u64).saturating_add(1),
                    None,
                )
            }
            (Generator::Unnamed, SqlType::Enum(of)) => {
                let labels: Vec<_> =
                    of.labels.iter().map(|label| Some(Scalar::Text(label.clone().into()))).collect();
                (listed(&labels), labels.len() as u64, None)
            }
            _ => {
                self.refuse(
                    span,
                    "`distinct` needs `values`, an enumerated type, or `min` and `max` as literals",
                    "say so, or leave out `distinct`",
                );
                return None;
            }
        };
        let possible = weights
            .as_ref()
            .map_or(count, |weights| weights.iter().filter(|weight| **weight > 0.0).count() as u64);
        if possible < lengths.max {
            let message = format!("{possible} values cannot make {} different elements", lengths.max);
            self.refuse(span, message, "use a smaller `max`, more values, or leave out `distinct`");
            return None;
        }
        Some(Picks { choices, count, weights, key })
    }
}
