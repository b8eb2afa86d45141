use super::*;
use crate::diagnostic::Span as Place;
use crate::spec::At;
use crate::value::civil::{DAY, days_from_civil};
use crate::value::divisor::Divisor;
use std::sync::Arc;

const HOUR: i64 = DAY / 24;

/// Weekdays from 9 to 12 and 13 to 17:30, twice as much from 10 to 11; half of it on Fridays; nothing on May 1.
fn office(growth: f64) -> Arc<Calendar> {
    let mut hours = [1.0; 24];
    hours[10] = 2.0;
    let mut open: [Vec<(i64, i64)>; 7] = Default::default();
    open[1..6]
        .iter_mut()
        .for_each(|day| *day = vec![(9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR + HOUR / 2)]);
    let spec = CalendarSpec {
        hours: Some(At::new([hours; 7], Place::default())),
        open: Some(open),
        weekdays: [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 1.0],
        months: [1.0; 12],
        dates: vec![DayWeight { year: None, month: 5, day: 1, weight: 0.0 }],
        growth,
        tells_days_apart: true,
    };
    Arc::new(Calendar::new(&spec, days_from_civil(2024, 5, 1)))
}

/// The weight of half an hour, by the definition.
fn weight(moment: i64, growth: f64) -> f64 {
    let (day, micros) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
    let weekday = day_of_week(day);
    let is_open =
        (9 * HOUR..12 * HOUR).contains(&micros) || (13 * HOUR..17 * HOUR + HOUR / 2).contains(&micros);
    if !(1..=5).contains(&weekday) || !is_open || civil_from_days(day).1 == 5 && civil_from_days(day).2 == 1 {
        return 0.0;
    }
    let hour = if micros / HOUR == 10 { 2.0 } else { 1.0 };
    let weekday = if weekday == 5 { 0.5 } else { 1.0 };
    let years = (day - days_from_civil(2024, 5, 1)) as f64 / YEAR_DAYS;
    hour * weekday * libm::pow(1.0 + growth, years)
}

#[test]
fn moments_have_their_weights_between_any_bounds() {
    let first = days_from_civil(2024, 4, 25) * DAY;
    let day = |moment: i64| moment.div_euclid(DAY);
    for growth in [0.0, 0.4, -0.5] {
        let calendar = office(growth);
        let wide = Span::for_any_bounds(calendar.clone()).expect("has weight");
        for (low, high) in [(0, 23), (21, 70), (1, 480), (18, 18), (25, 26), (470, 480)] {
            let (low, high) = (first + low * HOUR / 2, first + high * HOUR / 2);
            let marks: Vec<i64> = (0..=(high - low) / (HOUR / 2)).map(|at| low + at * HOUR / 2).collect();
            let total: f64 = marks.iter().map(|mark| weight(*mark, growth)).sum();
            let exact = Span::new(calendar.clone(), day(low), day(high));
            let spans = [Some(&wide), exact.as_ref().ok()];
            for span in spans.into_iter().flatten() {
                let Some(window) = span.moments(low, high, HOUR / 2) else {
                    assert_eq!(total, 0.0, "{low} {high}");
                    continue;
                };
                let draws = 20_000;
                let mut seen = vec![0.0; marks.len()];
                let mut last = i64::MIN;
                for at in 0..draws {
                    let share = (at as f64 + 0.5) / draws as f64;
                    let moment = span.moment(&window, share, Divisor::new(HOUR / 2));
                    assert!(last <= moment && low <= moment && moment <= high);
                    last = moment;
                    seen[((moment - low) / (HOUR / 2)) as usize] += 1.0;
                }
                for (mark, seen) in marks.iter().zip(seen) {
                    let expected = weight(*mark, growth) / total * draws as f64;
                    assert!((seen - expected).abs() <= 1.01, "{growth}, {low}: {seen} instead of {expected}");
                    assert_eq!(seen == 0.0, expected == 0.0);
                }
            }
        }
    }
}

