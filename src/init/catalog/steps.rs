//! The distance of values on a line: the grid that they lie on, or one so coarse that as many of them differ.

use super::line::{Line, is_float};
use super::points::{DAY, Point, SECOND, greatest_common_divisor, unit};
use crate::init::shape::significant;
use crate::init::yaml::scalar;
use crate::value::SqlType;

impl Line<'_> {
    /// The distance of values where it is not the usual one.
    pub fn step(&self) -> Option<(&'static str, String)> {
        if self.tail[0].at == self.tail[self.tail.len() - 1].at {
            return None;
        }
        let (usual, step) = (self.usual(), self.chosen_step());
        let is_usual = (step - usual).abs() < f64::EPSILON * usual.max(1.0);
        if is_usual || step <= 0.0 {
            return None;
        }
        Some(("step", self.shown_step(step)?))
    }

    /// The distance with which as many values differ, if one does.
    pub fn chosen_step(&self) -> f64 {
        let (usual, wanted) = (self.usual(), self.distinct);
        let mut step = self.grid().unwrap_or(usual);
        // Fractions of a second are only needed where seconds are too few.
        if usual == SECOND && step < SECOND && self.differing(SECOND) >= 0.95 * wanted {
            step = SECOND;
        }
        if self.differing(step) > 1.05 * wanted {
            step = self.coarser(step, wanted);
        } else if step > usual && self.differing(step) < 0.95 * wanted {
            // Draws repeat themselves on a grid that is nearly used up.
            step = self.coarser(usual, wanted).min(step);
        }
        step
    }

    /// The distance of values of which nothing is said.
    fn usual(&self) -> f64 {
        match self.sql_type {
            SqlType::Timestamp | SqlType::Timestamptz | SqlType::Time => SECOND,
            of if is_float(of) => 0.0,
            _ => 1.0,
        }
    }

    pub fn finest(&self) -> f64 {
        self.grid().map_or(self.usual(), |grid| grid.min(self.usual()))
    }

    /// The greatest distance that all known values keep from each other, if there is one but chance.
    pub fn grid(&self) -> Option<f64> {
        let all = self.all();
        let is_whole = |point: &Point| point.at.abs() < 9e15 && libm::trunc(point.at) == point.at;
        if all.len() < 5 || is_float(self.sql_type) || !all.iter().all(is_whole) {
            return None;
        }
        let distances = all.iter().map(|point| (point.at - all[0].at) as u64);
        let grid = distances.fold(0, greatest_common_divisor);
        (grid > 0).then_some(grid as f64)
    }

    /// How many values PostgreSQL will take to be different, if those of the tail are drawn from places so far apart. It looks at a sample,
    /// in which seldom values are missing, and guesses the rest from those that stand there once (Haas and Stokes' Duj1).
    pub fn differing(&self, step: f64) -> f64 {
        let buckets = (self.tail.len() - 1).max(1) as f64;
        let drawn = self.sampled * self.rest() / buckets;
        let of_bucket = |pair: &[Point]| {
            let places = ((pair[1].at - pair[0].at) / step).max(1.0);
            let each = drawn / places;
            match step > 0.0 {
                // What both bounds are is a place of the buckets beside.
                true if pair[0].at == pair[1].at => (0.0, 0.0),
                true => (places * (1.0 - libm::exp(-each)), drawn * libm::exp(-each)),
                false => (drawn, drawn),
            }
        };
        let add = |sum: (f64, f64), of: (f64, f64)| (sum.0 + of.0, sum.1 + of.1);
        let (seen, once) = self.tail.windows(2).map(of_bucket).fold((0.0, 0.0), add);
        let (seen, once) = (seen * self.beside() + self.heads.len() as f64, once * self.beside());
        self.sampled * seen / (self.sampled - once + once * self.sampled / self.values).max(1.0)
    }

    /// The share of values that are not common ones.
    pub fn rest(&self) -> f64 {
        (1.0 - self.heads.iter().map(|(_, share)| share).sum::<f64>()).max(0.0)
    }

    /// The share of the tail's places that are not those of common values.
    pub fn beside(&self) -> f64 {
        match self.finest() {
            finest if finest > 0.0 => (1.0 - self.heads.len() as f64 / (self.span() / finest + 1.0)).max(0.0),
            _ => 1.0,
        }
    }

    /// A multiple of the step with which so many values differ.
    fn coarser(&self, step: f64, wanted: f64) -> f64 {
        let span = self.tail[self.tail.len() - 1].at - self.tail[0].at;
        let (mut fine, mut coarse) = (step, span.max(step));
        for _ in 0..60 {
            let middle = (fine + coarse) / 2.0;
            if self.differing(middle) > wanted { fine = middle } else { coarse = middle }
        }
        match step > 0.0 {
            true => (libm::round(coarse / step) * step).max(step),
            false => significant(coarse, 4),
        }
    }

    pub fn shown_step(&self, step: f64) -> Option<String> {
        let shown = match self.sql_type {
            SqlType::Date => counted(step, "day"),
            of if of.is_temporal() && libm::fmod(step, DAY) == 0.0 => counted(step / DAY, "day"),
            of if of.is_temporal() && libm::fmod(step, SECOND) == 0.0 => counted(step / SECOND, "second"),
            of if of.is_temporal() => counted(step, "microsecond"),
            of => significant(step * unit(of), 15).to_string(),
        };
        Some(scalar(&shown)).filter(|_| step.is_finite())
    }
}

fn counted(number: f64, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1.0 { "" } else { "s" })
}
