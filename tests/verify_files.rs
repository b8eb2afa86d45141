//! `datagen verify` over directories of files: as they were written, and damaged.

mod support;

use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use support::{Shipped, files_in, package, run, shipped};

const TOUR: &str = "examples/00-tour.yaml";

/// What `verify` says of a directory: its exit code, the report, and what else it says.
fn verified(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let place = directory.to_str().expect("UTF-8");
    let all: Vec<&str> = ["verify", "--to", place].iter().chain(arguments).copied().collect();
    let output = run(&all);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

fn expect_equal(directory: &Path, arguments: &[&str]) {
    let (code, report, told) = verified(directory, arguments);
    assert_eq!(code, 0, "{arguments:?}: {report}{told}");
    assert!(!report.is_empty() && report.lines().all(|line| line.ends_with(", as expected")), "{report}");
}

fn differences(directory: &Path, arguments: &[&str]) -> Vec<String> {
    let (code, report, told) = verified(directory, arguments);
    assert_eq!(code, 5, "{arguments:?}: {report}{told}");
    report.lines().filter_map(|line| line.strip_prefix("  ")).map(str::to_owned).collect()
}

/// Changes a file's text, line by line.
fn change(path: &Path, mut line: impl FnMut(usize, &str) -> String) {
    let text = fs::read_to_string(path).expect("a text");
    let changed: String = text.lines().enumerate().map(|(at, of)| line(at, of)).collect();
    assert_ne!(changed, text, "something was changed");
    fs::write(path, changed).expect("a file");
}

#[test]
fn what_was_written_is_as_expected() {
    let names = ["02-types", "35-history", "55-noise", "ecommerce", "nasty-text"];
    let chosen: Vec<Shipped> = shipped().into_iter().filter(|spec| names.contains(&&*spec.name)).collect();
    assert_eq!(chosen.len(), names.len());
    let ways: [&[&str]; 6] = [
        &["--format", "csv"],
        &["--format", "csv", "--compress", "gzip"],
        &["--format", "csv", "--compress", "zstd"],
        &["--format", "parquet"],
        &["--format", "parquet", "--compress", "zstd", "--parquet-encoding", "plain"],
        &["--format", "parquet", "--row-group-rows", "1024"],
    ];
    for spec in chosen {
        for way in ways {
            let directory = tempfile::tempdir().unwrap();
            files_in(directory.path(), &[&[&*spec.path, "--scale", spec.scale], way].concat());
            expect_equal(directory.path(), &[&spec.path, "--scale", spec.scale]);
            expect_equal(directory.path(), &[&spec.path, "--scale", spec.scale, "--sample", "1%"]);
        }
    }
}

#[test]
fn parts_are_put_together_and_must_be_complete() {
    for format in ["csv", "parquet"] {
        let directory = tempfile::tempdir().unwrap();
        let spec = "specs/ecommerce.yaml";
        for part in ["1", "2", "3"] {
            let arguments = [spec, "--scale", "0.03", "--format", format, "--part", part, "--parts", "3"];
            files_in(
                directory.path(),
                &[&arguments[..], &["--row-group-rows", "1024"][..usize::from(format == "parquet") * 2]]
                    .concat(),
            );
        }
        expect_equal(directory.path(), &[spec, "--scale", "0.03"]);
        fs::remove_file(directory.path().join(format!("orders.2-of-3.{format}"))).unwrap();
        let found = differences(directory.path(), &[spec, "--scale", "0.03", "--table", "orders"]);
        assert!(found[0].starts_with("its files are not one or all parts of one: "), "{found:?}");
    }
}

#[test]
fn changed_missing_and_added_lines_of_csv_are_told_as_that() {
    let directory = tempfile::tempdir().unwrap();
    files_in(directory.path(), &[TOUR, "--format", "csv"]);
    change(&directory.path().join("orders.csv"), |at, line| match at {
        // The header is the line before the first row.
        17 => format!("{}9\n", line),
        40 | 41 => String::new(),
        3_000 => format!("{line}\n900000,1,2025-01-01,5.00\n"),
        _ => format!("{line}\n"),
    });
    let found = differences(directory.path(), &[TOUR, "--format", "csv"]);
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found[0].starts_with("row 17 (id 17), total: expected "), "{found:?}");
    assert_eq!(
        found[1..4],
        ["row 40 (id 40) is missing", "row 41 (id 41) is missing", "a row too many: id 900000"]
    );
    assert_eq!(found[4], "expected 3,045 rows, found 3,044");
}

