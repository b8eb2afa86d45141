//! YAML or JSON as a tree in which everything knows its place.
//!
//! One pass of the parser makes the tree; all further reading is by hand over it, so that one run reports every
//! problem, each where it is, the same for YAML and for JSON.

use crate::diagnostic::{Diagnostic, Sources, Span};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Location, Options, Spanned};
use std::fmt;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What stands there.
    pub value: Value,
    /// Where. Of lists and maps only the start is known.
    pub span: Span,
}

/// What a YAML or JSON document is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, exactly as written.
    Number(String),
    /// A text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order written.
    Map(Vec<(Key, Node)>),
}

/// A mapping's key and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key.
    pub text: String,
    /// Where.
    pub span: Span,
}

impl Node {
    /// Reads a whole document.
    pub fn parse(sources: &Sources, source: u32) -> Result<Node, Diagnostic> {
        let text = &sources.get(source).text;
        let raw: Spanned<Raw> = serde_yaml::from_str_with_options(text, options(text))
            .map_err(|error| syntax_problem(source, text, &error))?;
        Ok(Placer { source, text }.node(raw))
    }

    /// What kind of thing this is, for messages: `a text`, `a list`.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// A scalar as its text; lists, maps and null have none.
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Number(text) | Value::Text(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }
}

fn options(text: &str) -> Options {
    serde_yaml::options! {
        // `no` is Norway, not false.
        strict_booleans: true,
        // What `render` needs is ours; the parser's own picture of the source is not shown.
        with_snippet: false,
        // The limits guard servers against strangers' documents; a spec is the user's own, and may be large.
        budget: serde_yaml::budget! {
            max_events: text.len() + 1_000,
            max_nodes: text.len() + 1_000,
            max_total_scalar_bytes: text.len() + 1_000,
            // Many columns may share what one of them says.
            enforce_alias_anchor_ratio: false,
        },
    }
}

fn syntax_problem(source: u32, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let error = error.without_snippet();
    let location = error.location();
    let start = location.and_then(|at| at.span().byte_offset()).unwrap_or(text.len() as u64) as usize;
    let rest = text.get(start..).unwrap_or("");
    let width = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let span = Span { source, start: start as u32, end: (start + width) as u32 };
    let message = error.to_string();
    // The parser repeats the place in its own words.
    let message = message.split(" at line ").next().unwrap_or(&message).trim();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    if message.starts_with("multiple YAML documents") {
        return Diagnostic::new(span, "a spec is one YAML document, and here begins another")
            .help("put it into a file of its own; `include` adds its tables to a spec");
    }
    // What the parser's options could do is nothing to the author of a spec.
    let message = message.split(", set DuplicateKeyPolicy").next().unwrap_or(message);
    Diagnostic::new(span, format!("this is not valid YAML or JSON: {message}"))
}

/// The tree as serde makes it, before places are made ours.
enum Raw {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a YAML or JSON value")
    }
    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

/// Turns the parser's places into spans, and numbers back into what was written.
struct Placer<'t> {
    source: u32,
    text: &'t str,
}

impl Placer<'_> {
    fn span(&self, at: Location) -> Span {
        let start = at.span().byte_offset().unwrap_or(0) as u32;
        let length = at.span().byte_len().unwrap_or(0) as u32;
        Span { source: self.source, start, end: start + length }
    }

    fn written(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    fn node(&self, raw: Spanned<Raw>) -> Node {
        let span = self.span(raw.defined);
        let value = match raw.value {
            Raw::Null => Value::Null,
            Raw::Bool(value) => Value::Bool(value),
            Raw::Number(value) => {
                let written = self.written(span).trim();
                let is_plain = written.parse::<f64>().is_ok();
                Value::Number(if is_plain { written.to_owned() } else { value })
            }
            Raw::Text(text) => return Node { span: self.content(span, &text), value: Value::Text(text) },
            Raw::List(items) => Value::List(items.into_iter().map(|item| self.node(item)).collect()),
            Raw::Map(entries) => Value::Map(
                entries.into_iter().map(|(key, value)| (self.key(key), self.node(value))).collect(),
            ),
        };
        Node { value, span: self.one_line(span) }
    }

    /// A key is a text, whatever it looks like: `null: 5%`, `{1: 60, true: 40}`.
    fn key(&self, key: Spanned<Raw>) -> Key {
        let span = self.span(key.defined);
        match key.value {
            Raw::Text(text) => Key { span: self.content(span, &text), text },
            _ => Key { text: self.written(span).trim().to_owned(), span },
        }
    }

    /// The span of a text without its quotes, so that places inside an expression can be counted from its start.
    fn content(&self, span: Span, text: &str) -> Span {
        match self.written(span).find(text) {
            Some(at) if !text.is_empty() => {
                let start = span.start + at as u32;
                Span { start, end: start + text.len() as u32, ..span }
            }
            _ => span,
        }
    }

    /// Block lists and maps: their first line is enough to point at.
    fn one_line(&self, span: Span) -> Span {
        let first = self.written(span).find('\n').map_or(span.end, |at| span.start + at as u32);
        Span { end: first, ..span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Sources, Node) {
        let mut sources = Sources::new();
        let source = sources.add("test", text);
        let node = Node::parse(&sources, source).expect("parses");
        (sources, node)
    }

    fn entries(node: &Node) -> Vec<(&str, &Node)> {
        match &node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key.text.as_str(), value)).collect(),
            _ => panic!("expected a mapping"),
        }
    }

    #[test]
    fn everything_keeps_its_place_in_yaml_and_in_json() {
        for text in ["a: 'x y'\nb: {no: 1.50}\n", "{\n\t\"a\": \"x y\", \"b\": {\"no\": 1.50}}"] {
            let (sources, node) = parse(text);
            let top = entries(&node);
            assert_eq!(top[0].1.value, Value::Text("x y".into()));
            assert_eq!(sources.slice(top[0].1.span), "x y");
            let inner = entries(top[1].1);
            assert_eq!((inner[0].0, &inner[0].1.value), ("no", &Value::Number("1.50".into())));
            assert_eq!(sources.slice(inner[0].1.span), "1.50");
        }
    }

    #[test]
    fn words_are_words_and_keys_may_be_numbers() {
        let (_, node) = parse("country: NO\nanswer: yes\n1: a\ntrue: b\nnothing: ~\ndate: 2026-01-01\n");
        let top = entries(&node);
        assert_eq!(top[0].1.value, Value::Text("NO".into()));
        assert_eq!(top[1].1.value, Value::Text("yes".into()));
        assert_eq!((top[2].0, top[3].0), ("1", "true"));
        assert_eq!(top[4].1.value, Value::Null);
        assert_eq!(top[5].1.value, Value::Text("2026-01-01".into()));
    }

    #[test]
    fn a_broken_document_names_its_place() {
        let mut sources = Sources::new();
        let source = sources.add("test", "a: [1, 2\nb: 3\n");
        let problem = Node::parse(&sources, source).expect_err("is broken");
        assert!(sources.locate(problem.span.expect("has a place")).line >= 1, "{problem:?}");
        let source = sources.add("test", "a: 1\na: 2\n");
        let problem = Node::parse(&sources, source).expect_err("has a key twice");
        assert_eq!(sources.locate(problem.span.expect("has a place")).line, 2, "{problem:?}");
    }
}
