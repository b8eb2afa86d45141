//! What datagen says about specs that are wrong: one file of `tests/refusals/` each, one snapshot of the message each.

mod support;

use std::fs;
use support::{package, run};

/// The exit code of a spec that is wrong.
const REFUSED: i32 = 2;

fn bad_specs() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(package().join("tests/refusals"))
        .expect("tests/refusals")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a UTF-8 name"))
        .collect();
    names.sort();
    assert!(names.len() > 30, "the bad specs were found");
    names
}

/// A bad spec says in a comment `# refused: words` what its message has to contain, so that a snapshot cannot be
/// accepted by mistake.
fn expected_words(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("# refused: ")).collect()
}

#[test]
fn every_bad_spec_is_refused_with_a_message_that_helps() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/refusals");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for name in bad_specs() {
        let path = format!("tests/refusals/{name}");
        let text = fs::read_to_string(package().join(&path)).expect("a bad spec");
        let output = run(&["validate", &path]);
        let told = String::from_utf8(output.stderr).expect("messages are UTF-8");
        assert_eq!(output.status.code(), Some(REFUSED), "{path}: {told}");
        assert!(!told.contains("panicked"), "{path}: {told}");
        assert!(told.contains(&format!("{path}:")), "{path}: the message has a place\n{told}");
        for words in expected_words(&text) {
            assert!(told.contains(words), "{path}: expected `{words}` in\n{told}");
        }
        settings.bind(|| insta::assert_snapshot!(name.as_str(), told));
    }
}

#[test]
fn what_is_refused_writes_nothing() {
    for name in bad_specs() {
        let path = format!("tests/refusals/{name}");
        let output = run(&["generate", &path]);
        assert_eq!(output.status.code(), Some(REFUSED), "{path}");
        assert!(output.stdout.is_empty(), "{path}: nothing before the refusal");
    }
}

#[test]
fn validate_tells_a_machine_the_places() {
    let output = run(&["validate", "--json", "tests/refusals/several-problems.yaml"]);
    assert_eq!(output.status.code(), Some(REFUSED));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON on stdout");
    insta::with_settings!({snapshot_path => "../snapshots/refusals", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("several-problems.json", serde_json::to_string_pretty(&told).unwrap());
    });
}
