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
    /// The first row that its rows may refer to; the last is before `start`.
    first_parent: u64,
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
            levels.push(Level { start, end: start.saturating_add(size), first_parent: 0, to_before });
            start = start.saturating_add(size);
        }
        Ok(Self { rows, roots, levels })
    }

    /// A tree of at most `depth` levels (at least 1), the first of which are the roots. The rows of a level refer to the
    /// level before it. Levels grow, or shrink, by the same factor.
    pub fn of_depth(rows: u64, roots: u64, depth: u64, key: Key) -> Result<Self, Refusal> {
        let roots = roots.max(1).min(rows);
        let mut levels = Vec::new();
        let (mut first_parent, mut start) = (0, roots);
        for (number, end) in level_ends(rows, roots, depth).into_iter().enumerate() {
            if end == start {
                continue;
            }
            let level_key = key.child(&format!("level {number}"));
            let to_before = FanOut::new(end - start, start - first_parent, &FanOutShape::Uniform, level_key)?;
            levels.push(Level { start, end, first_parent, to_before });
            (first_parent, start) = (start, end);
        }
        Ok(Self { rows: start, roots: if depth == 1 { rows } else { roots }, levels })
    }

    fn level_of(&self, row: u64) -> &Level {
        &self.levels[self.levels.partition_point(|level| level.end <= row)]
    }
}

/// Where the levels after the roots end: sizes in geometric progression that add up.
fn level_ends(rows: u64, roots: u64, depth: u64) -> Vec<u64> {
    let total =
        |factor: f64| (0..depth).fold((0.0, roots as f64), |(sum, size), _| (sum + size, size * factor)).0;
    // The factor that makes all rows, by halving.
    let (mut low, mut high) = (0.0, rows as f64);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if total(middle) < rows as f64 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let (mut size, mut sum) = (roots as f64, roots as f64);
    let mut ends = Vec::new();
    for level in 1..depth {
        size *= high;
        sum += size;
        let end = if level + 1 == depth { rows } else { libm::round(sum).min(rows as f64) as u64 };
        ends.push(end.max(roots));
    }
    ends
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
                    let from = out.len();
                    level.to_before.parents(&part, out);
                    out[from..].iter_mut().for_each(|parent| *parent += level.first_parent);
                    row = upto;
                }
            }
            Rows::Picked(rows) => out.extend(rows.iter().map(|row| match row {
                root if *root < self.roots => u64::MAX,
                row => {
                    let level = self.level_of(*row);
                    level.first_parent + level.to_before.parent(row - level.start)
                }
            })),
        }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        let mut go_on = true;
        let after = self.levels.partition_point(|level| level.start <= parent);
        for level in &self.levels[after..] {
            if parent < level.first_parent {
                return;
            }
            level.to_before.visit_children(parent - level.first_parent, &mut |child| {
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
    use super::super::{NO_PARENT, check};
    use super::*;

    #[test]
    fn a_tree_has_its_roots_and_no_more_levels_than_asked() {
        for rows in [1, 2, 5, 40, 1000] {
            for roots in [1, 3, 40, 2000] {
                for depth in [1, 2, 3, 4, 10] {
                    let tree = Earlier::of_depth(rows, roots, depth, Key::new(5, &["tree"])).unwrap();
                    check::both_ways(&tree, rows);
                    let mut levels: Vec<u64> = Vec::new();
                    for row in 0..rows {
                        levels.push(match tree.parent(row) {
                            NO_PARENT => 1,
                            parent => levels[parent as usize] + 1,
                        });
                    }
                    let expected = if depth == 1 { rows } else { roots.min(rows) };
                    assert_eq!(levels.iter().filter(|level| **level == 1).count() as u64, expected);
                    let deepest = levels.iter().copied().max().unwrap_or(0);
                    assert!(deepest <= depth);
                    assert!(deepest == depth || rows < 1000 || roots > 3, "{deepest} of {depth}");
                }
            }
        }
    }

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
