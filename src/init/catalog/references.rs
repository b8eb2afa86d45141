//! How references choose their parents: by chance, evenly, as the counts of children say, or by the parents' keys.

use super::Options;
use super::favourites::Favourites;
use super::statistics::{FanOut, OfColumn};
use crate::init::Literals;
use crate::init::shape::significant;
use crate::init::sketch::{Column, Maker, Rows};
use crate::init::yaml::quoted;
use crate::value::text::{quote_identifier, quote_literal};

/// So many different numbers of children are told one by one; more in as many classes.
const CLASSES: usize = 16;

/// With more parents, none is weighed by itself: weights take memory for each, and a larger scale should have room.
pub const MOST_WEIGHED: u64 = 2_000_000;

/// A class of numbers of children is a bucket of a histogram, so narrow that hardly any number is rounded to another.
const HALF_BUCKET: f64 = 0.01;

/// A reference of one column.
pub struct Link<'a> {
    /// The referring table and column.
    pub table: &'a str,
    pub column: &'a str,
    /// Of the referring column.
    pub known: &'a OfColumn,
    pub fan_out: Option<&'a FanOut>,
    /// Rows of the referring table and of the parent.
    pub rows: u64,
    pub parents: u64,
    /// The parent, its key's name, and which of the database's keys are made again.
    pub parent: &'a str,
    pub key: &'a str,
    pub keys: Keys,
}

/// Which keys of a parent are in the data that the spec makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Keys {
    /// Those that a sequence counts.
    Counted { start: f64, step: f64 },
    /// Texts that the spec lists.
    Listed,
    /// Others, in any case.
    Others,
}

/// What chooses the parents, the likeliest first; nothing where chance does.
#[derive(Default)]
pub struct Choice {
    pub makers: Vec<Maker>,
    /// Hidden columns of the parent, which it reads.
    pub columns: Vec<Column>,
    /// Why those that have most children are others than in the database, if they are.
    pub note: Option<String>,
}

/// A note for a reference.
pub fn left_to_chance(why: &str) -> String {
    format!("which parents have most rows is left to chance: {why}")
}

impl Link<'_> {
    pub fn choice(&self, options: &Options) -> Choice {
        let by_counts = self.by_counts();
        if by_counts.as_ref().is_some_and(|maker| *maker == even()) {
            return Choice { makers: vec![even()], ..Choice::default() };
        }
        if let Some(by_key) = self.by_key(options) {
            return Choice { makers: [by_key].into_iter().chain(by_counts).collect(), ..Choice::default() };
        }
        let Some(by_counts) = by_counts else { return Choice::default() };
        let heads = self.known.heads(self.rows, options.min_frequency);
        if heads.is_empty() || options.literals == Literals::Hidden {
            return Choice { makers: vec![by_counts], ..Choice::default() };
        }
        match Favourites::of(self, &heads) {
            Ok(Some(favourites)) => Choice {
                makers: vec![Maker::scalar("weight", &favourites.name), by_counts],
                columns: favourites.columns(self),
                note: None,
            },
            Ok(None) => Choice { makers: vec![by_counts], ..Choice::default() },
            Err(why) => {
                Choice { makers: vec![by_counts], note: Some(left_to_chance(&why)), ..Choice::default() }
            }
        }
    }

    /// As many children for each parent as are counted, whatever chance would do: so groups are no larger than they are.
    pub fn counted(&self) -> Vec<Maker> {
        let Some(fan_out) = self.fan_out.filter(|fan_out| !fan_out.0.is_empty()) else { return vec![] };
        let childless = self.parents.saturating_sub(fan_out.parents()) as f64;
        if childless == 0.0 && fan_out.0.len() == 1 {
            return vec![even()];
        }
        vec![Maker(vec![("distribution", histogram(&classes(&fan_out.0), childless))])]
    }

    /// Each parent has its own share, where all shares are known and all keys are in the spec.
    fn by_key(&self, options: &Options) -> Option<Maker> {
        let known = self.known;
        let is_seldom = |(_, share): &(String, f64)| *share < options.min_frequency;
        let shares = known.listed().filter(|shares| !shares.iter().any(is_seldom))?;
        if options.literals == Literals::Hidden || !shares.iter().all(|(key, _)| self.makes(key)) {
            return None;
        }
        let rows = |share: f64| libm::round(share * self.rows as f64).max(1.0) as u64;
        let counts: Vec<(u64, &str)> =
            shares.iter().map(|(key, share)| (rows(*share), key.as_str())).collect();
        Some(Maker(vec![("weight", quoted(&self.by_cases(&counts, "0")))]))
    }

    /// Whether the data that the spec makes has a key.
    pub fn makes(&self, key: &str) -> bool {
        self.keys == Keys::Listed || self.place(key).is_some()
    }

    /// The row of a key that a sequence counts, from 0.
    pub fn place(&self, key: &str) -> Option<usize> {
        let Keys::Counted { start, step } = self.keys else { return None };
        let place = (key.parse::<f64>().ok()? - start) / step;
        let is_row = libm::trunc(place) == place && (0.0..self.parents as f64).contains(&place);
        is_row.then_some(place as usize)
    }

    /// Numbers of children by their parents' keys, largest first; keys of the same number stand together.
    pub fn by_cases(&self, counts: &[(u64, &str)], otherwise: &str) -> String {
        let name = quote_identifier(self.key);
        let literal = |key: &str| match self.keys {
            Keys::Counted { .. } => key.to_owned(),
            _ => quote_literal(key),
        };
        let branch = |group: &[(u64, &str)]| {
            let keys: Vec<String> = group.iter().map(|(_, key)| literal(key)).collect();
            let condition = match &keys[..] {
                [key] => format!("{name} = {key}"),
                keys => format!("{name} in ({})", keys.join(", ")),
            };
            format!(" when {condition} then {}", group[0].0)
        };
        let branches: String = counts.chunk_by(|a, b| a.0 == b.0).map(branch).collect();
        format!("case{branches} else {otherwise} end")
    }

    /// As the numbers of children are spread, unless chance spreads them so.
    fn by_counts(&self) -> Option<Maker> {
        let distribution = |text: String| Some(Maker(vec![("distribution", text)]));
        let Some(fan_out) = self.fan_out.filter(|fan_out| !fan_out.0.is_empty()) else {
            return self.by_distinct().and_then(distribution);
        };
        let (children, parents) = (fan_out.children() as f64, self.parents.max(fan_out.parents()) as f64);
        let mean = children / parents;
        let squares: f64 =
            fan_out.0.iter().map(|(count, of)| *count as f64 * *count as f64 * *of as f64).sum();
        let dispersion = (squares / parents - mean * mean) / mean;
        let childless = 1.0 - fan_out.parents() as f64 / parents;
        let by_chance = libm::exp(-mean);
        if dispersion < 0.3 && childless < 0.02 {
            return Some(even());
        }
        let is_chance = (0.8..1.25).contains(&dispersion) && (childless - by_chance).abs() < 0.03;
        if is_chance && parents >= 20.0 {
            return None;
        }
        distribution(histogram(&classes(&fan_out.0), childless * parents))
    }

    /// By the number of parents that have children, which is all that is known without counting.
    fn by_distinct(&self) -> Option<String> {
        let (children, parents) = (self.rows as f64 * (1.0 - self.known.null_share), self.parents as f64);
        let seen = self.known.distinct.min(parents);
        if children <= 0.0 || seen <= 0.0 {
            return None;
        }
        let expected = parents * (1.0 - libm::exp(-children / parents));
        let is_chance = (seen / expected - 1.0).abs() < 0.05;
        (!is_chance).then(|| histogram(&[(1.0, 1.0, seen)], parents - seen))
    }
}

