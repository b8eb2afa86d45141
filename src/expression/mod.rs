//! SQL scalar expressions: parsed, typed and checked when planning, evaluated a batch at a time.
//!
//! [`Expression::compile`] turns text into a checked tree in which every operator has its type and its code; after it
//! nothing can be wrong but values ([`Failure`]). [`Expression::evaluate`] computes a column for a [`Batch`], one dynamic
//! call per operator and batch, flat loops inside. Types, NULLs, rounding and the scale of decimals are PostgreSQL's.
//!
//! Where datagen differs, it is because a fixed layout asks for it: a numeric has at most 38 digits, so a quotient is held
//! with up to 20 digits after the point (each value rounded where PostgreSQL rounds it), and exp, ln, power, sqrt of a
//! numeric compute in double precision. Text compares byte by byte, and dates end with the year 9999.

mod aggregate;
mod cast;
mod compile;
mod evaluate;
mod functions;
mod kernel;
mod operators;
mod rising;
mod tree;
mod window;

pub use aggregate::{Accumulator, Aggregate, Groups};
pub use functions::{AGGREGATES, FUNCTIONS, Function};
pub use rising::ascends;
pub use window::{Running, WINDOWS, Window};

use crate::diagnostic::{Diagnostic, Span};
use crate::random::Key;
use crate::value::parse::Scalar;
use crate::value::{Rows, SqlType, Vector};
use cast::Willingness;
use std::rc::Rc;
use tree::Node;

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

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
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
    /// Something of which a problem was reported before: it fits everywhere, so that nothing misleading is said of it.
    Broken,
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
    /// How many rows a table has: `(select count(*) from items)`.
    fn row_count(&self, table: &Name) -> Result<Term, Diagnostic> {
        Err(Diagnostic::new(table.span, format!("the rows of `{}` are not counted here", table.text)))
    }
    /// Registers a window over the rows of one parent and returns its input; `partition` is the reference that leads to the
    /// parent. What the window reads was compiled with these names.
    fn window(&mut self, partition: &Name, _window: Window) -> Result<Term, Diagnostic> {
        Err(Diagnostic::new(partition.span, "window functions are for columns of a table's rows")
            .help("write a column with the window, and read that here"))
    }
    /// A key for one occurrence of `random()`, different at each call.
    fn draw_key(&mut self) -> Key;
}

/// A checked expression, ready to compute.
#[derive(Clone)]
pub struct Expression {
    node: Node,
}

impl Expression {
    /// Parses and checks `text`, which stands at `span` of its source; the problems found are all told, each at its place.
    pub fn compile(text: &str, span: Span, names: &mut dyn Names) -> Result<Expression, Vec<Diagnostic>> {
        compile::compile(text, span, names).map(|node| Expression { node })
    }

    /// The type of its values.
    pub fn sql_type(&self) -> &SqlType {
        &self.node.sql_type
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// About how many nanoseconds a value takes without its inputs.
    pub fn cost(&self) -> u32 {
        self.node.cost()
    }

    /// Its value, when that is the same for all rows and known now; `Some(None)` is null.
    pub fn constant(&self) -> Option<Option<Scalar>> {
        self.node.constant()
    }

    /// Whether computing it may fail for some row, its inputs apart.
    pub fn is_fallible(&self) -> bool {
        self.node.fallible()
    }

    /// Whether it draws random values, so that it differs from row to row whatever it reads.
    pub fn draws(&self) -> bool {
        self.node.draws()
    }

    /// The numbers of the inputs it reads, ascending, each once.
    pub fn inputs(&self) -> Vec<usize> {
        let mut inputs = Vec::new();
        self.node.collect_inputs(&mut inputs);
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    /// The expression as a value of a column's type, as SQL converts in an INSERT: numbers are rounded and checked, texts
    /// measured, literals read as the type. A text that is no constant is read as the type too, when it is computed, which
    /// PostgreSQL does for literals only.
    pub fn assign_to(&self, sql_type: &SqlType) -> Result<Expression, Diagnostic> {
        cast::cast(self.node.clone(), sql_type, Willingness::Assignment).map(|node| Expression { node })
    }

    /// One value per row of the batch, in the layout of [`sql_type`](Self::sql_type).
    pub fn evaluate(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        evaluate::whole(&self.node, batch)
    }
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Expression({} of inputs {:?})", self.sql_type(), self.inputs())
    }
}

#[cfg(test)]
mod tests;