#[test]
fn nothing_and_an_empty_text_are_not_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let spec = "examples/nasty-text.yaml";
    files_in(directory.path(), &[spec, "--format", "csv"]);
    let path = directory.path().join("nasty.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen(",\"\",", ",,", 1)).unwrap();
    let found = differences(directory.path(), &[spec]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with(": expected ``, found null"), "{found:?}");
}

#[test]
fn compressed_files_are_looked_into() {
    let directory = tempfile::tempdir().unwrap();
    files_in(directory.path(), &[TOUR, "--format", "csv"]);
    let path = directory.path().join("customers.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let cut = text.lines().take(500).map(|line| format!("{line}\n")).collect::<String>();
    let file = fs::File::create(directory.path().join("customers.csv.gz")).unwrap();
    let mut encoder = GzEncoder::new(file, Compression::fast());
    encoder.write_all(cut.as_bytes()).unwrap();
    encoder.finish().unwrap();
    let found = differences(directory.path(), &[TOUR, "--table", "customers"]);
    assert_eq!(found[0], "row 500 (id 500) is missing");
    assert_eq!(found.last().unwrap(), "and 482 more");
}

#[test]
fn a_changed_cell_of_each_column_of_parquet_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let spec = "examples/02-types.yaml";
    files_in(directory.path(), &[spec, "--format", "parquet"]);
    // Row after row, another of its columns takes the value of another row.
    let script = r#"
import sys, pyarrow as pa, pyarrow.parquet as pq
path = sys.argv[1]
table = pq.read_table(path)
changed = 0
for at, name in enumerate(table.column_names):
    if at == 0:
        continue
    values = table.column(name).to_pylist()
    other = next((value for value in values if value != values[at]), None)
    assert other != values[at], name
    values[at] = other
    table = table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))
    changed += 1
pq.write_table(table, path)
print(changed)
"#;
    let python = package().join(".venv/bin/python");
    let path = directory.path().join("types.parquet");
    let output = Command::new(python).args(["-c", script]).arg(&path).output().expect("python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let changed: usize = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
    let found = differences(directory.path(), &[spec, "--max-differences", "100"]);
    assert_eq!(found.len(), changed, "{found:#?}");
    for (at, line) in found.iter().enumerate() {
        let row = at + 2;
        assert!(line.starts_with(&format!("row {row} (c_bigserial {row}), c_")), "{line}");
    }
}

#[test]
fn what_is_not_there_is_told() {
    let directory = tempfile::tempdir().unwrap();
    files_in(directory.path(), &[TOUR, "--format", "csv"]);
    fs::remove_file(directory.path().join("orders.csv")).unwrap();
    change(&directory.path().join("customers.csv"), |at, line| {
        let (start, _) = line.rsplit_once(',').expect("several columns");
        if at == 0 { format!("{start},more\n") } else { format!("{start},1\n") }
    });
    let found = differences(directory.path(), &[TOUR]);
    assert_eq!(
        found,
        ["there is no column lifetime_value", "there is a column too many, more", "there is no file of it"]
    );

    let refused = |arguments: &[&str], message: &str| {
        let (code, _, told) = verified(directory.path(), arguments);
        assert_eq!(code, 1, "{told}");
        assert!(told.contains(message), "{told}");
    };
    refused(&[TOUR, "--constraints-only"], "--constraints-only is for databases");
    let empty = tempfile::tempdir().unwrap();
    let (code, _, told) = verified(empty.path(), &[TOUR]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("there are no CSV or Parquet files of these tables"), "{told}");
}
