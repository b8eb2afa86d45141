//! `datagen init`: what is drawn up from DDL generates, loads, and makes the schema that it was drawn up from.

mod support;

use std::fs;
use std::path::Path;
use support::postgres::Database;
use support::{is_of_datagen_cli, package, run, shipped, stdout};

/// Runs `datagen init` with these arguments; the spec, and what was said.
fn init(arguments: &[&str]) -> (String, String) {
    let mut all = vec!["init"];
    all.extend(arguments);
    let output = run(&all);
    let told = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert!(output.status.success(), "datagen {}: {}\n{told}", all.join(" "), output.status);
    (String::from_utf8(output.stdout).expect("specs are UTF-8"), told)
}

fn written(directory: &Path, name: &str, text: &str) -> String {
    let path = directory.join(name);
    fs::write(&path, text).expect("a file is written");
    path.to_string_lossy().into_owned()
}

fn loaded(script: &[u8], what: &str) -> Database {
    let database = Database::new();
    database
        .load(script)
        .unwrap_or_else(|told| panic!("{what}: {told}\n{}", String::from_utf8_lossy(script)));
    database
}

/// The spec drawn up from a script, and the schema in PostgreSQL after its data was loaded.
fn round_trip(directory: &Path, script: &str, what: &str) -> (String, String) {
    let ddl = written(directory, "schema.sql", script);
    let (spec, told) = init(&["--ddl", &ddl]);
    assert!(!told.contains("needs your hand"), "{what}: {told}\n{spec}");
    let path = written(directory, "spec.yaml", &spec);
    let database = loaded(&stdout(&["generate", &path, "--quiet", "--scale", "0.02"]), what);
    (spec, database.schema())
}

#[test]
fn the_schema_of_every_shipped_spec_comes_back() {
    let directory = tempfile::tempdir().expect("a directory");
    for spec in shipped().into_iter().filter(|spec| !is_of_datagen_cli(spec)) {
        let script = stdout(&["generate", &spec.path, "--quiet", "--schema-only"]);
        let schema = loaded(&script, &spec.path).schema();
        let (drawn_up, again) = round_trip(directory.path(), &schema, &spec.path);
        same_but_for_what_is_left_out(&again, &schema, &drawn_up, &spec.path);
        // Our own scripts differ from pg_dump's in a few ways, which the first examples have all of.
        if spec.name.as_str() < "12" || spec.path.starts_with("specs/") {
            let script = String::from_utf8(script).expect("UTF-8");
            let (drawn_up, again) = round_trip(directory.path(), &script, &spec.path);
            same_but_for_what_is_left_out(&again, &schema, &drawn_up, &spec.path);
        }
    }
}

/// Nothing is added but what makes a key of several columns unique; and no more is missing than the spec says is left out.
fn same_but_for_what_is_left_out(again: &str, schema: &str, spec: &str, path: &str) {
    let left_out = spec.lines().filter(|line| line.contains("left out")).count();
    let made_unique = spec.lines().filter(|line| line.contains("unique by itself here")).count();
    if left_out + made_unique == 0 {
        assert_eq!(again, schema, "{path}:\n{spec}");
        return;
    }
    // Without the commas between columns, and what a missing primary key implied.
    let lines = |text: &str| -> Vec<String> {
        let plain = |line: &str| line.trim_end_matches([',', ';']).replace(" NOT NULL", "");
        text.lines().filter(|line| !line.starts_with("ALTER TABLE")).map(plain).collect()
    };
    let (again, schema) = (lines(again), lines(schema));
    let added: Vec<&String> = again.iter().filter(|line| !schema.contains(line)).collect();
    assert!(added.iter().all(|line| line.contains(" UNIQUE (")), "{path}: {added:?}\n{spec}");
    assert_eq!(added.len(), made_unique, "{path}: {added:?}\n{spec}");
    let missing: Vec<&String> = schema.iter().filter(|line| !again.contains(line)).collect();
    assert!(missing.len() <= left_out, "{path}: {missing:?}\n{spec}");
}

#[test]
fn scripts_in_many_styles_become_specs_that_load() {
    let directory = tempfile::tempdir().expect("a directory");
    for name in ["pg_dump", "clinic", "accounts", "indexes", "mysql", "sqlite"] {
        let ddl = format!("tests/data/ddl/{name}.sql");
        let (spec, told) = init(&["--ddl", &ddl]);
        assert!(!told.contains("needs your hand"), "{name}: {told}\n{spec}");
        let path = written(directory.path(), &format!("{name}.yaml"), &spec);
        loaded(&stdout(&["generate", &path, "--quiet"]), name);
        let shown = format!("{spec}\n--- said\n{told}");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format!("init.{name}.sql"), shown));
    }
}

