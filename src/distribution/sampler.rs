//! Drawing the values of a column: a distribution between bounds, on the column's grid.

use super::table::{MOST, SmoothTable, WholeTable};
use super::truncated::Whole;
use super::{Bounds, Distribution, Truncated, open_unit};
use crate::random::below;
use crate::spec::Refusal;

/// How the whole numbers that a column stores stand for a distribution's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grid {
    /// Times 10^scale: 0 for the integers, 2 for `numeric(10,2)`.
    Decimal {
        /// Digits after the point.
        scale: u8,
    },
    /// As places between the bounds: the distribution lives on 0 (the lower bound) to 1 (the upper). For dates and
    /// times, whose numbers mean nothing.
    Place,
}

/// Draws columns of whole numbers: integers, decimals, dates, times.
///
/// Both bounds belong to the values. A number stands for everything that rounds to it, so that a bound is as likely
/// as the density there says, not half of it. Without a distribution of its own ([`super::uniform`]) every number
/// from `min` to `max` is equally likely, over all of `i64` if need be, computed in integers.
///
/// A value takes 1 ns (uniform), 1 to 5 ns (from a table: up to 8,192 different numbers) or what the quantile function
/// takes, tens of nanoseconds; quantiles that take longer are interpolated between 4,096 computed ones. Making those
/// takes up to 40 ms (gamma).
#[derive(Debug)]
pub struct IntSampler {
    distribution: Box<dyn Distribution>,
    unit: f64,
    /// On [`Grid::Place`], what of the distribution lies on 0 to 1.
    places: Option<Truncated>,
    /// Stored numbers from one that can be drawn to the next.
    step: i64,
    fixed: Between,
    form: Form,
}

/// The stored numbers from `min` to `max`, and what of the distribution they are drawn from.
#[derive(Clone, Copy, Debug)]
struct Between {
    min: i64,
    max: i64,
    whole: Whole,
}

#[derive(Debug)]
enum Form {
    /// Equally likely.
    Uniform,
    /// The numbers from `first` on, all of them or as many as there is room for.
    Table { first: i64, numbers: WholeTable },
    /// Interpolated.
    Smooth(SmoothTable),
    /// Computed.
    Plain,
}

