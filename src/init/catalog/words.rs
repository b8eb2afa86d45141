//! Values without an order that means anything: categories with their shares, and texts from a vocabulary of the right size.

use super::Options;
use super::statistics::OfColumn;
use super::vocabulary::{Vocabulary, WORD};
use crate::fake;
use crate::init::ddl::short_name;
use crate::init::shape::significant;
use crate::init::sketch::{Column, Maker, Reference, Table};
use crate::init::yaml::{quoted, scalar};
use crate::init::{Literals, texts};
use crate::value::SqlType;
use crate::value::text::{quote_identifier, quote_literal};

/// Larger vocabularies are not made: that many texts differ nearly always anyway.
const LARGEST: f64 = 1e6;

/// Values of this many bytes are prose, of which hardly two are the same.
const PROSE_BYTES: i32 = 48;

/// A column that is looked at.
pub struct Subject<'a> {
    pub table: &'a Table,
    pub column: &'a str,
    pub sql_type: &'a SqlType,
    pub known: &'a OfColumn,
    /// The pattern that a check asks for.
    pub declared: Option<&'a Maker>,
    pub rows: u64,
    pub options: &'a Options,
}

/// How a column gets its values.
#[derive(Default)]
pub struct Made {
    /// The likeliest first.
    pub makers: Vec<Maker>,
    /// Hidden columns that it reads, each before those that read it.
    pub columns: Vec<Column>,
    /// Hidden tables that this column is made of.
    pub tables: Vec<Table>,
    /// Whether nulls come from the hidden column.
    pub has_nulls: bool,
}

impl From<Vec<Maker>> for Made {
    fn from(makers: Vec<Maker>) -> Self {
        Made { makers, ..Made::default() }
    }
}

