//! The spec as data: every short form already in its one long form, every value with its place.

use super::{
    Arguments, CalendarSpec, DuplicatesSpec, GapsSpec, HistorySpec, MomentsSpec, NoiseSpec, OneOfSpec,
    ParentChoice, RowsSpec, SeriesSpec, TicksSpec,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{EnumType, SqlType};
use std::sync::Arc;

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> At<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A whole spec.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The source it was read from.
    pub source: u32,
    /// Seed; the default is 42.
    pub seed: Option<u64>,
    /// What "now" is in this data, as written; the default is 2026-01-01.
    pub as_of: Option<At<String>>,
    /// Locale of all providers that name none.
    pub locale: Option<At<String>>,
    /// Parameters with their default values.
    pub params: Vec<Param>,
    /// Enumerated types.
    pub types: Vec<At<Arc<EnumType>>>,
    /// Types that the database shall have beside the enumerated ones.
    pub declared_types: Vec<DeclaredType>,
    /// Sequences of their own, which no column owns.
    pub sequences: Vec<SequenceSpec>,
    /// Extensions of PostgreSQL that scripts ask for.
    pub extensions: Vec<At<String>>,
    /// Grammars that texts are made by.
    pub grammars: Vec<GrammarSpec>,
    /// Pools of text.
    pub pools: Vec<PoolSpec>,
    /// Calendars.
    pub calendars: Vec<(At<String>, CalendarSpec)>,
    /// Tables in the order written.
    pub tables: Vec<TableSpec>,
    /// What was read otherwise than written: warnings and notes.
    pub notes: Vec<Diagnostic>,
}

/// A domain or a composite type: known to the database by name, to the engine by what it is made of.
#[derive(Clone, Debug)]
pub struct DeclaredType {
    /// Name.
    pub name: At<String>,
    /// What follows `CREATE`: `DOMAIN positive AS integer CHECK (VALUE > 0)`.
    pub ddl: String,
}

/// `CREATE SEQUENCE`.
#[derive(Clone, Debug)]
pub struct SequenceSpec {
    /// Name.
    pub name: At<String>,
    /// First value.
    pub start: i64,
    /// Distance between values.
    pub increment: i64,
    /// MINVALUE.
    pub min: Option<i64>,
    /// MAXVALUE.
    pub max: Option<i64>,
    /// CACHE.
    pub cache: Option<u64>,
    /// CYCLE.
    pub cycles: bool,
}

impl Spec {
    /// Whether a table or a column could not be read whole.
    pub fn is_partial(&self) -> bool {
        self.tables.iter().any(|table| table.broken || table.columns.iter().any(|column| column.broken))
    }
}

/// A text that is not quite a spec.
#[derive(Clone, Debug)]
pub struct BadSpec {
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
    /// What could be read all the same, so that the plan can look for further problems.
    pub partial: Option<Box<Spec>>,
}

/// A parameter: `params: {vat: 0.2}`, or with words `params: {vat: {default: 0.2, description: Value added tax}}`,
/// changed by `--param vat=0.19`.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name.
    pub name: At<String>,
    /// Default value, as written.
    pub value: At<String>,
    /// Whether it was written as a text rather than a number or a boolean.
    pub is_text: bool,
    /// What it is, for people.
    pub description: Option<String>,
}

/// A table.
#[derive(Clone, Debug)]
pub struct TableSpec {
    /// Name.
    pub name: At<String>,
    /// How many rows.
    pub rows: Option<RowsSpec>,
    /// Its rows are versions of entities.
    pub history: Option<HistorySpec>,
    /// Columns in the order written.
    pub columns: Vec<ColumnSpec>,
    /// `primary_key:`; without columns there is none.
    pub primary_key: KeySpec,
    /// `unique:` constraints.
    pub uniques: Vec<KeySpec>,
    /// Rows that repeat others when they are written.
    pub duplicates: Option<DuplicatesSpec>,
    /// Rows of which some values are missing when they are written.
    pub gaps: Option<GapsSpec>,
    /// CHECK constraints.
    pub checks: Vec<CheckSpec>,
    /// Indexes.
    pub indexes: Vec<IndexSpec>,
    /// Foreign keys over several columns, or written apart from their column.
    pub foreign_keys: Vec<ForeignKeySpec>,
    /// Those of them that lead to one of several tables.
    pub one_of_keys: Vec<OneOfKeySpec>,
    /// Comment.
    pub comment: Option<String>,
    /// Computed, never written.
    pub hidden: bool,
    /// Something about it, other than a column, could not be read: what is missing may be there in the text.
    pub broken: bool,
}

