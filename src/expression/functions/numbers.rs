//! Functions of numbers. Transcendental ones compute in double precision through libm, for numeric too, where PostgreSQL
//! would compute more digits.

use super::Invocation;
use crate::diagnostic::Diagnostic;
use crate::expression::cast::{decimal, decimal_shape};
use crate::expression::kernel::arithmetic::Operator;
use crate::expression::kernel::wide::{LIMIT, ten};
use crate::expression::kernel::{Fault, Lane, convert, map1, map2, small};
use crate::expression::operators;
use crate::expression::tree::{Call, Node};
use crate::value::divisor::Divisor;
use crate::value::parse::Scalar;
use crate::value::{Data, SqlType};

/// What becomes of the digits that are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rounding {
    HalfAway,
    Cut,
    Up,
    Down,
}

impl Rounding {
    /// `value` without its last digits, of which `unit` is 10 to their number.
    fn quotient(self, value: i128, unit: i128) -> i128 {
        match self {
            Rounding::Cut => value / unit,
            Rounding::Down => value.div_euclid(unit),
            Rounding::Up => -(-value).div_euclid(unit),
            Rounding::HalfAway => {
                let (quotient, rest) = (value / unit, value % unit);
                let up = rest.unsigned_abs() * 2 >= unit.unsigned_abs();
                quotient + if up { value.signum() } else { 0 }
            }
        }
    }

    /// Values of less than 2^62 without their last digits.
    fn quotients(self, values: Lane<'_, i64>, len: usize, digits: u8) -> Vec<i64> {
        let unit = 10i64.pow(digits as u32);
        let (half, by) = (unit / 2, Divisor::new(unit));
        let down = |value: i64| by.quotient(value) - i64::from(by.rest(value) < 0);
        match self {
            Rounding::Cut | Rounding::Down if let Some(cut) = small::quotients(values, len, by) => cut,
            Rounding::HalfAway if let Some(rounded) = small::rounded(values, len, by) => rounded,
            // Adding half with the value's sign, then cutting, rounds half away from zero.
            Rounding::HalfAway => {
                map1(values, len, |value| by.quotient(value + if value < 0 { -half } else { half }))
            }
            Rounding::Cut => map1(values, len, |value| by.quotient(value)),
            Rounding::Down => map1(values, len, down),
            Rounding::Up => map1(values, len, |value| -down(-value)),
        }
    }

    fn double(self, value: f64) -> f64 {
        match self {
            // PostgreSQL's round(double precision) is rint: half to even.
            Rounding::HalfAway => libm::rint(value),
            Rounding::Cut => libm::trunc(value),
            Rounding::Up => libm::ceil(value),
            Rounding::Down => libm::floor(value),
        }
    }
}

pub(super) fn round(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=2)?;
    rounded(invocation, Rounding::HalfAway)
}

pub(super) fn trunc(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=2)?;
    rounded(invocation, Rounding::Cut)
}

pub(super) fn ceil(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=1)?;
    rounded(invocation, Rounding::Up)
}

pub(super) fn floor(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=1)?;
    rounded(invocation, Rounding::Down)
}

fn rounded(mut invocation: Invocation<'_>, rounding: Rounding) -> Result<Node, Diagnostic> {
    let digits = match invocation.arguments.get(1) {
        None => 0,
        Some(digits) => match digits.constant() {
            Some(Some(Scalar::Int(digits))) => digits.clamp(-38, 38),
            _ => return Err(digits.wrong("the number of digits must be a constant integer")),
        },
    };
    let two_arguments = invocation.arguments.len() == 2;
    let number = invocation.arguments.swap_remove(0);
    match &number.sql_type {
        SqlType::Real | SqlType::Double if two_arguments => Err(invocation.refuse(&number).help(format!(
            "PostgreSQL rounds numeric only to digits: {}(x::numeric, {digits})",
            invocation.name
        ))),
        // round(integer) is of double precision in PostgreSQL.
        SqlType::SmallInt | SqlType::Int | SqlType::BigInt if !two_arguments => {
            double(invocation.with(vec![number]), move |value| Ok(rounding.double(value)))
        }
        sql_type if sql_type.is_integer() || matches!(sql_type, SqlType::Numeric { .. }) => {
            rounded_decimal(invocation, number, digits, rounding)
        }
        _ => double(invocation.with(vec![number]), move |value| Ok(rounding.double(value))),
    }
}

