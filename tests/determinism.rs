//! The same spec and seed give the same bytes, however the work is cut; and what is not touched does not change.

mod support;

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use support::{
    Shipped, WITHOUT_BINARY, as_json, directory_for_copies, files, is_one_text, shipped, stdout, write_spec,
};

/// Small enough for a batch of one row in a debug build, large enough for several batches of a thousand.
fn scale(spec: &Shipped) -> &'static str {
    if spec.path.starts_with("specs/") { "0.002" } else { "1" }
}

/// Ways to cut the work, none of which may show.
const CUTS: [&[&str]; 3] = [
    &["--jobs", "1", "--batch-size", "7"],
    &["--jobs", "2", "--batch-size", "1"],
    &["--jobs", "3", "--batch-size", "8192"],
];

#[test]
fn scripts_and_archives_are_the_same_bytes_however_the_work_is_cut() {
    for spec in shipped() {
        for format in ["insert", "copy", "custom"] {
            let whole = ["generate", &spec.path, "--quiet", "--format", format, "--scale", scale(&spec)];
            let expected = stdout(&whole);
            for cut in CUTS {
                let bytes = stdout(&[&whole[..], cut].concat());
                assert!(bytes == expected, "{} as {format} with {cut:?} differs", spec.path);
            }
        }
    }
}

#[test]
fn files_are_the_same_bytes_however_the_work_is_cut() {
    for spec in shipped() {
        for format in ["copy-binary", "csv", "jsonl", "parquet", "arrow"] {
            if format == "copy-binary" && spec.name == WITHOUT_BINARY {
                continue;
            }
            let whole = [&spec.path, "--format", format, "--scale", scale(&spec)];
            let expected = files(&whole);
            for cut in CUTS {
                let found = files(&[&whole[..], cut].concat());
                let differing = differing(&expected, &found);
                assert!(differing.is_empty(), "{} as {format} with {cut:?}: {differing:?}", spec.path);
            }
        }
    }
}

/// Large enough that the first rows settle how columns are written, and where row groups end.
const LARGE: &str = "
version: 1
tables:
  events:
    rows: 120_000
    columns:
      id: bigint primary key
      kind: {type: text, not_null: true, values: {open: 5, close: 5, fail: 1}}
      amount: {type: 'numeric(12,2)', min: 0, max: 9000}
      happened_on: {type: date, null: 10%, min: 2020-01-01, max: 2025-12-31}
      note: {type: text, template: 'event {id} of {kind}'}
";

#[test]
fn parquet_of_large_tables_is_the_same_bytes_however_the_work_is_cut() {
    let directory = directory_for_copies();
    let path = write_spec(directory.path(), "large.yaml", LARGE);
    for part in ["1", "2"] {
        let whole =
            [&path, "--format", "parquet", "--row-group-bytes", "300k", "--part", part, "--parts", "2"];
        let expected = files(&whole);
        for cut in [["--jobs", "1", "--batch-size", "777"], ["--jobs", "3", "--batch-size", "8192"]] {
            let found = files(&[&whole[..], &cut].concat());
            assert!(differing(&expected, &found).is_empty(), "part {part} with {cut:?} differs");
        }
    }
}

fn differing(expected: &BTreeMap<String, Vec<u8>>, found: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names = expected.keys().chain(found.keys());
    names.filter(|name| expected.get(*name) != found.get(*name)).cloned().collect()
}

#[test]
fn parts_put_end_to_end_are_the_whole() {
    for spec in shipped() {
        for format in ["insert", "copy"] {
            let whole = ["generate", &spec.path, "--quiet", "--format", format, "--scale", scale(&spec)];
            assert!(put_together(&whole) == stdout(&whole), "{} as {format}", spec.path);
        }
        for format in ["csv", "jsonl"] {
            for table in tables(&as_json(&spec)).into_iter().filter(|_| is_one_text(&spec)) {
                let whole = [
                    "generate",
                    &spec.path,
                    "--quiet",
                    "--format",
                    format,
                    "--table",
                    &table,
                    "--scale",
                    scale(&spec),
                ];
                assert!(put_together(&whole) == stdout(&whole), "{} as {format}: {table}", spec.path);
            }
        }
    }
}

