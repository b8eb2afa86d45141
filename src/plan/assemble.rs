//! The steps of planning in order, and the finished plan from the draft.

use super::constraints::Constraints;
use super::draft::{Draft, Overrides};
use super::generators::Built;
use super::model::{Identity, Input, Link, Plan, PlannedColumn, Table};
use super::names::RowNames;
use super::noise::described;
use super::order;
use crate::column::Sequence;
use crate::diagnostic::{Diagnostic, Severity};
use crate::expression::Expression;
use crate::noise::TableNoise;
use crate::spec::{CheckSpec, ColumnSpec, IdentitySpec, Spec};
use crate::value::SqlType;
use std::collections::HashSet;

/// Plans a run. All problems of the spec are returned at once; none of a [partial](crate::spec::BadSpec) spec means only
/// that there are no further ones.
pub fn plan(spec: &Spec, overrides: &Overrides) -> Result<Plan, Vec<Diagnostic>> {
    let mut draft = Draft::new(spec, overrides);
    draft.settle_counts(overrides);
    draft.settle_correlations();
    draft.check_null_groups();
    (0..draft.tables.len()).for_each(|table| draft.check_tick_column(table));
    let mut built: Vec<Vec<Option<Built>>> = Vec::new();
    for table in 0..draft.tables.len() {
        draft.check_subjects(table);
        built.push((0..draft.tables[table].columns.len()).map(|column| draft.build(table, column)).collect());
    }
    draft.check_correlations(&built);
    draft.check_conditions();
    draft.check_indexes();
    draft.check_names_of_keys();
    draft.check_one_way();
    order::refuse_column_cycles(&mut draft, &built);
    let mut noise: Vec<_> = (0..draft.tables.len()).map(|table| draft.noise(table, &built)).collect();
    if overrides.clean {
        // It was held to be right all the same.
        noise.fill_with(|| None);
    }
    // What could be read of a bad spec may have no further problem; it is not to be run all the same.
    if !draft.problems.is_empty() || spec.is_partial() {
        // In the order of the text, and once each: two steps may stumble over one name.
        draft.problems.sort_by_key(|problem| problem.span);
        draft.problems.dedup();
        return Err(draft.problems);
    }
    Ok(draft.finish(built, noise))
}

/// The row counts of all tables, in the order of [`Plan::tables`], without the rest of a plan: for those who look for a scale.
/// What is wrong with the counts is told, not what else may be wrong.
pub fn row_counts(spec: &Spec, overrides: &Overrides) -> Result<Vec<u64>, Vec<Diagnostic>> {
    let mut draft = Draft::new(spec, overrides);
    draft.settle_counts(overrides);
    match draft.problems.is_empty() {
        true => Ok(draft.tables.iter().map(|table| table.rows).collect()),
        false => Err(draft.problems),
    }
}

