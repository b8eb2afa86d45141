//! The catalog as a script of DDL, such as pg_dump would write it, which is then read like any other.

use super::tables::Table;
use super::{CatalogError, doing};
use crate::value::text::{quote_identifier, quote_literal};
use postgres::types::ToSql;
use postgres::{Client, Row};

/// Statements that are ready as they come; `$1` are the schemas of the tables.
const TYPES: [(&str, &str); 4] = [
    (
        "reading the enumerated types",
        "select format('CREATE TYPE %I AS ENUM (%s)', t.typname,
           string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder))
         from pg_type t join pg_enum e on e.enumtypid = t.oid
         group by t.oid, t.typname order by t.typname, t.oid",
    ),
    (
        "reading the domains",
        "select format('CREATE DOMAIN %I AS %s', t.typname, format_type(t.typbasetype, t.typtypmod))
           || coalesce(' DEFAULT ' || t.typdefault, '') || case when t.typnotnull then ' NOT NULL' else '' end
           || coalesce((select string_agg(format(' CONSTRAINT %I %s', c.conname, pg_get_constraintdef(c.oid)), ''
                order by c.conname) from pg_constraint c where c.contypid = t.oid and c.contype = 'c'), '')
         from pg_type t join pg_namespace n on n.oid = t.typnamespace
         where t.typtype = 'd' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
         order by t.typname, t.oid",
    ),
    (
        "reading the composite and range types",
        "select format('CREATE TYPE %I AS %s', t.typname, case t.typtype when 'r' then 'RANGE ()' else '()' end)
         from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
         where n.nspname::text = any($1) and (t.typtype = 'r' or c.relkind = 'c')
           and not exists (select from pg_depend d
             where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
         order by t.typname",
    ),
    (
        "reading the sequences",
        "select format('CREATE SEQUENCE %I.%I START WITH %s INCREMENT BY %s', n.nspname, c.relname, s.seqstart,
           s.seqincrement)
         from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
         where not exists (select from pg_depend d
           where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('i', 'e'))
         order by n.nspname, c.relname",
    ),
];

/// Columns in their order; the last two are of the sequence that belongs to the column.
const COLUMNS: &str = "
select a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
  a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum),
  case when s.relname is not null then format('%I.%I', sn.nspname, s.relname) end, q.seqstart, q.seqincrement
from pg_attribute a
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join (pg_depend o join pg_class s on o.classid = 'pg_class'::regclass and o.objid = s.oid and s.relkind = 'S'
    join pg_namespace sn on sn.oid = s.relnamespace join pg_sequence q on q.seqrelid = s.oid)
  on o.refclassid = 'pg_class'::regclass and o.refobjid = a.attrelid and o.refobjsubid = a.attnum
    and o.deptype in ('a', 'i')
where a.attrelid = any($1) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum";

const CONSTRAINTS: &str = "
select c.conrelid, c.conname::text, pg_get_constraintdef(c.oid), c.contype::text, c.confrelid,
  c.confrelid::regclass::text
from pg_constraint c
where c.conrelid = any($1) and c.contype in ('p', 'u', 'c', 'f', 'x')
order by c.conrelid, array_position(array['p', 'u', 'c', 'x', 'f'], c.contype::text), c.conname";

/// Indexes that no constraint has made.
const INDEXES: &str = "
select i.indrelid, pg_get_indexdef(i.indexrelid)
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = any($1) and not exists (select from pg_constraint k where k.conindid = i.indexrelid
  and k.contype in ('p', 'u', 'x'))
order by i.indrelid, c.relname";

/// What belongs to a table and has no place in a spec: the kind and the name.
const OF_TABLES: &str = "
select t.tgrelid, 'TRIGGER', t.tgname::text from pg_trigger t where t.tgrelid = any($1) and not t.tgisinternal
union all select p.polrelid, 'POLICY', p.polname::text from pg_policy p where p.polrelid = any($1)
union all select r.ev_class, 'RULE', r.rulename::text from pg_rewrite r where r.ev_class = any($1)
order by 1, 2, 3";

