//! Which tables are drawn up, and what they are called in the spec.

use super::{CatalogError, Selection, doing};
use crate::diagnostic::closest;
use crate::load;
use crate::value::text::quote_identifier;
use postgres::Client;

/// A table of the database.
pub struct Table {
    pub oid: u32,
    pub schema: String,
    pub name: String,
    /// What it is called in the spec: its name, or `schema_name` where another table has that.
    pub spec_name: String,
    /// `RANGE (paid_at)`, of a partitioned table.
    pub partition_key: Option<String>,
    /// What it inherits from; partitions do not count.
    pub parents: Vec<String>,
    /// PostgreSQL's estimate of its rows, which is exact for small tables; `None` before the first ANALYZE.
    pub rows: Option<f64>,
}

/// Ordinary and partitioned tables outside of PostgreSQL's own schemas and of extensions; partitions belong to their parents.
const TABLES: &str = "
select c.oid, n.nspname::text, c.relname::text, pg_get_partkeydef(c.oid),
  array(select p.inhparent::regclass::text from pg_inherits p where p.inhrelid = c.oid order by p.inhseqno),
  case when c.relkind = 'p'
    then (select case when bool_and(l.reltuples >= 0) then sum(l.reltuples)::float8 end
          from pg_partition_tree(c.oid) t join pg_class l on l.oid = t.relid where t.isleaf)
    when c.reltuples >= 0 then c.reltuples::float8 end
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by n.nspname <> 'public', n.nspname, c.relname";

/// The tables that were asked for (without names, all but the ledger of `datagen load`), those of `public` first, each schema's by their names.
pub fn select(client: &mut Client, selection: &Selection) -> Result<Vec<Table>, CatalogError> {
    let found = client.query(TABLES, &[]).map_err(doing("listing the tables"))?;
    let all = found.iter().map(|row| Table {
        oid: row.get(0),
        schema: row.get(1),
        name: row.get(2),
        spec_name: row.get(2),
        partition_key: row.get(3),
        parents: row.get(4),
        rows: row.get(5),
    });
    let all: Vec<Table> = all.collect();
    refuse_unknown(&all, selection)?;
    let is_named = |table: &Table| selection.tables.iter().any(|name| table.is_called(name));
    let is_asked_for = |table: &Table| {
        (selection.schemas.is_empty() || selection.schemas.contains(&table.schema))
            && if selection.tables.is_empty() { !load::is_ledger(&table.name) } else { is_named(table) }
    };
    let mut selected: Vec<Table> = all.into_iter().filter(is_asked_for).collect();
    if selected.is_empty() {
        return Err(CatalogError::NoTable {
            message: "the database has no tables to draw up a spec from".into(),
            help: "tables of extensions and of PostgreSQL itself do not count".into(),
        });
    }
    name(&mut selected);
    Ok(selected)
}

impl Table {
    /// As SQL names it.
    pub fn qualified(&self) -> String {
        format!("{}.{}", quote_identifier(&self.schema), quote_identifier(&self.name))
    }

    fn is_called(&self, name: &str) -> bool {
        name == self.name || name == format!("{}.{}", self.schema, self.name)
    }
}

fn refuse_unknown(all: &[Table], selection: &Selection) -> Result<(), CatalogError> {
    let refuse = |what: &str, name: &str, known: Vec<&str>| {
        let help = match closest(name, known.iter().copied()) {
            Some(best) => format!("did you mean `{best}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        Err(CatalogError::NoTable { message: format!("the database has no {what} `{name}`"), help })
    };
    for name in &selection.schemas {
        if all.iter().all(|table| table.schema != *name) {
            let mut known: Vec<&str> = all.iter().map(|table| table.schema.as_str()).collect();
            known.dedup();
            return refuse("schema with tables that is called", name, known);
        }
    }
    for name in &selection.tables {
        if !all.iter().any(|table| table.is_called(name)) {
            return refuse("table", name, all.iter().map(|table| table.name.as_str()).collect());
        }
    }
    Ok(())
}

/// Schemas are name spaces, a spec is one: the first of two tables of one name keeps it.
fn name(tables: &mut [Table]) {
    for at in 1..tables.len() {
        let is_taken = |name: &str| tables[..at].iter().any(|other| other.spec_name == name);
        if is_taken(&tables[at].name) {
            let table = &tables[at];
            let mut name = format!("{}_{}", table.schema, table.name);
            while is_taken(&name) {
                name.push('_');
            }
            tables[at].spec_name = name;
        }
    }
}
