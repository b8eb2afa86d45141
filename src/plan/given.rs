//! Columns that get their values from `rows:`, not from a generator: data that is written down, and dates.

use super::draft::{Draft, LinkKind};
use super::generators::{Built, Place};
use super::model::Target;
use crate::column::{
    Column, DateSteps, KeySequence, Listed, Required, ValidFrom, ValidTo, scalars_to_vector,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::relation::{self, Periods};
use crate::spec::{At, DataColumn, DataSpec, Generator};
use crate::value::parse::Scalar;
use crate::value::{SqlType, Vector, text};
use std::collections::HashMap;
use std::sync::Arc;

/// What `rows:` gives a column.
#[derive(Clone)]
pub(super) enum Given {
    /// A value for each row.
    Listed(Arc<Vector>),
    /// Dates at distances.
    Dates(DateSteps),
    /// When versions begin.
    ValidFrom(Arc<Periods>),
    /// When versions end, and how far that is from the beginning of the next.
    ValidTo(Arc<Periods>, i64),
}

/// After so many bad values a column is not looked at further.
const MOST_PROBLEMS: usize = 10;

impl<'s> Draft<'s> {
    /// References whose keys are written down lead where they say.
    pub(super) fn settle_listed_links(&mut self, table: usize, data: &DataSpec) {
        let is_given = |name: &str| data.columns.iter().any(|column| column.name.value == name);
        for link in 0..self.tables[table].links.len() {
            let of = &self.tables[table];
            let columns = &of.links[link].columns;
            let given = columns.iter().filter(|column| is_given(of.columns[**column].name())).count();
            if given == 0 {
                continue;
            }
            if given < columns.len() {
                let span = of.links[link].span;
                self.refuse(
                    span,
                    "`rows` gives only a part of this reference's columns",
                    "give all of them, or none",
                );
            }
            self.refuse_drawn(table, link);
            self.tables[table].links[link].kind = LinkKind::Listed;
        }
    }

    /// What shapes a drawn reference has no effect on one that is written down.
    fn refuse_drawn(&mut self, table: usize, link: usize) {
        let of = &self.tables[table].links[link];
        let is_earlier = of.kind == LinkKind::Earlier;
        let spans = [
            of.distribution.map(|call| ("distribution", call.name.span)),
            of.null.filter(|share| *share > 0.0).map(|_| ("null", of.span)),
            is_earlier.then_some(("earlier", of.span)),
        ];
        for (key, span) in spans.into_iter().flatten() {
            let message = format!("`{key}` has no effect: `rows` gives this reference its values");
            self.refuse(span, message, "leave it out");
        }
    }

    /// Reads the values of the rows that are written down.
    pub(super) fn settle_data(&mut self, table: usize, data: &DataSpec) {
        self.tables[table].rows = data.rows;
        for of in &data.columns {
            let Some(column) = self.find_column(table, &of.name) else { continue };
            if !self.tables[table].columns[column].broken && self.takes_given_values(table, column) {
                let values = self.given_values(table, column, of);
                self.tables[table].columns[column].given = values.map(|of| Given::Listed(Arc::new(of)));
                self.tables[table].columns[column].broken |=
                    self.tables[table].columns[column].given.is_none();
            }
        }
        for at in 0..self.tables[table].columns.len() {
            if self.tables[table].is_unique(at) {
                self.refuse_repeat(table, &[at], data);
            }
        }
    }

    /// Refuses what would make the column's values otherwise.
    pub(super) fn takes_given_values(&mut self, table: usize, column: usize) -> bool {
        let draft = &self.tables[table].columns[column];
        let spec = draft.spec;
        let name = &spec.name;
        let is_link = draft.link.is_some();
        let other = match () {
            () if !matches!(spec.generator, Generator::Unnamed) => Some(("its generator", name.span)),
            () if is_link => None,
            () if spec.distribution.is_some() => Some(("`distribution`", name.span)),
            () => spec.null.as_ref().filter(|share| share.value > 0.0).map(|share| ("`null`", share.span)),
        };
        let Some((what, span)) = other else { return true };
        let message = format!("`rows` gives `{}` its values", name.value);
        self.refuse(span, message, format!("leave out {what}, or let `rows` leave the column out"));
        false
    }

    fn given_values(&mut self, table: usize, column: usize, data: &DataColumn) -> Option<Vector> {
        let of = &self.tables[table];
        let spec = of.columns[column].spec;
        let is_not_null = of.is_not_null(column);
        let place = Place {
            table,
            column: &spec.name.value,
            part: String::new(),
            sql_type: of.columns[column].sql_type.clone(),
            unique: None,
            rows: of.rows,
            span: data.name.span,
            length: None,
            modifiers: Default::default(),
        };
        if let SqlType::Array(_) = place.sql_type {
            let message =
                format!("`rows` cannot give `{}` its values: it is {}", spec.name.value, place.sql_type);
            self.refuse(data.name.span, message, "let a generator make them");
            return None;
        }
        let before = self.problems.len();
        let mut scalars: Vec<Option<Scalar>> = Vec::with_capacity(data.cells.len());
        for cell in &data.cells {
            if self.problems.len() - before == MOST_PROBLEMS {
                let message = format!("further values of `{}` were not looked at", spec.name.value);
                self.problems.push(Diagnostic::new(data.name.span, message));
                break;
            }
            match &cell.value {
                Some(text) => scalars.push(self.literal(&place, &At::new(text.clone(), cell.span))),
                None if is_not_null => {
                    let message = format!("`{}` cannot be null", spec.name.value);
                    self.refuse(cell.span, message, "give it a value, or leave out the constraint");
                }
                None => scalars.push(None),
            }
        }
        (self.problems.len() == before).then(|| scalars_to_vector(&scalars, place.sql_type.layout()))
    }

    /// The values of these columns in a row as bytes; `None` where one is null, or not given.
    fn given_key(&self, table: usize, columns: &[usize], row: usize) -> Option<Vec<u8>> {
        let mut key = Vec::new();
        for column in columns {
            let draft = &self.tables[table].columns[*column];
            let Some(Given::Listed(values)) = &draft.given else { return None };
            if !values.is_valid(row) {
                return None;
            }
            let start = key.len();
            text::value(&mut key, &draft.sql_type, values, row);
            // Lengths part the texts of several columns.
            let length = (key.len() - start) as u64;
            key.extend(length.to_le_bytes());
        }
        Some(key)
    }

    fn is_given(&self, table: usize, column: usize) -> bool {
        matches!(self.tables[table].columns[column].given, Some(Given::Listed(_)))
    }

    /// Two rows with the same values in those of the columns that are given, if there are such rows: the columns together are
    /// unique where there are none. Nulls differ, as in SQL.
    pub(super) fn first_repeat(&self, table: usize, columns: &[usize]) -> Option<(usize, usize)> {
        let columns: Vec<usize> =
            columns.iter().copied().filter(|column| self.is_given(table, *column)).collect();
        let mut seen = HashMap::new();
        let rows = self.tables[table].rows as usize;
        if columns.is_empty() && rows > 1 {
            return Some((0, 1));
        }
        (0..rows).find_map(|row| {
            let earlier = seen.insert(self.given_key(table, &columns, row)?, row)?;
            Some((earlier, row))
        })
    }

    /// Refuses data that repeat in columns that must not.
    fn refuse_repeat(&mut self, table: usize, columns: &[usize], data: &DataSpec) {
        if !columns.iter().all(|column| self.is_given(table, *column)) {
            return;
        }
        let Some((earlier, row)) = self.first_repeat(table, columns) else { return };
        let of = &self.tables[table];
        let names: Vec<&str> = columns.iter().map(|column| of.columns[*column].name()).collect();
        let cell = data.columns.iter().find(|column| column.name.value == names[0]);
        let span = cell.map_or(data.span, |column| column.cells[row].span);
        let message = format!(
            "`{}` is unique, but rows {} and {} are the same",
            names.join(", "),
            earlier + 1,
            row + 1
        );
        self.refuse(span, message, "let it differ in every row, or leave out `unique`");
    }

    /// Refuses data that repeat in a key of several columns, all of which they give; says whether that is so.
    pub(super) fn refuse_repeated_key(&mut self, table: usize, columns: &[usize]) -> bool {
        let Some(crate::spec::RowsSpec::Data(data)) = &self.tables[table].spec.rows else { return false };
        let all_given = columns.iter().all(|column| self.is_given(table, *column));
        if all_given {
            self.refuse_repeat(table, columns, data);
        }
        all_given
    }

    /// Where references lead whose keys are written down.
    pub(super) fn listed_target(&mut self, table: usize, link: usize) -> Option<Target> {
        let of = &self.tables[table].links[link];
        let (parent, columns) = (of.table, of.columns.clone());
        let keys: Vec<usize> = columns
            .iter()
            .filter_map(|column| self.tables[table].columns[*column].link)
            .map(|(_, key)| key)
            .collect();
        if !columns.iter().all(|column| self.is_given(table, *column)) {
            return None;
        }
        let known = self.known_keys(parent, &keys, self.tables[table].links[link].span)?;
        let mut parents = Vec::new();
        for row in 0..self.tables[table].rows as usize {
            let Some(key) = self.given_key(table, &columns, row) else {
                parents.push(u64::MAX);
                continue;
            };
            match known.row_of(self, table, columns[0], row, &key) {
                Some(found) => parents.push(found),
                None => {
                    self.refuse_key(table, &columns, row, parent);
                    return None;
                }
            }
        }
        let of_parents = self.tables[parent].rows;
        Some(Target::Relation(Arc::new(relation::Listed::new(parents, of_parents))))
    }

    /// The keys of a table that are known before its rows are made.
    fn known_keys(&mut self, table: usize, keys: &[usize], span: Span) -> Option<KnownKeys> {
        if keys.iter().any(|key| self.tables[table].columns[*key].broken) {
            return None;
        }
        let rows = self.tables[table].rows;
        if keys.iter().all(|key| self.is_given(table, *key)) {
            let rows = (0..rows as usize)
                .filter_map(|row| Some((self.given_key(table, keys, row)?, row as u64)))
                .collect();
            return Some(KnownKeys::Listed(rows));
        }
        if let [key] = keys
            && let Some(of) = self.sequence_of(table, *key).or_else(|| self.sequence_of_dates(table, *key))
        {
            return Some(KnownKeys::Sequence(KeySequence { start: of.start, step: of.step, rows }));
        }
        let of = &self.tables[table];
        let names: Vec<&str> = keys.iter().map(|key| of.columns[*key].name()).collect();
        let message = format!(
            "the keys `{}({})` are not known before its rows are made, so that written keys cannot be looked up",
            of.name(),
            names.join(", ")
        );
        let help = "refer to a sequence, or to a table whose rows are written down too";
        self.refuse(span, message, help);
        None
    }

    fn refuse_key(&mut self, table: usize, columns: &[usize], row: usize, parent: usize) {
        let crate::spec::TableSpec { rows, .. } = self.tables[table].spec;
        let Some(crate::spec::RowsSpec::Data(data)) = rows else { return };
        let name = self.tables[table].columns[columns[0]].name();
        let cell = data.columns.iter().find(|column| column.name.value == name).map(|of| &of.cells[row]);
        let span = cell.map_or(data.span, |cell| cell.span);
        let written = cell.and_then(|cell| cell.value.as_deref()).unwrap_or_default();
        let message = match columns.len() {
            1 => format!("`{}` has no row with the key `{written}`", self.tables[parent].name()),
            _ => format!("`{}` has no row with these keys", self.tables[parent].name()),
        };
        self.refuse(span, message, "add that row, or change the key");
    }

    /// A column whose values `rows:` gives.
    pub(super) fn build_given(&self, table: usize, column: usize, given: &Given) -> Built {
        let (inner, origin): (Box<dyn Column>, _) = match given {
            Given::Listed(values) => (Box::new(Listed::new((**values).clone())), "as given by `rows`"),
            Given::Dates(steps) => (Box::new(*steps), "the dates of `rows`"),
            Given::ValidFrom(periods) => {
                (Box::new(ValidFrom { periods: periods.clone() }), "when the version begins")
            }
            Given::ValidTo(periods, offset) => {
                (Box::new(ValidTo { periods: periods.clone(), offset: *offset }), "when the version ends")
            }
        };
        let column: Box<dyn Column> = match self.tables[table].is_not_null(column) {
            true => Box::new(Required::new(inner)),
            false => inner,
        };
        Built { column, reads: Vec::new(), origin: origin.to_owned(), null_fraction: 0.0, unproved: None }
    }
}

/// Keys that can be looked up while planning.
enum KnownKeys {
    Listed(HashMap<Vec<u8>, u64>),
    Sequence(KeySequence),
}

impl KnownKeys {
    fn row_of(&self, draft: &Draft, table: usize, column: usize, row: usize, key: &[u8]) -> Option<u64> {
        match (self, &draft.tables[table].columns[column].given) {
            (KnownKeys::Listed(rows), _) => rows.get(key).copied(),
            (KnownKeys::Sequence(keys), Some(Given::Listed(values))) => keys.row_of(values.ints()[row]),
            (KnownKeys::Sequence(_), _) => None,
        }
    }
}
