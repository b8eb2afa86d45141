//! `datagen explain` and `datagen fmt`: help that is true, and layout that changes nothing else.

mod support;

use std::fs;
use support::{package, run, shipped, stdout, write_spec};

fn explained(words: &[&str]) -> String {
    String::from_utf8(stdout(&[&["explain"], words].concat())).expect("UTF-8")
}

#[track_caller]
fn has(text: &str, words: &[&str]) {
    for words in words {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
}

#[test]
fn the_reference_is_what_explain_knows() {
    let written = fs::read_to_string(package().join("docs/reference.md")).unwrap_or_default();
    let known = explained(&["--markdown"]);
    let differs = written.lines().zip(known.lines()).position(|(old, new)| old != new);
    assert!(
        written == known,
        "docs/reference.md is out of date (line {}); renew it with\n  target/debug/datagen explain --markdown > docs/reference.md",
        differs.map_or(written.lines().count(), |line| line + 1)
    );
}

#[test]
fn a_distribution_is_explained_with_its_arguments_its_bounds_and_its_shape() {
    let text = explained(&["zipf"]);
    has(
        &text,
        &[
            "zipf (distribution)",
            "- `s`: exponent",
            "required",
            "`min` is the most frequent value",
            "distribution: {zipf: {s: 1.2}}",
        ],
    );
    // The picture is the law's: the second rank has 2^-1.2 of the first.
    let share = |rank: &str| -> f64 {
        let line = text.lines().find(|line| line.trim_start().starts_with(rank)).expect("a bar");
        let percent = line.split_whitespace().find(|word| word.ends_with('%')).expect("a share");
        percent.trim_end_matches('%').parse().expect("a number")
    };
    assert!(share("2 ") < share("1 "), "{text}");
}

#[test]
fn a_provider_is_explained_with_samples_that_it_makes() {
    let text = explained(&["full_name"]);
    has(&text, &["full_name (provider)", "Every locale has its own", "fake: full_name"]);
    let spec = "tables: {t: {rows: 3, columns: {x: {type: text, fake: full_name}}}}";
    let directory = tempfile::tempdir().expect("a directory");
    let path = write_spec(directory.path(), "t.yaml", spec);
    let made =
        String::from_utf8(stdout(&["generate", &path, "-f", "csv", "--table", "t", "-q"])).expect("UTF-8");
    made.lines().skip(1).for_each(|name| has(&text, &[name]));
}

#[test]
fn a_word_with_several_meanings_is_explained_in_all_of_them() {
    let text = explained(&["unique"]);
    has(&text, &["Key of each of `columns`", "Key of each of `tables`"]);
    let one = explained(&["key", "columns.unique"]);
    has(&one, &["Key of each of `columns`"]);
    assert!(!one.contains("Key of each of `tables`"), "{one}");
    has(&explained(&["distribution", "uniform"]), &["uniform (distribution)"]);
}

#[test]
fn a_column_name_says_what_it_stands_for() {
    has(&explained(&["age"]), &["age (column name)", "min: 18, max: 95", "normal"]);
    has(&explained(&["list_unit_price"]), &["numbers: `min: 0.5, max: 5000"]);
    has(&explained(&["orders.billing_city"]), &["billing_city (column name)", "texts: `fake: city`"]);
}

#[test]
fn keys_types_functions_formats_settings_and_exit_codes_are_explained() {
    has(&explained(&["rows.per"]), &["per (key)", "Key of `rows`", "Required"]);
    has(&explained(&["smallint"]), &["whole numbers from -32768 to 32767"]);
    has(&explained(&["coalesce"]), &["coalesce(value, ...)"]);
    has(&explained(&["parquet"]), &["A file per table", "snappy"]);
    has(&explained(&["DATAGEN_WORKERS"]), &["Worker threads"]);
    has(&explained(&["exit", "3"]), &["could not be computed"]);
    has(&explained(&["providers"]), &["full_name", "iban"]);
    has(&explained(&[]), &["distributions\n", "zipf", "exit codes\n"]);
}

#[test]
fn a_message_leads_to_what_it_means() {
    let message = "unknown key `colour` in column `a`";
    has(&explained(&[message]), &["unknown key (refusal)", "Nothing that a spec says is ignored"]);
    has(&explained(&["both", "make", "the", "values"]), &["at most one generator"]);
}

#[test]
fn what_is_not_known_is_met_with_a_guess() {
    let output = run(&["explain", "ziph"]);
    assert_eq!(output.status.code(), Some(1));
    has(
        &String::from_utf8(output.stderr).expect("UTF-8"),
        &["nothing is known of `ziph`", "did you mean `zipf`?"],
    );
    let output = run(&["explain", "qqqqqqqqqq"]);
    has(&String::from_utf8(output.stderr).expect("UTF-8"), &["lists what can be explained"]);
}

/// What the bad specs of `tests/refusals` are told.
fn messages() -> Vec<String> {
    let snapshots = fs::read_dir(package().join("snapshots/refusals")).expect("snapshots");
    let texts =
        snapshots.map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a snapshot"));
    texts.flat_map(|text| text.lines().filter_map(told).collect::<Vec<_>>()).collect()
}

fn told(line: &str) -> Option<String> {
    line.strip_prefix("error: ").map(|message| message.replace('`', ""))
}

#[test]
fn explained_refusals_are_those_that_happen() {
    let messages = messages().join("\n");
    let listed = explained(&["refusals"]);
    let themes: Vec<&str> = listed
        .lines()
        .skip(2)
        .filter_map(|line| line.trim_start().split("  ").next())
        .filter(|words| !words.is_empty())
        .collect();
    assert!(themes.len() > 15, "{listed}");
    for words in themes {
        assert!(messages.contains(&words.replace('`', "")), "no bad spec is told `{words}`");
    }
}

#[test]
fn every_refusal_has_a_theme() {
    for entry in fs::read_dir(package().join("tests/refusals")).expect("bad specs") {
        let path = entry.expect("an entry").path();
        let output = run(&["validate", "--json", path.to_str().expect("a UTF-8 path")]);
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        for problem in told["problems"].as_array().expect("a list") {
            let message = problem["message"].as_str().expect("a message");
            assert!(
                problem["theme"].is_string(),
                "{path:?}: no theme of src/cli/explain/refusals.rs is told by `{message}`"
            );
        }
    }
    // As it is pasted into a shell, without backticks.
    has(&explained(&["line", "is", "not", "a", "date", "or", "a", "timestamp"]), &["(refusal)"]);
}

#[test]
fn every_shipped_spec_can_be_laid_out_once_and_keeps_its_meaning() {
    for spec in shipped() {
        // The command itself refuses to change what a spec means.
        let once = String::from_utf8(stdout(&["fmt", &spec.path])).expect("UTF-8");
        let directory = tempfile::tempdir().expect("a directory");
        let ending = spec.path.rsplit('.').next().expect("an ending");
        let path = write_spec(directory.path(), &format!("once.{ending}"), &once);
        // Files that a spec names are relative to it; those specs are laid out where they are.
        let again = run(&["fmt", &path]);
        if again.status.success() {
            assert_eq!(String::from_utf8(again.stdout).expect("UTF-8"), once, "{}", spec.path);
        }
    }
}

#[test]
fn files_are_named_or_written_where_their_layout_differs() {
    let directory = tempfile::tempdir().expect("a directory");
    let good =
        write_spec(directory.path(), "good.yaml", "tables:\n  t:\n    rows: 5\n    columns:\n      a: int\n");
    let odd = write_spec(directory.path(), "odd.yaml", "tables:\n   t: {columns:   {a: int}, rows: 5}\n");
    let output = run(&["fmt", "--check", &good, &odd]);
    assert_eq!((output.status.code(), output.stdout), (Some(1), format!("{odd}\n").into_bytes()));
    assert_eq!(stdout(&["fmt", "--write", &good, &odd]), format!("{odd}\n").into_bytes());
    assert_eq!(fs::read_to_string(&odd).expect("a spec"), "tables:\n  t: {rows: 5, columns: {a: int}}\n");
    assert_eq!(stdout(&["fmt", "--check", &good, &odd]), b"");
    assert_eq!(run(&["fmt", &good, &odd]).status.code(), Some(1), "several files are not printed as one");
    let broken = write_spec(directory.path(), "broken.yaml", "a: [1\n");
    assert_eq!(run(&["fmt", "--write", &broken]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(&broken).expect("a spec"), "a: [1\n");
}
