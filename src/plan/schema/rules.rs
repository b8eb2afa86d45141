//! Which keys go together: what a key needs beside it, what it excludes, and the types that it is not for.
//!
//! Only what follows from the keys themselves stands here. What depends on other tables or on values is told by the plan.

use crate::spec::GENERATORS;
use serde_json::{Value, json};

/// What a key asks of the mapping that it stands in.
enum Rule {
    /// All of these beside it.
    Needs(&'static [&'static str]),
    /// One of these beside it.
    NeedsOne(&'static [&'static str]),
    /// None of these beside it.
    Excludes(&'static [&'static str]),
    /// No generator beside it but these.
    Shapes(&'static [&'static str]),
    /// It is not for columns of these types.
    NotFor(&'static [&'static [&'static str]]),
}
use Rule::{Excludes, Needs, NeedsOne, NotFor, Shapes};

const NUMBERS: &[&str] = &[
    "smallint",
    "int",
    "integer",
    "bigint",
    "int2",
    "int4",
    "int8",
    "smallserial",
    "serial",
    "bigserial",
    "numeric",
    "decimal",
    "real",
    "double precision",
    "float4",
    "float8",
];
const TEXTS: &[&str] = &["text", "varchar", "character varying", "char", "character"];
const MOMENTS: &[&str] = &["date", "timestamp", "timestamptz"];
const TIMES: &[&str] = &["time", "interval"];
const JSON: &[&str] = &["json", "jsonb"];
const OTHERS: &[&str] = &["boolean", "bool", "uuid", "inet"];
const BYTES: &[&str] = &["bytea"];

/// Of a column, a case, a member or an element: what they do not have is passed over.
const OF_VALUES: &[(&str, Rule)] = &[
    ("earlier", Needs(&["references"])),
    ("within", Needs(&["references"])),
    ("where", Needs(&["references"])),
    ("weight", Needs(&["references"])),
    ("distinct", Needs(&["references"])),
    ("independent", Needs(&["references"])),
    ("one_way", Needs(&["references"])),
    ("one_way", Excludes(&["distribution", "unique", "earlier", "expr"])),
    ("valid_at", Needs(&["references"])),
    ("one_of", Needs(&["type_column"])),
    ("type_column", Needs(&["one_of"])),
    ("locale", Needs(&["fake"])),
    ("slice", Needs(&["length"])),
    ("round", Needs(&["distribution"])),
    ("outside", Needs(&["distribution"])),
    ("outside", NeedsOne(&["min", "max"])),
    ("step", Shapes(&["min"])),
    ("step", NotFor(&[TEXTS, JSON, OTHERS, BYTES])),
    ("round", Shapes(&["min"])),
    ("outside", Shapes(&["min"])),
    ("correlation", Shapes(&["min", "bands"])),
    ("correlation", NotFor(&[TEXTS, JSON, OTHERS, BYTES])),
    ("quota", Shapes(&["values", "bands"])),
    ("quota", Excludes(&["unique", "null"])),
    ("calendar", Shapes(&["min"])),
    ("calendar", Excludes(&["distribution"])),
    ("calendar", NotFor(&[NUMBERS, TEXTS, TIMES, JSON, OTHERS, BYTES])),
    ("ascending", Shapes(&["min"])),
    ("ascending", NotFor(&[TEXTS, JSON, OTHERS, BYTES])),
    ("length", Excludes(&["references"])),
    ("length", NotFor(&[NUMBERS, MOMENTS, TIMES, OTHERS])),
    ("min", NotFor(&[TEXTS, JSON, OTHERS, BYTES])),
    ("max", NotFor(&[TEXTS, JSON, OTHERS, BYTES])),
    ("bands", NotFor(&[TEXTS, JSON, OTHERS, BYTES])),
    ("series", NotFor(&[TEXTS, MOMENTS, TIMES, JSON, OTHERS, BYTES])),
    ("object", NotFor(&[NUMBERS, TEXTS, MOMENTS, TIMES, OTHERS, BYTES])),
    ("array", NotFor(&[NUMBERS, TEXTS, MOMENTS, TIMES, OTHERS, BYTES])),
    ("grammar", NotFor(&[NUMBERS, MOMENTS, TIMES, BYTES])),
    ("slice", NotFor(&[NUMBERS, MOMENTS, TIMES, BYTES])),
    ("alphabet", NotFor(&[NUMBERS, MOMENTS, TIMES, BYTES])),
    ("template", NotFor(&[NUMBERS, MOMENTS, TIMES, BYTES])),
    ("pattern", NotFor(&[NUMBERS, MOMENTS, TIMES, BYTES])),
];

const OF_BANDS: &[(&str, Rule)] =
    &[("round", Needs(&["distribution"])), ("outside", Needs(&["distribution"]))];

const OF_SAMPLES: &[(&str, Rule)] =
    &[("sample", NeedsOne(&["fraction", "count"])), ("fraction", Excludes(&["count"]))];

const OF_TICKS: &[(&str, Rule)] = &[
    ("every", NeedsOne(&["to", "count", "min", "max", "mean", "distribution"])),
    ("to", Excludes(&["count", "min", "max", "mean", "distribution"])),
    ("count", Excludes(&["min", "max", "mean", "distribution"])),
    ("through", Needs(&["per"])),
];

/// Writes the rules into the schema's mappings.
pub(super) fn write(schema: &mut Value) {
    for name in ["LongColumnDoc", "CaseGeneratorDoc", "LongMemberDoc", "LongElementDoc"] {
        let mapping = &mut schema["definitions"][name];
        one_generator(mapping);
        hold(mapping, OF_VALUES);
    }
    for (name, rules) in [("BandDoc", OF_BANDS), ("SampleDoc", OF_SAMPLES), ("TicksDoc", OF_TICKS)] {
        hold(&mut schema["definitions"][name], rules);
    }
}

/// A column has at most one generator: each excludes the others.
fn one_generator(mapping: &mut Value) {
    for name in GENERATORS.into_iter().chain(["max"]) {
        let is_same = |other: &str| other == name || (name, other) == ("max", "min");
        let others: Vec<&str> = known(mapping, GENERATORS).filter(|other| !is_same(other)).collect();
        add(mapping, name, none_of(others));
    }
}

fn hold(mapping: &mut Value, rules: &[(&str, Rule)]) {
    for (key, rule) in rules {
        let rule = match rule {
            Needs(keys) => json!({ "required": keys }),
            NeedsOne(keys) => any_of(keys.iter().copied()),
            Excludes(keys) => none_of(known(mapping, keys.iter().copied()).collect()),
            Shapes(kept) => {
                let others = GENERATORS.into_iter().filter(|name| !kept.contains(name));
                none_of(known(mapping, others).collect())
            }
            NotFor(types) => not_for(types),
        };
        add(mapping, key, rule);
    }
}

/// Those that the mapping has.
fn known<'k>(mapping: &Value, keys: impl IntoIterator<Item = &'k str>) -> impl Iterator<Item = &'k str> {
    keys.into_iter().filter(|key| !mapping["properties"][*key].is_null())
}

