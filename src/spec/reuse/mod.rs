//! Specs made of several texts: `include`, `extends`, and templates of columns.
//!
//! All of it happens on the tree, before anything is lowered: what a spec may say can be included, extended and used by
//! templates, whatever it is, and every node keeps the place where it was written.

mod extend;
mod templates;

pub(super) use extend::DEFINITION;

use super::fields::Problems;
use super::node::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Severity, Sources, Span};
use std::io::ErrorKind;

/// Keys of the top that are gone once a document is whole.
pub(super) const TOP_KEYS: [&str; 3] = ["include", "extends", "templates"];

/// Reads a document with all that it includes and extends, its templates used.
pub(super) fn document(sources: &mut Sources, source: u32, problems: &mut Problems) -> Option<Node> {
    let mut whole = Reader { sources, problems, open: Vec::new() }.whole(source)?;
    templates::apply(&mut whole, problems);
    if let Value::Map(entries) = &mut whole.value {
        take(entries, "templates");
    }
    Some(whole)
}

struct Reader<'a> {
    sources: &'a mut Sources,
    problems: &'a mut Problems,
    /// The texts that are being read, the outermost first.
    open: Vec<u32>,
}

impl Reader<'_> {
    /// A text with what it includes, on top of what it extends.
    fn whole(&mut self, source: u32) -> Option<Node> {
        let mut node = match Node::parse(self.sources, source) {
            Ok(node) => node,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        let Value::Map(entries) = &mut node.value else { return Some(node) };
        let includes = take(entries, "include");
        let base = take(entries, "extends");
        self.open.push(source);
        for name in includes.map(|(_, node)| named(&node, "include", self.problems)).unwrap_or_default() {
            if let Some(included) = self.other(&name) {
                self.union(entries, included);
            }
        }
        let base = base.and_then(|(_, node)| named(&node, "extends", self.problems).into_iter().next());
        let base = base.and_then(|name| self.other(&name));
        self.open.pop();
        if let Some(mut base) = base {
            // Changes are made to tables as they are, whichever way their columns came to them.
            templates::apply(&mut base, self.problems);
            node = extend::changed(base, node, self.problems);
        }
        Some(node)
    }

    /// The text of that name: a built-in spec, or a file.
    fn other(&mut self, (name, span): &(String, Span)) -> Option<Node> {
        let source = match super::builtin(name) {
            Some(builtin) => self.sources.add(format!("<{name}>"), builtin.text),
            None => match self.sources.open(span.source, name) {
                Ok(source) => source,
                Err(error) => {
                    self.problems.push(cannot_read(name, *span, &error));
                    return None;
                }
            },
        };
        let same = |other: &u32| self.sources.get(*other).name == self.sources.get(source).name;
        if let Some(first) = self.open.iter().position(same) {
            let chain = self.open[first..].iter().chain([&source]);
            let chain: Vec<&str> = chain.map(|source| self.sources.get(*source).name.as_str()).collect();
            let problem = Diagnostic::new(*span, format!("`{name}` leads back to itself"));
            self.problems.push(problem.help(chain.join(" -> ")));
            return None;
        }
        let node = self.whole(source)?;
        if !matches!(node.value, Value::Map(_)) {
            let message = format!("`{name}` must be a mapping, as a spec is, found {}", node.kind());
            self.problems.push(Diagnostic::new(*span, message));
            return None;
        }
        Some(node)
    }

    /// Adds what an included text says. Nothing may be said twice, but settings of the including text count.
    fn union(&mut self, entries: &mut Vec<(Key, Node)>, included: Node) {
        let Value::Map(others) = included.value else { return };
        for (key, node) in others {
            let Some((own_key, own)) = entries.iter_mut().find(|(own, _)| own.text == key.text) else {
                entries.push((key, node));
                continue;
            };
            match (&mut own.value, node.value) {
                (Value::Map(own), Value::Map(others)) => {
                    for (inner, node) in others {
                        match own.iter().find(|(known, _)| known.text == inner.text) {
                            None => own.push((inner, node)),
                            // One text may be included in two ways.
                            Some((known, _)) if known.span == inner.span => {}
                            Some((known, _)) => {
                                let what = format!("`{}` stands twice under `{}`", inner.text, key.text);
                                let other = self.sources.locate(inner.span);
                                let problem = Diagnostic::new(known.span, what);
                                self.problems.push(problem.help(format!(
                                    "also at {}:{}:{}; give one of them another name",
                                    other.file, other.line, other.column
                                )));
                            }
                        }
                    }
                }
                // Settings: those of the including text count. Two included ones must agree.
                (own_value, other_value) => {
                    let is_own = self.open.last() == Some(&own_key.span.source);
                    if !is_own && *own_value != other_value {
                        let other = self.sources.locate(key.span);
                        let what = format!("two included texts differ about `{}`", key.text);
                        let problem = Diagnostic::new(own_key.span, what);
                        self.problems.push(problem.help(format!(
                            "also at {}:{}:{}; write it in the including text",
                            other.file, other.line, other.column
                        )));
                    }
                }
            }
        }
    }
}

fn cannot_read(name: &str, span: Span, error: &std::io::Error) -> Diagnostic {
    let problem = Diagnostic::new(span, format!("cannot read `{name}`"));
    let problem = match error.kind() {
        ErrorKind::NotFound => {
            problem.help("there is no such file; paths are relative to the text that names it")
        }
        ErrorKind::Unsupported => problem.help("only texts that are files themselves can name files"),
        _ => problem.help(error.to_string()),
    };
    problem.suggest(name, super::BUILTINS.iter().map(|builtin| builtin.name))
}

/// Takes a key out of a mapping.
fn take(entries: &mut Vec<(Key, Node)>, name: &str) -> Option<(Key, Node)> {
    let at = entries.iter().position(|(key, _)| key.text == name)?;
    Some(entries.remove(at))
}

/// The entries of a mapping under a key.
fn section<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Vec<(Key, Node)>> {
    let Value::Map(entries) = &mut node.value else { return None };
    match &mut entries.iter_mut().find(|(key, _)| key.text == name)?.1.value {
        Value::Map(inner) => Some(inner),
        _ => None,
    }
}

/// One name, or a list of names, with their places.
fn named(node: &Node, what: &str, problems: &mut Problems) -> Vec<(String, Span)> {
    let names = super::fields::names(node, what, problems);
    names.into_iter().map(|name| (name.value, name.span)).collect()
}

/// A remark that does not stop anything.
fn warning(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(span, message).severity(Severity::Warning)
}
