//! The DDL of a plan, in pg_dump's order: what stands before the data in a script, and what after.
//!
//! Constraints come after the data, so that tables load in any order, cycles included, and indexes are built once. Hidden
//! tables and columns never appear, nor does what would need them.

use super::{ForeignKey, Identity, Plan, PlannedColumn, Table};
use crate::spec::SequenceSpec;
use crate::value::SqlType;
use crate::value::text::{quote_identifier, quote_literal};

/// Which parts of a script were asked for, as in pg_dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Section {
    /// Schema and data.
    #[default]
    All,
    /// `--schema-only`.
    Schema,
    /// `--data-only`.
    Data,
}

/// The SQL around the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Settings, types, tables, comments: before the data.
    pub before: String,
    /// Keys, unique constraints, indexes, foreign keys, checks, sequence values: after the data.
    pub after: String,
}

/// What the data is written for: its encoding, its quotes, the signs of its intervals. Notices would only be in the way.
const SETTINGS: &str = "\
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET intervalstyle = postgres;
SET client_min_messages = warning;

";

impl Script {
    /// The SQL around the data of these tables (indexes into the plan's, in writing order).
    pub fn new(plan: &Plan, tables: &[usize], section: Section) -> Self {
        let script = Written { plan, tables };
        let (mut before, mut after) = (SETTINGS.to_string(), String::new());
        if section == Section::Data {
            script.deferral(&mut before);
        } else {
            script.schema(&mut before);
            script.constraints(&mut after);
        }
        if section != Section::Schema {
            script.sequences(&mut after);
        }
        Self { before, after }
    }
}

/// The tables that are written.
struct Written<'p> {
    plan: &'p Plan,
    tables: &'p [usize],
}

impl<'p> Written<'p> {
    fn tables(&self) -> impl Iterator<Item = &'p Table> {
        self.tables.iter().map(|table| &self.plan.tables[*table])
    }

    /// A table's foreign keys whose both ends are written.
    fn foreign_keys(&self, table: &'p Table) -> impl Iterator<Item = &'p ForeignKey> {
        table.foreign_keys.iter().filter(|key| {
            self.tables.contains(&key.table)
                && columns(table, &key.columns).is_some()
                && columns(&self.plan.tables[key.table], &key.referenced).is_some()
        })
    }

    /// When data goes into tables that exist, rows may refer to rows that come later.
    fn deferral(&self, sql: &mut String) {
        if self.tables().any(|table| self.foreign_keys(table).any(|key| key.deferrable)) {
            sql.push_str("SET CONSTRAINTS ALL DEFERRED;\n\n");
        }
    }

    fn schema(&self, sql: &mut String) {
        self.plan.extensions.iter().for_each(|name| extension(sql, name));
        self.types(sql);
        for of in &self.plan.declared_types {
            *sql += &format!("CREATE {};\n\n", of.ddl);
        }
        self.plan.sequences.iter().for_each(|(of, _)| create_sequence(sql, of));
        self.tables().for_each(|table| create_table(sql, table));
    }

    /// The enumerated types that written columns have.
    fn types(&self, sql: &mut String) {
        let used = |name: &str| {
            self.tables().flat_map(Table::visible).any(|(_, column)| match &column.sql_type {
                SqlType::Enum(of) => of.name == name,
                SqlType::Array(of) => matches!(&**of, SqlType::Enum(of) if of.name == name),
                _ => false,
            })
        };
        for of in self.plan.types.iter().filter(|of| used(&of.name)) {
            let labels: Vec<String> = of.labels.iter().map(|label| quote_literal(label)).collect();
            let name = quote_identifier(&of.name);
            *sql += &format!("CREATE TYPE {name} AS ENUM (\n    {}\n);\n\n", labels.join(",\n    "));
        }
    }

    /// Keys before foreign keys, which need them.
    fn constraints(&self, sql: &mut String) {
        self.tables().for_each(|table| keys(sql, table));
        self.tables().for_each(|table| checks(sql, table));
        self.tables().for_each(|table| indexes(sql, table));
        for table in self.tables() {
            for key in self.foreign_keys(table) {
                foreign_key(sql, table, key, &self.plan.tables[key.table]);
            }
        }
    }

    /// Lets sequences go on after the largest value that was loaded.
    fn sequences(&self, sql: &mut String) {
        for table in self.tables() {
            let name = quote_identifier(&table.name);
            for (_, column) in table.visible().filter(|(_, column)| column.identity.is_some()) {
                let (of, column) = (quote_literal(&column.name), quote_identifier(&column.name));
                *sql += &format!(
                    "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({}, {of}), \
                     (SELECT greatest(max({column}), 0)::bigint + 1 FROM {name}), false);\n\n",
                    quote_literal(&name)
                );
            }
        }
        for (of, column) in &self.plan.sequences {
            if let Some((table, column)) = column.filter(|(table, _)| self.tables.contains(table)) {
                self.own_sequence(sql, of, &self.plan.tables[table], column);
            }
        }
    }

    /// The same for a sequence that stands on its own.
    fn own_sequence(&self, sql: &mut String, of: &SequenceSpec, table: &Table, column: usize) {
        let (last, otherwise) = match of.increment > 0 {
            true => ("max", of.start),
            false => ("min", of.start),
        };
        let (name, increment) = (quote_literal(&quote_identifier(&of.name.value)), of.increment);
        let (column, table) = (quote_identifier(&table.columns[column].name), quote_identifier(&table.name));
        *sql += &format!(
            "SELECT pg_catalog.setval({name}, \
             (SELECT coalesce({last}({column})::bigint + {increment}, {otherwise}) FROM {table}), false);\n\n"
        );
    }
}

