//! Every key of the language, from the JSON Schema: what stands in `src/spec/schema/` is what is told.

use super::Subject;
use crate::spec;
use serde_json::{Map, Value};
use std::collections::VecDeque;

/// A key, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// From the top: `tables`, `*`, `columns`, `*`, `null`. `*` is any name, `[]` an item of a list.
    pub path: Vec<String>,
    /// The schema's description.
    pub description: String,
    /// What may stand there.
    pub takes: String,
    /// Whether it must be given.
    pub is_required: bool,
}

/// All keys, those near the top first. A mapping that may stand in several places is told at the first.
pub fn all() -> Vec<Key> {
    let schema: Value = spec::json_schema().into();
    let mut walk = Walk { schema: &schema, told: Vec::new(), keys: Vec::new(), waiting: VecDeque::new() };
    // What a column is, is told at a table's column, not where a template has one.
    walk.follow(&schema["properties"]["tables"], vec!["tables".to_owned()]);
    walk.follow(&schema, Vec::new());
    walk.keys.sort_by_key(|key| key.path.len());
    walk.keys
}

struct Walk<'s> {
    schema: &'s Value,
    /// Definitions whose keys are told.
    told: Vec<&'s str>,
    keys: Vec<Key>,
    waiting: VecDeque<(&'s Value, Vec<String>)>,
}

impl<'s> Walk<'s> {
    /// Tells all keys from there on.
    fn follow(&mut self, node: &'s Value, path: Vec<String>) {
        self.waiting.push_back((node, path));
        while let Some((node, path)) = self.waiting.pop_front() {
            self.visit(node, path);
        }
    }

    /// Follows a part of the schema to the keys in it.
    fn visit(&mut self, node: &'s Value, path: Vec<String>) {
        if let Some(name) = definition_name(node) {
            if !self.told.contains(&name) {
                self.told.push(name);
                self.waiting.push_back((&self.schema["definitions"][name], path));
            }
            return;
        }
        for part in ["anyOf", "oneOf", "allOf"].iter().filter_map(|word| node[word].as_array()).flatten() {
            self.visit(part, path.clone());
        }
        let below = |step: &str| [path.clone(), vec![step.to_owned()]].concat();
        if node["items"].is_object() {
            self.visit(&node["items"], below("[]"));
        }
        if node["additionalProperties"].is_object() {
            self.visit(&node["additionalProperties"], below("*"));
        }
        let Some(properties) = node["properties"].as_object() else { return };
        for (name, property) in properties {
            self.keys.push(self.key(node, below(name), property));
        }
        for (name, property) in properties {
            self.visit(property, below(name));
        }
    }

    fn key(&self, owner: &Value, path: Vec<String>, property: &Value) -> Key {
        let name = path.last().expect("a key has a name").as_str();
        let required = owner["required"].as_array();
        let is_required = required.is_some_and(|names| names.iter().any(|known| known == name));
        Key {
            is_required,
            description: description(property),
            takes: takes(self.schema, property).join(", or "),
            path,
        }
    }
}

impl Key {
    /// The names of its path, without what is in between: `tables.columns.null`.
    fn place(&self) -> String {
        let names: Vec<&str> =
            self.path.iter().map(String::as_str).filter(|step| !matches!(*step, "*" | "[]")).collect();
        names.join(".")
    }

    /// What has it: `a column`, `rows`.
    fn owner(&self) -> String {
        let above = &self.path[..self.path.len() - 1];
        match above {
            [] => "the spec itself".to_owned(),
            [.., list, step] if step == "*" || step == "[]" => format!("each of `{list}`"),
            [.., name] => format!("`{name}`"),
        }
    }

    /// The page about it.
    pub fn subject(self) -> Subject {
        let names: Vec<String> = self.place().split('.').map(str::to_owned).collect();
        let name = names.last().expect("a key has a name").clone();
        // Found by the end of its path, however much of it is given; listed by all of it.
        let aliases = (0..names.len() - 1).map(|from| names[from..].join("."));
        let aliases: Vec<String> = std::iter::once(self.path.join(".")).chain(aliases).collect();
        let summary = if self.description.is_empty() {
            format!("Key of {}", self.owner())
        } else {
            self.description.clone()
        };
        let required = if self.is_required { " Required." } else { "" };
        let details = format!("Key of {}. Takes {}.{required}", self.owner(), self.takes);
        Subject { aliases, ..Subject::new(name, summary, move || details.clone()) }
    }
}

/// The name of the definition that a part of the schema is, if it is one.
fn definition_name(node: &Value) -> Option<&str> {
    node["$ref"].as_str()?.strip_prefix("#/definitions/")
}

/// In one paragraph.
fn description(node: &Value) -> String {
    node["description"]
        .as_str()
        .unwrap_or("")
        .replace("\n\n", "\u{0}")
        .replace('\n', " ")
        .replace('\u{0}', "\n\n")
}

/// What a part of the schema accepts, in words; each once.
fn takes(schema: &Value, node: &Value) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut add = |word: String| {
        if !words.contains(&word) {
            words.push(word);
        }
    };
    if let Some(name) = definition_name(node) {
        return takes(schema, &schema["definitions"][name]);
    }
    for part in ["anyOf", "oneOf", "allOf"].iter().filter_map(|word| node[word].as_array()).flatten() {
        takes(schema, part).into_iter().for_each(&mut add);
    }
    if let Some(values) = node["enum"].as_array() {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", value.as_str().unwrap_or(&value.to_string())))
            .collect();
        add(format!("one of {}", values.join(", ")));
        return words;
    }
    let kinds: Vec<&str> = match &node["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    for kind in kinds {
        match kind {
            "string" => add("a text".to_owned()),
            "integer" => add("a whole number".to_owned()),
            "number" => add("a number".to_owned()),
            "boolean" => add("true or false".to_owned()),
            "array" => {
                let items = takes(schema, &node["items"]);
                add(if items.is_empty() {
                    "a list".to_owned()
                } else {
                    format!("a list (of each {})", items.join(" or "))
                });
            }
            "object" => add(mapping(node["properties"].as_object())),
            // Nothing is what a key that is left out has.
            _ => {}
        }
    }
    words
}

fn mapping(properties: Option<&Map<String, Value>>) -> String {
    match properties {
        Some(properties) => {
            let names: Vec<String> = properties.keys().map(|name| format!("`{name}`")).collect();
            format!("a mapping of {}", names.join(", "))
        }
        None => "a mapping by name".to_owned(),
    }
}
