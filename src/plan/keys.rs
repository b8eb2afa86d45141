//! Keys that references lead to: which columns they are, and whether types fit.

use super::draft::Draft;
use crate::diagnostic::{Diagnostic, Span};
use crate::spec::{KeySpec, Reference};

impl Draft<'_> {
    /// The referenced table and columns: those named, or the primary key.
    pub(super) fn referenced(
        &mut self,
        reference: &Reference,
        count: usize,
        is_written: bool,
    ) -> Option<(usize, Vec<usize>)> {
        let parent = self.find_table(&reference.table)?;
        let of = &self.tables[parent];
        if of.spec.hidden && is_written {
            let problem = Diagnostic::new(
                reference.table.span,
                format!("table `{}` is hidden: nothing is written that could be referred to", of.name()),
            );
            self.problems.push(problem.help(
                "let the column be `hidden` too, or compute the value by `expr`, without `references`",
            ));
            return None;
        }
        let keys = match reference.columns.is_empty() {
            true => of.primary_key.clone(),
            false => {
                let named: Vec<usize> =
                    reference.columns.iter().filter_map(|name| self.find_column(parent, name)).collect();
                if named.len() != reference.columns.len() {
                    return None;
                }
                named
            }
        };
        let of = &self.tables[parent];
        if keys.len() != count {
            let message = match keys.len() {
                0 => format!("table `{}` has no primary key to refer to", of.name()),
                found => format!("the key of `{}` has {found} column(s), the reference {count}", of.name()),
            };
            let problem = Diagnostic::new(reference.table.span, message);
            self.problems.push(
                problem.help("write `references: table(column)`, or list as many columns on both sides"),
            );
            return None;
        }
        if !self.is_key(parent, &keys) {
            let names: Vec<&str> = keys.iter().map(|at| of.columns[*at].name()).collect();
            let message =
                format!("`{}({})` is not unique, so rows cannot refer to it", of.name(), names.join(", "));
            let problem = Diagnostic::new(reference.table.span, message);
            self.problems.push(problem.help("make it a primary key or `unique`"));
            return None;
        }
        Some((parent, keys))
    }

    /// Whether these columns are the primary key or a unique constraint, in any order.
    pub(super) fn is_key(&self, table: usize, columns: &[usize]) -> bool {
        let of = &self.tables[table];
        let same =
            |other: &[usize]| other.len() == columns.len() && columns.iter().all(|at| other.contains(at));
        let listed = |unique: &KeySpec| {
            same(&unique.columns.iter().filter_map(|name| of.column_index(&name.value)).collect::<Vec<_>>())
        };
        same(&of.primary_key)
            || (columns.len() == 1 && of.is_unique(columns[0]))
            || of.spec.uniques.iter().any(listed)
    }

    pub(super) fn check_key_type(
        &mut self,
        table: usize,
        column: usize,
        parent: usize,
        key: usize,
        span: Span,
    ) {
        let own = &self.tables[table].columns[column].sql_type;
        let other = &self.tables[parent].columns[key].sql_type;
        let fits =
            own == other || (own.is_integer() && other.is_integer()) || (own.is_text() && other.is_text());
        if !fits {
            let message = format!(
                "`{}` is {own}, but `{}.{}` is {other}",
                self.tables[table].columns[column].name(),
                self.tables[parent].name(),
                self.tables[parent].columns[key].name()
            );
            let problem = Diagnostic::new(span, message);
            self.problems.push(problem.help(format!(
                "a reference has the type of its key: write `{other}`, or leave the type out"
            )));
        }
    }
}
