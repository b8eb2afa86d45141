//! Scripts for MariaDB, SQLite and DuckDB: loaded into these, read back, and refused where they cannot be.

mod support;

use std::process::Command;
use support::{Shipped, package, run, shipped, stdout};

const DIALECTS: [&str; 3] = ["mysql", "sqlite", "duckdb"];

#[test]
fn scripts_load_with_all_their_rows_and_rules() {
    let python = package().join(".venv/bin/python");
    assert!(python.exists(), "no {}: run `make test-deps` first", python.display());
    let directory = tempfile::tempdir().unwrap();
    for Shipped { name, path, scale } in shipped() {
        let folder = directory.path().join(&name);
        std::fs::create_dir_all(folder.join("parquet")).unwrap();
        let chosen = ["generate", "--quiet", &path, "--scale", scale];
        let parquet = format!("{}/parquet/", folder.display());
        stdout(&[&chosen[..], &["--format", "parquet", "-o", &parquet]].concat());
        for dialect in DIALECTS {
            let script = format!("{}/{dialect}.sql", folder.display());
            stdout(&[&chosen[..], &["--dialect", dialect, "-o", &script]].concat());
        }
    }
    let script = package().join("tests/readers/dialects.py");
    let output = Command::new(&python).arg(script).arg(directory.path()).output().expect("python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout);
    let compared: u64 = said.split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
    assert!(compared > 500_000, "{said}");
}

#[test]
fn each_dialect_declares_what_it_has_and_says_what_it_leaves_out() {
    for dialect in DIALECTS {
        for example in ["02-types", "29-names-and-indexes", "73-other-databases"] {
            let spec = format!("examples/{example}.yaml");
            let output = run(&["generate", &spec, "--dialect", dialect, "--schema-only"]);
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success(), "{told}");
            let warnings: String =
                told.lines().filter(|line| line.starts_with("warning")).collect::<Vec<_>>().join("\n");
            let script = String::from_utf8(output.stdout).unwrap();
            insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true}, {
                insta::assert_snapshot!(format!("{example}.{dialect}"), format!("{script}\n{warnings}"));
            });
        }
    }
}

#[test]
fn scripts_are_the_same_bytes_however_the_work_is_cut() {
    for dialect in DIALECTS {
        for spec in
            ["examples/02-types.yaml", "examples/nasty-text.yaml", "examples/62-arrays-and-bytes.yaml"]
        {
            let whole = ["generate", spec, "--quiet", "--dialect", dialect, "--rows-per-insert", "7"];
            let expected = stdout(&whole);
            for cut in [&["--jobs", "1", "--batch-size", "1"][..], &["--jobs", "3", "--batch-size", "13"]] {
                assert!(stdout(&[&whole[..], cut].concat()) == expected, "{spec} for {dialect} with {cut:?}");
            }
        }
    }
}

#[test]
fn rows_alone_go_into_tables_that_are_there() {
    let script = |dialect: &str, section: &str| {
        let arguments = ["generate", "examples/table-cycle.yaml", "--dialect", dialect, section, "--quiet"];
        String::from_utf8(stdout(&arguments)).unwrap()
    };
    for dialect in DIALECTS {
        assert!(!script(dialect, "--data-only").contains("CREATE"), "{dialect}");
        assert!(!script(dialect, "--schema-only").contains("INSERT"), "{dialect}");
    }
    // Rows of a circle of tables come before those that they refer to.
    let mysql = script("mysql", "--data-only");
    assert!(
        mysql.contains("SET foreign_key_checks = 0;") && mysql.ends_with("SET foreign_key_checks = 1;\n")
    );
}

/// What the command says when it refuses, and that it does with this exit code.
fn refusal(code: i32, arguments: &[&str]) -> String {
    let output = run(&[&["generate"], arguments].concat());
    assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A spec with one table that has these columns besides its key.
fn refused_spec(code: i32, dialect: &str, columns: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spec.yaml");
    let text =
        format!("version: 1\ntables:\n  t:\n    rows: 3\n    columns:\n      id: int primary key\n{columns}");
    std::fs::write(&path, text).unwrap();
    let target = directory.path().join("out.sql");
    let (path, target) = (path.to_str().unwrap(), target.to_str().unwrap());
    let told = refusal(code, &[path, "--dialect", dialect, "-o", target]);
    assert!(!std::path::Path::new(target).exists(), "a script that is not whole has no name");
    told
}

#[test]
fn what_no_script_can_say_is_refused() {
    let told = refusal(1, &["examples/01-minimal.yaml", "--dialect", "oracle"]);
    assert!(told.contains("postgres") && told.contains("duckdb"), "{told}");
    let told = refusal(1, &["examples/01-minimal.yaml", "--dialect", "mysql", "--format", "copy"]);
    assert!(told.contains("copy is not written for MySQL") && told.contains("--format insert"), "{told}");
    let told =
        refusal(1, &["examples/01-minimal.yaml", "--dialect", "sqlite", "--part", "1", "--parts", "2"]);
    assert!(told.contains("a script for SQLite is one transaction"), "{told}");

    let told = refused_spec(1, "sqlite", "      Name: text\n      name: text\n");
    assert!(told.contains("`name` is there twice for SQLite"), "{told}");
    let told = refused_spec(1, "mysql", "      n: {type: \"numeric(38,34)\"}\n");
    assert!(told.contains("`t.n` has more than 30 digits"), "{told}");
}

#[test]
fn a_unique_constraint_over_the_primary_keys_columns_is_no_second_primary_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spec.yaml");
    let text = "version: 1\ntables:\n  t:\n    rows: 3\n    columns:\n      id: int primary key\n    unique: [[id]]\n";
    std::fs::write(&path, text).unwrap();
    for dialect in DIALECTS {
        let arguments = ["generate", path.to_str().unwrap(), "--dialect", dialect, "--quiet"];
        let script = String::from_utf8(stdout(&arguments)).unwrap();
        assert_eq!(
            (script.matches("PRIMARY KEY").count(), script.matches("UNIQUE").count()),
            (1, 1),
            "{script}"
        );
    }
}

#[test]
fn a_value_that_the_database_cannot_hold_is_named() {
    let infinite =
        "      x: {type: double precision, expr: \"case when id = 2 then 'Infinity'::float8 else id end\"}\n";
    for (dialect, title) in [("mysql", "MySQL"), ("sqlite", "SQLite")] {
        let told = refused_spec(3, dialect, infinite);
        assert!(
            told.contains("t.x, row 2") && told.contains(&format!("{title} has no number Infinity")),
            "{told}"
        );
    }
    let long = "      k: {type: text, unique: true, expr: \"repeat('x', 400) || id\"}\n";
    let told = refused_spec(3, "mysql", long);
    assert!(told.contains("t.k, row 1") && told.contains("longer than 255"), "{told}");
}

#[test]
fn the_configuration_may_name_the_dialect() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(".datagen.yaml"), "default_dialect: sqlite\n").unwrap();
    let spec = package().join("examples/01-minimal.yaml");
    let run = |more: &[&str]| {
        let mut command = support::datagen(&["generate", spec.to_str().unwrap(), "--quiet"]);
        let output = command.args(more).current_dir(directory.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run(&[]).starts_with("PRAGMA foreign_keys"));
    assert!(run(&["--dialect", "mysql"]).starts_with("SET NAMES"));
    // Other formats are what they are, with PostgreSQL's tables.
    let copy = run(&["--format", "copy"]);
    assert!(copy.contains("FROM stdin") && copy.starts_with("SET statement_timeout"), "{copy}");
    run(&["--format", "copy", "--part", "1", "--parts", "2"]);
}
