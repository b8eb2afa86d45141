//! The steps of planning in order, and the finished plan from the draft.

use super::draft::{Draft, Overrides};
use super::generators::Built;
use super::indexes::Declared;
use super::model::{
    ForeignKey, Identity, Index, Input, Link, NamedCheck, Plan, PlannedColumn, Table, Unique,
};
use super::names::RowNames;
use super::noise::described;
use super::order;
use crate::diagnostic::{Diagnostic, Severity};
use crate::expression::Expression;
use crate::noise::TableNoise;
use crate::spec::{At, CheckSpec, ColumnSpec, IdentitySpec, Reference, Spec};
use crate::value::SqlType;

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
                let mut names = RowNames::new(self, table, "check".to_owned());
                match Expression::compile(&check.expression.value, check.expression.span, &mut names) {
                    Ok(expression) if *expression.sql_type() == SqlType::Boolean => {
                        self.check_reads_its_row(table, &expression);
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

    /// SQL's CHECK sees the columns of its own row, as they are written.
    fn check_reads_its_row(&mut self, table: usize, expression: &Expression) {
        let of = &self.tables[table];
        let is_written = |input: &usize| match of.inputs[*input] {
            Input::Column(column) => !of.columns[column].spec.hidden,
            _ => false,
        };
        if !expression.inputs().iter().all(is_written) && !of.spec.hidden {
            let message = "a check can read only columns of its own row that are written";
            self.refuse(
                expression.span(),
                message,
                "copy what it needs into a column, or leave out the check",
            );
        }
    }

    fn finish(mut self, built: Vec<Vec<Option<Built>>>, noise: Vec<Option<TableNoise>>) -> Plan {
        let (order, group_of) = order::table_order(&self);
        let sequences = self.spec.sequences.iter().map(|of| (of.clone(), self.numbered_by(&of.name.value)));
        let sequences = sequences.collect();
        let constraints: Vec<_> =
            (0..self.tables.len()).map(|table| self.constraints(table, &group_of)).collect();
        let mut tables = Vec::new();
        let made = self.tables.into_iter().zip(built).zip(constraints).zip(noise);
        for (((table, columns), constraints), noise) in made {
            let mut planned = Vec::new();
            for (at, built) in columns.into_iter().enumerate() {
                let built = built.expect("a column without code was refused");
                let mut column = planned_column(&table, at, built);
                if let (Some(_), Some(spec)) = (&noise, &table.columns[at].spec.noise) {
                    column.origin += &described(spec);
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
            let Constraints { uniques, indexes, checks, foreign_keys } = constraints;
            tables.push(Table {
                name: table.spec.name.value.clone(),
                comment: table.spec.comment.clone(),
                hidden: table.spec.hidden,
                rows: table.rows,
                sibling_keys: table.sibling_keys,
                history: table.history.map(|history| history.versions),
                columns: planned,
                primary_key: table.primary_key,
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

    fn constraints(&self, table: usize, group_of: &[usize]) -> Constraints {
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
        for names in of.spec.uniques.iter().filter(|names| !names.is_empty()) {
            let columns: Vec<usize> = names.iter().map(column).collect();
            uniques.push(Unique { name: named(&columns, "key"), columns });
        }
        let indexes = of.spec.indexes.iter().filter_map(|index| {
            let columns: Vec<usize> = index.columns.iter().map(column).collect();
            let name = index.name.clone().unwrap_or_else(|| named(&columns, "idx"));
            let written = index.method.clone();
            let (method, operator_class) = match self.declared_index(table, index) {
                Declared::Plain => (written, None),
                Declared::Trigrams(class) => (written, Some(class)),
                Declared::Instead(method) => (Some(method.to_owned()), None),
                Declared::Never => return None,
            };
            Some(Index { name, columns, unique: index.unique, method, operator_class })
        });
        let indexes = indexes.collect();
        let checks = self.checks(table);
        let foreign_keys = self.foreign_keys(table, group_of);
        let mut constraints = Constraints { uniques, indexes, checks, foreign_keys };
        constraints.rename_twins();
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

struct Constraints {
    uniques: Vec<Unique>,
    indexes: Vec<Index>,
    checks: Vec<NamedCheck>,
    foreign_keys: Vec<ForeignKey>,
}

impl Constraints {
    /// Constraints of a table need different names; PostgreSQL numbers the later ones.
    fn rename_twins(&mut self) {
        let uniques = self.uniques.iter_mut().map(|of| &mut of.name);
        let indexes = self.indexes.iter_mut().map(|of| &mut of.name);
        let checks = self.checks.iter_mut().map(|of| &mut of.name);
        let foreign_keys = self.foreign_keys.iter_mut().map(|of| &mut of.name);
        let mut seen: Vec<String> = Vec::new();
        for name in uniques.chain(indexes).chain(checks).chain(foreign_keys) {
            let mut number = 0;
            let base = name.clone();
            while seen.contains(name) {
                number += 1;
                *name = format!("{base}{number}");
            }
            seen.push(name.clone());
        }
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
        hidden: spec.hidden,
        null_fraction: built.null_fraction,
        unproved: built.unproved,
        origin: built.origin,
        generator: built.column,
    }
}
