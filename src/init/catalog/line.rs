//! Values that lie on a line, numbers and moments: the commonest by themselves, the others as the histogram has them, on a
//! grid so coarse that as many of them differ as in the database.

use super::Options;
use super::points::{DAY, Point, position, unit, unknown};
use super::statistics::OfColumn;
use crate::init::Literals;
use crate::init::shape::{Shape, fit_within, significant};
use crate::init::sketch::Maker;
use crate::init::yaml::scalar;
use crate::value::{SqlType, civil};

/// Shares of values below the bounds that a histogram is written with: tails are told more finely than the middle.
const QUANTILES: [f64; 15] = [0.0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0];

/// A distribution may be so far from the histogram, which tells shares to within a hundredth.
const ALLOWED: f64 = 0.025;

/// So many rows ANALYZE looks at, unless it is told otherwise.
const SAMPLE: f64 = 30_000.0;

/// Values lie evenly enough to be made without a shape, where that is what it takes to have as many of them.
const EVEN: f64 = 0.15;

/// So far off may be how many values differ.
const MISSED: f64 = 0.07;

/// The values of a column.
pub struct Line<'a> {
    pub sql_type: &'a SqlType,
    /// The commonest values, with their shares of all values.
    pub heads: Vec<(Point, f64)>,
    /// The others, as many values between each two.
    pub tail: Vec<Point>,
    /// How many values there are, and how many PostgreSQL takes to be different.
    pub values: f64,
    pub distinct: f64,
    /// How many of them it has looked at.
    pub sampled: f64,
}

/// What makes such values, the likeliest first; nothing where they cannot be read.
pub fn makers(known: &OfColumn, sql_type: &SqlType, rows: u64, options: &Options) -> Vec<Maker> {
    let Some(line) = Line::new(known, sql_type, rows, options) else { return vec![] };
    if options.literals == Literals::Hidden {
        return line.rounded();
    }
    if line.heads.is_empty() {
        let plain = line.range();
        let mut shaped = plain.clone();
        shaped.0.extend(line.step());
        shaped.0.extend(line.distribution());
        let mut makers = vec![shaped, plain];
        if known.correlation > 0.95 {
            let mut ascending = makers[0].clone();
            ascending.0.push(("ascending", "true".into()));
            makers.insert(0, ascending);
        }
        return makers;
    }
    vec![line.bands(known.null_share == 0.0), line.range_of_all()]
}

/// Whether nearly all values differ, but draws would repeat them: the grid that they lie on is nearly used up.
pub fn is_used_up(known: &OfColumn, sql_type: &SqlType, rows: u64, options: &Options) -> bool {
    let values = rows as f64 * (1.0 - known.null_share);
    let Some(line) = Line::new(known, sql_type, rows, options) else { return false };
    let step = line.finest();
    known.distinct >= 0.95 * values && line.heads.is_empty() && line.differing(step) < 0.95 * known.distinct
}

/// Whether bands and steps would give another number of different values, although these lie evenly: those of a calendar, mostly.
pub fn misses(known: &OfColumn, sql_type: &SqlType, rows: u64, options: &Options) -> bool {
    let Some(line) = Line::new(known, sql_type, rows, options).filter(|_| options.literals == Literals::Kept)
    else {
        return false;
    };
    let (heads, step, beside) = (line.heads.len() as f64, line.chosen_step(), line.beside());
    let positions: Vec<f64> = line.tail.iter().map(|point| point.at).collect();
    let is_even = fit_within(&positions, 0.0, EVEN) == Shape::Uniform;
    // The hidden table's first values give way to the common ones.
    let needed = heads + (line.distinct - heads) / beside;
    let has_room = beside > 0.0 && needed < line.span() / line.finest() + 1.0;
    let is_missed = (line.differing(step) / line.distinct - 1.0).abs() > MISSED;
    step > 0.0 && line.tail.len() > 2 && is_even && has_room && is_missed
}

/// How often values of the second column, drawn by themselves, are less than those of the first.
pub fn turned(first: (&OfColumn, &SqlType), second: (&OfColumn, &SqlType)) -> Option<f64> {
    let weighted = |(of, sql_type): (&OfColumn, &SqlType)| {
        let line = Line::new(of, sql_type, 1, &Options::default())?;
        Some(line.weighted().into_iter().map(|(at, share)| (at * unit(sql_type), share)).collect::<Vec<_>>())
    };
    let (first, second) = (weighted(first)?, weighted(second)?);
    let below = |at: f64| second.iter().filter(|(other, _)| *other < at).map(|(_, share)| share).sum::<f64>();
    Some(first.iter().map(|(at, share)| share * below(*at)).sum())
}

