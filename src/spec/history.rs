//! `history:`, rows that are versions of things: slowly changing dimensions.

use super::fields::{self, Fields, Problems};
use super::model::{At, PerSpec};
use super::node::{Node, Value};
use crate::diagnostic::{Diagnostic, Span, grouped};

/// `history: {key: item_no, versions: {min: 1, max: 3}, from: valid_from, to: valid_to, start: 2020-01-01}`.
#[derive(Clone, Debug)]
pub struct HistorySpec {
    /// Where it stands.
    pub span: Span,
    /// The column that is the same in all versions of an entity, and differs between entities.
    pub key: At<String>,
    /// How many versions an entity has.
    pub versions: VersionsSpec,
    /// How many entities there are, where `rows` does not say how many rows.
    pub entities: Option<At<String>>,
    /// The column that says when a version begins.
    pub from: At<String>,
    /// The column that says when it ends; null in an entity's last version.
    pub to: Option<At<String>>,
    /// Whether `to` is the last moment of a version, not the first one of the next.
    pub to_is_inclusive: bool,
    /// When entities begin: from the first moment to the second.
    pub start: (At<String>, At<String>),
    /// The last moment at which a version may begin; `as_of` if left out.
    pub end: Option<At<String>>,
    /// Changes are equally far from each other.
    pub is_even: bool,
}

/// How many versions an entity has.
#[derive(Clone, Debug)]
pub enum VersionsSpec {
    /// Numbers with their weights.
    Weighted(Vec<(At<u64>, f64)>),
    /// Numbers that entities have in turn.
    InTurn(Vec<At<u64>>),
    /// Bounds, mean and shape, as rows per parent have them.
    Counts(Box<PerSpec>),
}

/// The most versions that a weight can be given to: weights are a table.
const MOST_VERSIONS: u64 = 1_000;

pub(super) fn read(node: &Node, span: Span, problems: &mut Problems) -> Option<HistorySpec> {
    let mut fields = Fields::of(node, "`history`", problems)?;
    let before = problems.len();
    let key = fields.text("key", problems);
    let versions = fields.take("versions");
    let entities = fields.text("entities", problems);
    let from = fields.text("from", problems);
    let to = fields.text("to", problems);
    let to_is = fields.text("to_is", problems);
    let start = fields.take("start");
    let end = fields.text("end", problems);
    let spacing = fields.text("spacing", problems);
    fields.finish(problems);
    let is_missing = [
        ("key", key.is_none(), "the column that all versions of an entity share, such as `key: item_no`"),
        (
            "versions",
            versions.is_none(),
            "how many versions an entity has, such as `versions: {min: 1, max: 4}`",
        ),
        ("from", from.is_none(), "the column that says when a version begins, such as `from: valid_from`"),
        (
            "start",
            start.is_none(),
            "when entities begin: `start: 2020-01-01`, or `start: [2020-01-01, 2024-12-31]`",
        ),
    ];
    if problems.len() == before {
        for (name, _, help) in is_missing.into_iter().filter(|(_, is_missing, _)| *is_missing) {
            problems.push(Diagnostic::new(span, format!("`history` needs `{name}`")).help(help));
        }
    }
    let versions = versions.and_then(|node| counts(node, problems));
    let start = start.and_then(|node| moments(node, problems));
    if let (Some(to_is), None) = (&to_is, &to) {
        let problem = Diagnostic::new(to_is.span, "`to_is` says what `to` means, but there is no `to`");
        problems.push(problem.help("name the column by `to`, or leave out `to_is`"));
    }
    let to_is_inclusive = choice(to_is.as_ref(), "to_is", ["exclusive", "inclusive"], problems)?;
    let is_even = choice(spacing.as_ref(), "spacing", ["random", "even"], problems)?;
    Some(HistorySpec {
        span,
        key: key?,
        versions: versions?,
        entities,
        from: from?,
        to,
        to_is_inclusive,
        start: start?,
        end,
        is_even,
    })
}

/// Whether the second of two words was chosen; the first is what it is if left out.
fn choice(text: Option<&At<String>>, name: &str, words: [&str; 2], problems: &mut Problems) -> Option<bool> {
    let Some(text) = text else { return Some(false) };
    let chosen = words.iter().position(|word| *word == text.value);
    if chosen.is_none() {
        let message = format!("`{name}` is {} or {}, found `{}`", words[0], words[1], text.value);
        problems.push(Diagnostic::new(text.span, message).suggest(&text.value, words));
    }
    chosen.map(|place| place == 1)
}

