//! The JSON Schema that editors use accepts what datagen accepts, and marks what it refuses.

mod support;

use serde_json::Value;
use support::{Shipped, as_json, is_of_datagen_cli, shipped, stdout};

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
        (false, serde_json::json!({"type": "text", "min": null})),
        (true, serde_json::json!({"type": "text", "value": null})),
        (false, serde_json::json!({"type": "int", "earlier": true})),
    ] {
        assert_eq!(places(column.clone()).is_empty(), good, "{column}: {:?}", places(column.clone()));
    }
}
