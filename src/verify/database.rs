//! A PostgreSQL database against the spec. The server compares: expected rows go into a temporary table, as COPY reads them, so that
//! both sides have been through the same types, and only differences come back.
//!
//! Rows have no order in a database. Where the table has a key with an index, each block of expected rows finds its own
//! by the index; without the index all of them are sent before they are looked for at once. Rows without a key are compared as multisets.
//! Memory here is bounded by blocks; the server keeps what was sent in its temporary files.

use super::blocks::{Blocks, row_of};
use super::catalog::{self, Column};
use super::report::{Difference, Report, TableReport};
use super::shape::Shape;
use super::{Error, Options, Watching};
use crate::plan::Plan;
use crate::value::text::quote_identifier;
use postgres::{Client, Row, Transaction};
use std::io::Write;
use std::ops::Range;

/// What expected rows are put into.
const EXPECTED: &str = "pg_temp.datagen_expected";

/// What expected keys are put into, when rows too many are looked for.
const KEYS: &str = "pg_temp.datagen_keys";

/// How values are printed, and what the server must not choose otherwise.
const SETTINGS: &str = "\
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; \
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL client_encoding = 'UTF8'; \
SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off; SET LOCAL statement_timeout = 0";

/// Compares the rows of these tables (indexes into the plan's) with what the database has of them, as one snapshot of it. The schema is
/// that of the connection's search path if none is given.
///
/// # Errors
/// When a row cannot be computed, or the server cannot be asked. Differences are no errors: they stand in the report.
pub fn database(
    plan: &Plan,
    tables: &[usize],
    client: &mut Client,
    schema: Option<&str>,
    options: &Options,
    mut watching: Watching,
) -> Result<Report, Error> {
    let mut server = begin(client, schema)?;
    let mut report = Report::default();
    for &at in tables {
        let most = options.most_shown.saturating_sub(report.kept());
        let table = &plan.tables[at];
        let of = TableReport { name: table.name.clone(), rows: table.rows, ..TableReport::default() };
        let mut comparison =
            Comparison { plan, at, server: &mut server, options, watching: &mut watching, report: of, most };
        comparison.compare()?;
        report.tables.push(comparison.report);
    }
    // Nothing was changed but temporary tables, which go with the transaction.
    server.rollback().map_err(Error::server("end the transaction"))?;
    Ok(report)
}

/// A transaction that sees one state of the database.
pub(super) fn begin<'c>(client: &'c mut Client, schema: Option<&str>) -> Result<Transaction<'c>, Error> {
    let builder = client.build_transaction().isolation_level(postgres::IsolationLevel::RepeatableRead);
    let mut server = builder.start().map_err(Error::server("begin a transaction"))?;
    let mut settings = SETTINGS.to_owned();
    if let Some(schema) = schema {
        settings += &format!("; SET LOCAL search_path = {}, public", quote_identifier(schema));
    }
    server.batch_execute(&settings).map_err(Error::server("prepare the session"))?;
    Ok(server)
}

/// One table.
struct Comparison<'c, 'p, 's, 'w> {
    plan: &'p Plan,
    at: usize,
    server: &'c mut Transaction<'s>,
    options: &'c Options,
    watching: &'c mut Watching<'w>,
    report: TableReport,
    /// How many differences are kept.
    most: usize,
}

impl Comparison<'_, '_, '_, '_> {
    fn compare(&mut self) -> Result<(), Error> {
        let table = &self.plan.tables[self.at];
        let name = quote_identifier(&table.name);
        let found = catalog::columns(self.server, &name).map_err(self.failed())?;
        let Some(found) = found else {
            self.note(Difference::Schema("there is no such table".into()));
            return Ok(());
        };
        self.hold_schema(&found)?;
        let shape = Shape::new(table, &found);
        if shape.cells.is_empty() {
            return Ok(());
        }
        self.run(&shape.create(EXPECTED))?;
        let blocks = self.options.sample.blocks(table.rows);
        let has_index = shape.has_key_types() && self.has_index(&shape)?;
        let missing = match (shape.key.is_empty(), has_index) {
            (true, _) => self.as_multisets(&shape, &blocks)?,
            (false, true) => self.by_index(&shape, &blocks)?,
            (false, false) => self.all_at_once(&shape, &blocks)?,
        };
        self.run(&format!("DROP TABLE {EXPECTED}"))?;
        self.count(&shape, missing)
    }

    fn hold_schema(&mut self, found: &[Column]) -> Result<(), Error> {
        let table = &self.plan.tables[self.at];
        let differences =
            catalog::differences(self.server, self.plan, table, found).map_err(self.failed())?;
        differences.into_iter().for_each(|difference| self.note(difference));
        Ok(())
    }

