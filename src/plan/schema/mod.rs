//! The JSON Schema as editors need it: the keys of [`spec::json_schema`], with what the registries know and with rules about
//! which keys go together.
//!
//! Every rule stands at the key that it is about, in the form of `dependencies` and `if`/`then`, so that an editor marks that key
//! and says what it misses; a choice between whole alternatives would mark everything.

mod rules;

use crate::distribution::DISTRIBUTIONS;
use crate::fake::{LOCALES, PROVIDERS};
use crate::noise::{KINDS, Kind};
use crate::spec::{self, Parameter, ParameterKind};
use serde_json::{Map, Value, json};

/// The JSON Schema of specs, of draft-07: names of providers, distributions and locales, their arguments, and one generator a
/// column.
pub fn json_schema() -> Value {
    let mut schema: Value = spec::json_schema().into();
    each_mapping(&mut schema, &mut |properties| {
        properties.values_mut().for_each(without_null);
        point(properties, "distribution", "Distribution");
        point(properties, "fake", "Provider");
        point(properties, "locale", "Locale");
    });
    let even =
        ("even", "the same number of rows for each parent, to within one; only at references", &[][..]);
    let shapes = DISTRIBUTIONS.iter().map(|entry| (entry.name, entry.summary, entry.parameters));
    let texts = PROVIDERS.iter().map(|provider| (provider.name, provider.summary, provider.parameters));
    schema["definitions"]["Distribution"] = calls("A shape", shapes.chain([even]));
    schema["definitions"]["Provider"] = calls("A kind of text", texts);
    schema["definitions"]["Locale"] = json!({ "type": "string", "anyOf": locales() });
    schema["definitions"]["LongColumnDoc"]["properties"]["noise"] = noise(&schema);
    rules::write(&mut schema);
    each_mapping(&mut schema, &mut |properties| properties.values_mut().for_each(describe_for_hover));
    schema
}

/// Visits the keys of every mapping of the schema.
fn each_mapping(schema: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    if let Some(properties) = schema["properties"].as_object_mut() {
        visit(properties);
    }
    if let Some(definitions) = schema["definitions"].as_object_mut() {
        for definition in definitions.values_mut() {
            if let Some(properties) = definition.get_mut("properties").and_then(Value::as_object_mut) {
                visit(properties);
            }
        }
    }
}

/// A key that may be left out may not be written with nothing behind it; what takes null says so itself.
fn without_null(property: &mut Value) {
    let is_null = |part: &Value| part["type"] == "null";
    if let Some(parts) = property.get_mut("anyOf").and_then(Value::as_array_mut) {
        parts.retain(|part| !is_null(part));
    }
    let Some(kinds) = property.get_mut("type").and_then(Value::as_array_mut) else { return };
    kinds.retain(|kind| kind != "null");
    if kinds.len() == 1 {
        let kind = kinds.remove(0);
        property["type"] = kind;
    }
}

/// Lets a key that takes any call, or any text, take one that is known.
fn point(properties: &mut Map<String, Value>, key: &str, definition: &str) {
    let Some(property) = properties.get_mut(key) else { return };
    let any_call = json!({ "$ref": "#/definitions/CallDoc" });
    let is_loose = |part: &Value| *part == any_call || definition == "Locale" && part["type"] == "string";
    let known = json!({ "$ref": format!("#/definitions/{definition}") });
    if is_loose(property) {
        let description = property["description"].clone();
        *property = json!({ "anyOf": [known], "description": description });
    } else if let Some(parts) = property.get_mut("anyOf").and_then(Value::as_array_mut) {
        parts.iter_mut().filter(|part| is_loose(part)).for_each(|part| *part = known.clone());
    }
}

/// A name, or a name with its arguments.
fn calls<'r>(what: &str, registry: impl Iterator<Item = (&'r str, &'r str, &'r [Parameter])>) -> Value {
    let mut names = Vec::new();
    let mut long = Map::new();
    for (name, summary, parameters) in registry {
        // A call without arguments is a name alone, where none is required.
        if parameters.iter().all(|parameter| parameter.default.is_some()) {
            names.push(json!({ "const": name, "description": summary }));
        }
        long.insert(name.to_owned(), arguments(summary, parameters));
    }
    let with_arguments = json!({
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": false,
        "properties": long,
    });
    json!({
        "description": format!("{what}: its name, or its name with arguments."),
        "if": { "type": "string" },
        "then": { "anyOf": names },
        "else": with_arguments,
    })
}

fn arguments(summary: &str, parameters: &[Parameter]) -> Value {
    let argument = |parameter: &Parameter| {
        let default = parameter.default.map_or(String::new(), |default| format!("; default: {default}"));
        let mut schema = match parameter.kind {
            ParameterKind::Number => json!({ "type": "number" }),
            ParameterKind::Integer => json!({ "type": "integer" }),
            ParameterKind::Numbers => json!({ "type": "array", "items": { "type": "number" } }),
            ParameterKind::Text => json!({ "type": ["string", "number", "boolean"] }),
            ParameterKind::Flag => json!({ "type": "boolean" }),
            ParameterKind::Literal => json!({ "type": ["string", "number"] }),
            ParameterKind::Literals => {
                json!({ "type": "array", "minItems": 1, "items": { "type": ["string", "number", "boolean"] } })
            }
        };
        schema["description"] = json!(format!("{}{default}", parameter.summary));
        (parameter.name.to_owned(), schema)
    };
    let required: Vec<&str> = parameters
        .iter()
        .filter(|parameter| parameter.default.is_none())
        .map(|parameter| parameter.name)
        .collect();
    json!({
        "description": summary,
        "type": if required.is_empty() { json!(["object", "null"]) } else { json!("object") },
        "properties": parameters.iter().map(argument).collect::<Map<String, Value>>(),
        "additionalProperties": false,
        "required": required,
    })
}

/// Kinds of noise, each with its share alone or among its arguments.
fn noise(schema: &Value) -> Value {
    let share = json!({ "$ref": "#/definitions/Share" });
    let kind = |kind: &&Kind| {
        let mut long = arguments(kind.summary, kind.parameters);
        long["type"] = json!("object");
        long["properties"]["share"] = share.clone();
        long["required"] = json!(["share"]);
        let schema = json!({
            "description": kind.summary,
            "if": { "type": "object" },
            "then": long,
            "else": share,
        });
        (kind.name.to_owned(), schema)
    };
    json!({
        "description": schema["definitions"]["LongColumnDoc"]["properties"]["noise"]["description"],
        "type": "object",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": KINDS.iter().map(kind).collect::<Map<String, Value>>(),
    })
}

fn locales() -> Vec<Value> {
    let names = LOCALES.iter().flat_map(|locale| [(locale.name, locale.title), (locale.short, locale.title)]);
    names.map(|(name, title)| json!({ "const": name, "description": title })).collect()
}

/// Visual Studio Code shows code in hovers where this key says that it is Markdown.
fn describe_for_hover(property: &mut Value) {
    if let Some(description) = property.get("description").filter(|text| text.is_string()).cloned() {
        property["markdownDescription"] = description;
    }
}
