//! UUIDs of RFC 9562, unique by construction.

use super::{CHEAP, Column};
use crate::expression::{Batch, Failure};
use crate::random::{Key, mix};
use crate::value::{Data, Vector};

const VARIANT: u128 = 0b10 << 62;

/// Version 4: random bits.
///
/// [`mix`] is a bijection of the row for a given key, so the 62 low bits together with two bits of the upper half, which
/// hold it whole, make every row's UUID different; the other bits are a second draw.
#[derive(Clone, Copy, Debug)]
pub struct UuidV4 {
    low: Key,
    high: Key,
}

impl UuidV4 {
    /// The UUIDs of a column.
    pub fn new(key: Key) -> Self {
        Self { low: key, high: key.child("high") }
    }

    fn value(&self, row: u64) -> u128 {
        let unique = mix(self.low, row);
        let other = mix(self.high, row);
        let low = (unique & ((1 << 62) - 1)) as u128 | VARIANT;
        // 48 bits, the version, then 12 bits of which the lowest two carry the rest of the unique number.
        let top = (other >> 16) as u128;
        let middle = ((other & 0x0FFC) | (unique >> 62)) as u128;
        top << 80 | 4 << 76 | middle << 64 | low
    }
}

impl Column for UuidV4 {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(Data::Uuid(batch.rows().map(|row| self.value(row))).into())
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }
}

/// Version 7: the first 48 bits are milliseconds since 1970, one more for each row, so that values ascend with the rows.
#[derive(Clone, Copy, Debug)]
pub struct UuidV7 {
    /// Milliseconds of the first row.
    pub first_ms: u64,
    /// Draws of the random bits.
    pub key: Key,
}

impl Column for UuidV7 {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let value = |row: u64| {
            let ms = ((self.first_ms + row) & ((1 << 48) - 1)) as u128;
            let low = (mix(self.key, row) >> 2) as u128 | VARIANT;
            let middle = (mix(self.key, !row) & 0x0FFF) as u128;
            ms << 80 | 7 << 76 | middle << 64 | low
        };
        Ok(Data::Uuid(batch.rows().map(value)).into())
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn version_and_variant_are_where_the_standard_wants_them() {
        let column = UuidV4::new(Key::new(1, &["t", "id"]));
        for row in 0..1_000 {
            let value = column.value(row);
            assert_eq!((value >> 76) & 0xF, 4);
            assert_eq!((value >> 62) & 0b11, 0b10);
        }
    }

    #[test]
    fn the_bits_that_make_it_unique_are_all_there() {
        let column = UuidV4::new(Key::new(1, &["t", "id"]));
        let mask = (0b11u128 << 64) | ((1 << 62) - 1);
        let seen: HashSet<u128> = (0..10_000).map(|row| column.value(row) & mask).collect();
        assert_eq!(seen.len(), 10_000);
        let row = 77;
        let value = column.value(row);
        let whole = (value & ((1 << 62) - 1)) as u64 | (((value >> 64) & 0b11) as u64) << 62;
        assert_eq!(whole, mix(column.low, row));
    }
}
