//! What makes the values of keys: unique by what they are, or combinations.

use super::assemble::Types;
use crate::init::sketch::{Column, Maker, Rows, Sketch, Table};
use crate::plan::inferred_bounds;
use crate::value::SqlType;

/// Values of texts that are parts of keys, by what they are called at their end.
const PARTS: [(&str, &[&str]); 8] = [
    ("status", &["active", "pending", "inactive"]),
    ("kind", &["standard", "extra", "special", "other"]),
    ("type", &["standard", "extra", "special", "other"]),
    ("role", &["owner", "admin", "member", "viewer"]),
    ("level", &["low", "medium", "high"]),
    ("locale", &["en", "de", "fr", "es", "it", "pt", "nl", "pl"]),
    ("language", &["en", "de", "fr", "es", "it", "pt", "nl", "pl"]),
    ("currency", &["USD", "EUR", "GBP", "JPY", "CHF", "SEK"]),
];

/// What numbers within a parent are called, at their end.
const LINES: [&str; 12] = [
    "no", "nr", "number", "line", "position", "seq", "sequence", "ordinal", "rank", "version", "revision",
    "step",
];

/// Gives the columns of all keys values that differ.
pub fn settle(sketch: &mut Sketch, types: &[Types], warnings: &mut Vec<String>) {
    for (table, types) in sketch.tables.iter_mut().zip(types) {
        let own: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        for name in own {
            if table.is_unique(&name) && table.reference_of(&name).is_none() {
                unique_makers(table, types, &name);
            }
        }
        let mut keys: Vec<Vec<String>> = vec![table.primary_key.clone()];
        keys.extend(table.uniques.iter().map(|unique| unique.what.columns.clone()));
        let indexes = table.indexes.iter().filter(|index| index.is_kept() && index.what.is_key());
        keys.extend(indexes.map(|index| index.what.columns.clone()));
        for key in keys.into_iter().filter(|key| key.len() > 1) {
            combination(table, types, &key, warnings);
        }
        unique_indexes(table, types, warnings);
    }
}

/// Unique indexes over expressions or of some rows hold where a text among their columns is unique by itself.
fn unique_indexes(table: &mut Table, types: &Types, warnings: &mut Vec<String>) {
    let indexes = table.indexes.iter().map(|index| (index.is_kept(), &index.what));
    let indexes = indexes.filter(|(is_kept, index)| *is_kept && index.is_unique && !index.is_key());
    let indexes: Vec<_> =
        indexes.map(|(_, index)| (index.elements().join(", "), index.columns.clone())).collect();
    for (shown, columns) in indexes {
        let is_free_text = |name: &&String| {
            place(table, name).is_some_and(|at| types[at].is_text())
                && table.reference_of(name).is_none()
                && !table.is_in_composite_reference(name)
        };
        let text = columns.iter().rev().find(is_free_text).cloned();
        if let Some(name) = text.filter(|_| !columns.iter().any(|name| table.is_unique(name))) {
            make_unique(table, types, &name, &shown, warnings);
        }
    }
}

/// Makes a column unique by itself for the sake of a key or an index that it is a part of.
fn make_unique(table: &mut Table, types: &Types, name: &str, shown: &str, warnings: &mut Vec<String>) {
    let Some(at) = place(table, name) else { return };
    let column = &mut table.columns[at];
    column.is_unique = true;
    column.unique_for = Some(shown.to_owned());
    warnings.push(format!("{}.{name} is unique by itself, so that ({shown}) is", table.name));
    unique_makers(table, types, name);
}

fn place(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.name == name)
}

/// Choices for a unique column, believable ones first.
fn unique_makers(table: &mut Table, types: &Types, name: &str) {
    let Some(at) = place(table, name) else { return };
    let column = &mut table.columns[at];
    let sql_type = &types[at];
    if column.identity.is_some() || column.sql_type.ends_with("serial") {
        return;
    }
    // Second choices for other columns repeat themselves.
    column.makers.truncate(1);
    if column.makers.is_empty() {
        column.makers.push(Maker::unnamed());
    }
    match sql_type {
        of if of.is_text() => {
            let label = name.replace('_', "-");
            let room = of.max_chars().unwrap_or(u32::MAX) as usize;
            if label.len() + 8 <= room {
                column.makers.push(Maker::scalar("template", &format!("{label}-{{row}}")));
            }
            let width = room.min(8);
            column.makers.push(Maker::scalar("pattern", &format!("[A-Z0-9]{{{width}}}")));
        }
        SqlType::Date
        | SqlType::Time
        | SqlType::Timestamp
        | SqlType::Timestamptz
        | SqlType::Numeric { .. } => {
            column.makers.splice(0..0, fixed_range("", "", sql_type));
        }
        _ => {}
    }
}

