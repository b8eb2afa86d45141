//! The dictionaries: plain text files in `data/`, and the arrays taken from the `fake` crate.
//!
//! A file is a sequence of lists. `[color]` begins one; its values follow, separated by `|` or line ends. ` = 30` after a
//! value is its weight (1 if absent); after a list's name, `[last_name] ranked` means that common values come
//! first and are drawn more often. Lines beginning with `//` are comments. A value may be a template, see `grammar`.

use super::Locale;
use fake::locales::{Data, EN, FR_FR, PT_BR};
use std::collections::BTreeSet;

/// Lists that are the same in every locale.
const COMMON: &str = include_str!("data/common.txt");

/// Values with weights, each value once.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub values: Vec<&'static str>,
    pub weights: Vec<f64>,
}

/// The arrays of the `fake` crate that are used, by the name that templates know them by. A test hashes them, so
/// that another version of the crate cannot change data silently.
pub(super) static CRATE_ARRAYS: &[(&str, &[&str])] = &[
    ("lorem", <EN as Data>::LOREM_WORD),
    ("buzz_verb", <EN as Data>::COMPANY_BS_VERBS),
    ("buzz_adjective", <EN as Data>::COMPANY_BS_ADJ),
    ("buzz_noun", <EN as Data>::COMPANY_BS_NOUNS),
    ("catch_head", <EN as Data>::COMPANY_BUZZWORD_HEAD),
    ("catch_middle", <EN as Data>::COMPANY_BUZZWORD_MIDDLE),
    ("catch_tail", <EN as Data>::COMPANY_BUZZWORD_TAIL),
    ("more_first_names_en", <EN as Data>::NAME_FIRST_NAME),
    ("more_last_names_en", <EN as Data>::NAME_LAST_NAME),
    ("more_last_names_fr", <FR_FR as Data>::NAME_LAST_NAME),
    ("more_last_names_pt", <PT_BR as Data>::NAME_LAST_NAME),
];

/// The list of that name: the locale's, else the common one, else the crate's array.
pub(super) fn list(locale: &Locale, name: &str) -> Option<List> {
    parse(locale.words, name).or_else(|| parse(COMMON, name)).or_else(|| crate_array(name))
}

/// A list that is part of this program, so it is there.
pub(super) fn known(locale: &Locale, name: &str) -> List {
    list(locale, name).unwrap_or_else(|| panic!("locale {} has no list `{name}`", locale.name))
}

impl List {
    /// Adds a value; one that is there already gains the weight.
    pub fn add(&mut self, value: &'static str, weight: f64) {
        match self.values.iter().position(|known| *known == value) {
            Some(at) => self.weights[at] += weight,
            None => {
                self.values.push(value);
                self.weights.push(weight);
            }
        }
    }

    /// Adds the values that are not there yet, all as rare as the rarest of the present ones or rarer, so that together they
    /// get at most `share` of the present weight.
    pub fn add_rare(&mut self, others: &List, share: f64) {
        let known: BTreeSet<&str> = self.values.iter().copied().collect();
        let new: Vec<&'static str> =
            others.values.iter().copied().filter(|value| !known.contains(value)).collect();
        let rarest = self.weights.iter().copied().fold(f64::INFINITY, f64::min);
        let weight = rarest.min(self.weights.iter().sum::<f64>() * share / new.len() as f64);
        self.weights.extend(new.iter().map(|_| weight));
        self.values.extend(new);
    }
}

fn crate_array(name: &str) -> Option<List> {
    let (_, values) = CRATE_ARRAYS.iter().find(|(known, _)| *known == name)?;
    let mut list = List::default();
    // Some of them carry tabs.
    let distinct: BTreeSet<&'static str> = values.iter().map(|value| value.trim()).collect();
    list.weights = vec![1.0; distinct.len()];
    list.values = distinct.into_iter().collect();
    Some(list)
}

/// Reads one list of a file; `None` if the file does not have it.
fn parse(file: &'static str, name: &str) -> Option<List> {
    let mut lines = file.lines();
    let ranked = lines.find_map(|line| {
        let (found, rest) = line.strip_prefix('[')?.split_once(']')?;
        (found == name).then(|| rest.trim() == "ranked")
    })?;
    let values = lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with("//"));
    let mut list = List::default();
    for value in values.flat_map(|line| line.split('|')).map(str::trim).filter(|value| !value.is_empty()) {
        match value.rsplit_once(" = ") {
            Some((value, weight)) => list.add(value, weight.parse().expect("a weight is a number")),
            // As names fall off: the tenth is about a third as common as the first.
            None if ranked => list.add(value, 1.0 / (list.values.len() as f64 + 6.0)),
            None => list.add(value, 1.0),
        }
    }
    Some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_values_with_weights() {
        let list = parse("[a]\nx | y = 3\n// no\nz\n[b] ranked\np | q\n", "a").unwrap();
        assert_eq!(list.values, ["x", "y", "z"]);
        assert_eq!(list.weights, [1.0, 3.0, 1.0]);
        let ranked = parse("[a]\nx\n[b] ranked\np | q\n", "b").unwrap();
        assert!(ranked.weights[0] > ranked.weights[1]);
    }

    /// When this fails after an upgrade of the `fake` crate, values change: keep the old arrays here or say so in
    /// the changelog.
    #[test]
    fn the_crates_arrays_are_those_we_know() {
        use std::hash::Hasher;
        let hashes: Vec<String> = CRATE_ARRAYS
            .iter()
            .map(|(name, values)| {
                let mut hasher = siphasher::sip::SipHasher13::new();
                for value in *values {
                    hasher.write(&(value.len() as u64).to_le_bytes());
                    hasher.write(value.as_bytes());
                }
                format!("{name}: {} values, {:016x}", values.len(), hasher.finish())
            })
            .collect();
        insta::assert_snapshot!(hashes.join("\n"));
    }
}
