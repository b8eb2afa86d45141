//! Casts from one type to another, a batch at a time.

use super::wide::{LIMIT, rescale, ten};
use super::{Fault, Lane, map1, small};
use crate::expression::Failure;
use crate::expression::evaluate::{Argument, Arguments};
use crate::value::civil::DAY;
use crate::value::divisor::Divisor;
use crate::value::parse::{self, Scalar};
use crate::value::{Data, Layout, SqlType, Vector, text};

/// The argument as it is.
pub fn same(arguments: &Arguments<'_>) -> Vector {
    spread(&arguments.values[0], arguments.len)
}

fn spread(argument: &Argument, len: usize) -> Vector {
    if argument.constant { argument.vector.take(&vec![0; len]) } else { (*argument.vector).clone() }
}

/// Integers to a narrower integer type.
pub fn narrowed(arguments: &Arguments<'_>, to: &SqlType) -> Result<Vector, Failure> {
    let values = arguments.values[0].ints();
    let (low, high) = to.int_bounds().expect("integers have bounds");
    // All are looked at first, in a loop without a way out, and the place of the first is looked for only if there is one.
    let fits = |value: i64| (low <= value) & (value <= high);
    let all_fit = match values {
        Lane::Each(values) => values.iter().fold(true, |all, value| all & fits(*value)),
        Lane::All(value) => fits(value),
    };
    match (!all_fit).then(|| arguments.first(|at| !fits(values.get(at)))).flatten() {
        Some(at) => Err(Failure::at(at, format!("{to} out of range: {}", values.get(at)))),
        None => Ok(same(arguments)),
    }
}

/// Decimals (integers too) from one scale to another, in whatever layout; `precision` of the result is checked.
pub fn decimals(
    arguments: &Arguments<'_>,
    from_scale: u8,
    precision: u8,
    scale: u8,
    to: &SqlType,
) -> Result<Vector, Failure> {
    let argument = &arguments.values[0];
    let fault = || overflow(precision, scale, to);
    // A wide decimal that is an integer by chance may be anything up to the greatest; half is added to it below.
    let is_small = argument.is_narrow() && (from_scale <= scale || argument.ints().is_below_half());
    if is_small && from_scale.abs_diff(scale) <= 18 && to.layout() == Layout::Int {
        return short(arguments, argument.ints(), from_scale, precision, scale, fault);
    }
    if from_scale == scale
        && to.layout() == Layout::Int
        && let Data::Wide(_) = argument.vector.data
    {
        let limit = 10i64.pow(precision as u32) - 1;
        let values = argument.wides();
        let fits = |value: i128| (-limit as i128..=limit as i128).contains(&value);
        return match arguments.first(|at| !fits(values.get(at))) {
            Some(at) => Err(Failure::at(at, fault())),
            None => Ok(Data::Int(map1(values, arguments.len, |value| value as i64)).into()),
        };
    }
    let limit = (ten(precision) - 1).unsigned_abs();
    let convert = |value: i128| {
        rescale(value, from_scale, scale).filter(|value| value.unsigned_abs() <= limit).ok_or_else(fault)
    };
    let values = match &argument.vector.data {
        Data::Int(_) => {
            let values = argument.ints();
            arguments.each(|at| convert(values.get(at) as i128))?
        }
        _ => {
            let values = argument.wides();
            arguments.each(|at| convert(values.get(at)))?
        }
    };
    Ok(match to.layout() {
        Layout::Int => Data::Int(values.into_iter().map(|value| value as i64).collect()),
        _ => Data::Wide(values),
    }
    .into())
}

fn overflow(precision: u8, scale: u8, to: &SqlType) -> Fault {
    match to {
        SqlType::Numeric { .. } => Fault::from(format!(
            "numeric field overflow: numeric({precision},{scale}) holds absolute values below 10^{}",
            precision - scale
        )),
        _ => Fault::from(format!("{to} out of range")),
    }
}

