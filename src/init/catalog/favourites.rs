//! The parents that have most children, by their keys, and how the children of the others are spread.

use super::references::{Link, MOST_WEIGHED, classes};
use super::trial;
use crate::init::sketch::{Column, Maker, Rows, Table};
use crate::init::yaml::quoted;
use crate::value::text::quote_identifier;

/// How often numbers are shifted towards the sum that is wanted; what is left is a few rows.
const ROUNDS: usize = 4;

/// The parents that have most children, with their numbers, and how those of the others are spread.
pub struct Favourites<'h> {
    /// The hidden column of the parent.
    pub name: String,
    counts: Vec<(u64, &'h str)>,
    /// Numbers of children from-to, and how many of the other parents have as many.
    others: Vec<(u64, u64, u64)>,
}

impl<'h> Favourites<'h> {
    /// `None` where no parent has more than others; an error says why others have, where the favourites' keys are not in the data, or there are
    /// too many parents to be weighed.
    pub fn of(link: &Link, heads: &'h [(String, f64)]) -> Result<Option<Self>, String> {
        // The counts are exact where the statistics come from a sample: the commonest is the one with most.
        let mut left: Vec<(u64, u64)> = link.fan_out.map_or(vec![], |fan_out| fan_out.0.clone());
        let mut counts = Vec::new();
        for (key, share) in heads {
            let guess = libm::round(share * link.rows as f64).max(1.0) as u64;
            let count = take_largest(&mut left).unwrap_or(guess);
            counts.push((count, key.as_str()));
        }
        // Of parents that have as many as others, PostgreSQL keeps some: they are no favourites.
        let most_of_others = left.last().map(|(count, _)| *count);
        while let Some((count, _)) = counts.last().filter(|(count, _)| most_of_others >= Some(*count)) {
            put_back(&mut left, *count);
            counts.pop();
        }
        if counts.is_empty() {
            return Ok(None);
        }
        if link.parents > MOST_WEIGHED {
            return Err(format!("more than {MOST_WEIGHED} parents are not weighed one by one"));
        }
        let (mut counts, lost): (Vec<_>, Vec<_>) = counts.into_iter().partition(|(_, key)| link.makes(key));
        lost.into_iter().for_each(|(count, _)| put_back(&mut left, count));
        let favoured = counts.len() as u64;
        if counts.is_empty() {
            return Err(format!("the keys in {} are others here", link.key));
        }
        counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let others = match link.fan_out {
            Some(fan_out) => bands(&left, link.parents.saturating_sub(fan_out.parents())),
            None => {
                let seen = (link.known.distinct as u64).min(link.parents).saturating_sub(favoured).max(1);
                let share = 1.0 - link.known.null_share - link.known.common_share();
                let mean = libm::round(share * link.rows as f64 / seen as f64).max(1.0) as u64;
                bands(&[(mean, seen)], link.parents.saturating_sub(seen + favoured))
            }
        };
        let name = format!("{}_{}_rows", link.table, link.column);
        let mut favourites = Favourites { name, counts, others };
        favourites.balance(link);
        Ok(Some(favourites))
    }

    /// The parent's columns: what each has by chance, unless it is the same for all, and what it has.
    pub fn columns(&self, link: &Link) -> Vec<Column> {
        let (drawn, otherwise) = match (self.drawn(link), &self.others[..]) {
            (Some(drawn), _) => {
                let name = quote_identifier(&drawn.name);
                (Some(drawn), name)
            }
            (None, [(count, ..)]) => (None, count.to_string()),
            (None, _) => (None, "0".to_owned()),
        };
        let expression = link.by_cases(&self.counts, &otherwise);
        let mut column = hidden(self.name.clone(), Maker(vec![("expr", quoted(&expression))]));
        column.notes = vec![format!(
            "How many rows of {} refer here by {}: those with most, then as it is spread among the others.",
            link.table, link.column
        )];
        drawn.into_iter().chain([column]).collect()
    }

    /// How many children each parent has by chance, unless all have as many.
    fn drawn(&self, link: &Link) -> Option<Column> {
        let (from, to, _) = self.others.first()?;
        if self.others.len() == 1 && from == to {
            return None;
        }
        let is_single = self.others.iter().all(|(from, to, _)| from == to);
        let shown: Vec<String> = self
            .others
            .iter()
            .map(|(from, to, parents)| match is_single {
                true => format!("{from}: {parents}"),
                false => format!("{{min: {from}, max: {to}, weight: {parents}}}"),
            })
            .collect();
        let shown = shown.join(", ");
        let kinds = match is_single {
            true => ("values", format!("{{{shown}}}")),
            false => ("bands", format!("[{shown}]")),
        };
        let name = format!("{}_{}_others", link.table, link.column);
        Some(hidden(name, Maker(vec![kinds, ("quota", "true".into())])))
    }

