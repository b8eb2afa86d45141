//! Columns that name no generator: the name decides, then the type.
//!
//! Each rule stands for a long form that could have been written in the spec; `datagen list names` shows them.

use crate::diagnostic::Span;
use crate::fake;
use crate::spec::{Argument, Arguments, At, Call, Generator, UuidVersion, Weighted};
use crate::value::SqlType;

/// The long form that a column without generator stands for.
pub(super) struct Inferred {
    pub generator: Generator,
    pub distribution: Option<Call>,
}

/// What a rule makes.
enum Form {
    /// Bounds, and a distribution with its arguments.
    Range(&'static str, &'static str, Option<(&'static str, &'static [(&'static str, f64)])>),
    /// Values with weights.
    Values(&'static [(&'static str, f64)]),
}

/// The types a rule is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Numbers,
    Moments,
    Booleans,
    Texts,
}

/// A rule: columns whose name is one of these, or ends in `_` and one of these.
pub struct NameRule {
    /// The names.
    pub names: &'static [&'static str],
    types: For,
    form: Form,
}

impl NameRule {
    /// The types it is for, in a word.
    pub fn types(&self) -> &'static str {
        match self.types {
            For::Numbers => "numbers",
            For::Moments => "dates, timestamps",
            For::Booleans => "booleans",
            For::Texts => "texts",
        }
    }

    /// What could have been written in the spec instead.
    pub fn long_form(&self) -> String {
        match &self.form {
            Form::Values(values) => {
                let weighted: Vec<String> =
                    values.iter().map(|(value, weight)| format!("{value}: {weight}")).collect();
                format!("values: {{{}}}", weighted.join(", "))
            }
            Form::Range(min, max, None) => format!("min: {min}, max: {max}"),
            Form::Range(min, max, Some((name, arguments))) => {
                let arguments: Vec<String> =
                    arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                format!("min: {min}, max: {max}, distribution: {{{name}: {{{}}}}}", arguments.join(", "))
            }
        }
    }
}

const fn rule(types: For, names: &'static [&'static str], form: Form) -> NameRule {
    NameRule { names, types, form }
}

const THREE_YEARS: Form = Form::Range("as_of - interval '3 years'", "as_of", None);
const YES: Form = Form::Values(&[("true", 85.0), ("false", 15.0)]);
const NO: Form = Form::Values(&[("false", 90.0), ("true", 10.0)]);

