//! `rows:`, how many rows a table has: a number, or a shape that says what each row stands for.

use super::data::{self, DataSpec, FileSpec};
use super::fields::{self, Fields, Problems};
use super::model::{At, Call, PerSpec};
use super::node::{Node, Value};
use super::ticks::{self, TicksSpec};
use crate::diagnostic::{Diagnostic, Span};

/// How many rows a table has, and where they come from.
#[derive(Clone, Debug)]
pub enum RowsSpec {
    /// A number or an expression over `scale` and parameters.
    Expression(At<String>),
    /// Numbers of rows at some values of `scale`, and between them in proportion.
    Scale(Vec<ScalePoint>),
    /// A number of rows for each row of a parent.
    Per(PerSpec),
    /// In steps of time, for no parent.
    Ticks(Box<TicksSpec>),
    /// One row for each of some rows of a parent.
    Sample(SampleSpec),
    /// One row for each combination of the rows of parents and of columns' values.
    Each(EachSpec),
    /// One row for each date of a range.
    Dates(DatesSpec),
    /// The rows themselves.
    Data(DataSpec),
    /// A file that holds the rows; read, it becomes `Data`.
    File(FileSpec),
}

impl RowsSpec {
    /// The number that it is, if it is just one.
    pub fn literal(&self) -> Option<u64> {
        match self {
            RowsSpec::Expression(text) => text.value.trim().parse().ok(),
            _ => None,
        }
    }
}

/// So many rows at this `scale`.
#[derive(Clone, Debug)]
pub struct ScalePoint {
    /// The scale.
    pub scale: At<f64>,
    /// A number or an expression.
    pub rows: At<String>,
}

/// `rows: {sample: order_items, fraction: 6%}`.
#[derive(Clone, Debug)]
pub struct SampleSpec {
    /// The parent.
    pub table: At<String>,
    /// The column that refers to it, where there are several.
    pub through: Option<At<String>>,
    /// How many of its rows.
    pub size: SampleSize,
}

/// How many rows a sample has.
#[derive(Clone, Debug)]
pub enum SampleSize {
    /// A number or an expression.
    Count(At<String>),
    /// A share of the parent's rows.
    Fraction(At<f64>),
}

/// `rows: {each: [weeks, items, warehouses]}`.
#[derive(Clone, Debug)]
pub struct EachSpec {
    /// Where it stands.
    pub span: Span,
    /// What is combined, the slowest to change first.
    pub factors: Vec<Factor>,
}

/// What is combined with other things.
#[derive(Clone, Debug)]
pub enum Factor {
    /// A table, or a column of this table.
    Named(At<String>),
    /// A table, by the column that refers to it.
    Table {
        /// The table.
        table: At<String>,
        /// The column, where several refer to it.
        through: Option<At<String>>,
    },
    /// A column of this table: each of its values, or of the rows that it refers to.
    Column(At<String>),
}

/// `rows: {dates: [2020-01-01, as_of], step: 1 day, column: day}`.
#[derive(Clone, Debug)]
pub struct DatesSpec {
    /// The first date.
    pub first: At<String>,
    /// No date lies behind it.
    pub last: At<String>,
    /// The distance of dates; a day if left out.
    pub step: Option<At<String>>,
    /// The column that holds them; the first one of dates or timestamps if left out.
    pub column: Option<At<String>>,
}

/// Reads the shape that the first known key names.
pub(super) fn read(node: &Node, problems: &mut Problems) -> Option<RowsSpec> {
    let Value::Map(entries) = &node.value else {
        return fields::scalar(node, "rows", problems).map(RowsSpec::Expression);
    };
    let mut fields = Fields::of(node, "`rows`", problems)?;
    let shape = entries.iter().find_map(|(key, _)| SHAPES.iter().find(|(name, _)| *name == key.text));
    let Some((_, read)) = shape else {
        let names: Vec<&str> = SHAPES.iter().map(|(name, _)| *name).collect();
        let problem = Diagnostic::new(
            node.span,
            "`rows` is a number, an expression with `scale`, or one of these shapes",
        );
        let problem = match entries.first() {
            Some((key, _)) => problem.suggest(&key.text, names.iter().copied()),
            None => problem,
        };
        problems.push(
            problem
                .help(format!("shapes: {}", names.join(", ")))
                .help("write `rows: 100k * scale`, or `rows: {per: orders, min: 1, max: 7}`"),
        );
        return None;
    };
    let rows = read(&mut fields, problems);
    fields.finish(problems);
    rows
}

type ReadShape = fn(&mut Fields, &mut Problems) -> Option<RowsSpec>;

/// The shapes by the key that names them.
const SHAPES: [(&str, ReadShape); 8] = [
    ("per", per),
    ("every", ticks::read),
    ("sample", sample),
    ("each", each),
    ("dates", dates),
    ("values", data::values),
    ("file", data::file),
    ("scale", scale),
];

fn per(fields: &mut Fields, problems: &mut Problems) -> Option<RowsSpec> {
    if fields.has("every") {
        return ticks::read(fields, problems);
    }
    let PerKeys { table, through, min, max, mean, distribution } = PerKeys::read(fields, problems);
    Some(RowsSpec::Per(PerSpec { table: table?, through, min, max, mean, distribution, ticks: None }))
}

