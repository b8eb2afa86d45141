//! A column of a sample as a column of the spec.

use super::keys::Keys;
use super::profile::{Profile, boolean};
use super::{Literals, Sample};
use crate::fake;
use crate::init::shape::{Shape, fit, significant, tenths};
use crate::init::sketch::{Column, Maker, Reference};
use crate::init::texts;
use crate::init::yaml::scalar;
use crate::value::SqlType;
use std::collections::BTreeMap;

/// Different values that are written as a list with weights, at most: texts, whole numbers.
const CATEGORIES: usize = 50;
const LEVELS: usize = 15;

/// The column; `found` are the keys of all samples.
pub fn column(samples: &[Sample], found: &[Keys], table: usize, at: usize, literals: Literals) -> Column {
    let (sample, keys) = (&samples[table], &found[table]);
    let profile = &sample.columns[at];
    let is_primary_key = keys.primary_key == [at];
    let is_in_key = keys.primary_key.contains(&at);
    let mut column = Column {
        name: profile.name.clone(),
        is_primary_key,
        is_not_null: profile.nulls == 0 && !is_in_key,
        null: null_share(profile),
        ..Column::default()
    };
    if let Some(reference) = keys.references.iter().find(|reference| reference.column == at) {
        let parent = &samples[reference.parent];
        // Only keys of one column are referred to.
        let key = &parent.columns[found[reference.parent].primary_key[0]];
        column.sql_type = short(&key.sql_type(true));
        column.references =
            Some(Reference { table: parent.name.clone(), columns: vec![], on_delete: None, on_update: None });
        column.is_earlier = reference.parent == table && profile.nulls > 0;
        // Combinations are made of plain references.
        if let (Some(shape), false) = (&reference.distribution, is_in_key && keys.primary_key.len() > 1) {
            column.makers = vec![Maker(vec![("distribution", shape.clone())]), Maker::unnamed()];
        }
        // A tree has its roots, and the first row is one of them anyway.
        if column.is_earlier && profile.nulls <= 1 {
            column.null = None;
        }
        return column;
    }
    let sql_type = profile.sql_type(is_primary_key);
    column.sql_type = short(&sql_type);
    column.is_unique = keys.uniques.contains(&at);
    if keys.line == Some(at) && keys.rows.is_some() {
        column.makers = vec![Maker::scalar("expr", "nth")];
        return column;
    }
    let is_unique = column.is_unique || is_primary_key;
    let describe =
        Describe { sample, profile, sql_type: &sql_type, literals, is_primary_key, is_unique, is_in_key };
    column.makers = describe.makers();
    if literals == Literals::Kept
        && profile.values() > 0
        && sql_type == SqlType::Text
        && column.makers.len() == 1
    {
        column.notes.extend(example(profile, &column.makers[0]));
    }
    column
}

fn short(sql_type: &SqlType) -> String {
    match sql_type {
        SqlType::Int => "int".into(),
        SqlType::Time => "time".into(),
        SqlType::Timestamp => "timestamp".into(),
        SqlType::Timestamptz => "timestamptz".into(),
        SqlType::Array(of) => format!("{}[]", short(of)),
        other => other.to_string(),
    }
}

/// One of the texts, where a provider of words stands for them: so that the reader may choose better.
fn example(profile: &Profile, maker: &Maker) -> Option<String> {
    let is_words = maker
        .0
        .iter()
        .any(|(key, value)| *key == "fake" && (value.starts_with("word") || value.starts_with("sent")));
    let text = profile.kept.first().filter(|_| is_words)?;
    let cut: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    Some(format!("such as: {cut}"))
}

fn null_share(profile: &Profile) -> Option<String> {
    if profile.nulls == 0 || profile.values() == 0 {
        return None;
    }
    let share = significant(profile.nulls as f64 / profile.rows as f64 * 100.0, 2);
    Some(format!("{}%", share.min(99.9)))
}

struct Describe<'a> {
    sample: &'a Sample,
    profile: &'a Profile,
    sql_type: &'a SqlType,
    literals: Literals,
    is_primary_key: bool,
    /// By itself.
    is_unique: bool,
    is_in_key: bool,
}

