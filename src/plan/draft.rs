//! The plan while it is made: names looked up, types and links settled, inputs registered as expressions ask for them.

use super::choices::Choice;
use super::given::Given;
use super::history::HistoryDraft;
use super::model::{Input, SiblingKey, Target, UnprovedIndex};
use super::shapes::FactorDraft;
use crate::column::{Grammar, Pool};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::Expression;
use crate::random::Key;
use crate::relation::Digits;
use crate::spec::{
    Argument, Arguments, At, Call, ColumnSpec, Parameter, ParameterKind, ParentChoice, Refusal, Spec,
    TableSpec,
};
use crate::value::SqlType;
use crate::value::parse::Scalar;
use std::sync::Arc;

/// What the command line changes about a spec.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--scale`.
    pub scale: Option<f64>,
    /// `--rows table=n`.
    pub rows: Vec<(String, u64)>,
    /// `--param name=value`.
    pub params: Vec<(String, String)>,
    /// `--clean`: without noise, duplicates and gaps.
    pub clean: bool,
}

/// A parameter with its value.
pub(super) struct ParamValue {
    pub name: String,
    pub value: Scalar,
    pub sql_type: SqlType,
}

/// The plan in the making.
pub(super) struct Draft<'s> {
    pub spec: &'s Spec,
    pub seed: u64,
    pub scale: f64,
    /// Microseconds since 1970 UTC.
    pub as_of: i64,
    pub params: Vec<ParamValue>,
    pub tables: Vec<TableDraft<'s>>,
    pub problems: Vec<Diagnostic>,
    /// Warnings and notes.
    pub notes: Vec<Diagnostic>,
    /// Compiled CHECK conditions, by table and place.
    pub conditions: Vec<(usize, Span, Expression)>,
    /// Unique indexes that have to be proved, by table and number.
    pub unproved_indexes: Vec<(usize, usize, UnprovedIndex)>,
    /// References whose parents are chosen by their values; at last those that others need first.
    pub choices: Vec<Choice>,
    /// Links whose relation is being made, one for the other.
    pub links_in_making: Vec<(usize, usize)>,
    /// The column that is being built must be unique, which shows only when it is computed.
    pub unproved: Option<Span>,
    /// The column that is being built must differ between entities, not between rows.
    pub is_business_key: bool,
    /// The spec's grammars in its order; `None` where one was refused.
    pub grammars: Vec<Option<Arc<Grammar>>>,
    /// The spec's pools in its order, those filled that a column asked for.
    pub pools: Vec<Option<Arc<Pool>>>,
}

pub(super) struct TableDraft<'s> {
    pub spec: &'s TableSpec,
    pub columns: Vec<ColumnDraft<'s>>,
    pub rows: u64,
    pub primary_key: Vec<usize>,
    pub links: Vec<LinkDraft<'s>>,
    /// What `rows: {each: ...}` goes through.
    pub factors: Vec<FactorDraft>,
    /// See [`super::Table::sibling_keys`].
    pub sibling_keys: Vec<SiblingKey>,
    /// Its rows are versions of entities.
    pub history: Option<HistoryDraft>,
    pub inputs: Vec<Input>,
    /// The types of `inputs`.
    pub input_types: Vec<SqlType>,
    /// What parents would be called whose reference was refused.
    pub broken_aliases: Vec<String>,
}

pub(super) struct ColumnDraft<'s> {
    pub spec: &'s ColumnSpec,
    pub sql_type: SqlType,
    /// The link whose parent's key this column is, and that key's column.
    pub link: Option<(usize, usize)>,
    /// Its part in a key over several columns that is a combination without repeats.
    pub digits: Option<Digits>,
    /// What `rows:` gives it.
    pub given: Option<Given>,
    /// The normal numbers that its draws are made of, with their coefficients, where it is correlated with others.
    pub correlated: Option<Vec<(f64, Key)>>,
    /// Whether its values rise with one draw, as correlations need; or why not.
    pub rises: Result<(), &'static str>,
    /// It is made unique by itself, since a key of several columns needs it.
    pub is_unique_in_key: bool,
    /// A unique index over expressions or with a condition reads it.
    pub is_in_unique_index: bool,
    /// A problem was reported of its type or its reference: nothing more is said about it.
    pub broken: bool,
}