#[test]
fn windows_are_the_same_edge_by_edge() {
    let first = days_from_civil(2024, 4, 25) * DAY;
    for growth in [0.0, 0.4] {
        let calendar = office(growth);
        let week = Span::new(calendar, first / DAY, first / DAY + 6).expect("has weight");
        for step in [1, 1_000_000, 7 * 60 * 1_000_000, HOUR, DAY] {
            let by = Divisor::new(step);
            let bounds: Vec<i64> = (0..80).map(|at| first + at * at * 97_000_000 + at % 3).collect();
            for (low, high) in bounds.iter().flat_map(|low| bounds.iter().map(move |high| (*low, *high))) {
                let edges = week.first_edge(low, by).zip(week.last_edge(high, by));
                let between = edges.and_then(|(first, last)| Window::between(first, last));
                let Some(window) = between else { continue };
                let told = week.moments(low, high, step).expect("has weight");
                assert_eq!(format!("{window:?}"), format!("{told:?}"), "{low} {high} {step}");
            }
        }
    }
}

#[test]
fn a_time_of_day_lies_in_the_piece_that_a_search_finds() {
    let open = [(9 * HOUR + 1, 9 * HOUR + HOUR / 3), (9 * HOUR + HOUR / 2, 13 * HOUR), (23 * HOUR + 5, DAY)];
    for shape in [DayShape::new(None, Some(&open)), DayShape::new(None, None)] {
        let near = shape.starts().iter().flat_map(|start| [start - 1, *start, start + 1, start + HOUR / 2]);
        for micros in near.filter(|micros| (0..DAY).contains(micros)) {
            let searched = shape.starts().partition_point(|start| *start <= micros) - 1;
            assert_eq!(shape.piece(micros), searched, "{micros}");
        }
    }
}

#[test]
fn the_ends_of_shares_are_open_hours_too() {
    let span = Span::for_any_bounds(office(0.1)).expect("has weight");
    let noon = days_from_civil(2024, 4, 25) * DAY + 12 * HOUR;
    let second = 1_000_000;
    // From the break to the break of the next day, and from it to the end of the same hour.
    let window = span.moments(noon + HOUR / 2, noon + DAY + HOUR / 2, second).expect("has weight");
    assert_eq!(span.moment(&window, 0.0, Divisor::new(second)), noon + HOUR);
    assert_eq!(span.moment(&window, 1.0 - f64::EPSILON / 2.0, Divisor::new(second)), noon + DAY - second);
    assert!(span.moments(noon, noon + HOUR - second, second).is_none(), "nothing happens in the break");
    let first = span.moments(noon, noon + HOUR, second).expect("one second has weight");
    assert_eq!(span.moment(&first, 0.5, Divisor::new(second)), noon + HOUR);
}

#[test]
fn days_have_the_weight_of_their_hours() {
    let calendar = office(0.0);
    let monday = days_from_civil(2024, 4, 29);
    let span = Span::new(calendar, monday, monday + 6).expect("has weight");
    let window = span.days(monday, monday + 6).expect("has weight");
    let mut seen = [0; 7];
    (0..3500).for_each(|at| seen[(span.day(&window, at as f64 / 3500.0) - monday) as usize] += 1);
    // Wednesday is May 1, Friday weighs half.
    assert_eq!(seen, [1000, 1000, 0, 1000, 500, 0, 0]);
    assert!(span.days(monday + 5, monday + 6).is_none());
}

#[test]
fn strong_growth_over_centuries_keeps_its_digits() {
    for growth in [-0.5, 1.0] {
        let calendar = office(growth);
        let span = Span::for_any_bounds(calendar).expect("has weight");
        for year in [1850, 2024, 2150] {
            let (first, last) = (days_from_civil(year, 1, 1), days_from_civil(year, 12, 31));
            let window = span.days(first, last).expect("has weight");
            let early = (0..1000).filter(|at| span.day(&window, *at as f64 / 1000.0) < first + 183).count();
            // 1 / (1 + sqrt(1 + growth)), but for the weekends.
            let expected = 1000.0 / (1.0 + libm::sqrt(1.0 + growth));
            assert!((early as f64 - expected).abs() < 8.0, "{growth} {year}: {early}, not {expected}");
        }
    }
}

#[test]
fn spans_without_weight_or_end_are_refused() {
    let saturday = days_from_civil(2024, 4, 27);
    assert!(Span::new(office(0.0), saturday, saturday + 1).is_err());
    assert!(Span::new(office(0.0), saturday, saturday + MILLENNIUM).is_err());
    assert!(Span::new(office(0.0), saturday, saturday + MILLENNIUM - 1).is_ok());
    assert!(office(0.0).check_grid(HOUR / 2).is_ok());
    assert!(office(0.0).check_grid(HOUR * 2).is_err(), "9 is no multiple of 2");
}

const MILLENNIUM: i64 = 365_243;
