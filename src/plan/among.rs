//! References to parents that are listed group by group: `within` several groups, or `within` with `where`, `weight` or
//! `distinct`, or drawn from there one by one.

use super::choices::Spread;
use super::draft::{Draft, GroupPath};
use crate::relation::{Direct, Groups, Lists, Relation};
use std::sync::Arc;

impl Draft<'_> {
    /// The relation of such a link: filled in between plan and run, when the parents are listed.
    pub(super) fn among(
        &mut self,
        table: usize,
        link: usize,
        groups: &[GroupPath],
        distinct: Option<usize>,
    ) -> Option<Arc<dyn Relation>> {
        let of = &self.tables[table].links[link];
        let (parent, choice) = (of.table, of.choice.expect("it says within what"));
        let span = choice.within[0].column.span;
        if self.tables[parent].rows > Lists::MOST_ROWS {
            let message = "`within` with several groups, `where`, `weight`, `distinct` or `one_way` chooses among up to 4,194,304 rows";
            self.refuse(span, message, "use fewer parents, or `within` alone");
            return None;
        }
        let distinct = match distinct {
            Some(distinct) => {
                let relation = self.relation(table, distinct)?;
                let span = choice.distinct.as_ref().map_or(span, |distinct| distinct.span);
                self.hold_group_size(span, relation.most_children())?;
                Some(relation)
            }
            None => None,
        };
        let (mut own, mut members) = (Vec::new(), Vec::new());
        for GroupPath { group, through } in groups {
            let of_parents = self.relation(parent, *through)?;
            let (to_group, rows): (Arc<dyn Relation>, u64) = match group {
                Some(group) => {
                    let rows = self.tables[self.tables[table].links[*group].table].rows;
                    (self.relation(table, *group)?, rows)
                }
                None => (Arc::new(Direct::new(self.tables[table].rows)), self.tables[table].rows),
            };
            own.push((to_group, rows));
            members.push((of_parents, rows));
        }
        let (Some(own), Some(members)) = (Groups::new(own), Groups::new(members)) else {
            let message = "the groups have more combinations than can be counted";
            self.refuse(span, message, "use fewer rows, or fewer groups");
            return None;
        };
        let key = self.key(table, &self.tables[table].link_columns(link), "among");
        let one_way = self.one_way(table, link).is_some();
        Some(self.defer(table, link, Spread::Among { own, members, distinct, one_way }, key)?)
    }

    /// What to say where a reference that must be there finds nobody in the lists.
    pub(super) fn without_listed_parent(&self, table: usize, groups: &[GroupPath], parent: &str) -> String {
        let name = |of: &GroupPath| {
            let group = of.group.map_or(table, |group| self.tables[table].links[group].table);
            format!("`{}`", self.tables[group].name())
        };
        let names: Vec<String> = groups.iter().map(name).collect();
        format!(
            "no row of `{parent}` in the row's {} is left to refer to; make more rows of `{parent}` for each, or let the \
             reference be null",
            names.join(" and ")
        )
    }
}
