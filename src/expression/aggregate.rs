//! Aggregates over child rows: sum, count, min, max, avg, fed a batch at a time.
//!
//! An [`Accumulator`] holds one state per group and nothing per row (except for DISTINCT, which holds the distinct values
//! of the groups at hand), so memory is bounded by the parents of a batch.

use super::cast::{Willingness, cast};
use super::evaluate;
use super::kernel::compare::Order;
use super::kernel::wide::{self, LIMIT};
use super::tree::{Node, nulls};
use super::{Batch, Failure};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{Data, Layout, SqlType, Vector, text};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Count,
    Sum,
    Min,
    Max,
    Avg,
    Every,
    Any,
}

/// The aggregate functions by name.
pub(super) const MEASURES: &[(&str, Measure)] = &[
    ("count", Measure::Count),
    ("sum", Measure::Sum),
    ("min", Measure::Min),
    ("max", Measure::Max),
    ("avg", Measure::Avg),
    ("bool_and", Measure::Every),
    ("every", Measure::Every),
    ("bool_or", Measure::Any),
];

impl Measure {
    pub fn named(name: &str) -> Option<Measure> {
        MEASURES.iter().find(|(known, _)| *known == name).map(|(_, measure)| *measure)
    }
}

/// An aggregate over child rows, compiled.
pub struct Aggregate {
    measure: Measure,
    /// Computed from the child's inputs; `None` counts rows.
    argument: Option<Node>,
    filter: Option<Node>,
    distinct: bool,
    sql_type: SqlType,
}

impl Aggregate {
    pub(super) fn new(
        measure: Measure,
        argument: Option<Node>,
        filter: Option<Node>,
        distinct: bool,
        span: Span,
    ) -> Result<Self, Diagnostic> {
        if distinct && matches!(measure, Measure::Sum | Measure::Avg) {
            return Err(Diagnostic::new(span, "DISTINCT is supported for count only"));
        }
        let argument = match (measure, argument) {
            (Measure::Every | Measure::Any, Some(argument)) => {
                Some(cast(argument, &SqlType::Boolean, Willingness::Implicit)?)
            }
            (_, argument) => argument,
        };
        let of = argument.as_ref().map(|argument| &argument.sql_type);
        let sql_type = match (measure, of) {
            (Measure::Count, _) => SqlType::BigInt,
            (Measure::Sum, Some(SqlType::SmallInt | SqlType::Int)) => SqlType::BigInt,
            (Measure::Sum, Some(SqlType::BigInt)) => derived(0),
            (Measure::Sum, Some(SqlType::Numeric { scale, .. })) => derived(*scale),
            (Measure::Sum, Some(of @ (SqlType::Real | SqlType::Double | SqlType::Interval))) => of.clone(),
            (Measure::Avg, Some(of)) if of.is_integer() || matches!(of, SqlType::Numeric { .. }) => {
                derived(of.scale().unwrap_or(0).max(20))
            }
            (Measure::Avg, Some(SqlType::Real | SqlType::Double)) => SqlType::Double,
            (Measure::Min | Measure::Max, Some(of)) if is_ordered(of) => match of {
                SqlType::Varchar(_) => SqlType::Text,
                of => of.clone(),
            },
            (Measure::Every | Measure::Any, Some(of)) => of.clone(),
            (_, Some(of)) => {
                let name = MEASURES.iter().find(|(_, known)| *known == measure).map_or("", |(name, _)| name);
                return Err(Diagnostic::new(span, format!("function {name}({of}) does not exist")));
            }
            (_, None) => return Err(Diagnostic::new(span, "only count can do without a column")),
        };
        Ok(Self { measure, argument, filter, distinct, sql_type })
    }

    /// How many rows there are.
    pub fn row_count() -> Self {
        Self {
            measure: Measure::Count,
            argument: None,
            filter: None,
            distinct: false,
            sql_type: SqlType::BigInt,
        }
    }

    /// The type of the result.
    pub fn sql_type(&self) -> &SqlType {
        &self.sql_type
    }

