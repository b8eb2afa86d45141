//! One of some values, by weight.

use super::{CHEAP, Column, Dealt};
use crate::expression::{Batch, Failure};
use crate::random::{Alias, Key, Permutation, mix};
use crate::value::{Data, Rows, Vector};
use std::sync::Arc;

/// Picks from a list of values.
pub struct Values {
    choices: Vector,
    pick: Pick,
}

enum Pick {
    Weighted(Alias, Key),
    /// Shares exact to the row.
    Quota(Dealt),
    /// Every value once, in an order of its own.
    Unique(Permutation),
}

impl Values {
    /// Picks by weight: one weight per choice, none negative, their sum positive.
    pub fn weighted(choices: Vector, weights: &[f64], key: Key) -> Self {
        Self { choices: as_dictionary(choices), pick: Pick::Weighted(Alias::new(weights), key) }
    }

    /// Picks each choice for exactly its share of the rows.
    pub fn quota(choices: Vector, dealt: Dealt) -> Self {
        Self { choices: as_dictionary(choices), pick: Pick::Quota(dealt) }
    }

    /// Picks every choice at most once; there are at least as many choices as rows.
    pub fn unique(choices: Vector, key: Key) -> Self {
        let n = choices.len() as u64;
        Self { choices: as_dictionary(choices), pick: Pick::Unique(Permutation::new(key, n)) }
    }
}

/// Text is shared with every batch instead of copied into it.
pub(super) fn as_dictionary(choices: Vector) -> Vector {
    let codes = (0..choices.len() as u32).collect();
    match choices.data {
        Data::Text(texts) => {
            Vector { data: Data::Dict { codes, values: Arc::new(texts) }, valid: choices.valid }
        }
        data => Vector { data, valid: choices.valid },
    }
}

impl Pick {
    /// Which choice each row has.
    fn positions(&self, rows: &Rows) -> Vec<u32> {
        match self {
            Pick::Weighted(alias, key) => rows.map(|row| alias.pick(mix(*key, row)) as u32),
            Pick::Quota(dealt) => dealt.picks(rows),
            Pick::Unique(permutation) => rows.map(|row| permutation.apply(row) as u32),
        }
    }
}

impl Column for Values {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(self.choices.take(&self.pick.positions(batch.rows())))
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        let how = match &self.pick {
            Pick::Weighted(..) => "drawn by weight",
            Pick::Quota(_) => "dealt by exact shares",
            Pick::Unique(_) => "each value once",
        };
        let nth = self.pick.positions(batch.rows())[0] + 1;
        Ok(Some(format!("value {nth} of {}, {how}", self.choices.len())))
    }
}
