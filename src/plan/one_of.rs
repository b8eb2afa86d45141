//! References to one of several tables: `one_of`.

use super::draft::{Draft, LinkDraft, LinkKind};
use super::generators::{Built, Place};
use super::links::{alias, singular};
use crate::column::{Column, KindOf, Nullable, OneOf, scalars_to_vector};
use crate::relation::{FanOut, Kinds, OfKind, Relation};
use crate::spec::{At, Generator, OneOfSpec};
use crate::value::SqlType;
use crate::value::parse::Scalar;
use std::sync::Arc;

impl<'s> Draft<'s> {
    /// One link for each table that a column may refer to. No constraint says it: the rows of one table do not hold all keys.
    pub(super) fn settle_one_of(&mut self, table: usize, column: usize, of: &'s OneOfSpec) {
        let before = self.problems.len();
        self.check_one_of(table, column, of);
        for (kind, one) in of.tables.iter().enumerate() {
            let Some(parent) = self.find_table(&one.table) else { continue };
            let [key] = self.tables[parent].primary_key[..] else {
                let message = format!("`{}` has no primary key of one column", one.table.value);
                self.refuse(one.table.span, message, "give it one, to be referred to");
                continue;
            };
            self.check_key_type(table, column, parent, key, one.table.span);
            let spec = self.tables[table].columns[column].spec;
            let name = format!("{}_{}", alias(&spec.name.value), singular(&one.table.value));
            self.tables[table].links.push(LinkDraft {
                aliases: vec![name],
                table: parent,
                columns: Vec::new(),
                kind: LinkKind::OneOf { column, kind },
                distribution: spec.distribution.as_ref(),
                choice: None,
                valid_at: None,
                null: spec.null.as_ref().map(|share| share.value),
                span: one.table.span,
                partners: Vec::new(),
                target: None,
            });
        }
        if self.problems.len() > before {
            self.tables[table].columns[column].broken = true;
            let names = of.tables.iter().map(|one| one.table.value.clone());
            self.tables[table].broken_aliases.extend(names.flat_map(|name| [singular(&name), name]));
        }
    }

    fn check_one_of(&mut self, table: usize, column: usize, of: &OneOfSpec) {
        let spec = self.tables[table].columns[column].spec;
        if spec.references.is_some() || !matches!(spec.generator, Generator::Unnamed) {
            let message = format!(
                "`{}` is a reference to one of several tables: its values are their keys",
                spec.name.value
            );
            self.refuse(of.span, message, "leave out `references` and the generator");
        }
        if self.tables[table].is_unique(column) {
            let message = "a reference to one of several tables cannot be unique: their keys may be the same";
            self.refuse(of.span, message, "leave out `unique`, or use a column for each table");
        }
        if let Some((key, span)) = spec.choice.said().next() {
            self.refuse(span, format!("`{key}` has no effect with `one_of`"), "leave it out");
        }
        let Some(named) = self.find_column(table, &of.type_column) else { return };
        let (kind, sql_type) =
            (self.tables[table].columns[named].spec, &self.tables[table].columns[named].sql_type);
        let name = &of.type_column.value;
        if !matches!(kind.generator, Generator::Unnamed) || kind.references.is_some() || named == column {
            let message =
                format!("`{name}` says which table a row refers to, so it has no values of its own");
            self.refuse(of.type_column.span, message, format!("write `{name}: text`"));
        } else if !(sql_type.is_text() || matches!(sql_type, SqlType::Enum(_))) {
            let message = format!("`{name}` holds names of tables, but it is {sql_type}");
            self.refuse(of.type_column.span, message, "write `text`, or an enumerated type of the names");
        }
        if let Some(share) = kind.null.as_ref().filter(|share| share.value > 0.0) {
            let help = format!("write `null` at `{}`", spec.name.value);
            self.refuse(share.span, format!("`{name}` is null where the reference is"), help);
        }
        if spec.null.as_ref().is_some_and(|share| share.value > 0.0) && self.tables[table].is_not_null(named)
        {
            let message = format!("`{name}` is null where the reference is, and cannot be");
            self.refuse(of.type_column.span, message, "leave out `null`, or the constraint");
        }
        let others = spec_columns(self, table).filter(|other| other.type_column.value == *name).count();
        if others > 1 {
            let message = format!("`{name}` stands for two references");
            self.refuse(of.type_column.span, message, "give each a column of its own");
        }
    }