/// What says for which parent rows are made, and how many for each.
pub(super) struct PerKeys {
    pub table: Option<At<String>>,
    pub through: Option<At<String>>,
    pub min: Option<At<u64>>,
    pub max: Option<At<u64>>,
    pub mean: Option<At<f64>>,
    pub distribution: Option<Call>,
}

impl PerKeys {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Self {
        Self {
            table: fields.text("per", problems),
            through: fields.text("through", problems),
            min: fields.count("min", problems),
            max: fields.count("max", problems),
            mean: fields.number("mean", problems),
            distribution: fields.call("distribution", problems),
        }
    }
}

fn sample(fields: &mut Fields, problems: &mut Problems) -> Option<RowsSpec> {
    let table = fields.text("sample", problems);
    let through = fields.text("through", problems);
    let count = fields.text("count", problems);
    let fraction = fields.share("fraction", problems);
    let is_asked = fields.has("count") || fields.has("fraction");
    let size = match (count, fraction) {
        (Some(count), None) => Some(SampleSize::Count(count)),
        (None, Some(fraction)) => Some(SampleSize::Fraction(fraction)),
        (Some(count), Some(_)) => {
            let problem = Diagnostic::new(count.span, "`count` and `fraction` both say how many rows");
            problems.push(problem.help("keep one of them"));
            None
        }
        (None, None) => {
            if !is_asked {
                let problem = Diagnostic::new(fields.span, "a sample needs `fraction` or `count`");
                problems.push(problem.help("write `{sample: order_items, fraction: 6%}`"));
            }
            None
        }
    };
    Some(RowsSpec::Sample(SampleSpec { table: table?, through, size: size? }))
}

fn each(fields: &mut Fields, problems: &mut Problems) -> Option<RowsSpec> {
    let (key, node) = fields.take_entry("each")?;
    let before = problems.len();
    let factors: Vec<Factor> = match &node.value {
        Value::List(items) => items.iter().filter_map(|item| factor(item, problems)).collect(),
        _ => factor(node, problems).into_iter().collect(),
    };
    if factors.is_empty() && problems.len() == before {
        let problem = Diagnostic::new(node.span, "`each` names nothing to combine");
        problems.push(problem.help("write `{each: [weeks, items]}`"));
    }
    (problems.len() == before).then_some(RowsSpec::Each(EachSpec { span: key.span, factors }))
}

/// `name`, `{table, through}` or `{column}`.
fn factor(node: &Node, problems: &mut Problems) -> Option<Factor> {
    let Value::Map(_) = node.value else {
        return fields::scalar(node, "each", problems).map(Factor::Named);
    };
    let mut fields = Fields::of(node, "a factor of `each`", problems)?;
    let table = fields.text("table", problems);
    let through = fields.text("through", problems);
    let column = fields.text("column", problems);
    fields.finish(problems);
    match (table, through, column) {
        (Some(table), through, None) => Some(Factor::Table { table, through }),
        (None, None, Some(column)) => Some(Factor::Column(column)),
        _ => {
            let problem = Diagnostic::new(node.span, "a factor is a `table`, or a `column` of this table");
            problems.push(problem.help("write `{table: items, through: item_id}`, or `{column: size}`"));
            None
        }
    }
}

fn dates(fields: &mut Fields, problems: &mut Problems) -> Option<RowsSpec> {
    let node = fields.take("dates");
    let step = fields.text("step", problems);
    let column = fields.text("column", problems);
    let node = node?;
    let bounds: Vec<At<String>> = match &node.value {
        Value::List(items) => {
            items.iter().filter_map(|item| fields::scalar(item, "dates", problems)).collect()
        }
        _ => Vec::new(),
    };
    let Ok([first, last]) = <[At<String>; 2]>::try_from(bounds) else {
        let problem = Diagnostic::new(node.span, "`dates` are the first date and the last");
        problems.push(problem.help("write `{dates: [2020-01-01, 2025-12-31], step: 1 day}`"));
        return None;
    };
    Some(RowsSpec::Dates(DatesSpec { first, last, step, column }))
}

fn scale(fields: &mut Fields, problems: &mut Problems) -> Option<RowsSpec> {
    let node = fields.take("scale")?;
    let Value::Map(entries) = &node.value else {
        let message = format!("`scale` must be a mapping from scales to rows, found {}", node.kind());
        problems.push(
            Diagnostic::new(node.span, message).help("write `rows: {scale: {1: 2k, 10: 8k, 100: 20k}}`"),
        );
        return None;
    };
    let before = problems.len();
    let mut points: Vec<ScalePoint> = Vec::new();
    for (key, node) in entries {
        let scale = key.text.parse().ok().filter(|scale: &f64| scale.is_finite() && *scale > 0.0);
        let Some(scale) = scale else {
            let message = format!("`{}` is not a scale", key.text);
            problems.push(Diagnostic::new(key.span, message).help("a scale is a number above 0"));
            continue;
        };
        if points.last().is_some_and(|last| last.scale.value >= scale) {
            let problem = Diagnostic::new(key.span, "scales must ascend");
            problems.push(problem.help("write the smallest scale first"));
        }
        if let Some(rows) = fields::scalar(node, &key.text, problems) {
            points.push(ScalePoint { scale: At::new(scale, key.span), rows });
        }
    }
    if points.is_empty() && problems.len() == before {
        problems.push(Diagnostic::new(node.span, "`scale` names no number of rows"));
    }
    (problems.len() == before).then_some(RowsSpec::Scale(points))
}