/// A server that does not have the extension can do without it: nothing in the data needs one.
fn extension(sql: &mut String, name: &str) {
    let create = format!("CREATE EXTENSION IF NOT EXISTS {}", quote_identifier(name));
    *sql += &without_extension(&create, "extension", name);
}

/// A command that a server without some extension goes without.
fn without_extension(command: &str, what: &str, name: &str) -> String {
    format!(
        "DO $$ BEGIN\n    {command};\n\
         EXCEPTION WHEN OTHERS THEN\n    RAISE WARNING '{what} % is not installed: %', {}, SQLERRM;\nEND $$;\n\n",
        quote_literal(name)
    )
}

fn create_sequence(sql: &mut String, of: &SequenceSpec) {
    let name = quote_identifier(&of.name.value);
    *sql +=
        &format!("CREATE SEQUENCE {name}\n    START WITH {}\n    INCREMENT BY {}", of.start, of.increment);
    let options = [("MINVALUE", of.min), ("MAXVALUE", of.max)];
    for (option, value) in options.into_iter().filter_map(|(option, value)| Some((option, value?))) {
        *sql += &format!("\n    {option} {value}");
    }
    if let Some(cache) = of.cache.filter(|cache| *cache > 1) {
        *sql += &format!("\n    CACHE {cache}");
    }
    if of.cycles {
        *sql += "\n    CYCLE";
    }
    *sql += ";\n\n";
}

fn create_table(sql: &mut String, table: &Table) {
    let name = quote_identifier(&table.name);
    let columns: Vec<String> = table.visible().map(|(_, column)| definition(column)).collect();
    *sql += &format!("CREATE TABLE {name} (\n    {}\n);\n\n", columns.join(",\n    "));
    if let Some(comment) = &table.comment {
        *sql += &format!("COMMENT ON TABLE {name} IS {};\n\n", quote_literal(comment));
    }
    for (_, column) in table.visible() {
        if let Some(comment) = &column.comment {
            let column = quote_identifier(&column.name);
            *sql += &format!("COMMENT ON COLUMN {name}.{column} IS {};\n\n", quote_literal(comment));
        }
    }
}

/// `id bigint NOT NULL`. A serial stays one: PostgreSQL then makes and names the sequence as it does for its own.
fn definition(column: &PlannedColumn) -> String {
    let mut sql = format!("{} {}", quote_identifier(&column.name), column_type(column));
    match column.identity {
        Some(Identity::ByDefault) => sql.push_str(" GENERATED BY DEFAULT AS IDENTITY"),
        Some(Identity::Always) => sql.push_str(" GENERATED ALWAYS AS IDENTITY"),
        Some(Identity::Serial) => {}
        None => {
            if let Some(default) = &column.default {
                sql.push_str(" DEFAULT ");
                sql.push_str(default);
            }
        }
    }
    if column.not_null {
        sql.push_str(" NOT NULL");
    }
    sql
}

fn column_type(column: &PlannedColumn) -> String {
    if let Some(name) = &column.declared_type {
        return quote_identifier(name).to_string();
    }
    match (column.identity, &column.sql_type) {
        (Some(Identity::Serial), SqlType::SmallInt) => "smallserial".to_string(),
        (Some(Identity::Serial), SqlType::Int) => "serial".to_string(),
        (Some(Identity::Serial), _) => "bigserial".to_string(),
        (_, sql_type) => sql_type.to_string(),
    }
}

fn keys(sql: &mut String, table: &Table) {
    let name = quote_identifier(&table.name);
    if let Some(columns) = columns(table, &table.primary_key) {
        // Without a name PostgreSQL gives its usual one, `orders_pkey`, or the next that is free.
        let given = table.key_name.as_ref();
        let constraint =
            given.map(|name| format!("CONSTRAINT {} ", quote_identifier(name))).unwrap_or_default();
        *sql += &format!("ALTER TABLE ONLY {name}\n    ADD {constraint}PRIMARY KEY ({columns});\n\n");
    }
    for unique in &table.uniques {
        if let Some(columns) = columns(table, &unique.columns) {
            let constraint = quote_identifier(&unique.name);
            *sql +=
                &format!("ALTER TABLE ONLY {name}\n    ADD CONSTRAINT {constraint} UNIQUE ({columns});\n\n");
        }
    }
}