/// What has no place in a spec and belongs to a schema.
const OF_SCHEMAS: &str = "
select case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'FOREIGN TABLE' end, c.relname::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('v', 'm', 'f') and n.nspname::text = any($1) and not exists (select from pg_depend d
  where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
union all
select distinct case p.prokind when 'p' then 'PROCEDURE' when 'a' then 'AGGREGATE' else 'FUNCTION' end,
  p.proname::text
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname::text = any($1) and not exists (select from pg_depend d
  where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by 1, 2";

/// A script, and what it cannot say about a table, by the table's name in the spec.
pub struct Script {
    pub text: String,
    pub notes: Vec<(String, String)>,
}

/// Writes the script of some tables, with the types of the whole database.
pub fn write(client: &mut Client, tables: &[Table]) -> Result<Script, CatalogError> {
    let mut script = Script { text: String::new(), notes: Vec::new() };
    let mut schemas: Vec<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    schemas.dedup();
    for (what, query) in TYPES {
        let parameters: &[&(dyn ToSql + Sync)] = if query.contains("$1") { &[&schemas] } else { &[] };
        for row in client.query(query, parameters).map_err(doing(what))? {
            script.statement(row.get(0));
        }
    }
    let oids: Vec<u32> = tables.iter().map(|table| table.oid).collect();
    let columns = client.query(COLUMNS, &[&oids]).map_err(doing("reading the columns"))?;
    let constraints = client.query(CONSTRAINTS, &[&oids]).map_err(doing("reading the constraints"))?;
    for table in tables {
        script.table(tables, table, &of(table, &columns), &of(table, &constraints));
    }
    for table in tables {
        script.references(tables, table, &of(table, &constraints));
    }
    let indexes = client.query(INDEXES, &[&oids]).map_err(doing("reading the indexes"))?;
    for table in tables {
        for index in of(table, &indexes) {
            script.statement(with_own_name(index.get(1), " ON ", " USING", table));
        }
    }
    for row in client.query(OF_TABLES, &[&oids]).map_err(doing("reading triggers and policies"))? {
        let (oid, kind, name): (u32, &str, &str) = (row.get(0), row.get(1), row.get(2));
        let table = tables.iter().find(|table| table.oid == oid).expect("only these were asked for");
        let (name, table) = (quote_identifier(name), quote_identifier(&table.spec_name));
        script.statement(format!("CREATE {kind} {name} ON {table}"));
    }
    comments(client, &mut script, tables, &oids)?;
    for row in client.query(OF_SCHEMAS, &[&schemas]).map_err(doing("reading views and functions"))? {
        let (kind, name): (&str, &str) = (row.get(0), row.get(1));
        script.statement(format!("CREATE {kind} {}", quote_identifier(name)));
    }
    Ok(script)
}

fn comments(
    client: &mut Client,
    script: &mut Script,
    tables: &[Table],
    oids: &Vec<u32>,
) -> Result<(), CatalogError> {
    const COMMENTS: &str = "select objoid, description from pg_description
        where classoid = 'pg_class'::regclass and objsubid = 0 and objoid = any($1)";
    let found = client.query(COMMENTS, &[oids]).map_err(doing("reading the comments"))?;
    for table in tables {
        for row in of(table, &found) {
            let name = quote_identifier(&table.spec_name);
            script.statement(format!("COMMENT ON TABLE {name} IS {}", quote_literal(row.get(1))));
        }
    }
    Ok(())
}

/// The rows of a table, whose OID they have first.
fn of<'r>(table: &Table, rows: &'r [Row]) -> Vec<&'r Row> {
    rows.iter().filter(|row| row.get::<_, u32>(0) == table.oid).collect()
}

/// The text with the table's name in the spec instead of the one in the database, where it stands between two words.
fn with_own_name(text: &str, before: &str, after: &str, table: &Table) -> String {
    let own = format!("{before}{}{after}", quote_identifier(&table.spec_name));
    let only = format!("{before}ONLY {}{after}", table.qualified());
    text.replacen(&only, &own, 1).replacen(&format!("{before}{}{after}", table.qualified()), &own, 1)
}

