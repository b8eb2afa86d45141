//! Numbers that follow time: a level with trend, seasons, random walks and noise.

use super::range::Bounds;
use super::{Bound, Column};
use crate::distribution::{Cascade, ClusteredWalk, Passed, Walk, WalkLaw, normal};
use crate::expression::{Batch, Expression, Failure};
use crate::random::{Key, mix};
use crate::spec::Period;
use crate::value::{Data, Layout, SqlType, Vector};
use std::f64::consts::TAU;
use std::rc::Rc;

/// Of each row: `level * growth + trend + walk`, times the seasons that are shares, plus those that are not, plus noise; held
/// to the bounds, then rounded to the column's type. Pure in the row, its moment and its parent.
pub struct Series {
    /// The input that says when, in the unit of `moment_unit` microseconds.
    pub moment: usize,
    /// 1, or a day's microseconds where moments are dates.
    pub moment_unit: i64,
    /// The moment from which elapsed time counts, in the same unit; `None` where nothing depends on it.
    pub from: Option<Bound<i64>>,
    /// The input that numbers the rows of a series from 1.
    pub nth: usize,
    /// The input that tells series apart; `None`: there is one.
    pub series: Option<usize>,
    /// What values lie around.
    pub level: Quantity,
    /// Growth in proportion.
    pub growth: Option<Growth>,
    /// What the level rises by in a microsecond.
    pub trend: f64,
    /// A random walk.
    pub walk: Option<ClockedWalk>,
    /// What repeats.
    pub seasons: Vec<Season>,
    /// The deviation of each value on its own.
    pub noise: Option<Quantity>,
    /// The bounds of values.
    pub bounds: (f64, f64),
    /// The draws of the noise.
    pub key: Key,
    /// The column's type.
    pub sql_type: SqlType,
}

/// A number, a share of the level, or a number for each row.
pub enum Quantity {
    /// In the unit of the column.
    Fixed(f64),
    /// Of the level at that time.
    Share(f64),
    /// In the unit of the column; double precision.
    Computed(Expression),
}

/// Growth in proportion, and a walk in proportion.
pub struct Growth {
    /// The logarithm of the growth of the mean per microsecond.
    pub rate: f64,
    /// The walk of the logarithm, and its variance per microsecond.
    pub walk: Option<(ClockedWalk, f64)>,
}

/// What repeats each day, week or year.
pub struct Season {
    /// How often.
    pub period: Period,
    /// How far up and down.
    pub amplitude: Quantity,
    /// When it is highest, see [`Period::place`].
    pub peak: i64,
}

/// A walk on the clock of rows or of seconds.
pub struct ClockedWalk {
    /// Its law.
    pub law: Law,
    /// Its draws.
    pub keys: [Key; 2],
    /// What a deviation of 1 stands for.
    pub deviation: f64,
    /// What its steps are.
    pub clock: Clock,
}

/// How a walk's positions follow from each other.
pub enum Law {
    /// Its steps are alike at all times.
    Even(Box<WalkLaw>),
    /// Calm and wild times come in clusters.
    Clustered(Cascade),
}

/// What the steps of a walk are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// One from row to row.
    Rows,
    /// One for each second that has elapsed.
    Seconds,
}

/// The walk of the series at hand.
struct Walker<'c> {
    of: &'c ClockedWalk,
    walk: Option<(i64, AnyWalk<'c>)>,
}

/// A walk by one of the laws.
enum AnyWalk<'c> {
    Even(Walk<'c>),
    Clustered(ClusteredWalk),
}

impl<'c> Walker<'c> {
    fn new(of: &'c ClockedWalk) -> Self {
        Self { of, walk: None }
    }

    fn position(&mut self, series: i64, nth: i64, elapsed: i64) -> f64 {
        self.passed(series, nth, elapsed).0
    }

    /// The position, and the variance on the way there where it is not the same at all times.
    fn passed(&mut self, series: i64, nth: i64, elapsed: i64) -> (f64, Option<f64>) {
        let step = match self.of.clock {
            Clock::Rows => nth - 1,
            Clock::Seconds => elapsed.div_euclid(1_000_000),
        };
        let ClockedWalk { law, keys, deviation, .. } = self.of;
        if self.walk.as_ref().is_none_or(|(known, _)| *known != series) {
            let walk = match law {
                Law::Even(law) => AnyWalk::Even(Walk::new(law, *keys, series as u64)),
                Law::Clustered(cascade) => {
                    AnyWalk::Clustered(ClusteredWalk::new(*cascade, *keys, series as u64))
                }
            };
            self.walk = Some((series, walk));
        }
        let (_, walk) = self.walk.as_mut().expect("it was just made");
        match walk {
            AnyWalk::Even(walk) => (deviation * walk.position(step as u64), None),
            AnyWalk::Clustered(walk) => {
                let Passed { position, variance } = walk.passed(step as u64);
                (deviation * position, Some(deviation * deviation * variance))
            }
        }
    }
}

/// A quantity of a batch's rows.
enum Amounts {
    Fixed(f64),
    Share(f64),
    Each(Vector),
}

impl Amounts {
    fn new(quantity: &Quantity, batch: &dyn Batch) -> Result<Self, Failure> {
        Ok(match quantity {
            Quantity::Fixed(amount) => Amounts::Fixed(*amount),
            Quantity::Share(share) => Amounts::Share(*share),
            Quantity::Computed(expression) => Amounts::Each(expression.evaluate(batch)?),
        })
    }

