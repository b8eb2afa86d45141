//! Figures for people: counts, bytes, rates, and the lines at the end of a run.

use crate::diagnostic::grouped;
use std::time::Duration;

/// `1 table`, `3 tables`.
pub fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// `1,234 rows`.
pub fn rows(number: u64) -> String {
    count(number, "row")
}

/// Bytes in decimal units: `999 B`, `1.2 MB`.
pub fn bytes(number: u64) -> String {
    let units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    match units.iter().find(|(_, unit)| number as f64 >= *unit) {
        Some((name, unit)) => format!("{:.1} {name}", number as f64 / unit),
        None => format!("{number} B"),
    }
}

/// `0.004 s`, `1.23 s`, `123 s`.
pub fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let decimals = if seconds < 0.1 {
        3
    } else if seconds < 100.0 {
        2
    } else {
        0
    };
    format!("{seconds:.decimals$} s")
}

/// `1,234 rows in 0.50 s (2,468 rows/s, 1.2 MB/s)`, with what was written.
pub fn line(row_count: u64, byte_count: u64, time: Duration) -> String {
    // A run faster than the clock's tick still has a finite rate.
    let elapsed = time.as_secs_f64().max(1e-6);
    let row_rate = grouped((row_count as f64 / elapsed) as u64);
    let byte_rate = bytes((byte_count as f64 / elapsed) as u64);
    format!(
        "{}, {} in {} ({row_rate} rows/s, {byte_rate}/s)",
        rows(row_count),
        bytes(byte_count),
        seconds(time)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_at_a_glance() {
        assert_eq!((rows(1), rows(2_000)), ("1 row".to_owned(), "2,000 rows".to_owned()));
        assert_eq!((bytes(999), bytes(1_234_567)), ("999 B".to_owned(), "1.2 MB".to_owned()));
        assert_eq!(
            line(1_000, 2_000_000, Duration::from_millis(500)),
            "1,000 rows, 2.0 MB in 0.50 s (2,000 rows/s, 4.0 MB/s)"
        );
    }
}
