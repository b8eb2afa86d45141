//! Days and months in each other's place.

use super::{Asked, Dirty, Kind, Noise, does_not_apply};
use crate::random::CellRng;
use crate::spec::Refusal;
use crate::value::SqlType;
use crate::value::civil::{DAY, civil_from_days, days_from_civil};
use crate::value::parse::Scalar;

pub(super) static KIND: Kind = Kind {
    name: "day_month",
    summary: "a date or timestamp with day and month exchanged, where the day is at most 12",
    example: ("2024-03-09", "2024-09-03"),
    parameters: &[],
    build,
};

fn build(asked: &Asked) -> Result<Box<dyn Noise>, Refusal> {
    match asked.sql_type {
        SqlType::Date => Ok(Box::new(DayMonth { per_day: 1 })),
        SqlType::Timestamp | SqlType::Timestamptz => Ok(Box::new(DayMonth { per_day: DAY })),
        of => Err(does_not_apply(KIND.name, of, "it is for dates and timestamps")),
    }
}

#[derive(Debug)]
struct DayMonth {
    /// How many of the type's units a day has.
    per_day: i64,
}

impl Noise for DayMonth {
    fn dirty(&self, clean: &Scalar, _draws: &mut CellRng) -> Option<Dirty> {
        let Scalar::Int(clean) = clean else { return None };
        let (year, month, day) = civil_from_days(clean.div_euclid(self.per_day));
        if day > 12 || day == month {
            return None;
        }
        let exchanged = days_from_civil(year, day, month) * self.per_day + clean.rem_euclid(self.per_day);
        Some(Dirty::Value(Scalar::Int(exchanged)))
    }
}
