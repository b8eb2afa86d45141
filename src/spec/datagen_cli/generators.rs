//! `generator` with `generator_config`: the table of generators, and how each is read.

use super::super::column;
use super::super::fields::{self, Fields, Problems};
use super::super::model::{At, Call, ColumnSpec, Generator, UuidVersion, Weighted};
use super::super::node::{Node, Value};
use super::super::{Argument, Arguments};
use super::{Made, choices, codes, timeseries};
use crate::diagnostic::{Diagnostic, Severity, Span};

/// A generator of that format: its names, and how its configuration is read.
struct Known {
    names: &'static [&'static str],
    read: fn(&mut Config, &mut Problems) -> Option<Made>,
}

/// The configuration of a generator; none given is an empty one.
pub(super) struct Config<'n> {
    pub span: Span,
    name: String,
    pub fields: Fields<'n>,
    /// The column whose values it makes, as far as it is read.
    pub column: &'n ColumnSpec,
}

const fn known(
    names: &'static [&'static str],
    read: fn(&mut Config, &mut Problems) -> Option<Made>,
) -> Known {
    Known { names, read }
}

/// The generators of the format whose configuration says more than a provider's name. [`PROVIDERS`] are the others.
static GENERATORS: &[Known] = &[
    known(&["email"], email),
    known(&["phone", "phone_number"], phone),
    known(&["uuid", "uuid_v4", "guid"], uuid),
    known(&["enum", "weighted_enum", "choice", "weighted", "one_of"], |config, problems| {
        let generator = choices::weighted_values(config.span, &mut config.fields, problems)?;
        Some(Made::of(config.span, generator))
    }),
    known(&["integer_range", "int_range", "integer", "range"], integer_range),
    known(&["decimal_range", "float_range", "numeric_range", "number_range"], decimal_range),
    known(&["pattern", "regex"], |config, problems| {
        let span = config.span;
        let pattern = config.required("pattern", &["regex", "value"], problems)?;
        Some(Made::of(span, Generator::Pattern(pattern)))
    }),
    known(&["template"], |config, problems| {
        let span = config.span;
        let template = config.required("template", &["pattern", "format"], problems)?;
        let parts = codes::parse(&template, problems)?;
        Some(Made::of(span, Generator::Code(At::new(parts, template.span))))
    }),
    known(&["timeseries", "time_series"], timeseries::read),
    known(&["timestamp_range", "date_range", "datetime_range"], timeseries::stretch),
    known(&["lorem_ipsum", "lorem", "paragraphs"], lorem_ipsum),
    known(&["sequence", "serial", "autoincrement", "auto_increment"], |config, problems| {
        let start = config.fields.integer("start", problems);
        let step = config.fields.integer("step", problems);
        let step = step.or_else(|| config.fields.integer("increment", problems));
        Some(Made::of(config.span, Generator::Sequence { start, step }))
    }),
    known(&["constant", "static", "fixed"], |config, problems| {
        let value = config.fields.take("value").and_then(|node| column::constant(node, problems))?;
        Some(Made::of(config.span, Generator::Constant(value)))
    }),
    known(&["boolean", "bool"], |config, problems| {
        let span = config.span;
        let share = config.fields.share("true_probability", problems);
        let share = share.or_else(|| config.fields.share("probability", problems));
        let share = share.map_or(0.5, |share| share.value);
        let weighted = |value: &str, weight| Weighted {
            value: At::new(Some(value.to_owned()), span),
            weight: At::new(weight, span),
        };
        let values = vec![weighted("true", share), weighted("false", 1.0 - share)];
        Some(Made::of(span, Generator::Values(At::new(values, span))))
    }),
];

/// Generators that are providers of ours by another name.
const PROVIDERS: &[(&str, &str)] = &[
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("full_name", "full_name"),
    ("name", "full_name"),
    ("address", "street_address"),
    ("street_address", "street_address"),
    ("full_address", "full_address"),
    ("city", "city"),
    ("state", "state"),
    ("country", "country"),
    ("postal_code", "postal_code"),
    ("zip", "postal_code"),
    ("zip_code", "postal_code"),
    ("product_name", "product_name"),
    ("company", "company_name"),
    ("company_name", "company_name"),
    ("username", "username"),
    ("url", "url"),
    ("ip", "ipv4"),
    ("ip_address", "ipv4"),
    ("ipv4", "ipv4"),
    ("ipv6", "ipv6"),
    ("mac_address", "mac_address"),
    ("job_title", "job_title"),
    ("word", "word"),
    ("words", "words"),
    ("sentence", "sentence"),
    ("paragraph", "paragraph"),
    ("text", "sentences"),
    ("title", "title"),
    ("color", "color"),
    ("currency", "currency_code"),
    ("sku", "sku"),
    ("credit_card", "credit_card"),
];

