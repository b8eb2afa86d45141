//! Columns that follow time.

use super::draft::Draft;
use super::generators::Place;
use super::model::Input;
use super::ranges::int_bound;
use super::ticks::is_moment;
use crate::column::{Bound, Clock, ClockedWalk, Column, Growth, Law, Quantity, Season, Series};
use crate::distribution::{Cascade, WalkLaw};
use crate::spec::{Along, At, Generator, SeriesSpec, WalkSpec, year_micros};
use crate::value::{SqlType, civil};

const SECOND: f64 = 1e6;

impl<'s> Draft<'s> {
    pub(super) fn series(
        &mut self,
        place: &Place<'s>,
        spec: &SeriesSpec,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if !place.sql_type.is_number() {
            let message = format!("a series makes numbers, the column is {}", place.sql_type);
            self.refuse(spec.span, message, "write for example `type: numeric(8,2)`");
            return None;
        }
        if let Some(span) = place.unique.filter(|_| place.rows > 1) {
            self.refuse(span, "the values of a series may repeat", "leave out `unique`");
            return None;
        }
        if place.part.contains("element") {
            self.refuse(spec.span, "elements of arrays are no series", "make a row for each of them");
            return None;
        }
        let moment = self.moment_of_series(place, spec)?;
        let moment_type = self.tables[place.table].columns[moment].sql_type.clone();
        let from = match depends_on_time(spec) {
            true => Some(self.start_of_series(place, spec, moment, reads)?),
            false => None,
        };
        let seconds = self.seconds_per_row(place.table);
        let clusters = self.clusters_of(spec, seconds)?;
        let walk = spec.walk.as_ref().map(|walk| self.walk_of(place, "walk", walk.value, seconds, clusters));
        let growth = (spec.drift.is_some() || spec.volatility.is_some()).then(|| {
            let rate = libm::log1p(spec.drift.as_ref().map_or(0.0, |drift| drift.value)) / year_micros();
            let volatility = spec.volatility.as_ref().map(|volatility| volatility.value);
            let walk = volatility.map(|amount| {
                let free = WalkSpec::Free(crate::spec::Rate { amount, per: Some(year_micros()) });
                (self.walk_of(place, "volatility", free, seconds, clusters), amount * amount / year_micros())
            });
            Growth { rate, walk }
        });
        let level = self.quantity(place, spec.level.as_ref().expect("the reader asks for it"), reads)?;
        if let (Quantity::Share(_), Some(text)) = (&level, &spec.level) {
            self.refuse(text.span, "a level cannot be a share of itself", "write a number or an expression");
            return None;
        }
        let mut seasons = Vec::new();
        for season in &spec.seasons {
            let amplitude = self.quantity(place, &season.amplitude, reads)?;
            seasons.push(Season { period: season.period, amplitude, peak: season.peak });
        }
        let noise = match &spec.noise {
            Some(text) => Some(self.quantity(place, text, reads)?),
            None => None,
        };
        let nth = self.nth_or_row_input(place.table);
        let per = self.tables[place.table].per_link();
        let series = per.map(|link| {
            let parent = self.tables[place.table].links[link].table;
            let row = self.row_input(parent);
            self.parent_input(place.table, link, row)
        });
        reads.extend([moment, nth]);
        reads.extend(series);
        let bound = |bound: &Option<At<f64>>, open: f64| bound.as_ref().map_or(open, |at| at.value);
        let column = Series {
            moment,
            moment_unit: if moment_type == SqlType::Date { civil::DAY } else { 1 },
            from,
            nth,
            series,
            level,
            growth,
            trend: spec.trend.as_ref().map_or(0.0, |at| at.value.amount / at.value.per.unwrap_or(1.0)),
            walk,
            seasons,
            noise,
            bounds: (bound(&spec.min, f64::MIN), bound(&spec.max, f64::MAX)),
            key: self.part_key(place, "noise"),
            sql_type: place.sql_type.clone(),
        };
        let name = self.tables[place.table].columns[moment].name();
        Some((Box::new(column), format!("a series over {name}")))
    }

    /// The column that says when: the one named, the one of rows in steps of time, or the only one that ascends.
    fn moment_of_series(&mut self, place: &Place, spec: &SeriesSpec) -> Option<usize> {
        if let Some(name) = &spec.at {
            let column = self.find_column(place.table, name)?;
            let sql_type = self.tables[place.table].columns[column].sql_type.clone();
            if is_moment(&sql_type) {
                return Some(column);
            }
            let message = format!("`{}` does not say when: it is {sql_type}", name.value);
            self.refuse(name.span, message, "name a column of dates or timestamps");
            return None;
        }
        let of = &self.tables[place.table];
        let ascends = |at: &usize| {
            let column = &of.columns[*at];
            let generator = &column.spec.generator;
            let along =
                if let Generator::Moments(moments) = generator { moments.ascending.as_ref() } else { None };
            let wanted = if of.per_link().is_some() { Along::Siblings } else { Along::Rows };
            is_moment(&column.sql_type) && along.is_some_and(|along| along.value == wanted)
        };
        let ascending: Vec<usize> = (0..of.columns.len()).filter(ascends).collect();
        match (self.tick_column(place.table), ascending.as_slice()) {
            (Some(column), _) => Some(column),
            (None, [only]) => Some(*only),
            (None, _) => {
                let message = "nothing says when the values of the series are";
                self.refuse(spec.span, message, "write `at:` with a column of dates or timestamps");
                None
            }
        }
    }

