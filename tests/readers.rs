//! Other people's readers - DuckDB, pyarrow, Python - read the same rows from all formats.

mod support;

use std::process::Command;
use support::{files_in, package, shipped};

#[test]
fn every_format_reads_back_equal() {
    let python = package().join(".venv/bin/python");
    assert!(python.exists(), "no {}: run `make test-deps` first", python.display());
    for spec in shipped() {
        let directory = tempfile::tempdir().unwrap();
        for format in ["csv", "jsonl", "parquet", "arrow"] {
            let target = directory.path().join(format);
            std::fs::create_dir(&target).unwrap();
            files_in(&target, &[&spec.path, "--format", format, "--scale", spec.scale]);
        }
        let script = package().join("tests/readers/compare.py");
        let output = Command::new(&python).arg(script).arg(directory.path()).output().expect("python starts");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {told}", spec.path);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("values of") && !said.starts_with("0 "), "{}: {said}", spec.path);
    }
}
