//! Values between two bounds, uniform or shaped by a distribution.
//!
//! Whole numbers, decimals, dates and timestamps all lie on a grid of integers. Bounds may be computed per row from other
//! columns; where one is null, so is the value.

use super::Column;
use crate::distribution::{FloatSampler, IntSampler};
use crate::expression::{Batch, Expression, Failure};
use crate::random::{Key, Permutation, below, mix};
use crate::value::{Data, Interval, SqlType, Vector, text};
use std::rc::Rc;

/// A bound: the same for all rows, or computed.
pub enum Bound<T> {
    /// A literal; `None` where the distribution alone decides.
    Fixed(Option<T>),
    /// An expression of the column's type.
    Computed(Expression),
}

impl<T> Bound<T> {
    fn is_fixed(&self) -> bool {
        matches!(self, Bound::Fixed(_))
    }
}

/// Integers on a grid: the `Int` layout.
pub struct GridRange {
    /// Lower bound.
    pub min: Bound<i64>,
    /// Upper bound, included.
    pub max: Bound<i64>,
    /// The least and greatest value of the column's type, where a bound is open.
    pub limits: (i64, i64),
    /// Distance of the grid's values: 1, or a second's microseconds for times.
    pub step: i64,
    /// Draws the values; with a step above 1 the number of steps from the lower bound.
    pub sampler: IntSampler,
    /// Every value at most once; then the bounds are fixed and the distribution uniform.
    pub unique: Option<Permutation>,
    /// The draws.
    pub key: Key,
    /// The column's type, for messages.
    pub sql_type: SqlType,
}

impl GridRange {
    fn check(&self, at: usize, lo: i64, hi: i64) -> Result<(), Failure> {
        if lo <= hi {
            return Ok(());
        }
        let show = |value: i64| show(&self.sql_type, Data::Int(vec![value]));
        Err(Failure::at(at, format!("min {} is greater than max {}", show(lo), show(hi))))
    }

    /// Values between bounds that differ from row to row.
    fn between(&self, batch: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure> {
        let lows = Bounds::new(&self.min, batch)?;
        let highs = Bounds::new(&self.max, batch)?;
        let (mut low, mut high) = (Vec::with_capacity(bits.len()), Vec::with_capacity(bits.len()));
        for at in 0..bits.len() {
            let (lo, hi) = match lows.is_valid(at) && highs.is_valid(at) {
                true => (lows.int(at, self.limits.0), highs.int(at, self.limits.1)),
                // The value will be null; any bounds do.
                false => (self.limits.0, self.limits.0),
            };
            self.check(at, lo, hi)?;
            low.push(lo);
            high.push(hi);
        }
        let values = match self.step {
            1 => self.sampler.fill_between(bits, &low, &high),
            step => {
                let steps: Vec<i64> = low.iter().zip(&high).map(|(lo, hi)| (hi - lo) / step).collect();
                let drawn = self.sampler.fill_between(bits, &vec![0; bits.len()], &steps);
                low.iter().zip(drawn).map(|(lo, steps)| lo + steps * step).collect()
            }
        };
        Ok(lows.mask(highs.mask(Data::Int(values).into())))
    }
}

/// A value as SQL prints it.
fn show(sql_type: &SqlType, data: Data) -> String {
    let mut out = Vec::new();
    text::value(&mut out, sql_type, &data.into(), 0);
    String::from_utf8_lossy(&out).into_owned()
}

impl Column for GridRange {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let low = match self.min {
            Bound::Fixed(low) => low.unwrap_or(self.limits.0),
            Bound::Computed(_) => 0,
        };
        if let Some(order) = &self.unique {
            return Ok(Data::Int(rows.map(|row| low + order.apply(row) as i64 * self.step)).into());
        }
        let bits = rows.map(|row| mix(self.key, row));
        if !(self.min.is_fixed() && self.max.is_fixed()) {
            return self.between(batch, &bits);
        }
        let drawn = self.sampler.fill(&bits);
        Ok(match self.step {
            1 => Data::Int(drawn).into(),
            step => Data::Int(drawn.into_iter().map(|steps| low + steps * step).collect()).into(),
        })
    }

    fn is_cheap(&self) -> bool {
        self.min.is_fixed() && self.max.is_fixed()
    }
}

/// The bounds of a batch's rows.
enum Bounds<T> {
    Fixed(Option<T>),
    Computed(Rc<Vector>),
}

impl<T: Copy> Bounds<T> {
    fn new(bound: &Bound<T>, batch: &dyn Batch) -> Result<Self, Failure> {
        Ok(match bound {
            Bound::Fixed(value) => Bounds::Fixed(*value),
            Bound::Computed(expression) => Bounds::Computed(Rc::new(expression.evaluate(batch)?)),
        })
    }

