//! What comes after the rows: each step in a transaction with its mark in the ledger.

use super::claim::Turn;
use super::error::Error;
use super::ledger::{Ledger, Phase, Step};
use super::session::{Reconnecting, execute};
use super::{Load, Observer};
use crate::pipeline::{Crew, Work, in_order};
use std::sync::atomic::AtomicBool;

/// Takes all steps that are not done, and ends the ledger.
pub(super) fn run(
    load: &Load,
    turn: Turn,
    schema: &str,
    connections: usize,
    cancel: &AtomicBool,
    observer: &dyn Observer,
) -> Result<(), Error> {
    let mut connection = Reconnecting::new(load, turn, cancel, observer);
    for phase in Phase::ALL {
        let steps = connection.until_done(|session| Ledger::steps(session, phase))?;
        let work = Stepping { load, turn, schema, steps: &steps, cancel, observer };
        let jobs = if phase == Phase::ForeignKeys { 1 } else { connections.min(steps.len()).max(1) };
        let crew = Crew { jobs, window: steps.len().max(1) };
        in_order(&work, 0..steps.len() as u64, crew, cancel, |_, ()| Ok(()))?;
    }
    connection.until_done(|session| {
        session.transaction("end the ledger of the load", |transaction| Ledger::end(transaction, schema))
    })
}

struct Stepping<'a> {
    load: &'a Load<'a>,
    turn: Turn,
    schema: &'a str,
    steps: &'a [(i32, Step)],
    cancel: &'a AtomicBool,
    observer: &'a dyn Observer,
}

impl<'a> Work for Stepping<'a> {
    type State = Reconnecting<'a>;
    type Product = ();
    type Error = Error;

    fn start(&self) -> Reconnecting<'a> {
        Reconnecting::new(self.load, self.turn, self.cancel, self.observer)
    }

    fn make(&self, connection: &mut Reconnecting<'a>, at: u64) -> Result<(), Error> {
        let (number, Step { name, sql, .. }) = &self.steps[at as usize];
        self.observer.step(name);
        connection.until_done(|session| {
            session.transaction(name, |transaction| {
                match Ledger::mark_step(transaction, self.schema, *number)? {
                    true => execute(transaction, name, sql),
                    false => Ok(()),
                }
            })
        })
    }
}
