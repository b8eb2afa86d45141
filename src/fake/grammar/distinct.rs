//! Distinct texts: a number is written so that it could be read back, and so different numbers give different texts.
//!
//! A template can be read back when
//!
//! - its lists hold plain values without the signs (spaces, hyphens, ...) of the template itself, so that these cut a text into pieces;
//! - within a piece at most one part varies in length;
//! - but one list, alone in its piece, may hold values with signs, since the pieces before and after it are counted from both ends.
//!
//! Several templates serve together when they have the same signs and a place whose lists have no value in common.

use super::{Grammar, Part, count, digits, shortest};
use crate::random::CellRng;
use std::collections::{BTreeMap, BTreeSet};

/// Templates whose texts differ when their numbers do.
pub(super) struct Distinct {
    templates: Vec<Template>,
}

/// A template that can be read back.
struct Template {
    /// Each with whether the number decides its value; else a draw does.
    parts: Vec<(Part, bool)>,
    /// How many numbers it takes.
    count: u64,
}

impl Distinct {
    /// The likeliest templates of a grammar that make `rows` texts; if none do, those that make most.
    pub fn new(grammar: &Grammar, rows: u64) -> Self {
        let mut groups: Vec<(f64, Vec<Vec<Part>>)> = Vec::new();
        for (option, weight) in grammar.options.iter().zip(&grammar.weights) {
            let parts = readable(option);
            match groups.iter_mut().find(|(_, others)| others.iter().all(|other| differ(other, &parts))) {
                Some((group_weight, group)) => {
                    *group_weight += weight;
                    group.push(parts);
                }
                None => groups.push((*weight, vec![parts])),
            }
        }
        // The sort is stable: equal weights stay in the order of the list.
        groups.sort_by(|a, b| b.0.total_cmp(&a.0));
        let candidates = groups
            .into_iter()
            .map(|(_, group)| Self { templates: group.into_iter().map(Template::new).collect() });
        let candidates: Vec<Distinct> = candidates.collect();
        let enough = candidates.iter().position(|candidate| candidate.count() >= rows);
        let most =
            || (0..candidates.len()).max_by_key(|at| candidates[*at].count()).expect("a grammar has options");
        let chosen = enough.unwrap_or_else(most);
        candidates.into_iter().nth(chosen).expect("one of them")
    }

    /// Numbers are below it.
    pub fn count(&self) -> u64 {
        self.templates.iter().map(|template| template.count).sum()
    }

    /// Appends the text of a number.
    pub fn write(&self, mut number: u64, rng: &mut CellRng, out: &mut Vec<u8>) {
        for template in &self.templates {
            if number < template.count {
                return template.write(number, rng, out);
            }
            number -= template.count;
        }
    }
}

impl Template {
    fn new(parts: Vec<Part>) -> Self {
        let mut count = 1u64;
        let parts = parts.into_iter().map(|part| {
            // Parts beyond 2^56 texts need not take part in telling rows apart.
            let product = count.checked_mul(part.size()).filter(|product| *product < 1 << 56);
            count = product.unwrap_or(count);
            (part, product.is_some())
        });
        let parts = parts.collect();
        Self { parts, count }
    }

    fn write(&self, mut number: u64, rng: &mut CellRng, out: &mut Vec<u8>) {
        for (part, tells) in &self.parts {
            let size = part.size();
            let value = if *tells { number % size } else { rng.below(size) };
            if *tells {
                number /= size;
            }
            part.write_nth(value, out);
        }
    }
}

/// Whether no text is of both templates: the same signs between whole lists, and one pair of lists with nothing in common.
fn differ(one: &[Part], other: &[Part]) -> bool {
    let pairs = || one.iter().zip(other);
    let alike = |(a, b): (&Part, &Part)| match (a, b) {
        (Part::Literal(a), Part::Literal(b)) => a == b && a.chars().all(|sign| is_sign(&sign)),
        (Part::Choice(_), Part::Choice(_)) => true,
        _ => false,
    };
    // Lists whose values hold signs must stand at the same place: else the texts could be cut in two ways.
    let signs: String = one.iter().filter_map(literal).collect();
    let has_signs = |value: &&str| value.contains(|sign| signs.contains(sign));
    let free = |parts: &[Part]| parts.iter().position(|part| values(part).iter().any(has_signs));
    let choices = |parts: &[Part]| parts.iter().filter(|part| literal(part).is_none()).count();
    let apart = |(a, b): (&Part, &Part)| literal(a).is_none() && values(a).is_disjoint(&values(b));
    let lists_are_apart = |parts: &[Part]| parts.len() + 1 == 2 * choices(parts);
    one.len() == other.len()
        && lists_are_apart(one)
        && pairs().all(alike)
        && (free(one) == free(other) || free(one).is_none() || free(other).is_none())
        && pairs().any(apart)
}

/// The values of a list; of other parts none.
fn values(part: &Part) -> BTreeSet<&str> {
    match part {
        Part::Choice(grammar) => grammar.options.iter().filter_map(|option| literal(&option[0])).collect(),
        _ => BTreeSet::new(),
    }
}