pub(super) struct LinkDraft<'s> {
    pub aliases: Vec<String>,
    pub table: usize,
    /// This table's referencing columns; empty for a `per` parent without a reference to it.
    pub columns: Vec<usize>,
    pub kind: LinkKind,
    pub distribution: Option<&'s Call>,
    pub choice: Option<&'s ParentChoice>,
    /// The moment that chooses among the versions of what is referred to.
    pub valid_at: Option<&'s At<String>>,
    pub null: Option<f64>,
    pub span: Span,
    /// Parents are chosen only among those for which the row's other references find somebody too.
    pub partners: Vec<Partner>,
    pub target: Option<Target>,
}

/// A table of which every group needs a row, seen from the parent of a link.
#[derive(Clone, Debug)]
pub(super) struct Partner {
    /// The links from the link's parent to the group.
    pub up: Vec<usize>,
    pub table: usize,
    /// The links from that table to the group.
    pub path: Vec<usize>,
}

/// A group that a row shares with its parent: this table's link to it, or `None` where the row itself is the group, and the
/// parent's link to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GroupPath {
    pub group: Option<usize>,
    pub through: usize,
}

/// How a link's children find their parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LinkKind {
    /// The table's rows are made per parent.
    Per,
    /// The table's rows are made for some rows of the parent, one each.
    Sample,
    /// The table's rows are made for all combinations of the parent's rows with others.
    Factor,
    /// The referencing columns' values are written down.
    Listed,
    /// To the version of an entity that is valid at a moment.
    ValidAt { entity: Entity },
    /// Children are spread over parents.
    FanOut,
    /// Every parent has at most one child.
    OneToOne,
    /// To earlier rows of the same table.
    Earlier,
    /// To earlier rows of the same table that have the same parent by another link.
    Thread { group: usize },
    /// Through another link of this table, then along links of that parent.
    Through { first: usize, path: Vec<usize> },
    /// To parents that belong to the same group as the row: `group` is this table's link to it, or `None` where the row itself is
    /// the group, and `path` are the parent's links to it.
    Within { group: Option<usize>, path: Vec<usize>, inferred: bool },
    /// To parents that are listed group by group before the first row: of the same groups as the row, different for rows of the
    /// same parent by the link `distinct`, and as their values say.
    Among { groups: Vec<GroupPath>, distinct: Option<usize> },
    /// To one of several tables, for the rows of one kind: what `one_of` of a column says.
    OneOf { column: usize, kind: usize },
    /// To different parents for rows of the same parent by another link of this table.
    Distinct { group: usize },
    /// By the value of the referencing column.
    Key,
}

/// Which entity a row takes a version of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entity {
    /// One that is drawn.
    Drawn,
    /// Different ones for rows of the same parent by another link of this table.
    Distinct { group: usize },
    /// The table's rows are made for all combinations of the entities with others.
    Factor,
}

impl LinkKind {
    /// Whether a moment chooses among versions.
    pub fn is_valid_at(&self) -> bool {
        matches!(self, LinkKind::ValidAt { .. })
    }

    /// The link by whose parent those rows are grouped that refer to different parents.
    pub fn distinct_by(&self) -> Option<usize> {
        match self {
            LinkKind::Distinct { group }
            | LinkKind::Among { distinct: Some(group), .. }
            | LinkKind::ValidAt { entity: Entity::Distinct { group } } => Some(*group),
            _ => None,
        }
    }

    /// Whether it leads to earlier rows of the same table, so that following it ends.
    pub fn is_earlier(&self) -> bool {
        matches!(self, LinkKind::Earlier | LinkKind::Thread { .. })
    }
}

