//! Values between two bounds, uniform or shaped by a distribution.
//!
//! Whole numbers, decimals, dates and timestamps all lie on a grid of integers. Bounds may be computed per row from other
//! columns; where one is null, so is the value.

use super::draws::{told, told_place};
use super::{CHEAP, COSTLY, Column, Draws};
use crate::distribution::{FloatSampler, IntSampler};
use crate::expression::{Batch, Expression, Failure};
use crate::random::{Key, Permutation, below, mix};
use crate::value::divisor::Divisor;
use crate::value::{Data, Interval, Rows, SqlType, Vector, text};
use std::borrow::Cow;
use std::rc::Rc;

/// Computes values from one draw per row, with which they rise.
pub trait Range: Send + Sync {
    /// A value for each row of a batch and its bits.
    fn fill_from(&self, batch: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure>;

    /// Whether computing a value costs no more than looking it up in a cache.
    fn is_cheap(&self) -> bool;

    /// What is told of the draw of one row, with which the value rises.
    fn story(&self, _rows: &Rows, bits: u64) -> String {
        told(bits)
    }
}

/// A range and its draws: a column.
pub struct Drawn {
    /// The draws.
    pub draws: Draws,
    /// What makes values of them.
    pub range: Box<dyn Range>,
}

impl Column for Drawn {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        self.range.fill_from(batch, &self.draws.bits(batch.rows()))
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        let is_cheap = matches!(self.draws, Draws::Own(_)) && self.range.is_cheap();
        if is_cheap { CHEAP } else { COSTLY }
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        let bits = self.draws.bits(batch.rows())[0];
        Ok(Some(self.range.story(batch.rows(), bits) + &self.draws.origin()))
    }
}

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
    /// Distance of the grid's values: 1, a second's microseconds for times, or the column's own.
    pub step: i64,
    /// Draws the values; with a step above 1 the number of steps from the lower bound, or from 0 where that is open.
    pub sampler: IntSampler,
    /// What is drawn beyond the bounds becomes the bound; the sampler knows none.
    pub clip: bool,
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
        let (mut low, mut high) =
            (lows.ints(self.limits.0, bits.len()), highs.ints(self.limits.1, bits.len()));
        // One look at all rows, and a closer one only where something may be wrong.
        if any_above(&low, &high) {
            let (low, high) = (low.to_mut(), high.to_mut());
            for at in 0..bits.len() {
                // Where a bound is null, the value will be; any bounds do.
                if low[at] > high[at] && !(lows.is_valid(at) && highs.is_valid(at)) {
                    (low[at], high[at]) = (self.limits.0, self.limits.0);
                }
                self.check(at, low[at], high[at])?;
            }
        }
        let values = match self.clip {
            true => self.clipped(bits, &low, &high),
            false => self.stepped(bits, &low, &high),
        };
        Ok(lows.mask(highs.mask(Data::Int(values).into())))
    }

    fn stepped(&self, bits: &[u64], low: &[i64], high: &[i64]) -> Vec<i64> {
        if self.step == 1 {
            return self.sampler.fill_between(bits, low, high);
        }
        if matches!(self.min, Bound::Fixed(None)) {
            // Inwards: steps count from 0.
            let steps = |bounds: &[i64], divide: fn(i64, i64) -> i64| -> Vec<i64> {
                bounds.iter().map(|bound| divide(*bound, self.step)).collect()
            };
            let (lowest, highest) = (steps(low, |a, b| a / b), steps(high, i64::div_euclid));
            let drawn = self.sampler.fill_between(bits, &lowest, &highest);
            return drawn.into_iter().map(|steps| steps * self.step).collect();
        }
        let by = Divisor::new(self.step);
        let most = |(lo, hi): (&i64, &i64)| by.quotient(hi.saturating_sub(*lo));
        let highest: Vec<i64> = low.iter().zip(high).map(most).collect();
        let mut values = self.sampler.fill_between(bits, &vec![0; low.len()], &highest);
        values.iter_mut().zip(low).for_each(|(value, lo)| *value = lo + *value * self.step);
        values
    }

    /// What the shape says, held to the bounds.
    fn clipped(&self, bits: &[u64], low: &[i64], high: &[i64]) -> Vec<i64> {
        let base = self.base();
        let on_grid = |steps: i64| base.saturating_add(steps.saturating_mul(self.step));
        let drawn = self.sampler.fill(bits).into_iter().map(on_grid);
        drawn.zip(low).zip(high).map(|((value, lo), hi)| value.clamp(*lo, *hi)).collect()
    }

    /// What steps are counted from, where it is the same for all rows.
    fn base(&self) -> i64 {
        match self.min {
            Bound::Fixed(Some(min)) if self.step != 1 => min,
            _ => 0,
        }
    }
}

