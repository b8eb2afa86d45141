//! + - * / % and signs of numbers.

use super::wide::{self, LIMIT, ten};
use super::{Fault, Lane, map1, map2, small};
use crate::expression::Failure;
use crate::expression::evaluate::Arguments;
use crate::value::divisor::Divisor;
use crate::value::{Data, SqlType, Vector};

/// An operator on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

const DIVISION_BY_ZERO: Fault = Fault::Borrowed("division by zero");
const NUMERIC_OVERFLOW: Fault = Fault::Borrowed("numeric field overflow: the result has more than 38 digits");

/// Integers of the given type; a result out of its range fails.
pub fn integers(
    arguments: &Arguments<'_>,
    operator: Operator,
    sql_type: &SqlType,
) -> Result<Vector, Failure> {
    let (a, b) = (arguments.values[0].ints(), arguments.values[1].ints());
    let (_, high) = sql_type.int_bounds().expect("integers have bounds");
    if let Some(values) = small::results(operator, a, b, arguments.len, high) {
        return Ok(Data::Int(values).into());
    }
    let values = match operator {
        Operator::Add => checked(arguments, sql_type, i64::overflowing_add)?,
        Operator::Subtract => checked(arguments, sql_type, i64::overflowing_sub)?,
        Operator::Multiply => checked(arguments, sql_type, i64::overflowing_mul)?,
        Operator::Divide | Operator::Modulo if matches!(b, Lane::All(1..)) => {
            let Lane::All(divisor) = b else { unreachable!("it was just seen to be one for all") };
            divided(operator, a, arguments.len, Divisor::new(divisor))
        }
        Operator::Divide => arguments.each(|at| match (a.get(at), b.get(at)) {
            (_, 0) => Err(DIVISION_BY_ZERO),
            (a, b) => a.checked_div(b).filter(|value| *value <= high).ok_or_else(|| out_of_range(sql_type)),
        })?,
        Operator::Modulo => arguments.each(|at| match (a.get(at), b.get(at)) {
            (_, 0) => Err(DIVISION_BY_ZERO),
            (a, b) => Ok(a.wrapping_rem(b)),
        })?,
    };
    Ok(Data::Int(values).into())
}

/// Quotients or what is left of them.
fn divided(operator: Operator, values: Lane<'_, i64>, len: usize, by: Divisor) -> Vec<i64> {
    // Of the least integer, whose magnitude has 64 bits, the processor's own.
    match operator {
        Operator::Divide => small::quotients(values, len, by).unwrap_or_else(|| {
            map1(values, len, |value| match value {
                i64::MIN => value / by.get(),
                value => by.quotient(value),
            })
        }),
        _ => small::rests(values, len, by).unwrap_or_else(|| {
            map1(values, len, |value| match value {
                i64::MIN => value % by.get(),
                value => by.rest(value),
            })
        }),
    }
}

fn out_of_range(sql_type: &SqlType) -> Fault {
    Fault::from(format!("{sql_type} out of range"))
}

/// The results of `operate`, which are searched for one out of range only if there is any. A copy of the loop for each operator: called
/// through a pointer, it would take twice as long.
fn checked(
    arguments: &Arguments<'_>,
    sql_type: &SqlType,
    operate: impl Fn(i64, i64) -> (i64, bool),
) -> Result<Vec<i64>, Failure> {
    let (a, b) = (arguments.values[0].ints(), arguments.values[1].ints());
    let (low, high) = sql_type.int_bounds().expect("integers have bounds");
    let mut bad = false;
    let values = map2(a, b, arguments.len, |a, b| {
        let (value, overflow) = operate(a, b);
        bad |= overflow | (value < low) | (value > high);
        value
    });
    let is_bad = |at| {
        let (value, overflow) = operate(a.get(at), b.get(at));
        overflow || value < low || value > high
    };
    match bad.then(|| arguments.first(is_bad)).flatten() {
        Some(at) => Err(Failure::at(at, out_of_range(sql_type))),
        None => Ok(values),
    }
}