impl IntSampler {
    /// For a column that holds `limits.0..=limits.1`, with bounds where the spec gives fixed ones. Bounds that differ
    /// from row to row are given to [`fill_between`](Self::fill_between) instead.
    ///
    /// Refused when the bounds leave nothing to draw.
    pub fn new(
        distribution: Box<dyn Distribution>,
        grid: Grid,
        min: Option<i64>,
        max: Option<i64>,
        limits: (i64, i64),
    ) -> Result<Self, Refusal> {
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            return Err(Refusal::whole(format!("min must not be above max, but {min} is above {max}")));
        }
        let unit = match grid {
            Grid::Decimal { scale } => 10i64.pow(scale as u32) as f64,
            Grid::Place => 1.0,
        };
        let is_place = grid == Grid::Place && distribution.bounds() == Bounds::Cut;
        let places = is_place.then(|| Truncated::new(&*distribution, 0.0, 1.0));
        if places.is_some_and(|places| places.probability() <= 0.0) {
            let help = Some("for dates and times, 0 stands for min and 1 for max".to_string());
            let message = "the distribution has no values between 0 and 1".to_string();
            return Err(Refusal { parameter: None, message, help });
        }
        if distribution.bounds() == (Bounds::Rank { needs_end: true }) && max.is_none() {
            return Err(Refusal::of("n", "with s at most 1 there must be an end: n, or the column's max"));
        }
        let step = if places.is_none() && distribution.is_discrete() { unit as i64 } else { 1 };
        let span = span(&*distribution, unit, min, max, limits);
        let fixed = Between::new(&*distribution, unit, span.0, span.1);
        if places.is_none() && fixed.whole.probability() <= 0.0 {
            return Err(Refusal::whole("the distribution has no values between min and max"));
        }
        let mut sampler = Self { distribution, unit, places, step, fixed, form: Form::Plain };
        sampler.form = sampler.choose_form();
        Ok(sampler)
    }

    /// Values for these draws, between the bounds given when planning.
    pub fn fill(&self, bits: &[u64]) -> Vec<i64> {
        let Between { min, max, .. } = self.fixed;
        let draw = |u: f64| self.draw(&self.fixed, u);
        match &self.form {
            Form::Uniform => bits.iter().map(|bits| uniform(*bits, min, max)).collect(),
            Form::Table { first, numbers } => bits
                .iter()
                .map(|bits| match numbers.draw(*bits) {
                    beyond if beyond == numbers.len() => draw(open_unit(*bits)),
                    at => first + at as i64 * self.step,
                })
                .collect(),
            Form::Smooth(table) => {
                let step = self.step as f64;
                bits.iter()
                    .map(|bits| {
                        let number = table.draw(*bits, |u| self.number(&self.fixed, u));
                        (((number / step).round() * step) as i64).clamp(min, max)
                    })
                    .collect()
            }
            Form::Plain => bits.iter().map(|bits| draw(open_unit(*bits))).collect(),
        }
    }

    /// Values for these draws, each between its own bounds; where `min` is above `max`, `min`.
    pub fn fill_between(&self, bits: &[u64], min: &[i64], max: &[i64]) -> Vec<i64> {
        let rows = bits.iter().zip(min).zip(max);
        if self.is_uniform() {
            return rows.map(|((bits, min), max)| uniform(*bits, *min, *max.max(min))).collect();
        }
        rows.map(|((bits, min), max)| {
            let between = Between::new(&*self.distribution, self.unit, *min, *max.max(min));
            self.draw(&between, open_unit(*bits))
        })
        .collect()
    }

    fn is_uniform(&self) -> bool {
        use super::Popularity::Equal;
        self.distribution.popularity() == Equal && self.distribution.bounds() == Bounds::Stretch
    }

    fn choose_form(&self) -> Form {
        if self.is_uniform() {
            return Form::Uniform;
        }
        let Between { min, max, .. } = self.fixed;
        let first = self.first(min);
        let count = (max as i128 - first as i128) / self.step as i128 + 1;
        let held = count.clamp(0, MOST as i128) as usize;
        let upto = |i: usize| self.cdf(&self.fixed, first.saturating_add(i as i64 * self.step));
        // A table pays when most draws end in it; where it holds everything, nothing may lie beyond.
        if held > 0 && upto(held - 1) >= 0.5 {
            let cdf = |i: usize| if i as i128 == count - 1 { 1.0 } else { upto(i) };
            return Form::Table { first, numbers: WholeTable::new(held, cdf) };
        }
        match self.distribution.is_slow() {
            true => Form::Smooth(SmoothTable::new(|u| self.number(&self.fixed, u))),
            false => Form::Plain,
        }
    }

    /// The smallest stored number, from `min`, that can be drawn.
    fn first(&self, min: i64) -> i64 {
        match self.distribution.bounds() {
            Bounds::Cut if self.step > 1 => {
                let above = min.rem_euclid(self.step);
                if above == 0 { min } else { min.saturating_add(self.step - above) }
            }
            _ => min,
        }
    }

    /// The probability of stored numbers up to `number`.
    fn cdf(&self, between: &Between, number: i64) -> f64 {
        match &self.places {
            Some(places) => {
                let place = (number as f64 - between.min as f64 + 1.0) / between.count();
                places.cdf(&*self.distribution, place)
            }
            None => between.whole.cdf(&*self.distribution, number as f64),
        }
    }

    /// The stored number at a probability, not yet held to the bounds.
    #[inline]
    fn number(&self, between: &Between, u: f64) -> f64 {
        match &self.places {
            Some(places) => {
                let place = places.quantile(&*self.distribution, u);
                between.min as f64 + (place * between.count()).floor()
            }
            None => between.whole.quantile(&*self.distribution, u),
        }
    }

    #[inline]
    fn draw(&self, between: &Between, u: f64) -> i64 {
        (self.number(between, u) as i64).clamp(between.min, between.max)
    }
}

impl Between {
    fn new(distribution: &dyn Distribution, unit: f64, min: i64, max: i64) -> Self {
        Self { min, max, whole: Whole::new(distribution, min as f64, max as f64, unit) }
    }

    fn count(&self) -> f64 {
        self.max as f64 - self.min as f64 + 1.0
    }
}

/// The bounds given, or where there is none, the distribution's, or the type's.
fn span(
    distribution: &dyn Distribution,
    unit: f64,
    min: Option<i64>,
    max: Option<i64>,
    limits: (i64, i64),
) -> (i64, i64) {
    let (lowest, highest) = distribution.support();
    let stored = |x: f64| ((x * unit).round() as i64).clamp(limits.0, limits.1);
    let min = min.unwrap_or_else(|| stored(lowest)).max(limits.0);
    let last = match distribution.bounds() {
        Bounds::Rank { .. } => (min as f64 + (highest - 1.0) * unit).min(limits.1 as f64) as i64,
        _ => stored(highest),
    };
    (min, max.unwrap_or(last).min(limits.1).max(min))
}