/// As many children for each parent, but for one.
pub fn even() -> Maker {
    Maker::scalar("distribution", "even")
}

/// Numbers of children from-to, and how many parents have as many, in so few classes that a person can read them.
pub fn classes(counts: &[(u64, u64)]) -> Vec<(f64, f64, f64)> {
    if counts.len() <= CLASSES {
        return counts.iter().map(|(count, of)| (*count as f64, *count as f64, *of as f64)).collect();
    }
    let parents: u64 = counts.iter().map(|(_, of)| of).sum();
    let mut found: Vec<(f64, f64, f64)> = Vec::new();
    let (mut from, mut sum, mut passed) = (counts[0].0, 0u64, 0u64);
    for (at, (count, of)) in counts.iter().enumerate() {
        (sum, passed) = (sum + of, passed + of);
        let is_full = passed * CLASSES as u64 >= parents * (found.len() as u64 + 1);
        if is_full || at + 1 == counts.len() {
            found.push((from as f64, *count as f64, sum as f64));
            sum = 0;
            from = counts.get(at + 1).map_or(*count, |next| next.0);
        }
    }
    found
}

/// A histogram with a bucket for each class and none for what lies between.
fn histogram(classes: &[(f64, f64, f64)], childless: f64) -> String {
    let mut bounds: Vec<f64> = vec![0.0];
    let mut weights: Vec<f64> = Vec::new();
    if childless >= 0.5 {
        bounds.push(HALF_BUCKET / 10.0);
        weights.push(libm::round(childless));
    }
    for (from, to, parents) in classes {
        weights.push(0.0);
        bounds.push(from - HALF_BUCKET);
        weights.push(*parents);
        bounds.push(to + HALF_BUCKET);
    }
    let list = |numbers: &[f64]| {
        numbers.iter().map(|number| significant(*number, 8).to_string()).collect::<Vec<_>>().join(", ")
    };
    format!("{{histogram: {{bounds: [{}], weights: [{}]}}}}", list(&bounds), list(&weights))
}

/// The rows that are made for each row of a parent: how many, as counted.
pub fn per_parent(rows: &Rows, fan_out: &FanOut, parents: u64) -> Rows {
    let Rows::Per { table, through, .. } = rows else { return rows.clone() };
    let childless = parents.saturating_sub(fan_out.parents());
    let most = fan_out.0.last().map_or(1, |(count, _)| *count);
    let least = if childless > 0 { 0 } else { fan_out.0.first().map_or(1, |(count, _)| *count) };
    let mut counts = vec![("min", least.to_string()), ("max", most.to_string())];
    if least < most {
        let mut bounds = vec![least as f64 - 0.5];
        let mut weights = Vec::new();
        let zeros = (childless > 0).then_some((0.0, 0.0, childless as f64));
        for (from, to, of) in zeros.into_iter().chain(classes(&fan_out.0)) {
            if from - 0.5 > bounds[bounds.len() - 1] {
                bounds.push(from - 0.5);
                weights.push(0.0);
            }
            bounds.push(to + 0.5);
            weights.push(of);
        }
        let list =
            |numbers: &[f64]| numbers.iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", ");
        let shape = format!("{{histogram: {{bounds: [{}], weights: [{}]}}}}", list(&bounds), list(&weights));
        counts.push(("distribution", shape));
    }
    Rows::Per { table: table.clone(), through: through.clone(), counts }
}