/// `rows: {per: orders, min: 1, max: 7, distribution: ..., mean: 4}`.
#[derive(Clone, Debug)]
pub struct PerSpec {
    /// The parent.
    pub table: At<String>,
    /// The column that refers to it, where there are several.
    pub through: Option<At<String>>,
    /// Fewest rows per parent.
    pub min: Option<At<u64>>,
    /// Most rows per parent.
    pub max: Option<At<u64>>,
    /// Mean number of rows per parent.
    pub mean: Option<At<f64>>,
    /// Shape of the counts.
    pub distribution: Option<Call>,
    /// How they follow each other in time.
    pub ticks: Option<Box<TicksSpec>>,
}

/// A named thing with arguments: `{zipf: {s: 1.1}}`, `{paragraph: {sentences: 3}}`.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called.
    pub name: At<String>,
    /// With what.
    pub arguments: Arguments,
}

/// A CHECK constraint.
#[derive(Clone, Debug)]
pub struct CheckSpec {
    /// Constraint name, if given.
    pub name: Option<String>,
    /// The condition.
    pub expression: At<String>,
    /// The column's type says it already: rows are held to it, and it is not declared once more.
    pub by_type: bool,
    /// What datagen cannot compute is left to the database.
    pub is_lenient: bool,
}

impl CheckSpec {
    /// A check as our language declares it.
    pub fn declared(name: Option<String>, expression: At<String>) -> Self {
        Self { name, expression, by_type: false, is_lenient: false }
    }
}

/// A primary key or a unique constraint, as the table lists it.
#[derive(Clone, Debug, Default)]
pub struct KeySpec {
    /// Constraint name, if given.
    pub name: Option<At<String>>,
    /// Columns.
    pub columns: Vec<At<String>>,
    /// A name that is taken gives way to another one.
    pub is_lenient: bool,
}

/// An index.
#[derive(Clone, Debug)]
pub struct IndexSpec {
    /// Index name, if given.
    pub name: Option<At<String>>,
    /// Columns; none where it is over expressions.
    pub columns: Vec<At<String>>,
    /// Expressions over columns, each perhaps with an order or an operator class.
    pub expressions: Vec<At<String>>,
    /// The condition of the rows that it has.
    pub condition: Option<At<String>>,
    /// Whether it is unique.
    pub unique: bool,
    /// Access method.
    pub method: Option<String>,
    /// A method that does not know the columns' types gives way to another one.
    pub is_lenient: bool,
}

impl IndexSpec {
    /// An index of columns.
    pub fn of(columns: Vec<At<String>>) -> Self {
        Self {
            name: None,
            columns,
            expressions: Vec::new(),
            condition: None,
            unique: false,
            method: None,
            is_lenient: false,
        }
    }

    /// Whether no two rows of the table have the same values in its columns.
    pub fn is_key(&self) -> bool {
        self.unique && self.condition.is_none() && self.expressions.is_empty()
    }
}

/// What a reference points to, and what happens when that goes away.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Referenced table.
    pub table: At<String>,
    /// Referenced columns; empty: its primary key.
    pub columns: Vec<At<String>>,
    /// ON DELETE action, upper case.
    pub on_delete: Option<String>,
    /// ON UPDATE action, upper case.
    pub on_update: Option<String>,
}

