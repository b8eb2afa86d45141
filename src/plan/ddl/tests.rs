//! Scripts of a small shop, statement by statement.

use super::*;
use crate::column::Sequence;
use crate::plan::fixture::{self, column};
use crate::plan::{ForeignKey, Identity, Index, NamedCheck, PlannedColumn, Table, Unique};
use crate::value::{EnumType, SqlType};
use std::sync::Arc;

fn table(name: &str, columns: Vec<PlannedColumn>) -> Table {
    Table { primary_key: vec![0], ..fixture::table(name, 10, columns) }
}

fn reference(name: &str, column: usize, table: usize) -> ForeignKey {
    ForeignKey {
        name: name.into(),
        columns: vec![column],
        table,
        referenced: vec![0],
        on_delete: None,
        on_update: None,
        deferrable: false,
    }
}

/// Customers who are referred by customers, and their orders, in words that need quotes here and there.
fn shop() -> Plan {
    let tier = Arc::new(EnumType { name: "Tier".into(), labels: vec!["free".into(), "it's pro".into()] });
    let unused = Arc::new(EnumType { name: "unused".into(), labels: vec!["x".into()] });
    let id = |identity| PlannedColumn {
        not_null: true,
        identity: Some(identity),
        ..column("id", SqlType::BigInt)
    };
    let mut customers = table(
        "customers",
        vec![
            id(Identity::Serial),
            PlannedColumn { not_null: true, ..column("email", SqlType::Varchar(Some(255))) },
            PlannedColumn {
                default: Some("'free'".into()),
                comment: Some("what they pay".into()),
                ..column("tier", SqlType::Enum(tier.clone()))
            },
            column("referrer_id", SqlType::BigInt),
            PlannedColumn { hidden: true, ..column("mood", SqlType::Enum(unused.clone())) },
        ],
    );
    customers.comment = Some("who buys".into());
    customers.uniques = vec![
        Unique { name: "customers_email_key".into(), columns: vec![1] },
        Unique { name: "customers_mood_key".into(), columns: vec![4] },
    ];
    let referrer = reference("customers_referrer_id_fkey", 3, 0);
    customers.foreign_keys = vec![ForeignKey { deferrable: true, ..referrer }];
    let mut orders = table(
        "order",
        vec![
            id(Identity::Always),
            column("customer_id", SqlType::BigInt),
            column("total", SqlType::numeric(12, 2)),
        ],
    );
    orders.checks = vec![NamedCheck {
        name: "order_total_check".into(),
        expression: "total >= 0".into(),
        condition: None,
        is_declared: true,
    }];
    orders.indexes = vec![
        Index {
            name: "order_customer_id_idx".into(),
            columns: vec![1, 2],
            expressions: Vec::new(),
            condition: None,
            unproved: None,
            unique: false,
            method: None,
            operator_class: None,
        },
        Index {
            name: "order_total_idx".into(),
            columns: vec![2],
            expressions: Vec::new(),
            condition: None,
            unproved: None,
            unique: true,
            method: Some("btree".into()),
            operator_class: None,
        },
    ];
    orders.foreign_keys = vec![ForeignKey {
        on_delete: Some("CASCADE".into()),
        on_update: Some("SET NULL".into()),
        ..reference("order_customer_id_fkey", 1, 0)
    }];
    Plan {
        seed: 1,
        types: vec![tier, unused],
        tables: vec![customers, orders],
        order: vec![0, 1],
        ..Plan::default()
    }
}

const SCHEMA: &str = r#"CREATE TYPE "Tier" AS ENUM (
    'free',
    'it''s pro'
);

CREATE TABLE customers (
    id bigserial NOT NULL,
    email character varying(255) NOT NULL,
    tier "Tier" DEFAULT 'free',
    referrer_id bigint
);

COMMENT ON TABLE customers IS 'who buys';

COMMENT ON COLUMN customers.tier IS 'what they pay';

CREATE TABLE "order" (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    customer_id bigint,
    total numeric(12,2)
);

"#;

const CONSTRAINTS: &str = r#"ALTER TABLE ONLY customers
    ADD PRIMARY KEY (id);

ALTER TABLE ONLY customers
    ADD CONSTRAINT customers_email_key UNIQUE (email);

ALTER TABLE ONLY "order"
    ADD PRIMARY KEY (id);

ALTER TABLE "order"
    ADD CONSTRAINT order_total_check CHECK (total >= 0);

CREATE INDEX order_customer_id_idx ON "order" USING btree (customer_id, total);

CREATE UNIQUE INDEX order_total_idx ON "order" USING btree (total);

ALTER TABLE ONLY customers
    ADD CONSTRAINT customers_referrer_id_fkey FOREIGN KEY (referrer_id) REFERENCES customers(id) DEFERRABLE INITIALLY IMMEDIATE;

