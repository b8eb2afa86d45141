//! Ordinary references: child rows that refer to parent rows anywhere.

use super::law::Law;
use super::quotas::{Quotas, Stratum};
use super::{Families, Relation};
use crate::distribution::{Distribution, Harmonic, Poisson, Popularity};
use crate::random::{Key, Permutation};
use crate::spec::Refusal;
use crate::value::Rows;
use std::sync::OnceLock;

/// How many child rows the parents have.
#[derive(Debug)]
pub enum FanOutShape {
    /// As if each child had drawn its parent from all alike: counts are distributed as Poisson's law says.
    Uniform,
    /// The same for all parents, to within one.
    Even,
    /// In proportion to a distribution: its quantiles, or for [`Popularity::Ranks`] its ranks; as `Uniform` for
    /// [`Popularity::Equal`].
    Shape(Box<dyn Distribution>),
    /// At most one child per parent: a unique reference. There must be as many parents as children, or more.
    OneToOne,
}

/// A reference whose counts follow a law exactly, while which rows refer to which looks random.
///
/// Parents have *ranks*, children have *positions*, both by permutations of the row numbers. The law says how many
/// positions each rank has (the quotas); rank after rank, they are dealt out. So a child's parent is
/// permutation, look-up, permutation; a parent's children are the way back. Totals are exact: the counts of all parents add up to
/// the number of children.
///
/// The law is stratified: with a thousand parents, the counts are the thousand quantiles, not a sample of a thousand. Sums
/// and shares therefore agree with the law from the smallest table on.
#[derive(Debug)]
pub struct FanOut {
    children: u64,
    parents: u64,
    positions: Permutation,
    ranks: Permutation,
    quotas: Quotas,
    /// The parent of each rank, where they are few; made when it is first asked for.
    parent_of_rank: OnceLock<Vec<u32>>,
}

/// Of so many parents, 256 KB, each rank's is looked up: a third of the time that the permutation takes.
const FEW_PARENTS: u64 = 65_536;

impl FanOut {
    /// `children` rows that refer to `parents` rows. Refused when there are children but no parents, when a one-to-one
    /// reference has too few parents, and when the shape gives no parent any weight.
    pub fn new(children: u64, parents: u64, shape: &FanOutShape, key: Key) -> Result<Self, Refusal> {
        if children > 0 && parents == 0 {
            return Err(Refusal::whole("the referenced table has no rows"));
        }
        let quotas = match shape {
            FanOutShape::Uniform => equal_chances(children, parents),
            FanOutShape::Even => Quotas::even(children, parents),
            FanOutShape::OneToOne if children > parents => {
                let message = format!("{children} rows cannot refer to {parents} rows, each to another one");
                return Err(Refusal::whole(message));
            }
            FanOutShape::OneToOne => Quotas::one_each(children, parents),
            FanOutShape::Shape(law) => match law.popularity() {
                Popularity::Equal => equal_chances(children, parents),
                Popularity::Ranks { exponent, ranks } => ranked(children, parents, exponent, ranks),
                Popularity::Quantiles => by_quantiles(children, parents, &**law)?,
            },
        };
        let positions = Permutation::new(key.child("positions"), children);
        let ranks = Permutation::new(key.child("ranks"), parents);
        Ok(Self { children, parents, positions, ranks, quotas, parent_of_rank: OnceLock::new() })
    }

    /// Ranks become parents.
    fn to_parents(&self, ranks: &mut [u64]) {
        // With fewer children than parents the table would not pay.
        if self.parents > FEW_PARENTS || self.children < self.parents {
            return self.ranks.apply_slice(ranks);
        }
        let parents = self.parent_of_rank.get_or_init(|| {
            let mut parents: Vec<u64> = (0..self.parents).collect();
            self.ranks.apply_slice(&mut parents);
            parents.into_iter().map(|parent| parent as u32).collect()
        });
        ranks.iter_mut().for_each(|rank| *rank = parents[*rank as usize] as u64);
    }
}

impl Law for FanOut {
    fn ranks(&self) -> u64 {
        self.parents
    }

    fn positions(&self) -> u64 {
        self.children
    }

    fn rank_at(&self, position: u64) -> u64 {
        self.quotas.rank(position)
    }

    fn positions_of(&self, rank: u64) -> (u64, u64) {
        self.quotas.positions(rank)
    }

    fn parent_of(&self, rank: u64) -> u64 {
        self.ranks.apply(rank)
    }

    fn rank_of(&self, parent: u64) -> Option<u64> {
        (parent < self.parents).then(|| self.ranks.invert(parent))
    }
}

impl Relation for FanOut {
    fn children(&self) -> u64 {
        self.children
    }

    fn parents(&self, rows: &Rows, out: &mut Vec<u64>) {
        let start = out.len();
        rows.for_each(|row| out.push(row));
        let values = &mut out[start..];
        self.positions.apply_slice(values);
        values.iter_mut().for_each(|value| *value = self.quotas.rank(*value));
        self.to_parents(values);
    }

