//! `rules`: what a value is when other columns of the row have certain values. They are `cases`.

use super::super::column;
use super::super::fields::{Fields, Problems};
use super::super::model::{At, Case, CaseValue, ColumnSpec, Generator};
use super::super::node::{Node, Value};
use super::{Made, choices, generators};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::value::text::{quote_identifier, quote_literal};

/// The rules as cases; `otherwise` makes the values of rows that none applies to.
pub(super) fn read(
    span: Span,
    node: &Node,
    column: &ColumnSpec,
    otherwise: Option<Made>,
    problems: &mut Problems,
) -> Option<Made> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        Value::Map(_) => std::slice::from_ref(node),
        _ => {
            let problem =
                Diagnostic::new(node.span, format!("`rules` must be a list, found {}", node.kind()));
            problems.push(problem.help("write `[{if: {column: value}, then: {value: x}}]`"));
            return None;
        }
    };
    let mut cases: Vec<Case> = Vec::new();
    for item in items {
        if cases.last().is_some_and(|last| last.when.is_none()) {
            let problem = Diagnostic::new(item.span, "a rule after one with `else` can never apply");
            problems.push(problem.severity(Severity::Warning).help("move the `else` to the last rule"));
            break;
        }
        rule(item, column, &mut cases, problems);
    }
    if cases.last().is_none_or(|last| last.when.is_some()) {
        let then = otherwise.unwrap_or(Made::of(span, Generator::Unnamed)).into_case();
        cases.push(Case { when: None, then: Box::new(then) });
    }
    Some(Made::of(span, Generator::Cases(At::new(cases, span))))
}

fn rule(node: &Node, column: &ColumnSpec, cases: &mut Vec<Case>, problems: &mut Problems) {
    let Some(mut fields) = Fields::of(node, "a rule", problems) else { return };
    let fields = &mut fields;
    let condition = fields.take("if").or_else(|| fields.take_foreign("when").map(|(_, node)| node));
    let then = fields.take("then");
    let otherwise = fields.take("else");
    for name in ["name", "description"] {
        fields.take_foreign(name);
    }
    fields.report(problems);
    let (Some(condition), Some(then)) = (condition, then) else {
        let problem = Diagnostic::new(node.span, "a rule needs `if` and `then`");
        problems.push(problem.help("write `{if: {status: paid}, then: {value: 0}}`"));
        return;
    };
    let when = when(condition, problems);
    if let (Some(when), Some(value)) = (when, outcome(then, column, problems)) {
        cases.push(Case { when: Some(when), then: Box::new(value) });
    }
    if let Some(value) = otherwise.and_then(|node| outcome(node, column, problems)) {
        cases.push(Case { when: None, then: Box::new(value) });
    }
}

/// `{status: paid, total: {min: 10}}` as SQL; a text is a condition in SQL already.
fn when(node: &Node, problems: &mut Problems) -> Option<At<String>> {
    let Value::Map(entries) = &node.value else {
        return super::fields::scalar(node, "if", problems);
    };
    if entries.is_empty() {
        problems.push(Diagnostic::new(node.span, "`if` names no column").help("write `{column: value}`"));
        return None;
    }
    let mut conditions = Vec::new();
    for (key, value) in entries {
        conditions.push(comparison(&quote_identifier(&key.text), value, problems)?);
    }
    // What the condition says is about the first column that it names.
    Some(At::new(conditions.join(" and "), entries[0].0.span))
}

/// A literal is read as a value of the column that it is compared with, whatever its type.
fn comparison(column: &str, node: &Node, problems: &mut Problems) -> Option<String> {
    const OPERATORS: [(&[&str], &str); 7] = [
        (&["eq", "equals", "=", "=="], "="),
        (&["ne", "not", "!=", "<>"], "<>"),
        (&["gt", ">"], ">"),
        (&["gte", "ge", ">=", "min"], ">="),
        (&["lt", "<"], "<"),
        (&["lte", "le", "<=", "max"], "<="),
        (&["in"], "in"),
    ];
    match &node.value {
        Value::Null => Some(format!("{column} is null")),
        Value::List(items) => {
            let values: Vec<String> = items.iter().filter_map(Node::scalar).map(quote_literal).collect();
            Some(format!("{column} in ({})", values.join(", ")))
        }
        Value::Map(entries) => {
            let mut parts = Vec::new();
            for (key, value) in entries {
                let known = OPERATORS.iter().find(|(names, _)| names.contains(&key.text.as_str()));
                let Some((_, operator)) = known else {
                    let problem = Diagnostic::new(key.span, format!("unknown comparison `{}`", key.text));
                    problems.push(problem.help("known: eq, ne, gt, gte, lt, lte, in, min, max"));
                    return None;
                };
                parts.push(match (*operator, &value.value) {
                    ("in", _) => comparison(column, value, problems)?,
                    (operator, _) => format!("{column} {operator} {}", quote_literal(value.scalar()?)),
                });
            }
            Some(parts.join(" and "))
        }
        _ => Some(format!("{column} = {}", quote_literal(node.scalar()?))),
    }
}

/// `{value}`, `{min, max}`, `{values, weights}`, a generator, or the value itself.
fn outcome(node: &Node, column: &ColumnSpec, problems: &mut Problems) -> Option<CaseValue> {
    let plain = |generator| Made::of(node.span, generator).into_case();
    let Value::Map(_) = node.value else {
        return Some(plain(Generator::Constant(column::constant(node, problems)?)));
    };
    let mut fields = Fields::of(node, "a rule's outcome", problems)?;
    if let Some(value) = fields.take("value") {
        fields.finish(problems);
        return Some(plain(Generator::Constant(column::constant(value, problems)?)));
    }
    if fields.has("values") || fields.has("weights") {
        return Some(plain(choices::weighted_values(node.span, &mut fields, problems)?));
    }
    if fields.has("min") || fields.has("max") {
        let (min, max) = (fields.text("min", problems), fields.text("max", problems));
        fields.finish(problems);
        return Some(plain(Generator::Range { min, max }));
    }
    let made = generators::named(&mut fields, column, problems);
    let known = ["value", "min", "max", "values", "generator"];
    fields.report(problems);
    if made.is_none() {
        let problem = Diagnostic::new(node.span, "this says no value");
        problems.push(problem.help(format!("known here: {}", known.join(", "))));
    }
    made.map(Made::into_case)
}
