//! References that differ within a group: the lines of an order are of different products.

use super::law::{Law, Weights};
use super::{FanOut, NO_PARENT, Relation};
use crate::random::{Key, Permutation, mix};
use crate::value::Rows;
use std::sync::Arc;

/// Children of one group refer to different parents, which are as popular as a law says.
///
/// Parents, the most popular first, are cut into strata of equal share, at least as many as a group has children; each child of a
/// group is dealt another stratum. Of a stratum every group has one place at most, and the places are dealt to the
/// stratum's parents in proportion to their shares. So nothing repeats within a group, and both directions are
/// permutations, look-ups and divisions.
///
/// A parent stands at most once in a group: with ten children in each group it has a tenth of all at most, whatever the law
/// says. Groups are cut by their size rounded up to a power of two, so that large groups flatten only themselves.
///
/// A parent finds its children among all places of its strata: in time proportional to their number times how much the
/// largest groups exceed the mean.
pub struct Distinct {
    group: Arc<dyn Relation>,
    groups: u64,
    /// The law: its ranks, and how many of its positions each has.
    law: Box<dyn Law>,
    key: Key,
    levels: Vec<Level>,
}

/// The strata for groups of one size.
struct Level {
    key: Key,
    /// Where each stratum's ranks begin; one more entry ends the last.
    bounds: Vec<u64>,
}

impl Distinct {
    /// The largest group: its strata take 1 MB.
    pub const MOST_CHILDREN: u64 = 1 << 16;

    /// Children by their group, one of `groups`, the largest of which has `most` children; `law` says how popular the parents
    /// are, of which there are at least `most`.
    pub fn new(group: Arc<dyn Relation>, groups: u64, most: u64, law: FanOut, key: Key) -> Self {
        Self::by_law(group, groups, most, Box::new(law), key)
    }

    /// The same, of parents whose weights say how popular they are.
    pub fn weighted(group: Arc<dyn Relation>, groups: u64, most: u64, law: Weights, key: Key) -> Self {
        Self::by_law(group, groups, most, Box::new(law), key)
    }

    fn by_law(group: Arc<dyn Relation>, groups: u64, most: u64, law: Box<dyn Law>, key: Key) -> Self {
        assert!(most <= Self::MOST_CHILDREN && (law.ranks() >= most || law.ranks() == 0));
        let mut levels: Vec<Level> = Vec::new();
        let has_room = |levels: &[Level]| levels.last().is_some_and(|level| level.strata() >= most);
        while law.ranks() > 0 && !has_room(&levels) {
            let strata = (1 << levels.len()).min(law.ranks());
            let level_key = key.child(&format!("level {}", levels.len()));
            levels.push(Level { key: level_key, bounds: cut(&*law, strata) });
        }
        Self { group, groups, law, key, levels }
    }

    /// The level of a group with that many children.
    fn level(&self, children: u64) -> usize {
        self.levels.partition_point(|level| level.strata() < children)
    }

    /// Which stratum each child of a group has.
    fn strata_of(&self, group: u64, level: &Level) -> Permutation {
        let key = Key::from_raw(mix(self.key, group), mix(level.key, group));
        Permutation::passing(key, level.strata())
    }

    /// The order of the groups in a stratum.
    fn groups_of(&self, level: &Level, stratum: u64) -> Permutation {
        let key = Key::from_raw(mix(level.key, !stratum), mix(self.key, !stratum));
        Permutation::passing(key, self.groups)
    }

    /// The rank that a place of a stratum belongs to.
    fn rank(&self, level: &Level, stratum: u64, place: u64) -> u64 {
        let (first, start, length) = self.share(level, stratum);
        let spread = |length: u64| (place as u128 * length as u128 / self.groups as u128) as u64;
        match length {
            // A stratum of parents that the law gives nothing: all alike.
            0 => first + spread(level.bounds[stratum as usize + 1] - first),
            _ => self.law.rank_at(start + spread(length)),
        }
    }

