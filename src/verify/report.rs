//! What a verification found: differences, told by table, row and column.

use crate::diagnostic::grouped;
use std::fmt;

/// Something that is otherwise than the spec says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A cell has another value.
    Cell {
        /// From 1.
        row: u64,
        /// The row's key, where its table has one.
        key: Option<String>,
        /// The column's name.
        column: String,
        /// The value by the spec; `None` is null.
        expected: Option<String>,
        /// The value that is there.
        found: Option<String>,
    },
    /// A row is not there.
    Missing {
        /// From 1.
        row: u64,
        /// What names it: its key, or else its values.
        name: String,
    },
    /// A row is there that the spec does not have.
    Extra {
        /// What names it: its key, or else its values.
        name: String,
    },
    /// There are more or fewer rows.
    Count {
        /// Rows by the spec.
        expected: u64,
        /// Rows that are there.
        found: u64,
    },
    /// A table, a column or a constraint is not there, or is otherwise; a sentence without a full stop.
    Schema(String),
    /// Rows break a constraint.
    Broken {
        /// The constraint in words: `primary key (id)`.
        constraint: String,
        /// What is wrong with a row or a value, and with several: `row is null`, `rows are null`.
        how: [&'static str; 2],
        /// How many rows, or keys, do.
        count: u64,
        /// One of them.
        example: String,
    },
}

/// What was found of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableReport {
    /// Its name.
    pub name: String,
    /// Rows by the spec.
    pub rows: u64,
    /// Rows that were compared.
    pub compared: u64,
    /// How many differences there are.
    pub differences: u64,
    /// The first of them.
    pub first: Vec<Difference>,
}

impl TableReport {
    /// Notes a difference, and keeps it if fewer than `most` are kept.
    pub(super) fn note(&mut self, difference: Difference, most: usize) {
        self.differences += 1;
        if self.first.len() < most {
            self.first.push(difference);
        }
    }
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Table by table, in the order in which they are written.
    pub tables: Vec<TableReport>,
}

impl Report {
    /// How many differences there are in all.
    pub fn differences(&self) -> u64 {
        self.tables.iter().map(|table| table.differences).sum()
    }

    /// How many differences are kept so far.
    pub(super) fn kept(&self) -> usize {
        self.tables.iter().map(|table| table.first.len()).sum()
    }
}

/// The longest value that is shown whole, in characters.
const LONGEST: usize = 120;

/// A value as reports show it: `null`, or the text, cut where it is long.
fn shown(value: &Option<String>) -> String {
    value.as_ref().map_or("null".to_owned(), |text| format!("`{}`", cut(text)))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            format!("{}... ({} characters)", &text[..end], grouped(text.chars().count() as u64))
        }
        None => text.to_owned(),
    }
}

/// Where two long texts first differ, counted in characters from 1; `None` for texts that are shown whole.
fn place_of_difference(expected: &Option<String>, found: &Option<String>) -> Option<usize> {
    let (expected, found) = (expected.as_ref()?, found.as_ref()?);
    let is_long = |text: &str| text.chars().nth(LONGEST).is_some();
    let same = expected.chars().zip(found.chars()).take_while(|(a, b)| a == b).count();
    (is_long(expected) || is_long(found)).then_some(same + 1)
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Cell { row, key, column, expected, found } => {
                write!(f, "row {}", grouped(*row))?;
                if let Some(key) = key {
                    write!(f, " ({})", cut(key))?;
                }
                write!(f, ", {column}: expected {}, found {}", shown(expected), shown(found))?;
                match place_of_difference(expected, found) {
                    Some(place) => write!(f, ", which differ from character {} on", grouped(place as u64)),
                    None => Ok(()),
                }
            }
            Difference::Missing { row, name } => {
                write!(f, "row {} ({}) is missing", grouped(*row), cut(name))
            }
            Difference::Extra { name } => write!(f, "a row too many: {}", cut(name)),
            Difference::Count { expected, found } => {
                write!(f, "expected {} rows, found {}", grouped(*expected), grouped(*found))
            }
            Difference::Schema(sentence) => f.write_str(sentence),
            Difference::Broken { constraint, how, count, example } => {
                let how = how[usize::from(*count > 1)];
                write!(f, "{constraint}: {} {how}, such as {}", grouped(*count), cut(example))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_a_line() {
        let cell = |expected: &str, found: Option<&str>| Difference::Cell {
            row: 1_017,
            key: Some("id 17".into()),
            column: "total".into(),
            expected: Some(expected.into()),
            found: found.map(str::to_owned),
        };
        assert_eq!(
            cell("12.50", Some("12.51")).to_string(),
            "row 1,017 (id 17), total: expected `12.50`, found `12.51`"
        );
        assert!(cell("x", None).to_string().ends_with("found null"));
        let long = "x".repeat(200);
        let told = cell(&(long.clone() + "y"), Some(&long)).to_string();
        assert!(told.ends_with("... (200 characters)`, which differ from character 201 on"), "{told}");
    }
}
