//! Window functions: values over the rows of one parent up to this one, in the order of the table.
//!
//! `sum(amount) over (partition by account_id order by nth)` is a running total. A [`Window`] says what is computed, a
//! [`Running`] holds one state while rows go by; [`crate::generate`] knows where a parent's rows begin.

use super::evaluate;
use super::tree::{Node, nulls};
use super::{Batch, Failure};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{Data, Layout, SqlType, Vector};

/// The window functions: name, signature, summary.
pub static WINDOWS: &[(&str, &str, &str)] = &[(
    "lag",
    "lag(value [, rows]) over (partition by reference order by nth) -> its type",
    "The value of the row before within its parent, or so many rows before; null if there is none",
)];

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Count,
    Sum,
    Min,
    Max,
    /// The value so many rows before.
    Lag(u32),
}

/// The functions by name, for messages; `lag` too.
const KINDS: &[(&str, Kind)] = &[
    ("count", Kind::Count),
    ("sum", Kind::Sum),
    ("min", Kind::Min),
    ("max", Kind::Max),
    ("lag", Kind::Lag(1)),
];

/// How many rows back `lag` may look: within what a batch has at hand.
const FARTHEST: u32 = 1_000;

/// A window function, compiled.
pub struct Window {
    kind: Kind,
    /// Computed from the row's inputs; `None` counts rows.
    argument: Option<Node>,
    sql_type: SqlType,
}

impl Window {
    /// The names of all that may stand before OVER.
    pub(super) fn names() -> Vec<&'static str> {
        KINDS.iter().map(|(name, _)| *name).collect()
    }

    /// A function of that name; `back` is the second argument of `lag`.
    pub(super) fn new(
        name: &str,
        argument: Option<Node>,
        back: Option<i64>,
        span: Span,
    ) -> Result<Self, Diagnostic> {
        let known = KINDS.iter().find(|(known, _)| *known == name);
        let kind = known.expect("the caller asked whether it is a window function").1;
        let kind = match (kind, back) {
            (Kind::Lag(_), Some(back)) => match u32::try_from(back) {
                Ok(back @ 1..=FARTHEST) => Kind::Lag(back),
                _ => {
                    let message = format!("lag looks 1 to {FARTHEST} rows back, not {back}");
                    return Err(Diagnostic::new(span, message));
                }
            },
            (kind, _) => kind,
        };
        let of = argument.as_ref().map(|argument| &argument.sql_type);
        let sql_type = match (kind, of) {
            (Kind::Count, _) => SqlType::BigInt,
            (Kind::Lag(_), Some(of)) => of.clone(),
            (Kind::Sum, Some(SqlType::SmallInt | SqlType::Int)) => SqlType::BigInt,
            (Kind::Sum, Some(SqlType::BigInt)) => total(0),
            (Kind::Sum, Some(SqlType::Numeric { scale, .. })) => total(*scale),
            (Kind::Sum, Some(SqlType::Double)) => SqlType::Double,
            (Kind::Min | Kind::Max, Some(of)) if is_number_or_moment(of) => of.clone(),
            (_, Some(of)) => {
                let message = format!("function {name}({of}) cannot run along rows");
                return Err(Diagnostic::new(span, message)
                    .help("sum is of numbers, min and max are of numbers, dates and times"));
            }
            (_, None) => return Err(Diagnostic::new(span, "only count can do without a column")),
        };
        Ok(Self { kind, argument, sql_type })
    }

    /// The type of the result.
    pub fn sql_type(&self) -> &SqlType {
        &self.sql_type
    }

    /// The function's name in SQL.
    pub fn name(&self) -> &'static str {
        let same = |kind: &Kind| std::mem::discriminant(kind) == std::mem::discriminant(&self.kind);
        KINDS.iter().find(|(_, kind)| same(kind)).map_or("window", |(name, _)| name)
    }

    /// The row's inputs that it reads, ascending.
    pub fn inputs(&self) -> Vec<usize> {
        let mut inputs = Vec::new();
        if let Some(argument) = &self.argument {
            argument.collect_inputs(&mut inputs);
        }
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    /// How many rows before it looks at, where that is one row only; the others look at all of the parent's rows before.
    pub fn back(&self) -> Option<u64> {
        match self.kind {
            Kind::Lag(back) => Some(back.into()),
            _ => None,
        }
    }

    /// The argument's values; of functions that look back at one row.
    pub fn values(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let argument = self.argument.as_ref().expect("only count can do without a column");
        evaluate::whole(argument, batch)
    }

    /// Nothing seen yet.
    pub fn start(&self) -> Running {
        Running { seen: 0, state: State::Nothing }
    }

    /// Adds the rows of a batch, each after the one before, and gives the value of each; `begins` says which are the first of
    /// their parent.
    pub fn run(&self, running: &mut Running, batch: &dyn Batch, begins: &[bool]) -> Result<Vector, Failure> {
        let values = match &self.argument {
            Some(argument) => evaluate::whole(argument, batch)?,
            None => Data::Int(vec![0; begins.len()]).into(),
        };
        let mut out = nulls(&self.sql_type, begins.len());
        let mut valid = vec![true; begins.len()];
        for (at, begins) in begins.iter().enumerate() {
            if *begins {
                *running = self.start();
            }
            if values.is_valid(at) {
                running.state = self.next(running, &values, at)?;
                running.seen += 1;
            }
            valid[at] = running.seen > 0 || self.kind == Kind::Count;
            running.put(&mut out.data, at);
        }
        Ok(Vector::new(out.data, Some(valid)))
    }

    /// The state after one more value.
    fn next(&self, running: &Running, values: &Vector, at: usize) -> Result<State, Failure> {
        let too_large = || Failure::at(at, format!("{} out of range: the sum is too large", self.sql_type));
        let is_better = |order: std::cmp::Ordering| match self.kind {
            Kind::Min => order.is_lt(),
            _ => order.is_gt(),
        };
        Ok(match (self.kind, &values.data) {
            (Kind::Count, _) => State::Exact(i128::from(running.seen) + 1),
            (Kind::Sum, Data::Float(floats)) => State::Float(running.float() + floats[at]),
            (Kind::Sum, data) => {
                let sum = running.exact().checked_add(exact(data, at)).ok_or_else(too_large)?;
                let most = if self.sql_type == SqlType::BigInt { i64::MAX.into() } else { LARGEST };
                if sum.unsigned_abs() > most as u128 {
                    return Err(too_large());
                }
                State::Exact(sum)
            }
            (_, Data::Float(floats)) => match running.state {
                State::Float(best) if !is_better(floats[at].total_cmp(&best)) => State::Float(best),
                _ => State::Float(floats[at]),
            },
            (_, data) => match running.state {
                State::Exact(best) if !is_better(exact(data, at).cmp(&best)) => State::Exact(best),
                _ => State::Exact(exact(data, at)),
            },
        })
    }
}