impl Describe<'_> {
    /// What makes such values, the likeliest first.
    fn makers(&self) -> Vec<Maker> {
        let profile = self.profile;
        if profile.values() == 0 {
            return vec![Maker(vec![("value", "null".into())])];
        }
        if self.is_unique || self.is_in_key {
            return self.unique();
        }
        if let Some(categories) = self.categories() {
            return vec![categories, Maker::unnamed()];
        }
        match self.sql_type {
            of if of.is_number() => self.number(),
            of if of.is_temporal() => self.moment(),
            SqlType::Uuid => vec![self.uuid()],
            SqlType::Text => self.text(),
            _ => vec![Maker::unnamed()],
        }
    }

    fn unique(&self) -> Vec<Maker> {
        let profile = self.profile;
        match self.sql_type {
            SqlType::Uuid => vec![self.uuid()],
            SqlType::Text => {
                let mut makers = self.text();
                makers.truncate(2);
                let label = profile.name.to_lowercase();
                makers.push(Maker::scalar("template", &format!("{}-{{row}}", label.replace(['{', '}'], ""))));
                makers
            }
            of if of.is_integer() => match profile.sequence() {
                // Integer primary keys count from 1 without being told.
                Some((1, 1)) | None if self.is_primary_key => vec![Maker::unnamed()],
                Some((start, step)) => {
                    vec![Maker(vec![("sequence", format!("{{start: {start}, step: {step}}}"))])]
                }
                None => self.number(),
            },
            of if of.is_number() => self.number(),
            of if of.is_temporal() => self.moment(),
            _ => vec![Maker::unnamed()],
        }
    }

    fn uuid(&self) -> Maker {
        let version = |text: &String| text.replace('-', "").chars().nth(12);
        match self.profile.kept.iter().all(|text| version(text) == Some('7')) {
            true => Maker::scalar("uuid", "v7"),
            false => Maker::unnamed(),
        }
    }

    /// Few values that come again and again.
    fn categories(&self) -> Option<Maker> {
        let listed = self.profile.listed.as_ref()?;
        let values = self.profile.values();
        let most = match self.sql_type {
            SqlType::Boolean => 6,
            SqlType::Text => CATEGORIES,
            of if of.is_integer() => LEVELS,
            SqlType::Numeric { .. } => LEVELS / 2,
            _ => return None,
        };
        let often = if *self.sql_type == SqlType::Text { 3 } else { 5 };
        let is_few = listed.len() <= most && values >= listed.len() as u64 * often;
        // Many texts, each of them many times, that no provider makes.
        let is_many = *self.sql_type == SqlType::Text
            && values >= listed.len() as u64 * 10
            && fake::for_column_name(&self.sample.name, &self.profile.name).is_none();
        if !(is_few || is_many) {
            return None;
        }
        if *self.sql_type == SqlType::Boolean {
            return Some(booleans(listed));
        }
        let mut entries: Vec<(&String, u64)> = listed.iter().map(|(value, count)| (value, *count)).collect();
        match self.sql_type.is_number() {
            true => entries.sort_by(|a, b| {
                a.0.parse::<f64>().unwrap_or(0.0).total_cmp(&b.0.parse::<f64>().unwrap_or(0.0))
            }),
            // What comes most often first.
            false => entries.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0))),
        }
        let is_hidden = self.literals == Literals::Hidden && *self.sql_type == SqlType::Text;
        let names: Vec<String> =
            (1..=entries.len()).map(|nth| format!("{}-{nth}", self.profile.name)).collect();
        let shown: Vec<(String, u64)> = entries
            .iter()
            .zip(names)
            .map(|((value, count), name)| (scalar(if is_hidden { &name } else { value }), *count))
            .collect();
        Some(weighted(&shown))
    }

    /// Bounds, and the distribution that fits.
    fn number(&self) -> Vec<Maker> {
        let profile = self.profile;
        let (Some((low, low_text)), Some((high, high_text))) = (&profile.bounds.low, &profile.bounds.high)
        else {
            return vec![Maker::unnamed()];
        };
        let mut values: Vec<f64> = profile.kept.iter().filter_map(|text| profile.position(text)).collect();
        values.extend([*low, *high]);
        values.sort_by(f64::total_cmp);
        let unit = match self.sql_type.scale() {
            Some(scale) => libm::pow(10.0, -f64::from(scale)),
            None => 0.0,
        };
        let is_hidden = self.literals == Literals::Hidden;
        let (min, max) = match is_hidden {
            true => (rounded(*low, unit, libm::floor), rounded(*high, unit, libm::ceil)),
            false => (low_text.clone(), high_text.clone()),
        };
        let mut entries = vec![("min", scalar(&min)), ("max", scalar(&max))];
        // Keys are spread evenly.
        if !(self.is_unique || self.is_in_key) {
            let digits = if is_hidden { 2 } else { 15 };
            entries.extend(distribution(&fit(&values, unit), digits));
        }
        let plain = Maker(entries[..2].to_vec());
        vec![Maker(entries), plain, Maker::unnamed()]
    }

    fn moment(&self) -> Vec<Maker> {
        let profile = self.profile;
        let (Some((low, low_text)), Some((high, high_text))) = (&profile.bounds.low, &profile.bounds.high)
        else {
            return vec![Maker::unnamed()];
        };
        let mut values: Vec<f64> = profile.kept.iter().filter_map(|text| profile.position(text)).collect();
        values.extend([*low, *high]);
        values.sort_by(f64::total_cmp);
        let (min, max) = match self.literals {
            Literals::Kept => (low_text.replace('T', " "), high_text.replace('T', " ")),
            // Whole years.
            Literals::Hidden if *self.sql_type != SqlType::Time => {
                (format!("{}-01-01", year(low_text)), format!("{}-12-31", year(high_text)))
            }
            Literals::Hidden => ("00:00:00".into(), "23:59:59".into()),
        };
        let range = Maker::range(&min, &max);
        let mut shaped = range.clone();
        if !(self.is_unique || self.is_in_key) && self.literals == Literals::Kept {
            shaped.0.extend(distribution(&tenths(&values), 3));
        }
        vec![shaped, range, Maker::unnamed()]
    }

    fn text(&self) -> Vec<Maker> {
        let values = &self.profile.kept;
        let (table, name) = (&self.sample.name, &self.profile.name);
        if let Some(provider) = texts::provider(values) {
            let is_said =
                fake::for_column_name(table, name).is_some_and(|(by_name, _)| by_name.name == provider);
            return vec![if is_said { Maker::unnamed() } else { Maker::scalar("fake", provider) }];
        }
        if let Some(pattern) = texts::pattern(values, self.literals == Literals::Hidden) {
            return vec![Maker::scalar("pattern", &pattern), Maker::unnamed()];
        }
        match fake::for_column_name(table, name) {
            Some(_) => vec![Maker::unnamed()],
            None => vec![texts::words(values)],
        }
    }
}

