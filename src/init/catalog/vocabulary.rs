//! Hidden tables of texts: as many as differ in a column, the commonest ones by name.

use super::words::numbered;
use crate::diagnostic::Sources;
use crate::generate::{Options, Worker};
use crate::init::ddl::short_name;
use crate::init::shape::significant;
use crate::init::sketch::{Column, Maker, Rows, Sketch, Table};
use crate::init::yaml::{self, quoted};
use crate::plan::{self, Overrides};
use crate::spec::Spec;
use crate::value::SqlType;
use crate::value::text::printed;

/// How often a vocabulary is made longer for the sake of texts that are in it twice.
const ROUNDS: usize = 4;

/// What a column's texts are chosen from.
pub struct Vocabulary<'a> {
    /// The hidden table's name.
    pub name: String,
    /// Of the column, and of the one in the hidden table.
    pub column: &'a str,
    pub sql_type: &'a SqlType,
    /// What makes texts that are not common.
    pub free: Vec<Maker>,
    /// The commonest texts, with their shares of all rows; the spec has them elsewhere.
    pub common: &'a [(String, f64)],
    /// How many texts there are.
    pub texts: u64,
    pub null_share: f64,
    /// Rows of the column's table.
    pub rows: u64,
}

impl Vocabulary<'_> {
    /// The number of the first common text: one stands for no text at all, so that nulls are as exact as all shares.
    pub fn first(&self) -> usize {
        1 + usize::from(self.null_share > 0.0)
    }

    /// The hidden table, and what chooses its rows.
    pub fn made(self, note: String) -> (Table, Vec<Maker>) {
        let mut word = Column {
            name: self.column.to_owned(),
            sql_type: short_name(self.sql_type),
            is_not_null: true,
            is_unique: true,
            makers: self.free.clone(),
            ..Column::default()
        };
        word.makers.extend(numbered(self.column, self.sql_type));
        let key = Column {
            name: "id".into(),
            sql_type: "int".into(),
            is_primary_key: true,
            makers: vec![Maker(vec![("sequence", "{start: 1, step: 1}".into())])],
            ..Column::default()
        };
        let least = self.texts + self.first() as u64 - 1;
        let mut table = Table {
            name: self.name.clone(),
            notes: vec![note],
            is_hidden: true,
            rows: Rows::Fixed(least),
            columns: vec![key, word],
            ..Table::default()
        };
        let mut rows = least;
        let mut unused = Vec::new();
        for _ in 0..ROUNDS {
            table.rows = Rows::Fixed(rows);
            unused = self.common_again(&mut table);
            if least + unused.len() as u64 <= rows {
                break;
            }
            rows = least + unused.len() as u64;
        }
        // What was made room for in vain.
        let vain = (rows - least).saturating_sub(unused.len() as u64);
        unused.extend(
            (1..=rows as usize)
                .rev()
                .filter(|id| !unused.contains(id))
                .take(vain as usize)
                .collect::<Vec<_>>(),
        );
        (table, self.weights(&unused))
    }

    /// Rows whose texts are common ones, which have rows already. What cannot make so many texts gives way to its next choice.
    fn common_again(&self, table: &mut Table) -> Vec<usize> {
        let named = self.first() - 1 + self.common.len();
        let mut texts = texts_of(table, self.sql_type);
        while texts.is_none() && table.columns[1].makers.len() > 1 {
            table.columns[1].makers.remove(0);
            texts = texts_of(table, self.sql_type);
        }
        let texts = texts.unwrap_or_default();
        let is_common = |text: &String| self.common.iter().any(|(common, _)| common == text);
        let later = texts.iter().enumerate().skip(named);
        later.filter(|(_, text)| is_common(text)).map(|(at, _)| at + 1).collect()
    }

    /// How often rows are chosen, by their numbers: those that stand for none, for the common texts, and for nothing.
    fn weights(&self, unused: &[usize]) -> Vec<Maker> {
        let even = Maker(vec![("distribution", "even".into())]);
        if self.common.is_empty() && self.null_share == 0.0 {
            return vec![even];
        }
        let common: f64 = self.common.iter().map(|(_, share)| share).sum();
        let rest = (1.0 - self.null_share - common).max(0.0) * self.rows as f64;
        let nulls = Some(self.null_share).filter(|share| *share > 0.0);
        let shares = nulls.into_iter().chain(self.common.iter().map(|(_, share)| *share));
        let branch = |(nth, share): (usize, f64)| {
            format!(" when {} then {}", nth + 1, libm::round(share * self.rows as f64).max(1.0))
        };
        let mut branches: String = shares.enumerate().map(branch).collect();
        branches.extend(unused.iter().map(|id| format!(" when {id} then 0")));
        let others = significant(rest / (self.texts as f64 - self.common.len() as f64), 6);
        vec![Maker(vec![("weight", quoted(&format!("case id{branches} else {others} end")))]), even]
    }
}

/// The texts that a hidden table has in the end, since they depend on names and numbers only; `None` where it cannot be made.
fn texts_of(table: &Table, sql_type: &SqlType) -> Option<Vec<String>> {
    let alone = Sketch { tables: vec![Table { is_hidden: false, ..table.clone() }], ..Sketch::default() };
    let mut sources = Sources::new();
    let source = sources.add("vocabulary", yaml::write(&alone).text);
    let spec = Spec::parse(&mut sources, source).ok()?;
    let plan = plan::plan(&spec, &Overrides::default()).ok()?;
    let mut worker = Worker::new(&plan, Options::default());
    let (rows, step) = (plan.tables[0].rows, worker.options().batch_rows as u64);
    let mut texts = Vec::new();
    for start in (0..rows).step_by(step as usize) {
        let batch = worker.batch(0, start..rows.min(start + step), &[1]).ok()?;
        texts.extend((0..batch[0].len()).map(|at| printed(sql_type, &batch[0], at).unwrap_or_default()));
    }
    Some(texts)
}
