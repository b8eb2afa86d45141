//! The SQL of other databases than PostgreSQL: what their scripts consist of, and how they write values.
//!
//! A dialect is a file with its [`Rules`], a variant of [`Dialect`] and a line in [`Dialect::ALL`]. What a database has no form of is
//! left out of its script, stands in a comment at its place and in [`Script::left_out`].

mod builtin;
mod duckdb;
mod expressions;
mod indexes;
mod mysql;
mod script;
mod sqlite;

use super::{Plan, Script, Section, Table};
use crate::value::SqlType;
use crate::value::text::{quote_identifier, quote_literal};
use builtin::Builtin;
use std::collections::HashSet;

/// Whose SQL a script is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL's.
    #[default]
    Postgres,
    /// That which MySQL 8 and MariaDB 10.5 have in common.
    MySql,
    /// SQLite's, from version 3.24 on.
    Sqlite,
    /// DuckDB's, from version 1.1 on.
    DuckDb,
}

impl Dialect {
    /// All dialects with their names, in the order in which help lists them.
    pub const ALL: [(&'static str, Self); 4] = [
        ("postgres", Self::Postgres),
        ("mysql", Self::MySql),
        ("sqlite", Self::Sqlite),
        ("duckdb", Self::DuckDb),
    ];

    /// The one of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, dialect)| *dialect)
    }

    /// What people call the database.
    pub fn title(self) -> &'static str {
        self.rules().map_or("PostgreSQL", |rules| rules.title())
    }

    /// An identifier as scripts write it. Other databases reserve other words, so that there all are quoted.
    pub fn identifier(self, name: &str) -> String {
        self.rules().map_or_else(|| quote_identifier(name), |rules| rules.identifier(name))
    }

    /// How scripts write the values of a column (index into the table's).
    pub fn stored(self, table: &Table, column: usize) -> Stored {
        self.rules().map_or(Stored::AsTyped, |rules| rules.stored(table, column))
    }

    /// Whether its scripts begin and end a transaction themselves, so that a part of one is nothing by itself.
    pub fn has_transaction(self) -> bool {
        self.rules().is_some_and(Rules::has_transaction)
    }

    /// Why the database cannot have these tables (indexes into the plan's); a sentence without a full stop.
    pub fn refusal(self, plan: &Plan, tables: &[usize]) -> Option<String> {
        let rules = self.rules()?;
        let tables: Vec<&Table> = tables.iter().map(|table| &plan.tables[*table]).collect();
        let names = tables.iter().map(|table| table.name.as_str());
        let columns = tables.iter().find_map(|table| {
            let names = table.visible().map(|(_, column)| column.name.as_str());
            refused_name(rules, names).map(|problem| format!("table `{}`: {problem}", table.name))
        });
        let wide = || tables.iter().find_map(|table| rules.refused_column(table));
        refused_name(rules, names).or(columns).or_else(wide)
    }

    /// The SQL around the data of these tables; `None` for PostgreSQL's.
    pub(super) fn script(self, plan: &Plan, tables: &[usize], section: Section) -> Option<Script> {
        self.rules().map(|rules| script::script(rules, plan, tables, section))
    }

    fn rules(self) -> Option<&'static dyn Rules> {
        match self {
            Self::Postgres => None,
            Self::MySql => Some(&mysql::MySql),
            Self::Sqlite => Some(&sqlite::Sqlite),
            Self::DuckDb => Some(&duckdb::DuckDb),
        }
    }
}

/// A name that the database cannot have beside the others, or at all. None of them tells upper case from lower case.
fn refused_name<'n>(rules: &dyn Rules, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let mut folded = HashSet::new();
    for name in names {
        if !folded.insert(name.to_lowercase()) {
            return Some(format!("the name `{name}` is there twice for {}, but for capitals", rules.title()));
        }
        let longest = rules.longest_name();
        if name.chars().count() > longest {
            return Some(format!(
                "the name `{name}` is too long for {}: {longest} characters",
                rules.title()
            ));
        }
    }
    None
}

/// How a script writes the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// As its type is written.
    AsTyped,
    /// Floating point numbers, all of which are finite.
    Finite,
    /// Texts of at most so many characters.
    Within(u32),
    /// Instants as times in UTC, without a zone.
    Utc,
    /// Instants with a zone of hours and minutes: `2026-01-31 13:05:00+00:00`.
    Zoned,
    /// As texts, as PostgreSQL prints them.
    Printed,
    /// Arrays as JSON.
    Json,
    /// Arrays as lists of DuckDB: `[1, "a b", NULL]`.
    List,
    /// Intervals as numbers of months, days and microseconds.
    Units,
}

