//! Rows that answer to earlier ones of the same table: a reply belongs to the post that it replies to.

use super::super::choice::WithinSpec;
use super::super::fields::Problems;
use super::super::model::{At, ColumnSpec, ForeignKeySpec};
use super::super::node::Key;
use crate::diagnostic::{Diagnostic, Severity};

/// Tables of people, who are no groups: a reply may be another person's.
const PEOPLE: &[&str] = &[
    "users",
    "user",
    "members",
    "member",
    "people",
    "person",
    "persons",
    "customers",
    "customer",
    "authors",
    "author",
    "employees",
    "employee",
    "staff",
    "profiles",
    "profile",
    "players",
    "agents",
    "contacts",
    "clients",
    "patients",
    "readers",
    "subscribers",
    "followers",
    "students",
    "teachers",
    "doctors",
    "guests",
    "drivers",
    "owners",
];

/// A tree is held to a group where the table has exactly one other reference that every row has, people left aside: that is the
/// group.
pub(super) fn settle(
    table: &Key,
    columns: &[ColumnSpec],
    foreign_keys: &mut [ForeignKeySpec],
    problems: &mut Problems,
) {
    let is_there = |name: &At<String>| {
        columns.iter().any(|column| column.name.value == name.value && column.not_null.is_some())
    };
    let is_group = |key: &&ForeignKeySpec| {
        let to = key.reference.table.value.as_str();
        key.columns.len() == 1 && is_there(&key.columns[0]) && to != table.text && !PEOPLE.contains(&to)
    };
    let groups: Vec<(At<String>, String)> = foreign_keys
        .iter()
        .filter(is_group)
        .map(|key| (key.columns[0].clone(), key.reference.table.value.clone()))
        .collect();
    let [(group, of)] = groups.as_slice() else { return };
    for key in foreign_keys.iter_mut().filter(|key| key.earlier.is_some() && key.choice.within.is_empty()) {
        let message = format!(
            "`{}` of `{}` leads to a row with the same `{}`",
            key.columns[0].value, table.text, group.value
        );
        let note = Diagnostic::new(key.columns[0].span, message).severity(Severity::Note);
        problems.push(note.help(format!("`{of}` is the only table, people aside, that every row refers to")));
        key.choice.within = vec![WithinSpec { column: group.clone(), through: None }];
    }
}