/// Decimals of at most 18 digits before and after.
fn short(
    arguments: &Arguments<'_>,
    values: Lane<'_, i64>,
    from_scale: u8,
    precision: u8,
    scale: u8,
    fault: impl Fn() -> Fault,
) -> Result<Vector, Failure> {
    let limit = 10i64.pow(precision as u32) - 1;
    if scale == from_scale && values.ceiling().is_some_and(|most| most <= limit as u64) {
        return Ok(same(arguments));
    }
    let mut bad = false;
    let converted = if scale >= from_scale {
        let factor = 10i64.pow((scale - from_scale) as u32);
        if let Some(multiples) = small::multiples(values, arguments.len, factor, limit) {
            return Ok(Data::Int(multiples).into());
        }
        map1(values, arguments.len, |value| {
            let (value, overflow) = value.overflowing_mul(factor);
            bad |= overflow | (value > limit) | (value < -limit);
            value
        })
    } else {
        let divisor = 10i64.pow((from_scale - scale) as u32);
        let (half, by) = (divisor / 2, Divisor::new(divisor));
        if let Some(rounded) = small::rounded(values, arguments.len, by)
            && Lane::Each(&rounded).ceiling().is_some_and(|most| most <= limit as u64)
        {
            return Ok(Data::Int(rounded).into());
        }
        map1(values, arguments.len, |value| {
            // Adding half with the value's sign, then cutting, rounds half away from zero.
            let value = by.quotient(value + if value < 0 { -half } else { half });
            bad |= (value > limit) | (value < -limit);
            value
        })
    };
    if bad {
        let is_bad = |at: usize| {
            rescale(values.get(at) as i128, from_scale, scale)
                .is_none_or(|value| value.unsigned_abs() > limit as u128)
        };
        if let Some(at) = arguments.first(is_bad) {
            return Err(Failure::at(at, fault()));
        }
    }
    Ok(Data::Int(converted).into())
}

/// Decimals that are known to fit 18 digits, to the wide layout and another scale.
pub fn widened(arguments: &Arguments<'_>, from_scale: u8, scale: u8) -> Result<Vector, Failure> {
    let argument = &arguments.values[0];
    let factor = ten(scale - from_scale);
    if let (true, Ok(narrow)) = (argument.is_narrow(), i64::try_from(factor)) {
        if narrow == 1 {
            return Ok(same(arguments));
        }
        if let Some(multiples) = small::multiples(argument.ints(), arguments.len, narrow, i64::MAX) {
            return Ok(Data::Int(multiples).into());
        }
        let mut overflowed = false;
        let values = map1(argument.ints(), arguments.len, |value| {
            let (value, overflow) = value.overflowing_mul(narrow);
            overflowed |= overflow;
            value
        });
        if !overflowed {
            return Ok(Data::Int(values).into());
        }
    }
    Ok(Data::Wide(match &argument.vector.data {
        Data::Int(_) => map1(argument.ints(), arguments.len, |value| value as i128)
            .into_iter()
            .enumerate()
            .map(|(at, value)| scaled(arguments, at, value, factor))
            .collect::<Result<_, _>>()?,
        _ => {
            let values = argument.wides();
            (0..arguments.len)
                .map(|at| scaled(arguments, at, values.get(at), factor))
                .collect::<Result<_, _>>()?
        }
    })
    .into())
}

fn scaled(arguments: &Arguments<'_>, at: usize, value: i128, factor: i128) -> Result<i128, Failure> {
    match value.checked_mul(factor).filter(|value| value.unsigned_abs() <= LIMIT as u128) {
        Some(value) => Ok(value),
        None if !arguments.is_valid(at) => Ok(0),
        None => Err(Failure::at(at, "numeric field overflow: the result has more than 38 digits")),
    }
}

/// Decimals and integers to doubles, each correctly rounded.
pub fn to_double(arguments: &Arguments<'_>, from_scale: u8, to: &SqlType) -> Vector {
    let argument = &arguments.values[0];
    let double = |value: i128| {
        let double = decimal_to_double(value, from_scale);
        if *to == SqlType::Real { double as f32 as f64 } else { double }
    };
    Data::Float(match &argument.vector.data {
        Data::Int(_) => map1(argument.ints(), arguments.len, |value| double(value as i128)),
        _ => map1(argument.wides(), arguments.len, double),
    })
    .into()
}