/// A foreign key of the table's `foreign_keys:` list.
#[derive(Clone, Debug)]
pub struct ForeignKeySpec {
    /// Constraint name, if given.
    pub name: Option<String>,
    /// Referencing columns.
    pub columns: Vec<At<String>>,
    /// What they refer to.
    pub reference: Reference,
    /// How children spread over parents.
    pub distribution: Option<Call>,
    /// Only to earlier rows of the same table.
    pub earlier: Option<Span>,
    /// To the version that is valid at this moment.
    pub valid_at: Option<At<String>>,
    /// Which parents it may choose.
    pub choice: ParentChoice,
    /// Share of rows whose reference is null.
    pub null: Option<At<f64>>,
}

/// A foreign key that leads to one of several tables.
#[derive(Clone, Debug)]
pub struct OneOfKeySpec {
    /// Referencing columns.
    pub columns: Vec<At<String>>,
    /// What they refer to.
    pub one_of: OneOfSpec,
    /// How children spread over parents.
    pub distribution: Option<Call>,
    /// Share of rows whose reference is null.
    pub null: Option<At<f64>>,
}

/// A column's sequence, as declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentitySpec {
    /// serial.
    Serial,
    /// GENERATED BY DEFAULT AS IDENTITY.
    ByDefault,
    /// GENERATED ALWAYS AS IDENTITY.
    Always,
}

/// A column.
#[derive(Clone, Debug)]
pub struct ColumnSpec {
    /// Name.
    pub name: At<String>,
    /// Its type, if given.
    pub sql_type: Option<At<SqlType>>,
    /// Its sequence.
    pub identity: Option<IdentitySpec>,
    /// PRIMARY KEY.
    pub primary_key: Option<Span>,
    /// UNIQUE.
    pub unique: Option<Span>,
    /// NOT NULL.
    pub not_null: Option<Span>,
    /// Share of nulls, 0 to 1, of all rows.
    pub null: Option<At<f64>>,
    /// Said to be nullable without a share: what it means decides how often it is null.
    pub optional: Option<Span>,
    /// The columns that it is null together with.
    pub null_group: Option<NullGroup>,
    /// The share of nulls is exact to the row.
    pub null_exact: Option<Span>,
    /// DEFAULT, as SQL.
    pub default: Option<String>,
    /// CHECK constraints.
    pub checks: Vec<CheckSpec>,
    /// Comment.
    pub comment: Option<String>,
    /// Computed, never written.
    pub hidden: bool,
    /// The name of its type in the database, where that is one of [`Spec::declared_types`].
    pub declared_type: Option<String>,
    /// The sequence of its own that numbers it.
    pub numbered_by: Option<String>,
    /// What it refers to.
    pub references: Option<Reference>,
    /// Refers only to earlier rows of the same table.
    pub earlier: Option<Span>,
    /// In a table with history: how likely a version is to change it.
    pub changes: Option<At<f64>>,
    /// Refers to the version that is valid at this moment.
    pub valid_at: Option<At<String>>,
    /// Which parents a reference may choose.
    pub choice: ParentChoice,
    /// Several tables, one of which it refers to.
    pub one_of: Option<OneOfSpec>,
    /// How values, or children over parents, are spread.
    pub distribution: Option<Call>,
    /// What changes how its values are drawn.
    pub modifiers: Modifiers,
    /// Number of elements of an array, bytes of a bytea, characters of a made text.
    pub length: Option<LengthSpec>,
    /// What makes its values.
    pub generator: Generator,
    /// What makes written values differ from them.
    pub noise: Option<NoiseSpec>,
    /// Something about it could not be read: nothing more should be said about it.
    pub broken: bool,
}

/// Columns of a row that are null together: `null: {share: 5%, group: address}`.
#[derive(Clone, Debug)]
pub struct NullGroup {
    /// The group's name.
    pub name: At<String>,
    /// Share of rows in which any of them may be null; without it they are null in the same rows.
    pub rows: Option<At<f64>>,
    /// Share of nulls: of those rows, or of all.
    pub share: At<f64>,
}