    /// Whether the server finds rows by the key without going through the table.
    fn has_index(&mut self, shape: &Shape) -> Result<bool, Error> {
        let name = quote_identifier(&shape.table.name);
        let sql = "SELECT EXISTS (SELECT FROM pg_index WHERE indrelid = to_regclass($1) AND indisunique AND indisvalid \
                   AND indpred IS NULL AND $2 @> ARRAY(SELECT attname::text FROM pg_attribute \
                   WHERE attrelid = indrelid AND attnum = ANY (indkey)))";
        let row = self.server.query_one(sql, &[&name, &shape.key_names()]).map_err(self.failed())?;
        Ok(row.get(0))
    }

    /// Block by block. Returns how many rows are missing.
    fn by_index(&mut self, shape: &Shape, blocks: &[Range<u64>]) -> Result<u64, Error> {
        // The planner knows nothing of a table that was just filled, and might go through all rows for each block.
        let ways = ["hashjoin", "mergejoin", "seqscan"];
        let set = |to: &str| ways.map(|way| format!("SET LOCAL enable_{way} = {to};")).concat();
        self.run(&set("off"))?;
        let sql = cells_that_differ(shape);
        let statement = self.server.prepare(&sql).map_err(self.failed())?;
        let expected = Blocks::for_copy(self.plan, self.at, &shape.columns(), blocks, self.options)?;
        let cancel = self.watching.cancel;
        let mut missing = 0;
        expected.each(cancel, |block, text| {
            // The table is of this transaction, which makes that a cut of its file; rows are numbered on.
            self.run(&format!("TRUNCATE {EXPECTED}"))?;
            self.send(&shape.copy(EXPECTED), &text)?;
            let rows = self.server.query(&statement, &[]).map_err(self.failed())?;
            rows.iter().for_each(|row| missing += self.note_row(shape, blocks, row));
            self.compared(block, text.len());
            Ok(())
        })?;
        self.run(&set("on"))?;
        Ok(missing)
    }

    /// Sends all rows that are expected.
    fn send_all(&mut self, shape: &Shape, blocks: &[Range<u64>]) -> Result<(), Error> {
        let expected = Blocks::for_copy(self.plan, self.at, &shape.columns(), blocks, self.options)?;
        let cancel = self.watching.cancel;
        expected.each(cancel, |block, text| {
            self.send(&shape.copy(EXPECTED), &text)?;
            self.compared(block, text.len());
            Ok(())
        })?;
        self.run(&format!("ANALYZE {EXPECTED}"))
    }

    fn all_at_once(&mut self, shape: &Shape, blocks: &[Range<u64>]) -> Result<u64, Error> {
        self.send_all(shape, blocks)?;
        let mut missing = 0;
        self.each_row(&cells_that_differ(shape), |this, row| missing += this.note_row(shape, blocks, &row))?;
        Ok(missing)
    }

    /// Rows without a key: each as often as it is expected.
    fn as_multisets(&mut self, shape: &Shape, blocks: &[Range<u64>]) -> Result<u64, Error> {
        self.send_all(shape, blocks)?;
        let is_sample = !self.options.sample.is_all();
        let mut missing = 0;
        self.each_row(&rows_that_differ(shape, is_sample), |this, row| {
            let (nth, name): (Option<i64>, String) = (row.get(0), row.get(1));
            let difference = match nth {
                Some(nth) => Difference::Missing { row: row_of(blocks, nth as u64 - 1) + 1, name },
                None => Difference::Extra { name },
            };
            missing += u64::from(nth.is_some());
            this.note(difference);
        })?;
        Ok(missing)
    }

    /// Counts the rows that are there, and names those that are too many.
    fn count(&mut self, shape: &Shape, missing: u64) -> Result<(), Error> {
        let name = quote_identifier(&shape.table.name);
        let row = self.server.query_one(&format!("SELECT count(*) FROM {name}"), &[]);
        let found = row.map_err(self.failed())?.get::<_, i64>(0) as u64;
        let expected = shape.table.rows;
        if found != expected {
            self.note(Difference::Count { expected, found });
        }
        let surplus = (found + missing).saturating_sub(expected);
        if surplus > 0 && self.options.sample.is_all() && !shape.key.is_empty() {
            self.name_surplus(shape, surplus)?;
        }
        Ok(())
    }

    /// Rows whose keys are not expected, and rows that repeat keys.
    fn name_surplus(&mut self, shape: &Shape, surplus: u64) -> Result<(), Error> {
        let keys = shape.of_key();
        self.run(&keys.create(KEYS))?;
        let blocks = self.options.sample.blocks(shape.table.rows);
        let expected = Blocks::for_copy(self.plan, self.at, &keys.columns(), &blocks, self.options)?;
        let cancel = self.watching.cancel;
        expected.each(cancel, |_, text| self.send(&keys.copy(KEYS), &text))?;
        self.run(&format!("ANALYZE {KEYS}"))?;
        let values: Vec<String> = keys.cells.iter().map(|cell| format!("{}::text", cell.found)).collect();
        let sql = format!(
            "SELECT {} FROM {} a WHERE NOT EXISTS (SELECT FROM {KEYS} e WHERE {})",
            values.join(", "),
            quote_identifier(&shape.table.name),
            keys.same_key()
        );
        let mut named = 0;
        self.each_row(&sql, |this, row| {
            named += 1;
            let values: Vec<Option<String>> = (0..row.len()).map(|at| row.get(at)).collect();
            this.note(Difference::Extra { name: keys.key_in_words(&values) });
        })?;
        if named < surplus {
            let names = keys.key_names().join(", ");
            self.note(Difference::Schema(format!("{} rows repeat the {names} of others", surplus - named)));
        }
        self.run(&format!("DROP TABLE {KEYS}"))
    }

