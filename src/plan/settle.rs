//! The first half of planning: parameters, types, keys and links, from what the spec says.

use super::correlation::NOT_DRAWN;
use super::draft::{ColumnDraft, Draft, LinkDraft, LinkKind, Overrides, ParamValue, TableDraft};
use super::model::Input;
use crate::diagnostic::Diagnostic;
use crate::spec::{At, ColumnSpec, Generator, Reference, RowsSpec, Spec};
use crate::value::parse::{self, Scalar};
use crate::value::{SqlType, parse::timestamp};
use std::collections::HashSet;

/// The seed of specs that name none.
const DEFAULT_SEED: u64 = 42;

/// What "now" is when a spec does not say: 2026-01-01.
const DEFAULT_AS_OF: &str = "2026-01-01";

impl<'s> Draft<'s> {
    /// Settles everything that needs no row counts and no expressions.
    pub fn new(spec: &'s Spec, overrides: &Overrides) -> Self {
        let mut draft = Draft {
            spec,
            seed: overrides.seed.or(spec.seed).unwrap_or(DEFAULT_SEED),
            scale: overrides.scale.unwrap_or(1.0),
            as_of: timestamp(DEFAULT_AS_OF).expect("the default is a date"),
            params: Vec::new(),
            tables: Vec::new(),
            problems: Vec::new(),
            notes: spec.notes.clone(),
            conditions: Vec::new(),
            choices: Vec::new(),
            links_in_making: Vec::new(),
            unproved: None,
            is_business_key: false,
            grammars: Vec::new(),
            pools: Vec::new(),
        };
        draft.settle_as_of();
        draft.settle_params(overrides);
        draft.settle_tables();
        draft.settle_primary_keys();
        draft.settle_types();
        draft.settle_links();
        draft.compile_grammars();
        draft
    }

    fn settle_as_of(&mut self) {
        let Some(as_of) = &self.spec.as_of else { return };
        match timestamp(&as_of.value) {
            Some(micros) => self.as_of = micros,
            None => {
                let message = format!("`as_of` must be a date such as 2026-01-01, found `{}`", as_of.value);
                self.problems.push(Diagnostic::new(as_of.span, message));
            }
        }
    }

    fn settle_params(&mut self, overrides: &Overrides) {
        for (name, _) in &overrides.params {
            let known = || self.spec.params.iter().map(|param| param.name.value.as_str());
            if !known().any(|known| known == name) {
                let message = format!("--param: the spec has no parameter `{name}`");
                let problem = Diagnostic::nowhere(message).suggest(name, known());
                self.problems.push(problem.help(match known().next() {
                    None => "it declares none; parameters stand under `params:`".to_owned(),
                    Some(_) => format!("its parameters: {}", known().collect::<Vec<_>>().join(", ")),
                }));
            }
        }
        for param in &self.spec.params {
            let given = overrides.params.iter().rev().find(|(name, _)| *name == param.name.value);
            let text = given.map_or(&param.value.value, |(_, value)| value);
            match param_value(text, param.is_text) {
                Some((value, sql_type)) => {
                    self.params.push(ParamValue { name: param.name.value.clone(), value, sql_type });
                }
                None => self.problems.push(Diagnostic::nowhere(format!(
                    "--param: `{}` is a number or a boolean like its default `{}`, found `{text}`",
                    param.name.value, param.value.value
                ))),
            }
        }
    }

    fn settle_tables(&mut self) {
        for table in &self.spec.tables {
            // Types come later; until then any will do.
            let columns = table.columns.iter().map(|spec| ColumnDraft {
                spec,
                sql_type: SqlType::Text,
                link: None,
                digits: None,
                is_unique_in_key: false,
                given: None,
                correlated: None,
                rises: Err(NOT_DRAWN),
                broken: spec.broken,
            });
            let columns: Vec<_> = columns.collect();
            self.tables.push(TableDraft {
                spec: table,
                inputs: (0..columns.len()).map(Input::Column).collect(),
                columns,
                rows: 0,
                primary_key: Vec::new(),
                links: Vec::new(),
                factors: Vec::new(),
                history: None,
                input_types: Vec::new(),
                broken_aliases: Vec::new(),
            });
        }
    }

    fn settle_primary_keys(&mut self) {
        for table in 0..self.tables.len() {
            let spec = self.tables[table].spec;
            let listed: Vec<usize> =
                spec.primary_key.iter().filter_map(|name| self.find_column(table, name)).collect();
            let marked: Vec<usize> =
                (0..spec.columns.len()).filter(|at| spec.columns[*at].primary_key.is_some()).collect();
            if let (Some(name), Some(at)) = (spec.primary_key.first(), marked.first()) {
                let message = format!("table `{}` has two primary keys", spec.name.value);
                let help = format!("column `{}` is marked as primary key too", spec.columns[*at].name.value);
                self.problems.push(Diagnostic::new(name.span, message).help(help));
            }
            if marked.len() > 1 {
                let span = spec.columns[marked[1]].primary_key.expect("it is marked");
                let problem = Diagnostic::new(span, "a second column is marked as primary key");
                let names: Vec<&str> =
                    marked.iter().map(|at| spec.columns[*at].name.value.as_str()).collect();
                self.problems.push(
                    problem.help(format!("for a composite key write `primary_key: [{}]`", names.join(", "))),
                );
            }
            self.tables[table].primary_key = if listed.is_empty() { marked } else { listed };
        }
    }