/// Small decimals whose result has at most 18 digits by its type, so that nothing can overflow. For + and - of one scale.
pub fn small_decimals(arguments: &Arguments<'_>, operator: Operator) -> Vector {
    let (a, b) = (arguments.values[0].ints(), arguments.values[1].ints());
    Data::Int(match operator {
        Operator::Add => map2(a, b, arguments.len, i64::wrapping_add),
        Operator::Subtract => map2(a, b, arguments.len, i64::wrapping_sub),
        Operator::Multiply => small::results(operator, a, b, arguments.len, i64::MAX)
            .unwrap_or_else(|| map2(a, b, arguments.len, i64::wrapping_mul)),
        Operator::Divide | Operator::Modulo => unreachable!("these can fail"),
    })
    .into()
}

/// Wide decimals of one scale: + and -.
pub fn wide_sums(arguments: &Arguments<'_>, subtract: bool) -> Result<Vector, Failure> {
    let operator = if subtract { Operator::Subtract } else { Operator::Add };
    if let Some(sums) = narrow_results(arguments, operator) {
        return Ok(sums);
    }
    let (a, b) = (arguments.values[0].widened(), arguments.values[1].widened());
    let (a, b) = (a.wides(), b.wides());
    let operate = if subtract { i128::overflowing_sub } else { i128::overflowing_add };
    let is_bad = |(value, overflow): (i128, bool)| overflow | (value.unsigned_abs() > LIMIT as u128);
    let mut bad = false;
    let values = map2(a, b, arguments.len, |a, b| {
        let sum = operate(a, b);
        bad |= is_bad(sum);
        sum.0
    });
    if bad && let Some(at) = arguments.first(|at| is_bad(operate(a.get(at), b.get(at)))) {
        return Err(Failure::at(at, NUMERIC_OVERFLOW));
    }
    Ok(Data::Wide(values).into())
}

/// Wide decimals that are integers so far: the results, if these are such, too.
fn narrow_results(arguments: &Arguments<'_>, operator: Operator) -> Option<Vector> {
    let [a, b] = arguments.values else { unreachable!("two operands") };
    if !a.is_narrow() || !b.is_narrow() {
        return None;
    }
    let (a, b, len) = (a.ints(), b.ints(), arguments.len);
    let values = small::results(operator, a, b, len, i64::MAX).or_else(|| match operator {
        Operator::Add => unless_overflown(a, b, len, i64::overflowing_add),
        Operator::Subtract => unless_overflown(a, b, len, i64::overflowing_sub),
        _ => unless_overflown(a, b, len, i64::overflowing_mul),
    });
    values.map(|values| Data::Int(values).into())
}

fn unless_overflown(
    a: Lane<'_, i64>,
    b: Lane<'_, i64>,
    len: usize,
    operate: impl Fn(i64, i64) -> (i64, bool),
) -> Option<Vec<i64>> {
    let mut overflowed = false;
    let values = map2(a, b, len, |a, b| {
        let (value, overflow) = operate(a, b);
        overflowed |= overflow;
        value
    });
    (!overflowed).then_some(values)
}

/// Wide decimals: the product with its last `cut` digits rounded away.
pub fn wide_products(arguments: &Arguments<'_>, cut: u8) -> Result<Vector, Failure> {
    if cut == 0
        && let Some(products) = narrow_results(arguments, Operator::Multiply)
    {
        return Ok(products);
    }
    let (a, b) = (arguments.values[0].widened(), arguments.values[1].widened());
    let (a, b) = (a.wides(), b.wides());
    let divisor = ten(cut);
    let values = arguments.each(|at| {
        let (a, b) = (a.get(at), b.get(at));
        let product = if cut == 0 {
            a.checked_mul(b).filter(|product| product.unsigned_abs() <= LIMIT as u128)
        } else {
            wide::mul_div(a, b, divisor)
        };
        product.ok_or(NUMERIC_OVERFLOW)
    })?;
    Ok(Data::Wide(values).into())
}

