//! Indexes that PostgreSQL can build: not every method knows every type.

use super::constraints::bare_words;
use super::draft::{Draft, TableDraft};
use super::model::{Input, UnprovedIndex};
use super::names::RowNames;
use crate::diagnostic::{Diagnostic, Severity};
use crate::expression::Expression;
use crate::spec::{At, IndexSpec};
use crate::value::SqlType;
use crate::value::text::quote_identifier;

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
            for (number, index) in self.tables[table].spec.indexes.iter().enumerate() {
                self.check_terms(table, number, index);
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

    /// Looks at what an index has beside plain columns. Rows are held to unique ones: those are proved, or refused.
    fn check_terms(&mut self, table: usize, number: usize, index: &IndexSpec) {
        if index.unique && !index.is_lenient && index.method.as_ref().is_some_and(|method| method != "btree")
        {
            let span = index.columns.iter().chain(&index.expressions).next().expect("an index has some").span;
            let problem = Diagnostic::new(span, "only a `btree` index can be unique");
            self.problems.push(problem.help("leave out `method` or `unique`"));
        }
        if index.expressions.is_empty() && index.condition.is_none() {
            return;
        }
        let problems = self.problems.len();
        let condition = index.condition.as_ref().and_then(|text| self.term(table, index, text, &text.value));
        if let Some(of) = condition.as_ref().filter(|of| *of.sql_type() != SqlType::Boolean) {
            let message = format!("the condition of an index is true or false, this is {}", of.sql_type());
            self.problems.push(Diagnostic::new(of.span(), message));
        }
        let mut terms = Vec::new();
        for column in &index.columns {
            terms.extend(self.term(table, index, column, &quote_identifier(&column.value).to_string()));
        }
        for text in &index.expressions {
            terms.extend(self.term(table, index, text, index_element(&text.value).0));
        }
        self.check_method(index, &terms);
        let of = &self.tables[table];
        let has_unique = index.columns.iter().chain(&index.expressions).any(|text| {
            of.column_index(index_element(&text.value).0).is_some_and(|column| of.is_unique(column))
        });
        if self.problems.len() > problems || !index.unique || has_unique || of.spec.hidden {
            return;
        }
        let span = index.columns.iter().chain(&index.expressions).next().expect("an index has some").span;
        const MOST_ROWS: u64 = 1_000_000;
        if of.rows > MOST_ROWS {
            let message = "nothing shows that this index is unique, and the table is too large to try";
            self.refuse(span, message, "let it have a column that is unique, or leave out `unique`");
            return;
        }
        for input in
            terms.iter().chain(&condition).flat_map(|term| term.inputs().to_vec()).collect::<Vec<_>>()
        {
            if let Input::Column(column) = self.tables[table].inputs[input] {
                self.tables[table].columns[column].is_in_unique_index = true;
            }
        }
        let unproved = UnprovedIndex { span, expressions: terms, condition };
        self.unproved_indexes.push((table, number, unproved));
    }

    /// An expression of an index. One that cannot be computed here is left to the database, unless the index is unique.
    fn term(&mut self, table: usize, index: &IndexSpec, at: &At<String>, text: &str) -> Option<Expression> {
        self.refuse_names_of_specs(table, at, text);
        const CHANGING: [&str; 6] =
            ["gen_random_uuid", "now", "random", "current_date", "current_timestamp", "clock_timestamp"];
        if let Some(word) = bare_words(text).find(|word| CHANGING.contains(&word.to_lowercase().as_str())) {
            let problem =
                Diagnostic::new(at.span, format!("`{word}` is not the same each time, which an index needs"));
            self.problems.push(problem.help("index what stands in the row"));
            return None;
        }
        let mut names = RowNames::new(self, table, "index".to_owned());
        let problems = match Expression::compile(text, at.span, &mut names) {
            Ok(expression) => {
                self.check_reads_its_row(table, &expression, "an index");
                return Some(expression);
            }
            Err(problems) => problems,
        };
        let is_wrong = |problem: &Diagnostic| problem.message.starts_with("unknown column");
        if index.unique || problems.iter().any(is_wrong) {
            self.problems.extend(problems);
            return None;
        }
        let why = problems.first().map_or("", |problem| problem.message.as_str());
        let note = Diagnostic::new(at.span, format!("this is left to the database: {why}"));
        self.notes.push(note.severity(Severity::Note).help("it is asked when the index is made"));
        None
    }

    /// Refuses a method that does not know the types of all expressions, as far as these are known.
    fn check_method(&mut self, index: &IndexSpec, terms: &[Expression]) {
        let has_class = index.expressions.iter().any(|text| index_element(&text.value).1.contains("_ops"));
        let types: Vec<&SqlType> = terms.iter().map(Expression::sql_type).collect();
        let method = index.method.as_deref().unwrap_or("btree");
        if types.len() < index.expressions.len()
            || index.expressions.is_empty()
            || has_class
            || is_known(method, &types)
        {
            return;
        }
        let types: Vec<String> = types.iter().map(|of| of.to_string()).collect();
        let message = format!("`{method}` does not index {}", types.join(", "));
        let problem = Diagnostic::new(index.expressions[0].span, message);
        self.problems.push(problem.help("choose a `method` that does, or index something else"));
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

/// What stands after an expression of an index, and the operator classes that PostgreSQL has by itself for others than the usual order.
const ENDINGS: [&str; 8] = [
    "NULLS FIRST",
    "NULLS LAST",
    "ASC",
    "DESC",
    "text_pattern_ops",
    "varchar_pattern_ops",
    "bpchar_pattern_ops",
    "jsonb_path_ops",
];

/// An expression of an index, and its order or operator class: `created_at`, `desc nulls last`.
pub fn index_element(text: &str) -> (&str, &str) {
    let text = text.trim();
    let mut expression = text;
    while let Some(shorter) = ENDINGS.iter().find_map(|ending| without(expression, ending)) {
        expression = shorter;
    }
    (expression, text[expression.len()..].trim())
}

/// The text without words that end it; something must stand before them.
fn without<'t>(text: &'t str, ending: &str) -> Option<&'t str> {
    let start = text.len().checked_sub(ending.len()).filter(|start| text.is_char_boundary(*start))?;
    let (before, end) = text.split_at(start);
    let shorter = before.trim_end();
    let is_apart = shorter.len() < before.len() && !shorter.is_empty();
    (is_apart && end.eq_ignore_ascii_case(ending)).then_some(shorter)
}

/// An element of an index as SQL writes it: a column by its name, anything else in parentheses.
pub(super) fn element(table: &TableDraft, text: &str) -> String {
    let (expression, ending) = index_element(text);
    let element = match table.column_index(expression) {
        Some(_) => quote_identifier(expression).to_string(),
        None => format!("({expression})"),
    };
    if ending.is_empty() { element } else { format!("{element} {ending}") }
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
