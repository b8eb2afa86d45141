//! Which parents a reference may choose, and how: keys that a column and a foreign key of several columns share.

use super::At;
use super::fields::{self, Fields, Problems};
use super::node::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Span};

/// What is said about the choice of parents, beside their popularity.
#[derive(Clone, Debug, Default)]
pub struct ParentChoice {
    /// Only parents of the same group as the row; where there are several, of all of them.
    pub within: Vec<WithinSpec>,
    /// Only parents for which this holds: an SQL condition over the parent's row.
    pub condition: Option<At<String>>,
    /// Parents are chosen in proportion to this: an SQL expression over the parent's row.
    pub weight: Option<At<String>>,
    /// What tree the rows make, of references to earlier ones.
    pub tree: Option<TreeSpec>,
    /// Rows that share the value of this column refer to different parents.
    pub distinct: Option<At<String>>,
    /// It has nothing to do with the row's other references.
    pub independent: Option<Span>,
    /// Parents are drawn one by one, and cannot find the row.
    pub one_way: Option<Span>,
}

/// `earlier: {depth: 4, roots: 5}`.
#[derive(Clone, Debug)]
pub struct TreeSpec {
    /// The most levels, roots included.
    pub depth: Option<At<u64>>,
    /// Rows without a parent.
    pub roots: Option<At<Roots>>,
}

/// How many rows of a tree have no parent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Roots {
    /// So many.
    Count(u64),
    /// A share of the rows.
    Share(f64),
}

/// One of `within: [customer_id, {brand_id: made_by_id}]`.
#[derive(Clone, Debug)]
pub struct WithinSpec {
    /// This table's column that leads to the group: a reference, or the table's own key.
    pub column: At<String>,
    /// The referenced table's column that leads to it.
    pub through: Option<At<String>>,
}

impl ParentChoice {
    /// Whether parents are chosen by what stands in their columns.
    pub fn looks_at_values(&self) -> bool {
        self.condition.is_some() || self.weight.is_some()
    }

    /// Whether parents are listed by group before the first row: more than one thing limits them, or each row draws its own.
    pub fn lists_groups(&self) -> bool {
        self.within.len() > 1
            || !self.within.is_empty()
                && (self.looks_at_values() || self.distinct.is_some() || self.one_way.is_some())
    }

    /// Each thing that is said, with its place.
    pub fn said(&self) -> impl Iterator<Item = (&'static str, Span)> {
        let within = self.within.first().map(|within| ("within", within.column.span));
        let condition = self.condition.as_ref().map(|condition| ("where", condition.span));
        let weight = self.weight.as_ref().map(|weight| ("weight", weight.span));
        let distinct = self.distinct.as_ref().map(|distinct| ("distinct", distinct.span));
        let independent = self.independent.map(|span| ("independent", span));
        let one_way = self.one_way.map(|span| ("one_way", span));
        [within, condition, weight, distinct, independent, one_way].into_iter().flatten()
    }
}

/// Reads these keys of a column or a foreign key.
pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> ParentChoice {
    ParentChoice {
        within: fields.take("within").map(|node| within(node, problems)).unwrap_or_default(),
        condition: fields.text("where", problems),
        weight: fields.text("weight", problems),
        tree: None,
        distinct: fields.text("distinct", problems),
        independent: fields.flag("independent", problems),
        one_way: fields.flag("one_way", problems),
    }
}

/// `earlier: true`, or with the tree's form, which goes into the choice; the place if it is said.
pub(super) fn earlier(
    fields: &mut Fields,
    choice: &mut ParentChoice,
    problems: &mut Problems,
) -> Option<Span> {
    let (key, node) = fields.take_entry("earlier")?;
    match &node.value {
        Value::Bool(true) => Some(key.span),
        Value::Bool(false) => None,
        Value::Map(_) => {
            let mut fields = Fields::of(node, "`earlier`", problems)?;
            let depth = fields.count("depth", problems);
            let roots = fields.take("roots").and_then(|node| roots(node, problems));
            fields.finish(problems);
            if let Some(low) = depth.as_ref().filter(|depth| depth.value < 2) {
                let problem =
                    Diagnostic::new(low.span, "a tree has at least 2 levels: roots, and what is below them");
                problems.push(problem.help("write `depth: 2` or more, or leave it out"));
            }
            choice.tree = Some(TreeSpec { depth, roots });
            Some(key.span)
        }
        _ => {
            let message = format!("`earlier` must be true or a tree's form, found {}", node.kind());
            problems.push(
                Diagnostic::new(node.span, message)
                    .help("write `earlier: true`, or `earlier: {depth: 4, roots: 5}`"),
            );
            None
        }
    }
}

/// `5` or `10%`.
fn roots(node: &Node, problems: &mut Problems) -> Option<At<Roots>> {
    let text = node.scalar().unwrap_or_default().trim();
    let roots = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok().map(|percent| Roots::Share(percent / 100.0)),
        None => fields::parse_count(text).map(Roots::Count),
    };
    let is_possible = |roots: &Roots| match roots {
        Roots::Count(count) => *count > 0,
        Roots::Share(share) => *share > 0.0 && *share <= 1.0,
    };
    fields::expected(
        roots.filter(is_possible),
        node,
        "roots",
        "a number of rows from 1 up or a share such as 10%",
        problems,
    )
}

/// A column, columns with those of the referenced table, or a list of both.
fn within(node: &Node, problems: &mut Problems) -> Vec<WithinSpec> {
    match &node.value {
        Value::Map(entries) if !entries.is_empty() => {
            let one = |(key, value): &(Key, Node)| {
                let through = fields::scalar(value, &key.text, problems)?;
                Some(WithinSpec { column: At::new(key.text.clone(), key.span), through: Some(through) })
            };
            entries.iter().filter_map(one).collect()
        }
        Value::Text(text) => vec![WithinSpec { column: At::new(text.clone(), node.span), through: None }],
        Value::List(nodes) if !nodes.is_empty() => {
            nodes.iter().flat_map(|node| within(node, problems)).collect()
        }
        _ => {
            let message =
                format!("`within` must be columns of this table that lead to groups, found {}", node.kind());
            let help = "write `within: customer_id`, `within: [customer_id, brand_id]`, or `within: {customer_id: \
                        owner_id}` where the referenced table calls it otherwise";
            problems.push(Diagnostic::new(node.span, message).help(help));
            Vec::new()
        }
    }
}
