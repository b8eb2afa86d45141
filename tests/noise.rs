//! Noise: what is written differs from the clean data exactly where the answers say, as often as was asked, and nowhere else.

mod support;

use datagen::plan::Plan;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use support::front_door::planned;
use support::{files_in, run, stdout, write_spec};

const ROWS: usize = 2_000;

/// Every kind of noise, on every type that it is for.
const SPEC: &str = r#"version: 1
tables:
  people:
    rows: 2000
    duplicates: {share: 5%, copies: 2}
    columns:
      id: int primary key
      code: {type: text, unique: true, pattern: '[A-Z]{6}'}
      name: {type: varchar(24), not_null: true, fake: full_name, locale: de, noise: {typo: 10%, case: 5%, whitespace: 5%, encoding: 10%, blank: 2%}}
      country: {type: char(2), values: [DE, FR, IT], noise: {typo: 10%, placeholder: 5%, whitespace: 5%, case: 10%}}
      phone: {type: text, pattern: '\(0\d{2}\) \d{3}-\d{3}', null: 10%, noise: {format: 20%, blank: 10%, placeholder: {share: 5%, values: [none, "0"]}}}
      age: {type: smallint, min: 18, max: 95, noise: {outlier: 5%, typo: {share: 5%, typos: 2}, blank: 5%, placeholder: 5%}}
      income: {type: "numeric(10,2)", min: 500, max: 9000, noise: {outlier: 5%, typo: 5%}}
      wealth: {type: "numeric(30,2)", min: -500, max: 9000, noise: {outlier: 5%}}
      score: {type: real, min: -1, max: 1, noise: {outlier: 5%, placeholder: {share: 1%, values: [-99.5]}}}
      ratio: {type: double precision, distribution: {normal: {mean: 1, std_dev: 1}}, noise: {outlier: {share: 5%, min: 100, max: 900}}}
      born_on: {type: date, min: 1930-01-01, max: 2005-12-31, noise: {outlier: 5%, placeholder: 5%, day_month: 10%}}
      seen_at: {type: timestamptz, min: 2024-01-01, max: as_of, noise: {outlier: 5%, blank: 5%, day_month: 10%}}
      tags: {type: "text[]", values: [a, b, c], length: {min: 0, max: 3}, noise: {blank: 10%}}
      is_member: {type: boolean, noise: {blank: 5%, placeholder: {share: 5%, values: ["true"]}}}
      greeting: {type: text, template: "Dear {name}"}
      spent: {type: "numeric(12,2)", expr: "coalesce(sum(orders.total), 0)"}
  orders:
    rows: {per: people, min: 0, max: 3, mean: 1}
    primary_key: [person_id, no]
    columns:
      person_id: {references: people}
      no: {type: int, expr: nth}
      total: {type: "numeric(8,2)", min: 1, max: 99, noise: {outlier: 10%}}
      buyer: {type: varchar(24), expr: person.name}
  shifts:
    rows: 4000
    gaps: {rows: 20%, share: 50%, except: [day]}
    columns:
      id: int primary key
      person_id: {references: people}
      day: {type: date, min: 2025-01-01, max: 2025-12-31}
      hours: {type: int, min: 2, max: 9, noise: {typo: 10%}}
      pay: {type: "numeric(8,2)", expr: hours * 12.5}
  bills:
    rows: {sample: shifts, fraction: 50%}
    columns:
      shift_id: {references: shifts, not_null: true}
      amount: {type: "numeric(8,2)", not_null: true, expr: shift.pay}
  notes:
    rows: 300
    columns:
      text: {type: text, fake: sentence, noise: {typo: 30%}}
"#;

/// A cell's text, `None` where it is null.
type Cell = Option<String>;

/// The lines of a CSV file as datagen writes it, the header first: null is empty without quotes.
fn csv(text: &str) -> Vec<Vec<Cell>> {
    let (mut lines, mut line, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut is_quoted, mut is_inside) = (false, false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if is_inside && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' => (is_inside, is_quoted) = (!is_inside, true),
            ',' | '\n' if !is_inside => {
                let text = std::mem::take(&mut cell);
                line.push((is_quoted || !text.is_empty()).then_some(text));
                is_quoted = false;
                if sign == '\n' {
                    lines.push(std::mem::take(&mut line));
                }
            }
            _ => cell.push(sign),
        }
    }
    lines
}