    /// When a series begins: as said, or with its rows, or at the lower bound of its moments.
    fn start_of_series(
        &mut self,
        place: &Place<'s>,
        spec: &SeriesSpec,
        moment: usize,
        reads: &mut Vec<usize>,
    ) -> Option<Bound<i64>> {
        let column = &self.tables[place.table].columns[moment];
        let own_bound = match &column.spec.generator {
            Generator::Moments(moments) => moments.min.clone(),
            Generator::Range { min, .. } => min.clone(),
            _ => None,
        };
        let is_tick = self.tick_column(place.table) == Some(moment);
        let of_rows = self.ticks_of(place.table).filter(|_| is_tick).map(|ticks| ticks.from.clone());
        let Some(text) = spec.from.clone().or(of_rows).or(own_bound) else {
            let message = "nothing says when the series begins";
            self.refuse(spec.span, message, "write `from:`, the moment from which trend and walk count");
            return None;
        };
        let sql_type = self.tables[place.table].columns[moment].sql_type.clone();
        let from = self.bound(&part_of(place, sql_type), &text, reads)?;
        if let Err(expression) = &from {
            let per = self.tables[place.table].per_link();
            if !per.is_some_and(|link| self.is_same_for_siblings(place.table, link, expression)) {
                let message = "the beginning differs between the rows of a series";
                self.refuse(
                    text.span,
                    message,
                    "write `from:` as a literal, or let it read only columns of the `per` parent",
                );
                return None;
            }
        }
        Some(int_bound(Some(from)))
    }

    /// How many seconds lie between the rows of a series, where they follow in equal steps.
    fn seconds_per_row(&mut self, table: usize) -> Option<f64> {
        let every = &self.ticks_of(table)?.every;
        let step = crate::value::parse::interval(&every.value).filter(|step| step.months == 0)?;
        Some((step.days as i64 * civil::DAY + step.micros) as f64 / SECOND)
    }

    /// How the variance of free walks is dealt out, `Some(None)` where it is even.
    fn clusters_of(&mut self, spec: &SeriesSpec, seconds: Option<f64>) -> Option<Option<Cascade>> {
        let Some(At { value: clustering, span }) = spec.clustering else { return Some(None) };
        let free = match spec.walk.as_ref().map(|walk| walk.value) {
            Some(WalkSpec::Free(rate)) => Some(rate),
            _ => None,
        };
        if free.is_none() && spec.volatility.is_none() {
            let message = "nothing of this series has calm and wild times";
            self.refuse(
                span,
                message,
                "`clustering` is for `volatility`, and for a `walk` that is not drawn back",
            );
            return None;
        }
        if free.is_some_and(|rate| rate.per.is_none()) && seconds.is_none() {
            let message =
                "the steps of the walk are rows, of which no time tells how many make up the memory";
            self.refuse(span, message, "write the walk in time, such as `0.2 per day`");
            return None;
        }
        let steps = clustering.memory / (seconds.unwrap_or(1.0) * SECOND);
        if steps < 2.0 {
            let message = "the memory of clusters is shorter than two steps of the walk";
            self.refuse(span, message, "clusters are of several rows: write a longer `memory`");
            return None;
        }
        Some(Some(Cascade::new(clustering.strength, steps)))
    }

    /// A walk by rows, where its unit is the row or rows follow in equal steps; else by seconds.
    fn walk_of(
        &self,
        place: &Place,
        purpose: &str,
        spec: WalkSpec,
        seconds: Option<f64>,
        clusters: Option<Cascade>,
    ) -> ClockedWalk {
        let keys = ["first", "second"].map(|half| self.part_key(place, &format!("{purpose} {half}")));
        let (clock, step) = match seconds {
            Some(seconds) => (Clock::Rows, seconds * SECOND),
            None => (Clock::Seconds, SECOND),
        };
        match spec {
            WalkSpec::Free(rate) => {
                let (clock, deviation) = match rate.per {
                    None => (Clock::Rows, rate.amount),
                    Some(per) => (clock, rate.amount * libm::sqrt(step / per)),
                };
                let law = clusters.map_or_else(|| Law::Even(Box::new(WalkLaw::free())), Law::Clustered);
                ClockedWalk { law, keys, deviation, clock }
            }
            WalkSpec::Reverting { deviation, memory } => {
                let law = Law::Even(Box::new(WalkLaw::reverting(memory / step)));
                ClockedWalk { law, keys, deviation, clock }
            }
        }
    }

    /// A number, a share, or an expression.
    fn quantity(&mut self, place: &Place<'s>, text: &At<String>, reads: &mut Vec<usize>) -> Option<Quantity> {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        if let Some(amount) = number(&text.value) {
            return Some(Quantity::Fixed(amount));
        }
        if let Some(percent) = text.value.trim().strip_suffix('%').and_then(number) {
            return Some(Quantity::Share(percent / 100.0));
        }
        self.expression(&part_of(place, SqlType::Double), text, reads).map(Quantity::Computed)
    }

    /// The input that is the row's number, from 1.
    pub(super) fn row_input(&mut self, table: usize) -> usize {
        let known = self.tables[table].inputs.iter().position(|input| matches!(input, Input::Row));
        known.unwrap_or_else(|| self.add_input(table, Input::Row, SqlType::BigInt))
    }
}

/// The same place, for a value of another type.
fn part_of<'s>(place: &Place<'s>, sql_type: SqlType) -> Place<'s> {
    Place {
        part: place.part.clone(),
        sql_type,
        unique: None,
        length: None,
        modifiers: place.modifiers.clone(),
        ..*place
    }
}

/// Whether anything counts from a beginning.
fn depends_on_time(spec: &SeriesSpec) -> bool {
    let walks_in_time = match spec.walk.as_ref().map(|walk| walk.value) {
        Some(WalkSpec::Free(rate)) => rate.per.is_some(),
        Some(WalkSpec::Reverting { .. }) => true,
        None => false,
    };
    walks_in_time || spec.trend.is_some() || spec.drift.is_some() || spec.volatility.is_some()
}
