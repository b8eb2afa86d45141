//! Dates, times and intervals.

use super::{Fault, Lane, map2};
use crate::expression::Failure;
use crate::expression::evaluate::Arguments;
use crate::value::civil::{self, DAY, add_months, civil_from_days, day_of_week, days_from_civil};
use crate::value::{Data, Interval, SqlType, Vector};

const SECOND: i64 = 1_000_000;

/// The checked value of a date or timestamp type.
fn bounded(value: Option<i64>, sql_type: &SqlType) -> Result<i64, Fault> {
    let (low, high) = sql_type.int_bounds().expect("dates and times have bounds");
    value
        .filter(|value| (low..=high).contains(value))
        .ok_or_else(|| format!("{sql_type} out of range (year 1 to 9999)").into())
}

/// `date + integer` and `date - integer`.
pub fn date_and_days(arguments: &Arguments<'_>, subtract: bool) -> Result<Vector, Failure> {
    let (dates, days) = (arguments.values[0].ints(), arguments.values[1].ints());
    let (low, high) = SqlType::Date.int_bounds().expect("dates have bounds");
    // What wraps around comes out far beyond the bounds, since dates are small.
    let values = match subtract {
        true => map2(dates, days, arguments.len, i64::wrapping_sub),
        false => map2(dates, days, arguments.len, i64::wrapping_add),
    };
    // Most lie within some centuries, which the bits of all of them tell at once.
    const CENTURIES: i64 = 1 << 20;
    let bits = values.iter().fold(0, |bits, value| bits | value.wrapping_add(CENTURIES));
    let is_near = (0..2 * CENTURIES).contains(&bits);
    if !is_near && let Some(at) = arguments.first(|at| !(low..=high).contains(&values[at])) {
        return Err(Failure::at(at, bounded(None, &SqlType::Date).expect_err("there is no such date")));
    }
    Ok(Data::Int(values).into())
}

/// `date - date` in days; never fails, as dates are bounded.
pub fn days_between(arguments: &Arguments<'_>) -> Vector {
    let [a, b] = arguments.values else { unreachable!("two operands") };
    Data::Int(map2(a.ints(), b.ints(), arguments.len, |a, b| a.wrapping_sub(b))).into()
}

/// `timestamp ± interval`: months first, then days, then the clock.
pub fn timestamp_and_interval(
    arguments: &Arguments<'_>,
    subtract: bool,
    sql_type: &SqlType,
) -> Result<Vector, Failure> {
    let (timestamps, intervals) = (arguments.values[0].ints(), arguments.values[1].intervals());
    if let Some(values) = moved_evenly(arguments.len, timestamps, intervals, subtract, sql_type) {
        return Ok(Data::Int(values).into());
    }
    let values = arguments.each(|at| {
        let interval = if subtract { negated(intervals.get(at))? } else { intervals.get(at) };
        bounded(moved(timestamps.get(at), interval), sql_type)
    })?;
    Ok(Data::Int(values).into())
}

/// Timestamps moved by days and time alone, which are the same everywhere; `None` where there are months, or where a value may
/// lie beyond the type's bounds.
fn moved_evenly(
    len: usize,
    timestamps: Lane<'_, i64>,
    intervals: Lane<'_, Interval>,
    subtract: bool,
    sql_type: &SqlType,
) -> Option<Vec<i64>> {
    // No sum of these overflows: DAY is below 2^37.
    const MOST_DAYS: i32 = 1 << 24;
    const MOST_MICROS: i64 = 1 << 61;
    let (low, high) = sql_type.int_bounds().expect("dates and times have bounds");
    let sign = if subtract { -1 } else { 1 };
    let mut is_even = true;
    let values = map2(timestamps, intervals, len, |timestamp, interval| {
        let Interval { months, days, micros } = interval;
        let value =
            timestamp.wrapping_add((days as i64).wrapping_mul(DAY).wrapping_add(micros).wrapping_mul(sign));
        is_even &= (months == 0)
            & (-MOST_DAYS..MOST_DAYS).contains(&days)
            & (-MOST_MICROS..MOST_MICROS).contains(&micros)
            & (low..=high).contains(&value);
        value
    });
    is_even.then_some(values)
}

