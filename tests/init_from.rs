//! `datagen init --from`: what is drawn up from a live database makes data whose statistics are those of the database.

mod support;

use std::collections::BTreeMap;
use std::fs;
use support::postgres::Database;
use support::{package, run, stdout};

/// Draws up a spec from a database; the spec, and what was said.
fn init(database: &Database, more: &[&str]) -> (String, String) {
    let url = database.url();
    let mut arguments = vec!["init", "--from", &url];
    arguments.extend(more);
    let output = run(&arguments);
    let told = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert!(output.status.success(), "{}\n{told}", output.status);
    let spec = String::from_utf8(output.stdout).expect("specs are UTF-8");
    assert!(!told.contains("needs your hand"), "{told}\n{spec}");
    (spec, told)
}

/// A database with what a script of `tests/data/catalog` makes.
fn sample(name: &str) -> Database {
    let script = fs::read(package().join(format!("tests/data/catalog/{name}.sql"))).expect("a script");
    analysed(&script, name)
}

fn analysed(script: &[u8], what: &str) -> Database {
    let database = Database::new();
    database.load(script).unwrap_or_else(|told| panic!("{what}: {told}"));
    database.query("analyze");
    database
}

/// The database that a spec makes.
fn made(spec: &str) -> Database {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("spec.yaml");
    fs::write(&path, spec).expect("the spec is written");
    let script = stdout(&["generate", &path.to_string_lossy(), "--quiet"]);
    analysed(&script, spec)
}

/// What PostgreSQL knows of a column.
#[derive(Debug)]
struct Column {
    rows: f64,
    null_share: f64,
    distinct: f64,
    /// The commonest values with their shares, in order.
    common: Vec<(String, f64)>,
    is_reference: bool,
}

/// All columns by `table.column`.
fn columns(database: &Database) -> BTreeMap<String, Column> {
    let sql = "select json_build_object('name', s.tablename || '.' || s.attname, 'rows', c.reltuples,
          'null', s.null_frac, 'distinct', case when n_distinct < 0 then -n_distinct * c.reltuples else n_distinct end,
          'values', s.most_common_vals::text::text[], 'shares', s.most_common_freqs,
          'is_reference', exists (select from pg_constraint k join pg_attribute a on a.attrelid = c.oid
             and a.attnum = any(k.conkey) where k.conrelid = c.oid and k.contype = 'f' and a.attname = s.attname))
        from pg_stats s join pg_class c on c.oid = format('%I.%I', s.schemaname, s.tablename)::regclass
        where s.schemaname not in ('pg_catalog', 'information_schema') and not c.relispartition
          and s.inherited = (c.relkind = 'p') and c.relkind in ('r', 'p')";
    let read = |line: String| {
        let of: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let number = |key: &str| of[key].as_f64().expect("a number");
        let list = |key: &str| of[key].as_array().cloned().unwrap_or_default();
        let texts =
            list("values").into_iter().map(|text| text.as_str().expect("a text").trim_end().to_owned());
        let shares = list("shares").into_iter().map(|share| share.as_f64().expect("a share"));
        let column = Column {
            rows: number("rows"),
            null_share: number("null"),
            distinct: number("distinct"),
            common: texts.zip(shares).collect(),
            is_reference: of["is_reference"] == true,
        };
        (of["name"].as_str().expect("a name").to_owned(), column)
    };
    database.lines(sql).into_iter().map(read).collect()
}

/// Whether the rows of a column's table are made for each row of a parent.
fn is_per(spec: &str, column: &str) -> bool {
    let table = column.split('.').next().expect("a table's name");
    let of_table = spec.split(&format!("\n  {table}:\n")).nth(1).expect("the spec has the table");
    let rows = of_table.lines().find(|line| line.starts_with("    rows:")).expect("it has rows");
    rows.contains("{per: ")
}

/// Whether a reference says which parents have most children: as the weight that it has, or by being even.
fn is_favoured(spec: &str, column: &str) -> bool {
    let (table, column) = column.split_once('.').expect("a table's name");
    let of_table = spec.split(&format!("\n  {table}:\n")).nth(1).expect("the spec has the table");
    let of_table = of_table.split("\n\n").next().expect("it has lines");
    let of_column = of_table.split(&format!("\n      {column}:")).nth(1).unwrap_or_default();
    let lines =
        of_column.lines().enumerate().take_while(|(nth, line)| *nth == 0 || line.starts_with("        "));
    let text: Vec<&str> = lines.map(|(_, line)| line).collect();
    text.join("\n").contains("weight: ")
}