/// Whether a number is greater than the one that stands for the same row. By the signs of differences, which the compiler looks at
/// several at a time, where it has no instruction that compares so wide numbers.
fn any_above(low: &[i64], high: &[i64]) -> bool {
    let signs = low.iter().zip(high).fold(0, |signs, (lo, hi)| {
        let difference = hi.wrapping_sub(*lo);
        // Where it wraps around, its sign is the wrong one: then the operands' signs differ, and it does not have that of `hi`.
        signs | (difference ^ ((hi ^ lo) & (difference ^ hi)))
    });
    signs < 0
}

/// A value as SQL prints it.
pub(super) fn show(sql_type: &SqlType, data: Data) -> String {
    let mut out = Vec::new();
    text::value(&mut out, sql_type, &data.into(), 0);
    String::from_utf8_lossy(&out).into_owned()
}

impl Range for GridRange {
    fn fill_from(&self, batch: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure> {
        if self.clip || !(self.min.is_fixed() && self.max.is_fixed()) {
            return self.between(batch, bits);
        }
        let drawn = self.sampler.fill(bits);
        Ok(match (self.step, self.base()) {
            (1, _) => Data::Int(drawn).into(),
            (step, base) => Data::Int(drawn.into_iter().map(|steps| base + steps * step).collect()).into(),
        })
    }

    fn is_cheap(&self) -> bool {
        self.min.is_fixed() && self.max.is_fixed()
    }
}

/// Every value of a grid at most once.
pub struct UniqueGrid {
    /// Lower bound.
    pub first: i64,
    /// Distance of values.
    pub step: i64,
    /// Which value a row has.
    pub order: Permutation,
}

impl Column for UniqueGrid {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let value = |row| self.first + self.order.apply(row) as i64 * self.step;
        Ok(Data::Int(batch.rows().map(value)).into())
    }

    fn cost(&self, _: &dyn Fn(usize) -> u32) -> u32 {
        CHEAP
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        Ok(Some(told_place(&self.order, batch.rows().get(0))))
    }
}

/// The bounds of a batch's rows.
pub(super) enum Bounds<T> {
    Fixed(Option<T>),
    Computed(Rc<Vector>),
}

impl<T: Copy> Bounds<T> {
    pub fn new(bound: &Bound<T>, batch: &dyn Batch) -> Result<Self, Failure> {
        Ok(match bound {
            Bound::Fixed(value) => Bounds::Fixed(*value),
            Bound::Computed(expression) => Bounds::Computed(Rc::new(expression.evaluate(batch)?)),
        })
    }

    pub fn is_valid(&self, at: usize) -> bool {
        match self {
            Bounds::Fixed(_) => true,
            Bounds::Computed(vector) => vector.is_valid(at),
        }
    }

    pub fn mask(&self, values: Vector) -> Vector {
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
    /// One for each row; `open` where there is none.
    fn ints(&self, open: i64, len: usize) -> Cow<'_, [i64]> {
        match self {
            Bounds::Fixed(value) => vec![value.unwrap_or(open); len].into(),
            Bounds::Computed(vector) => vector.ints().into(),
        }
    }