/// The double nearest to `unscaled / 10^scale`.
pub fn decimal_to_double(unscaled: i128, scale: u8) -> f64 {
    const TENS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    // Both numbers are exact in a double, so their quotient is rounded once.
    if unscaled.unsigned_abs() < 1 << 53 && scale <= 22 {
        return unscaled as f64 / TENS[scale as usize];
    }
    format!("{unscaled}e-{scale}").parse().expect("digits and an exponent are a number")
}

/// Doubles to integers, half to even as PostgreSQL's `rint`.
pub fn double_to_integer(arguments: &Arguments<'_>, to: &SqlType) -> Result<Vector, Failure> {
    let values = arguments.values[0].floats();
    let (low, high) = to.int_bounds().expect("integers have bounds");
    let values = arguments.each(|at| {
        let value = libm::rint(values.get(at));
        // 2^63 is the first double beyond bigint.
        let fits = value >= low as f64 && value < high as f64 + 1.0;
        if fits { Ok(value as i64) } else { Err(format!("{to} out of range").into()) }
    })?;
    Ok(Data::Int(values).into())
}

/// Doubles to decimals through their 15 (reals: 6) significant digits, as PostgreSQL does.
pub fn double_to_decimal(arguments: &Arguments<'_>, real: bool, to: &SqlType) -> Result<Vector, Failure> {
    let values = arguments.values[0].floats();
    let convert = |at| {
        let value = values.get(at);
        if !value.is_finite() {
            return Err(Fault::from(format!("cannot convert {value} to {to}")));
        }
        let digits = if real { format!("{value:.5e}") } else { format!("{value:.14e}") };
        parse::scalar(&digits, to).map_err(|_| match to {
            SqlType::Numeric { precision, scale, .. } => overflow(*precision, *scale, to),
            _ => Fault::from(format!("{to} out of range")),
        })
    };
    gathered(arguments, to, convert)
}

/// Doubles to reals.
pub fn to_real(arguments: &Arguments<'_>) -> Result<Vector, Failure> {
    let values = arguments.values[0].floats();
    let overflows = |at| values.get(at).is_finite() && (values.get(at) as f32).is_infinite();
    match arguments.first(overflows) {
        Some(at) => Err(Failure::at(at, "value out of range: overflow")),
        None => Ok(Data::Float(map1(values, arguments.len, |value| value as f32 as f64)).into()),
    }
}

/// Any value as text.
pub fn to_text(arguments: &Arguments<'_>, from: &SqlType) -> Result<Vector, Failure> {
    let argument = &arguments.values[0];
    match (&argument.vector.data, from) {
        // Text keeps its dictionary; bytes are printed as hex, and char loses its padding.
        (Data::Text(_) | Data::Dict { .. }, from) if !matches!(from, SqlType::Bytea | SqlType::Char(_)) => {
            Ok(same(arguments))
        }
        (_, SqlType::Char(_)) => arguments.texts(|at, out| {
            out.extend_from_slice(argument.str(at).trim_end_matches(' ').as_bytes());
            Ok(())
        }),
        _ => arguments.texts(|at, out| {
            text::value(out, from, &argument.vector, argument.index(at));
            Ok(())
        }),
    }
}

/// What becomes of text that is too long for its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLong {
    /// `::varchar(3)` cuts it.
    Cut,
    /// An assignment refuses it, unless only spaces are lost.
    Refuse,
}

/// Text to varchar(n) or char(n), which is not filled up with blanks: databases do that, and readers of files do not want it.
pub fn fitted(arguments: &Arguments<'_>, to: &SqlType, too_long: TooLong) -> Result<Vector, Failure> {
    let limit = to.max_chars().expect("a type with a length") as usize;
    let argument = &arguments.values[0];
    let stays = |text: &[u8]| text.len() <= limit || String::from_utf8_lossy(text).chars().count() <= limit;
    let all_stay = match &argument.vector.data {
        // The texts of a dictionary are fewer than the rows, as a rule.
        Data::Dict { values, .. } if values.len() <= arguments.len => values.iter().all(stays),
        _ => false,
    };
    if all_stay || arguments.first(|at| !stays(argument.bytes(at))).is_none() {
        return Ok(same(arguments));
    }
    arguments.texts(|at, out| {
        let text = argument.str(at);
        let mut ends = text.char_indices().map(|(at, _)| at);
        match ends.nth(limit) {
            Some(end) if too_long == TooLong::Cut || text[end..].trim_end_matches(' ').is_empty() => {
                out.extend_from_slice(&text.as_bytes()[..end]);
            }
            Some(_) => return Err(format!("value too long for type {to}: `{text}`").into()),
            None => out.extend_from_slice(text.as_bytes()),
        }
        Ok(())
    })
}

