//! Columns that other columns of the row explain: an age after the date of birth, coordinates near the city.

use super::Inferred;
use super::{Builder, status, subject_of};
use crate::fake;
use crate::plan::draft::Draft;
use crate::plan::texts::holds_degrees;
use crate::spec::{Argument, At, Generator};
use crate::value::SqlType;
use crate::value::text::quote_identifier;

/// Columns that say when somebody was born.
const BIRTHS: &[&str] =
    &["birth_date", "birthdate", "date_of_birth", "dob", "born_on", "birthday", "born_at"];

/// Columns of coordinates, and the providers that make them.
const COORDINATES: &[(&str, &str)] = &[
    ("latitude", "latitude"),
    ("lat", "latitude"),
    ("longitude", "longitude"),
    ("lon", "longitude"),
    ("lng", "longitude"),
];

/// Columns of cities.
const CITIES: &[&str] = &["city", "town", "city_name"];

impl Draft<'_> {
    /// The long form of a column that follows from another one of the row, by the names of both.
    pub(in crate::plan) fn inferred_from_others(&self, table: usize, name: &str) -> Option<Inferred> {
        self.inferred_age(table, name).or_else(|| self.inferred_coordinate(table, name))
    }

    /// Full years from a birth to `as_of`, unless a check asks for other ages.
    fn inferred_age(&self, table: usize, name: &str) -> Option<Inferred> {
        let of = &self.tables[table];
        let own = &of.columns[of.column_index(name)?];
        let subject = subject(name, "age")?;
        let is_checked =
            of.spec.checks.iter().chain(&own.spec.checks).any(|check| check.expression.value.contains(name));
        if !own.sql_type.is_integer() || is_checked {
            return None;
        }
        let births = BIRTHS.iter().filter_map(|word| of.column_index(&format!("{subject}{word}")));
        let birth = births.into_iter().find(|at| {
            let birth = &of.columns[*at];
            let is_moment =
                matches!(birth.sql_type, SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz);
            let is_there =
                self.is_always_there(table, *at) || !of.is_not_null(of.column_index(name).unwrap_or(*at));
            is_moment && is_there && !birth.broken && !status::mentions(&birth.spec.generator, name)
        })?;
        let birth = quote_identifier(of.columns[birth].name());
        let years = format!(
            "cast(extract(year from age(cast(as_of as timestamp), cast({birth} as timestamp))) as int)"
        );
        let span = own.spec.name.span;
        Some(Builder { span }.just(Generator::Expression(At::new(years, span))))
    }

    /// A latitude or longitude in the city that the row has.
    fn inferred_coordinate(&self, table: usize, name: &str) -> Option<Inferred> {
        let of = &self.tables[table];
        let own = &of.columns[of.column_index(name)?];
        if !holds_degrees(&own.sql_type) {
            return None;
        }
        let (subject, provider) =
            COORDINATES.iter().find_map(|(word, provider)| Some((subject(name, word)?, *provider)))?;
        let cities = CITIES.iter().filter_map(|word| of.column_index(&format!("{subject}{word}")));
        let (city, locale) = cities.into_iter().find_map(|at| {
            let city = &of.columns[at];
            match &city.spec.generator {
                Generator::Unnamed if city.sql_type.is_text() => Some((city, None)),
                Generator::Fake { call, locale }
                    if call.name.value == "city" && call.arguments.given.is_empty() =>
                {
                    Some((city, locale.clone()))
                }
                _ => None,
            }
        })?;
        if fake::for_column_name(of.name(), city.name()).is_none_or(|(provider, _)| provider.name != "city") {
            return None;
        }
        let span = own.spec.name.span;
        let mut call = Builder { span }.call(provider, &[]);
        let subject = Argument::Text(subject_of(of.name(), city.name()));
        call.arguments.given.push(("subject".to_owned(), subject, span));
        Some(Builder { span }.just(Generator::Fake { call, locale }))
    }
}

/// What stands before a word at the end of a name: `home_` in `home_lat`.
fn subject(name: &str, word: &str) -> Option<String> {
    let name = name.to_lowercase();
    let before = name.strip_suffix(word)?;
    (before.is_empty() || before.ends_with('_')).then(|| before.to_owned())
}
