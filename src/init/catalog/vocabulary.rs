//! Hidden tables of values: as many as differ in a column, the commonest ones written down.

use super::references::even;
use super::trial;
use super::words::numbered;
use crate::init::ddl::short_name;
use crate::init::sketch::{Column, Maker, Reference, Rows, Table};
use crate::init::yaml::{quoted, scalar};
use crate::value::SqlType;
use crate::value::text::printed;

/// How often a vocabulary is made longer for the sake of texts that are in it twice.
const ROUNDS: usize = 4;

/// What a column's texts are chosen from.
pub struct Vocabulary<'a> {
    /// The hidden table's name.
    pub name: String,
    /// The column's name alone, and with its table's.
    pub column: &'a str,
    pub of: String,
    pub sql_type: &'a SqlType,
    /// What makes texts that are not common.
    pub free: Vec<Maker>,
    /// The commonest texts, with their shares of all rows.
    pub common: &'a [(String, f64)],
    /// How many texts there are.
    pub texts: u64,
    pub null_share: f64,
    /// Rows of the column's table.
    pub rows: u64,
}

/// Columns of the hidden tables, whatever the column is called that they are for.
const KEY: &str = "id";
const COMMON: &str = "common_id";
const OTHER: &str = "other";
pub const WORD: &str = "word";
const ROWS: &str = "rows";

