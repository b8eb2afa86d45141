//! Constraints and indexes as scripts declare them, and what they are called.

use super::draft::Draft;
use super::indexes::{Declared, element};
use super::model::{ForeignKey, Index, NamedCheck, Unique};
use crate::diagnostic::Diagnostic;
use crate::spec::{At, CheckSpec, Reference};
use std::collections::HashSet;

impl Draft<'_> {
    /// Tables, keys and indexes are of one namespace: a name that is given twice is refused.
    pub(super) fn check_names_of_keys(&mut self) {
        let mut taken: HashSet<String> =
            self.spec.tables.iter().map(|table| table.name.value.clone()).collect();
        // What PostgreSQL calls the keys that have no name.
        let unnamed = self.tables.iter().filter(|table| !table.primary_key.is_empty());
        let unnamed = unnamed.filter(|table| table.spec.primary_key.name.is_none());
        taken.extend(unnamed.map(|table| identifier(&format!("{}_pkey", table.name()))));
        let mut twins: Vec<&At<String>> = Vec::new();
        for table in &self.spec.tables {
            let keys = std::iter::once(&table.primary_key).chain(&table.uniques);
            // Those of other formats give way by a number.
            let keys = keys.filter(|key| !key.is_lenient).filter_map(|key| key.name.as_ref());
            let indexes = table.indexes.iter().filter(|index| !index.is_lenient);
            for name in keys.chain(indexes.filter_map(|index| index.name.as_ref())) {
                if !taken.insert(name.value.clone()) {
                    twins.push(name);
                }
            }
        }
        for name in twins {
            let problem = Diagnostic::new(name.span, format!("the name `{}` is taken", name.value));
            self.problems
                .push(problem.help("tables, keys and indexes need names that differ from each other"));
        }
    }

    /// What is written into scripts as it stands names nothing that only a spec knows: `as_of` and parameters.
    pub(super) fn refuse_names_of_specs(&mut self, table: usize, at: &At<String>, text: &str) {
        let of = &self.tables[table];
        let is_of_spec = |word: &&str| {
            let is_known = *word == "as_of" || self.params.iter().any(|param| param.name == *word);
            is_known && of.column_index(word).is_none()
        };
        if let Some(word) = bare_words(text).find(is_of_spec) {
            let problem = Diagnostic::new(at.span, format!("the database does not know `{word}`"));
            self.problems
                .push(problem.help("what scripts declare reads columns alone: write the value itself"));
        }
    }

    /// The constraints of a table. `names` are those of relations that are taken: tables, keys and indexes share them.
    pub(super) fn constraints(
        &self,
        table: usize,
        group_of: &[usize],
        names: &mut HashSet<String>,
    ) -> Constraints {
        let of = &self.tables[table];
        let name = of.name();
        let column = |name: &At<String>| of.column_index(&name.value).expect("names were looked up");
        let named = |columns: &[usize], kind: &str| {
            let names: Vec<&str> = columns.iter().map(|at| of.columns[*at].name()).collect();
            identifier(&format!("{name}_{}_{kind}", names.join("_")))
        };
        let mut uniques = Vec::new();
        for (at, draft) in of.columns.iter().enumerate() {
            if draft.spec.unique.is_some() && of.primary_key != [at] {
                uniques.push(Unique { name: named(&[at], "key"), columns: vec![at] });
            }
        }
        for unique in of.spec.uniques.iter().filter(|unique| !unique.columns.is_empty()) {
            let columns: Vec<usize> = unique.columns.iter().map(column).collect();
            let given = unique.name.as_ref().map(|name| name.value.clone());
            uniques.push(Unique { name: given.unwrap_or_else(|| named(&columns, "key")), columns });
        }
        let indexes = of.spec.indexes.iter().enumerate().filter_map(|(at, index)| {
            let columns: Vec<usize> = index.columns.iter().map(column).collect();
            let given = index.name.as_ref().map(|name| name.value.clone());
            let name = given.unwrap_or_else(|| match index.expressions.is_empty() {
                true => named(&columns, "idx"),
                false => identifier(&format!("{name}_expr_idx")),
            });
            let written = index.method.clone();
            let (method, operator_class) = match self.declared_index(table, index) {
                Declared::Plain => (written, None),
                Declared::Trigrams(class) => (written, Some(class)),
                Declared::Instead(method) => (Some(method.to_owned()), None),
                Declared::Never => return None,
            };
            let unproved = self.unproved_indexes.iter().find(|(of, number, _)| (*of, *number) == (table, at));
            Some(Index {
                name,
                columns,
                expressions: index.expressions.iter().map(|text| element(of, &text.value)).collect(),
                condition: index.condition.as_ref().map(|condition| condition.value.trim().to_owned()),
                unproved: unproved.map(|(.., unproved)| unproved.clone()),
                unique: index.unique,
                method,
                operator_class,
            })
        });
        let indexes = indexes.collect();
        let checks = self.checks(table);
        let foreign_keys = self.foreign_keys(table, group_of);
        let key_name = of.spec.primary_key.name.as_ref().map(|name| name.value.clone());
        let mut constraints = Constraints { key_name, uniques, indexes, checks, foreign_keys };
        constraints.rename_twins(names);
        constraints
    }

    fn checks(&self, table: usize) -> Vec<NamedCheck> {
        let of = &self.tables[table];
        let mut checks = Vec::new();
        let mut add = |check: &CheckSpec, column: Option<&str>| {
            let name = check.name.clone().unwrap_or_else(|| match column {
                Some(column) => identifier(&format!("{}_{column}_check", of.name())),
                None => identifier(&format!("{}_check", of.name())),
            });
            let compiled =
                self.conditions.iter().find(|(of, span, _)| (*of, *span) == (table, check.expression.span));
            let condition = compiled.map(|(.., condition)| condition.clone());
            let is_declared = !check.by_type;
            let expression = check.expression.value.clone();
            checks.push(NamedCheck { name, expression, condition, is_declared });
        };
        for column in &of.columns {
            column.spec.checks.iter().for_each(|check| add(check, Some(column.name())));
        }
        of.spec.checks.iter().for_each(|check| add(check, None));
        checks
    }

    fn foreign_keys(&self, table: usize, group_of: &[usize]) -> Vec<ForeignKey> {
        let of = &self.tables[table];
        let mut keys = Vec::new();
        for link in of.links.iter().filter(|link| !link.columns.is_empty()) {
            // Hidden columns have no constraints.
            if link.columns.iter().any(|column| of.columns[*column].spec.hidden) || of.spec.hidden {
                continue;
            }
            let (name, reference) = self.declared(table, &link.columns);
            let names: Vec<&str> = link.columns.iter().map(|at| of.columns[*at].name()).collect();
            let default_name = identifier(&format!("{}_{}_fkey", of.name(), names.join("_")));
            let referenced = link.columns.iter().map(|at| of.columns[*at].link.expect("it is a reference").1);
            let in_cycle = group_of[table] == group_of[link.table] && !link.kind.is_earlier();
            keys.push(ForeignKey {
                name: name.unwrap_or(default_name),
                columns: link.columns.clone(),
                table: link.table,
                referenced: referenced.collect(),
                on_delete: reference.on_delete.clone(),
                on_update: reference.on_update.clone(),
                deferrable: in_cycle,
            });
        }
        keys
    }

    /// How a reference was declared: by its column, or in the table's list.
    fn declared(&self, table: usize, columns: &[usize]) -> (Option<String>, &Reference) {
        let of = &self.tables[table];
        if let Some(reference) = &of.columns[columns[0]].spec.references {
            return (None, reference);
        }
        let same = |names: &[At<String>]| {
            names.len() == columns.len()
                && names.iter().zip(columns).all(|(name, at)| name.value == of.columns[*at].name())
        };
        let key =
            of.spec.foreign_keys.iter().find(|key| same(&key.columns)).expect("links come from references");
        (key.name.clone(), &key.reference)
    }
}