    /// The function's name in SQL.
    pub fn name(&self) -> &'static str {
        let found = MEASURES.iter().find(|(_, measure)| *measure == self.measure);
        found.map_or("aggregate", |(name, _)| name)
    }

    /// Whether it only counts rows, so that no row needs to be looked at.
    pub fn is_plain_count(&self) -> bool {
        self.measure == Measure::Count && self.argument.is_none() && self.filter.is_none()
    }

    /// The child's inputs that argument and filter read, ascending.
    pub fn inputs(&self) -> Vec<usize> {
        let mut inputs = Vec::new();
        for node in self.argument.iter().chain(&self.filter) {
            node.collect_inputs(&mut inputs);
        }
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    /// Nothing seen yet, for groups `0..groups`.
    pub fn start(&self, groups: usize) -> Accumulator<'_> {
        let states = match (self.measure, self.argument.as_ref().map(|argument| &argument.sql_type)) {
            (Measure::Count, _) if self.distinct => States::Distinct(vec![BTreeSet::new(); groups]),
            (Measure::Count, _) => States::Count,
            (Measure::Min | Measure::Max, Some(of)) if of.layout() == Layout::Int => {
                // Any value is better than this one, or the same.
                let worst = if self.measure == Measure::Min { i64::MAX } else { i64::MIN };
                States::BestInteger(vec![worst; groups])
            }
            (Measure::Min | Measure::Max | Measure::Every | Measure::Any, _) => States::Best(None),
            (_, Some(SqlType::Real | SqlType::Double)) => States::Float(vec![0.0; groups]),
            (_, Some(SqlType::Interval)) => States::Interval(vec![Default::default(); groups]),
            _ => States::Exact(vec![0; groups]),
        };
        Accumulator { aggregate: self, counts: vec![0; groups], states }
    }
}

/// A numeric with room for any sum.
fn derived(scale: u8) -> SqlType {
    SqlType::Numeric { precision: 38, scale, bare: true }
}

fn is_ordered(sql_type: &SqlType) -> bool {
    !matches!(sql_type, SqlType::Json | SqlType::Jsonb | SqlType::Boolean | SqlType::Uuid)
}

/// The state of an aggregate for a batch of parents.
pub struct Accumulator<'a> {
    aggregate: &'a Aggregate,
    /// Per group how many values were not null.
    counts: Vec<i64>,
    states: States,
}

enum States {
    /// The counts say it all.
    Count,
    /// The distinct values seen, printed.
    Distinct(Vec<BTreeSet<Vec<u8>>>),
    /// Sums of integers and unscaled decimals.
    Exact(Vec<i128>),
    Float(Vec<f64>),
    Interval(Vec<crate::value::Interval>),
    /// Per group the least or greatest integer, decimal or moment so far.
    BestInteger(Vec<i64>),
    /// Per group the best value so far; `None` before the first batch.
    Best(Option<Vector>),
}