/// The data of the spec in CSV by table, dirty and clean, and the answers.
struct Made {
    dirty: BTreeMap<String, Vec<Vec<Cell>>>,
    clean: BTreeMap<String, Vec<Vec<Cell>>>,
    answers: Vec<Answer>,
}

struct Answer {
    table: String,
    row: usize,
    key: String,
    column: Cell,
    kind: String,
    clean: Cell,
    written: Cell,
    original: Cell,
}

fn made(spec: &str) -> Made {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = write_spec(directory.path(), "spec.yaml", spec);
    let tables = |folder: &str, more: &[&str]| {
        let target = directory.path().join(folder);
        let files = files_in(&target, &[&[path.as_str(), "--format", "csv"], more].concat());
        let files = files
            .into_iter()
            .map(|(name, bytes)| (name.replace(".csv", ""), csv(&String::from_utf8(bytes).expect("UTF-8"))));
        files.collect()
    };
    let file = directory.path().join("answers.csv");
    let dirty = tables("dirty", &["--answers", file.to_str().expect("UTF-8")]);
    let clean = tables("clean", &["--clean"]);
    let lines = csv(&fs::read_to_string(file).expect("the answers"));
    let names: Vec<&str> = lines[0].iter().flatten().map(String::as_str).collect();
    assert_eq!(names, ["table", "row", "key", "column", "kind", "clean", "written", "original"]);
    let answer = |line: &Vec<Cell>| {
        let text = |at: usize| line[at].clone().expect("always there");
        Answer {
            table: text(0),
            row: text(1).parse().expect("a number"),
            key: text(2),
            column: line[3].clone(),
            kind: text(4),
            clean: line[5].clone(),
            written: line[6].clone(),
            original: line[7].clone(),
        }
    };
    Made { dirty, clean, answers: lines[1..].iter().map(answer).collect() }
}

impl Made {
    /// A column of a table, its rows from the first on.
    fn column<'m>(&self, of: &'m BTreeMap<String, Vec<Vec<Cell>>>, table: &str, name: &str) -> Vec<&'m Cell> {
        let lines = &of[table];
        let at = lines[0].iter().position(|cell| cell.as_deref() == Some(name)).expect("a column");
        lines[1..].iter().map(|line| &line[at]).collect()
    }

    fn count(&self, column: &str, kind: &str) -> usize {
        self.answers
            .iter()
            .filter(|answer| answer.column.as_deref() == Some(column) && answer.kind == kind)
            .count()
    }
}

