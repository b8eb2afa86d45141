//! Rows that refer to earlier rows of their own table: who referred whom, trees of categories.

use super::{FanOut, FanOutShape, Relation};
use crate::random::Key;
use crate::spec::Refusal;
use crate::value::Rows;

/// References from rows to earlier rows of the same table. The first rows, the roots, refer to none.
///
/// Rows after the roots lie in levels, each a quarter as large as everything before it. The rows of a level refer to the
/// rows before the level through a [`FanOut`], all alike. There are some 90 levels in a table of a billion rows. A row's
/// parent costs what it costs there; finding a row's children asks all levels after it. More rows leave the parents of
/// the first ones as they were.
#[derive(Debug)]
pub struct Earlier {
    rows: u64,
    roots: u64,
    levels: Vec<Level>,
}

#[derive(Debug)]
struct Level {
    start: u64,
    end: u64,
    to_before: FanOut,
}

impl Earlier {
    /// A table of `rows` rows whose first `roots` (at least 1) refer to none.
    pub fn new(rows: u64, roots: u64, key: Key) -> Result<Self, Refusal> {
        let roots = roots.max(1).min(rows);
        let mut levels = Vec::new();
        let mut start = roots;
        while start < rows {
            // The last level is made whole too, so that more rows change nothing.
            let size = (start / 4).max(1);
            let level_key = key.child(&format!("level {}", levels.len()));
            let to_before = FanOut::new(size, start, &FanOutShape::Uniform, level_key)?;
            levels.push(Level { start, end: start.saturating_add(size), to_before });
            start = start.saturating_add(size);
        }
        Ok(Self { rows, roots, levels })
    }

    fn level_of(&self, row: u64) -> &Level {
        &self.levels[self.levels.partition_point(|level| level.end <= row)]
    }
}

impl Relation for Earlier {
    fn children(&self) -> u64 {
        self.rows
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        match rows {
            Rows::Range { start, len } => {
                let end = start + *len as u64;
                let roots = self.roots.clamp(*start, end) - start;
                out.extend((0..roots).map(|_| u64::MAX));
                let mut row = start + roots;
                while row < end {
                    let level = self.level_of(row);
                    let upto = level.end.min(end);
                    let part = Rows::Range { start: row - level.start, len: (upto - row) as usize };
                    level.to_before.parents(&part, out);
                    row = upto;
                }
            }
            Rows::Picked(rows) => out.extend(rows.iter().map(|row| match row {
                root if *root < self.roots => u64::MAX,
                row => {
                    let level = self.level_of(*row);
                    level.to_before.parent(row - level.start)
                }
            })),
        }
    }

    fn child_count(&self, parent: u64) -> u64 {
        let mut count = 0;
        self.visit_children(parent, &mut |_| {
            count += 1;
            true
        });
        count
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        let mut go_on = true;
        let after = self.levels.partition_point(|level| level.start <= parent);
        for level in &self.levels[after..] {
            level.to_before.visit_children(parent, &mut |child| {
                let row = level.start + child;
                go_on = row >= self.rows || visit(row);
                go_on
            });
            if !go_on {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn every_row_but_the_roots_has_an_earlier_parent() {
        for rows in [0, 1, 2, 3, 5, 64, 97, 1000, 5003] {
            for roots in [1, 2, 10] {
                let earlier = Earlier::new(rows, roots, Key::new(1, &["earlier"])).unwrap();
                let mut parents = Vec::new();
                earlier.parents(&Rows::Range { start: 0, len: rows as usize }, &mut parents);
                for (row, parent) in parents.iter().enumerate() {
                    match (row as u64) < roots {
                        true => assert_eq!(*parent, u64::MAX, "a root"),
                        false => assert!(*parent < row as u64, "{parent} is before {row}"),
                    }
                }
            }
        }
    }

    #[test]
    fn children_lead_back() {
        for rows in [1, 2, 7, 500, 2003] {
            let earlier = Earlier::new(rows, 3, Key::new(2, &["earlier"])).unwrap();
            let mut parents = Vec::new();
            earlier.parents(&Rows::Range { start: 0, len: rows as usize }, &mut parents);
            for parent in 0..rows {
                let mut children = Vec::new();
                earlier.visit_children(parent, &mut |child| {
                    children.push(child);
                    true
                });
                let expected: Vec<u64> = (0..rows).filter(|row| parents[*row as usize] == parent).collect();
                children.sort_unstable();
                assert_eq!(children, expected);
                assert_eq!(earlier.child_count(parent), expected.len() as u64);
            }
            let picked: Vec<u64> = (0..rows).rev().collect();
            let mut found = Vec::new();
            earlier.parents(&Rows::Picked(picked.into()), &mut found);
            assert!(found.iter().eq(parents.iter().rev()));
        }
        check::sampled(&Earlier::new(2_000_000_000, 1, Key::new(3, &["earlier"])).unwrap(), 2_000_000_000);
    }

    #[test]
    fn more_rows_leave_the_first_ones_as_they_were() {
        let key = Key::new(4, &["earlier"]);
        let (mut few, mut many) = (Vec::new(), Vec::new());
        let rows = Rows::Range { start: 0, len: 1000 };
        Earlier::new(1000, 1, key).unwrap().parents(&rows, &mut few);
        Earlier::new(100_000, 1, key).unwrap().parents(&rows, &mut many);
        assert_eq!(few, many);
    }
}
