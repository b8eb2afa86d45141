//! What stands beside a generator and changes how its values are drawn: steps, rounding, bounds, correlation, quota; and
//! bands, which are ranges with such keys of their own.

use super::fields::{self, Fields, Problems};
use super::model::{At, Band, Modifiers, Outside, QuotaSpec, Rounding};
use super::node::{Node, Value};
use crate::diagnostic::Diagnostic;

/// The keys that a column, a case and a band have in common.
pub(super) fn of_range(fields: &mut Fields, problems: &mut Problems) -> Modifiers {
    let step = fields.text("step", problems);
    let round = word(
        fields,
        "round",
        &[("nearest", Rounding::Nearest), ("down", Rounding::Down), ("up", Rounding::Up)],
        problems,
    );
    let outside = word(fields, "outside", &[("cut", Outside::Cut), ("clip", Outside::Clip)], problems);
    Modifiers { step, round, outside, correlation: Vec::new(), quota: None }
}

/// Those, and the keys that only a whole column has.
pub(super) fn of_column(fields: &mut Fields, problems: &mut Problems) -> Modifiers {
    let correlation = fields.take("correlation").map(|node| correlation(node, problems)).unwrap_or_default();
    let quota = quota(fields, problems);
    Modifiers { correlation, quota, ..of_range(fields, problems) }
}

/// `true`, or `{within: column}`.
fn quota(fields: &mut Fields, problems: &mut Problems) -> Option<QuotaSpec> {
    let (key, node) = fields.take_entry("quota")?;
    match &node.value {
        Value::Bool(true) => Some(QuotaSpec { span: key.span, within: None }),
        Value::Bool(false) => None,
        Value::Map(_) => {
            let mut fields = Fields::of(node, "`quota`", problems)?;
            let within = fields.text("within", problems);
            fields.finish(problems);
            if within.is_none() {
                problems.push(
                    Diagnostic::new(node.span, "`quota` does not say within what")
                        .help("write `quota: {within: order_id}`, or `quota: true` for the whole table"),
                );
            }
            Some(QuotaSpec { span: key.span, within: Some(within?) })
        }
        _ => {
            let message =
                format!("`quota` must be true, false or a mapping with `within`, found {}", node.kind());
            problems.push(
                Diagnostic::new(node.span, message)
                    .help("write `quota: true`, or `quota: {within: order_id}`"),
            );
            None
        }
    }
}

/// One of a few words.
fn word<T: Copy>(
    fields: &mut Fields,
    name: &'static str,
    words: &[(&str, T)],
    problems: &mut Problems,
) -> Option<At<T>> {
    let node = fields.take(name)?;
    let found = node.scalar().and_then(|text| words.iter().find(|(word, _)| *word == text.trim()));
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let (last, others) = names.split_last().expect("there is a choice");
    let what = format!("{} or {last}", others.join(", "));
    fields::expected(found.map(|(_, value)| *value), node, name, &what, problems)
}

/// `{column: coefficient}`.
fn correlation(node: &Node, problems: &mut Problems) -> Vec<(At<String>, At<f64>)> {
    let Value::Map(entries) = &node.value else {
        let message = format!("`correlation` must be a mapping, found {}", node.kind());
        let problem = Diagnostic::new(node.span, message);
        problems.push(problem.help("write `{income: 0.7}`: other columns with coefficients from -1 to 1"));
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, node) in entries {
        let number = node.scalar().and_then(|text| text.parse::<f64>().ok());
        let number = number.filter(|number| (-1.0..=1.0).contains(number));
        let what = "a coefficient from -1 to 1";
        if let Some(coefficient) = fields::expected(number, node, &key.text, what, problems) {
            found.push((At::new(key.text.clone(), key.span), coefficient));
        }
    }
    found
}

/// `[{min, max, weight, distribution, ...}, ...]`.
pub(super) fn bands(node: &Node, problems: &mut Problems) -> Option<Vec<Band>> {
    let Value::List(items) = &node.value else {
        let problem = Diagnostic::new(node.span, format!("`bands` must be a list, found {}", node.kind()));
        problems
            .push(problem.help("write `[{min: 0, max: 99, weight: 70}, {min: 100, max: 999, weight: 30}]`"));
        return None;
    };
    Some(items.iter().filter_map(|item| band(item, problems)).collect())
}

fn band(node: &Node, problems: &mut Problems) -> Option<Band> {
    let mut fields = Fields::of(node, "a band", problems)?;
    let min = fields.text("min", problems);
    let max = fields.text("max", problems);
    let weight = fields.take("weight");
    let distribution = fields.call("distribution", problems);
    let modifiers = of_range(&mut fields, problems);
    fields.finish(problems);
    let weight = match weight {
        Some(node) => fields::weight(node, "weight", problems)?,
        None => At::new(1.0, node.span),
    };
    Some(Band { span: node.span, min, max, weight, distribution, modifiers })
}
