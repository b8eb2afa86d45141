//! `extends`: a spec that is another one with changes.
//!
//! Mappings are changed key by key, `null` removes what stood there, anything else takes the place of what stood there. A
//! column is a mapping too, whichever way it was written; naming another generator takes the old one away.

use super::super::column::GENERATORS;
use super::super::fields::Problems;
use super::super::node::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Severity, closest};

/// The key under which a column's mapping keeps the SQL definition that it was.
pub(in super::super) const DEFINITION: &str = "$definition";

/// What shapes a generator's values, and goes with it.
const SHAPES: [&str; 7] = ["max", "distribution", "locale", "calendar", "ascending", "every", "round"];

/// Where in a spec a mapping stands.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Top,
    /// A section such as `params` or `types`: names with what they are.
    Section,
    Tables,
    Table,
    Columns,
    Column,
    Inside,
}

/// The base with the changes.
pub(super) fn changed(base: Node, change: Node, problems: &mut Problems) -> Node {
    merge(base, change, Level::Top, problems)
}

fn merge(base: Node, change: Node, level: Level, problems: &mut Problems) -> Node {
    let span = change.span;
    match (base.value, change.value) {
        (Value::Map(old), Value::Map(new)) => {
            let old = if level == Level::Column { without_generator(old, &new) } else { old };
            Node { value: Value::Map(entries(old, new, level, problems)), span }
        }
        // A column's SQL definition goes on as part of the mapping that changes it.
        (Value::Text(text), Value::Map(new)) if level == Level::Column && !has(&new, "type") => {
            let key = Key { text: DEFINITION.to_owned(), span: base.span };
            let old = vec![(key, Node { value: Value::Text(text), span: base.span })];
            Node { value: Value::Map(entries(old, new, level, problems)), span }
        }
        (_, value) => Node { value, span },
    }
}

fn has(entries: &[(Key, Node)], name: &str) -> bool {
    entries.iter().any(|(key, _)| key.text == name)
}

fn entries(
    mut old: Vec<(Key, Node)>,
    new: Vec<(Key, Node)>,
    level: Level,
    problems: &mut Problems,
) -> Vec<(Key, Node)> {
    for (key, node) in new {
        let found = old.iter().position(|(known, _)| known.text == key.text);
        // `value: null` is a column without values, not a column without `value`.
        let removes = node.value == Value::Null && !(level == Level::Column && key.text == "value");
        match found {
            Some(at) if removes => drop(old.remove(at)),
            Some(at) => {
                let (_, before) = old.remove(at);
                let inner = below(level, &key.text, &node);
                old.insert(at, (key, merge(before, node, inner, problems)));
            }
            None if removes => problems.push(nothing_to_remove(&key, &old)),
            None => {
                let typo = typo(&key, &node, &old, level);
                let is_refused = typo.as_ref().is_some_and(|typo| typo.severity == Severity::Error);
                problems.extend(typo);
                if !is_refused {
                    old.push((key, node));
                }
            }
        }
    }
    old
}

fn below(level: Level, key: &str, node: &Node) -> Level {
    match (level, key) {
        (Level::Top, "tables") => Level::Tables,
        (Level::Top, _) if matches!(node.value, Value::Map(_)) => Level::Section,
        (Level::Tables, _) => Level::Table,
        (Level::Table, "columns") => Level::Columns,
        (Level::Columns, _) => Level::Column,
        _ => Level::Inside,
    }
}

fn nothing_to_remove(key: &Key, old: &[(Key, Node)]) -> Diagnostic {
    let message = format!("there is no `{}` to remove in what this extends", key.text);
    let known = old.iter().map(|(key, _)| key.text.as_str()).filter(|name| *name != DEFINITION);
    let problem = Diagnostic::new(key.span, message).suggest(&key.text, known);
    match has(old, DEFINITION) {
        true => problem.help("the column is an SQL definition there: write it anew, with its `type`"),
        false => problem,
    }
}

/// A change of what is not there: a table without columns, a column without a type.
fn typo(key: &Key, node: &Node, old: &[(Key, Node)], level: Level) -> Option<Diagnostic> {
    let known = || old.iter().map(|(key, _)| key.text.as_str());
    let parts = match &node.value {
        Value::Map(entries) => entries.as_slice(),
        _ => &[],
    };
    let is_whole = |names: &[&str]| parts.iter().any(|(key, _)| names.contains(&key.text.as_str()));
    match level {
        Level::Tables if !is_whole(&["columns", "use"]) => {
            let message = format!("what this extends has no table `{}`", key.text);
            let problem = Diagnostic::new(key.span, message).suggest(&key.text, known());
            Some(problem.help("a table of its own needs `columns`"))
        }
        Level::Columns if matches!(node.value, Value::Map(_)) => {
            let makes = |name: &&str| parts.iter().any(|(key, _)| key.text == **name);
            let is_column = is_whole(&["type", "references"]) || GENERATORS.iter().any(makes);
            let message = format!("what this extends has no column `{}`", key.text);
            let problem = Diagnostic::new(key.span, message).suggest(&key.text, known());
            (!is_column).then(|| problem.help("a column of its own needs a `type`"))
        }
        Level::Section => {
            let near = closest(&key.text, known())?;
            let message = format!("`{}` is new: what this extends has `{near}`", key.text);
            Some(super::warning(key.span, message).help(format!("did you mean `{near}`?")))
        }
        _ => None,
    }
}

/// A column's old keys without its generator, if the new ones name another.
fn without_generator(old: Vec<(Key, Node)>, new: &[(Key, Node)]) -> Vec<(Key, Node)> {
    let generator = |entries: &[(Key, Node)]| {
        GENERATORS.iter().copied().find(|name| has(entries, name) || (*name == "min" && has(entries, "max")))
    };
    match (generator(&old), generator(new)) {
        (Some(before), Some(now)) if before != now => old
            .into_iter()
            .filter(|(key, _)| {
                !GENERATORS.contains(&key.text.as_str()) && !SHAPES.contains(&key.text.as_str())
            })
            .collect(),
        _ => old,
    }
}
