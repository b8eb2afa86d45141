//! Whether a table that is there takes the spec's columns, and how.

use super::catalog::{Found, FoundColumn};
use crate::encode::has_binary;
use crate::plan::{Plan, PlannedColumn};
use crate::value::SqlType;

/// How rows are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Method {
    /// Each value in its type's binary form, which the server need not parse.
    Binary,
    /// As text, which the server reads as whatever type it has.
    Text,
}

/// How a column that is there takes the spec's values; the reason why it does not.
type Fit = Result<Method, String>;

/// How a table that is made from the plan takes its rows.
pub(super) fn of_plan(plan: &Plan, table: usize) -> Method {
    let all = plan.tables[table].visible().all(|(_, column)| has_binary(plan, column));
    if all { Method::Binary } else { Method::Text }
}

/// How a table that is there takes the spec's rows.
///
/// # Errors
/// All that differs, a sentence each.
pub(super) fn of_found(plan: &Plan, table: usize, found: &Found) -> Result<Method, Vec<String>> {
    let of = &plan.tables[table];
    let mut problems = Vec::new();
    let mut method = of_plan(plan, table);
    for (_, column) in of.visible() {
        match found.columns.iter().find(|known| known.name == column.name) {
            None => problems.push(format!("table `{}` has no column `{}`", of.name, column.name)),
            Some(known) => match fit(column, known) {
                Ok(of_column) => method = method.max(of_column),
                Err(why) => problems.push(format!("column `{}` of table `{}` {why}", column.name, of.name)),
            },
        }
    }
    for known in found.columns.iter().filter(|known| known.not_null && !known.has_default) {
        if !of.visible().any(|(_, column)| column.name == known.name) {
            problems.push(format!(
                "column `{}` of table `{}` is NOT NULL without a default, and the spec has no such column",
                known.name, of.name
            ));
        }
    }
    if problems.is_empty() { Ok(method) } else { Err(problems) }
}

fn fit(column: &PlannedColumn, known: &FoundColumn) -> Fit {
    if known.is_generated {
        return Err("is computed by the server; `hidden: true` in the spec leaves it out".into());
    }
    if known.not_null && column.null_fraction > 0.0 {
        return Err("is NOT NULL; in the spec it has nulls".into());
    }
    // A composite type of the spec's own; domains were followed to what they are over.
    if column.declared_type.as_ref() == Some(&known.base_name) {
        return Ok(Method::Text);
    }
    types_fit(&column.sql_type, known)
}

fn types_fit(sql_type: &SqlType, known: &FoundColumn) -> Fit {
    let differs = || Err(format!("is {}; in the spec it is {sql_type}", known.shown));
    if let SqlType::Enum(of) = sql_type {
        return match of.labels.iter().find(|label| !known.labels.contains(label)) {
            _ if is_text(&known.base_name) => Ok(Method::Text),
            Some(label) if !known.labels.is_empty() => {
                Err(format!("is {}, which has no `{label}`", known.shown))
            }
            Some(_) => differs(),
            None => Ok(Method::Binary),
        };
    }
    if sql_type.is_text() && is_text(&known.base_name) {
        return lengths_fit(sql_type.max_chars(), known, sql_type);
    }
    if let SqlType::Array(of) = sql_type
        && let SqlType::Enum(of) = &**of
    {
        // PostgreSQL names the type of arrays after that of their elements.
        return if known.base_name == format!("_{}", of.name) { Ok(Method::Text) } else { differs() };
    }
    let is_same = known.base == sql_type.postgres_type().oid();
    match sql_type {
        SqlType::Numeric { precision, scale, .. } if is_same => match digits(known.modifier) {
            Some((digits, after))
                if after < i32::from(*scale) || digits - after < i32::from(precision - scale) =>
            {
                differs()
            }
            _ => Ok(Method::Binary),
        },
        // Elements of another limit would be cut or refused, which text and binary leave to the server.
        _ if is_same => Ok(Method::Binary),
        SqlType::SmallInt if ["int4", "int8", "numeric"].contains(&&*known.base_name) => Ok(Method::Text),
        SqlType::Int if ["int8", "numeric"].contains(&&*known.base_name) => Ok(Method::Text),
        SqlType::BigInt if known.base_name == "numeric" && known.modifier < 0 => Ok(Method::Text),
        SqlType::Real if known.base_name == "float8" => Ok(Method::Text),
        SqlType::Json | SqlType::Jsonb if ["json", "jsonb", "text"].contains(&&*known.base_name) => {
            Ok(Method::Text)
        }
        SqlType::Inet if known.base_name == "cidr" => Ok(Method::Text),
        // Types that the language does not have are written as their texts in the spec.
        _ if sql_type.is_text() && !is_ours(&known.base_name) => Ok(Method::Text),
        SqlType::Array(of)
            if of.is_text() && known.base_name.starts_with('_') && !is_ours(&known.base_name[1..]) =>
        {
            Ok(Method::Text)
        }
        _ => differs(),
    }
}

