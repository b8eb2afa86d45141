//! Types of the DDL as types of a spec: the same, another name for it, or the nearest there is.

use super::read::custom_name;
use super::schema::{Domain, Schema};
use crate::init::sketch::Maker;
use crate::spec::read_type;
use crate::value::{EnumType, SqlType, text::quote_identifier};
use sqlparser::ast::{DataType, EnumMember};
use std::sync::Arc;

/// A type as a spec writes it.
pub struct Found<'s> {
    /// As written in the spec.
    pub written: String,
    /// As the plan knows it.
    pub sql_type: SqlType,
    /// What is not the same as in the DDL.
    pub note: Option<String>,
    /// What makes values that the type in the DDL takes too.
    pub maker: Option<Maker>,
    /// Where it was a domain.
    pub domain: Option<&'s Domain>,
}

/// A type that datagen does not have, the nearest that it has, and a template or pattern of values that both take.
struct Substitute {
    name: &'static str,
    written: &'static str,
    maker: Option<(&'static str, &'static str)>,
}

const fn substitute(
    name: &'static str,
    written: &'static str,
    maker: Option<(&'static str, &'static str)>,
) -> Substitute {
    Substitute { name, written, maker }
}

static SUBSTITUTES: &[Substitute] = &[
    substitute("citext", "text", None),
    substitute("name", "varchar(63)", None),
    substitute("nvarchar", "varchar", None),
    substitute("clob", "text", None),
    substitute("string", "text", None),
    substitute("tinytext", "text", None),
    substitute("mediumtext", "text", None),
    substitute("longtext", "text", None),
    substitute("tsvector", "text", None),
    substitute("ltree", "text", Some(("pattern", "[a-z]{3,8}(\\.[a-z]{3,8}){0,3}"))),
    substitute("xml", "text", Some(("template", "<row>{row}</row>"))),
    substitute("hstore", "text", Some(("template", "\"id\"=>\"{row}\""))),
    substitute("money", "numeric(12,2)", None),
    substitute("oid", "bigint", None),
    substitute("tinyint", "smallint", Some(("range", "0 127"))),
    substitute("mediumint", "int", None),
    substitute("year", "smallint", Some(("range", "1990 2030"))),
    substitute("number", "numeric", None),
    substitute("timetz", "time", None),
    substitute("time with time zone", "time", None),
    substitute("cidr", "inet", None),
    substitute("macaddr", "text", Some(("fake", "mac_address"))),
    substitute("point", "text", Some(("template", "({row},{row})"))),
    substitute("bit", "text", Some(("pattern", "[01]"))),
    substitute("bit varying", "text", Some(("pattern", "[01]{1,8}"))),
    substitute("int4range", "text", Some(("template", "[{row},{row + 10})"))),
    substitute("int8range", "text", Some(("template", "[{row},{row + 10})"))),
    substitute("numrange", "text", Some(("template", "[{row},{row + 10})"))),
    substitute("daterange", "text", Some(("template", "[2025-01-01,2025-12-31)"))),
    substitute("tsrange", "text", Some(("template", "[2025-01-01,2025-12-31)"))),
    substitute("tstzrange", "text", Some(("template", "[2025-01-01,2025-12-31)"))),
    substitute("blob", "bytea", None),
    substitute("tinyblob", "bytea", None),
    substitute("mediumblob", "bytea", None),
    substitute("longblob", "bytea", None),
    substitute("binary", "bytea", None),
    substitute("varbinary", "bytea", None),
];

/// The type for a column.
pub fn column_type<'s>(data_type: &DataType, schema: &'s Schema) -> Found<'s> {
    if let Some(name) = custom_name(data_type) {
        if let Some((name, labels)) = schema.enums.iter().find(|(known, _)| *known == name) {
            let of = EnumType { name: name.clone(), labels: labels.clone() };
            return same(quote_identifier(name), SqlType::Enum(Arc::new(of)));
        }
        if let Some(domain) = schema.domains.iter().find(|domain| domain.name == name) {
            let base = column_type(&domain.data_type, schema);
            let note = format!("domain {name} in the {}", schema.origin);
            return Found { note: Some(note), domain: Some(domain), ..base };
        }
    }
    let enums: Vec<Arc<EnumType>> = schema
        .enums
        .iter()
        .map(|(name, labels)| Arc::new(EnumType { name: name.clone(), labels: labels.clone() }))
        .collect();
    let shown = data_type.to_string().to_lowercase();
    if let Some(found) = known(&shown, data_type, &enums, schema.origin) {
        return found;
    }
    nearest(&shown, &enums, schema.origin)
}

fn same<'s>(written: String, sql_type: SqlType) -> Found<'s> {
    Found { written, sql_type, note: None, maker: None, domain: None }
}

