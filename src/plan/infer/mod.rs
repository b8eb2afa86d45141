//! Columns that name no generator: the name decides, then the type.
//!
//! Each rule stands for a long form that could have been written in the spec; `datagen list names` shows them.

mod company;
mod limits;
mod moments;
mod orders;
mod rules;
mod status;

pub use orders::{ORDER_RULES, OrderRule};
pub use rules::{NAME_RULES, NameRule};

use rules::{For, Form};

use crate::diagnostic::Span;
use crate::fake;
use crate::spec::{Argument, Arguments, At, Call, Generator, UuidVersion, Weighted};
use crate::value::SqlType;

/// The long form that a column without generator stands for.
pub(super) struct Inferred {
    pub generator: Generator,
    pub distribution: Option<Call>,
    /// What decided: the column's `name`, `type` or `check`.
    pub by: &'static str,
}

/// The bounds that a column of that name and type has when it names no generator; `None` if its values are not bounded.
pub fn inferred_bounds(table: &str, name: &str, sql_type: &SqlType) -> Option<(String, String)> {
    match generator(table, name, sql_type, Span::default(), &|_| None).generator {
        Generator::Range { min: Some(min), max: Some(max) } => Some((min.value, max.value)),
        _ => None,
    }
}

/// The long form for a column. `column_of` finds the table's other columns by name.
pub(super) fn generator(
    table: &str,
    name: &str,
    sql_type: &SqlType,
    span: Span,
    column_of: &dyn Fn(&str) -> Option<usize>,
) -> Inferred {
    let builder = Builder { span };
    let kind = match sql_type {
        SqlType::Boolean => Some(For::Booleans),
        SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz => Some(For::Moments),
        of if of.is_number() => Some(For::Numbers),
        SqlType::Json | SqlType::Jsonb => Some(For::Json),
        of if of.is_text() => Some(For::Texts),
        _ => None,
    };
    let fits =
        |rule: &&NameRule| kind == Some(rule.types) && rule.names.iter().any(|known| is_named(name, known));
    if let Some(rule) = NAME_RULES.iter().find(fits)
        && let Some(inferred) = builder.rule(rule, sql_type)
    {
        return inferred;
    }
    if sql_type.is_text()
        && let Some(provider) = provider(table, name, sql_type, column_of)
    {
        return builder.fake(provider, &[]);
    }
    by_type(sql_type, span)
}

/// The long form for a column whose name says nothing, or something that its type cannot hold.
pub(super) fn by_type(sql_type: &SqlType, span: Span) -> Inferred {
    Inferred { by: "type", ..Builder { span }.by_type(sql_type) }
}

/// What a name says about columns that name no generator: kinds of types, each with the long form that it stands for there.
pub fn name_meanings(table: &str, name: &str) -> Vec<(&'static str, String)> {
    let mut meanings: Vec<(&str, String)> = Vec::new();
    for rule in NAME_RULES.iter().filter(|rule| rule.names.iter().any(|known| is_named(name, known))) {
        if meanings.iter().all(|(types, _)| *types != rule.types()) {
            meanings.push((rule.types(), rule.long_form()));
        }
    }
    let texts = For::Texts.words();
    if meanings.iter().all(|(types, _)| *types != texts)
        && let Some(provider) = provider(table, name, &SqlType::Text, &|_| None)
    {
        meanings.push((texts, format!("fake: {provider}")));
    }
    meanings
}

/// The provider that a column's name asks for, in the company of its table's other columns.
fn provider(
    table: &str,
    name: &str,
    sql_type: &SqlType,
    column_of: &dyn Fn(&str) -> Option<usize>,
) -> Option<&'static str> {
    let has = |names: &[&str]| names.iter().any(|name| column_of(name).is_some());
    // A tenant rents a flat, or is a company that uses a service.
    if name == "name"
        && ["tenants", "tenant", "accounts", "account", "workspaces", "clients"].contains(&table)
        && has(&["slug", "domain", "subdomain", "plan"])
    {
        return Some("company_name");
    }
    // Before a name a short title is a form of address.
    let is_short = sql_type.max_chars().is_some_and(|limit| limit <= 10);
    if name == "title" && is_short && has(&["first_name", "last_name", "full_name"]) {
        return Some("name_prefix");
    }
    let Some((provider, subject)) = fake::for_column_name(table, name) else {
        return name.to_lowercase().ends_with("_url").then_some("url");
    };
    // Beside a city an address is a street.
    let part = |word: &str| if subject.is_empty() { word.to_owned() } else { format!("{subject}_{word}") };
    let has_city = ["city", "postal_code", "zip", "zip_code", "state"].iter().any(|word| has(&[&part(word)]));
    Some(if provider.name == "full_address" && has_city { "street_address" } else { provider.name })
}

