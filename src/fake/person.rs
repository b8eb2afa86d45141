//! Whom a row speaks of. All columns of one subject draw the person from one key, so that `first_name`, `email` and
//! `gender` of a row belong together.

use super::lists::{self, List};
use super::transliterate::host_name;
use super::{Locale, Request};
use crate::random::{Alias, Key, mix};
use crate::value::{Dictionary, Rows, Texts};

/// The people of a locale, of one subject of one table.
pub(super) struct People {
    sex: Key,
    first: Key,
    last: Key,
    /// First names: female ones, male ones, and those of both.
    pub first_names: List,
    female: Alias,
    male: Alias,
    /// Last names.
    pub last_names: List,
    last_alias: Alias,
}

/// One person; names are indexes into the lists of [`People`].
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub first: usize,
    pub last: usize,
}

impl People {
    pub fn new(request: &Request) -> Self {
        let key = request.subject_key("person");
        let female = lists::known(request.locale, "first_name_female");
        let male = lists::known(request.locale, "first_name_male");
        let rare = request.locale.more_first_names.map(|name| lists::known(request.locale, name));
        let mut first_names = female.clone();
        first_names.weights.fill(0.0);
        let mut female = column_of(&mut first_names, &female);
        let mut male = column_of(&mut first_names, &male);
        if let Some(rare) = &rare {
            add_rare(&mut first_names, &mut female, &mut male, rare);
        }
        let last_names = last_names(request.locale);
        first_names.weights =
            (0..first_names.values.len()).map(|at| at_or_0(&female, at) + at_or_0(&male, at)).collect();
        Self {
            sex: key.child("sex"),
            first: key.child("first"),
            last: key.child("last"),
            female: Alias::new(&female),
            male: Alias::new(&male),
            last_alias: Alias::new(&last_names.weights),
            first_names,
            last_names,
        }
    }

    #[inline]
    pub fn is_female(&self, row: u64) -> bool {
        mix(self.sex, row) >> 63 == 1
    }

    #[inline]
    pub fn first(&self, row: u64) -> usize {
        // Nobody can foretell which, so it had better be no jump.
        let names = std::hint::select_unpredictable(self.is_female(row), &self.female, &self.male);
        names.pick(mix(self.first, row))
    }

    #[inline]
    pub fn last(&self, row: u64) -> usize {
        self.last_alias.pick(mix(self.last, row))
    }

    /// [`first`](Self::first) of each row.
    pub fn firsts(&self, rows: &Rows) -> Vec<u32> {
        rows.map(|row| self.first(row) as u32)
    }

    /// [`last`](Self::last) of each row.
    pub fn lasts(&self, rows: &Rows) -> Vec<u32> {
        rows.map(|row| self.last(row) as u32)
    }

    /// How many full names there can be.
    pub fn distinct(&self) -> Option<u128> {
        Some(self.first_names.values.len() as u128 * self.last_names.values.len() as u128)
    }

    #[inline]
    pub fn of(&self, row: u64) -> Person {
        Person { first: self.first(row), last: self.last(row) }
    }
}

/// A locale's last names: its own, then the crate's as rarer ones.
fn last_names(locale: &Locale) -> List {
    let mut names = lists::known(locale, "last_name");
    if let Some(more) = locale.more_last_names {
        names.add_rare(&lists::known(locale, more), 0.5);
    }
    names
}

/// The weights of `some` among all first names, which gain those they did not have.
fn column_of(all: &mut List, some: &List) -> Vec<f64> {
    let mut weights = Vec::new();
    for (name, weight) in some.values.iter().zip(&some.weights) {
        all.add(name, 0.0);
        let at = all.values.iter().position(|known| known == name).expect("just added");
        weights.resize(weights.len().max(at + 1), 0.0);
        weights[at] += weight;
    }
    weights
}

fn at_or_0(weights: &[f64], at: usize) -> f64 {
    weights.get(at).copied().unwrap_or(0.0)
}

/// Adds the crate's first names, together a tenth as common as the known ones. The crate does not say whose they are, so the
/// ending decides; it errs for a few in a hundred of these rare names.
fn add_rare(all: &mut List, female: &mut Vec<f64>, male: &mut Vec<f64>, rare: &List) {
    let known = all.values.len();
    all.add_rare(rare, 0.1);
    let new = all.values.len() - known;
    let weight = (female.iter().sum::<f64>() + male.iter().sum::<f64>()) * 0.1 / new as f64;
    female.resize(all.values.len(), 0.0);
    male.resize(all.values.len(), 0.0);
    for at in known..all.values.len() {
        let side = if sounds_female(all.values[at]) { &mut *female } else { &mut *male };
        side[at] = weight;
    }
}

fn sounds_female(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "a", "ie", "elle", "ette", "ine", "een", "lyn", "lynn", "yne", "anne", "enne", "issa", "ley", "lee",
        "eigh", "belle", "essie", "ice", "ude", "lle", "sey", "ory", "andy", "ary", "ily", "oe", "aye",
        "eth", "ys", "is", "ynn", "ene", "ane", "yce", "ace",
    ];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Names as host names write them, in the order of the list.
pub(super) fn host_names(names: &List) -> Texts {
    names.values.iter().map(|name| host_name(name)).collect()
}

/// Names as a shared dictionary, shortened to what the column holds.
pub(super) fn name_dictionary(names: &List, max_chars: Option<u32>) -> (Dictionary, Vec<u32>) {
    let short =
        |name: &&str| -> String { name.chars().take(max_chars.unwrap_or(u32::MAX) as usize).collect() };
    let names: Vec<String> = names.values.iter().map(short).collect();
    super::source::dictionary(&names)
}
