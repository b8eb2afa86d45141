//! Exact shares: a table's rows, or those of each group, dealt to a few things, as `quota` asks.

use crate::random::{Key, Permutation, mix, to_unit};
use crate::relation::{Quotas, Relation, Stratum};
use crate::value::Rows;
use std::sync::Arc;

/// Rows dealt out, each share exact to the row, in an order of its own.
pub struct Dealt(Of);

/// Of which rows shares are exact.
enum Of {
    /// All rows of the table.
    All {
        /// The order in which rows are dealt.
        order: Permutation,
        /// How many rows each thing has.
        quotas: Quotas,
    },
    /// The rows of each group by themselves.
    Groups {
        /// From the rows to their groups.
        relation: Arc<dyn Relation>,
        /// The weights up to each thing, and with it; the last is 1.
        ends: Vec<f64>,
        /// Of the groups' orders.
        key: Key,
    },
}

impl Dealt {
    /// Deals as many rows as are permuted, in proportion to the weights: none negative, one positive.
    pub fn new(order: Permutation, weights: &[f64]) -> Self {
        let strata: Vec<Stratum> =
            weights.iter().map(|weight| Stratum { ranks: 1, weight: *weight }).collect();
        Self(Of::All { quotas: Quotas::new(order.size(), &strata), order })
    }

    /// Deals the rows of each group, all of which have one.
    ///
    /// A share that is no whole number of rows is rounded up or down by chance, so that on the whole shares are right however
    /// small the groups are (systematic sampling).
    pub fn within(relation: Arc<dyn Relation>, weights: &[f64], key: Key) -> Self {
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let ends = weights.iter().map(|weight| {
            sum += weight;
            sum / total
        });
        Self(Of::Groups { relation, ends: ends.collect(), key })
    }

    /// What each row was dealt.
    pub fn picks(&self, rows: &Rows) -> Vec<u32> {
        match &self.0 {
            Of::All { order, quotas } => rows.map(|row| quotas.rank(order.apply(row)) as u32),
            Of::Groups { relation, ends, key } => {
                let (mut groups, mut places) = (Vec::new(), Vec::new());
                relation.parents(rows, &mut groups);
                relation.ordinals(rows, &mut places);
                let mut known: Option<Hand> = None;
                let pairs = groups.into_iter().zip(places);
                pairs
                    .map(|(group, place)| {
                        // Rows of a group often follow each other.
                        let hand = match known.take() {
                            Some(hand) if hand.group == group => known.insert(hand),
                            _ => known.insert(Hand::new(*key, group, relation.child_count(group))),
                        };
                        hand.pick(ends, place)
                    })
                    .collect()
            }
        }
    }
}

/// A group's rows on their way out.
struct Hand {
    group: u64,
    order: Permutation,
    /// Where rows stand between whole numbers, the same for all of the group.
    offset: f64,
}

impl Hand {
    fn new(key: Key, group: u64, rows: u64) -> Self {
        let own = Key::from_raw(mix(key, group), mix(key, !group));
        Self { group, order: Permutation::passing(own, rows), offset: to_unit(mix(own, 0)) }
    }

    /// The things' shares laid end to end make a line as long as the group has rows; a row takes what it stands on.
    fn pick(&self, ends: &[f64], place: u64) -> u32 {
        let stand = self.order.apply(place) as f64 + self.offset;
        let end = |share: f64| {
            let end = share * self.order.size() as f64;
            // What is a whole number but for rounding is one.
            let whole = libm::round(end);
            if (end - whole).abs() < 1e-9 * whole.max(1.0) { whole } else { end }
        };
        let last = ends.len() - 1;
        ends[..last].partition_point(|share| end(*share) <= stand) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::{FanOut, FanOutShape, PerParent};

    const WEIGHTS: [f64; 4] = [70.0, 25.0, 0.0, 5.0];

    fn counts(picks: impl IntoIterator<Item = u32>) -> [u64; 4] {
        let mut counts = [0u64; 4];
        picks.into_iter().for_each(|pick| counts[pick as usize] += 1);
        counts
    }

    fn hold(rows: u64, counts: [u64; 4]) {
        assert_eq!(counts.iter().sum::<u64>(), rows);
        for (count, weight) in counts.iter().zip(WEIGHTS) {
            let exact = rows as f64 * weight / 100.0;
            assert!((*count as f64 - exact).abs() < 1.0, "{rows}: {counts:?}");
        }
    }

    #[test]
    fn dealt_rows_have_exact_shares() {
        let key = Key::from_raw(1, 2);
        for rows in [1u64, 2, 7, 100, 1_013, 5_000] {
            let dealt = Dealt::new(Permutation::new(key, rows), &WEIGHTS);
            hold(rows, counts(dealt.picks(&Rows::Range { start: 0, len: rows as usize })));
        }
    }

    #[test]
    fn each_group_has_exact_shares_and_so_has_the_table() {
        let key = Key::from_raw(3, 4);
        for of_each in [1, 3, 20, 40] {
            let rows = 800 * of_each;
            let groups: [Arc<dyn Relation>; 2] = [
                Arc::new(PerParent::fixed(800, of_each).expect("can be counted")),
                Arc::new(FanOut::new(rows, 800, &FanOutShape::Uniform, key).expect("has parents")),
            ];
            for relation in groups {
                let dealt = Dealt::within(relation.clone(), &WEIGHTS, key);
                let picks = dealt.picks(&Rows::Range { start: 0, len: rows as usize });
                for group in 0..800 {
                    let mut own = Vec::new();
                    relation.visit_children(group, &mut |row| {
                        own.push(picks[row as usize]);
                        true
                    });
                    hold(own.len() as u64, counts(own));
                }
                for (count, weight) in counts(picks).iter().zip(WEIGHTS) {
                    let share = *count as f64 / rows as f64 * 100.0;
                    assert!((share - weight).abs() < 5.0, "{share}% of {weight}%");
                }
            }
        }
    }
}
