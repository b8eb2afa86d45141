//! The cache of parents' columns that are costly to compute again: a bounded LRU per worker.

use crate::value::Vector;
use schnellru::{ByLength, LruMap};
use std::ops::AddAssign;
use std::rc::Rc;

/// Rows in one cached block. A power of two, so that finding a row's block is a shift.
pub(super) const BLOCK_ROWS: u64 = 1_024;

/// Which block of which input of which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct BlockKey {
    pub table: u32,
    pub input: u32,
    pub block: u64,
}

/// How often the cache of parent batches answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CacheFigures {
    /// Look-ups answered from the cache.
    pub hits: u64,
    /// Look-ups that had to compute.
    pub misses: u64,
}

impl AddAssign for CacheFigures {
    fn add_assign(&mut self, other: Self) {
        self.hits += other.hits;
        self.misses += other.misses;
    }
}

pub(super) struct Cache {
    blocks: LruMap<BlockKey, Rc<Vector>, ByLength>,
    capacity: u64,
    /// Blocks that are being computed, one within the other: a handful.
    computing: Vec<BlockKey>,
    figures: CacheFigures,
}

impl Cache {
    pub fn new(batches: usize) -> Self {
        let capacity = u32::try_from(batches).unwrap_or(u32::MAX);
        Self {
            blocks: LruMap::with_seed(ByLength::new(capacity), [1, 2, 3, 4]),
            capacity: capacity as u64,
            computing: Vec::new(),
            figures: CacheFigures::default(),
        }
    }

    /// Whether a table of so many rows is worth caching: all its blocks fit into a quarter of the cache, so that a few
    /// columns of a few such tables stay. Of larger tables, read at random, most blocks would be computed for one row each.
    pub fn suits(&self, rows: u64) -> bool {
        rows.div_ceil(BLOCK_ROWS) * 4 <= self.capacity
    }

    pub fn get(&mut self, key: BlockKey) -> Option<Rc<Vector>> {
        let found = self.blocks.get(&key).cloned();
        match found {
            Some(_) => self.figures.hits += 1,
            None => self.figures.misses += 1,
        }
        found
    }

    /// Announces that a block is going to be computed; false if that is going on already.
    pub fn begin(&mut self, key: BlockKey) -> bool {
        match self.computing.contains(&key) {
            true => false,
            false => {
                self.computing.push(key);
                true
            }
        }
    }

    /// Keeps what was computed, if it could be.
    pub fn end(&mut self, key: BlockKey, vector: Option<Rc<Vector>>) {
        self.computing.retain(|other| *other != key);
        if let Some(vector) = vector {
            self.blocks.insert(key, vector);
        }
    }

    pub fn figures(&self) -> CacheFigures {
        self.figures
    }
}
