//! Archives are restored by the real pg_restore, whole and in parts, and hold what the `copy` script holds.

mod support;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use support::postgres::{Database, contents, pg_restore};
use support::{Shipped, datagen, run, shipped, stdout};

const SHOP: &str = "specs/ecommerce.yaml";

/// Specs with all that an archive has entries for, and with values that are hard to write.
const VARIED: [&str; 7] = [
    "02-types",
    "29-names-and-indexes",
    "72-datagen-cli",
    "ecommerce",
    "hidden-and-params",
    "nasty-text",
    "table-cycle",
];

/// An archive of a spec in a directory: a file, or a directory of its own.
fn archive(directory: &Path, spec: &str, scale: &str, more: &[&str]) -> PathBuf {
    let path = directory.join(format!("{}.dump", more.join("").replace('-', "")));
    let mut arguments = vec!["generate", spec, "--quiet", "--scale", scale, "-o", text(&path)];
    arguments.extend(more);
    stdout(&arguments);
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A database with the spec's `copy` script.
fn loaded(spec: &str, scale: &str) -> Database {
    let database = Database::new();
    let script = stdout(&["generate", spec, "--quiet", "--scale", scale, "--format", "copy"]);
    database.load(&script).unwrap_or_else(|told| panic!("{spec}: {told}"));
    database
}

/// A database with what pg_restore makes of an archive.
fn restored(archive: &Path, arguments: &[&str]) -> Database {
    let database = Database::new();
    let arguments: Vec<&str> = arguments.iter().copied().chain([text(archive)]).collect();
    database.restore(&arguments).unwrap_or_else(|told| panic!("pg_restore {}: {told}", arguments.join(" ")));
    database
}

/// What a database has: its schema, the numbers its sequences give next, and its rows.
fn all(database: &Database) -> (String, Vec<String>, Vec<String>) {
    let sequences = "select sequencename, last_value from pg_sequences order by 1";
    (database.schema(), database.lines(sequences), contents(database))
}

#[test]
fn archives_are_restored_as_copy_scripts_are_loaded() {
    let chosen: Vec<Shipped> = shipped().into_iter().filter(|spec| VARIED.contains(&&*spec.name)).collect();
    assert_eq!(chosen.len(), VARIED.len(), "they are all shipped");
    for Shipped { path, scale, .. } in chosen {
        let directory = tempfile::tempdir().unwrap();
        let expected = all(&loaded(&path, scale));
        for format in ["custom", "directory"] {
            let archive = archive(directory.path(), &path, scale, &["--format", format]);
            let found = all(&restored(&archive, &["-j", "2"]));
            assert_eq!(found, expected, "{path} as {format}");
        }
    }
}

#[test]
fn a_name_that_ends_in_dump_asks_for_an_archive() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tour.dump");
    stdout(&["generate", "examples/00-tour.yaml", "--quiet", "-o", text(&path)]);
    let archive = fs::read(&path).unwrap();
    assert!(archive.starts_with(b"PGDMP\x01\x0e"), "version 1.14");
    // A directory gets the archive as a file, or is one.
    let place = format!("{}/of-one/", directory.path().display());
    stdout(&["generate", "examples/00-tour.yaml", "--quiet", "--format", "custom", "-o", &place]);
    assert_eq!(fs::read(Path::new(&place).join("data.dump")).unwrap(), archive);
    let place = directory.path().join("of-several");
    stdout(&["generate", "examples/00-tour.yaml", "--quiet", "--format", "directory", "-o", text(&place)]);
    let entries = fs::read_dir(&place).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["1.dat.gz", "2.dat.gz", "toc.dat"]);
}

#[test]
fn archives_need_not_be_compressed() {
    let directory = tempfile::tempdir().unwrap();
    let expected = all(&loaded(SHOP, "0.002"));
    for format in ["custom", "directory"] {
        let archive = archive(directory.path(), SHOP, "0.002", &["--format", format, "--compress", "none"]);
        assert_eq!(all(&restored(&archive, &["-j", "2"])), expected, "{format}");
        assert_eq!(all(&restored(&archive, &["--single-transaction"])), expected, "{format}");
    }
}

#[test]
fn the_bytes_are_the_same_however_the_work_is_cut() {
    let directory = tempfile::tempdir().unwrap();
    let bytes = |jobs, rows| {
        let cut = ["--format", "custom", "--jobs", jobs, "--batch-size", rows];
        fs::read(archive(directory.path(), SHOP, "0.03", &cut)).unwrap()
    };
    let one = bytes("1", "1024");
    assert!(one == bytes("3", "1024") && one == bytes("2", "777"));
    assert!(one.len() > 100_000, "several chunks of rows");
}

#[test]
fn pg_restore_lists_what_is_in_an_archive() {
    let directory = tempfile::tempdir().unwrap();
    let archive = archive(directory.path(), "examples/00-tour.yaml", "1", &["--format", "custom"]);
    let listed = pg_restore(&["-l", text(&archive)], Stdio::null()).unwrap();
    for head in ["Archive created at 2000-01-01", "Format: CUSTOM", "Dump Version: 1.14-0"] {
        assert!(listed.contains(head), "{head}: {listed}");
    }
    let entries: Vec<&str> = listed.lines().filter(|line| !line.starts_with(';')).collect();
    let expected = [
        "5; 0 0 TABLE public customers ",
        "6; 0 0 TABLE public orders ",
        "1; 0 0 TABLE DATA public customers ",
        "2; 0 0 TABLE DATA public orders ",
        "7; 0 0 CONSTRAINT public customers customers_pkey ",
        "8; 0 0 CONSTRAINT public customers customers_email_key ",
        "9; 0 0 CONSTRAINT public orders orders_pkey ",
        "10; 0 0 FK CONSTRAINT public orders orders_customer_id_fkey ",
    ];
    assert_eq!(entries, expected);
}