ALTER TABLE ONLY "order"
    ADD CONSTRAINT order_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id) ON UPDATE SET NULL ON DELETE CASCADE;

"#;

const SEQUENCES: &str = r#"SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('customers', 'id'), (SELECT greatest(max(id), 0)::bigint + 1 FROM customers), false);

SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('"order"', 'id'), (SELECT greatest(max(id), 0)::bigint + 1 FROM "order"), false);

"#;

#[test]
fn a_whole_script_has_tables_before_the_data_and_constraints_after() {
    let script = Script::new(&shop(), &[0, 1], Section::All, Dialect::Postgres);
    assert_eq!(script.before, [SETTINGS, SCHEMA].concat());
    assert_eq!(script.after, [CONSTRAINTS, SEQUENCES].concat());
}

#[test]
fn the_schema_alone_sets_no_sequences() {
    let script = Script::new(&shop(), &[0, 1], Section::Schema, Dialect::Postgres);
    assert_eq!(script.before, [SETTINGS, SCHEMA].concat());
    assert_eq!(script.after, CONSTRAINTS);
}

#[test]
fn the_data_alone_defers_keys_that_may_refer_to_later_rows() {
    let script = Script::new(&shop(), &[0, 1], Section::Data, Dialect::Postgres);
    assert_eq!(script.before, [SETTINGS, "SET CONSTRAINTS ALL DEFERRED;\n\n"].concat());
    assert_eq!(script.after, SEQUENCES);
}

#[test]
fn keys_to_tables_that_are_not_written_are_left_out() {
    let script = Script::new(&shop(), &[1], Section::All, Dialect::Postgres);
    assert!(!script.before.contains("customers (") && !script.before.contains("CREATE TYPE"));
    assert!(!script.after.contains("customers"));
    assert!(!Script::new(&shop(), &[1], Section::Data, Dialect::Postgres).before.contains("DEFERRED"));
}

#[test]
fn an_object_needs_those_before_it_and_can_be_dropped() {
    let objects = objects(&shop(), &[0, 1]);
    for (at, object) in objects.iter().enumerate() {
        assert!(object.needs.iter().all(|needed| *needed < at), "{object:?}");
        assert!(object.create.ends_with(';') && object.drop.as_ref().is_none_or(|drop| drop.ends_with(';')));
    }
    let find = |name: &str| objects.iter().find(|object| object.name == name).unwrap();
    let names =
        |object: &Object| object.needs.iter().map(|at| objects[*at].name.as_str()).collect::<Vec<_>>();
    assert_eq!(names(find("customers")), ["Tier"]);
    let key = find("order order_customer_id_fkey");
    assert_eq!(
        names(key),
        ["customers", "order", "customers customers_pkey", "customers customers_email_key"]
    );
    assert_eq!(
        key.drop.as_deref(),
        Some(r#"ALTER TABLE ONLY "order" DROP CONSTRAINT order_customer_id_fkey;"#)
    );
    assert_eq!(
        find("order order_pkey").drop.as_deref(),
        Some(r#"ALTER TABLE ONLY "order" DROP CONSTRAINT order_pkey;"#)
    );
}

#[test]
fn a_key_whose_name_postgresql_chooses_is_dropped_with_its_table() {
    let mut plan = shop();
    plan.tables[1].indexes[0].name = "order_pkey".into();
    let objects = objects(&plan, &[0, 1]);
    let key = objects.iter().find(|object| object.create.contains("\"order\"\n    ADD PRIMARY KEY")).unwrap();
    assert_eq!((key.name.as_str(), &key.drop), ("order order_pkey", &None));
}

#[test]
fn an_identity_that_counts_otherwise_says_so() {
    let id = |start, step| PlannedColumn {
        identity: Some(Identity::Always),
        sequence: Some(Sequence { start, step }),
        ..column("id", SqlType::SmallInt)
    };
    let script = |start, step| {
        let plan =
            Plan { tables: vec![table("t", vec![id(start, step)])], order: vec![0], ..Plan::default() };
        let Script { before, after, .. } = Script::new(&plan, &[0], Section::All, Dialect::Postgres);
        before + &after
    };
    let counted = script(500, 5);
    assert!(
        counted.contains("id smallint GENERATED ALWAYS AS IDENTITY (START WITH 500 INCREMENT BY 5)"),
        "{counted}"
    );
    assert!(counted.contains("(SELECT coalesce(max(id)::bigint + 5, 500) FROM t), false);"), "{counted}");
    // From 1 by 1, downwards, and to where a smallint ends.
    for (start, step) in [(1, 1), (100, -1), (32_700, 7)] {
        let usual = script(start, step);
        assert!(usual.contains("GENERATED ALWAYS AS IDENTITY\n"), "{usual}");
        assert!(usual.contains("(SELECT greatest(max(id), 0)::bigint + 1 FROM t), false);"), "{usual}");
    }
}