fn rounded_decimal(
    invocation: Invocation<'_>,
    number: Node,
    digits: i64,
    rounding: Rounding,
) -> Result<Node, Diagnostic> {
    let (own_precision, scale) = decimal_shape(&number);
    let shown = digits.max(0) as u8;
    if shown >= scale && digits >= 0 {
        // More digits than there are: zeros are added.
        let precision = (own_precision - scale + shown).min(38);
        return Ok(decimal(number, precision, shown));
    }
    // One digit more before the point: 9.99 rounds to 10.0.
    let precision = (own_precision - scale + shown + 1).min(38);
    let sql_type = SqlType::Numeric { precision, scale: shown, bare: true };
    let number = decimal(number, own_precision, scale);
    let cut = (scale as i64 - digits).min(38) as u8;
    let factor = ten((-digits).clamp(0, 38) as u8);
    if let (SqlType::Numeric { precision: 0..=18, .. }, 0..=18, 1) = (&number.sql_type, cut, factor) {
        let narrow = sql_type.clone();
        return Ok(invocation.total(vec![number], narrow, move |arguments| {
            Data::Int(rounding.quotients(arguments.values[0].ints(), arguments.len, cut)).into()
        }));
    }
    let number = decimal(number, 38, scale);
    let is_small = precision <= 18;
    let call = Call::of_decimal(number, scale, move |arguments, scale| {
        if scale <= shown && factor == 1 {
            return convert::widened(arguments, scale, shown);
        }
        let cut = (scale as i64 - digits).min(38) as u8;
        let argument = &arguments.values[0];
        if cut <= 18 && factor == 1 && argument.is_narrow() && argument.ints().is_below_half() {
            return Ok(Data::Int(rounding.quotients(argument.ints(), arguments.len, cut)).into());
        }
        let (argument, unit) = (argument.widened(), ten(cut));
        let values = argument.wides();
        let compute = |at: usize| {
            rounding
                .quotient(values.get(at), unit)
                .checked_mul(factor)
                .filter(|value| value.unsigned_abs() <= LIMIT as u128)
                .ok_or(Fault::Borrowed("numeric field overflow: the result has more than 38 digits"))
        };
        let values = arguments.each(compute)?;
        Ok(if is_small {
            Data::Int(values.into_iter().map(|value| value as i64).collect())
        } else {
            Data::Wide(values)
        }
        .into())
    });
    Ok(call.node(sql_type, invocation.span))
}

pub(super) fn abs(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=1)?;
    let number = numeric_argument(&mut invocation)?;
    let sql_type = number.sql_type.clone();
    let of = sql_type.clone();
    Ok(invocation.call(vec![number], sql_type, move |arguments| {
        let number = &arguments.values[0];
        Ok(match &number.vector.data {
            Data::Int(_) => {
                let values = number.ints();
                if let Some(at) = arguments.first(|at| values.get(at) == i64::MIN) {
                    return Err(crate::expression::Failure::at(at, format!("{of} out of range")));
                }
                Data::Int(map1(values, arguments.len, i64::wrapping_abs))
            }
            Data::Wide(_) => Data::Wide(map1(number.wides(), arguments.len, i128::wrapping_abs)),
            _ => Data::Float(map1(number.floats(), arguments.len, libm::fabs)),
        }
        .into())
    }))
}

pub(super) fn sign(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=1)?;
    let number = numeric_argument(&mut invocation)?;
    if !matches!(number.sql_type, SqlType::Numeric { .. }) {
        return double(invocation.with(vec![number]), |value| {
            Ok(if value > 0.0 {
                1.0
            } else if value < 0.0 {
                -1.0
            } else {
                value
            })
        });
    }
    let sql_type = SqlType::Numeric { precision: 1, scale: 0, bare: true };
    Ok(invocation.total(vec![number], sql_type, |arguments| {
        let number = &arguments.values[0];
        Data::Int(match &number.vector.data {
            Data::Int(_) => map1(number.ints(), arguments.len, i64::signum),
            _ => map1(number.wides(), arguments.len, |value| value.signum() as i64),
        })
        .into()
    }))
}

/// The one argument, which must be a number.
fn numeric_argument(invocation: &mut Invocation<'_>) -> Result<Node, Diagnostic> {
    let number = invocation.arguments.swap_remove(0);
    if number.is_open() {
        return crate::expression::cast::cast(
            number,
            &SqlType::Double,
            crate::expression::cast::Willingness::Implicit,
        );
    }
    if number.sql_type.is_number() { Ok(number) } else { Err(invocation.refuse(&number)) }
}

pub(super) fn modulo(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=2)?;
    let b = invocation.arguments.pop().expect("two arguments");
    let a = invocation.arguments.pop().expect("two arguments");
    operators::arithmetic(Operator::Modulo, a, b, invocation.span)
}

pub(super) fn power(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=2)?;
    let b = invocation.arguments.pop().expect("two arguments");
    let a = invocation.arguments.pop().expect("two arguments");
    operators::power(a, b, invocation.span)
}

