//! Loads a plan into PostgreSQL, so that nothing is ever half done.
//!
//! A load is three things: what has to be there before the first row (one transaction), rows in chunks, each with its entry in
//! the [ledger](ledger) in one transaction, and steps after them (keys, indexes, foreign keys, sequences, statistics), each
//! again with its mark in the ledger. Whatever is killed in between, what the ledger says is done is done, once, and
//! [`run`] goes on from there when it is asked to resume. This is a module of its own because it is neither a format nor a sink:
//! the database remembers how far it came.

mod aside;
mod atomic;
mod catalog;
mod chunks;
mod claim;
mod columns;
mod error;
mod grow;
mod ledger;
mod session;
mod setup;
mod steps;

pub use error::Error;
pub use grow::{Grown, compare};
pub use ledger::{Description, Last, is_ledger};
pub use setup::{Existing, Objects};

use crate::generate;
use crate::plan::Plan;
use crate::server::Settings;
use claim::Turn;
use ledger::Ledger;
use session::{Reconnecting, Session};
use setup::{Setup, Target};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// What is loaded, where, and how.
pub struct Load<'a> {
    /// What is generated.
    pub plan: &'a Plan,
    /// The tables that are loaded (indexes into the plan's), in writing order.
    pub tables: &'a [usize],
    /// What the rows depend on: kept in the ledger, and compared when a load is resumed.
    pub description: Description,
    /// Where.
    pub settings: &'a Settings,
    /// The schema; `None`: the first of the search path.
    pub schema: Option<&'a str>,
    /// What becomes of the tables themselves.
    pub objects: Objects,
    /// What becomes of rows that are there.
    pub existing: Existing,
    /// Whether an unfinished load goes on.
    pub resume: bool,
    /// How connections are used.
    pub effort: Effort,
    /// How batches are computed.
    pub options: generate::Options,
}

/// How much is done at a time, and how long is waited for a server that is away.
#[derive(Clone, Copy, Debug)]
pub enum Transactions {
    /// All in one, on one connection; this many threads make rows.
    One {
        /// Threads.
        jobs: usize,
    },
    /// One for each chunk, on several connections.
    PerChunk {
        /// Connections, each with a thread.
        connections: usize,
        /// Rows of a chunk.
        chunk_rows: u64,
    },
}

/// How connections are used.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// What makes a transaction.
    pub transactions: Transactions,
    /// How long a lost connection is tried to be replaced.
    pub retry_for: Duration,
}

/// Is told how it goes, from several threads.
pub trait Observer: Sync {
    /// Begins: so many rows are to be loaded, of which so many are there from before.
    fn begins(&self, rows: u64, there: u64);
    /// Rows of a table were committed (index into the plan's tables), with the bytes they had on their way.
    fn loaded(&self, table: usize, rows: u64, bytes: u64);
    /// A step after the rows begins.
    fn step(&self, name: &str);
    /// Something failed that may pass.
    fn retries(&self, cause: &str, wait: Duration);
}

/// What a load came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether an earlier load was gone on with.
    pub resumed: bool,
    /// The earlier load had been finished: nothing was done.
    pub was_done: bool,
}

/// What the ledger in the database says of the last load.
///
/// # Errors
/// When the database cannot be asked.
pub fn last(settings: &Settings, schema: Option<&str>) -> Result<Last, Error> {
    Ledger::read(&mut Session::open(settings, schema)?)
}

