//! Two sequences of rows side by side: what is expected and what is there.
//!
//! Where they differ, a few rows ahead are looked at on both sides, so that a row that is missing or too many is told as that, and does
//! not make all rows after it differ.

use super::super::report::{Difference, TableReport};
use super::{Row, Rows};
use crate::plan::Table;
use std::collections::VecDeque;

/// How many rows ahead are looked at.
const AHEAD: usize = 64;

/// The comparison of a table's rows, in progress.
pub(super) struct Alignment<'t> {
    names: &'t [String],
    /// Which of the columns there are in the files: places in `names`, and in rows of the files.
    columns: Vec<(usize, usize)>,
    /// The key: places in `columns`. Empty where the table has none: then all of a row is.
    key: Vec<usize>,
    source: Box<dyn Rows>,
    /// Rows of the files that were taken from the source.
    taken: u64,
    expected: VecDeque<(u64, Row)>,
    found: VecDeque<Row>,
    /// Whether all rows are compared, or only blocks of them.
    is_all: bool,
    /// Whether rows may begin elsewhere in a block than they should, since not all rows before it were compared.
    is_loose: bool,
    report: &'t mut TableReport,
    most: usize,
}

impl<'t> Alignment<'t> {
    pub fn new(
        table: &Table,
        names: &'t [String],
        source: Box<dyn Rows>,
        is_all: bool,
        report: &'t mut TableReport,
        most: usize,
    ) -> Self {
        let place = |name: &String| source.names().iter().position(|other| other == name);
        let both = names.iter().enumerate().filter_map(|(at, name)| Some((at, place(name)?)));
        let columns: Vec<(usize, usize)> = both.collect();
        let of_key =
            |column: &usize| columns.iter().position(|(at, _)| names[*at] == table.columns[*column].name);
        let key = table.primary_key.iter().map(of_key).collect::<Option<Vec<usize>>>().unwrap_or_default();
        Self {
            names,
            columns,
            key,
            source,
            taken: 0,
            expected: VecDeque::new(),
            found: VecDeque::new(),
            is_all,
            is_loose: false,
            report,
            most,
        }
    }

    /// Goes to a block that begins at this row, from 0.
    pub fn begin(&mut self, start: u64) -> Result<(), String> {
        if self.is_all {
            return Ok(());
        }
        let first = self.taken - self.found.len() as u64;
        let held = start.saturating_sub(first).min(self.found.len() as u64);
        self.found.drain(..held as usize);
        if self.found.is_empty() {
            self.taken += self.source.skip(start.saturating_sub(self.taken))?;
        }
        self.expected.clear();
        self.is_loose = true;
        Ok(())
    }

    /// Adds a row, with its number from 1, to those that are expected.
    pub fn expect(&mut self, number: u64, row: Row) {
        let row = self.columns.iter().map(|(at, _)| row[*at].clone()).collect();
        self.expected.push_back((number, row));
    }

    /// Compares the rows of a block; of all rows, as many as leave some to look ahead at.
    pub fn block(&mut self, rows: u64) -> Result<(), String> {
        self.report.compared += rows;
        let left = if self.is_all { AHEAD } else { 0 };
        while self.expected.len() > left {
            self.step()?;
        }
        Ok(())
    }

    /// Compares what is left, and counts.
    pub fn finish(mut self, rows: u64) -> Result<(), String> {
        while self.is_all {
            self.look_ahead()?;
            if self.expected.is_empty() && self.found.is_empty() {
                break;
            }
            self.step()?;
        }
        let there = self.taken + self.source.skip(u64::MAX)?;
        if there != rows {
            self.report.note(Difference::Count { expected: rows, found: there }, self.most);
        }
        Ok(())
    }

    fn look_ahead(&mut self) -> Result<(), String> {
        while self.found.len() <= AHEAD {
            let Some(row) = self.source.next()? else { return Ok(()) };
            let cell = |(_, at): &(usize, usize)| row.get(*at).cloned().flatten();
            self.found.push_back(self.columns.iter().map(cell).collect());
            self.taken += 1;
        }
        Ok(())
    }

    /// Compares the next rows of both sides.
    fn step(&mut self) -> Result<(), String> {
        self.look_ahead()?;
        match (self.expected.front(), self.found.front()) {
            (None, None) => {}
            (Some(_), None) => self.miss(),
            (None, Some(_)) => self.surpass(),
            (Some((_, expected)), Some(found)) if self.is_same(expected, found) => self.compare(),
            (Some((_, expected)), Some(found)) => {
                let (ahead, behind) = (AHEAD.min(self.found.len()), AHEAD.min(self.expected.len()));
                let later = (1..ahead).find(|at| self.is_same(expected, &self.found[*at]));
                let earlier = (1..behind).find(|at| self.is_same(&self.expected[*at].1, found));
                match (later, earlier) {
                    (Some(later), None) => (0..later).for_each(|_| self.surpass()),
                    (None, Some(earlier)) => (0..earlier).for_each(|_| self.miss()),
                    (Some(later), Some(earlier)) if later < earlier => {
                        (0..later).for_each(|_| self.surpass());
                    }
                    (Some(_), Some(earlier)) => (0..earlier).for_each(|_| self.miss()),
                    // Nothing like either: the same row with another key.
                    (None, None) => self.compare(),
                }
            }
        }
        Ok(())
    }