    /// The amount, where the level is `base`; `None` is null.
    #[inline]
    fn of(&self, at: usize, base: f64) -> Option<f64> {
        match self {
            Amounts::Fixed(amount) => Some(*amount),
            Amounts::Share(share) => Some(share * base),
            Amounts::Each(vector) => vector.is_valid(at).then(|| vector.floats()[at]),
        }
    }
}

/// What a batch's values are made of.
struct Parts<'c> {
    moments: Rc<Vector>,
    nth: Rc<Vector>,
    series: Option<Rc<Vector>>,
    from: Option<Bounds<i64>>,
    level: Amounts,
    amplitudes: Vec<Amounts>,
    noise: Option<Amounts>,
    walk: Option<Walker<'c>>,
    growth: Option<Walker<'c>>,
}

impl Series {
    fn parts<'c>(&'c self, batch: &dyn Batch) -> Result<Parts<'c>, Failure> {
        let amounts = |quantity: &Quantity| Amounts::new(quantity, batch);
        Ok(Parts {
            moments: batch.input(self.moment)?,
            nth: batch.input(self.nth)?,
            series: self.series.map(|series| batch.input(series)).transpose()?,
            from: self.from.as_ref().map(|from| Bounds::new(from, batch)).transpose()?,
            level: amounts(&self.level)?,
            amplitudes: self
                .seasons
                .iter()
                .map(|season| amounts(&season.amplitude))
                .collect::<Result<_, _>>()?,
            noise: self.noise.as_ref().map(amounts).transpose()?,
            walk: self.walk.as_ref().map(Walker::new),
            growth: self
                .growth
                .as_ref()
                .and_then(|growth| growth.walk.as_ref())
                .map(|(walk, _)| Walker::new(walk)),
        })
    }

    /// The value of one row; `None` is null.
    fn value(&self, parts: &mut Parts, at: usize, row: u64) -> Result<Option<f64>, Failure> {
        if !parts.moments.is_valid(at) || parts.from.as_ref().is_some_and(|from| !from.is_valid(at)) {
            return Ok(None);
        }
        let moment = parts.moments.ints()[at] * self.moment_unit;
        let first = parts.from.as_ref().map_or(moment, |from| from.int(at, 0) * self.moment_unit);
        let elapsed = moment - first;
        if elapsed < 0 {
            return Err(Failure::at(at, "the row's moment lies before `from`, where the series begins"));
        }
        let (nth, series) = (parts.nth.ints()[at], parts.series.as_ref().map_or(0, |of| of.ints()[at]));
        let Some(mut base) = parts.level.of(at, 0.0) else { return Ok(None) };
        if let Some(growth) = &self.growth {
            let (walked, passed) =
                parts.growth.as_mut().map_or((0.0, None), |walk| walk.passed(series, nth, elapsed));
            let variance = growth.walk.as_ref().map_or(0.0, |(_, variance)| *variance);
            base *= match passed {
                // The mean grows at the rate whatever the times were like.
                Some(passed) => libm::exp(growth.rate * elapsed as f64 - passed / 2.0 + walked),
                None => libm::exp((growth.rate - variance / 2.0) * elapsed as f64 + walked),
            };
        }
        base += self.trend * elapsed as f64;
        base += parts.walk.as_mut().map_or(0.0, |walk| walk.position(series, nth, elapsed));
        let mut value = base;
        for (season, amplitude) in self.seasons.iter().zip(&parts.amplitudes) {
            let Some(amplitude) = amplitude.of(at, base) else { return Ok(None) };
            value += amplitude * libm::cos(TAU * season.period.place(moment, season.peak));
        }
        if let Some(noise) = &parts.noise {
            let Some(deviation) = noise.of(at, base) else { return Ok(None) };
            value += deviation * normal(mix(self.key, row));
        }
        Ok(Some(value.clamp(self.bounds.0, self.bounds.1)))
    }

    /// The values as the column stores them.
    fn stored(&self, values: &[f64], valid: &[bool]) -> Result<Data, Failure> {
        let unit = libm::pow(10.0, self.sql_type.scale().unwrap_or(0) as f64);
        let limit = match &self.sql_type {
            SqlType::Numeric { precision, .. } => libm::pow(10.0, *precision as f64) - 1.0,
            SqlType::Real => f32::MAX as f64,
            of => of.int_bounds().map_or(f64::MAX, |(_, highest)| highest as f64),
        };
        let whole = |(at, value): (usize, &f64)| {
            let stored = match self.sql_type.layout() {
                Layout::Float => *value,
                _ => libm::round(value * unit),
            };
            match stored.abs() <= limit || !valid[at] {
                true => Ok(stored),
                false => {
                    let message = format!("the series reaches {value}, beyond {}", self.sql_type);
                    Err(Failure::at(at, format!("{message}; give it a `min` and a `max`, or widen the type")))
                }
            }
        };
        let stored = values.iter().enumerate().map(whole).collect::<Result<Vec<f64>, Failure>>()?;
        Ok(match self.sql_type.layout() {
            Layout::Int => Data::Int(stored.into_iter().map(|value| value as i64).collect()),
            Layout::Wide => Data::Wide(stored.into_iter().map(|value| value as i128).collect()),
            _ if self.sql_type == SqlType::Real => {
                Data::Float(stored.into_iter().map(|value| value as f32 as f64).collect())
            }
            _ => Data::Float(stored),
        })
    }
}

impl Column for Series {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let mut parts = self.parts(batch)?;
        let rows = batch.rows();
        let (mut values, mut valid) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for at in 0..rows.len() {
            let value = self.value(&mut parts, at, rows.get(at))?;
            valid.push(value.is_some());
            values.push(value.unwrap_or(0.0));
        }
        let data = self.stored(&values, &valid)?;
        Ok(Vector::new(data, Some(valid)))
    }
}
