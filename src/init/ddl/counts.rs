//! How many rows tables have: look-ups few, what refers to others more than those.

use super::assemble::Types;
use crate::init::sketch::{Maker, Rows, Sketch, Table};

/// Rows of look-ups.
const FEW: u64 = 20;
/// Rows of what refers to nothing.
const SOME: u64 = 1_000;
/// Rows per row of the largest parent.
const PER_PARENT: u64 = 3;
/// More rows are not made without being asked.
const MOST: u64 = 10_000;

/// Columns of look-ups.
const LOOKUP_COLUMNS: [&str; 22] = [
    "name",
    "title",
    "label",
    "code",
    "description",
    "slug",
    "symbol",
    "sort_order",
    "position",
    "rank",
    "active",
    "is_active",
    "iso_code",
    "abbreviation",
    "created_at",
    "updated_at",
    "parent_id",
    "key",
    "value",
    "color",
    "display_name",
    "icon",
];

/// Tables of what a parent consists of, after the parent's name: `order_items`.
const PARTS: [&str; 10] =
    ["items", "lines", "details", "positions", "entries", "item", "line", "detail", "position", "entry"];

/// Settles the rows of all tables that have none yet.
pub fn settle(sketch: &mut Sketch, types: &[Types]) {
    let mut counts = Counts { sketch, estimates: vec![None; types.len()] };
    for table in 0..types.len() {
        counts.estimate(table);
    }
}

struct Counts<'s> {
    sketch: &'s mut Sketch,
    /// Rows at scale 1, about.
    estimates: Vec<Option<u64>>,
}

impl Counts<'_> {
    fn estimate(&mut self, table: usize) -> u64 {
        if let Some(known) = self.estimates[table] {
            return known;
        }
        // What tables in a circle take each other for.
        self.estimates[table] = Some(SOME);
        let rows = match self.sketch.tables[table].rows.clone() {
            Rows::Per { table: parent, through, counts } => {
                let found = self.parents(table).into_iter().find(|(name, _)| *name == parent);
                let count = found.map_or(SOME, |(_, count)| count * PER_PARENT);
                (Rows::Per { table: parent, through, counts }, count)
            }
            _ => self.rows(table),
        };
        self.sketch.tables[table].rows = rows.0;
        self.estimates[table] = Some(rows.1);
        rows.1
    }

    /// The tables that a table refers to, with their rows.
    fn parents(&mut self, table: usize) -> Vec<(String, u64)> {
        let of = &self.sketch.tables[table];
        let wide = of.foreign_keys.iter().filter(|key| key.is_kept() && key.what.columns.len() > 1);
        let mut names: Vec<String> =
            of.single_references().map(|(_, reference)| reference.table.clone()).collect();
        names.extend(wide.map(|key| key.what.reference.table.clone()));
        names.retain(|name| *name != of.name);
        names
            .into_iter()
            .map(|name| {
                let at = self.sketch.tables.iter().position(|table| table.name == name);
                let count = at.map_or(SOME, |at| self.estimate(at));
                (name, count)
            })
            .collect()
    }

    /// Where the key is the parent and another reference, each parent has that one only once.
    fn distinct_within(&mut self, table: usize, parent: &str) {
        let of = &mut self.sketch.tables[table];
        let [first, second] = &of.primary_key[..] else { return };
        let other = if first == parent { second.clone() } else { first.clone() };
        if of.reference_of(&other).is_some()
            && let Some(column) = of.column_mut(&other)
        {
            column.makers = vec![Maker::scalar("distinct", parent), Maker::unnamed()];
        }
    }

    fn rows(&mut self, table: usize) -> (Rows, u64) {
        let parents = self.parents(table);
        let of = &self.sketch.tables[table];
        let Some(largest) = parents.iter().map(|(_, count)| *count).max() else {
            let is_referred_to = self
                .sketch
                .tables
                .iter()
                .any(|other| other.single_references().any(|(_, reference)| reference.table == of.name));
            return match is_lookup(of) && is_referred_to {
                true => (Rows::Fixed(FEW), FEW),
                false => (Rows::Scaled(SOME), SOME),
            };
        };
        if let Some((rows, parent)) = parts_of(of) {
            self.distinct_within(table, &parent);
            return (rows, largest * PER_PARENT);
        }
        let key = of.key();
        let is_pairs = key.len() > 1 && key.iter().all(|name| of.reference_of(name).is_some());
        let unique = of.columns.iter().filter(|column| column.is_unique || column.is_primary_key);
        let one_to_one: Vec<&str> = unique
            .filter_map(|column| Some(of.reference_of(&column.name)?.table.as_str()))
            .filter(|parent| *parent != of.name)
            .collect();
        let count = if let Some(least) = parents
            .iter()
            .filter(|(name, _)| one_to_one.contains(&name.as_str()))
            .map(|(_, count)| *count)
            .min()
        {
            // Not every parent has one; and where the parents are themselves counted by chance, there are enough.
            (least * 4 / 5).max(1)
        } else if is_pairs {
            let all = parents.iter().map(|(_, count)| *count).fold(1u64, u64::saturating_mul);
            (largest * PER_PARENT).min(all / 3).max(1)
        } else if largest <= FEW {
            SOME
        } else {
            (largest * PER_PARENT).min(MOST)
        };
        (if count <= FEW { Rows::Fixed(count) } else { Rows::Scaled(count) }, count)
    }
}

/// A few columns, all of them what names a thing.
fn is_lookup(table: &Table) -> bool {
    let key = table.key();
    let mut others = table.columns.iter().filter(|column| !key.contains(&column.name.as_str()));
    let is_usual = |name: &str| {
        LOOKUP_COLUMNS.iter().any(|known| name == *known || name.ends_with(&format!("_{known}")))
    };
    table.columns.len() <= 6 && others.all(|column| is_usual(&column.name))
}

/// Rows made per row of the parent that the table's name begins with: `order_items`; and the column that refers to it.
fn parts_of(table: &Table) -> Option<(Rows, String)> {
    let is_part = |parent: &str| {
        let singular = parent.strip_suffix('s').unwrap_or(parent);
        let rest = table.name.strip_prefix(parent).or_else(|| table.name.strip_prefix(singular));
        rest.is_some_and(|rest| PARTS.contains(&rest.trim_start_matches('_')))
    };
    let mut found = table.single_references().filter(|(name, reference)| {
        let is_required =
            table.column(name).is_some_and(|column| column.is_not_null || column.is_primary_key)
                || table.primary_key.iter().any(|key| key == name);
        is_required && is_part(&reference.table) && reference.table != table.name
    });
    let (column, reference) = found.next().filter(|_| found.next().is_none())?;
    let counts = vec![("min", "1".to_owned()), ("max", "5".to_owned())];
    Some((Rows::Per { table: reference.table.clone(), through: None, counts }, column.to_owned()))
}