/// Where the foreign keys of a dialect stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ForeignKeys {
    /// In CREATE TABLE.
    InTables,
    /// In CREATE TABLE, if the rows that they lead to are all in earlier statements.
    InTablesBackwards,
    /// After the data.
    AfterData,
}

/// What is particular to a dialect.
trait Rules: Sync {
    /// What people call the database.
    fn title(&self) -> &'static str;

    /// An identifier, quoted.
    fn identifier(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// A string literal.
    fn literal(&self, text: &str) -> String {
        quote_literal(text)
    }

    /// The characters of the longest name.
    fn longest_name(&self) -> usize {
        usize::MAX
    }

    /// What stands at the beginning of a script: settings that its statements are written for.
    fn settings(&self) -> &'static str;

    /// What puts rows into tables that are there already without looking at each foreign key, and what ends that.
    fn unchecked(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    /// Whether scripts begin and end a transaction.
    fn has_transaction(&self) -> bool;

    /// A column's type, whose values are those of an SQL type.
    fn column_type(&self, table: &Table, column: usize, sql_type: &SqlType) -> String;

    /// Whether columns that refer to others have to have their type.
    fn needs_equal_types(&self) -> bool;

    /// How values of a column are written.
    fn stored(&self, table: &Table, column: usize) -> Stored;

    /// A column that the database cannot have, and why; a sentence.
    fn refused_column(&self, _table: &Table) -> Option<String> {
        None
    }

    /// What lets a column with a sequence of its own go on after the data; `Err` tells why nothing does.
    fn numbering(&self, table: &Table, column: usize) -> Result<Numbering, &'static str>;

    /// A comment on a column within its definition.
    fn column_comment(&self, _text: &str) -> Option<String> {
        None
    }

    /// What stands after a table's closing parenthesis.
    fn table_options(&self, _comment: Option<&str>) -> String {
        String::new()
    }

    /// Whether comments are statements of their own, as in PostgreSQL.
    fn has_comment_statements(&self) -> bool {
        false
    }

    /// Enumerated types that have names of their own.
    fn has_types(&self) -> bool {
        false
    }

    /// Where foreign keys stand.
    fn foreign_keys(&self) -> ForeignKeys;

    /// Whether a foreign key may say so; `Err` tells why not.
    fn action(&self, action: &str) -> Result<(), &'static str>;

    /// Whether the names of checks and foreign keys are those of the whole database.
    fn shares_names(&self) -> bool {
        false
    }

    /// Whether checks stand after the data.
    fn has_late_checks(&self) -> bool {
        false
    }

    /// Why the database refuses checks over these columns.
    fn refused_check(&self, _table: &Table, _columns: &[usize]) -> Option<&'static str> {
        None
    }

    /// What a column contributes to an index; `Err` tells why it cannot.
    fn indexed(&self, table: &Table, column: usize) -> Result<String, &'static str>;

    /// Whether indexes are over expressions.
    fn has_expression_indexes(&self) -> bool;

    /// Whether indexes have conditions.
    fn has_partial_indexes(&self) -> bool {
        false
    }

    /// A default around an expression.
    fn default(&self, expression: &str) -> String {
        format!(" DEFAULT {expression}")
    }

    /// TRUE and FALSE.
    fn boolean(&self, value: bool) -> &'static str {
        if value { "TRUE" } else { "FALSE" }
    }

    /// Whether sums and products of decimals are decimals, and not floating point numbers.
    fn has_decimals(&self) -> bool {
        true
    }

    /// What does the same as a function of PostgreSQL's: its name, or of one without arguments the whole call.
    fn function(&self, function: Builtin) -> Option<&'static str> {
        Some(function.usual())
    }

    /// Whether `||` puts texts together.
    fn has_concatenation(&self) -> bool {
        true
    }

    /// Whether LIKE tells upper case from lower case.
    fn has_exact_like(&self) -> bool {
        true
    }
}

/// How a column of numbers goes on after the data.
enum Numbering {
    /// By words in its definition, such as AUTO_INCREMENT.
    Words(&'static str),
    /// By its type and place alone.
    Itself,
    /// By a sequence that is made before the table, begins at this number and goes on by that.
    Sequence(i64, i64),
}

/// The keys of a table: columns of the primary key, and of each unique constraint.
fn keys(table: &Table) -> impl Iterator<Item = &[usize]> {
    let uniques = table.uniques.iter().map(|unique| unique.columns.as_slice());
    std::iter::once(table.primary_key.as_slice()).chain(uniques).filter(|columns| !columns.is_empty())
}
