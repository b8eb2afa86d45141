//! `--size`: what is written has the size that was asked for.

mod support;

use datagen::diagnostic::Sources;
use datagen::encode;
use datagen::pipeline::{Crew, Fit, Misfit, Output, scale_for};
use datagen::plan::{Overrides, Section};
use datagen::spec::Spec;
use std::fs;
use std::path::Path;
use support::{run, stdout};

/// Bytes of all files in a directory.
fn bytes_in(directory: &Path) -> u64 {
    let entries = fs::read_dir(directory).expect("a directory");
    entries.map(|entry| entry.and_then(|entry| entry.metadata()).expect("a file").len()).sum()
}

/// Generates with these arguments; the size that came out over the one wanted, and what was said.
fn made(arguments: &[&str], wanted: f64) -> (f64, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let target = format!("{}/", directory.path().display());
    let output = run(&[&["generate", "-o", &target], arguments].concat());
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{arguments:?}: {said}");
    (bytes_in(directory.path()) as f64 / wanted, said)
}

/// Holds a size to what is written, and gives the scale that was said.
#[track_caller]
fn comes_out(arguments: &[&str], size: &str, bytes: f64) -> String {
    let (ratio, said) = made(&[arguments, &["--size", size]].concat(), bytes);
    assert!((ratio - 1.0).abs() < 0.03, "{arguments:?} --size {size}: {ratio} of it came out\n{said}");
    let scale = said.strip_prefix("--scale ").and_then(|rest| rest.split(' ').next());
    scale.unwrap_or_else(|| panic!("no scale in {said}")).to_owned()
}

#[test]
fn the_shop_has_the_size_asked_for_in_every_format() {
    for (format, size, bytes) in [
        ("csv", "8MB", 8e6),
        ("copy", "5MB", 5e6),
        ("insert", "6MiB", 6.0 * 1048576.0),
        ("jsonl", "12MB", 12e6),
        ("parquet", "5MB", 5e6),
        ("arrow", "9MB", 9e6),
    ] {
        comes_out(&["--spec", "ecommerce", "-f", format], size, bytes);
    }
}

#[test]
fn tpch_has_the_size_asked_for_in_every_format() {
    for (format, size, bytes) in [
        ("csv", "20MB", 2e7),
        ("copy", "5MB", 5e6),
        ("insert", "0.01GB", 1e7),
        ("jsonl", "15MB", 1.5e7),
        ("parquet", "6MB", 6e6),
    ] {
        comes_out(&["--spec", "tpch", "-f", format], size, bytes);
    }
}

#[test]
fn compressed_output_has_the_size_asked_for() {
    comes_out(&["--spec", "ecommerce", "-f", "csv", "--compress", "gzip"], "3MB", 3e6);
    comes_out(&["--spec", "tpch", "-f", "copy", "--compress", "zstd"], "5MB", 5e6);
    comes_out(&["--spec", "tpch", "-f", "parquet", "--compress", "zstd"], "4MB", 4e6);
}

#[test]
fn one_table_and_parts_have_the_size_asked_for() {
    comes_out(&["--spec", "ecommerce", "-f", "csv", "--table", "orders"], "3MB", 3e6);
    let halves = ["1", "2"].map(|part| {
        made(&["--spec", "tpch", "-f", "csv", "--size", "10MB", "--part", part, "--parts", "2"], 1e7).0
    });
    assert!((halves[0] + halves[1] - 1.0).abs() < 0.03, "{halves:?}");
}

#[test]
fn the_scale_that_was_said_makes_the_same_bytes_again() {
    let arguments = ["generate", "--spec", "ecommerce", "-f", "copy"];
    let output = run(&[&arguments[..], &["--size", "2MB"]].concat());
    let said = String::from_utf8(output.stderr).expect("text");
    let scale = said.strip_prefix("--scale ").and_then(|rest| rest.split(' ').next()).expect("a scale");
    assert!(scale.len() <= 7, "{scale} is short enough to be typed");
    assert!(stdout(&[&arguments[..], &["--scale", scale]].concat()) == output.stdout);
    // With any number of threads.
    let again = run(&[&arguments[..], &["--size", "2MB", "-j", "1"]].concat());
    assert!(again.stdout == output.stdout);
}

#[test]
fn a_plan_tells_rows_and_bytes_before() {
    let arguments = ["plan", "--spec", "ecommerce", "-f", "csv", "--size", "4MB", "--json"];
    let plan: serde_json::Value = serde_json::from_slice(&stdout(&arguments)).expect("JSON");
    let bytes = plan["bytes"].as_f64().expect("a number");
    assert!((bytes / 4e6 - 1.0).abs() < 0.01, "{bytes}");
    let scale = plan["scale"].to_string();
    let directory = tempfile::tempdir().expect("a directory");
    let target = format!("{}/", directory.path().display());
    stdout(&["generate", "--spec", "ecommerce", "-f", "csv", "--scale", &scale, "-q", "-o", &target]);
    for table in plan["tables"].as_array().expect("tables") {
        let name = format!("{}.csv", table["name"].as_str().expect("a name"));
        let written = fs::metadata(directory.path().join(&name)).expect("a file").len() as f64;
        let told = table["bytes"].as_f64().expect("a number");
        assert!((told / written - 1.0).abs() < 0.03, "{name}: {told} told, {written} written");
    }
}

