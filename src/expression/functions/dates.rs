//! Functions of dates and times.

use super::Invocation;
use crate::diagnostic::Diagnostic;
use crate::expression::cast::{Willingness, cast};
use crate::expression::kernel::convert::decimal_to_double;
use crate::expression::kernel::temporal::{self, FIELDS, Field};
use crate::expression::kernel::{Fault, map1, map2};
use crate::expression::tree::{Kind, Node};
use crate::value::civil::{DAY, days_from_civil, days_in_month};
use crate::value::parse::Scalar;
use crate::value::{Data, Interval, SqlType};

/// The field that the first argument names.
fn field_argument(invocation: &mut Invocation<'_>) -> Result<Field, Diagnostic> {
    let argument = invocation.arguments.remove(0);
    let name = match argument.constant() {
        Some(Some(Scalar::Text(name))) => String::from_utf8(name).expect("text is UTF-8"),
        _ => {
            return Err(argument.wrong("the field must be written as a constant").help(invocation.signature));
        }
    };
    Field::named(&name).ok_or_else(|| {
        argument.wrong(format!("unknown field `{name}`")).suggest(&name, FIELDS.iter().map(|(name, _)| *name))
    })
}

/// A date or time, or a literal of one, which is taken as a timestamp.
fn moment(node: Node) -> Result<Node, Diagnostic> {
    match &node.kind {
        Kind::Literal(_) => cast(node, &SqlType::Timestamp, Willingness::Implicit),
        _ if node.sql_type == SqlType::Date => cast(node, &SqlType::Timestamp, Willingness::Implicit),
        _ => Ok(node),
    }
}

/// The field, and the argument it is taken of, which has it.
fn field_and_moment(invocation: &mut Invocation<'_>) -> Result<(Field, Node), Diagnostic> {
    invocation.arity(2..=2)?;
    let field = field_argument(invocation)?;
    let was_date = invocation.arguments[0].sql_type == SqlType::Date;
    let node = moment(invocation.arguments.remove(0))?;
    let has = match node.sql_type {
        SqlType::Timestamp | SqlType::Timestamptz => true,
        SqlType::Interval => temporal::interval_part(field, Interval::default()).is_some(),
        SqlType::Time => !field.needs_day(),
        _ => return Err(invocation.refuse(&node)),
    };
    if !has || (was_date && !field.needs_day() && field != Field::Epoch) {
        let sql_type = if was_date { SqlType::Date } else { node.sql_type.clone() };
        return Err(node.wrong(format!("{sql_type} has no such field")));
    }
    Ok((field, node))
}

pub(super) fn extract(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let was_date = invocation.arguments.get(1).is_some_and(|node| node.sql_type == SqlType::Date);
    let (field, node) = field_and_moment(&mut invocation)?;
    // A date has whole seconds.
    let scale = if was_date { 0 } else { field.scale() };
    let divisor = 10i64.pow((field.scale() - scale) as u32);
    let sql_type = SqlType::Numeric { precision: 18, scale, bare: true };
    Ok(invocation.call(vec![node], sql_type, move |arguments| {
        let argument = &arguments.values[0];
        Ok(match &argument.vector.data {
            Data::Interval(_) => {
                let values = argument.intervals();
                Data::Int(arguments.each(|at| {
                    temporal::interval_part(field, values.get(at))
                        .ok_or(Fault::Borrowed("interval out of range"))
                })?)
            }
            _ => Data::Int(map1(argument.ints(), arguments.len, |micros| {
                temporal::part(field, micros) / divisor
            })),
        }
        .into())
    }))
}

pub(super) fn date_part(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let (field, node) = field_and_moment(&mut invocation)?;
    let scale = field.scale();
    Ok(invocation.call(vec![node], SqlType::Double, move |arguments| {
        let argument = &arguments.values[0];
        let double = |part: i64| decimal_to_double(part as i128, scale);
        Ok(Data::Float(match &argument.vector.data {
            Data::Interval(_) => {
                let values = argument.intervals();
                arguments.each(|at| {
                    let part = temporal::interval_part(field, values.get(at));
                    part.map(double).ok_or(Fault::Borrowed("interval out of range"))
                })?
            }
            _ => map1(argument.ints(), arguments.len, |micros| double(temporal::part(field, micros))),
        })
        .into())
    }))
}

pub(super) fn date_trunc(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=2)?;
    let name_span = invocation.arguments[0].span;
    let field = field_argument(&mut invocation)?;
    if !field.truncates() {
        return Err(
            Diagnostic::new(name_span, "date_trunc cannot cut to this field").help(invocation.signature)
        );
    }
    let node = invocation.arguments.remove(0);
    // PostgreSQL takes a date for a timestamp with time zone here.
    let node = match node.sql_type {
        SqlType::Date => cast(node, &SqlType::Timestamptz, Willingness::Implicit)?,
        _ => moment(node)?,
    };
    let sql_type = node.sql_type.clone();
    match sql_type {
        SqlType::Timestamp | SqlType::Timestamptz => {
            Ok(invocation.total(vec![node], sql_type, move |arguments| {
                let values = arguments.values[0].ints();
                Data::Int(map1(values, arguments.len, |micros| temporal::truncated(field, micros))).into()
            }))
        }
        _ => Err(invocation.refuse(&node)),
    }
}

