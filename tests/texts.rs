//! Texts, JSON documents and arrays: a spec in, values out, held to what was asked for.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use support::{stdout, write_spec};

/// A table's rows as JSON.
fn rows(spec: &str) -> Vec<serde_json::Value> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = write_spec(directory.path(), "spec.yaml", spec);
    let lines = stdout(&["generate", "--quiet", &path, "--format", "jsonl", "--table", "t"]);
    let lines = String::from_utf8(lines).expect("JSON is UTF-8");
    lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// A column of texts.
fn texts(rows: &[serde_json::Value], column: &str) -> Vec<String> {
    rows.iter().map(|row| row[column].as_str().expect("a text").to_owned()).collect()
}

fn lengths(texts: &[String]) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    texts.iter().for_each(|text| *counts.entry(text.chars().count()).or_default() += 1);
    counts
}

#[test]
fn a_document_has_its_members_with_the_types_they_imply() {
    let rows = rows(
        r#"
tables:
  t:
    rows: 2000
    columns:
      id: bigint primary key
      city: {type: text, fake: city}
      v:
        type: jsonb
        object:
          own: {expr: id * 2}
          'quote " and \ é': {value: "it's \"so\"\n"}
          n: {type: int, min: 1, max: 6, null: 25%, optional: 50%}
          yes: {values: {true: 1, false: 1}}
          price: {min: 0.50, max: 9.99}
          when: {min: 2025-01-01, max: 2025-12-31}
          email:
          in: {object: {city: {fake: city}, none: {value: null, type: text}}}
          list: {array: {values: [1, 2, 3]}, length: {min: 1, max: 3, distinct: true}}
          sql: {type: "numeric(3,1)[]", min: 0, max: 9, length: 2}
"#,
    );
    let mut absent = 0;
    let mut nulls = 0;
    for (at, row) in rows.iter().enumerate() {
        let v = row["v"].as_object().expect("an object");
        assert_eq!(v["own"], (at as u64 + 1) * 2);
        assert_eq!(v["quote \" and \\ é"], "it's \"so\"\n");
        match v.get("n") {
            None => absent += 1,
            Some(n) if n.is_null() => nulls += 1,
            Some(n) => assert!((1..=6).contains(&n.as_i64().expect("a number"))),
        }
        assert!(v["yes"].is_boolean() && v["price"].is_number());
        assert!(v["when"].as_str().is_some_and(|date| date.len() == 10 && date.starts_with("2025-")));
        assert!(v["email"].as_str().is_some_and(|email| email.contains('@')), "the name decides");
        assert_eq!(v["in"]["city"], row["city"], "providers of one subject agree");
        assert!(v["in"]["none"].is_null());
        let list: Vec<i64> =
            v["list"].as_array().expect("a list").iter().map(|n| n.as_i64().unwrap()).collect();
        assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), list.len(), "different ones: {list:?}");
        assert_eq!(v["sql"].as_array().map(Vec::len), Some(2));
    }
    assert!((900..1100).contains(&absent), "half of 2,000: {absent}");
    assert!((200..300).contains(&nulls), "a quarter of those that are there: {nulls}");
}

#[test]
fn members_do_not_depend_on_each_other() {
    let spec = |members: &str| {
        format!("tables: {{t: {{rows: 50, columns: {{v: {{type: jsonb, object: {{{members}}}}}}}}}}}")
    };
    let one = rows(&spec("a: {type: int, min: 1, max: 1000}"));
    let two = rows(&spec("b: {type: int, min: 1, max: 1000}, a: {type: int, min: 1, max: 1000}"));
    for (one, two) in one.iter().zip(&two) {
        assert_eq!(one["v"]["a"], two["v"]["a"]);
    }
    assert!(two.iter().any(|row| row["v"]["a"] != row["v"]["b"]), "each draws for itself");
}

#[test]
fn elements_of_arrays_are_as_many_as_asked_and_null_as_often() {
    let rows = rows(
        r#"
types: {day: [mon, tue, wed]}
tables:
  t:
    rows: 4000
    columns:
      some: {type: "int[]", min: 1, max: 9, length: {min: 2, max: 4, null: 20%}}
      shaped: {type: "text[]", values: [a, b], length: {max: 50, distribution: {geometric: {p: 0.5}}}}
      days: {type: "day[]", length: {max: 3, distinct: true}}
      lotto: {type: "int[]", min: 1, max: 49, length: {min: 6, max: 6, distinct: true}}
"#,
    );
    let list = |row: &serde_json::Value, name: &str| row[name].as_array().expect("a list").clone();
    let (mut elements, mut nulls) = (0, 0);
    let mut shaped = [0; 51];
    let mut drawn = [0; 50];
    for row in &rows {
        let some = list(row, "some");
        assert!((2..=4).contains(&some.len()));
        elements += some.len();
        nulls += some.iter().filter(|value| value.is_null()).count();
        shaped[list(row, "shaped").len()] += 1;
        for name in ["days", "lotto"] {
            let values = list(row, name);
            let different: BTreeSet<String> = values.iter().map(|value| value.to_string()).collect();
            assert_eq!(different.len(), values.len());
        }
        list(row, "lotto").iter().for_each(|n| drawn[n.as_u64().expect("a number") as usize] += 1);
    }
    let share = nulls as f64 / elements as f64;
    assert!((0.18..0.22).contains(&share), "{share}");
    assert!((1900..2100).contains(&shaped[0]) && (900..1100).contains(&shaped[1]), "halves: {shaped:?}");
    // 24,000 numbers over 49.
    assert!(drawn[0] == 0 && drawn[1..].iter().all(|times| (390..590).contains(times)), "{drawn:?}");
}

