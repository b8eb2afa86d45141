//! What the layout makes of texts, and that it leaves alone what it says.

use super::*;
use crate::spec::BUILTINS;
use proptest::prelude::*;

fn laid_out(text: &str) -> String {
    let mut sources = Sources::new();
    let source = sources.add("test", text);
    canonical(&sources, source)
        .unwrap_or_else(|problem| panic!("{}\n{text}", sources.render(&problem, false)))
}

#[test]
fn keys_spaces_and_quotes_become_the_usual_ones_and_comments_stay_where_they_are() {
    let text = "
# The shop.
tables:
      # Who buys.
      customers:
            columns:
                  id:   bigint primary key     # counts
                  tier: {values: {free: 80,pro: 20}, 'type':  \"text\"}  # by weight


                  # How to reach them.
                  email: \"varchar(255) unique\"

            rows: 10
            # That is all.
      orders:
            rows: {per: customers}
            columns:
                  - a
version: 1
# The end.
";
    let expected = "\
# The shop.
version: 1
tables:
  # Who buys.
  customers:
    rows: 10
    columns:
      id: bigint primary key  # counts
      tier: {type: text, values: {free: 80, pro: 20}}  # by weight

      # How to reach them.
      email: \"varchar(255) unique\"
    # That is all.

  orders:
    rows: {per: customers}
    columns:
      - a
# The end.
";
    assert_eq!(laid_out(text), expected);
}

#[test]
fn comments_in_one_column_stay_in_one_column() {
    let text = "a: 1      # one\nbbbb: 2   # two\n";
    assert_eq!(laid_out(text), "a: 1     # one\nbbbb: 2  # two\n");
}

#[test]
fn long_mappings_in_braces_are_opened_where_their_keys_are_known() {
    let words = "word ".repeat(20);
    let text = format!("tables: {{}}\ndescription: x\nparams: {{a: {words}, b: 1}}\n");
    assert!(laid_out(&text).contains(&format!("params: {{a: {}, b: 1}}\n", words.trim())));
    let text = format!("tables:\n  t:\n    columns:\n      a: {{comment: {words}, type: text, null: 5%}}\n");
    let expected = format!(
        "tables:\n  t:\n    columns:\n      a:\n        type: text\n        null: 5%\n        comment: {}\n",
        words.trim()
    );
    assert_eq!(laid_out(&text), expected);
}

#[test]
fn block_texts_and_what_is_not_understood_are_moved_as_they_are() {
    let text = "tables:\n    t:\n        columns:\n            a:\n                type: text\n                expr: >-\n                    case\n\n                      when true then 'x'  # no comment\n                    end\n            b: {type: text, # why\n                value: x}\n            c: several\n               words\n";
    let expected = "tables:\n  t:\n    columns:\n      a:\n        type: text\n        expr: >-\n          case\n\n            when true then 'x'  # no comment\n          end\n      b: {type: text, # why\n        value: x}\n      c: several\n        words\n";
    assert_eq!(laid_out(text), expected);
}

#[test]
fn quotes_stay_where_they_say_something() {
    for kept in [
        "'10'",
        "\"true\"",
        "'NO'",
        "'a: b'",
        "\"a # b\"",
        "''",
        "'2026-01-01'",
        "'a,b'",
        "\"x\\n\"",
        "'it''s'",
    ] {
        let text = format!("description: {kept}\n");
        assert_eq!(laid_out(&text), text);
    }
    assert_eq!(laid_out("description: 'two words'\n"), "description: two words\n");
}

#[test]
fn what_cannot_be_told_apart_safely_is_refused_with_its_place() {
    for text in ["? a\n: b\n", "--- a: 1\n", "- - a\n", "a: !x 1\n"] {
        let mut sources = Sources::new();
        let source = sources.add("test", text);
        let problem = canonical(&sources, source).expect_err(text);
        assert!(problem.span.is_some(), "{text}: {problem:?}");
    }
}

#[test]
fn json_is_laid_out_as_json() {
    let text = r#"{"tables":{"t":{"columns":{"id":"bigint primary key","x":{"null":0.10,"type":"text"}},"rows":5}},"version":1}"#;
    let expected = r#"{
  "version": 1,
  "tables": {"t": {"rows": 5, "columns": {"id": "bigint primary key", "x": {"type": "text", "null": 0.10}}}}
}
"#;
    assert_eq!(laid_out(text), expected);
}

