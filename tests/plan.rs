//! `datagen plan` and `datagen cell`: what they say is what happens.

mod support;

use datagen::diagnostic::Sources;
use datagen::generate::{Of, Options, Trace, Worker};
use datagen::plan::{Overrides, Plan};
use datagen::spec::Spec;
use datagen::value::{Vector, text};
use serde_json::Value;
use std::fs;
use support::{Shipped, files_in, package, run, shipped, stdout, write_spec};

fn planned(name: &str, text: &str, scale: f64) -> Plan {
    let mut sources = Sources::reading(|path| fs::read_to_string(path));
    let source = sources.add(name, text);
    let spec = Spec::parse(&mut sources, source).unwrap_or_else(|bad| panic!("{name}: {:?}", bad.problems));
    let overrides = Overrides { scale: Some(scale), ..Overrides::default() };
    let plan =
        datagen::plan::plan(&spec, &overrides).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    datagen::generate::prepare(&plan).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    plan
}

fn planned_file(spec: &Shipped) -> Plan {
    let path = package().join(&spec.path);
    let text = fs::read_to_string(&path).expect("a shipped spec");
    planned(&path.display().to_string(), &text, spec.scale.parse().expect("a number"))
}

fn report(arguments: &[&str]) -> Value {
    serde_json::from_slice(&stdout(&[&["plan", "--json"], arguments].concat())).expect("JSON")
}

