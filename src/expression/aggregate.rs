//! Aggregates over child rows: sum, count, min, max, avg, fed a batch at a time.
//!
//! An [`Accumulator`] holds one state per group and nothing per row (except for DISTINCT, which holds the distinct values
//! of the groups at hand), so memory is bounded by the parents of a batch.

use super::cast::{Willingness, cast};
use super::evaluate;
use super::kernel::Lane;
use super::kernel::compare::Order;
use super::kernel::wide::{self, LIMIT};
use super::tree::{Node, nulls};
use super::{Batch, Failure};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{Data, Layout, SqlType, Vector, text};
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

/// The groups of a batch of rows, looked at once for all aggregates over these rows.
pub struct Groups<'g> {
    of_rows: &'g [u32],
    /// How many rows each group from the first to the last has, where each group's rows lie together, group after group.
    families: Option<Vec<i64>>,
}

impl<'g> Groups<'g> {
    /// `of_rows[i]` is the group of row `i`.
    pub fn new(of_rows: &'g [u32]) -> Self {
        let ascend = of_rows.windows(2).fold(true, |all, pair| all & (pair[0] <= pair[1]));
        let are_families = ascend && !of_rows.is_empty();
        Self { of_rows, families: are_families.then(|| sizes(of_rows)) }
    }

    fn are_families(&self) -> bool {
        self.families.is_some()
    }

    /// Adds the number of each group's rows.
    fn count(&self, counts: &mut [i64]) {
        match (&self.families, self.of_rows) {
            (Some(families), [first, ..]) => {
                counts[*first as usize..].iter_mut().zip(families).for_each(|(count, own)| *count += own)
            }
            _ => self.of_rows.iter().for_each(|group| counts[*group as usize] += 1),
        }
    }
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
    /// Adds a batch of child rows, which belong to these groups.
    pub fn update(&mut self, batch: &dyn Batch, groups: &Groups<'_>) -> Result<(), Failure> {
        let group_of_row = groups.of_rows;
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
        let kept_groups: Option<Vec<u32>> =
            kept.as_ref().map(|kept| kept.iter().map(|at| group_of_row[*at as usize]).collect());
        let kept_groups = kept_groups.as_deref().map(Groups::new);
        let groups = kept_groups.as_ref().unwrap_or(groups);
        let Some(argument) = &self.aggregate.argument else {
            groups.count(&mut self.counts);
            return Ok(());
        };
        let evaluate = match self.states {
            States::Exact(_) => evaluate::chosen_narrow,
            _ => evaluate::chosen,
        };
        let values = evaluate(argument, batch, kept.as_deref())?;
        self.add(&values, groups).map_err(|failure| Failure {
            at: failure.at.map(|at| kept.as_ref().map_or(at, |kept| kept[at] as usize)),
            ..failure
        })
    }

    fn add(&mut self, values: &Vector, of: &Groups<'_>) -> Result<(), Failure> {
        if let Vector { data: Data::Int(ints), valid: None } = values
            && of.are_families()
            && self.add_families(ints, of.of_rows)
        {
            of.count(&mut self.counts);
            return Ok(());
        }
        let groups = of.of_rows;
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
            None => of.count(&mut self.counts),
            Some(_) => present().for_each(|(_, group)| self.counts[*group as usize] += 1),
        }
        Ok(())
    }

    /// Adds integers whose groups are families; false where this aggregate has no shorter way for such.
    fn add_families(&mut self, ints: &[i64], groups: &[u32]) -> bool {
        match (&mut self.states, self.aggregate.measure) {
            (States::Exact(sums), _) => add_sums(sums, ints, groups),
            (States::BestInteger(best), Measure::Min) => keep_best(best, ints, groups, i64::MAX, i64::min),
            (States::BestInteger(best), _) => keep_best(best, ints, groups, i64::MIN, i64::max),
            _ => return false,
        }
        true
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

/// Adds integers to their groups' sums.
fn add_sums(sums: &mut [i128], ints: &[i64], groups: &[u32]) {
    /// A sum of as many numbers of so many bits as there can be in a batch has less than 64.
    const BITS: u32 = 32;
    let sums = &mut sums[groups[0] as usize..];
    let own = match Lane::Each(ints).ceiling() {
        Some(most) if most >> BITS == 0 && ints.len() < 1 << (63 - BITS) => {
            let own = families(ints.iter().copied(), groups, 0, |sum, value| sum + value);
            return sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += own as i128);
        }
        _ => families(ints.iter().map(|value| *value as i128), groups, 0, |sum, value| sum + value),
    };
    sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
}

