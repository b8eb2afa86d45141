//! Rows in chunks, side by side on several connections, each with its mark in the ledger.

use super::claim::Turn;
use super::columns::Method;
use super::error::Error;
use super::ledger::{Ledger, Share};
use super::session::{Reconnecting, Session, qualified};
use super::setup::Target;
use super::{Load, Observer};
use crate::encode::{self, COPY_BINARY_HEADER, COPY_BINARY_TRAILER, Encoding, Piece};
use crate::generate::Worker;
use crate::pipeline::{Crew, Work, in_order};
use crate::value::pieces;
use crate::value::text::quote_identifier;
use postgres::{CopyInWriter, Transaction};
use std::io::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a table's rows are sent.
pub(super) struct Sent {
    /// Index into the plan's tables.
    pub table: usize,
    name: String,
    /// `COPY orders (id, ...) FROM STDIN ...`.
    sql: String,
    method: Method,
    pub encoding: Box<dyn Encoding>,
}

impl Sent {
    /// # Errors
    /// When the table that is there does not take the rows.
    pub fn new(load: &Load, target: &Target, table: usize) -> Result<Self, Error> {
        let of = &load.plan.tables[table];
        let method = target.method(load, table)?;
        let (format, how) = match method {
            Method::Binary => ("copy-binary", " (FORMAT binary)"),
            Method::Text => ("copy", ""),
        };
        let columns: Vec<usize> = of.visible().map(|(column, _)| column).collect();
        let format = encode::find(format).expect("one of our own");
        let encoding = format.encoding(load.plan, table, &columns, &encode::Options::default(), None)?;
        let names: Vec<String> =
            of.visible().map(|(_, column)| quote_identifier(&column.name).to_string()).collect();
        let table_name = qualified(&target.schema, &of.name);
        let sql = format!("COPY {table_name} ({}) FROM STDIN{how}", names.join(", "));
        Ok(Self { table, name: of.name.clone(), sql, method, encoding })
    }

    /// Begins the COPY.
    pub fn begin<'t>(&self, transaction: &'t mut Transaction) -> Result<CopyInWriter<'t>, Error> {
        let mut writer =
            transaction.copy_in(self.sql.as_str()).map_err(|cause| Error::query(self.doing(), cause))?;
        if self.method == Method::Binary {
            self.send(&mut writer, COPY_BINARY_HEADER)?;
        }
        Ok(writer)
    }

    pub fn send(&self, writer: &mut CopyInWriter, bytes: &[u8]) -> Result<(), Error> {
        // The driver hides its own error in one of `io`.
        writer.write_all(bytes).map_err(|cause| match cause.downcast::<postgres::Error>() {
            Ok(cause) => Error::query(self.doing(), cause),
            Err(cause) => Error::Panicked(format!("the driver failed in its own buffer: {cause}")),
        })
    }

    /// Ends the COPY; that all its rows have arrived is only known now.
    pub fn end(&self, mut writer: CopyInWriter) -> Result<(), Error> {
        if self.method == Method::Binary {
            self.send(&mut writer, COPY_BINARY_TRAILER)?;
        }
        writer.finish().map(|_| ()).map_err(|cause| Error::query(self.doing(), cause))
    }

    fn doing(&self) -> String {
        format!("load rows into table `{}`", self.name)
    }
}

/// A stretch of a table's rows.
struct Chunk {
    /// Index into what is sent.
    sent: usize,
    rows: Range<u64>,
}

/// Loads all chunks that are not there yet.
pub(super) fn load(
    load: &Load,
    target: &Target,
    ledger: &Ledger,
    connections: usize,
    cancel: &AtomicBool,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let sent =
        load.tables.iter().map(|table| Sent::new(load, target, *table)).collect::<Result<Vec<_>, _>>()?;
    let (chunks, there) = chunks(ledger, &sent);
    let rows: u64 = ledger.shares.iter().map(|share| share.rows.end - share.rows.start).sum();
    observer.begins(rows, there);
    let (turn, schema) = (ledger.turn, &target.schema);
    let work = Loading { load, turn, schema, sent: &sent, chunks: &chunks, cancel, observer };
    // Nothing waits for the order in which chunks end: a chunk that takes long holds nobody up.
    let crew = Crew { jobs: connections.min(chunks.len()).max(1), window: chunks.len().max(1) };
    in_order(&work, 0..chunks.len() as u64, crew, cancel, |_, ()| Ok(()))?;
    Ok(())
}

/// The chunks that are missing, and how many rows are there.
fn chunks(ledger: &Ledger, sent: &[Sent]) -> (Vec<Chunk>, u64) {
    let (mut missing, mut there) = (Vec::new(), 0);
    for Share { table, rows } in &ledger.shares {
        let Some(at) = sent.iter().position(|sent| sent.name == *table) else { continue };
        let mut first = rows.start;
        while first < rows.end {
            let end = rows.end.min(first + ledger.chunk_rows);
            match ledger.done.contains(&(table.clone(), first)) {
                true => there += end - first,
                false => missing.push(Chunk { sent: at, rows: first..end }),
            }
            first = end;
        }
    }
    (missing, there)
}

struct Loading<'a> {
    load: &'a Load<'a>,
    turn: Turn,
    schema: &'a str,
    sent: &'a [Sent],
    chunks: &'a [Chunk],
    cancel: &'a AtomicBool,
    observer: &'a dyn Observer,
}

/// What a thread keeps: its connection, its parents' values, and a buffer.
struct Loader<'a> {
    connection: Reconnecting<'a>,
    worker: Worker<'a>,
    buffer: Vec<u8>,
}

impl<'a> Work for Loading<'a> {
    type State = Loader<'a>;
    type Product = ();
    type Error = Error;

    fn start(&self) -> Loader<'a> {
        Loader {
            connection: Reconnecting::new(self.load, self.turn, self.cancel, self.observer),
            worker: Worker::new(self.load.plan, self.load.options),
            buffer: Vec::new(),
        }
    }

    fn make(&self, loader: &mut Loader<'a>, number: u64) -> Result<(), Error> {
        let chunk = &self.chunks[number as usize];
        let Loader { connection, worker, buffer } = loader;
        let bytes = connection.until_done(|session| self.load_chunk(session, worker, buffer, chunk))?;
        self.observer.loaded(self.sent[chunk.sent].table, chunk.rows.end - chunk.rows.start, bytes);
        Ok(())
    }
}

impl Loading<'_> {
    /// Loads a chunk, if it is not there. How many bytes that took.
    fn load_chunk(
        &self,
        session: &mut Session,
        worker: &mut Worker,
        buffer: &mut Vec<u8>,
        chunk: &Chunk,
    ) -> Result<u64, Error> {
        let sent = &self.sent[chunk.sent];
        session.transaction(&sent.doing(), |transaction| {
            let mut bytes = 0;
            if Ledger::mark_chunk(transaction, self.schema, &sent.name, chunk.rows.start)? {
                let mut writer = sent.begin(transaction)?;
                for rows in pieces(chunk.rows.clone(), sent.encoding.chunk_rows()) {
                    if self.cancel.load(Ordering::Relaxed) {
                        return Err(Error::Cancelled);
                    }
                    let Piece::Bytes(piece) = sent.encoding.encode(worker, rows, std::mem::take(buffer))?
                    else {
                        unreachable!("what COPY reads is bytes")
                    };
                    sent.send(&mut writer, &piece)?;
                    bytes += piece.len() as u64;
                    *buffer = piece;
                }
                sent.end(writer)?;
            }
            Ok(bytes)
        })
    }
}
