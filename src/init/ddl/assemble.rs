//! The schema as a sketch.

use super::columns::{self, Made};
use super::conditions::{Fact, columns_of, facts, plain};
use super::schema::{self, Element, Schema};
use super::{counts, keys};
use crate::init::sketch::{Check, Column, ForeignKey, Index, Item, Reference, Sketch, Table, Unique};
use crate::value::SqlType;
use sqlparser::ast::Expr;

/// Types of a table's columns, by their places.
pub type Types = Vec<SqlType>;

/// What a schema becomes.
pub struct Assembled {
    pub sketch: Sketch,
    /// The types of each table's columns.
    pub types: Vec<Types>,
    pub warnings: Vec<String>,
}

/// Makes a sketch of a schema.
pub fn assemble(schema: &Schema) -> Assembled {
    let mut warnings = Vec::new();
    let mut sketch = Sketch::default();
    let mut types: Vec<Types> = Vec::new();
    for of in schema.tables.iter().filter(|table| !table.is_partition) {
        let (table, of_columns) = table(schema, of, &mut warnings);
        sketch.tables.push(table);
        types.push(of_columns);
    }
    drop_taken_names(&mut sketch, &mut warnings);
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
        sketch.trailer.push(format!("In the {}, but nothing that a spec says:", schema.origin));
        sketch.trailer.extend(homeless.iter().map(|what| format!("  {what}")));
    }
    Assembled { sketch, types, warnings }
}

