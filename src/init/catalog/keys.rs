//! Keys of several columns whose combinations can be counted, since the statistics list the values of each.

use super::describe::Known;
use crate::diagnostic::Diagnostic;
use crate::init::Literals;
use crate::init::sketch::{Rows, Sketch, Table};

/// From the DDL alone, a text in a key of several columns is unique by itself. Where the statistics say that it repeats, and all
/// its values are known, the key is made of combinations instead.
pub fn as_combinations(sketch: &mut Sketch, known: &Known, warnings: &mut Vec<Diagnostic>) {
    if known.options.literals == Literals::Hidden || known.options.min_frequency > 0.0 {
        return;
    }
    for at in 0..known.types.len() {
        for column in 0..sketch.tables[at].columns.len() {
            if repeats(sketch, known, at, column) {
                let table = &mut sketch.tables[at];
                let column = &mut table.columns[column];
                let key = column.unique_for.take().unwrap_or_default();
                column.is_unique = false;
                column.makers.clear();
                let told = format!("{}.{} is unique by itself, so that ({key}) is", table.name, column.name);
                warnings.retain(|warning| warning.message != told);
            }
        }
    }
}

/// Tables whose key has no further combinations keep their number of rows at all scales.
pub fn fix_what_cannot_grow(sketch: &mut Sketch) {
    loop {
        let grows = |table: &Table| matches!(table.rows, Rows::Scaled(_));
        let found = sketch.tables.iter().position(|table| grows(table) && is_confined(sketch, table));
        let Some(table) = found.map(|at| &mut sketch.tables[at]) else { return };
        if let Rows::Scaled(count) = table.rows {
            table.rows = Rows::Fixed(count);
        }
    }
}

/// Whether the columns of a key have values that are listed, or refer to tables that do not grow.
fn is_confined(sketch: &Sketch, table: &Table) -> bool {
    let is_fixed = |name: &str| {
        let of = sketch.tables.iter().find(|table| table.name == name);
        of.is_some_and(|of| matches!(of.rows, Rows::Fixed(_) | Rows::Listed { .. }))
    };
    let is_listed = |name: &String| match table.reference_of(name) {
        Some(to) => is_fixed(&to.table),
        None => table
            .column(name)
            .and_then(|column| column.makers.first())
            .is_some_and(|maker| maker.has("values")),
    };
    keys_of(table).any(|key| key.len() > 1 && key.iter().all(is_listed))
}

fn repeats(sketch: &Sketch, known: &Known, at: usize, column: usize) -> bool {
    let (table, statistics) = (&sketch.tables[at], &known.statistics[at]);
    let column = &table.columns[column];
    let (Some(shown), Some(rows)) = (&column.unique_for, statistics.rows) else { return false };
    let repeats = statistics.columns.get(&column.name).is_some_and(|of| of.distinct < 0.95 * rows as f64);
    let Some(key) = keys_of(table).find(|key| key.join(", ") == *shown).filter(|_| repeats) else {
        return false;
    };
    let combinations: Option<f64> = key.iter().map(|name| choices(sketch, known, at, name)).product();
    combinations.is_some_and(|combinations| combinations >= rows as f64)
}

fn keys_of(table: &Table) -> impl Iterator<Item = &[String]> {
    let uniques = table.uniques.iter().map(|unique| &unique.what.columns[..]);
    let indexes = table.indexes.iter().filter(|index| index.is_kept() && index.what.is_key());
    let indexes = indexes.map(|index| &index.what.columns[..]);
    std::iter::once(&table.primary_key[..]).chain(uniques).chain(indexes)
}

/// How many values a column of a key has, if all of them are known.
fn choices(sketch: &Sketch, known: &Known, at: usize, name: &str) -> Option<f64> {
    let table = &sketch.tables[at];
    match table.reference_of(name) {
        Some(to) if to.table == table.name => None,
        Some(to) => {
            let parent = sketch.tables.iter().position(|other| other.name == to.table)?;
            known.statistics[parent].rows.map(|rows| rows as f64)
        }
        None => known.statistics[at].columns.get(name)?.listed().map(|values| values.len() as f64),
    }
}