fn moved(timestamp: i64, interval: Interval) -> Option<i64> {
    let clock = timestamp.rem_euclid(DAY);
    let mut days = timestamp.div_euclid(DAY);
    if interval.months != 0 {
        days = add_months(days, interval.months);
    }
    (days + interval.days as i64).checked_mul(DAY)?.checked_add(clock)?.checked_add(interval.micros)
}

/// `time ± interval`: around the clock.
pub fn time_and_interval(arguments: &Arguments<'_>, subtract: bool) -> Vector {
    let (times, intervals) = (arguments.values[0].ints(), arguments.values[1].intervals());
    Data::Int(map2(times, intervals, arguments.len, |time, interval| {
        let micros = interval.micros % DAY;
        (time + if subtract { -micros } else { micros }).rem_euclid(DAY)
    }))
    .into()
}

/// `timestamp - timestamp`: whole days and the rest of the clock. `time - time` likewise, where there are no days.
pub fn interval_between(arguments: &Arguments<'_>) -> Vector {
    let [a, b] = arguments.values else { unreachable!("two operands") };
    Data::Interval(map2(a.ints(), b.ints(), arguments.len, |a, b| {
        let micros = a.wrapping_sub(b);
        Interval { months: 0, days: (micros / DAY) as i32, micros: micros % DAY }
    }))
    .into()
}

/// `date + time`.
pub fn date_and_time(arguments: &Arguments<'_>) -> Vector {
    let [date, time] = arguments.values else { unreachable!("two operands") };
    Data::Int(map2(date.ints(), time.ints(), arguments.len, |days, micros| days * DAY + micros)).into()
}

fn out_of_range() -> Fault {
    "interval out of range".into()
}

fn negated(interval: Interval) -> Result<Interval, Fault> {
    let Interval { months, days, micros } = interval;
    match (months.checked_neg(), days.checked_neg(), micros.checked_neg()) {
        (Some(months), Some(days), Some(micros)) => Ok(Interval { months, days, micros }),
        _ => Err(out_of_range()),
    }
}

/// `-interval`.
pub fn negated_intervals(arguments: &Arguments<'_>) -> Result<Vector, Failure> {
    let values = arguments.values[0].intervals();
    Ok(Data::Interval(arguments.each(|at| negated(values.get(at)))?).into())
}

/// `interval ± interval`, part by part.
pub fn interval_sums(arguments: &Arguments<'_>, subtract: bool) -> Result<Vector, Failure> {
    let (a, b) = (arguments.values[0].intervals(), arguments.values[1].intervals());
    let values = arguments.each(|at| {
        let a = a.get(at);
        let b = if subtract { negated(b.get(at))? } else { b.get(at) };
        let parts =
            (a.months.checked_add(b.months), a.days.checked_add(b.days), a.micros.checked_add(b.micros));
        match parts {
            (Some(months), Some(days), Some(micros)) => Ok(Interval { months, days, micros }),
            _ => Err(out_of_range()),
        }
    })?;
    Ok(Data::Interval(values).into())
}

/// `interval * double` and, with `divide`, `interval / double`: fractions of months go to days, of days to the clock, as
/// PostgreSQL's `interval_mul` does.
pub fn interval_multiples(arguments: &Arguments<'_>, divide: bool) -> Result<Vector, Failure> {
    let (intervals, factors) = (arguments.values[0].intervals(), arguments.values[1].floats());
    let values = arguments.each(|at| {
        let factor = factors.get(at);
        if divide && factor == 0.0 {
            return Err("division by zero".into());
        }
        let by = |part: f64| if divide { part / factor } else { part * factor };
        if let Interval { months: 0, days: 0, micros } = intervals.get(at)
            && factor.is_finite()
        {
            // Nothing goes from months to days, or from days to the clock.
            return clock(libm::rint(by(micros as f64))).ok_or_else(out_of_range);
        }
        multiple(intervals.get(at), by).ok_or_else(out_of_range)
    })?;
    Ok(Data::Interval(values).into())
}

