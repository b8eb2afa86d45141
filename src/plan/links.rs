//! Links between tables, from references, foreign keys and `rows:`; what parents are called.

use super::draft::{Draft, Entity, LinkDraft, LinkKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::spec::{At, Generator, RowsSpec};

impl Draft<'_> {
    pub(super) fn settle_links(&mut self) {
        for table in 0..self.tables.len() {
            self.settle_column_links(table);
            self.settle_composite_links(table);
            self.settle_per_link(table);
            self.settle_shape_links(table);
        }
        self.settle_computed_links();
        self.settle_groups();
        for table in 0..self.tables.len() {
            self.add_plural_aliases(table);
        }
    }

    /// One link for each column that refers to a table, but for those whose value is an expression.
    fn settle_column_links(&mut self, table: usize) {
        let spec = self.tables[table].spec;
        for (column, of) in spec.columns.iter().enumerate() {
            if let Some(at) = self.one_of_at(table, column) {
                self.settle_one_of(table, column, &at);
                continue;
            }
            let Some(reference) = &of.references else {
                self.refuse_choice_without_reference(table, column);
                continue;
            };
            let Some((parent, keys)) = self.referenced(reference, 1, !of.hidden) else {
                self.break_link(table, column, &alias(&of.name.value), &reference.table.value);
                continue;
            };
            self.check_key_type(table, column, parent, keys[0], reference.table.span);
            self.check_earlier(table, parent, of.earlier);
            let kind = match () {
                () if matches!(of.generator, Generator::Expression(_)) => LinkKind::Key,
                () if of.earlier.is_some() => LinkKind::Earlier,
                () if of.valid_at.is_some() => LinkKind::ValidAt { entity: Entity::Drawn },
                () if self.tables[table].is_unique(column) => LinkKind::OneToOne,
                () => LinkKind::FanOut,
            };
            if !matches!(of.generator, Generator::Expression(_) | Generator::Unnamed) {
                let message = format!(
                    "`{}` is a reference: its values are the keys of `{}`",
                    of.name.value, reference.table.value
                );
                let problem = Diagnostic::new(of.name.span, message);
                self.problems.push(problem.help("leave out the generator, or compute the key by `expr`"));
            }
            let link = LinkDraft {
                aliases: vec![alias(&of.name.value)],
                table: parent,
                columns: vec![column],
                kind,
                distribution: of.distribution.as_ref(),
                choice: Some(&of.choice),
                valid_at: of.valid_at.as_ref(),
                null: of.null.as_ref().map(|share| share.value),
                span: of.name.span,
                partners: Vec::new(),
                target: None,
            };
            self.tables[table].links.push(link);
            let link = self.tables[table].links.len() - 1;
            self.tables[table].columns[column].link = Some((link, keys[0]));
            self.check_valid_at(table, link, of.earlier.is_some());
        }
    }

    fn check_earlier(&mut self, table: usize, parent: usize, earlier: Option<Span>) {
        if let Some(span) = earlier.filter(|_| parent != table) {
            let message = "`earlier` is for references to the same table";
            self.refuse(span, message, "leave it out, or refer to this table");
        }
    }

    /// Remembers that a reference was refused, so that nothing is said of what builds on it.
    fn break_link(&mut self, table: usize, column: usize, alias: &str, parent: &str) {
        let of = &mut self.tables[table];
        of.columns[column].broken = true;
        of.broken_aliases.extend([alias.to_owned(), singular(parent), parent.to_owned()]);
    }

    /// One link for each foreign key over several columns.
    fn settle_composite_links(&mut self, table: usize) {
        let spec = self.tables[table].spec;
        // Their links were made with their columns'.
        for name in spec.one_of_keys.iter().flat_map(|key| &key.columns) {
            self.find_column(table, name);
        }
        for key in &spec.foreign_keys {
            let columns: Vec<usize> =
                key.columns.iter().filter_map(|name| self.find_key_column(table, name)).collect();
            let Some((parent, keys)) = self.referenced(&key.reference, key.columns.len(), true) else {
                let parent = &key.reference.table.value;
                columns.iter().for_each(|column| self.break_link(table, *column, &singular(parent), parent));
                continue;
            };
            if columns.len() != key.columns.len() {
                continue;
            }
            for (column, parent_column) in columns.iter().zip(&keys) {
                self.check_key_type(table, *column, parent, *parent_column, key.reference.table.span);
            }
            self.check_earlier(table, parent, key.earlier);
            let kind = match key.earlier {
                Some(_) => LinkKind::Earlier,
                None if key.valid_at.is_some() => LinkKind::ValidAt { entity: Entity::Drawn },
                None if columns.len() == 1 && self.tables[table].is_unique(columns[0]) => LinkKind::OneToOne,
                None => LinkKind::FanOut,
            };
            let first_alias = match columns.len() {
                1 => alias(&key.columns[0].value),
                _ => singular(&key.reference.table.value),
            };
            let link = self.tables[table].links.len();
            for (column, parent_column) in columns.iter().zip(&keys) {
                let of = &mut self.tables[table].columns[*column];
                if of.link.is_some() {
                    let message = format!("column `{}` stands in two references", of.spec.name.value);
                    self.problems.push(Diagnostic::new(of.spec.name.span, message));
                }
                of.link = Some((link, *parent_column));
            }
            self.tables[table].links.push(LinkDraft {
                aliases: vec![first_alias],
                table: parent,
                columns,
                kind,
                distribution: key.distribution.as_ref(),
                choice: Some(&key.choice),
                valid_at: key.valid_at.as_ref(),
                null: key.null.as_ref().map(|share| share.value),
                span: key.reference.table.span,
                partners: Vec::new(),
                target: None,
            });
            self.check_valid_at(table, link, key.earlier.is_some());
        }
    }

    /// The link to the parent that rows are made for: one of those above, or one of its own.
    fn settle_per_link(&mut self, table: usize) {
        let Some(RowsSpec::Per(per)) = &self.tables[table].spec.rows else { return };
        if let Some(link) = self.link_to_parent(table, &per.table, per.through.as_ref()) {
            self.make_rows_follow(table, link, LinkKind::Per);
        }
    }

    /// The link to a parent that `rows:` names: the one of `through`, the only one, or one of its own.
    pub(super) fn link_to_parent(
        &mut self,
        table: usize,
        parent_name: &At<String>,
        through: Option<&At<String>>,
    ) -> Option<usize> {
        let Some(parent) = self.find_table(parent_name) else {
            let of = &mut self.tables[table];
            of.broken_aliases.extend([singular(&parent_name.value), parent_name.value.clone()]);
            return None;
        };
        let to_parent = |link: &LinkDraft| {
            link.table == parent && !matches!(link.kind, LinkKind::Key | LinkKind::OneOf { .. })
        };
        let candidates: Vec<usize> = (0..self.tables[table].links.len())
            .filter(|at| to_parent(&self.tables[table].links[*at]))
            .collect();
        match (through, candidates.as_slice()) {
            (Some(name), _) => {
                let column = self.find_column(table, name)?;
                let link = self.tables[table].columns[column].link.map(|(link, _)| link);
                let found = link.filter(|link| candidates.contains(link));
                if found.is_none() {
                    let message = format!("`{}` does not refer to `{}`", name.value, parent_name.value);
                    self.problems.push(Diagnostic::new(name.span, message));
                }
                found
            }
            (None, [only]) => Some(*only),
            (None, []) => {
                self.tables[table].links.push(LinkDraft {
                    aliases: vec![singular(&parent_name.value)],
                    table: parent,
                    columns: Vec::new(),
                    kind: LinkKind::Per,
                    distribution: None,
                    choice: None,
                    valid_at: None,
                    null: None,
                    span: parent_name.span,
                    partners: Vec::new(),
                    target: None,
                });
                Some(self.tables[table].links.len() - 1)
            }
            (None, several) => {
                let of = &self.tables[table];
                let names: Vec<&str> = several
                    .iter()
                    .flat_map(|at| of.links[*at].columns.first())
                    .map(|at| of.columns[*at].name())
                    .collect();
                let message = format!("several columns refer to `{}`", parent_name.value);
                let help = format!("write `through:` with one of {}", names.join(", "));
                self.problems.push(Diagnostic::new(parent_name.span, message).help(help));
                None
            }
        }
    }

    /// Lets the table's rows follow those of a link's parent.
    pub(super) fn make_rows_follow(&mut self, table: usize, chosen: usize, kind: LinkKind) {
        let link = &mut self.tables[table].links[chosen];
        link.kind = kind.clone();
        let refusal = match (link.distribution, link.null) {
            (Some(call), _) => {
                let problem =
                    Diagnostic::new(call.name.span, "this column has one parent's rows after the other's");
                Some(match kind {
                    LinkKind::Per => problem.help("write the distribution under `rows: {per: ...}`"),
                    _ => problem.help("leave out `distribution`"),
                })
            }
            (None, Some(share)) if share > 0.0 => {
                let problem = Diagnostic::new(link.span, "a row that is made for a parent cannot have none");
                Some(problem.help("leave out `null`"))
            }
            _ => None,
        };
        self.problems.extend(refusal);
    }

    /// References whose value is a path through other references lead where that path leads. They may build on each other.
    fn settle_computed_links(&mut self) {
        loop {
            let mut found = None;
            for (table, of) in self.tables.iter().enumerate() {
                for (at, link) in of.links.iter().enumerate().filter(|(_, link)| link.kind == LinkKind::Key) {
                    if let Some(kind) = self.composed(table, link) {
                        found = Some((table, at, kind));
                    }
                }
            }
            let Some((table, at, kind)) = found else { return };
            self.tables[table].links[at].kind = kind;
        }
    }

    /// `expr: address.customer_id` of a column that refers to customers: through `address`, then through its `customer_id`.
    fn composed(&self, table: usize, link: &LinkDraft) -> Option<LinkKind> {
        let of = &self.tables[table];
        let column = &of.columns[*link.columns.first()?];
        let (_, key) = column.link?;
        let Generator::Expression(text) = &column.spec.generator else { return None };
        let (first, rest) = text.value.trim().split_once('.')?;
        let first = of.link_index(first)?;
        if of.links[first].kind == LinkKind::Key {
            return None;
        }
        let parent = &self.tables[of.links[first].table];
        let parent_column = &parent.columns[parent.column_index(rest)?];
        let (then, parent_key) = parent_column.link?;
        let target = &parent.links[then];
        // What a moment chooses there is known by its key here.
        let is_followed = target.kind != LinkKind::Key && !target.kind.is_valid_at();
        let same = target.table == link.table && parent_key == key && is_followed;
        same.then_some(LinkKind::Through { first, path: vec![then] })
    }

    /// A parent can also be called by its table's name, where that says which one is meant.
    fn add_plural_aliases(&mut self, table: usize) {
        for at in 0..self.tables[table].links.len() {
            let parent = self.tables[table].links[at].table;
            let parent_name = self.tables[parent].name().to_owned();
            let of = &mut self.tables[table];
            let to_parent = of.links.iter().filter(|link| link.table == parent).count();
            for name in [singular(&parent_name), parent_name] {
                if to_parent == 1 && of.link_index(&name).is_none() {
                    of.links[at].aliases.push(name);
                }
            }
        }
    }
}

/// What expressions call a parent: `customer` for `customer_id`.
pub(super) fn alias(column: &str) -> String {
    for suffix in ["_id", "_key", "_code", "_uuid"] {
        if let Some(stem) = column.strip_suffix(suffix).filter(|stem| !stem.is_empty()) {
            return stem.to_owned();
        }
    }
    column.to_owned()
}

/// `orders` to `order`, `categories` to `category`, `addresses` to `address`.
pub(super) fn singular(table: &str) -> String {
    if let Some(stem) = table.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "shes", "ches"] {
        if table.ends_with(ending) {
            return table[..table.len() - 2].to_owned();
        }
    }
    table.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(table).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_called_as_people_would() {
        assert_eq!(alias("customer_id"), "customer");
        assert_eq!(alias("parent"), "parent");
        for (plural, one) in [
            ("orders", "order"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("news", "new"),
            ("staff", "staff"),
            ("class", "class"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
