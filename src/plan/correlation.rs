//! Columns of a row that go together: `correlation`, by a Gaussian copula.
//!
//! Each column's normal number is a sum of independent ones: its own, and those of the columns that it is correlated with. Their
//! coefficients are settled here, before columns are built; which columns can be correlated shows when they are.

use super::draft::Draft;
use super::generators::{Built, Place};
use super::ranges::RangeBounds;
use crate::column::Draws;
use crate::spec::At;
use crate::value::Layout;
use crate::value::parse::Scalar;
use std::collections::BTreeMap;
use std::f64::consts::PI;

/// A column's normal number: the coefficient of each column's own, by the column's place in the table.
type Sum = BTreeMap<usize, f64>;

/// Why most columns cannot be correlated.
pub(super) const NOT_DRAWN: &str = "its values are not drawn between bounds";

/// How far beyond 1 the explained part of a column may be by rounding alone.
const ROUNDING: f64 = 1e-9;

impl Draft<'_> {
    /// Settles the draws of all correlated columns.
    pub fn settle_correlations(&mut self) {
        for table in 0..self.tables.len() {
            let mut sums: BTreeMap<usize, Option<Sum>> = BTreeMap::new();
            for column in 0..self.tables[table].columns.len() {
                self.settle_sum(table, column, &mut sums, &mut Vec::new());
            }
            for (column, sum) in sums {
                let names = |at: &usize| self.tables[table].columns[*at].name();
                let parts = sum.filter(|sum| sum.len() > 1).map(|sum| {
                    sum.iter().map(|(at, factor)| (*factor, self.key(table, names(at), "range"))).collect()
                });
                self.tables[table].columns[column].correlated = parts;
            }
        }
    }

    /// The column's normal number, those that it is correlated with first; `None` where that was refused.
    fn settle_sum(
        &mut self,
        table: usize,
        column: usize,
        sums: &mut BTreeMap<usize, Option<Sum>>,
        chain: &mut Vec<usize>,
    ) {
        if sums.contains_key(&column) {
            return;
        }
        let spec = self.tables[table].columns[column].spec;
        let mut others = Vec::new();
        chain.push(column);
        for (name, coefficient) in &spec.modifiers.correlation {
            let Some(other) = self.find_column(table, name) else { continue };
            if chain.contains(&other) {
                let message = format!("`{}` is correlated with itself", spec.name.value);
                let help = "say it at one of two columns: the other's values then do not depend on it";
                let names = chain.iter().chain([&other]).map(|at| self.tables[table].columns[*at].name());
                let names = names.collect::<Vec<_>>().join(" -> ");
                self.refuse(name.span, message, format!("{help} ({names})"));
                continue;
            }
            self.settle_sum(table, other, sums, chain);
            if let Some(Some(sum)) = sums.get(&other) {
                others.push((sum.clone(), normal_correlation(coefficient.value)));
            }
        }
        chain.pop();
        let sum = match others.len() == spec.modifiers.correlation.len() {
            true => self.combined_sum(column, &others, spec.modifiers.correlation.first()),
            false => None,
        };
        sums.insert(column, sum);
    }

    /// The sum that has these correlations with other sums, and its own number for what is left.
    fn combined_sum(
        &mut self,
        column: usize,
        others: &[(Sum, f64)],
        first: Option<&(At<String>, At<f64>)>,
    ) -> Option<Sum> {
        let wanted: Vec<f64> = others.iter().map(|(_, wanted)| *wanted).collect();
        let among: Vec<Vec<f64>> =
            others.iter().map(|(a, _)| others.iter().map(|(b, _)| product(a, b)).collect()).collect();
        let factors = solve(among, wanted.clone());
        let explained: Option<f64> =
            factors.as_ref().map(|factors| factors.iter().zip(&wanted).map(|(a, b)| a * b).sum());
        let (Some(factors), Some(explained)) = (factors, explained.filter(|x| *x <= 1.0 + ROUNDING)) else {
            let (name, _) = first.expect("without others nothing is explained");
            self.refuse(
                name.span,
                "no values have these correlations together",
                "the columns named are correlated with each other, so that one coefficient bounds the next; bring them \
                 closer to 0",
            );
            return None;
        };
        let mut sum = Sum::new();
        for ((other, _), factor) in others.iter().zip(factors) {
            other.iter().for_each(|(at, part)| *sum.entry(*at).or_default() += factor * part);
        }
        sum.insert(column, (1.0 - explained).max(0.0).sqrt());
        Some(sum)
    }

    /// The draws of a range.
    pub(super) fn draws(&self, place: &Place) -> Draws {
        let of = &self.tables[place.table];
        let correlated =
            of.column_index(place.column).and_then(|column| of.columns[column].correlated.as_ref());
        match correlated.filter(|_| place.part.is_empty()) {
            Some(parts) => Draws::Correlated(parts.clone()),
            None => Draws::Own(self.part_key(place, "range")),
        }
    }

    /// Remembers whether a column rises with its draw, and else why not.
    pub(super) fn note_that_it_rises(&mut self, place: &Place, bounds: &RangeBounds) {
        let is_fixed = |bound: &Option<Result<Scalar, _>>| !matches!(bound, Some(Err(_)));
        let finding = match () {
            () if place.sql_type.layout() == Layout::Wide => Err("its values have more than 18 digits"),
            () if !(is_fixed(&bounds.low) && is_fixed(&bounds.high)) => {
                Err("its bounds are computed per row")
            }
            () => Ok(()),
        };
        self.note_finding(place, finding);
    }

    /// Bands rise when each begins where the one before has ended.
    pub(super) fn note_bands(&mut self, place: &Place, ends: &[Option<(Scalar, Scalar)>]) {
        let below = |a: &Scalar, b: &Scalar| match (a, b) {
            (Scalar::Int(a), Scalar::Int(b)) => a <= b,
            (Scalar::Float(a), Scalar::Float(b)) => a <= b,
            _ => false,
        };
        let follow = ends.windows(2).all(|pair| match pair {
            [Some((_, before)), Some((after, _))] => below(before, after),
            _ => false,
        });
        self.note_finding(
            place,
            match follow && place.modifiers.quota.is_none() {
                true => Ok(()),
                false if place.modifiers.quota.is_some() => Err("its bands have a quota"),
                false => {
                    Err("its bands are not in ascending order, each after the one before, with fixed bounds")
                }
            },
        );
    }

    pub(super) fn note_finding(&mut self, place: &Place, finding: Result<(), &'static str>) {
        let of = &mut self.tables[place.table];
        if let (true, Some(column)) = (place.part.is_empty(), of.column_index(place.column)) {
            of.columns[column].rises = finding;
        }
    }

    /// Refuses correlations of columns whose values do not rise with one draw.
    pub fn check_correlations(&mut self, built: &[Vec<Option<Built>>]) {
        for (table, built) in built.iter().enumerate() {
            for column in 0..built.len() {
                let spec = self.tables[table].columns[column].spec;
                for (name, _) in &spec.modifiers.correlation {
                    let of = &self.tables[table];
                    let Some(other) = of.column_index(&name.value) else { continue };
                    // Of a column that was refused nothing more is said.
                    if built[column].is_none() || built[other].is_none() {
                        continue;
                    }
                    // Then the correlation was refused already.
                    if of.columns[column].rises == Err(NOT_DRAWN) {
                        continue;
                    }
                    let pair = [column, other].map(|at| &of.columns[at]);
                    if let Some((bad, why)) =
                        pair.iter().find_map(|of| of.rises.err().map(|why| (of.name(), why)))
                    {
                        let message = format!("`{bad}` cannot be correlated: {why}");
                        self.refuse(
                            name.span,
                            message,
                            "both columns need `min` and `max`, a distribution or ascending `bands`",
                        );
                    }
                }
            }
        }
    }
}

