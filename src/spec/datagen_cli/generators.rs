//! `generator` with `generator_config`, and `distribution` by `type`.

use super::super::column;
use super::super::fields::{self, Fields, Problems};
use super::super::model::{At, Call, ColumnSpec, Generator, Hours, Timeseries, UuidVersion, Weighted};
use super::super::node::{Node, Value};
use super::super::{Argument, Arguments};
use super::{Made, codes};
use crate::diagnostic::{Diagnostic, Severity, Span};

/// A generator of that format: its names, and how its configuration is read.
struct Known {
    names: &'static [&'static str],
    read: fn(&mut Config, &mut Problems) -> Option<Made>,
}

/// The configuration of a generator; none given is an empty one.
struct Config<'n> {
    span: Span,
    name: String,
    fields: Fields<'n>,
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
        let generator = weighted_values(config.span, &mut config.fields, problems)?;
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
    known(&["timeseries", "time_series"], timeseries),
    known(&["timestamp_range", "date_range", "datetime_range"], |config, problems| {
        let (start, end) = config.stretch(problems);
        Some(Made::of(config.span, moments(start, end, None, Hours::Any)))
    }),
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
    };
    let plain = snake_case(&name.value);
    let made = read(&plain, &name, &mut config, column, problems);
    if made.is_some() {
        config.finish(problems);
    }
    made
}

