//! `datagen load` into a real PostgreSQL: what arrives, what is refused, and that nothing is ever half done.

mod support;

#[path = "load/at_once.rs"]
mod at_once;
#[path = "load/interrupted.rs"]
mod interrupted;
#[path = "load/sizes.rs"]
mod sizes;

use std::fs;
use support::postgres::Database;
use support::{run, shipped, stdout, write_spec};

/// Three tables that refer to each other every way, small enough to be loaded many times.
pub const SHOP: &str = "
version: 1
seed: 3
tables:
  customers:
    rows: 400 * scale
    columns:
      id: bigserial primary key
      email: varchar(255) unique
      full_name: text not null
      born_on: {type: date, null: 20%, min: 1950-01-01, max: 2005-12-31}
      friend_id: {references: customers, null: 30%}
  orders:
    rows: 1500 * scale
    columns:
      id: bigserial primary key
      customer_id: bigint not null references customers
      total: {type: 'numeric(10,2)', min: 5, max: 900}
      status: {type: text, not_null: true, values: {open: 5, paid: 80, void: 15}}
    indexes: [[status]]
  products:
    rows: 300 * scale
    columns:
      id: int primary key
      name: {type: text, not_null: true, template: 'thing {id}'}
      price: {type: 'numeric(8,2)', min: 1, max: 99}
";

/// A directory with the spec, and its path.
pub fn shop() -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = write_spec(directory.path(), "shop.yaml", SHOP);
    (directory, path)
}

/// Runs `datagen load`, which has to succeed, and returns what it said.
pub fn load(arguments: &[&str]) -> String {
    let output = run(&[&["load"], arguments].concat());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "datagen load {}: {}\n{told}", arguments.join(" "), output.status);
    assert!(output.stdout.is_empty(), "results are in the database");
    told
}

/// Runs `datagen load`, which has to fail with this code, and returns what it said.
pub fn refused(code: i32, arguments: &[&str]) -> String {
    let output = run(&[&["load"], arguments].concat());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "datagen load {}:\n{told}", arguments.join(" "));
    told
}

const TABLES: &str = "select quote_ident(c.relname) from pg_class c where c.relnamespace = 'public'::regnamespace \
                      and c.relkind = 'r' and c.relname not like 'datagen\\_load%' order by 1";

/// Every table with a hash of its rows; constraints, indexes; where sequences go on. All but the ledger.
pub fn contents(ask: impl Fn(&str) -> String) -> Vec<String> {
    let hash = "md5(coalesce(string_agg(t::text, chr(10) order by t::text collate \"C\"), ''))";
    let hashed = |table| format!("select '{table} ' || count(*) || ' ' || {hash} from {table} t");
    let hashes: Vec<String> = ask(TABLES).lines().map(hashed).collect();
    let mut all = vec![ask(&hashes.join(" union all "))];
    let of_ours = "'public'::regnamespace and conrelid::regclass::text not like 'datagen\\_load%'";
    all.push(ask(&format!(
        "select conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) from pg_constraint \
         where conrelid <> 0 and connamespace = {of_ours} order by 1, 2"
    )));
    all.push(ask(
        "select indexdef from pg_indexes where schemaname = 'public' and tablename not like 'datagen\\_load%' order by 1",
    ));
    all.push(ask("select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1"));
    all
}

fn in_database(database: &Database) -> Vec<String> {
    contents(|sql| database.query(sql))
}

#[test]
fn a_loaded_database_is_what_the_script_makes() {
    // Every type, quotes everywhere, cycles, hidden columns, noise, arrays of enumerated types, domains and composites.
    let names = [
        "02-types",
        "29-names-and-indexes",
        "55-noise",
        "62-arrays-and-bytes",
        "72-datagen-cli",
        "hidden-and-params",
        "nasty-text",
        "table-cycle",
        "ecommerce",
    ];
    let specs: Vec<_> = shipped().into_iter().filter(|spec| names.contains(&spec.name.as_str())).collect();
    assert_eq!(specs.len(), names.len());
    for spec in specs {
        let by_script = Database::new();
        let script = stdout(&["generate", &spec.path, "--quiet", "--scale", spec.scale, "--format", "copy"]);
        by_script.load(&script).unwrap_or_else(|told| panic!("{}: {told}", spec.path));
        let expected = in_database(&by_script);
        let common = [&spec.path, "--scale", spec.scale, "--to"];
        for more in [&["--chunk-rows", "777", "--connections", "3"][..], &["--atomic"]] {
            let database = Database::new();
            load(&[&common[..], &[&database.url()], more].concat());
            assert_eq!(in_database(&database), expected, "{} {more:?}", spec.path);
            let analyzed = "select count(*) from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r' \
                            and reltuples < 0 and relname not like 'datagen\\_load%'";
            assert_eq!(database.query(analyzed), "0", "{}: every table was analyzed", spec.path);
        }
    }
}