    /// Which rows refer to which of the tables.
    fn kinds(&self, table: usize, column: usize, of: &OneOfSpec) -> Kinds {
        let weights: Vec<f64> = of.tables.iter().map(|one| one.weight.value).collect();
        let key = self.key(table, self.tables[table].columns[column].name(), "one of");
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
        let spec = self.tables[table].columns[column].spec;
        let of = spec.one_of.as_ref().expect("the link comes from it");
        let kinds = self.kinds(table, column, of);
        let link = &self.tables[table].links[link];
        let (call, span, parent) = (link.distribution, link.span, link.table);
        let (rows, parents) = (kinds.count(kind as u64), self.tables[parent].rows);
        if rows > 0 && parents == 0 {
            let message = format!("rows refer to `{}`, which has none", of.tables[kind].table.value);
            self.refuse(span, message, "give it rows, or the weight 0");
            return None;
        }
        let shape = self.fan_out_shape(LinkKind::FanOut, call)?;
        let key = self.key(table, &spec.name.value, &format!("one of {}", of.tables[kind].table.value));
        let inner = self.accept(FanOut::new(rows, parents, &shape, key), call, span)?;
        Some(Arc::new(OfKind::new(kinds, kind as u64, self.tables[table].rows, Arc::new(inner))))
    }

    /// The column that holds the key.
    pub(super) fn one_of(&mut self, table: usize, column: usize, of: &OneOfSpec) -> Option<Built> {
        let mut inputs = Vec::new();
        for at in 0..self.tables[table].links.len() {
            let link = &self.tables[table].links[at];
            if matches!(link.kind, LinkKind::OneOf { column: of, .. } if of == column) {
                let key = self.tables[link.table].primary_key[0];
                inputs.push(self.parent_input(table, at, key));
            }
        }
        let names: Vec<&str> = of.tables.iter().map(|one| one.table.value.as_str()).collect();
        Some(Built {
            reads: inputs.clone(),
            column: Box::new(OneOf { inputs, kinds: self.kinds(table, column, of) }),
            origin: format!("a key of one of {}", names.join(", ")),
            null_fraction: self.tables[table].columns[column]
                .spec
                .null
                .as_ref()
                .map_or(0.0, |share| share.value),
            unproved: None,
        })
    }

    /// The column that says which table it is a key of, if that is what this column is for.
    pub(super) fn kind_of(&mut self, place: &Place) -> Option<Option<Built>> {
        let (column, of) = self.tables[place.table].columns.iter().enumerate().find_map(|(at, column)| {
            let of = column.spec.one_of.as_ref()?;
            (of.type_column.value == place.column).then_some((at, of))
        })?;
        Some(self.kind_labels(place, column, of))
    }

    fn kind_labels(&mut self, place: &Place, column: usize, of: &OneOfSpec) -> Option<Built> {
        let named = |label: &At<String>| At::new(Some(label.value.clone()), label.span);
        let labels: Vec<At<Option<String>>> =
            of.tables.iter().map(|one| named(one.label.as_ref().unwrap_or(&one.table))).collect();
        if (1..labels.len()).any(|at| labels[..at].iter().any(|other| other.value == labels[at].value)) {
            let message = "two tables are called the same, so nothing says which is meant";
            self.refuse(of.span, message, "give each another name by `as`");
            return None;
        }
        let scalars: Vec<Option<Scalar>> = self.literals(place, labels.iter())?;
        let kinds = self.kinds(place.table, column, of);
        let labels = scalars_to_vector(&scalars, place.sql_type.layout());
        let made: Box<dyn Column> = Box::new(KindOf::new(labels, kinds));
        let reference = self.tables[place.table].columns[column].spec;
        let fraction = reference.null.as_ref().map_or(0.0, |share| share.value);
        // The same draws as the reference's.
        let column: Box<dyn Column> = match self.absence(place.table, reference) {
            Some(absence) => Box::new(Nullable { inner: made, absence }),
            None => made,
        };
        let origin = format!("the table that `{}` refers to", reference.name.value);
        Some(Built { column, reads: Vec::new(), origin, null_fraction: fraction, unproved: None })
    }
}

fn spec_columns<'d>(draft: &'d Draft, table: usize) -> impl Iterator<Item = &'d OneOfSpec> {
    draft.tables[table].columns.iter().filter_map(|column| column.spec.one_of.as_ref())
}