#[test]
fn a_table_a_section_or_a_list_can_be_restored_alone() {
    let directory = tempfile::tempdir().unwrap();
    let archive = archive(directory.path(), SHOP, "0.002", &["--format", "custom"]);
    let whole = restored(&archive, &[]);
    let count = |database: &Database| database.query("select count(*) from customers");

    let schema = restored(&archive, &["--schema-only"]);
    assert_eq!((schema.schema(), count(&schema)), (whole.schema(), "0".to_owned()));

    let sections = restored(&archive, &["--section", "pre-data"]);
    // NOT NULL is one to PostgreSQL 18.
    let constraints =
        "select count(*) from pg_constraint where conrelid = 'orders'::regclass and contype <> 'n'";
    assert_eq!(sections.query(constraints), "0");
    for section in ["data", "post-data"] {
        sections.restore(&["--section", section, text(&archive)]).unwrap();
    }
    assert_eq!(all(&sections), all(&whole));

    let data = restored(&archive, &["--section", "pre-data"]);
    data.restore(&["--data-only", text(&archive)]).unwrap();
    assert_eq!(contents(&data), contents(&whole));

    let listed = pg_restore(&["-l", text(&archive)], Stdio::null()).unwrap();
    let types = |line: &&str| line.contains(" TYPE ");
    let of_table = |line: &&str| line.ends_with(" public customers ") || line.contains(" customers_pkey ");
    let chosen: Vec<&str> = listed.lines().filter(|line| types(line) || of_table(line)).collect();
    let list = directory.path().join("chosen.list");
    fs::write(&list, chosen.join("\n")).unwrap();
    let chosen = restored(&archive, &["--use-list", text(&list)]);
    assert_eq!(
        chosen.query("select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'"),
        "customers"
    );
    assert_eq!(
        chosen.query(
            "select count(*) from pg_constraint where conrelid = 'customers'::regclass and contype = 'p'"
        ),
        "1"
    );
    assert_eq!(count(&chosen), count(&whole));

    // A table alone: its type is not, as pg_dump has it.
    let one = Database::new();
    one.restore(&["--table", "products", "--table", "categories", text(&archive)]).unwrap();
    assert_eq!(one.query("select count(*) from products"), whole.query("select count(*) from products"));
    assert_eq!(one.query("select count(*) from pg_tables where schemaname = 'public'"), "2");
}

#[test]
fn an_archive_is_restored_over_itself() {
    let directory = tempfile::tempdir().unwrap();
    for spec in ["examples/02-types.yaml", SHOP, "examples/table-cycle.yaml"] {
        let archive = archive(directory.path(), spec, "0.002", &["--format", "custom"]);
        let database = restored(&archive, &[]);
        let before = all(&database);
        database.restore(&["--clean", text(&archive)]).unwrap_or_else(|told| panic!("{spec}: {told}"));
        database.restore(&["--clean", "--if-exists", text(&archive)]).unwrap();
        assert_eq!(all(&database), before, "{spec}");
    }
}

#[test]
fn the_schema_and_the_data_can_be_in_archives_of_their_own() {
    let directory = tempfile::tempdir().unwrap();
    for format in ["custom", "directory"] {
        let of = |more| archive(directory.path(), SHOP, "0.002", &["--format", format, more]);
        let (schema, data) = (of("--schema-only"), of("--data-only"));
        let database = restored(&schema, &[]);
        database.restore(&["-j", "2", "--disable-triggers", text(&data)]).unwrap();
        assert_eq!(all(&database), all(&loaded(SHOP, "0.002")), "{format}");
    }
}

#[test]
fn a_stream_is_restored_as_it_comes() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = datagen(&["generate", SHOP, "--scale", "0.002", "--format", "custom", "--quiet"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stream = child.stdout.take().expect("piped");
    let script = pg_restore(&["-f", "-"], stream.into()).unwrap();
    assert!(child.wait().unwrap().success());
    let database = Database::new();
    database.load(script.as_bytes()).unwrap();
    assert_eq!(all(&database), all(&loaded(SHOP, "0.002")));

    // Kept in a file, it says nothing of where the data are; pg_restore looks for them.
    let kept = directory.path().join("kept.dump");
    let status = datagen(&["generate", SHOP, "--scale", "0.002", "--format", "custom", "--quiet"])
        .stdout(File::create(&kept).unwrap())
        .status();
    assert!(status.unwrap().success());
    assert_eq!(contents(&restored(&kept, &[])), contents(&database));
}

#[test]
fn what_an_archive_cannot_be_is_refused() {
    let refused = |arguments: &[&str], message: &str| {
        let all: Vec<&str> = ["generate", SHOP, "--quiet"].iter().chain(arguments).copied().collect();
        let output = run(&all);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(message), "{told}");
    };
    refused(&["--format", "directory"], "a directory archive is not written to standard output");
    refused(
        &["--format", "custom", "--part", "1", "--parts", "2", "-o", "x.dump"],
        "--parts: a custom archive is written as a whole",
    );
    refused(&["--format", "custom", "--compress", "zstd"], "custom files cannot be compressed by zstd");
}