impl<'s> Draft<'s> {
    pub fn table_index(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.spec.name.value == name)
    }

    pub fn table_names(&self) -> impl Iterator<Item = &'s str> + use<'s, '_> {
        self.tables.iter().map(|table| table.spec.name.value.as_str())
    }

    /// The table of that name, or a problem.
    pub fn find_table(&mut self, name: &At<String>) -> Option<usize> {
        let found = self.table_index(&name.value);
        if found.is_none() {
            let known: Vec<&str> = self.table_names().collect();
            let problem = Diagnostic::new(name.span, format!("unknown table `{}`", name.value));
            self.problems.push(problem.suggest(&name.value, known));
        }
        found
    }

    /// The column of that name, or a problem.
    pub fn find_column(&mut self, table: usize, name: &At<String>) -> Option<usize> {
        let found = self.tables[table].column_index(&name.value);
        if found.is_none() {
            let of = &self.tables[table];
            let message = format!("unknown column `{}` in table `{}`", name.value, of.spec.name.value);
            let problem = Diagnostic::new(name.span, message);
            let problem = match name.value.split_once('.') {
                Some((parent, rest)) => problem.help(handed_on(parent, rest)),
                None => problem.suggest(&name.value, of.columns.iter().map(|column| column.name())),
            };
            self.problems.push(problem);
        }
        found
    }

    /// The column of that name, which a key of several columns names; or a problem that tells how to write it.
    pub fn find_key_column(&mut self, table: usize, name: &At<String>) -> Option<usize> {
        let found = self.find_column(table, name);
        if let Some(problem) = self.problems.last_mut().filter(|_| found.is_none()) {
            let help = format!("it stands in `columns` too, where it needs no type: `{}: {{}}`", name.value);
            problem.help.push(help);
        }
        found
    }

    /// What was built, or its refusal as a problem at the argument at fault; `span` is the place where nothing is called.
    pub fn accept<T>(&mut self, built: Result<T, Refusal>, call: Option<&Call>, span: Span) -> Option<T> {
        match built {
            Ok(built) => Some(built),
            Err(refusal) => {
                let span = call.map_or(span, |call| argument_span(call, refusal.parameter));
                let mut problem = Diagnostic::new(span, refusal.message);
                problem.help.extend(refusal.help);
                self.problems.push(problem);
                None
            }
        }
    }

    /// The key of a column's draws for a purpose.
    pub fn key(&self, table: usize, column: &str, purpose: &str) -> Key {
        Key::new(self.seed, &[&self.tables[table].spec.name.value, column, purpose])
    }

    /// The input that reads something of the parent through a link; registered once.
    pub fn parent_input(&mut self, table: usize, link: usize, input: usize) -> usize {
        let of = &self.tables[table];
        let same =
            |other: &Input| matches!(other, Input::Parent { link: l, input: i } if (*l, *i) == (link, input));
        if let Some(found) = of.inputs.iter().position(same) {
            return found;
        }
        let sql_type = self.tables[of.links[link].table].input_types[input].clone();
        self.add_input(table, Input::Parent { link, input }, sql_type)
    }

    pub fn add_input(&mut self, table: usize, input: Input, sql_type: SqlType) -> usize {
        let of = &mut self.tables[table];
        of.inputs.push(input);
        of.input_types.push(sql_type);
        of.inputs.len() - 1
    }
}

