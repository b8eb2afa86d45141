//! How each column is put into pages, from a look at the table's first rows.
//!
//! A dictionary hashes each value, which is most of the time that Parquet takes, and where values hardly repeat it makes files
//! larger, too. Looking at the same rows each time, whatever part of the table is made, keeps the bytes a function of
//! the spec.

use crate::encode::ParquetEncoding;
use crate::value::{Data, Vector};
use parquet::basic::Type as PhysicalType;
use parquet::schema::types::ColumnDescriptor;
use std::collections::HashSet;
use std::hash::Hash;

/// As many rows as are looked at.
pub(super) const FIRST_ROWS: u64 = 8_192;

/// How a column's values are put into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pages {
    /// As numbers of a dictionary, until that is as large as a page.
    Dictionary,
    /// One after the other.
    Plain,
    /// As packed differences between neighbours.
    Differences,
}

/// What the first rows say about a column.
#[derive(Debug)]
pub(super) struct Look {
    rows: usize,
    /// Without nulls; for lists, their elements.
    values: usize,
    distinct: Distinct,
    /// Bits of a value by itself.
    plain: f64,
    /// Bits of a value as a difference; `None` where there are none.
    difference: Option<f64>,
    is_spread: bool,
}

/// How many distinct values there are in the first half of the rows, and in all of them.
#[derive(Clone, Copy, Debug, Default)]
struct Distinct {
    half: usize,
    all: usize,
}

/// The bytes that a dictionary may have before the writer gives it up.
const MOST_DICTIONARY: f64 = (1 << 20) as f64;

/// A dictionary is worth hashing each value if it saves that share.
const WORTH_HASHING: f64 = 0.8;

impl Look {
    /// A look at the values of the column's first rows; for lists, at their elements.
    pub fn at(vector: &Vector, column: &ColumnDescriptor, encoding: ParquetEncoding) -> Self {
        if let Data::List(list) = &vector.data {
            return Self { rows: vector.len(), ..Self::at(&list.values, column, encoding) };
        }
        let valid: Vec<usize> = (0..vector.len()).filter(|row| vector.is_valid(*row)).collect();
        let values = valid.len();
        let rows = valid.iter().copied();
        let (distinct, plain) = match &vector.data {
            Data::Int(ints) => (distinct(rows.map(|row| ints[row])), width(column)),
            Data::Wide(wide) => (distinct(rows.map(|row| wide[row])), width(column)),
            Data::Float(floats) => (distinct(rows.map(|row| floats[row].to_bits())), width(column)),
            Data::Bool(bools) => (distinct(rows.map(|row| bools[row])), 1.0),
            Data::Uuid(uuids) => (distinct(rows.map(|row| uuids[row])), 128.0),
            Data::Interval(of) => {
                (distinct(rows.map(|row| (of[row].months, of[row].days, of[row].micros))), 128.0)
            }
            Data::Text(_) | Data::Dict { .. } => {
                let bytes: usize = rows.clone().map(|row| vector.text(row).len()).sum();
                let each = 32.0 + 8.0 * bytes as f64 / values.max(1) as f64;
                (distinct(rows.map(|row| vector.text(row))), each)
            }
            Data::List(_) => unreachable!("lists have no lists in them"),
        };
        let difference = match encoding {
            ParquetEncoding::Auto => difference(vector, &valid, column),
            ParquetEncoding::Plain => None,
        };
        Self { rows: vector.len(), values, distinct, plain, difference, is_spread: is_spread(vector, &valid) }
    }

    /// Whether a reader may skip rows by the least and the greatest value of a page. Texts are costly to compare, and of those that
    /// are spread over all rows alike no page can be skipped.
    pub fn has_statistics(&self) -> bool {
        !self.is_spread
    }

    /// What is smallest in a row group of that many rows, where a dictionary has to be clearly smaller.
    pub fn pages(&self, rows: u64) -> Pages {
        if self.values == 0 {
            return Pages::Dictionary;
        }
        let rest = self.difference.unwrap_or(f64::INFINITY).min(self.plain);
        match self.difference {
            _ if self.dictionary(rows) < WORTH_HASHING * rest => Pages::Dictionary,
            Some(difference) if difference < self.plain => Pages::Differences,
            _ => Pages::Plain,
        }
    }

    /// Bits per row, before compression.
    pub fn bits(&self, rows: u64) -> f64 {
        let each = match self.pages(rows) {
            Pages::Dictionary => self.dictionary(rows).min(self.plain),
            Pages::Plain => self.plain,
            Pages::Differences => self.difference.expect("there are differences"),
        };
        each * self.per_row()
    }