    /// Makes all numbers come to the rows that there are, to the last one: then each parent has just its number, where it would else have
    /// one more or less by chance. The favourites' rows have drawn numbers that they do not use, which is why it takes a trial.
    fn balance(&mut self, link: &Link) {
        if link.known.null_share > 0.0 {
            return;
        }
        for _ in 0..ROUNDS {
            match self.missing(link) {
                Some(missing) if missing.unsigned_abs() > self.counts.len() as u64 => self.shift(missing),
                _ => break,
            }
        }
        let Some(missing) = self.missing(link).filter(|of| of.unsigned_abs() <= self.counts.len() as u64)
        else {
            return;
        };
        let steps = missing.unsigned_abs() as usize;
        match missing > 0 {
            true => self.counts.iter_mut().take(steps).for_each(|(count, _)| *count += 1),
            false => self.counts.iter_mut().rev().take(steps).for_each(|(count, _)| *count -= 1),
        }
    }

    /// How many rows there are beyond those that parents have, in the data at scale 1.
    fn missing(&self, link: &Link) -> Option<i64> {
        let favoured: u64 = self.counts.iter().map(|(count, _)| count).sum();
        let others = match self.drawn(link) {
            None => {
                self.others.first().map_or(0, |(count, ..)| *count)
                    * (link.parents - self.counts.len() as u64)
            }
            Some(drawn) => {
                let places: Vec<usize> =
                    self.counts.iter().map(|(_, key)| link.place(key)).collect::<Option<_>>()?;
                let table = Table {
                    name: link.parent.to_owned(),
                    rows: Rows::Fixed(link.parents),
                    columns: vec![drawn],
                    ..Table::default()
                };
                let mut numbers = Vec::with_capacity(link.parents as usize);
                trial::values(&table, 0, &mut |batch| numbers.extend_from_slice(batch.ints()))?;
                let unused: i64 = places.iter().map(|place| numbers[*place]).sum();
                (numbers.iter().sum::<i64>() - unused) as u64
            }
        };
        Some(link.rows as i64 - (favoured + others) as i64)
    }

    /// Some of the parents of the most frequent number get one child more or less; none loses its last one, or gets its first.
    fn shift(&mut self, missing: i64) {
        let least = if missing > 0 { 1 } else { 2 };
        let single = self.others.iter().filter(|(from, to, _)| from == to && *from >= least);
        let Some(&(count, _, parents)) = single.max_by_key(|(.., parents)| *parents) else { return };
        let moved = missing.unsigned_abs().min(parents / 2);
        let next = if missing > 0 { count + 1 } else { count - 1 };
        for (from, to, parents) in &mut self.others {
            if (*from, *to) == (count, count) {
                *parents -= moved;
            }
        }
        match self.others.iter_mut().find(|(from, to, _)| (*from, *to) == (next, next)) {
            Some((.., parents)) => *parents += moved,
            None => self.others.push((next, next, moved)),
        }
        self.others.sort_unstable();
    }
}

fn hidden(name: String, maker: Maker) -> Column {
    Column { name, sql_type: "int".into(), is_hidden: true, makers: vec![maker], ..Column::default() }
}

/// The largest number of children of any parent left, which is taken out.
fn take_largest(left: &mut Vec<(u64, u64)>) -> Option<u64> {
    let (count, parents) = left.last_mut()?;
    let count = *count;
    *parents -= 1;
    if *parents == 0 {
        left.pop();
    }
    Some(count)
}

fn put_back(left: &mut Vec<(u64, u64)>, count: u64) {
    match left.binary_search_by_key(&count, |(of, _)| *of) {
        Ok(at) => left[at].1 += 1,
        Err(at) => left.insert(at, (count, 1)),
    }
}

/// Numbers of children from-to, and how many parents have as many; so wide that those of a band are right on the whole.
fn bands(counts: &[(u64, u64)], childless: u64) -> Vec<(u64, u64, u64)> {
    let mut bands: Vec<(u64, u64, u64)> = (childless > 0).then_some((0, 0, childless)).into_iter().collect();
    if counts.is_empty() {
        return bands;
    }
    for (from, to, parents) in classes(counts) {
        let within = counts.iter().filter(|(count, _)| (from..=to).contains(&(*count as f64)));
        let children: u64 = within.map(|(count, of)| count * of).sum();
        let mean = children as f64 / parents;
        let (low, high) = match mean < (from + to) / 2.0 {
            true => (from, libm::round(2.0 * mean - from)),
            false => (libm::round(2.0 * mean - to), to),
        };
        bands.push((low.max(from) as u64, high.min(to) as u64, parents as u64));
    }
    bands
}
