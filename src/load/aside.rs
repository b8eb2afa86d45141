//! What is put aside while rows come, and made again after them: foreign keys, and the keys and indexes of tables without rows.
//!
//! Entering each row into every index of its table takes several times as long as sorting all rows into one at the end. What
//! is made again is made as the catalog tells it, not as the spec would. Checks stay: to put them aside saves nothing, since each row
//! is looked at either way.

use super::catalog::DOING;
use super::error::Error;
use super::ledger::{Phase, Step};
use super::session::{Session, execute, qualified};
use crate::plan::Table;
use crate::value::text::quote_identifier;
use postgres::Row;
use postgres::types::Oid;

/// Something of a table that can be dropped and made again.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub table: String,
    kind: Kind,
    name: String,
    /// A constraint as `ALTER TABLE ... ADD CONSTRAINT name` takes it, an index as a whole command; names with their schema.
    definition: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    ForeignKey,
    PrimaryKey,
    Unique,
    Index,
}

/// Those between the tables.
const FOREIGN_KEYS: &str = "
    SELECT c.relname::text, k.conname::text, 'f', pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
    WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relnamespace = $1 AND c.relname = ANY ($2)
        AND p.relnamespace = $1 AND p.relname = ANY ($2)
    ORDER BY c.relname, k.conname";

/// Of the user's own plain tables, those that a definition tells whole, and that nothing needs but foreign keys between the
/// tables. Constraints first: they lock their table, indexes of one table can be made side by side.
const INDEXES: &str = "
    WITH ours AS (SELECT oid FROM pg_class WHERE relnamespace = $1 AND relname = ANY ($2))
    SELECT c.relname::text, x.relname::text, coalesce(k.contype::text, 'i'),
        coalesce(pg_get_constraintdef(k.oid), pg_get_indexdef(i.indexrelid))
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_class x ON x.oid = i.indexrelid
    LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
    WHERE i.indrelid IN (SELECT oid FROM ours) AND c.relkind = 'r' AND NOT c.relispartition
        AND pg_has_role(c.relowner, 'USAGE')
        AND coalesce(k.contype, 'p') <> 'x' AND i.indisvalid AND NOT i.indisclustered AND NOT i.indisreplident
        AND x.reltablespace = 0 AND x.reloptions IS NULL
        AND NOT EXISTS (
            SELECT FROM pg_description d
            WHERE d.classoid = 'pg_class'::regclass AND d.objoid = i.indexrelid
                OR d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid)
        AND NOT EXISTS (
            SELECT FROM pg_depend d
            WHERE (d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indexrelid
                    OR d.refclassid = 'pg_constraint'::regclass AND d.refobjid = k.oid)
                AND d.deptype = 'n'
                AND NOT EXISTS (
                    SELECT FROM pg_constraint f
                    WHERE d.classid = 'pg_constraint'::regclass AND f.oid = d.objid AND f.contype = 'f'
                        AND f.conparentid = 0 AND f.conrelid IN (SELECT oid FROM ours)))
    ORDER BY k.contype IS NULL, c.relname, x.relname";

/// What the tables have of it, foreign keys first: they need keys.
pub(super) fn parts(session: &mut Session, schema: Oid, names: &[&str]) -> Result<Vec<Part>, Error> {
    // With no path to find tables by, definitions name their schema.
    session.transaction(DOING, |transaction| {
        execute(transaction, DOING, "SET LOCAL search_path = ''")?;
        let mut all = Vec::new();
        for sql in [FOREIGN_KEYS, INDEXES] {
            let rows = transaction.query(sql, &[&schema, &names]);
            all.extend(rows.map_err(|cause| Error::query(DOING, cause))?.iter().map(Part::of_row));
        }
        Ok(all)
    })
}

impl Part {
    fn of_row(row: &Row) -> Self {
        let kind = match row.get(2) {
            "f" => Kind::ForeignKey,
            "p" => Kind::PrimaryKey,
            "u" => Kind::Unique,
            _ => Kind::Index,
        };
        Self { table: row.get(0), name: row.get(1), kind, definition: row.get(3) }
    }

    /// Whether it is put aside for the rows of its table as the spec has it. What the spec does not know stays, even if all
    /// ends in between.
    pub fn goes(&self, of: &Table, has_rows: bool) -> bool {
        let is_known = match self.kind {
            Kind::ForeignKey => return true,
            Kind::PrimaryKey => !of.primary_key.is_empty(),
            Kind::Unique => of.uniques.iter().any(|unique| unique.name == self.name),
            Kind::Index => of.indexes.iter().any(|index| index.name == self.name),
        };
        is_known && !has_rows
    }

    /// Drops it.
    pub fn drop(&self, schema: &str) -> String {
        match self.kind {
            Kind::Index => format!("DROP INDEX {}", qualified(schema, &self.name)),
            _ => {
                let (table, name) = (qualified(schema, &self.table), quote_identifier(&self.name));
                format!("ALTER TABLE {table} DROP CONSTRAINT {name}")
            }
        }
    }

    /// Makes it again.
    pub fn step(&self, schema: &str) -> Step {
        let phase = if self.kind == Kind::ForeignKey { Phase::ForeignKeys } else { Phase::Keys };
        let what = match self.kind {
            Kind::ForeignKey => "foreign key",
            Kind::PrimaryKey => "primary key",
            Kind::Unique => "unique constraint",
            Kind::Index => "index",
        };
        let sql = match self.kind {
            Kind::Index => self.definition.clone(),
            _ => {
                let (table, name) = (qualified(schema, &self.table), quote_identifier(&self.name));
                format!("ALTER TABLE {table} ADD CONSTRAINT {name} {}", self.definition)
            }
        };
        Step { phase, name: format!("make {what} {} again", self.name), sql }
    }
}