impl Accumulator<'_> {
    /// Adds a batch of child rows; `group_of_row[i]` is the group of the batch's row `i`.
    pub fn update(&mut self, batch: &dyn Batch, group_of_row: &[u32]) -> Result<(), Failure> {
        debug_assert_eq!(batch.rows().len(), group_of_row.len());
        let kept = match &self.aggregate.filter {
            None => None,
            Some(filter) => {
                let held = evaluate::whole(filter, batch)?;
                let bools = held.bools();
                Some(
                    (0..bools.len() as u32)
                        .filter(|at| bools[*at as usize] && held.is_valid(*at as usize))
                        .collect::<Vec<u32>>(),
                )
            }
        };
        // The filter stands before the argument, which sees only the rows it lets through.
        let groups: Cow<[u32]> = match &kept {
            None => Cow::Borrowed(group_of_row),
            Some(kept) => kept.iter().map(|at| group_of_row[*at as usize]).collect(),
        };
        let Some(argument) = &self.aggregate.argument else {
            groups.iter().for_each(|group| self.counts[*group as usize] += 1);
            return Ok(());
        };
        let evaluate = match self.states {
            States::Exact(_) => evaluate::chosen_narrow,
            _ => evaluate::chosen,
        };
        let values = evaluate(argument, batch, kept.as_deref())?;
        self.add(&values, &groups).map_err(|failure| Failure {
            at: failure.at.map(|at| kept.as_ref().map_or(at, |kept| kept[at] as usize)),
            ..failure
        })
    }

    fn add(&mut self, values: &Vector, groups: &[u32]) -> Result<(), Failure> {
        if let (States::Exact(sums), Vector { data: Data::Int(ints), valid: None }) =
            (&mut self.states, values)
            && ascend(groups)
        {
            add_families(sums, &mut self.counts, ints, groups);
            return Ok(());
        }
        let present = || groups.iter().enumerate().filter(|(at, _)| values.is_valid(*at));
        match &mut self.states {
            States::Count => {}
            States::Distinct(seen) => {
                let sql_type = &self.aggregate.argument.as_ref().expect("DISTINCT has an argument").sql_type;
                for (at, group) in present() {
                    let mut printed = Vec::new();
                    text::value(&mut printed, sql_type, values, at);
                    seen[*group as usize].insert(printed);
                }
            }
            States::Exact(sums) => match &values.data {
                Data::Int(ints) if values.valid.is_none() => {
                    let of_groups = groups.iter().zip(ints);
                    of_groups.for_each(|(group, value)| sums[*group as usize] += *value as i128);
                }
                Data::Int(ints) => {
                    present().for_each(|(at, group)| sums[*group as usize] += ints[at] as i128)
                }
                Data::Wide(wides) => {
                    for (at, group) in present() {
                        let sum = &mut sums[*group as usize];
                        *sum = sum.checked_add(wides[at]).ok_or_else(|| {
                            Failure::at(at, "numeric field overflow: the sum has more than 38 digits")
                        })?;
                    }
                }
                _ => unreachable!("exact sums are of integers and decimals"),
            },
            States::Float(sums) => {
                let floats = values.floats();
                present().for_each(|(at, group)| sums[*group as usize] += floats[at]);
            }
            States::Interval(sums) => {
                let Data::Interval(intervals) = &values.data else { unreachable!("sums of intervals") };
                for (at, group) in present() {
                    let sum = &mut sums[*group as usize];
                    sum.months = sum.months.wrapping_add(intervals[at].months);
                    sum.days = sum.days.wrapping_add(intervals[at].days);
                    sum.micros = sum.micros.wrapping_add(intervals[at].micros);
                }
            }
            States::BestInteger(best) => {
                let ints = values.ints();
                match self.aggregate.measure {
                    Measure::Min => present().for_each(|(at, group)| {
                        best[*group as usize] = best[*group as usize].min(ints[at]);
                    }),
                    _ => present().for_each(|(at, group)| {
                        best[*group as usize] = best[*group as usize].max(ints[at]);
                    }),
                }
            }
            States::Best(best) => {
                let before =
                    best.take().unwrap_or_else(|| nulls(&self.aggregate.sql_type, self.counts.len()));
                *best = Some(better(self.aggregate, before, &self.counts, values, groups));
            }
        }
        match &values.valid {
            None => groups.iter().for_each(|group| self.counts[*group as usize] += 1),
            Some(_) => present().for_each(|(_, group)| self.counts[*group as usize] += 1),
        }
        Ok(())
    }

    /// The result of each group.
    pub fn finish(self) -> Result<Vector, Failure> {
        let seen: Vec<bool> = self.counts.iter().map(|count| *count > 0).collect();
        let sql_type = &self.aggregate.sql_type;
        let data = match self.states {
            States::Count => return Ok(Data::Int(self.counts).into()),
            States::Distinct(seen) => {
                return Ok(Data::Int(seen.iter().map(|values| values.len() as i64).collect()).into());
            }
            // What stands behind a null is computed with, too, and must not overflow.
            States::BestInteger(best) => {
                Data::Int(best.iter().zip(&seen).map(|(best, seen)| if *seen { *best } else { 0 }).collect())
            }
            States::Best(best) => return Ok(best.unwrap_or_else(|| nulls(sql_type, self.counts.len()))),
            States::Exact(sums) => exact(self.aggregate, &sums, &self.counts)?,
            States::Float(sums) if self.aggregate.measure == Measure::Avg => {
                Data::Float(sums.iter().zip(&self.counts).map(|(sum, count)| sum / *count as f64).collect())
            }
            States::Float(sums) => Data::Float(match sql_type {
                SqlType::Real => sums.iter().map(|sum| *sum as f32 as f64).collect(),
                _ => sums,
            }),
            States::Interval(sums) => Data::Interval(sums),
        };
        Ok(Vector::new(data, Some(seen)))
    }
}

/// Whether each group's rows lie together, group after group.
fn ascend(groups: &[u32]) -> bool {
    groups.windows(2).fold(true, |all, pair| all & (pair[0] <= pair[1]))
}