#[test]
fn the_summary_says_what_came_to_be() {
    let (_directory, shop) = shop();
    let database = Database::new();
    let told = load(&[&shop, "--to", &database.url()]);
    assert!(told.starts_with("2,200 rows, ") && told.contains(" rows/s, "), "{told}");
    assert!(told.contains("keys, indexes and statistics in "), "{told}");
    let told = load(&[&shop, "--to", &database.url(), "--clean", "--verbose"]);
    assert!(told.contains("orders     1,500 rows\n"), "{told}");
    assert_eq!(load(&[&shop, "--to", &database.url(), "--clean", "--quiet"]), "");
}

#[test]
fn a_schema_is_made_and_nothing_else_is_touched() {
    let (_directory, shop) = shop();
    let database = Database::new();
    database
        .load(b"create table public.orders (note text); insert into public.orders values ('ours')")
        .unwrap();
    load(&[&shop, "--to", &database.url(), "--schema", "Staging area"]);
    assert_eq!(database.query("select count(*) from \"Staging area\".orders"), "1500");
    assert_eq!(database.query("select note from public.orders"), "ours");
    let dropped =
        load(&[&shop, "--to", &database.url(), "--schema", "Staging area", "--clean", "--scale", "2"]);
    assert!(dropped.starts_with("4,400 rows"), "{dropped}");
    assert_eq!(database.query("select note from public.orders"), "ours");
}

#[test]
fn tables_that_are_there_are_used_only_where_that_harms_nobody() {
    let (_directory, shop) = shop();
    let database = Database::new();
    let url = database.url();
    load(&[&shop, "--to", &url]);
    let expected = in_database(&database);

    let told = refused(4, &[&shop, "--to", &url]);
    let list =
        ["customers", "orders", "products"].map(|table| format!("error: table `{table}` holds rows\n"));
    assert!(told.starts_with(&list.concat()), "{told}");
    assert!(told.contains("--truncate empties the tables first"), "{told}");
    let told = refused(4, &[&shop, "--to", &url, "--create"]);
    assert!(told.contains("table `orders` is there already") && told.contains("--clean"), "{told}");
    let told = refused(4, &[&shop, "--to", &url, "--append"]);
    assert!(told.contains("duplicate key value"), "{told}");
    load(&[&shop, "--to", &url, "--truncate"]);
    assert_eq!(in_database(&database), expected);

    database.load(b"drop table products").unwrap();
    let told = refused(4, &[&shop, "--to", &url, "--truncate"]);
    assert!(told.contains("there is no table `products`"), "{told}");
    let told = refused(4, &[&shop, "--to", &url, "--clean"]);
    assert!(
        told.contains("table `products` is not there to be dropped") && told.contains("--if-exists"),
        "{told}"
    );
    load(&[&shop, "--to", &url, "--clean", "--if-exists"]);
    assert_eq!(in_database(&database), expected);
    let told = refused(4, &[&shop, "--to", &Database::new().url(), "--data-only"]);
    assert!(told.contains("there is no table `customers`"), "{told}");
}

#[test]
fn all_differences_of_columns_are_told_at_once_and_before_a_row() {
    let (_directory, shop) = shop();
    let database = Database::new();
    database
        .load(
            b"create table customers (id bigint primary key, email varchar(20), full_name text, born_on date not null,
                friend_id bigint, loyal boolean not null);
              create table orders (id bigint, customer_id int, total numeric(10,1), status text,
                tax numeric generated always as (total * 0.2) stored);
              create table products (id int, name text, price numeric)",
        )
        .unwrap();
    let told = refused(4, &[&shop, "--to", &database.url(), "--data-only"]);
    for part in [
        "column `email` of table `customers` is character varying(20); in the spec it is character varying(255)",
        "column `born_on` of table `customers` is NOT NULL; in the spec it has nulls",
        "column `loyal` of table `customers` is NOT NULL without a default, and the spec has no such column",
        "column `customer_id` of table `orders` is integer; in the spec it is bigint",
        "column `total` of table `orders` is numeric(10,1); in the spec it is numeric(10,2)",
    ] {
        assert!(told.contains(part), "no {part:?} in:\n{told}");
    }
    assert_eq!(database.query("select count(*) from products"), "0");
}