    pub fn int(&self, at: usize, open: i64) -> i64 {
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
    /// What is drawn beyond the bounds becomes the bound; the sampler knows none.
    pub clip: bool,
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
        let values = match self.clip {
            true => {
                let drawn = self.sampler.fill(bits).into_iter();
                drawn.zip(low).zip(high).map(|((value, lo), hi)| value.clamp(lo, hi)).collect()
            }
            false => self.sampler.fill_between(bits, &low, &high),
        };
        Ok(lows.mask(highs.mask(Data::Float(values).into())))
    }
}

impl Range for FloatRange {
    fn fill_from(&self, batch: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure> {
        let mut vector = match !self.clip && self.min.is_fixed() && self.max.is_fixed() {
            true => Data::Float(self.sampler.fill(bits)).into(),
            false => self.between(batch, bits)?,
        };
        if let (true, Data::Float(values)) = (self.is_real, &mut vector.data) {
            values.iter_mut().for_each(|value| *value = *value as f32 as f64);
        }
        Ok(vector)
    }

    fn is_cheap(&self) -> bool {
        false
    }
}

/// Doubles, or reals kept as doubles, on a grid of decimals: the nearest double of each, as if it had been written.
pub struct FloatGrid {
    /// The decimals.
    pub decimals: GridRange,
    /// 10 to the power of their scale.
    pub unit: f64,
    /// Round to the nearest 32-bit value.
    pub is_real: bool,
}

impl Range for FloatGrid {
    fn fill_from(&self, batch: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure> {
        let decimals = self.decimals.fill_from(batch, bits)?;
        let double = |unscaled: &i64| match (*unscaled as f64 / self.unit, self.is_real) {
            (value, true) => value as f32 as f64,
            (value, false) => value,
        };
        Ok(Vector { data: Data::Float(decimals.ints().iter().map(double).collect()), valid: decimals.valid })
    }

    fn is_cheap(&self) -> bool {
        self.decimals.is_cheap()
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
    /// Draws the low half of uniform values, which are wider than a row's draw.
    pub low_key: Key,
}

impl Range for WideRange {
    fn fill_from(&self, batch: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure> {
        if let Some(sampler) = &self.sampler {
            let drawn = sampler.fill(bits);
            let whole = |value: f64| (libm::round(value * self.unit) as i128).clamp(self.min, self.max);
            return Ok(Data::Wide(drawn.into_iter().map(whole).collect()).into());
        }
        // At most 2 * 10^38 - 1, which fits.
        let cells = (self.max - self.min) as u128 + 1;
        let one = |bits: &u64, row: u64| {
            let bits = (*bits as u128) << 64 | mix(self.low_key, row) as u128;
            self.min + (bits % cells) as i128
        };
        let rows = batch.rows();
        Ok(Data::Wide(bits.iter().enumerate().map(|(at, bits)| one(bits, rows.get(at))).collect()).into())
    }

    fn is_cheap(&self) -> bool {
        false
    }
}

/// Intervals between fixed bounds, in steps from the lower one; given as days and time.
#[derive(Clone, Copy, Debug)]
pub struct IntervalRange {
    /// Lower bound in microseconds.
    pub min: i64,
    /// Upper bound in microseconds, included.
    pub max: i64,
    /// Distance of values in microseconds.
    pub step: i64,
}

impl Range for IntervalRange {
    fn fill_from(&self, _: &dyn Batch, bits: &[u64]) -> Result<Vector, Failure> {
        let cells = ((self.max - self.min) / self.step + 1) as u64;
        let one = |bits: &u64| {
            let micros = self.min + below(*bits, cells) as i64 * self.step;
            let day = crate::value::civil::DAY;
            Interval { months: 0, days: (micros / day) as i32, micros: micros % day }
        };
        Ok(Data::Interval(bits.iter().map(one).collect()).into())
    }

    fn is_cheap(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_above_its_maximum_is_found_at_all_distances() {
        let numbers = [i64::MIN, i64::MIN + 1, -7, -1, 0, 1, 7, i64::MAX - 1, i64::MAX];
        for low in numbers {
            for high in numbers {
                assert_eq!(any_above(&[0, low], &[0, high]), low > high, "{low} and {high}");
            }
        }
    }
}