#[test]
fn dirty_and_clean_data_differ_where_the_answers_say_and_nowhere_else() {
    let made = made(SPEC);
    let mut told: BTreeMap<(String, usize, String), (Cell, Cell)> = BTreeMap::new();
    for answer in &made.answers {
        let Some(column) = &answer.column else { continue };
        let place = (answer.table.clone(), answer.row, column.clone());
        let before = told.insert(place, (answer.clean.clone(), answer.written.clone()));
        assert!(before.is_none(), "one line for each cell");
    }
    let mut found = BTreeMap::new();
    for (table, clean) in &made.clean {
        let dirty = &made.dirty[table];
        assert_eq!((clean.len(), &clean[0]), (dirty.len(), &dirty[0]));
        for (row, (clean, dirty)) in clean.iter().zip(dirty).enumerate() {
            for (at, (clean, dirty)) in clean.iter().zip(dirty).enumerate().filter(|(_, (a, b))| a != b) {
                let name = made.clean[table][0][at].clone().expect("a name");
                found.insert((table.clone(), row, name), (clean.clone(), dirty.clone()));
            }
        }
    }
    assert_eq!(found.len(), told.len());
    assert_eq!(found, told);
    let kinds: BTreeSet<&str> = made.answers.iter().map(|answer| answer.kind.as_str()).collect();
    let all = [
        "blank",
        "case",
        "day_month",
        "duplicate",
        "encoding",
        "format",
        "gap",
        "outlier",
        "placeholder",
        "typo",
        "whitespace",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
    let keys = |table: &str| {
        made.answers
            .iter()
            .find(|answer| answer.table == table)
            .map(|answer| (answer.row, answer.key.clone()))
    };
    let (row, key) = keys("orders").expect("orders are dirty");
    assert_eq!(
        Some(key),
        Some([0, 1].map(|at| made.clean["orders"][row][at].clone().expect("a key")).join(","))
    );
    let (row, key) = keys("notes").expect("notes are dirty");
    assert_eq!(key, row.to_string(), "rows without a key are called by their number");
}

#[test]
fn shares_are_exact() {
    let made = made(&SPEC.replace("    duplicates: {share: 5%, copies: 2}\n", ""));
    let expected = [
        ("income", "outlier", 5),
        ("income", "typo", 5),
        ("wealth", "outlier", 5),
        ("score", "outlier", 5),
        ("score", "placeholder", 1),
        ("ratio", "outlier", 5),
        ("born_on", "outlier", 5),
        ("seen_at", "blank", 5),
        ("tags", "blank", 10),
        ("name", "blank", 2),
        ("country", "placeholder", 5),
        ("age", "blank", 5),
    ];
    for (column, kind, percent) in expected {
        let count = made.count(column, kind);
        // A slip in 100.00 may leave a number as it was; nothing else here can stay.
        let most = ROWS * percent / 100;
        assert!(count <= most && count + most / 10 >= most, "{column} {kind}: {count} of {most}");
        assert!(
            kind == "typo" || kind == "placeholder" || count == most,
            "{column} {kind}: {count} of {most}"
        );
    }
    // Null stays null: a tenth of the phones have no value that could be blank.
    let phones = made.count("phone", "blank");
    assert!(phones.abs_diff(180) < 25, "{phones}");
}

#[test]
fn duplicates_repeat_rows_that_repeat_nobody() {
    let made = made(SPEC);
    let marks: Vec<&Answer> =
        made.answers.iter().filter(|answer| answer.column.is_none() && answer.kind == "duplicate").collect();
    assert_eq!(marks.len(), ROWS * 5 / 100);
    let duplicates: BTreeSet<&str> = marks.iter().map(|answer| answer.key.as_str()).collect();
    let mut copies: BTreeMap<&str, usize> = BTreeMap::new();
    for mark in &marks {
        let original = mark.original.as_deref().expect("a duplicate has an original");
        assert!(!duplicates.contains(original), "{original} is an original");
        *copies.entry(original).or_default() += 1;
    }
    assert!(copies.values().all(|count| *count == 2));
    let noisy: BTreeSet<(usize, &str)> = made
        .answers
        .iter()
        .filter(|answer| answer.table == "people" && answer.kind != "duplicate")
        .filter_map(|answer| Some((answer.row, answer.column.as_deref()?)))
        .collect();
    let mut near = 0;
    // Without phones: where the row's own is null, one that noise leaves out is the clean value by chance.
    for name in ["name", "country", "age", "income", "born_on", "tags", "greeting"] {
        let (dirty, clean) =
            (made.column(&made.dirty, "people", name), made.column(&made.clean, "people", name));
        for mark in &marks {
            let original: usize = mark.original.as_ref().expect("it has one").parse().expect("keys count");
            match noisy.contains(&(mark.row, name)) {
                true => near += 1,
                false => assert_eq!(dirty[mark.row - 1], clean[original - 1], "{name} of row {}", mark.row),
            }
        }
    }
    assert!(near > 50, "noise comes on top: {near}");
    for own in ["id", "code", "spent"] {
        assert_eq!(made.column(&made.dirty, "people", own), made.column(&made.clean, "people", own), "{own}");
    }
}

#[test]
fn values_are_missing_together_and_only_in_what_is_written() {
    let made = made(SPEC);
    let missing = |name: &str| -> BTreeSet<usize> {
        let gaps = made.answers.iter().filter(|answer| answer.kind == "gap");
        gaps.filter(|answer| answer.column.as_deref() == Some(name)).map(|answer| answer.row).collect()
    };
    let [person, hours, pay] = ["person_id", "hours", "pay"].map(missing);
    assert!(missing("day").is_empty() && missing("id").is_empty());
    // Five standard deviations of a tenth of 4,000 rows.
    for column in [&person, &hours, &pay] {
        assert!(column.len().abs_diff(400) < 95, "{}", column.len());
    }
    let with_gaps = person.union(&hours).copied().collect::<BTreeSet<_>>().union(&pay).count();
    assert!(with_gaps.abs_diff(700) < 125, "7 of 8 rows with gaps lack one of three values: {with_gaps}");
    let written = made.column(&made.dirty, "shifts", "pay");
    assert!(pay.iter().all(|row| written[row - 1].is_none()));
    assert_eq!(made.dirty["bills"], made.clean["bills"], "who reads a shift sees its pay");
}

#[test]
fn whatever_reads_a_dirty_column_sees_what_is_clean() {
    let spec = SPEC.replace("    duplicates: {share: 5%, copies: 2}\n", "");
    let made = made(&spec);
    for (table, column) in [("people", "greeting"), ("people", "spent"), ("orders", "buyer")] {
        assert_eq!(
            made.column(&made.dirty, table, column),
            made.column(&made.clean, table, column),
            "{column}"
        );
    }
    let (names, greetings) =
        (made.column(&made.clean, "people", "name"), made.column(&made.dirty, "people", "greeting"));
    for (name, greeting) in names.into_iter().zip(greetings) {
        assert_eq!(
            greeting.as_deref(),
            Some(format!("Dear {}", name.as_deref().expect("not null")).as_str())
        );
    }
}

#[test]
fn other_noise_and_another_order_of_it_change_nothing_else() {
    let before = made(SPEC);
    let turned = SPEC.replace("noise: {outlier: 5%, typo: 5%}", "noise: {typo: 5%, outlier: 5%}");
    let more =
        turned.replace("fake: sentence, noise: {typo: 30%}", "fake: sentence, noise: {typo: 50%, case: 10%}");
    let after = made(&more);
    assert_eq!(before.clean, after.clean);
    assert_eq!(before.dirty["people"], after.dirty["people"]);
    assert_eq!(before.dirty["orders"], after.dirty["orders"]);
    assert_ne!(before.dirty["notes"], after.dirty["notes"]);
}

/// The answers beside a run with these arguments, and what it wrote.
fn answers(directory: &Path, spec: &str, ending: &str, arguments: &[&str]) -> (Vec<u8>, Vec<u8>) {
    let file = directory.join(format!("answers.{ending}"));
    let all =
        [&["generate", "--quiet", spec, "--answers", file.to_str().expect("UTF-8")], arguments].concat();
    let written = stdout(&all);
    (fs::read(&file).expect("the answers"), written)
}

#[test]
fn answers_are_the_same_bytes_in_every_format_and_however_the_work_is_cut() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let spec = write_spec(directory.path(), "spec.yaml", SPEC);
    let (expected, script) = answers(directory.path(), &spec, "csv", &["--format", "copy"]);
    for cut in [["--jobs", "1", "--batch-size", "7"], ["--jobs", "3", "--batch-size", "5000"]] {
        let (found, written) =
            answers(directory.path(), &spec, "csv", &[&["--format", "copy"][..], &cut].concat());
        assert!(found == expected && written == script, "{cut:?}");
    }
    let target = format!("{}/out/", directory.path().display());
    for format in ["insert", "csv", "jsonl", "parquet", "arrow", "arrow-stream"] {
        let (found, _) = answers(directory.path(), &spec, "csv", &["--format", format, "-o", &target]);
        assert!(found == expected, "{format}");
    }
    let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    let (jsonl, _) = answers(directory.path(), &spec, "jsonl", &["--format", "copy"]);
    assert_eq!(lines(&jsonl) + 1, lines(&expected));
    let first: serde_json::Value =
        serde_json::from_slice(jsonl.split(|byte| *byte == b'\n').next().expect("a line")).expect("JSON");
    assert_eq!(first["table"], "people");
    assert!(first["row"].is_u64() && first["key"].is_string(), "{first}");
}