/// In what the statistics of a database differ from those of one made by the spec drawn up from it: nothing, or a line for each
/// difference.
fn differences(original: &Database, spec: &str) -> Vec<String> {
    // What a check computes from other columns follows from them.
    let is_computed = |column: &str| column == "orders.total";
    let again = &made(spec);
    let (original, again) = (columns(original), columns(again));
    assert!(original.len() > 10, "there are statistics");
    let mut found = Vec::new();
    for (name, of) in &original {
        let Some(other) = again.get(name) else {
            found.push(format!("{name} is missing"));
            continue;
        };
        // Rows made for each row of a parent come to about as many.
        let allowed = if is_per(spec, name) { 0.005 * of.rows } else { 0.0 };
        if (of.rows - other.rows).abs() > allowed {
            found.push(format!("{name}: {} rows, {} again", of.rows, other.rows));
        }
        if (of.null_share - other.null_share).abs() > 0.02 {
            found.push(format!("{name}: nulls {}, {} again", of.null_share, other.null_share));
        }
        if (of.distinct - other.distinct).abs() > 0.1 * of.distinct && !is_computed(name) {
            found.push(format!("{name}: {} distinct values, {} again", of.distinct, other.distinct));
        }
        let is_left_to_chance = of.is_reference && !is_favoured(spec, name);
        if !is_left_to_chance && !is_computed(name) {
            found.extend(orders(name, of, other));
        }
    }
    found
}

/// Pairs of common values that do not stand in the same order, but for those that chance may turn around.
fn orders(name: &str, of: &Column, other: &Column) -> Vec<String> {
    let place = |wanted: &str| other.common.iter().position(|(value, _)| value == wanted);
    let mut found = Vec::new();
    for (at, (value, share)) in of.common.iter().enumerate() {
        for (next, next_share) in &of.common[at + 1..] {
            // Three standard deviations of the difference of two counts.
            let chance = 3.0 * ((share + next_share) / of.rows).sqrt();
            if share - next_share <= chance {
                continue;
            }
            match (place(value), place(next)) {
                (None, _) => found.push(format!("{name}: {value} ({share}) is not common again")),
                (Some(first), Some(second)) if first > second => {
                    found
                        .push(format!("{name}: {value} ({share}) is rarer than {next} ({next_share}) again"));
                }
                _ => {}
            }
        }
    }
    found.dedup();
    found
}

#[test]
fn a_database_made_by_datagen_comes_back() {
    let script = stdout(&["generate", "specs/ecommerce.yaml", "--quiet", "--scale", "0.05"]);
    let original = analysed(&script, "the shop");
    let (spec, _) = init(&original, &[]);
    assert_eq!(differences(&original, &spec), Vec::<String>::new(), "{spec}");
}

#[test]
fn databases_that_others_designed_come_back() {
    for name in ["pagila", "chinook"] {
        let original = sample(name);
        let (spec, _) = init(&original, &[]);
        assert_eq!(differences(&original, &spec), Vec::<String>::new(), "{name}:\n{spec}");
        assert_eq!(init(&original, &[]).0, spec, "the same statistics give the same spec");
    }
}

/// Asserts that a spec has all these lines, wherever they stand.
fn has_lines(spec: &str, lines: &[&str]) {
    for line in lines {
        assert!(spec.lines().any(|of| of.trim() == *line), "no line {line:?} in\n{spec}");
    }
}

#[test]
fn what_a_catalog_holds_is_taken_over_or_said_at_its_place() {
    let original = sample("clinic");
    let (spec, told) = init(&original, &[]);
    made(&spec);
    has_lines(
        &spec,
        &[
            "id: bigint generated always as identity (increment by 5 start with 1000) primary key",
            "comment: Who buys",
            "rows: 600 * scale",
            "# citext in the database",
            "# domain zip in the database",
            "# GENERATED ALWAYS AS (age * 12) in the database, a plain column here",
            "age_months: {type: int, expr: age * 12}",
            "# size in the database",
            "box: {type: text, value: null}",
            "- {name: customers_salary_positive, expr: salary > 0}",
            "- {name: customers_lower_city, expression: lower(city), where: plan = 'gold'}",
            "# in the schema sales in the database",
            "sales_customers:",
            "# partitioned by RANGE (at) in the database; here it is one table",
            "rows: 3000 * scale",
            "- ends_at > starts_at",
            "kind: {type: text, not_null: true, values: {open: 66.6667, close: 33.3333}, quota: true}",
            "# left out: trigger touched on customers",
            "# left out: policy own_visits on visits",
            "#   view gold_customers",
            "#   function touch",
            "#   type size",
        ],
    );
    for line in ["view gold_customers", "trigger touched on customers", "INCLUDE (zip)"] {
        assert!(told.contains(line), "no {line:?} in\n{told}");
    }
    assert!(!spec.contains("events_2024"), "partitions are no tables");
}

