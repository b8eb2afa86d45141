//! The plan's data: what the engine, the encoders and the commands read.

use super::choices::Choice;
use crate::column::{Column, Sequence, VersionCounter};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::{Aggregate, Expression, Window};
use crate::noise::TableNoise;
use crate::relation::{Periods, Relation, Versions};
use crate::spec::{DeclaredType, SequenceSpec};
use crate::value::{EnumType, SqlType};
use std::sync::Arc;

/// A whole run, decided.
#[derive(Default)]
pub struct Plan {
    /// The spec's seed, or the one given on the command line.
    pub seed: u64,
    /// Enumerated types, in the order of the spec.
    pub types: Vec<Arc<EnumType>>,
    /// Domains and composite types.
    pub declared_types: Vec<DeclaredType>,
    /// Sequences that no column owns, each with the column that takes its numbers from it.
    pub sequences: Vec<(SequenceSpec, Option<(usize, usize)>)>,
    /// Extensions that scripts ask for.
    pub extensions: Vec<String>,
    /// All tables, in the order of the spec; hidden ones too.
    pub tables: Vec<Table>,
    /// The tables that are written, parents before children where there is no cycle: indexes into `tables`.
    pub order: Vec<usize>,
    /// References whose parents are chosen by their values, each after those that it needs:
    /// [`crate::generate::prepare`] makes them before the first row.
    pub choices: Vec<Choice>,
    /// What was done otherwise than written, and what was decided that the spec leaves open: warnings and notes.
    pub notes: Vec<Diagnostic>,
}

/// A table.
#[derive(Default)]
pub struct Table {
    /// Its name, as written.
    pub name: String,
    /// `COMMENT ON TABLE`.
    pub comment: Option<String>,
    /// Computed for others, never written.
    pub hidden: bool,
    /// Row count.
    pub rows: u64,
    /// Columns in the order of the spec; hidden ones too.
    pub columns: Vec<PlannedColumn>,
    /// Columns of the primary key; empty if none.
    pub primary_key: Vec<usize>,
    /// Name of the primary key's constraint, where it is not the usual one.
    pub key_name: Option<String>,
    /// Unique constraints other than the primary key.
    pub uniques: Vec<Unique>,
    /// Indexes.
    pub indexes: Vec<Index>,
    /// CHECK constraints.
    pub checks: Vec<NamedCheck>,
    /// Foreign keys between written tables.
    pub foreign_keys: Vec<ForeignKey>,
    /// What is written otherwise than it is.
    pub noise: Option<TableNoise>,
    /// Keys of which the rows of one parent are held to differ when they are computed.
    pub sibling_keys: Vec<SiblingKey>,
    /// Which row is which version of which entity, where rows are versions.
    pub history: Option<Arc<Versions>>,
    /// How rows of this table find their parents' rows.
    pub links: Vec<Link>,
    /// What columns and expressions of this table can read, see [`crate::expression::Batch::input`].
    pub inputs: Vec<Input>,
}

impl Table {
    /// The columns that are written, in order.
    pub fn visible(&self) -> impl Iterator<Item = (usize, &PlannedColumn)> {
        self.columns.iter().enumerate().filter(|(_, column)| !column.hidden)
    }

    /// The number after the last row's, where a column is a sequence, if its type has that number.
    pub fn next_number(&self, column: usize) -> Option<i64> {
        let column = &self.columns[column];
        let Sequence { start, step } = column.sequence?;
        let next = i64::try_from(start as i128 + step as i128 * self.rows as i128).ok()?;
        let (least, greatest) = column.sql_type.int_bounds()?;
        (least..=greatest).contains(&next).then_some(next)
    }
}

/// A column.
pub struct PlannedColumn {
    /// Its name, as written.
    pub name: String,
    /// Its type.
    pub sql_type: SqlType,
    /// Its type's name in the database, where that is one of [`Plan::declared_types`].
    pub declared_type: Option<String>,
    /// NOT NULL (also from being in the primary key).
    pub not_null: bool,
    /// DEFAULT, an SQL expression as written.
    pub default: Option<String>,
    /// COMMENT ON COLUMN.
    pub comment: Option<String>,
    /// serial or identity: a sequence that has to continue after the data.
    pub identity: Option<Identity>,
    /// How its values follow each other, where they are a sequence along the rows.
    pub sequence: Option<Sequence>,
    /// Computed for others, never written.
    pub hidden: bool,
    /// Share of nulls asked for, 0 to 1 (for statistics and estimates).
    pub null_fraction: f64,
    /// Where it is said to be unique, when only computing its expression or template shows whether it is: see
    /// [`crate::generate::prepare`].
    pub unproved: Option<Span>,
    /// One line for people: where its values come from.
    pub origin: String,
    /// What computes it.
    pub generator: Box<dyn Column>,
}

impl PlannedColumn {
    /// A nullable column of which nothing else is declared.
    pub fn new(name: impl Into<String>, sql_type: SqlType, generator: Box<dyn Column>) -> Self {
        Self {
            name: name.into(),
            sql_type,
            declared_type: None,
            not_null: false,
            default: None,
            comment: None,
            identity: None,
            sequence: None,
            hidden: false,
            null_fraction: 0.0,
            unproved: None,
            origin: String::new(),
            generator,
        }
    }
}

/// How a column's sequence is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// `serial`, `bigserial`, `smallserial`: an owned sequence as default.
    Serial,
    /// `GENERATED BY DEFAULT AS IDENTITY`.
    ByDefault,
    /// `GENERATED ALWAYS AS IDENTITY`.
    Always,
}

