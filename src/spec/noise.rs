//! `noise` of columns, `duplicates` and `gaps` of tables: shares of what is written otherwise than it is.

use super::fields::{self, Fields, Problems};
use super::model::{At, Call};
use super::node::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Span};

/// `noise: {typo: 2%, outlier: {share: 0.5%, min: 1000, max: 9000}}`.
#[derive(Clone, Debug)]
pub struct NoiseSpec {
    /// Its place.
    pub span: Span,
    /// The kinds, as written.
    pub kinds: Vec<NoiseOf>,
}

/// A kind of noise.
#[derive(Clone, Debug)]
pub struct NoiseOf {
    /// Which, with its arguments but for the share.
    pub call: Call,
    /// Its share of the rows.
    pub share: At<f64>,
}

/// `duplicates: 3%`, or `duplicates: {share: 3%, copies: 2, columns: [name, city]}`.
#[derive(Clone, Debug)]
pub struct DuplicatesSpec {
    /// Its place.
    pub span: Span,
    /// The share of rows that repeat others.
    pub share: At<f64>,
    /// How many rows repeat the same one; 1 if left out.
    pub copies: Option<At<u64>>,
    /// The columns whose values they repeat; all that can be if left out.
    pub columns: Option<Vec<At<String>>>,
}

/// `gaps: {rows: 9%, share: 50%, except: [note]}`.
#[derive(Clone, Debug)]
pub struct GapsSpec {
    /// Its place.
    pub span: Span,
    /// The share of rows that have gaps.
    pub rows: At<f64>,
    /// The share of values that are missing in such a row.
    pub share: At<f64>,
    /// Columns that have none.
    pub except: Vec<At<String>>,
}

pub(super) fn of_column(key: &Key, node: &Node, problems: &mut Problems) -> Option<NoiseSpec> {
    let Value::Map(entries) = &node.value else {
        let problem = Diagnostic::new(node.span, format!("`noise` must be a mapping, found {}", node.kind()));
        problems.push(problem.help("write kinds with shares: `{typo: 2%, blank: 1%}`"));
        return None;
    };
    if entries.is_empty() {
        let problem = Diagnostic::new(node.span, "`noise` names no kind of noise");
        problems.push(problem.help("write kinds with shares: `{typo: 2%, blank: 1%}`"));
    }
    let kinds = entries.iter().filter_map(|(key, node)| kind(key, node, problems)).collect();
    Some(NoiseSpec { span: key.span, kinds })
}

/// A share, or a mapping with a share among the arguments.
fn kind(key: &Key, node: &Node, problems: &mut Problems) -> Option<NoiseOf> {
    let name = At::new(key.text.clone(), key.span);
    let Value::Map(entries) = &node.value else {
        let share = fields::share_of(node, &key.text, problems)?;
        return Some(NoiseOf { call: Call { name, arguments: Default::default() }, share });
    };
    let (shares, others): (Vec<_>, Vec<_>) =
        entries.iter().cloned().partition(|(key, _)| key.text == "share");
    let arguments =
        fields::arguments(&Node { value: Value::Map(others), span: node.span }, &key.text, problems);
    let Some((_, share)) = shares.first() else {
        problems.push(needs_share(node.span, &key.text));
        return None;
    };
    let share = fields::share_of(share, "share", problems)?;
    Some(NoiseOf { call: Call { name, arguments: arguments? }, share })
}

pub(super) fn of_table(key: &Key, node: &Node, problems: &mut Problems) -> Option<DuplicatesSpec> {
    let Value::Map(_) = node.value else {
        let share = fields::share_of(node, "duplicates", problems)?;
        return Some(DuplicatesSpec { span: key.span, share, copies: None, columns: None });
    };
    let mut fields = Fields::of(node, "`duplicates`", problems)?;
    let is_there = fields.has("share");
    let share = fields.share("share", problems);
    let copies = fields.count("copies", problems);
    let columns = fields.names("columns", problems);
    fields.finish(problems);
    if let Some(none) = copies.as_ref().filter(|copies| copies.value == 0) {
        problems.push(
            Diagnostic::new(none.span, "`copies` must be at least 1")
                .help("it says how many rows repeat the same one"),
        );
    }
    if !is_there {
        problems.push(needs_share(node.span, "duplicates"));
    }
    Some(DuplicatesSpec { span: key.span, share: share?, copies, columns })
}

pub(super) fn gaps(fields: &mut Fields, problems: &mut Problems) -> Option<GapsSpec> {
    let (key, node) = fields.take_entry("gaps")?;
    let mut fields = Fields::of(node, "`gaps`", problems)?;
    let are_there = fields.has("rows") && fields.has("share");
    let rows = fields.share("rows", problems);
    let share = fields.share("share", problems);
    let except = fields.names("except", problems).unwrap_or_default();
    fields.finish(problems);
    if !are_there {
        let message = "`gaps` needs `rows`, how many rows have gaps, and `share`, how many values they lack";
        problems.push(Diagnostic::new(node.span, message).help("write `gaps: {rows: 9%, share: 50%}`"));
    }
    Some(GapsSpec { span: key.span, rows: rows?, share: share?, except })
}

fn needs_share(span: Span, name: &str) -> Diagnostic {
    let problem = Diagnostic::new(span, format!("`{name}` needs `share`: how many of the rows it meets"));
    problem.help(format!("write `{name}: 2%`, or `{name}: {{share: 2%, ...}}`"))
}
