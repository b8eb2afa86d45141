//! References that stay within a group: `within`, and the relations that such links are made of.

use super::draft::{Draft, GroupPath, LinkKind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::relation::{Direct, NO_PARENT, Relation, Selection, Through, Within};
use crate::spec::{ParentChoice, WithinSpec};
use std::sync::Arc;

impl Draft<'_> {
    /// Settles which references stay within a group: those that say so, and those that follow from others.
    pub(super) fn settle_groups(&mut self) {
        for table in 0..self.tables.len() {
            for link in 0..self.tables[table].links.len() {
                if let Some(choice) = self.tables[table].links[link].choice
                    && !choice.within.is_empty()
                {
                    self.settle_within(table, link, choice);
                }
            }
        }
        self.settle_distinct();
        self.settle_diamonds();
    }

    /// What chooses among parents needs a reference.
    pub(super) fn refuse_choice_without_reference(&mut self, table: usize, column: usize) {
        let of = self.tables[table].spec;
        let column = &of.columns[column];
        let in_key = |key: &crate::spec::ForeignKeySpec| {
            key.columns.iter().any(|name| name.value == column.name.value)
        };
        let is_in_key = of.foreign_keys.iter().any(in_key);
        let about_parents =
            column.choice.said().map(|(key, span)| (key, span, "is about the choice of a parent"));
        let earlier = column.earlier.map(|span| ("earlier", span, "is about rows of the same table"));
        let moment = column.valid_at.as_ref();
        let moment = moment.map(|text| ("valid_at", text.span, "chooses among the versions of a table"));
        for (key, span, what) in earlier.into_iter().chain(about_parents).chain(moment) {
            let help = match is_in_key {
                true => format!("write `{key}` in the table's `foreign_keys`, where the reference stands"),
                false => "say what the column refers to: `references: table`".to_owned(),
            };
            self.refuse(span, format!("`{key}` needs `references`: it {what}"), help);
        }
    }

    fn settle_within(&mut self, table: usize, link: usize, choice: &ParentChoice) {
        let of = &self.tables[table].links[link];
        let span = choice.within[0].column.span;
        let refusal = match (&of.kind, of.distribution) {
            (LinkKind::FanOut, None) => None,
            (LinkKind::FanOut, Some(_)) => Some((
                "within a group, parents share its rows alike",
                "leave out `distribution`, or say by `weight` how popular each of them is",
            )),
            (LinkKind::Per | LinkKind::Sample | LinkKind::Factor, _) => Some((
                "the table's rows are made per this parent, which leaves nothing to choose",
                "write `within` at the other reference",
            )),
            (LinkKind::OneToOne, _) => {
                Some(("a unique reference cannot stay within a group", "leave out `unique`, or `within`"))
            }
            (LinkKind::ValidAt { .. }, _) => {
                Some(("`valid_at` and `within` cannot be combined", "leave out one of them"))
            }
            (LinkKind::Listed, _) => {
                Some(("`rows` gives this reference its values", "leave out `within`, or its values"))
            }
            (LinkKind::Earlier, _) => return self.settle_thread(table, link, &choice.within),
            _ => Some((
                "`expr` computes the reference, so there is nothing to choose",
                "leave out `within`, or `expr`",
            )),
        };
        if let Some((message, help)) = refusal {
            return self.refuse(span, message, help);
        }
        let parent = of.table;
        let mut groups: Vec<GroupPath> = Vec::new();
        for within in &choice.within {
            let Some((group, group_table)) = self.group_of(table, link, within) else { return };
            let Some(through) = self.link_to_group(table, link, parent, group_table, within) else { return };
            if groups.iter().any(|other| other.group == group) {
                let message = format!("`{}` stands twice under `within`", within.column.value);
                return self.refuse(within.column.span, message, "name each group once");
            }
            groups.push(GroupPath { group, through });
        }
        self.tables[table].links[link].kind = match groups.as_slice() {
            [GroupPath { group, through }] if !choice.lists_groups() => {
                LinkKind::Within { group: *group, path: vec![*through], inferred: false }
            }
            _ => LinkKind::Among { groups, distinct: None },
        };
    }

    /// `earlier` and `within` together: to earlier rows of the same group.
    fn settle_thread(&mut self, table: usize, link: usize, groups: &[WithinSpec]) {
        let of = &self.tables[table].links[link];
        let within = &groups[0];
        let span = within.column.span;
        if let Some(second) = groups.get(1) {
            let message = "`earlier` references stay within one group";
            let help = "name one column; a table of the combinations can be a group";
            return self.refuse(second.column.span, message, help);
        }
        if let Some(call) = of.distribution {
            let message = "`earlier` references are spread evenly over earlier rows";
            return self.refuse(call.name.span, message, "leave out `distribution`");
        }
        if of.choice.is_some_and(|choice| choice.tree.is_some()) {
            let help = "write `earlier: true`; `null: 30%` makes more roots";
            return self.refuse(span, "a tree's form is for whole tables, not for groups", help);
        }
        match self.group_of(table, link, within) {
            Some((Some(group), _)) => self.tables[table].links[link].kind = LinkKind::Thread { group },
            Some((None, _)) => {
                let message = format!("no two rows share `{}`, so none is earlier", within.column.value);
                self.refuse(span, message, "name a column that refers to a table of groups");
            }
            None => {}
        }
    }

    /// The link of this table that leads to the group, none where a row is its own group; and the groups' table.
    fn group_of(&mut self, table: usize, link: usize, within: &WithinSpec) -> Option<(Option<usize>, usize)> {
        let column = self.find_column(table, &within.column)?;
        let of = &self.tables[table];
        if of.columns[column].broken {
            return None;
        }
        let name = &within.column.value;
        match of.columns[column].link {
            Some((group, _)) if group == link => {
                let message = format!("`{name}` cannot be chosen within itself");
                self.refuse(within.column.span, message, "name the column that leads to the group");
                None
            }
            Some((group, _)) if of.links[group].kind == LinkKind::Key => {
                let message = format!("the rows of a group cannot be listed: `{name}` is computed");
                let help = "leave out its `expr`, or write a path over one reference, `parent.column`, whose column may be such a path itself";
                self.refuse(within.column.span, message, help);
                None
            }
            Some((group, _)) => Some((Some(group), of.links[group].table)),
            None if of.primary_key == [column] || of.is_unique(column) => Some((None, table)),
            None => {
                let message = format!("`{name}` leads to no group: it is no reference");
                let help = "name a column that refers to a table which the referenced one refers to as well, or this \
                            table's own key";
                self.refuse(within.column.span, message, help);
                None
            }
        }
    }

    /// The link of the referenced table that leads to the groups.
    fn link_to_group(
        &mut self,
        table: usize,
        link: usize,
        parent: usize,
        group_table: usize,
        within: &WithinSpec,
    ) -> Option<usize> {
        let leads = |draft: &Self, at: usize| {
            let of = &draft.tables[parent].links[at];
            of.table == group_table && of.kind != LinkKind::Key && (parent, at) != (table, link)
        };
        if let Some(name) = &within.through {
            let column = self.find_column(parent, name)?;
            let found = self.tables[parent].columns[column].link.map(|(link, _)| link);
            let found = found.filter(|at| leads(self, *at));
            if found.is_none() && !self.tables[parent].columns[column].broken {
                let (parent, group) = (self.tables[parent].name(), self.tables[group_table].name());
                let message = format!("`{}` of `{parent}` does not refer to `{group}`", name.value);
                self.refuse(
                    name.span,
                    message,
                    format!("name a column of `{parent}` that refers to `{group}`"),
                );
            }
            return found;
        }
        let of = &self.tables[parent];
        let candidates: Vec<usize> = (0..of.links.len()).filter(|at| leads(self, *at)).collect();
        // What is called the same is the same, also where the parent refers to the groups in other ways too.
        let namesake = candidates.iter().find(|at| of.link_columns(**at) == within.column.value);
        match candidates.as_slice() {
            [only] => Some(*only),
            _ if namesake.is_some() => namesake.copied(),
            [] if !of.broken_aliases.is_empty() || of.spec.broken => None,
            [] => {
                let (parent, group) = (of.name(), self.tables[group_table].name());
                let message = format!(
                    "`{parent}` does not refer to `{group}`, so its rows are in none of these groups"
                );
                let help =
                    format!("give `{parent}` a column that refers to `{group}`, or leave out `within`");
                self.refuse(within.column.span, message, help);
                None
            }
            several => {
                let names: Vec<String> = several.iter().map(|at| of.link_columns(*at)).collect();
                let group = self.tables[group_table].name();
                let message = format!("`{}` refers to `{group}` in more than one way", of.name());
                let help = format!(
                    "write `within: {{{}: {}}}`, or another of {}",
                    within.column.value,
                    names[0],
                    names.join(", ")
                );
                self.refuse(within.column.span, message, help);
                None
            }
        }
    }

    /// One relation after the other: from rows of `table` along its links.
    pub(super) fn along(
        &mut self,
        first: Arc<dyn Relation>,
        mut table: usize,
        path: &[usize],
    ) -> Option<Arc<dyn Relation>> {
        let mut relation = first;
        for link in path {
            relation = Arc::new(Through::new(relation, self.relation(table, *link)?));
            table = self.tables[table].links[*link].table;
        }
        Some(relation)
    }

    /// From the rows of a table to their groups, along at least one link.
    fn path_relation(&mut self, table: usize, path: &[usize]) -> Option<Arc<dyn Relation>> {
        let (first, rest) = path.split_first().expect("a path has a link");
        let next = self.tables[table].links[*first].table;
        let first = self.relation(table, *first)?;
        self.along(first, next, rest)
    }

    /// The relation of a link that stays within a group.
    pub(super) fn within(
        &mut self,
        table: usize,
        link: usize,
        group: Option<usize>,
        path: &[usize],
        inferred: bool,
    ) -> Option<Arc<dyn Relation>> {
        let parent = self.tables[table].links[link].table;
        let to_group: Arc<dyn Relation> = match group {
            Some(group) => self.relation(table, group)?,
            None => Arc::new(Direct::new(self.tables[table].rows)),
        };
        let parents = self.path_relation(parent, path)?;
        if inferred && !self.is_optional(table, link) {
            let group_table = group.map_or(table, |group| self.tables[table].links[group].table);
            // Whom a deferred reference chooses is not known yet.
            let is_deferred = group.is_some_and(|group| self.is_deferred(table, group));
            let lacking = (0..self.tables[group_table].rows).find(|row| {
                parents.child_count(*row) == 0 && (is_deferred || to_group.child_count(*row) > 0)
            });
            if let Some(row) = lacking {
                self.warn_left_independent(table, link, group_table, row);
                return self.drawn_relation(table, link);
            }
        }
        let key = self.key(table, &self.tables[table].link_columns(link), "within");
        Some(Arc::new(Within::new(to_group, parents, key)))
    }

    pub(super) fn is_optional(&self, table: usize, link: usize) -> bool {
        let of = &self.tables[table];
        of.links[link].columns.iter().all(|column| !of.is_not_null(*column))
    }

    fn warn_left_independent(&mut self, table: usize, link: usize, group_table: usize, row: u64) {
        let span = self.tables[table].links[link].span;
        // What was told of it before does not come true.
        self.notes.retain(|note| note.span != Some(span) || note.severity != Severity::Note);
        let of = &self.tables[table];
        let name = of.link_columns(link);
        let (parent, group) = (self.tables[of.links[link].table].name(), self.tables[group_table].name());
        let message = format!(
            "`{name}` is not held to the row's other references: row {} of `{group}` has no `{parent}`",
            row + 1
        );
        let problem = Diagnostic::new(span, message).severity(Severity::Warning);
        self.notes.push(
            problem
                .help(format!("give every row of `{group}` one: `rows: {{per: {group}, min: 1, ...}}`"))
                .help("or write `independent: true`, if the two have nothing to do with each other"),
        );
    }

    /// The parents of a link for which the row's other references find somebody too; `None` inside where that are all.
    pub(super) fn with_partners(&mut self, table: usize, link: usize) -> Option<Option<Selection>> {
        let of = &self.tables[table].links[link];
        let (parent, partners) = (of.table, of.partners.clone());
        let rows = self.tables[parent].rows;
        if partners.is_empty() || rows > Selection::MOST_ROWS {
            return Some(None);
        }
        let mut needed = Vec::new();
        for partner in &partners {
            let members = self.path_relation(partner.table, &partner.path)?;
            let up = match partner.up.is_empty() {
                true => None,
                false => Some(self.path_relation(parent, &partner.up)?),
            };
            needed.push((up, members));
        }
        let selection = Selection::new(rows, |row| {
            needed.iter().all(|(up, members)| {
                let group = up.as_ref().map_or(row, |up| up.parent(row));
                group != NO_PARENT && members.child_count(group) > 0
            })
        });
        // None at all: then there is nothing to hold to, and the warning says so.
        Some(Some(selection).filter(|chosen| chosen.count() > 0 && chosen.count() < rows))
    }

    /// What to say where a reference that must be there finds no parent.
    pub(super) fn without_parent(&self, table: usize, link: usize) -> String {
        let of = &self.tables[table].links[link];
        let parent = self.tables[of.table].name();
        let group = match &of.kind {
            LinkKind::Within { group, .. } => group,
            LinkKind::Among { groups, .. } => return self.without_listed_parent(table, groups, parent),
            _ => return "null value in a column that is not null".to_owned(),
        };
        let group = group.map_or(table, |group| self.tables[table].links[group].table);
        let group = self.tables[group].name();
        format!(
            "the row's `{group}` has no `{parent}` to refer to; make `{parent}` `per: {group}` with `min: 1`, or let the \
             reference be null"
        )
    }

    pub(super) fn refuse_link_cycle(&mut self, table: usize, link: usize) {
        let of = &self.tables[table];
        let start = self.links_in_making.iter().position(|at| *at == (table, link)).unwrap_or(0);
        let chain: Vec<String> = self.links_in_making[start..]
            .iter()
            .chain([&(table, link)])
            .map(|(table, link)| {
                format!("{}.{}", self.tables[*table].name(), self.tables[*table].link_columns(*link))
            })
            .collect();
        let message = format!("the reference `{}` depends on itself", of.link_columns(link));
        let problem = Diagnostic::new(of.links[link].span, message);
        let problem = problem.help(format!("the chain: {}", chain.join(" -> ")));
        self.problems.push(problem.help("leave out `within` at one of them"));
    }
}
