//! What is kept in which dialect, and what is refused.

use super::*;
use crate::plan::Dialect;
use crate::plan::fixture::{column, table};
use crate::value::EnumType;
use std::sync::Arc;

/// A condition in a dialect, or why not.
fn read(dialect: Dialect, condition: &str) -> Result<String, String> {
    let shelf = EnumType { name: "shelf".into(), labels: vec!["low".into(), "high".into()] };
    let columns = vec![
        column("id", SqlType::BigInt),
        column("Order", SqlType::Int),
        column("price", SqlType::numeric(8, 2)),
        column("tax", SqlType::numeric(8, 2)),
        column("name", SqlType::Varchar(Some(20))),
        column("shelf", SqlType::Enum(Arc::new(shelf))),
        column("day", SqlType::Date),
        column("at", SqlType::Timestamptz),
        column("tags", SqlType::Array(Box::new(SqlType::Text))),
        column("is_new", SqlType::Boolean),
    ];
    let rules = dialect.rules().expect("not PostgreSQL");
    translate(rules, &table("t", 1, columns), condition).map(|reading| reading.sql)
}

#[test]
fn what_means_the_same_everywhere_is_kept() {
    for (condition, expected) in [
        ("price > 0", r#""price" > 0"#),
        ("\"Order\" between 1 and 10", r#""Order" BETWEEN 1 AND 10"#),
        ("NOT (id = 1 or id <> -2)", r#"NOT ("id" = 1 OR "id" <> -2)"#),
        ("name in ('a', 'it''s')", r#""name" IN ('a', 'it''s')"#),
        (
            "name::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])",
            r#""name" IN ('a', 'b')"#,
        ),
        ("shelf = 'low'::shelf", r#""shelf" = 'low'"#),
        ("day >= '2020-01-01'::date", r#""day" >= '2020-01-01'"#),
        ("at >= '2020-01-01 10:00:00'", r#""at" >= '2020-01-01 10:00:00'"#),
        ("tags is not null", r#""tags" IS NOT NULL"#),
        ("char_length(name) > 3", r#"length("name") > 3"#),
        ("coalesce(price, 0) >= 0", r#"coalesce("price", 0) >= 0"#),
        ("id % 2 = 0 and id * 2 + 1 < 7", r#""id" % 2 = 0 AND "id" * 2 + 1 < 7"#),
        ("is_new is true", r#""is_new" IS TRUE"#),
    ] {
        for dialect in [Dialect::Sqlite, Dialect::DuckDb] {
            assert_eq!(read(dialect, condition).as_deref(), Ok(expected), "{condition}");
        }
    }
    assert_eq!(read(Dialect::MySql, "char_length(name) > 3").as_deref(), Ok("char_length(`name`) > 3"));
    assert_eq!(read(Dialect::MySql, "name = 'a\\b'").as_deref(), Ok("`name` = 'a\\\\b'"));
    assert_eq!(read(Dialect::Sqlite, "is_new = true").as_deref(), Ok(r#""is_new" = 1"#));
}

#[test]
fn what_databases_read_otherwise_is_refused_with_the_reason() {
    for condition in [
        "price / 2 > 1",
        "name ~ '^a'",
        "name ilike 'a%'",
        "shelf > 'low'",
        "at > '2020-01-01 00:00:00+02'",
        "at > day",
        "day + 3 > '2020-01-01'",
        "tags = '{}'",
        "other > 1",
        "at < now()",
        "price::int > 1",
        "name = id",
        "price >",
        "price desc nulls last",
    ] {
        for (_, dialect) in &Dialect::ALL[1..] {
            assert!(read(*dialect, condition).is_err(), "{condition}: {:?}", read(*dialect, condition));
        }
    }
    let sum = "price + tax = 10";
    let why = "SQLite computes decimals as floating point numbers";
    assert_eq!(read(Dialect::Sqlite, sum), Err(why.to_owned()));
    assert!(read(Dialect::MySql, sum).is_ok() && read(Dialect::DuckDb, sum).is_ok());
    assert!(read(Dialect::MySql, "name || 'x' = 'yx'").is_err());
    assert!(read(Dialect::Sqlite, "name like 'a%'").is_err());
    assert!(read(Dialect::DuckDb, "name like 'a%'").is_ok());
}

#[test]
fn defaults_may_ask_the_clock() {
    let default =
        |dialect: Dialect, written| super::default(dialect.rules().expect("not PostgreSQL"), written);
    assert_eq!(default(Dialect::MySql, "now()").as_deref(), Ok("CURRENT_TIMESTAMP(6)"));
    assert_eq!(default(Dialect::Sqlite, "CURRENT_DATE").as_deref(), Ok("CURRENT_DATE"));
    assert_eq!(default(Dialect::DuckDb, "gen_random_uuid()").as_deref(), Ok("gen_random_uuid()"));
    assert_eq!(default(Dialect::Sqlite, "'x'::character varying").as_deref(), Ok("'x'"));
    assert!(default(Dialect::Sqlite, "gen_random_uuid()").is_err());
    assert!(default(Dialect::MySql, "nextval('s')").is_err());
    assert!(default(Dialect::MySql, "other + 1").is_err());
}
