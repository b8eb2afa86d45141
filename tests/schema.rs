//! The JSON Schema that editors use accepts what datagen accepts, and marks what it refuses.

mod support;

use serde_json::Value;
use support::{Shipped, as_json, shipped, stdout};

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_slice(&stdout(&["schema"])).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is a JSON Schema")
}

#[test]
fn every_shipped_spec_is_valid() {
    let validator = validator();
    for spec in shipped() {
        let problems: Vec<String> = validator
            .iter_errors(&as_json(&spec))
            .map(|problem| format!("{} at {}", problem, problem.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}:\n{}", spec.path, problems.join("\n"));
    }
}

#[test]
fn unknown_keys_are_marked() {
    let validator = validator();
    for name in ["unknown-key", "unknown-column-key"] {
        let path = format!("tests/refusals/{name}.yaml");
        let spec = Shipped { name: name.to_string(), path, scale: "1" };
        assert!(!validator.is_valid(&as_json(&spec)), "{name} should not be valid");
    }
}
