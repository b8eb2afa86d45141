//! Claims about a benchmark's data, asked of what datagen makes and of what DuckDB's own generator makes.

use super::{files_in, package};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A claim, and a query that answers `true` when it holds.
pub type Claim = (&'static str, &'static str);

/// Generates a built-in spec at a scale, and refuses claims that are not true of its data: common ones have to be true of the
/// benchmark's as well.
pub fn hold(name: &str, scale: &str, common: &[Claim], own: &[Claim]) {
    let claims = [common, own].concat();
    let directory = tempfile::tempdir().unwrap();
    files_in(directory.path(), &["--spec", name, "--format", "parquet", "--scale", scale]);
    let questions: Vec<&str> = claims.iter().map(|(_, sql)| *sql).collect();
    let answers = ask(name, directory.path(), scale, &questions);
    assert_eq!(answers.len(), claims.len());
    let mut broken = Vec::new();
    for (at, ((claim, _), (made, official))) in claims.iter().zip(answers).enumerate() {
        for (side, answer) in [("datagen", made), ("the benchmark", official)] {
            let counts = side == "datagen" || at < common.len();
            if counts && answer != "True" {
                broken.push(format!("{side}: {claim}: {answer}"));
            }
        }
    }
    assert!(broken.is_empty(), "not true of the data:\n  {}", broken.join("\n  "));
}

/// The answers of both databases, datagen's and the benchmark's, to each question.
fn ask(name: &str, directory: &Path, scale: &str, questions: &[&str]) -> Vec<(String, String)> {
    let python = package().join(".venv/bin/python");
    assert!(python.exists(), "no {}: run `make test-deps` first", python.display());
    let mut child = Command::new(python)
        .arg(package().join("tests/readers/benchmark.py"))
        .arg(name)
        .arg(directory)
        .arg(scale)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python starts");
    let asked = serde_json::to_vec(questions).expect("texts are JSON");
    // Where Python stops before it reads, its own message says why.
    let _ = child.stdin.take().expect("a pipe").write_all(&asked);
    let output = child.wait_with_output().expect("python ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a list of pairs")
}