/// What makes a column's values.
#[derive(Clone, Debug)]
pub enum Generator {
    /// Nothing was named: the column's name decides, then its type.
    Unnamed,
    /// `start`, `start + step`, ...
    Sequence {
        /// First value.
        start: Option<At<i64>>,
        /// Distance between values.
        step: Option<At<i64>>,
    },
    /// UUIDs of a version.
    Uuid(At<UuidVersion>),
    /// One of some values, by weight.
    Values(At<Vec<Weighted>>),
    /// Always the same value; `None` is null.
    Constant(At<Option<String>>),
    /// Between two bounds: literals of the column's type or expressions.
    Range {
        /// Lower bound.
        min: Option<At<String>>,
        /// Upper bound.
        max: Option<At<String>>,
    },
    /// One of some ranges, by weight.
    Bands(At<Vec<Band>>),
    /// Between two bounds, by a calendar or in order.
    Moments(Box<MomentsSpec>),
    /// Numbers that follow time.
    Series(Box<SeriesSpec>),
    /// A text with placeholders.
    Template(At<String>),
    /// A text that matches a regular expression.
    Pattern(At<String>),
    /// A provider.
    Fake {
        /// Which, with which arguments.
        call: Call,
        /// Its locale.
        locale: Option<At<String>>,
    },
    /// An SQL expression.
    Expression(At<String>),
    /// The first case whose condition holds.
    Cases(At<Vec<Case>>),
    /// Whole numbers between two bounds, whatever the column's type.
    WholeNumbers {
        /// Least.
        min: At<i64>,
        /// Greatest.
        max: At<i64>,
    },
    /// Texts of a regular expression, which is narrowed where the column asks for it.
    FittingPattern(At<String>),
    /// A number such as an order's: fixed parts, counters and random characters.
    Code(At<Vec<CodePart>>),
    /// Texts of one of the spec's grammars.
    Grammar(At<String>),
    /// Pieces of one of the spec's pools of text.
    Slice(At<String>),
    /// Random characters, of a class as in a regular expression: `A-Z0-9`.
    Alphabet(At<String>),
    /// A JSON object.
    Object(At<Vec<Member>>),
    /// A JSON array of elements that are made alike.
    Array(Box<Element>),
}

/// A part of a [`Generator::Code`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodePart {
    /// Text to copy.
    Text(String),
    /// A date or time, by a `strftime` format: of the row's creation, or `as_of`.
    Moment(&'static str),
    /// The row's number, filled up with zeros to that many digits; more when the table has more rows.
    Counter(usize),
    /// So many characters of a class, random.
    Random(CodeClass, usize),
    /// A random UUID.
    Uuid,
    /// The table's name.
    Table,
}

/// Which characters a random part has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeClass {
    /// `0-9`
    Digits,
    /// `0-9a-f`
    Hex,
    /// `A-Z`
    Capitals,
    /// `a-z`
    Small,
    /// `A-Za-z`
    Letters,
    /// `A-Za-z0-9`
    Alphanumeric,
}

/// How long something is: `4`, or `{min: 0, max: 9, distribution: ..., distinct: true, null: 5%}`.
#[derive(Clone, Debug)]
pub struct LengthSpec {
    /// Its place.
    pub span: Span,
    /// The least length.
    pub min: u64,
    /// The greatest length.
    pub max: u64,
    /// The shape in between.
    pub distribution: Option<Call>,
    /// The elements of an array differ.
    pub distinct: Option<Span>,
    /// Share of an array's elements that are null.
    pub null: Option<At<f64>>,
}

/// A member of a JSON object.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: At<String>,
    /// Share of rows that do not have it.
    pub optional: Option<At<f64>>,
    /// Its value.
    pub element: Element,
}

/// What makes a value inside a JSON document.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its SQL type, as written; what makes it, or its name, says so if left out.
    pub sql_type: Option<At<String>>,
    /// What makes it.
    pub value: CaseValue,
}

/// A grammar: named rules, each with texts by weight that may name rules in braces.
#[derive(Clone, Debug)]
pub struct GrammarSpec {
    /// Its name.
    pub name: At<String>,
    /// Its rules, `start` among them.
    pub rules: Vec<RuleSpec>,
}