fn booleans(listed: &BTreeMap<String, u64>) -> Maker {
    let count = |wanted: bool| {
        listed.iter().filter(|(text, _)| boolean(text) == Some(wanted)).map(|(_, count)| *count).sum::<u64>()
    };
    weighted(&[("true".into(), count(true)), ("false".into(), count(false))])
}

/// `values` with weights in percent; a list where chance alone explains the differences, `value` for just one.
fn weighted(entries: &[(String, u64)]) -> Maker {
    let entries: Vec<&(String, u64)> = entries.iter().filter(|(_, count)| *count > 0).collect();
    if let [(only, _)] = entries[..] {
        return Maker(vec![("value", only.clone())]);
    }
    let total: u64 = entries.iter().map(|(_, count)| count).sum();
    let even = total as f64 / entries.len() as f64;
    let squares: f64 =
        entries.iter().map(|(_, count)| (*count as f64 - even) * (*count as f64 - even) / even).sum();
    let freedom = entries.len() as f64 - 1.0;
    // Chi-squared stays below this in all but a few of a hundred cases.
    if squares <= freedom + 2.0 * libm::sqrt(2.0 * freedom) {
        let values: Vec<&str> = entries.iter().map(|(value, _)| value.as_str()).collect();
        return Maker(vec![("values", format!("[{}]", values.join(", ")))]);
    }
    let weights: Vec<String> = entries
        .iter()
        .map(|(value, count)| format!("{value}: {}", significant(*count as f64 / total as f64 * 100.0, 2)))
        .collect();
    Maker(vec![("values", format!("{{{}}}", weights.join(", ")))])
}

fn distribution(shape: &Shape, digits: i32) -> Option<(&'static str, String)> {
    shape.written(digits).map(|text| ("distribution", text))
}

/// A bound with one digit that matters, outwards.
fn rounded(value: f64, unit: f64, direction: fn(f64) -> f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let place = libm::pow(10.0, libm::floor(libm::log10(value.abs()))).max(unit);
    significant(direction(value / place) * place, 2).to_string()
}

fn year(text: &str) -> &str {
    text.split('-').next().unwrap_or("2000")
}