/// A UNIQUE constraint.
#[derive(Clone, Debug)]
pub struct Unique {
    /// Constraint name.
    pub name: String,
    /// Columns, indexes into the table's.
    pub columns: Vec<usize>,
}

/// A key of the reference that rows are made `per` and computed columns: unique where these differ within each parent's rows.
#[derive(Clone, Debug)]
pub struct SiblingKey {
    /// The link to the parent.
    pub link: usize,
    /// The key's other columns, indexes into the table's.
    pub columns: Vec<usize>,
}

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// Index name.
    pub name: String,
    /// Columns, indexes into the table's; none where it is over expressions.
    pub columns: Vec<usize>,
    /// What it is over instead of columns, as SQL writes it between the parentheses.
    pub expressions: Vec<String>,
    /// The condition of the rows that it has, SQL as written.
    pub condition: Option<String>,
    /// It is unique, which only computing it shows: see [`crate::generate::prepare`].
    pub unproved: Option<UnprovedIndex>,
    /// CREATE UNIQUE INDEX.
    pub unique: bool,
    /// Access method: btree, hash, gin, ...
    pub method: Option<String>,
    /// Operator class of its columns, which an extension has: a server without that goes without the index.
    pub operator_class: Option<&'static str>,
}

/// What a unique index is over, compiled over the table's inputs.
#[derive(Clone, Debug)]
pub struct UnprovedIndex {
    /// Where it is written.
    pub span: Span,
    /// Its columns and expressions.
    pub expressions: Vec<Expression>,
    /// The condition of its rows.
    pub condition: Option<Expression>,
}

/// A CHECK constraint.
#[derive(Clone, Debug)]
pub struct NamedCheck {
    /// Constraint name.
    pub name: String,
    /// The condition, SQL as written.
    pub expression: String,
    /// The condition, compiled over the table's inputs; `None` leaves it to the database.
    pub condition: Option<Expression>,
    /// Whether the table declares it; otherwise a column's type does.
    pub is_declared: bool,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// Constraint name.
    pub name: String,
    /// Referencing columns, indexes into this table's.
    pub columns: Vec<usize>,
    /// Referenced table, an index into the plan's.
    pub table: usize,
    /// Referenced columns, indexes into that table's.
    pub referenced: Vec<usize>,
    /// `CASCADE`, `SET NULL`, ... as written, upper case.
    pub on_delete: Option<String>,
    /// As `on_delete`.
    pub on_update: Option<String>,
    /// Part of a cycle of tables (or of the table with itself when rows may refer to later ones): declared
    /// DEFERRABLE so that data can be loaded into existing tables.
    pub deferrable: bool,
}

/// A reference from this table's rows to a parent's.
pub struct Link {
    /// What expressions call the parent through this link: `customer` for `customer_id`.
    pub alias: String,
    /// Parent table, an index into the plan's.
    pub table: usize,
    /// How a row's parent is found.
    pub target: Target,
    /// Refers to earlier rows of the same table only.
    pub earlier: bool,
    /// The referencing columns, indexes into this table's; empty for a `per` parent that no column refers to.
    pub columns: Vec<usize>,
    /// One line for people: how a row's parent is found.
    pub origin: String,
}

/// How a row's parent is found.
pub enum Target {
    /// By arithmetic on row numbers, in both directions.
    Relation(Arc<dyn Relation>),
    /// By the value of a column of this table, which is the parent's key `start + step * row`.
    Key {
        /// The referencing column: an input of this table.
        input: usize,
        /// The key of the parent's first row.
        start: i64,
        /// The distance of the parent's keys.
        step: i64,
    },
    /// The version of an entity that is valid at a moment; none where the moment is null.
    ValidAt {
        /// From rows to entities of the parent table.
        entities: Arc<dyn Relation>,
        /// When its versions are valid.
        periods: Arc<Periods>,
        /// The moment.
        at: Moment,
    },
}

/// What [`Target::ValidAt`] asks for.
pub enum Moment {
    /// The same for all rows.
    Fixed(i64),
    /// An expression over the row, of the type of the parent's moments.
    Computed(Expression),
}

/// What a column or an expression of a table can read.
pub enum Input {
    /// Another column of the same row.
    Column(usize),
    /// An input of the parent's row through a link; null where the link is.
    Parent {
        /// Index into the table's links.
        link: usize,
        /// Index into the parent table's inputs.
        input: usize,
    },
    /// A sum, count, ... over the child rows that refer to this row.
    Children(Box<Aggregation>),
    /// A running total, or the value of a row before, among the rows of one parent.
    Window(Box<Windowed>),
    /// The row's number, from 1.
    Row,
    /// Which version of which entity the row is.
    Version(VersionCounter),
    /// The row's number among its parent's children, from 1; the link is the table's `per` link.
    Nth {
        /// Index into the table's links.
        link: usize,
    },
}

/// An aggregate over child rows.
pub struct Aggregation {
    /// Child table.
    pub table: usize,
    /// The child table's link that leads here.
    pub link: usize,
    /// What is computed.
    pub aggregate: Aggregate,
}

/// A window over the rows of one parent, which follow each other.
pub struct Windowed {
    /// The table's link that leads to the parent: that of the rows made `per` it, or a path of such.
    pub link: usize,
    /// What is computed.
    pub window: Window,
}
