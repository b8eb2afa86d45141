//! `datagen verify`: what was loaded is as expected, and every kind of damage is found and named.

mod support;

use std::path::Path;
use support::postgres::Database;
use support::{run, shipped, stdout, write_spec};

const TYPES: &str = "examples/02-types.yaml";

/// A database with a spec's script.
fn loaded(arguments: &[&str]) -> Database {
    let database = Database::new();
    let all: Vec<&str> =
        ["generate", "--quiet", "--format", "copy"].iter().chain(arguments).copied().collect();
    database.load(&stdout(&all)).unwrap_or_else(|told| panic!("{arguments:?}: {told}"));
    database
}

/// A database changed by SQL.
fn damaged(arguments: &[&str], sql: &str) -> Database {
    let database = loaded(arguments);
    database.load(sql.as_bytes()).unwrap_or_else(|told| panic!("{sql}: {told}"));
    database
}

/// What `verify` says of a database: its exit code, the report, and what else it says.
fn verified(database: &Database, arguments: &[&str]) -> (i32, String, String) {
    let address = database.url();
    let all: Vec<&str> = ["verify", "--to", &address].iter().chain(arguments).copied().collect();
    let output = run(&all);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

fn expect_equal(database: &Database, arguments: &[&str]) {
    let (code, report, told) = verified(database, arguments);
    assert_eq!(code, 0, "{arguments:?}: {report}{told}");
    assert!(!report.is_empty() && report.lines().all(|line| line.ends_with(", as expected")), "{report}");
}

/// The differences, which there have to be, line by line.
fn differences(database: &Database, arguments: &[&str]) -> Vec<String> {
    let (code, report, told) = verified(database, arguments);
    assert_eq!(code, 5, "{arguments:?}: {report}{told}");
    report.lines().filter_map(|line| line.strip_prefix("  ")).map(str::to_owned).collect()
}

/// A table of its own kind in a new directory, and the spec's path.
fn spec(directory: &Path, text: &str) -> String {
    write_spec(directory, "spec.yaml", text)
}

#[test]
fn what_was_loaded_is_as_expected() {
    let names =
        ["02-types", "35-history", "55-noise", "72-datagen-cli", "ecommerce", "nasty-text", "table-cycle"];
    let chosen: Vec<_> = shipped().into_iter().filter(|spec| names.contains(&&*spec.name)).collect();
    assert_eq!(chosen.len(), names.len());
    for of in chosen {
        let database = loaded(&[&of.path, "--scale", of.scale]);
        for more in [&[][..], &["--sample", "1%"], &["--constraints-only"], &["--jobs", "1"]] {
            let arguments: Vec<&str> = [&*of.path, "--scale", of.scale].iter().chain(more).copied().collect();
            expect_equal(&database, &arguments);
        }
    }
}

#[test]
fn what_load_put_there_is_as_expected_before_and_after_it_grows() {
    let database = Database::new();
    let (address, shop) = (database.url(), "specs/ecommerce.yaml");
    stdout(&["load", shop, "--quiet", "--to", &address, "--scale", "0.004"]);
    expect_equal(&database, &[shop, "--scale", "0.004"]);
    let found = differences(&database, &[shop, "--scale", "0.008", "--max-differences", "1000000"]);
    assert!(found.iter().any(|line| line.ends_with(" is missing")), "{} lines", found.len());
    stdout(&["load", shop, "--quiet", "--to", &address, "--scale", "0.008", "--grow"]);
    expect_equal(&database, &[shop, "--scale", "0.008"]);
    expect_equal(&database, &[shop, "--scale", "0.008", "--constraints-only"]);
}

#[test]
fn a_changed_cell_of_each_type_is_found() {
    let changes = [
        ("c_smallint", "coalesce(c_smallint, 0) # 1"),
        ("c_int", "coalesce(c_int, 0) # 1"),
        ("c_bigint", "coalesce(c_bigint, 0) # 1"),
        ("c_numeric", "coalesce(c_numeric, 0) + 0.0001"),
        ("c_wide_numeric", "coalesce(c_wide_numeric, 0) + 0.00001"),
        ("c_real", "-coalesce(c_real, 1)"),
        ("c_double", "coalesce(c_double, 0) * 1.0000000000000002"),
        ("c_boolean", "not coalesce(c_boolean, true)"),
        ("c_text", "coalesce(c_text, '') || ' '"),
        ("c_varchar", "upper(left(coalesce(c_varchar, ''), 11)) || 'x'"),
        ("c_char", "case when c_char = 'x' then 'y' else 'x' end"),
        ("c_date", "coalesce(c_date, '2020-01-01') + 1"),
        ("c_time", "coalesce(c_time, '10:00') + interval '1 microsecond'"),
        ("c_timestamp", "coalesce(c_timestamp, '2020-01-01') + interval '1 microsecond'"),
        ("c_timestamptz", "coalesce(c_timestamptz, '2020-01-01') + interval '1 microsecond'"),
        // The same length of time in other units.
        ("c_interval", "coalesce(c_interval, '0') + interval '1 day' - interval '24 hours'"),
        ("c_uuid", "gen_random_uuid()"),
        // The same document in other text.
        ("c_json", "('  ' || coalesce(c_json::text, '1'))::json"),
        ("c_jsonb", "jsonb_build_array(c_jsonb)"),
        ("c_bytea", "coalesce(c_bytea, '') || '\\x00'"),
        ("c_inet", "coalesce(c_inet, '10.0.0.1') + 1"),
        ("c_mood", "case when c_mood = 'sad' then 'calm' else 'sad' end::mood"),
        ("c_int_array", "c_int_array || null::int"),
        ("c_text_array", "c_text_array || ''::text"),
    ];
    let update = |(at, (column, value)): (usize, &(&str, &str))| {
        format!("update types set {column} = {value} where c_bigserial = {};\n", at + 1)
    };
    let database = damaged(&[TYPES], &changes.iter().enumerate().map(update).collect::<String>());
    let found = differences(&database, &[TYPES, "--max-differences", "100"]);
    assert_eq!(found.len(), changes.len(), "{found:#?}");
    for (at, (column, _)) in changes.iter().enumerate() {
        let row = at + 1;
        let start = format!("row {row} (c_bigserial {row}), {column}: expected ");
        assert!(found[at].starts_with(&start), "{start}: {}", found[at]);
    }
}

#[test]
fn nulls_are_values_of_their_own() {
    let database = damaged(
        &["examples/nasty-text.yaml"],
        "update nasty set text = null where id = (select min(id) from nasty where text = '')",
    );
    let found = differences(&database, &["examples/nasty-text.yaml"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with(", text: expected ``, found null"), "{found:?}");
}

#[test]
fn rows_that_are_missing_or_too_many_are_named() {
    let database = damaged(
        &["examples/00-tour.yaml"],
        "delete from orders where id = 17; \
         insert into orders (id, customer_id) values (900000, 1), (900001, 1); \
         delete from orders where id in (select max(id) from orders where id < 900000)",
    );
    let found = differences(&database, &["examples/00-tour.yaml"]);
    assert_eq!(found[0], "row 17 (id 17) is missing");
    assert!(found[1].ends_with(") is missing"), "{found:?}");
    assert_eq!(found[2..], ["a row too many: id 900000", "a row too many: id 900001"]);

    let database = damaged(&["examples/00-tour.yaml"], "delete from orders where id = 17");
    let found = differences(&database, &["examples/00-tour.yaml"]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[1].starts_with("expected 3,045 rows, found 3,044"), "{found:?}");
}

#[test]
fn constraints_that_are_not_there_are_named() {
    let database = damaged(
        &["examples/00-tour.yaml"],
        "alter table orders drop constraint orders_customer_id_fkey; \
         alter table customers drop constraint customers_email_key; \
         alter table customers alter column email drop not null; \
         alter table orders drop constraint orders_pkey",
    );
    let expected = [
        "there is no unique constraint customers_email_key (email)",
        "there is no primary key (id)",
        "there is no foreign key orders_customer_id_fkey (customer_id) to customers (id)",
    ];
    for more in [&[][..], &["--constraints-only"]] {
        let arguments: Vec<&str> = ["examples/00-tour.yaml"].iter().chain(more).copied().collect();
        let found = differences(&database, &arguments);
        let named: Vec<&str> =
            expected.iter().filter(|line| found.contains(&line.to_string())).copied().collect();
        assert_eq!(named, expected, "{found:?}");
    }
}

#[test]
fn rows_are_found_without_an_index_and_keys_that_are_repeated_are_told() {
    let database = damaged(
        &["examples/00-tour.yaml"],
        "alter table orders drop constraint orders_pkey; \
         insert into orders select * from orders where id in (5, 6); \
         update orders set total = total + 1 where id = 9",
    );
    let found = differences(&database, &["examples/00-tour.yaml"]);
    assert_eq!(found[0], "there is no primary key (id)");
    assert!(found[1].starts_with("row 9 (id 9), total: expected "), "{found:?}");
    assert!(found[2].starts_with("expected 3,045 rows, found 3,047"), "{found:?}");
    assert_eq!(found[3], "2 rows repeat the id of others");
}

#[test]
fn rows_without_a_key_are_counted_by_their_values() {
    let directory = tempfile::tempdir().unwrap();
    let path = spec(
        directory.path(),
        "tables: {t: {rows: 10000, columns: {word: {type: text, values: [a, '', b], null: 10%}, doc: {type: json, values: ['{}', '[]']}}}}",
    );
    let database = loaded(&[&path]);
    expect_equal(&database, &[&path]);
    expect_equal(&database, &[&path, "--sample", "1%"]);
    let database = damaged(
        &[&path],
        "delete from t where ctid = (select min(ctid) from t where word is null and doc::text = '{}'); \
         insert into t values ('', '[1]')",
    );
    let found = differences(&database, &[&path]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("row ") && found[0].ends_with("((,{})) is missing"), "{found:?}");
    assert_eq!(found[1], r#"a row too many: ("",[1])"#);
}

#[test]
fn a_sample_finds_what_is_wrong_in_its_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let path = spec(
        directory.path(),
        "tables: {t: {rows: 100k, columns: {id: bigint primary key, amount: {type: int, min: 1, max: 9}}}}",
    );
    // One row in each block of 4,096.
    let database = damaged(&[&path], "update t set amount = -1 where id % 4096 = 5");
    let found = differences(&database, &[&path, "--sample", "20%"]);
    assert_eq!(found.len(), 5, "a fifth of 25 blocks: {found:?}");
    assert!(found.iter().all(|line| line.contains(", amount: expected ") && line.ends_with("found `-1`")));
    assert_eq!(differences(&database, &[&path, "--sample", "0.2"]), found);
    assert_eq!(differences(&database, &[&path, "--max-differences", "100"]).len(), 25);
    // What is not in a block is not seen, but counted.
    let database = damaged(&[&path], "delete from t where id = 99999");
    assert_eq!(differences(&database, &[&path, "--sample", "1%"]), ["expected 100,000 rows, found 99,999"]);
}

#[test]
fn rules_are_looked_at_whether_the_server_holds_them_or_not() {
    let directory = tempfile::tempdir().unwrap();
    let path = spec(
        directory.path(),
        "tables:\n  \
           p: {rows: 20, columns: {id: bigint primary key, code: text not null unique}}\n  \
           c:\n    rows: 50\n    columns: {id: bigint primary key, p_id: bigint not null references p, n: {type: int, min: 1, max: 5}}\n    \
             checks: [n > 0]\n",
    );
    let database = damaged(
        &[&path],
        "alter table c drop constraint c_p_id_fkey; alter table c drop constraint c_check; \
         alter table c drop constraint c_pkey; alter table c alter column p_id drop not null; \
         alter table p drop constraint p_code_key; \
         update c set p_id = 77 where id = 1; update c set p_id = null where id = 2; update c set n = 0 where id < 4; \
         insert into c select * from c where id = 9; update p set code = 'x' where id < 3",
    );
    let found = differences(&database, &[&path, "--constraints-only"]);
    let broken: Vec<&str> =
        found.iter().filter(|line| !line.starts_with("there is no")).map(|line| &**line).collect();
    assert_eq!(
        broken,
        [
            "unique p_code_key: 1 value occurs more than once, such as code x",
            "p_id is not NOT NULL",
            "p_id NOT NULL: 1 row is null, such as id 2",
            "primary key of c: 1 value occurs more than once, such as id 9",
            "check c_check: 3 rows break it, such as id 1",
            "foreign key c_p_id_fkey: 1 row has no parent, such as p_id 77",
        ]
    );
}

#[test]
fn another_seed_is_told_apart_and_only_so_many_differences_are_shown() {
    let database = loaded(&["examples/00-tour.yaml"]);
    let (code, report, told) =
        verified(&database, &["examples/00-tour.yaml", "--seed", "7", "--max-differences", "3"]);
    assert_eq!(code, 5);
    assert_eq!(report.lines().filter(|line| line.starts_with("  row ")).count(), 3, "{report}");
    assert!(report.contains("\n  and ") && report.contains(" differences not shown\n"), "{report}");
    assert!(told.contains("differences in 2 tables") && told.contains("--seed"), "{told}");
}

#[test]
fn tables_and_columns_of_another_shape_are_told() {
    let database = damaged(
        &[TYPES],
        "drop table identities; alter table types drop column c_text; alter table types alter column c_int type bigint; \
         alter table keys add column more int",
    );
    let found = differences(&database, &[TYPES]);
    for line in [
        "there is no such table",
        "there is no column c_text",
        "c_int is bigint, expected integer",
        "there is a column too many, more",
    ] {
        assert!(found.contains(&line.to_owned()), "{line}: {found:?}");
    }
    assert_eq!(found.len(), 4, "values are compared all the same: {found:?}");
}

#[test]
fn tables_are_looked_for_in_the_schema_that_is_named() {
    let database = Database::new();
    let script = stdout(&["generate", TYPES, "--quiet", "--format", "copy"]);
    let script = [b"create schema staging; set search_path = staging;\n".to_vec(), script].concat();
    database.load(&script).unwrap();
    expect_equal(&database, &[TYPES, "--schema", "staging"]);
    let found = differences(&database, &[TYPES, "--table", "keys"]);
    assert_eq!(found, ["there is no such table"]);
}

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_computed() {
    let refused = |arguments: &[&str], code: i32, message: &str| {
        let output = run(&[&["verify", TYPES], arguments].concat());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains(message), "{told}");
    };
    refused(&["--sample", "0"], 1, "expected a share above 0 and up to 100%");
    refused(&["--to", "postgres://localhost:1/none"], 4, "localhost");
}
