//! Rows that are versions of entities, one after another: slowly changing dimensions.

use super::per_parent::{CountShape, PerParent};
use super::{NO_PARENT, Relation};
use crate::random::{Key, below, mix, to_unit};
use crate::spec::Refusal;
use crate::value::Rows;
use std::sync::Arc;

/// How many versions entities have.
#[derive(Debug)]
pub enum VersionCounts {
    /// As a distribution has it; at least 1.
    Shape(CountShape),
    /// The first entity has the first of these, the second one the second, and so on, again and again; at least 1 each.
    InTurn(Vec<u64>),
}

/// Which row is which version of which entity. As a relation, a row's parent is its entity.
#[derive(Debug)]
pub struct Versions {
    per_entity: PerParent,
    entities: u64,
    rows: u64,
}

impl Versions {
    /// The versions of so many entities; each entity has at least one.
    pub fn of_entities(entities: u64, counts: &VersionCounts, key: Key) -> Result<Self, Refusal> {
        let per_entity = match counts {
            VersionCounts::Shape(shape) => {
                assert!(shape.min > 0, "an entity has a version");
                PerParent::new(entities, shape, key)?
            }
            VersionCounts::InTurn(counts) => PerParent::in_turn(entities, counts)?,
        };
        let rows = per_entity.children();
        Ok(Self { per_entity, entities, rows })
    }

    /// So many versions; the last entity may have fewer than its count.
    pub fn of_rows(rows: u64, counts: &VersionCounts, key: Key) -> Result<Self, Refusal> {
        // Each entity has a version at least, so these are enough.
        let all = Self::of_entities(rows, counts, key)?;
        let entities = if rows == 0 { 0 } else { all.per_entity.parent_and_ordinal(rows - 1).0 + 1 };
        Ok(Self { entities, rows, ..all })
    }

    /// How many rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many entities.
    pub fn entities(&self) -> u64 {
        self.entities
    }

    /// The most versions that an entity can have.
    pub fn most(&self) -> u64 {
        self.per_entity.most()
    }

    /// An entity's first row.
    pub fn first(&self, entity: u64) -> u64 {
        self.per_entity.first_child(entity).min(self.rows)
    }

    /// How many versions an entity has.
    pub fn count(&self, entity: u64) -> u64 {
        self.first(entity + 1) - self.first(entity)
    }

    /// For each of these entities, in order, its first row and how many versions it has; none beyond the last.
    fn for_each_entity(&self, entities: &Rows, mut visit: impl FnMut(u64, u64)) {
        self.per_entity.for_each_parent(entities, |first, count| {
            let first_row = first.min(self.rows);
            visit(first_row, (first + count).min(self.rows) - first_row);
        });
    }

    /// A row's entity, and the version's number, from 0.
    pub fn locate(&self, row: u64) -> (u64, u64) {
        self.per_entity.parent_and_ordinal(row)
    }
}

impl Relation for Versions {
    fn children(&self) -> u64 {
        self.rows
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        self.per_entity.parents(rows, out);
    }

    fn child_count(&self, parent: u64) -> u64 {
        if parent < self.entities { self.count(parent) } else { 0 }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        if parent < self.entities {
            (self.first(parent)..self.first(parent + 1)).all(visit);
        }
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        (place < self.child_count(parent)).then(|| self.first(parent) + place)
    }

    fn ordinal(&self, child: u64) -> u64 {
        self.per_entity.ordinal(child)
    }

    fn ordinals(&self, rows: &Rows, out: &mut Vec<u64>) {
        self.per_entity.ordinals(rows, out);
    }
}

/// From each row to the version in which its value came up: the last one at which the value changed. As a relation, a row's
/// parent is that row.
#[derive(Clone, Debug)]
pub struct Changes {
    versions: Arc<Versions>,
    /// How likely it is that a later version changes the value.
    share: f64,
    key: Key,
}

