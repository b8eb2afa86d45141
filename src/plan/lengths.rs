//! How long values of a variable length are: arrays, bytes, and texts that only have to be long.

use super::draft::Draft;
use super::generators::{MOST_CHARACTERS, Place};
use crate::column::{Characters, Column, Filler, Lengths, Pattern, PatternText};
use crate::distribution::{self, Grid, IntSampler};
use crate::fake;
use crate::spec::At;
use crate::value::SqlType;

impl<'s> Draft<'s> {
    /// The lengths that a column asks for, or else the default ones.
    pub(super) fn lengths(&mut self, place: &Place<'s>, default: (u64, u64), most: u64) -> Option<Lengths> {
        let Some(length) = &place.length else {
            return self.lengths_between(place, default.0, default.1);
        };
        if length.max > most {
            self.refuse(length.span, format!("a length is at most {most} here"), "use a smaller `max`");
            return None;
        }
        let of_elements = length.distinct.or(length.null.as_ref().map(|share| share.span));
        let is_list = matches!(place.sql_type, SqlType::Array(_) | SqlType::Json | SqlType::Jsonb);
        if let Some(span) = of_elements.filter(|_| !is_list) {
            self.refuse(span, "only an array has elements", "leave it out");
            return None;
        }
        self.lengths_between(place, length.min, length.max)
    }

    fn lengths_between(&mut self, place: &Place<'s>, min: u64, max: u64) -> Option<Lengths> {
        let call = place.length.as_ref().and_then(|length| length.distribution.as_ref());
        let span = place.length.as_ref().map_or(place.span, |length| length.span);
        let shape = match call {
            Some(call) => self.distribution(call)?,
            None => distribution::uniform(),
        };
        let (low, high) = (min as i64, max as i64);
        let sampler = IntSampler::new(shape, Grid::Decimal { scale: 0 }, Some(low), Some(high), (low, high));
        Some(Lengths { min, max, sampler: self.accept(sampler, call, span)? })
    }

    /// Lengths in characters that the column's type holds; `None` in the inner option where the spec gives none.
    pub(super) fn text_lengths(&mut self, place: &Place<'s>) -> Option<Option<Lengths>> {
        let Some(length) = &place.length else { return Some(None) };
        if let Some(limit) = place.sql_type.max_chars().filter(|limit| length.max > *limit as u64) {
            let message =
                format!("texts of up to {} characters, {} holds {limit}", length.max, place.sql_type);
            self.refuse(length.span, message, "use a smaller `max`, or widen the column");
            return None;
        }
        self.lengths(place, (0, 0), MOST_CHARACTERS).map(Some)
    }

    /// As [`text_lengths`](Self::text_lengths), for generators that cannot do without; a `char(n)` says it itself.
    pub(super) fn required_lengths(
        &mut self,
        place: &Place<'s>,
        span: crate::diagnostic::Span,
        what: &str,
    ) -> Option<Lengths> {
        match (self.text_lengths(place)?, &place.sql_type) {
            (Some(lengths), _) => Some(lengths),
            (None, SqlType::Char(width)) => self.lengths_between(place, *width as u64, *width as u64),
            (None, _) => {
                self.refuse(
                    span,
                    format!("{what} needs a `length`"),
                    "write `length: 12`, or `length: {min: 10, max: 40}`",
                );
                None
            }
        }
    }

    /// Text of a length and nothing else.
    pub(super) fn filler(&mut self, place: &Place<'s>) -> Option<(Box<dyn Column>, String)> {
        if let Some(span) = place.unique.filter(|_| place.rows > 1) {
            self.refuse(
                span,
                "filler text is not unique",
                "use a `pattern` or an `alphabet`, or leave out `unique`",
            );
            return None;
        }
        let lengths = self.text_lengths(place)??;
        let origin = format!("filler of {} to {} characters", lengths.min, lengths.max);
        let key = self.part_key(place, "filler");
        Some((Box::new(Filler::new(fake::filler_words(), lengths, key)), origin))
    }

    /// Random characters.
    pub(super) fn characters(
        &mut self,
        place: &Place<'s>,
        alphabet: &At<String>,
    ) -> Option<(Box<dyn Column>, String)> {
        if !self.makes_text(place, alphabet.span, "alphabet") {
            return None;
        }
        let class = format!("[{}]", alphabet.value);
        let letters = Pattern::parse(&class).ok().and_then(|pattern| pattern.class());
        let Some(letters) = letters.filter(|_| !alphabet.value.starts_with('^')) else {
            let message = format!("`{}` is not an alphabet", alphabet.value);
            let help =
                "write characters and ranges as inside the brackets of a regular expression: `A-Z0-9_`";
            self.refuse(alphabet.span, message, help);
            return None;
        };
        let lengths = self.required_lengths(place, alphabet.span, "`alphabet`")?;
        let origin = format!("{} to {} of {} characters", lengths.min, lengths.max, letters.len());
        let key = self.part_key(place, "alphabet");
        let Some(span) = place.unique else {
            return Some((Box::new(Characters { alphabet: letters, lengths, key }), origin));
        };
        if let Some(call) = place.length.as_ref().and_then(|length| length.distribution.as_ref()) {
            self.refuse(
                call.name.span,
                "lengths of unique texts follow from counting them",
                "leave out `distribution`, or `unique`",
            );
            return None;
        }
        let all = format!("{class}{{{},{}}}", lengths.min, lengths.max);
        let pattern = Pattern::parse(&all).expect("the class was parsed before");
        self.check_capacity(place, span, &pattern, "alphabet", "let texts be longer")?;
        Some((Box::new(PatternText::unique(pattern, key)), origin))
    }
}