/// Wide decimals: the quotient as PostgreSQL computes it, held at `scale`.
pub fn quotients(arguments: &Arguments<'_>, a_scale: u8, b_scale: u8, scale: u8) -> Result<Vector, Failure> {
    let (a, b) = (arguments.values[0].widened(), arguments.values[1].widened());
    let (a, b) = (a.wides(), b.wides());
    let values = arguments.each(|at| match b.get(at) {
        0 => Err(DIVISION_BY_ZERO),
        b => wide::divide(a.get(at), a_scale, b, b_scale, scale).ok_or(NUMERIC_OVERFLOW),
    })?;
    Ok(Data::Wide(values).into())
}

/// Decimals of one scale: what is left of the division, with the sign of the dividend.
pub fn rests(arguments: &Arguments<'_>) -> Result<Vector, Failure> {
    fn rests<T: Copy + Default + PartialEq>(
        arguments: &Arguments<'_>,
        (a, b): (Lane<'_, T>, Lane<'_, T>),
        rest: fn(T, T) -> T,
    ) -> Result<Vec<T>, Failure> {
        arguments.each(|at| match b.get(at) {
            b if b == T::default() => Err(DIVISION_BY_ZERO),
            b => Ok(rest(a.get(at), b)),
        })
    }
    let [a, b] = arguments.values else { unreachable!("two operands") };
    Ok(match &a.vector.data {
        Data::Int(_) => Data::Int(rests(arguments, (a.ints(), b.ints()), i64::wrapping_rem)?),
        _ => Data::Wide(rests(arguments, (a.wides(), b.wides()), i128::wrapping_rem)?),
    }
    .into())
}

/// Doubles. As in PostgreSQL, an infinity that comes of finite numbers fails; with `real` results are rounded to 32 bits.
pub fn doubles(arguments: &Arguments<'_>, operator: Operator, real: bool) -> Result<Vector, Failure> {
    let (a, b) = (arguments.values[0].floats(), arguments.values[1].floats());
    if operator == Operator::Divide
        && let Some(at) = arguments.first(|at| b.get(at) == 0.0 && !a.get(at).is_nan())
    {
        return Err(Failure::at(at, DIVISION_BY_ZERO));
    }
    let compute = |a: f64, b: f64| {
        let value = match operator {
            Operator::Add => a + b,
            Operator::Subtract => a - b,
            Operator::Multiply => a * b,
            Operator::Divide => a / b,
            Operator::Modulo => libm::fmod(a, b),
        };
        if real { value as f32 as f64 } else { value }
    };
    let values = map2(a, b, arguments.len, compute);
    let overflowed = |at: usize| values[at].is_infinite() && a.get(at).is_finite() && b.get(at).is_finite();
    if values.iter().any(|value| value.is_infinite())
        && let Some(at) = arguments.first(overflowed)
    {
        return Err(Failure::at(at, "value out of range: overflow"));
    }
    Ok(Data::Float(values).into())
}

/// Whole numbers in the wide layout as integers of a type.
pub fn whole_to_integers(arguments: &Arguments<'_>, whole: &Vector, to: &SqlType) -> Result<Vector, Failure> {
    let Data::Wide(values) = &whole.data else { unreachable!("numeric(38,0) is wide") };
    let (low, high) = to.int_bounds().expect("integers have bounds");
    let values = arguments.each(|at| match i64::try_from(values[at]) {
        Ok(value) if (low..=high).contains(&value) => Ok(value),
        _ => Err(format!("{to} out of range").into()),
    })?;
    Ok(Data::Int(values).into())
}

/// The number with its sign turned.
pub fn negated(arguments: &Arguments<'_>, sql_type: &SqlType) -> Result<Vector, Failure> {
    let argument = &arguments.values[0];
    Ok(match &argument.vector.data {
        Data::Int(_) => {
            let values = argument.ints();
            let (low, high) = sql_type.int_bounds().expect("numbers of this layout have bounds");
            if low != -high
                && let Some(at) = arguments.first(|at| values.get(at) == low)
            {
                return Err(Failure::at(at, format!("{sql_type} out of range")));
            }
            Data::Int(map1(values, arguments.len, i64::wrapping_neg))
        }
        Data::Wide(_) => Data::Wide(map1(argument.wides(), arguments.len, i128::wrapping_neg)),
        _ => Data::Float(map1(argument.floats(), arguments.len, |value| -value)),
    }
    .into())
}
