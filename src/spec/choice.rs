//! Which parents a reference may choose, and how: keys that a column and a foreign key of several columns share.

use super::At;
use super::fields::{self, Fields, Problems};
use super::node::{Node, Value};
use crate::diagnostic::{Diagnostic, Span};

/// What is said about the choice of parents, beside their popularity.
#[derive(Clone, Debug, Default)]
pub struct ParentChoice {
    /// Only parents of the same group as the row.
    pub within: Option<WithinSpec>,
    /// It has nothing to do with the row's other references.
    pub independent: Option<Span>,
}

/// `within: customer_id`, or `within: {customer_id: owner_id}`.
#[derive(Clone, Debug)]
pub struct WithinSpec {
    /// This table's column that leads to the group: a reference, or the table's own key.
    pub column: At<String>,
    /// The referenced table's column that leads to it.
    pub through: Option<At<String>>,
}

impl ParentChoice {
    /// Each thing that is said, with its place.
    pub fn said(&self) -> impl Iterator<Item = (&'static str, Span)> {
        let within = self.within.as_ref().map(|within| ("within", within.column.span));
        let independent = self.independent.map(|span| ("independent", span));
        [within, independent].into_iter().flatten()
    }
}

/// Reads these keys of a column or a foreign key.
pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> ParentChoice {
    ParentChoice {
        within: fields.take("within").and_then(|node| within(node, problems)),
        independent: fields.flag("independent", problems),
    }
}

fn within(node: &Node, problems: &mut Problems) -> Option<WithinSpec> {
    match &node.value {
        Value::Map(entries) if entries.len() == 1 => {
            let (key, value) = &entries[0];
            let through = fields::scalar(value, &key.text, problems)?;
            Some(WithinSpec { column: At::new(key.text.clone(), key.span), through: Some(through) })
        }
        Value::Text(text) => Some(WithinSpec { column: At::new(text.clone(), node.span), through: None }),
        _ => {
            let message = format!("`within` must be a column of this table, found {}", node.kind());
            let help = "write `within: customer_id`, or `within: {customer_id: owner_id}` where the referenced table \
                        calls it otherwise";
            problems.push(Diagnostic::new(node.span, message).help(help));
            None
        }
    }
}