impl Vocabulary<'_> {
    /// The hidden tables, of the common texts and of all, and what chooses rows of the latter. Texts that must not be told are left to
    /// chance.
    pub fn made(&self, are_told: bool) -> (Vec<Table>, Vec<Maker>) {
        let mut makers = self.free.clone();
        makers.extend(numbered(self.column, self.sql_type));
        let (mut texts, mut unused) = (Table::default(), Vec::new());
        let least = self.texts + u64::from(self.null_share > 0.0);
        let mut rows = least;
        for _ in 0..ROUNDS {
            texts = self.texts(rows, makers);
            unused = self.common_again(&mut texts, are_told);
            makers = texts.columns[1].makers.clone();
            if least + unused.len() as u64 <= rows {
                break;
            }
            rows = least + unused.len() as u64;
        }
        let Rows::Fixed(rows) = texts.rows else { unreachable!("texts are so many") };
        // What was made room for in vain.
        let vain = (rows - least).saturating_sub(unused.len() as u64);
        let last: Vec<usize> = (1..=rows as usize).rev().filter(|id| !unused.contains(id)).collect();
        unused.extend(last.into_iter().take(vain as usize));
        unused.sort_unstable();
        self.weigh(&mut texts, &unused, are_told);
        let common = self.common(are_told);
        let makers = match common.is_some() {
            true => vec![Maker::scalar("weight", ROWS), even()],
            false => vec![even()],
        };
        (common.into_iter().chain([texts]).collect(), makers)
    }

    /// Texts that differ, so many.
    fn texts(&self, rows: u64, makers: Vec<Maker>) -> Table {
        let other = Column {
            name: OTHER.into(),
            sql_type: short_name(self.sql_type),
            is_not_null: true,
            is_unique: true,
            makers,
            ..Column::default()
        };
        let key = Column {
            name: KEY.into(),
            sql_type: "int".into(),
            is_primary_key: true,
            makers: vec![Maker(vec![("sequence", "{start: 1, step: 1}".into())])],
            ..Column::default()
        };
        Table {
            name: self.name.clone(),
            notes: vec![format!("As many values as differ in {}, for its rows to choose from.", self.of)],
            is_hidden: true,
            rows: Rows::Fixed(rows),
            columns: vec![key, other],
            ..Table::default()
        }
    }

    /// The common texts, no text at all before them where there are nulls, and how many rows have each.
    fn common(&self, are_told: bool) -> Option<Table> {
        let nulls = (self.null_share > 0.0).then(|| "null".to_owned());
        let texts = nulls.into_iter().chain(self.common.iter().map(|(text, _)| scalar(text)));
        let row = |(text, share): (String, f64)| {
            let rows = self.counted(share).to_string();
            if are_told { vec![text, rows] } else { vec![rows] }
        };
        let values: Vec<Vec<String>> = texts.zip(self.shares()).map(row).collect();
        let column = |name: &str, sql_type: &str| Column {
            name: name.into(),
            sql_type: sql_type.into(),
            is_primary_key: name == KEY,
            ..Column::default()
        };
        let mut columns =
            vec![column(KEY, "int"), column(WORD, &short_name(self.sql_type)), column(ROWS, "int")];
        if !are_told {
            columns.remove(1);
        }
        (!values.is_empty()).then(|| Table {
            name: self.common_name(),
            notes: vec![format!("The commonest values of {}, and how many rows have each.", self.of)],
            is_hidden: true,
            rows: Rows::Listed { columns: columns[1..].iter().map(|of| of.name.clone()).collect(), values },
            columns,
            ..Table::default()
        })
    }

    /// The shares of nulls and of the common texts.
    fn shares(&self) -> impl Iterator<Item = f64> {
        let nulls = Some(self.null_share).filter(|share| *share > 0.0);
        nulls.into_iter().chain(self.common.iter().map(|(_, share)| *share))
    }

    /// How many rows a share is.
    fn counted(&self, share: f64) -> u64 {
        (libm::round(share * self.rows as f64) as u64).max(1)
    }

    fn common_name(&self) -> String {
        format!("{}_common", self.name)
    }

    /// How many rows are listed: those of common texts, and the one for nulls.
    fn listed(&self) -> usize {
        self.common.len() + usize::from(self.null_share > 0.0)
    }

    /// The texts' last columns: which one it is in the end, and how many rows have it.
    fn weigh(&self, texts: &mut Table, unused: &[usize], are_told: bool) {
        let listed = self.listed();
        let computed = |name: &str, sql_type: String, expression: String| Column {
            name: name.into(),
            sql_type,
            makers: vec![Maker(vec![("expr", quoted(&expression))])],
            ..Column::default()
        };
        let sql_type = short_name(self.sql_type);
        if listed == 0 {
            texts.columns.push(computed(WORD, sql_type, OTHER.into()));
            return;
        }
        let reference =
            Reference { table: self.common_name(), columns: vec![], on_delete: None, on_update: None };
        texts.columns.push(Column {
            references: Some(reference),
            is_hidden: true,
            ..computed(COMMON, String::new(), format!("case when {KEY} <= {listed} then {KEY} end"))
        });
        let word = match (are_told, self.null_share > 0.0) {
            (true, _) => format!("case when {KEY} <= {listed} then common.{WORD} else {OTHER} end"),
            (false, true) => format!("case when {KEY} > 1 then {OTHER} end"),
            (false, false) => OTHER.to_owned(),
        };
        texts.columns.push(computed(WORD, sql_type, word));
        let Rows::Fixed(last) = texts.rows else { unreachable!("texts are so many") };
        let mut cases = format!("case when {KEY} <= {listed} then common.{ROWS}");
        if let Some(condition) = in_words(unused, last as usize) {
            cases += &format!(" when {condition} then 0");
        }
        // Whole numbers that come to the rows there are: then each has just as many.
        let common: u64 = self.shares().map(|share| self.counted(share)).sum();
        let others = (self.texts - self.common.len() as u64).max(1);
        let rest = self.rows.saturating_sub(common);
        let (each, more) = (rest / others, (rest % others) as usize);
        let mut used = (listed + 1..).filter(|id| !unused.contains(id));
        if let Some(until) = more.checked_sub(1).and_then(|before| used.nth(before)) {
            cases += &format!(" when {KEY} <= {until} then {}", each + 1);
        }
        let rows = format!("{cases} else {each} end");
        texts.columns.push(computed(ROWS, "int".into(), rows));
    }

    /// Rows whose texts are common ones, which have rows already. What cannot make so many texts gives way to its next choice.
    fn common_again(&self, table: &mut Table, are_told: bool) -> Vec<usize> {
        let mut texts = texts_of(table, self.sql_type);
        while texts.is_none() && table.columns[1].makers.len() > 1 {
            table.columns[1].makers.remove(0);
            texts = texts_of(table, self.sql_type);
        }
        let texts = texts.unwrap_or_default();
        let is_common = |text: &String| are_told && self.common.iter().any(|(common, _)| common == text);
        let later = texts.iter().enumerate().skip(self.listed());
        later.filter(|(_, text)| is_common(text)).map(|(at, _)| at + 1).collect()
    }
}

/// The condition that a row is one of these, of which the last ones often end the table.
fn in_words(unused: &[usize], last: usize) -> Option<String> {
    let at_the_end = unused.iter().rev().enumerate().take_while(|(nth, id)| **id + nth == last).count();
    let single: Vec<String> = unused[..unused.len() - at_the_end].iter().map(|id| id.to_string()).collect();
    let end = (at_the_end > 0).then(|| format!("{KEY} > {}", last - at_the_end));
    let single = match &single[..] {
        [] => None,
        [only] => Some(format!("{KEY} = {only}")),
        several => Some(format!("{KEY} in ({})", several.join(", "))),
    };
    let both: Vec<String> = single.into_iter().chain(end).collect();
    (!both.is_empty()).then(|| both.join(" or "))
}

/// The texts that a hidden table has in the end; `None` where it cannot be made.
fn texts_of(table: &Table, sql_type: &SqlType) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    trial::values(table, 1, &mut |batch| {
        texts.extend((0..batch.len()).map(|at| printed(sql_type, batch, at).unwrap_or_default()));
    })?;
    Some(texts)
}
