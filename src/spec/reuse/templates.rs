//! Templates of columns: `templates: {audit: {created_at: ...}}`, and `use: [audit]` in a table.
//!
//! A table's own column of the same name counts. Where `use` stands before `columns` the template's columns come first, else
//! last: as they are read.

use super::super::fields::Problems;
use super::super::node::{Key, Node, Value};
use super::{named, section, take};
use crate::diagnostic::Diagnostic;

/// What a template may give a table beside columns: lists to be added to the table's own.
const LISTS: [&str; 4] = ["checks", "indexes", "unique", "foreign_keys"];

/// Uses the templates in all tables that ask for them.
pub(super) fn apply(document: &mut Node, problems: &mut Problems) {
    let Value::Map(entries) = &document.value else { return };
    let templates = match entries.iter().find(|(key, _)| key.text == "templates") {
        None => Vec::new(),
        Some((_, Node { value: Value::Map(templates), .. })) => templates.clone(),
        Some((_, node)) => {
            let message = format!("`templates` must be a mapping, found {}", node.kind());
            let problem = Diagnostic::new(node.span, message);
            problems.push(problem.help("write `templates: {audit: {created_at: timestamptz}}`"));
            Vec::new()
        }
    };
    for (_, table) in section(document, "tables").into_iter().flatten() {
        use_in(table, &templates, problems);
    }
}

fn use_in(table: &mut Node, templates: &[(Key, Node)], problems: &mut Problems) {
    let span = table.span;
    let Value::Map(entries) = &mut table.value else { return };
    let place = |entries: &[(Key, Node)], name: &str| entries.iter().position(|(key, _)| key.text == name);
    let comes_first = match (place(entries, "use"), place(entries, "columns")) {
        (Some(at), Some(columns)) => at < columns,
        _ => false,
    };
    let Some((key, names)) = take(entries, "use") else { return };
    let mut given: Vec<(Key, Node)> = Vec::new();
    for (name, at) in named(&names, "use", problems) {
        let Some((_, template)) = templates.iter().find(|(known, _)| known.text == name) else {
            let problem = Diagnostic::new(at, format!("unknown template `{name}`"));
            let problem = problem.suggest(&name, templates.iter().map(|(key, _)| key.text.as_str()));
            problems.push(problem.help("templates stand under `templates:` at the top"));
            continue;
        };
        let Some(columns) = columns_of(&name, template, entries, problems) else { continue };
        for (column, node) in columns {
            if let Some((other, _)) = given.iter().find(|(other, _)| other.text == column.text)
                && other.span != column.span
            {
                let problem = Diagnostic::new(at, format!("two templates have a column `{}`", column.text));
                problems.push(problem.help("use one of them, or define the column in the table"));
                continue;
            }
            given.push((column, node));
        }
    }
    if place(entries, "columns").is_none() {
        let key = Key { text: "columns".to_owned(), span: key.span };
        entries.push((key, Node { value: Value::Map(Vec::new()), span }));
    }
    let Some(own) = section(table, "columns") else { return };
    given.retain(|(key, _)| !own.iter().any(|(known, _)| known.text == key.text));
    match comes_first {
        true => drop(own.splice(0..0, given)),
        false => own.extend(given),
    }
}

/// The columns of a template. One that has `columns` may also have lists, which are added to the table's.
fn columns_of(
    name: &str,
    template: &Node,
    table: &mut Vec<(Key, Node)>,
    problems: &mut Problems,
) -> Option<Vec<(Key, Node)>> {
    let Value::Map(parts) = &template.value else {
        let message = format!("the template `{name}` must be a mapping, found {}", template.kind());
        problems.push(Diagnostic::new(template.span, message).help("write columns with their definitions"));
        return None;
    };
    let columns = parts.iter().find(|(key, _)| key.text == "columns");
    let Some(Value::Map(columns)) = columns.map(|(_, node)| &node.value) else { return Some(parts.clone()) };
    for (key, node) in parts.iter().filter(|(key, _)| key.text != "columns") {
        match &node.value {
            Value::List(items) if LISTS.contains(&key.text.as_str()) => add(table, key, items, node),
            _ => {
                let message = format!("`{}` cannot be part of a template", key.text);
                let problem = Diagnostic::new(key.span, message).suggest(&key.text, LISTS);
                problems.push(problem.help(format!("beside `columns` it has lists: {}", LISTS.join(", "))));
            }
        }
    }
    Some(columns.clone())
}

fn add(table: &mut Vec<(Key, Node)>, key: &Key, items: &[Node], node: &Node) {
    match table.iter_mut().find(|(known, _)| known.text == key.text) {
        Some((_, Node { value: Value::List(own), .. })) => own.extend(items.iter().cloned()),
        Some(_) => {}
        None => table.push((key.clone(), node.clone())),
    }
}