/// Generators that say what a column without generator is anyway: its name and type decide.
const BY_TYPE: &[&str] =
    &["semantic", "auto", "default", "created_at", "updated_at", "timestamp", "date", "json"];

/// `generator: name` with `generator_config`.
pub(super) fn named(fields: &mut Fields, column: &ColumnSpec, problems: &mut Problems) -> Option<Made> {
    let named = fields.take_foreign("generator");
    let config = fields.take_foreign("generator_config").or_else(|| fields.take_foreign("config"));
    let Some((key, node)) = named else {
        if let Some((key, _)) = config {
            let problem = Diagnostic::new(key.span, "`generator_config` needs `generator`");
            problems.push(problem.help("write `generator: weighted_enum`, or another one"));
        }
        return None;
    };
    let name = fields::scalar(node, "generator", problems)?;
    let empty = Node { value: Value::Map(Vec::new()), span: key.span };
    let config = config.map(|(_, node)| node).filter(|node| !matches!(node.value, Value::Null));
    let config = config.unwrap_or(&empty);
    let mut config = Config {
        span: name.span,
        name: name.value.clone(),
        fields: Fields::of(config, format!("the configuration of `{}`", name.value), problems)?,
        column,
    };
    let plain = snake_case(&name.value);
    let made = read(&plain, &name, &mut config, problems);
    if made.is_some() {
        config.finish(problems);
    }
    made
}

fn read(plain: &str, name: &At<String>, config: &mut Config, problems: &mut Problems) -> Option<Made> {
    // A serial numbers itself, whatever it is told.
    let is_serial =
        config.column.identity.is_some() && ["serial", "bigserial", "smallserial"].contains(&plain);
    if is_serial || BY_TYPE.contains(&plain) {
        return Some(Made::of(name.span, Generator::Unnamed));
    }
    if let Some(known) = GENERATORS.iter().find(|known| known.names.contains(&plain)) {
        return (known.read)(config, problems);
    }
    if let Some((_, provider)) = PROVIDERS.iter().find(|(known, _)| *known == plain) {
        return Some(Made::of(name.span, fake(provider, name.span, Vec::new())));
    }
    let names = GENERATORS.iter().flat_map(|known| known.names.iter().copied());
    let names = names.chain(PROVIDERS.iter().map(|(name, _)| *name));
    let problem = Diagnostic::new(name.span, format!("unknown generator `{}`", name.value));
    let known = "known: email, phone, first_name, last_name, full_name, address, city, state, country, postal_code, uuid, \
                 enum, weighted_enum, integer_range, pattern, template, timeseries, lorem_ipsum, product_name";
    problems.push(problem.suggest(plain, names).help(known));
    None
}

/// `firstName` and `first-name` as `first_name`.
fn snake_case(name: &str) -> String {
    let mut plain = String::new();
    for letter in name.trim().chars() {
        if letter.is_uppercase() && !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
        plain.push(if letter == '-' || letter == ' ' { '_' } else { letter.to_ascii_lowercase() });
    }
    plain
}

impl Config<'_> {
    /// A text that must be there, under one of several names.
    fn required(
        &mut self,
        name: &'static str,
        others: &[&'static str],
        problems: &mut Problems,
    ) -> Option<At<String>> {
        let found = self.fields.text(name, problems);
        let found =
            others.iter().fold(found, |found, other| found.or_else(|| self.fields.text(other, problems)));
        if found.is_none() {
            let problem = Diagnostic::new(self.span, format!("`{}` needs `{name}`", self.name));
            problems.push(problem.help(format!("write `generator_config: {{{name}: ...}}`")));
        }
        found
    }

    /// A key that a generator does not have changes nothing; its author should know.
    fn finish(self, problems: &mut Problems) {
        let mut unknown = Vec::new();
        self.fields.finish(&mut unknown);
        problems.extend(unknown.into_iter().map(|problem| problem.severity(Severity::Warning)));
    }
}

fn call(name: &str, span: Span, arguments: Vec<(&str, Argument)>) -> Call {
    let given = arguments.into_iter().map(|(name, argument)| (name.to_owned(), argument, span)).collect();
    Call { name: At::new(name.to_owned(), span), arguments: Arguments { given } }
}

fn fake(provider: &str, span: Span, arguments: Vec<(&str, Argument)>) -> Generator {
    Generator::Fake { call: call(provider, span, arguments), locale: None }
}