impl Draft<'_> {
    /// Compiles CHECK conditions: they are held to while rows are made, so that no script fails to load for them.
    fn check_conditions(&mut self) {
        for table in 0..self.tables.len() {
            let spec = self.tables[table].spec;
            // What a type says of a reference, it says of the key that it refers to.
            let is_reference = |at: usize| self.tables[table].columns[at].link.is_some();
            let of_columns = spec.columns.iter().enumerate().flat_map(|(at, column)| {
                let is_reference = is_reference(at);
                column.checks.iter().filter(move |check| !(check.by_type && is_reference))
            });
            let of_columns: Vec<&CheckSpec> = of_columns.collect();
            for check in spec.checks.iter().chain(of_columns) {
                self.refuse_names_of_specs(table, &check.expression, &check.expression.value);
                let mut names = RowNames::new(self, table, "check".to_owned());
                match Expression::compile(&check.expression.value, check.expression.span, &mut names) {
                    Ok(expression) if *expression.sql_type() == SqlType::Boolean => {
                        self.check_reads_its_row(table, &expression, "a check");
                        self.conditions.push((table, check.expression.span, expression));
                    }
                    Ok(expression) => {
                        let message = format!("a check is true or false, this is {}", expression.sql_type());
                        self.problems.push(Diagnostic::new(check.expression.span, message));
                    }
                    Err(problems) if check.is_lenient => self.leave_to_the_database(check, problems),
                    Err(problems) => self.problems.extend(problems),
                }
            }
        }
    }

    /// A condition that cannot be computed here is declared all the same; one about columns that are not there is wrong.
    fn leave_to_the_database(&mut self, check: &CheckSpec, problems: Vec<Diagnostic>) {
        if problems.iter().any(|problem| problem.message.starts_with("unknown column")) {
            self.problems.extend(problems);
            return;
        }
        let why = problems.first().map_or("", |problem| problem.message.as_str());
        let message = format!("rows are not held to this check while they are made: {why}");
        let problem = Diagnostic::new(check.expression.span, message).severity(Severity::Warning);
        self.notes.push(problem.help("the database is, when they are loaded"));
    }

    /// What SQL declares of a table, a CHECK or an index, sees the columns of its own row, as they are written.
    pub(super) fn check_reads_its_row(&mut self, table: usize, expression: &Expression, what: &str) {
        let of = &self.tables[table];
        let is_written = |input: &usize| match of.inputs[*input] {
            Input::Column(column) => !of.columns[column].spec.hidden,
            _ => false,
        };
        if !expression.inputs().iter().all(is_written) && !of.spec.hidden {
            let message = format!("{what} can read only columns of its own row that are written");
            let problem = Diagnostic::new(expression.span(), message);
            self.problems.push(problem.help(format!(
                "copy what it needs into a column, or leave out {}",
                what.replace("a ", "the ").replace("an ", "the ")
            )));
        }
    }

    fn finish(mut self, built: Vec<Vec<Option<Built>>>, noise: Vec<Option<TableNoise>>) -> Plan {
        let (order, group_of) = order::table_order(&self);
        let sequences = self.spec.sequences.iter().map(|of| (of.clone(), self.numbered_by(&of.name.value)));
        let sequences = sequences.collect();
        let mut names: HashSet<String> = self.tables.iter().map(|table| table.name().to_owned()).collect();
        let constraints: Vec<_> =
            (0..self.tables.len()).map(|table| self.constraints(table, &group_of, &mut names)).collect();
        let sequences_of = |table: usize| {
            let columns = 0..self.tables[table].columns.len();
            columns.map(|column| self.sequence_of(table, column)).collect()
        };
        let counting: Vec<Vec<Option<Sequence>>> = (0..self.tables.len()).map(sequences_of).collect();
        let mut tables = Vec::new();
        let made = self.tables.into_iter().zip(built).zip(constraints).zip(noise).zip(counting);
        for ((((table, columns), constraints), noise), counting) in made {
            let mut planned = Vec::new();
            for (at, built) in columns.into_iter().enumerate() {
                let built = built.expect("a column without code was refused");
                let mut column = planned_column(&table, at, built);
                column.sequence = counting[at];
                if let (Some(_), Some(spec)) = (&noise, &table.columns[at].spec.noise) {
                    column.origin += &described(spec);
                }
                if let Some(gaps) = noise.as_ref().and_then(|noise| noise.gaps.as_ref()) {
                    let missing = gaps.share_of(at);
                    column.null_fraction += (1.0 - column.null_fraction) * missing;
                }
                planned.push(column);
            }
            let origins: Vec<String> = table.links.iter().map(|link| table.link_origin(link)).collect();
            let links = table.links.into_iter().zip(origins).map(|(link, origin)| Link {
                alias: link.aliases[0].clone(),
                table: link.table,
                target: link.target.expect("a link without arithmetic was refused"),
                earlier: link.kind.is_earlier(),
                columns: link.columns,
                origin,
            });
            let links = links.collect();
            let Constraints { key_name, uniques, indexes, checks, foreign_keys } = constraints;
            tables.push(Table {
                name: table.spec.name.value.clone(),
                comment: table.spec.comment.clone(),
                hidden: table.spec.hidden,
                rows: table.rows,
                sibling_keys: table.sibling_keys,
                history: table.history.map(|history| history.versions),
                columns: planned,
                primary_key: table.primary_key,
                key_name,
                uniques,
                indexes,
                checks,
                foreign_keys,
                noise,
                links,
                inputs: table.inputs,
            });
        }
        self.notes.sort_by_key(|note| note.span);
        let types = self.spec.types.iter().map(|of| of.value.clone()).collect();
        Plan {
            seed: self.seed,
            types,
            declared_types: self.spec.declared_types.clone(),
            sequences,
            extensions: self.spec.extensions.iter().map(|name| name.value.clone()).collect(),
            tables,
            order,
            choices: self.choices,
            notes: self.notes,
        }
    }

    /// The column that takes its numbers from a sequence of its own.
    fn numbered_by(&self, sequence: &str) -> Option<(usize, usize)> {
        self.tables.iter().enumerate().find_map(|(table, of)| {
            let is_its = |spec: &ColumnSpec| spec.numbered_by.as_deref() == Some(sequence);
            of.columns.iter().position(|column| is_its(column.spec)).map(|column| (table, column))
        })
    }
}

fn planned_column(table: &super::draft::TableDraft, at: usize, built: Built) -> PlannedColumn {
    let draft = &table.columns[at];
    let spec = draft.spec;
    PlannedColumn {
        name: spec.name.value.clone(),
        sql_type: draft.sql_type.clone(),
        declared_type: spec.declared_type.clone(),
        not_null: table.is_not_null(at),
        default: spec.default.clone(),
        comment: spec.comment.clone(),
        identity: spec.identity.map(|identity| match identity {
            IdentitySpec::Serial => Identity::Serial,
            IdentitySpec::ByDefault => Identity::ByDefault,
            IdentitySpec::Always => Identity::Always,
        }),
        sequence: None,
        hidden: spec.hidden,
        null_fraction: built.null_fraction,
        unproved: built.unproved,
        origin: built.origin,
        generator: built.column,
    }
}
