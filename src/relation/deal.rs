//! A few things dealt to a few takers, anew for each group: a customer's orders to the customer's addresses.

use crate::random::{Key, Permutation, mix};

/// `things` dealt to `takers`, decided by a key; made in some 60 ns and kept for a moment.
///
/// Things lie in an order of their own, takers in theirs. Taker `i`'s things begin at the place `things * (i + jitter) / takers`
/// with a jitter from -1/2 to 1/2, so that shares differ about as much as independent throws make them differ, and both
/// directions are a division and a look at the neighbours.
pub(super) struct Deal {
    things: u64,
    takers: u64,
    key: Key,
    order: Permutation,
    turns: Permutation,
}

impl Deal {
    /// The deal of a group.
    pub fn new(key: Key, group: u64, things: u64, takers: u64) -> Self {
        let part = |part: u64| Key::from_raw(mix(key, group * 4 + part), mix(key, !group));
        Self {
            things,
            takers,
            key: part(0),
            order: Permutation::passing(part(1), things),
            turns: Permutation::passing(part(2), takers),
        }
    }

    /// How many takers there are.
    pub fn takers(&self) -> u64 {
        self.takers
    }

    /// The turn whose things a thing is among; there must be takers.
    pub fn turn_of(&self, thing: u64) -> u64 {
        let place = self.order.apply(thing);
        // The last turn that begins at or before the place. Jitter moves a beginning by less than a turn.
        let guess = (place as u128 + 1) * self.takers as u128 / self.things as u128 + 1;
        let mut turn = (guess as u64).min(self.takers - 1);
        while self.begin(turn) > place {
            turn -= 1;
        }
        turn
    }

    /// The things of a turn.
    pub fn things_of(&self, turn: u64) -> impl Iterator<Item = u64> {
        (self.begin(turn)..self.begin(turn + 1)).map(|place| self.order.invert(place))
    }

    /// Whose turn it is.
    pub fn taker(&self, turn: u64) -> u64 {
        self.turns.apply(turn)
    }

    /// When a taker's turn is.
    pub fn turn(&self, taker: u64) -> u64 {
        self.turns.invert(taker)
    }

    /// The place where a turn's things begin; those of turn 0 at 0, and after the last turn there are none.
    fn begin(&self, turn: u64) -> u64 {
        if turn == 0 || turn >= self.takers {
            return if turn == 0 { 0 } else { self.things };
        }
        // In units of 2^-32 of a turn.
        let jittered = ((turn as u128) << 32) + (mix(self.key, turn) >> 32) as u128 - (1 << 31);
        ((self.things as u128 * jittered / self.takers as u128) >> 32) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_dealt_once_and_found_from_both_sides() {
        for group in 0..20 {
            for things in [1, 2, 3, 7, 50, 300] {
                for takers in [1, 2, 3, 4, 9, 100, 1000] {
                    let deal = Deal::new(Key::new(1, &["deal"]), group, things, takers);
                    let mut seen = vec![0; things as usize];
                    for turn in 0..takers {
                        assert_eq!(deal.turn(deal.taker(turn)), turn);
                        for thing in deal.things_of(turn) {
                            assert_eq!(deal.turn_of(thing), turn);
                            seen[thing as usize] += 1;
                        }
                    }
                    assert!(seen.iter().all(|times| *times == 1), "{things} to {takers}");
                }
            }
        }
    }

    #[test]
    fn takers_are_all_alike_over_many_groups() {
        for (things, takers) in [(1u64, 5u64), (3, 5), (12, 5), (2, 3)] {
            let mut counts = vec![0u64; takers as usize];
            for group in 0..20_000 {
                let deal = Deal::new(Key::new(2, &["deal"]), group, things, takers);
                (0..things).for_each(|thing| counts[deal.taker(deal.turn_of(thing)) as usize] += 1);
            }
            let expected = 20_000.0 * things as f64 / takers as f64;
            for count in counts {
                assert!((count as f64 / expected - 1.0).abs() < 0.05, "{count} of {expected}");
            }
        }
    }
}