/// A table of fixed size that weighs, one that steps, and one that grows.
const STEPS: &str = "\
tables:
  fixed: {rows: 20000, columns: {id: bigint primary key, words: {type: text, fake: sentence}}}
  steps:
    rows: {scale: {1: 1000, 10: 4000, 100: 100000}}
    columns: {id: bigint primary key, words: {type: text, fake: sentence}}
  grows:
    rows: greatest(500, 2000 * scale * scale)
    columns: {id: bigint primary key, steps_id: bigint references steps}
";

fn found(text: &str, target: u64) -> Result<Fit, Misfit> {
    let mut sources = Sources::new();
    let source = sources.add("test.yaml", text);
    let spec = Spec::parse(&mut sources, source).unwrap_or_else(|bad| panic!("{:?}", bad.problems));
    let tables = datagen::plan::plan(&spec, &Overrides::default()).expect("a plan").order;
    let output = Output {
        tables: &tables,
        format: encode::find("csv").expect("is there"),
        options: encode::Options::default(),
        section: Section::All,
    };
    scale_for(&spec, &Overrides::default(), &output, target, Crew::of(2))
}

#[test]
fn counts_need_not_follow_the_scale_in_proportion() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = support::write_spec(directory.path(), "steps.yaml", STEPS);
    for (size, bytes) in [("2MB", 2e6), ("5MB", 5e6), ("12MB", 1.2e7)] {
        comes_out(&[&path, "-f", "csv"], size, bytes);
    }
}

#[test]
fn a_size_that_cannot_be_is_refused_with_those_that_can() {
    let fixed = match found(STEPS, 1_000_000) {
        Err(Misfit::TooSmall { least }) => least.bytes,
        other => panic!("{other:?}"),
    };
    assert!((1_200_000..2_000_000).contains(&fixed), "{fixed}");

    let few = "tables: {t: {rows: 3 * scale, columns: {id: bigint primary key, a: {type: text, value: 0123456789}}}}";
    match found(few, 47) {
        Err(Misfit::Between { below, above }) => assert_eq!((below.bytes, above.bytes), (44, 57)),
        other => panic!("{other:?}"),
    }

    let limited = "tables: {t: {rows: 100 * scale, columns: {a: {type: text, pattern: '[a-z]{2}', primary_key: true}}}}";
    match found(limited, 1_000_000) {
        Err(Misfit::Refused { problems, .. } | Misfit::TooLarge { problems, .. }) => {
            assert!(problems[0].message.contains("676"), "{problems:?}");
        }
        other => panic!("{other:?}"),
    }

    let unscaled = "tables: {t: {rows: 100, columns: {id: bigint primary key}}}";
    assert_eq!(found(unscaled, 1_000), Err(Misfit::Unscaled));
}

#[test]
fn a_size_that_is_wrong_is_refused_with_what_to_try() {
    let refused = |arguments: &[&str], words: &[&str]| {
        let output = run(&[&["generate", "-f", "copy"], arguments].concat());
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{arguments:?}: {said}");
        for words in words {
            assert!(said.contains(words), "{arguments:?}: no {words:?} in\n{said}");
        }
    };
    let shop = ["--spec", "ecommerce"];
    let with = |more: &[&'static str]| [&shop[..], more].concat();
    refused(&with(&["--size", "lots"]), &["`lots` is no size", "500MB, 10GB, 1.5GiB"]);
    refused(&with(&["--size", "10"]), &["`10` does not say of what"]);
    refused(&with(&["--size", "1GB", "--scale", "2"]), &["cannot be used with"]);
    refused(&with(&["--size", "1GB", "--schema-only"]), &["cannot be used with"]);
    refused(
        &with(&["--size", "1kB"]),
        &["cannot be as little as 1.0 kB", "the smallest scale gives about 16"],
    );
    refused(
        &["--spec", "tpcds", "--size", "1MB"],
        &["cannot be as little as 1.0 MB: at scale 0.0", "ask for more"],
    );
    refused(
        &["examples/01-minimal.yaml", "--size", "1MB"],
        &["no row count of these tables depends on `scale`", "`rows: 10k * scale`"],
    );
    refused(&with(&["--size", "1MB", "--table", "brands"]), &["no row count of these tables"]);
}