    fn per_row(&self) -> f64 {
        self.values as f64 / self.rows.max(1) as f64
    }

    /// Bits per value with a dictionary for that many rows.
    fn dictionary(&self, rows: u64) -> f64 {
        let values = (rows as f64 * self.per_row()).max(1.0);
        let distinct = self.distinct.among(self.values as f64, values);
        let dictionary = distinct * self.plain;
        match dictionary / 8.0 <= MOST_DICTIONARY {
            true => libm::ceil(libm::log2(distinct.max(2.0))) + dictionary / values,
            false => f64::INFINITY,
        }
    }
}

impl Distinct {
    /// About how many there are among `values`, having looked at the first: each further half as many bring as many new ones as
    /// the half before them, times what the second half brought for each of the first.
    fn among(self, first: f64, values: f64) -> f64 {
        let (half, all) = (self.half as f64, self.all as f64);
        let halves = 2.0 * values / first.max(1.0);
        let ratio = ((all - half) / half.max(1.0)).min(1.0);
        let estimate = match ratio < 1.0 {
            true => half * (1.0 - libm::pow(ratio, halves)) / (1.0 - ratio),
            false => half * halves,
        };
        estimate.max(1.0)
    }
}

fn distinct<T: Hash + Eq>(values: impl ExactSizeIterator<Item = T>) -> Distinct {
    let middle = values.len() / 2;
    let (mut met, mut half) = (HashSet::new(), 0);
    for (at, value) in values.enumerate() {
        if at == middle {
            half = met.len();
        }
        met.insert(value);
    }
    Distinct { half, all: met.len() }
}

/// Whether these are texts, and each eighth of the rows has some below and some above a place that is the same for all.
fn is_spread(vector: &Vector, valid: &[usize]) -> bool {
    if !matches!(vector.data, Data::Text(_) | Data::Dict { .. }) || valid.len() < 8 {
        return false;
    }
    let ends = |rows: &[usize]| {
        let texts = || rows.iter().map(|row| vector.text(*row));
        (texts().min().expect("no chunk is empty"), texts().max().expect("no chunk is empty"))
    };
    let (least, greatest): (Vec<&[u8]>, Vec<&[u8]>) = valid.chunks(valid.len().div_ceil(8)).map(ends).unzip();
    least.iter().max() < greatest.iter().min()
}

/// Bits of a value of fixed width.
fn width(column: &ColumnDescriptor) -> f64 {
    match column.physical_type() {
        PhysicalType::INT32 | PhysicalType::FLOAT => 32.0,
        PhysicalType::INT64 | PhysicalType::DOUBLE => 64.0,
        _ => 8.0 * f64::from(column.type_length()),
    }
}