#[test]
fn answers_of_parts_are_about_their_rows() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let spec = write_spec(directory.path(), "spec.yaml", &SPEC.replace("rows: 2000", "rows: 40000"));
    let (expected, script) = answers(directory.path(), &spec, "csv", &["--format", "copy"]);
    let (mut found, mut written) = (Vec::new(), Vec::new());
    for part in ["1", "2", "3"] {
        let (answers, bytes) =
            answers(directory.path(), &spec, "csv", &["--format", "copy", "--part", part, "--parts", "3"]);
        assert!(answers.len() > 1_000, "part {part}");
        found.extend(answers);
        written.extend(bytes);
    }
    assert!(written == script, "parts end to end are the whole");
    assert!(found == expected, "and so are their answers");
}

#[test]
fn checks_hold_for_what_is_written() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = "tables: {t: {columns: {id: int primary key, age: {type: int, min: 1, max: 90, check: age < 100, noise: {outlier: 5%}}}}}\n";
    let spec = write_spec(directory.path(), "spec.yaml", text);
    let (out, file) = (directory.path().join("t.sql"), directory.path().join("answers.csv"));
    let (out, file) = (out.to_str().expect("UTF-8"), file.to_str().expect("UTF-8"));
    let output = run(&["generate", &spec, "-o", out, "--answers", file]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(
        told.contains("with the noise that is put on, check `t_age_check` does not hold: age < 100"),
        "{told}"
    );
    assert!(!Path::new(out).exists() && !Path::new(file).exists(), "a run that fails leaves nothing");
    stdout(&["generate", &spec, "-o", out, "--clean"]);
}

