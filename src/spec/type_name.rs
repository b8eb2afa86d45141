//! SQL type names: `numeric(10,2)`, `timestamp with time zone`, `text[]`, and the names of enumerated types.

use crate::value::{EnumType, SqlType};
use std::sync::Arc;

/// What a type name can be followed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    /// A length or precision that is accepted and has no effect on values, as in `timestamp(6)`.
    Ignored,
    Length,
    Digits,
}

/// A type name as people write it.
struct Known {
    name: &'static str,
    takes: Takes,
    is_serial: bool,
    make: fn(&[u32]) -> SqlType,
}

const fn known(name: &'static str, takes: Takes, make: fn(&[u32]) -> SqlType) -> Known {
    Known { name, takes, is_serial: false, make }
}

const fn serial(name: &'static str, make: fn(&[u32]) -> SqlType) -> Known {
    Known { name, takes: Takes::Nothing, is_serial: true, make }
}

static KNOWN: &[Known] = &[
    known("smallint", Takes::Nothing, |_| SqlType::SmallInt),
    known("int2", Takes::Nothing, |_| SqlType::SmallInt),
    known("int", Takes::Nothing, |_| SqlType::Int),
    known("integer", Takes::Nothing, |_| SqlType::Int),
    known("int4", Takes::Nothing, |_| SqlType::Int),
    known("bigint", Takes::Nothing, |_| SqlType::BigInt),
    known("int8", Takes::Nothing, |_| SqlType::BigInt),
    serial("smallserial", |_| SqlType::SmallInt),
    serial("serial2", |_| SqlType::SmallInt),
    serial("serial", |_| SqlType::Int),
    serial("serial4", |_| SqlType::Int),
    serial("bigserial", |_| SqlType::BigInt),
    serial("serial8", |_| SqlType::BigInt),
    known("numeric", Takes::Digits, numeric),
    known("decimal", Takes::Digits, numeric),
    known("real", Takes::Nothing, |_| SqlType::Real),
    known("float4", Takes::Nothing, |_| SqlType::Real),
    known("double precision", Takes::Nothing, |_| SqlType::Double),
    known("double", Takes::Nothing, |_| SqlType::Double),
    known("float", Takes::Nothing, |_| SqlType::Double),
    known("float8", Takes::Nothing, |_| SqlType::Double),
    known("boolean", Takes::Nothing, |_| SqlType::Boolean),
    known("bool", Takes::Nothing, |_| SqlType::Boolean),
    known("text", Takes::Nothing, |_| SqlType::Text),
    known("varchar", Takes::Length, |n| SqlType::Varchar(n.first().copied())),
    known("character varying", Takes::Length, |n| SqlType::Varchar(n.first().copied())),
    known("char", Takes::Length, |n| SqlType::Char(n.first().copied().unwrap_or(1))),
    known("character", Takes::Length, |n| SqlType::Char(n.first().copied().unwrap_or(1))),
    known("bpchar", Takes::Length, |n| SqlType::Char(n.first().copied().unwrap_or(1))),
    known("date", Takes::Nothing, |_| SqlType::Date),
    known("time", Takes::Ignored, |_| SqlType::Time),
    known("time without time zone", Takes::Ignored, |_| SqlType::Time),
    known("timestamp", Takes::Ignored, |_| SqlType::Timestamp),
    known("timestamp without time zone", Takes::Ignored, |_| SqlType::Timestamp),
    known("datetime", Takes::Ignored, |_| SqlType::Timestamp),
    known("timestamptz", Takes::Ignored, |_| SqlType::Timestamptz),
    known("timestamp with time zone", Takes::Ignored, |_| SqlType::Timestamptz),
    known("interval", Takes::Nothing, |_| SqlType::Interval),
    known("uuid", Takes::Nothing, |_| SqlType::Uuid),
    known("json", Takes::Nothing, |_| SqlType::Json),
    known("jsonb", Takes::Nothing, |_| SqlType::Jsonb),
    known("bytea", Takes::Nothing, |_| SqlType::Bytea),
    known("inet", Takes::Nothing, |_| SqlType::Inet),
];

/// `numeric` without digits keeps up to 18 digits, 6 of them after the point, until the plan knows better.
fn numeric(digits: &[u32]) -> SqlType {
    match digits {
        [precision, scale] => SqlType::numeric(*precision as u8, *scale as u8),
        [precision] => SqlType::numeric(*precision as u8, 0),
        _ => SqlType::Numeric { precision: 18, scale: 6, bare: true },
    }
}

/// A type name, read.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeName {
    /// The type.
    pub sql_type: SqlType,
    /// `serial`, `bigserial` or `smallserial`.
    pub is_serial: bool,
}