#[test]
fn checks_of_domains_are_kept_with_values_that_hold_to_them() {
    let original = sample("pagila");
    let (spec, _) = init(&original, &[]);
    let checks =
        "select pg_get_constraintdef(oid) from pg_constraint where contype = 'c' and conrelid > 0 order by 1";
    let kept = [
        "CHECK (((release_year >= 1901) AND (release_year <= 2155)))",
        "CHECK ((email ~* '^[a-z0-9.]+@[a-z0-9-]+([.][a-z]+)+$'::text))",
        "CHECK ((mark ~ '^[A-Z]{2}[0-9]{4}$'::text))",
    ];
    let again = made(&spec);
    assert_eq!(again.lines(checks), kept, "{spec}");
    // What loads has held to them; the texts are of that build and of the database's number.
    let marks = |of: &Database| of.query("select count(distinct mark), count(mark) from inventory");
    let (before, after) = (marks(&original), marks(&again));
    let number =
        |text: &str| text.split('|').next().and_then(|number| number.parse::<f64>().ok()).expect("a number");
    assert!((number(&before) / number(&after) - 1.0).abs() < 0.1, "{before} {after}");
    let (hidden, _) = init(&original, &["--no-values"]);
    assert!(hidden.contains("check: \"mark ~ '^[A-Z]{2}[0-9]{4}$'\""), "{hidden}");
    made(&hidden);
}

#[test]
fn favourites_of_references_are_those_of_the_database() {
    let original = sample("numbers");
    let (spec, _) = init(&original, &[]);
    let counts = "select visit_id, count(*) from tickets group by 1 having count(*) > 2 order by 2 desc, 1";
    let again = made(&spec);
    assert_eq!(again.lines(counts), original.lines(counts), "{spec}");
    assert_eq!(again.query("select count(distinct visit_id), count(*) from tickets"), "120|1760", "{spec}");
    assert!(!init(&original, &["--no-values"]).0.contains(" in (500"), "keys are values");
}

#[test]
fn sequences_go_on_where_they_are_in_the_database() {
    let original = sample("numbers");
    let (spec, told) = init(&original, &[]);
    let again = made(&spec);
    has_lines(
        &spec,
        &[
            "id: bigint generated always as identity (increment by 5 start with 500) primary key",
            "id: int generated by default as identity primary key",
            "id: {type: bigserial, primary_key: true, sequence: {start: 1000, step: 10}}",
            "id: serial primary key",
            "# numbered by the sequence documents in the database, by one of its own here",
            "number: {type: serial, primary_key: true, sequence: {start: 101, step: 2}}",
        ],
    );
    let keys =
        |column: &str, table: &str| format!("select min({column}), max({column}), count(*) from {table}");
    let pairs = [("north.orders", "orders"), ("south.orders", "south_orders")];
    for (there, here) in pairs.into_iter().chain([("visits", "visits"), ("tickets", "tickets")]) {
        assert_eq!(again.query(&keys("id", here)), original.query(&keys("id", there)), "{there}: {told}");
    }
    for table in ["invoices", "credits"] {
        assert_eq!(again.query(&keys("number", table)), original.query(&keys("number", table)));
    }
    let step = "select seqincrement from pg_sequence where seqrelid = pg_get_serial_sequence('visits', 'id')::regclass";
    assert_eq!(again.query(step), "5");
    // What comes next is none of these; a serial's steps are PostgreSQL's.
    for (_, here) in pairs.into_iter().chain([("visits", "visits")]) {
        let next = format!(
            "with next as (insert into {here} (note) values ('x') returning id) select id > (select max(id) from {here}) from next"
        );
        assert_eq!(again.query(&next), "t", "{here}");
    }
}

