//! The DDL of a plan, in pg_dump's order: what stands before the data in a script, and what after.
//!
//! Constraints come after the data, so that tables load in any order, cycles included, and indexes are built once. Hidden
//! tables and columns never appear, nor does what would need them.

use super::{ForeignKey, Identity, Plan, PlannedColumn, Table};
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
        self.types(sql);
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
    }
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
    match (column.identity, &column.sql_type) {
        (Some(Identity::Serial), SqlType::SmallInt) => "smallserial".to_string(),
        (Some(Identity::Serial), SqlType::Int) => "serial".to_string(),
        (Some(Identity::Serial), _) => "bigserial".to_string(),
        (_, sql_type) => sql_type.to_string(),
    }
}

fn keys(sql: &mut String, table: &Table) {
    let name = quote_identifier(&table.name);
    // Without a name PostgreSQL gives its usual one, `orders_pkey`, or the next that is free.
    if let Some(columns) = columns(table, &table.primary_key) {
        *sql += &format!("ALTER TABLE ONLY {name}\n    ADD PRIMARY KEY ({columns});\n\n");
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
    for check in &table.checks {
        let (constraint, condition) = (quote_identifier(&check.name), &check.expression);
        *sql += &format!("ALTER TABLE {name}\n    ADD CONSTRAINT {constraint} CHECK ({condition});\n\n");
    }
}

fn indexes(sql: &mut String, table: &Table) {
    let name = quote_identifier(&table.name);
    for index in &table.indexes {
        if let Some(columns) = columns(table, &index.columns) {
            let unique = if index.unique { "UNIQUE " } else { "" };
            let method = quote_identifier(index.method.as_deref().unwrap_or("btree"));
            let index = quote_identifier(&index.name);
            *sql += &format!("CREATE {unique}INDEX {index} ON {name} USING {method} ({columns});\n\n");
        }
    }
}

fn foreign_key(sql: &mut String, table: &Table, key: &ForeignKey, parent: &Table) {
    let (Some(own), Some(referenced)) = (columns(table, &key.columns), columns(parent, &key.referenced))
    else {
        return;
    };
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