/// The type of a value that has a name and nothing else: a member of a JSON object.
pub(super) fn type_of_name(name: &str) -> SqlType {
    let lower = name.to_lowercase();
    let ends_in = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let rule = NAME_RULES.iter().find(|rule| rule.names.iter().any(|known| is_named(name, known)));
    match rule.map(|rule| (rule.types, &rule.form)) {
        Some((For::Numbers, Form::Range(min, _, distribution))) => match distribution {
            _ if min.starts_with('-') => SqlType::numeric(9, 6),
            Some(("lognormal", _)) => SqlType::numeric(12, 2),
            None if ["rate", "ratio", "share", "discount"].iter().any(|known| is_named(name, known)) => {
                SqlType::numeric(12, 2)
            }
            _ => SqlType::BigInt,
        },
        Some((For::Booleans, _)) => SqlType::Boolean,
        _ if lower.starts_with("is_") || lower.starts_with("has_") => SqlType::Boolean,
        _ if ends_in(&["_date", "_on", "birthday"]) || lower == "date" => SqlType::Date,
        _ if ends_in(&["_at", "_time", "timestamp"]) => SqlType::Timestamptz,
        Some((For::Moments, _)) => SqlType::Timestamptz,
        _ if lower == "id" || ends_in(&["_id", "_count"]) || lower == "count" => SqlType::BigInt,
        _ if lower == "uuid" || ends_in(&["_uuid"]) => SqlType::Uuid,
        _ => SqlType::Text,
    }
}

/// The type of values as JSON would read them: whole numbers, decimals, true and false; all else is text. `None` where there
/// are none.
pub(super) fn type_of_literals<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Option<SqlType> {
    texts.clone().next()?;
    if texts.clone().all(|text| matches!(text, "true" | "false")) {
        return Some(SqlType::Boolean);
    }
    // `007` is no number of JSON, and an `e` asks for floating point.
    let is_number = |text: &str| {
        serde_json::from_str::<serde_json::Number>(text).is_ok()
            && text.len() <= 18
            && !text.contains(['e', 'E'])
    };
    if !texts.clone().all(is_number) {
        return Some(SqlType::Text);
    }
    let scale =
        texts.map(|text| text.split_once('.').map_or(0, |(_, digits)| digits.len())).max().unwrap_or(0);
    Some(match scale {
        0 => SqlType::BigInt,
        scale => SqlType::numeric(18, scale as u8),
    })
}

/// The subject that a column's name gives its provider: `billing` for `billing_city`.
pub(super) fn subject_of(table: &str, name: &str) -> String {
    fake::for_column_name(table, name).map(|(_, subject)| subject).unwrap_or_default()
}

fn is_named(name: &str, known: &str) -> bool {
    let lower = name.to_lowercase();
    lower == known || lower.strip_suffix(known).is_some_and(|before| before.ends_with(['_', '.']))
}

pub(super) struct Builder {
    span: Span,
}

impl Builder {
    fn at<T>(&self, value: T) -> At<T> {
        At::new(value, self.span)
    }

    fn just(&self, generator: Generator) -> Inferred {
        Inferred { generator, distribution: None, by: "name" }
    }

    fn range(&self, min: &str, max: &str, distribution: Option<(&str, &[(&str, f64)])>) -> Inferred {
        let bound = |text: &str| Some(self.at(text.to_owned()));
        let distribution = distribution.map(|(name, arguments)| self.call(name, arguments));
        Inferred {
            generator: Generator::Range { min: bound(min), max: bound(max) },
            distribution,
            by: "name",
        }
    }

    fn call(&self, name: &str, arguments: &[(&str, f64)]) -> Call {
        let given =
            arguments.iter().map(|(name, value)| (name.to_string(), Argument::Number(*value), self.span));
        Call { name: self.at(name.to_owned()), arguments: Arguments { given: given.collect() } }
    }