#[test]
fn names_of_keys_and_indexes_over_expressions_come_back() {
    let directory = tempfile::tempdir().expect("a directory");
    let ddl = fs::read_to_string(package().join("tests/data/ddl/indexes.sql")).expect("a script");
    let ddl = ddl.replace("CREATE INDEX tenants_own ON tenants (own_hash(name));", "");
    let schema = loaded(ddl.as_bytes(), "the schema").schema();
    let (spec, again) = round_trip(directory.path(), &schema, "pg_dump's");
    same_but_for_what_is_left_out(&again, &schema, &spec, "indexes.sql");
    // As they come from PostgreSQL, which adds casts and parentheses.
    for line in schema.lines().filter(|line| line.contains("INDEX") || line.contains("ADD CONSTRAINT")) {
        assert!(again.contains(line) || line.contains("INCLUDE"), "{line}\n{spec}\n{again}");
    }
    assert!(schema.contains("CREATE UNIQUE INDEX members_nickname"));
}

#[test]
fn the_real_schema_takes_the_data() {
    // The clinic's own DDL, then only the data of the spec drawn up from it: what the spec cannot say must hold too.
    let directory = tempfile::tempdir().expect("a directory");
    let ddl = fs::read_to_string(package().join("tests/data/ddl/clinic.sql")).expect("a script");
    // citext is an extension that may not be installed; a generated column takes no data.
    let ddl = ddl.replace("create extension if not exists citext;", "").replace("citext", "text");
    let generated = ddl.find("    weekday text generated").expect("the clinic has a generated column");
    let end = generated + ddl[generated..].find("stored,\n").expect("stored") + "stored,\n".len();
    let ddl = format!("{}{}", &ddl[..generated], &ddl[end..])
        .replace("insert into departments (name, floor) values ('Cardiology; first', 1);", "");
    let (spec, _) = init(&["--ddl", &written(directory.path(), "clinic.sql", &ddl)]);
    let path = written(directory.path(), "clinic.yaml", &spec);
    let database = loaded(ddl.as_bytes(), "the clinic's schema");
    let data = stdout(&["generate", &path, "--quiet", "--data-only", "--format", "insert"]);
    database.load(&data).unwrap_or_else(|told| panic!("{told}\n{spec}"));
    assert_eq!(database.query("select count(*) > 0 from appointment_lines"), "t");
}

#[test]
fn what_cannot_be_drawn_up_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let refused = |arguments: &[&str], code: i32, words: &[&str]| {
        let mut all = vec!["init"];
        all.extend(arguments);
        let output = run(&all);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        words.iter().for_each(|words| assert!(told.contains(words), "no {words:?} in:\n{told}"));
        assert!(output.stdout.is_empty());
    };
    let empty = written(directory.path(), "empty.sql", "");
    let data = written(directory.path(), "data.csv", "id,name\n1,a\n");
    let there = written(directory.path(), "there.yaml", "mine");
    let custom = directory.path().join("dump");
    fs::write(&custom, b"PGDMP\xff\x00").expect("a file");
    let ddl = "tests/data/ddl/clinic.sql";
    refused(&[], 1, &["--ddl"]);
    refused(&["--ddl", "missing.sql"], 1, &["cannot read missing.sql: No such file or directory"]);
    refused(&["--ddl", &empty], 2, &["there is no CREATE TABLE statement", "empty.sql"]);
    refused(&["--ddl", &data], 2, &["there is no CREATE TABLE statement", "data.csv"]);
    refused(&["--ddl", &custom.to_string_lossy()], 1, &["not a text in UTF-8", "pg_dump --schema-only"]);
    refused(&["--ddl", ddl, "-o", &there], 1, &["there.yaml is there already", "--force"]);
    refused(&["--ddl", ddl, "--force"], 1, &["--output"]);
    assert_eq!(fs::read_to_string(&there).expect("the file"), "mine");
    init(&["--ddl", ddl, "-o", &there, "--force"]);
    assert!(fs::read_to_string(&there).expect("the file").contains("appointments:"));
}

/// Files of a shipped spec's tables, as `datagen generate` writes them, as arguments of `--sample`.
fn samples(directory: &Path, spec: &str, format: &str) -> Vec<String> {
    let target = format!("{}/", directory.display());
    stdout(&["generate", spec, "--quiet", "--format", format, "-o", &target]);
    let mut files: Vec<String> = fs::read_dir(directory)
        .expect("the samples")
        .map(|entry| entry.expect("a sample").path().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(&format!(".{format}")))
        .collect();
    files.sort();
    files
}

fn drawn_from(files: &[String]) -> String {
    let mut arguments = vec!["--sample"];
    arguments.extend(files.iter().map(String::as_str));
    let (spec, told) = init(&arguments);
    assert!(!told.contains("needs your hand"), "{told}\n{spec}");
    spec
}

