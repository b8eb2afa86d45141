//! Questions at a terminal: a real one, in which answers are typed.

mod support;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use support::package;

/// The end of the input, as a person types it: Ctrl-D.
const END: &str = "\u{4}";

/// Ctrl-C.
const INTERRUPT: &str = "\u{3}";

/// What a terminal showed, and how the command ended.
struct Talk {
    code: i64,
    shown: String,
}

/// Runs datagen in a terminal, in a directory, and types each answer when its question is there.
fn talk(directory: &Path, arguments: &[&str], answers: &[(&str, &str)]) -> Talk {
    let python = package().join(".venv/bin/python");
    assert!(python.exists(), "{} is not there: `make test-deps` makes it", python.display());
    let mut command = Command::new(python);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DATAGEN_")) {
        command.env_remove(name);
    }
    let answers: Vec<Value> = answers.iter().map(|(question, answer)| json!([question, answer])).collect();
    let output = command
        .arg(package().join("tests/readers/terminal.py"))
        .arg(Value::Array(answers).to_string())
        .arg(env!("CARGO_BIN_EXE_datagen"))
        .args(arguments)
        .current_dir(directory)
        .env("TERM", "dumb")
        .output()
        .expect("python starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let talk: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    Talk {
        code: talk["code"].as_i64().expect("a code"),
        shown: talk["shown"].as_str().expect("text").to_owned(),
    }
}

impl Talk {
    #[track_caller]
    fn shows(&self, code: i64, words: &[&str]) -> &Self {
        assert_eq!(self.code, code, "{}", self.shown);
        for words in words {
            assert!(self.shown.contains(words), "no {words:?} in:\n{}", self.shown);
        }
        self
    }
}

fn place() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn four_answers_make_the_data_and_say_the_command() {
    let place = place();
    let talk = talk(
        place.path(),
        &["new"],
        &[
            ("Which data?", "ecom\n"),
            ("How much?", "600 kB\n"),
            ("Which format?", "par\n"),
            ("Which folder?", "my shop\n"),
        ],
    );
    let command = "datagen generate --spec ecommerce --size 600kB --format parquet --output 'my shop/'";
    talk.shows(0, &["ecommerce: a shop", command, "--scale 0.0", "rows/s"]);
    let folder = place.path().join("my shop");
    assert!(names(&folder).contains(&"orders.parquet".to_owned()), "{:?}", names(&folder));
    let bytes: u64 = names(&folder).iter().map(|name| fs::metadata(folder.join(name)).unwrap().len()).sum();
    assert!((bytes as f64 / 6e5 - 1.0).abs() < 0.03, "{bytes}");
}

#[test]
fn enter_takes_what_stands_in_brackets() {
    let place = place();
    fs::create_dir(place.path().join("ecommerce")).unwrap();
    let talk = talk(
        place.path(),
        &["new"],
        &[("Which data?", "\n"), ("How much?", "0.001\n"), ("Which format?", "\n"), ("Which folder?", "\n")],
    );
    // A folder that is there already is not offered.
    talk.shows(0, &["generate --spec ecommerce --scale 0.001 --format insert --output ecommerce-2/\n"]);
    assert_eq!(names(&place.path().join("ecommerce-2")).len(), 14);
}

#[test]
fn what_cannot_be_read_is_asked_again() {
    let place = place();
    fs::create_dir(place.path().join("full")).unwrap();
    fs::write(place.path().join("full/orders.csv"), "mine").unwrap();
    let talk = talk(
        place.path(),
        &["new"],
        &[
            ("Which data?", "zoo\n"),
            ("nothing is called `zoo`; there are", "tpc-hh\n"),
            ("How much?", "much\n"),
            ("`much` is no size", "300kB\n"),
            ("Which format?", "sql\n"),
            ("that may be insert or copy", "cvs\n"),
            ("Which folder?", "full\n"),
            ("full/ has files in it", "\n"),
            ("Which folder?", "other/\n"),
        ],
    );
    talk.shows(0, &["--spec tpch --size 300kB --format csv --output other/"]);
    assert_eq!(fs::read_to_string(place.path().join("full/orders.csv")).unwrap(), "mine");
    assert!(place.path().join("other/lineitem.csv").exists());
}

#[test]
fn a_spec_of_ones_own_is_named_by_its_file() {
    let place = place();
    let spec = "tables: {t: {rows: 100k * scale, columns: {id: bigint primary key}}}\n";
    fs::write(place.path().join("mine.yaml"), spec).unwrap();
    let talk = talk(
        place.path(),
        &["new"],
        &[
            ("Which data?", "mine.yaml\n"),
            ("How much?", "5kB\n"),
            ("Which format?", "json\n"),
            ("Which folder?", "\n"),
        ],
    );
    talk.shows(0, &["datagen generate mine.yaml --size 5kB --format jsonl --output mine/"]);
    assert_eq!(names(&place.path().join("mine")), ["t.jsonl"]);
}

#[test]
fn generate_asks_only_for_what_it_was_not_told() {
    let place = place();
    let talk =
        talk(place.path(), &["generate", "--scale", "0.001", "-o", "tpch.sql"], &[("Which data?", "h\n")]);
    talk.shows(0, &["datagen generate --scale 0.001 -o tpch.sql --spec tpch\n"]);
    assert!(!talk.shown.contains("How much?") && !talk.shown.contains("Which f"), "{}", talk.shown);
    assert_eq!(names(place.path()), ["tpch.sql"]);
}

#[test]
fn leaving_makes_nothing() {
    let place = place();
    let left = talk(place.path(), &["new"], &[("Which data?", END)]);
    left.shows(130, &["nothing was made"]);
    let left = talk(place.path(), &["new"], &[("Which data?", "tpch\n"), ("How much?", INTERRUPT)]);
    assert_eq!(left.code, 130, "{}", left.shown);
    assert!(!left.shown.contains("panicked"), "{}", left.shown);
    assert!(names(place.path()).is_empty());
}

#[test]
fn nobody_is_asked_who_is_not_there() {
    let place = place();
    for (arguments, words) in [
        (&["new"][..], ["standard input is no terminal", "datagen generate --spec ecommerce --size"]),
        (&["generate"][..], ["no spec is named", "--spec ecommerce"]),
        (&["generate", "-f", "csv"][..], ["no spec is named", "datagen spec list"]),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_datagen"))
            .args(arguments)
            .current_dir(place.path())
            .stdin(Stdio::null())
            .output()
            .expect("starts");
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{said}");
        assert!(words.iter().all(|words| said.contains(words)), "{said}");
    }
}
