//! What the database remembers of a load: what it was of, which rows are there, which steps are done.
//!
//! Four small tables in the schema that is loaded, so that they go where it goes: `datagen_load` says what is loaded (one
//! row), `datagen_load_table` which rows of each table, `datagen_load_chunk` which of them are there, `datagen_load_step` what
//! comes after them. When a load is done only the first keeps its row, for `--grow`.

use super::claim::Turn;
use super::error::Error;
use super::session::{Session, execute, qualified};
use crate::value::text::quote_literal;
use postgres::Transaction;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// All that rows depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// Version of datagen.
    pub datagen: String,
    /// A hash of the spec's text, with all that it includes.
    pub spec: String,
    /// The seed.
    pub seed: u64,
    /// `--scale`, where it was given.
    pub scale: Option<f64>,
    /// `--rows`.
    pub rows: BTreeMap<String, u64>,
    /// `--param`.
    pub params: BTreeMap<String, String>,
    /// `--without-noise`.
    pub without_noise: bool,
    /// The tables that are loaded, in order.
    pub tables: Vec<String>,
}

impl Description {
    /// # Errors
    /// When something differs: what.
    pub fn expect_same(&self, other: &Self) -> Result<(), Error> {
        let parts = [
            ("version of datagen", self.datagen == other.datagen),
            ("spec", self.spec == other.spec),
            ("seed", self.seed == other.seed),
            ("scale", self.scale == other.scale),
            ("--rows", self.rows == other.rows),
            ("--param", self.params == other.params),
            ("--without-noise", self.without_noise == other.without_noise),
            ("list of tables", self.tables == other.tables),
        ];
        let different: Vec<String> =
            parts.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name.to_owned()).collect();
        if different.is_empty() { Ok(()) } else { Err(Error::Different(different)) }
    }
}

/// The last load into a schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Last {
    /// There was none.
    None,
    /// This one, to its end.
    Finished(Description),
    /// This one, and it is not at its end.
    Unfinished(Description),
}

/// Rows of a table that are loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub table: String,
    pub rows: Range<u64>,
}

/// Something that is done after the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub phase: Phase,
    /// What it is, for people.
    pub name: String,
    pub sql: String,
}

/// Steps of a phase may go on side by side; phases follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Keys, checks, indexes: each of one table.
    Keys,
    /// They need both tables' keys, and lock both: one after the other.
    ForeignKeys,
    /// Sequences and statistics.
    Rest,
}

impl Phase {
    pub const ALL: [Phase; 3] = [Phase::Keys, Phase::ForeignKeys, Phase::Rest];
}

/// The ledger of an unfinished load.
pub(super) struct Ledger {
    /// Of the process that is at it.
    pub turn: Turn,
    pub chunk_rows: u64,
    pub shares: Vec<Share>,
    /// Table and first row of chunks that are there.
    pub done: HashSet<(String, u64)>,
}

const TABLES: [(&str, &str); 4] = [
    (
        "datagen_load",
        "id integer PRIMARY KEY CHECK (id = 1), description text NOT NULL, chunk_rows bigint NOT NULL, \
         is_done boolean NOT NULL, begun_at timestamptz NOT NULL DEFAULT now(), done_at timestamptz",
    ),
    (
        "datagen_load_table",
        "number integer PRIMARY KEY, name text NOT NULL, first_row bigint NOT NULL, end_row bigint NOT NULL",
    ),
    ("datagen_load_chunk", "name text NOT NULL, first_row bigint NOT NULL, PRIMARY KEY (name, first_row)"),
    (
        "datagen_load_step",
        "number integer PRIMARY KEY, phase integer NOT NULL, name text NOT NULL, sql text NOT NULL, \
         is_done boolean NOT NULL DEFAULT false",
    ),
];

/// Whether a table is one of the ledger's, and so none of the user's.
pub fn is_ledger(table: &str) -> bool {
    TABLES.iter().any(|(name, _)| *name == table)
}

const DOING: &str = "read the ledger of loads";

/// A turn, as `datagen_load` has it.
const TURN: &str = "(extract(epoch FROM begun_at) * 1000000)::bigint";

