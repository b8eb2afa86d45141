//! Indexes that PostgreSQL can build: not every method knows every type.

use super::draft::Draft;
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::IndexSpec;
use crate::value::SqlType;

/// How an index is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    /// As it is written.
    Plain,
    /// With an operator class of an extension for its texts.
    Trigrams(&'static str),
    /// By another method than the one that is written.
    Instead(&'static str),
    /// Not at all.
    Never,
}

/// Characters of a column whose values always fit into a B-tree's page, each of up to four bytes.
const MOST_CHARACTERS: u32 = 600;

impl Draft<'_> {
    /// Says which indexes are not declared as they are written; our own language refuses them.
    pub(super) fn check_indexes(&mut self) {
        for table in 0..self.tables.len() {
            for index in &self.tables[table].spec.indexes {
                let declared = self.declared_index(table, index);
                let (Some(method), false) = (&index.method, declared == Declared::Plain) else { continue };
                let of = &self.tables[table];
                let types: Vec<String> = index
                    .columns
                    .iter()
                    .filter_map(|name| of.column_index(&name.value))
                    .map(|at| of.columns[at].sql_type.to_string())
                    .collect();
                let message = format!("`{method}` does not index {}", types.join(", "));
                let problem = Diagnostic::new(index.columns[0].span, message);
                if !index.is_lenient {
                    self.problems.push(problem.help("leave out `method`, which is `btree` then"));
                    continue;
                }
                let severity = match declared {
                    Declared::Trigrams(_) => Severity::Note,
                    _ => Severity::Warning,
                };
                self.notes.push(problem.severity(severity).help(match declared {
                    Declared::Trigrams(class) => {
                        format!("its texts have the operator class `{class}` of `pg_trgm`")
                    }
                    Declared::Instead(method) => format!("the index is declared as `{method}`"),
                    _ => "the index is left out".to_owned(),
                }));
            }
        }
    }

    /// How an index is declared, by its columns' types and the extensions that the spec names.
    pub(super) fn declared_index(&self, table: usize, index: &IndexSpec) -> Declared {
        let of = &self.tables[table];
        let types: Vec<&SqlType> = index
            .columns
            .iter()
            .filter_map(|name| of.column_index(&name.value))
            .map(|at| &of.columns[at].sql_type)
            .collect();
        let has = |name: &str| self.spec.extensions.iter().any(|extension| extension.value == name);
        let method = index.method.as_deref().unwrap_or("btree");
        if types.is_empty() || is_known(method, &types) {
            return Declared::Plain;
        }
        let extension = match method {
            "gin" => Some(("btree_gin", "gin_trgm_ops")),
            "gist" => Some(("btree_gist", "gist_trgm_ops")),
            _ => None,
        };
        match extension {
            Some((scalars, _)) if has(scalars) && types.iter().all(|of| is_scalar(of)) => {
                return Declared::Plain;
            }
            Some((_, class)) if has("pg_trgm") && types.iter().all(|of| of.is_text()) => {
                return Declared::Trigrams(class);
            }
            _ => {}
        }
        let fits =
            |of: &&&SqlType| !of.is_text() || of.max_chars().is_some_and(|limit| limit <= MOST_CHARACTERS);
        match () {
            () if is_known("btree", &types) && types.iter().filter(fits).count() == types.len() => {
                Declared::Instead("btree")
            }
            () if is_known("hash", &types) && !index.unique => Declared::Instead("hash"),
            () => Declared::Never,
        }
    }
}

/// Whether PostgreSQL has an operator class of its own for each of the types.
fn is_known(method: &str, types: &[&SqlType]) -> bool {
    let all = |knows: fn(&SqlType) -> bool| types.iter().all(|of| knows(of));
    match method {
        "gin" => all(|of| matches!(of, SqlType::Jsonb | SqlType::Array(_))),
        "gist" => false,
        "spgist" => types.len() == 1 && all(|of| of.is_text() || *of == SqlType::Inet),
        "brin" => all(|of| is_scalar(of) && *of != SqlType::Boolean && !matches!(of, SqlType::Enum(_))),
        "hash" => {
            types.len() == 1 && all(|of| is_scalar(of) || matches!(of, SqlType::Jsonb | SqlType::Array(_)))
        }
        _ => all(|of| is_scalar(of) || matches!(of, SqlType::Jsonb | SqlType::Array(_))),
    }
}

fn is_scalar(sql_type: &SqlType) -> bool {
    !matches!(sql_type, SqlType::Json | SqlType::Jsonb | SqlType::Array(_))
}