/// The names of all types, each with the type it stands for where that takes no numbers.
pub fn types() -> impl Iterator<Item = (&'static str, SqlType)> {
    KNOWN.iter().map(|known| (known.name, (known.make)(&[])))
}

/// Why a type name was refused: the message, and the known names when the name itself was unknown.
#[derive(Debug, PartialEq)]
pub(super) struct BadType {
    pub message: String,
    pub unknown_name: Option<String>,
}

/// Reads a type name: one of [`types`], with its numbers, or one of the enumerated types. `None`: there is no such type.
pub fn read_type(text: &str, enums: &[Arc<EnumType>]) -> Option<TypeName> {
    parse(text, enums).ok()
}

/// Reads a type name.
pub(super) fn parse(text: &str, enums: &[Arc<EnumType>]) -> Result<TypeName, BadType> {
    let mut rest = text.trim();
    let mut dimensions = 0;
    while let Some(before) = rest.strip_suffix("[]") {
        rest = before.trim_end();
        dimensions += 1;
    }
    if dimensions > 1 {
        return Err(bad(format!("`{text}` is an array of arrays; one dimension is supported")));
    }
    let scalar = parse_scalar(rest, enums)?;
    match (dimensions, scalar.is_serial) {
        (0, _) => Ok(scalar),
        (_, true) => Err(bad(format!("`{text}`: an array cannot be a serial"))),
        _ => Ok(TypeName { sql_type: SqlType::Array(Box::new(scalar.sql_type)), is_serial: false }),
    }
}

fn bad(message: String) -> BadType {
    BadType { message, unknown_name: None }
}

fn parse_scalar(text: &str, enums: &[Arc<EnumType>]) -> Result<TypeName, BadType> {
    let (name, numbers) = split_numbers(text)?;
    if let Some(of) = enums.iter().find(|of| of.name == name) {
        return Ok(TypeName { sql_type: SqlType::Enum(of.clone()), is_serial: false });
    }
    let lower = name.to_lowercase();
    let Some(known) = KNOWN.iter().find(|known| known.name == lower) else {
        return Err(BadType { message: format!("unknown type `{name}`"), unknown_name: Some(name) });
    };
    let allowed = match known.takes {
        Takes::Nothing => 0,
        Takes::Ignored | Takes::Length => 1,
        Takes::Digits => 2,
    };
    if numbers.len() > allowed {
        return Err(bad(format!(
            "`{}` takes {allowed} number(s) in parentheses, found {}",
            known.name,
            numbers.len()
        )));
    }
    if known.takes == Takes::Length && numbers.first() == Some(&0) {
        return Err(bad(format!("the length of `{}` must be at least 1", known.name)));
    }
    if let (Takes::Digits, Some(precision)) = (known.takes, numbers.first()) {
        let scale = numbers.get(1).copied().unwrap_or(0);
        if !(1..=38).contains(precision) || scale > *precision {
            return Err(bad(format!(
                "`{text}`: the precision must be 1 to 38, the scale 0 to the precision"
            )));
        }
    }
    Ok(TypeName { sql_type: (known.make)(&numbers), is_serial: known.is_serial })
}

/// `name(1, 2) rest` as (`name rest`, [1, 2]); white space folded.
fn split_numbers(text: &str) -> Result<(String, Vec<u32>), BadType> {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(open) = text.find('(') else { return Ok((fold(text), Vec::new())) };
    let Some(close) = text[open..].find(')').map(|at| at + open) else {
        return Err(bad(format!("`{text}`: a closing parenthesis is missing")));
    };
    let numbers = text[open + 1..close]
        .split(',')
        .map(|number| {
            number.trim().parse().map_err(|_| bad(format!("`{text}`: expected numbers in parentheses")))
        })
        .collect::<Result<_, _>>()?;
    Ok((fold(&format!("{} {}", &text[..open], &text[close + 1..])), numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_postgres_reads_them() {
        let read = |text: &str| parse(text, &[]).map(|name| name.sql_type.to_string());
        for (text, expected) in [
            ("INT", "integer"),
            ("numeric( 10 , 2 )", "numeric(10,2)"),
            ("decimal(5)", "numeric(5,0)"),
            ("timestamp(3) with time zone", "timestamp with time zone"),
            ("varchar(20)[]", "character varying(20)[]"),
            ("double  precision", "double precision"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
        assert!(parse("bigserial", &[]).expect("is known").is_serial);
        for text in ["numeric(39,2)", "numeric(2,3)", "varchar(0)", "int(3)", "text[][]", "varchar(x)", "txt"]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
