//! Which values a column has, and how often, in bounded memory.
//!
//! Values are kept by their hashes, the smallest ones only when there are too many: which values are kept then depends on no
//! order and is a fair sample of the distinct ones, each with its exact count (Bar-Yossef et al., 2002: "Counting distinct
//! elements in a data stream"). Two columns keep the same values, so that one can be looked for in the other.

use siphasher::sip128::{Hasher128, SipHasher13};
use std::collections::BTreeMap;
use std::hash::Hasher;

/// Values that are kept: all, in most samples. Some 400 KB for a column.
const KEPT: usize = 16_384;

/// The distinct values of a column.
#[derive(Clone, Debug, Default)]
pub struct Distinct {
    counts: BTreeMap<u64, u32>,
    /// Hashes from here on are not kept.
    limit: Option<u64>,
}

/// A hash that is the same on every machine.
pub fn hash(text: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(text.as_bytes());
    hasher.finish128().h1
}

impl Distinct {
    /// Counts a value.
    pub fn see(&mut self, hash: u64) {
        if self.limit.is_some_and(|limit| hash >= limit) {
            return;
        }
        *self.counts.entry(hash).or_default() += 1;
        if self.counts.len() > KEPT {
            self.limit = self.counts.pop_last().map(|(hash, _)| hash);
        }
    }

    /// How many there are; about, when not all are kept.
    pub fn count(&self) -> u64 {
        match self.limit {
            None => self.counts.len() as u64,
            Some(limit) => (self.counts.len() as f64 / (limit as f64 / u64::MAX as f64)) as u64,
        }
    }

    /// Whether no value repeats; of those that are kept.
    pub fn is_unique(&self) -> bool {
        self.counts.values().all(|count| *count == 1)
    }

    /// Whether all values are among another column's; of those that both would keep.
    pub fn is_within(&self, other: &Distinct) -> bool {
        let limit = other.limit.unwrap_or(u64::MAX);
        let mut shared = self.counts.keys().take_while(|hash| **hash < limit).peekable();
        shared.peek().is_some() && shared.all(|hash| other.counts.contains_key(hash))
    }

    /// How often values occur, of those that are kept.
    pub fn counts(&self) -> impl Iterator<Item = u32> {
        self.counts.values().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl Iterator<Item = u64>) -> Distinct {
        let mut distinct = Distinct::default();
        values.for_each(|value| distinct.see(hash(&value.to_string())));
        distinct
    }

    #[test]
    fn few_values_are_counted_exactly() {
        let distinct = of((0..1_000).map(|value| value % 10));
        assert_eq!(distinct.count(), 10);
        assert!(!distinct.is_unique() && distinct.counts().all(|count| count == 100));
        assert!(of(0..KEPT as u64).is_unique());
    }

    #[test]
    fn many_values_are_counted_within_a_few_percent() {
        let distinct = of((0..300_000).map(|value| value / 3));
        let count = distinct.count();
        assert!((97_000..103_000).contains(&count), "{count}");
        assert!(distinct.counts().all(|count| count == 3) && !distinct.is_unique());
    }

    #[test]
    fn a_column_is_found_within_another() {
        let parents = of(0..100_000);
        assert!(of((0..50_000).map(|value| value * 2 % 100_000)).is_within(&parents));
        assert!(of(10..20).is_within(&of(0..1_000)));
        assert!(!of(99_000..101_000).is_within(&parents));
        assert!(!of(std::iter::empty()).is_within(&parents));
    }
}
