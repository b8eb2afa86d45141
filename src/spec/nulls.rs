//! `null`: a share of rows, by chance or exactly, or a share together with other columns.

use super::fields::{Fields, Problems};
use super::model::{At, NullGroup};
use super::node::{Node, Value};
use crate::diagnostic::{Diagnostic, Span};

/// What stands at `null`.
#[derive(Default)]
pub(super) struct Nulls {
    /// The share of all rows.
    pub share: Option<At<f64>>,
    pub group: Option<NullGroup>,
    pub exact: Option<Span>,
}

pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Nulls {
    match fields.peek("null") {
        Some(node) if matches!(node.value, Value::Map(_)) => {
            fields.take("null");
            written_out(node, problems).unwrap_or_default()
        }
        _ => Nulls { share: fields.share("null", problems), ..Nulls::default() },
    }
}

/// `{share: 5%, exact: true}`, `{share: 5%, group: address}`, or `{rows: 9%, share: 50%, group: gaps}`.
fn written_out(node: &Node, problems: &mut Problems) -> Option<Nulls> {
    let mut fields = Fields::of(node, "`null`", problems)?;
    let exact = fields.flag("exact", problems);
    let share = fields.share("share", problems);
    let rows = fields.share("rows", problems);
    let name = fields.text("group", problems);
    fields.finish(problems);
    if let (Some(exact), true) = (exact, rows.is_some() || name.is_some()) {
        let problem = Diagnostic::new(exact, "`exact` is for a column that is null by itself");
        problems.push(problem.help("leave out `exact`, or `group` and `rows`"));
        return None;
    }
    match (share, name) {
        (Some(share), None) if exact.is_some() => Some(Nulls { share: Some(share), group: None, exact }),
        (Some(share), Some(name)) => {
            let of_all = share.value * rows.as_ref().map_or(1.0, |rows| rows.value);
            let share_of_all = At::new(of_all, share.span);
            let group = NullGroup { name, rows, share };
            Some(Nulls { share: Some(share_of_all), group: Some(group), exact: None })
        }
        _ => {
            let problem = Diagnostic::new(node.span, "`null` needs `share` and `group`");
            problems.push(
                problem.help("write `null: 5%`, or `null: {share: 5%, group: address}` at several columns"),
            );
            None
        }
    }
}
