//! Templates of codes: `ORD-{{year}}-{{seq:6}}`, and with single braces `ORD-{year}-{sequence:6}`.

use super::super::fields::{Fields, Problems};
use super::super::model::{At, CodeClass, CodePart, Generator};
use super::super::node::Node;
use super::Made;
use crate::diagnostic::{Diagnostic, Span};

/// The placeholders, for messages.
const KNOWN: &str = "known: year, month, day, timestamp, seq:N or sequence:N, rand:N or random:N, hex:N, alpha:N, \
                     alphanumeric:N, uuid, row, table";

/// Characters of a random part whose number is not given.
const USUAL_LENGTH: usize = 4;

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
            let parts = parse(&template, problems)?;
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

/// The parts of a template.
pub(super) fn parse(template: &At<String>, problems: &mut Problems) -> Option<Vec<CodePart>> {
    let text = template.value.as_str();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|found| at + found) {
        push_text(&mut parts, &text[at..open]);
        let braces = if text[open..].starts_with("{{") { 2 } else { 1 };
        let inside = open + braces;
        let Some(close) = text[inside..].find('}').map(|found| inside + found) else {
            let span = template.span.part(open, open + braces);
            problems.push(Diagnostic::new(span, "a `{` without `}`").help(KNOWN));
            return None;
        };
        let span = template.span.part(inside, close);
        parts.push(placeholder(text[inside..close].trim(), span, problems)?);
        at = (close + braces).min(text.len());
    }
    push_text(&mut parts, &text[at..]);
    Some(parts)
}

fn push_text(parts: &mut Vec<CodePart>, text: &str) {
    if !text.is_empty() {
        parts.push(CodePart::Text(text.to_owned()));
    }
}

fn placeholder(text: &str, span: Span, problems: &mut Problems) -> Option<CodePart> {
    let (name, argument) = match text.split_once(':') {
        Some((name, argument)) => (name.trim(), Some(argument.trim())),
        None => (text, None),
    };
    let length = match argument.map(str::parse::<usize>) {
        None => Some(None),
        Some(Ok(length)) if (1..=64).contains(&length) => Some(Some(length)),
        _ => None,
    };
    let part = match (name.to_lowercase().as_str(), argument) {
        ("year", None | Some("4")) => CodePart::Moment("%Y"),
        ("year", Some("2")) | ("yy", None) => CodePart::Moment("%y"),
        ("month", None | Some("2")) => CodePart::Moment("%m"),
        ("month", Some("name")) => CodePart::Moment("%B"),
        ("day", None | Some("2")) => CodePart::Moment("%d"),
        ("hour", None) => CodePart::Moment("%H"),
        ("minute", None) => CodePart::Moment("%M"),
        ("date", None) => CodePart::Moment("%Y%m%d"),
        ("timestamp" | "unix", None) => CodePart::Moment("%s"),
        ("seq" | "sequence" | "row" | "counter", _) if length.is_some() => {
            CodePart::Counter(length.flatten().unwrap_or(1))
        }
        ("uuid" | "guid", None) => CodePart::Uuid,
        ("table", None) => CodePart::Table,
        (name, _) if length.is_some() && class(name).is_some() => {
            CodePart::Random(class(name)?, length.flatten().unwrap_or(USUAL_LENGTH))
        }
        (name, _) => {
            let message = match is_known(name) {
                true => format!("`{name}` takes a number of characters from 1 to 64"),
                false => format!("unknown placeholder `{text}`"),
            };
            let names = ["year", "month", "day", "timestamp", "seq", "sequence", "rand", "random", "hex"];
            let problem = Diagnostic::new(span, message);
            let problem = if is_known(name) { problem } else { problem.suggest(name, names) };
            problems.push(problem.help(KNOWN));
            return None;
        }
    };
    Some(part)
}

fn is_known(name: &str) -> bool {
    class(name).is_some() || ["seq", "sequence", "row", "counter"].contains(&name)
}

fn class(name: &str) -> Option<CodeClass> {
    Some(match name {
        "rand" | "random" | "digits" | "number" | "numeric" => CodeClass::Digits,
        "hex" => CodeClass::Hex,
        "alpha" | "letters" => CodeClass::Letters,
        "upper" => CodeClass::Capitals,
        "lower" => CodeClass::Small,
        "alphanumeric" | "alnum" => CodeClass::Alphanumeric,
        _ => return None,
    })
}