/// Literal bounds, so that values can be counted.
fn fixed_range(table: &str, name: &str, sql_type: &SqlType) -> Option<Maker> {
    let is_literal = |text: &String| text.parse::<f64>().is_ok();
    match sql_type {
        SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz => {
            Some(Maker::range("2023-01-01", "2025-12-31"))
        }
        SqlType::Time => Some(Maker::range("00:00:00", "23:59:59")),
        SqlType::Numeric { precision, scale, .. } => {
            let digits = (*precision - *scale).min(6) as usize;
            let max =
                if digits == 0 { format!("0.{}", "9".repeat(*scale as usize)) } else { "9".repeat(digits) };
            Some(Maker::range("0", &max))
        }
        of if of.is_integer() => {
            let known = inferred_bounds(table, name, of);
            let (min, max) = known.filter(|(min, max)| is_literal(min) && is_literal(max))?;
            Some(Maker::range(&min, &max))
        }
        _ => None,
    }
}

/// Makes the columns of a key such that their combinations can be counted, or one of them unique.
fn combination(table: &mut Table, types: &Types, key: &[String], warnings: &mut Vec<String>) {
    let is_uuid = |name: &String| place(table, name).is_some_and(|at| types[at] == SqlType::Uuid);
    let is_numbered = |column: &Column| column.identity.is_some() || column.sql_type.ends_with("serial");
    let is_safe = key.iter().any(|name| {
        let is_reference = table.reference_of(name).is_some();
        table.is_unique(name)
            || (is_uuid(name) && !is_reference && !table.is_in_composite_reference(name))
            || table.column(name).is_some_and(is_numbered)
    });
    if is_safe || lines_of_a_parent(table, types, key) {
        return;
    }
    // `id` beside something else, as partitioned tables have it, is a number of its own.
    let is_plain = |name: &str| table.reference_of(name).is_none() && !table.is_in_composite_reference(name);
    if let Some(at) =
        place(table, "id").filter(|at| key.iter().any(|name| name == "id") && types[*at].is_integer())
        && is_plain("id")
    {
        table.columns[at].makers = vec![Maker(vec![("sequence", "{start: 1}".into())]), Maker::unnamed()];
        return;
    }
    for name in key {
        let Some(at) = place(table, name) else { return };
        if table.reference_of(name).is_some() || table.is_in_composite_reference(name) {
            continue;
        }
        let table_name = table.name.clone();
        let column = &mut table.columns[at];
        if column.makers.first().is_some_and(|maker| *maker != Maker::unnamed()) {
            continue;
        }
        if types[at].is_text() {
            let part =
                PARTS.iter().find(|(ending, _)| name == ending || name.ends_with(&format!("_{ending}")));
            match part {
                Some((_, values)) => column.makers = vec![Maker::values(values.iter().copied())],
                None => return make_unique(table, types, name, &key.join(", "), warnings),
            }
        } else if let Some(range) = fixed_range(&table_name, name, &types[at]) {
            column.makers = vec![range, Maker::unnamed()];
        }
    }
}

/// A key of a reference and a number is the lines of a parent: 1, 2, ... within it.
fn lines_of_a_parent(table: &mut Table, types: &Types, key: &[String]) -> bool {
    if table.rows != Rows::default() {
        return false;
    }
    let is_reference = |name: &&String| {
        table.reference_of(name).is_some_and(|reference| reference.table != table.name)
            || table.is_in_composite_reference(name)
    };
    let (references, others): (Vec<&String>, Vec<&String>) = key.iter().partition(is_reference);
    let [line] = others[..] else { return false };
    let Some(at) = place(table, line).filter(|at| types[*at].is_integer()) else { return false };
    // A year or a month is no number of a line.
    let last = line.rsplit('_').next().unwrap_or(line);
    let says_nothing = inferred_bounds(&table.name, line, &types[at]) == Some(("1".into(), "1000".into()));
    if !(says_nothing || LINES.contains(&last)) {
        return false;
    }
    let parent = match &references[..] {
        [only] if !table.is_in_composite_reference(only) => {
            table.reference_of(only).map(|reference| (reference.table.clone(), Some((*only).clone())))
        }
        several => {
            let covers = |columns: &[String]| {
                several.iter().all(|name| columns.contains(name)) && columns.len() == several.len()
            };
            let wide = table.foreign_keys.iter().find(|key| key.is_kept() && covers(&key.what.columns));
            wide.map(|key| (key.what.reference.table.clone(), None))
        }
    };
    let Some((parent, through)) = parent else { return false };
    let to_parent = table.single_references().filter(|(_, reference)| reference.table == parent).count();
    let through = through.filter(|_| to_parent > 1);
    let counts = vec![("min", "1".to_owned()), ("max", "5".to_owned())];
    table.rows = Rows::Per { table: parent, through, counts };
    table.columns[at].makers = vec![Maker::scalar("expr", "nth"), Maker::unnamed()];
    true
}
