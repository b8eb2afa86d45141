//! The scale at which a spec's output has a wanted size.
//!
//! Row counts are functions of the scale that the plan knows exactly, and need not be linear: constants, interpolated points,
//! rounding. Bytes per row are measured, and change little with the scale: keys get longer, dictionaries wear off. So the scale
//! is searched with the counts and the bytes last measured, and measured again where it was found, until it stays.
//! Nothing but the spec decides: the same size finds the same scale on every machine.

use super::estimate::{Measure, estimate, measure, script_bytes};
use super::ordered::{Crew, Stop, Work, in_order};
use crate::diagnostic::Diagnostic;
use crate::encode::{self, EncodeError, Format};
use crate::generate::prepare;
use crate::plan::{self, Overrides, Plan, Section};
use crate::spec::Spec;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;

/// What the size is of.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// The tables that are written: indexes into the plan's, which are the same at every scale.
    pub tables: &'a [usize],
    /// Their format.
    pub format: &'static Format,
    /// How they are encoded.
    pub options: encode::Options,
    /// What of a script is written.
    pub section: Section,
}

/// A scale, and what comes out at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The scale, in as few digits as do.
    pub scale: f64,
    /// All bytes of the output, within 3% of what was wanted.
    pub bytes: u64,
}

/// Why no scale gives the wanted size.
#[derive(Clone, Debug, PartialEq)]
pub enum Misfit {
    /// Row counts do not depend on the scale.
    Unscaled,
    /// Even at the least scale that can be there are so many bytes.
    TooSmall {
        /// These.
        least: Fit,
    },
    /// There are no more than so many bytes, since a larger scale is refused.
    TooLarge {
        /// At the largest scale.
        most: Fit,
        /// What is wrong with the next one.
        problems: Vec<Diagnostic>,
    },
    /// One scale gives too little, and the next one too much.
    Between {
        /// The last that gives less.
        below: Fit,
        /// The first that gives more.
        above: Fit,
    },
    /// The spec is wrong, at this scale.
    Refused {
        /// The scale.
        scale: f64,
        /// What is wrong.
        problems: Vec<Diagnostic>,
    },
    /// A row of this table reads so many others that its size cannot be measured.
    Unmeasured {
        /// Index into the plan's.
        table: usize,
    },
    /// Rows of a sample could not be encoded.
    Encode(EncodeError),
    /// A bug, in its own words.
    Panicked(String),
}

/// How far the output may be from what was wanted.
const TOLERANCE: f64 = 0.03;

/// How far it may be for the sake of a scale with fewer digits.
const ROUNDING: f64 = 0.002;

/// A scale that moved by no more need not be measured again.
const STAYS: f64 = 0.01;

/// Measures after the first estimate. Each is nearer by a factor of ten or more.
const MOST_MEASURES: usize = 4;

/// Finds the scale at which the output has so many bytes. The scale among the overrides plays no part.
///
/// # Errors
/// When there is none, or when the spec is wrong.
pub fn scale_for(
    spec: &Spec,
    overrides: &Overrides,
    output: &Output,
    target: u64,
    crew: Crew,
) -> Result<Fit, Misfit> {
    let search = Search { spec, overrides, output, target: target as f64, counted: RefCell::default() };
    if !search.is_scaled() {
        return Err(Misfit::Unscaled);
    }
    let mut size = search.estimated()?;
    let mut found = search.nearest(&size);
    let mut tried: Vec<(i64, Size)> = Vec::new();
    for _ in 0..MOST_MEASURES {
        size = search.measured(scale(found), &size, crew)?;
        let next = search.nearest(&size);
        if (scale(next) / scale(found) - 1.0).abs() <= STAYS {
            return search.judged(next, &size);
        }
        tried.push((found, size.clone()));
        found = next;
    }
    // Sizes jump where a table becomes worth another encoding, and the scale may go to and fro over the jump.
    let off = |(number, size): &(i64, Size)| search.off(*number, size);
    let best = tried.iter().min_by(|a, b| off(a).total_cmp(&off(b)));
    let (found, size) = best.expect("some were tried");
    search.judged(*found, size)
}

/// The output's size as a function of row counts.
#[derive(Clone)]
struct Size {
    /// Bytes around all tables.
    script: u64,
    /// In the order of [`Output::tables`].
    tables: Vec<Measure>,
}

/// Scales of four digits are numbered: number 0 is 1, each power of ten has 9,000 of them.
const PER_TENFOLD: i64 = 9_000;

/// The least and the largest scale looked at: 1e-9 and 1e9.
const LEAST: i64 = -9 * PER_TENFOLD;
const LARGEST: i64 = 9 * PER_TENFOLD;

