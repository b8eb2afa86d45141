//! Calendars, values in order, steps, series: what comes out against weights and sums added up, and against itself.

mod support;

use datagen::generate::Options;
use datagen::plan::Plan;
use datagen::value::Vector;
use datagen::value::civil::{DAY, civil_from_days, day_of_week, days_from_civil};
use support::front_door::{self, ints, planned, try_column};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

fn column(plan: &Plan, table: &str, name: &str) -> Vector {
    front_door::column(plan, table, name, Options::default())
}

/// Chi-square against expected numbers, as a normal deviate (Wilson and Hilferty 1931); nothing may be where nothing is
/// expected.
fn deviate(observed: &[f64], expected: &[f64]) -> f64 {
    let cells: Vec<(f64, f64)> = observed.iter().copied().zip(expected.iter().copied()).collect();
    assert!(cells.iter().all(|(observed, expected)| *expected > 0.0 || *observed == 0.0), "{cells:?}");
    let cells: Vec<&(f64, f64)> = cells.iter().filter(|(_, expected)| *expected > 0.0).collect();
    let chi: f64 = cells.iter().map(|(o, e)| (o - e) * (o - e) / e).sum();
    let freedom = (cells.len() - 1) as f64;
    let spread = 2.0 / (9.0 * freedom);
    (libm::cbrt(chi / freedom) - (1.0 - spread)) / spread.sqrt()
}

/// The weight of an hour of the shop's calendar, by its definition.
fn shop_weight(hour: i64) -> f64 {
    let (day, of_day) = (hour.div_euclid(24), hour.rem_euclid(24));
    let (year, month, of_month) = civil_from_days(day);
    let hours = match of_day {
        0..=7 => 0.2,
        8..=11 => 2.0,
        12..=17 => 3.0,
        18..=21 => 4.0,
        _ => 1.0,
    };
    let weekday = [1.2, 1.0, 1.0, 1.0, 1.0, 1.0, 1.6][day_of_week(day) as usize];
    let season = match month {
        11 => 1.5,
        12 => 2.0,
        _ => 1.0,
    };
    let date = match (year, month, of_month) {
        (2024, 12, 24) => 0.2,
        (_, 12, 25) => 0.0,
        _ => 1.0,
    };
    let years = (day - days_from_civil(2026, 1, 1)) as f64 / 365.2425;
    hours * weekday * season * date * libm::pow(1.15, years)
}

