//! Diamonds: two ways from a row to one table. An order has a customer, and an address that has a customer too; unless
//! the spec says otherwise, they are the same one.

use super::draft::{Draft, LinkKind, Partner};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::ParentChoice;

/// Links that a way to the common table has at most.
const LONGEST_PATH: usize = 3;

/// Another reference of the table, from whose parent a path leads to the same table as the direct one.
struct Way {
    link: usize,
    path: Vec<usize>,
}

impl Draft<'_> {
    /// Derives references that the spec leaves open from others of the same row, so that both ways of a diamond lead to the same
    /// row. Only where both are called the same (`tenant_id` here and there): a project's owner need not be the reporter of its
    /// issues.
    pub(super) fn settle_diamonds(&mut self) {
        for table in 0..self.tables.len() {
            for direct in 0..self.tables[table].links.len() {
                self.settle_diamond(table, direct);
            }
        }
    }

    fn settle_diamond(&mut self, table: usize, direct: usize) {
        let of = &self.tables[table].links[direct];
        if !matches!(of.kind, LinkKind::FanOut | LinkKind::Per)
            || !self.is_open(table, direct)
            || of.table == table
        {
            return;
        }
        let mut ways: Vec<Way> = (0..self.tables[table].links.len())
            .filter(|link| *link != direct && self.is_open(table, *link))
            .filter_map(|link| self.way_round(table, link, direct).map(|path| Way { link, path }))
            .collect();
        // Through a reference that every row has, the direct one can be read; one that is free to choose is chosen.
        let first = ways.iter().position(|way| self.carries(table, way.link));
        let first = first.filter(|_| self.is_free(table, direct)).map(|at| ways.remove(at));
        if let Some(way) = &first {
            self.note_diamond(
                table,
                direct,
                direct,
                &format!("the one of its `{}`", self.alias_of(table, way.link)),
            );
            self.tables[table].links[direct].kind =
                LinkKind::Through { first: way.link, path: way.path.clone() };
        }
        for way in ways {
            self.choose_within(table, direct, first.as_ref(), way);
        }
    }

    /// The other reference is chosen among the rows of the direct one's group.
    fn choose_within(&mut self, table: usize, direct: usize, first: Option<&Way>, way: Way) {
        if !self.is_free(table, way.link) {
            let name = self.tables[table].link_columns(way.link);
            let message = format!(
                "`{name}` and `{}` may lead to different rows of `{}`",
                self.tables[table].link_columns(direct),
                self.tables[self.tables[table].links[direct].table].name()
            );
            let note = Diagnostic::new(self.tables[table].links[way.link].span, message);
            let note = note.severity(Severity::Note);
            self.notes.push(note.help("both are held by something else that the spec says of them"));
            return;
        }
        let alias = self.alias_of(table, direct).to_owned();
        self.note_diamond(table, direct, way.link, &format!("one of the same `{alias}`"));
        let partner = |up: Vec<usize>| Partner {
            up,
            table: self.tables[table].links[way.link].table,
            path: way.path.clone(),
        };
        match first {
            Some(first) => {
                let partner = partner(first.path.clone());
                self.tables[table].links[first.link].partners.push(partner);
            }
            None => {
                let partner = partner(Vec::new());
                self.tables[table].links[direct].partners.push(partner);
            }
        }
        self.tables[table].links[way.link].kind =
            LinkKind::Within { group: Some(direct), path: way.path, inferred: true };
    }

    /// The one path from a link's parent to where the direct link leads that ends in a reference of the same name.
    fn way_round(&self, table: usize, link: usize, direct: usize) -> Option<Vec<usize>> {
        let of = &self.tables[table];
        let (start, goal) = (of.links[link].table, of.links[direct].table);
        let is_way = matches!(
            of.links[link].kind,
            LinkKind::FanOut | LinkKind::Per | LinkKind::Sample | LinkKind::Factor
        );
        if start == goal || start == table || !is_way {
            return None;
        }
        let mut found = Vec::new();
        self.walk(start, goal, table, self.alias_of(table, direct), &mut Vec::new(), &mut found);
        let shortest = found.iter().map(Vec::len).min()?;
        let mut paths = found.into_iter().filter(|path| path.len() == shortest);
        let path = paths.next()?;
        paths.next().is_none().then_some(path)
    }

    fn walk(
        &self,
        from: usize,
        goal: usize,
        origin: usize,
        name: &str,
        path: &mut Vec<usize>,
        found: &mut Vec<Vec<usize>>,
    ) {
        for (at, link) in self.tables[from].links.iter().enumerate() {
            if !self.is_plain_step(from, at) || link.table == from || link.table == origin {
                continue;
            }
            path.push(at);
            if link.table == goal {
                if self.alias_of(from, at) == name {
                    found.push(path.clone());
                }
            } else if path.len() < LONGEST_PATH {
                self.walk(link.table, goal, origin, name, path, found);
            }
            path.pop();
        }
    }

    /// A reference that every row has, and that goes its own way.
    fn is_plain_step(&self, table: usize, link: usize) -> bool {
        let of = &self.tables[table].links[link];
        let is_plain = matches!(
            of.kind,
            LinkKind::FanOut | LinkKind::Per | LinkKind::Sample | LinkKind::Factor | LinkKind::Through { .. }
        );
        let is_open = of.choice.is_none_or(|choice| choice.independent.is_none());
        is_plain
            && is_open
            && !self.is_deferred(table, link)
            && of.null.unwrap_or(0.0) == 0.0
            && !of.columns.is_empty()
    }

    /// Whether the spec leaves open what a reference has to do with others.
    fn is_open(&self, table: usize, link: usize) -> bool {
        let of = &self.tables[table];
        let is_open = |choice: &ParentChoice| choice.within.is_empty() && choice.independent.is_none();
        of.links[link].choice.is_none_or(is_open) && !of.links[link].columns.is_empty()
    }

    /// Whether another reference can be read through this one: every row has it.
    fn carries(&self, table: usize, link: usize) -> bool {
        self.tables[table].links[link].null.unwrap_or(0.0) == 0.0
    }

    /// Whether nothing else that the spec says decides this reference.
    fn is_free(&self, table: usize, link: usize) -> bool {
        let of = &self.tables[table];
        let spec = of.spec;
        let mut keys = spec
            .uniques
            .iter()
            .chain([&spec.primary_key])
            .map(|key| &key.columns)
            .chain(spec.indexes.iter().filter(|index| index.is_key()).map(|index| &index.columns));
        let in_key = keys.any(|key| {
            let named = |column: &usize| key.iter().any(|name| name.value == of.columns[*column].name());
            of.links[link].columns.iter().any(named)
        });
        let of = &of.links[link];
        let is_chosen = of.choice.is_some_and(ParentChoice::looks_at_values);
        of.kind == LinkKind::FanOut && of.distribution.is_none() && !is_chosen && !in_key
    }

    fn alias_of(&self, table: usize, link: usize) -> &str {
        &self.tables[table].links[link].aliases[0]
    }

    fn note_diamond(&mut self, table: usize, direct: usize, link: usize, chosen: &str) {
        let of = &self.tables[table];
        let message = format!("`{}` of `{}` is {chosen}", of.link_columns(link), of.name());
        let note = Diagnostic::new(of.links[link].span, message).severity(Severity::Note);
        let table = self.tables[of.links[direct].table].name();
        self.notes.push(
            note.help(format!("two ways lead from the row to `{table}`"))
                .help("write `independent: true` at one of them if they have nothing to do with each other"),
        );
    }
}
