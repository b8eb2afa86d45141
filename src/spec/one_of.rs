//! References to one of several tables: `one_of`, with the column that says to which.

use super::At;
use super::fields::{self, Fields, Problems};
use super::node::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Span};

/// `one_of: {posts: 60, photos: {weight: 40, as: Photo}}` with `type_column: subject_type`.
#[derive(Clone, Debug)]
pub struct OneOfSpec {
    /// Its place.
    pub span: Span,
    /// The tables.
    pub tables: Vec<OneOfTable>,
    /// The column of this table that says which one a row refers to.
    pub type_column: At<String>,
}

/// One of the tables.
#[derive(Clone, Debug)]
pub struct OneOfTable {
    /// Name.
    pub table: At<String>,
    /// Share of the rows; relative.
    pub weight: At<f64>,
    /// What the other column says; the table's name if left out.
    pub label: Option<At<String>>,
}

pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<OneOfSpec> {
    let one_of = fields.take_entry("one_of");
    let type_column = fields.text("type_column", problems);
    let Some((key, node)) = one_of else {
        if let Some(column) = type_column {
            let problem = Diagnostic::new(column.span, "`type_column` needs `one_of`");
            problems.push(problem.help("it is the column that says which of several tables a row refers to"));
        }
        return None;
    };
    let Value::Map(entries) = &node.value else {
        let message = format!("`one_of` must be tables with their shares, found {}", node.kind());
        problems.push(Diagnostic::new(node.span, message).help("write `one_of: {posts: 60, photos: 40}`"));
        return None;
    };
    let tables: Vec<OneOfTable> =
        entries.iter().filter_map(|(key, node)| table(key, node, problems)).collect();
    if tables.iter().all(|of| of.weight.value == 0.0) && tables.len() == entries.len() {
        let problem = Diagnostic::new(key.span, "no table has a positive weight");
        problems.push(problem.help("give at least one a weight above 0"));
        return None;
    }
    let Some(type_column) = type_column else {
        let problem = Diagnostic::new(key.span, "`one_of` needs a `type_column`");
        problems
            .push(problem.help("name the text column of this table that says which table a row refers to"));
        return None;
    };
    Some(OneOfSpec { span: key.span, tables, type_column })
}

/// `posts: 60`, or `posts: {weight: 60, as: Post}`.
fn table(key: &Key, node: &Node, problems: &mut Problems) -> Option<OneOfTable> {
    let table = At::new(key.text.clone(), key.span);
    if let Value::Map(_) = node.value {
        let mut fields = Fields::of(node, "a table of `one_of`", problems)?;
        let weight = fields.take("weight").map(|node| weight(key, node, problems));
        let label = fields.text("as", problems);
        fields.finish(problems);
        let weight = weight.unwrap_or(Some(At::new(1.0, node.span)))?;
        return Some(OneOfTable { table, weight, label });
    }
    Some(OneOfTable { weight: weight(key, node, problems)?, table, label: None })
}

fn weight(key: &Key, node: &Node, problems: &mut Problems) -> Option<At<f64>> {
    let text = node.scalar().map(|text| text.trim().trim_end_matches('%'));
    let weight = text.and_then(|text| text.parse::<f64>().ok());
    let weight = weight.filter(|weight| weight.is_finite() && *weight >= 0.0);
    fields::expected(weight, node, &key.text, "a weight such as 70", problems)
}
