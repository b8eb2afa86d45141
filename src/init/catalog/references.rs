//! How references choose their parents: by chance, evenly, as the counts of children say, or by the parents' keys.

use super::Options;
use super::statistics::{FanOut, OfColumn};
use crate::init::Literals;
use crate::init::shape::significant;
use crate::init::sketch::{Maker, Rows};
use crate::init::yaml::quoted;
use crate::value::text::{quote_identifier, quote_literal};

/// So many different numbers of children are told one by one; more in as many classes.
const CLASSES: usize = 16;

/// A class of numbers of children is a bucket of a histogram, so narrow that hardly any number is rounded to another.
const HALF_BUCKET: f64 = 0.01;

/// A reference of one column.
pub struct Link<'a> {
    /// Of the referring column.
    pub known: &'a OfColumn,
    pub fan_out: Option<&'a FanOut>,
    /// Rows of the referring table and of the parent.
    pub rows: u64,
    pub parents: u64,
    /// The parent's key: its name, whether it is a text, and whether all its values are in the spec.
    pub key: &'a str,
    pub key_is_text: bool,
    pub key_is_known: bool,
}

impl Link<'_> {
    /// What chooses the parents, the likeliest first; nothing where chance does.
    pub fn makers(&self, options: &Options) -> Vec<Maker> {
        let by_counts = self.by_counts();
        if by_counts.as_ref().is_some_and(|maker| *maker == even()) {
            return vec![even()];
        }
        self.by_key(options).into_iter().chain(by_counts).collect()
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
        if options.literals == Literals::Hidden || !self.key_is_known {
            return None;
        }
        let literal = |text: &str| if self.key_is_text { quote_literal(text) } else { text.to_owned() };
        let branch = |(text, share): &(String, f64)| {
            format!(" when {} then {}", literal(text), libm::round(share * self.rows as f64).max(1.0))
        };
        let branches: String = shares.iter().map(branch).collect();
        let expression = format!("case {}{branches} else 0 end", quote_identifier(self.key));
        Some(Maker(vec![("weight", quoted(&expression))]))
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

fn even() -> Maker {
    Maker(vec![("distribution", "even".into())])
}

/// Numbers of children from-to, and how many parents have as many, in so few classes that a person can read them.
fn classes(counts: &[(u64, u64)]) -> Vec<(f64, f64, f64)> {
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
