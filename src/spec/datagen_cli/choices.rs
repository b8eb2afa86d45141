//! Values to choose from, with weights.

use super::super::column;
use super::super::fields::{self, Fields, Problems};
use super::super::model::{At, Generator, Weighted};
use super::super::node::{Node, Value};
use crate::diagnostic::{Diagnostic, Span};

/// `values` as a list, with `weights` beside it or without, or as a mapping from value to weight.
pub(super) fn weighted_values(span: Span, fields: &mut Fields, problems: &mut Problems) -> Option<Generator> {
    let values = fields.take_entry("values").or_else(|| fields.take_entry("options"));
    let values = values.or_else(|| fields.take_foreign("choices"));
    let weights = fields.take_entry("weights");
    let Some((key, node)) = values.or(weights) else {
        let problem = Diagnostic::new(span, "the `values` to choose from are missing");
        problems.push(
            problem.help("write `values: [a, b]` with `weights: [70, 30]`, or `values: {a: 70, b: 30}`"),
        );
        return None;
    };
    let mut listed = match (&node.value, weights) {
        (Value::List(items), _) if items.iter().any(|item| matches!(item.value, Value::Map(_))) => {
            items.iter().map(|item| pair(item, problems)).collect::<Option<Vec<_>>>()?
        }
        _ => column::values(node, problems)?,
    };
    if listed.is_empty() {
        problems.push(Diagnostic::new(node.span, "there are no values to choose from"));
        return None;
    }
    if let (Some((_, weights)), Value::List(_)) = (weights, &node.value) {
        apply_weights(&mut listed, weights, problems)?;
    }
    Some(Generator::Values(At::new(listed, key.span)))
}

/// `{value: paid, weight: 70}`.
fn pair(node: &Node, problems: &mut Problems) -> Option<Weighted> {
    let mut fields = Fields::of(node, "a value", problems)?;
    let value = fields.take("value").and_then(|node| column::constant(node, problems));
    let weight = fields.number("weight", problems).unwrap_or(At::new(1.0, node.span));
    fields.finish(problems);
    if value.is_none() {
        problems.push(Diagnostic::new(node.span, "this has no `value`"));
    }
    Some(Weighted { value: value?, weight })
}

fn apply_weights(values: &mut [Weighted], weights: &Node, problems: &mut Problems) -> Option<()> {
    let by_name = |name: &str| match &weights.value {
        Value::Map(entries) => entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node),
        _ => None,
    };
    let nodes: Vec<&Node> = match &weights.value {
        Value::List(items) => items.iter().collect(),
        _ => values.iter().filter_map(|of| by_name(of.value.value.as_deref().unwrap_or("null"))).collect(),
    };
    if nodes.len() != values.len() {
        let message = format!("{} values have {} weights", values.len(), nodes.len());
        problems.push(Diagnostic::new(weights.span, message).help("write a weight for each value"));
        return None;
    }
    for (value, node) in values.iter_mut().zip(nodes) {
        let number = node.scalar().and_then(|text| text.trim().trim_end_matches('%').parse::<f64>().ok());
        let weight = fields::expected(number, node, "weights", "numbers", problems)?;
        if !weight.value.is_finite() || weight.value < 0.0 {
            problems.push(Diagnostic::new(weight.span, "a weight is a number from 0 up"));
            return None;
        }
        value.weight = weight;
    }
    Some(())
}