fn email(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let domain = config.fields.text("domain", problems);
    let domain = domain.map(|domain| ("domain", Argument::Text(domain.value)));
    Some(Made::of(config.span, fake("email", config.span, domain.into_iter().collect())))
}

fn phone(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let span = config.span;
    let pattern = |text: &str| Generator::Pattern(At::new(text.to_owned(), span));
    let generator = match config.fields.text("format", problems) {
        None => fake("phone_number", span, Vec::new()),
        Some(format) => match format.value.to_lowercase().as_str() {
            "us" => pattern(r"\([2-9][0-9]{2}\) [2-9][0-9]{2}-[0-9]{4}"),
            "uk" | "gb" => pattern(r"\+44 7[0-9]{3} [0-9]{6}"),
            "e164" | "e.164" => pattern(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}"),
            "international" => fake("phone_number", span, Vec::new()),
            _ => {
                let problem = Diagnostic::new(format.span, format!("unknown format `{}`", format.value));
                problems.push(problem.help("one of us, uk, e164"));
                return None;
            }
        },
    };
    Some(Made::of(span, generator))
}

fn uuid(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let version = config.fields.text("version", problems);
    let version = match version.as_ref().map(|version| version.value.trim_start_matches('v')) {
        None | Some("4") => UuidVersion::V4,
        Some("7") => UuidVersion::V7,
        Some(_) => {
            let span = version.map_or(config.span, |version| version.span);
            problems.push(Diagnostic::new(span, "`version` must be 4 (random) or 7 (in the order of time)"));
            return None;
        }
    };
    Some(Made::of(config.span, Generator::Uuid(At::new(version, config.span))))
}
fn integer_range(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let span = config.span;
    let (min, max) = (config.fields.text("min", problems), config.fields.text("max", problems));
    let whole = |bound: &At<String>| {
        let number: f64 = bound.value.parse().ok()?;
        (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(At::new(number as i64, bound.span))
    };
    match (&min, &max) {
        (None, None) => Some(Made::of(span, Generator::Unnamed)),
        (min, max) => {
            let bound = |bound: &Option<At<String>>, otherwise: i64| match bound {
                None => Some(At::new(otherwise, span)),
                Some(bound) => whole(bound),
            };
            let (Some(min_value), Some(max_value)) = (bound(min, 0), bound(max, i32::MAX as i64)) else {
                // Not whole: what was meant is a range of decimals.
                return Some(Made::of(span, Generator::Range { min: min.clone(), max: max.clone() }));
            };
            let is_whole = config.column.sql_type.as_ref().is_some_and(|of| of.value.is_integer());
            Some(Made::of(span, whole_numbers(min_value, max_value, is_whole)))
        }
    }
}

/// In columns of whole numbers plain bounds, which keys over several columns can be made of; elsewhere the plan decides.
fn whole_numbers(min: At<i64>, max: At<i64>, is_whole: bool) -> Generator {
    let text = |at: At<i64>| Some(At::new(at.value.to_string(), at.span));
    match is_whole {
        true => Generator::Range { min: text(min), max: text(max) },
        false => Generator::WholeNumbers { min, max },
    }
}

fn decimal_range(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let (min, max) = (config.fields.text("min", problems), config.fields.text("max", problems));
    for name in ["precision", "scale", "decimals"] {
        config.fields.take_foreign(name);
    }
    Some(Made::of(config.span, Generator::Range { min, max }))
}

fn lorem_ipsum(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let paragraphs = config.fields.count("paragraphs", problems);
    let sentences = config.fields.count("sentences_per_paragraph", problems);
    let sentences = sentences.or_else(|| config.fields.count("sentences", problems));
    let words = config.fields.count("words", problems);
    let number = |at: &At<u64>| Argument::Number(at.value as f64);
    let generator = match (&paragraphs, &sentences, &words) {
        (None, None, Some(words)) => {
            fake("words", config.span, vec![("min", number(words)), ("max", number(words))])
        }
        (None | Some(At { value: 1, .. }), sentences, _) => {
            let arguments =
                sentences.iter().flat_map(|count| [("min", number(count)), ("max", number(count))]);
            fake("paragraph", config.span, arguments.collect())
        }
        (Some(paragraphs), sentences, _) => {
            let mut arguments = vec![("min", number(paragraphs)), ("max", number(paragraphs))];
            if let Some(sentences) = sentences {
                arguments.push(("min_sentences", number(sentences)));
                arguments.push(("max_sentences", number(sentences)));
            }
            fake("paragraphs", config.span, arguments)
        }
    };
    Some(Made::of(config.span, generator))
}