fn lengths_fit(longest: Option<u32>, known: &FoundColumn, sql_type: &SqlType) -> Fit {
    // The modifier of character types counts its own four bytes.
    let room = (known.modifier >= 4).then(|| known.modifier - 4);
    match (room, longest) {
        (Some(room), Some(longest)) if longest as i32 <= room => Ok(Method::Binary),
        (None, _) => Ok(if known.base_name == "citext" { Method::Text } else { Method::Binary }),
        _ => Err(format!("is {}; in the spec it is {sql_type}, which may be longer", known.shown)),
    }
}

fn is_text(name: &str) -> bool {
    ["text", "varchar", "bpchar", "citext"].contains(&name)
}

/// Whether the spec's language has the type, so that a text in its place is a mistake.
fn is_ours(name: &str) -> bool {
    const OURS: [&str; 17] = [
        "int2",
        "int4",
        "int8",
        "numeric",
        "float4",
        "float8",
        "bool",
        "date",
        "time",
        "timestamp",
        "timestamptz",
        "interval",
        "uuid",
        "json",
        "jsonb",
        "bytea",
        "inet",
    ];
    OURS.contains(&name)
}

/// Digits in all and after the point that a numeric's modifier allows.
fn digits(modifier: i32) -> Option<(i32, i32)> {
    (modifier >= 4).then(|| ((modifier - 4) >> 16, (modifier - 4) & 0x7ff))
}

#[cfg(test)]
mod tests {
    use super::*;
    use postgres_types::Type;

    fn known(shown: &str, base: Type, modifier: i32) -> FoundColumn {
        FoundColumn {
            name: "c".into(),
            shown: shown.into(),
            base: base.oid(),
            base_name: base.name().into(),
            modifier,
            labels: Vec::new(),
            not_null: false,
            has_default: false,
            is_generated: false,
        }
    }

    #[test]
    fn types_that_hold_all_values_fit() {
        let numeric = |digits: i32, after: i32| known("numeric", Type::NUMERIC, (digits << 16 | after) + 4);
        for (sql_type, there, method) in [
            (SqlType::Int, known("integer", Type::INT4, -1), Method::Binary),
            (SqlType::Int, known("bigint", Type::INT8, -1), Method::Text),
            (SqlType::numeric(8, 2), known("numeric", Type::NUMERIC, -1), Method::Binary),
            (SqlType::numeric(8, 2), numeric(10, 4), Method::Binary),
            (SqlType::Varchar(Some(10)), known("text", Type::TEXT, -1), Method::Binary),
            (SqlType::Varchar(Some(10)), known("character varying(10)", Type::VARCHAR, 14), Method::Binary),
            (SqlType::Text, known("macaddr", Type::MACADDR, -1), Method::Text),
        ] {
            assert_eq!(types_fit(&sql_type, &there), Ok(method), "{sql_type} into {}", there.shown);
        }
        for (sql_type, there) in [
            (SqlType::BigInt, known("integer", Type::INT4, -1)),
            (SqlType::numeric(8, 2), numeric(8, 1)),
            (SqlType::numeric(8, 2), numeric(7, 2)),
            (SqlType::Varchar(Some(10)), known("character varying(9)", Type::VARCHAR, 13)),
            (SqlType::Text, known("character varying(9)", Type::VARCHAR, 13)),
            (SqlType::Text, known("date", Type::DATE, -1)),
            (SqlType::Double, known("real", Type::FLOAT4, -1)),
        ] {
            let why = types_fit(&sql_type, &there).unwrap_err();
            assert!(why.starts_with(&format!("is {}; in the spec it is {sql_type}", there.shown)), "{why}");
        }
    }
}