impl Changes {
    /// Later versions change the value with this probability.
    pub fn new(versions: Arc<Versions>, share: f64, key: Key) -> Self {
        Self { versions, share, key }
    }

    fn changes(&self, row: u64) -> bool {
        to_unit(mix(self.key, row)) < self.share
    }

    /// The last change at or before the `ordinal`-th version, which is this row.
    fn origin(&self, row: u64, ordinal: u64) -> u64 {
        let first = row - ordinal;
        (first + 1..=row).rev().find(|row| self.changes(*row)).unwrap_or(first)
    }
}

impl Relation for Changes {
    fn children(&self) -> u64 {
        self.versions.rows
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let mut ordinals = Vec::with_capacity(rows.len());
        self.versions.ordinals(rows, &mut ordinals);
        out.extend(ordinals.into_iter().enumerate().map(|(at, ordinal)| self.origin(rows.get(at), ordinal)));
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        let (entity, ordinal) = self.versions.locate(parent);
        if ordinal > 0 && !self.changes(parent) {
            return;
        }
        let later = parent + 1..self.versions.first(entity + 1);
        let _ = visit(parent) && later.take_while(|row| !self.changes(*row)).all(visit);
    }
}

/// Where the changes of an entity lie between its start and the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// Anywhere, each choice of moments alike.
    Random,
    /// Equally far from each other.
    Even,
}

/// When versions are valid: they tile the time from their entity's start on, without gap or overlap.
#[derive(Debug)]
pub struct Periods {
    /// Whose.
    pub versions: Arc<Versions>,
    /// Things begin from the first of these on to the second.
    pub starts: (i64, i64),
    /// The last moment at which a version may begin.
    pub end: i64,
    /// The distance of moments: a day of dates, a second's microseconds.
    pub step: i64,
    /// Where changes lie.
    pub spacing: Spacing,
    /// The draws.
    pub key: Key,
}

impl Periods {
    /// Whether an entity of so many versions has room for them, whenever it starts.
    pub fn have_room(&self, versions: u64) -> bool {
        let room = (self.end as i128 - self.starts.1 as i128) / self.step as i128;
        self.starts.0 <= self.starts.1 && room >= versions as i128 - 1
    }

    /// Appends when each version of an entity begins, ascending.
    pub fn begins(&self, entity: u64, out: &mut Vec<i64>) {
        self.begins_of(entity, self.versions.first(entity), self.versions.count(entity), out);
    }

    /// The same of an entity whose first row and number of versions are known.
    fn begins_of(&self, entity: u64, row: u64, count: u64, out: &mut Vec<i64>) {
        let start = self.start(entity);
        let room = ((self.end - start) / self.step) as u64;
        let first = out.len();
        out.push(start);
        match self.spacing {
            Spacing::Even => out.extend((1..count).map(|nth| start + even(room, nth, count) * self.step)),
            Spacing::Random => {
                // Different numbers, sorted, are sorted numbers that may repeat, each moved on by its place.
                let key = self.key.child("changes");
                let choices = room + 2 - count;
                out.extend((1..count).map(|nth| below(mix(key, row + nth), choices) as i64));
                out[first + 1..].sort_unstable();
                for (nth, moment) in out[first + 1..].iter_mut().enumerate() {
                    *moment = start + (*moment + nth as i64 + 1) * self.step;
                }
            }
        }
    }

    fn start(&self, entity: u64) -> i64 {
        if self.starts.0 == self.starts.1 {
            return self.starts.0;
        }
        let choices = ((self.starts.1 - self.starts.0) / self.step) as u64 + 1;
        self.starts.0 + below(mix(self.key, entity), choices) as i64 * self.step
    }