fn multiple(interval: Interval, by: impl Fn(f64) -> f64) -> Option<Interval> {
    let fits = |value: f64| (value.abs() <= i32::MAX as f64).then_some(value as i32);
    // PostgreSQL rounds the fraction to microseconds to shake off the noise of doubles.
    let microseconds = |part: f64| libm::rint(part * 1e6) / 1e6;
    let (months, days) = (by(interval.months as f64), by(interval.days as f64));
    let (whole_months, whole_days) = (fits(months)?, fits(days)?);
    let month_days = microseconds((months - whole_months as f64) * 30.0);
    let mut seconds =
        microseconds((days - whole_days as f64 + month_days - libm::trunc(month_days)) * 86_400.0);
    let mut total_days = whole_days.checked_add(fits(month_days)?)?;
    if seconds.abs() >= 86_400.0 {
        total_days = total_days.checked_add((seconds / 86_400.0) as i32)?;
        seconds -= libm::trunc(seconds / 86_400.0) * 86_400.0;
    }
    let time = clock(libm::rint(by(interval.micros as f64) + seconds * SECOND as f64))?;
    Some(Interval { months: whole_months, days: total_days, ..time })
}

/// Microseconds alone.
fn clock(micros: f64) -> Option<Interval> {
    (micros.abs() < 9.2e18).then_some(Interval { months: 0, days: 0, micros: micros as i64 })
}

/// A part of a date or time that `extract`, `date_part` and `date_trunc` know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Microseconds,
    Milliseconds,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
    Dow,
    IsoDow,
    Doy,
    IsoYear,
    Epoch,
    Julian,
}

/// The fields by their names in SQL.
pub const FIELDS: &[(&str, Field)] = &[
    ("year", Field::Year),
    ("quarter", Field::Quarter),
    ("month", Field::Month),
    ("week", Field::Week),
    ("day", Field::Day),
    ("hour", Field::Hour),
    ("minute", Field::Minute),
    ("second", Field::Second),
    ("milliseconds", Field::Milliseconds),
    ("microseconds", Field::Microseconds),
    ("epoch", Field::Epoch),
    ("dow", Field::Dow),
    ("isodow", Field::IsoDow),
    ("doy", Field::Doy),
    ("isoyear", Field::IsoYear),
    ("decade", Field::Decade),
    ("century", Field::Century),
    ("millennium", Field::Millennium),
    ("julian", Field::Julian),
];

impl Field {
    /// The field of a name, singular or plural.
    pub fn named(name: &str) -> Option<Field> {
        let name = name.to_ascii_lowercase();
        let spelled = |known: &str| {
            known == name || known.strip_suffix('s') == Some(&name) || name.strip_suffix('s') == Some(known)
        };
        FIELDS.iter().find(|(known, _)| spelled(known)).map(|(_, field)| *field)
    }

    /// Digits after the point that `extract` gives.
    pub fn scale(self) -> u8 {
        match self {
            Field::Second | Field::Epoch => 6,
            Field::Milliseconds => 3,
            _ => 0,
        }
    }

    /// Whether the field is about a day, so that a time of day has none.
    pub fn needs_day(self) -> bool {
        !matches!(
            self,
            Field::Microseconds
                | Field::Milliseconds
                | Field::Second
                | Field::Minute
                | Field::Hour
                | Field::Epoch
        )
    }

    /// Whether `date_trunc` can cut to it.
    pub fn truncates(self) -> bool {
        !matches!(
            self,
            Field::Dow | Field::IsoDow | Field::Doy | Field::IsoYear | Field::Epoch | Field::Julian
        )
    }
}

/// The field of a timestamp (microseconds), times 10^[`Field::scale`].
pub fn part(field: Field, micros: i64) -> i64 {
    let (days, clock) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (year, month, day) = civil_from_days(days);
    match field {
        Field::Microseconds | Field::Milliseconds | Field::Second => clock % (60 * SECOND),
        Field::Minute => clock / (60 * SECOND) % 60,
        Field::Hour => clock / (3_600 * SECOND),
        Field::Day => day as i64,
        Field::Week => iso_week(days).1,
        Field::Month => month as i64,
        Field::Quarter => (month as i64 - 1) / 3 + 1,
        Field::Year => year,
        Field::Decade => year.div_euclid(10),
        Field::Century => (year + 99).div_euclid(100),
        Field::Millennium => (year + 999).div_euclid(1_000),
        Field::Dow => day_of_week(days) as i64,
        Field::IsoDow => iso_day(days),
        Field::Doy => days - days_from_civil(year, 1, 1) + 1,
        Field::IsoYear => iso_week(days).0,
        Field::Epoch => micros,
        Field::Julian => days + 2_440_588,
    }
}