impl Subject<'_> {
    /// Values that are all known, if they are, and come again.
    pub fn categories(&self) -> Option<Made> {
        let shares = self.known.listed()?;
        let is_seldom = |(_, share): &(String, f64)| *share < self.options.min_frequency;
        let is_repeated = self.known.distinct <= 0.9 * self.values() || shares.len() == 1;
        if !is_repeated || shares.iter().any(is_seldom) {
            return None;
        }
        let is_hidden = self.options.literals == Literals::Hidden;
        if matches!(self.sql_type, SqlType::Array(_)) {
            return (!is_hidden).then(|| self.picked_array(&shares));
        }
        // Drawn beside nulls, shares would not be exact: some values would be missing, and others change places.
        let is_tight = self.known.null_share > 0.0 && shares.len() > 1;
        let is_of_schema = matches!(self.sql_type, SqlType::Boolean | SqlType::Enum(_));
        if is_hidden && !is_of_schema && !self.sql_type.is_text() {
            return None;
        }
        let names = match is_hidden && !is_of_schema {
            true => self.made_up(shares.len()),
            false => shares.iter().map(|(text, _)| self.plain(text)).collect(),
        };
        let shares = names.into_iter().zip(shares.into_iter().map(|(_, share)| share));
        if is_tight {
            return Some(self.picked(&shares.collect::<Vec<_>>()));
        }
        let shares: Vec<(String, f64)> = shares.collect();
        let maker = weighted(shares.iter().map(|(text, share)| (text.as_str(), *share)));
        Some(vec![self.exact(maker)].into())
    }

    /// The values as a list without weights, for keys that are made of combinations.
    pub fn listed(&self) -> Option<Maker> {
        let shares = self.known.listed()?;
        let is_shown = matches!(self.sql_type, SqlType::Boolean | SqlType::Enum(_))
            || self.options.literals == Literals::Kept && self.options.min_frequency == 0.0;
        if !is_shown && !self.sql_type.is_text() {
            return None;
        }
        let plain: Vec<String> = match is_shown {
            true => shares.iter().map(|(text, _)| self.plain(text)).collect(),
            false => self.made_up(shares.len()),
        };
        Some(Maker::values(plain.iter().map(String::as_str)))
    }

    /// How many rows have a value.
    fn values(&self) -> f64 {
        self.rows as f64 * (1.0 - self.known.null_share)
    }

    /// Each share exact to the row, where nulls do not get in the way.
    pub fn exact(&self, mut maker: Maker) -> Maker {
        if self.known.null_share == 0.0 && maker.0.iter().any(|(key, _)| *key == "values") {
            maker.0.push(("quota", "true".into()));
        }
        maker
    }

    /// A value as a spec has it.
    pub fn plain(&self, text: &str) -> String {
        match self.sql_type {
            SqlType::Boolean => (if text == "t" { "true" } else { "false" }).to_owned(),
            // PostgreSQL fills them up with blanks.
            SqlType::Char(_) => text.trim_end().to_owned(),
            _ => text.to_owned(),
        }
    }

    /// Names that say nothing: `status-1`, or letters where there is no room.
    fn made_up(&self, count: usize) -> Vec<String> {
        let room = self.sql_type.max_chars().unwrap_or(u32::MAX) as usize;
        let of = |nth: usize| {
            let name = format!("{}-{}", self.column, nth + 1);
            if name.chars().count() <= room { name } else { letters(nth) }
        };
        (0..count).map(of).collect()
    }

    /// A hidden column has the shares, exact to the row, and stands for no value at all by a text that is none of them.
    fn picked(&self, shares: &[(String, f64)]) -> Made {
        let is_taken = |text: &str| shares.iter().any(|(other, _)| other == text);
        let none = ["none", "-", "no value", ""].into_iter().find(|text| !is_taken(text)).unwrap_or("null ");
        let nulls = Some((none, self.known.null_share)).filter(|(_, share)| *share > 0.0);
        let named = shares.iter().map(|(text, share)| (text.as_str(), *share));
        let mut pick = weighted(nulls.into_iter().chain(named));
        if pick.has("values") {
            pick.0.push(("quota", "true".into()));
        }
        let name = self.table.free_name(format!("{}_or_none", self.column));
        // Texts are read as values of the column, but for these.
        let is_asked_for = self.sql_type.is_number() || *self.sql_type == SqlType::Boolean;
        let cast = if is_asked_for { self.cast() } else { String::new() };
        let expression = format!("nullif({}, {}){cast}", quote_identifier(&name), quote_literal(none));
        self.read_from(name, "text", pick, &expression)
    }

    /// A hidden number says which of the known arrays a row has, or none.
    fn picked_array(&self, shares: &[(String, f64)]) -> Made {
        let numbers: Vec<String> = (0..=shares.len()).map(|number| number.to_string()).collect();
        // What no branch names is null.
        let nulls = Some((numbers[0].as_str(), self.known.null_share)).filter(|(_, share)| *share > 0.0);
        let named = numbers[1..].iter().map(String::as_str).zip(shares.iter().map(|(_, share)| *share));
        let mut pick = weighted(nulls.into_iter().chain(named));
        if pick.has("values") {
            pick.0.push(("quota", "true".into()));
        }
        let name = self.table.free_name(format!("{}_pick", self.column));
        let branch = |(nth, (text, _)): (usize, &(String, f64))| {
            format!(" when {} then {}{}", nth + 1, quote_literal(text), self.cast())
        };
        let branches: String = shares.iter().enumerate().map(branch).collect();
        let expression = format!("case {}{branches} end", quote_identifier(&name));
        self.read_from(name, "int", pick, &expression)
    }

    /// The column as an expression over a hidden one.
    fn read_from(&self, name: String, sql_type: &str, maker: Maker, expression: &str) -> Made {
        let column = Column {
            name,
            sql_type: sql_type.into(),
            is_hidden: true,
            makers: vec![maker],
            ..Column::default()
        };
        let makers = vec![match expression.starts_with("case") {
            // Such may take several lines, where it is in quotes.
            true => Maker(vec![("expr", quoted(expression))]),
            false => Maker::scalar("expr", expression),
        }];
        Made { makers, columns: vec![column], has_nulls: true, ..Made::default() }
    }

    /// Texts of which not all are known.
    pub fn texts(&self) -> Made {
        let known = self.known;
        let all_differ = known.distinct >= 0.95 * self.values();
        let free = self.free();
        if all_differ && known.width >= PROSE_BYTES || known.distinct < 2.0 {
            return free.into();
        }
        if all_differ || known.distinct > LARGEST {
            let differing = numbered(self.column, self.sql_type);
            return self.each(self.by_name(free).into_iter().chain(differing).collect());
        }
        self.vocabulary(free)
    }

    /// Values that differ although nothing demands it: those of a hidden column that is unique.
    pub fn each(&self, makers: Vec<Maker>) -> Made {
        let name = self.table.free_name(format!("{}_each", self.column));
        let expression = quote_identifier(&name);
        let column = Column {
            name,
            sql_type: short_name(self.sql_type),
            is_unique: true,
            is_hidden: true,
            makers,
            ..Column::default()
        };
        let makers = vec![Maker::scalar("expr", &expression)];
        Made { makers, columns: vec![column], ..Made::default() }
    }

    /// Such texts, whichever they are.
    pub fn free(&self) -> Vec<Maker> {
        let is_hidden = self.options.literals == Literals::Hidden;
        let mut sample: Vec<String> = self.known.bounds.clone();
        sample.extend(self.known.common.iter().map(|(text, _)| self.plain(text)));
        sample.retain(|text| !text.trim().is_empty());
        let by_name = fake::for_column_name(&self.table.name, self.column);
        if let Some(declared) = self.declared.filter(|_| is_hidden || sample.is_empty()) {
            return vec![declared.clone()];
        }
        if *self.sql_type == SqlType::Uuid || sample.is_empty() {
            return vec![Maker::unnamed()];
        }
        if let Some(provider) = texts::provider(&sample) {
            let is_said = by_name.is_some_and(|(by_name, _)| by_name.name == provider);
            let maker = if is_said { Maker::unnamed() } else { Maker::scalar("fake", provider) };
            return vec![maker, Maker::unnamed()];
        }
        if let Some(pattern) = texts::pattern(&sample, is_hidden) {
            return vec![Maker::scalar("pattern", &pattern), Maker::unnamed()];
        }
        if let Some(declared) = self.declared {
            return vec![declared.clone()];
        }
        match by_name {
            Some(_) => vec![Maker::unnamed()],
            None => vec![texts::words(&sample), Maker::unnamed()],
        }
    }

    /// Values of a hidden table that has as many as differ; the commonest are referred to more often than the others.
    pub fn vocabulary(&self, free: Vec<Maker>) -> Made {
        let known = self.known;
        let heads = known.heads(self.rows, self.options.min_frequency);
        let common: Vec<(String, f64)> =
            heads.into_iter().map(|(text, share)| (self.plain(&text), share)).collect();
        let texts = libm::round(known.distinct.min(self.values())).max(common.len() as f64 + 1.0);
        let vocabulary = Vocabulary {
            name: format!("{}_{}_words", self.table.name, self.column),
            column: self.column,
            of: format!("{}.{}", self.table.name, self.column),
            sql_type: self.sql_type,
            free: self.by_name(free),
            common: &common,
            texts: texts as u64,
            null_share: known.null_share,
            rows: self.rows,
        };
        let link_id = self.table.free_name(format!("{}_word_id", self.column));
        let (tables, makers) = vocabulary.made(self.options.literals == Literals::Kept);
        let reference =
            Reference { table: vocabulary.name, columns: vec![], on_delete: None, on_update: None };
        let column = Column {
            name: link_id.clone(),
            is_hidden: true,
            references: Some(reference),
            makers,
            ..Column::default()
        };
        let path = format!("{}.{WORD}", quote_identifier(link_id.trim_end_matches("_id")));
        let makers = vec![Maker::scalar("expr", &path)];
        Made { makers, columns: vec![column], tables, has_nulls: true }
    }

    /// What makes such texts in a column or a table of another name, where the column's own would say less.
    fn by_name(&self, mut free: Vec<Maker>) -> Vec<Maker> {
        let provider = fake::for_column_name(&self.table.name, self.column);
        if let Some((provider, _)) = provider.filter(|_| free.first() == Some(&Maker::unnamed())) {
            free.insert(0, Maker::scalar("fake", provider.name));
        }
        free
    }

    /// What follows a literal of the column's type.
    fn cast(&self) -> String {
        match self.sql_type {
            of if of.is_text() => String::new(),
            // Expressions do not name enumerated types, and need not.
            SqlType::Array(of) if matches!(**of, SqlType::Enum(_)) => "::text[]".into(),
            of => format!("::{of}"),
        }
    }
}