    /// Notes what is amiss with a row of [`cells_that_differ`]. Returns how many rows are missing: none, or this one.
    fn note_row(&mut self, shape: &Shape, blocks: &[Range<u64>], row: &Row) -> u64 {
        let number = row_of(blocks, row.get::<_, i64>(0) as u64 - 1) + 1;
        let value = |at: usize| row.get::<_, Option<String>>(at);
        let keys: Vec<Option<String>> = shape.key.iter().map(|at| value(3 + 3 * at)).collect();
        let name = shape.key_in_words(&keys);
        if row.get(1) {
            self.note(Difference::Missing { row: number, name });
            return 1;
        }
        for (at, cell) in shape.cells.iter().enumerate() {
            let first = 2 + 3 * at;
            if row.get(first) {
                self.note(Difference::Cell {
                    row: number,
                    key: Some(name.clone()),
                    column: cell.name().to_owned(),
                    expected: value(first + 1),
                    found: value(first + 2),
                });
            }
        }
        0
    }

    fn note(&mut self, difference: Difference) {
        self.report.note(difference, self.most);
    }

    fn compared(&mut self, block: &Range<u64>, bytes: usize) {
        let rows = block.end - block.start;
        self.report.compared += rows;
        self.watching.observer.wrote(Some(self.at), rows, bytes as u64);
    }

    fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.server.batch_execute(sql).map_err(self.failed())
    }

    fn send(&mut self, copy: &str, text: &[u8]) -> Result<(), Error> {
        let operation = format!("compare {}", self.report.name);
        let failed = || Error::server(operation.clone());
        let mut writer = self.server.copy_in(copy).map_err(failed())?;
        // What a write fails of, a refused value or a lost connection, is what the end fails of, too.
        let _ = writer.write_all(text);
        writer.finish().map(drop).map_err(failed())
    }

    /// The rows of a query one after the other, however many they are.
    fn each_row(&mut self, sql: &str, mut take: impl FnMut(&mut Self, Row)) -> Result<(), Error> {
        let portal_rows = 1_000;
        let portal = self.server.bind(sql, &[]).map_err(self.failed())?;
        loop {
            let rows = self.server.query_portal(&portal, portal_rows).map_err(self.failed())?;
            let is_last = rows.len() < portal_rows as usize;
            rows.into_iter().for_each(|row| take(self, row));
            if is_last {
                return Ok(());
            }
        }
    }

    fn failed(&self) -> impl FnOnce(postgres::Error) -> Error + use<> {
        Error::server(format!("compare {}", self.report.name))
    }
}

/// Expected rows that are missing or have other cells: the row's number in what was sent, whether it is missing, and for each column
/// whether it differs, and both values.
fn cells_that_differ(shape: &Shape) -> String {
    let differ: Vec<String> = shape.cells.iter().map(|cell| format!("({})", cell.differs())).collect();
    let cells = shape
        .cells
        .iter()
        .zip(&differ)
        .map(|(cell, differs)| format!(", {differs}, {}::text, {}::text", cell.expected, cell.found));
    format!(
        "SELECT e.nth, a.ctid IS NULL{} FROM {EXPECTED} e LEFT JOIN {} a ON {} WHERE a.ctid IS NULL OR {} ORDER BY e.nth",
        cells.collect::<String>(),
        quote_identifier(&shape.table.name),
        shape.same_key(),
        differ.join(" OR ")
    )
}

/// Rows that are expected more often than they are there, with their numbers in what was sent; and the other way round, if not only
/// a sample was sent. The texts of rows tell nulls from empty texts.
fn rows_that_differ(shape: &Shape, is_sample: bool) -> String {
    let row = |values: Vec<String>| format!("ROW({})::text", values.join(", "));
    let expected = row(shape.cells.iter().map(|cell| format!("{}::text", cell.expected)).collect());
    let found = row(shape.cells.iter().map(|cell| format!("{}::text", cell.found)).collect());
    let join = if is_sample { "LEFT" } else { "FULL" };
    format!(
        "SELECT nth, coalesce(e.r, a.r) FROM \
         (SELECT nth, {expected} AS r, row_number() OVER (PARTITION BY {expected} ORDER BY nth) AS k FROM {EXPECTED} e) e \
         {join} JOIN (SELECT {found} AS r, row_number() OVER (PARTITION BY {found}) AS k FROM {} a) a USING (r, k) \
         WHERE e.r IS NULL OR a.r IS NULL ORDER BY nth NULLS LAST",
        quote_identifier(&shape.table.name)
    )
}
