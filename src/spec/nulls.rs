//! `null`: a share of rows, or a share together with other columns.

use super::fields::{Fields, Problems};
use super::model::{At, NullGroup};
use super::node::{Node, Value};
use crate::diagnostic::Diagnostic;

/// The share of all rows, and the group.
pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> (Option<At<f64>>, Option<NullGroup>) {
    match fields.peek("null") {
        Some(node) if matches!(node.value, Value::Map(_)) => {
            fields.take("null");
            match grouped(node, problems) {
                Some((share, group)) => (Some(share), Some(group)),
                None => (None, None),
            }
        }
        _ => (fields.share("null", problems), None),
    }
}

/// `{share: 5%, group: address}`, or `{rows: 9%, share: 50%, group: gaps}`.
fn grouped(node: &Node, problems: &mut Problems) -> Option<(At<f64>, NullGroup)> {
    let mut fields = Fields::of(node, "`null`", problems)?;
    let share = fields.share("share", problems);
    let rows = fields.share("rows", problems);
    let name = fields.text("group", problems);
    fields.finish(problems);
    let (Some(share), Some(name)) = (share, name) else {
        let problem = Diagnostic::new(node.span, "`null` needs `share` and `group`");
        problems.push(
            problem.help("write `null: 5%`, or `null: {share: 5%, group: address}` at several columns"),
        );
        return None;
    };
    let of_all = share.value * rows.as_ref().map_or(1.0, |rows| rows.value);
    Some((At::new(of_all, share.span), NullGroup { name, rows, share }))
}
