//! References that are drawn one by one (`one_way: true`): nobody may look for their children.

use super::draft::{Draft, LinkKind};
use super::model::Input;
use crate::diagnostic::{Diagnostic, Span};

impl Draft<'_> {
    /// Refuses `one_way` where something needs the way back, and where there is no plain reference. Runs when all that reads
    /// children is known.
    pub(super) fn check_one_way(&mut self) {
        for table in 0..self.tables.len() {
            for link in 0..self.tables[table].links.len() {
                if let Some(span) = self.one_way(table, link) {
                    self.check_plain(table, link, span);
                    self.check_unread(table, link, span);
                }
            }
        }
    }

    /// Where the link is said to lead one way.
    pub(super) fn one_way(&self, table: usize, link: usize) -> Option<Span> {
        self.tables[table].links[link].choice.and_then(|choice| choice.one_way)
    }

    fn check_plain(&mut self, table: usize, link: usize, span: Span) {
        let of = &self.tables[table].links[link];
        let other = of
            .choice
            .and_then(|choice| choice.said().find(|(key, _)| !matches!(*key, "one_way" | "independent")))
            .map(|(key, _)| key)
            .or(of.distribution.map(|_| "distribution"));
        let message = match (&of.kind, other) {
            (LinkKind::FanOut, None) => return,
            (_, Some(other)) => {
                format!("`{other}` has no effect with `one_way`, which draws any parent as likely")
            }
            _ => "`one_way` is for plain references, whose parents are drawn".to_owned(),
        };
        self.problems.push(Diagnostic::new(span, message).help("leave out one of the two"));
    }

    fn check_unread(&mut self, table: usize, link: usize, span: Span) {
        let reads = |input: &Input| matches!(input, Input::Children(children) if (children.table, children.link) == (table, link));
        let summed = self.tables.iter().find(|of| of.inputs.iter().any(reads)).map(|of| of.name().to_owned());
        let is_group = self.tables.iter().enumerate().any(|(at, of)| {
            of.links.iter().any(|other| match &other.kind {
                LinkKind::Thread { group } | LinkKind::Distinct { group } => at == table && *group == link,
                LinkKind::Within { group, .. } => at == table && *group == Some(link),
                _ => false,
            })
        });
        let message = match summed {
            Some(parent) => {
                format!("`{parent}` is computed from the rows that refer to it, which `one_way` cannot find")
            }
            None if is_group => {
                "another reference is chosen by this one's group, whose rows `one_way` cannot find".to_owned()
            }
            None => return,
        };
        self.problems.push(Diagnostic::new(span, message).help("leave out `one_way`"));
    }
}
