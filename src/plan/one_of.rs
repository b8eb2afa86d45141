//! References to one of several tables: `one_of`.

use super::draft::{Draft, LinkDraft, LinkKind};
use super::generators::{Built, Place};
use super::links::{alias, singular};
use crate::column::{Column, KindOf, Nullable, OneOf, scalars_to_vector};
use crate::random::Absence;
use crate::relation::{FanOut, Kinds, OfKind, Relation};
use crate::spec::{At, Call, Generator, OneOfKeySpec, OneOfSpec};
use crate::value::SqlType;
use crate::value::parse::Scalar;
use std::sync::Arc;

/// A `one_of` and where it stands: at a column, or in `foreign_keys` with several.
pub(super) struct OneOfAt<'s> {
    /// The columns that hold the key.
    columns: Vec<usize>,
    /// Those as people name them.
    pub name: String,
    pub of: &'s OneOfSpec,
    distribution: Option<&'s Call>,
    null: f64,
}

impl OneOfAt<'_> {
    /// Which of the key's columns a column is.
    pub fn place(&self, column: usize) -> usize {
        self.columns.iter().position(|at| *at == column).expect("it is one of them")
    }
}

impl<'s> Draft<'s> {
    /// The `one_of` whose key a column holds, or a part of it.
    pub(super) fn one_of_at(&self, table: usize, column: usize) -> Option<OneOfAt<'s>> {
        let of = &self.tables[table];
        let spec = of.columns[column].spec;
        if let Some(one_of) = &spec.one_of {
            return Some(OneOfAt {
                columns: vec![column],
                name: spec.name.value.clone(),
                of: one_of,
                distribution: spec.distribution.as_ref(),
                null: spec.null.as_ref().map_or(0.0, |share| share.value),
            });
        }
        let holds = |key: &&OneOfKeySpec| key.columns.iter().any(|name| name.value == spec.name.value);
        let key = of.spec.one_of_keys.iter().find(holds)?;
        let names: Vec<&str> = key.columns.iter().map(|name| name.value.as_str()).collect();
        Some(OneOfAt {
            columns: names.iter().filter_map(|name| of.column_index(name)).collect(),
            name: names.join(","),
            of: &key.one_of,
            distribution: key.distribution.as_ref(),
            null: key.null.as_ref().map_or(0.0, |share| share.value),
        })
    }

    /// One link for each table that a key may refer to, made for the first of its columns. No constraint says it: the rows of one
    /// table do not hold all keys.
    pub(super) fn settle_one_of(&mut self, table: usize, column: usize, at: &OneOfAt<'s>) {
        if at.place(column) > 0 {
            return;
        }
        let before = self.problems.len();
        self.check_one_of(table, at);
        for (kind, one) in at.of.tables.iter().enumerate() {
            let Some(parent) = self.find_table(&one.table) else { continue };
            let keys = self.tables[parent].primary_key.clone();
            if keys.len() != at.columns.len() {
                let count = match at.columns.len() {
                    1 => "one column".to_owned(),
                    several => format!("{several} columns"),
                };
                let message = format!("`{}` has no primary key of {count}", one.table.value);
                self.refuse(one.table.span, message, "give it one, to be referred to");
                continue;
            }
            for (own, key) in at.columns.iter().zip(keys) {
                self.check_key_type(table, *own, parent, key, one.table.span);
            }
            let first = self.tables[table].columns[at.columns[0]].name();
            let name = format!("{}_{}", alias(first), singular(&one.table.value));
            self.tables[table].links.push(LinkDraft {
                aliases: vec![name],
                table: parent,
                columns: Vec::new(),
                kind: LinkKind::OneOf { column: at.columns[0], kind },
                distribution: at.distribution,
                choice: None,
                valid_at: None,
                null: Some(at.null),
                span: one.table.span,
                partners: Vec::new(),
                target: None,
            });
        }
        if self.problems.len() > before {
            at.columns.iter().for_each(|column| self.tables[table].columns[*column].broken = true);
            let names = at.of.tables.iter().map(|one| one.table.value.clone());
            self.tables[table].broken_aliases.extend(names.flat_map(|name| [singular(&name), name]));
        }
    }

    fn check_one_of(&mut self, table: usize, at: &OneOfAt) {
        let of = at.of;
        for column in &at.columns {
            self.check_one_of_column(table, *column, of);
        }
        if self.is_key(table, &at.columns) {
            let message = "a reference to one of several tables cannot be unique: their keys may be the same";
            self.refuse(of.span, message, "leave out `unique`, or use a column for each table");
        }
        self.check_type_column(table, at);
    }

    /// A column of the key has no values of its own.
    fn check_one_of_column(&mut self, table: usize, column: usize, of: &OneOfSpec) {
        let spec = self.tables[table].columns[column].spec;
        if spec.references.is_some() || !matches!(spec.generator, Generator::Unnamed) {
            let message = format!(
                "`{}` is a reference to one of several tables: its values are their keys",
                spec.name.value
            );
            self.refuse(of.span, message, "leave out `references` and the generator");
        }
        if let Some((key, span)) = spec.choice.said().next() {
            self.refuse(span, format!("`{key}` has no effect with `one_of`"), "leave it out");
        }
        if spec.one_of.is_some() {
            return;
        }
        let null = spec.null.as_ref().map(|share| ("null", share.span));
        let distribution = spec.distribution.as_ref().map(|call| ("distribution", call.name.span));
        for (key, span) in null.into_iter().chain(distribution) {
            let message = format!("`{key}` is about the whole reference");
            self.refuse(span, message, format!("write `{key}` in `foreign_keys`, beside `one_of`"));
        }
    }

    /// The column that says which table a row refers to.
    fn check_type_column(&mut self, table: usize, at: &OneOfAt) {
        let of = at.of;
        let Some(named) = self.find_column(table, &of.type_column) else { return };
        let (kind, sql_type) =
            (self.tables[table].columns[named].spec, &self.tables[table].columns[named].sql_type);
        let name = &of.type_column.value;
        if !matches!(kind.generator, Generator::Unnamed)
            || kind.references.is_some()
            || at.columns.contains(&named)
        {
            let message =
                format!("`{name}` says which table a row refers to, so it has no values of its own");
            self.refuse(of.type_column.span, message, format!("write `{name}: text`"));
        } else if !(sql_type.is_text() || matches!(sql_type, SqlType::Enum(_))) {
            let message = format!("`{name}` holds names of tables, but it is {sql_type}");
            self.refuse(of.type_column.span, message, "write `text`, or an enumerated type of the names");
        }
        if let Some(share) = kind.null.as_ref().filter(|share| share.value > 0.0) {
            let help = format!("write `null` at `{}`", at.name);
            self.refuse(share.span, format!("`{name}` is null where the reference is"), help);
        }
        if at.null > 0.0 && self.tables[table].is_not_null(named) {
            let message = format!("`{name}` is null where the reference is, and cannot be");
            self.refuse(of.type_column.span, message, "leave out `null`, or the constraint");
        }
        let others = one_of_specs(self, table).filter(|other| other.type_column.value == *name).count();
        if others > 1 {
            let message = format!("`{name}` stands for two references");
            self.refuse(of.type_column.span, message, "give each a column of its own");
        }
    }

    /// Which rows refer to which of the tables.
    fn kinds(&self, table: usize, at: &OneOfAt) -> Kinds {
        let weights: Vec<f64> = at.of.tables.iter().map(|one| one.weight.value).collect();
        let key = self.key(table, &at.name, "one of");
        Kinds::new(self.tables[table].rows, &weights, key)
    }

    /// The relation to one of the tables.
    pub(super) fn one_of_relation(
        &mut self,
        table: usize,
        link: usize,
        column: usize,
        kind: usize,
    ) -> Option<Arc<dyn Relation>> {
        let at = self.one_of_at(table, column).expect("the link comes from it");
        let (of, kinds) = (at.of, self.kinds(table, &at));
        let link = &self.tables[table].links[link];
        let (call, span, parent) = (link.distribution, link.span, link.table);
        let (rows, parents) = (kinds.count(kind as u64), self.tables[parent].rows);
        if rows > 0 && parents == 0 {
            let message = format!("rows refer to `{}`, which has none", of.tables[kind].table.value);
            self.refuse(span, message, "give it rows, or the weight 0");
            return None;
        }
        let shape = self.fan_out_shape(LinkKind::FanOut, call)?;
        let key = self.key(table, &at.name, &format!("one of {}", of.tables[kind].table.value));
        let inner = self.accept(FanOut::new(rows, parents, &shape, key), call, span)?;
        Some(Arc::new(OfKind::new(kinds, kind as u64, self.tables[table].rows, Arc::new(inner))))
    }

    /// A column that holds the key, or a part of it.
    pub(super) fn one_of(&mut self, table: usize, column: usize, at: &OneOfAt) -> Option<Built> {
        let (of, place) = (at.of, at.place(column));
        let mut inputs = Vec::new();
        for link_at in 0..self.tables[table].links.len() {
            let link = &self.tables[table].links[link_at];
            if matches!(link.kind, LinkKind::OneOf { column: first, .. } if first == at.columns[0]) {
                let key = self.tables[link.table].primary_key[place];
                inputs.push(self.parent_input(table, link_at, key));
            }
        }
        let names: Vec<&str> = of.tables.iter().map(|one| one.table.value.as_str()).collect();
        Some(Built {
            reads: inputs.clone(),
            column: Box::new(OneOf { inputs, kinds: self.kinds(table, at) }),
            origin: format!("a key of one of {}", names.join(", ")),
            null_fraction: at.null,
            unproved: None,
        })
    }

    /// The column that says which table it is a key of, if that is what this column is for.
    pub(super) fn kind_of(&mut self, place: &Place) -> Option<Option<Built>> {
        let columns = 0..self.tables[place.table].columns.len();
        let mut found = columns.filter_map(|column| self.one_of_at(place.table, column));
        let at = found.find(|at| at.of.type_column.value == place.column)?;
        Some(self.kind_labels(place, &at))
    }

    fn kind_labels(&mut self, place: &Place, at: &OneOfAt) -> Option<Built> {
        let of = at.of;
        let named = |label: &At<String>| At::new(Some(label.value.clone()), label.span);
        let labels: Vec<At<Option<String>>> =
            of.tables.iter().map(|one| named(one.label.as_ref().unwrap_or(&one.table))).collect();
        if (1..labels.len()).any(|at| labels[..at].iter().any(|other| other.value == labels[at].value)) {
            let message = "two tables are called the same, so nothing says which is meant";
            self.refuse(of.span, message, "give each another name by `as`");
            return None;
        }
        let scalars: Vec<Option<Scalar>> = self.literals(place, labels.iter())?;
        let kinds = self.kinds(place.table, at);
        let labels = scalars_to_vector(&scalars, place.sql_type.layout());
        let made: Box<dyn Column> = Box::new(KindOf::new(labels, kinds));
        // The same draws as the reference's.
        let own = self.tables[place.table].columns[at.columns[0]].spec;
        let absence = match (own.one_of.is_some(), at.null > 0.0) {
            (true, _) => self.absence(place.table, own),
            (false, true) => Some(Absence::of(self.key(place.table, &at.name, "null"), at.null)),
            (false, false) => None,
        };
        let column: Box<dyn Column> = match absence {
            Some(absence) => Box::new(Nullable { inner: made, absence }),
            None => made,
        };
        let origin = format!("the table that `{}` refers to", at.name);
        Some(Built { column, reads: Vec::new(), origin, null_fraction: at.null, unproved: None })
    }
}

/// All that the table says of one of several tables.
fn one_of_specs<'s>(draft: &Draft<'s>, table: usize) -> impl Iterator<Item = &'s OneOfSpec> {
    let of = draft.tables[table].spec;
    let own = of.columns.iter().filter_map(|column| column.one_of.as_ref());
    own.chain(of.one_of_keys.iter().map(|key| &key.one_of))
}
