//! Keys that are unique where the rows of one parent differ: they are held to it as they are computed.

use super::Worker;
use super::scope::Scope;
use crate::expression::{Batch, Failure};
use crate::plan::{SiblingKey, Table, Target};
use crate::value::{Rows, Vector, text};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Holds the rows of a scope to those keys of their table that have no other than these columns.
pub(super) fn hold(worker: &Worker, table: usize, scope: &Scope, columns: &[usize]) -> Result<(), Failure> {
    let of = &worker.plan().tables[table];
    for key in &of.sibling_keys {
        if key.columns.iter().all(|column| columns.contains(column)) {
            hold_key(worker, table, of, key, scope)?;
        }
    }
    Ok(())
}

fn hold_key(
    worker: &Worker,
    table: usize,
    of: &Table,
    key: &SiblingKey,
    scope: &Scope,
) -> Result<(), Failure> {
    let Target::Relation(relation) = &of.links[key.link].target else {
        unreachable!("rows made per parent are found by arithmetic")
    };
    let Rows::Range { start, len } = *scope.rows() else { return Ok(()) };
    if len == 0 {
        return Ok(());
    }
    // The first parent's rows may begin before the batch.
    let before = relation.ordinal(start) as usize;
    let earlier = Scope::new(worker, table, Rows::Range { start: start - before as u64, len: before });
    let mut seen: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let parts: [&dyn Batch; 2] = [&earlier, scope];
    for part in parts.into_iter().filter(|part| !part.rows().is_empty()) {
        let values = key.columns.iter().map(|column| part.input(*column)).collect::<Result<Vec<_>, _>>()?;
        let mut ordinals = Vec::with_capacity(part.rows().len());
        relation.ordinals(part.rows(), &mut ordinals);
        for (at, ordinal) in ordinals.into_iter().enumerate() {
            if ordinal == 0 {
                seen.clear();
            }
            let row = part.rows().get(at);
            let Some(value) = printed(of, key, &values, at) else { continue };
            if let Some(earlier) = seen.insert(value, row) {
                return Err(repeated(of, key, &values, earlier, row, at));
            }
        }
    }
    Ok(())
}

/// The key's values in a row; `None` where one is null, which equals nothing.
fn printed(of: &Table, key: &SiblingKey, values: &[Rc<Vector>], at: usize) -> Option<Vec<u8>> {
    let mut printed = Vec::new();
    for (column, vector) in key.columns.iter().zip(values) {
        if !vector.is_valid(at) {
            return None;
        }
        text::value(&mut printed, &of.columns[*column].sql_type, vector, at);
        printed.push(0);
    }
    Some(printed)
}

fn repeated(
    of: &Table,
    key: &SiblingKey,
    values: &[Rc<Vector>],
    earlier: u64,
    row: u64,
    at: usize,
) -> Failure {
    let names: Vec<&str> = of.links[key.link]
        .columns
        .iter()
        .chain(&key.columns)
        .map(|column| of.columns[*column].name.as_str())
        .collect();
    let shown = printed(of, key, values, at).unwrap_or_default();
    let shown = String::from_utf8_lossy(&shown).trim_end_matches('\0').replace('\0', ", ");
    let message = format!(
        "the key ({}) repeats: rows {} and {} have the same parent, and {shown}",
        names.join(", "),
        earlier + 1,
        row + 1
    );
    Failure { message, at: None, place: Some(format!("{}, row {}", of.name, row + 1)) }
}
