//! Bands, and exact shares: `bands` and `quota`.

use super::draft::Draft;
use super::generators::Place;
use super::ranges::{Asked, RangeBounds};
use crate::column::{BandPick, Bands, Column, Dealt, Drawn};
use crate::random::Permutation;
use crate::spec::{At, Band, QuotaSpec};
use crate::value::parse::Scalar;

/// The most shares that are dealt exactly: their table stays small.
const MOST_SHARES: usize = 10_000;

impl<'s> Draft<'s> {
    pub(super) fn bands(
        &mut self,
        place: &Place<'s>,
        bands: &At<Vec<Band>>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if let Some(span) = place.unique {
            self.refuse(span, "values in bands cannot be unique", "leave out `unique`, or use one range");
            return None;
        }
        let weights: Vec<f64> = bands.value.iter().map(|band| band.weight.value).collect();
        if weights.iter().sum::<f64>() <= 0.0 {
            let help = "write `[{min: 0, max: 99, weight: 70}, {min: 100, max: 999, weight: 30}]`";
            self.refuse(bands.span, "no band has a positive weight", help);
            return None;
        }
        let mut ranges = Vec::new();
        let mut ends = Vec::new();
        for (nth, band) in bands.value.iter().enumerate() {
            let part = Place {
                part: format!("{}band {}", place.part, nth + 1),
                sql_type: place.sql_type.clone(),
                modifiers: band.modifiers.clone(),
                span: band.span,
                length: None,
                ..*place
            };
            let asked = Asked {
                min: band.min.as_ref(),
                max: band.max.as_ref(),
                distribution: band.distribution.as_ref(),
                modifiers: &band.modifiers,
                span: band.span,
            };
            ranges.push(self.bounds(&part, &asked, reads).and_then(|bounds| {
                ends.push(ends_of(&bounds));
                self.bounded(&part, &asked, bounds)
            }));
        }
        let ranges = ranges.into_iter().collect::<Option<Vec<_>>>()?;
        self.note_bands(place, &ends);
        let pick = match &place.modifiers.quota {
            Some(quota) => BandPick::Quota(self.dealt(place, quota, &weights)?),
            None => BandPick::by_weight(&weights),
        };
        let origin = format!("one of {} bands", ranges.len());
        let range = Box::new(Bands { ranges, pick });
        Some((Box::new(Drawn { draws: self.draws(place), range }), origin))
    }

    /// The table's rows, or those of each group, dealt out in proportion to weights.
    pub(super) fn dealt(&mut self, place: &Place, of: &QuotaSpec, weights: &[f64]) -> Option<Dealt> {
        let quota = of.span;
        if !place.part.is_empty() {
            self.refuse(
                quota,
                "`quota` counts a table's rows, not the elements of arrays",
                "leave out `quota`",
            );
            return None;
        }
        if weights.len() > MOST_SHARES {
            let message = format!("{} shares are too many to be exact", weights.len());
            self.refuse(quota, message, format!("`quota` deals up to {MOST_SHARES}"));
            return None;
        }
        let key = self.part_key(place, "quota");
        let Some(name) = &of.within else {
            return Some(Dealt::new(Permutation::new(key, place.rows), weights));
        };
        if self.tables[place.table].history.is_some() {
            let message =
                "the rows of a history are versions, whose values last: they are not dealt by group";
            self.refuse(quota, message, "leave out `within`");
            return None;
        }
        let group = self.grouping_link(place.table, None, name, "quota")?;
        Some(Dealt::within(self.relation(place.table, group)?, weights, key))
    }
}

/// The bounds of a band where they are fixed.
fn ends_of(bounds: &RangeBounds) -> Option<(Scalar, Scalar)> {
    match (&bounds.low, &bounds.high) {
        (Some(Ok(low)), Some(Ok(high))) => Some((low.clone(), high.clone())),
        _ => None,
    }
}
