//! SQL scalar expressions: parsed, typed and checked when planning, evaluated a batch at a time.

use crate::diagnostic::{Diagnostic, Span};
use crate::random::Key;
use crate::value::parse::Scalar;
use crate::value::{Rows, SqlType, Vector};
use std::rc::Rc;

/// One batch of one table, as seen by what computes its columns.
pub trait Batch {
    /// Which rows.
    fn rows(&self) -> &Rows;
    /// The table's input with that number (another column of the same rows, a parent's column, an aggregate over
    /// children, ...) for these rows. Computed once per batch.
    fn input(&self, index: usize) -> Result<Rc<Vector>, Failure>;
}

/// A value that could not be computed: division by zero, overflow, an impossible cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, without a place: `division by zero`.
    pub message: String,
    /// Position in the batch, until the place is known.
    pub at: Option<usize>,
    /// `table.column, row 17`, filled in by the engine as the failure passes through.
    pub place: Option<String>,
}

impl Failure {
    /// A failure at a position of the batch.
    pub fn at(position: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), at: Some(position), place: None }
    }
}

/// An identifier in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written, without quotes.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A value per row: the input of that number, of that type.
    Input(usize, SqlType),
    /// The same for all rows (a parameter, `as_of`); `None` is null.
    Constant(Option<Scalar>, SqlType),
}

/// What the names of an expression mean; the plan knows.
pub trait Names {
    /// A bare or dotted name: a column, a parameter, `customer.tier`, `row`, `nth`, `as_of`.
    fn resolve(&mut self, path: &[Name]) -> Result<Term, Diagnostic>;
    /// Whether the name is a table with a reference to this one, so that `sum(name.column)` makes sense.
    fn is_child(&self, name: &str) -> bool;
    /// What names mean inside an aggregate over that child table: `order_items.amount` and parameters.
    fn child(&mut self, table: &Name) -> Result<Box<dyn Names + '_>, Diagnostic>;
    /// Registers an aggregate over a child table and returns its input. `argument` and `filter` were compiled with the
    /// names of [`child`](Self::child).
    fn aggregate(&mut self, table: &Name, aggregate: Aggregate) -> Result<Term, Diagnostic>;
    /// A key for one occurrence of `random()`, different at each call.
    fn draw_key(&mut self) -> Key;
}

/// An aggregate over child rows, compiled.
pub struct Aggregate {}
impl Aggregate {
    pub fn is_plain_count(&self) -> bool {
        false
    }
    pub fn start(&self, _g: usize) -> Accumulator<'_> {
        unimplemented!()
    }
}
pub struct Accumulator<'a> {
    _a: &'a (),
}
impl Accumulator<'_> {
    pub fn update(&mut self, _b: &dyn Batch, _g: &[u32]) -> Result<(), Failure> {
        unimplemented!()
    }
    pub fn finish(self) -> Result<Vector, Failure> {
        unimplemented!()
    }
}
pub struct Expression {
    s: SqlType,
}
impl Expression {
    pub fn compile(_t: &str, _s: Span, _n: &mut dyn Names) -> Result<Self, Vec<Diagnostic>> {
        unimplemented!()
    }
    pub fn sql_type(&self) -> &SqlType {
        &self.s
    }
    pub fn constant(&self) -> Option<Option<Scalar>> {
        None
    }
    pub fn inputs(&self) -> Vec<usize> {
        vec![]
    }
    pub fn assign_to(self, _t: &SqlType) -> Result<Self, Diagnostic> {
        Ok(self)
    }
    pub fn evaluate(&self, _b: &dyn Batch) -> Result<Vector, Failure> {
        unimplemented!()
    }
}
impl Aggregate {
    pub fn sql_type(&self) -> &SqlType {
        unimplemented!()
    }
    pub fn inputs(&self) -> Vec<usize> {
        vec![]
    }
}