/// The rules, the first that fits counts.
pub static NAME_RULES: &[NameRule] = &[
    rule(
        For::Numbers,
        &["age"],
        Form::Range("18", "95", Some(("normal", &[("mean", 41.0), ("std_dev", 15.0)]))),
    ),
    rule(
        For::Numbers,
        &["rating", "stars"],
        Form::Range("1", "5", Some(("triangular", &[("min", 1.0), ("mode", 5.0), ("max", 5.0)]))),
    ),
    rule(
        For::Numbers,
        &["score"],
        Form::Range("0", "100", Some(("normal", &[("mean", 65.0), ("std_dev", 18.0)]))),
    ),
    rule(
        For::Numbers,
        &["quantity", "qty", "units"],
        Form::Range("1", "20", Some(("geometric", &[("p", 0.45)]))),
    ),
    rule(For::Numbers, &["stock", "on_hand", "inventory"], Form::Range("0", "500", None)),
    rule(
        For::Numbers,
        &["price", "cost", "unit_price", "fee"],
        Form::Range("0.5", "5000", Some(("lognormal", &[("mu", 3.4), ("sigma", 0.9)]))),
    ),
    rule(
        For::Numbers,
        &["amount", "total", "subtotal", "value"],
        Form::Range("1", "50000", Some(("lognormal", &[("mu", 4.4), ("sigma", 1.0)]))),
    ),
    rule(
        For::Numbers,
        &["balance"],
        Form::Range("0", "250000", Some(("lognormal", &[("mu", 7.6), ("sigma", 1.2)]))),
    ),
    rule(
        For::Numbers,
        &["salary", "income"],
        Form::Range("15000", "400000", Some(("lognormal", &[("mu", 10.9), ("sigma", 0.45)]))),
    ),
    rule(For::Numbers, &["percent", "percentage", "pct"], Form::Range("0", "100", None)),
    rule(For::Numbers, &["rate", "ratio", "share", "discount"], Form::Range("0", "1", None)),
    rule(For::Numbers, &["latitude", "lat"], Form::Range("-60", "70", None)),
    rule(For::Numbers, &["longitude", "lon", "lng"], Form::Range("-180", "180", None)),
    rule(For::Numbers, &["year"], Form::Range("2015", "2025", None)),
    rule(For::Numbers, &["month"], Form::Range("1", "12", None)),
    rule(For::Numbers, &["day"], Form::Range("1", "28", None)),
    rule(For::Numbers, &["hour"], Form::Range("0", "23", None)),
    rule(For::Numbers, &["minute", "second"], Form::Range("0", "59", None)),
    rule(
        For::Numbers,
        &["weight", "weight_kg"],
        Form::Range("0.1", "120", Some(("lognormal", &[("mu", 1.0), ("sigma", 1.0)]))),
    ),
    rule(
        For::Numbers,
        &["height", "height_cm"],
        Form::Range("140", "210", Some(("normal", &[("mean", 171.0), ("std_dev", 10.0)]))),
    ),
    rule(
        For::Moments,
        &["birth_date", "birthdate", "date_of_birth", "dob", "born_on", "birthday"],
        Form::Range(
            "as_of - interval '90 years'",
            "as_of - interval '18 years'",
            Some(("beta", &[("alpha", 2.0), ("beta", 1.6)])),
        ),
    ),
    rule(
        For::Moments,
        &["expires_at", "expiry_date", "expires_on", "expiration_date", "valid_until", "due_date", "due_at"],
        Form::Range("as_of", "as_of + interval '2 years'", None),
    ),
    rule(For::Booleans, &["active", "enabled", "verified", "visible", "available", "published"], YES),
    rule(For::Booleans, &["deleted", "archived", "blocked", "banned", "hidden", "deprecated", "locked"], NO),
    rule(For::Texts, &["status"], Form::Values(&[("active", 70.0), ("pending", 15.0), ("inactive", 15.0)])),
    rule(For::Texts, &["priority"], Form::Values(&[("low", 30.0), ("medium", 50.0), ("high", 20.0)])),
];

/// Columns of moments that come after the table's `created_at`, where it has one.
const AFTER_CREATION: [&str; 6] =
    ["updated_at", "modified_at", "last_login_at", "last_login", "last_seen_at", "deleted_at"];

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
    if sql_type.is_temporal() && AFTER_CREATION.contains(&name) && column_of("created_at").is_some() {
        return builder.range("created_at", "as_of", None);
    }
    let kind = match sql_type {
        SqlType::Boolean => Some(For::Booleans),
        SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz => Some(For::Moments),
        of if of.is_number() => Some(For::Numbers),
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
        && let Some((provider, _)) = fake::for_column_name(table, name)
    {
        return builder.fake(provider.name, &[]);
    }
    builder.by_type(sql_type)
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
    lower == known || lower.strip_suffix(known).is_some_and(|before| before.ends_with('_'))
}

struct Builder {
    span: Span,
}

impl Builder {
    fn at<T>(&self, value: T) -> At<T> {
        At::new(value, self.span)
    }

    fn just(&self, generator: Generator) -> Inferred {
        Inferred { generator, distribution: None }
    }

    fn range(&self, min: &str, max: &str, distribution: Option<(&str, &[(&str, f64)])>) -> Inferred {
        let bound = |text: &str| Some(self.at(text.to_owned()));
        let distribution = distribution.map(|(name, arguments)| self.call(name, arguments));
        Inferred { generator: Generator::Range { min: bound(min), max: bound(max) }, distribution }
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
            SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz => match THREE_YEARS {
                Form::Range(min, max, distribution) => self.range(min, max, distribution),
                Form::Values(values) => self.values(values),
            },
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
