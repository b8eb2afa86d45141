//! Scripts are loaded by a real PostgreSQL, in one transaction that stops at the first error; then everything that
//! the spec declares is there, valid, and goes on working.

mod support;

use datagen::diagnostic::Sources;
use datagen::plan::{Overrides, plan};
use datagen::spec::Spec;
use std::collections::BTreeMap;
use std::fs;
use support::postgres::{Database, contents};
use support::{Shipped, WITHOUT_BINARY, files, package, run, shipped, stdout};

fn script(spec: &Shipped, more: &[&str]) -> Vec<u8> {
    let mut arguments = vec!["generate", &spec.path, "--quiet", "--scale", spec.scale];
    arguments.extend(more);
    stdout(&arguments)
}

/// A database with the spec's script in the given format.
fn loaded(spec: &Shipped, format: &str) -> Database {
    let database = Database::new();
    let loaded = database.load(&script(spec, &["--format", format]));
    loaded.unwrap_or_else(|told| panic!("{} as {format}: {told}", spec.path));
    database
}

#[test]
fn insert_scripts_load_with_all_that_is_declared() {
    shipped().iter().for_each(|spec| check_script(spec, "insert"));
}

#[test]
fn copy_scripts_load_with_all_that_is_declared() {
    shipped().iter().for_each(|spec| check_script(spec, "copy"));
}

fn check_script(spec: &Shipped, format: &str) {
    let what = format!("{} as {format}", spec.path);
    let database = loaded(spec, format);
    check_counts(spec, &database, &what);
    check_constraints(spec, &database, &what);
    let whole = contents(&database);
    // Takes values from sequences, so the rows are read before.
    check_sequences(&database, &what);

    let database = Database::new();
    for part in ["--schema-only", "--data-only"] {
        let told = database.load(&script(spec, &["--format", format, part]));
        told.unwrap_or_else(|told| panic!("{what} {part}: {told}"));
    }
    assert_eq!(contents(&database), whole, "{what}: schema and data one after the other");
}

/// As many tables and rows as the files have.
fn check_counts(spec: &Shipped, database: &Database, what: &str) {
    let expected = lines_per_file(spec);
    let counts = expected.keys().map(|table| format!("(select count(*) from {})", quoted(table)));
    let found = database.query(&format!("select {}", counts.collect::<Vec<_>>().join(", ")));
    let expected_rows: Vec<String> = expected.values().map(usize::to_string).collect();
    assert_eq!(found, expected_rows.join("|"), "{what}: rows of {:?}", expected.keys());
    let tables = database.query("select count(*) from pg_tables where schemaname = 'public'");
    assert_eq!(tables, expected.len().to_string(), "{what}: tables");
}

fn check_constraints(spec: &Shipped, database: &Database, what: &str) {
    let kinds = database.query(
        "select count(*) filter (where contype = 'p'), count(*) filter (where contype = 'u'), \
         count(*) filter (where contype = 'f'), count(*) filter (where contype = 'c'), \
         count(*) filter (where not convalidated) \
         from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0",
    );
    let Declared { primary_keys, uniques, foreign_keys, checks } = declared(spec);
    let expected = format!("{primary_keys}|{uniques}|{foreign_keys}|{checks}|0");
    assert_eq!(kinds, expected, "{what}: primary keys, uniques, foreign keys, checks; not validated");
}

/// Every column that a sequence fills: its next value has to be free. `nextval` is what an INSERT calls.
fn check_sequences(database: &Database, what: &str) {
    let columns = database.lines(
        "select quote_ident(table_name) || '|' || quote_ident(column_name) from information_schema.columns \
         where table_schema = 'public' and (is_identity = 'YES' or column_default like 'nextval(%') order by 1",
    );
    for column in columns {
        let (table, column) = column.split_once('|').expect("two names");
        // A sequence that stands on its own is named by the default only.
        let name = column.trim_matches('"');
        let named = format!(
            "select split_part(column_default, '''', 2) from information_schema.columns \
             where quote_ident(table_name) = '{table}' and column_name = '{name}'"
        );
        let sequence = format!("coalesce(pg_get_serial_sequence('{table}', '{name}'), ({named}))");
        let sql = format!("select nextval({sequence}) > coalesce(max({column}), 0) from {table}");
        assert_eq!(database.query(&sql), "t", "{what}: {table}.{column}");
    }
}

