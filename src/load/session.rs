//! A connection that knows its schema, and patience with servers that are away.

use super::claim::{self, Turn};
use super::error::Error;
use super::{Load, Observer};
use crate::server::{Settings, connect};
use crate::value::text::quote_identifier;
use postgres::types::ToSql;
use postgres::{Client, Row, Transaction};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What every session is told: no limit that is meant for people's queries, to miss a client that is away within a minute, and the
/// settings that texts are written for.
const SETTINGS: &str = "\
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET tcp_keepalives_idle = 30;
SET tcp_keepalives_interval = 10;
SET tcp_keepalives_count = 3;
SET standard_conforming_strings = on;
SET intervalstyle = postgres;
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;
";

/// An index that nobody waits for is not built to its end. Servers before PostgreSQL 14 and some systems do not know how.
const LOOK_FOR_CLIENT: &str = "SET client_connection_check_interval = '1s'";

/// The first wait before something is tried again, and the longest.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How often a waiting thread looks whether the run was cancelled.
pub(super) const LOOK_AROUND: Duration = Duration::from_millis(50);

/// A connection to the schema that is loaded.
pub(super) struct Session {
    client: Client,
    schema: String,
}

impl Session {
    /// Connects. Names without a schema mean `schema`, or what the search path says.
    pub fn open(settings: &Settings, schema: Option<&str>) -> Result<Self, Error> {
        let doing = "set up the session";
        let mut client = connect(settings)?;
        client.batch_execute(SETTINGS).map_err(|cause| Error::query(doing, cause))?;
        // A connection that is lost here is missed by the next statement.
        let _ = client.batch_execute(LOOK_FOR_CLIENT);
        let found = client.query_one("SELECT current_schema()::text", &[]);
        let found: Option<String> = found.map_err(|cause| Error::query(doing, cause))?.get(0);
        let Some(schema) = schema.map(str::to_owned).or(found) else {
            return Err(Error::refused("the search path names no schema that exists")
                .help("--schema NAME says which"));
        };
        // Types and operators of extensions are usually in `public`.
        let path = format!("SET search_path = {}, public", quote_identifier(&schema));
        client.batch_execute(&path).map_err(|cause| Error::query(doing, cause))?;
        Ok(Self { client, schema })
    }

    /// The same, waiting for a server that is about to start.
    pub fn open_patiently(load: &Load, cancel: &AtomicBool, observer: &dyn Observer) -> Result<Self, Error> {
        let mut patience = Patience::new(load, cancel, observer);
        loop {
            match Self::open(load.settings, load.schema) {
                // An address where nobody listens is more often a mistake than a server that comes up.
                Err(Error::Server(error)) if error.may_pass() && error.advice().is_none() => {
                    patience.wait(Error::Server(error))?;
                }
                other => return other,
            }
        }
    }

    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// A table of the schema, as SQL names it.
    pub fn qualified(&self, table: &str) -> String {
        qualified(&self.schema, table)
    }

    pub fn query(
        &mut self,
        doing: &str,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        self.client.query(sql, parameters).map_err(|cause| Error::query(doing, cause))
    }

    /// Does all of it or nothing.
    pub fn transaction<T>(
        &mut self,
        doing: &str,
        work: impl FnOnce(&mut Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut transaction = self.client.transaction().map_err(|cause| Error::query(doing, cause))?;
        let done = work(&mut transaction)?;
        transaction.commit().map_err(|cause| Error::query(doing, cause))?;
        Ok(done)
    }
}

/// A table of a schema, as SQL names it.
pub(super) fn qualified(schema: &str, table: &str) -> String {
    format!("{}.{}", quote_identifier(schema), quote_identifier(table))
}

/// Runs statements of a transaction.
pub(super) fn execute(transaction: &mut Transaction, doing: &str, sql: &str) -> Result<(), Error> {
    transaction.batch_execute(sql).map_err(|cause| Error::query(doing, cause))
}

/// How long something that fails is tried again.
pub(super) struct Patience<'a> {
    retry_for: Duration,
    cancel: &'a AtomicBool,
    observer: &'a dyn Observer,
    wait: Duration,
    since: Option<Instant>,
}

impl<'a> Patience<'a> {
    pub fn new(load: &Load, cancel: &'a AtomicBool, observer: &'a dyn Observer) -> Self {
        Self { retry_for: load.effort.retry_for, cancel, observer, wait: FIRST_WAIT, since: None }
    }

    /// Something succeeded.
    pub fn renew(&mut self) {
        (self.wait, self.since) = (FIRST_WAIT, None);
    }

    /// Waits, a little longer each time; gives the error back when it will not pass, or did not in time.
    pub fn wait(&mut self, error: Error) -> Result<(), Error> {
        let since = *self.since.get_or_insert_with(Instant::now);
        if !error.may_pass() {
            return Err(error);
        }
        if since.elapsed() + self.wait > self.retry_for {
            return Err(Error::GivenUp(Box::new(error)));
        }
        self.observer.retries(&error.to_string(), self.wait);
        let until = Instant::now() + self.wait;
        while Instant::now() < until {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            std::thread::sleep(LOOK_AROUND.min(until.saturating_duration_since(Instant::now())));
        }
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        Ok(())
    }
}

/// A session that is opened when it is needed, and again when it was lost.
pub(super) struct Reconnecting<'a> {
    load: &'a Load<'a>,
    /// The turn that sessions join.
    turn: Option<Turn>,
    session: Option<Session>,
    patience: Patience<'a>,
}

impl<'a> Reconnecting<'a> {
    pub fn new(load: &'a Load<'a>, turn: Turn, cancel: &'a AtomicBool, observer: &'a dyn Observer) -> Self {
        Self { load, turn: Some(turn), session: None, patience: Patience::new(load, cancel, observer) }
    }

    /// From a session that belongs to no turn yet.
    pub fn beginning(
        session: Session,
        load: &'a Load<'a>,
        cancel: &'a AtomicBool,
        observer: &'a dyn Observer,
    ) -> Self {
        Self { load, turn: None, session: Some(session), patience: Patience::new(load, cancel, observer) }
    }

    /// From here on a session that was lost joins this turn when it comes back.
    pub fn joins(&mut self, turn: Turn) {
        self.turn = Some(turn);
    }

    fn open(&self) -> Result<Session, Error> {
        let mut session = Session::open(self.load.settings, self.load.schema)?;
        if let Some(turn) = self.turn {
            claim::join(&mut session, turn)?;
        }
        Ok(session)
    }

    /// Does something until it succeeds, or fails for good. It has to see for itself what an earlier try has done: a connection
    /// may be lost after a transaction was committed and before that was said.
    pub fn until_done<T>(
        &mut self,
        mut work: impl FnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        loop {
            let tried = match &mut self.session {
                Some(session) => work(session),
                None => match self.open() {
                    Ok(session) => work(self.session.insert(session)),
                    Err(error) => Err(error),
                },
            };
            match tried {
                Ok(done) => {
                    self.patience.renew();
                    return Ok(done);
                }
                Err(error) => {
                    self.session = None;
                    self.patience.wait(error)?;
                }
            }
        }
    }
}
