//! Noise: what makes written values differ from clean ones, at stated rates.
//!
//! A [`Kind`] of noise is a row of [`KINDS`]: to add one, write a file with its `KIND` and a row for it. Which rows a kind meets
//! is arithmetic: a [`ColumnNoise`] deals the rows of its column to the kinds by a permutation, so that shares are exact, and
//! [`Duplicates`] do the same for whole rows. [`Gaps`] are drawn. What becomes of a value depends on the value and on draws of its row.

mod blank;
mod case;
mod day_month;
mod dealt;
mod duplicates;
mod encoding;
mod format;
mod gaps;
mod outlier;
mod placeholder;
#[cfg(test)]
mod tests;
mod typo;
mod whitespace;

pub use dealt::{ColumnNoise, Dealt, TableNoise};
pub use duplicates::Duplicates;
pub use gaps::Gaps;

use crate::random::CellRng;
use crate::spec::{Arguments, Parameter, Refusal};
use crate::value::parse::Scalar;
use crate::value::{Data, SqlType, Vector};
use std::fmt::Debug;

/// A way to make values dirty.
pub trait Noise: Send + Sync + Debug {
    /// What is written instead of a clean value, which is never null: another value of the column's type, or null. `None` where
    /// this value cannot be made dirty in this way.
    fn dirty(&self, clean: &Scalar, draws: &mut CellRng) -> Option<Dirty>;
}

/// What is written instead of a clean value.
#[derive(Clone, Debug, PartialEq)]
pub enum Dirty {
    /// Nothing.
    Null,
    /// Another value.
    Value(Scalar),
}

/// What a kind of noise is asked for.
pub struct Asked<'a> {
    /// Its arguments but for the share; names and kinds of values are checked.
    pub arguments: &'a Arguments,
    /// The column's type.
    pub sql_type: &'a SqlType,
    /// Whether the column may not be null.
    pub not_null: bool,
    /// The least and the greatest clean value, where the spec says so.
    pub bounds: Option<(Scalar, Scalar)>,
}

/// A kind of noise as the spec knows it.
pub struct Kind {
    /// Its name in a spec.
    pub name: &'static str,
    /// One line of help, without a full stop.
    pub summary: &'static str,
    /// A clean value and what may become of it.
    pub example: (&'static str, &'static str),
    /// Its parameters beside `share`.
    pub parameters: &'static [Parameter],
    /// Builds it for a column.
    pub build: fn(&Asked) -> Result<Box<dyn Noise>, Refusal>,
}

/// All kinds, in the order in which rows are dealt to them; new ones come last.
pub static KINDS: &[&Kind] = &[
    &typo::KIND,
    &blank::KIND,
    &placeholder::KIND,
    &outlier::KIND,
    &case::KIND,
    &whitespace::KIND,
    &format::KIND,
    &encoding::KIND,
    &day_month::KIND,
];

/// The kind of that name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

/// A value of a vector that is not null; `None` for lists, which have no scalars.
pub fn scalar_at(vector: &Vector, at: usize) -> Option<Scalar> {
    Some(match &vector.data {
        Data::Int(values) => Scalar::Int(values[at]),
        Data::Wide(values) => Scalar::Wide(values[at]),
        Data::Float(values) => Scalar::Float(values[at]),
        Data::Bool(values) => Scalar::Bool(values[at]),
        Data::Uuid(values) => Scalar::Uuid(values[at]),
        Data::Interval(values) => Scalar::Interval(values[at]),
        Data::Text(_) | Data::Dict { .. } => Scalar::Text(vector.text(at).to_vec()),
        Data::List(_) => return None,
    })
}

/// Noise of texts.
trait TextNoise: Send + Sync + Debug {
    /// Another text of the type, or `None`.
    fn dirty_text(&self, clean: &str, draws: &mut CellRng) -> Option<String>;
}

/// What knows texts alone.
#[derive(Debug)]
struct OfTexts<N>(N);

impl<N: TextNoise> Noise for OfTexts<N> {
    fn dirty(&self, clean: &Scalar, draws: &mut CellRng) -> Option<Dirty> {
        let Scalar::Text(bytes) = clean else { return None };
        let dirty = self.0.dirty_text(std::str::from_utf8(bytes).ok()?, draws)?;
        Some(Dirty::Value(Scalar::Text(dirty.into_bytes())))
    }
}

/// Noise that is for text, varchar and char alone, from what the type allows.
fn of_texts<N: TextNoise + 'static>(
    asked: &Asked,
    what: &str,
    build: impl FnOnce(Room) -> N,
) -> Result<Box<dyn Noise>, Refusal> {
    match asked.sql_type.is_text() {
        true => Ok(Box::new(OfTexts(build(Room::of(asked.sql_type))))),
        false => Err(does_not_apply(what, asked.sql_type, "it is for text, varchar and char")),
    }
}

fn does_not_apply(what: &str, sql_type: &SqlType, help: &str) -> Refusal {
    Refusal {
        help: Some(help.to_owned()),
        ..Refusal::whole(format!("`{what}` does not apply to {sql_type}"))
    }
}

/// What a type of text has room for.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// The most characters.
    chars: Option<usize>,
    /// Blanks at the end mean nothing.
    is_padded: bool,
}

impl Room {
    fn of(sql_type: &SqlType) -> Self {
        let chars = sql_type.max_chars().map(|chars| chars as usize);
        Self { chars, is_padded: matches!(sql_type, SqlType::Char(_)) }
    }

    /// Whether a text of so many characters fits.
    fn fits(self, chars: usize) -> bool {
        self.chars.is_none_or(|limit| chars <= limit)
    }
}

/// The first of several ways that gives another text that fits, beginning with one that is drawn.
fn first_that_differs(
    clean: &str,
    room: Room,
    draws: &mut CellRng,
    ways: &[fn(&str) -> String],
) -> Option<String> {
    let start = draws.below(ways.len() as u64) as usize;
    let tried = (0..ways.len()).map(|at| ways[(start + at) % ways.len()](clean));
    tried.into_iter().find(|text| text != clean && room.fits(text.chars().count()))
}
