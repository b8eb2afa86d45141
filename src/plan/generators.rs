//! From what a column asks for to the code that computes it.

use super::combine::{grid_bounds, grid_step};
use super::draft::{Draft, LinkKind, argument_span, check_arguments};
use super::infer;
use super::names::RowNames;
use crate::column::{
    Array, Bound, Branch, Bytes, Cases, Choices, Column, Combined, Computed, Constant, Fake, FloatRange,
    Format, GridRange, IntervalRange, Nullable, Pattern, PatternText, Piece, Reference, Template, UuidV4,
    UuidV7, Values, WideRange, scalars_to_vector, split_template,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::{self, Distribution, FloatSampler, Grid, IntSampler};
use crate::expression::Expression;
use crate::fake;
use crate::random::Permutation;
use crate::relation::Digits;
use crate::spec::{At, Call, Case, Generator, Refusal, UuidVersion, Weighted};
use crate::value::parse::{self, Scalar};
use crate::value::{Layout, SqlType, civil, text};

/// A column's code, and the inputs that it reads.
pub(super) struct Built {
    pub column: Box<dyn Column>,
    pub reads: Vec<usize>,
    pub origin: String,
    pub null_fraction: f64,
}

/// Elements of an array, and bytes of a bytea, when the spec gives no `length`.
const DEFAULT_ELEMENTS: (u64, u64) = (0, 4);
const DEFAULT_BYTES: (u64, u64) = (8, 32);

/// What is being built: a column, or a part of one (an array's element, a case).
struct Place<'s> {
    table: usize,
    column: &'s str,
    /// Tells the draws of a column's parts apart.
    part: String,
    sql_type: SqlType,
    unique: Option<Span>,
    rows: u64,
    span: Span,
    length: Option<(u64, u64)>,
}

impl<'s> Draft<'s> {
    /// Builds a column; problems are recorded.
    pub fn build(&mut self, table: usize, column: usize) -> Option<Built> {
        let draft = &self.tables[table].columns[column];
        let (spec, link) = (draft.spec, draft.link);
        if let Some((link, key)) = link
            && self.tables[table].links[link].kind != LinkKind::Key
        {
            return Some(self.reference(table, link, key));
        }
        let of = &self.tables[table];
        let place = Place {
            table,
            column: &spec.name.value,
            part: String::new(),
            sql_type: of.columns[column].sql_type.clone(),
            unique: of.is_unique(column).then(|| spec.unique.or(spec.primary_key).unwrap_or(spec.name.span)),
            rows: of.rows,
            span: spec.name.span,
            length: spec.length.as_ref().map(|(min, max)| (min.value, max.value)),
        };
        self.check_modifiers(table, column);
        if let Some(sequence) = self.sequence_of(table, column) {
            return self.sequence(table, column, sequence);
        }
        let mut reads = Vec::new();
        let digits = self.tables[table].columns[column].digits.clone();
        let built = match digits {
            Some(digits) => self.combined(&place, &spec.generator, digits)?,
            None => self.generator(&place, &spec.generator, spec.distribution.as_ref(), &mut reads)?,
        };
        let null = spec.null.as_ref().map_or(0.0, |share| share.value);
        let key = self.key(table, place.column, "null");
        let column: Box<dyn Column> = match null > 0.0 {
            true => Box::new(Nullable { inner: built.0, fraction: null, key }),
            false => built.0,
        };
        Some(Built { column, reads, origin: built.1, null_fraction: null })
    }

    /// Refuses modifiers that would have no effect, or contradict each other.
    fn check_modifiers(&mut self, table: usize, column: usize) {
        let spec = self.tables[table].columns[column].spec;
        if let Some(share) = spec.null.as_ref().filter(|share| share.value > 0.0)
            && self.tables[table].is_not_null(column)
        {
            self.refuse(
                share.span,
                format!("`{}` cannot be null", spec.name.value),
                "leave out `null`, or the constraint",
            );
        }
        let sql_type = &self.tables[table].columns[column].sql_type;
        if let Some((min, _)) = &spec.length
            && !matches!(sql_type, SqlType::Array(_) | SqlType::Bytea)
        {
            let message = format!("`length` has no effect on {sql_type}");
            self.refuse(
                min.span,
                message,
                "it is the number of elements of an array, or of bytes of a bytea",
            );
        }
    }

    fn reference(&mut self, table: usize, link: usize, key: usize) -> Built {
        let input = self.parent_input(table, link, key);
        let of = &self.tables[table].links[link];
        let parent = &self.tables[of.table];
        let origin = format!("references {}({})", parent.name(), parent.columns[key].name());
        let null_fraction = of.null.unwrap_or(0.0);
        Built { column: Box::new(Reference { input }), reads: vec![input], origin, null_fraction }
    }

