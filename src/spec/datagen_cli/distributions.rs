//! `distribution` by `type`.

use super::super::fields::{Fields, Problems};
use super::super::model::{At, Call, Generator};
use super::super::node::{Node, Value};
use super::super::{Argument, Arguments};
use super::{Made, choices};
use crate::diagnostic::{Diagnostic, Span};

/// Whether a `distribution` is written as `{type: normal, ...}`.
pub(super) fn is_typed_distribution(node: &Node) -> bool {
    match &node.value {
        Value::Map(entries) => entries.iter().any(|(key, _)| key.text == "type"),
        _ => false,
    }
}

/// `{type: weighted, weights}`, `{type: normal, mean, std_dev, min, max}`, `{type: poisson, mean}`, `{type: zipf, alpha, min, max}`.
/// Bounds that are missing may come from an `integer_range`.
pub(super) fn distribution(
    span: Span,
    node: &Node,
    range: Option<&Made>,
    problems: &mut Problems,
) -> Option<Made> {
    let mut fields = Fields::of(node, "`distribution`", problems)?;
    let kind = fields.text("type", problems)?;
    // Parameters may stand in a mapping of their own.
    let nested = fields.take_foreign("parameters").or_else(|| fields.take_foreign("params"));
    if let Some((_, node)) = nested {
        fields.finish(problems);
        fields = Fields::of(node, "the parameters of `distribution`", problems)?;
    }
    if kind.value == "weighted" {
        let generator = choices::weighted_values(span, &mut fields, problems)?;
        fields.finish(problems);
        return Some(Made::of(span, generator));
    }
    let (min, max) = (fields.text("min", problems), fields.text("max", problems));
    let mut number = |names: &[&'static str]| names.iter().find_map(|name| fields.number(name, problems));
    let given: Vec<(&str, Option<At<f64>>)> = match kind.value.as_str() {
        "normal" | "gaussian" => {
            vec![("mean", number(&["mean"])), ("std_dev", number(&["std_dev", "stddev", "sigma"]))]
        }
        "poisson" => vec![("mean", number(&["mean", "lambda"]))],
        "zipf" => vec![("s", number(&["alpha", "s", "exponent"]))],
        "exponential" => vec![("mean", number(&["mean"])), ("rate", number(&["rate", "lambda"]))],
        "uniform" => Vec::new(),
        other => {
            let known = ["weighted", "normal", "poisson", "zipf", "uniform", "exponential"];
            let problem = Diagnostic::new(kind.span, format!("unknown distribution `{other}`"));
            let problem = problem.suggest(other, known);
            problems.push(problem.help("one of weighted, normal, poisson, zipf, uniform, exponential"));
            return None;
        }
    };
    fields.finish(problems);
    let name = if kind.value == "gaussian" { "normal" } else { kind.value.as_str() };
    let arguments = given.into_iter().filter_map(|(name, number)| Some((name, number?)));
    let arguments =
        arguments.map(|(name, number)| (name.to_owned(), Argument::Number(number.value), number.span));
    let mut arguments: Vec<_> = arguments.collect();
    if name == "zipf" && arguments.is_empty() {
        arguments.push(("s".to_owned(), Argument::Number(1.1), kind.span));
    }
    let (min, max) = match range.map(|made| &made.generator) {
        Some(Generator::WholeNumbers { min: least, max: greatest }) => {
            let text = |at: &At<i64>| Some(At::new(at.value.to_string(), at.span));
            (min.or_else(|| text(least)), max.or_else(|| text(greatest)))
        }
        Some(Generator::Range { min: least, max: greatest }) => {
            (min.or_else(|| least.clone()), max.or_else(|| greatest.clone()))
        }
        _ => (min, max),
    };
    let (min, max) = default_bounds(name, min, max, kind.span);
    let shape = Call { name: At::new(name.to_owned(), kind.span), arguments: Arguments { given: arguments } };
    Some(Made { distribution: Some(shape), ..Made::of(span, Generator::Range { min, max }) })
}

/// Where that format's distributions lie when no bounds are given.
fn default_bounds(
    name: &str,
    min: Option<At<String>>,
    max: Option<At<String>>,
    span: Span,
) -> (Option<At<String>>, Option<At<String>>) {
    let bound = |value: &str| Some(At::new(value.to_owned(), span));
    match name {
        "zipf" => (min.or_else(|| bound("1")), max.or_else(|| bound("1000"))),
        "uniform" => (min.or_else(|| bound("0")), max.or_else(|| bound("1000"))),
        "poisson" | "exponential" => (min.or_else(|| bound("0")), max),
        _ => (min, max),
    }
}