    /// Types as given; of references, the referenced column's.
    fn settle_types(&mut self) {
        for table in 0..self.tables.len() {
            for column in 0..self.tables[table].columns.len() {
                match self.column_type(table, column, &mut HashSet::new()) {
                    Some(sql_type) => self.tables[table].columns[column].sql_type = sql_type,
                    None => self.tables[table].columns[column].broken = true,
                }
            }
            let of = &mut self.tables[table];
            of.input_types = of.columns.iter().map(|column| column.sql_type.clone()).collect();
        }
    }

    fn column_type(
        &mut self,
        table: usize,
        column: usize,
        seen: &mut HashSet<(usize, usize)>,
    ) -> Option<SqlType> {
        let spec: &ColumnSpec = self.tables[table].columns[column].spec;
        if let Some(sql_type) = &spec.sql_type {
            return Some(sql_type.value.clone());
        }
        if let Some((reference, place)) = reference_of(self.tables[table].spec, spec) {
            if !seen.insert((table, column)) {
                let message =
                    format!("the type of `{}` follows from references in a circle", spec.name.value);
                self.problems.push(Diagnostic::new(spec.name.span, message).help("write its `type`"));
                return None;
            }
            // Unknown tables and columns are reported where links are made.
            let parent = self.table_index(&reference.table.value)?;
            let key = match reference.columns.get(place) {
                Some(name) => self.tables[parent].column_index(&name.value)?,
                None => *self.tables[parent].primary_key.get(place)?,
            };
            return self.column_type(parent, key, seen);
        }
        if let Some(one) = spec.one_of.as_ref().and_then(|of| of.tables.first()) {
            let parent = self.table_index(&one.table.value)?;
            let key = *self.tables[parent].primary_key.first()?;
            return self.column_type(parent, key, seen);
        }
        match implied_type(&spec.generator) {
            Some(sql_type) => Some(sql_type),
            None if spec.broken => None,
            None => {
                let message = format!("column `{}` has no type", spec.name.value);
                self.problems.push(
                    Diagnostic::new(spec.name.span, message).help("write `type: text`, or another SQL type"),
                );
                None
            }
        }
    }

