//! The kinds of column: how cells are computed.
//!
//! A kind is one file with a type that implements [`Column`]. The plan chooses and builds it; from then on it is
//! asked for whole batches: one dynamic call per column and batch, inner loops over slices.

mod array;
mod bands;
mod by_calendar;
mod bytes;
mod cases;
mod characters;
mod combined;
mod computed;
mod constant;
mod date_steps;
mod dealt;
mod draws;
mod document;
mod fake;
mod from_text;
mod joined;
mod history;
mod filler;
mod grammar;
mod in_order;
mod key_of;
mod lengths;
mod limited;
mod listed;
mod nullable;
mod one_of;
mod order;
mod pattern;
mod range;
mod reference;
mod required;
mod sequence;
mod slice;
mod series;
mod step;
mod template;
mod ticks;
mod uuid;
mod values;

pub use array::{Array, Elements, Picks};
pub use bands::{BandPick, Bands};
pub use by_calendar::ByCalendar;
pub use bytes::Bytes;
pub use cases::{Branch, Cases};
pub use characters::Characters;
pub use combined::{Choices, Combined};
pub use computed::Computed;
pub use constant::Constant;
pub use date_steps::DateSteps;
pub use dealt::Dealt;
pub use document::{AsJson, Member, Object};
pub use draws::Draws;
pub use fake::Fake;
pub use filler::Filler;
pub use from_text::FromText;
pub use grammar::{Grammar, GrammarText, Part};
pub use history::{Kept, ValidFrom, ValidTo, VersionCounter};
pub use in_order::{AscendingGrid, InOrder};
pub use joined::Joined;
pub use key_of::{KeyOf, KeySequence};
pub use lengths::Lengths;
pub use limited::Limited;
pub use listed::Listed;
pub use nullable::Nullable;
pub use one_of::{KindOf, OneOf};
pub use order::Order;
pub use pattern::{BadPattern, Pattern, PatternText, Wanted};
pub use range::{
    Bound, Drawn, FloatGrid, FloatRange, GridRange, IntervalRange, Range, UniqueGrid, WideRange,
};
pub use reference::Reference;
pub use required::Required;
pub use sequence::Sequence;
pub use series::{Clock, ClockedWalk, Growth, Law, Quantity, Season, Series};
pub use slice::{Pool, Slice};
pub use step::Step;
pub use template::{BadTemplate, Format, Piece, Template, split_template};
pub use ticks::Ticks;
pub use uuid::{UuidV4, UuidV7};
pub use values::Values;

use crate::expression::{Batch, Failure};
use crate::value::parse::Scalar;
use crate::value::{Data, Layout, Rows, Vector};
use std::rc::Rc;

/// The [`cost`](Column::cost) of a draw or a little arithmetic.
pub(crate) const CHEAP: u32 = 5;

/// The [`cost`](Column::cost) of what is better looked up than computed again.
pub(crate) const COSTLY: u32 = 1_000;

/// Computes one column. Pure: the same rows give the same values, in any batch.
pub trait Column: Send + Sync {
    /// The column's values for the rows of a batch, in the layout of the column's type.
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure>;

    /// About how many nanoseconds a value takes, with those of its inputs, which `input` tells. It decides whether parents'
    /// values are computed or looked up.
    fn cost(&self, _input: &dyn Fn(usize) -> u32) -> u32 {
        COSTLY
    }

    /// What decided about the value of a batch of one row, for people: the case that applied, a null by its share. `None`
    /// where there was nothing to decide. What wraps another column passes the question on.
    fn story(&self, _batch: &dyn Batch) -> Result<Option<String>, Failure> {
        Ok(None)
    }
}

/// Some positions of a batch, as a batch of its own: what a branch of `cases` sees, or the owners of an array's elements.
pub(crate) struct Subset<'b> {
    outer: &'b dyn Batch,
    positions: Vec<u32>,
    rows: Rows,
}

impl<'b> Subset<'b> {
    /// The rows at these positions.
    pub fn new(outer: &'b dyn Batch, positions: Vec<u32>) -> Self {
        let rows = outer.rows().select(&positions);
        Self { outer, positions, rows }
    }

    /// Other row numbers to draw from, one for each position: inputs are those of the position.
    pub fn with_rows(outer: &'b dyn Batch, positions: Vec<u32>, rows: Vec<u64>) -> Self {
        Self { outer, positions, rows: Rows::Picked(rows.into()) }
    }

    /// Where the rows stand in the outer batch.
    pub fn into_positions(self) -> Vec<u32> {
        self.positions
    }

    /// Makes a failure's position one of the outer batch.
    pub fn outward(&self, failure: Failure) -> Failure {
        Failure { at: failure.at.and_then(|at| self.positions.get(at)).map(|at| *at as usize), ..failure }
    }
}

impl Batch for Subset<'_> {
    fn rows(&self) -> &Rows {
        &self.rows
    }

    fn input(&self, index: usize) -> Result<Rc<Vector>, Failure> {
        Ok(Rc::new(self.outer.input(index)?.take(&self.positions)))
    }
}

/// Distinct values of one type as a vector; text becomes a dictionary to take codes from.
pub fn scalars_to_vector(values: &[Option<Scalar>], layout: Layout) -> Vector {
    fn each<T: Default>(values: &[Option<Scalar>], get: impl Fn(&Scalar) -> Option<T>) -> Vec<T> {
        let get = |scalar: &Scalar| {
            get(scalar).unwrap_or_else(|| panic!("{scalar:?} is not of the column's layout"))
        };
        values.iter().map(|value| value.as_ref().map(&get).unwrap_or_default()).collect()
    }
    macro_rules! unwrap {
        ($variant:ident) => {
            |scalar: &Scalar| match scalar {
                Scalar::$variant(value) => Some(value.clone()),
                _ => None,
            }
        };
    }
    let data = match layout {
        Layout::Int => Data::Int(each(values, unwrap!(Int))),
        Layout::Wide => Data::Wide(each(values, unwrap!(Wide))),
        Layout::Float => Data::Float(each(values, unwrap!(Float))),
        Layout::Bool => Data::Bool(each(values, unwrap!(Bool))),
        Layout::Uuid => Data::Uuid(each(values, unwrap!(Uuid))),
        Layout::Interval => Data::Interval(each(values, unwrap!(Interval))),
        Layout::Text => Data::Text(each(values, unwrap!(Text)).into_iter().collect()),
        Layout::List => panic!("lists have no scalars"),
    };
    Vector::new(data, Some(values.iter().map(Option::is_some).collect()))
}
