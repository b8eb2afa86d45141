//! References that differ within a group: `distinct`.

use super::choices::Spread;
use super::draft::{Draft, Entity, LinkKind};
use crate::diagnostic::{Span, grouped};
use crate::relation::{Distinct, FanOut, Relation, Walk};
use crate::spec::{At, ParentChoice};
use std::sync::Arc;

impl Draft<'_> {
    pub(super) fn settle_distinct(&mut self) {
        for table in 0..self.tables.len() {
            for link in 0..self.tables[table].links.len() {
                let choice = self.tables[table].links[link].choice;
                if let Some(column) = choice.and_then(|choice| choice.distinct.as_ref())
                    && let Some(group) = self.distinct_group(table, link, column)
                {
                    match &mut self.tables[table].links[link].kind {
                        LinkKind::Among { distinct, .. } => *distinct = Some(group),
                        LinkKind::ValidAt { entity } => *entity = Entity::Distinct { group },
                        kind => *kind = LinkKind::Distinct { group },
                    }
                }
            }
        }
    }

    /// The link of this table by whose parent rows are grouped, if all that is asked goes together.
    fn distinct_group(&mut self, table: usize, link: usize, name: &At<String>) -> Option<usize> {
        let refusal = match &self.tables[table].links[link].kind {
            LinkKind::FanOut | LinkKind::Among { .. } => None,
            LinkKind::ValidAt { entity } if *entity != Entity::Factor => None,
            LinkKind::OneToOne => {
                Some(("a unique reference is never the same in two rows", "leave out `distinct`"))
            }
            LinkKind::Per | LinkKind::Sample | LinkKind::Factor | LinkKind::ValidAt { .. } => Some((
                "the table's rows are made per this parent, which leaves nothing to choose",
                "write `distinct` at the other reference",
            )),
            LinkKind::Listed => {
                Some(("`rows` gives this reference its values", "leave out `distinct`, or its values"))
            }
            LinkKind::Earlier | LinkKind::Thread { .. } => {
                Some(("`earlier` and `distinct` cannot be combined", "leave out one of them"))
            }
            _ => Some((
                "`expr` computes the reference, so there is nothing to choose",
                "leave out `distinct`, or `expr`",
            )),
        };
        if let Some((message, help)) = refusal {
            self.refuse(name.span, message, help);
            return None;
        }
        self.grouping_link(table, Some(link), name, "distinct")
    }

    /// The link of a column that groups rows: a plain reference that every row has, and not that of the column that asks.
    pub(super) fn grouping_link(
        &mut self,
        table: usize,
        own: Option<usize>,
        name: &At<String>,
        key: &str,
    ) -> Option<usize> {
        let of = &self.tables[table];
        let group = match of.per_link().filter(|per| of.links[*per].columns.is_empty()) {
            // No column leads to what the rows are made for, but it has a name.
            Some(per) if of.column_index(&name.value).is_none() && of.is_called(per, &name.value) => {
                Some(per)
            }
            _ => {
                let column = self.find_column(table, name)?;
                let of = &self.tables[table].columns[column];
                if of.broken {
                    return None;
                }
                of.link.map(|(group, _)| group)
            }
        };
        let of = &self.tables[table];
        let Some(group) = group.filter(|group| Some(*group) != own) else {
            let help = "name another reference of this table: rows that share its value form a group";
            self.refuse(name.span, format!("`{}` groups no rows", name.value), help);
            return None;
        };
        let of = &of.links[group];
        let is_plain = matches!(of.kind, LinkKind::FanOut | LinkKind::Per | LinkKind::OneToOne);
        if !is_plain || of.null.unwrap_or(0.0) > 0.0 || self.is_deferred(table, group) {
            let message = format!("`{}` must be a plain reference that every row has", name.value);
            self.refuse(name.span, message, format!("leave out what else is said of it, or `{key}`"));
            return None;
        }
        Some(group)
    }

    /// The relation of a link whose parents differ within a group.
    pub(super) fn distinct(&mut self, table: usize, link: usize, group: usize) -> Option<Arc<dyn Relation>> {
        let to_group = self.relation(table, group)?;
        let of = &self.tables[table];
        let (parent, call) = (of.links[link].table, of.links[link].distribution);
        let (groups, parents) = (self.tables[of.links[group].table].rows, self.drawn_parents(table, link));
        let choice = of.links[link].choice;
        let distinct = choice.and_then(|choice| choice.distinct.as_ref());
        let span = distinct.expect("it was asked for").span;
        let most = to_group.most_children();
        if most > parents && (parents > 0 || !self.is_optional(table, link)) {
            let message = format!(
                "up to {} rows share a `{}`, but there are only {} `{}` for them to refer to",
                grouped(most),
                of.link_name(group),
                grouped(parents),
                self.tables[parent].name()
            );
            self.refuse(span, message, "use more of those, or fewer rows that share it");
            return None;
        }
        if self.one_way(table, link).is_some() {
            let key = self.key(table, &self.tables[table].link_columns(link), "walk");
            return Some(Arc::new(Walk::new(to_group, parents, key)));
        }
        self.hold_group_size(span, most)?;
        let shape = self.fan_out_shape(LinkKind::FanOut, call)?;
        if choice.is_some_and(ParentChoice::looks_at_values) && parents > 0 {
            let key = self.key(table, &self.tables[table].link_columns(link), "distinct");
            let spread = Spread::Distinct { group: to_group, groups, most, shape };
            return Some(self.defer(table, link, spread, key)?);
        }
        let children = if parents == 0 { 0 } else { to_group.children() };
        let key = self.key(table, &self.tables[table].link_columns(link), "distinct");
        let law = self.accept(FanOut::new(children, parents, &shape, key), call, span)?;
        Some(Arc::new(Distinct::new(to_group, groups, most, law, key.child("groups"))))
    }

    /// Groups of `distinct` have a size that is worked with at once.
    pub(super) fn hold_group_size(&mut self, span: Span, most: u64) -> Option<()> {
        if most <= Distinct::MOST_CHILDREN {
            return Some(());
        }
        let message = format!(
            "`distinct` works for groups of up to {} rows, the largest has {}",
            grouped(Distinct::MOST_CHILDREN),
            grouped(most)
        );
        self.refuse(span, message, "use fewer rows that share a value");
        None
    }
}
