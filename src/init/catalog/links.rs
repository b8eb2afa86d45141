//! A reference in its table: whether it may choose its parents freely, and where that is written.

use super::column::Place;
use super::column::sequence_of;
use super::line;
use super::references::{Keys, Link, left_to_chance};
use super::statistics::Statistics;
use super::words::{null, percent};
use crate::init::sketch::{Column, Maker, Reference, Rows, Table};
use crate::value::SqlType;

impl Place<'_> {
    /// A reference of one column. Hidden columns that it reads in its parent are handed back, with the parent's place.
    pub fn reference(&self, table: &mut Table, pair: Option<&Pair>) -> Vec<(usize, Column)> {
        let name = table.columns[self.column].name.clone();
        let Some(reference) = table.reference_of(&name).cloned() else { return vec![] };
        let column = &table.columns[self.column];
        let is_required = column.is_not_null || table.key().contains(&name.as_str());
        let mut share = if is_required { 0.0 } else { self.of.null_share };
        let is_earlier = is_earlier(table, &name);
        // The first row of a tree has no parent anyway.
        if is_earlier && share * self.rows() as f64 <= 1.5 {
            share = 0.0;
        }
        let (mut makers, mut of_parent) = (Vec::new(), Vec::new());
        let is_alone = !table.is_unique(&name) && !is_earlier;
        let is_of_key = table.is_part_of_a_combination(&name);
        let is_of_rows = matches!(&table.rows, Rows::Per { table: of, .. } if *of == reference.table)
            && table.counts_lines();
        let is_uneven = self.statistics().fan_outs.get(&name).is_some_and(|fan_out| fan_out.0.len() > 1);
        if is_of_rows && is_uneven && !self.of.common.is_empty() {
            let why = "rows made per a parent are dealt by the shape of their numbers";
            table.columns[self.column].notes.push(left_to_chance(why));
        }
        let is_free = is_alone && !is_of_rows && (!is_of_key || pair.is_some_and(|pair| pair.has(&name)));
        if let Some((parent, link)) = self.link(&name, &reference).filter(|_| is_free) {
            // Groups are of plain references, whose parents do not have weights of their own.
            if pair.is_some_and(|pair| pair.first == name) {
                makers = link.counted();
            } else {
                let choice = link.choice(self.known.options);
                makers = choice.makers;
                of_parent = choice.columns.into_iter().map(|column| (parent, column)).collect();
                table.columns[self.column].notes.extend(choice.note);
            }
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
        of_parent
    }

    /// What is known of a reference, and the place of its parent.
    fn link<'p>(&'p self, name: &'p str, reference: &Reference) -> Option<(usize, Link<'p>)> {
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
        let keys = match line::ends(of_key, sql_type, parents).filter(|_| sql_type.is_integer()) {
            Some(ends) => counted_keys(column, ends, parents),
            // Texts of a look-up are all in the spec.
            None if of_key.is_listed_once(parents)
                && (sql_type.is_text() || *sql_type == SqlType::Uuid)
                && self.known.options.min_frequency == 0.0 =>
            {
                Keys::Listed
            }
            None => Keys::Others,
        };
        let link = Link {
            table: &self.sketch.tables[self.at].name,
            column: name,
            known: self.of,
            fan_out: self.statistics().fan_outs.get(name),
            rows: self.rows(),
            parents,
            parent: &self.sketch.tables[parent].name,
            key: &column.name,
            keys,
        };
        Some((parent, link))
    }
}

/// The keys that a table's integer key has in the data that the spec makes: a sequence counts them.
fn counted_keys(column: &Column, (low, high): (f64, f64), rows: u64) -> Keys {
    let (start, step) = match &column.identity {
        Some(identity) => identity_counts(identity),
        None => sequence_of(low, high, rows),
    };
    Keys::Counted { start, step }
}

/// The start and the step that an identity's definition says.
fn identity_counts(definition: &str) -> (f64, f64) {
    let words: Vec<&str> = definition.split([' ', '(', ')']).collect();
    let after = |first: &str, second: &str| {
        let at = words.windows(2).position(|pair| pair == [first, second])?;
        words.get(at + 2)?.parse::<f64>().ok()
    };
    (after("start", "with").unwrap_or(1.0), after("increment", "by").unwrap_or(1.0))
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
