//! The schema as a sketch.

use super::columns::{self, Made};
use super::conditions::{Fact, columns_of, facts, plain};
use super::schema::{self, Schema};
use super::{counts, keys};
use crate::init::sketch::{Check, Column, ForeignKey, Index, Item, Reference, Sketch, Table};
use crate::value::SqlType;
use sqlparser::ast::Expr;

/// Types of a table's columns, by their places.
pub type Types = Vec<SqlType>;

/// The sketch, and warnings.
pub fn assemble(schema: &Schema, files: &[&str]) -> (Sketch, Vec<String>) {
    let mut warnings = Vec::new();
    let mut sketch = Sketch { header: header(files), ..Sketch::default() };
    let mut types: Vec<Types> = Vec::new();
    for of in schema.tables.iter().filter(|table| !table.is_partition) {
        let (table, of_columns) = table(schema, of, &mut warnings);
        sketch.tables.push(table);
        types.push(of_columns);
    }
    keys::settle(&mut sketch, &types, &mut warnings);
    counts::settle(&mut sketch, &types);
    sketch.types = used_types(schema, &types);
    let homeless: Vec<&str> = schema
        .left_out
        .iter()
        .filter(|left_out| left_out.table.is_none())
        .map(|left_out| left_out.what.as_str())
        .collect();
    if !homeless.is_empty() {
        sketch.trailer.push("In the DDL, but nothing that a spec says:".into());
        sketch.trailer.extend(homeless.iter().map(|what| format!("  {what}")));
    }
    (sketch, warnings)
}

fn header(files: &[&str]) -> Vec<String> {
    vec![
        format!("Drawn up by `datagen init --ddl` from {}.", files.join(", ")),
        "Row counts are guesses. Columns that name no generator are filled by what their name says (`datagen list names`).".into(),
    ]
}

/// The enumerated types; all of them, since a type that no column has does no harm.
fn used_types(schema: &Schema, types: &[Types]) -> Vec<(String, Vec<String>)> {
    let is_used = |name: &String| {
        types.iter().flatten().any(|sql_type| match sql_type {
            SqlType::Enum(of) => of.name == *name,
            SqlType::Array(of) => matches!(&**of, SqlType::Enum(of) if of.name == *name),
            _ => false,
        })
    };
    schema.enums.iter().filter(|(name, _)| is_used(name)).cloned().collect()
}

fn table(schema: &Schema, of: &schema::Table, warnings: &mut Vec<String>) -> (Table, Types) {
    let mut table = Table {
        name: of.name.clone(),
        notes: of.notes.clone(),
        comment: of.comment.clone(),
        ..Table::default()
    };
    if let Some(schema) = &of.schema {
        table.notes.push(format!("in the schema {schema} in the DDL"));
        warnings.push(format!("{}: in the schema {schema} in the DDL; a spec knows no schemas", of.name));
    }
    notes_of_left_out(schema, of, &mut table);
    let checks = checks(schema, of);
    let facts: Vec<Fact> = checks.iter().flat_map(|(_, check)| facts(check)).collect();
    let mut types = Vec::new();
    for column in &of.columns {
        let Made { column, sql_type, warnings: found } = columns::column(schema, of, column, &facts);
        table.columns.push(column);
        types.push(sql_type);
        warnings.extend(found);
    }
    for (name, check) in checks {
        add_check(&mut table, name, &check);
    }
    add_keys(&mut table, of);
    add_references(schema, &mut table, of, warnings);
    for index in &of.indexes {
        add_index(&mut table, index);
    }
    (table, types)
}

/// Triggers, policies and the like, named where they are missing.
fn notes_of_left_out(schema: &Schema, of: &schema::Table, table: &mut Table) {
    let own = schema.left_out.iter().filter(|left_out| left_out.table.as_ref() == Some(&of.name));
    for left_out in own {
        // Elements stand in the table's notes already.
        if !left_out.what.starts_with(&format!("{}: ", of.name)) {
            table.notes.push(format!("left out: {}", left_out.what));
        }
    }
}

/// The table's checks and those of its columns' domains, written plainly.
fn checks(schema: &Schema, of: &schema::Table) -> Vec<(Option<String>, Expr)> {
    let is_text = |name: &str| {
        let column = of.columns.iter().find(|column| column.name == name);
        column.is_some_and(|column| super::types::column_type(&column.data_type, schema).sql_type.is_text())
    };
    let mut checks: Vec<(Option<String>, Expr)> = Vec::new();
    for column in &of.columns {
        let Some(domain) = super::types::column_type(&column.data_type, schema).domain else { continue };
        let of_column = domain.checks.iter().filter_map(|check| columns::domain_check(check, &column.name));
        checks.extend(of_column.map(|check| (None, check)));
    }
    checks.extend(of.checks.iter().cloned());
    checks.into_iter().map(|(name, check)| (name, plain(&check, &is_text))).collect()
}

