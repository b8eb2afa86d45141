//! Window functions: values over the rows of one parent up to a row. A batch that begins in the middle of a parent's rows looks
//! at those before it, too; where another batch ended there, it goes on from what that one left behind.

use super::Worker;
use super::children::as_rows;
use super::scope::Scope;
use crate::expression::{Batch, Failure, Running, Window};
use crate::plan::{Target, Windowed};
use crate::relation::Relation;
use crate::value::{Rows, Vector};
use std::cell::RefCell;
use std::collections::VecDeque;

/// States that batches left behind. Several streams of batches go through the same table: its own rows, and those that a sum
/// over children visits.
#[derive(Default)]
pub(super) struct Ends(RefCell<VecDeque<End>>);

struct End {
    table: usize,
    input: usize,
    /// The row that comes next.
    next: u64,
    running: Running,
}

/// States kept per worker.
const KEPT: usize = 32;

impl Ends {
    fn take(&self, table: usize, input: usize, next: u64) -> Option<Running> {
        let mut ends = self.0.borrow_mut();
        let is_it = |end: &End| (end.table, end.input, end.next) == (table, input, next);
        let at = ends.iter().position(is_it)?;
        ends.remove(at).map(|end| end.running)
    }

    fn keep(&self, end: End) {
        let mut ends = self.0.borrow_mut();
        if ends.len() == KEPT {
            ends.pop_front();
        }
        ends.push_back(end);
    }
}

/// An input that is a window, for the rows of a scope of that table.
pub(super) fn fill(
    worker: &Worker,
    scope: &Scope,
    table: usize,
    input: usize,
    of: &Windowed,
) -> Result<Vector, Failure> {
    let Target::Relation(relation) = &worker.plan.tables[table].links[of.link].target else {
        unreachable!("rows made per parent are found by arithmetic")
    };
    if scope.rows().is_empty() {
        return Ok(Vector::nulls(of.window.sql_type(), 0));
    }
    let relation = relation.as_ref();
    match (of.window.back(), scope.rows()) {
        (Some(back), rows) => look_back(worker, scope, table, &of.window, relation, back, rows),
        (None, Rows::Range { start, len }) => {
            run(worker, scope, table, input, of, relation, *start..*start + *len as u64)
        }
        (None, Rows::Picked(rows)) => gather(worker, table, of, relation, rows),
    }
}

/// The value so many rows before, where that row has the same parent.
fn look_back(
    worker: &Worker,
    scope: &Scope,
    table: usize,
    window: &Window,
    relation: &dyn Relation,
    back: u64,
    rows: &Rows,
) -> Result<Vector, Failure> {
    let (mut own, mut before) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    relation.parents(rows, &mut own);
    let sources = rows.map(|row| row.checked_sub(back));
    let source_rows: Vec<u64> = sources.iter().map(|source| source.unwrap_or(0)).collect();
    relation.parents(&as_rows(&source_rows), &mut before);
    let present: Vec<bool> =
        (0..rows.len()).map(|at| sources[at].is_some() && own[at] == before[at]).collect();
    let values = match rows {
        // Most of them are rows of the batch, whose values are at hand.
        Rows::Range { start, len } => {
            let outside = (*start).min(back).min(*len as u64);
            let first = start.saturating_sub(back);
            let earlier = Rows::Range { start: first, len: outside as usize };
            let earlier = window.values(&Scope::new(worker, table, earlier))?;
            let joined = Vector::concat(&[&earlier, &window.values(scope)?]);
            let place = |source: &Option<u64>| match source {
                Some(source) if source < start => (source - first) as u32,
                Some(source) => (source - start + outside) as u32,
                None => 0,
            };
            joined.take(&sources.iter().map(place).collect::<Vec<u32>>())
        }
        Rows::Picked(_) => {
            let asked: Vec<u64> = source_rows
                .iter()
                .zip(&present)
                .filter(|(_, present)| **present)
                .map(|(row, _)| *row)
                .collect();
            if asked.is_empty() {
                return Ok(Vector::nulls(window.sql_type(), rows.len()));
            }
            let values = window.values(&Scope::new(worker, table, as_rows(&asked)))?;
            let mut next = 0;
            let place = |present: &bool| {
                let place = next;
                next += u32::from(*present);
                place.min(asked.len() as u32 - 1)
            };
            values.take(&present.iter().map(place).collect::<Vec<u32>>())
        }
    };
    Ok(values.masked(&present))
}