/// A rule of a grammar.
#[derive(Clone, Debug)]
pub struct RuleSpec {
    /// Its name.
    pub name: At<String>,
    /// Its texts by weight.
    pub texts: Vec<(At<String>, f64)>,
}

/// A pool of text that a grammar fills once, and columns take pieces of.
#[derive(Clone, Debug)]
pub struct PoolSpec {
    /// Its name.
    pub name: At<String>,
    /// The grammar that fills it.
    pub grammar: At<String>,
    /// Its size in bytes.
    pub size: At<u64>,
}

/// One of the `values:` with its weight.
#[derive(Clone, Debug)]
pub struct Weighted {
    /// The value; `None` is null.
    pub value: At<Option<String>>,
    /// Its weight.
    pub weight: At<f64>,
}

/// One of the `bands:`, a range with its weight.
#[derive(Clone, Debug)]
pub struct Band {
    /// Its place.
    pub span: Span,
    /// Lower bound.
    pub min: Option<At<String>>,
    /// Upper bound.
    pub max: Option<At<String>>,
    /// Its weight.
    pub weight: At<f64>,
    /// How values are spread within.
    pub distribution: Option<Call>,
    /// What changes how its values are drawn.
    pub modifiers: Modifiers,
}

/// What stands beside a generator and changes how its values are drawn.
#[derive(Clone, Debug, Default)]
pub struct Modifiers {
    /// Distance of values, counted from `min`: a number, or an interval for dates and times.
    pub step: Option<At<String>>,
    /// Which of a shape's numbers a value stands for.
    pub round: Option<At<Rounding>>,
    /// What becomes of a shape's numbers beyond the bounds.
    pub outside: Option<At<Outside>>,
    /// Rank correlations with other columns of the row.
    pub correlation: Vec<(At<String>, At<f64>)>,
    /// Shares are exact.
    pub quota: Option<QuotaSpec>,
}

impl Modifiers {
    /// Those that are given, by name.
    pub fn given(&self) -> Vec<(&'static str, Span)> {
        let step = self.step.as_ref().map(|at| ("step", at.span));
        let round = self.round.as_ref().map(|at| ("round", at.span));
        let outside = self.outside.as_ref().map(|at| ("outside", at.span));
        let correlation = self.correlation.first().map(|(name, _)| ("correlation", name.span));
        let quota = self.quota.as_ref().map(|quota| ("quota", quota.span));
        [step, round, outside, correlation, quota].into_iter().flatten().collect()
    }
}

/// `quota: true`, or `quota: {within: order_id}`.
#[derive(Clone, Debug)]
pub struct QuotaSpec {
    /// Its place.
    pub span: Span,
    /// The column by which rows are grouped: shares are exact in each group.
    pub within: Option<At<String>>,
}

/// Which of a shape's numbers a column's value stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Those nearest to it.
    Nearest,
    /// Those from it to the next.
    Down,
    /// Those from the one before to it.
    Up,
}

/// What becomes of a shape's numbers beyond the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// They are not drawn.
    Cut,
    /// They become the bound.
    Clip,
}

/// Versions of UUID that can be made (RFC 9562).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UuidVersion {
    /// Random.
    V4,
    /// In the order of time.
    V7,
}

/// One of the `cases:`.
#[derive(Clone, Debug)]
pub struct Case {
    /// The condition; `None` for `else`.
    pub when: Option<At<String>>,
    /// What makes the value then.
    pub then: Box<CaseValue>,
}

/// What makes the value of a case.
#[derive(Clone, Debug)]
pub struct CaseValue {
    /// Its place.
    pub span: Span,
    /// What makes it.
    pub generator: Generator,
    /// How values are spread.
    pub distribution: Option<Call>,
    /// What changes how its values are drawn.
    pub modifiers: Modifiers,
    /// Share of nulls.
    pub null: Option<At<f64>>,
    /// How long it is, where that applies.
    pub length: Option<LengthSpec>,
}