/// The words of an expression, without what stands in quotes.
pub(super) fn bare_words(text: &str) -> impl Iterator<Item = &str> {
    let bare = text.split('\'').step_by(2).flat_map(|part| part.split('"').step_by(2));
    bare.flat_map(|part| part.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .filter(|word| !word.is_empty())
}

/// What a table's script declares of it after the data.
pub(super) struct Constraints {
    pub key_name: Option<String>,
    pub uniques: Vec<Unique>,
    pub indexes: Vec<Index>,
    pub checks: Vec<NamedCheck>,
    pub foreign_keys: Vec<ForeignKey>,
}

impl Constraints {
    /// Constraints of a table need different names, and indexes those of all tables; later ones are numbered, as PostgreSQL does.
    fn rename_twins(&mut self, relations: &mut HashSet<String>) {
        relations.extend(self.key_name.clone());
        let uniques = self.uniques.iter_mut().map(|of| &mut of.name);
        let indexes = self.indexes.iter_mut().map(|of| &mut of.name);
        let mut own: HashSet<String> = HashSet::new();
        for name in uniques.chain(indexes) {
            rename(name, |name| relations.contains(name));
            relations.insert(name.clone());
            own.insert(name.clone());
        }
        let checks = self.checks.iter_mut().map(|of| &mut of.name);
        let foreign_keys = self.foreign_keys.iter_mut().map(|of| &mut of.name);
        for name in checks.chain(foreign_keys) {
            rename(name, |name| own.contains(name));
            own.insert(name.clone());
        }
    }
}

fn rename(name: &mut String, is_taken: impl Fn(&str) -> bool) {
    let base = name.clone();
    let mut number = 0;
    while is_taken(name) {
        number += 1;
        *name = format!("{base}{number}");
    }
}

/// A name cut to what PostgreSQL keeps of identifiers: 63 bytes. The ending tells constraints apart, so the middle goes.
fn identifier(name: &str) -> String {
    const LIMIT: usize = 63;
    if name.len() <= LIMIT {
        return name.to_owned();
    }
    let (stem, ending) = name.rsplit_once('_').unwrap_or((name, ""));
    let mut keep = LIMIT - ending.len() - 1;
    while !stem.is_char_boundary(keep) {
        keep -= 1;
    }
    format!("{}_{ending}", &stem[..keep])
}
