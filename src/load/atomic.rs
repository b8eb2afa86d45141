//! All in one transaction: another session sees everything or nothing.

use super::chunks::Sent;
use super::error::Error;
use super::ledger::{Ledger, Phase};
use super::session::{Session, execute};
use super::setup::{Setup, Target};
use super::{Load, Observer};
use crate::encode::Piece;
use crate::generate::Worker;
use crate::pipeline::{Crew, Work, in_order};
use crate::value::pieces;
use postgres::Transaction;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

/// Prepares, loads and finishes. Threads make rows, this one sends them in order.
pub(super) fn run(
    load: &Load,
    session: &mut Session,
    target: &Target,
    setup: &Setup,
    jobs: usize,
    cancel: &AtomicBool,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let schema = session.schema().to_owned();
    observer.begins(setup.shares.iter().map(|share| share.rows.end - share.rows.start).sum(), 0);
    session.transaction("load all in one transaction", |transaction| {
        setup.prepare(transaction)?;
        for (table, share) in load.tables.iter().zip(&setup.shares) {
            let sent = Sent::new(load, target, *table)?;
            send(load, transaction, &sent, share.rows.clone(), jobs, cancel, observer)?;
        }
        for phase in Phase::ALL {
            for step in setup.steps.iter().filter(|step| step.phase == phase) {
                observer.step(&step.name);
                execute(transaction, &step.name, &step.sql)?;
            }
        }
        Ledger::begin(transaction, &schema, &load.description, 1, &[], &[])?;
        Ledger::end(transaction, &schema)
    })
}

fn send(
    load: &Load,
    transaction: &mut Transaction,
    sent: &Sent,
    rows: Range<u64>,
    jobs: usize,
    cancel: &AtomicBool,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let pieces: Vec<Range<u64>> = pieces(rows, sent.encoding.chunk_rows()).collect();
    let work = Making { load, sent, pieces: &pieces, buffers: Mutex::default() };
    let mut writer = sent.begin(transaction)?;
    in_order(&work, 0..pieces.len() as u64, Crew::of(jobs), cancel, |at, piece| {
        sent.send(&mut writer, &piece)?;
        let rows = &pieces[at as usize];
        observer.loaded(sent.table, rows.end - rows.start, piece.len() as u64);
        work.buffers.lock().expect("pushing does not panic").push(piece);
        Ok(())
    })?;
    sent.end(writer)
}

struct Making<'a> {
    load: &'a Load<'a>,
    sent: &'a Sent,
    pieces: &'a [Range<u64>],
    /// Buffers that were sent and can be filled again.
    buffers: Mutex<Vec<Vec<u8>>>,
}

impl<'a> Work for Making<'a> {
    type State = Worker<'a>;
    type Product = Vec<u8>;
    type Error = Error;

    fn start(&self) -> Worker<'a> {
        Worker::new(self.load.plan, self.load.options)
    }

    fn make(&self, worker: &mut Worker<'a>, at: u64) -> Result<Vec<u8>, Error> {
        let buffer = self.buffers.lock().expect("popping does not panic").pop().unwrap_or_default();
        match self.sent.encoding.encode(worker, self.pieces[at as usize].clone(), buffer)? {
            Piece::Bytes(piece) => Ok(piece),
            _ => unreachable!("what COPY reads is bytes"),
        }
    }
}
