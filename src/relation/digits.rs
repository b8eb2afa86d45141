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
    /// `None`: combinations come in their order.
    order: Option<Permutation>,
    rows: u64,
    capacity: u64,
    divisor: u64,
    radix: u64,
}

impl Digits {
    /// The digit at `divisor`; `order` permutes `0..capacity`, and `rows <= capacity`.
    pub fn new(order: Permutation, rows: u64, capacity: u64, divisor: u64, radix: u64) -> Self {
        Self { order: Some(order), rows, capacity, divisor, radix }
    }

    /// The digit at `divisor` where there is a row for each of the `capacity` combinations, in their order.
    pub fn in_order(capacity: u64, divisor: u64, radix: u64) -> Self {
        Self { order: None, rows: capacity, capacity, divisor, radix }
    }

    /// How many digits there are.
    pub fn radix(&self) -> u64 {
        self.radix
    }

    fn code(&self, row: u64) -> u64 {
        self.order.as_ref().map_or(row, |order| order.apply(row))
    }

    fn row(&self, code: u64) -> u64 {
        self.order.as_ref().map_or(code, |order| order.invert(code))
    }

    /// A row's digit, below the radix.
    #[inline]
    pub fn digit(&self, row: u64) -> u64 {
        self.code(row) / self.divisor % self.radix
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
        if self.rows == self.capacity {
            return self.capacity / self.radix;
        }
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

    fn most_children(&self) -> u64 {
        self.capacity / self.radix
    }

    fn finds_places(&self) -> bool {
        true
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        let (high, low) = (place / self.divisor, place % self.divisor);
        let code = (high * self.radix + parent) * self.divisor + low;
        Some(self.row(code)).filter(|row| *row < self.rows)
    }

    fn ordinal(&self, child: u64) -> u64 {
        let code = self.code(child);
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

    #[test]
    fn all_combinations_in_their_order_are_a_cross_product() {
        let capacity = 3 * 4 * 5;
        let digits = [20, 5, 1].iter().zip([3, 4, 5]);
        let digits: Vec<Digits> =
            digits.map(|(divisor, radix)| Digits::in_order(capacity, *divisor, radix)).collect();
        let rows: Vec<[u64; 3]> =
            (0..capacity).map(|row| [0, 1, 2].map(|at| digits[at].digit(row))).collect();
        assert!(rows.is_sorted(), "the first digit varies slowest");
        assert_eq!((rows[0], rows[59]), ([0, 0, 0], [2, 3, 4]));
        digits.iter().for_each(|digit| super::super::check::both_ways(digit, digit.radix()));
    }
}