    /// The places that belong to a rank of a stratum.
    fn places_of(&self, level: &Level, stratum: u64, rank: u64) -> std::ops::Range<u64> {
        let (first, start, length) = self.share(level, stratum);
        let (from, upto, length) = match length {
            0 => (rank - first, rank - first + 1, level.bounds[stratum as usize + 1] - first),
            _ => {
                let (position, count) = self.law.positions_of(rank);
                (position - start, position - start + count, length)
            }
        };
        let place = |part: u64| (part as u128 * self.groups as u128).div_ceil(length as u128) as u64;
        place(from)..place(upto)
    }

    /// A stratum's first rank, and its positions under the law: where they begin, and how many.
    fn share(&self, level: &Level, stratum: u64) -> (u64, u64, u64) {
        let (first, end) = (level.bounds[stratum as usize], level.bounds[stratum as usize + 1]);
        let start = begin(&*self.law, first);
        (first, start, begin(&*self.law, end) - start)
    }

    fn visit(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) -> Option<()> {
        let rank = self.law.rank_of(parent)?;
        for (at, level) in self.levels.iter().enumerate() {
            let stratum = level.bounds.partition_point(|first| *first <= rank) as u64 - 1;
            let groups = self.groups_of(level, stratum);
            for place in self.places_of(level, stratum, rank) {
                let group = groups.invert(place);
                let children = self.group.places(group);
                if self.level(children) != at {
                    continue;
                }
                let child = self.strata_of(group, level).invert(stratum);
                if child < children
                    && let Some(child) = self.group.child_at(group, child)
                    && !visit(child)
                {
                    return None;
                }
            }
        }
        Some(())
    }
}

impl Level {
    fn strata(&self) -> u64 {
        self.bounds.len() as u64 - 1
    }
}

/// Cuts the ranks into strata of about equal share, each with a rank at least.
fn cut(law: &dyn Law, strata: u64) -> Vec<u64> {
    let (ranks, positions) = (law.ranks(), begin(law, law.ranks()));
    let mut bounds = vec![0];
    let mut first = 0;
    for left in (2..=strata).rev() {
        let start = begin(law, first);
        let target = start + (positions - start) / left;
        let rank = if target < positions { law.rank_at(target) } else { ranks - 1 };
        let (below, above) = (begin(law, rank), begin(law, rank + 1));
        let end = if target - below.min(target) < above - target.min(above) { rank } else { rank + 1 };
        first = end.clamp(first + 1, ranks - (left - 1));
        bounds.push(first);
    }
    bounds.push(ranks);
    bounds
}

/// Where a rank's positions begin; for the number of ranks, where all end.
fn begin(law: &dyn Law, rank: u64) -> u64 {
    if rank == law.ranks() { law.positions() } else { law.positions_of(rank).0 }
}

impl Relation for Distinct {
    fn children(&self) -> u64 {
        self.group.children()
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let mut groups = Vec::with_capacity(rows.len());
        self.group.parents(rows, &mut groups);
        let mut known: Option<(u64, &Level, Permutation)> = None;
        for (at, group) in groups.into_iter().enumerate() {
            if group == NO_PARENT {
                out.push(NO_PARENT);
                continue;
            }
            // Rows of a group often follow each other.
            if known.as_ref().is_none_or(|(same, ..)| *same != group) {
                let level = &self.levels[self.level(self.group.places(group))];
                known = Some((group, level, self.strata_of(group, level)));
            }
            let (_, level, strata) = known.as_ref().expect("it was just made");
            let stratum = strata.apply(self.group.ordinal(rows.get(at)));
            let place = self.groups_of(level, stratum).apply(group);
            out.push(self.law.parent_of(self.rank(level, stratum, place)));
        }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        self.visit(parent, visit);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FanOutShape, PerParent, check};
    use super::*;
    use crate::distribution::find;
    use crate::spec::{Argument, Arguments};
    use std::collections::HashSet;