impl Script {
    fn statement(&mut self, statement: String) {
        self.text += &statement;
        self.text += ";\n";
    }

    fn note(&mut self, table: &Table, note: String) {
        self.notes.push((table.spec_name.clone(), note));
    }

    fn table(&mut self, tables: &[Table], table: &Table, columns: &[&Row], constraints: &[&Row]) {
        let name = quote_identifier(&table.spec_name);
        let mut elements: Vec<String> = columns.iter().map(|row| column(row)).collect();
        for row in constraints.iter().filter(|row| row.get::<_, &str>(3) != "f") {
            let (constraint, definition): (&str, &str) = (row.get(1), row.get(2));
            elements.push(format!("CONSTRAINT {} {definition}", quote_identifier(constraint)));
        }
        let partitioned = table.partition_key.iter().map(|key| format!(" PARTITION BY {key}"));
        let partitioned: String = partitioned.collect();
        self.statement(format!("CREATE TABLE {name} (\n  {}\n){partitioned}", elements.join(",\n  ")));
        for row in columns {
            let (column, comment): (&str, Option<&str>) = (row.get(1), row.get(7));
            let column = quote_identifier(column);
            if let Some(comment) = comment {
                let comment = quote_literal(comment);
                self.statement(format!("COMMENT ON COLUMN {name}.{column} IS {comment}"));
            }
            // An identity says it itself.
            if let (Some(sequence), "") = (row.get::<_, Option<&str>>(8), row.get::<_, &str>(4)) {
                self.statement(format!("ALTER SEQUENCE {sequence} OWNED BY {name}.{column}"));
            }
        }
        for parent in &table.parents {
            let is_here = tables.iter().any(|other| other.qualified() == *parent);
            let rows = if is_here { "; its rows are not rows of that table here" } else { "" };
            self.note(
                table,
                format!("inherits from {parent} in the database: a table of its own here{rows}"),
            );
        }
    }

    /// After all tables, so that references know them.
    fn references(&mut self, tables: &[Table], table: &Table, constraints: &[&Row]) {
        for row in constraints.iter().filter(|row| row.get::<_, &str>(3) == "f") {
            let (name, definition, parent): (&str, &str, u32) = (row.get(1), row.get(2), row.get(4));
            let Some(parent) = tables.iter().find(|other| other.oid == parent) else {
                let parent: &str = row.get(5);
                self.note(
                    table,
                    format!("left out: {name}, a reference to {parent}, which was not asked for"),
                );
                continue;
            };
            let definition = with_own_name(definition, " REFERENCES ", "(", parent);
            let (child, name) = (quote_identifier(&table.spec_name), quote_identifier(name));
            self.statement(format!("ALTER TABLE {child} ADD CONSTRAINT {name} {definition}"));
        }
    }
}

fn column(row: &Row) -> String {
    let (name, data_type): (&str, &str) = (row.get(1), row.get(2));
    let (identity, generated): (&str, &str) = (row.get(4), row.get(5));
    // In quotes, no name is taken for a word that begins a constraint.
    let mut text = format!("\"{}\" {data_type}", name.replace('"', "\"\""));
    match (identity, generated, row.get::<_, Option<&str>>(6)) {
        (_, "s", Some(expression)) => text += &format!(" GENERATED ALWAYS AS ({expression}) STORED"),
        ("", _, Some(default)) => text += &format!(" DEFAULT {default}"),
        _ => {}
    }
    if !identity.is_empty() {
        let when = if identity == "a" { "ALWAYS" } else { "BY DEFAULT" };
        let (start, step): (Option<i64>, Option<i64>) = (row.get(9), row.get(10));
        let (start, step) = (start.unwrap_or(1), step.unwrap_or(1));
        text += &format!(" GENERATED {when} AS IDENTITY (START WITH {start} INCREMENT BY {step})");
    }
    if row.get::<_, bool>(3) {
        text += " NOT NULL";
    }
    text
}