/// The correlation of normal numbers whose ranks have this one (Pearson 1907; Kruskal, "Ordinal measures of association",
/// JASA 53, 1958).
fn normal_correlation(of_ranks: f64) -> f64 {
    2.0 * libm::sin(PI / 6.0 * of_ranks)
}

fn product(a: &Sum, b: &Sum) -> f64 {
    a.iter().filter_map(|(at, x)| b.get(at).map(|y| x * y)).sum()
}

/// The solution of a symmetric, positive definite system, by Gauss; `None` where it is not.
fn solve(mut rows: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for pivot in 0..n {
        if rows[pivot][pivot] < ROUNDING {
            return None;
        }
        let (above, below) = rows.split_at_mut(pivot + 1);
        for (at, row) in below.iter_mut().enumerate() {
            let factor = row[pivot] / above[pivot][pivot];
            row.iter_mut().zip(&above[pivot]).for_each(|(x, y)| *x -= factor * y);
            right[pivot + 1 + at] -= factor * right[pivot];
        }
    }
    for at in (0..n).rev() {
        let known: f64 = (at + 1..n).map(|next| rows[at][next] * right[next]).sum();
        right[at] = (right[at] - known) / rows[at][at];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_solved_or_known_to_have_no_solution() {
        let solution = solve(vec![vec![1.0, 0.5], vec![0.5, 1.0]], vec![0.6, 0.4]).expect("is definite");
        assert!((solution[0] - 8.0 / 15.0).abs() < 1e-12 && (solution[1] - 2.0 / 15.0).abs() < 1e-12);
        assert_eq!(solve(vec![vec![1.0, 1.0], vec![1.0, 1.0]], vec![0.6, 0.4]), None);
        assert_eq!(solve(Vec::new(), Vec::new()), Some(Vec::new()));
    }
}
