//! The JSON Schema that editors use accepts what datagen accepts, and marks what it refuses.

mod support;

use serde_json::Value;
use support::{Shipped, as_json, is_of_datagen_cli, run, shipped, stdout, write_spec};

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_slice(&stdout(&["schema"])).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is a JSON Schema")
}

#[test]
fn every_shipped_spec_is_valid() {
    let validator = validator();
    for spec in shipped().into_iter().filter(|spec| !is_of_datagen_cli(spec)) {
        let problems: Vec<String> = validator
            .iter_errors(&as_json(&spec))
            .map(|problem| format!("{} at {}", problem, problem.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}:\n{}", spec.path, problems.join("\n"));
    }
}

/// Bad specs whose structure is wrong, so that an editor marks them before datagen sees them. What can be wrong with values and
/// names is beyond a schema.
const WRONG_BY_STRUCTURE: &[&str] = &[
    "unknown-key",
    "unknown-column-key",
    "two-generators",
    "unknown-distribution",
    "unknown-provider",
    "unknown-provider-parameter",
    "unknown-parameter",
    "wrong-argument-type",
    "unknown-locale",
];

#[test]
fn what_is_wrong_by_structure_is_marked() {
    let validator = validator();
    for name in WRONG_BY_STRUCTURE {
        let path = format!("tests/refusals/{name}.yaml");
        let spec = Shipped { name: name.to_string(), path, scale: "1" };
        assert!(!validator.is_valid(&as_json(&spec)), "{name} should not be valid");
    }
}

#[test]
fn rules_are_told_at_the_key_that_breaks_them() {
    let schema = validator();
    let places = |column: Value| -> Vec<String> {
        let spec = serde_json::json!({"tables": {"t": {"columns": {"a": column}}}});
        schema.iter_errors(&spec).map(|problem| problem.to_string()).collect()
    };
    for (good, column) in [
        (
            true,
            serde_json::json!({"type": "int", "min": 1, "max": 2, "distribution": {"normal": {"mean": 1, "std_dev": 2}}}),
        ),
        (
            false,
            serde_json::json!({"type": "int", "min": 1, "max": 2, "distribution": {"normal": {"mean": 1, "sd": 2}}}),
        ),
        (
            false,
            serde_json::json!({"type": "int", "min": 1, "max": 2, "distribution": {"normal": {"mean": 1}}}),
        ),
        (false, serde_json::json!({"type": "int", "min": 1, "max": 2, "distribution": "normal"})),
        (true, serde_json::json!({"type": "int", "min": 1, "max": 2, "distribution": "uniform"})),
        (false, serde_json::json!({"type": "int", "min": 1, "values": [1, 2]})),
        (false, serde_json::json!({"type": "int", "max": 1, "expr": "row"})),
        (true, serde_json::json!({"type": "text", "fake": "city", "locale": "de"})),
        (false, serde_json::json!({"type": "text", "locale": "de"})),
        (false, serde_json::json!({"type": "text", "fake": "city", "locale": "xx"})),
        (true, serde_json::json!({"type": "text", "fake": {"sentence": {"min": 4}}})),
        (false, serde_json::json!({"type": "text", "fake": {"sentence": {"mim": 4}}})),
        (
            true,
            serde_json::json!({"type": "text", "noise": {"typo": {"share": "2%", "typos": 2}, "blank": 0.01}}),
        ),
        (false, serde_json::json!({"type": "text", "noise": {"tyop": "2%"}})),
        (false, serde_json::json!({"type": "text", "noise": {"typo": {"typos": 2}}})),
        (false, serde_json::json!({"type": "text", "noise": {"typo": "often"}})),
        (false, serde_json::json!({"type": "text", "min": null})),
        (true, serde_json::json!({"type": "text", "value": null})),
        (false, serde_json::json!({"type": "int", "earlier": true})),
    ] {
        assert_eq!(places(column.clone()).is_empty(), good, "{column}: {:?}", places(column.clone()));
    }
}

/// Columns of which a key does not go with the others, or with the type.
const MISUSED: &[&str] = &[
    "{type: int, earlier: true}",
    "{type: int, within: id}",
    "{type: int, where: 'true'}",
    "{type: int, weight: id}",
    "{type: int, distinct: id}",
    "{type: int, independent: true}",
    "{type: int, valid_at: as_of}",
    "{type: int, one_of: {t: 1}}",
    "{type: int, type_column: id}",
    "{type: text, locale: de}",
    "{type: text, slice: pool}",
    "{type: int, min: 1, max: 9, round: down}",
    "{type: int, min: 1, max: 9, outside: clip}",
    "{type: int, values: [1, 2], step: 5}",
    "{type: int, expr: row, step: 5}",
    "{type: text, step: 5}",
    "{type: boolean, min: 1}",
    "{type: varchar(20), min: 1, max: 5}",
    "{type: uuid, bands: [{min: 1, max: 2}]}",
    "{type: int, values: [1, 2], correlation: {id: 0.5}}",
    "{type: int, expr: row, quota: true}",
    "{type: int, min: 1, max: 5, quota: true}",
    "{type: int, values: [1, 2], quota: true, null: 5%}",
    "{type: int, values: [1, 2], quota: true, unique: true}",
    "{type: date, expr: as_of::date, calendar: office}",
    "{type: date, min: 2025-01-01, max: 2025-12-31, calendar: office, distribution: {beta: {alpha: 1, beta: 2}}}",
    "{type: int, min: 1, max: 5, calendar: office}",
    "{type: time, min: '08:00', max: '09:00', calendar: office}",
    "{type: int, values: [1, 2], ascending: true}",
    "{type: text, ascending: true}",
    "{type: bigint, length: 3}",
    "{type: 'numeric(8, 2)', min: 1, max: 2, length: 3}",
    "{type: TIMESTAMP WITH TIME ZONE, length: 3}",
    "{references: t, length: 3}",
    "{type: text, series: {level: 3}}",
    "{type: int, object: {a: {value: 1}}}",
    "{type: text, array: {values: [1]}}",
    "{type: int, template: 'a'}",
    "{type: date, pattern: '[0-9]'}",
    "{type: double precision, alphabet: a-z, length: 3}",
    "{type: int, bands: [{min: 1, max: 9, round: down}]}",
    "{type: int, bands: [{min: 1, max: 9, wieght: 3}]}",
    "{type: int, cases: [{else: {values: [1], min: 3}}]}",
    "{type: jsonb, object: {a: {values: [1], min: 3}}}",
    "{type: jsonb, object: {a: {type: text, locale: de}}}",
    "{type: jsonb, array: {values: [1], expr: row}}",
];

/// Columns that are alike, and right.
const WELL_USED: &[&str] = &[
    "{type: int, min: 1, max: 9, distribution: {normal: {mean: 5, std_dev: 2}}, round: down, outside: clip}",
    "{type: int, distribution: {exponential: {mean: 4}}, round: down}",
    "{type: int, distribution: {exponential: {mean: 4}}, step: 5}",
    "{type: int, values: [1, 2], quota: true}",
    "{type: boolean, quota: true}",
    "{type: int, min: 1, max: 9, null: {share: 5%, exact: true}}",
    "{type: date, calendar: {weekdays: {sat: 2}}}",
    "{type: date, ascending: true, min: 2025-01-01, max: 2025-12-31}",
    "{type: 'int[]', min: 1, max: 9, length: 3}",
    "{type: 'TEXT[]', values: [a, b], length: {max: 3}}",
    "{type: bytea, length: 3}",
    "{type: char(4), alphabet: a-z}",
    "{type: jsonb, array: {values: [1]}, length: 3}",
    "{type: mood, values: [calm], not_null: true}",
    "{type: text, length: {min: 60, max: 200}}",
    "{references: t, earlier: true}",
];

fn with_column(column: &str) -> String {
    format!(
        "version: 1\ntypes: {{mood: [calm, happy]}}\ntables:\n  t:\n    rows: 3\n    columns:\n      id: int primary key\n      a: {column}\n"
    )
}

/// What datagen and the schema say about a spec.
fn verdicts(schema: &jsonschema::Validator, text: &str) -> (bool, bool) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = write_spec(directory.path(), "spec.yaml", text);
    let spec = Shipped { name: "spec".to_owned(), path: path.clone(), scale: "1" };
    (run(&["validate", &path]).status.success(), schema.is_valid(&as_json(&spec)))
}