/// A moment, or two between which entities begin.
fn moments(node: &Node, problems: &mut Problems) -> Option<(At<String>, At<String>)> {
    match &node.value {
        Value::List(items) if items.len() == 2 => Some((
            fields::scalar(&items[0], "start", problems)?,
            fields::scalar(&items[1], "start", problems)?,
        )),
        Value::List(_) => {
            let problem =
                Diagnostic::new(node.span, "`start` is one moment, or two between which entities begin");
            problems.push(problem.help("write `start: 2020-01-01`, or `start: [2020-01-01, 2024-12-31]`"));
            None
        }
        _ => fields::scalar(node, "start", problems).map(|start| (start.clone(), start)),
    }
}

/// `3`, `[1, 2, 3]`, `{1: 50, 2: 30, 3: 20}`, or `{min, max, mean, distribution}`.
fn counts(node: &Node, problems: &mut Problems) -> Option<VersionsSpec> {
    if let Value::List(items) = &node.value {
        return in_turn(node, items, problems);
    }
    let Value::Map(entries) = &node.value else {
        let count = fields::count(node, "versions", problems)?;
        return at_least_one(count, problems).map(|count| VersionsSpec::Weighted(vec![(count, 1.0)]));
    };
    if entries.first().is_some_and(|(key, _)| key.text.parse::<u64>().is_ok()) {
        let mut weights = Vec::new();
        for (key, node) in entries {
            let text = node.scalar().map(|text| text.trim().trim_end_matches('%'));
            let weight = text.and_then(|text| text.parse::<f64>().ok());
            let weight = weight.filter(|weight| weight.is_finite() && *weight >= 0.0);
            let weight = fields::expected(weight, node, &key.text, "a weight such as 70", problems);
            let Ok(count) = key.text.parse() else {
                let message = format!("`{}` is not a number of versions", key.text);
                problems.push(Diagnostic::new(key.span, message).help("write `{1: 50, 2: 30, 3: 20}`"));
                continue;
            };
            if count > MOST_VERSIONS {
                let message = format!("an entity has at most {} versions", grouped(MOST_VERSIONS));
                problems.push(Diagnostic::new(key.span, message));
            }
            let count = at_least_one(At::new(count, key.span), problems);
            weights.extend(count.zip(weight.map(|weight| weight.value)));
        }
        if weights.iter().all(|(_, weight)| *weight == 0.0) {
            problems.push(Diagnostic::new(node.span, "no number of versions has a positive weight"));
            return None;
        }
        return Some(VersionsSpec::Weighted(weights));
    }
    let mut fields = Fields::of(node, "`versions`", problems)?;
    let min = fields.count("min", problems);
    let max = fields.count("max", problems);
    let mean = fields.number("mean", problems);
    let distribution = fields.call("distribution", problems);
    fields.finish(problems);
    if let Some(min) = &min {
        at_least_one(min.clone(), problems)?;
    }
    if let Some(low) = mean.as_ref().filter(|mean| mean.value < 1.0) {
        problems.push(Diagnostic::new(low.span, "an entity has at least one version, and so has the mean"));
        return None;
    }
    let table = At::new("versions".to_owned(), node.span);
    Some(VersionsSpec::Counts(Box::new(PerSpec {
        table,
        through: None,
        min,
        max,
        mean,
        distribution,
        ticks: None,
    })))
}

/// `[1, 2, 3]`.
fn in_turn(node: &Node, items: &[Node], problems: &mut Problems) -> Option<VersionsSpec> {
    if items.is_empty() || items.len() as u64 > MOST_VERSIONS {
        let most = grouped(MOST_VERSIONS);
        let message =
            format!("versions of entities in turn are from 1 to {most} numbers, these are {}", items.len());
        problems.push(Diagnostic::new(node.span, message).help("write `[1, 2, 3]`, or `{min: 1, max: 3}`"));
        return None;
    }
    let counts = items.iter().map(|item| {
        let count = fields::count(item, "versions", problems)?;
        at_least_one(count, problems)
    });
    let counts: Vec<Option<At<u64>>> = counts.collect();
    Some(VersionsSpec::InTurn(counts.into_iter().collect::<Option<_>>()?))
}

fn at_least_one(count: At<u64>, problems: &mut Problems) -> Option<At<u64>> {
    if count.value > 0 {
        return Some(count);
    }
    problems.push(Diagnostic::new(count.span, "an entity has at least one version"));
    None
}
