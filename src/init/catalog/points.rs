//! Values on a line: what PostgreSQL writes, and where it lies.

use crate::value::parse::{self, Scalar};
use crate::value::text::printed;
use crate::value::{Data, Layout, SqlType, Vector};

pub const SECOND: f64 = 1e6;
pub const DAY: f64 = 86_400.0 * SECOND;

/// A value as PostgreSQL writes it, and where it lies: in units of the last digit, days or microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    pub text: String,
    pub at: f64,
}

/// The values beside the common ones where PostgreSQL kept none, which it does with a single one: they go on after the greatest.
pub fn unknown(heads: &[(Point, f64)], distinct: usize, sql_type: &SqlType) -> Vec<Point> {
    let missing = distinct.saturating_sub(heads.len());
    let mut known: Vec<f64> = heads.iter().map(|(point, _)| point.at).collect();
    known.sort_by(f64::total_cmp);
    let (Some(least), Some(greatest)) = (known.first(), known.last()) else { return vec![] };
    if missing == 0 || sql_type.layout() != Layout::Int || greatest.abs() > 9e15 {
        return vec![];
    }
    let step = known.iter().map(|at| (at - least) as u64).fold(0, greatest_common_divisor).max(1) as f64;
    let mut ends = vec![greatest + step, greatest + step * missing as f64];
    // After midnight there is no time of day.
    if *sql_type == SqlType::Time && ends[1] >= DAY {
        ends = vec![least - step * missing as f64, least - step];
    }
    ends.dedup();
    let point = |at: &f64| {
        let vector = Vector::new(Data::Int(vec![*at as i64]), None);
        let text = printed(sql_type, &vector, 0)?;
        // What the type cannot hold is no value.
        (position(&text, sql_type)? == *at).then_some(Point { text, at: *at })
    };
    ends.iter().map(point).collect::<Option<_>>().unwrap_or_default()
}

/// Where a value lies.
pub fn position(text: &str, sql_type: &SqlType) -> Option<f64> {
    match parse::scalar(text, sql_type).ok()? {
        Scalar::Int(value) => Some(value as f64),
        Scalar::Wide(value) => Some(value as f64),
        Scalar::Float(value) => Some(value).filter(|value| value.is_finite()),
        _ => None,
    }
}

/// What one unit of a position is worth.
pub fn unit(sql_type: &SqlType) -> f64 {
    sql_type.scale().map_or(1.0, |scale| libm::pow(10.0, -f64::from(scale)))
}

/// The greatest distance of which both are multiples.
pub fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
