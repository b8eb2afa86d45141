//! Unique columns of which only computing them shows that they are: by an expression or a template that may repeat itself.

use super::{Options, Worker};
use crate::diagnostic::Diagnostic;
use crate::expression::Failure;
use crate::plan::Plan;
use crate::value::text;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::collections::HashMap;
use std::hash::Hasher;

/// Computes those columns and looks for repeats; all that are found are told. The plan lets only tables through that are
/// small enough for it.
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
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn prove(plan: &Plan, table: usize, column: usize) -> Result<(), Failure> {
    let of = &plan.tables[table];
    let planned = &of.columns[column];
    let options = Options::default();
    let mut worker = Worker::new(plan, options);
    let mut seen: HashMap<u128, u64> = HashMap::with_capacity(of.rows as usize);
    let mut value = Vec::new();
    let mut first = 0;
    while first < of.rows {
        let end = of.rows.min(first + options.batch_rows as u64);
        let vector = worker.batch(table, first..end, &[column])?.remove(0);
        for at in (0..vector.len()).filter(|at| vector.is_valid(*at)) {
            value.clear();
            text::value(&mut value, &planned.sql_type, &vector, at);
            // 128 bits: that two of a million different values meet has a chance of 1 in 10^27.
            let mut hasher = SipHasher13::new();
            hasher.write(&value);
            let row = first + at as u64;
            if let Some(earlier) = seen.insert(hasher.finish128().as_u128(), row) {
                let shown = String::from_utf8_lossy(&value);
                let message = format!(
                    "the column is unique, but rows {} and {} are both `{shown}`",
                    earlier + 1,
                    row + 1
                );
                return Err(Failure {
                    message,
                    at: None,
                    place: Some(format!("{}.{}", of.name, planned.name)),
                });
            }
        }
        first = end;
    }
    Ok(())
}
