//! From what a column asks for to the code that computes it.

use super::codes::narrowed;
use super::draft::{Draft, LinkKind};
use super::infer;
use super::model::Target;
use super::ranges::Asked;
use crate::column::{
    Branch, Bytes, Cases, Choices, Column, Combined, Constant, KeyOf, KeySequence, Nullable, Reference,
    Required, UuidV4, UuidV7, Values, scalars_to_vector,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::Expression;
use crate::random::Absence;
use crate::relation::Digits;
use crate::spec::{At, Call, Case, Generator, LengthSpec, Modifiers, UuidVersion, Weighted};
use crate::value::SqlType;
use crate::value::parse::{self, Scalar};

/// A column's code, and the inputs that it reads.
pub(super) struct Built {
    pub column: Box<dyn Column>,
    pub reads: Vec<usize>,
    pub origin: String,
    pub null_fraction: f64,
    /// See [`super::PlannedColumn::unproved`].
    pub unproved: Option<Span>,
}

/// Bytes of a bytea when the spec gives no `length`.
const DEFAULT_BYTES: (u64, u64) = (8, 32);

/// So that the texts of a batch stay far below the 2 GiB that its offsets reach.
pub(super) const MOST_CHARACTERS: u64 = 100_000;

const LENGTH_IS_FOR: &str = "it is the number of elements of an array, of bytes of a bytea, or of characters of text \
     that names no generator, or `grammar`, `slice` or `alphabet`";

/// Whether values of a type can be told how long to be.
fn has_length(sql_type: &SqlType) -> bool {
    matches!(sql_type, SqlType::Array(_) | SqlType::Bytea | SqlType::Json | SqlType::Jsonb)
        || sql_type.is_text()
}

/// Whether a generator of such a type asks for the length.
fn takes_length(generator: &Generator, sql_type: &SqlType) -> bool {
    match (generator, sql_type) {
        (Generator::Expression(_) | Generator::Cases(_), _) => false,
        (_, SqlType::Array(_)) => true,
        (Generator::Unnamed, SqlType::Json | SqlType::Jsonb) => false,
        (Generator::Array(_), _) => true,
        (Generator::Unnamed | Generator::Grammar(_) | Generator::Slice(_) | Generator::Alphabet(_), _) => {
            true
        }
        _ => false,
    }
}

/// What is being built: a column, or a part of one (an array's element, a case).
pub(super) struct Place<'s> {
    pub table: usize,
    pub column: &'s str,
    /// Tells the draws of a column's parts apart.
    pub part: String,
    pub sql_type: SqlType,
    pub unique: Option<Span>,
    pub rows: u64,
    pub span: Span,
    pub length: Option<LengthSpec>,
    pub modifiers: Modifiers,
}

impl<'s> Draft<'s> {
    /// Builds a column; problems are recorded.
    pub fn build(&mut self, table: usize, column: usize) -> Option<Built> {
        let draft = &self.tables[table].columns[column];
        if draft.broken {
            return None;
        }
        let (spec, link) = (draft.spec, draft.link);
        self.check_changes(table, column);
        let entities = self.entities_of_key(table, column);
        self.is_business_key = entities.is_some();
        let draft = &self.tables[table].columns[column];
        let given = draft.given.clone();
        let of = &self.tables[table];
        let is_unique = of.is_unique(column) || entities.is_some();
        let place = Place {
            table,
            column: &spec.name.value,
            part: String::new(),
            sql_type: of.columns[column].sql_type.clone(),
            unique: is_unique.then(|| spec.unique.or(spec.primary_key).unwrap_or(spec.name.span)),
            rows: entities.unwrap_or(of.rows),
            span: spec.name.span,
            length: spec.length.clone(),
            modifiers: spec.modifiers.clone(),
        };
        self.check_modifiers(table, column);
        if let Some(given) = given {
            self.refuse_modifiers(&place, &[]);
            return Some(self.build_given(table, column, &given));
        }
        if let Some((link, key)) = link
            && self.tables[table].links[link].kind != LinkKind::Key
        {
            self.refuse_modifiers(&place, &[]);
            let moment = match self.tables[table].links[link].kind {
                LinkKind::ValidAt { .. } => self.settle_moment(table, link)?,
                _ => Vec::new(),
            };
            let mut built = self.reference(table, column, link, key);
            built.reads.extend(moment);
            return Some(built);
        }
        self.unproved = None;
        if let Some(at) = self.one_of_at(table, column) {
            self.refuse_modifiers(&place, &[]);
            return self.one_of(table, column, &at);
        }
        if let Some(built) = self.kind_of(&place) {
            self.refuse_modifiers(&place, &[]);
            return built;
        }
        if let Some(sequence) = self.sequence_of(table, column) {
            self.refuse_modifiers(&place, &[]);
            let built = self.sequence(table, column, sequence)?;
            return Some(self.kept(table, column, built));
        }
        let mut reads = Vec::new();
        let digits = self.tables[table].columns[column].digits.clone();
        let built = match digits {
            Some(digits) => self.combined(&place, &spec.generator, digits)?,
            None if self.tick_column(table) == Some(column) => {
                let ticks = self.ticks_of(table).expect("they have a column");
                self.ticks(&place, ticks, &mut reads)?
            }
            None => self.generator(&place, &spec.generator, spec.distribution.as_ref(), &mut reads)?,
        };
        let absence = match spec.optional.is_some() && self.status_condition(table, column).is_some() {
            // The status decides.
            true => None,
            false => self.absence(table, spec),
        };
        // Gaps come by rows, also where a value lasts over many of them.
        let has_gaps = spec.null_group.as_ref().is_some_and(|group| group.rows.is_some());
        let null = absence.as_ref().map_or(0.0, |_| spec.null.as_ref().map_or(0.0, |share| share.value));
        let inner = match link {
            Some((link, key)) => self.held_to_keys(table, link, key, built.0),
            None => built.0,
        };
        let made: Box<dyn Column> = match absence.clone() {
            Some(_) if has_gaps => inner,
            Some(absence) => Box::new(Nullable { inner, absence }),
            // What is read or computed may turn out to be null.
            None if self.tables[table].is_not_null(column) => Box::new(Required::new(inner)),
            None => inner,
        };
        let unproved = self.unproved;
        let built = Built { column: made, reads, origin: built.1, null_fraction: null, unproved };
        if self.is_business_key {
            self.check_key_reads(table, column, &built);
        }
        let mut built = self.kept(table, column, built);
        if let Some(absence) = absence.filter(|_| has_gaps) {
            built.column = Box::new(Nullable { inner: built.column, absence });
        }
        Some(built)
    }