/// Table, column, type, whether key, what it refers to: what must not change when data is drawn up, made and drawn up again.
fn structure(spec: &str) -> Vec<String> {
    let spec: serde_json::Value =
        serde_yaml::from_str(&spec.replace(" null: ", " \"null\": ").replace(" null}", " ~}"))
            .expect("a spec");
    let mut found = Vec::new();
    for (table, of) in spec["tables"].as_object().expect("tables") {
        found.push(format!("{table}: {} {}", of["primary_key"], of["rows"]["per"]));
        for (column, of) in of["columns"].as_object().expect("columns") {
            let text = match of {
                serde_json::Value::String(text) => {
                    let (of_type, rest) =
                        text.split_once(" primary key").map_or((text.as_str(), ""), |(a, _)| (a, " key"));
                    let of_type = of_type.replace(" not null", "").replace(" unique", "");
                    format!("{of_type}{rest}")
                }
                long => {
                    let key = if long["primary_key"] == true { " key" } else { "" };
                    let reference = match &long["references"] {
                        serde_json::Value::Null => String::new(),
                        to => format!(" references {}", to.as_str().unwrap_or("")),
                    };
                    format!("{}{reference}{key}", long["type"].as_str().unwrap_or(""))
                }
            };
            found.push(format!("{table}.{column}: {text}"));
        }
    }
    found
}

#[test]
fn samples_of_a_shop_become_a_spec_whose_data_is_like_them() {
    let directory = tempfile::tempdir().expect("a directory");
    for format in ["csv", "jsonl", "parquet"] {
        let first = directory.path().join(format!("{format}-1"));
        let spec = drawn_from(&samples(&first, "examples/10-design-shop.yaml", format));
        let path = written(directory.path(), &format!("{format}.yaml"), &spec);
        loaded(&stdout(&["generate", &path, "--quiet"]), &spec);
        let second = directory.path().join(format!("{format}-2"));
        let again = drawn_from(&samples(&second, &path, format));
        assert_eq!(structure(&again), structure(&spec), "as {format}:\n{spec}\n{again}");
        let shown = spec.replace(&format!("{}/", first.display()), "");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format!("init.shop.{format}"), shown));
    }
}

#[test]
fn no_value_of_the_data_stands_in_a_spec_without_values() {
    let directory = tempfile::tempdir().expect("a directory");
    let rows: String =
        (0..200).map(|n| format!("{n},{},Case-{},{}.37\n", ["Cancer", "Flu"][n % 2], 4711 + n, n)).collect();
    let file = written(directory.path(), "patients.csv", &format!("id,diagnosis,file_code,fee\n{rows}"));
    let (open, _) = init(&["--sample", &file]);
    assert!(open.contains("values: [Cancer, Flu]") && open.contains("199.37"), "{open}");
    let (hidden, _) = init(&["--sample", &file, "--no-values"]);
    // The file's directory has a random name.
    let hidden = hidden.replace(&file, "patients.csv");
    for value in ["Cancer", "Flu", "Case", "47", ".37"] {
        assert!(!hidden.contains(value), "{value} stands in\n{hidden}");
    }
    let path = written(directory.path(), "hidden.yaml", &hidden);
    stdout(&["generate", &path, "--quiet"]);
}

#[test]
fn samples_that_are_no_tables_are_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, text: &str| written(directory.path(), name, text);
    let refused = |arguments: &[&str], code: i32, words: &[&str]| {
        let mut all = vec!["init"];
        all.extend(arguments);
        let output = run(&all);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        words.iter().for_each(|words| assert!(told.contains(words), "no {words:?} in:\n{told}"));
    };
    let ragged = file("ragged.csv", "a,b\n1,2\n3\n");
    refused(&["--sample", &ragged], 2, &["ragged.csv:3: 1 fields, but the header has 2"]);
    refused(&["--sample", &file("empty.csv", "")], 2, &["empty.csv has no rows"]);
    refused(&["--sample", &file("header.csv", "a,b\n")], 2, &["header.csv has no rows"]);
    refused(&["--sample", &file("x.dat", "1")], 1, &["x.dat", ".csv, .tsv, .jsonl"]);
    refused(&["--sample", "missing.csv"], 1, &["cannot read missing.csv"]);
    refused(&["--sample", &file("x.parquet", "no")], 2, &["x.parquet: this is not Parquet"]);
    refused(&["--sample", &file("x.jsonl", "{\"a\": 1}\n{]\n")], 2, &["x.jsonl:2: this is not JSON"]);
    let twins = [file("t.csv", "a\n1\n"), file("t.jsonl", "{\"a\": 1}\n")];
    refused(&["--sample", &twins[0], &twins[1]], 2, &["would both be the table `t`"]);
    refused(&["--sample", &ragged, "--ddl", "x.sql"], 1, &["cannot be used with"]);
    refused(&["--ddl", "x.sql", "--no-values"], 1, &["cannot be used with"]);
    refused(&["--no-values"], 1, &["--ddl", "--sample"]);
}