#[test]
fn categories_beside_nulls_are_exact_in_large_tables_too() {
    let script = "create type mood as enum ('calm', 'glad', 'sad');
        create table answers (id serial primary key, mood mood, grade smallint, plan varchar(8), is_new boolean);
        insert into answers (mood, grade, plan, is_new)
        select case when n % 100 < 23 then 'glad' when n % 100 < 45 then 'calm' when n % 100 < 66 then 'sad' end::mood,
          case when n % 50 < 11 then 3 when n % 50 < 21 then 1 when n % 50 < 30 then 2 end,
          case when n % 200 < 3 then 'none' when n % 200 < 101 then 'a''b' when n % 200 < 198 then 'gold' end,
          case when n % 1000 < 498 then false when n % 1000 < 995 then true end
        from generate_series(1, 25000) n";
    let original = analysed(script.as_bytes(), "answers");
    let (spec, _) = init(&original, &[]);
    let again = made(&spec);
    for column in ["mood", "grade", "plan", "is_new"] {
        let counts = format!("select {column}, count(*) from answers group by 1 order by 2 desc, 1");
        assert_eq!(again.lines(&counts), original.lines(&counts), "{spec}");
    }
}

#[test]
fn numbers_of_which_analyze_sees_a_sample_differ_as_often() {
    // Seldom values that the sample does not have make PostgreSQL's guess too low, on both sides alike.
    let script = "create table sales (id serial primary key, amount numeric(10,2), day date);
        select setseed(0.5);
        insert into sales (amount, day)
        select 500 * exp(sqrt(-2 * ln(random() + 1e-9)) * cos(6.2831853 * random()))::numeric(10,2),
          date '2024-01-01' + (floor(random() * 240) / 5)::int * 7 + (n % 5)
        from generate_series(1, 200000) n";
    let original = analysed(script.as_bytes(), "sales");
    let (spec, _) = init(&original, &[]);
    let (before, after) = (columns(&original), columns(&made(&spec)));
    for column in ["sales.amount", "sales.day"] {
        let (before, after) = (before[column].distinct, after[column].distinct);
        // Two samples of one table differ by some percent already.
        assert!((after / before - 1.0).abs() < 0.15, "{column}: {before} {after}\n{spec}");
    }
}

#[test]
fn what_a_check_says_of_nulls_holds_again() {
    let script = "create table parcels (id serial primary key, status varchar(10) not null, delivered_on date, round smallint,
          check ((status = 'done') = (delivered_on is not null)), check ((delivered_on is null) = (round is null)));
        insert into parcels (status, delivered_on, round)
        select case when n % 10 < 6 then 'done' else 'open' end, case when n % 10 < 6 then date '2025-01-01' + n % 83 end,
          case when n % 10 < 6 then 1 + n % 10 % 4 end from generate_series(1, 3000) n";
    let original = analysed(script.as_bytes(), "parcels");
    let (spec, told) = init(&original, &[]);
    assert!(!told.contains("left out"), "{told}\n{spec}");
    let counts = "select count(*) - count(delivered_on), count(distinct delivered_on), count(distinct round), count(*) from parcels";
    assert_eq!(made(&spec).query(counts), original.query(counts), "{spec}");
}

#[test]
fn vocabularies_are_lines_that_a_person_reads() {
    let script = stdout(&["generate", "specs/ecommerce.yaml", "--quiet", "--scale", "0.05"]);
    let (spec, _) = init(&analysed(&script, "the shop"), &[]);
    let of = |table: &str| -> String {
        let found = spec.split("\n\n").find(|part| part.contains(&format!("  {table}:\n")));
        found.unwrap_or_else(|| panic!("no {table} in {spec}")).to_owned()
    };
    let common = of("customers_first_name_words_common");
    assert!(common.contains("columns: [word, rows]") && common.contains("[[Mary, 61], "), "{common}");
    let words = of("customers_first_name_words");
    assert!(common.lines().count() < 35 && words.lines().count() < 18, "{common}\n{words}");
    assert!(
        of("customers")
            .contains("      first_name: {type: varchar(60), not_null: true, expr: first_name_word.word}")
    );
}

