//! A date for each row, at a distance from the one before.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::value::{Data, Vector, civil};

/// Dates or timestamps from a first one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateSteps {
    /// The first row's, in days or microseconds since 1970.
    pub first: i64,
    /// The distance of rows.
    pub step: Step,
    /// Whether values are days, not microseconds.
    pub is_date: bool,
}

/// The distance of dates; above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Always the same, in the unit of the values.
    Even(i64),
    /// So many months: each row is so many months after the first one, its day cut to the length of its month.
    Months(i32),
}

impl DateSteps {
    /// The value of a row.
    pub fn value(&self, row: u64) -> i64 {
        match (self.step, self.is_date) {
            (Step::Even(step), _) => self.first + step * row as i64,
            (Step::Months(months), true) => civil::add_months(self.first, months * row as i32),
            (Step::Months(months), false) => {
                let day = civil::add_months(self.first.div_euclid(civil::DAY), months * row as i32);
                day * civil::DAY + self.first.rem_euclid(civil::DAY)
            }
        }
    }

    /// How many values reach no further than `last`, which is not before the first.
    pub fn count_up_to(&self, last: i64) -> u64 {
        match self.step {
            Step::Even(step) => ((last - self.first) / step) as u64 + 1,
            Step::Months(months) => {
                let day = if self.is_date { 1 } else { civil::DAY };
                let month = |moment: i64| {
                    let (year, month, _) = civil::civil_from_days(moment.div_euclid(day));
                    year * 12 + month as i64
                };
                let steps = ((month(last) - month(self.first)) / months as i64) as u64;
                // In the last month its day decides.
                if self.value(steps) <= last { steps + 1 } else { steps }
            }
        }
    }
}

impl Column for DateSteps {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        Ok(Data::Int(batch.rows().map(|row| self.value(row))).into())
    }

    fn is_cheap(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i64, month: u32, day: u32) -> i64 {
        civil::days_from_civil(year, month, day)
    }

    #[test]
    fn both_ends_are_dates() {
        let days = DateSteps { first: day(1900, 1, 2), step: Step::Even(1), is_date: true };
        assert_eq!(days.count_up_to(day(2100, 1, 1)), 73_049, "TPC-DS's date_dim");
        assert_eq!(days.value(73_048), day(2100, 1, 1));
        let weeks = DateSteps { step: Step::Even(7), ..days };
        assert_eq!([6, 7].map(|after| weeks.count_up_to(weeks.first + after)), [1, 2]);
    }

    #[test]
    fn months_are_counted_from_the_first_date() {
        let ends = DateSteps { first: day(2024, 1, 31), step: Step::Months(1), is_date: true };
        assert_eq!([1, 2].map(|row| ends.value(row)), [day(2024, 2, 29), day(2024, 3, 31)]);
        let count = |last| ends.count_up_to(last);
        assert_eq!([day(2024, 1, 31), day(2024, 2, 28), day(2024, 2, 29)].map(count), [1, 1, 2]);
        let noon = civil::DAY / 2;
        let quarters =
            DateSteps { first: day(2024, 1, 15) * civil::DAY + noon, step: Step::Months(3), is_date: false };
        let last = day(2024, 4, 15) * civil::DAY;
        assert_eq!([last, last + noon].map(|last| quarters.count_up_to(last)), [1, 2]);
        assert_eq!(quarters.value(1), last + noon);
    }
}
