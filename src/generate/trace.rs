//! One cell, and how it came about: what was read for it, from the row itself, its parents and its children.
//!
//! Nothing is asked of the kinds of column: the cell is computed from a batch of one row that notes what is read from it, so
//! what is told is what happened. Of `cases`, only the conditions that were tried and the branch taken read anything.

use super::Worker;
use super::scope::Scope;
use super::written::{Change, put_on};
use crate::expression::{Batch, Failure};
use crate::plan::{Aggregation, Input};
use crate::value::{Rows, SqlType, Vector, text};
use std::cell::RefCell;
use std::rc::Rc;

/// A cell, computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Index into the plan's tables.
    pub table: usize,
    /// Index into the table's columns.
    pub column: usize,
    /// From 0.
    pub row: u64,
    /// As PostgreSQL prints it; `None` is null.
    pub value: Result<Option<String>, Failure>,
    /// What noise makes of it when it is written; of the cell asked for alone.
    pub changes: Vec<Change>,
    /// What decided: the case that applied, a null by its share.
    pub story: Option<String>,
    /// What was read, in the order of reading, each once; empty below the depth asked for.
    pub reads: Vec<Read>,
}

/// Something that a cell read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// What an expression would call it: `created_at`, `customer.tier`, `sum(order_items.amount)`.
    pub name: String,
    /// Its type.
    pub sql_type: SqlType,
    /// As PostgreSQL prints it; `None` is null.
    pub value: Result<Option<String>, Failure>,
    /// Where it came from.
    pub of: Of,
}

/// Where something that was read came from.
#[derive(Clone, Debug, PartialEq)]
pub enum Of {
    /// The row's number, or its number within its parent.
    Counter,
    /// A column of the same row.
    Cell(Box<Trace>),
    /// The parent's row.
    Parent {
        /// Index into the table's links.
        link: usize,
        /// Index into the plan's tables.
        table: usize,
        /// From 0; `None` where there is no parent.
        row: Option<u64>,
        /// What was read there.
        read: Option<Box<Read>>,
    },
    /// Rows of the same parent before this one, and this one.
    Siblings {
        /// Index into the table's links.
        link: usize,
    },
    /// The rows that refer to this one.
    Children {
        /// Index into the plan's tables.
        table: usize,
        /// How many.
        count: u64,
        /// The first of them, from 0, with what was read of each.
        first: Vec<(u64, Vec<Read>)>,
    },
}

/// Children whose values are told one by one.
const SHOWN_CHILDREN: usize = 5;

pub(super) fn trace(worker: &Worker, table: usize, column: usize, row: u64, depth: usize) -> Trace {
    let rows = Rows::Range { start: row, len: 1 };
    let scope = Scope::new(worker, table, rows.clone());
    let trace = cell(&scope, worker, table, column, depth);
    let clean = scope.input(column).ok();
    let written = clean.and_then(|clean| put_on(worker, table, rows, &[column], vec![clean]).ok());
    Trace { changes: written.map_or(Vec::new(), |written| written.changes(worker.plan)), ..trace }
}

/// A cell of the one row of a scope.
fn cell(scope: &Scope, worker: &Worker, table: usize, column: usize, depth: usize) -> Trace {
    let planned = &worker.plan.tables[table].columns[column];
    let noted = Noted { batch: scope, read: RefCell::default() };
    // Computed by the scope, so that a failure knows its place; then again by hand, to see what it reads.
    let computed = scope.input(column);
    let _ = planned.generator.fill(&noted);
    let reads = if depth == 0 { Vec::new() } else { noted.read.into_inner() };
    Trace {
        table,
        column,
        row: scope.rows().get(0),
        value: computed.map(|vector| text::printed(&planned.sql_type, &vector, 0)),
        changes: Vec::new(),
        story: planned.generator.story(scope).ok().flatten(),
        reads: reads.into_iter().map(|input| read(scope, worker, table, input, depth - 1)).collect(),
    }
}