/// Rows that follow each other: after those before them that have the same parent.
fn run(
    worker: &Worker,
    scope: &Scope,
    table: usize,
    input: usize,
    of: &Windowed,
    relation: &dyn Relation,
    rows: std::ops::Range<u64>,
) -> Result<Vector, Failure> {
    let first = first_sibling(relation, rows.start);
    let mut running = match worker.ends.take(table, input, rows.start) {
        _ if first == rows.start => of.window.start(),
        Some(running) => running,
        None => {
            let mut running = of.window.start();
            let slice = worker.options.batch_rows as u64;
            for start in (first..rows.start).step_by(slice as usize) {
                let len = slice.min(rows.start - start) as usize;
                let earlier = Scope::new(worker, table, Rows::Range { start, len });
                let passed = of.window.run(&mut running, &earlier, &vec![false; len]);
                passed.map_err(|failure| earlier.locate(failure, "*"))?;
            }
            running
        }
    };
    let values = of.window.run(&mut running, scope, &begins(relation, scope.rows(), first))?;
    worker.ends.keep(End { table, input, next: rows.end, running });
    Ok(values)
}

/// Rows in any order: each parent's from the first one to the last one asked for, several parents at a time.
fn gather(
    worker: &Worker,
    table: usize,
    of: &Windowed,
    relation: &dyn Relation,
    rows: &[u64],
) -> Result<Vector, Failure> {
    let mut asked = rows.to_vec();
    asked.sort_unstable();
    asked.dedup();
    let mut visited = Visit {
        worker,
        table,
        of,
        running: of.window.start(),
        parts: Vec::new(),
        slice: Vec::new(),
        begins: Vec::new(),
        kept: Vec::new(),
    };
    let mut next = 0;
    for row in &asked {
        let first = first_sibling(relation, *row);
        // Rows before it that were asked for have been visited, if they have the same parent.
        let from = if next > first { next } else { first };
        for visit in from..=*row {
            visited.push(visit, visit == first, visit == *row)?;
        }
        next = row + 1;
    }
    visited.finish()?;
    let parts: Vec<&Vector> = visited.parts.iter().collect();
    let place = |row: &u64| asked.binary_search(row).expect("it is among them") as u32;
    Ok(Vector::concat(&parts).take(&rows.iter().map(place).collect::<Vec<u32>>()))
}

/// Rows on their way through a window, a batch at a time.
struct Visit<'w> {
    worker: &'w Worker<'w>,
    table: usize,
    of: &'w Windowed,
    running: Running,
    /// The values of the rows asked for.
    parts: Vec<Vector>,
    slice: Vec<u64>,
    begins: Vec<bool>,
    /// Places in the slice that were asked for.
    kept: Vec<u32>,
}

impl Visit<'_> {
    fn push(&mut self, row: u64, begins: bool, is_asked: bool) -> Result<(), Failure> {
        if is_asked {
            self.kept.push(self.slice.len() as u32);
        }
        self.slice.push(row);
        self.begins.push(begins);
        if self.slice.len() >= self.worker.options.batch_rows { self.finish() } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<(), Failure> {
        if self.slice.is_empty() {
            return Ok(());
        }
        let scope = Scope::new(self.worker, self.table, as_rows(&self.slice));
        let values = self.of.window.run(&mut self.running, &scope, &self.begins);
        let values = values.map_err(|failure| scope.locate(failure, "*"))?;
        self.parts.push(values.take(&self.kept));
        self.slice.clear();
        self.begins.clear();
        self.kept.clear();
        Ok(())
    }
}

/// The first row of the row's parent; the row itself if it has none.
fn first_sibling(relation: &dyn Relation, row: u64) -> u64 {
    let mut first = row;
    relation.visit_children(relation.parent(row), &mut |child| {
        first = child;
        false
    });
    first
}

/// Which of rows that follow each other are the first of their parent; `first` is the first sibling of the first one.
fn begins(relation: &dyn Relation, rows: &Rows, first: u64) -> Vec<bool> {
    let mut parents = Vec::with_capacity(rows.len());
    relation.parents(rows, &mut parents);
    let is_first = |at: usize| match at {
        0 => rows.get(0) == first,
        at => parents[at] != parents[at - 1],
    };
    (0..parents.len()).map(is_first).collect()
}