/// What makes texts differ when nothing believable does.
pub fn numbered(column: &str, sql_type: &SqlType) -> Vec<Maker> {
    let room = sql_type.max_chars().unwrap_or(u32::MAX) as usize;
    if !sql_type.is_text() {
        return vec![];
    }
    let label = column.to_lowercase().replace(['{', '}', '_'], "-");
    let template = (label.len() + 8 <= room).then(|| Maker::scalar("template", &format!("{label}-{{row}}")));
    let pattern = Maker::scalar("pattern", &format!("[A-Z0-9]{{{}}}", room.min(8)));
    template.into_iter().chain([pattern]).collect()
}

/// `values` with weights in percent, `value` for just one.
fn weighted<'a>(entries: impl Iterator<Item = (&'a str, f64)>) -> Maker {
    let entries: Vec<(&str, f64)> = entries.collect();
    if let [(only, _)] = entries[..] {
        return Maker::scalar("value", only);
    }
    let total: f64 = entries.iter().map(|(_, share)| share).sum();
    let shown = entries
        .iter()
        .map(|(value, share)| format!("{}: {}", scalar(value), significant(share / total * 100.0, 6)));
    Maker(vec![("values", format!("{{{}}}", shown.collect::<Vec<_>>().join(", ")))])
}

/// In smaller tables chance would move a share too far.
const FEW_ROWS: u64 = 10_000;

/// A share of nulls as a spec writes it.
pub fn null(share: f64, rows: u64) -> Option<String> {
    let shown = percent(share)?;
    Some(if rows < FEW_ROWS { format!("{{share: {shown}, exact: true}}") } else { shown })
}

/// A share in percent, unless there is none.
pub fn percent(share: f64) -> Option<String> {
    (share > 0.0).then(|| format!("{}%", significant(share * 100.0, 6)))
}

/// A, B, ... Z, AA, ...
fn letters(nth: usize) -> String {
    let last = char::from(b'A' + (nth % 26) as u8);
    if nth < 26 { last.to_string() } else { letters(nth / 26 - 1) + &last.to_string() }
}
