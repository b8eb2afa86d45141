//! Specs made of several texts: the same data as if all were written in one.

mod support;

use support::{run, stdout, write_spec};

struct Texts(tempfile::TempDir);

impl Texts {
    fn new(texts: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, text) in texts {
            write_spec(directory.path(), name, text);
        }
        Self(directory)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn rows(&self, name: &str) -> String {
        let rows = stdout(&["generate", &self.path(name), "--quiet", "--format", "insert"]);
        String::from_utf8(rows).expect("UTF-8")
    }

    fn told(&self, name: &str) -> String {
        let output = run(&["validate", &self.path(name)]);
        String::from_utf8(output.stderr).expect("UTF-8")
    }
}

const WHOLE: &str = "version: 1
seed: 5
params: {rate: 0.2}
types: {kind: [a, b]}
tables:
  t:
    rows: 20
    columns:
      id: int primary key
      kind: kind
      price: {type: 'numeric(6,2)', min: 1, max: 9}
      gross: {type: 'numeric(7,2)', expr: 'price * (1 + rate)'}
      created_at: timestamptz
    checks: [price > 0]
";

#[test]
fn parts_make_the_same_data_as_the_whole() {
    let texts = Texts::new(&[
        ("whole.yaml", WHOLE),
        (
            "parts.yaml",
            "version: 1
seed: 5
include: [sub/types.yaml, sub/templates.yaml]
tables:
  t:
    rows: 20
    use: keyed
    columns: {kind: kind, price: {type: 'numeric(6,2)', min: 1, max: 9}}
    checks: [price > 0]
  u:
    rows: 1
    columns: {id: int primary key}
    use: [stamped]
",
        ),
    ]);
    std::fs::create_dir(texts.path("sub")).expect("a directory");
    write_spec(&texts.0.path().join("sub"), "types.yaml", "include: params.yaml\ntypes: {kind: [a, b]}\n");
    write_spec(&texts.0.path().join("sub"), "params.yaml", "params: {rate: 0.2}\n");
    write_spec(
        &texts.0.path().join("sub"),
        "templates.yaml",
        "include: params.yaml
templates:
  keyed: {id: int primary key}
  stamped: {created_at: timestamptz}
",
    );
    write_spec(
        texts.0.path(),
        "extended.yaml",
        "extends: parts.yaml
tables:
  u: null
  t:
    columns:
      gross: {type: 'numeric(7,2)', expr: 'price * (1 + rate)'}
      created_at: timestamptz
",
    );
    assert_eq!(texts.rows("whole.yaml"), texts.rows("extended.yaml"));
}

#[test]
fn a_change_is_what_writing_it_there_would_be() {
    let texts = Texts::new(&[
        ("base.yaml", WHOLE),
        (
            "change.yaml",
            "extends: base.yaml
seed: 6
params: {rate: 0.5}
tables:
  t:
    rows: 10
    columns:
      kind: {not_null: true, values: {a: 9, b: 1}}
      price: {values: [1, 2]}
      gross: {null: 50%}
      created_at: null
    checks: null
",
        ),
        (
            "same.yaml",
            "version: 1
seed: 6
params: {rate: 0.5}
types: {kind: [a, b]}
tables:
  t:
    rows: 10
    columns:
      id: int primary key
      kind: {type: kind, not_null: true, values: {a: 9, b: 1}}
      price: {type: 'numeric(6,2)', values: [1, 2]}
      gross: {type: 'numeric(7,2)', expr: 'price * (1 + rate)', null: 50%}
",
        ),
    ]);
    assert_eq!(texts.rows("change.yaml"), texts.rows("same.yaml"));
}

#[test]
fn a_definition_that_is_extended_keeps_what_it_said() {
    let texts = Texts::new(&[
        (
            "base.yaml",
            "version: 1\ntables: {t: {rows: 5, columns: {a: varchar(9) unique not null default 'x'}}}\n",
        ),
        (
            "change.yaml",
            "extends: base.yaml\ntables: {t: {columns: {a: {pattern: '[a-z]{5}', not_null: false}}}}\n",
        ),
        (
            "same.yaml",
            "version: 1\ntables: {t: {rows: 5, columns: {a: {type: varchar(9), unique: true, default: \"'x'\", pattern: '[a-z]{5}'}}}}\n",
        ),
    ]);
    assert_eq!(texts.rows("change.yaml"), texts.rows("same.yaml"));
}

#[test]
fn a_built_in_spec_can_be_extended() {
    let texts = Texts::new(&[("shop.yaml", "extends: ecommerce\ntables: {customers: {rows: 100}}\n")]);
    assert_eq!(texts.told("shop.yaml"), "");
}

#[test]
fn a_problem_is_told_where_it_was_written() {
    let texts = Texts::new(&[
        ("spec.yaml", "include: part.yaml\ntables: {t: {rows: 1, use: x, columns: {id: int}}}\n"),
        ("part.yaml", "templates:\n  x: {a: {type: txet}}\n"),
        ("loop.yaml", "extends: pool.yaml\n"),
        ("pool.yaml", "extends: loop.yaml\n"),
        ("broken.yaml", "include: no.yaml\ntables: {}\n"),
        ("no.yaml", "types: [\n"),
    ]);
    assert!(texts.told("spec.yaml").contains("part.yaml:2:"), "{}", texts.told("spec.yaml"));
    assert!(texts.told("loop.yaml").contains("leads back to itself"), "{}", texts.told("loop.yaml"));
    assert!(texts.told("broken.yaml").contains("no.yaml:"), "{}", texts.told("broken.yaml"));
}