impl TableDraft<'_> {
    pub fn name(&self) -> &str {
        &self.spec.name.value
    }

    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name() == name)
    }

    pub fn link_index(&self, alias: &str) -> Option<usize> {
        (0..self.links.len()).find(|link| self.is_called(*link, alias))
    }

    /// Whether that is a name of the parent that a link leads to.
    pub fn is_called(&self, link: usize, alias: &str) -> bool {
        self.links[link].aliases.iter().any(|known| known == alias)
    }

    /// The columns of a link, as people name them.
    pub fn link_columns(&self, link: usize) -> String {
        let names: Vec<&str> =
            self.links[link].columns.iter().map(|column| self.columns[*column].name()).collect();
        names.join(",")
    }

    /// The columns of a link; its parent's name where no column refers there.
    pub fn link_name(&self, link: usize) -> String {
        match self.links[link].columns.is_empty() {
            true => self.links[link].aliases[0].clone(),
            false => self.link_columns(link),
        }
    }

    pub fn per_link(&self) -> Option<usize> {
        self.link_of(LinkKind::Per)
    }

    /// The first link of that kind.
    pub fn link_of(&self, kind: LinkKind) -> Option<usize> {
        self.links.iter().position(|link| link.kind == kind)
    }

    /// Whether a column must hold different values in all rows: by itself the primary key, or unique.
    pub fn is_unique(&self, column: usize) -> bool {
        let spec = &self.columns[column].spec;
        let alone = |columns: &[At<String>]| columns.len() == 1 && columns[0].value == spec.name.value;
        spec.unique.is_some()
            || self.columns[column].is_unique_in_key
            || self.primary_key == [column]
            || self.spec.uniques.iter().any(|unique| alone(&unique.columns))
            || self.spec.indexes.iter().any(|index| index.is_key() && alone(&index.columns))
    }

    pub fn is_not_null(&self, column: usize) -> bool {
        self.columns[column].spec.not_null.is_some()
            || self.primary_key.contains(&column)
            || self.columns[column].spec.identity.is_some()
    }
}

impl ColumnDraft<'_> {
    pub fn name(&self) -> &str {
        &self.spec.name.value
    }
}

/// Checks the arguments of a call against the parameters of what is called: unknown names, wrong kinds, missing ones.
pub(super) fn check_arguments(call: &Call, parameters: &[Parameter], problems: &mut Vec<Diagnostic>) -> bool {
    let before = problems.len();
    let name = &call.name.value;
    for (given, argument, span) in &call.arguments.given {
        let Some(parameter) = parameters.iter().find(|parameter| parameter.name == given) else {
            let problem = Diagnostic::new(*span, format!("`{name}` has no parameter `{given}`"));
            let known: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
            let problem = problem.suggest(given, known.iter().copied());
            problems.push(match known.is_empty() {
                true => problem.help(format!("`{name}` takes no arguments")),
                false => problem.help(format!("parameters of `{name}`: {}", known.join(", "))),
            });
            continue;
        };
        let (fits, expected) = match parameter.kind {
            ParameterKind::Number => (matches!(argument, Argument::Number(_)), "a number"),
            ParameterKind::Integer => {
                (matches!(argument, Argument::Number(value) if value.fract() == 0.0), "a whole number")
            }
            ParameterKind::Numbers => (matches!(argument, Argument::Numbers(_)), "a list of numbers"),
            ParameterKind::Text => (matches!(argument, Argument::Text(_)), "a text"),
            ParameterKind::Flag => (matches!(argument, Argument::Flag(_)), "true or false"),
            ParameterKind::Literal => {
                (matches!(argument, Argument::Number(_) | Argument::Text(_)), "a value of the column's type")
            }
            ParameterKind::Literals => (
                matches!(argument, Argument::Numbers(_) | Argument::Texts(_)),
                "a list of values of the column's type",
            ),
        };
        if !fits {
            problems.push(Diagnostic::new(*span, format!("`{given}` of `{name}` must be {expected}")));
        }
    }
    for parameter in parameters {
        if parameter.default.is_none() && call.arguments.get(parameter.name).is_none() {
            let message = format!("`{name}` needs `{}`: {}", parameter.name, parameter.summary);
            problems.push(Diagnostic::new(call.name.span, message));
        }
    }
    problems.len() == before
}

/// The place of an argument, or else of the call.
fn argument_span(call: &Call, parameter: Option<&str>) -> Span {
    let Arguments { given } = &call.arguments;
    let found = parameter.and_then(|name| given.iter().find(|(given, ..)| given == name));
    found.map_or(call.name.span, |(_, _, span)| *span)
}

/// How a path becomes a column that can be named where paths cannot.
fn handed_on(parent: &str, rest: &str) -> String {
    let (way, column) =
        rest.rsplit_once('.').map_or(("", rest), |(_, column)| (", and so is its parent's", column));
    format!(
        "a path is read by a column of its own, over one reference at a time: \
         `{column}: {{references: ..., expr: {parent}.{column}, hidden: true}}`{way}"
    )
}