    fn key(name: &str) -> Key {
        Key::new(9, &[name])
    }

    fn zipf(exponent: f64) -> FanOutShape {
        let given = vec![("s".to_owned(), Argument::Number(exponent), Default::default())];
        FanOutShape::Shape((find("zipf").expect("is there").build)(&Arguments { given }).expect("is good"))
    }

    fn distinct(group: Arc<dyn Relation>, groups: u64, parents: u64, shape: &FanOutShape) -> Distinct {
        let law = FanOut::new(group.children(), parents, shape, key("law")).expect("has parents");
        let most = (0..groups).map(|group_row| group.child_count(group_row)).max().unwrap_or(0);
        Distinct::new(group, groups, most, law, key("distinct"))
    }

    fn groups(rows: u64) -> Vec<Arc<dyn Relation>> {
        vec![
            Arc::new(FanOut::new(rows, 60, &FanOutShape::Uniform, key("groups")).expect("has parents")),
            Arc::new(FanOut::new(rows, 60, &zipf(0.8), key("groups")).expect("has parents")),
            Arc::new(PerParent::fixed(60, rows / 60).expect("can be counted")),
        ]
    }

    #[test]
    fn nothing_repeats_within_a_group_and_both_directions_agree() {
        for rows in [60, 300] {
            for group in groups(rows) {
                let most = (0..60).map(|at| group.child_count(at)).max().expect("has groups");
                // As many parents as the largest group needs, and more.
                for parents in [most, most + 1, 100, 1500] {
                    if parents < most {
                        continue;
                    }
                    for shape in [FanOutShape::Uniform, FanOutShape::Even, zipf(1.1)] {
                        let relation = distinct(group.clone(), 60, parents, &shape);
                        check::both_ways(&relation, parents);
                        let mut seen = HashSet::new();
                        for row in 0..rows {
                            assert!(seen.insert((group.parent(row), relation.parent(row))), "a pair repeats");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn popularity_follows_the_law_as_far_as_groups_allow() {
        let group: Arc<dyn Relation> = Arc::new(PerParent::fixed(20_000, 4).expect("can be counted"));
        let relation = distinct(group, 20_000, 1_000, &zipf(0.7));
        let mut counts: Vec<u64> = (0..1_000).map(|parent| relation.child_count(parent)).collect();
        counts.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
        let total: f64 = (1..=1_000).map(|rank| libm::pow(rank as f64, -0.7)).sum();
        for rank in [1, 2, 5, 20, 100, 500] {
            let expected = 80_000.0 * libm::pow(rank as f64, -0.7) / total;
            let found = counts[rank - 1] as f64;
            assert!((found / expected - 1.0).abs() < 0.12, "rank {rank}: {found} of {expected}");
        }
    }

    #[test]
    fn parents_stand_in_proportion_to_their_weights() {
        let group: Arc<dyn Relation> = Arc::new(PerParent::fixed(5_000, 3).expect("can be counted"));
        let weights: Vec<f64> = (0..60).map(|row| 1.0 + (row * 7 % 10) as f64).collect();
        let relation =
            Distinct::weighted(group, 5_000, 3, Weights::new(&weights, key("law")), key("distinct"));
        check::sampled(&relation, 60);
        let total: f64 = weights.iter().sum();
        for (row, weight) in weights.iter().enumerate() {
            let (found, share) = (relation.child_count(row as u64) as f64, 15_000.0 * weight / total);
            assert!((found / share - 1.0).abs() < 0.15, "row {row}: {found} of {share}");
        }
    }

    #[test]
    fn nobody_stands_twice_however_popular() {
        let group: Arc<dyn Relation> = Arc::new(PerParent::fixed(1_000, 4).expect("can be counted"));
        let relation = distinct(group, 1_000, 50, &zipf(3.0));
        let most = (0..50).map(|parent| relation.child_count(parent)).max();
        assert_eq!(most, Some(1_000), "the most popular is in every group, once");
    }
}