    /// For each row when it begins, and when the next version does; `None` for the last version.
    pub fn of_rows(&self, rows: &Rows) -> Vec<(i64, Option<i64>)> {
        let mut begins = Vec::new();
        let mut entity = None;
        rows.map(|row| {
            let (of, ordinal) = self.versions.locate(row);
            if entity != Some(of) {
                entity = Some(of);
                begins.clear();
                self.begins(of, &mut begins);
            }
            (begins[ordinal as usize], begins.get(ordinal as usize + 1).copied())
        })
    }

    /// Entities become the rows of those of their versions that are valid at a moment, one for each place; before the first one
    /// begins, the first. Without a moment, or without an entity, there is no row.
    pub fn choose(&self, entities: &mut [u64], moment: impl Fn(usize) -> Option<i64>) {
        let (asked, mut begins, mut at) = (Rows::Picked((&*entities).into()), Vec::new(), 0);
        self.versions.for_each_entity(&asked, |first, count| {
            let entity = entities[at];
            let valid = moment(at).filter(|_| entity != NO_PARENT).map(|moment| {
                let begun = match (count, self.spacing) {
                    (1, _) => 0,
                    (_, Spacing::Even) => {
                        let start = self.start(entity);
                        let room = ((self.end - start) / self.step) as u64;
                        let has_begun = |nth: u64| start + even(room, nth, count) * self.step <= moment;
                        (1..count).take_while(|nth| has_begun(*nth)).count() as u64
                    }
                    (_, Spacing::Random) => {
                        begins.clear();
                        self.begins_of(entity, first, count, &mut begins);
                        (begins.partition_point(|begin| *begin <= moment) as u64).saturating_sub(1)
                    }
                };
                first + begun
            });
            entities[at] = valid.unwrap_or(NO_PARENT);
            at += 1;
        });
    }
}

