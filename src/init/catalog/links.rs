//! A reference in its table: whether it may choose its parents freely, and where that is written.

use super::column::Place;
use super::line;
use super::references::Link;
use super::statistics::Statistics;
use super::words::{null, percent};
use crate::init::sketch::{Maker, Reference, Rows, Table};

impl Place<'_> {
    /// A reference of one column.
    pub fn reference(&self, table: &mut Table, pair: Option<&Pair>) {
        let name = table.columns[self.column].name.clone();
        let Some(reference) = table.reference_of(&name).cloned() else { return };
        let column = &table.columns[self.column];
        let is_required = column.is_not_null || table.key().contains(&name.as_str());
        let mut share = if is_required { 0.0 } else { self.of.null_share };
        let is_earlier = is_earlier(table, &name);
        // The first row of a tree has no parent anyway.
        if is_earlier && share * self.rows() as f64 <= 1.5 {
            share = 0.0;
        }
        let mut makers = Vec::new();
        let is_alone = !table.is_unique(&name) && !is_earlier;
        let is_of_key = table.is_part_of_a_combination(&name);
        let is_of_rows = matches!(&table.rows, Rows::Per { table: of, .. } if *of == reference.table)
            && table.counts_lines();
        if is_alone && !is_of_rows && (!is_of_key || pair.is_some_and(|pair| pair.has(&name))) {
            // Groups are of plain references, whose parents do not have weights of their own.
            let is_group = pair.is_some_and(|pair| pair.first == name);
            makers = self.link(&name, &reference).map_or(vec![], |link| match is_group {
                true => link.counted(),
                false => link.makers(self.known.options),
            });
        }
        if let Some(pair) = pair.filter(|pair| pair.second == name) {
            let distinct = || Maker::scalar("distinct", &pair.first);
            // Favourites that are told by their keys have no distribution.
            let mut shaped: Vec<Maker> =
                makers.iter().map(|maker| Maker([distinct().0, maker.0.clone()].concat())).collect();
            shaped.push(distinct());
            makers = shaped;
        }
        let is_plain = makers.is_empty();
        makers.push(Maker::unnamed());
        let makers = if is_plain { vec![] } else { makers };
        set_reference(table, &name, share, self.rows(), makers);
    }

    fn link(&self, name: &str, reference: &Reference) -> Option<Link<'_>> {
        let parent = self.sketch.tables.iter().position(|table| table.name == reference.table)?;
        let key = match &reference.columns[..] {
            [only] => only.as_str(),
            _ => *self.sketch.tables[parent].key().first()?,
        };
        let at = self.sketch.tables[parent].columns.iter().position(|column| column.name == key)?;
        let statistics = self.known.statistics.get(parent)?;
        let of_key = statistics.columns.get(key)?;
        let parents = statistics.rows?;
        let sql_type = self.known.types[parent].get(at)?;
        let column = &self.sketch.tables[parent].columns[at];
        let is_dense = line::ends(of_key, sql_type, parents)
            .is_some_and(|(low, high)| high - low + 1.0 == parents as f64 && column.identity.is_none());
        // Texts of a look-up are all in the spec.
        let is_listed = of_key.is_listed_once(parents) && sql_type.is_text();
        Some(Link {
            known: self.of,
            fan_out: self.statistics().fan_outs.get(name),
            rows: self.rows(),
            parents,
            key: &column.name,
            key_is_text: sql_type.is_text(),
            key_is_known: if sql_type.is_integer() { is_dense } else { is_listed },
        })
    }
}

/// A key of two references: each row of one group has others of the second.
pub struct Pair {
    first: String,
    second: String,
}

impl Pair {
    fn has(&self, name: &str) -> bool {
        self.first == name || self.second == name
    }
}

pub fn pair_of_references(table: &Table) -> Option<Pair> {
    let [first, second] = &table.primary_key[..] else { return None };
    let is_plain = |name: &str| {
        table.reference_of(name).is_some_and(|to| to.table != table.name) && !table.is_unique(name)
    };
    (is_plain(first) && is_plain(second)).then(|| Pair { first: first.clone(), second: second.clone() })
}

/// Puts what a reference says where it is written: at the column or in the table's list.
fn set_reference(table: &mut Table, name: &str, null_share: f64, rows: u64, makers: Vec<Maker>) {
    let listed = table.foreign_keys.iter_mut().find(|key| key.is_kept() && key.what.columns == [name]);
    match listed {
        Some(key) => {
            key.what.null = percent(null_share);
            key.what.makers = makers;
            table.column_mut(name).into_iter().for_each(|column| column.null = None);
        }
        None => {
            let column = table.column_mut(name).expect("it is being described");
            column.null = null(null_share, rows);
            column.makers = makers;
        }
    }
}

fn is_earlier(table: &Table, name: &str) -> bool {
    let listed = table.foreign_keys.iter().any(|key| key.what.is_earlier && key.what.columns == [name]);
    listed || table.column(name).is_some_and(|column| column.is_earlier)
}

/// References of several columns are null together.
pub fn null_references_of_several_columns(table: &mut Table, statistics: &Statistics) {
    let own_key: Vec<String> = table.key().into_iter().map(str::to_owned).collect();
    let required: Vec<String> =
        table.columns.iter().filter(|column| column.is_not_null).map(|column| column.name.clone()).collect();
    for key in table.foreign_keys.iter_mut().filter(|key| key.what.columns.len() > 1) {
        let columns = &key.what.columns;
        if columns.iter().any(|name| own_key.contains(name) || required.contains(name)) {
            continue;
        }
        let shares = columns.iter().filter_map(|name| statistics.columns.get(name)).map(|of| of.null_share);
        key.what.null = percent(shares.fold(0.0, f64::max));
    }
}