#[test]
fn an_insert_without_a_number_works_after_the_load() {
    let spec = shipped().into_iter().find(|spec| spec.name == "02-types").expect("the types example");
    let database = loaded(&spec, "copy");
    assert_eq!(database.query("insert into identities default values returning c_identity, c_serial"), "6|6");
    assert_eq!(
        database.query("insert into identities_always (c_value) values ('x') returning c_identity"),
        "6"
    );
    assert_eq!(database.query("insert into types (c_smallint) values (1) returning c_bigserial"), "41");
}

#[test]
fn csv_files_and_both_scripts_load_the_same_rows() {
    for spec in shipped() {
        let [insert, whole] = ["insert", "copy"].map(|format| contents(&loaded(&spec, format)));
        assert_eq!(insert, whole, "{}", spec.path);
        let database = Database::new();
        // Constraints only get in the way here: files have no order.
        let schema = script(&spec, &["--format", "copy", "--schema-only"]);
        database.load(&schema).unwrap();
        let mut load = b"set session_replication_role = replica;\n".to_vec();
        for (file, text) in files(&[&spec.path, "--format", "csv", "--scale", spec.scale]) {
            let table = file.strip_suffix(".csv").expect("a csv file");
            load.extend(format!("copy {} from stdin (format csv, header);\n", quoted(table)).bytes());
            load.extend(&text);
            load.extend(b"\\.\n");
        }
        database.load(&load).unwrap_or_else(|told| panic!("{} as csv: {told}", spec.path));
        assert_eq!(contents(&database), whole, "{}", spec.path);
    }
}

#[test]
fn binary_files_load_the_same_rows_or_say_why_there_are_none() {
    for spec in shipped() {
        let directory = tempfile::tempdir().unwrap();
        let target = format!("{}/", directory.path().display());
        let arguments = ["generate", &spec.path, "--quiet", "--scale", spec.scale, "--format", "copy-binary"];
        let output = run(&[&arguments[..], &["-o", &target]].concat());
        if spec.name == WITHOUT_BINARY {
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success() && told.contains("differs from database to database"), "{told}");
            continue;
        }
        assert!(output.status.success(), "{}: {}", spec.path, String::from_utf8_lossy(&output.stderr));
        let database = Database::new();
        database.load(&script(&spec, &["--format", "copy", "--schema-only"])).unwrap();
        let mut load = "set session_replication_role = replica;\n".to_owned();
        for entry in fs::read_dir(directory.path()).unwrap() {
            let path = entry.unwrap().path();
            let table = path.file_stem().unwrap().to_str().expect("UTF-8");
            load += &format!("\\copy {} from '{}' (format binary)\n", quoted(table), path.display());
        }
        database.load(load.as_bytes()).unwrap_or_else(|told| panic!("{} in binary: {told}", spec.path));
        assert_eq!(contents(&database), contents(&loaded(&spec, "copy")), "{}", spec.path);
    }
}

/// Rows of each table, from the files that hold one line per row.
fn lines_per_file(spec: &Shipped) -> BTreeMap<String, usize> {
    files(&[&spec.path, "--format", "jsonl", "--scale", spec.scale])
        .into_iter()
        .map(|(file, text)| {
            (file.trim_end_matches(".jsonl").to_string(), text.split(|b| *b == b'\n').count() - 1)
        })
        .collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[derive(Default)]
struct Declared {
    primary_keys: usize,
    uniques: usize,
    foreign_keys: usize,
    checks: usize,
}

/// Counts what a spec's plan declares; hidden tables and columns declare nothing.
fn declared(spec: &Shipped) -> Declared {
    let text = fs::read_to_string(package().join(&spec.path)).expect("a shipped spec");
    let mut sources = Sources::reading(|path| fs::read_to_string(package().join(path)));
    let source = sources.add(&spec.path, &text);
    let read = Spec::parse(&mut sources, source).unwrap_or_else(|_| panic!("{}: it can be read", spec.path));
    let plan = plan(&read, &Overrides::default()).unwrap_or_else(|_| panic!("{}: it has a plan", spec.path));
    let mut count = Declared::default();
    for table in plan.tables.iter().filter(|table| !table.hidden) {
        let is_written = |columns: &[usize]| !columns.iter().any(|at| table.columns[*at].hidden);
        count.primary_keys += usize::from(!table.primary_key.is_empty() && is_written(&table.primary_key));
        count.uniques += table.uniques.iter().filter(|unique| is_written(&unique.columns)).count();
        count.foreign_keys += table.foreign_keys.iter().filter(|key| is_written(&key.columns)).count();
        count.checks += table.checks.iter().filter(|check| check.is_declared).count();
    }
    count
}