    /// A computed reference is checked row by row to be a key of its table.
    fn held_to_keys(&self, table: usize, link: usize, key: usize, inner: Box<dyn Column>) -> Box<dyn Column> {
        let link = &self.tables[table].links[link];
        match link.target {
            Some(Target::Key { start, step, .. }) => {
                let parent = &self.tables[link.table];
                let keys = KeySequence { start, step, rows: parent.rows };
                let sql_type = parent.columns[key].sql_type.clone();
                Box::new(KeyOf { inner, keys, table: parent.name().to_owned(), sql_type })
            }
            _ => inner,
        }
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
        if let Some(share) = spec.null.as_ref().filter(|share| share.value > 0.0)
            && spec.modifiers.quota.is_some()
        {
            self.refuse(
                share.span,
                "nulls would take rows away from the shares that `quota` makes exact",
                "leave out `null`, or `quota`",
            );
        }
        let draft = &self.tables[table].columns[column];
        if let Some(length) = &spec.length
            && (!has_length(&draft.sql_type) || draft.link.is_some())
        {
            let message = match draft.link {
                Some(_) => "`length` has no effect on a reference".to_owned(),
                None => format!("`length` has no effect on {}", draft.sql_type),
            };
            self.refuse(length.span, message, LENGTH_IS_FOR);
        }
    }

    fn reference(&mut self, table: usize, column: usize, link: usize, key: usize) -> Built {
        let input = self.parent_input(table, link, key);
        let of = &self.tables[table].links[link];
        let parent = &self.tables[of.table];
        let origin = format!("references {}({})", parent.name(), parent.columns[key].name());
        let null_fraction = of.null.unwrap_or(0.0);
        let inner = Box::new(Reference { input });
        let column: Box<dyn Column> = match self.tables[table].is_not_null(column) {
            true => Box::new(Required { inner, message: self.without_parent(table, link) }),
            false => inner,
        };
        Built { column, reads: vec![input], origin, null_fraction, unproved: None }
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
        let column = Box::new(sequence);
        Some(Built { column, reads: Vec::new(), origin, null_fraction: 0.0, unproved: None })
    }