    fn settle_links(&mut self) {
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
            if let Some(one_of) = &of.one_of {
                self.settle_one_of(table, column, one_of);
                continue;
            }
            let Some(reference) = &of.references else {
                if let Some(span) = of.earlier {
                    self.problems.push(Diagnostic::new(
                        span,
                        "`earlier` needs `references`: it is about rows of the same table",
                    ));
                }
                self.refuse_choice_without_reference(table, column);
                if let Some(text) = &of.valid_at {
                    let message = "`valid_at` needs `references`: it chooses among the versions of a table";
                    self.refuse(text.span, message, "name the table by `references`");
                }
                continue;
            };
            let Some((parent, keys)) = self.referenced(reference, 1, !of.hidden) else {
                self.break_link(table, column, &alias(&of.name.value), &reference.table.value);
                continue;
            };
            self.check_key_type(table, column, parent, keys[0], reference.table.span);
            self.check_valid_at(table, column, parent);
            if let Some(span) = of.earlier.filter(|_| parent != table) {
                let message = "`earlier` is for references to the same table";
                self.problems.push(Diagnostic::new(span, message));
            }
            let kind = match () {
                () if matches!(of.generator, Generator::Expression(_)) => LinkKind::Key,
                () if of.earlier.is_some() => LinkKind::Earlier,
                () if of.valid_at.is_some() => LinkKind::ValidAt,
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
                null: of.null.as_ref().map(|share| share.value),
                span: of.name.span,
                partners: Vec::new(),
                target: None,
            };
            self.tables[table].links.push(link);
            let link = self.tables[table].links.len() - 1;
            self.tables[table].columns[column].link = Some((link, keys[0]));
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
        for key in &spec.foreign_keys {
            let columns: Vec<usize> =
                key.columns.iter().filter_map(|name| self.find_column(table, name)).collect();
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
            let kind = match key.earlier {
                Some(_) => LinkKind::Earlier,
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
                null: key.null.as_ref().map(|share| share.value),
                span: key.reference.table.span,
                partners: Vec::new(),
                target: None,
            });
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
        let same = target.table == link.table && parent_key == key && target.kind != LinkKind::Key;
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

    /// The referenced table and columns: those named, or the primary key.
    fn referenced(
        &mut self,
        reference: &Reference,
        count: usize,
        is_written: bool,
    ) -> Option<(usize, Vec<usize>)> {
        let parent = self.find_table(&reference.table)?;
        let of = &self.tables[parent];
        if of.spec.hidden && is_written {
            let problem = Diagnostic::new(
                reference.table.span,
                format!("table `{}` is hidden: nothing is written that could be referred to", of.name()),
            );
            self.problems.push(problem.help(
                "let the column be `hidden` too, or compute the value by `expr`, without `references`",
            ));
            return None;
        }
        let keys = match reference.columns.is_empty() {
            true => of.primary_key.clone(),
            false => {
                let named: Vec<usize> =
                    reference.columns.iter().filter_map(|name| self.find_column(parent, name)).collect();
                if named.len() != reference.columns.len() {
                    return None;
                }
                named
            }
        };
        let of = &self.tables[parent];
        if keys.len() != count {
            let message = match keys.len() {
                0 => format!("table `{}` has no primary key to refer to", of.name()),
                found => format!("the key of `{}` has {found} column(s), the reference {count}", of.name()),
            };
            let problem = Diagnostic::new(reference.table.span, message);
            self.problems.push(
                problem.help("write `references: table(column)`, or list as many columns on both sides"),
            );
            return None;
        }
        if !self.is_key(parent, &keys) {
            let names: Vec<&str> = keys.iter().map(|at| of.columns[*at].name()).collect();
            let message =
                format!("`{}({})` is not unique, so rows cannot refer to it", of.name(), names.join(", "));
            let problem = Diagnostic::new(reference.table.span, message);
            self.problems.push(problem.help("make it a primary key or `unique`"));
            return None;
        }
        Some((parent, keys))
    }

    /// Whether these columns are the primary key or a unique constraint, in any order.
    fn is_key(&self, table: usize, columns: &[usize]) -> bool {
        let of = &self.tables[table];
        let same =
            |other: &[usize]| other.len() == columns.len() && columns.iter().all(|at| other.contains(at));
        let listed = |names: &Vec<At<String>>| {
            same(&names.iter().filter_map(|name| of.column_index(&name.value)).collect::<Vec<_>>())
        };
        same(&of.primary_key)
            || (columns.len() == 1 && of.is_unique(columns[0]))
            || of.spec.uniques.iter().any(listed)
    }

    pub(super) fn check_key_type(
        &mut self,
        table: usize,
        column: usize,
        parent: usize,
        key: usize,
        span: crate::diagnostic::Span,
    ) {
        let own = &self.tables[table].columns[column].sql_type;
        let other = &self.tables[parent].columns[key].sql_type;
        let fits =
            own == other || (own.is_integer() && other.is_integer()) || (own.is_text() && other.is_text());
        if !fits {
            let message = format!(
                "`{}` is {own}, but `{}.{}` is {other}",
                self.tables[table].columns[column].name(),
                self.tables[parent].name(),
                self.tables[parent].columns[key].name()
            );
            let problem = Diagnostic::new(span, message);
            self.problems.push(problem.help(format!(
                "a reference has the type of its key: write `{other}`, or leave the type out"
            )));
        }
    }
}

/// A parameter's value: as its default was written, a number, a boolean or a text.
fn param_value(text: &str, is_text: bool) -> Option<(Scalar, SqlType)> {
    if is_text {
        return Some((Scalar::Text(text.into()), SqlType::Text));
    }
    match text {
        "true" => return Some((Scalar::Bool(true), SqlType::Boolean)),
        "false" => return Some((Scalar::Bool(false), SqlType::Boolean)),
        _ => {}
    }
    let (unscaled, scale) = parse::decimal(text)?;
    if scale == 0
        && let Ok(value) = i64::try_from(unscaled)
    {
        let is_int = i32::try_from(value).is_ok();
        return Some((Scalar::Int(value), if is_int { SqlType::Int } else { SqlType::BigInt }));
    }
    let digits = unscaled.unsigned_abs().checked_ilog10().map_or(1, |log| log as u8 + 1).max(scale);
    let value = match digits <= 18 {
        true => Scalar::Int(unscaled as i64),
        false => Scalar::Wide(unscaled),
    };
    Some((value, SqlType::numeric(digits, scale)))
}

/// The type of a column that names none, where its generator makes only one.
pub(super) fn implied_type(generator: &Generator) -> Option<SqlType> {
    match generator {
        Generator::Fake { .. }
        | Generator::Template(_)
        | Generator::Pattern(_)
        | Generator::FittingPattern(_) => Some(SqlType::Text),
        Generator::Grammar(_) | Generator::Slice(_) | Generator::Alphabet(_) => Some(SqlType::Text),
        Generator::Object(_) | Generator::Array(_) => Some(SqlType::Jsonb),
        Generator::Sequence { .. } => Some(SqlType::BigInt),
        Generator::Uuid(_) => Some(SqlType::Uuid),
        _ => None,
    }
}

/// What a column refers to, by itself or as a part of a foreign key, and its place among the key's columns.
fn reference_of<'s>(
    table: &'s crate::spec::TableSpec,
    column: &'s ColumnSpec,
) -> Option<(&'s Reference, usize)> {
    let own = column.references.as_ref().map(|reference| (reference, 0));
    own.or_else(|| {
        table.foreign_keys.iter().find_map(|key| {
            let place = key.columns.iter().position(|name| name.value == column.name.value)?;
            Some((&key.reference, place))
        })
    })
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
