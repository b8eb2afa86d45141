//! A column that is no reference: whether it is a key, a part of one or neither, and what that leaves of its statistics.

use super::describe::Known;
use super::line;
use super::statistics::{OfColumn, Statistics};
use super::words::{Made, Subject, null};
use crate::init::Literals;
use crate::init::shape::significant;
use crate::init::sketch::{Maker, Reference, Sketch, Table};
use crate::init::yaml::scalar;
use crate::value::SqlType;

/// Look-ups have no more columns; what has more is about people or things, whose texts are not listed.
const LOOK_UP_COLUMNS: usize = 6;

/// A column that is being described.
pub struct Place<'a> {
    pub sketch: &'a Sketch,
    pub known: &'a Known<'a>,
    /// The table, and the column in it.
    pub at: usize,
    pub column: usize,
    pub of: &'a OfColumn,
    /// How many rows there are to have a value or null.
    pub rows: u64,
}

impl Place<'_> {
    pub fn statistics(&self) -> &Statistics {
        &self.known.statistics[self.at]
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    fn sql_type(&self) -> &SqlType {
        &self.known.types[self.at][self.column]
    }

    /// A column that is no reference; what it needs beside it is handed back.
    pub fn values(&self, table: &mut Table) -> Made {
        let column = &table.columns[self.column];
        let (name, old) = (column.name.clone(), column.makers.clone());
        let is_unique = table.is_unique(&name);
        let is_key_part = table.is_part_of_a_combination(&name);
        let is_free_of_nulls =
            column.is_not_null || column.is_primary_key || is_key_part || column.is_numbered();
        if table.is_in_composite_reference(&name) {
            return Made::default();
        }
        if let Some(drawn) = self.drawn_when_present(table).filter(|_| !is_free_of_nulls) {
            let column = &mut table.columns[self.column];
            column.null = None;
            column.makers.splice(0..0, drawn.makers.iter().cloned());
            return drawn;
        }
        if is_made_by_expression(&old) {
            self.as_without_the_check(table);
            return Made::default();
        }
        let share = if is_free_of_nulls { 0.0 } else { self.of.null_share };
        table.columns[self.column].null = null(share, self.rows());
        let mut made = if share == 1.0 {
            table.columns[self.column].null = None;
            vec![Maker(vec![("value", "null".into())])].into()
        } else if let Some(drawn) = self.drawn_above(table, &old).filter(|_| is_computed(&old)) {
            drawn
        } else if is_computed(&old) {
            let share = if is_free_of_nulls { 0.0 } else { self.own_nulls(&old) };
            table.columns[self.column].null = null(share, self.rows());
            self.as_without_the_check(table);
            return Made::default();
        } else if table.columns[self.column].is_numbered() || self.counts(table, &name, is_unique) {
            self.sequence(table).into()
        } else if is_key_part {
            self.key_part(table).into()
        } else if is_unique {
            self.unique(table).into()
        } else {
            self.free(table)
        };
        // Hidden columns that have the nulls hand them on.
        if made.has_nulls {
            table.columns[self.column].null = None;
        }
        let column = &mut table.columns[self.column];
        let mut makers = std::mem::take(&mut made.makers);
        makers.extend(old);
        makers.dedup();
        column.makers = makers;
        made
    }

    /// What makes values as the statistics say is the second choice where a check comes first, which may turn out not to hold.
    fn as_without_the_check(&self, table: &mut Table) {
        let is_number_of_line =
            table.columns[self.column].makers.first() == Some(&Maker::scalar("expr", "nth"));
        if is_number_of_line {
            return;
        }
        let free = self.free(table);
        if free.columns.is_empty() && free.tables.is_empty() {
            let makers = &mut table.columns[self.column].makers;
            let at = makers.iter().position(|maker| *maker == Maker::unnamed()).unwrap_or(makers.len());
            makers.splice(at..at, free.makers);
        }
    }

    /// The share of rows that are null by themselves, where a bound that another column gives is null in others. Both are taken to be
    /// as independent as can be.
    fn own_nulls(&self, bounds: &[Maker]) -> f64 {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let entries = bounds.iter().take(1).flat_map(|maker| &maker.0);
        let read: Vec<&str> = entries
            .filter(|(key, _)| matches!(*key, "min" | "max"))
            .flat_map(|(_, value)| value.split(|c| !is_word(c)))
            .collect();
        let others = self.statistics().columns.iter().filter(|(name, _)| read.contains(&name.as_str()));
        let own = self.of.null_share;
        let share = others.map(|(_, of)| of.null_share).fold(0.0, f64::max).min(own);
        if share < 1.0 { (own - share) / (1.0 - share) } else { 0.0 }
    }

    fn subject<'s>(&'s self, table: &'s Table) -> Subject<'s> {
        let column = &table.columns[self.column];
        Subject {
            table,
            column: &column.name,
            declared: column.makers.first().filter(|maker| maker.has("pattern")),
            sql_type: self.sql_type(),
            known: self.of,
            rows: self.rows(),
            options: self.known.options,
        }
    }

    /// Whole numbers that are the table's key count by themselves.
    fn counts(&self, table: &Table, name: &str, is_unique: bool) -> bool {
        is_unique && self.sql_type().is_integer() && table.key() == [name]
    }

    /// A sequence from the least key on, in steps that reach the greatest.
    fn sequence(&self, table: &Table) -> Vec<Maker> {
        let column = &table.columns[self.column];
        let ends = line::ends(self.of, self.sql_type(), self.rows());
        let (Some((low, high)), None) = (ends, &column.identity) else { return vec![] };
        if self.known.options.literals == Literals::Hidden || self.rows() < 2 {
            return vec![];
        }
        let (start, step) = sequence_of(low, high, self.rows());
        if (start, step) == (1.0, 1.0) {
            return vec![];
        }
        vec![Maker(vec![("sequence", format!("{{start: {start}, step: {step}}}"))])]
    }

    /// A column of a key whose combinations are counted: literals only, and no shares.
    fn key_part(&self, table: &Table) -> Vec<Maker> {
        let is_numbers_of_lines =
            table.columns[self.column].makers.first() == Some(&Maker::scalar("expr", "nth"));
        if is_numbers_of_lines {
            return vec![];
        }
        if let Some(listed) = self.subject(table).listed() {
            return vec![listed];
        }
        let is_on_a_line = self.sql_type().is_number() || self.sql_type().is_temporal();
        match is_on_a_line {
            true => line::unique(self.of, self.sql_type(), 0, self.known.options)
                .into_iter()
                .rev()
                .take(1)
                .collect(),
            false => vec![],
        }
    }

    fn unique(&self, table: &Table) -> Vec<Maker> {
        let subject = self.subject(table);
        if self.sql_type().is_number() || self.sql_type().is_temporal() {
            return line::unique(self.of, self.sql_type(), self.rows(), self.known.options);
        }
        if *self.sql_type() == SqlType::Uuid {
            return self.keys_of_a_look_up(table).into_iter().collect();
        }
        if !self.sql_type().is_text() {
            return vec![];
        }
        let free = subject.free();
        let is_recognised = free.first().is_some_and(|maker| *maker != Maker::unnamed());
        let mut makers: Vec<Maker> = self.keys_of_a_look_up(table).into_iter().collect();
        makers.extend(free.into_iter().take(usize::from(is_recognised)));
        makers
    }

    /// The texts of a small and narrow table that others refer to, each of which stands there once.
    fn keys_of_a_look_up(&self, table: &Table) -> Option<Maker> {
        let subject = self.subject(table);
        let is_key = |to: &Reference| match &to.columns[..] {
            [] => table.key() == [subject.column],
            columns => columns == [subject.column],
        };
        let mut references = self
            .sketch
            .tables
            .iter()
            .filter(|other| other.name != table.name)
            .flat_map(|other| other.single_references())
            .filter(|(_, to)| to.table == table.name)
            .peekable();
        // What others refer to by a text is a code.
        let is_lookup = references.peek().is_some()
            && (self.known.types[self.at].len() <= LOOK_UP_COLUMNS || references.any(|(_, to)| is_key(to)));
        let options = self.known.options;
        let is_shown = options.literals == Literals::Kept && options.min_frequency == 0.0;
        let is_a_name = self.sql_type().is_text() || *self.sql_type() == SqlType::Uuid;
        let is_asked_for = is_lookup && is_shown && is_a_name;
        if !is_asked_for || !self.of.is_listed_once(self.rows()) || is_personal(&subject.free()) {
            return None;
        }
        let texts: Vec<String> = self.of.bounds.iter().map(|text| subject.plain(text)).collect();
        Some(Maker::values(texts.iter().map(String::as_str)))
    }

    /// As the statistics say, with nothing in the way.
    pub fn free(&self, table: &Table) -> Made {
        let subject = self.subject(table);
        if is_substitute(&table.columns[self.column].makers) {
            return Made::default();
        }
        if let Some(categories) = subject.categories() {
            return categories;
        }
        if let Some(keys) = self.keys_of_a_look_up(table) {
            return vec![subject.exact(keys)].into();
        }
        let is_on_a_line = self.sql_type().is_number() || self.sql_type().is_temporal();
        if is_on_a_line && line::is_used_up(self.of, self.sql_type(), self.rows(), self.known.options) {
            let range = line::unique(self.of, self.sql_type(), self.rows(), self.known.options);
            return if range.is_empty() { Made::default() } else { subject.each(range) };
        }
        if is_on_a_line && line::misses(self.of, self.sql_type(), self.rows(), self.known.options) {
            let values = libm::round(self.of.distinct) as u64;
            let range = line::unique(self.of, self.sql_type(), values, self.known.options);
            if !range.is_empty() {
                return subject.vocabulary(range);
            }
        }
        match self.sql_type() {
            of if of.is_number() || of.is_temporal() => {
                line::makers(self.of, of, self.rows(), self.known.options).into()
            }
            SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) => subject.texts(),
            SqlType::Uuid if self.of.distinct < 0.98 * self.rows() as f64 => subject.texts(),
            SqlType::Array(_) => self.array().into(),
            SqlType::Interval
                if self.known.options.literals == Literals::Kept && self.of.bounds.len() > 1 =>
            {
                let bounds = &self.of.bounds;
                vec![Maker::range(&bounds[0], &bounds[bounds.len() - 1])].into()
            }
            SqlType::Bytea => {
                let bytes = (self.of.width - 4).max(1);
                vec![Maker(vec![("length", bytes.min(1_000).to_string())])].into()
            }
            _ => Made::default(),
        }
    }

    /// Arrays of the commonest elements, as long as arrays there are.
    fn array(&self) -> Vec<Maker> {
        let of = self.of;
        if of.elements.is_empty() || self.known.options.literals == Literals::Hidden {
            return vec![];
        }
        let min_frequency = self.known.options.min_frequency;
        let kept = of.elements.iter().filter(|(_, share)| *share >= min_frequency);
        let total: f64 = kept.clone().map(|(_, share)| share).sum();
        let shown: Vec<String> = kept
            .map(|(text, share)| {
                let percent = significant(share / total * 100.0, 4);
                format!("{}: {percent}", scalar(text))
            })
            .collect();
        let mut maker = Maker(vec![("values", format!("{{{}}}", shown.join(", ")))]);
        if let (Some(least), Some(most)) = (of.lengths.first(), of.lengths.last()) {
            let most = most.min(shown.len() as f64);
            maker.0.push(("length", format!("{{min: {}, max: {most}, distinct: true}}", least.min(most))));
        }
        vec![maker]
    }
}

