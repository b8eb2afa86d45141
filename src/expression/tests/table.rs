//! A table of three rows to try expressions on: two of values, one of nulls.

use crate::diagnostic::{Diagnostic, Span};
use crate::expression::{Aggregate, Batch, Expression, Failure, Name, Names, Term};
use crate::random::Key;
use crate::value::parse::{self, Scalar};
use crate::value::{Data, EnumType, Rows, SqlType, Vector};
use std::rc::Rc;
use std::sync::Arc;

/// The columns: name, type, and the values of the first two rows. The third row is null throughout.
pub fn columns() -> Vec<(&'static str, SqlType, [&'static str; 2])> {
    let labels = ["open", "paid", "shipped"].map(str::to_owned).to_vec();
    let status = SqlType::Enum(Arc::new(EnumType { name: "status".into(), labels }));
    vec![
        ("s", SqlType::SmallInt, ["7", "-3"]),
        ("i", SqlType::Int, ["42", "-5"]),
        ("b", SqlType::BigInt, ["10000000000", "-7"]),
        ("n", SqlType::numeric(10, 2), ["12.34", "-0.05"]),
        ("w", SqlType::numeric(30, 10), ["12345678901234567890.0123456789", "-0.0000000005"]),
        ("d", SqlType::Double, ["1.5", "-2.25"]),
        ("r", SqlType::Real, ["0.1", "3e10"]),
        ("f", SqlType::Boolean, ["true", "false"]),
        ("t", SqlType::Text, ["Hello World", ""]),
        ("v", SqlType::Varchar(Some(10)), ["abc", ""]),
        ("c", SqlType::Char(5), ["ab", ""]),
        ("day", SqlType::Date, ["2026-02-28", "2024-12-30"]),
        ("ts", SqlType::Timestamp, ["2026-01-31 13:05:06.25", "1999-12-31 23:59:59.999999"]),
        ("tz", SqlType::Timestamptz, ["2026-01-31 13:05:06.25+00", "1999-12-31 23:59:59.999999+00"]),
        ("iv", SqlType::Interval, ["1 day 02:00:00", "-1 mons +3 days"]),
        (
            "u",
            SqlType::Uuid,
            ["00000000-0000-0000-0000-0000000000ff", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
        ),
        ("e", status, ["paid", "open"]),
        ("tm", SqlType::Time, ["23:30:00", "00:00:00"]),
    ]
}

/// The table's names; `lines` refers to it, and has the same columns.
#[derive(Default)]
pub struct Table {
    pub aggregates: Vec<Aggregate>,
    draws: u64,
}

impl Names for Table {
    fn resolve(&mut self, path: &[Name]) -> Result<Term, Diagnostic> {
        let name = match path {
            [name] => name,
            [table, name] if table.text == "lines" => name,
            _ => &path[0],
        };
        let columns = columns();
        match columns.iter().position(|(column, ..)| *column == name.text) {
            Some(at) => Ok(Term::Input(at, columns[at].1.clone())),
            None if name.text == "as_of" => Ok(Term::Constant(Some(Scalar::Int(0)), SqlType::Timestamptz)),
            None => Err(Diagnostic::new(name.span, format!("unknown column `{}`", name.text))),
        }
    }

    fn is_child(&self, name: &str) -> bool {
        name == "lines"
    }

    fn child(&mut self, _table: &Name) -> Result<Box<dyn Names + '_>, Diagnostic> {
        Ok(Box::new(Table::default()))
    }

    fn aggregate(&mut self, _table: &Name, aggregate: Aggregate) -> Result<Term, Diagnostic> {
        let term = Term::Input(100 + self.aggregates.len(), aggregate.sql_type().clone());
        self.aggregates.push(aggregate);
        Ok(term)
    }

    fn draw_key(&mut self) -> Key {
        self.draws += 1;
        Key::from_raw(1, self.draws)
    }
}

/// The table's rows, as many times over as asked for.
pub struct Lines {
    rows: Rows,
    columns: Vec<Rc<Vector>>,
}

impl Lines {
    pub fn new() -> Self {
        Self::repeated(1)
    }

    pub fn repeated(times: usize) -> Self {
        let positions: Vec<u32> = (0..times * 3).map(|at| at as u32 % 3).collect();
        let columns = columns()
            .into_iter()
            .map(|(_, sql_type, values)| Rc::new(column(&sql_type, &values).take(&positions)))
            .collect();
        Self { rows: Rows::Range { start: 0, len: times * 3 }, columns }
    }
}

impl Batch for Lines {
    fn rows(&self) -> &Rows {
        &self.rows
    }

    fn input(&self, index: usize) -> Result<Rc<Vector>, Failure> {
        Ok(self.columns[index].clone())
    }
}

fn column(sql_type: &SqlType, values: &[&str]) -> Vector {
    let scalars: Vec<Scalar> = values.iter().map(|value| parse::scalar(value, sql_type).unwrap()).collect();
    macro_rules! gather {
        ($variant:ident, $null:expr) => {
            Data::$variant(
                scalars
                    .iter()
                    .map(|scalar| match scalar {
                        Scalar::$variant(value) => *value,
                        _ => unreachable!(),
                    })
                    .chain([$null])
                    .collect(),
            )
        };
    }
    let data = match &scalars[0] {
        Scalar::Int(_) => gather!(Int, 0),
        Scalar::Wide(_) => gather!(Wide, 0),
        Scalar::Float(_) => gather!(Float, 0.0),
        Scalar::Bool(_) => gather!(Bool, false),
        Scalar::Uuid(_) => gather!(Uuid, 0),
        Scalar::Interval(_) => gather!(Interval, Default::default()),
        Scalar::Text(_) => {
            let texts = scalars.iter().map(|scalar| match scalar {
                Scalar::Text(bytes) => bytes.clone(),
                _ => unreachable!(),
            });
            Data::Text(texts.chain([Vec::new()]).collect())
        }
    };
    Vector::new(data, Some(vec![true, true, false]))
}

pub fn span(text: &str) -> Span {
    Span { source: 0, start: 0, end: text.len() as u32 }
}

/// Compiles over the table.
pub fn compile(text: &str) -> Result<Expression, Vec<Diagnostic>> {
    Expression::compile(text, span(text), &mut Table::default())
}

/// The values of the three rows, printed, or the first problem.
pub fn values(text: &str) -> Result<(SqlType, Vec<String>), String> {
    let expression = compile(text).map_err(|problems| problems[0].message.clone())?;
    let vector = expression.evaluate(&Lines::new()).map_err(|failure| failure.message)?;
    Ok((expression.sql_type().clone(), printed(expression.sql_type(), &vector)))
}

pub fn printed(sql_type: &SqlType, vector: &Vector) -> Vec<String> {
    let print = |at: usize| {
        let mut out = Vec::new();
        crate::value::text::value(&mut out, sql_type, vector, at);
        String::from_utf8(out).unwrap()
    };
    (0..vector.len()).map(|at| if vector.is_valid(at) { print(at) } else { "NULL".to_owned() }).collect()
}