#[test]
fn only_what_is_asked_for_is_drawn_up() {
    let original = sample("clinic");
    let tables = |spec: &str| -> Vec<String> {
        let names = spec
            .lines()
            .filter(|line| line.starts_with("  ") && !line.starts_with("   ") && !line.contains('#'));
        names
            .map(|line| line.trim().trim_end_matches(':').to_owned())
            .filter(|name| !name.contains("_words"))
            .collect()
    };
    let of_schema = init(&original, &["--schema", "sales"]).0;
    assert_eq!(tables(&of_schema), ["customers", "events", "visits"]);
    assert!(
        of_schema
            .contains("visits_customer_id_fkey, a reference to public.customers, which was not asked for")
    );
    let of_tables = init(&original, &["--table", "sales.visits", "--table", "events"]).0;
    assert_eq!(tables(&of_tables), ["events", "visits"]);
    original.query("create table datagen_load (id integer)");
    assert!(
        !init(&original, &[]).0.contains("datagen_load"),
        "what `datagen load` remembers is none of the user's"
    );
    assert_eq!(tables(&init(&original, &["--table", "datagen_load"]).0), ["datagen_load"]);
    let guessed = init(&original, &["--statistics-only"]).0;
    assert!(!guessed.contains("Counted") && made(&guessed).query("select count(*) from visits") == "2000");
}

#[test]
fn no_value_of_the_rows_stands_in_a_spec_without_values() {
    let original = sample("clinic");
    let values = [
        "Marzahn",
        "Lichtenberg",
        "Treptow",
        "Zoster",
        "Gonarthrosis",
        "secret-mail",
        "Confidential",
        "Ledger",
        "09:48",
        ".37",
    ];
    let (open, _) = init(&original, &[]);
    for value in ["Marzahn", "Zoster", "Confidential", "Ledger", "09:48", ".37"] {
        assert!(open.contains(value), "{value} does not stand in\n{open}");
    }
    let (hidden, _) = init(&original, &["--no-values"]);
    for value in values {
        assert!(!hidden.contains(value), "{value} stands in\n{hidden}");
    }
    let again = made(&hidden);
    let count = |of: &Database| {
        of.query("select count(distinct city), count(distinct diagnosis), count(*) from customers")
    };
    assert_eq!(count(&again), count(&original), "{hidden}");
}

#[test]
fn rare_values_can_be_left_out() {
    let original = sample("clinic");
    let (spec, _) = init(&original, &["--min-frequency", "30%"]);
    assert!(spec.contains("Marzahn") && !spec.contains("Lichtenberg"), "{spec}");
    made(&spec);
}

#[test]
fn what_was_never_analysed_is_drawn_up_as_from_ddl_and_said() {
    let database = Database::new();
    database
        .load(b"create table t (id int primary key, name text); insert into t values (1, 'a')")
        .expect("loads");
    let (spec, told) = init(&database, &[]);
    assert!(spec.contains("Never analysed") && spec.contains("rows: 1000 * scale"), "{spec}");
    assert!(told.contains("t: no statistics, so that values are guesses: ANALYZE t gathers them"), "{told}");
}

#[test]
fn what_cannot_be_drawn_up_is_refused() {
    let refused = |arguments: &[&str], code: i32, words: &[&str]| {
        let mut all = vec!["init"];
        all.extend(arguments);
        let output = run(&all);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        words.iter().for_each(|words| assert!(told.contains(words), "no {words:?} in:\n{told}"));
        assert!(output.stdout.is_empty());
    };
    let empty = Database::new();
    refused(&["--from", &empty.url()], 1, &["the database has no tables"]);
    let clinic = sample("clinic");
    let url = clinic.url();
    refused(
        &["--from", &url, "--table", "custmers"],
        1,
        &["no table `custmers`", "did you mean `customers`?"],
    );
    refused(
        &["--from", &url, "--schema", "shop"],
        1,
        &["no schema with tables that is called `shop`", "public, sales"],
    );
    refused(&["--from", "postgres://u@%2Fnowhere/x"], 4, &["cannot connect", "/nowhere"]);
    let nobody = [
        "cannot connect to database `x` as user `u` at 127.0.0.1:1: Connection refused",
        "`pg_isready` tells",
    ];
    refused(&["--from", "postgres://u@127.0.0.1:1/x"], 4, &nobody);
    refused(&["--from", &url, "--min-frequency", "2"], 1, &["a share is a number from 0 to 1"]);
    refused(&["--ddl", "x.sql", "--schema", "a"], 1, &["cannot be used with"]);
    refused(&["--from", &url, "--sample", "x.csv"], 1, &["cannot be used with"]);
}