fn add_check(table: &mut Table, name: Option<String>, check: &Expr) {
    let columns = columns_of(check, table.columns.iter().map(|column| column.name.as_str()));
    let usual = match &columns[..] {
        [column] => format!("{}_{column}_check", table.name),
        _ => format!("{}_check", table.name),
    };
    let name = name.filter(|name| !is_numbered(name, &usual));
    let expression = check.to_string();
    if let ([column], None) = (&columns[..], &name)
        && let Some(column) = table.column_mut(column)
        && column.check.is_none()
    {
        column.check = Some(expression);
        return;
    }
    // The spec's own name for it would be another.
    let name = name.or(if columns.len() == 1 { Some(usual) } else { None });
    table.checks.push(Item::new(Check { name, expression, columns }));
}

/// `orders_check` and `orders_check1` are what PostgreSQL calls checks without names.
fn is_numbered(name: &str, usual: &str) -> bool {
    name.strip_prefix(usual).is_some_and(|rest| rest.bytes().all(|c| c.is_ascii_digit()))
}

fn add_keys(table: &mut Table, of: &schema::Table) {
    let mut renamed = Vec::new();
    if of.key_name.as_ref().is_some_and(|name| *name != format!("{}_pkey", of.name)) {
        renamed.extend(of.key_name.clone());
    }
    match &of.primary_key[..] {
        [only] => table.column_mut(only).into_iter().for_each(|column| {
            column.is_primary_key = true;
            column.is_not_null = false;
        }),
        several => table.primary_key = several.to_vec(),
    }
    for name in table.primary_key.clone() {
        // The key implies it.
        table.column_mut(&name).into_iter().for_each(|column| column.is_not_null = false);
    }
    for (name, columns) in &of.uniques {
        let usual = format!("{}_{}_key", of.name, columns.join("_"));
        renamed.extend(name.clone().filter(|name| !is_numbered(name, &usual)));
        match &columns[..] {
            [only] => table.column_mut(only).into_iter().for_each(|column| column.is_unique = true),
            several => table.uniques.push(Item::new(several.to_vec())),
        }
    }
    if !renamed.is_empty() {
        table.notes.push(format!("keys have their usual names here, in the DDL: {}", renamed.join(", ")));
    }
}

fn add_references(schema: &Schema, table: &mut Table, of: &schema::Table, warnings: &mut Vec<String>) {
    for key in &of.foreign_keys {
        let Some(parent) =
            schema.tables.iter().find(|parent| parent.name == key.table && !parent.is_partition)
        else {
            let message =
                format!("({}) refers to {}, which is not in the DDL", key.columns.join(", "), key.table);
            table.notes.push(message.clone());
            warnings.push(format!("{}: {message}", of.name));
            continue;
        };
        // Referring to the primary key goes without saying.
        let referenced = if key.referenced == parent.primary_key { vec![] } else { key.referenced.clone() };
        let action = |action: &Option<String>| action.clone().filter(|action| action != "NO ACTION");
        let reference = Reference {
            table: key.table.clone(),
            columns: referenced,
            on_delete: action(&key.on_delete),
            on_update: action(&key.on_update),
        };
        let usual = format!("{}_{}_fkey", of.name, key.columns.join("_"));
        let name = key.name.clone().filter(|name| !is_numbered(name, &usual));
        // A reference of a table to itself that may be broken for a while is one to later rows too.
        let is_earlier = key.table == of.name && is_nullable(table, &key.columns) && !key.is_deferrable;
        if key.is_deferrable && !leads_to(schema, &key.table, &of.name) {
            let columns = key.columns.join(", ");
            table
                .notes
                .push(format!("({columns}) is DEFERRABLE in the DDL; here only what goes in circles is"));
        }
        match (&key.columns[..], &name) {
            ([column], None) if table.column(column).is_some_and(|column| column.references.is_none()) => {
                let column = table.column_mut(column).expect("it was just found");
                column.references = Some(reference);
                column.is_earlier = is_earlier;
            }
            (columns, _) => {
                let columns = columns.to_vec();
                table.foreign_keys.push(Item::new(ForeignKey { name, columns, reference, is_earlier }));
            }
        }
        for name in &key.columns {
            // The parent's keys are the values.
            table.column_mut(name).into_iter().for_each(|column| column.makers.clear());
        }
    }
}

/// Whether references lead from a table to another, or it is the same.
fn leads_to(schema: &Schema, from: &str, to: &str) -> bool {
    let mut reached = vec![from];
    let mut next = 0;
    while let Some(name) = reached.get(next) {
        let table = schema.tables.iter().find(|table| table.name == *name);
        for key in table.iter().flat_map(|table| &table.foreign_keys) {
            if !reached.contains(&key.table.as_str()) {
                reached.push(&key.table);
            }
        }
        next += 1;
    }
    reached.contains(&to)
}

fn is_nullable(table: &Table, columns: &[String]) -> bool {
    let key = table.key();
    columns.iter().all(|name| {
        table.column(name).is_some_and(|column: &Column| !column.is_not_null && !key.contains(&name.as_str()))
    })
}

fn add_index(table: &mut Table, index: &schema::Index) {
    let usual = format!("{}_{}_idx", table.name, index.columns.join("_"));
    let name = index.name.clone().filter(|name| *name != usual);
    let what = Index {
        name,
        columns: index.columns.clone(),
        is_unique: index.is_unique,
        method: index.method.clone(),
    };
    table.indexes.push(Item::new(what));
}