/// Every number from `min` to `max` alike, in integers.
#[inline(always)]
fn uniform(bits: u64, min: i64, max: i64) -> i64 {
    match (max.wrapping_sub(min) as u64).checked_add(1) {
        Some(count) => min.wrapping_add(below(bits, count) as i64),
        None => bits as i64,
    }
}

/// Draws columns of `real` and `double precision`.
///
/// Bounds cut the distribution, or stretch it when it has none of its own. Costs are those of [`IntSampler`].
#[derive(Debug)]
pub struct FloatSampler {
    distribution: Box<dyn Distribution>,
    min: Option<f64>,
    max: Option<f64>,
    smooth: Option<SmoothTable>,
}

impl FloatSampler {
    /// With bounds where the spec gives fixed ones; those that differ from row to row are given to
    /// [`fill_between`](Self::fill_between) instead. Refused when the bounds leave nothing to draw.
    pub fn new(
        distribution: Box<dyn Distribution>,
        min: Option<f64>,
        max: Option<f64>,
    ) -> Result<Self, Refusal> {
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            return Err(Refusal::whole(format!("min must not be above max, but {min} is above {max}")));
        }
        if distribution.bounds() == (Bounds::Rank { needs_end: true }) && max.is_none() {
            return Err(Refusal::of("n", "with s at most 1 there must be an end: n, or the column's max"));
        }
        let mut sampler = Self { distribution, min, max, smooth: None };
        let (min, max) = sampler.span();
        let cut = sampler.cut(min, max);
        if cut.probability() <= 0.0 {
            return Err(Refusal::whole("the distribution has no values between min and max"));
        }
        if sampler.distribution.is_slow() && !sampler.distribution.is_discrete() {
            sampler.smooth = Some(SmoothTable::new(|u| sampler.draw(&cut, u, min, max)));
        }
        Ok(sampler)
    }

    /// Values for these draws, between the bounds given when planning.
    pub fn fill(&self, bits: &[u64]) -> Vec<f64> {
        let (min, max) = self.span();
        let cut = self.cut(min, max);
        let draw = |u: f64| self.draw(&cut, u, min, max);
        match &self.smooth {
            Some(table) => bits.iter().map(|bits| table.draw(*bits, draw)).collect(),
            None => bits.iter().map(|bits| draw(open_unit(*bits))).collect(),
        }
    }

    /// Values for these draws, each between its own bounds; where `min` is above `max`, `min`.
    pub fn fill_between(&self, bits: &[u64], min: &[f64], max: &[f64]) -> Vec<f64> {
        let rows = bits.iter().zip(min).zip(max);
        rows.map(|((bits, min), max)| {
            let max = max.max(*min);
            self.draw(&self.cut(*min, max), open_unit(*bits), *min, max)
        })
        .collect()
    }

    fn span(&self) -> (f64, f64) {
        let (lowest, highest) = self.distribution.support();
        let min = self.min.unwrap_or(match self.distribution.bounds() {
            Bounds::Stretch => lowest.min(self.max.unwrap_or(lowest)),
            _ => lowest,
        });
        let max = self.max.unwrap_or(match self.distribution.bounds() {
            Bounds::Rank { .. } => min + highest - 1.0,
            _ => highest,
        });
        (min, max.max(min))
    }

    fn cut(&self, min: f64, max: f64) -> Truncated {
        match self.distribution.bounds() {
            Bounds::Cut => Truncated::new(&*self.distribution, min, max),
            Bounds::Stretch => Truncated::new(&*self.distribution, 0.0, 1.0),
            Bounds::Rank { .. } => Truncated::new(&*self.distribution, 1.0, (max - min).floor() + 1.0),
        }
    }

    #[inline]
    fn draw(&self, cut: &Truncated, u: f64, min: f64, max: f64) -> f64 {
        let x = cut.quantile(&*self.distribution, u);
        let value = match self.distribution.bounds() {
            Bounds::Cut => x,
            Bounds::Stretch => min + (max - min) * x,
            Bounds::Rank { .. } => min + x - 1.0,
        };
        value.clamp(min, max)
    }
}
