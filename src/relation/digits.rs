//! Combinations without repeats: each row is a different number of mixed radix, each column one of its digits.

use super::Relation;
use crate::random::Permutation;
use crate::value::Rows;

/// One digit of a row's combination.
///
/// Rows are put into an order of their own among all combinations by a permutation of `0..capacity`; the digit is
/// `permuted / divisor % radix`. Columns that share the permutation, with divisors that are the products of the radixes before
/// them, together never repeat. As a relation the digit is the parent's row; the children of a parent are found by going
/// through the combinations with that digit, `capacity / radix` of them.
#[derive(Clone, Debug)]
pub struct Digits {
    order: Permutation,
    rows: u64,
    capacity: u64,
    divisor: u64,
    radix: u64,
}

impl Digits {
    /// The digit at `divisor`; `order` permutes `0..capacity`, and `rows <= capacity`.
    pub fn new(order: Permutation, rows: u64, capacity: u64, divisor: u64, radix: u64) -> Self {
        Self { order, rows, capacity, divisor, radix }
    }

    /// A row's digit, below the radix.
    #[inline]
    pub fn digit(&self, row: u64) -> u64 {
        self.order.apply(row) / self.divisor % self.radix
    }
}

impl Relation for Digits {
    fn children(&self) -> u64 {
        self.rows
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        rows.for_each(|row| out.push(self.digit(row)));
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
        (0..self.places(parent)).filter_map(|place| self.child_at(parent, place)).all(visit);
    }

    /// One for each combination with the parent.
    fn places(&self, _parent: u64) -> u64 {
        self.capacity / self.radix
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        let (high, low) = (place / self.divisor, place % self.divisor);
        let code = (high * self.radix + parent) * self.divisor + low;
        Some(self.order.invert(code)).filter(|row| *row < self.rows)
    }

    fn ordinal(&self, child: u64) -> u64 {
        let code = self.order.apply(child);
        code / (self.divisor * self.radix) * self.divisor + code % self.divisor
    }

    fn parent(&self, child: u64) -> u64 {
        self.digit(child)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Key;
    use std::collections::HashSet;

    #[test]
    fn combinations_never_repeat_and_are_found_from_either_side() {
        let order = Permutation::new(Key::new(1, &["enrolments"]), 30 * 12);
        let students = Digits::new(order.clone(), 200, 30 * 12, 1, 30);
        let courses = Digits::new(order, 200, 30 * 12, 30, 12);
        let pairs: HashSet<(u64, u64)> =
            (0..200).map(|row| (students.digit(row), courses.digit(row))).collect();
        assert_eq!(pairs.len(), 200);
        for (relation, parents) in [(&students, 30), (&courses, 12)] {
            let mut seen = HashSet::new();
            for parent in 0..parents {
                relation.visit_children(parent, &mut |row| {
                    assert_eq!(relation.digit(row), parent);
                    assert!(seen.insert(row));
                    true
                });
            }
            assert_eq!(seen.len(), 200);
        }
    }
}
