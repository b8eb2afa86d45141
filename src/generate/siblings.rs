//! Keys that are unique where the rows of one parent differ: they are held to it as they are computed.

use super::Worker;
use super::scope::Scope;
use crate::expression::{Batch, Failure};
use crate::plan::{SiblingKey, Table, Target};
use crate::value::{Data, Rows, Vector, text};
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
    let mut parts = Vec::new();
    for part in [&earlier as &dyn Batch, scope].into_iter().filter(|part| !part.rows().is_empty()) {
        let values = key.columns.iter().map(|column| part.input(*column)).collect::<Result<Vec<_>, _>>()?;
        let mut ordinals = Vec::with_capacity(part.rows().len());
        relation.ordinals(part.rows(), &mut ordinals);
        parts.push(Part { rows: part.rows().clone(), values, ordinals });
    }
    if differ_at_a_glance(&parts) { Ok(()) } else { look_closer(of, key, &parts) }
}

/// Some rows, one after the other.
struct Part {
    rows: Rows,
    /// Of each column of the key.
    values: Vec<Rc<Vector>>,
    /// Which of its parent's rows each is.
    ordinals: Vec<u64>,
}

/// Parents of more rows than that are not compared row by row.
const FEW_SIBLINGS: u64 = 16;

/// Whether all keys are whole numbers, their families small, and no two of one family alike.
fn differ_at_a_glance(parts: &[Part]) -> bool {
    let numbers = |vector: &Vector| matches!(vector.data, Data::Int(_)) && vector.valid.is_none();
    let are_few = |part: &Part| part.ordinals.iter().all(|ordinal| *ordinal < FEW_SIBLINGS);
    if !parts.iter().all(|part| are_few(part) && part.values.iter().all(|vector| numbers(vector))) {
        return false;
    }
    let ordinals: Vec<u64> = parts.iter().flat_map(|part| &part.ordinals).copied().collect();
    let columns: Vec<Vec<i64>> = (0..parts[0].values.len())
        .map(|column| parts.iter().flat_map(|part| part.values[column].ints()).copied().collect())
        .collect();
    let differ = |at: usize, other: usize| columns.iter().any(|values| values[at] != values[other]);
    let mut families = ordinals.iter().enumerate();
    families.all(|(at, ordinal)| (at - *ordinal as usize..at).all(|other| differ(at, other)))
}

/// Holds rows to the key by what their values look like.
fn look_closer(of: &Table, key: &SiblingKey, parts: &[Part]) -> Result<(), Failure> {
    let mut seen: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for Part { rows, values, ordinals } in parts {
        for (at, ordinal) in ordinals.iter().enumerate() {
            if *ordinal == 0 {
                seen.clear();
            }
            let row = rows.get(at);
            let Some(value) = printed(of, key, values, at) else { continue };
            if let Some(earlier) = seen.insert(value, row) {
                return Err(repeated(of, key, values, earlier, row, at));
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