/// Three parts of a run, one after the other.
fn put_together(whole: &[&str]) -> Vec<u8> {
    let part = |part: &str| stdout(&[whole, &["--part", part, "--parts", "3"]].concat());
    ["1", "2", "3"].map(part).concat()
}

/// Names of the tables that are written.
fn tables(spec: &Value) -> Vec<String> {
    let tables = spec["tables"].as_object().expect("tables").iter();
    tables.filter(|(_, table)| table["hidden"] != true).map(|(name, _)| name.clone()).collect()
}

#[test]
fn yaml_and_the_same_in_json_are_the_same_data() {
    let directory = directory_for_copies();
    for spec in shipped().into_iter().filter(is_one_text) {
        let json = serde_json::to_string(&as_json(&spec)).unwrap();
        let translated = write_spec(directory.path(), &format!("{}.json", spec.name), &json);
        let script =
            |path: &str| stdout(&["generate", path, "--quiet", "--format", "copy", "--scale", scale(&spec)]);
        assert!(script(&spec.path) == script(&translated), "{}", spec.path);
    }
}

#[test]
fn a_new_column_or_table_leaves_all_other_values_alone() {
    let directory = directory_for_copies();
    for spec in shipped().into_iter().filter(is_one_text) {
        let mut changed = as_json(&spec);
        let tables = changed["tables"].as_object_mut().expect("tables");
        for table in tables.values_mut() {
            let columns = table["columns"].as_object_mut().expect("columns");
            // In front of all others, so that every position moves.
            let mut grown = Map::from_iter([("a_new_column".to_string(), json!("int"))]);
            grown.append(columns);
            *columns = grown;
        }
        let columns = json!({"rows": 7, "columns": {"id": "int primary key", "name": "text"}});
        let mut grown = Map::from_iter([("a_new_table".to_string(), columns)]);
        grown.append(tables);
        *tables = grown;
        let path = write_spec(directory.path(), &format!("{}.json", spec.name), &changed.to_string());

        let before = rows(&files(&[&spec.path, "--format", "jsonl", "--scale", scale(&spec)]));
        let mut after = rows(&files(&[&path, "--format", "jsonl", "--scale", scale(&spec)]));
        assert_eq!(after.remove("a_new_table.jsonl").map(|rows| rows.len()), Some(7), "{}", spec.path);
        for row in after.values_mut().flatten() {
            assert!(row.remove("a_new_column").is_some(), "{}: the column is there", spec.path);
        }
        assert!(before == after, "{}: a value changed", spec.path);
    }
}

/// The rows of JSONL files, by file.
fn rows(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<Map<String, Value>>> {
    let parse = |text: &[u8]| {
        let text = String::from_utf8(text.to_vec()).expect("JSON is UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON object")).collect()
    };
    files.iter().map(|(name, text)| (name.clone(), parse(text))).collect()
}

#[test]
fn a_grown_table_keeps_the_rows_it_had() {
    let directory = tempfile::tempdir().unwrap();
    let text = |rows: u32| {
        format!(
            "version: 1\ntables:\n  a:\n    rows: {rows}\n    columns:\n      id: int primary key\n      name: text\n      \
             amount: {{type: 'numeric(8,2)', min: 0, max: 1000, null: 20%}}\n"
        )
    };
    let [small, large] = [100, 1000].map(|rows| {
        let path = write_spec(directory.path(), &format!("{rows}.yaml"), &text(rows));
        String::from_utf8(stdout(&["generate", &path, "--quiet", "--format", "csv", "--table", "a"])).unwrap()
    });
    assert!(large.starts_with(&small));
}

#[test]
fn another_seed_gives_other_data() {
    let run = |seed| {
        stdout(&["generate", "examples/01-minimal.yaml", "--quiet", "--format", "csv", "--seed", seed])
    };
    let [one, again, other] = ["1", "1", "2"].map(run);
    assert!(one == again);
    assert!(one != other);
}