fn checks(sql: &mut String, table: &Table) {
    let name = quote_identifier(&table.name);
    for check in table.checks.iter().filter(|check| check.is_declared) {
        let (constraint, condition) = (quote_identifier(&check.name), &check.expression);
        *sql += &format!("ALTER TABLE {name}\n    ADD CONSTRAINT {constraint} CHECK ({condition});\n\n");
    }
}

fn indexes(sql: &mut String, table: &Table) {
    let name = quote_identifier(&table.name);
    for index in &table.indexes {
        let listed = match index.expressions.is_empty() {
            true => columns(table, &index.columns),
            false => Some(index.expressions.join(", ")),
        };
        if let Some(columns) = listed {
            let unique = if index.unique { "UNIQUE " } else { "" };
            let method = quote_identifier(index.method.as_deref().unwrap_or("btree"));
            let of = quote_identifier(&index.name);
            let condition = index.condition.as_ref();
            let condition = condition.map(|condition| format!(" WHERE ({condition})")).unwrap_or_default();
            let create = |columns: &str| {
                format!("CREATE {unique}INDEX {of} ON {name} USING {method} ({columns}){condition}")
            };
            *sql += &match index.operator_class {
                None => format!("{};\n\n", create(&columns)),
                Some(class) => {
                    let column =
                        |at: &usize| format!("{} {class}", quote_identifier(&table.columns[*at].name));
                    let columns: Vec<String> = index.columns.iter().map(column).collect();
                    without_extension(&create(&columns.join(", ")), "index", &index.name)
                }
            };
        }
    }
}

fn foreign_key(sql: &mut String, table: &Table, key: &ForeignKey, parent: &Table) {
    let written = "only keys whose both ends are written are asked for";
    let own = columns(table, &key.columns).expect(written);
    let referenced = columns(parent, &key.referenced).expect(written);
    let (name, constraint) = (quote_identifier(&table.name), quote_identifier(&key.name));
    let parent = quote_identifier(&parent.name);
    *sql += &format!(
        "ALTER TABLE ONLY {name}\n    \
         ADD CONSTRAINT {constraint} FOREIGN KEY ({own}) REFERENCES {parent}({referenced})"
    );
    for (event, action) in [("UPDATE", &key.on_update), ("DELETE", &key.on_delete)] {
        if let Some(action) = action {
            *sql += &format!(" ON {event} {action}");
        }
    }
    sql.push_str(if key.deferrable { " DEFERRABLE INITIALLY IMMEDIATE;\n\n" } else { ";\n\n" });
}

/// The names of columns as a list; `None` when there is none, or one is hidden.
fn columns(table: &Table, columns: &[usize]) -> Option<String> {
    let visible = |column: &usize| {
        let column = &table.columns[*column];
        (!column.hidden).then(|| quote_identifier(&column.name))
    };
    let names: Option<Vec<String>> = columns.iter().map(visible).collect();
    names.filter(|names| !names.is_empty()).map(|names| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Column;
    use crate::expression::{Batch, Failure};
    use crate::plan::{Index, NamedCheck, Unique};
    use crate::value::{EnumType, Vector};
    use std::sync::Arc;

    struct Never;

    impl Column for Never {
        fn fill(&self, _batch: &dyn Batch) -> Result<Vector, Failure> {
            unreachable!("no row is asked for")
        }
    }

    fn column(name: &str, sql_type: SqlType) -> PlannedColumn {
        PlannedColumn {
            name: name.into(),
            sql_type,
            declared_type: None,
            not_null: false,
            default: None,
            comment: None,
            identity: None,
            hidden: false,
            null_fraction: 0.0,
            unproved: None,
            origin: String::new(),
            generator: Box::new(Never),
        }
    }

    fn table(name: &str, columns: Vec<PlannedColumn>) -> Table {
        Table { name: name.into(), rows: 10, columns, primary_key: vec![0], ..Table::default() }
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
        let script = Script::new(&shop(), &[0, 1], Section::All);
        assert_eq!(script.before, [SETTINGS, SCHEMA].concat());
        assert_eq!(script.after, [CONSTRAINTS, SEQUENCES].concat());
    }

    #[test]
    fn the_schema_alone_sets_no_sequences() {
        let script = Script::new(&shop(), &[0, 1], Section::Schema);
        assert_eq!(script.before, [SETTINGS, SCHEMA].concat());
        assert_eq!(script.after, CONSTRAINTS);
    }

    #[test]
    fn the_data_alone_defers_keys_that_may_refer_to_later_rows() {
        let script = Script::new(&shop(), &[0, 1], Section::Data);
        assert_eq!(script.before, [SETTINGS, "SET CONSTRAINTS ALL DEFERRED;\n\n"].concat());
        assert_eq!(script.after, SEQUENCES);
    }

    #[test]
    fn keys_to_tables_that_are_not_written_are_left_out() {
        let script = Script::new(&shop(), &[1], Section::All);
        assert!(!script.before.contains("customers (") && !script.before.contains("CREATE TYPE"));
        assert!(!script.after.contains("customers"));
        assert!(!Script::new(&shop(), &[1], Section::Data).before.contains("DEFERRED"));
    }
}