/// What has gone by of a parent's rows.
#[derive(Clone, Debug)]
pub struct Running {
    /// Values that were not null.
    seen: u64,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Nothing,
    /// Integers, unscaled decimals and moments.
    Exact(i128),
    Float(f64),
}

impl Running {
    fn exact(&self) -> i128 {
        match self.state {
            State::Exact(value) => value,
            _ => 0,
        }
    }

    fn float(&self) -> f64 {
        match self.state {
            State::Float(value) => value,
            _ => 0.0,
        }
    }

    fn put(&self, out: &mut Data, at: usize) {
        match out {
            Data::Int(values) => values[at] = self.exact() as i64,
            Data::Wide(values) => values[at] = self.exact(),
            Data::Float(values) => values[at] = self.float(),
            _ => unreachable!("running values are numbers and moments"),
        }
    }
}

/// The greatest unscaled numeric: 38 digits.
const LARGEST: i128 = super::kernel::wide::LIMIT;

fn exact(data: &Data, at: usize) -> i128 {
    match data {
        Data::Int(values) => values[at].into(),
        Data::Wide(values) => values[at],
        _ => unreachable!("exact values are integers, decimals and moments"),
    }
}

/// A numeric with room for any sum.
fn total(scale: u8) -> SqlType {
    SqlType::Numeric { precision: 38, scale, bare: true }
}

fn is_number_or_moment(sql_type: &SqlType) -> bool {
    let is_number = sql_type.is_integer() || matches!(sql_type, SqlType::Numeric { .. } | SqlType::Double);
    let is_moment =
        matches!(sql_type, SqlType::Date | SqlType::Time | SqlType::Timestamp | SqlType::Timestamptz);
    (is_number || is_moment) && matches!(sql_type.layout(), Layout::Int | Layout::Wide | Layout::Float)
}