fn any_of<'k>(keys: impl Iterator<Item = &'k str>) -> Value {
    json!({ "anyOf": keys.map(|key| json!({ "required": [key] })).collect::<Vec<_>>() })
}

fn none_of(keys: Vec<&str>) -> Value {
    // A choice among nothing is not valid; nothing is excluded then.
    if keys.is_empty() { json!(true) } else { json!({ "not": any_of(keys.into_iter()) }) }
}

/// Adds to what a key depends on; where the mapping has no such key, there is nothing to rule.
fn add(mapping: &mut Value, key: &str, rule: Value) {
    if mapping["properties"][key].is_null() {
        return;
    }
    let rules = &mut mapping["dependencies"][key]["allOf"];
    match rules.as_array_mut() {
        Some(rules) => rules.push(rule),
        None => *rules = json!([rule]),
    }
}

/// The type is none of these, as it may be written in SQL; arrays and enumerated types are others.
fn not_for(types: &[&[&str]]) -> Value {
    let names: Vec<String> = types.iter().copied().flatten().map(|name| in_any_case(name)).collect();
    let zone = format!("( +({}) +{})?", in_any_case("with|without"), in_any_case("time zone"));
    let pattern = format!(r"^\s*({})(\s*\([^)]*\))?{zone}\s*$", names.join("|"));
    json!({ "not": { "required": ["type"], "properties": { "type": { "pattern": pattern } } } })
}

/// A pattern for a word in upper and lower case: editors' regular expressions have no sign for it.
fn in_any_case(word: &str) -> String {
    let either = |letter: char| match letter {
        ' ' => " +".to_owned(),
        letter if letter.is_ascii_lowercase() => format!("[{letter}{}]", letter.to_ascii_uppercase()),
        other => other.to_string(),
    };
    word.chars().map(either).collect()
}