/// Output that people read, in `snapshots/help/`.
#[track_caller]
fn looks(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "../snapshots/help", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

/// What does not depend on the machine.
fn known(mut report: Value) -> Value {
    report["measured"].take();
    report
}

#[test]
fn a_plan_says_the_same_each_time_but_for_measured_time() {
    let arguments = ["--spec", "ecommerce", "--format", "parquet"];
    let (first, second) = (report(&arguments), report(&arguments));
    assert!(first["measured"]["core_seconds"].as_f64().expect("a number") > 0.0);
    assert_eq!(known(first), known(second));
}

#[test]
fn estimated_bytes_are_near_those_that_are_written_and_counted_ones_equal() {
    let mut counted = 0;
    for spec in shipped() {
        for format in ["csv", "jsonl"] {
            let plan = report(&[&spec.path, "--scale", spec.scale, "--format", format]);
            let directory = tempfile::tempdir().expect("a directory");
            let written = files_in(directory.path(), &[&spec.path, "--scale", spec.scale, "-f", format]);
            for table in plan["tables"].as_array().expect("tables") {
                if table["hidden"] == true || table["bytes"].is_null() {
                    continue;
                }
                let name = format!("{}.{format}", table["name"].as_str().expect("a name"));
                let bytes = written[&name].len() as f64;
                let estimated = table["bytes"].as_f64().expect("a number");
                let slack = if table["bytes_are_exact"] == true { 0.0 } else { bytes * 0.1 };
                counted += (slack == 0.0) as usize;
                assert!(
                    (estimated - bytes).abs() <= slack,
                    "{}: {name} has {bytes} bytes, estimated {estimated}",
                    spec.path
                );
            }
        }
    }
    assert!(counted > 20, "small tables are counted: {counted}");
}

#[test]
fn a_plan_shows_tables_in_order_with_keys_and_parents() {
    let shown = String::from_utf8(stdout(&["plan", "examples/00-tour.yaml", "--quiet"])).expect("UTF-8");
    let (table, time) = shown.trim_end().rsplit_once('\n').expect("lines");
    looks("plan-tour", table);
    assert!(time.starts_with("about ") && time.contains("core's time"), "{time}");
    let verbose = String::from_utf8(stdout(&["plan", "examples/00-tour.yaml", "-v"])).expect("UTF-8");
    for words in ["fake full_name, by the column's name", "lognormal from 5 to 900"] {
        assert!(verbose.contains(words), "no {words:?} in\n{verbose}");
        assert!(!shown.contains(words), "{words:?} is for --verbose");
    }
}

#[test]
fn a_row_that_cannot_be_computed_leaves_the_plan_without_its_size() {
    let directory = tempfile::tempdir().expect("a directory");
    let spec = "tables: {t: {rows: 10, columns: {a: {type: int, expr: 1 / (row - 5)}}}}";
    let path = write_spec(directory.path(), "t.yaml", spec);
    let output = run(&["plan", &path]);
    assert!(output.status.success());
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(told.contains("warning: t.a, row 5: division by zero"), "{told}");
    assert!(String::from_utf8(output.stdout).expect("UTF-8").contains("of a size not known"));
}

#[test]
fn diagrams_have_every_written_table_and_foreign_key() {
    for spec in shipped() {
        let plan = planned_file(&spec);
        let (mermaid, dot) = (datagen::plan::mermaid(&plan), datagen::plan::dot(&plan));
        let count = |text: &str, sign: &str| text.matches(sign).count();
        let keys: usize = plan.order.iter().map(|table| plan.tables[*table].foreign_keys.len()).sum();
        assert_eq!(count(&mermaid, "--o"), keys, "{}", spec.path);
        assert_eq!(count(&dot, " -> "), keys, "{}", spec.path);
        assert_eq!(count(&mermaid, " {\n"), plan.order.len(), "{}", spec.path);
        assert_eq!(count(&dot, "<table "), plan.order.len(), "{}", spec.path);
        assert_eq!(count(&dot, "<"), count(&dot, ">") - keys, "{}: tags are closed", spec.path);
    }
}

#[test]
fn diagrams_in_the_docs_are_fresh() {
    let mut found = 0;
    for spec in shipped() {
        let Ok(page) = std::fs::read_to_string(package().join(format!("docs/{}.md", spec.name))) else {
            continue;
        };
        let Some((_, rest)) = page.split_once("```mermaid\n") else { continue };
        let diagram = rest.split_once("```").expect("the block ends").0;
        assert_eq!(diagram, datagen::plan::mermaid(&planned_file(&spec)), "docs/{}.md", spec.name);
        found += 1;
    }
    assert!(found > 1, "pages with diagrams were found");
}

#[test]
fn a_diagram_for_mermaid_has_keys_and_cardinalities() {
    let text = "
types: {mood: [good, bad]}
tables:
  people: {rows: 5, columns: {id: bigint primary key, mood: mood}}
  passports: {rows: 5, columns: {id: bigint primary key references people, price: 'numeric(8,2)'}}
  'odd name': {rows: 5, columns: {of: bigint references people, secret: {type: int, hidden: true}}}
";
    looks("plan-mermaid", &datagen::plan::mermaid(&planned("test", text, 1.0)));
}

fn shown(vector: &Vector, plan: &Plan, table: usize, column: usize) -> Option<String> {
    vector.is_valid(0).then(|| {
        let mut bytes = Vec::new();
        text::value(&mut bytes, &plan.tables[table].columns[column].sql_type, vector, 0);
        String::from_utf8(bytes).expect("values are UTF-8")
    })
}

/// Every cell that a trace tells of.
fn cells(trace: &Trace) -> Vec<&Trace> {
    fn of(read: &datagen::generate::Read) -> Vec<&Trace> {
        match &read.of {
            Of::Counter | Of::Siblings { .. } => vec![],
            Of::Cell(trace) => cells(trace),
            Of::Parent { read, .. } => read.as_deref().map_or(vec![], of),
            Of::Children { first, .. } => {
                first.iter().flat_map(|(_, reads)| reads.iter().flat_map(of)).collect()
            }
        }
    }
    std::iter::once(trace).chain(trace.reads.iter().flat_map(of)).collect()
}

#[test]
fn what_is_told_of_a_cell_is_what_is_generated() {
    let mut told = 0;
    for spec in shipped() {
        let plan = planned_file(&spec);
        let mut worker = Worker::new(&plan, Options::default());
        for (table, of) in plan.tables.iter().enumerate().filter(|(_, of)| of.rows > 0) {
            for column in 0..of.columns.len() {
                for row in [0, of.rows / 2, of.rows - 1] {
                    let trace = worker.trace(table, column, row, 2);
                    for cell in cells(&trace) {
                        let batch = worker.batch(cell.table, cell.row..cell.row + 1, &[cell.column]);
                        let value = batch.map(|batch| shown(&batch[0], &plan, cell.table, cell.column));
                        assert_eq!(
                            cell.value, value,
                            "{} {}.{}",
                            spec.path, of.name, of.columns[column].name
                        );
                        told += 1;
                    }
                }
            }
        }
    }
    assert!(told > 1_000, "{told} cells were told of");
}

const TICKETS: &str = "
params: {vat: 0.2}
tables:
  people:
    rows: 3
    columns:
      id: bigint primary key
      name: {type: text, values: [Ann]}
      spent: {type: 'numeric(8,2)', expr: sum(tickets.price * tickets.seats)}
  tickets:
    rows: {per: people, min: 2, max: 2}
    columns:
      id: {type: bigint, primary_key: true, sequence: {start: 100, step: 5}}
      person_id: bigint references people
      price: {type: 'numeric(6,2)', value: 10}
      seats: {type: int, expr: nth}
      note:
        type: text
        cases:
          - when: seats = 1
            then: {template: 'for {person.name}'}
          - else: {value: guest}
      gone: {type: text, value: x, null: 100%}
";

fn cell(arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let path = write_spec(directory.path(), "t.yaml", TICKETS);
    String::from_utf8(stdout(&[&["cell"], arguments, &["-i", &path]].concat())).expect("UTF-8")
}

#[test]
fn a_cell_tells_the_case_that_applied_and_only_what_was_read() {
    looks("cell-first-case", &cell(&["tickets.note", "1"]));
    looks("cell-else", &cell(&["tickets.note", "2"]));
}

#[test]
fn a_cell_tells_the_children_that_were_summed() {
    looks("cell-sum", &cell(&["people.spent", "id=3"]));
}

#[test]
fn a_cell_tells_the_parent_and_the_draw_that_made_it_null() {
    looks("cell-parent", &cell(&["tickets.person_id", "id=125"]));
    looks("cell-null", &cell(&["tickets.gone", "6"]));
}

#[test]
fn a_cell_tells_the_draw_that_made_it() {
    for (name, row, spec, told) in [
        ("statements.meter", "5", "41-in-order", "drawn at 0.200357 of 0 to 1, in the row's part of it"),
        ("orders.placed_at", "5", "41-in-order", "of the calendar's weight between the bounds"),
        ("payments.amount", "7", "50-steps-and-bands", "and in it drawn at"),
        ("items.colour", "7", "35-history", "drawn by weight, once for all versions that keep it"),
        ("departments.name", "2", "20-within", "of 5, each value once"),
        ("tickets.satisfaction", "3", "09-cases-and-nulls", "drawn at"),
    ] {
        let output = stdout(&["cell", name, row, &format!("examples/{spec}.yaml")]);
        let output = String::from_utf8(output).expect("UTF-8");
        assert!(output.contains(told), "{output}");
    }
}

#[test]
fn a_cell_is_told_to_programs_too() {
    let told: Value = serde_json::from_str(&cell(&["people.spent", "2", "--json"])).expect("JSON");
    assert_eq!((&told["value"], &told["row"]), (&Value::from("30.00"), &Value::from(2)));
    let children = &told["reads"][0]["children"];
    assert_eq!((&children["table"], &children["count"]), (&Value::from("tickets"), &Value::from(2)));
    assert_eq!(children["first"][1]["row"], 4);
}

#[test]
fn what_is_no_cell_is_refused_with_what_is_near() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = write_spec(directory.path(), "t.yaml", TICKETS);
    for (name, row, words) in [
        ("ticket.note", "1", "did you mean `tickets`?"),
        ("tickets.notes", "1", "did you mean `note`?"),
        ("tickets.zzz", "1", "the columns are id, person_id"),
        ("tickets", "1", "write `tickets.COLUMN`"),
        ("note", "1", "write `TABLE.COLUMN`"),
        ("tickets.note", "0", "rows are counted from 1"),
        ("tickets.note", "7", "table `tickets` has 6 rows, there is no row 7"),
        ("tickets.note", "first", "write a row's number"),
        ("tickets.note", "id=101", "no row of `tickets` has id = 101"),
        ("tickets.note", "id=130", "no row of `tickets` has id = 130"),
        ("tickets.note", "id=x", "no whole number"),
        ("tickets.note", "person_id=1", "does not count"),
        ("tickets.note", "note=guest", "does not count"),
        ("tickets.note", "ix=1", "did you mean `id`?"),
    ] {
        let output = run(&["cell", name, row, &path]);
        let told = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(1), "{name} {row}: {told}");
        assert!(told.contains(words), "{name} {row}: no {words:?} in\n{told}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_cell_that_cannot_be_computed_tells_what_it_read_and_fails() {
    let directory = tempfile::tempdir().expect("a directory");
    let spec =
        "tables: {t: {rows: 10, columns: {a: {type: int, expr: row - 5}, b: {type: int, expr: 1 / a}}}}";
    let path = write_spec(directory.path(), "t.yaml", spec);
    let output = run(&["cell", "t.b", "5", &path]);
    assert_eq!(output.status.code(), Some(3));
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(shown.contains("an error: division by zero") && shown.contains("a = 0"), "{shown}");
    assert!(String::from_utf8(output.stderr).expect("UTF-8").contains("t.b, row 5: division by zero"));
}
