//! The harness itself: a test that cannot fail is worse than none.

mod support;

use support::postgres::Database;

#[test]
fn a_script_with_an_error_leaves_nothing_behind() {
    let database = Database::new();
    let told = database.load(b"create table a (id int); insert into a values (1); select 1/0;").unwrap_err();
    assert!(told.contains("division by zero"), "{told}");
    assert_eq!(database.query("select count(*) from pg_tables where schemaname = 'public'"), "0");
}

#[test]
fn databases_do_not_see_each_other() {
    let (one, other) = (Database::new(), Database::new());
    one.load(b"create table a (id int);").unwrap();
    assert_eq!(other.query("select to_regclass('a') is null"), "t");
}

#[test]
fn every_shipped_spec_is_found() {
    let names: Vec<String> = support::shipped().into_iter().map(|spec| spec.name).collect();
    assert!(
        names.contains(&"ecommerce".to_string()) && names.contains(&"11-same-in-json".to_string()),
        "{names:?}"
    );
}