#[test]
fn other_types_that_hold_the_values_are_filled_by_text() {
    let directory = tempfile::tempdir().unwrap();
    let spec = write_spec(
        directory.path(),
        "hosts.yaml",
        "version: 1\ntables:\n  hosts:\n    rows: 50\n    columns:\n      id: int primary key\n      \
         mac: {type: text, pattern: '[0-9a-f]{2}(:[0-9a-f]{2}){5}'}\n      mood: {type: text, values: [glad, sad]}\n",
    );
    let database = Database::new();
    database
        .load(
            b"create type mood as enum ('sad', 'glad');
              create table hosts (id bigint primary key, mac macaddr, mood mood, seen_at timestamptz default now())",
        )
        .unwrap();
    load(&[&spec, "--to", &database.url(), "--data-only"]);
    let sql = "select count(*), count(mac), count(distinct mood), count(seen_at) from hosts";
    assert_eq!(database.query(sql), "50|50|2|50");
}

#[test]
fn foreign_keys_of_tables_that_are_there_come_back_and_hold() {
    let (_directory, shop) = shop();
    let database = Database::new();
    let url = database.url();
    database.load(&stdout(&["generate", &shop, "--quiet", "--format", "copy", "--schema-only"])).unwrap();
    // Rows of orders come first, and customers refer to customers that come later.
    load(&[&shop, "--to", &url, "--data-only", "--chunk-rows", "50"]);
    let by_script = Database::new();
    by_script.load(&stdout(&["generate", &shop, "--quiet", "--format", "copy"])).unwrap();
    assert_eq!(in_database(&database), in_database(&by_script));
}

#[test]
fn a_table_alone_and_rows_from_one_on() {
    let (_directory, shop) = shop();
    let database = Database::new();
    let url = database.url();
    load(&[&shop, "--to", &url, "--table", "products"]);
    assert_eq!(database.query("select count(*) from products"), "300");
    load(&[&shop, "--to", &url, "--table", "products", "--scale", "2", "--append-from", "301"]);
    let whole = Database::new();
    load(&[&shop, "--to", &whole.url(), "--table", "products", "--scale", "2"]);
    assert_eq!(in_database(&database), in_database(&whole));
}

#[test]
fn a_value_that_cannot_be_made_ends_the_load_and_the_fixed_spec_is_told_from_it() {
    let directory = tempfile::tempdir().unwrap();
    let spec = "version: 1\ntables:\n  t:\n    rows: 100\n    columns:\n      id: int primary key\n      \
                share: {type: 'numeric(9,4)', expr: '1.0 / (id - 60)'}\n";
    let path = write_spec(directory.path(), "t.yaml", spec);
    let database = Database::new();
    let told = refused(3, &[&path, "--to", &database.url(), "--chunk-rows", "10"]);
    assert!(told.contains("division by zero"), "{told}");
    fs::write(&path, spec.replace("- 60", "+ 60")).unwrap();
    let told = refused(1, &[&path, "--to", &database.url(), "--resume"]);
    assert!(told.contains("the unfinished load had another spec"), "{told}");
    let told = refused(4, &[&path, "--to", &database.url()]);
    assert!(told.contains("holds an unfinished load") && told.contains("--resume"), "{told}");
    // The tables are there, and their keys were still to be made.
    load(&[&path, "--to", &database.url(), "--truncate"]);
    assert_eq!(database.query("select count(*) from t"), "100");
    let key = "select pg_get_constraintdef(oid) from pg_constraint where conrelid = 't'::regclass and contype = 'p'";
    assert_eq!(database.query(key), "PRIMARY KEY (id)");
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_tried() {
    let (_directory, shop) = shop();
    let database = Database::new();
    for arguments in [
        &["--if-exists"][..],
        &["--create", "--clean"],
        &["--atomic", "--resume"],
        &["--atomic", "--connections", "2"],
        &["--connections", "0"],
        &["--grow", "--table", "orders"],
        &["--append-from", "0"],
        &["--to", "postgres://h/x?nonsense=1"],
        &["--table", "order"],
    ] {
        let to = if arguments.contains(&"--to") { vec![] } else { vec!["--to".to_owned(), database.url()] };
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        refused(1, &[&[shop.as_str()], &to[..], arguments].concat());
    }
    assert_eq!(database.query(TABLES), "");
    let told = refused(4, &[&shop, "--to", "postgres://ana@127.0.0.1:1/shop"]);
    assert!(told.contains("cannot connect to database `shop`") && told.contains("pg_isready"), "{told}");
}
