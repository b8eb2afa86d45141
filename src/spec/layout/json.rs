//! JSON in canonical layout: what fits on a line is on a line.

use super::keys::Place;
use crate::spec::{Key, Node, Value};

/// The longest line.
const WIDTH: usize = 120;

/// Whether a text is JSON, not just YAML in braces.
pub fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The document as JSON.
pub fn print(root: &Node) -> String {
    let mut text = String::new();
    push(&mut text, root, &Place::top(), 0, 0);
    text.push('\n');
    text
}

/// Adds a value, which begins in that column.
fn push(text: &mut String, node: &Node, place: &Place, level: usize, column: usize) {
    let line = one_line(node, place);
    let is_top_map = level == 0 && matches!(node.value, Value::Map(_));
    if !is_top_map && column + line.len() <= WIDTH {
        *text += &line;
        return;
    }
    let indent = "  ".repeat(level + 1);
    let close = "  ".repeat(level);
    match &node.value {
        Value::Map(entries) => {
            *text += "{\n";
            for (nth, (key, value)) in sorted(entries, place).into_iter().enumerate() {
                let head = format!("{indent}{}: ", quoted(&key.text));
                *text += if nth == 0 { "" } else { ",\n" };
                *text += &head;
                push(text, value, &place.below(Some(&key.text)), level + 1, head.len());
            }
            *text += &format!("\n{close}}}");
        }
        Value::List(items) => {
            *text += "[\n";
            for (nth, item) in items.iter().enumerate() {
                *text += if nth == 0 { "" } else { ",\n" };
                *text += &indent;
                push(text, item, &place.below(None), level + 1, indent.len());
            }
            *text += &format!("\n{close}]");
        }
        _ => *text += &line,
    }
}

fn one_line(node: &Node, place: &Place) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.clone(),
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| one_line(item, &place.below(None))).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entry = |(key, value): &(Key, Node)| {
                format!("{}: {}", quoted(&key.text), one_line(value, &place.below(Some(&key.text))))
            };
            let entries: Vec<String> = sorted(entries, place).into_iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// In the order of the schema, where keys are known.
fn sorted<'n>(entries: &'n [(Key, Node)], place: &Place) -> Vec<&'n (Key, Node)> {
    let order = place.order(entries.iter().map(|(key, _)| key.text.as_str()));
    let mut sorted: Vec<_> = entries.iter().enumerate().collect();
    sorted.sort_by_key(|(at, _)| order.as_ref().map_or(*at, |order| order[*at]));
    sorted.into_iter().map(|(_, entry)| entry).collect()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