/// Adds integers whose groups [`ascend`]. One sum runs through all of them, and a group's is the difference of what it is at its ends: no
/// addition waits for what was stored for the one before, and no jump depends on how many rows a group has.
fn add_families(sums: &mut [i128], counts: &mut [i64], ints: &[i64], groups: &[u32]) {
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return };
    let first = *first as usize;
    let mut ends = vec![(0i128, 0i64); *last as usize - first + 1];
    let mut sum = 0i128;
    for (at, (value, group)) in ints.iter().zip(groups).enumerate() {
        sum += *value as i128;
        ends[*group as usize - first] = (sum, at as i64 + 1);
    }
    let (mut sum, mut count) = (0, 0);
    let states = sums[first..].iter_mut().zip(&mut counts[first..]);
    for (end, (sum_of_group, count_of_group)) in ends.into_iter().zip(states) {
        // A group without rows has no end.
        if end.1 > 0 {
            *sum_of_group += end.0 - sum;
            *count_of_group += end.1 - count;
            (sum, count) = end;
        }
    }
}

fn exact(aggregate: &Aggregate, sums: &[i128], counts: &[i64]) -> Result<Data, Failure> {
    let overflow =
        |at: usize| Failure::at(at, format!("{} out of range: the sum is too large", aggregate.sql_type));
    if aggregate.measure == Measure::Avg {
        let from = aggregate.argument.as_ref().and_then(|argument| argument.sql_type.scale()).unwrap_or(0);
        let kept = aggregate.sql_type.scale().expect("averages are numeric");
        let average = |at: usize| match counts[at] {
            0 => Ok(0),
            count => wide::divide(sums[at], from, count as i128, 0, kept).ok_or_else(|| overflow(at)),
        };
        return Ok(Data::Wide((0..sums.len()).map(average).collect::<Result<_, _>>()?));
    }
    Ok(match aggregate.sql_type {
        SqlType::BigInt => {
            let sums = sums.iter().enumerate().map(|(at, sum)| i64::try_from(*sum).map_err(|_| overflow(at)));
            Data::Int(sums.collect::<Result<_, _>>()?)
        }
        _ => {
            if let Some(at) = sums.iter().position(|sum| sum.unsigned_abs() > LIMIT as u128) {
                return Err(overflow(at));
            }
            Data::Wide(sums.to_vec())
        }
    })
}

/// The best of what was there and what comes, per group.
fn better(aggregate: &Aggregate, before: Vector, counts: &[i64], values: &Vector, groups: &[u32]) -> Vector {
    let order = Order::of(&aggregate.sql_type);
    // false stands before true, so that `every` is the least and `bool_or` the greatest.
    let wanted = match aggregate.measure {
        Measure::Min | Measure::Every => std::cmp::Ordering::Less,
        _ => std::cmp::Ordering::Greater,
    };
    let base = before.len();
    let joined = Vector::concat(&[&before, values]);
    let mut best: Vec<u32> = (0..base as u32).collect();
    let mut seen: Vec<bool> = counts.iter().map(|count| *count > 0).collect();
    for (at, group) in groups.iter().enumerate().filter(|(at, _)| values.is_valid(*at)) {
        let group = *group as usize;
        if !seen[group] || order.values(&joined, base + at, &joined, best[group] as usize) == wanted {
            best[group] = (base + at) as u32;
            seen[group] = true;
        }
    }
    joined.take(&best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn families_add_up_as_rows_do(rows in vec((any::<i64>(), 0u32..3), 0..60), before in vec(any::<i64>(), 200)) {
            let mut group = 0;
            let groups: Vec<u32> = rows.iter().map(|(_, step)| { group += step; group }).collect();
            let ints: Vec<i64> = rows.iter().map(|(value, _)| *value).collect();
            prop_assert!(ascend(&groups));
            let start = || (before.iter().map(|sum| *sum as i128).collect::<Vec<_>>(), vec![7i64; before.len()]);
            let (mut sums, mut counts) = start();
            add_families(&mut sums, &mut counts, &ints, &groups);
            let (mut expected, mut expected_counts) = start();
            for (value, group) in ints.iter().zip(&groups) {
                expected[*group as usize] += *value as i128;
                expected_counts[*group as usize] += 1;
            }
            prop_assert_eq!((sums, counts), (expected, expected_counts));
        }
    }
}