#[test]
fn texts_are_exactly_as_long_as_asked() {
    let rows = rows(
        r#"
grammars:
  g: {start: ["{who} {does} é."], who: [the old man, a fish], does: {sleeps: 3, "dreams of {who}": 1}}
pools: {p: {grammar: g, size: 5kB}}
tables:
  t:
    rows: 3000
    columns:
      filler: {type: text, length: {min: 0, max: 60}}
      fixed: {type: char(17), length: 17}
      spoken: {type: text, grammar: g, length: {min: 20, max: 30}}
      exact: {type: text, grammar: g, length: 25}
      piece: {type: varchar(9), slice: p, length: {min: 3, max: 9}}
      code: {type: text, alphabet: "A-Cé0-1", length: {min: 2, max: 3}}
      token: {type: text, unique: true, alphabet: "a-z", length: {min: 2, max: 3}}
"#,
    );
    let all = |column: &str| texts(&rows, column);
    let counts = lengths(&all("filler"));
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), (0..=60).collect::<Vec<_>>());
    assert!(counts.values().all(|rows| (20..90).contains(rows)), "49 each: {counts:?}");
    assert!(all("filler").iter().all(|text| !text.starts_with(' ') && !text.ends_with(' ')));
    assert_eq!(lengths(&all("fixed")).into_keys().collect::<Vec<_>>(), [17]);
    assert_eq!(lengths(&all("exact")).into_keys().collect::<Vec<_>>(), [25]);
    let spoken = all("spoken");
    assert!(spoken.iter().all(|text| (20..=30).contains(&text.chars().count()) && !text.ends_with(' ')));
    let words: BTreeSet<&str> = "the old man a fish sleeps dreams of é.".split(' ').collect();
    let whole = spoken.iter().filter(|text| words.contains(text.rsplit(' ').next().unwrap())).count();
    assert!(whole > 2_500, "cut at the end of a word, where the least length allows: {whole}");
    assert_eq!(lengths(&all("piece")).into_keys().collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9]);
    let codes: BTreeSet<String> = all("code").into_iter().collect();
    assert_eq!(codes.len(), 36 + 216, "all there are");
    let tokens: BTreeSet<String> = all("token").into_iter().collect();
    assert_eq!(tokens.len(), 3_000);
}

#[test]
fn rules_are_chosen_by_weight_and_end() {
    let rows = rows(
        r#"
grammars:
  g: {start: {"{a:upper}": 3, "-{start}": 1}, a: [x, y]}
tables: {t: {rows: 4000, columns: {v: {type: text, grammar: g}}}}
"#,
    );
    let counts = lengths(&texts(&rows, "v"));
    // Three of four end at once, of the others three of four after one more.
    assert!((2_900..3_100).contains(&counts[&1]) && (650..850).contains(&counts[&2]), "{counts:?}");
    assert!(texts(&rows, "v").iter().all(|text| text.trim_start_matches('-').len() == 1));
}

#[test]
fn a_pool_is_cut_where_the_grammar_says_nothing() {
    // The same pool whoever takes of it, and however many rows.
    let spec = |rows: u32, more: &str| {
        format!(
            "grammars: {{g: {{start: [one two, three]}}}}\npools: {{p: {{grammar: g, size: 1kB}}}}\n\
             tables: {{t: {{rows: {rows}, columns: {{v: {{type: text, slice: p, length: 20}}{more}}}}}}}"
        )
    };
    let few = rows(&spec(10, ""));
    let many = rows(&spec(500, ", w: {type: text, slice: p, length: 5}"));
    for (few, many) in few.iter().zip(&many) {
        assert_eq!(few["v"], many["v"]);
    }
    let all = texts(&many, "v").join("|");
    assert!(!all.contains("  ") && all.contains("one two three"));
}

#[test]
fn a_rule_that_nothing_leads_to_is_warned_about() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let spec = "grammars: {g: {start: a, unused: b}}\ntables: {t: {rows: 1, columns: {v: {type: text, grammar: g}}}}";
    let path = write_spec(directory.path(), "spec.yaml", spec);
    assert!(fs::metadata(&path).is_ok());
    let told = support::run(&["generate", &path, "--format", "csv", "--table", "t"]).stderr;
    let told = String::from_utf8(told).expect("messages are UTF-8");
    assert!(told.contains("nothing leads from `start` to the rule `unused`"), "{told}");
}

#[test]
fn a_template_of_the_parent_and_the_number_within_it_is_unique_and_has_no_blanks() {
    let rows = rows(
        "
tables:
  wards:
    rows: {values: [{code: CARD}, {code: MED}]}
    columns: {id: int primary key, code: char(4) unique not null}
  t:
    rows: {per: wards, min: 3, max: 3}
    columns:
      ward_id: int not null references wards
      label: {type: text, unique: true, template: '{ward.code}-{nth:02}'}
",
    );
    assert_eq!(texts(&rows, "label"), ["CARD-01", "CARD-02", "CARD-03", "MED-01", "MED-02", "MED-03"]);
}