fn read(
    plain: &str,
    name: &At<String>,
    config: &mut Config,
    column: &ColumnSpec,
    problems: &mut Problems,
) -> Option<Made> {
    // A serial numbers itself, whatever it is told.
    let is_serial = column.identity.is_some() && ["serial", "bigserial", "smallserial"].contains(&plain);
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

    /// `start` and `end`, in the words that occur.
    fn stretch(&mut self, problems: &mut Problems) -> (Option<At<String>>, Option<At<String>>) {
        let mut first = |names: [&'static str; 4]| {
            let found = names.iter().find_map(|name| self.fields.text(name, problems));
            found.map(|text| moment(&text))
        };
        let start = first(["start", "min", "start_date", "from"]);
        (start, first(["end", "max", "end_date", "to"]))
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
        None => fake("phone", span, Vec::new()),
        Some(format) => match format.value.to_lowercase().as_str() {
            "us" => pattern(r"\([2-9][0-9]{2}\) [2-9][0-9]{2}-[0-9]{4}"),
            "uk" | "gb" => pattern(r"\+44 7[0-9]{3} [0-9]{6}"),
            "e164" | "e.164" => pattern(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}"),
            "international" => fake("phone", span, Vec::new()),
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

/// `values` as a list, with `weights` beside it or without, or as a mapping from value to weight.
pub(super) fn weighted_values(span: Span, fields: &mut Fields, problems: &mut Problems) -> Option<Generator> {
    let values = fields.take_entry("values").or_else(|| fields.take_entry("options"));
    let values = values.or_else(|| fields.take_foreign("choices"));
    let weights = fields.take_entry("weights");
    let Some((key, node)) = values.or(weights) else {
        let problem = Diagnostic::new(span, "the `values` to choose from are missing");
        problems.push(
            problem.help("write `values: [a, b]` with `weights: [70, 30]`, or `values: {a: 70, b: 30}`"),
        );
        return None;
    };
    let mut listed = match (&node.value, weights) {
        (Value::List(items), _) if items.iter().any(|item| matches!(item.value, Value::Map(_))) => {
            items.iter().map(|item| pair(item, problems)).collect::<Option<Vec<_>>>()?
        }
        _ => column::values(node, problems)?,
    };
    if listed.is_empty() {
        problems.push(Diagnostic::new(node.span, "there are no values to choose from"));
        return None;
    }
    if let (Some((_, weights)), Value::List(_)) = (weights, &node.value) {
        apply_weights(&mut listed, weights, problems)?;
    }
    Some(Generator::Values(At::new(listed, key.span)))
}

/// `{value: paid, weight: 70}`.
fn pair(node: &Node, problems: &mut Problems) -> Option<Weighted> {
    let mut fields = Fields::of(node, "a value", problems)?;
    let value = fields.take("value").and_then(|node| column::constant(node, problems));
    let weight = fields.number("weight", problems).unwrap_or(At::new(1.0, node.span));
    fields.finish(problems);
    if value.is_none() {
        problems.push(Diagnostic::new(node.span, "this has no `value`"));
    }
    Some(Weighted { value: value?, weight })
}

fn apply_weights(values: &mut [Weighted], weights: &Node, problems: &mut Problems) -> Option<()> {
    let by_name = |name: &str| match &weights.value {
        Value::Map(entries) => entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node),
        _ => None,
    };
    let nodes: Vec<&Node> = match &weights.value {
        Value::List(items) => items.iter().collect(),
        _ => values.iter().filter_map(|of| by_name(of.value.value.as_deref().unwrap_or("null"))).collect(),
    };
    if nodes.len() != values.len() {
        let message = format!("{} values have {} weights", values.len(), nodes.len());
        problems.push(Diagnostic::new(weights.span, message).help("write a weight for each value"));
        return None;
    }
    for (value, node) in values.iter_mut().zip(nodes) {
        let number = node.scalar().and_then(|text| text.trim().trim_end_matches('%').parse::<f64>().ok());
        let weight = fields::expected(number, node, "weights", "numbers", problems)?;
        if !weight.value.is_finite() || weight.value < 0.0 {
            problems.push(Diagnostic::new(weight.span, "a weight is a number from 0 up"));
            return None;
        }
        value.weight = weight;
    }
    Some(())
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
            Some(Made::of(span, Generator::WholeNumbers { min: min_value, max: max_value }))
        }
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

fn timeseries(config: &mut Config, problems: &mut Problems) -> Option<Made> {
    let (start, end) = config.stretch(problems);
    let interval = config.fields.text("interval", problems);
    let interval = match interval {
        Some(text) => Some(At::new(seconds(&text, problems)?, text.span)),
        None => None,
    };
    let pattern = config.fields.text("pattern", problems);
    let peaks = config.fields.take_entry("peak_hours").map(|(_, node)| node);
    let hours = match pattern.as_ref().map(|pattern| pattern.value.as_str()) {
        None | Some("uniform") => Hours::Any,
        Some("business_hours") => Hours::Business,
        Some("daily_peak") => Hours::Peak(peak_hours(peaks, problems)?),
        Some(other) => {
            let span = pattern.as_ref().map_or(config.span, |pattern| pattern.span);
            let known = ["uniform", "business_hours", "daily_peak"];
            let problem = Diagnostic::new(span, format!("unknown pattern `{other}`")).suggest(other, known);
            problems.push(problem.help("one of uniform, business_hours, daily_peak"));
            return None;
        }
    };
    if let (Some(node), false) = (peaks, matches!(hours, Hours::Peak(_))) {
        let problem = Diagnostic::new(node.span, "`peak_hours` has no effect without `pattern: daily_peak`");
        problems.push(problem.severity(Severity::Warning));
    }
    Some(Made::of(config.span, moments(start, end, interval, hours)))
}

fn moments(
    start: Option<At<String>>,
    end: Option<At<String>>,
    interval: Option<At<u64>>,
    hours: Hours,
) -> Generator {
    Generator::Timeseries(Box::new(Timeseries { start, end, interval, hours }))
}

/// `now` is what our language calls `as_of`.
fn moment(text: &At<String>) -> At<String> {
    let is_now = ["now", "now()", "today"].contains(&text.value.to_lowercase().as_str());
    At::new(if is_now { "as_of".to_owned() } else { text.value.clone() }, text.span)
}

/// The hours that most days have their peaks at, when none are named.
const LUNCH_AND_EVENING: [u8; 5] = [11, 12, 13, 18, 19];

fn peak_hours(node: Option<&Node>, problems: &mut Problems) -> Option<Vec<u8>> {
    let Some(node) = node else { return Some(LUNCH_AND_EVENING.to_vec()) };
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let hour = |item: &Node| item.scalar()?.parse::<u8>().ok().filter(|hour| *hour < 24);
    let hours: Option<Vec<u8>> = items.iter().map(hour).collect();
    if hours.as_ref().is_none_or(Vec::is_empty) {
        problems.push(Diagnostic::new(node.span, "`peak_hours` are hours of the day, from 0 to 23"));
        return None;
    }
    hours
}

/// `1h`, `15m`, `1d`, `90 seconds`, also Go's `1h30m`.
fn seconds(text: &At<String>, problems: &mut Problems) -> Option<u64> {
    let unit = |name: &str| match name {
        "s" | "sec" | "second" | "seconds" => Some(1),
        "m" | "min" | "minute" | "minutes" => Some(60),
        "h" | "hour" | "hours" => Some(3_600),
        "d" | "day" | "days" => Some(86_400),
        "w" | "week" | "weeks" => Some(604_800),
        _ => None,
    };
    let written: String = text.value.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let mut total: Option<u64> = None;
    let mut rest = written.as_str();
    while let Some(digits) = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0) {
        let number: Option<u64> = rest[..digits].parse().ok();
        let after = &rest[digits..];
        let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let part = number.zip(unit(&after[..letters])).and_then(|(number, unit)| number.checked_mul(unit));
        total = part.map(|part| total.unwrap_or(0).saturating_add(part));
        rest = &after[letters..];
        if total.is_none() {
            break;
        }
    }
    let total = total.filter(|total| *total > 0 && rest.is_empty());
    if total.is_none() {
        let problem = Diagnostic::new(text.span, format!("`{}` is not an interval", text.value));
        problems.push(problem.help("such as `15m`, `1h`, `1d`"));
    }
    total
}

/// `pattern: {template: "..."}`, or `{regex: "..."}`.
pub(super) fn pattern_mapping(span: Span, node: &Node, problems: &mut Problems) -> Option<Made> {
    let mut fields = Fields::of(node, "`pattern`", problems)?;
    let template = fields.text("template", problems);
    let regex = fields.text("regex", problems).or_else(|| fields.text("pattern", problems));
    for name in ["type", "description"] {
        fields.take_foreign(name);
    }
    fields.finish(problems);
    match (template, regex) {
        (Some(template), None) => {
            let parts = codes::parse(&template, problems)?;
            Some(Made::of(span, Generator::Code(At::new(parts, template.span))))
        }
        (None, Some(regex)) => Some(Made::of(span, Generator::Pattern(regex))),
        _ => {
            let problem =
                Diagnostic::new(span, "`pattern` is a regular expression, or a mapping with `template`");
            problems.push(problem.help("write `pattern: {template: \"ORD-{year}-{sequence:6}\"}`"));
            None
        }
    }
}

/// Whether a `distribution` is written as `{type: normal, ...}`.
pub(super) fn is_typed_distribution(node: &Node) -> bool {
    match &node.value {
        Value::Map(entries) => entries.iter().any(|(key, _)| key.text == "type"),
        _ => false,
    }
}

/// `{type: weighted, weights}`, `{type: normal, mean, std_dev, min, max}`, `{type: poisson, mean}`, `{type: zipf, alpha, min, max}`.
/// Bounds that are missing may come from an `integer_range`.
pub(super) fn distribution(
    span: Span,
    node: &Node,
    range: Option<&Made>,
    problems: &mut Problems,
) -> Option<Made> {
    let mut fields = Fields::of(node, "`distribution`", problems)?;
    let kind = fields.text("type", problems)?;
    // Parameters may stand in a mapping of their own.
    let nested = fields.take_foreign("parameters").or_else(|| fields.take_foreign("params"));
    if let Some((_, node)) = nested {
        fields.finish(problems);
        fields = Fields::of(node, "the parameters of `distribution`", problems)?;
    }
    if kind.value == "weighted" {
        let generator = weighted_values(span, &mut fields, problems)?;
        fields.finish(problems);
        return Some(Made::of(span, generator));
    }
    let (min, max) = (fields.text("min", problems), fields.text("max", problems));
    let mut number = |names: &[&'static str]| names.iter().find_map(|name| fields.number(name, problems));
    let given: Vec<(&str, Option<At<f64>>)> = match kind.value.as_str() {
        "normal" | "gaussian" => {
            vec![("mean", number(&["mean"])), ("std_dev", number(&["std_dev", "stddev", "sigma"]))]
        }
        "poisson" => vec![("mean", number(&["mean", "lambda"]))],
        "zipf" => vec![("s", number(&["alpha", "s", "exponent"]))],
        "exponential" => vec![("mean", number(&["mean"])), ("rate", number(&["rate", "lambda"]))],
        "uniform" => Vec::new(),
        other => {
            let known = ["weighted", "normal", "poisson", "zipf", "uniform", "exponential"];
            let problem = Diagnostic::new(kind.span, format!("unknown distribution `{other}`"));
            let problem = problem.suggest(other, known);
            problems.push(problem.help("one of weighted, normal, poisson, zipf, uniform, exponential"));
            return None;
        }
    };
    fields.finish(problems);
    let name = if kind.value == "gaussian" { "normal" } else { kind.value.as_str() };
    let arguments = given.into_iter().filter_map(|(name, number)| Some((name, number?)));
    let arguments =
        arguments.map(|(name, number)| (name.to_owned(), Argument::Number(number.value), number.span));
    let mut arguments: Vec<_> = arguments.collect();
    if name == "zipf" && arguments.is_empty() {
        arguments.push(("s".to_owned(), Argument::Number(1.1), kind.span));
    }
    let (min, max) = match range.map(|made| &made.generator) {
        Some(Generator::WholeNumbers { min: least, max: greatest }) => {
            let text = |at: &At<i64>| Some(At::new(at.value.to_string(), at.span));
            (min.or_else(|| text(least)), max.or_else(|| text(greatest)))
        }
        Some(Generator::Range { min: least, max: greatest }) => {
            (min.or_else(|| least.clone()), max.or_else(|| greatest.clone()))
        }
        _ => (min, max),
    };
    let (min, max) = default_bounds(name, min, max, kind.span);
    let shape = Call { name: At::new(name.to_owned(), kind.span), arguments: Arguments { given: arguments } };
    Some(Made { span, generator: Generator::Range { min, max }, distribution: Some(shape) })
}

/// Where that format's distributions lie when no bounds are given.
fn default_bounds(
    name: &str,
    min: Option<At<String>>,
    max: Option<At<String>>,
    span: Span,
) -> (Option<At<String>>, Option<At<String>>) {
    let bound = |value: &str| Some(At::new(value.to_owned(), span));
    match name {
        "zipf" => (min.or_else(|| bound("1")), max.or_else(|| bound("1000"))),
        "uniform" => (min.or_else(|| bound("0")), max.or_else(|| bound("1000"))),
        "poisson" | "exponential" => (min.or_else(|| bound("0")), max),
        _ => (min, max),
    }
}