const SHOP: &str = "
calendars:
  shop:
    hours: {0-7: 0.2, 8-11: 2, 12-17: 3, 18-21: 4, 22-23: 1}
    weekdays: {sat: 1.6, sun: 1.2}
    months: {nov: 1.5, dec: 2}
    dates: {2024-12-24: 0.2, \"12-25\": 0}
    growth: 15%
tables:
  visits:
    rows: 200k
    columns:
      drawn: {type: timestamptz, min: 2022-03-01, max: '2025-02-28 12:59:59', calendar: shop}
      start: {type: timestamptz, value: 2022-03-01}
      cut: {type: timestamp, min: start::timestamp, max: '2025-02-28 12:59:59', calendar: shop}
      ordered: {type: timestamptz, min: 2022-03-01, max: '2025-02-28 12:59:59', calendar: shop, ascending: true}
      day: {type: date, min: 2022-03-01, max: 2025-02-28, calendar: shop}
";

#[test]
fn moments_by_a_calendar_have_its_weights() {
    let plan = planned(SHOP);
    let first = days_from_civil(2022, 3, 1) * 24;
    let hours: Vec<i64> = (first..days_from_civil(2025, 2, 28) * 24 + 13).collect();
    let total: f64 = hours.iter().map(|hour| shop_weight(*hour)).sum();
    type Class = (&'static str, usize, fn(i64) -> usize);
    let classes: [Class; 5] = [
        ("hour", 24, |hour| hour.rem_euclid(24) as usize),
        ("weekday", 7, |hour| day_of_week(hour.div_euclid(24)) as usize),
        ("month", 12, |hour| civil_from_days(hour.div_euclid(24)).1 as usize - 1),
        ("year", 4, |hour| (civil_from_days(hour.div_euclid(24)).0 - 2022) as usize),
        ("day", 1100, |hour| (hour.div_euclid(24) - days_from_civil(2022, 3, 1)) as usize),
    ];
    for name in ["drawn", "cut", "ordered"] {
        let values = ints(&plan, "visits", name);
        for (class, count, of) in classes {
            let (mut observed, mut expected) = (vec![0.0; count], vec![0.0; count]);
            for value in &values {
                assert!(
                    value % SECOND == 0 && (first..=hours[hours.len() - 1]).contains(&value.div_euclid(HOUR))
                );
                observed[of(value.div_euclid(HOUR))] += 1.0;
            }
            for hour in &hours {
                expected[of(*hour)] += shop_weight(*hour) / total * values.len() as f64;
            }
            let z = deviate(&observed, &expected);
            assert!(z.abs() < 4.0 || name == "ordered" && z < 0.0, "{name} by {class}: {z}");
            if name == "ordered" && class == "day" {
                let worst = observed.iter().zip(&expected).map(|(o, e)| (o - e).abs()).fold(0.0, f64::max);
                assert!(worst < 2.0, "days have their exact shares, to within one at either end: {worst}");
            }
        }
    }
}

#[test]
fn dates_by_a_calendar_have_the_weights_of_whole_days() {
    let plan = planned(SHOP);
    let first = days_from_civil(2022, 3, 1);
    let weight = |day: i64| (0..24).map(|hour| shop_weight(day * 24 + hour)).sum::<f64>();
    let weights: Vec<f64> = (first..=days_from_civil(2025, 2, 28)).map(weight).collect();
    let total: f64 = weights.iter().sum();
    let mut observed = vec![0.0; weights.len()];
    ints(&plan, "visits", "day").iter().for_each(|day| observed[(day - first) as usize] += 1.0);
    let expected: Vec<f64> = weights.iter().map(|weight| weight / total * 200_000.0).collect();
    let z = deviate(&observed, &expected);
    assert!(z.abs() < 4.0, "{z}");
}

#[test]
fn nothing_happens_outside_business_hours() {
    let plan = planned(
        "
calendars:
  office: {business_hours: {mon-fri: ['09:00-12:00', '13:00-17:30'], sat: '10:00-14:00'}}
tables:
  calls:
    rows: 20k
    columns:
      day: {type: date, min: 2025-01-01, max: 2025-12-31}
      fixed: {type: timestamp, min: '2025-01-01 12:30', max: '2025-03-01 12:30', calendar: office}
      slot: {type: timestamp, min: 2025-01-01, max: 2025-12-31, calendar: office, step: 30 minutes}
      answered: {type: timestamp, min: \"day + time '12:30'\", max: \"day + interval '7 days 12:30:00.5'\", calendar: office}
      unknown: {type: timestamp, min: \"nullif(fixed, fixed)\", max: 2026-01-01, calendar: office}
",
    );
    let is_open = |moment: i64| {
        let time = moment.rem_euclid(DAY);
        let within = |from: i64, to: i64| (from * HOUR / 2..to * HOUR / 2).contains(&time);
        match day_of_week(moment.div_euclid(DAY)) {
            1..=5 => within(18, 24) || within(26, 35),
            6 => within(20, 28),
            _ => false,
        }
    };
    let days = ints(&plan, "calls", "day");
    for (row, moment) in ints(&plan, "calls", "answered").into_iter().enumerate() {
        let first = days[row] * DAY + HOUR * 25 / 2;
        assert!(is_open(moment) && (first..=first + 7 * DAY).contains(&moment), "row {row}");
    }
    assert!(ints(&plan, "calls", "fixed").into_iter().all(is_open));
    let slots = ints(&plan, "calls", "slot");
    assert!(slots.iter().all(|moment| is_open(*moment) && moment % (HOUR / 2) == 0));
    let unknown = column(&plan, "calls", "unknown");
    assert!((0..unknown.len()).all(|row| !unknown.is_valid(row)), "where a bound is null, so is the value");
}

#[test]
fn computed_bounds_without_weight_end_the_run_with_the_row() {
    let plan = planned(
        "
tables:
  calls:
    rows: 100
    columns:
      day: {type: date, expr: date '2025-01-06' + (row - 1)::int}
      at: {type: timestamp, min: day::timestamp, max: \"day + interval '23 hours'\", calendar: office}
      late: {type: timestamp, min: \"day + interval '200 years'\", max: 9000-01-01, calendar: web}
",
    );
    let failure = try_column(&plan, "calls", "at", Options::default()).expect_err("a Saturday comes");
    assert_eq!(
        failure.to_string(),
        "calls.at, row 6: the calendar has no weight between 2025-01-11 00:00:00 and 2025-01-11 23:00:00"
    );
    let failure = try_column(&plan, "calls", "late", Options::default()).expect_err("too late");
    assert!(
        failure.to_string().contains("calls.late, row 1: with a calendar, computed bounds lie"),
        "{failure}"
    );
}

#[test]
fn ascending_values_follow_the_rows() {
    let plan = planned(
        "
tables:
  log:
    rows: 5000
    columns:
      even: {type: timestamptz, min: 2025-01-01, max: 2025-12-31, ascending: true}
      busy: {type: timestamptz, min: 2025-01-01, max: 2025-12-31, calendar: retail, ascending: true, unique: true}
      dense: {type: timestamp, min: '2025-01-01 00:00', max: '2025-01-01 01:23:19', ascending: true, unique: true}
      some: {type: timestamp, min: '2025-01-01 00:00', max: '2025-01-01 01:00', ascending: true, null: 20%}
      day: {type: date, min: 2025-01-01, max: 2025-12-31, ascending: true}
      shaped: {type: date, min: 2025-01-01, max: 2025-12-31, ascending: true, distribution: {beta: {alpha: 4, beta: 1}}}
      reading: {type: 'numeric(12,3)', min: 0, max: 90000, ascending: true, unique: true}
",
    );
    for name in ["even", "dense", "busy", "reading"] {
        let values = ints(&plan, "log", name);
        assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "{name}");
    }
    let first = days_from_civil(2025, 1, 1);
    assert_eq!(
        ints(&plan, "log", "dense"),
        (0..5000).map(|row| first * DAY + row * SECOND).collect::<Vec<_>>()
    );
    let days = ints(&plan, "log", "day");
    for (row, day) in days.iter().enumerate() {
        let place = row as f64 / 5000.0 * 365.0;
        assert!((*day - first) as f64 - place < 1.0 && place - (*day - first) as f64 <= 1.0, "row {row}");
    }
    let shaped = ints(&plan, "log", "shaped");
    assert!(shaped.windows(2).all(|pair| pair[0] <= pair[1]));
    // Beta(4, 1): the median is at 0.5^(1/4).
    let middle = (shaped[2500] - first) as f64 / 365.0;
    assert!((middle - 0.8409).abs() < 0.005, "{middle}");
    let some = column(&plan, "log", "some");
    let kept: Vec<i64> = (0..5000).filter(|row| some.is_valid(*row)).map(|row| some.ints()[row]).collect();
    assert!(kept.len() < 4200 && kept.windows(2).all(|pair| pair[0] <= pair[1]));
}

#[test]
fn values_ascend_within_the_parent_between_its_bounds() {
    let plan = planned(
        "
tables:
  sessions:
    rows: 300
    columns:
      id: bigint primary key
      started_at: {type: timestamp, min: 2025-01-01, max: 2025-01-31}
      minutes: {type: int, min: 0, max: 50}
  events:
    rows: {per: sessions, min: 0, max: 40, distribution: {geometric: {p: 0.1}}}
    columns:
      session_id: {references: sessions}
      at: {type: timestamp, min: session.started_at, max: session.started_at + session.minutes * interval '1 minute', ascending: per parent}
      open_at: {type: timestamp, min: session.started_at, max: \"session.started_at + interval '9 days'\", ascending: per parent, calendar: office}
",
    );
    let (starts, minutes) = (ints(&plan, "sessions", "started_at"), ints(&plan, "sessions", "minutes"));
    let sessions = ints(&plan, "events", "session_id");
    let mut counts = vec![0i64; 300];
    sessions.iter().for_each(|session| counts[*session as usize - 1] += 1);
    for name in ["at", "open_at"] {
        let values = ints(&plan, "events", name);
        let mut nth = 0;
        for row in 0..values.len() {
            let session = sessions[row] as usize - 1;
            nth = if row > 0 && sessions[row - 1] == sessions[row] { nth + 1 } else { 0 };
            assert!(nth == 0 || values[row - 1] <= values[row], "{name}, row {row}");
            if name == "at" {
                // In its own equal part of the session, to a second.
                let length = minutes[session] * 60 * SECOND;
                let part = |nth: i64| starts[session] + nth * length / counts[session];
                assert!((part(nth) - SECOND..=part(nth + 1) + SECOND).contains(&values[row]), "row {row}");
            }
        }
    }
}

#[test]
fn steps_go_with_order() {
    let plan = planned(
        "
tables:
  slots:
    rows: 300
    columns:
      slot: {type: timestamp, min: '2024-01-01 07:10', max: 2024-03-31, step: 15 minutes, ascending: true}
      week: {type: date, min: 2018-01-01, max: 2023-12-31, step: 7 days, ascending: true, unique: true}
      opens: {type: time, min: '08:00', max: '10:00', step: 15 minutes, ascending: true}
",
    );
    let first = days_from_civil(2024, 1, 1) * DAY + 430 * 60 * SECOND;
    for (name, first, step) in [
        ("slot", first, 15 * 60 * SECOND),
        ("week", days_from_civil(2018, 1, 1), 7),
        ("opens", 8 * HOUR, 15 * 60 * SECOND),
    ] {
        let values = ints(&plan, "slots", name);
        assert!(values.iter().all(|value| *value >= first && (value - first) % step == 0), "{name}");
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{name}");
        assert!(name != "week" || values.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[test]
fn a_cell_alone_is_the_cell_of_the_batch() {
    let text = std::fs::read_to_string("examples/41-in-order.yaml").expect("the example");
    let plan = planned(&text);
    let alone = Options { batch_rows: 1, ..Options::default() };
    for (table, name) in [("orders", "placed_at"), ("events", "at"), ("statements", "for_week")] {
        let single = try_column(&plan, table, name, alone).expect("can be computed");
        assert_eq!(single.ints(), column(&plan, table, name).ints(), "{table}.{name}");
    }
}

const SENSORS: &str = "
tables:
  sensors:
    rows: 40
    columns:
      id: bigint primary key
      base: {type: double precision, min: 10, max: 30}
      installed_at: {type: timestamp, min: 2024-01-01, max: 2024-01-31}
  readings:
    rows: {per: sensors, every: 15 minutes, from: 2024-01-01, to: 2024-02-01, jitter: 2 minutes}
    primary_key: [sensor_id, at]
    columns:
      sensor_id: {references: sensors}
      at: timestamptz
      free: {type: double precision, series: {level: sensor.base, walk: 0.2}}
      timed: {type: double precision, series: {level: 0, walk: 0.6 per hour}}
      held: {type: double precision, series: {level: 0, walk: {deviation: 2, memory: 6 hours}}}
      wave: {type: double precision, series: {level: 100, trend: 31 per month, daily: {amplitude: 10%, peak: '15:00'}, weekly: {amplitude: sensor.base, peak: sat}}}
      noisy: {type: double precision, series: {level: 50, noise: 10%}}
      clipped: {type: 'numeric(5,2)', series: {level: 0, walk: 3, min: -5, max: 7.5}}
      price: {type: double precision, series: {level: 200, drift: 5%, volatility: 30%}}
  own:
    rows: {per: sensors, every: 1 month, from: sensor.installed_at, min: 2, max: 5}
    columns:
      sensor_id: {references: sensors}
      line: {type: int, expr: nth}
      at: timestamp
";

fn floats(plan: &Plan, table: &str, name: &str) -> Vec<f64> {
    column(plan, table, name).floats().to_vec()
}

/// Mean and variance.
fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count)
}

#[test]
fn rows_follow_each_other_in_steps_of_time() {
    let plan = planned(SENSORS);
    let (step, per_sensor) = (15 * 60 * SECOND, 31 * 24 * 4);
    let at = ints(&plan, "readings", "at");
    assert_eq!(at.len(), 40 * per_sensor);
    let first = days_from_civil(2024, 1, 1) * DAY;
    let mut late = [0; 121];
    for (row, moment) in at.iter().enumerate() {
        let jitter = moment - first - (row % per_sensor) as i64 * step;
        assert!(jitter % SECOND == 0, "whole seconds");
        late[(jitter / SECOND) as usize] += 1;
    }
    let expected = [at.len() as f64 / 121.0; 121];
    assert!(deviate(&late.map(f64::from), &expected).abs() < 4.0, "jitter is spread evenly");
    let (installed, own) = (ints(&plan, "sensors", "installed_at"), ints(&plan, "own", "at"));
    let (sensors, lines) = (ints(&plan, "own", "sensor_id"), ints(&plan, "own", "line"));
    for row in 0..own.len() {
        let start = installed[sensors[row] as usize - 1];
        let months = datagen::value::civil::add_months(start.div_euclid(DAY), lines[row] as i32 - 1);
        assert_eq!(own[row], months * DAY + start.rem_euclid(DAY));
    }
}

#[test]
fn walks_have_independent_steps_of_the_deviation_asked_for() {
    let plan = planned(SENSORS);
    let (per_sensor, base) = (31 * 24 * 4, floats(&plan, "sensors", "base"));
    for (name, deviation) in [("free", 0.2), ("timed", 0.3)] {
        let values = floats(&plan, "readings", name);
        let walks: Vec<&[f64]> = values.chunks(per_sensor).collect();
        for (sensor, walk) in walks.iter().enumerate() {
            let level = if name == "free" { base[sensor] } else { 0.0 };
            assert!((walk[0] - level).abs() < 1e-9, "it begins at its level");
        }
        let steps: Vec<Vec<f64>> = walks
            .iter()
            .map(|walk| walk.windows(2).map(|pair| (pair[1] - pair[0]) / deviation).collect())
            .collect();
        let all: Vec<f64> = steps.concat();
        let (mean, variance) = moments(&all);
        let count = all.len() as f64;
        assert!(mean.abs() < 4.0 / count.sqrt(), "{name}: {mean}");
        assert!((variance - 1.0).abs() < 4.0 * (2.0 / count).sqrt(), "{name}: {variance}");
        for lag in [1, 2, 4, 96] {
            let products = steps.iter().flat_map(|steps| steps.iter().zip(&steps[lag..]).map(|(a, b)| a * b));
            let correlation = products.sum::<f64>() / count;
            assert!(correlation.abs() < 4.0 / count.sqrt(), "{name}, lag {lag}: {correlation}");
        }
        // Sensors walk on their own.
        let between = steps[0].iter().zip(&steps[1]).map(|(a, b)| a * b).sum::<f64>() / steps[0].len() as f64;
        assert!(between.abs() < 4.0 / (steps[0].len() as f64).sqrt(), "{name}: {between}");
    }
    let held = floats(&plan, "readings", "held");
    let (mean, variance) = moments(&held);
    assert!(mean.abs() < 0.2 && (variance - 4.0).abs() < 0.4, "{mean} {variance}");
    let later: f64 =
        held.chunks(per_sensor).map(|walk| walk.windows(25).map(|w| w[0] * w[24]).sum::<f64>()).sum();
    let left = later / held.len() as f64 / variance;
    assert!((left - libm::exp(-1.0)).abs() < 0.05, "after six hours e^-1 is left: {left}");
}

#[test]
fn seasons_trend_noise_and_bounds_are_as_written() {
    let plan = planned(SENSORS);
    let (per_sensor, base) = (31 * 24 * 4, floats(&plan, "sensors", "base"));
    let at = ints(&plan, "readings", "at");
    let first = days_from_civil(2024, 1, 1) * DAY;
    let tau = std::f64::consts::TAU;
    for (row, value) in floats(&plan, "readings", "wave").iter().enumerate() {
        let days = (at[row] - first) as f64 / DAY as f64;
        let level = 100.0 + 31.0 * days / (365.2425 / 12.0);
        let daily = level * 0.1 * libm::cos(tau * (days - 15.0 / 24.0));
        // January 1, 2024 was a Monday; Saturday's noon is 5.5 days later.
        let weekly = base[row / per_sensor] * libm::cos(tau * (days - 5.5) / 7.0);
        assert!((value - level - daily - weekly).abs() < 1e-6, "row {row}: {value}");
    }
    let (mean, variance) = moments(&floats(&plan, "readings", "noisy"));
    assert!((mean - 50.0).abs() < 0.06 && (variance - 25.0).abs() < 0.5, "{mean} {variance}");
    let clipped = ints(&plan, "readings", "clipped");
    assert_eq!((clipped.iter().min(), clipped.iter().max()), (Some(&-500), Some(&750)));
}

#[test]
fn prices_grow_on_average_and_spread_as_asked() {
    let plan = planned(
        "
tables:
  papers:
    rows: 4000
    columns: {id: bigint primary key}
  quotes:
    rows: {per: papers, every: 1 week, from: 2024-01-01, count: 53}
    columns:
      paper_id: {references: papers}
      on_day: date
      price: {type: double precision, series: {level: 200, drift: 5%, volatility: 30%}}
",
    );
    let prices = floats(&plan, "quotes", "price");
    let years = 52.0 * 7.0 / 365.2425;
    let last: Vec<f64> = prices.chunks(53).map(|walk| walk[52] / walk[0]).collect();
    assert!(prices.iter().step_by(53).all(|price| *price == 200.0));
    let (mean, _) = moments(&last);
    assert!((mean - libm::pow(1.05, years)).abs() < 4.0 * 0.32 / 4000f64.sqrt(), "{mean}");
    let (_, variance) = moments(&last.iter().map(|growth| libm::log(*growth)).collect::<Vec<_>>());
    assert!((variance / (0.09 * years) - 1.0).abs() < 4.0 * (2.0f64 / 4000.0).sqrt(), "{variance}");
}

#[test]
fn calm_and_wild_times_come_in_clusters_and_change_neither_mean_nor_variance() {
    let plan = planned(
        "
tables:
  papers:
    rows: 600
    columns: {id: bigint primary key}
  quotes:
    rows: {per: papers, every: 1 day, from: 2024-01-01, count: 257}
    columns:
      paper_id: {references: papers}
      on_day: date
      even: {type: double precision, series: {level: 200, drift: 5%, volatility: 30%}}
      price: {type: double precision, series: {level: 200, drift: 5%, volatility: 30%, clustering: {strength: 40%, memory: 128 days}}}
      timed: {type: double precision, series: {level: 0, walk: 1 per day, clustering: {strength: 40%, memory: 128 days}}}
",
    );
    let years = 256.0 / 365.2425;
    let day = libm::sqrt(0.09 / 365.2425);
    let steps = |name: &str| -> Vec<Vec<f64>> {
        let logs: Vec<f64> = floats(&plan, "quotes", name).iter().map(|price| libm::log(*price)).collect();
        logs.chunks(257).map(|walk| walk.windows(2).map(|pair| (pair[1] - pair[0]) / day).collect()).collect()
    };
    let kurtosis = |steps: &[Vec<f64>]| {
        let (mean, variance) = moments(&steps.concat());
        let fourth: f64 = steps.iter().flatten().map(|step| libm::pow(step - mean, 4.0)).sum();
        fourth / (256.0 * 600.0) / (variance * variance)
    };
    let together = |steps: &[Vec<f64>], lag: usize| {
        let squares: Vec<Vec<f64>> =
            steps.iter().map(|walk| walk.iter().map(|step| step * step).collect()).collect();
        let (mean, variance) = moments(&squares.concat());
        let products = squares
            .iter()
            .flat_map(|walk| walk.iter().zip(&walk[lag..]).map(|(a, b)| (a - mean) * (b - mean)));
        let products: Vec<f64> = products.collect();
        products.iter().sum::<f64>() / products.len() as f64 / variance
    };
    let (even, wild) = (steps("even"), steps("price"));
    assert!((kurtosis(&even) - 3.0).abs() < 0.1 && together(&even, 1).abs() < 0.015);
    assert!(kurtosis(&wild) > 6.0, "{}", kurtosis(&wild));
    assert!(
        together(&wild, 1) > 0.08 && together(&wild, 4) > 0.03,
        "{} {}",
        together(&wild, 1),
        together(&wild, 4)
    );
    let (_, variance) = moments(&wild.concat());
    assert!((variance - 1.0).abs() < 0.05, "{variance}");
    let growth: Vec<f64> =
        floats(&plan, "quotes", "price").chunks(257).map(|walk| walk[256] / walk[0]).collect();
    let (mean, _) = moments(&growth);
    assert!((mean - libm::pow(1.05, years)).abs() < 4.0 * 0.27 / 600f64.sqrt(), "{mean}");
    let timed = floats(&plan, "quotes", "timed");
    let (_, variance) = moments(&timed.chunks(257).map(|walk| walk[256] / 16.0).collect::<Vec<_>>());
    assert!((variance - 1.0).abs() < 4.0 * (2.0f64 / 600.0).sqrt(), "{variance}");
}

#[test]
fn series_over_any_moments_walk_in_time() {
    let plan = planned(
        "
tables:
  log:
    rows: 4000
    columns:
      at: {type: timestamp, min: 2024-01-01, max: 2024-12-31, ascending: true}
      walked: {type: double precision, series: {level: 5, walk: 0.5 per day}}
      unknown: {type: 'numeric(8,2)', series: {at: at, level: \"nullif(1, 1)\", noise: 1}}
",
    );
    let (at, walked) = (ints(&plan, "log", "at"), floats(&plan, "log", "walked"));
    let steps: Vec<f64> = (1..at.len())
        .map(|row| {
            (walked[row] - walked[row - 1]) / (0.5 * ((at[row] - at[row - 1]) as f64 / DAY as f64).sqrt())
        })
        .collect();
    let (mean, variance) = moments(&steps);
    assert!(mean.abs() < 0.07 && (variance - 1.0).abs() < 0.1, "{mean} {variance}");
    let unknown = column(&plan, "log", "unknown");
    assert!((0..unknown.len()).all(|row| !unknown.is_valid(row)), "without a level there is no value");
}

#[test]
fn what_a_series_cannot_hold_ends_the_run_with_the_row() {
    let plan = planned(
        "
tables:
  log:
    rows: {every: 1 day, from: 2024-01-01, count: 50}
    columns:
      day: date
      grown: {type: smallint, series: {level: 32700, trend: 5 per day}}
      early: {type: int, series: {level: 1, trend: 1 per day, from: 2024-01-05}}
  late:
    rows: {every: 1000 years, from: 2024-01-01, count: 10}
    columns: {day: date}
",
    );
    let fails = |table: &str, name: &str| {
        try_column(&plan, table, name, Options::default()).expect_err("cannot be computed").to_string()
    };
    let message = "log.grown, row 15: the series reaches 32770, beyond smallint";
    assert!(fails("log", "grown").starts_with(message), "{}", fails("log", "grown"));
    assert!(fails("log", "early").starts_with("log.early, row 1: the row's moment lies before `from`"));
    assert_eq!(fails("late", "day"), "late.day, row 9: step 9 lies beyond the year 9999");
}

#[test]
fn a_value_of_a_series_alone_is_that_of_the_batch() {
    let plan = planned(&SENSORS.replace("rows: 40", "rows: 3"));
    for batch_rows in [1, 7] {
        let options = Options { batch_rows, ..Options::default() };
        for name in ["free", "held", "price", "noisy"] {
            let alone = try_column(&plan, "readings", name, options).expect("can be computed");
            assert_eq!(alone.floats(), floats(&plan, "readings", name), "{name}");
        }
    }
}
