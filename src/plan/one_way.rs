//! References that are drawn one by one (`one_way: true`): nobody may look for their children.

use super::draft::{Draft, Entity, LinkKind};
use super::model::Input;
use crate::diagnostic::{Diagnostic, Span};

impl Draft<'_> {
    /// Refuses `one_way` where something needs the way back, and where there is neither a plain reference nor one within a group.
    /// Runs when all that reads children is known.
    pub(super) fn check_one_way(&mut self) {
        for table in 0..self.tables.len() {
            for link in 0..self.tables[table].links.len() {
                if let Some(span) = self.one_way(table, link) {
                    self.check_drawn(table, link, span);
                }
                if let Some(span) = self.leads_one_way(table, link) {
                    self.check_unread(table, link, span);
                }
            }
        }
    }

    /// Where the link is said to lead one way.
    pub(super) fn one_way(&self, table: usize, link: usize) -> Option<Span> {
        self.tables[table].links[link].choice.and_then(|choice| choice.one_way)
    }

    /// Where the link, or one that it stands on, is said to lead one way.
    fn leads_one_way(&self, table: usize, link: usize) -> Option<Span> {
        match &self.tables[table].links[link].kind {
            LinkKind::Through { first, path } => {
                let mut at = self.tables[table].links[*first].table;
                self.leads_one_way(table, *first).or_else(|| {
                    path.iter().find_map(|link| {
                        let found = self.leads_one_way(at, *link);
                        at = self.tables[at].links[*link].table;
                        found
                    })
                })
            }
            // Whom a row of the family refers to is known by the families' groups. Back, the group's rows are looked for.
            LinkKind::Among { groups, distinct: Some(_) } => {
                groups.iter().find_map(|of| self.leads_one_way(table, of.group?))
            }
            _ => self.one_way(table, link),
        }
    }

    fn check_drawn(&mut self, table: usize, link: usize, span: Span) {
        let of = &self.tables[table].links[link];
        let is_in_group = matches!(of.kind, LinkKind::Among { .. });
        let has_no_effect = |key: &str| match key {
            "one_way" | "independent" => false,
            "within" | "where" | "weight" => !is_in_group,
            "distinct" => is_in_group,
            _ => true,
        };
        let said = of.choice.and_then(|choice| choice.said().find(|(key, _)| has_no_effect(key)));
        let other = said.map(|(key, _)| key).or(of.distribution.map(|_| "distribution"));
        let (message, help) = match (&of.kind, other) {
            (LinkKind::FanOut | LinkKind::Among { .. } | LinkKind::Distinct { .. }, None) => return,
            (LinkKind::ValidAt { entity }, None) if *entity != Entity::Factor => return,
            (LinkKind::FanOut, Some(other @ ("where" | "weight"))) => (
                format!("`{other}` has no effect with `one_way`, which draws any parent as likely"),
                "leave out one of the two, or draw within a group: `within`",
            ),
            (_, Some(other)) => (
                format!("`{other}` has no effect with `one_way`, which draws any parent as likely"),
                "leave out one of the two",
            ),
            _ => (
                "`one_way` is for plain references, and for those within a group, whose parents are drawn"
                    .to_owned(),
                "leave out one of the two",
            ),
        };
        self.problems.push(Diagnostic::new(span, message).help(help));
    }

    fn check_unread(&mut self, table: usize, link: usize, span: Span) {
        let reads = |input: &Input| matches!(input, Input::Children(children) if (children.table, children.link) == (table, link));
        let summed = self.tables.iter().find(|of| of.inputs.iter().any(reads)).map(|of| of.name().to_owned());
        let of = &self.tables[table];
        let is_group = (0..of.links.len()).any(|other| match &of.links[other].kind {
            LinkKind::Thread { group }
            | LinkKind::Distinct { group }
            | LinkKind::ValidAt { entity: Entity::Distinct { group } } => *group == link,
            LinkKind::Within { group, .. } => *group == Some(link),
            LinkKind::Among { groups, distinct } => {
                // To draw, or to differ within a family, the group is enough; else its rows are looked for.
                let is_shared = self.one_way(table, other).is_none() && distinct.is_none();
                *distinct == Some(link) || is_shared && groups.iter().any(|of| of.group == Some(link))
            }
            _ => false,
        });
        let (message, help) = match summed {
            Some(parent) => (
                format!("`{parent}` is computed from the rows that refer to it, which `one_way` cannot find"),
                "leave out `one_way`",
            ),
            None if is_group => (
                "another reference is chosen by this one's group, whose rows `one_way` cannot find"
                    .to_owned(),
                "leave out `one_way`, or write it at the other one too",
            ),
            None => return,
        };
        let problem = Diagnostic::new(span, message).help(help);
        // Several references may go through the same one.
        if !self.problems.iter().any(|other| (other.span, &other.message) == (problem.span, &problem.message))
        {
            self.problems.push(problem);
        }
    }
}