    /// Whether two rows are the same one, whatever else is in them.
    fn is_same(&self, expected: &Row, found: &Row) -> bool {
        match self.key.is_empty() {
            true => expected == found,
            false => self.key.iter().all(|at| expected[*at] == found[*at]),
        }
    }

    fn compare(&mut self) {
        let (Some((row, expected)), Some(found)) = (self.expected.pop_front(), self.found.pop_front()) else {
            return;
        };
        self.is_loose = false;
        if expected == found {
            return;
        }
        let key = (!self.key.is_empty()).then(|| self.name(&expected));
        for (at, (column, _)) in self.columns.iter().enumerate() {
            if expected[at] != found[at] {
                let (expected, found) = (expected[at].clone(), found[at].clone());
                let column = self.names[*column].clone();
                let difference = Difference::Cell { row, key: key.clone(), column, expected, found };
                self.report.note(difference, self.most);
            }
        }
    }

    /// The next expected row is missing.
    fn miss(&mut self) {
        if let Some((row, values)) = self.expected.pop_front()
            && !self.is_loose
        {
            let name = self.name(&values);
            self.report.note(Difference::Missing { row, name }, self.most);
        }
    }

    /// The next row of the files is too many.
    fn surpass(&mut self) {
        if let Some(values) = self.found.pop_front()
            && !self.is_loose
        {
            let name = self.name(&values);
            self.report.note(Difference::Extra { name }, self.most);
        }
    }

    /// What names a row: its key, else its values.
    fn name(&self, row: &Row) -> String {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let places = if self.key.is_empty() { &all } else { &self.key };
        let word = |at: &usize| {
            let value = row[*at].as_deref().unwrap_or("null");
            format!("{} {value}", self.names[self.columns[*at].0])
        };
        places.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that are given.
    struct Given(Vec<String>, VecDeque<Row>);

    impl Rows for Given {
        fn names(&self) -> &[String] {
            &self.0
        }

        fn next(&mut self) -> Result<Option<Row>, String> {
            Ok(self.1.pop_front())
        }

        fn skip(&mut self, rows: u64) -> Result<u64, String> {
            let skipped = rows.min(self.1.len() as u64);
            self.1.drain(..skipped as usize);
            Ok(skipped)
        }
    }

    fn rows(values: &[i64]) -> Vec<Row> {
        values.iter().map(|value| vec![Some(value.to_string())]).collect()
    }

    /// What is told of a column `v` whose values are these, block by block; rows are known by all there is of them.
    fn told(blocks: &[(u64, &[i64])], all: u64, found: &[i64]) -> Vec<String> {
        let names = ["v".to_owned()];
        let mut report = TableReport::default();
        let source = Box::new(Given(names.to_vec(), rows(found).into()));
        let is_all = blocks.len() == 1;
        let mut alignment = Alignment::new(&Table::default(), &names, source, is_all, &mut report, 100);
        for (start, values) in blocks {
            alignment.begin(*start).unwrap();
            for (number, row) in (start + 1..).zip(rows(values)) {
                alignment.expect(number, row);
            }
            alignment.block(values.len() as u64).unwrap();
        }
        alignment.finish(all).unwrap();
        report.first.iter().map(Difference::to_string).collect()
    }

    #[test]
    fn rows_that_are_missing_or_too_many_move_the_others_not() {
        let expected: Vec<i64> = (1..=300).collect();
        let without: Vec<i64> = (1..=300).filter(|value| ![1, 120, 121, 300].contains(value)).collect();
        assert_eq!(
            told(&[(0, &expected)], 300, &without),
            [
                "row 1 (v 1) is missing",
                "row 120 (v 120) is missing",
                "row 121 (v 121) is missing",
                "row 300 (v 300) is missing",
                "expected 300 rows, found 296",
            ]
        );
        let more = [&[-1][..], &expected[..150], &[-2, -3], &expected[150..], &[-4]].concat();
        let found = told(&[(0, &expected)], 300, &more);
        assert_eq!(found[..4], [-1, -2, -3, -4].map(|value| format!("a row too many: v {value}")));
        let mut other = expected.clone();
        other[77] = 0;
        assert_eq!(told(&[(0, &expected)], 300, &other), ["row 78, v: expected `78`, found `0`"]);
    }

    #[test]
    fn blocks_are_found_where_they_should_be_or_a_little_off() {
        let all: Vec<i64> = (1..=300).collect();
        let blocks = [(20, &all[20..40]), (40, &all[40..60]), (200, &all[200..220])];
        assert!(told(&blocks, 300, &all).is_empty());
        // A row that is missing before them is not looked at, but counted.
        assert_eq!(told(&blocks, 300, &all[1..]), ["expected 300 rows, found 299"]);
        let mut other = all.clone();
        other[205] = 0;
        other[100] = 0;
        assert_eq!(told(&blocks, 300, &other), ["row 206, v: expected `206`, found `0`"]);
    }
}
