//! A group's things dealt to the rows of a list in proportion to their weights, decided by a key.

use super::lists::List;
use crate::random::{Key, Permutation, mix, to_unit};

/// `things` dealt to the rows of a list; made in some 60 ns and kept for a moment.
///
/// Weights laid end to end make a line; the things, in an order of their own, stand on it one by one, each anywhere in its own
/// equal stretch. So each row has its share to within two, and both directions are a permutation and a search.
pub(super) struct Portions<'l> {
    things: u64,
    list: List<'l>,
    places: Key,
    order: Permutation,
}

impl<'l> Portions<'l> {
    /// The portions of a group.
    pub fn new(key: Key, group: u64, things: u64, list: List<'l>) -> Self {
        let part = |part: u64| Key::from_raw(mix(key, group ^ part << 62), mix(key, !group));
        Self { things, list, places: part(0), order: Permutation::passing(part(1), things) }
    }

    /// The place in the list that a thing goes to; the list must have rows.
    pub fn place_of(&self, thing: u64) -> usize {
        let stand = self.order.apply(thing);
        let is_before = |place: usize| !self.stands_before(stand, place);
        let (mut low, mut high) = (0, self.list.rows.len() - 1);
        while low < high {
            let middle = (low + high) / 2;
            (low, high) = if is_before(middle) { (middle + 1, high) } else { (low, middle) };
        }
        low
    }

    /// The things that go to a place.
    pub fn things_of(&self, place: usize) -> impl Iterator<Item = u64> {
        let start = if place == 0 { 0 } else { self.end(place - 1) };
        (start..self.end(place)).map(|stand| self.order.invert(stand))
    }

    /// How many things stand before the end of a place.
    fn end(&self, place: usize) -> u64 {
        let stretch = (self.point(place) as u64).min(self.things);
        stretch + u64::from(stretch < self.things && self.stands_before(stretch, place))
    }

    /// Whether a thing stands before the end of a place; all stand before that of the last.
    fn stands_before(&self, stand: u64, place: usize) -> bool {
        if place + 1 == self.list.rows.len() {
            return true;
        }
        let point = self.point(place);
        let stretch = point as u64;
        stand < stretch || stand == stretch && to_unit(mix(self.places, stand)) < point - stretch as f64
    }

    /// Where a place ends, in things.
    fn point(&self, place: usize) -> f64 {
        match place + 1 == self.list.rows.len() {
            true => self.things as f64,
            false => self.things as f64 * (self.list.ends[place] / self.list.total()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lists::Lists;
    use super::*;

    #[test]
    fn everything_is_dealt_once_in_proportion_and_found_from_both_sides() {
        let weights = [1.0, 0.001, 5.0, 2.5, 1e-9, 40.0, 1.0];
        for rows in 1..=weights.len() {
            let members = (0..rows).map(|row| (3, row as u32, weights[row])).collect();
            let lists = Lists::new(members);
            let list = lists.of(3);
            for things in [0, 1, 2, 9, 500] {
                let portions = Portions::new(Key::new(1, &["portions"]), 3, things, list);
                let mut seen = vec![0; things as usize];
                for (place, weight) in weights[..rows].iter().enumerate() {
                    let own: Vec<u64> = portions.things_of(place).collect();
                    let share = things as f64 * weight / list.total();
                    assert!((own.len() as f64 - share).abs() <= 2.0, "{} of {share}", own.len());
                    for thing in own {
                        assert_eq!(portions.place_of(thing), place);
                        seen[thing as usize] += 1;
                    }
                }
                assert!(seen.iter().all(|times| *times == 1), "{things} to {rows}");
            }
        }
    }
}