    pub(super) fn generator(
        &mut self,
        place: &Place<'s>,
        generator: &Generator,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if let SqlType::Array(element) = &place.sql_type
            && !matches!(generator, Generator::Expression(_) | Generator::Cases(_) | Generator::Array(_))
        {
            return self.array(place, element, generator, distribution, reads);
        }
        if let Some(length) = &place.length
            && has_length(&place.sql_type)
            && !takes_length(generator, &place.sql_type)
        {
            self.refuse(length.span, "`length` has no effect with this generator", LENGTH_IS_FOR);
        }
        if let Some(call) = distribution
            && !matches!(
                generator,
                Generator::Range { .. }
                    | Generator::Moments(_)
                    | Generator::WholeNumbers { .. }
                    | Generator::Unnamed
            )
        {
            let help = "`distribution` shapes numbers and dates between `min` and `max`, and references";
            self.refuse(call.name.span, "`distribution` has no effect with this generator", help);
        }
        self.check_range_modifiers(place, generator);
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
                let checked = match distribution {
                    Some(_) => self.bounds_of_checks(place.table, place.column),
                    None => (None, None),
                };
                let (min, max) = (min.as_ref().or(checked.0.as_ref()), max.as_ref().or(checked.1.as_ref()));
                let asked = Asked { min, max, distribution, modifiers: &place.modifiers, span: place.span };
                self.range(place, &asked, reads)
            }
            Generator::Bands(bands) => self.bands(place, bands, reads),
            Generator::Moments(moments) => self.moments(place, moments, distribution, reads),
            Generator::Series(series) => self.series(place, series, reads),
            Generator::Template(template) => self.template(place, template, reads),
            Generator::Pattern(pattern) => self.pattern(place, pattern),
            Generator::FittingPattern(pattern) => self.fitting_pattern(place, pattern),
            Generator::Fake { call, locale } => self.fake(place, call, locale.as_ref()),
            Generator::Expression(text) => self.computed(place, text, reads),
            Generator::Cases(cases) => self.cases(place, cases, reads),
            Generator::WholeNumbers { min, max } => self.whole_numbers(place, min, max, distribution, reads),
            Generator::Code(parts) => self.code(place, parts, reads),
            Generator::Grammar(name) => self.grammar_text(place, name),
            Generator::Slice(pool) => self.slice(place, pool),
            Generator::Alphabet(alphabet) => self.characters(place, alphabet),
            Generator::Object(members) => self.object(place, members, reads),
            Generator::Array(element) => self.json_array(place, element, reads),
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
        if distribution.is_some() {
            let open = Generator::Range { min: None, max: None };
            return self.generator(place, &open, distribution, reads);
        }
        if place.sql_type == SqlType::Bytea {
            self.refuse_modifiers(place, &[]);
            if let Some(span) = place.unique {
                self.refuse(
                    span,
                    "random bytes are not unique by construction",
                    "leave out `unique`, or use a uuid",
                );
                return None;
            }
            let lengths = self.lengths(place, DEFAULT_BYTES, MOST_CHARACTERS)?;
            let origin = format!("{} to {} random bytes", lengths.min, lengths.max);
            return Some((Box::new(Bytes { lengths, key: self.part_key(place, "bytes") }), origin));
        }
        if place.length.is_some() && place.sql_type.is_text() {
            return self.filler(place);
        }
        if place.unique.is_some() && place.sql_type.is_integer() {
            let bound = |value: String| Some(At::new(value, place.span));
            let (min, max) = (bound("1".into()), bound(place.rows.max(1).to_string()));
            return self.generator(place, &Generator::Range { min, max }, None, reads);
        }
        if place.unique.is_none()
            && let Some(inferred) = self.inferred_moment(place.table, place.column)
        {
            return self.generator(place, &inferred.generator, None, reads);
        }
        if place.unique.is_none()
            && let Some(inferred) = self.inferred_from_others(place.table, place.column)
        {
            return self.generator(place, &inferred.generator, None, reads);
        }
        let has_column = |name: &str| self.tables[place.table].column_index(name);
        let inferred = infer::generator(
            self.tables[place.table].name(),
            place.column,
            &place.sql_type,
            place.span,
            &has_column,
        );
        let inferred = self.held_to_checks(place.table, place.column, inferred);
        let before = self.problems.len();
        let built = self.generator(place, &inferred.generator, inferred.distribution.as_ref(), reads);
        let by = |(column, origin), by: &str| (column, format!("{origin}, by the column's {by}"));
        if built.is_some() || !place.sql_type.is_text() {
            return built.map(|built| by(built, inferred.by));
        }
        // What was refused is not what the spec asked for: its texts are too long, or too few to be unique.
        self.problems.truncate(before);
        if let Generator::Pattern(text) = &inferred.generator
            && let Some(narrowed) = narrowed(place, &text.value)
        {
            let built = self.pattern(place, &At::new(narrowed.to_string(), text.span));
            return built.map(|built| by(built, inferred.by));
        }
        if place.unique.is_some() {
            return self.numbered(place, &inferred.generator, reads);
        }
        let by_type = infer::by_type(&place.sql_type, place.span);
        self.generator(place, &by_type.generator, None, reads).map(|built| by(built, by_type.by))
    }

    pub(super) fn uuid(
        &mut self,
        place: &Place<'s>,
        version: &At<UuidVersion>,
    ) -> Option<(Box<dyn Column>, String)> {
        let is_v4 = version.value == UuidVersion::V4;
        if is_v4 && place.sql_type.is_text() && place.sql_type.max_chars().is_none_or(|limit| limit >= 36) {
            let parts = At::new(vec![crate::spec::CodePart::Uuid], version.span);
            return self.code(place, &parts, &mut Vec::new());
        }
        if place.sql_type != SqlType::Uuid {
            let message = format!("`uuid` needs a column of type uuid, this one is {}", place.sql_type);
            self.refuse(version.span, message, "write `type: uuid`");
            return None;
        }
        let key = self.part_key(place, "uuid");
        Some(match version.value {
            UuidVersion::V4 => (Box::new(UuidV4::new(key)), "uuid v4".into()),
            UuidVersion::V7 => {
                // A year before `as_of`, a millisecond a row: enough for 31 billion rows, and more rows change none.
                const YEAR_MS: i64 = 365 * 86_400_000;
                let first_ms = (self.as_of / 1_000 - YEAR_MS).max(0) as u64;
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
            |scalars: &[Option<Scalar>]| Choices::listed(scalars_to_vector(scalars, place.sql_type.layout()));
        let choices = match (generator, &place.sql_type) {
            (Generator::Values(values), _) => {
                listed(&self.literals(place, values.value.iter().map(|weighted| &weighted.value))?)
            }
            (Generator::Range { min: Some(min), max: Some(max) }, sql_type) => {
                let grid = self.key_grid(min, max, &place.modifiers, sql_type);
                let grid = grid.expect("its values were counted before");
                Choices::Grid { first: grid.first, step: grid.step }
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
    pub(super) fn literal(&mut self, place: &Place, text: &At<String>) -> Option<Scalar> {
        match parse::scalar(&text.value, &place.sql_type) {
            Ok(scalar) => Some(scalar),
            Err(expected) => {
                let message = match &place.sql_type {
                    SqlType::Enum(_) => expected,
                    of => format!("`{}` is not a value of {of}: {expected}", text.value),
                };
                self.problems.push(Diagnostic::new(text.span, message));
                None
            }
        }
    }

    pub(super) fn literals<'v>(
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
            let values = match &place.modifiers.quota {
                Some(quota) => Values::quota(choices, self.dealt(place, quota, &weights)?),
                None => Values::weighted(choices, &weights, key),
            };
            return Some((Box::new(values), origin));
        };
        if let Some(quota) = &place.modifiers.quota {
            self.refuse(quota.span, "unique values have no shares", "leave out `quota`, or `unique`");
            return None;
        }
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
        let of = &self.tables[place.table];
        let is_not_null = of.column_index(place.column).is_some_and(|column| of.is_not_null(column));
        if value.value.is_none() && is_not_null && place.part.is_empty() {
            let message = format!("`{}` cannot be null", place.column);
            self.refuse(value.span, message, "give it a value, or leave out the constraint");
            return None;
        }
        if let (Some(span), true) = (place.unique, place.rows > 1) {
            self.refuse(span, "a column with one value cannot be unique", "leave out `unique`");
            return None;
        }
        let scalars = self.literals(place, std::iter::once(value))?;
        let origin = format!("value {}", value.value.as_deref().unwrap_or("null"));
        let value = scalars_to_vector(&scalars, place.sql_type.layout());
        Some((Box::new(Constant::new(value)), origin))
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
        if cases.value.is_empty() {
            self.refuse(
                cases.span,
                "there are no cases",
                "write `- when: condition`, `  then: value`, and `- else: value`",
            );
            return None;
        }
        let mut branches = Vec::new();
        for (nth, case) in cases.value.iter().enumerate() {
            branches.push(self.branch(place, case, nth, reads));
        }
        let branches = branches.into_iter().collect::<Option<Vec<_>>>()?;
        let sql_type = place.sql_type.clone();
        Some((Box::new(Cases { branches, sql_type }), format!("{} cases", cases.value.len())))
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
            modifiers: case.then.modifiers.clone(),
            length: case.then.length.clone(),
            ..*place
        };
        let when = match &case.when {
            Some(text) => Some(self.condition(&part, text, reads)?),
            None => None,
        };
        let value = &case.then;
        let (column, origin) = self.generator(&part, &value.generator, value.distribution.as_ref(), reads)?;
        let condition = case.when.as_ref().map(|text| format!("when {}", text.value.trim()));
        let origin = format!("{}: {origin}", condition.as_deref().unwrap_or("else"));
        let then: Box<dyn Column> = match value.null.as_ref().map(|share| share.value) {
            Some(fraction) if fraction > 0.0 => {
                let absence = Absence::of(self.part_key(&part, "null"), fraction);
                Box::new(Nullable { inner: column, absence })
            }
            _ => column,
        };
        Some(Branch { when, then, origin })
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

    pub(super) fn part_key(&self, place: &Place, purpose: &str) -> crate::random::Key {
        match place.part.is_empty() {
            true => self.key(place.table, place.column, purpose),
            false => self.key(place.table, place.column, &format!("{} {purpose}", place.part)),
        }
    }
}