    fn child_count(&self, parent: u64) -> u64 {
        if parent >= self.parents { 0 } else { self.quotas.positions(self.ranks.invert(parent)).1 }
    }

    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool) {
        if parent >= self.parents {
            return;
        }
        let (first, count) = self.quotas.positions(self.ranks.invert(parent));
        for position in first..first + count {
            if !visit(self.positions.invert(position)) {
                return;
            }
        }
    }

    fn most_children(&self) -> u64 {
        self.quotas.most()
    }

    fn finds_places(&self) -> bool {
        true
    }

    fn child_at(&self, parent: u64, place: u64) -> Option<u64> {
        let (first, _) = self.quotas.positions(self.ranks.invert(parent));
        Some(self.positions.invert(first + place))
    }

    fn ordinal(&self, child: u64) -> u64 {
        let position = self.positions.apply(child);
        position - self.quotas.positions(self.quotas.rank(position)).0
    }

    fn parent(&self, child: u64) -> u64 {
        self.ranks.apply(self.quotas.rank(self.positions.apply(child)))
    }

    fn families(&self, parents: &Rows, slice: usize, visit: &mut dyn FnMut(&[u64], &[u32]) -> bool) {
        let mut ranks = parents.map(|parent| parent);
        self.ranks.invert_slice(&mut ranks);
        // Positions are dealt out first, then turned into rows a slice at a time.
        let mut rows = Vec::with_capacity(slice);
        let mut to_rows = |positions: &[u64], places: &[u32]| {
            rows.clear();
            rows.extend_from_slice(positions);
            self.positions.invert_slice(&mut rows);
            visit(&rows, places)
        };
        let mut families = Families::new(slice, &mut to_rows);
        for (at, rank) in ranks.iter().enumerate() {
            let (first, count) = self.quotas.positions(*rank);
            if !(first..first + count).all(|position| families.push(position, at as u32)) {
                return;
            }
        }
        families.finish();
    }
}

/// Above this mean, Poisson's law has too many different counts to list, and strata of quantiles tell it as well.
const LISTED_MEAN: f64 = 10_000.0;

/// Counts as Poisson's law of mean `children / parents` has them: as many parents with 0, 1, 2, ... children.
fn equal_chances(children: u64, parents: u64) -> Quotas {
    if children == 0 {
        return Quotas::even(0, parents);
    }
    let mean = children as f64 / parents as f64;
    let law = Poisson::new(mean);
    if mean > LISTED_MEAN {
        return weighted(children, parents, |u| law.quantile(u));
    }
    let mut strata = Vec::new();
    let (mut done, mut count) = (0, 0.0);
    while done < parents {
        let upto = (parents as f64 * law.cdf(count)).round() as u64;
        // The last few, beyond the resolution of the cumulative function.
        let upto = if count > mean && law.survival(count) * (parents as f64) < 0.5 { parents } else { upto };
        let ranks = upto.clamp(done, parents) - done;
        if ranks > 0 {
            strata.push(Stratum { ranks, weight: ranks as f64 * count });
        }
        done += ranks;
        count += 1.0;
    }
    in_proportion(children, parents, strata)
}

/// Counts in proportion to `k^-exponent` for the first `ranks` ranks, the others none.
fn ranked(children: u64, parents: u64, exponent: f64, ranks: f64) -> Quotas {
    let harmonic = Harmonic::new(exponent);
    let weight = move |start: u64, end: u64| {
        let (start, end) = ((start as f64).min(ranks), (end as f64).min(ranks));
        if start == end { 0.0 } else { harmonic.sum(end) - harmonic.sum(start) }
    };
    let strata: Vec<Stratum> = strata(parents)
        .map(|(start, end)| Stratum { ranks: end - start, weight: weight(start, end) })
        .collect();
    in_proportion(children, parents, strata)
}

fn by_quantiles(children: u64, parents: u64, law: &dyn Distribution) -> Result<Quotas, Refusal> {
    if law.survival(0.0) <= 0.0 {
        let help = Some("how often a row is referred to cannot be below 0".to_string());
        let message = "the distribution has no values above 0".to_string();
        return Err(Refusal { parameter: None, message, help });
    }
    Ok(weighted(children, parents, |u| law.quantile(u)))
}

/// Counts in proportion to a quantile function, the largest first.
fn weighted(children: u64, parents: u64, quantile: impl Fn(f64) -> f64) -> Quotas {
    let strata: Vec<Stratum> = strata(parents)
        .map(|(start, end)| {
            let middle = (start as f64 + end as f64) / 2.0 / parents as f64;
            Stratum { ranks: end - start, weight: (end - start) as f64 * quantile(1.0 - middle).max(0.0) }
        })
        .collect();
    in_proportion(children, parents, strata)
}

/// Counts in proportion to the strata's weights. So few parents that the law gives none of them any weight share alike.
fn in_proportion(children: u64, parents: u64, strata: Vec<Stratum>) -> Quotas {
    if strata.iter().all(|stratum| stratum.weight == 0.0) {
        return Quotas::even(children, parents);
    }
    Quotas::new(children, &strata)
}

/// Cuts ranks into strata: the first 1,024 alone, then each 1/128 wider than what lies before it, but none wider than
/// 1/2,048 of all, so that neither a steep head nor a flat body is told coarsely. At most some 5,000.
fn strata(ranks: u64) -> impl Iterator<Item = (u64, u64)> + Clone {
    let widest = (ranks / 2048).max(1);
    let mut start = 0u64;
    std::iter::from_fn(move || {
        let end = (start + (start / 128).saturating_sub(7).clamp(1, widest)).min(ranks);
        let stratum = (start, end);
        start = end;
        (stratum.0 < ranks).then_some(stratum)
    })
}

#[cfg(test)]
mod tests;