impl Ledger {
    fn exists(session: &mut Session) -> Result<bool, Error> {
        let exists =
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'datagen_load')";
        let schema = session.schema().to_owned();
        Ok(session.query(DOING, exists, &[&schema])?.iter().any(|row| row.get(0)))
    }

    /// What was loaded last.
    pub fn read(session: &mut Session) -> Result<Last, Error> {
        if !Self::exists(session)? {
            return Ok(Last::None);
        }
        let sql = format!("SELECT description, is_done FROM {}", session.qualified("datagen_load"));
        let rows = session.query(DOING, &sql, &[])?;
        let Some(row) = rows.first() else { return Ok(Last::None) };
        let description = serde_json::from_str(row.get(0)).map_err(|cause| {
            Error::refused(format!("the ledger of loads cannot be read: {cause}"))
                .help("another version of datagen wrote it; --clean or --truncate begins again")
        })?;
        Ok(if row.get(1) { Last::Finished(description) } else { Last::Unfinished(description) })
    }

    /// Whose turn the ledger says it is.
    pub fn turn(session: &mut Session) -> Result<Option<Turn>, Error> {
        if !Self::exists(session)? {
            return Ok(None);
        }
        let sql = format!("SELECT {TURN} FROM {}", session.qualified("datagen_load"));
        Ok(session.query(DOING, &sql, &[])?.first().map(|row| Turn(row.get(0))))
    }

    /// Takes the turn at a load that goes on.
    pub fn take_turn(transaction: &mut Transaction, schema: &str) -> Result<Turn, Error> {
        let load = qualified(schema, "datagen_load");
        let sql = format!("UPDATE {load} SET begun_at = clock_timestamp() RETURNING {TURN}");
        let row = transaction.query_one(sql.as_str(), &[]);
        Ok(Turn(row.map_err(|cause| Error::query("go on with the ledger of the load", cause))?.get(0)))
    }

    /// The ledger of the load that goes on.
    pub fn open(session: &mut Session, turn: Turn) -> Result<Self, Error> {
        let [load, tables, chunks, _] = TABLES.map(|(name, _)| session.qualified(name));
        let row = session.query(DOING, &format!("SELECT chunk_rows FROM {load}"), &[])?;
        let chunk_rows: i64 = row.first().map_or(1, |row| row.get(0));
        let shares = session.query(
            DOING,
            &format!("SELECT name, first_row, end_row FROM {tables} ORDER BY number"),
            &[],
        )?;
        let number = |row: &postgres::Row, at: usize| row.get::<_, i64>(at) as u64;
        let shares =
            shares.iter().map(|row| Share { table: row.get(0), rows: number(row, 1)..number(row, 2) });
        let shares = shares.collect();
        let done = session.query(DOING, &format!("SELECT name, first_row FROM {chunks}"), &[])?;
        let done = done.iter().map(|row| (row.get(0), number(row, 1))).collect();
        Ok(Self { turn, chunk_rows: chunk_rows as u64, shares, done })
    }

    /// Begins a load, in place of the one before.
    pub fn begin(
        transaction: &mut Transaction,
        schema: &str,
        description: &Description,
        chunk_rows: u64,
        shares: &[Share],
        steps: &[Step],
    ) -> Result<Turn, Error> {
        let mut sql = String::new();
        for (name, columns) in TABLES {
            let name = qualified(schema, name);
            sql += &format!("CREATE TABLE IF NOT EXISTS {name} ({columns});\nDELETE FROM {name};\n");
        }
        let [load, tables, _, list] = TABLES.map(|(name, _)| qualified(schema, name));
        let text = serde_json::to_string(description).expect("a description is plain data");
        sql += &format!("INSERT INTO {load} VALUES (1, {}, {chunk_rows}, false);\n", quote_literal(&text));
        for (number, Share { table, rows }) in shares.iter().enumerate() {
            let (name, Range { start, end }) = (quote_literal(table), rows);
            sql += &format!("INSERT INTO {tables} VALUES ({number}, {name}, {start}, {end});\n");
        }
        for (number, Step { phase, name, sql: of }) in steps.iter().enumerate() {
            let (phase, name, of) = (*phase as i32, quote_literal(name), quote_literal(of));
            sql += &format!("INSERT INTO {list} VALUES ({number}, {phase}, {name}, {of});\n");
        }
        let doing = "begin the ledger of the load";
        execute(transaction, doing, &sql)?;
        let row = transaction.query_one(format!("SELECT {TURN} FROM {load}").as_str(), &[]);
        Ok(Turn(row.map_err(|cause| Error::query(doing, cause))?.get(0)))
    }

    /// Marks a chunk in the transaction that loads it; `false` when it is there. Waits for another transaction that
    /// is about to load it.
    pub fn mark_chunk(
        transaction: &mut Transaction,
        schema: &str,
        table: &str,
        first: u64,
    ) -> Result<bool, Error> {
        let chunks = qualified(schema, "datagen_load_chunk");
        let sql = format!("INSERT INTO {chunks} VALUES ($1, $2) ON CONFLICT DO NOTHING");
        let marked = transaction.execute(sql.as_str(), &[&table, &(first as i64)]);
        Ok(marked.map_err(|cause| Error::query("mark a chunk in the ledger", cause))? == 1)
    }

    /// The steps of a phase that are not done, by number.
    pub fn steps(session: &mut Session, phase: Phase) -> Result<Vec<(i32, Step)>, Error> {
        let list = session.qualified("datagen_load_step");
        let sql =
            format!("SELECT number, name, sql FROM {list} WHERE phase = $1 AND NOT is_done ORDER BY number");
        let rows = session.query(DOING, &sql, &[&(phase as i32)])?;
        Ok(rows.iter().map(|row| (row.get(0), Step { phase, name: row.get(1), sql: row.get(2) })).collect())
    }

    /// Marks a step in the transaction that takes it; `false` when it is done.
    pub fn mark_step(transaction: &mut Transaction, schema: &str, number: i32) -> Result<bool, Error> {
        let list = qualified(schema, "datagen_load_step");
        let sql = format!("UPDATE {list} SET is_done = true WHERE number = $1 AND NOT is_done");
        let marked = transaction.execute(sql.as_str(), &[&number]);
        Ok(marked.map_err(|cause| Error::query("mark a step in the ledger", cause))? == 1)
    }

    /// Ends the load: all that is kept is what it was of.
    pub fn end(transaction: &mut Transaction, schema: &str) -> Result<(), Error> {
        let [load, tables, chunks, steps] = TABLES.map(|(name, _)| qualified(schema, name));
        let sql = format!(
            "DELETE FROM {tables}; DELETE FROM {chunks}; DELETE FROM {steps};\n\
             UPDATE {load} SET is_done = true, done_at = now() WHERE NOT is_done;"
        );
        execute(transaction, "end the ledger of the load", &sql)
    }
}