/// The field of an interval, times 10^[`Field::scale`].
pub fn interval_part(field: Field, interval: Interval) -> Option<i64> {
    let Interval { months, days, micros } = interval;
    let (years, months) = (months as i64 / 12, months as i64 % 12);
    Some(match field {
        Field::Microseconds | Field::Milliseconds | Field::Second => micros % (60 * SECOND),
        Field::Minute => micros / (60 * SECOND) % 60,
        Field::Hour => micros / (3_600 * SECOND),
        Field::Day => days as i64,
        Field::Month => months,
        Field::Quarter => months / 3 + 1,
        Field::Year => years,
        Field::Decade => years / 10,
        Field::Century => years / 100,
        Field::Millennium => years / 1_000,
        // A year counts 365.25 days here, a month 30, as in PostgreSQL.
        Field::Epoch => {
            let day_micros =
                (years * 31_557_600 + (months * 30 + days as i64) * 86_400).checked_mul(SECOND)?;
            day_micros.checked_add(micros)?
        }
        _ => return None,
    })
}

/// 1 Monday to 7 Sunday.
pub fn iso_day(days: i64) -> i64 {
    (day_of_week(days) as i64 + 6) % 7 + 1
}

/// The year and number of the ISO week: the week that has the year's first Thursday is 1.
pub fn iso_week(days: i64) -> (i64, i64) {
    let thursday = days - iso_day(days) + 4;
    let (year, ..) = civil_from_days(thursday);
    (year, (thursday - days_from_civil(year, 1, 1)) / 7 + 1)
}

/// `date_trunc` of a timestamp.
pub fn truncated(field: Field, micros: i64) -> i64 {
    let (days, clock) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (year, month, _) = civil_from_days(days);
    let cut = |unit: i64| days * DAY + clock / unit * unit;
    let day = |year, month| days_from_civil(year, month, 1) * DAY;
    match field {
        Field::Milliseconds => cut(1_000),
        Field::Second => cut(SECOND),
        Field::Minute => cut(60 * SECOND),
        Field::Hour => cut(3_600 * SECOND),
        Field::Day => days * DAY,
        Field::Week => (days - iso_day(days) + 1) * DAY,
        Field::Month => day(year, month),
        Field::Quarter => day(year, (month - 1) / 3 * 3 + 1),
        Field::Year => day(year, 1),
        Field::Decade => day(year.div_euclid(10) * 10, 1),
        Field::Century => day((year - 1).div_euclid(100) * 100 + 1, 1),
        Field::Millennium => day((year - 1).div_euclid(1_000) * 1_000 + 1, 1),
        _ => micros,
    }
}

/// `age(a, b)`: years, months, days and clock between two timestamps, as a person counts.
pub fn age(a: i64, b: i64) -> Interval {
    if a < b {
        let Interval { months, days, micros } = age(b, a);
        return Interval { months: -months, days: -days, micros: -micros };
    }
    let parts = |at: i64| (civil_from_days(at.div_euclid(DAY)), at.rem_euclid(DAY));
    let (((a_year, a_month, a_day), a_clock), ((b_year, b_month, b_day), b_clock)) = (parts(a), parts(b));
    let mut months = (a_year - b_year) * 12 + a_month as i64 - b_month as i64;
    let mut days = a_day as i64 - b_day as i64;
    let mut micros = a_clock - b_clock;
    if micros < 0 {
        (micros, days) = (micros + DAY, days - 1);
    }
    if days < 0 {
        // A borrowed month is as long as the one of the earlier date.
        (days, months) = (days + civil::days_in_month(b_year, b_month) as i64, months - 1);
    }
    Interval { months: months as i32, days: days as i32, micros }
}
