//! The beginning of planning: parameters, types and primary keys, from what the spec says.

use super::correlation::NOT_DRAWN;
use super::draft::{ColumnDraft, Draft, Overrides, ParamValue, TableDraft};
use super::model::Input;
use crate::diagnostic::Diagnostic;
use crate::spec::{ColumnSpec, Generator, Reference, Spec};
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
            unproved_indexes: Vec::new(),
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
                is_in_unique_index: false,
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
                sibling_keys: Vec::new(),
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
                spec.primary_key.columns.iter().filter_map(|name| self.find_column(table, name)).collect();
            let marked: Vec<usize> =
                (0..spec.columns.len()).filter(|at| spec.columns[*at].primary_key.is_some()).collect();
            if let (Some(name), Some(at)) = (spec.primary_key.columns.first(), marked.first()) {
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
        if let Some(at) = self.one_of_at(table, column)
            && let Some(one) = at.of.tables.first()
        {
            let parent = self.table_index(&one.table.value)?;
            let key = *self.tables[parent].primary_key.get(at.place(column))?;
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
