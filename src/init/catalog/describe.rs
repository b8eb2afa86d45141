//! What the statistics say of a table, put into its sketch: rows, shares of nulls, and what makes such values.

use super::Options;
use super::column::Place;
use super::links::{null_references_of_several_columns, pair_of_references};
use super::references::per_parent;
use super::statistics::Statistics;
use super::words::Made;
use crate::init::sketch::{Rows, Sketch, Table};
use crate::value::SqlType;

/// What is known of all tables, by their places in the sketch.
pub struct Known<'a> {
    pub types: &'a [Vec<SqlType>],
    pub statistics: &'a [Statistics],
    pub options: &'a Options,
}

/// Describes all tables.
pub fn describe(sketch: &mut Sketch, known: &Known) {
    let mut of_parents = Vec::new();
    for at in 0..known.types.len() {
        let pair = pair_of_references(&sketch.tables[at]);
        let mut described = sketch.tables[at].clone();
        let mut hidden = Vec::new();
        for column in 0..known.types[at].len() {
            let name = described.columns[column].name.clone();
            let Some(of) = known.statistics[at].columns.get(&name) else { continue };
            let rows = known.statistics[at].rows.unwrap_or(0);
            let place = Place { sketch, known, at, column, of, rows };
            if described.reference_of(&name).is_some() {
                of_parents.extend(place.reference(&mut described, pair.as_ref()));
            } else {
                hidden.push((column, place.values(&mut described)));
            }
        }
        null_references_of_several_columns(&mut described, &known.statistics[at]);
        rows(&mut described, sketch, known, at);
        add_hidden(sketch, &mut described, hidden);
        sketch.tables[at] = described;
    }
    for (parent, column) in of_parents {
        sketch.tables[parent].columns.push(column);
    }
}

/// As many rows as there are; those of a table that numbers the rows of a parent, as many for each.
fn rows(table: &mut Table, sketch: &Sketch, known: &Known, at: usize) {
    let statistics = &known.statistics[at];
    let Some(count) = statistics.rows else { return };
    if let (Rows::Per { table: parent, through, .. }, true) = (&table.rows, table.counts_lines()) {
        let column = table
            .single_references()
            .find(|(name, to)| to.table == *parent && through.as_ref().is_none_or(|through| through == name));
        let place = sketch.tables.iter().position(|other| other.name == *parent);
        let parents = place.and_then(|place| known.statistics.get(place)?.rows);
        if let (Some((column, _)), Some(parents)) = (column, parents)
            && let Some(fan_out) = statistics.fan_outs.get(column)
        {
            table.rows = per_parent(&table.rows, fan_out, parents);
        }
        return;
    }
    let has_listed_key = table.columns.iter().any(|column| {
        let is_listed = column.makers.first().is_some_and(|maker| maker.has("values"));
        is_listed && table.is_unique(&column.name)
    });
    table.rows = if has_listed_key || count == 0 { Rows::Fixed(count) } else { Rows::Scaled(count) };
}

/// Hidden columns go before those that read them, hidden tables to the end.
fn add_hidden(sketch: &mut Sketch, table: &mut Table, hidden: Vec<(usize, Made)>) {
    for (at, made) in hidden.into_iter().rev() {
        table.columns.splice(at..at, made.columns);
        sketch.tables.extend(made.tables);
    }
}