pub(super) fn make_date(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(3, &[SqlType::Int, SqlType::Int, SqlType::Int])?;
    Ok(invocation.call(arguments, SqlType::Date, |arguments| {
        let [years, months, days] = [0, 1, 2].map(|at| arguments.values[at].ints());
        let values = arguments.each(|at| civil(years.get(at), months.get(at), days.get(at)))?;
        Ok(Data::Int(values).into())
    }))
}

fn civil(year: i64, month: i64, day: i64) -> Result<i64, Fault> {
    let exists = (1..=9_999).contains(&year)
        && (1..=12).contains(&month)
        && day >= 1
        && day <= days_in_month(year, month as u32) as i64;
    if !exists {
        return Err(format!("date field value out of range: {year}-{month:02}-{day:02}").into());
    }
    Ok(days_from_civil(year, month as u32, day as u32))
}

fn clock(hour: i64, minute: i64, second: f64) -> Result<i64, Fault> {
    let exists = (0..24).contains(&hour) && (0..60).contains(&minute) && (0.0..60.0).contains(&second);
    if !exists {
        return Err(format!("time field value out of range: {hour}:{minute:02}:{second}").into());
    }
    Ok((hour * 3_600 + minute * 60) * 1_000_000 + libm::rint(second * 1e6) as i64)
}

pub(super) fn make_time(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(3, &[SqlType::Int, SqlType::Int, SqlType::Double])?;
    Ok(invocation.call(arguments, SqlType::Time, |arguments| {
        let [hours, minutes] = [0, 1].map(|at| arguments.values[at].ints());
        let seconds = arguments.values[2].floats();
        let values = arguments.each(|at| clock(hours.get(at), minutes.get(at), seconds.get(at)))?;
        Ok(Data::Int(values).into())
    }))
}

pub(super) fn make_timestamp(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    const INT: SqlType = SqlType::Int;
    let arguments = invocation.typed(6, &[INT, INT, INT, INT, INT, SqlType::Double])?;
    Ok(invocation.call(arguments, SqlType::Timestamp, |arguments| {
        let [years, months, days, hours, minutes] = [0, 1, 2, 3, 4].map(|at| arguments.values[at].ints());
        let seconds = arguments.values[5].floats();
        let values = arguments.each(|at| {
            let day = civil(years.get(at), months.get(at), days.get(at))?;
            Ok(day * DAY + clock(hours.get(at), minutes.get(at), seconds.get(at))?)
        })?;
        Ok(Data::Int(values).into())
    }))
}

pub(super) fn make_interval(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    const INT: SqlType = SqlType::Int;
    let arguments = invocation.typed(1, &[INT, INT, INT, INT, INT, INT, SqlType::Double])?;
    Ok(invocation.call(arguments, SqlType::Interval, |arguments| {
        let whole = |number: usize, at: usize| {
            arguments.values.get(number).map_or(0, |value| value.ints().get(at) as i128)
        };
        let values = arguments.each(|at| {
            let seconds = arguments.values.get(6).map_or(0.0, |value| value.floats().get(at));
            let out_of_range = |_| Fault::Borrowed("interval out of range");
            let micros =
                (whole(4, at) * 3_600 + whole(5, at) * 60) * 1_000_000 + libm::rint(seconds * 1e6) as i128;
            Ok(Interval {
                months: (whole(0, at) * 12 + whole(1, at)).try_into().map_err(out_of_range)?,
                days: (whole(2, at) * 7 + whole(3, at)).try_into().map_err(out_of_range)?,
                micros: micros.try_into().map_err(out_of_range)?,
            })
        })?;
        Ok(Data::Interval(values).into())
    }))
}

pub(super) fn to_timestamp(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(1, &[SqlType::Double])?;
    Ok(invocation.call(arguments, SqlType::Timestamptz, |arguments| {
        let seconds = arguments.values[0].floats();
        let (low, high) = SqlType::Timestamptz.int_bounds().expect("timestamps have bounds");
        let values = arguments.each(|at| {
            let micros = libm::rint(seconds.get(at) * 1e6);
            let fits = micros >= low as f64 && micros <= high as f64;
            if fits { Ok(micros as i64) } else { Err("timestamp out of range".into()) }
        })?;
        Ok(Data::Int(values).into())
    }))
}

pub(super) fn age(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    if invocation.arguments.len() == 1 {
        return Err(Diagnostic::new(invocation.span, "age of one argument asks for the present day")
            .help("write age(as_of, value)"));
    }
    let arguments = invocation.typed(2, &[SqlType::Timestamptz, SqlType::Timestamptz])?;
    Ok(invocation.total(arguments, SqlType::Interval, |arguments| {
        let (a, b) = (arguments.values[0].ints(), arguments.values[1].ints());
        Data::Interval(map2(a, b, arguments.len, temporal::age)).into()
    }))
}
