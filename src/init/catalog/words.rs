//! Values without an order that means anything: categories with their shares, and texts from a vocabulary of the right size.

use super::Options;
use super::statistics::OfColumn;
use super::vocabulary::Vocabulary;
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
    pub rows: u64,
    pub options: &'a Options,
}

/// How a column gets its values.
#[derive(Default)]
pub struct Made {
    /// The likeliest first.
    pub makers: Vec<Maker>,
    /// A hidden column that it reads.
    pub column: Option<Column>,
    /// A hidden table that this column refers to.
    pub table: Option<Table>,
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
            return (!is_hidden).then(|| self.picked(&shares));
        }
        // Where rows are few, chance would leave out some values among the nulls.
        let is_tight = self.known.null_share > 0.0 && self.rows < FEW_ROWS && shares.len() > 1;
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

    /// A name for a column of the table that no column has.
    fn free_name(&self, name: String) -> String {
        let mut name = name;
        while self.table.column(&name).is_some() {
            name.insert(0, '_');
        }
        name
    }

    /// A hidden number says which of the known values a row has, or none.
    fn picked(&self, shares: &[(String, f64)]) -> Made {
        let numbers: Vec<String> = (0..=shares.len()).map(|number| number.to_string()).collect();
        // What no branch names is null.
        let nulls = Some((numbers[0].as_str(), self.known.null_share)).filter(|(_, share)| *share > 0.0);
        let named = numbers[1..].iter().map(String::as_str).zip(shares.iter().map(|(_, share)| *share));
        let mut pick = weighted(nulls.into_iter().chain(named));
        if pick.0[0].0 == "values" {
            pick.0.push(("quota", "true".into()));
        }
        let name = self.free_name(format!("{}_pick", self.column));
        let branch = |(nth, (text, _)): (usize, &(String, f64))| {
            format!(" when {} then {}{}", nth + 1, quote_literal(text), self.cast())
        };
        let branches: String = shares.iter().enumerate().map(branch).collect();
        let expression = format!("case {}{branches} end", quote_identifier(&name));
        let column =
            Column { name, sql_type: "int".into(), is_hidden: true, makers: vec![pick], ..Column::default() };
        let makers = vec![Maker(vec![("expr", quoted(&expression))])];
        Made { makers, column: Some(column), table: None, has_nulls: true }
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
        let name = self.free_name(format!("{}_each", self.column));
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
        Made { makers, column: Some(column), ..Made::default() }
    }

    /// Such texts, whichever they are.
    pub fn free(&self) -> Vec<Maker> {
        let is_hidden = self.options.literals == Literals::Hidden;
        let mut sample: Vec<String> = self.known.bounds.clone();
        sample.extend(self.known.common.iter().map(|(text, _)| self.plain(text)));
        sample.retain(|text| !text.trim().is_empty());
        let by_name = fake::for_column_name(&self.table.name, self.column);
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
        match by_name {
            Some(_) => vec![Maker::unnamed()],
            None => vec![texts::words(&sample), Maker::unnamed()],
        }
    }

    /// Texts of a hidden table that has as many as differ; the commonest are referred to more often than the others.
    fn vocabulary(&self, free: Vec<Maker>) -> Made {
        let known = self.known;
        let common = known.heads(self.rows, self.options.min_frequency);
        let texts = libm::round(known.distinct.min(self.values())).max(common.len() as f64 + 1.0);
        let vocabulary = Vocabulary {
            name: format!("{}_{}_words", self.table.name, self.column),
            column: self.column,
            sql_type: self.sql_type,
            free: self.by_name(free),
            common: &common,
            texts: texts as u64,
            null_share: known.null_share,
            rows: self.rows,
        };
        let (link_id, first) = (self.free_name(format!("{}_word_id", self.column)), vocabulary.first());
        let (table, makers) = vocabulary.made(format!(
            "As many texts as differ in {}.{}, for its rows to choose from.",
            self.table.name, self.column
        ));
        let reference =
            Reference { table: table.name.clone(), columns: vec![], on_delete: None, on_update: None };
        let column = Column {
            name: link_id.clone(),
            is_hidden: true,
            references: Some(reference),
            makers,
            ..Column::default()
        };
        let link = link_id.trim_end_matches("_id");
        let path = format!("{}.{}", quote_identifier(link), quote_identifier(self.column));
        let is_hidden = self.options.literals == Literals::Hidden;
        let told: &[(String, f64)] = if is_hidden { &[] } else { &common };
        let branch = |(nth, (text, _)): (usize, &(String, f64))| {
            format!(" when {} then {}{}", first + nth, quote_literal(&self.plain(text)), self.cast())
        };
        let nulls = if known.null_share > 0.0 { " when 1 then null" } else { "" };
        let branches: String = told.iter().enumerate().map(branch).collect();
        let expression = match nulls.is_empty() && told.is_empty() {
            true => path,
            false => format!("case {}{nulls}{branches} else {path} end", quote_identifier(&link_id)),
        };
        let makers = vec![Maker(vec![("expr", quoted(&expression))])];
        Made { makers, column: Some(column), table: Some(table), has_nulls: true }
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
        if self.sql_type.is_text() { String::new() } else { format!("::{}", self.sql_type) }
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