/// An input of the one row of a scope.
fn read(scope: &Scope, worker: &Worker, table: usize, input: usize, depth: usize) -> Read {
    let of = &worker.plan.tables[table];
    let read = |name: String, sql_type: SqlType, of: Of| {
        let value = scope.input(input).map(|vector| text::printed(&sql_type, &vector, 0));
        Read { name, sql_type, value, of }
    };
    match &of.inputs[input] {
        Input::Column(column) => {
            let planned = &of.columns[*column];
            let trace = cell(scope, worker, table, *column, depth);
            read(planned.name.clone(), planned.sql_type.clone(), Of::Cell(Box::new(trace)))
        }
        Input::Row => read("row".into(), SqlType::BigInt, Of::Counter),
        Input::Version(counter) => read(counter.name().into(), SqlType::BigInt, Of::Counter),
        Input::Nth { .. } => read("nth".into(), SqlType::BigInt, Of::Counter),
        Input::Window(of) => {
            let (name, sql_type) = described(worker, table, input);
            read(name, sql_type, Of::Siblings { link: of.link })
        }
        Input::Parent { link, input } => {
            let alias = &of.links[*link].alias;
            let parent = of.links[*link].table;
            let row = scope.parent_row(*link).ok().flatten();
            let inner = row.map(|start| {
                let scope = Scope::new(worker, parent, Rows::Range { start, len: 1 });
                Box::new(self::read(&scope, worker, parent, *input, depth))
            });
            let (name, sql_type) = described(worker, parent, *input);
            read(
                format!("{alias}.{name}"),
                sql_type,
                Of::Parent { link: *link, table: parent, row, read: inner },
            )
        }
        Input::Children(aggregation) => {
            let (name, sql_type) = described(worker, table, input);
            read(name, sql_type, children(scope, worker, aggregation, depth))
        }
    }
}

fn children(scope: &Scope, worker: &Worker, aggregation: &Aggregation, depth: usize) -> Of {
    // What fails here has failed before, where the value was computed.
    let (count, rows) =
        super::children::first(worker, aggregation, scope.rows().get(0), SHOWN_CHILDREN).unwrap_or_default();
    let reads = |row: u64| {
        let scope = Scope::new(worker, aggregation.table, Rows::Range { start: row, len: 1 });
        let inputs = aggregation.aggregate.inputs().into_iter();
        let reads =
            inputs.map(|input| read(&scope, worker, aggregation.table, input, depth.saturating_sub(1)));
        (row, reads.collect())
    };
    let first = rows.into_iter().map(reads).collect();
    Of::Children { table: aggregation.table, count, first }
}

/// What an expression would call an input, and its type.
fn described(worker: &Worker, table: usize, input: usize) -> (String, SqlType) {
    let of = &worker.plan.tables[table];
    match &of.inputs[input] {
        Input::Column(column) => (of.columns[*column].name.clone(), of.columns[*column].sql_type.clone()),
        Input::Row => ("row".into(), SqlType::BigInt),
        Input::Version(counter) => (counter.name().into(), SqlType::BigInt),
        Input::Nth { .. } => ("nth".into(), SqlType::BigInt),
        Input::Window(window) => {
            let window = &window.window;
            let inputs = window.inputs().into_iter();
            let names: Vec<String> = inputs.map(|input| described(worker, table, input).0).collect();
            let of = if names.is_empty() { "*".to_owned() } else { names.join(" .. ") };
            (format!("{}({of}) over", window.name()), window.sql_type().clone())
        }
        Input::Parent { link, input } => {
            let (name, sql_type) = described(worker, of.links[*link].table, *input);
            (format!("{}.{name}", of.links[*link].alias), sql_type)
        }
        Input::Children(aggregation) => {
            let Aggregation { table, aggregate, .. } = aggregation.as_ref();
            let child = &worker.plan.tables[*table].name;
            let inputs = aggregate.inputs().into_iter();
            let names: Vec<String> =
                inputs.map(|input| format!("{child}.{}", described(worker, *table, input).0)).collect();
            let of = if names.is_empty() { child.clone() } else { names.join(" .. ") };
            (format!("{}({of})", aggregate.name()), aggregate.sql_type().clone())
        }
    }
}

/// A batch that notes which inputs are read.
struct Noted<'b> {
    batch: &'b dyn Batch,
    read: RefCell<Vec<usize>>,
}

impl Batch for Noted<'_> {
    fn rows(&self) -> &Rows {
        self.batch.rows()
    }

    fn input(&self, index: usize) -> Result<Rc<Vector>, Failure> {
        let mut read = self.read.borrow_mut();
        if !read.contains(&index) {
            read.push(index);
        }
        drop(read);
        self.batch.input(index)
    }
}
