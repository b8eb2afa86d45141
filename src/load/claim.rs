//! One load at a time is at a schema, and one that was thought dead does not come back into another's.
//!
//! All sessions of a load share an advisory lock. Whoever begins, or goes on, wants it alone first, so a load is seen for as long as one
//! of its sessions is there, and no table is asked for it. A process that lost all of its sessions may find another in its place when it
//! comes back: that it sees by the [`Turn`] in the ledger, which everybody who begins or goes on renews.

use super::error::Error;
use super::ledger::Ledger;
use super::session::{LOOK_AROUND, Session};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// When the process began that is at a load, in microseconds: no two begin at once, since they hold the lock alone then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn(pub i64);

/// The first half of the lock's number, "data" in ASCII; the second is the schema's.
const LOCK: i32 = 0x6461_7461;

/// How long the sessions of a process that was killed may take to go: the server looks for it every second.
const LEAVING: Duration = Duration::from_secs(3);

const DOING: &str = "see whether another load is going on";

/// The server processes of those who have the lock.
const HOLDERS: &str = "
    SELECT pid FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND objsubid = 2 AND classid::bigint = $1::integer AND objid::bigint = hashtext($2)::bigint & 4294967295
    ORDER BY pid";

/// Takes the lock of the session's schema alone.
///
/// # Errors
/// When another load has it and does not go away.
pub(super) fn alone(session: &mut Session, cancel: &AtomicBool) -> Result<(), Error> {
    let until = Instant::now() + LEAVING;
    let schema = session.schema().to_owned();
    while !is_ours(session, "SELECT pg_try_advisory_lock($1, hashtext($2))")? {
        if cancel.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        if Instant::now() > until {
            let holders = session.query(DOING, HOLDERS, &[&LOCK, &schema])?;
            let holders: Vec<String> = holders.iter().map(|row| row.get::<_, i32>(0).to_string()).collect();
            let problem = format!("another load into schema `{schema}` is going on");
            return Err(Error::refused(problem).help(format!(
                "wait until it has ended; if nobody runs it any more, pg_terminate_backend ends its server processes: {}",
                holders.join(", ")
            )));
        }
        std::thread::sleep(LOOK_AROUND);
    }
    Ok(())
}

/// Shares the lock, from having it alone, with the other sessions of the load.
pub(super) fn share(session: &mut Session) -> Result<(), Error> {
    is_ours(session, "SELECT pg_advisory_lock_shared($1, hashtext($2)) IS NOT NULL")?;
    is_ours(session, "SELECT pg_advisory_unlock($1, hashtext($2))")?;
    Ok(())
}

/// Joins a load with another session.
///
/// # Errors
/// When another process has begun, or gone on, since.
pub(super) fn join(session: &mut Session, turn: Turn) -> Result<(), Error> {
    // In that order: from here on nobody can take the turn.
    is_ours(session, "SELECT pg_advisory_lock_shared($1, hashtext($2)) IS NOT NULL")?;
    match Ledger::turn(session)? == Some(turn) {
        true => Ok(()),
        false => Err(Error::refused(format!(
            "while this load had no connection, another took its place in schema `{}`",
            session.schema()
        ))),
    }
}

fn is_ours(session: &mut Session, sql: &str) -> Result<bool, Error> {
    let schema = session.schema().to_owned();
    Ok(session.query(DOING, sql, &[&LOCK, &schema])?.iter().any(|row| row.get(0)))
}