    fn is_valid(&self, at: usize) -> bool {
        match self {
            Bounds::Fixed(_) => true,
            Bounds::Computed(vector) => vector.is_valid(at),
        }
    }

    fn mask(&self, values: Vector) -> Vector {
        match self {
            Bounds::Computed(vector) => match &vector.valid {
                Some(valid) => values.masked(valid),
                None => values,
            },
            Bounds::Fixed(_) => values,
        }
    }
}

impl Bounds<i64> {
    fn int(&self, at: usize, open: i64) -> i64 {
        match self {
            Bounds::Fixed(value) => value.unwrap_or(open),
            Bounds::Computed(vector) => vector.ints()[at],
        }
    }
}

impl Bounds<f64> {
    fn float(&self, at: usize, open: f64) -> f64 {
        match self {
            Bounds::Fixed(value) => value.unwrap_or(open),
            Bounds::Computed(vector) => vector.floats()[at],
        }
    }
}

/// Doubles, or reals kept as doubles.
pub struct FloatRange {
    /// Lower bound.
    pub min: Bound<f64>,
    /// Upper bound.
    pub max: Bound<f64>,
    /// Draws the values.
    pub sampler: FloatSampler,
    /// Round to the nearest 32-bit value.
    pub is_real: bool,
    /// The draws.
    pub key: Key,
}

impl FloatRange {
    fn between(&self, batch: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure> {
        let lows = Bounds::new(&self.min, batch)?;
        let highs = Bounds::new(&self.max, batch)?;
        let (mut low, mut high) = (Vec::with_capacity(bits.len()), Vec::with_capacity(bits.len()));
        for at in 0..bits.len() {
            let (lo, hi) = match lows.is_valid(at) && highs.is_valid(at) {
                true => (lows.float(at, f64::MIN), highs.float(at, f64::MAX)),
                false => (0.0, 0.0),
            };
            if lo > hi {
                return Err(Failure::at(at, format!("min {lo} is greater than max {hi}")));
            }
            low.push(lo);
            high.push(hi);
        }
        let values = self.sampler.fill_between(bits, &low, &high);
        Ok(lows.mask(highs.mask(Data::Float(values).into())))
    }
}

impl Column for FloatRange {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let bits = batch.rows().map(|row| mix(self.key, row));
        let mut vector = match self.min.is_fixed() && self.max.is_fixed() {
            true => Data::Float(self.sampler.fill(&bits)).into(),
            false => self.between(batch, &bits)?,
        };
        if let (true, Data::Float(values)) = (self.is_real, &mut vector.data) {
            values.iter_mut().for_each(|value| *value = *value as f32 as f64);
        }
        Ok(vector)
    }
}

/// Decimals of more than 18 digits, between fixed bounds.
#[derive(Debug)]
pub struct WideRange {
    /// Lower bound, unscaled.
    pub min: i128,
    /// Upper bound, unscaled, included.
    pub max: i128,
    /// Draws the values times 10^-scale, to 15 digits; `None` for uniform, exact in all digits.
    pub sampler: Option<FloatSampler>,
    /// 10^scale.
    pub unit: f64,
    /// The draws.
    pub key: Key,
}

impl Column for WideRange {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        if let Some(sampler) = &self.sampler {
            let drawn = sampler.fill(&batch.rows().map(|row| mix(self.key, row)));
            let whole = |value: f64| (libm::round(value * self.unit) as i128).clamp(self.min, self.max);
            return Ok(Data::Wide(drawn.into_iter().map(whole).collect()).into());
        }
        let low_bits = self.key.child("low");
        // At most 2 * 10^38 - 1, which fits.
        let cells = (self.max - self.min) as u128 + 1;
        let one = |row: u64| {
            let bits = (mix(self.key, row) as u128) << 64 | mix(low_bits, row) as u128;
            self.min + (bits % cells) as i128
        };
        Ok(Data::Wide(batch.rows().map(one)).into())
    }
}

/// Intervals between fixed bounds, in whole seconds; given as days and time.
#[derive(Clone, Copy, Debug)]
pub struct IntervalRange {
    /// Lower bound in microseconds.
    pub min: i64,
    /// Upper bound in microseconds, included.
    pub max: i64,
    /// The draws.
    pub key: Key,
}

impl Column for IntervalRange {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        const SECOND: i64 = 1_000_000;
        let cells = ((self.max - self.min) / SECOND + 1) as u64;
        let one = |row: u64| {
            let micros = self.min + below(mix(self.key, row), cells) as i64 * SECOND;
            let day = crate::value::civil::DAY;
            Interval { months: 0, days: (micros / day) as i32, micros: micros % day }
        };
        Ok(Data::Interval(batch.rows().map(one)).into())
    }
}