/// Values of which each stands once: a range in which they can be counted.
pub fn unique(known: &OfColumn, sql_type: &SqlType, rows: u64, options: &Options) -> Vec<Maker> {
    let Some(line) = Line::new(known, sql_type, rows, options) else { return vec![] };
    if options.literals == Literals::Hidden {
        return vec![];
    }
    let plain = line.range_of_all();
    let mut makers = vec![plain.clone()];
    let step = line.grid().filter(|step| line.span() / step + 1.0 >= rows as f64);
    if let Some(step) = step.and_then(|step| line.shown_step(step)) {
        let mut stepped = plain;
        stepped.0.push(("step", step));
        makers.insert(0, stepped);
    }
    if known.correlation > 0.95 {
        let mut ascending = makers[0].clone();
        ascending.0.push(("ascending", "true".into()));
        makers.insert(0, ascending);
    }
    makers
}

/// The least and the greatest value that are known, as numbers of units.
pub fn ends(known: &OfColumn, sql_type: &SqlType, rows: u64) -> Option<(f64, f64)> {
    let all = Line::new(known, sql_type, rows, &Options::default())?.all();
    Some((all.first()?.at, all.last()?.at))
}

impl<'a> Line<'a> {
    fn new(known: &OfColumn, sql_type: &'a SqlType, rows: u64, options: &Options) -> Option<Self> {
        let point = |text: &String| Some(Point { text: text.clone(), at: position(text, sql_type)? });
        let values = 1.0 - known.null_share;
        if values <= 0.0 {
            return None;
        }
        let heads = known.heads(rows, options.min_frequency);
        // What is rarer goes to the others.
        let rare = known.common[heads.len()..].iter().map(|(text, _)| text);
        let mut tail: Vec<Point> = known.bounds.iter().chain(rare).map(point).collect::<Option<_>>()?;
        let heads: Option<Vec<(Point, f64)>> =
            heads.iter().map(|(text, share)| Some((point(text)?, share / values))).collect();
        let heads = heads?;
        if tail.is_empty() {
            tail = unknown(&heads, libm::round(known.distinct) as usize, sql_type);
        }
        tail.sort_by(|a, b| a.at.total_cmp(&b.at));
        let (sampled, all) = ((rows as f64).min(SAMPLE) * values, rows as f64 * values);
        let distinct = known.distinct.max(heads.len() as f64 + 1.0);
        let line = Line { sql_type, heads, tail, values: all, distinct, sampled };
        (!line.all().is_empty()).then_some(line)
    }

    /// All that is known, in order.
    pub fn all(&self) -> Vec<Point> {
        let mut all: Vec<Point> = self.heads.iter().map(|(point, _)| point.clone()).collect();
        all.extend(self.tail.iter().cloned());
        all.sort_by(|a, b| a.at.total_cmp(&b.at));
        all
    }

    pub fn span(&self) -> f64 {
        let all = self.all();
        all[all.len() - 1].at - all[0].at
    }

    fn range(&self) -> Maker {
        let (first, last) = (&self.tail[0], &self.tail[self.tail.len() - 1]);
        Maker::range(&first.text, &last.text)
    }

    fn range_of_all(&self) -> Maker {
        let all = self.all();
        Maker::range(&all[0].text, &all[all.len() - 1].text)
    }

    /// The commonest values as bands of their own, and one for all others.
    fn bands(&self, is_exact: bool) -> Maker {
        let weight = |share: f64| significant(share * 100.0, 6);
        let mut bands: Vec<String> = self
            .heads
            .iter()
            .map(|(point, share)| {
                let text = scalar(&point.text);
                format!("{{min: {text}, max: {text}, weight: {}}}", weight(*share))
            })
            .collect();
        let rest = 1.0 - self.heads.iter().map(|(_, share)| share).sum::<f64>();
        if !self.tail.is_empty() && rest > 0.0 {
            let mut band = self.range();
            band.0.extend(self.step());
            band.0.extend(self.distribution());
            band.0.push(("weight", weight(rest).to_string()));
            let entries: Vec<String> = band.0.iter().map(|(key, value)| format!("{key}: {value}")).collect();
            bands.push(format!("{{{}}}", entries.join(", ")));
        }
        let mut maker = Maker(vec![("bands", format!("[{}]", bands.join(", ")))]);
        if is_exact {
            maker.0.push(("quota", "true".into()));
        }
        maker
    }