/// The scale of that number, as it is read from the command line.
fn scale(number: i64) -> f64 {
    let (exponent, digits) = (number.div_euclid(PER_TENFOLD) - 3, 1_000 + number.rem_euclid(PER_TENFOLD));
    format!("{digits}e{exponent}").parse().expect("digits and an exponent")
}

struct Search<'s> {
    spec: &'s Spec,
    overrides: &'s Overrides,
    output: &'s Output<'s>,
    target: f64,
    /// Row counts of the output's tables by the number of the scale; problems where it is refused.
    counted: RefCell<BTreeMap<i64, Counts>>,
}

type Counts = Rc<Result<Vec<u64>, Vec<Diagnostic>>>;

impl Search<'_> {
    fn overrides(&self, scale: f64) -> Overrides {
        Overrides { scale: Some(scale), ..self.overrides.clone() }
    }

    fn counts(&self, number: i64) -> Counts {
        if let Some(known) = self.counted.borrow().get(&number) {
            return known.clone();
        }
        let counts = plan::row_counts(self.spec, &self.overrides(scale(number)));
        let counts = counts.map(|rows| self.output.tables.iter().map(|table| rows[*table]).collect());
        self.counted.borrow_mut().entry(number).or_insert(Rc::new(counts)).clone()
    }

    /// Whether any table's number of rows follows the scale.
    fn is_scaled(&self) -> bool {
        // Also where points are interpolated, or a count has a least value.
        let somewhere =
            [0, 2_345, -2_345, 2 * PER_TENFOLD, -2 * PER_TENFOLD, 4 * PER_TENFOLD, 6 * PER_TENFOLD];
        let counts: Vec<Counts> = somewhere.into_iter().map(|number| self.counts(number)).collect();
        counts.iter().any(|counts| counts.is_ok() && *counts != self.counts(0)) || self.counts(0).is_err()
    }

    /// The bytes at a scale; `None` where it is refused.
    fn bytes(&self, number: i64, size: &Size) -> Option<f64> {
        let counts = self.counts(number);
        let counts = counts.as_ref().as_ref().ok()?;
        let tables = size.tables.iter().zip(counts).map(|(table, rows)| table.bytes_of(*rows));
        Some(size.script as f64 + tables.sum::<f64>())
    }

    /// How far a scale is from what is wanted, as a share of it.
    fn off(&self, number: i64, size: &Size) -> f64 {
        self.bytes(number, size).map_or(f64::INFINITY, |bytes| (bytes / self.target - 1.0).abs())
    }

    /// The number of the scale that comes nearest.
    fn nearest(&self, size: &Size) -> i64 {
        let is_enough = |number: i64| match self.bytes(number, size) {
            Some(bytes) => bytes >= self.target,
            // Refused is what is too small below 1, and what is too large above.
            None => number > 0,
        };
        let (mut low, mut high) = (LEAST, LARGEST);
        while low < high {
            let middle = low + (high - low).div_euclid(2);
            if is_enough(middle) { high = middle } else { low = middle + 1 }
        }
        if self.off(low - 1, size) < self.off(low, size) { low - 1 } else { low }
    }

    /// A first idea of the size, from few rows at scale 1.
    fn estimated(&self) -> Result<Size, Misfit> {
        let mut tables: Vec<Option<Measure>> = vec![None; self.output.tables.len()];
        let mut script = 0;
        // Where a row reads millions of others, it reads fewer at a smaller scale.
        for number in (0..4).map(|nth| -nth * PER_TENFOLD) {
            let plan = match self.plan(scale(number)) {
                Ok(plan) => plan,
                Err(misfit) if number == 0 => return Err(misfit),
                Err(_) => break,
            };
            if number == 0 {
                script = self.script(&plan);
            }
            for (known, table) in
                tables.iter_mut().zip(self.output.tables).filter(|(known, _)| known.is_none())
            {
                let Output { format, options, .. } = self.output;
                let found = estimate(&plan, *table, format, options).map_err(Misfit::Encode)?;
                let rows = plan.tables[*table].rows;
                *known = found.map(|found| Measure {
                    around: 0,
                    per_row: found.bytes as f64 / rows.max(1) as f64,
                    bytes: found.bytes,
                    is_exact: found.is_exact,
                });
            }
            if tables.iter().all(Option::is_some) {
                break;
            }
        }
        let unknown = tables.iter().position(Option::is_none);
        match unknown {
            Some(at) => Err(Misfit::Unmeasured { table: self.output.tables[at] }),
            None => Ok(Size { script, tables: tables.into_iter().flatten().collect() }),
        }
    }

    /// The size as it is at a scale; what cannot be measured there stays as it was before.
    fn measured(&self, scale: f64, before: &Size, crew: Crew) -> Result<Size, Misfit> {
        let plan = self.plan(scale)?;
        let work = Measuring { plan: &plan, output: self.output };
        let mut tables = Vec::new();
        let numbers = 0..self.output.tables.len() as u64;
        let done = in_order(&work, numbers, crew, &AtomicBool::new(false), |number, found| {
            let before = before.tables[number as usize];
            let rows = plan.tables[self.output.tables[number as usize]].rows;
            tables.push(match found {
                Some(found) if rows > 0 => found,
                Some(found) => Measure { per_row: before.per_row, ..found },
                None => before,
            });
            Ok(())
        });
        match done {
            Ok(()) => Ok(Size { script: self.script(&plan), tables }),
            Err(Stop::Failed(error)) => Err(Misfit::Encode(error)),
            Err(Stop::Panicked(words)) => Err(Misfit::Panicked(words)),
            Err(Stop::Cancelled) => unreachable!("nobody cancels"),
        }
    }

    fn plan(&self, scale: f64) -> Result<Plan, Misfit> {
        let ready = plan::plan(self.spec, &self.overrides(scale));
        let ready = ready.and_then(|plan| prepare(&plan).map(|()| plan));
        ready.map_err(|problems| Misfit::Refused { scale, problems })
    }

    fn script(&self, plan: &Plan) -> u64 {
        let Output { tables, format, options, section } = self.output;
        script_bytes(plan, tables, format, options, *section)
    }

    /// The scale in as few digits as do, if it gives the wanted size.
    fn judged(&self, found: i64, size: &Size) -> Result<Fit, Misfit> {
        let fit = |number: i64| {
            self.bytes(number, size).map(|bytes| Fit { scale: scale(number), bytes: bytes as u64 })
        };
        if self.off(found, size) <= TOLERANCE {
            let mut short = [1_000, 100, 10].into_iter().map(|step| rounded(found, step));
            let short = short.find(|number| self.off(*number, size) <= ROUNDING);
            return Ok(fit(short.unwrap_or(found)).expect("was counted"));
        }
        let Some(nearest) = fit(found) else {
            let problems = self.counts(found).as_ref().clone().err().unwrap_or_default();
            return Err(Misfit::Refused { scale: scale(found), problems });
        };
        let is_less = (nearest.bytes as f64) < self.target;
        let next = if is_less { found + 1 } else { found - 1 };
        match (fit(next), is_less) {
            (Some(above), true) if next <= LARGEST => Err(Misfit::Between { below: nearest, above }),
            (Some(below), false) if next >= LEAST => Err(Misfit::Between { below, above: nearest }),
            (_, true) => {
                let problems = self.counts(next).as_ref().clone().err().unwrap_or_default();
                Err(Misfit::TooLarge { most: nearest, problems })
            }
            (_, false) => Err(Misfit::TooSmall { least: nearest }),
        }
    }
}

