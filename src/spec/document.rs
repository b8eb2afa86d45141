//! JSON documents: objects and arrays whose members are made like columns.

use super::column::{case_fields, case_value};
use super::fields::{Fields, Problems};
use super::model::{At, CaseValue, Element, Generator, Member, Modifiers};
use super::node::{Key, Node, Value};
use crate::diagnostic::Diagnostic;

/// `{name: {fake: full_name}, age: {type: int, min: 18, max: 90}}`.
pub(super) fn object(node: &Node, problems: &mut Problems) -> Option<Vec<Member>> {
    let Value::Map(entries) = &node.value else {
        let message = format!("`object` must be a mapping, found {}", node.kind());
        let problem = Diagnostic::new(node.span, message);
        problems.push(problem.help("write its members: `{name: {fake: full_name}, age: {type: int}}`"));
        return None;
    };
    Some(entries.iter().filter_map(|(key, node)| member(key, node, problems)).collect())
}

fn member(key: &Key, node: &Node, problems: &mut Problems) -> Option<Member> {
    let what = format!("member `{}`", key.text);
    let (element, optional) = read(&what, key.span, node, true, problems)?;
    Some(Member { name: At::new(key.text.clone(), key.span), optional, element })
}

/// What makes the elements of a JSON array.
pub(super) fn array(key: &Key, node: &Node, problems: &mut Problems) -> Option<Box<Element>> {
    let (element, _) = read("`array`", key.span, node, false, problems)?;
    Some(Box::new(element))
}

/// An SQL type, nothing, or a mapping as of a column.
fn read(
    what: &str,
    span: crate::diagnostic::Span,
    node: &Node,
    may_be_left_out: bool,
    problems: &mut Problems,
) -> Option<(Element, Option<At<f64>>)> {
    let unnamed = || CaseValue {
        span,
        generator: Generator::Unnamed,
        distribution: None,
        modifiers: Modifiers::default(),
        null: None,
        length: None,
    };
    match &node.value {
        Value::Null => Some((Element { sql_type: None, value: unnamed() }, None)),
        Value::Text(text) => {
            let sql_type = Some(At::new(text.clone(), node.span));
            Some((Element { sql_type, value: unnamed() }, None))
        }
        Value::Map(_) => {
            let mut fields = Fields::of(node, what, problems)?;
            let sql_type = fields.text("type", problems);
            let optional = if may_be_left_out { fields.share("optional", problems) } else { None };
            let value = case_fields(span, &mut fields, problems);
            fields.finish(problems);
            Some((Element { sql_type, value }, optional))
        }
        // `then: 5` in a case is a value, and so it is here.
        Value::Number(_) | Value::Bool(_) => {
            Some((Element { sql_type: None, value: case_value(node, problems)? }, None))
        }
        Value::List(_) => {
            let problem = Diagnostic::new(node.span, format!("{what} must say how its value is made"));
            problems.push(problem.help("write `{values: [a, b]}`, or an SQL type"));
            None
        }
    }
}
