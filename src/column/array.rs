//! Arrays of scalars.

use super::combined::Choices;
use super::lengths::Lengths;
use super::{Column, Subset};
use crate::expression::{Batch, Failure};
use crate::random::{CellRng, Key, mix, to_unit};
use crate::value::{Data, List, Vector};
use std::collections::BTreeMap;

/// Some elements in each row.
pub struct Array {
    /// What makes the elements.
    pub elements: Elements,
    /// How many there are.
    pub lengths: Lengths,
    /// The share of elements that are null, and its draws.
    pub null: Option<(f64, Key)>,
    /// Draws of the length.
    pub key: Key,
}

/// What makes the elements.
pub enum Elements {
    /// Another column, each by itself.
    Made(Box<dyn Column>),
    /// Picks that differ within an array; there are at least as many choices as elements.
    Distinct(Picks),
}

/// Choices to pick from without repeats.
pub struct Picks {
    /// What can be picked.
    pub choices: Choices,
    /// How many choices there are.
    pub count: u64,
    /// Their weights, if they are not picked alike.
    pub weights: Option<Vec<f64>>,
    /// The draws.
    pub key: Key,
}

impl Column for Array {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let lengths = self.lengths.fill(&rows.map(|row| mix(self.key, row)));
        let mut offsets = vec![0i32];
        let mut owners = Vec::new();
        let mut element_rows = Vec::new();
        for (at, length) in lengths.iter().enumerate() {
            for nth in 0..*length {
                owners.push(at as u32);
                // Every element is a row of its own: numbers of different rows' elements never meet.
                element_rows.push(rows.get(at) * self.lengths.max + nth);
            }
            offsets.push(owners.len() as i32);
        }
        let keep = self.null.map(|(share, key)| {
            element_rows.iter().map(|row| to_unit(mix(key, *row)) >= share).collect::<Vec<_>>()
        });
        let values = match &self.elements {
            Elements::Made(element) => {
                let elements = Subset::with_rows(batch, owners, element_rows);
                element.fill(&elements).map_err(|failure| elements.outward(failure))?
            }
            Elements::Distinct(picks) => {
                let mut picked = Vec::with_capacity(owners.len());
                for (at, length) in lengths.into_iter().enumerate() {
                    picks.pick(&mut CellRng::new(picks.key, rows.get(at)), length, &mut picked);
                }
                picks.choices.values(&picked)
            }
        };
        let values = match keep {
            Some(keep) => values.masked(&keep),
            None => values,
        };
        Ok(Data::List(List { offsets, values: Box::new(values) }).into())
    }
}

impl Picks {
    /// Appends so many different numbers of choices.
    fn pick(&self, rng: &mut CellRng, length: u64, picked: &mut Vec<u64>) {
        match &self.weights {
            None => shuffled(rng, self.count, length, picked),
            Some(weights) => by_weight(rng, weights, length, picked),
        }
    }
}

/// So few numbers that a search among them takes less time than a tree.
const FEW: u64 = 16;

/// The first numbers of a shuffle (Fisher and Yates) of `0..count`, of which only what was moved is kept.
fn shuffled(rng: &mut CellRng, count: u64, length: u64, picked: &mut Vec<u64>) {
    if length > FEW {
        return shuffled_many(rng, count, length, picked);
    }
    // Where something was moved to, and what stands there now; the latest counts.
    let mut moved = [(0, 0); FEW as usize];
    for at in 0..length {
        let before = &moved[..at as usize];
        let standing =
            |place| before.iter().rev().find(|(to, _)| *to == place).map_or(place, |(_, number)| *number);
        let other = at + rng.below(count - at);
        let (here, there) = (standing(at), standing(other));
        picked.push(there);
        moved[at as usize] = (other, here);
    }
}

fn shuffled_many(rng: &mut CellRng, count: u64, length: u64, picked: &mut Vec<u64>) {
    let mut moved = BTreeMap::new();
    for at in 0..length {
        let other = at + rng.below(count - at);
        let here = moved.get(&at).copied().unwrap_or(at);
        picked.push(moved.insert(other, here).unwrap_or(other));
    }
}

/// One after the other by weight among those that are left: the order of exponential waiting times (Efraimidis and Spirakis,
/// "Weighted random sampling with a reservoir", 2006).
fn by_weight(rng: &mut CellRng, weights: &[f64], length: u64, picked: &mut Vec<u64>) {
    let mut waits: Vec<(f64, u64)> = weights
        .iter()
        .enumerate()
        .map(|(at, weight)| (-libm::log1p(-rng.unit()) / weight, at as u64))
        .filter(|(wait, _)| wait.is_finite())
        .collect();
    waits.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    picked.extend(waits.iter().take(length as usize).map(|(_, at)| at));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_are_shuffled_as_many_are() {
        let key = Key::new(2, &["picks"]);
        for row in 0..2_000 {
            let count = FEW + row % 20;
            let (mut few, mut many) = (Vec::new(), Vec::new());
            shuffled(&mut CellRng::new(key, row), count, row % (FEW + 1), &mut few);
            shuffled_many(&mut CellRng::new(key, row), count, row % (FEW + 1), &mut many);
            assert_eq!(few, many);
        }
    }

    #[test]
    fn picks_differ_and_each_is_as_likely_as_its_weight_says() {
        let key = Key::new(1, &["picks"]);
        let mut firsts = [0; 5];
        for row in 0..20_000 {
            let mut picked = Vec::new();
            shuffled(&mut CellRng::new(key, row), 5, 4, &mut picked);
            firsts[picked[3] as usize] += 1;
            picked.sort_unstable();
            picked.dedup();
            assert_eq!(picked.len(), 4);
        }
        assert!(firsts.iter().all(|times| (3_800..4_200).contains(times)), "{firsts:?}");

        let mut firsts = [0; 3];
        for row in 0..20_000 {
            let mut picked = Vec::new();
            by_weight(&mut CellRng::new(key, row), &[6.0, 0.0, 2.0], 2, &mut picked);
            firsts[picked[0] as usize] += 1;
            assert_ne!(picked[0], picked[1]);
        }
        assert!(firsts[1] == 0 && (14_700..15_300).contains(&firsts[0]), "three of four: {firsts:?}");
    }
}
