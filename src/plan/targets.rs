//! The arithmetic of every link: from what the spec asks for to the relation that finds parents and children.

use super::choices::Spread;
use super::draft::{Draft, LinkKind};
use super::model::Target;
use crate::column::Sequence;
use crate::diagnostic::Diagnostic;
use crate::random::{Absence, Key};
use crate::relation::{Chosen, Drawn, FanOut, FanOutShape, Kinds, OfKind, Optional, Relation};
use crate::spec::{Call, ParentChoice};
use std::sync::Arc;

impl Draft<'_> {
    /// The arithmetic of all links but `per` ones, which have it already.
    pub(super) fn settle_targets(&mut self) {
        for table in 0..self.tables.len() {
            for link in 0..self.tables[table].links.len() {
                // What a moment chooses needs expressions, which come later.
                if !self.tables[table].links[link].kind.is_valid_at() {
                    self.relation(table, link);
                }
            }
        }
    }

    fn target(&mut self, table: usize, link: usize) -> Option<Target> {
        let of = &self.tables[table].links[link];
        match of.kind.clone() {
            LinkKind::Per | LinkKind::Sample | LinkKind::Factor | LinkKind::ValidAt { .. } => None,
            LinkKind::Listed => self.listed_target(table, link),
            LinkKind::Key => self.key_target(table, link),
            LinkKind::Through { first, path } => {
                let middle = self.tables[table].links[first].table;
                let inner = self.relation(table, first)?;
                let relation = self.along(inner, middle, &path)?;
                Some(Target::Relation(self.with_nulls(table, link, relation)))
            }
            LinkKind::Within { group, path, inferred } => {
                let relation = self.within(table, link, group, &path, inferred)?;
                Some(Target::Relation(self.with_nulls(table, link, relation)))
            }
            LinkKind::Among { groups, distinct } => {
                let relation = self.among(table, link, &groups, distinct)?;
                Some(Target::Relation(self.with_nulls(table, link, relation)))
            }
            LinkKind::OneOf { column, kind } => {
                let relation = self.one_of_relation(table, link, column, kind)?;
                let name = self.one_of_at(table, column)?.name;
                Some(Target::Relation(self.without_some(table, link, &name, relation)))
            }
            LinkKind::Thread { group } => {
                let relation = self.thread(table, link, group)?;
                Some(Target::Relation(self.with_nulls(table, link, relation)))
            }
            LinkKind::Distinct { group } => {
                let relation = self.distinct(table, link, group)?;
                Some(Target::Relation(self.with_nulls(table, link, relation)))
            }
            LinkKind::FanOut | LinkKind::OneToOne | LinkKind::Earlier => {
                if let Some(digits) =
                    of.columns.first().and_then(|at| self.tables[table].columns[*at].digits.clone())
                {
                    return Some(Target::Relation(self.with_nulls(table, link, Arc::new(digits))));
                }
                let drawn = self.drawn_relation(table, link)?;
                let drawn = self.with_nulls(table, link, drawn);
                Some(Target::Relation(self.by_versions(table, link, drawn)))
            }
        }
    }

    /// The relation of a link, made now if it is not there yet; a link that needs itself is refused.
    pub(super) fn relation(&mut self, table: usize, link: usize) -> Option<Arc<dyn Relation>> {
        if self.links_in_making.contains(&(table, link)) {
            self.refuse_link_cycle(table, link);
            return None;
        }
        if self.tables[table].links[link].kind.is_valid_at() {
            let span = self.tables[table].links[link].span;
            let message = "a reference that a moment chooses cannot be followed by others";
            self.refuse(span, message, "compute what is needed by `expr`, through this reference");
            return None;
        }
        if self.tables[table].links[link].target.is_none() {
            self.links_in_making.push((table, link));
            let target = self.target(table, link);
            self.links_in_making.pop();
            self.tables[table].links[link].target = target;
        }
        match &self.tables[table].links[link].target {
            Some(Target::Relation(relation)) => Some(relation.clone()),
            _ => None,
        }
    }

    pub(super) fn drawn_relation(&mut self, table: usize, link_at: usize) -> Option<Arc<dyn Relation>> {
        let of = &self.tables[table];
        let (children, link) = (self.drawing_children(table, link_at), &of.links[link_at]);
        let (kind, call, span, parent) = (link.kind.clone(), link.distribution, link.span, link.table);
        let parents = self.drawn_parents(table, link_at);
        let is_optional = link.columns.iter().all(|column| !of.is_not_null(*column));
        let name = of.link_columns(link_at);
        if parents == 0 && children > 0 && !is_optional {
            let message =
                format!("`{name}` must refer to a row of `{}`, which has none", self.tables[parent].name());
            let problem = Diagnostic::new(span, message);
            self.problems.push(problem.help("give the parent rows, or let the reference be null"));
            return None;
        }
        let key = self.key(table, &name, "reference");
        if kind == LinkKind::Earlier {
            return self.tree(table, link_at, key);
        }
        let is_plain = kind == LinkKind::FanOut || kind.is_valid_at();
        if self.one_way(table, link_at).is_some() && is_plain {
            return Some(Arc::new(Drawn::new(if parents == 0 { 0 } else { children }, parents, key)));
        }
        let shape = self.fan_out_shape(kind, call)?;
        if matches!(shape, FanOutShape::OneToOne) && children > parents && parents > 0 {
            if self.leaves_out_exactly(table, link_at) {
                return self.partly_unique(table, link_at, key);
            }
            self.refuse_too_few(table, link_at, children);
            return None;
        }
        let is_chosen = self.tables[table].links[link_at].choice.is_some_and(ParentChoice::looks_at_values);
        if is_chosen && parents > 0 {
            return Some(self.defer(table, link_at, Spread::Over(shape), key)?);
        }
        // Without parents every reference is null, and nothing is asked of the relation.
        let children = if parents == 0 { 0 } else { children };
        let chosen = self.with_partners(table, link_at)?;
        let parents = chosen.as_ref().map_or(parents, |rows| rows.count());
        let relation = Arc::new(self.accept(FanOut::new(children, parents, &shape, key), call, span)?);
        Some(match chosen {
            Some(rows) => Arc::new(Chosen::new(relation, rows)),
            None => relation,
        })
    }

    pub(super) fn fan_out_shape(&mut self, kind: LinkKind, call: Option<&Call>) -> Option<FanOutShape> {
        let Some(call) = call else {
            return Some(if kind == LinkKind::OneToOne {
                FanOutShape::OneToOne
            } else {
                FanOutShape::Uniform
            });
        };
        if kind == LinkKind::OneToOne {
            let problem =
                Diagnostic::new(call.name.span, "a unique reference gives every parent at most one row");
            self.problems.push(problem.help("leave out `distribution`, or `unique`"));
            return None;
        }
        match call.name.value.as_str() {
            "even" if call.arguments.given.is_empty() => Some(FanOutShape::Even),
            _ => self.distribution(call).map(FanOutShape::Shape),
        }
    }

    pub(super) fn with_nulls(
        &self,
        table: usize,
        at: usize,
        relation: Arc<dyn Relation>,
    ) -> Arc<dyn Relation> {
        let name = self.tables[table].link_columns(at);
        self.without_some(table, at, &name, relation)
    }

    /// A relation without the share of references that are null; the draws are those of the columns of that name.
    pub(super) fn without_some(
        &self,
        table: usize,
        at: usize,
        name: &str,
        relation: Arc<dyn Relation>,
    ) -> Arc<dyn Relation> {
        let link = &self.tables[table].links[at];
        let no_parents = self.tables[link.table].rows == 0;
        let fraction = if no_parents { 1.0 } else { link.null.unwrap_or(0.0) };
        if fraction == 0.0 || link.kind == LinkKind::OneToOne && self.leaves_out_exactly(table, at) {
            return relation;
        }
        let of = &self.tables[table];
        let of_column = match link.columns.as_slice() {
            [only] if !no_parents => self.absence(table, of.columns[*only].spec),
            _ => None,
        };
        let of_all = || Absence::of(self.key(table, name, "null"), fraction);
        Arc::new(Optional::new(relation, of_column.unwrap_or_else(of_all)))
    }

    /// Whether a unique reference has to leave out an exact share: there are fewer parents than rows.
    fn leaves_out_exactly(&self, table: usize, at: usize) -> bool {
        let link = &self.tables[table].links[at];
        let parents = self.tables[link.table].rows;
        let is_chosen = link.choice.is_some_and(ParentChoice::looks_at_values);
        parents > 0 && self.tables[table].rows > parents && link.null.unwrap_or(0.0) > 0.0 && !is_chosen
    }

    /// One row for each parent at most, of the share of rows that have one.
    fn partly_unique(&mut self, table: usize, at: usize, key: Key) -> Option<Arc<dyn Relation>> {
        let link = &self.tables[table].links[at];
        let (span, parents, null) = (link.span, self.tables[link.table].rows, link.null.unwrap_or(0.0));
        let rows = self.tables[table].rows;
        let kinds = Kinds::new(rows, &[1.0 - null, null], key.child("null"));
        let referring = kinds.count(0);
        if referring > parents {
            self.refuse_too_few(table, at, referring);
            return None;
        }
        let built = FanOut::new(referring, parents, &FanOutShape::OneToOne, key);
        let inner = self.accept(built, None, span)?;
        Some(Arc::new(OfKind::new(kinds, 0, rows, Arc::new(inner))))
    }

    fn refuse_too_few(&mut self, table: usize, at: usize, children: u64) {
        let link = &self.tables[table].links[at];
        let parent = &self.tables[link.table];
        let message = format!(
            "`{}` is unique, but {children} rows cannot refer to {} rows of `{}` each at most once",
            self.tables[table].link_columns(at),
            parent.rows,
            parent.name()
        );
        self.refuse(link.span, message, "give the parent more rows, or leave out `unique`");
    }

    /// A link by value needs keys that can be turned into rows: a sequence.
    fn key_target(&mut self, table: usize, link: usize) -> Option<Target> {
        let of = &self.tables[table].links[link];
        let column = *of.columns.first()?;
        let (_, key) = self.tables[table].columns[column].link?;
        let sequence = self.sequence_of(of.table, key).or_else(|| self.sequence_of_dates(of.table, key));
        match sequence {
            Some(Sequence { start, step }) => Some(Target::Key { input: column, start, step }),
            None => {
                let span = self.tables[table].links[link].span;
                let message = format!(
                    "`{}` is computed, but `{}.{}` is not a sequence, so that it cannot be checked to exist",
                    self.tables[table].columns[column].name(),
                    self.tables[of.table].name(),
                    self.tables[of.table].columns[key].name()
                );
                let help = "write a path such as `parent.column` as `expr`, or leave out `expr`";
                self.problems.push(Diagnostic::new(span, message).help(help));
                None
            }
        }
    }
}