pub(super) fn div(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=2)?;
    for argument in &invocation.arguments {
        if argument.sql_type.scale().is_none() {
            return Err(invocation.refuse(argument));
        }
    }
    let b = invocation.arguments.pop().expect("two arguments");
    let a = invocation.arguments.pop().expect("two arguments");
    let scale = decimal_shape(&a).1.max(decimal_shape(&b).1);
    let sql_type = SqlType::Numeric { precision: 38, scale: 0, bare: true };
    let parts = vec![decimal(a, 38, scale), decimal(b, 38, scale)];
    Ok(invocation.call(parts, sql_type, |arguments| {
        let (a, b) = (arguments.values[0].wides(), arguments.values[1].wides());
        let values = arguments.each(|at| match b.get(at) {
            0 => Err("division by zero".into()),
            b => Ok(a.get(at) / b),
        })?;
        Ok(Data::Wide(values).into())
    }))
}

/// A function of one double.
fn double(
    mut invocation: Invocation<'_>,
    f: impl Fn(f64) -> Result<f64, Fault> + Send + Sync + 'static,
) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(1, &[SqlType::Double])?;
    Ok(invocation.call(arguments, SqlType::Double, move |arguments| {
        let values = arguments.values[0].floats();
        Ok(Data::Float(arguments.each(|at| f(values.get(at)))?).into())
    }))
}

fn logarithm(value: f64, f: fn(f64) -> f64) -> Result<f64, Fault> {
    if value == 0.0 {
        Err("cannot take logarithm of zero".into())
    } else if value < 0.0 {
        Err("cannot take logarithm of a negative number".into())
    } else {
        Ok(f(value))
    }
}

pub(super) fn sqrt(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| match value {
        value if value < 0.0 => Err("cannot take square root of a negative number".into()),
        value => Ok(libm::sqrt(value)),
    })
}

pub(super) fn cbrt(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| Ok(libm::cbrt(value)))
}

pub(super) fn exp(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| match libm::exp(value) {
        result if result.is_infinite() && value.is_finite() => Err("value out of range: overflow".into()),
        result => Ok(result),
    })
}

pub(super) fn ln(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| logarithm(value, libm::log))
}

pub(super) fn log10(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| logarithm(value, libm::log10))
}

pub(super) fn log(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    if invocation.arguments.len() != 2 {
        return log10(invocation);
    }
    let arguments = invocation.typed(2, &[SqlType::Double, SqlType::Double])?;
    Ok(invocation.call(arguments, SqlType::Double, |arguments| {
        let (bases, values) = (arguments.values[0].floats(), arguments.values[1].floats());
        let values = arguments.each(|at| {
            let (base, value) = (logarithm(bases.get(at), libm::log)?, logarithm(values.get(at), libm::log)?);
            if base == 0.0 { Err("division by zero".into()) } else { Ok(value / base) }
        })?;
        Ok(Data::Float(values).into())
    }))
}

pub(super) fn pi(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(0..=0)?;
    Ok(Node::constant_of(Some(Scalar::Float(std::f64::consts::PI)), SqlType::Double, invocation.span))
}

pub(super) fn sin(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| Ok(libm::sin(value)))
}

pub(super) fn cos(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| Ok(libm::cos(value)))
}

pub(super) fn tan(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| Ok(libm::tan(value)))
}

pub(super) fn asin(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| in_unit(value, libm::asin))
}

pub(super) fn acos(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| in_unit(value, libm::acos))
}

fn in_unit(value: f64, f: fn(f64) -> f64) -> Result<f64, Fault> {
    if value.abs() > 1.0 { Err("input is out of range".into()) } else { Ok(f(value)) }
}

pub(super) fn atan(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| Ok(libm::atan(value)))
}

pub(super) fn atan2(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(2, &[SqlType::Double, SqlType::Double])?;
    Ok(invocation.total(arguments, SqlType::Double, |arguments| {
        let (y, x) = (arguments.values[0].floats(), arguments.values[1].floats());
        Data::Float(map2(y, x, arguments.len, libm::atan2)).into()
    }))
}

pub(super) fn degrees(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| Ok(value / (std::f64::consts::PI / 180.0)))
}

pub(super) fn radians(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    double(invocation, |value| Ok(value * (std::f64::consts::PI / 180.0)))
}

impl<'a> Invocation<'a> {
    /// The same call with other arguments.
    fn with(self, arguments: Vec<Node>) -> Invocation<'a> {
        Invocation { arguments, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_right_on_both_sides_of_zero() {
        let all = |value| {
            [Rounding::HalfAway, Rounding::Cut, Rounding::Up, Rounding::Down]
                .map(|way| way.quotient(value, 10))
        };
        assert_eq!(all(25), [3, 2, 3, 2]);
        assert_eq!(all(-25), [-3, -2, -2, -3]);
        assert_eq!(all(24), [2, 2, 3, 2]);
        assert_eq!(all(-20), [-2, -2, -2, -2]);
    }
}
