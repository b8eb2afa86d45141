//! The grid of dates and times: from a first moment on in equal steps, or in months.

use crate::value::SqlType;
use crate::value::civil::{DAY, add_months, civil_from_days};

/// The distance of a grid's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// In the unit that the column stores: days, microseconds, a decimal's last digit.
    Units(i64),
    /// In months, for columns whose unit is the day.
    MonthsOfDays(i32),
    /// In months, for columns whose unit is the microsecond.
    MonthsOfMicros(i32),
}

impl Step {
    /// That many months for columns of a type.
    pub fn months(months: i32, sql_type: &SqlType) -> Self {
        match sql_type {
            SqlType::Date => Step::MonthsOfDays(months),
            _ => Step::MonthsOfMicros(months),
        }
    }

    /// How many steps lie between two values, `low` not above `high`.
    #[inline]
    pub fn between(self, low: i64, high: i64) -> i64 {
        let (months, unit) = match self {
            Step::Units(step) => return (high - low) / step,
            Step::MonthsOfDays(months) => (months, 1),
            Step::MonthsOfMicros(months) => (months, DAY),
        };
        let month_of = |value: i64| {
            let (year, month, _) = civil_from_days(value.div_euclid(unit));
            year * 12 + month as i64
        };
        let steps = (month_of(high) - month_of(low)) / months as i64;
        steps - i64::from(self.at(low, steps) > high)
    }

    /// The value so many steps after another.
    #[inline]
    pub fn at(self, low: i64, steps: i64) -> i64 {
        match self {
            Step::Units(step) => low + steps * step,
            Step::MonthsOfDays(months) => add_months(low, months * steps as i32),
            Step::MonthsOfMicros(months) => {
                add_months(low.div_euclid(DAY), months * steps as i32) * DAY + low.rem_euclid(DAY)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::civil::days_from_civil;

    #[test]
    fn months_are_counted_as_they_are_added() {
        let first = days_from_civil(2024, 1, 31);
        for step in [Step::MonthsOfDays(1), Step::MonthsOfDays(3), Step::MonthsOfMicros(2)] {
            let (unit, extra) =
                if matches!(step, Step::MonthsOfMicros(_)) { (DAY, 7 * DAY / 24) } else { (1, 0) };
            let low = first * unit + extra;
            for day in 0..1500 {
                let high = low + day * unit;
                let steps = step.between(low, high);
                assert!(step.at(low, steps) <= high && step.at(low, steps + 1) > high, "{step:?}, day {day}");
            }
        }
    }
}