#[test]
fn keys_that_do_not_go_together_are_marked_where_datagen_refuses_them() {
    let schema = validator();
    for column in MISUSED {
        assert_eq!(verdicts(&schema, &with_column(column)), (false, false), "{column}");
    }
    for column in WELL_USED {
        assert_eq!(verdicts(&schema, &with_column(column)), (true, true), "{column}");
    }
}

#[test]
fn rows_are_counted_in_one_way() {
    let schema = validator();
    for (is_good, rows) in [
        (true, "{sample: p, count: 2}"),
        (false, "{sample: p}"),
        (false, "{sample: p, count: 2, fraction: 5%}"),
        (true, "{every: 1 day, from: 2025-01-01, count: 3}"),
        (true, "{per: p, every: 1 day, from: 2025-01-01, min: 1, max: 3}"),
        (false, "{every: 1 day, from: 2025-01-01}"),
        (false, "{every: 1 day, from: 2025-01-01, to: 2025-02-01, count: 3}"),
        (false, "{every: 1 day, from: 2025-01-01, to: 2025-02-01, through: id}"),
        (false, "{per: p, mni: 3}"),
    ] {
        let text = format!(
            "version: 1\ntables:\n  p: {{rows: 3, columns: {{id: int primary key}}}}\n  t: {{rows: {rows}, columns: {{day: date}}}}\n"
        );
        assert_eq!(verdicts(&schema, &text), (is_good, is_good), "{rows}");
    }
}

