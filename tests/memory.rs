//! Memory depends on threads and batch size, never on rows.

mod support;

use std::process::Stdio;
use std::time::Duration;
use support::postgres::Database;
use support::{datagen, write_spec};

/// A table with a parent, a unique column and a sum over children: what a careless engine would store.
const SPEC: &str = r#"
version: 1
tables:
  parents:
    rows: 1k * scale
    columns:
      id: bigint primary key
      code: {type: bigint, unique: true, min: 0, max: 1000000000000}
      total: {type: bigint, expr: sum(children.amount)}
  children:
    rows: {per: parents, through: parent_id, min: 1, max: 9, mean: 5}
    columns:
      id: bigint primary key
      parent_id: bigint not null references parents
      friend_id: {references: children, distribution: {zipf: {s: 1.1}}}
      amount: {type: int, min: 1, max: 100}
      parent_code: {type: bigint, expr: parent.code}
"#;

/// Peak resident memory of `generate`, in kilobytes.
fn peak_kb(spec: &str, scale: &str, more: &[&str]) -> u64 {
    let arguments = ["generate", spec, "--quiet", "--format", "copy", "--jobs", "2", "--scale", scale];
    peak_kb_of(&[&arguments[..], more].concat())
}

/// Peak resident memory of a run, in kilobytes.
fn peak_kb_of(arguments: &[&str]) -> u64 {
    let mut child =
        datagen(arguments).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().expect("starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // VmHWM never falls, so the last reading before the end is the peak up to then.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(peak);
        if let Some(status) = child.try_wait().expect("the child can be asked") {
            assert!(status.success(), "{status}");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn ten_times_the_rows_take_no_more_memory() {
    let directory = tempfile::tempdir().unwrap();
    let spec = write_spec(directory.path(), "rows.yaml", SPEC);
    let small = peak_kb(&spec, "20", &[]);
    let large = peak_kb(&spec, "200", &[]);
    assert!(small > 1_000, "a reading was taken: {small} kB");
    // A stored row of these tables is at least 40 bytes, so 1.1 million stored ones would show as 44 MB.
    assert!(large < small + 15_000, "{small} kB for 120 thousand rows, {large} kB for 1.2 million");
}

#[test]
#[cfg(target_os = "linux")]
fn ten_times_the_answers_take_no_more_memory() {
    let directory = tempfile::tempdir().unwrap();
    let spec = "tables: {t: {rows: 1k * scale, duplicates: 20%, columns: {id: int primary key, \
                word: {type: text, values: [some, words], noise: {typo: 50%}}}}}";
    let spec = write_spec(directory.path(), "dirty.yaml", spec);
    let answers = directory.path().join("answers.csv");
    let answers = ["--answers", answers.to_str().unwrap()];
    let small = peak_kb(&spec, "40", &answers);
    let large = peak_kb(&spec, "400", &answers);
    // 280,000 answers of at least 20 bytes each, were they stored, and as many rows.
    assert!(large < small + 10_000, "{small} kB for 40 thousand rows, {large} kB for 400 thousand");
}

#[test]
#[cfg(target_os = "linux")]
fn a_load_of_a_million_rows_stays_under_200_megabytes() {
    let peak = |scale| {
        let database = Database::new();
        let load = [
            "load",
            "--spec",
            "ecommerce",
            "--scale",
            scale,
            "--to",
            &database.url(),
            "--connections",
            "2",
            "--quiet",
        ];
        peak_kb_of(&load)
    };
    let (small, large) = (peak("0.1"), peak("1"));
    assert!(small > 1_000, "a reading was taken: {small} kB");
    // On their way the million rows are 103 MB.
    assert!(
        large < small + 30_000 && large < 200_000,
        "{small} kB for 100 thousand rows, {large} kB for a million"
    );
}
