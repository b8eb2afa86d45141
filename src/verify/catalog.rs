//! What a database says about a table: its columns and constraints, held to what the plan declares.

use super::report::Difference;
use crate::plan::{Plan, Table};
use crate::value::text::quote_identifier;
use postgres::Transaction;

/// A column as the catalog has it.
pub(super) struct Column {
    pub name: String,
    /// As `format_type` writes it.
    pub sql_type: String,
    pub not_null: bool,
}

/// A constraint as the catalog has it.
struct Constraint {
    name: String,
    /// `p`, `u`, `f` or `c`.
    kind: String,
    columns: Vec<String>,
    /// Of a foreign key: the other table and its columns.
    referenced: (Option<String>, Vec<String>),
    is_valid: bool,
}

/// The columns of a table, by its quoted name; `None` when there is no such table.
pub(super) fn columns(server: &mut Transaction, table: &str) -> Result<Option<Vec<Column>>, postgres::Error> {
    let rows = server.query(
        "SELECT attname::text, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute \
         WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        &[&table],
    )?;
    let found = server.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])?;
    let column =
        |row: &postgres::Row| Column { name: row.get(0), sql_type: row.get(1), not_null: row.get(2) };
    Ok(found.get::<_, bool>(0).then(|| rows.iter().map(column).collect()))
}

fn constraints(server: &mut Transaction, table: &str) -> Result<Vec<Constraint>, postgres::Error> {
    let names = |columns: &str, of: &str| {
        format!(
            "ARRAY(SELECT attname::text FROM unnest({columns}) WITH ORDINALITY AS k(number, nth) \
             JOIN pg_attribute ON attrelid = {of} AND attnum = number ORDER BY nth)"
        )
    };
    let sql = format!(
        "SELECT conname::text, contype::text, {}, (SELECT relname::text FROM pg_class WHERE oid = confrelid), {}, \
         convalidated FROM pg_constraint WHERE conrelid = to_regclass($1) \
         UNION ALL SELECT relname::text, 'u', {}, NULL, ARRAY[]::text[], indisvalid FROM pg_index \
         JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = to_regclass($1) AND indisunique \
         AND indpred IS NULL AND indexprs IS NULL",
        names("conkey", "conrelid"),
        names("confkey", "confrelid"),
        names("indkey::smallint[]", "indrelid"),
    );
    let constraint = |row: postgres::Row| Constraint {
        name: row.get(0),
        kind: row.get(1),
        columns: row.get(2),
        referenced: (row.get(3), row.get(4)),
        is_valid: row.get(5),
    };
    Ok(server.query(&sql, &[&table])?.into_iter().map(constraint).collect())
}

/// What of a table's columns and constraints is not there, or is otherwise than the plan has it.
pub(super) fn differences(
    server: &mut Transaction,
    plan: &Plan,
    table: &Table,
    found: &[Column],
) -> Result<Vec<Difference>, postgres::Error> {
    let mut sentences = columns_amiss(table, found);
    let constraints = constraints(server, &quote_identifier(&table.name))?;
    for (wanted, words) in declared(plan, table) {
        match constraints.iter().find(|there| wanted.is_met_by(there)) {
            None => sentences.push(format!("there is no {words}")),
            Some(there) if !there.is_valid => {
                sentences.push(format!("{words} is there, but not valid for all rows"));
            }
            Some(_) => {}
        }
    }
    Ok(sentences.into_iter().map(Difference::Schema).collect())
}

fn columns_amiss(table: &Table, found: &[Column]) -> Vec<String> {
    let mut sentences = Vec::new();
    for (_, column) in table.visible() {
        let Some(there) = found.iter().find(|there| there.name == column.name) else {
            sentences.push(format!("there is no column {}", column.name));
            continue;
        };
        let expected = type_name(table, column.name.as_str());
        if there.sql_type != expected {
            sentences.push(format!("{} is {}, expected {expected}", column.name, there.sql_type));
        }
        if column.not_null && !there.not_null {
            sentences.push(format!("{} is not NOT NULL", column.name));
        }
    }
    let is_known = |there: &&Column| table.visible().any(|(_, column)| column.name == there.name);
    for there in found.iter().filter(|there| !is_known(there)) {
        sentences.push(format!("there is a column too many, {}", there.name));
    }
    sentences
}

/// A column's type as the catalog writes it.
pub(super) fn type_name(table: &Table, column: &str) -> String {
    let column = table.columns.iter().find(|of| of.name == column).expect("it is one of the table's columns");
    match &column.declared_type {
        Some(name) => quote_identifier(name).to_string(),
        None => column.sql_type.to_string(),
    }
}

/// A constraint that a table is to have.
enum Wanted {
    PrimaryKey(Vec<String>),
    Unique(Vec<String>),
    ForeignKey { columns: Vec<String>, table: String, referenced: Vec<String> },
    Check(String),
}

impl Wanted {
    fn is_met_by(&self, there: &Constraint) -> bool {
        let same_set = |columns: &[String]| {
            columns.len() == there.columns.len() && columns.iter().all(|name| there.columns.contains(name))
        };
        match self {
            Wanted::PrimaryKey(columns) => there.kind == "p" && there.columns == *columns,
            Wanted::Unique(columns) => ["u", "p"].contains(&&*there.kind) && same_set(columns),
            Wanted::ForeignKey { columns, table, referenced } => {
                let (other, keys) = &there.referenced;
                let pairs = |a: &[String], b: &[String]| {
                    let mut pairs: Vec<_> = a.iter().cloned().zip(b.iter().cloned()).collect();
                    pairs.sort();
                    pairs
                };
                there.kind == "f"
                    && other.as_ref() == Some(table)
                    && pairs(&there.columns, keys) == pairs(columns, referenced)
            }
            Wanted::Check(name) => there.kind == "c" && there.name == *name,
        }
    }
}

/// The constraints of a table that scripts declare, each with words for it.
fn declared(plan: &Plan, table: &Table) -> Vec<(Wanted, String)> {
    let mut wanted = Vec::new();
    if let Some(columns) = names(table, &table.primary_key) {
        let words = format!("primary key ({})", columns.join(", "));
        wanted.push((Wanted::PrimaryKey(columns), words));
    }
    for unique in &table.uniques {
        if let Some(columns) = names(table, &unique.columns) {
            let words = format!("unique constraint {} ({})", unique.name, columns.join(", "));
            wanted.push((Wanted::Unique(columns), words));
        }
    }
    for check in table.checks.iter().filter(|check| check.is_declared) {
        let words = format!("check {} ({})", check.name, check.expression);
        wanted.push((Wanted::Check(check.name.clone()), words));
    }
    for key in &table.foreign_keys {
        let parent = &plan.tables[key.table];
        if let (Some(columns), Some(referenced)) =
            (names(table, &key.columns), names(parent, &key.referenced))
        {
            let words = format!(
                "foreign key {} ({}) to {} ({})",
                key.name,
                columns.join(", "),
                parent.name,
                referenced.join(", ")
            );
            wanted.push((Wanted::ForeignKey { columns, table: parent.name.clone(), referenced }, words));
        }
    }
    wanted
}

/// The names of columns; `None` when there are none, or one of them is hidden.
pub(super) fn names(table: &Table, columns: &[usize]) -> Option<Vec<String>> {
    let written: Option<Vec<String>> = columns
        .iter()
        .map(|at| (!table.columns[*at].hidden).then(|| table.columns[*at].name.clone()))
        .collect();
    written.filter(|names| !names.is_empty())
}