/// The number of the scale with fewer digits that is nearest: those of which `step` divides the digits.
fn rounded(number: i64, step: i64) -> i64 {
    let digits = 1_000 + number.rem_euclid(PER_TENFOLD);
    number - digits + (digits + step / 2) / step * step
}

/// The tables measured on every core.
struct Measuring<'m> {
    plan: &'m Plan,
    output: &'m Output<'m>,
}

impl Work for Measuring<'_> {
    type State = ();
    type Product = Option<Measure>;
    type Error = EncodeError;

    fn start(&self) {}

    fn make(&self, (): &mut (), number: u64) -> Result<Option<Measure>, EncodeError> {
        let Output { tables, format, options, .. } = self.output;
        measure(self.plan, tables[number as usize], format, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_scales_follow_each_other() {
        assert_eq!([scale(0), scale(1), scale(-1)], [1.0, 1.001, 0.9999]);
        assert_eq!([scale(PER_TENFOLD), scale(-PER_TENFOLD + 234)], [10.0, 0.1234]);
        assert_eq!([scale(LEAST), scale(LARGEST)], [1e-9, 1e9]);
        for number in LEAST..LARGEST {
            assert!(scale(number) < scale(number + 1), "{number}");
        }
    }

    #[test]
    fn scales_are_rounded_to_fewer_digits() {
        let number = 234; // 1.234
        let shorter: Vec<f64> = [1_000, 100, 10].map(|step| scale(rounded(number, step))).to_vec();
        assert_eq!(shorter, [1.0, 1.2, 1.23]);
        assert_eq!(scale(rounded(PER_TENFOLD - 1, 10)), 10.0);
    }
}