    /// The shape of the tail; dates and times have one between 0 and 1.
    fn distribution(&self) -> Option<(&'static str, String)> {
        let positions: Vec<f64> = self.tail.iter().map(|point| point.at).collect();
        let (low, high) = (positions[0], positions[positions.len() - 1]);
        if high <= low {
            return None;
        }
        let unit = unit(self.sql_type);
        let distance = if is_float(self.sql_type) { 0.0 } else { unit };
        let shown: Vec<f64> = match self.sql_type.is_temporal() {
            true => positions.iter().map(|at| (at - low) / (high - low)).collect(),
            false => positions.iter().map(|at| at * unit).collect(),
        };
        let shape = match self.sql_type.is_temporal() {
            true => even_or_histogram(&shown),
            false => match fit_within(&shown, distance, ALLOWED) {
                Shape::Histogram(..) => histogram(&shown),
                simple => simple,
            },
        };
        let digits = if self.sql_type.is_temporal() { 4 } else { 12 };
        shape.written(digits).map(|text| ("distribution", text))
    }

    /// Without any value of the data: bounds go outwards to one digit or to whole years, shapes are of tenths.
    fn rounded(&self) -> Vec<Maker> {
        let positions: Vec<f64> = self.spread();
        let (low, high) = (positions[0], positions[positions.len() - 1]);
        let (min, max) = match self.sql_type {
            SqlType::Time => ("00:00:00".to_owned(), "23:59:59".to_owned()),
            of if of.is_temporal() => {
                (format!("{}-01-01", self.year(low)), format!("{}-12-31", self.year(high)))
            }
            of => {
                let unit = unit(of);
                let outwards = |value: f64, direction: fn(f64) -> f64| {
                    let ten = libm::pow(10.0, libm::floor(libm::log10(value.abs().max(unit)))).max(unit);
                    significant(direction(value / ten) * ten, 2)
                };
                (outwards(low * unit, libm::floor).to_string(), outwards(high * unit, libm::ceil).to_string())
            }
        };
        let plain = Maker::range(&min, &max);
        if self.sql_type.is_temporal() {
            return vec![plain];
        }
        let unit = unit(self.sql_type);
        let rounded = |share: &f64| {
            significant(positions[libm::round(share * (positions.len() - 1) as f64) as usize] * unit, 1)
        };
        let mut bounds: Vec<f64> = [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0].iter().map(rounded).collect();
        let (min, max) = (min.parse().unwrap_or(bounds[0]), max.parse().unwrap_or(bounds[6]));
        (bounds[0], bounds[6]) = (min, max);
        bounds.dedup();
        let below =
            |bound: &f64| positions.partition_point(|at| at * unit < *bound) as f64 / positions.len() as f64;
        let mut shares: Vec<f64> = bounds.iter().map(below).collect();
        shares.last_mut().into_iter().for_each(|all| *all = 1.0);
        let weights = shares.windows(2).map(|pair| significant((pair[1] - pair[0]) * 100.0, 2)).collect();
        let mut shaped = plain.clone();
        shaped.0.extend(Shape::Histogram(bounds, weights).written(2).map(|text| ("distribution", text)));
        vec![shaped, plain]
    }

    /// Positions with their shares of all values.
    fn weighted(&self) -> Vec<(f64, f64)> {
        let each = self.rest() / self.tail.len().max(1) as f64;
        let heads = self.heads.iter().map(|(point, share)| (point.at, *share));
        heads.chain(self.tail.iter().map(|point| (point.at, each))).collect()
    }

    /// A hundred positions or so in order, each of which stands for as many values.
    fn spread(&self) -> Vec<f64> {
        let mut weighted = self.weighted();
        weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let times = |share: f64| (libm::round(share * 100.0) as usize).max(1);
        weighted.iter().flat_map(|(at, share)| std::iter::repeat_n(*at, times(*share))).collect()
    }

    fn year(&self, at: f64) -> i64 {
        let days = if *self.sql_type == SqlType::Date { at } else { libm::floor(at / DAY) };
        civil::civil_from_days(days as i64).0
    }
}

pub fn is_float(sql_type: &SqlType) -> bool {
    matches!(sql_type, SqlType::Real | SqlType::Double)
}

fn even_or_histogram(shares: &[f64]) -> Shape {
    match fit_within(shares, 0.0, ALLOWED) {
        Shape::Uniform => Shape::Uniform,
        _ => histogram(shares),
    }
}

/// As many buckets as are worth reading.
fn histogram(bounds: &[f64]) -> Shape {
    let last = bounds.len() - 1;
    let mut chosen: Vec<(f64, f64)> = QUANTILES
        .iter()
        .map(|share| libm::round(share * last as f64) as usize)
        .map(|at| (bounds[at], at as f64 / last as f64))
        .collect();
    chosen.dedup_by(|next, kept| next.0 <= kept.0);
    let weights = chosen.windows(2).map(|pair| significant((pair[1].1 - pair[0].1) * 100.0, 3)).collect();
    Shape::Histogram(chosen.into_iter().map(|(bound, _)| bound).collect(), weights)
}