/// Bits of a value as Parquet packs differences: in blocks with a least difference, four parts of which have a width each.
fn difference(vector: &Vector, valid: &[usize], column: &ColumnDescriptor) -> Option<f64> {
    let part = match column.physical_type() {
        PhysicalType::INT32 => 32,
        PhysicalType::INT64 => 64,
        _ => return None,
    };
    let Data::Int(values) = &vector.data else { return None };
    let differences: Vec<i64> =
        valid.windows(2).map(|pair| values[pair[1]].wrapping_sub(values[pair[0]])).collect();
    let mut bits = 64 * 4;
    for block in differences.chunks(4 * part) {
        let least = *block.iter().min().expect("no chunk is empty");
        bits += 64;
        for part in block.chunks(part) {
            let most = part.iter().map(|of| of.wrapping_sub(least) as u64).max().expect("no chunk is empty");
            bits += part.len() * (u64::BITS - most.leading_zeros()) as usize;
        }
    }
    Some(bits as f64 / valid.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::fixture::{dictionary, ints, texts};
    use parquet::basic::LogicalType;
    use parquet::schema::types::{ColumnPath, Type};
    use std::sync::Arc;

    const ROWS: i64 = FIRST_ROWS as i64;
    const GROUP: u64 = 122_880;

    fn column(physical: PhysicalType) -> ColumnDescriptor {
        let logical = (physical == PhysicalType::BYTE_ARRAY).then_some(LogicalType::String);
        let of = Type::primitive_type_builder("c", physical).with_logical_type(logical).build().unwrap();
        ColumnDescriptor::new(Arc::new(of), 0, 0, ColumnPath::from("c"))
    }

    fn numbers(value: impl Fn(i64) -> i64) -> Look {
        Look::at(
            &ints(&(0..ROWS).map(value).collect::<Vec<_>>()),
            &column(PhysicalType::INT64),
            ParquetEncoding::Auto,
        )
    }

    fn words(word: impl Fn(i64) -> String) -> Look {
        let words: Vec<String> = (0..ROWS).map(word).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Look::at(&texts(&words), &column(PhysicalType::BYTE_ARRAY), ParquetEncoding::Auto)
    }

    /// Numbers without an order.
    fn mixed(row: i64) -> i64 {
        let mut bits = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
            bits = (bits ^ bits >> 31).wrapping_mul(factor);
        }
        (bits >> 20) as i64
    }

    #[test]
    fn few_values_have_a_dictionary_and_numbers_that_hardly_repeat_are_differences() {
        assert_eq!(numbers(|row| mixed(row) % 50 * 100).pages(GROUP), Pages::Dictionary);
        assert_eq!(numbers(|row| row).pages(GROUP), Pages::Differences);
        assert_eq!(numbers(|row| mixed(row) % 10_000_000).pages(GROUP), Pages::Differences);
        assert_eq!(numbers(|row| mixed(row) << 20).pages(GROUP), Pages::Plain);
        assert_eq!(words(|row| format!("word {}", mixed(row) % 100)).pages(GROUP), Pages::Dictionary);
        assert_eq!(words(|row| format!("word {row}")).pages(GROUP), Pages::Plain);
        let codes: Vec<u32> = (0..ROWS as u32).map(|row| row % 2).collect();
        let kinds = dictionary(&["yes, of course", "not at all"], &codes);
        assert_eq!(
            Look::at(&kinds, &column(PhysicalType::BYTE_ARRAY), ParquetEncoding::Auto).pages(GROUP),
            Pages::Dictionary
        );
    }

    #[test]
    fn without_differences_numbers_that_hardly_repeat_are_plain() {
        let numbers = |value: fn(i64) -> i64| {
            let vector = ints(&(0..ROWS).map(value).collect::<Vec<_>>());
            Look::at(&vector, &column(PhysicalType::INT64), ParquetEncoding::Plain).pages(GROUP)
        };
        assert_eq!(numbers(|row| mixed(row) % 9), Pages::Dictionary);
        assert_eq!(numbers(|row| mixed(row) % 10_000_000), Pages::Plain);
        assert_eq!(numbers(|row| row), Pages::Plain);
    }

    #[test]
    fn nothing_but_nulls_says_nothing() {
        let nothing = Vector::new(ints(&[1, 2]).data, Some(vec![false, false]));
        let look = Look::at(&nothing, &column(PhysicalType::INT64), ParquetEncoding::Auto);
        assert_eq!(look.pages(GROUP), Pages::Dictionary);
        assert!(look.has_statistics());
    }

    #[test]
    fn texts_in_runs_have_statistics_and_scattered_ones_have_none() {
        assert!(words(|row| format!("{row:09}")).has_statistics());
        assert!(words(|row| ["c", "a", "b"][row as usize / 3_000].into()).has_statistics());
        assert!(words(|_| "same".into()).has_statistics());
        assert!(!words(|row| format!("{:09}", mixed(row) % 1_000_000)).has_statistics());
        assert!(numbers(mixed).has_statistics());
    }

    #[test]
    fn distinct_values_are_foretold_within_a_tenth() {
        let all = |values: i64| {
            let Look { distinct, .. } = numbers(|row| mixed(row) % values);
            distinct.among(FIRST_ROWS as f64, GROUP as f64)
        };
        for (values, expected) in [(11, 11.0), (2_500, 2_500.0), (10_000, 10_000.0)] {
            let found = all(values);
            assert!((found / expected - 1.0).abs() < 0.1, "{found} of {expected}");
        }
        // Four rows of each, in order: no end of new ones.
        let Look { distinct, .. } = numbers(|row| row / 4);
        assert_eq!(distinct.among(FIRST_ROWS as f64, GROUP as f64), GROUP as f64 / 4.0);
    }

    #[test]
    fn bits_are_those_of_the_smallest_way() {
        assert!(numbers(|row| row).bits(GROUP) < 1.0);
        let few = numbers(|row| mixed(row) % 16).bits(GROUP);
        assert!((4.0..4.1).contains(&few), "{few}");
    }
}