fn known<'s>(shown: &str, data_type: &DataType, enums: &[Arc<EnumType>], origin: &str) -> Option<Found<'s>> {
    if let DataType::Enum(members, _) = data_type {
        let label = |member: &EnumMember| match member {
            EnumMember::Name(name) | EnumMember::NamedValue(name, _) => name.clone(),
        };
        let labels: Vec<String> = members.iter().map(label).collect();
        let maker = Maker::values(labels.iter().map(String::as_str));
        return Some(Found {
            maker: Some(maker),
            note: Some(format!("{data_type} in the {origin}")),
            ..same("text".into(), SqlType::Text)
        });
    }
    if shown == "tinyint(1)" {
        return Some(same("boolean".into(), SqlType::Boolean));
    }
    // Arrays of arrays are PostgreSQL's arrays: it does not keep dimensions.
    let is_deep = shown.ends_with("[][]");
    let bare = without_details(shown);
    let of_element = |element: &str| {
        let own = enums.iter().find(|of| of.name.to_lowercase() == element);
        own.map_or(element.to_owned(), |of| of.name.clone())
    };
    let name = match bare.strip_suffix("[]") {
        Some(element) => format!("{}[]", of_element(element.rsplit('.').next().unwrap_or(element))),
        None => bare.clone(),
    };
    let sql_type = read_type(&name, enums)?.sql_type;
    let has_precision = sql_type.is_temporal() && shown.contains('(');
    let is_unsigned = shown.contains("unsigned");
    let sql_type = match sql_type {
        SqlType::Int if is_unsigned => SqlType::BigInt,
        SqlType::SmallInt if is_unsigned => SqlType::Int,
        other => other,
    };
    let is_wide = is_too_wide(shown);
    let note =
        (is_deep || has_precision || is_unsigned || is_wide).then(|| format!("{shown} in the {origin}"));
    Some(Found { note, ..same(short_name(&sql_type), sql_type) })
}

/// A decimal of more digits than datagen's have.
fn is_too_wide(shown: &str) -> bool {
    let digits = ["numeric(", "decimal("].iter().find_map(|name| shown.strip_prefix(name));
    let precision = digits.and_then(|digits| digits.split([',', ')']).next()?.trim().parse::<u32>().ok());
    precision.is_some_and(|precision| precision > 38)
}

/// Without display widths, signs, further dimensions and the schema of a type.
fn without_details(shown: &str) -> String {
    let mut text = shown.replace(" unsigned", "").replace("[][]", "[]").replace('"', "");
    for integer in ["int", "integer", "bigint", "smallint"] {
        if text.strip_prefix(integer).is_some_and(|rest| rest.starts_with('(')) {
            text = integer.to_owned();
        }
    }
    if is_too_wide(&text) {
        let scale = text.split_once(',').and_then(|(_, rest)| rest.trim_end_matches(')').trim().parse().ok());
        text = format!("numeric(38,{})", scale.unwrap_or(0u32).min(30));
    }
    if text.starts_with("double(") || text.starts_with("float(") {
        text = "double precision".into();
    }
    text
}

fn nearest<'s>(shown: &str, enums: &[Arc<EnumType>], origin: &str) -> Found<'s> {
    let name = shown.split('(').next().unwrap_or(shown).trim().trim_end_matches(" unsigned");
    let name = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
    let known = SUBSTITUTES.iter().find(|known| known.name == name);
    let written = match known {
        Some(Substitute { written: "varchar", .. }) => shown.replacen("nvarchar", "varchar", 1),
        Some(known) => known.written.to_owned(),
        None => "text".to_owned(),
    };
    let width = shown.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    let maker = known.and_then(|known| known.maker).map(|(key, value)| match key {
        "range" => {
            let (min, max) = value.split_once(' ').expect("two bounds");
            Maker::range(min, max)
        }
        "pattern" if name == "bit" => Maker::scalar("pattern", &format!("[01]{{{}}}", width.unwrap_or("1"))),
        key => Maker::scalar(key, value),
    });
    let sql_type = read_type(&written, enums).map_or(SqlType::Text, |found| found.sql_type);
    let shown = shown.strip_prefix("public.").unwrap_or(shown);
    Found { written, sql_type, note: Some(format!("{shown} in the {origin}")), maker, domain: None }
}

/// The name that people use.
pub fn short_name(sql_type: &SqlType) -> String {
    match sql_type {
        SqlType::Int => "int".into(),
        SqlType::Varchar(Some(limit)) => format!("varchar({limit})"),
        SqlType::Varchar(None) => "varchar".into(),
        SqlType::Char(limit) => format!("char({limit})"),
        SqlType::Time => "time".into(),
        SqlType::Timestamp => "timestamp".into(),
        SqlType::Timestamptz => "timestamptz".into(),
        SqlType::Array(of) => format!("{}[]", short_name(of)),
        other => other.to_string(),
    }
}