    fn sequence(&mut self, table: usize, column: usize, sequence: crate::column::Sequence) -> Option<Built> {
        let of = &self.tables[table];
        let (spec, sql_type) = (of.columns[column].spec, &of.columns[column].sql_type);
        let Some((lowest, highest)) = sql_type.int_bounds().filter(|_| sql_type.is_integer()) else {
            let message = format!("a sequence makes whole numbers, `{}` is {sql_type}", spec.name.value);
            self.refuse(spec.name.span, message, "write `type: bigint`, or a `template` with `{row}`");
            return None;
        };
        let last = sequence.start as i128 + sequence.step as i128 * of.rows.saturating_sub(1) as i128;
        if last > highest as i128 || last < lowest as i128 || !(lowest..=highest).contains(&sequence.start) {
            let message = format!("the sequence reaches {last}, beyond {sql_type} ({lowest} to {highest})");
            self.refuse(spec.name.span, message, "use a wider type, or fewer rows");
            return None;
        }
        let origin = format!("sequence from {} by {}", sequence.start, sequence.step);
        Some(Built { column: Box::new(sequence), reads: Vec::new(), origin, null_fraction: 0.0 })
    }

    fn generator(
        &mut self,
        place: &Place<'s>,
        generator: &Generator,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if let SqlType::Array(element) = &place.sql_type
            && !matches!(generator, Generator::Expression(_) | Generator::Cases(_))
        {
            return self.array(place, element, generator, distribution, reads);
        }
        if let Some(call) = distribution
            && !matches!(generator, Generator::Range { .. } | Generator::Unnamed)
        {
            let help = "`distribution` shapes numbers and dates between `min` and `max`, and references";
            self.refuse(call.name.span, "`distribution` has no effect with this generator", help);
        }
        match generator {
            Generator::Unnamed => self.unnamed(place, distribution, reads),
            Generator::Sequence { .. } => {
                let message = format!("a sequence makes whole numbers, the column is {}", place.sql_type);
                self.refuse(place.span, message, "write `type: bigint`");
                None
            }
            Generator::Uuid(version) => self.uuid(place, version),
            Generator::Values(values) => self.values(place, values),
            Generator::Constant(value) => self.constant(place, value),
            Generator::Range { min, max } => {
                self.range(place, min.as_ref(), max.as_ref(), distribution, reads)
            }
            Generator::Template(template) => self.template(place, template, reads),
            Generator::Pattern(pattern) => self.pattern(place, pattern),
            Generator::Fake { call, locale } => self.fake(place, call, locale.as_ref()),
            Generator::Expression(text) => self.computed(place, text, reads),
            Generator::Cases(cases) => self.cases(place, cases, reads),
        }
    }

