//! The order of keys where the language knows them: that of the schema.

use crate::spec::{Node, Value as NodeValue, json_schema};
use serde_json::Value;
use std::sync::LazyLock;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| json_schema().into());

/// What the schema says about a place in the document: several parts where forms differ.
#[derive(Clone, Debug, Default)]
pub struct Place {
    parts: Vec<&'static Value>,
}

impl Place {
    /// The whole document.
    pub fn top() -> Self {
        Self { parts: expanded(vec![&SCHEMA]) }
    }

    /// The place below a key, or of the items of a list.
    pub fn below(&self, key: Option<&str>) -> Place {
        let step = |part: &&'static Value| match key {
            Some(key) => match &part["properties"][key] {
                Value::Null => Some(&part["additionalProperties"]),
                property => Some(property),
            },
            None => Some(&part["items"]),
        };
        let below = self.parts.iter().filter_map(step).filter(|part| part.is_object()).collect();
        Place { parts: expanded(below) }
    }

    /// Where a key stands among those that are known here: of the form that knows most of these keys. `None` where keys are
    /// the user's own names, whose order has a meaning.
    pub fn order<'k>(&self, keys: impl Iterator<Item = &'k str> + Clone) -> Option<Vec<usize>> {
        let properties = self.parts.iter().filter_map(|part| part["properties"].as_object());
        let known = |names: &serde_json::Map<String, Value>| {
            keys.clone().filter(|key| names.contains_key(*key)).count()
        };
        let names = properties.max_by_key(|names| known(names)).filter(|names| known(names) > 0)?;
        let place = |key: &str| names.keys().position(|name| name == key).unwrap_or(usize::MAX);
        Some(keys.map(place).collect())
    }
}

/// The parts themselves, not what refers to them or chooses between them.
fn expanded(parts: Vec<&'static Value>) -> Vec<&'static Value> {
    let mut all = Vec::new();
    let mut waiting = parts;
    while let Some(part) = waiting.pop() {
        if let Some(name) = part["$ref"].as_str().and_then(|name| name.strip_prefix("#/definitions/")) {
            waiting.push(&SCHEMA["definitions"][name]);
        }
        waiting.extend(["anyOf", "oneOf", "allOf"].iter().filter_map(|word| part[word].as_array()).flatten());
        if part["properties"].is_object()
            || part["additionalProperties"].is_object()
            || part["items"].is_object()
        {
            all.push(part);
        }
    }
    all
}

/// The document with the keys in order where their order has no meaning: what two layouts of a text have in common.
pub fn ordered(node: &Node) -> Node {
    in_order(node, &Place::top())
}

fn in_order(node: &Node, place: &Place) -> Node {
    let value = match &node.value {
        NodeValue::List(items) => {
            NodeValue::List(items.iter().map(|item| in_order(item, &place.below(None))).collect())
        }
        NodeValue::Map(entries) => {
            let below = |(key, value): &(crate::spec::Key, Node)| {
                (key.clone(), in_order(value, &place.below(Some(&key.text))))
            };
            let mut entries: Vec<_> = entries.iter().map(below).collect();
            if place.order(entries.iter().map(|(key, _)| key.text.as_str())).is_some() {
                entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
            }
            NodeValue::Map(entries)
        }
        value => value.clone(),
    };
    Node { value, ..node.clone() }
}
