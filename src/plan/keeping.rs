//! How long values last in a table with `history`: for life, until a version changes them, or for a row.

use super::draft::{Draft, LinkKind};
use super::generators::Built;
use crate::column::Kept;
use crate::fake;
use crate::relation::{Changes, Relation, Through, Versions};
use crate::spec::{Generator, ParentChoice};
use std::sync::Arc;

/// How long a column's draws last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Keeping {
    /// Every row has its own.
    Row,
    /// For life.
    Entity,
    /// Until a version changes them, which it does with this probability.
    Changing(f64),
}

impl Draft<'_> {
    /// How long a column's draws last.
    pub(super) fn keeping(&self, table: usize, column: usize) -> Keeping {
        let of = &self.tables[table];
        if of.history.is_none() || self.is_of_the_row(table, column).is_some() {
            return Keeping::Row;
        }
        match of.columns[column].spec.changes.as_ref().map(|share| share.value) {
            None | Some(0.0) => Keeping::Entity,
            Some(share) => Keeping::Changing(share),
        }
    }

    /// Why each row of a history has another value of this column; `None` where it is drawn, so that it can be kept.
    fn is_of_the_row(&self, table: usize, column: usize) -> Option<&'static str> {
        let of = &self.tables[table];
        let draft = &of.columns[column];
        let chooses = |link: usize| of.links[link].choice.is_some_and(ParentChoice::looks_at_values);
        let looks_at_values = draft.link.is_some_and(|(link, _)| chooses(link));
        let is_other_link =
            |link: usize| !matches!(of.links[link].kind, LinkKind::FanOut | LinkKind::OneToOne);
        match () {
            () if of.is_unique(column) => Some("it is unique"),
            () if looks_at_values => Some("its reference chooses by values"),
            () if draft.spec.identity.is_some() => Some("it numbers the rows"),
            () if draft.given.is_some() => Some("the history gives it its values"),
            () if draft.digits.is_some() => Some("it is a part of a key without repeats"),
            () if draft.link.is_some_and(|(link, _)| is_other_link(link)) => {
                Some("its reference is not drawn alone")
            }
            () => None,
        }
    }

    /// Refuses `changes` where it has no effect.
    pub(super) fn check_changes(&mut self, table: usize, column: usize) {
        let of = &self.tables[table];
        let spec = of.columns[column].spec;
        let Some(changes) = &spec.changes else { return };
        let why = match &spec.generator {
            _ if of.spec.history.is_none() => Some("the table has no `history`"),
            Generator::Expression(_) | Generator::Template(_) => Some("it is computed from its row"),
            Generator::Constant(_) => Some("it has one value"),
            _ => self.is_of_the_row(table, column),
        };
        if let Some(why) = why {
            let message = format!("`changes` has no effect on `{}`: {why}", spec.name.value);
            self.refuse(changes.span, message, "leave it out, or let a column change that this one reads");
        }
    }

    /// A column's code with draws that last.
    pub(super) fn kept(&self, table: usize, column: usize, built: Built) -> Built {
        let origins: Arc<dyn Relation> = match (self.keeping(table, column), &self.tables[table].history) {
            (Keeping::Row, _) | (_, None) => return built,
            (Keeping::Entity, Some(history)) => history.versions.clone(),
            (Keeping::Changing(share), Some(history)) => {
                Arc::new(self.changes(table, column, &history.versions, share))
            }
        };
        Built { column: Box::new(Kept { inner: built.column, origins }), ..built }
    }

    /// When a column's value changes. Columns of one subject (a place, a person) change together.
    fn changes(&self, table: usize, column: usize, versions: &Arc<Versions>, share: f64) -> Changes {
        let of = &self.tables[table];
        let name = of.columns[column].name();
        let subject = self.subject(table, column);
        let key = match &subject {
            Some(subject) => self.key(table, subject, "subject changes"),
            None => self.key(table, name, "changes"),
        };
        Changes::new(versions.clone(), share, key)
    }

    /// What a column of a provider says something about, where other providers agree with it.
    fn subject(&self, table: usize, column: usize) -> Option<String> {
        let of = &self.tables[table];
        let spec = of.columns[column].spec;
        let inferred;
        let generator = match &spec.generator {
            Generator::Unnamed if of.columns[column].link.is_none() => {
                let has_column = |name: &str| of.column_index(name);
                let sql_type = &of.columns[column].sql_type;
                let name = &spec.name.value;
                inferred = super::infer::generator(of.name(), name, sql_type, spec.name.span, &has_column);
                &inferred.generator
            }
            named => named,
        };
        let Generator::Fake { call, .. } = generator else { return None };
        let provider = fake::find(&call.name.value)?;
        if !provider.parameters.iter().any(|parameter| parameter.name == "subject") {
            return None;
        }
        let named = call.arguments.text("subject").map(str::to_owned);
        let subject = named.unwrap_or_else(|| super::infer::subject_of(of.name(), &spec.name.value));
        // Providers of addresses agree about a place, the others about a person.
        let what = if provider.group == "address" { "place" } else { "person" };
        Some(format!("{what} {subject}"))
    }

    /// Columns of one subject agree in a row only if they change together.
    pub(super) fn check_subjects(&mut self, table: usize) {
        if self.tables[table].history.is_none() {
            return;
        }
        let of = &self.tables[table];
        let subjects: Vec<(usize, String)> = (0..of.columns.len())
            .filter(|column| !of.columns[*column].broken)
            .filter_map(|column| Some((column, self.subject(table, column)?)))
            .collect();
        for (at, (column, subject)) in subjects.iter().enumerate() {
            let first = subjects[..at].iter().find(|(_, other)| other == subject);
            let Some((first, _)) = first else { continue };
            if self.keeping(table, *first) == self.keeping(table, *column) {
                continue;
            }
            let of = &self.tables[table];
            let (one, other) = (of.columns[*first].name(), of.columns[*column].name());
            let message = format!("`{one}` and `{other}` are of one subject, and would not change together");
            let span = of.columns[*column].spec.name.span;
            self.refuse(span, message, "give both the same `changes`, or another `subject` to one of them");
        }
    }

    /// Rows of a link's child table, as far as its draws go: entities where the reference is kept for life.
    pub(super) fn drawing_children(&self, table: usize, link: usize) -> u64 {
        let of = &self.tables[table];
        match (self.link_keeping(table, link), &of.history) {
            (Keeping::Entity, Some(history)) => history.versions.entities(),
            _ => of.rows,
        }
    }

    fn link_keeping(&self, table: usize, link: usize) -> Keeping {
        match self.tables[table].links[link].columns.first() {
            Some(column) => self.keeping(table, *column),
            None => Keeping::Row,
        }
    }

    /// Whether a column is a reference of which several rows of a history have one draw.
    pub(super) fn lasts_over_versions(&self, table: usize, column: usize) -> bool {
        self.tables[table].columns[column].link.is_some() && self.keeping(table, column) != Keeping::Row
    }

    /// From the rows of a history to what was drawn for their entities, or for the versions that changed it.
    pub(super) fn by_versions(
        &self,
        table: usize,
        link: usize,
        drawn: Arc<dyn Relation>,
    ) -> Arc<dyn Relation> {
        let of = &self.tables[table];
        let (Some(history), Some(column)) = (&of.history, of.links[link].columns.first()) else {
            return drawn;
        };
        match self.keeping(table, *column) {
            Keeping::Row => drawn,
            Keeping::Entity => Arc::new(Through::new(history.versions.clone(), drawn)),
            Keeping::Changing(share) => {
                let changes = self.changes(table, *column, &history.versions, share);
                Arc::new(Through::new(Arc::new(changes), drawn))
            }
        }
    }
}
