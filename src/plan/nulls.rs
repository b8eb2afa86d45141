//! Which rows of a column are null: each row for itself, or together with other columns.

use super::draft::Draft;
use crate::random::{Absence, Permutation};
use crate::spec::{ColumnSpec, NullGroup};
use std::collections::BTreeMap;

impl Draft<'_> {
    /// Holds the columns of each group to the same words.
    pub fn check_null_groups(&mut self) {
        for table in 0..self.tables.len() {
            let mut groups: BTreeMap<&str, Vec<&NullGroup>> = BTreeMap::new();
            for column in 0..self.tables[table].columns.len() {
                let spec = self.tables[table].columns[column].spec;
                self.check_exact_nulls(table, spec);
                let Some(group) = &spec.null_group else { continue };
                groups.entry(&group.name.value).or_default().push(group);
                // What is null in a version only cannot be kept apart from what the reference leads to in all of them.
                if group.rows.is_some() && self.lasts_over_versions(table, column) {
                    let message = "a reference that lasts over versions cannot be null in some of them only";
                    let help = "let a hidden column be the reference, and compute this one from it by `expr`";
                    self.refuse(group.name.span, message, help);
                }
                // Where there are fewer parents than rows, the rows without one are counted, not drawn.
                if spec.references.is_some() && self.tables[table].is_unique(column) {
                    let message = "a unique reference cannot be null together with other columns";
                    self.refuse(group.name.span, message, "write the share alone, such as `null: 5%`");
                }
            }
            for (name, members) in groups {
                let (first, others) = members.split_first().expect("a group has a column");
                if others.is_empty() {
                    self.refuse(
                        first.name.span,
                        format!("only one column is in the group `{name}`"),
                        "write the same group at the columns that are to be null together, or the share alone",
                    );
                }
                for other in others {
                    self.check_member(name, first, other);
                }
            }
        }
    }

    /// Exact shares are of a table's rows, whichever they are.
    fn check_exact_nulls(&mut self, table: usize, spec: &ColumnSpec) {
        let Some(exact) = spec.null_exact else { return };
        let message = match (self.tables[table].history.is_some(), spec.one_of.is_some()) {
            (true, _) => "the rows of a history are versions, whose nulls last: they cannot be exact",
            (_, true) => "the nulls of a reference to one of several tables cannot be exact",
            _ => return,
        };
        self.refuse(exact, message, "leave out `exact`");
    }

    fn check_member(&mut self, name: &str, first: &NullGroup, other: &NullGroup) {
        let rows = |group: &NullGroup| group.rows.as_ref().map(|rows| rows.value);
        if rows(first) != rows(other) {
            let span = other.rows.as_ref().map_or(other.name.span, |rows| rows.span);
            self.refuse(
                span,
                format!("the columns of group `{name}` disagree about `rows`"),
                "it is the share of rows in which any of them may be null: write the same at all of them",
            );
        } else if first.rows.is_none() && first.share.value != other.share.value {
            self.refuse(
                other.share.span,
                format!("the columns of group `{name}` disagree about `share`"),
                "they are null in the same rows; with `rows: 9%` beside it, each column may have a share of its own of \
                 those rows",
            );
        }
    }

    /// Where a column is null.
    pub(super) fn absence(&self, table: usize, spec: &ColumnSpec) -> Option<Absence> {
        let share = spec.null.as_ref()?.value;
        let own = self.key(table, &spec.name.value, "null");
        let absence = match &spec.null_group {
            None if spec.null_exact.is_some() => {
                Absence::exactly(Permutation::new(own, self.tables[table].rows), share)
            }
            None => Absence::of(own, share),
            Some(NullGroup { name, rows, share }) => {
                let gate = self.key(table, &name.value, "null group");
                match rows {
                    None => Absence::of_gate(gate, share.value),
                    Some(rows) => Absence::of(own, share.value).within(gate, rows.value),
                }
            }
        };
        (share > 0.0).then_some(absence)
    }
}