/// Loads.
///
/// # Errors
/// When the database is not as expected (nothing was changed then), or something failed that did not pass.
pub fn run(load: &Load, cancel: &AtomicBool, observer: &dyn Observer) -> Result<Outcome, Error> {
    let mut session = Session::open_patiently(load, cancel, observer)?;
    match load.effort.transactions {
        Transactions::One { jobs } => in_one(load, &mut session, jobs, cancel, observer),
        Transactions::PerChunk { connections, chunk_rows } => {
            // From here on a lost connection is replaced.
            let mut connection = Reconnecting::beginning(session, load, cancel, observer);
            let mut tried = None;
            let begun =
                connection.until_done(|session| begin(load, session, chunk_rows, &mut tried, cancel))?;
            let Some((turn, resumed)) = begun else {
                return Ok(Outcome { resumed: false, was_done: true });
            };
            connection.joins(turn);
            let (target, ledger) = connection.until_done(|session| {
                Ok((Target::inspect_tables(session, load)?, Ledger::open(session, turn)?))
            })?;
            chunks::load(load, &target, &ledger, connections, cancel, observer)?;
            steps::run(load, turn, &target.schema, connections, cancel, observer)?;
            Ok(Outcome { resumed, was_done: false })
        }
    }
}

/// What there is to do, as the ledger has it.
enum Standing {
    Begin,
    GoOn,
    Done,
}

fn standing(load: &Load, session: &mut Session) -> Result<Standing, Error> {
    let last = match Ledger::read(session) {
        // What cannot be read need not be when it goes.
        Err(Error::Refused { .. }) if load.starts_over() => Last::None,
        read => read?,
    };
    match (last, load.resume) {
        (Last::Unfinished(description), true) => {
            description.expect_same(&load.description)?;
            Ok(Standing::GoOn)
        }
        (Last::Finished(description), true) if description == load.description => Ok(Standing::Done),
        (Last::Unfinished(_), false) if !load.starts_over() => Err(Error::unfinished(session.schema())),
        _ => Ok(Standing::Begin),
    }
}

fn in_one(
    load: &Load,
    session: &mut Session,
    jobs: usize,
    cancel: &AtomicBool,
    observer: &dyn Observer,
) -> Result<Outcome, Error> {
    claim::alone(session, cancel)?;
    match standing(load, session)? {
        Standing::Done => Ok(Outcome { resumed: false, was_done: true }),
        Standing::GoOn => Err(Error::refused("an unfinished load cannot go on in one transaction")
            .help("leave out --atomic, or begin again with --clean or --truncate")),
        Standing::Begin => {
            let target = Target::inspect(session, load)?;
            let setup = Setup::of(load, &target)?;
            let target = if setup.makes_tables { Target::of_plan(session.schema()) } else { target };
            atomic::run(load, session, &target, &setup, jobs, cancel, observer)?;
            Ok(Outcome::default())
        }
    }
}

/// Prepares the tables and the ledger, or takes the turn at those that are there; also whether that is so. `None` where all is
/// done. `tried` is the turn that an earlier try has made, which may be there although its connection was lost.
fn begin(
    load: &Load,
    session: &mut Session,
    chunk_rows: u64,
    tried: &mut Option<Turn>,
    cancel: &AtomicBool,
) -> Result<Option<(Turn, bool)>, Error> {
    claim::alone(session, cancel)?;
    let schema = session.schema().to_owned();
    let begun = match *tried {
        Some(turn) if Ledger::turn(session)? == Some(turn) => (turn, false),
        _ => match standing(load, session)? {
            Standing::Done => return Ok(None),
            Standing::GoOn => {
                let turn = session.transaction("go on with the load", |transaction| {
                    Ledger::take_turn(transaction, &schema)
                })?;
                (turn, true)
            }
            Standing::Begin => {
                let target = Target::inspect(session, load)?;
                let setup = Setup::of(load, &target)?;
                let turn = session.transaction("prepare the tables", |transaction| {
                    let turn = setup.run(transaction, &load.description, chunk_rows)?;
                    *tried = Some(turn);
                    Ok(turn)
                })?;
                (turn, false)
            }
        },
    };
    claim::share(session)?;
    Ok(Some(begun))
}

impl Load<'_> {
    /// Whether what an earlier load left behind goes anyway.
    fn starts_over(&self) -> bool {
        matches!(self.objects, Objects::Clean { .. }) || self.existing == Existing::Truncate
    }
}
