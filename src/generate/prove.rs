//! Columns and indexes of which only computing them shows that they are unique: over expressions or templates that may repeat
//! themselves.

use super::scope::Scope;
use super::{Options, Worker};
use crate::diagnostic::Diagnostic;
use crate::expression::Failure;
use crate::plan::{Plan, UnprovedIndex};
use crate::value::{Rows, SqlType, Vector, text};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::collections::HashMap;
use std::hash::Hasher;

/// Computes them and looks for repeats; all that are found are told. The plan lets only tables through that are small enough
/// for it.
pub(super) fn prove_unique(plan: &Plan) -> Result<(), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    for (table, of) in plan.tables.iter().enumerate() {
        for (column, planned) in of.columns.iter().enumerate() {
            if let Some(span) = planned.unproved
                && let Err(failure) = prove(plan, table, column)
            {
                let problem = Diagnostic::new(span, failure.to_string());
                problems.push(problem.help("let it differ in every row, or leave out `unique`"));
            }
        }
        for index in &of.indexes {
            if let Some(unproved) = &index.unproved
                && let Err(failure) = prove_index(plan, table, unproved)
            {
                let problem = Diagnostic::new(unproved.span, failure.to_string());
                problems.push(
                    problem.help("let it differ in every row that the index has, or leave out `unique`"),
                );
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn prove(plan: &Plan, table: usize, column: usize) -> Result<(), Failure> {
    let planned = &plan.tables[table].columns[column];
    let options = Options::default();
    let mut worker = Worker::new(plan, options);
    let mut seen = Seen::default();
    let rows = plan.tables[table].rows;
    for first in (0..rows).step_by(options.batch_rows) {
        let end = rows.min(first + options.batch_rows as u64);
        let vector = worker.batch(table, first..end, &[column])?.remove(0);
        for at in (0..vector.len()).filter(|at| vector.is_valid(*at)) {
            let repeat = seen.put(&[(&planned.sql_type, &vector)], at, first + at as u64);
            repeat.map_err(|(rows, shown)| {
                let place = format!("{}.{}", plan.tables[table].name, planned.name);
                repeated(format!("the column is unique, but {rows} are both `{shown}`"), place)
            })?;
        }
    }
    Ok(())
}

fn prove_index(plan: &Plan, table: usize, index: &UnprovedIndex) -> Result<(), Failure> {
    let options = Options::default();
    let worker = Worker::new(plan, options);
    let mut seen = Seen::default();
    let rows = plan.tables[table].rows;
    for start in (0..rows).step_by(options.batch_rows) {
        let len = (rows - start).min(options.batch_rows as u64) as usize;
        let scope = Scope::new(&worker, table, Rows::Range { start, len });
        let has = index.condition.as_ref().map(|condition| condition.evaluate(&scope)).transpose()?;
        let values = index.expressions.iter().map(|expression| expression.evaluate(&scope));
        let values: Vec<_> = values.collect::<Result<_, _>>()?;
        let types = index.expressions.iter().map(|expression| expression.sql_type());
        let values: Vec<(&SqlType, &Vector)> = types.zip(&values).collect();
        for at in 0..len {
            // Nulls differ from each other, as they do in PostgreSQL.
            let is_whole = values.iter().all(|(_, of)| of.is_valid(at));
            if is_whole && has.as_ref().is_none_or(|has| has.is_valid(at) && has.bools()[at]) {
                seen.put(&values, at, start + at as u64).map_err(|(rows, shown)| {
                    let message = format!("the index is unique, but {rows} both have `{shown}`");
                    repeated(message, plan.tables[table].name.clone())
                })?;
            }
        }
    }
    Ok(())
}

fn repeated(message: String, place: String) -> Failure {
    Failure { message, at: None, place: Some(place) }
}

/// The values that came by, each with its row.
#[derive(Default)]
struct Seen {
    rows: HashMap<u128, u64>,
    value: Vec<u8>,
}

impl Seen {
    /// Notes the values of a row; those that were there before are an error: in which rows, and what they are.
    fn put(&mut self, values: &[(&SqlType, &Vector)], at: usize, row: u64) -> Result<(), (String, String)> {
        // 128 bits: that two of a million different values meet has a chance of 1 in 10^27.
        let mut hasher = SipHasher13::new();
        for (sql_type, vector) in values {
            self.value.clear();
            text::value(&mut self.value, sql_type, vector, at);
            hasher.write_usize(self.value.len());
            hasher.write(&self.value);
        }
        let Some(earlier) = self.rows.insert(hasher.finish128().as_u128(), row) else { return Ok(()) };
        let shown = |(sql_type, vector): &(&SqlType, &Vector)| {
            let mut value = Vec::new();
            text::value(&mut value, sql_type, vector, at);
            String::from_utf8_lossy(&value).into_owned()
        };
        let shown: Vec<String> = values.iter().map(shown).collect();
        Err((format!("rows {} and {}", earlier + 1, row + 1), shown.join(", ")))
    }
}