/// How many steps after the start the `nth` of `count` versions begins, equally far from each other.
fn even(room: u64, nth: u64, count: u64) -> i64 {
    let share = match room.checked_mul(nth) {
        Some(product) => product / count,
        None => (room as u128 * nth as u128 / count as u128) as u64,
    };
    // Where there is hardly room, days differ all the same.
    share.max(nth) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key::new(5, &[name])
    }

    fn shape(min: u64, max: u64) -> VersionCounts {
        VersionCounts::Shape(CountShape { distribution: None, min, max, mean: None })
    }

    fn versions(rows: u64) -> Arc<Versions> {
        Arc::new(Versions::of_rows(rows, &shape(1, 4), key("versions")).expect("is a shape"))
    }

    #[test]
    fn the_number_of_rows_is_exact_and_every_thing_has_a_version() {
        for rows in [0, 1, 2, 3, 1_000, 20_001] {
            let versions = versions(rows);
            assert_eq!(versions.rows(), rows);
            super::super::check::both_ways(&*versions, versions.entities());
            let counts: Vec<u64> = (0..versions.entities()).map(|entity| versions.count(entity)).collect();
            assert_eq!(counts.iter().sum::<u64>(), rows);
            assert!(counts.iter().all(|count| (1..=4).contains(count)));
        }
        let of_entities = Versions::of_entities(500, &shape(2, 2), key("versions")).expect("is a shape");
        assert_eq!((of_entities.rows(), of_entities.most()), (1_000, 2));
    }

    #[test]
    fn entities_have_their_numbers_of_versions_in_turn() {
        let counts = VersionCounts::InTurn(vec![1, 2, 3]);
        for rows in [0, 1, 5, 6, 10, 1_000] {
            let versions = Versions::of_rows(rows, &counts, key("versions")).expect("is a list");
            assert_eq!((versions.rows(), versions.most()), (rows, 3));
            super::super::check::both_ways(&versions, versions.entities());
        }
        let versions = Versions::of_rows(10, &counts, key("versions")).expect("is a list");
        let counted: Vec<u64> = (0..versions.entities()).map(|entity| versions.count(entity)).collect();
        assert_eq!(counted, [1, 2, 3, 1, 2, 1], "the last has what is left");
        let of_entities = Versions::of_entities(4, &counts, key("versions")).expect("is a list");
        assert_eq!(of_entities.rows(), 7);
    }

    #[test]
    fn values_last_until_they_change() {
        let versions = versions(3_000);
        for share in [0.0, 0.4, 1.0] {
            let changes = Changes::new(versions.clone(), share, key("changes"));
            super::super::check::both_ways(&changes, 3_000);
            let mut origins = Vec::new();
            changes.parents(&Rows::Range { start: 0, len: 3_000 }, &mut origins);
            let mut changed = 0;
            for row in 1..3_000u64 {
                let (entity, ordinal) = versions.locate(row);
                let origin = origins[row as usize];
                assert_eq!(versions.locate(origin).0, entity, "a value is its entity's");
                let goes_on = origin != row;
                assert!(!goes_on || (ordinal > 0 && origin == origins[row as usize - 1]));
                changed += u64::from(ordinal > 0 && !goes_on);
            }
            let later = 3_000 - versions.entities();
            let expected = later as f64 * share;
            assert!(
                (changed as f64 - expected).abs() <= 4.0 * (expected * (1.0 - share)).sqrt(),
                "{changed}"
            );
        }
    }

    fn periods(spacing: Spacing, starts: (i64, i64), end: i64) -> Periods {
        Periods { versions: versions(5_000), starts, end, step: 1, spacing, key: key("periods") }
    }

    #[test]
    fn versions_tile_the_time_line() {
        for spacing in [Spacing::Random, Spacing::Even] {
            let periods = periods(spacing, (100, 130), 1_000);
            let rows = periods.of_rows(&Rows::Range { start: 0, len: 5_000 });
            for (row, (begin, next)) in rows.iter().enumerate() {
                let (entity, ordinal) = periods.versions.locate(row as u64);
                let is_last = ordinal + 1 == periods.versions.count(entity);
                assert_eq!(next.is_none(), is_last);
                assert!(*begin <= 1_000 && next.is_none_or(|next| *begin < next));
                match ordinal {
                    0 => assert!((100..=130).contains(begin)),
                    _ => assert_eq!(rows[row - 1].1, Some(*begin), "without gap or overlap"),
                }
                let valid = |moment| {
                    let mut chosen = [entity, NO_PARENT, entity];
                    periods.choose(&mut chosen, |at| (at < 2).then_some(moment));
                    assert_eq!(chosen[1..], [NO_PARENT; 2], "no entity, and no moment");
                    chosen[0]
                };
                assert_eq!(valid(*begin), row as u64);
                assert_eq!(valid(next.map_or(i64::MAX, |next| next - 1)), row as u64);
                if ordinal == 0 {
                    assert_eq!(valid(0), row as u64, "before its first version, an entity's first version");
                }
            }
        }
    }

    #[test]
    fn the_least_room_is_enough_and_less_is_not() {
        for spacing in [Spacing::Random, Spacing::Even] {
            let narrow = periods(spacing, (0, 0), 3);
            assert!(narrow.have_room(4) && !narrow.have_room(5));
            let of_four = (0..narrow.versions.entities()).find(|entity| narrow.versions.count(*entity) == 4);
            let mut begins = Vec::new();
            narrow.begins(of_four.expect("some have four"), &mut begins);
            assert_eq!(begins, [0, 1, 2, 3]);
        }
    }

    #[test]
    fn changes_lie_anywhere_alike() {
        let periods = periods(Spacing::Random, (0, 0), 1_000);
        let rows = periods.of_rows(&Rows::Range { start: 0, len: 5_000 });
        let changes: Vec<i64> = rows.iter().filter_map(|(_, next)| *next).collect();
        let mean = changes.iter().sum::<i64>() as f64 / changes.len() as f64;
        assert!((mean - 500.5).abs() < 20.0, "{mean}");
        assert!(changes.iter().any(|day| *day < 10) && changes.iter().any(|day| *day > 990));
    }
}
