//! What the statements of a script declare, as far as a spec can say it.

use super::words::Name;
use crate::diagnostic::Span;
use sqlparser::ast::{DataType, Expr};

/// Everything that was declared.
#[derive(Default)]
pub struct Schema {
    /// What it was declared in, for people: `DDL`, `database`.
    pub origin: &'static str,
    pub enums: Vec<(String, Vec<String>)>,
    pub domains: Vec<Domain>,
    pub sequences: Vec<Sequence>,
    pub tables: Vec<Table>,
    /// What has no place in a spec: `view`, `active_users`, and where it stands.
    pub left_out: Vec<LeftOut>,
}

/// Something that a spec cannot say.
pub struct LeftOut {
    pub what: String,
    pub span: Span,
    /// The table that it belongs to, where that is written anyway.
    pub table: Option<String>,
}

/// A type with constraints.
pub struct Domain {
    pub name: String,
    pub data_type: DataType,
    pub is_not_null: bool,
    pub default: Option<Expr>,
    /// Over `VALUE`.
    pub checks: Vec<Expr>,
}

/// CREATE SEQUENCE.
pub struct Sequence {
    pub name: Name,
    pub start: i64,
    pub step: i64,
    /// Table and column that own it.
    pub owner: Option<(String, String)>,
}

impl Sequence {
    /// Whether a name means this sequence. Two schemas may have one of that name each; where a schema is not said, the name is enough.
    pub fn is_called(&self, name: &Name) -> bool {
        let is_same = |own: &String| name.schema.as_ref().is_none_or(|schema| schema == own);
        self.name.name == name.name && self.name.schema.as_ref().is_none_or(is_same)
    }
}

/// CREATE TABLE, and what ALTER TABLE adds to it.
#[derive(Default)]
pub struct Table {
    pub name: String,
    /// The schema that it is in, unless that is `public`.
    pub schema: Option<String>,
    pub columns: Vec<Column>,
    pub key_name: Option<String>,
    pub primary_key: Vec<String>,
    pub uniques: Vec<(Option<String>, Vec<String>)>,
    pub checks: Vec<(Option<String>, Expr)>,
    pub foreign_keys: Vec<ForeignKey>,
    pub indexes: Vec<Index>,
    pub comment: Option<String>,
    /// What is said above the table.
    pub notes: Vec<String>,
    /// A partition of another table: its rows are that one's.
    pub is_partition: bool,
}

/// A column.
#[derive(Clone)]
pub struct Column {
    pub name: String,
    pub data_type: DataType,
    pub is_not_null: bool,
    pub default: Option<Expr>,
    pub identity: Option<Identity>,
    /// GENERATED ALWAYS AS (...) STORED.
    pub generated: Option<Expr>,
    pub comment: Option<String>,
    pub notes: Vec<String>,
}

/// Numbers from a sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    pub kind: IdentityKind,
    pub start: i64,
    pub step: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    Serial,
    ByDefault,
    Always,
}

/// FOREIGN KEY.
pub struct ForeignKey {
    pub name: Option<String>,
    pub columns: Vec<String>,
    pub table: String,
    pub referenced: Vec<String>,
    pub on_delete: Option<String>,
    pub on_update: Option<String>,
    /// May be broken until the transaction ends.
    pub is_deferrable: bool,
}

/// CREATE INDEX.
pub struct Index {
    pub name: Option<String>,
    pub elements: Vec<Element>,
    /// Of the rows that it has.
    pub condition: Option<Expr>,
    pub is_unique: bool,
    pub method: Option<String>,
}

/// What an index is over.
pub enum Element {
    /// A column, and nothing else.
    Column(String),
    /// An expression, with its order or operator class: `DESC`.
    Expression(Box<Expr>, String),
}

impl Schema {
    pub fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.name == name)
    }

    pub fn leave_out(&mut self, what: impl Into<String>, span: Span) {
        self.left_out.push(LeftOut { what: what.into(), span, table: None });
    }

    /// Leaves out something that belongs to a table.
    pub fn leave_out_of(&mut self, table: &str, what: impl Into<String>, span: Span) {
        self.left_out.push(LeftOut { what: what.into(), span, table: Some(table.to_owned()) });
    }
}

impl Table {
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }
}