    fn fake(&self, provider: &str, arguments: &[(&str, f64)]) -> Inferred {
        self.just(Generator::Fake { call: self.call(provider, arguments), locale: None })
    }

    fn values(&self, values: &[(&str, f64)]) -> Inferred {
        let weighted = |(value, weight): &(&str, f64)| Weighted {
            value: self.at(Some(value.to_string())),
            weight: self.at(*weight),
        };
        self.just(Generator::Values(self.at(values.iter().map(weighted).collect())))
    }

    /// A rule's form, if the type can hold it.
    fn rule(&self, rule: &NameRule, sql_type: &SqlType) -> Option<Inferred> {
        match &rule.form {
            Form::Values(values) => {
                let longest = values.iter().map(|(value, _)| value.len()).max().unwrap_or(0);
                let fits = sql_type.max_chars().is_none_or(|limit| longest <= limit as usize);
                fits.then(|| self.values(values))
            }
            Form::Pattern(pattern) => {
                let longest =
                    crate::column::Pattern::parse(pattern).map_or(u64::MAX, |pattern| pattern.max_len());
                let fits = sql_type.max_chars().is_none_or(|limit| longest <= limit as u64);
                fits.then(|| self.just(Generator::Pattern(self.at((*pattern).to_owned()))))
            }
            Form::Template(template) => Some(self.just(Generator::Template(self.at((*template).to_owned())))),
            Form::Fake(provider) => Some(self.fake(provider, &[])),
            Form::Range(min, max, distribution) => {
                let fits = |text: &str| match text.parse::<f64>() {
                    Ok(_) => crate::value::parse::scalar(&whole(text, sql_type), sql_type).is_ok(),
                    Err(_) => true,
                };
                let both = fits(min) && fits(max);
                both.then(|| self.range(&whole(min, sql_type), &whole(max, sql_type), *distribution))
            }
        }
    }

    /// What a column of that type holds when its name says nothing.
    fn by_type(&self, sql_type: &SqlType) -> Inferred {
        match sql_type {
            SqlType::SmallInt | SqlType::Int | SqlType::BigInt => self.range("1", "1000", None),
            SqlType::Numeric { precision, scale, .. } => {
                let digits = (*precision - *scale).min(3);
                let max = if digits == 0 {
                    format!("0.{}", "9".repeat(*scale as usize))
                } else {
                    "9".repeat(digits as usize)
                };
                self.range("0", &max, None)
            }
            SqlType::Real | SqlType::Double => self.range("0", "1000", None),
            SqlType::Boolean => self.values(&[("true", 1.0), ("false", 1.0)]),
            SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz => {
                self.range("as_of - interval '3 years'", "as_of", None)
            }
            SqlType::Time => self.range("00:00:00", "23:59:59", None),
            SqlType::Interval => self.range("0 days", "30 days", None),
            SqlType::Uuid => self.just(Generator::Uuid(self.at(UuidVersion::V4))),
            SqlType::Json | SqlType::Jsonb => self.just(Generator::Template(
                self.at(r#"{{"id": {row}, "value": {floor(random() * 1000)}}}"#.into()),
            )),
            SqlType::Inet => self.fake("ipv4", &[]),
            SqlType::Enum(of) => {
                self.values(&of.labels.iter().map(|label| (label.as_str(), 1.0)).collect::<Vec<_>>())
            }
            SqlType::Char(width) => self.just(Generator::Pattern(self.at(format!("[A-Z]{{{width}}}")))),
            SqlType::Varchar(Some(limit)) if *limit < 12 => {
                self.just(Generator::Pattern(self.at(format!("[a-z]{{1,{limit}}}"))))
            }
            SqlType::Text | SqlType::Varchar(_) => self.fake("words", &[]),
            // The plan makes bytes, and arrays of elements, before it asks here.
            SqlType::Bytea | SqlType::Array(_) => self.just(Generator::Constant(self.at(None))),
        }
    }
}

/// A bound for whole-number columns: no digits after the point.
fn whole(text: &str, sql_type: &SqlType) -> String {
    match text.parse::<f64>() {
        Ok(value) if sql_type.is_integer() => format!("{}", libm::ceil(value) as i64),
        _ => text.to_owned(),
    }
}
