//! What can stand beside `min` and `max`: `calendar`, `ascending`.

use super::calendar::{self, CalendarUse};
use super::fields::{Fields, Problems};
use super::model::At;
use super::node::Value;
use crate::diagnostic::{Diagnostic, Span};

/// Values between two bounds, by a calendar or in order.
#[derive(Clone, Debug)]
pub struct MomentsSpec {
    /// Lower bound.
    pub min: Option<At<String>>,
    /// Upper bound.
    pub max: Option<At<String>>,
    /// Weights of moments.
    pub calendar: Option<CalendarUse>,
    /// In the order of rows.
    pub ascending: Option<At<Along>>,
}

impl MomentsSpec {
    /// Whether it ascends along all rows of the table.
    pub fn ascends_along_rows(&self) -> bool {
        self.ascending.as_ref().is_some_and(|along| along.value == Along::Rows)
    }

    /// The place of the first key that is not a bound.
    pub fn span(&self) -> Span {
        let calendar = self.calendar.as_ref().map(CalendarUse::span);
        let ascending = self.ascending.as_ref().map(|along| along.span);
        calendar.or(ascending).expect("one of them is there")
    }
}

/// The rows along which values ascend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// All rows of the table: `ascending: true`.
    Rows,
    /// The rows of one parent: `ascending: per parent`.
    Siblings,
}

/// What stands beside these bounds, if anything.
pub(super) fn read(
    fields: &mut Fields,
    min: &Option<At<String>>,
    max: &Option<At<String>>,
    problems: &mut Problems,
) -> Option<MomentsSpec> {
    let calendar = fields.take_entry("calendar");
    let calendar = calendar.and_then(|(key, node)| calendar::used(key, node, problems));
    let ascending = fields.take_entry("ascending").and_then(|(key, node)| match &node.value {
        Value::Bool(true) => Some(At::new(Along::Rows, key.span)),
        Value::Bool(false) => None,
        Value::Text(text) if text == "per parent" => Some(At::new(Along::Siblings, key.span)),
        _ => {
            let problem = Diagnostic::new(node.span, "`ascending` must be true, or `per parent`");
            problems.push(problem.help(
                "`true`: along all rows of the table; `per parent`: along the rows made for one parent",
            ));
            None
        }
    });
    (calendar.is_some() || ascending.is_some()).then(|| MomentsSpec {
        min: min.clone(),
        max: max.clone(),
        calendar,
        ascending,
    })
}
