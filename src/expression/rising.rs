//! Whether arithmetic over a counter gives another whole number for each row, for any number of rows.
//!
//! Sums, differences, multiples, quotients and rests by constants repeat themselves: after a *period* of the counter each has
//! *risen* by the same amount as after the one before. So what ascends strictly through one period does so for ever.

use super::compile;
use sqlparser::ast::{BinaryOperator, Expr, Value};

/// Numbers of a period that are tried.
const LONGEST: i128 = 1 << 20;

/// A whole-number expression over one counter.
enum Stairs {
    Counter,
    Constant(i128),
    Sum(Box<Stairs>, Box<Stairs>),
    Difference(Box<Stairs>, Box<Stairs>),
    Product(Box<Stairs>, Box<Stairs>),
    Quotient(Box<Stairs>, i128),
    Rest(Box<Stairs>, i128),
}

/// How an expression repeats itself: `f(x + period) = f(x) + rise`.
#[derive(Clone, Copy)]
struct Rhythm {
    period: i128,
    rise: i128,
}

/// Whether the expression ascends strictly with the counter of that name, which counts from `first`: `(row - 1) / 8 * 32 + row % 8`.
/// False where that cannot be told.
pub fn ascends(expression: &str, counter: &str, first: i64) -> bool {
    let Some(stairs) = compile::parse_plain(expression).and_then(|parsed| Stairs::read(&parsed, counter))
    else {
        return false;
    };
    let Some(Rhythm { period, .. }) = stairs.rhythm().filter(|rhythm| rhythm.rise > 0) else {
        return false;
    };
    let first = first as i128;
    let mut values = (first..=first + period).map(|counter| stairs.value(counter));
    let mut before = values.next().flatten();
    values.all(|value| {
        let ascends = matches!((before, value), (Some(before), Some(value)) if before < value);
        before = value;
        ascends
    })
}

impl Stairs {
    fn read(expression: &Expr, counter: &str) -> Option<Self> {
        Some(match expression {
            Expr::Nested(inner) => Self::read(inner, counter)?,
            Expr::Identifier(name) if name.value == counter => Stairs::Counter,
            Expr::Value(value) => match &value.value {
                Value::Number(digits, _) => Stairs::Constant(digits.parse::<i64>().ok()? as i128),
                _ => return None,
            },
            Expr::BinaryOp { left, op, right } => {
                let (left, right) = (Self::read(left, counter)?, Self::read(right, counter)?);
                match (op, right) {
                    (BinaryOperator::Plus, right) => Stairs::Sum(Box::new(left), Box::new(right)),
                    (BinaryOperator::Minus, right) => Stairs::Difference(Box::new(left), Box::new(right)),
                    (BinaryOperator::Multiply, right) => Stairs::Product(Box::new(left), Box::new(right)),
                    (BinaryOperator::Divide, Stairs::Constant(by @ 1..)) => {
                        Stairs::Quotient(Box::new(left), by)
                    }
                    (BinaryOperator::Modulo, Stairs::Constant(by @ 1..)) => Stairs::Rest(Box::new(left), by),
                    _ => return None,
                }
            }
            _ => return None,
        })
    }

    fn rhythm(&self) -> Option<Rhythm> {
        let together = |a: &Stairs, b: &Stairs, sign: i128| {
            let (a, b) = (a.rhythm()?, b.rhythm()?);
            let period = a.period / greatest_common_divisor(a.period, b.period) * b.period;
            let rise = a.rise * (period / a.period) + sign * b.rise * (period / b.period);
            Some(Rhythm { period, rise })
        };
        let rhythm = match self {
            Stairs::Counter => Rhythm { period: 1, rise: 1 },
            Stairs::Constant(_) => Rhythm { period: 1, rise: 0 },
            Stairs::Sum(a, b) => together(a, b, 1)?,
            Stairs::Difference(a, b) => together(a, b, -1)?,
            Stairs::Product(a, b) => match (&**a, &**b) {
                (Stairs::Constant(factor), of) | (of, Stairs::Constant(factor)) => {
                    let of = of.rhythm()?;
                    Rhythm { rise: of.rise.checked_mul(*factor)?, ..of }
                }
                _ => return None,
            },
            Stairs::Quotient(of, by) | Stairs::Rest(of, by) => {
                // A quotient is cut towards zero: what is divided must stay on one side of it.
                let of = of.rhythm().filter(|of| of.rise >= 0)?;
                let times = by / greatest_common_divisor(of.rise, *by);
                let rise = if matches!(self, Stairs::Rest(..)) { 0 } else { of.rise * times / by };
                Rhythm { period: of.period.checked_mul(times)?, rise }
            }
        };
        (rhythm.period <= LONGEST).then_some(rhythm)
    }

    /// `None` on overflow, and where something below zero is divided.
    fn value(&self, counter: i128) -> Option<i128> {
        match self {
            Stairs::Counter => Some(counter),
            Stairs::Constant(value) => Some(*value),
            Stairs::Sum(a, b) => a.value(counter)?.checked_add(b.value(counter)?),
            Stairs::Difference(a, b) => a.value(counter)?.checked_sub(b.value(counter)?),
            Stairs::Product(a, b) => a.value(counter)?.checked_mul(b.value(counter)?),
            Stairs::Quotient(of, by) => of.value(counter).filter(|of| *of >= 0).map(|of| of / by),
            Stairs::Rest(of, by) => of.value(counter).filter(|of| *of >= 0).map(|of| of % by),
        }
    }
}

fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ascends_for_ever_is_known_by_one_period() {
        for expression in [
            "row",
            "row * 2 - 1",
            "(row - 1) / 8 * 32 + (row - 1) % 8 + 1",
            "100 * (row / 3) + row % 3",
            "3 * row + row / 7",
            "1000 + row",
        ] {
            assert!(ascends(expression, "row", 1), "{expression}");
        }
    }

    #[test]
    fn what_repeats_or_cannot_be_told_is_not() {
        for expression in [
            "row / 2",
            "row % 10",
            "(row - 1) / 8 * 4 + (row - 1) % 8",
            "row - row / 1",
            "-row",
            "row * row",
            "row * 0",
            "10 - row",
            "(row - 5) / 2 + row",
            "row % 10000000 + row",
            "row / 0",
            "other + row",
            "abs(row)",
            "row +",
        ] {
            assert!(!ascends(expression, "row", 1), "{expression}");
        }
    }
}