/// Every mapping of the language's own keys within a spec, by its place; what stands in them by the user's names is gone through.
fn mappings_of_keys(spec: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let named = |from: &str, found: &mut Vec<String>| {
        let entries = spec.pointer(from).and_then(Value::as_object);
        found.extend(entries.into_iter().flatten().map(|(name, _)| format!("{from}/{}", escaped(name))));
    };
    named("/calendars", &mut found);
    named("/pools", &mut found);
    let mut tables = Vec::new();
    named("/tables", &mut tables);
    for table in tables {
        let mut columns = Vec::new();
        named(&format!("{table}/columns"), &mut columns);
        for column in columns {
            makers(spec, column, &mut found);
        }
        found.extend([format!("{table}/rows"), format!("{table}/history"), table]);
    }
    found.retain(|place| spec.pointer(place).is_some_and(Value::is_object));
    found
}

/// A column, and within it the cases, bands, members and elements that are made as columns are.
fn makers(spec: &Value, place: String, found: &mut Vec<String>) {
    for (list, below) in [("cases", "/then"), ("cases", "/else"), ("bands", "")] {
        let length = spec.pointer(&format!("{place}/{list}")).and_then(Value::as_array).map_or(0, Vec::len);
        for nth in 0..length {
            found.push(format!("{place}/{list}/{nth}"));
            if !below.is_empty() {
                makers(spec, format!("{place}/{list}/{nth}{below}"), found);
            }
        }
    }
    let members = spec.pointer(&format!("{place}/object")).and_then(Value::as_object);
    for (name, _) in members.into_iter().flatten() {
        makers(spec, format!("{place}/object/{}", escaped(name)), found);
    }
    if spec.pointer(&format!("{place}/array")).is_some() {
        makers(spec, format!("{place}/array"), found);
    }
    for key in ["series", "series/daily", "series/yearly", "null", "sequence", "length"] {
        found.push(format!("{place}/{key}"));
    }
    found.push(place);
}

/// As a step of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[test]
fn every_key_of_the_shipped_specs_is_marked_when_it_is_misspelt() {
    let schema = validator();
    let mut misspelt = 0;
    for spec in shipped() {
        let right = as_json(&spec);
        for place in mappings_of_keys(&right) {
            let keys: Vec<String> = right
                .pointer(&place)
                .and_then(Value::as_object)
                .expect("a mapping")
                .keys()
                .cloned()
                .collect();
            for key in keys {
                let mut wrong = right.clone();
                let mapping = wrong.pointer_mut(&place).and_then(Value::as_object_mut).expect("a mapping");
                let value = mapping.remove(&key).expect("the key");
                mapping.insert(format!("{key}q"), value);
                assert!(!schema.is_valid(&wrong), "{}: `{key}q` at {place} is not marked", spec.path);
                misspelt += 1;
            }
        }
    }
    assert!(misspelt > 2000, "{misspelt} keys were tried");
}