/// Text to any type, by the rules of literals.
pub fn parsed(arguments: &Arguments<'_>, to: &SqlType) -> Result<Vector, Failure> {
    let argument = &arguments.values[0];
    gathered(arguments, to, |at| parse::scalar(argument.str(at), to).map_err(Fault::from))
}

/// A vector of scalars computed one by one.
fn gathered(
    arguments: &Arguments<'_>,
    to: &SqlType,
    mut value: impl FnMut(usize) -> Result<Scalar, Fault>,
) -> Result<Vector, Failure> {
    macro_rules! gather {
        ($variant:ident) => {
            Data::$variant(arguments.each(|at| match value(at)? {
                Scalar::$variant(value) => Ok(value),
                _ => unreachable!("a value of the type has its layout"),
            })?)
        };
    }
    Ok(match to.layout() {
        Layout::Int => gather!(Int),
        Layout::Wide => gather!(Wide),
        Layout::Float => gather!(Float),
        Layout::Bool => gather!(Bool),
        Layout::Uuid => gather!(Uuid),
        Layout::Interval => gather!(Interval),
        Layout::Text => {
            return arguments.texts(|at, out| match value(at)? {
                Scalar::Text(bytes) => {
                    out.extend_from_slice(&bytes);
                    Ok(())
                }
                _ => unreachable!("a value of the type has its layout"),
            });
        }
        Layout::List => unreachable!("lists are not parsed"),
    }
    .into())
}

/// Booleans to 0 and 1.
pub fn bool_to_int(arguments: &Arguments<'_>) -> Vector {
    Data::Int(map1(arguments.values[0].bools(), arguments.len, i64::from)).into()
}

/// Integers to booleans: all but 0 is true.
pub fn int_to_bool(arguments: &Arguments<'_>) -> Vector {
    Data::Bool(map1(arguments.values[0].ints(), arguments.len, |value| value != 0)).into()
}

/// Days to microseconds.
pub fn date_to_timestamp(arguments: &Arguments<'_>) -> Vector {
    Data::Int(map1(arguments.values[0].ints(), arguments.len, |days| days * DAY)).into()
}

/// Microseconds to days.
pub fn timestamp_to_date(arguments: &Arguments<'_>) -> Vector {
    Data::Int(map1(arguments.values[0].ints(), arguments.len, |micros| micros.div_euclid(DAY))).into()
}

/// Microseconds to microseconds of day.
pub fn timestamp_to_time(arguments: &Arguments<'_>) -> Vector {
    Data::Int(map1(arguments.values[0].ints(), arguments.len, |micros| micros.rem_euclid(DAY))).into()
}

/// A time of day as the interval since midnight, or an interval's clock as a time of day.
pub fn time_and_interval(arguments: &Arguments<'_>) -> Vector {
    let argument = &arguments.values[0];
    match &argument.vector.data {
        Data::Int(_) => {
            let interval = |micros| crate::value::Interval { micros, ..Default::default() };
            Data::Interval(map1(argument.ints(), arguments.len, interval)).into()
        }
        _ => {
            Data::Int(map1(argument.intervals(), arguments.len, |value| value.micros.rem_euclid(DAY))).into()
        }
    }
}

/// The elements of arrays, converted by `convert`, which gets them as one column.
pub fn elements(
    arguments: &Arguments<'_>,
    convert: &dyn Fn(&Vector) -> Result<Vector, Failure>,
) -> Result<Vector, Failure> {
    let vector = same(arguments);
    let Data::List(list) = vector.data else { unreachable!("arrays are lists") };
    // The position within the elements says nothing to the caller.
    let values = convert(&list.values).map_err(|failure| Failure { at: Some(0), ..failure })?;
    Ok(Vector::new(
        Data::List(crate::value::List { offsets: list.offsets, values: Box::new(values) }),
        vector.valid,
    ))
}