/// The start and the step of a sequence that counts so many keys from the least to about the greatest.
pub fn sequence_of(low: f64, high: f64, rows: u64) -> (f64, f64) {
    match rows {
        0 | 1 => (1.0, 1.0),
        _ => (low, libm::round((high - low) / (rows - 1) as f64).max(1.0)),
    }
}

/// What follows from other columns of the row is not described by itself.
fn is_made_by_expression(makers: &[Maker]) -> bool {
    makers.first().is_some_and(|maker| maker.has("expr"))
}

/// Bounds that other columns give.
pub fn is_computed(makers: &[Maker]) -> bool {
    let is_literal = |text: &str| {
        let bare = text.trim_matches('"');
        bare.starts_with(|c: char| c.is_ascii_digit() || c == '-') || bare == "as_of"
    };
    let bound = |maker: &Maker| {
        maker.0.iter().any(|(key, value)| matches!(*key, "min" | "max") && !is_literal(value))
    };
    makers.first().is_some_and(bound)
}

/// What stands for a type that datagen does not have makes values that both take.
fn is_substitute(makers: &[Maker]) -> bool {
    let of_a_type = |maker: &Maker| maker.has("template") || maker.has("fake");
    makers.first().is_some_and(of_a_type)
}

/// Addresses and numbers of people, which are not listed even where there are few.
fn is_personal(makers: &[Maker]) -> bool {
    let is_fake_word =
        |maker: &Maker| ["word", "words"].iter().any(|fake| *maker == Maker::scalar("fake", fake));
    makers.first().is_some_and(|maker| maker.has("fake") && !is_fake_word(maker))
}
