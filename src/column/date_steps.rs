//! A date for each row, at a distance from the one before.

use super::{CHEAP, Column, Step};
use crate::expression::{Batch, Failure};
use crate::value::{Data, Vector};

/// Dates or timestamps from a first one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateSteps {
    /// The first row's, in days or microseconds since 1970.
    pub first: i64,
    /// The distance of rows, above 0.
    pub step: Step,
}

impl DateSteps {
    /// The value of a row.
    pub fn value(&self, row: u64) -> i64 {
        self.step.at(self.first, row as i64)
    }

    /// How many values reach no further than `last`, which is not before the first.
    pub fn count_up_to(&self, last: i64) -> u64 {
        self.step.between(self.first, last) as u64 + 1
    }
}

impl Column for DateSteps {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(Data::Int(batch.rows().map(|row| self.value(row))).into())
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::civil;

    fn day(year: i64, month: u32, day: u32) -> i64 {
        civil::days_from_civil(year, month, day)
    }

    #[test]
    fn both_ends_are_dates() {
        let days = DateSteps { first: day(1900, 1, 2), step: Step::Units(1) };
        assert_eq!(days.count_up_to(day(2100, 1, 1)), 73_049, "TPC-DS's date_dim");
        assert_eq!(days.value(73_048), day(2100, 1, 1));
        let weeks = DateSteps { step: Step::Units(7), ..days };
        assert_eq!([6, 7].map(|after| weeks.count_up_to(weeks.first + after)), [1, 2]);
    }

    #[test]
    fn months_are_counted_from_the_first_date() {
        let ends = DateSteps { first: day(2024, 1, 31), step: Step::MonthsOfDays(1) };
        assert_eq!([1, 2].map(|row| ends.value(row)), [day(2024, 2, 29), day(2024, 3, 31)]);
        let count = |last| ends.count_up_to(last);
        assert_eq!([day(2024, 1, 31), day(2024, 2, 28), day(2024, 2, 29)].map(count), [1, 1, 2]);
        let noon = civil::DAY / 2;
        let quarters =
            DateSteps { first: day(2024, 1, 15) * civil::DAY + noon, step: Step::MonthsOfMicros(3) };
        let last = day(2024, 4, 15) * civil::DAY;
        assert_eq!([last, last + noon].map(|last| quarters.count_up_to(last)), [1, 2]);
        assert_eq!(quarters.value(1), last + noon);
    }
}