/// Schemas had name spaces of their own: a name that is given twice stays with the first.
fn drop_taken_names(sketch: &mut Sketch, warnings: &mut Vec<String>) {
    let mut taken: Vec<String> = sketch.tables.iter().map(|table| table.name.clone()).collect();
    let has_name = |table: &Table| {
        table.key_name.is_some() || table.columns.iter().any(|column| column.key_name.is_some())
    };
    let unnamed = sketch.tables.iter().filter(|table| !has_name(table));
    taken.extend(unnamed.map(|table| format!("{}_pkey", table.name)));
    for table in &mut sketch.tables {
        let columns = table.columns.iter_mut();
        let of_columns = columns.flat_map(|column| [&mut column.key_name, &mut column.unique_name]);
        let uniques = table.uniques.iter_mut().map(|unique| &mut unique.what.name);
        let indexes = table.indexes.iter_mut().map(|index| &mut index.what.name);
        let all = of_columns.chain([&mut table.key_name]).chain(uniques).chain(indexes);
        for name in all.filter(|name| name.is_some()) {
            let given = name.clone().expect("it has one");
            if taken.contains(&given) {
                let message = format!("the name {given} is taken by another table's key or index");
                warnings.push(format!("{}: {message}", table.name));
                table.notes.push(message);
                *name = None;
            } else {
                taken.push(given);
            }
        }
    }
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
    if let Some(name) = &of.schema {
        let origin = schema.origin;
        table.notes.push(format!("in the schema {name} in the {origin}"));
        warnings.push(format!("{}: in the schema {name} in the {origin}; a spec knows no schemas", of.name));
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
        add_index(&mut table, of, index, &|name| is_text(schema, of, name));
    }
    for left_out in table.indexes.iter().filter(|index| !index.is_kept()) {
        let why = left_out.left_out.as_deref().unwrap_or_default();
        let elements = left_out.what.elements().join(", ");
        warnings.push(format!("{}: the index on ({elements}) is left out: {why}", of.name));
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

fn is_text(schema: &Schema, of: &schema::Table, name: &str) -> bool {
    let column = of.columns.iter().find(|column| column.name == name);
    column.is_some_and(|column| super::types::column_type(&column.data_type, schema).sql_type.is_text())
}

/// The table's checks and those of its columns' domains, written plainly.
fn checks(schema: &Schema, of: &schema::Table) -> Vec<(Option<String>, Expr)> {
    let mut checks: Vec<(Option<String>, Expr)> = Vec::new();
    for column in &of.columns {
        let Some(domain) = super::types::column_type(&column.data_type, schema).domain else { continue };
        let of_column = domain.checks.iter().filter_map(|check| columns::domain_check(check, &column.name));
        checks.extend(of_column.map(|check| (None, check)));
    }
    checks.extend(of.checks.iter().cloned());
    checks.into_iter().map(|(name, check)| (name, plain(&check, &|name| is_text(schema, of, name)))).collect()
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
    let key_name = of.key_name.clone().filter(|name| *name != format!("{}_pkey", of.name));
    match &of.primary_key[..] {
        [only] => table.column_mut(only).into_iter().for_each(|column| {
            column.is_primary_key = true;
            column.is_not_null = false;
            column.key_name = key_name.clone();
        }),
        several => {
            table.primary_key = several.to_vec();
            table.key_name = key_name;
        }
    }
    for name in table.primary_key.clone() {
        // The key implies it.
        table.column_mut(&name).into_iter().for_each(|column| column.is_not_null = false);
    }
    for (name, columns) in &of.uniques {
        let usual = format!("{}_{}_key", of.name, columns.join("_"));
        let name = name.clone().filter(|name| !is_numbered(name, &usual));
        match &columns[..] {
            [only] => table.column_mut(only).into_iter().for_each(|column| {
                column.is_unique = true;
                column.unique_name = name.clone();
            }),
            several => table.uniques.push(Item::new(Unique { name, columns: several.to_vec() })),
        }
    }
}

fn add_references(schema: &Schema, table: &mut Table, of: &schema::Table, warnings: &mut Vec<String>) {
    let origin = schema.origin;
    for key in &of.foreign_keys {
        let Some(parent) =
            schema.tables.iter().find(|parent| parent.name == key.table && !parent.is_partition)
        else {
            let message =
                format!("({}) refers to {}, which is not in the {origin}", key.columns.join(", "), key.table);
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
            table.notes.push(format!(
                "({columns}) is DEFERRABLE in the {origin}; here only what goes in circles is"
            ));
        }
        match (&key.columns[..], &name) {
            ([column], None) if table.column(column).is_some_and(|column| column.references.is_none()) => {
                let column = table.column_mut(column).expect("it was just found");
                column.references = Some(reference);
                column.is_earlier = is_earlier;
            }
            (columns, _) => {
                let columns = columns.to_vec();
                table.foreign_keys.push(Item::new(ForeignKey {
                    name,
                    columns,
                    reference,
                    is_earlier,
                    null: None,
                    makers: vec![],
                }));
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

/// Functions that PostgreSQL has by itself and takes in an index.
const INDEXED_FUNCTIONS: [&str; 26] = [
    "abs",
    "array_length",
    "btrim",
    "cardinality",
    "ceil",
    "char_length",
    "coalesce",
    "date_part",
    "date_trunc",
    "extract",
    "floor",
    "greatest",
    "least",
    "left",
    "length",
    "lower",
    "ltrim",
    "md5",
    "nullif",
    "regexp_replace",
    "replace",
    "right",
    "round",
    "substring",
    "to_tsvector",
    "upper",
];

fn add_index(table: &mut Table, of: &schema::Table, index: &schema::Index, is_text: &dyn Fn(&str) -> bool) {
    let names = of.columns.iter().map(|column| column.name.as_str());
    let condition = index.condition.as_ref().map(|condition| plain(condition, is_text));
    let (mut columns, mut expressions) = (Vec::new(), Vec::new());
    let mut is_plain = true;
    let mut calls: Vec<String> =
        condition.iter().flat_map(|condition| calls_of(&condition.to_string())).collect();
    for element in &index.elements {
        match element {
            Element::Column(name) => {
                columns.push(name.clone());
                expressions.push(name.clone());
            }
            Element::Expression(expression, ending) => {
                is_plain = false;
                let expression = plain(expression, is_text);
                columns.extend(columns_of(&expression, names.clone()));
                let text = match &expression {
                    // Its name stands for a column in a spec, without quotes.
                    Expr::Identifier(name) => name.value.clone(),
                    other => other.to_string(),
                };
                calls.extend(calls_of(&text));
                expressions.push(if ending.is_empty() {
                    text
                } else {
                    format!("{text} {}", ending.to_lowercase())
                });
            }
        }
    }
    if is_plain {
        expressions.clear();
    }
    let usual = format!("{}_{}_idx", table.name, columns.join("_"));
    let name = index.name.clone().filter(|name| !is_plain || *name != usual);
    let what = Index {
        name,
        columns,
        expressions,
        condition: condition.map(|condition| condition.to_string()),
        is_unique: index.is_unique,
        method: index.method.clone(),
    };
    let unknown = calls.into_iter().find(|call| !INDEXED_FUNCTIONS.contains(&call.as_str()));
    let left_out = unknown.map(|call| format!("{call}() may not be there where the script is loaded"));
    table.indexes.push(Item { what, left_out });
}

/// The functions that an expression calls: words that a parenthesis follows.
fn calls_of(text: &str) -> Vec<String> {
    const WORDS: [&str; 13] =
        ["in", "and", "or", "not", "any", "all", "array", "when", "then", "else", "between", "like", "is"];
    let before = text.match_indices('(').map(|(at, _)| &text[..at]);
    let word = |before: &str| {
        let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
        before[start..].to_lowercase()
    };
    before.map(word).filter(|word| !word.is_empty() && !WORDS.contains(&word.as_str())).collect()
}