#[test]
fn builtin_specs_keep_their_meaning_and_are_laid_out_once() {
    for builtin in BUILTINS {
        let once = laid_out(builtin.text);
        assert_eq!(laid_out(&once), once, "{}", builtin.name);
        let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with('#')).count();
        assert_eq!(comments(&once), comments(builtin.text), "{}", builtin.name);
    }
}

#[test]
fn meaning_is_what_is_said_not_where() {
    let mut sources = Sources::new();
    let source = sources.add("test", "");
    let same = |a: &str, b: &str| meaning(&sources, source, a) == meaning(&sources, source, b);
    let table = |body: &str| format!("tables: {{t: {{{body}}}}}");
    assert!(same(&table("rows: 5, columns: {a: int}"), &table("columns: {a:   int}, rows: 5")));
    assert!(!same(&table("columns: {a: int, b: int}"), &table("columns: {b: int, a: int}")));
    assert!(!same(&table("columns: {a: {value: 1}}"), &table("columns: {a: {value: '1'}}")));
}

/// A piece of YAML that a person might write in a spec, with odd spaces and comments.
fn yaml() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        "[a-z]{1,6}( [a-z]{1,4})?",
        "[0-9]{1,3}",
        "'[a-zA-Z :#,]{0,8}'",
        "\"[a-zA-Z :#{}]{0,8}\"",
        Just("{a: 1,   'b': [x, \"y\"]}".to_owned()),
        Just("[ 1,2 , {c: d} ]".to_owned()),
        Just("|\n@   text: # no comment\n@\n@   more".to_owned()),
        Just(String::new()),
    ];
    let comment = prop_oneof![3 => Just(String::new()), 1 => "  # [a-z ]{0,8}".prop_map(|text| text)];
    let leaf = (scalar, comment).prop_map(|(scalar, comment)| match scalar.contains('\n') {
        true => scalar,
        false => format!("{scalar}{comment}"),
    });
    let above =
        prop_oneof![4 => Just(""), 1 => Just("@# above\n"), 1 => Just("\n"), 1 => Just("@# one\n\n@# two\n")];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let entry = ("[a-z]{1,5}", above.clone(), inner, 1usize..5);
        proptest::collection::vec(entry, 1..4).prop_map(|entries| {
            let mut text = String::new();
            let mut seen: Vec<String> = Vec::new();
            for (key, above, value, _) in entries {
                if seen.contains(&key) {
                    continue;
                }
                seen.push(key.clone());
                text += &format!("\n{above}@{key}: {}", value.replace("\n@", "\n@  "));
            }
            text
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_mapping_keeps_its_meaning_and_its_comments_and_is_laid_out_once(value in yaml(), width in 1usize..4) {
        let text = format!("top: {}\n", value.replace("\n@", "\n@ ")).replace('@', &" ".repeat(width));
        let mut sources = Sources::new();
        let source = sources.add("test", text.as_str());
        if Node::parse(&sources, source).is_ok() {
            // What is not understood may be refused, what is laid out has to be right.
            if let Ok(once) = canonical(&sources, source) {
                let count = |text: &str| text.matches('#').count();
                prop_assert_eq!(count(&once), count(&text), "{}\nbecame\n{}", text, once);
                prop_assert_eq!(&laid_out(&once), &once, "{}", text);
            }
        }
    }
}

#[test]
fn anchors_stay_before_their_aliases_and_documents_keep_their_marks() {
    let text = "---
# Two of a kind.
tables:
   t:  &t
      columns:
         id:   &id  int primary key
         no: *id
      rows:   3
   u:   *t   # the same
   v:
     <<:   *t
     comment: other
...
";
    let expected = "---
# Two of a kind.
tables:
  t: &t
    rows: 3
    columns:
      id: &id int primary key
      no: *id

  u: *t  # the same

  v:
    comment: other
    <<: *t
...
";
    assert_eq!(laid_out(text), expected);
    // The usual order would be `rows` before `columns`.
    let text = "tables:\n  t:\n    columns: {a: &a int}\n    comment: &c x\n    rows: 3\n  u: {columns: {b: int}, rows:  3}\n";
    assert_eq!(laid_out(text).matches("rows: 3").count(), 2);
    let parted = "tables:\n  t:\n    comment:   &c x\n    columns: {a: {type: text, value:  *c}}\n";
    assert_eq!(
        laid_out(parted),
        "tables:\n  t:\n    comment: &c x\n    columns: {a: {type: text, value:  *c}}\n"
    );
}
