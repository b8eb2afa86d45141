//! Rows in steps of time: `rows: {per: sensors, every: 15 minutes, from: 2024-01-01, to: 2024-02-01}`.

use super::RowsSpec;
use super::fields::{Fields, Problems};
use super::model::{At, PerSpec};
use super::rows::PerKeys;
use crate::diagnostic::{Diagnostic, Span};

/// Rows that follow each other in steps of time.
#[derive(Clone, Debug)]
pub struct TicksSpec {
    /// The distance of rows: an interval.
    pub every: At<String>,
    /// When the first one is: a literal or an expression.
    pub from: At<String>,
    /// The rows end before; `None` where their number is given.
    pub to: Option<At<String>>,
    /// How many there are, where they are made for no parent.
    pub count: Option<At<u64>>,
    /// How much later than its step a row may be: an interval.
    pub jitter: Option<At<String>>,
    /// The column that holds the moment.
    pub column: Option<At<String>>,
}

pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<RowsSpec> {
    let span = fields.span;
    let every = fields.text("every", problems);
    let from = fields.text("from", problems);
    let to = fields.text("to", problems);
    let count = fields.count("count", problems);
    let jitter = fields.text("jitter", problems);
    let column = fields.text("column", problems);
    let PerKeys { table, through, min, max, mean, distribution } = PerKeys::read(fields, problems);
    let counts = [
        count.as_ref().map(|at| ("count", at.span)),
        min.as_ref().map(|at| ("min", at.span)),
        max.as_ref().map(|at| ("max", at.span)),
        mean.as_ref().map(|at| ("mean", at.span)),
        distribution.as_ref().map(|call| ("distribution", call.name.span)),
    ];
    check_number_of_rows(to.as_ref(), table.as_ref(), &counts, span, problems);
    if let (None, Some(through)) = (&table, &through) {
        let problem = Diagnostic::new(through.span, "`through` needs `per`");
        problems.push(problem.help("it says by which column rows refer to the parent they are made for"));
    }
    let Some(from) = from else {
        let problem = Diagnostic::new(span, "rows `every` so often need `from`");
        problems.push(
            problem
                .help("write when the first one is: a date, a timestamp, or an expression over the parent"),
        );
        return None;
    };
    let ticks = TicksSpec { every: every?, from, to, count: count.clone(), jitter, column };
    Some(match table {
        None => RowsSpec::Ticks(Box::new(ticks)),
        Some(table) => {
            // A number of rows is the same least and greatest one.
            let (min, max) = (min.or(count.clone()), max.or(count));
            RowsSpec::Per(PerSpec {
                table,
                through,
                min,
                max,
                mean,
                distribution,
                ticks: Some(Box::new(ticks)),
            })
        }
    })
}

/// Either `to` decides how many rows there are, or a number does.
fn check_number_of_rows(
    to: Option<&At<String>>,
    per: Option<&At<String>>,
    counts: &[Option<(&str, Span)>; 5],
    span: Span,
    problems: &mut Problems,
) {
    let given: Vec<&(&str, Span)> = counts.iter().flatten().collect();
    match (to, given.as_slice()) {
        (Some(_), []) => {}
        (Some(_), [(name, at), ..]) => {
            let problem =
                Diagnostic::new(*at, format!("`to` and `{name}` both decide how many rows there are"));
            problems.push(problem.help("keep one of them"));
        }
        (None, []) => {
            let problem = Diagnostic::new(span, "rows `every` so often need an end");
            problems.push(
                problem.help("write `to`, or their number: `count`, or with `per` also `min` and `max`"),
            );
        }
        (None, [("count", _)]) => {}
        (None, [("count", _), (name, at), ..]) => {
            let problem =
                Diagnostic::new(*at, format!("`count` and `{name}` both decide how many rows there are"));
            problems.push(problem.help("keep one of them"));
        }
        (None, [(name, at), ..]) if per.is_none() => {
            let problem = Diagnostic::new(*at, format!("`{name}` is for rows made `per` a parent"));
            problems.push(problem.help("write `count`, or `to`"));
        }
        (None, _) => {}
    }
}