/// A template cut down until it can be read back.
fn readable(parts: &[Part]) -> Vec<Part> {
    let mut flat = Vec::new();
    flatten(parts, &mut flat);
    let signs: String =
        flat.iter().filter_map(literal).flat_map(|text| text.chars().filter(is_sign)).collect();
    let free = free_list(&flat, &signs);
    let mut varies = false;
    for (at, part) in flat.iter_mut().enumerate() {
        match part {
            Part::Literal(text) if text.contains(|sign| is_sign(&sign)) => varies = false,
            Part::Literal(_) | Part::Character { .. } => {}
            Part::Number { from, count } => {
                if varies {
                    // Only the numbers with as many digits as the last.
                    let last = *from + *count - 1;
                    let first = 10u64.pow(digits(last) as u32 - 1).max(*from);
                    (*from, *count) = (first, last - first + 1);
                }
                varies |= digits(*from) != digits(*from + *count - 1);
            }
            Part::Choice(grammar) => {
                if Some(at) != free && !grammar.keep(|option| !has_signs(option, &signs)) {
                    grammar.keep_first();
                }
                if varies {
                    let length = commonest_length(grammar);
                    grammar.keep(|option| shortest(option) == length);
                }
                varies |= grammar.shortest() != grammar.longest();
            }
        }
    }
    flat
}

/// The list that may keep values with signs: alone between signs, and the one that would lose most.
fn free_list(flat: &[Part], signs: &str) -> Option<usize> {
    let ends_with_sign =
        |at: usize| literal(&flat[at]).is_some_and(|text| text.ends_with(|sign| is_sign(&sign)));
    let starts_with_sign =
        |at: usize| literal(&flat[at]).is_some_and(|text| text.starts_with(|sign| is_sign(&sign)));
    let alone =
        |at: usize| (at == 0 || ends_with_sign(at - 1)) && (at + 1 == flat.len() || starts_with_sign(at + 1));
    let lost = |part: &Part| match part {
        Part::Choice(grammar) => grammar.options.iter().filter(|option| has_signs(option, signs)).count(),
        _ => 0,
    };
    let lists = (0..flat.len()).filter(|at| alone(*at) && lost(&flat[*at]) > 0);
    lists.max_by_key(|at| lost(&flat[*at]))
}

/// Puts lists of plain values as they are, and of other choices their largest option.
fn flatten(parts: &[Part], flat: &mut Vec<Part>) {
    for part in parts {
        match part {
            Part::Choice(grammar) if !grammar.options.iter().all(|option| is_plain(option)) => {
                let largest = grammar.options.iter().max_by_key(|option| count(option));
                flatten(largest.expect("a grammar has options"), flat);
            }
            part => flat.push(part.clone()),
        }
    }
}

fn is_plain(option: &[Part]) -> bool {
    matches!(option, [Part::Literal(_)])
}

fn has_signs(option: &[Part], signs: &str) -> bool {
    literal(&option[0]).is_some_and(|text| text.contains(|sign| signs.contains(sign)))
}

fn literal(part: &Part) -> Option<&str> {
    match part {
        Part::Literal(text) => Some(text),
        _ => None,
    }
}

fn is_sign(character: &char) -> bool {
    !character.is_alphanumeric()
}

fn commonest_length(grammar: &Grammar) -> usize {
    let mut counts = BTreeMap::new();
    grammar.options.iter().for_each(|option| *counts.entry(shortest(option)).or_insert(0) += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(length, _)| length)
}

#[cfg(test)]
mod tests {
    use super::super::tests::grammar;
    use super::*;
    use crate::random::Key;

    fn texts(distinct: &Distinct) -> BTreeSet<String> {
        let key = Key::new(1, &["grammar"]);
        let one = |number| {
            let mut out = Vec::new();
            distinct.write(number, &mut CellRng::new(key, number), &mut out);
            String::from_utf8(out).unwrap()
        };
        (0..distinct.count()).map(one).collect()
    }

    #[test]
    fn texts_are_as_many_as_promised() {
        // `{1-20}{1-20}` can be read in two ways (1, 11 and 11, 1), and is cut down until it cannot.
        for template in ["{1-20}{1-20}", "{1-20} {1-20}", "x{1-12}-{a}{5-15}", "{job_area} {size} {job_area}"]
        {
            let distinct = Distinct::new(&grammar(&[template]), u64::MAX);
            assert_eq!(texts(&distinct).len() as u64, distinct.count(), "{template}");
            assert!(distinct.count() > 20);
        }
    }

    #[test]
    fn one_list_keeps_values_of_two_words() {
        let distinct = Distinct::new(&grammar(&["{size} {job_area} {weekday}"]), 1);
        assert!(texts(&distinct).contains("XL Customer Success Monday"));
        assert_eq!(distinct.count(), 7 * 12 * 7);
    }

    #[test]
    fn templates_of_one_form_serve_together() {
        let both = Distinct::new(&grammar(&["{size} {job_area}", "{weekday} {job_area}", "{size}"]), 10);
        assert_eq!(both.count(), (7 + 7) * 12);
        assert_eq!(texts(&both).len(), 14 * 12);
        // The sizes are also the beginning of other texts, and weekdays of either form are not told apart.
        let apart = Distinct::new(&grammar(&["{weekday} {size}", "{weekday} {size}"]), 1);
        assert_eq!(apart.count(), 49);
    }

    #[test]
    fn a_larger_template_takes_over_when_rows_are_many() {
        let grammar = grammar(&["{weekday} {size}", "{weekday} {size} {1-1000}"]);
        assert_eq!(Distinct::new(&grammar, 49).count(), 49);
        assert_eq!(Distinct::new(&grammar, 50).count(), 49_000);
    }
}
