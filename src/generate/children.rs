//! Aggregates over the rows that refer to the rows of a scope. Children come slice by slice, so that memory does not depend on how
//! many a parent has.

use super::Worker;
use super::scope::Scope;
use crate::expression::{Accumulator, Failure, Groups};
use crate::plan::{Aggregation, Link, Target};
use crate::relation::Periods;
use crate::value::{Data, Rows, Vector};

/// Takes children with their parents' places.
pub(super) type Visit<'v> = dyn FnMut(&[u64], &[u32]) -> Result<(), Failure> + 'v;

/// What aggregations over the same children give for each of these rows.
pub(super) fn aggregates(worker: &Worker, all: &[&Aggregation], rows: &Rows) -> Result<Vec<Vector>, Failure> {
    match (&link_of(worker, all[0]).target, all) {
        (Target::Relation(relation), [only]) if only.aggregate.is_plain_count() => {
            let mut counts = Vec::with_capacity(rows.len());
            relation.child_counts(rows, &mut counts);
            Ok(vec![Data::Int(counts.into_iter().map(|count| count as i64).collect()).into()])
        }
        (Target::ValidAt { .. }, _) => {
            // Each version is asked for once, however often it stands among the rows.
            let mut versions = rows.map(|row| row);
            versions.sort_unstable();
            versions.dedup();
            let place = |row: u64| versions.binary_search(&row).expect("it is among them") as u32;
            let places = rows.map(place);
            let computed = accumulate(worker, all, &as_rows(&versions))?;
            Ok(computed.into_iter().map(|vector| vector.take(&places)).collect())
        }
        _ => accumulate(worker, all, rows),
    }
}

fn accumulate(worker: &Worker, all: &[&Aggregation], rows: &Rows) -> Result<Vec<Vector>, Failure> {
    let mut accumulators: Vec<_> =
        all.iter().map(|aggregation| aggregation.aggregate.start(rows.len())).collect();
    families(worker, all[0], rows, &mut |children, places| {
        let scope = Scope::of_children(worker, all[0], as_rows(children), rows, places);
        let groups = Groups::new(places);
        let update = |accumulator: &mut Accumulator| accumulator.update(&scope, &groups);
        accumulators.iter_mut().try_for_each(update).map_err(|failure| scope.locate(failure, "*"))
    })?;
    accumulators.into_iter().map(Accumulator::finish).collect()
}

/// Visits the rows that refer to these, which ascend where a moment chooses among them, each with its parent's place; a batch at a
/// time.
pub(super) fn families(
    worker: &Worker,
    aggregation: &Aggregation,
    parents: &Rows,
    visit: &mut Visit,
) -> Result<(), Failure> {
    let slice = worker.options.batch_rows;
    let mut outcome = Ok(());
    match &link_of(worker, aggregation).target {
        Target::Relation(relation) => relation.families(parents, slice, &mut |children, places| {
            outcome = visit(children, places);
            outcome.is_ok()
        }),
        Target::ValidAt { entities, periods, .. } => {
            // Those that refer to the entity, and of them those whose moment chooses one of these versions.
            let of = Rows::Picked(entities_of(periods, parents).into());
            let (mut own, mut places) = (Vec::with_capacity(slice), Vec::with_capacity(slice));
            entities.families(&of, slice, &mut |children, _| {
                own.clear();
                places.clear();
                outcome = chosen(worker, aggregation, children).and_then(|versions| {
                    for (child, version) in children.iter().zip(versions) {
                        if let Some(place) = place_of(parents, version) {
                            own.push(*child);
                            places.push(place);
                        }
                    }
                    if own.is_empty() { Ok(()) } else { visit(&own, &places) }
                });
                outcome.is_ok()
            });
        }
        Target::Key { .. } => panic!("the plan asks only arithmetic links for children"),
    }
    outcome
}

/// How many rows refer to a row, and the first of them.
pub(super) fn first(
    worker: &Worker,
    aggregation: &Aggregation,
    parent: u64,
    most: usize,
) -> Result<(u64, Vec<u64>), Failure> {
    let (mut count, mut first) = (0, Vec::new());
    if let Target::Relation(relation) = &link_of(worker, aggregation).target {
        relation.visit_children(parent, &mut |child| {
            first.push(child);
            first.len() < most
        });
        return Ok((relation.child_count(parent), first));
    }
    families(worker, aggregation, &Rows::Range { start: parent, len: 1 }, &mut |children, _| {
        count += children.len() as u64;
        first.extend(children.iter().take(most - first.len()));
        Ok(())
    })?;
    Ok((count, first))
}

/// The version that each of these children chooses.
fn chosen(worker: &Worker, aggregation: &Aggregation, children: &[u64]) -> Result<Vec<u64>, Failure> {
    let scope = Scope::new(worker, aggregation.table, as_rows(children));
    scope.parent_rows(link_of(worker, aggregation))
}

/// The entities of some versions, each once.
fn entities_of(periods: &Periods, versions: &Rows) -> Vec<u64> {
    let mut entities = versions.map(|version| periods.versions.locate(version).0);
    entities.dedup();
    entities
}

/// The place of a row among rows that ascend.
fn place_of(rows: &Rows, row: u64) -> Option<u32> {
    match rows {
        Rows::Range { start, len } => {
            let place = row.checked_sub(*start)?;
            (place < *len as u64).then_some(place as u32)
        }
        Rows::Picked(rows) => rows.binary_search(&row).ok().map(|place| place as u32),
    }
}

fn link_of<'w>(worker: &Worker<'w>, aggregation: &Aggregation) -> &'w Link {
    &worker.plan.tables[aggregation.table].links[aggregation.link]
}

/// Row numbers, as a run where they are one.
pub(super) fn as_rows(rows: &[u64]) -> Rows {
    let start = rows.first().copied().unwrap_or(0);
    // Those of a chunk are all compared, so that the compiler can do it in vectors; what is no run differs in the first as a rule.
    const CHUNK: usize = 32;
    let is_run = (start..).step_by(CHUNK).zip(rows.chunks(CHUNK)).all(|(first, rows)| {
        let follows =
            |(is_run, next): (bool, u64), row: &u64| (is_run & (*row == next), next.wrapping_add(1));
        rows.iter().fold((true, first), follows).0
    });
    match is_run {
        true => Rows::Range { start, len: rows.len() },
        false => Rows::Picked(rows.into()),
    }
}