    /// Nothing was named: the name decides, then the type. The long form that it stands for is built like any other.
    fn unnamed(
        &mut self,
        place: &Place<'s>,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if let (Some(call), false) = (distribution, place.sql_type.is_number()) {
            let message = format!("`distribution` needs `min` and `max` for {}", place.sql_type);
            self.refuse(call.name.span, message, "write both bounds");
            return None;
        }
        if let Some(call) = distribution {
            let none = None::<&At<String>>;
            return self.range(place, none, none, Some(call), reads);
        }
        if place.sql_type == SqlType::Bytea {
            let (min, max) = place.length.unwrap_or(DEFAULT_BYTES);
            let key = self.part_key(place, "bytes");
            return Some((Box::new(Bytes { min, max, key }), format!("{min} to {max} random bytes")));
        }
        if place.unique.is_some() && place.sql_type.is_integer() {
            let bound = |value: String| Some(At::new(value, place.span));
            let (min, max) = (bound("1".into()), bound(place.rows.max(1).to_string()));
            return self.range(place, min.as_ref(), max.as_ref(), None, reads);
        }
        let has_column = |name: &str| self.tables[place.table].column_index(name);
        let inferred = infer::generator(
            self.tables[place.table].name(),
            place.column,
            &place.sql_type,
            place.span,
            &has_column,
        );
        self.generator(place, &inferred.generator, inferred.distribution.as_ref(), reads)
    }

    fn array(
        &mut self,
        place: &Place<'s>,
        element: &SqlType,
        generator: &Generator,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if let Some(span) = place.unique {
            self.refuse(span, "arrays cannot be unique", "leave out `unique`");
            return None;
        }
        let (min, max) = place.length.unwrap_or(DEFAULT_ELEMENTS);
        let part = Place {
            part: format!("{}element", place.part),
            sql_type: element.clone(),
            rows: place.rows.saturating_mul(max.max(1)),
            length: None,
            unique: None,
            ..*place
        };
        let (column, origin) = self.generator(&part, generator, distribution, reads)?;
        let key = self.part_key(place, "length");
        Some((
            Box::new(Array { element: column, min, max, key }),
            format!("array of {min} to {max}: {origin}"),
        ))
    }

    fn uuid(&mut self, place: &Place, version: &At<UuidVersion>) -> Option<(Box<dyn Column>, String)> {
        if place.sql_type != SqlType::Uuid {
            let message = format!("`uuid` needs a column of type uuid, this one is {}", place.sql_type);
            self.refuse(version.span, message, "write `type: uuid`");
            return None;
        }
        let key = self.part_key(place, "uuid");
        Some(match version.value {
            UuidVersion::V4 => (Box::new(UuidV4::new(key)), "uuid v4".into()),
            UuidVersion::V7 => {
                // The last row's is of `as_of`.
                let first_ms = (self.as_of / 1_000).saturating_sub_unsigned(place.rows).max(0) as u64;
                (Box::new(UuidV7 { first_ms, key }), "uuid v7".into())
            }
        })
    }

    /// A column's part in a combination without repeats.
    fn combined(
        &mut self,
        place: &Place,
        generator: &Generator,
        digits: Digits,
    ) -> Option<(Box<dyn Column>, String)> {
        let listed =
            |scalars: &[Option<Scalar>]| Choices::Listed(scalars_to_vector(scalars, place.sql_type.layout()));
        let choices = match (generator, &place.sql_type) {
            (Generator::Values(values), _) => {
                listed(&self.literals(place, values.value.iter().map(|weighted| &weighted.value))?)
            }
            (Generator::Range { min: Some(min), max: Some(max) }, sql_type) => {
                let (first, _) = grid_bounds(min, max, sql_type).expect("the bounds were read before");
                Choices::Grid { first, step: grid_step(sql_type) }
            }
            (_, SqlType::Enum(of)) => {
                let label = |label: &String| Some(Scalar::Text(label.clone().into()));
                listed(&of.labels.iter().map(label).collect::<Vec<_>>())
            }
            (_, SqlType::Boolean) => listed(&[Some(Scalar::Bool(false)), Some(Scalar::Bool(true))]),
            _ => unreachable!("only these have a number of values"),
        };
        Some((Box::new(Combined { digits, choices }), "a part of a key without repeats".into()))
    }

    /// A literal of the column's type.
    fn literal(&mut self, place: &Place, text: &At<String>) -> Option<Scalar> {
        match parse::scalar(&text.value, &place.sql_type) {
            Ok(scalar) => Some(scalar),
            Err(expected) => {
                let message = format!("`{}` is not a value of {}: {expected}", text.value, place.sql_type);
                let problem = Diagnostic::new(text.span, message);
                let problem = match &place.sql_type {
                    SqlType::Enum(of) => problem.suggest(&text.value, of.labels.iter().map(String::as_str)),
                    _ => problem,
                };
                self.problems.push(problem);
                None
            }
        }
    }

    fn literals<'v>(
        &mut self,
        place: &Place,
        values: impl Iterator<Item = &'v At<Option<String>>>,
    ) -> Option<Vec<Option<Scalar>>> {
        let mut scalars = Vec::new();
        let mut complete = true;
        for value in values {
            match &value.value {
                None => scalars.push(None),
                Some(text) => match self.literal(place, &At::new(text.clone(), value.span)) {
                    Some(scalar) => scalars.push(Some(scalar)),
                    None => complete = false,
                },
            }
        }
        complete.then_some(scalars)
    }

    fn values(&mut self, place: &Place, values: &At<Vec<Weighted>>) -> Option<(Box<dyn Column>, String)> {
        let scalars = self.literals(place, values.value.iter().map(|weighted| &weighted.value))?;
        let weights: Vec<f64> = values.value.iter().map(|weighted| weighted.weight.value).collect();
        if weights.iter().sum::<f64>() <= 0.0 {
            self.refuse(values.span, "no value has a positive weight", "give at least one a weight above 0");
            return None;
        }
        let key = self.part_key(place, "values");
        let origin = format!("one of {} values", scalars.len());
        let choices = scalars_to_vector(&scalars, place.sql_type.layout());
        let Some(span) = place.unique else {
            return Some((Box::new(Values::weighted(choices, &weights, key)), origin));
        };
        let repeats = (1..scalars.len()).any(|at| scalars[..at].contains(&scalars[at]));
        if (scalars.len() as u64) < place.rows || repeats {
            let message = match repeats {
                true => "a unique column cannot draw from values that repeat".to_owned(),
                false => format!("{} values cannot make {} rows unique", scalars.len(), place.rows),
            };
            self.refuse(span, message, "add values, use fewer rows, or leave out `unique`");
            return None;
        }
        Some((Box::new(Values::unique(choices, key)), origin))
    }

    fn constant(&mut self, place: &Place, value: &At<Option<String>>) -> Option<(Box<dyn Column>, String)> {
        if let (Some(span), true) = (place.unique, place.rows > 1) {
            self.refuse(span, "a column with one value cannot be unique", "leave out `unique`");
            return None;
        }
        let scalars = self.literals(place, std::iter::once(value))?;
        let value = scalars_to_vector(&scalars, place.sql_type.layout());
        Some((Box::new(Constant { value }), "constant".into()))
    }

    /// A literal of the column's type, or else an expression.
    fn bound(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<Result<Scalar, Expression>> {
        // As a bound a decimal may have more digits than the column: it is rounded by `scalar`.
        if let Ok(scalar) = parse::scalar(&text.value, &place.sql_type) {
            return Some(Ok(scalar));
        }
        if parse::decimal(&text.value).is_some() {
            self.literal(place, text);
            return None;
        }
        let expression = self.expression(place, text, reads)?;
        Some(match expression.constant() {
            Some(Some(scalar)) => Ok(scalar),
            _ => Err(expression),
        })
    }

    fn range(
        &mut self,
        place: &Place<'s>,
        min: Option<&At<String>>,
        max: Option<&At<String>>,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        let low = match min {
            Some(text) => Some(self.bound(place, text, reads)?),
            None => None,
        };
        let high = match max {
            Some(text) => Some(self.bound(place, text, reads)?),
            None => None,
        };
        let span = min.or(max).map_or(place.span, |text| text.span);
        let origin = format!(
            "{} from {} to {}",
            distribution.map_or("uniform", |call| call.name.value.as_str()),
            min.map_or("its least", |text| text.value.as_str()),
            max.map_or("its greatest", |text| text.value.as_str())
        );
        if distribution.is_none() && (low.is_none() || high.is_none()) {
            let missing = if low.is_none() { "min" } else { "max" };
            self.refuse(
                span,
                format!("`{missing}` is missing"),
                "without a distribution both bounds are needed",
            );
            return None;
        }
        let column: Box<dyn Column> = match place.sql_type.layout() {
            Layout::Int => Box::new(self.grid_range(place, low, high, span, distribution)?),
            Layout::Float => Box::new(self.float_range(place, low, high, span, distribution)?),
            Layout::Wide => Box::new(self.wide_range(place, low, high, span, distribution)?),
            Layout::Interval => Box::new(self.interval_range(place, low, high, span, distribution)?),
            _ => {
                let message = format!("`min` and `max` do not apply to {}", place.sql_type);
                self.refuse(span, message, "they bound numbers, dates, times and intervals");
                return None;
            }
        };
        Some((column, origin))
    }

    fn grid_range(
        &mut self,
        place: &Place,
        low: Option<Result<Scalar, Expression>>,
        high: Option<Result<Scalar, Expression>>,
        span: Span,
        distribution: Option<&Call>,
    ) -> Option<GridRange> {
        let limits = place.sql_type.int_bounds().expect("the layout is Int");
        let (min, max) = (int_bound(low), int_bound(high));
        let step = grid_step(&place.sql_type);
        let fixed = match (&min, &max) {
            (Bound::Fixed(Some(min)), Bound::Fixed(Some(max))) => Some((*min, *max)),
            _ => None,
        };
        if let Some((lo, hi)) = fixed.filter(|(lo, hi)| lo > hi) {
            self.refuse_bounds(place, span, lo, hi);
            return None;
        }
        let grid = match place.sql_type.is_temporal() {
            true => Grid::Place,
            false => Grid::Decimal { scale: place.sql_type.scale().unwrap_or(0) },
        };
        // Computed bounds are given row by row.
        let drawn = match (&min, &max, step) {
            (Bound::Fixed(min), Bound::Fixed(max), 1) => (*min, *max),
            (Bound::Fixed(Some(min)), Bound::Fixed(Some(max)), step) => (Some(0), Some((max - min) / step)),
            _ => (None, None),
        };
        let shape = self.column_distribution(distribution)?;
        let sampler = IntSampler::new(shape, grid, drawn.0, drawn.1, limits);
        let sampler = self.accept(sampler, distribution, span)?;
        let key = self.part_key(place, "range");
        let is_shaped = distribution.is_some_and(|call| !is_plain_uniform(call));
        let unique = match place.unique {
            Some(unique_span) => Some(self.unique_grid(place, unique_span, fixed, step, is_shaped)?),
            None => None,
        };
        Some(GridRange { min, max, limits, step, sampler, unique, key, sql_type: place.sql_type.clone() })
    }

    /// The distribution of a column's values: uniform when none is named.
    fn column_distribution(&mut self, call: Option<&Call>) -> Option<Box<dyn Distribution>> {
        match call {
            Some(call) => self.distribution(call),
            None => Some(distribution::uniform()),
        }
    }

    /// A sampler, or its refusal as a problem.
    fn accept<S>(&mut self, sampler: Result<S, Refusal>, call: Option<&Call>, span: Span) -> Option<S> {
        match sampler {
            Ok(sampler) => Some(sampler),
            Err(refusal) => {
                let span = call.map_or(span, |call| argument_span(call, refusal.parameter));
                let mut problem = Diagnostic::new(span, refusal.message);
                problem.help.extend(refusal.help);
                self.problems.push(problem);
                None
            }
        }
    }

    fn refuse_bounds(&mut self, place: &Place, span: Span, lo: i64, hi: i64) {
        let show = |value: i64| {
            let mut out = Vec::new();
            text::value(&mut out, &place.sql_type, &crate::value::Data::Int(vec![value]).into(), 0);
            String::from_utf8_lossy(&out).into_owned()
        };
        let message = format!("min {} is greater than max {}", show(lo), show(hi));
        self.refuse(span, message, "exchange them");
    }

    fn unique_grid(
        &mut self,
        place: &Place,
        span: Span,
        fixed: Option<(i64, i64)>,
        step: i64,
        shaped: bool,
    ) -> Option<Permutation> {
        let Some((lo, hi)) = fixed else {
            self.refuse(
                span,
                "bounds that are computed per row cannot make unique values",
                "use fixed bounds, or a sequence",
            );
            return None;
        };
        if shaped {
            self.refuse(span, "unique values are spread evenly", "leave out `distribution`, or `unique`");
            return None;
        }
        let cells = ((hi as i128 - lo as i128) / step as i128 + 1) as u128;
        if cells < place.rows as u128 {
            let message =
                format!("{cells} values between min and max cannot make {} rows unique", place.rows);
            self.refuse(span, message, "widen the bounds, use fewer rows, or leave out `unique`");
            return None;
        }
        Some(Permutation::new(self.part_key(place, "unique"), u64::try_from(cells).unwrap_or(u64::MAX)))
    }

    fn float_range(
        &mut self,
        place: &Place,
        low: Option<Result<Scalar, Expression>>,
        high: Option<Result<Scalar, Expression>>,
        span: Span,
        distribution: Option<&Call>,
    ) -> Option<FloatRange> {
        let (min, max) = (float_bound(low), float_bound(high));
        if let (Bound::Fixed(Some(lo)), Bound::Fixed(Some(hi))) = (&min, &max)
            && lo > hi
        {
            self.refuse(span, format!("min {lo} is greater than max {hi}"), "exchange them");
            return None;
        }
        if let Some(span) = place.unique {
            self.refuse(
                span,
                format!("unique values of {} cannot be made", place.sql_type),
                "use a numeric or integer column",
            );
            return None;
        }
        let (lowest, highest) = match (&min, &max) {
            (Bound::Fixed(min), Bound::Fixed(max)) => (*min, *max),
            _ => (None, None),
        };
        let shape = self.column_distribution(distribution)?;
        let sampler = self.accept(FloatSampler::new(shape, lowest, highest), distribution, span)?;
        let is_real = place.sql_type == SqlType::Real;
        Some(FloatRange { min, max, sampler, is_real, key: self.part_key(place, "range") })
    }

    fn wide_range(
        &mut self,
        place: &Place,
        low: Option<Result<Scalar, Expression>>,
        high: Option<Result<Scalar, Expression>>,
        span: Span,
        distribution: Option<&Call>,
    ) -> Option<WideRange> {
        let limit = 10i128.pow(38) - 1;
        let fixed = |bound: Option<Result<Scalar, Expression>>, otherwise| match bound {
            None => Some(otherwise),
            Some(Ok(Scalar::Wide(value))) => Some(value),
            _ => None,
        };
        let (Some(min), Some(max)) = (fixed(low, -limit), fixed(high, limit)) else {
            let message = format!("bounds of {} are literals", place.sql_type);
            self.refuse(
                span,
                message,
                "write numbers, compute the value by `expr`, or use at most 18 digits",
            );
            return None;
        };
        if min > max {
            self.refuse(span, "min is greater than max", "exchange them");
            return None;
        }
        if let Some(span) = place.unique {
            self.refuse(
                span,
                format!("unique values of {} cannot be made", place.sql_type),
                "use at most 18 digits",
            );
            return None;
        }
        let unit = libm::pow(10.0, place.sql_type.scale().unwrap_or(0) as f64);
        let sampler = match distribution.filter(|call| !is_plain_uniform(call)) {
            Some(call) => {
                let shape = self.distribution(call)?;
                let sampler = FloatSampler::new(shape, Some(min as f64 / unit), Some(max as f64 / unit));
                Some(self.accept(sampler, distribution, span)?)
            }
            None => None,
        };
        Some(WideRange { min, max, sampler, unit, key: self.part_key(place, "range") })
    }

    fn interval_range(
        &mut self,
        place: &Place,
        low: Option<Result<Scalar, Expression>>,
        high: Option<Result<Scalar, Expression>>,
        span: Span,
        distribution: Option<&Call>,
    ) -> Option<IntervalRange> {
        if let Some(call) = distribution {
            self.refuse(
                call.name.span,
                "intervals are spread evenly",
                "leave out `distribution`, or compute the interval by `expr`",
            );
            return None;
        }
        let micros = |bound: Option<Result<Scalar, Expression>>| match bound {
            Some(Ok(Scalar::Interval(value))) if value.months == 0 => {
                Some(value.days as i64 * civil::DAY + value.micros)
            }
            _ => None,
        };
        let (Some(min), Some(max)) = (micros(low), micros(high)) else {
            self.refuse(
                span,
                "bounds of an interval are literals of days and time",
                "such as `90 minutes` or `30 days`",
            );
            return None;
        };
        if min > max {
            self.refuse(span, "min is greater than max", "exchange them");
            return None;
        }
        if let Some(span) = place.unique {
            self.refuse(span, "unique intervals cannot be made", "leave out `unique`");
            return None;
        }
        Some(IntervalRange { min, max, key: self.part_key(place, "range") })
    }

    /// Compiles an expression of the column's type, and notes what it reads.
    fn expression(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<Expression> {
        let expression = self.free_expression(place, text, reads)?;
        match expression.assign_to(&place.sql_type) {
            Ok(expression) => Some(expression),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    /// Compiles an expression of any type, and notes what it reads.
    fn free_expression(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<Expression> {
        let draws_of = format!("{}{}", place.column, place.part);
        match Expression::compile(&text.value, text.span, &mut RowNames::new(self, place.table, draws_of)) {
            Ok(expression) => {
                reads.extend(expression.inputs());
                Some(expression)
            }
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn computed(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        let before = reads.len();
        let expression = self.expression(place, text, reads)?;
        if let Some(span) = place.unique
            && place.rows > 1
            && !self.reads_something_unique(place.table, &reads[before..])
        {
            let message = "an expression over columns that repeat cannot be unique";
            self.refuse(span, message, "let it read `row` or a unique column, or leave out `unique`");
            return None;
        }
        Some((Box::new(Computed { expression }), format!("expr {}", text.value.trim())))
    }

    /// Whether one of these inputs differs in every row, so that what is made of it may.
    fn reads_something_unique(&self, table: usize, reads: &[usize]) -> bool {
        use super::model::Input;
        let of = &self.tables[table];
        reads.iter().any(|input| match &of.inputs[*input] {
            Input::Row => true,
            Input::Column(column) => of.is_unique(*column),
            Input::Parent { link, input } => {
                let parent_is_unique = matches!(of.links[*link].kind, LinkKind::OneToOne);
                parent_is_unique && self.reads_something_unique(of.links[*link].table, &[*input])
            }
            // The number within the parent makes a part of a composite key unique, not the column alone.
            Input::Nth { .. } | Input::Children(_) => false,
        })
    }

    fn template(
        &mut self,
        place: &Place<'s>,
        template: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if !self.makes_text(place, template.span, "template") {
            return None;
        }
        let pieces = match split_template(&template.value) {
            Ok(pieces) => pieces,
            Err(bad) => {
                let span = template.span.part(bad.place.start, bad.place.end);
                self.problems.push(Diagnostic::new(span, bad.message));
                return None;
            }
        };
        let before = reads.len();
        let mut compiled = Vec::new();
        for piece in pieces {
            compiled.push(match piece {
                Piece::Literal(literal) => (None, literal),
                Piece::Placeholder { expression, format } => {
                    (Some(self.placeholder(place, template, expression, format, reads)?), String::new())
                }
            });
        }
        if let Some(span) = place.unique
            && place.rows > 1
            && !self.reads_something_unique(place.table, &reads[before..])
        {
            self.refuse(
                span,
                "this template repeats",
                "add `{row}` or a unique column to it, or leave out `unique`",
            );
            return None;
        }
        let text = Box::new(Template { pieces: compiled });
        Some((self.limited(place, text), format!("template {}", template.value)))
    }

    fn placeholder(
        &mut self,
        place: &Place<'s>,
        template: &At<String>,
        expression: std::ops::Range<usize>,
        format: Option<std::ops::Range<usize>>,
        reads: &mut Vec<usize>,
    ) -> Option<(Expression, Format)> {
        let part = |range: &std::ops::Range<usize>| {
            At::new(template.value[range.clone()].to_owned(), template.span.part(range.start, range.end))
        };
        let compiled = self.free_expression(place, &part(&expression), reads)?;
        let Some(format) = format else { return Some((compiled, Format::Plain)) };
        let format = part(&format);
        match Format::parse(&format.value, compiled.sql_type()) {
            Ok(format) => Some((compiled, format)),
            Err(message) => {
                self.problems.push(Diagnostic::new(format.span, message));
                None
            }
        }
    }

    /// Text of a computed length is checked against the column's limit row by row.
    fn limited(&self, place: &Place, column: Box<dyn Column>) -> Box<dyn Column> {
        match place.sql_type.max_chars() {
            Some(limit) => {
                Box::new(crate::column::Limited { inner: column, limit, sql_type: place.sql_type.clone() })
            }
            None => column,
        }
    }

    fn makes_text(&mut self, place: &Place, span: Span, generator: &str) -> bool {
        let fits = place.sql_type.is_text()
            || matches!(place.sql_type, SqlType::Json | SqlType::Jsonb | SqlType::Inet);
        if !fits {
            let message = format!("`{generator}` makes text, the column is {}", place.sql_type);
            self.refuse(span, message, "write `type: text`");
        }
        fits
    }

    fn pattern(&mut self, place: &Place, text: &At<String>) -> Option<(Box<dyn Column>, String)> {
        if !self.makes_text(place, text.span, "pattern") {
            return None;
        }
        let pattern = match Pattern::parse(&text.value) {
            Ok(pattern) => pattern,
            Err(bad) => {
                let span =
                    bad.place.map_or(text.span, |(start, end)| text.span.part(start, end.max(start + 1)));
                self.problems
                    .push(Diagnostic::new(span, format!("this pattern cannot be used: {}", bad.message)));
                return None;
            }
        };
        if let Some(limit) = place.sql_type.max_chars().filter(|limit| pattern.max_len() > *limit as u64) {
            let message = format!(
                "the pattern makes up to {} characters, {} holds {limit}",
                pattern.max_len(),
                place.sql_type
            );
            self.refuse(text.span, message, "shorten its repetitions, or widen the column");
            return None;
        }
        let key = self.part_key(place, "pattern");
        let origin = format!("pattern {}", text.value);
        let Some(span) = place.unique else {
            return Some((Box::new(PatternText::drawn(pattern, key)), origin));
        };
        if pattern.is_ambiguous() {
            let message = "the pattern can make one text in more than one way, so it cannot be made unique";
            self.refuse(
                span,
                message,
                "let alternatives start differently, and let at most one part vary in length",
            );
            return None;
        }
        if pattern.capacity() < place.rows as u128 {
            let message = format!(
                "the pattern allows {} values, the table has {} rows",
                thousands(pattern.capacity()),
                thousands(place.rows as u128)
            );
            self.refuse(span, message, "lengthen the pattern, use fewer rows, or leave out `unique`");
            return None;
        }
        Some((Box::new(PatternText::unique(pattern, key)), origin))
    }

    fn fake(
        &mut self,
        place: &Place,
        call: &Call,
        locale: Option<&At<String>>,
    ) -> Option<(Box<dyn Column>, String)> {
        let name = &call.name.value;
        let Some(provider) = fake::find(name) else {
            let known = fake::PROVIDERS.iter().map(|provider| provider.name);
            let problem = Diagnostic::new(call.name.span, format!("unknown provider `{name}`"));
            self.problems.push(problem.suggest(name, known).help("`datagen list providers` names them all"));
            return None;
        };
        if !check_arguments(call, provider.parameters, &mut self.problems) {
            return None;
        }
        if !self.makes_text(place, call.name.span, "fake") {
            return None;
        }
        let locale = self.locale(locale)?;
        let derived = infer::subject_of(self.tables[place.table].name(), place.column);
        let subject = call.arguments.text("subject").map_or(derived, str::to_owned);
        let table = self.tables[place.table].name().to_owned();
        let column = format!("{}{}", place.column, place.part);
        let request = fake::Request {
            seed: self.seed,
            table: &table,
            column: &column,
            subject: &subject,
            locale,
            arguments: &call.arguments,
            rows: place.rows,
            unique: place.unique.is_some(),
            max_chars: place.sql_type.max_chars(),
        };
        match provider.build(&request) {
            Ok(source) => Some((Box::new(Fake { source }), format!("fake {name}"))),
            Err(refusal) => {
                let mut problem = Diagnostic::new(argument_span(call, refusal.parameter), refusal.message);
                problem.help.extend(refusal.help);
                self.problems.push(problem);
                None
            }
        }
    }

    fn locale(&mut self, named: Option<&At<String>>) -> Option<&'static fake::Locale> {
        let Some(named) = named.or(self.spec.locale.as_ref()) else {
            return Some(fake::locale("en").expect("en is there"));
        };
        let found = fake::locale(&named.value);
        if found.is_none() {
            let known: Vec<&str> = fake::LOCALES.iter().map(|locale| locale.name).collect();
            let problem = Diagnostic::new(named.span, format!("unknown locale `{}`", named.value));
            let problem = problem.suggest(&named.value, known.iter().copied());
            self.problems.push(problem.help(format!("known: {}", known.join(", "))));
        }
        found
    }

    fn cases(
        &mut self,
        place: &Place<'s>,
        cases: &At<Vec<Case>>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if let Some(span) = place.unique.filter(|_| place.rows > 1) {
            self.refuse(span, "values by cases cannot be unique", "leave out `unique`");
            return None;
        }
        let mut branches = Vec::new();
        for (nth, case) in cases.value.iter().enumerate() {
            branches.push(self.branch(place, case, nth, reads));
        }
        let branches = branches.into_iter().collect::<Option<Vec<_>>>()?;
        let layout = place.sql_type.layout();
        Some((Box::new(Cases { branches, layout }), format!("{} cases", cases.value.len())))
    }

    fn branch(
        &mut self,
        place: &Place<'s>,
        case: &Case,
        nth: usize,
        reads: &mut Vec<usize>,
    ) -> Option<Branch> {
        let part = Place {
            part: format!("{}case {}", place.part, nth + 1),
            sql_type: place.sql_type.clone(),
            unique: None,
            span: case.then.span,
            ..*place
        };
        let when = match &case.when {
            Some(text) => Some(self.condition(&part, text, reads)?),
            None => None,
        };
        let value = &case.then;
        let (column, _) = self.generator(&part, &value.generator, value.distribution.as_ref(), reads)?;
        let then: Box<dyn Column> = match value.null.as_ref().map(|share| share.value) {
            Some(fraction) if fraction > 0.0 => {
                Box::new(Nullable { inner: column, fraction, key: self.part_key(&part, "null") })
            }
            _ => column,
        };
        Some(Branch { when, then })
    }

    fn condition(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<Expression> {
        let expression = self.free_expression(place, text, reads)?;
        if *expression.sql_type() != SqlType::Boolean {
            let message = format!("a condition is true or false, this is {}", expression.sql_type());
            self.refuse(text.span, message, "compare it with something");
            return None;
        }
        Some(expression)
    }

    fn part_key(&self, place: &Place, purpose: &str) -> crate::random::Key {
        match place.part.is_empty() {
            true => self.key(place.table, place.column, purpose),
            false => self.key(place.table, place.column, &format!("{} {purpose}", place.part)),
        }
    }
}

fn is_plain_uniform(call: &Call) -> bool {
    call.name.value == "uniform" && call.arguments.given.is_empty()
}

fn int_bound(bound: Option<Result<Scalar, Expression>>) -> Bound<i64> {
    match bound {
        None => Bound::Fixed(None),
        Some(Ok(Scalar::Int(value))) => Bound::Fixed(Some(value)),
        Some(Ok(other)) => panic!("a bound of the Int layout cannot be {other:?}"),
        Some(Err(expression)) => Bound::Computed(expression),
    }
}

fn float_bound(bound: Option<Result<Scalar, Expression>>) -> Bound<f64> {
    match bound {
        None => Bound::Fixed(None),
        Some(Ok(Scalar::Float(value))) => Bound::Fixed(Some(value)),
        Some(Ok(other)) => panic!("a bound of the Float layout cannot be {other:?}"),
        Some(Err(expression)) => Bound::Computed(expression),
    }
}

/// `17576` as `17,576`.
pub(super) fn thousands(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
