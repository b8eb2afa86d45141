//! What the schema holds: asked for all tables at once.

use super::error::Error;
use super::session::Session;
use postgres::types::Oid;
use std::collections::BTreeMap;

/// A table that is there.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// In order.
    pub columns: Vec<FoundColumn>,
    pub has_rows: bool,
}

/// A column that is there.
#[derive(Clone, Debug)]
pub(super) struct FoundColumn {
    pub name: String,
    /// As SQL writes it, with its length.
    pub shown: String,
    /// Of a domain, that of what it is over.
    pub base: Oid,
    /// The base type's name: `int4`.
    pub base_name: String,
    /// What limits it: digits, characters; -1: nothing.
    pub modifier: i32,
    /// Labels, of an enumerated type.
    pub labels: Vec<String>,
    pub not_null: bool,
    /// Whether it gets a value when none is given.
    pub has_default: bool,
    /// GENERATED ALWAYS AS (expression) STORED.
    pub is_generated: bool,
}

pub(super) const DOING: &str = "look at the tables that are there";

/// Domains lead to what they are over; arrays and others are themselves.
const COLUMNS: &str = "
    WITH RECURSIVE base (type, modifier, of, of_modifier) AS (
        SELECT a.atttypid, a.atttypmod, a.atttypid, a.atttypmod
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = $1 AND c.relname = ANY ($2) AND a.attnum > 0 AND NOT a.attisdropped
        UNION
        SELECT b.type, b.modifier, t.typbasetype, t.typtypmod
        FROM base b JOIN pg_type t ON t.oid = b.of WHERE t.typtype = 'd'
    )
    SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), t.oid, t.typname::text, b.of_modifier,
        ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
        a.attnotnull, a.atthasdef OR a.attidentity <> '', a.attgenerated <> ''
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN base b ON b.type = a.atttypid AND b.modifier = a.atttypmod
    JOIN pg_type t ON t.oid = b.of AND t.typtype <> 'd'
    WHERE c.relnamespace = $1 AND c.relname = ANY ($2)
    ORDER BY c.relname, a.attnum";

/// The schema's number; `None` when there is no such schema.
pub(super) fn schema(session: &mut Session) -> Result<Option<Oid>, Error> {
    let name = session.schema().to_owned();
    let rows = session.query(DOING, "SELECT oid FROM pg_namespace WHERE nspname = $1", &[&name])?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// Those of the tables that are there. Something else by such a name is refused.
pub(super) fn tables(
    session: &mut Session,
    schema: Oid,
    names: &[&str],
) -> Result<BTreeMap<String, Found>, Error> {
    let kinds =
        "SELECT relname::text, relkind::text FROM pg_class WHERE relnamespace = $1 AND relname = ANY ($2)";
    let mut found = BTreeMap::new();
    let mut problems = Vec::new();
    for row in session.query(DOING, kinds, &[&schema, &names])? {
        let (name, kind): (String, String) = (row.get(0), row.get(1));
        if kind == "r" || kind == "p" {
            found.insert(name, Found { columns: Vec::new(), has_rows: false });
        } else {
            problems.push(format!("`{name}` is there and is no table"));
        }
    }
    if !problems.is_empty() {
        return Err(Error::Refused {
            problems,
            help: Some("--schema NAME loads into another schema".into()),
        });
    }
    for row in session.query(DOING, COLUMNS, &[&schema, &names])? {
        let column = FoundColumn {
            name: row.get(1),
            shown: row.get(2),
            base: row.get(3),
            base_name: row.get(4),
            modifier: row.get(5),
            labels: row.get(6),
            not_null: row.get(7),
            has_default: row.get(8),
            is_generated: row.get(9),
        };
        if let Some(table) = found.get_mut(row.get::<_, &str>(0)) {
            table.columns.push(column);
        }
    }
    for (name, table) in &mut found {
        let sql = format!("SELECT EXISTS (SELECT FROM {})", session.qualified(name));
        table.has_rows = session.query(DOING, &sql, &[])?.iter().any(|row| row.get(0));
    }
    Ok(found)
}