#[test]
fn answers_are_refused_where_there_is_nothing_to_answer() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let spec = write_spec(directory.path(), "spec.yaml", SPEC);
    let file = directory.path().join("answers.csv");
    let file = file.to_str().expect("UTF-8");
    for (arguments, words) in [
        (&["examples/01-minimal.yaml", "--answers", file][..], "there is no noise in what is written"),
        (&[&spec, "--answers", "answers.txt"], "answers.txt is neither a .csv nor a .jsonl file"),
        (&[&spec, "--answers", "answers.parquet"], "neither a .csv nor a .jsonl file"),
        (&[&spec, "--answers", file, "--clean"], "cannot be used with"),
        (&[&spec, "--answers", file, "--schema-only"], "cannot be used with"),
    ] {
        let output = run(&[&["generate"], arguments].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains(words), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty() && !Path::new(file).exists());
    }
}

#[test]
fn a_cell_tells_what_is_written_of_it() {
    let made = made(SPEC);
    let directory = tempfile::tempdir().expect("a temporary directory");
    let spec = write_spec(directory.path(), "spec.yaml", SPEC);
    let typo = made
        .answers
        .iter()
        .find(|answer| answer.kind == "typo" && answer.original.is_none())
        .expect("a typo");
    let cell = format!("{}.{}", typo.table, typo.column.as_deref().expect("a column"));
    let told = String::from_utf8(stdout(&["cell", &cell, &typo.row.to_string(), &spec])).expect("UTF-8");
    let (clean, written) =
        (typo.clean.as_deref().expect("it has a value"), typo.written.as_deref().expect("it has a value"));
    assert!(told.contains(&format!(" = {clean}\n  written as {written} (typo)\n")), "{told}");
    let json = stdout(&["cell", &cell, &typo.row.to_string(), &spec, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(json["written"], serde_json::json!({"value": written, "kind": "typo"}));

    let copy = made.answers.iter().find(|answer| answer.column.is_none()).expect("a duplicate");
    let original = copy.original.as_deref().expect("an original");
    let told =
        String::from_utf8(stdout(&["cell", "people.code", &copy.row.to_string(), &spec])).expect("UTF-8");
    assert!(told.contains("the row is written as a duplicate of row "), "{told}");
    let json = stdout(&["cell", "people.code", &copy.row.to_string(), &spec, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(json["duplicate_of"].to_string(), original, "its own code, of a row that repeats");
    assert_eq!(json["written"], serde_json::Value::Null);
}

/// The columns that duplicates of a table repeat.
fn repeated<'p>(plan: &'p Plan, table: &str) -> Vec<&'p str> {
    let of = plan.tables.iter().find(|of| of.name == table).expect("the table is there");
    let duplicates =
        of.noise.as_ref().and_then(|noise| noise.duplicates.as_ref()).expect("it has duplicates");
    duplicates.columns.iter().map(|column| of.columns[*column].name.as_str()).collect()
}

#[test]
fn duplicates_repeat_what_leaves_rows_consistent_and_sums_right() {
    let plan = planned(
        "
tables:
  products: {rows: 9, columns: {id: int primary key, price: 'numeric(8,2)'}}
  orders:
    rows: 50
    columns:
      id: int primary key
      number: {type: text, unique: true, template: 'O-{id}'}
      sum: {type: 'numeric(12,2)', expr: 'coalesce(sum(items.amount), 0)'}
  items:
    rows: {per: orders, min: 1, max: 3}
    duplicates: 10%
    columns:
      id: int primary key
      order_id: {references: orders}
      product_id: {references: products}
      quantity: {type: int, min: 1, max: 9}
      amount: {type: 'numeric(12,2)', expr: quantity * product.price}
      color: {type: text, values: [red, blue]}
      label: {type: text, template: 'a {color} one'}
      place: {type: text, template: '{order.number}, {note}'}
      note: {type: text, fake: sentence}
",
    );
    // `amount` reads the product and is summed, `quantity` is what it was computed from; `note` is what `place` is made of.
    assert_eq!(repeated(&plan, "items"), ["color", "label"]);
}