/// Keeps the better of what each group has and its integers.
fn keep_best(best: &mut [i64], ints: &[i64], groups: &[u32], worst: i64, better: impl Fn(i64, i64) -> i64) {
    let own = families(ints.iter().copied(), groups, worst, &better);
    best[groups[0] as usize..].iter_mut().zip(own).for_each(|(best, own)| *best = better(*best, own));
}

/// How many rows each group has, from the first group to the last, by where its last row is.
fn sizes(groups: &[u32]) -> Vec<i64> {
    let (first, last) = (groups[0], groups[groups.len() - 1]);
    let mut sizes = vec![0; (last - first) as usize + 1];
    for (end, group) in (1..).zip(groups) {
        sizes[(group - first) as usize] = end;
    }
    let mut before = 0;
    for size in &mut sizes {
        // A group without rows has no end.
        let end = if *size == 0 { before } else { *size };
        (*size, before) = (end - before, end);
    }
    sizes
}

/// The values of each group put together, from the first group to the last; one without values has `nothing`. What is put
/// together stays at hand: no row waits for what was stored for the one before, and no jump depends on how many rows a group has.
fn families<T: Copy>(
    values: impl Iterator<Item = T>,
    groups: &[u32],
    nothing: T,
    together: impl Fn(T, T) -> T,
) -> Vec<T> {
    let (first, last) = (groups[0], groups[groups.len() - 1]);
    let mut of_groups = vec![nothing; (last - first) as usize + 1];
    let (mut so_far, mut before) = (nothing, first);
    for (value, group) in values.zip(groups) {
        so_far = together(if *group == before { so_far } else { nothing }, value);
        before = *group;
        of_groups[(group - first) as usize] = so_far;
    }
    of_groups
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
        fn families_add_up_as_rows_do(
            rows in vec((any::<i64>(), 0u32..64, 0u32..3), 1..60),
            are_small: bool,
            before in vec(any::<i64>(), 200),
        ) {
            let mut group = 0;
            let groups: Vec<u32> = rows.iter().map(|(.., step)| { group += step; group }).collect();
            let ints: Vec<i64> = rows
                .iter()
                .map(|(value, shift, _)| if are_small { (value >> 32) & 0xFFFF_FFFF } else { value >> shift })
                .collect();
            let mut sums: Vec<i128> = before.iter().map(|sum| *sum as i128).collect();
            let (mut counts, mut least, mut greatest) = (vec![7; before.len()], before.clone(), before.clone());
            let mut expected = (sums.clone(), counts.clone(), before.clone(), before);
            add_sums(&mut sums, &ints, &groups);
            Groups::new(&groups).count(&mut counts);
            keep_best(&mut least, &ints, &groups, i64::MAX, i64::min);
            keep_best(&mut greatest, &ints, &groups, i64::MIN, i64::max);
            for (value, group) in ints.iter().zip(&groups) {
                let group = *group as usize;
                expected.0[group] += *value as i128;
                expected.1[group] += 1;
                expected.2[group] = expected.2[group].min(*value);
                expected.3[group] = expected.3[group].max(*value);
            }
            prop_assert_eq!((sums, counts, least, greatest), expected);
        }
    }
}
