//! Claims that a spec makes about its data, asked of a database that was loaded with it.

use super::postgres::Database;
use super::{files_in, package, stdout};
use std::io::Write;
use std::process::{Command, Stdio};

/// A claim, and a query that answers true when it holds.
pub type Claim<'a> = (&'a str, &'a str);

/// Loads what `datagen generate` makes with these arguments into PostgreSQL, and holds it to all claims.
pub fn hold(arguments: &[&str], claims: &[Claim]) {
    let script = stdout(&[&["generate", "--quiet", "--format", "copy"], arguments].concat());
    let database = Database::new();
    database.load(&script).unwrap();
    // The planner guesses at fresh tables otherwise, and chooses loops over loops.
    database.query("analyze");
    let answers = claims.iter().map(|(_, sql)| database.query(sql)).collect();
    all_true(claims, answers);
}

/// Loads the same as Parquet into DuckDB, and holds it to all claims.
pub fn hold_in_duckdb(arguments: &[&str], claims: &[Claim]) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    files_in(directory.path(), &[arguments, &["--format", "parquet"]].concat());
    let python = package().join(".venv/bin/python");
    assert!(python.exists(), "no {}: run `make test-deps` first", python.display());
    let mut child = Command::new(python)
        .arg(package().join("tests/readers/claims.py"))
        .arg(directory.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python starts");
    let questions: Vec<&str> = claims.iter().map(|(_, sql)| *sql).collect();
    let mut stdin = child.stdin.take().expect("stdin is piped");
    stdin.write_all(&serde_json::to_vec(&questions).expect("texts")).expect("python reads");
    drop(stdin);
    let output = child.wait_with_output().expect("python ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<String> = serde_json::from_slice(&output.stdout).expect("a list of answers");
    all_true(claims, answers);
}

fn all_true(claims: &[Claim], answers: Vec<String>) {
    assert_eq!(claims.len(), answers.len());
    let broken: Vec<String> = claims
        .iter()
        .zip(answers)
        .filter(|(_, answer)| !["t", "true"].contains(&answer.as_str()))
        .map(|((claim, _), answer)| format!("{claim} (answer: {answer})"))
        .collect();
    assert!(broken.is_empty(), "not true of the data:\n  {}", broken.join("\n  "));
}
