//! Texts by a grammar: rules with weighted texts that name other rules.

use super::Column;
use super::lengths::Lengths;
use super::template::Format;
use crate::expression::{Batch, Failure};
use crate::random::{Alias, CellRng, Key, mix};
use crate::value::{Data, Texts, Vector};
use std::sync::Arc;

/// How often a text may enter rules that lead back to themselves; from then on they take the way that ends soonest.
const RECURSIONS: u32 = 1_000;

/// A grammar, compiled. Every rule ends.
#[derive(Debug)]
pub struct Grammar {
    rules: Vec<Rule>,
    start: usize,
}

#[derive(Debug)]
struct Rule {
    options: Vec<Vec<Part>>,
    alias: Alias,
    /// The options that end soonest, and a pick among them by weight.
    endings: Vec<usize>,
    ending: Alias,
    recursive: bool,
    /// Characters of its longest text; `None`: nobody knows, since it may lead back to itself.
    longest: Option<u64>,
    /// Characters of its shortest text.
    shortest: u64,
}

/// A piece of a rule's text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// A text of the rule with that number, written in a format.
    Rule(usize, Format),
}

impl Grammar {
    /// Compiles rules, each a list of weighted texts, at least one of them with a weight above 0. On failure: the numbers of
    /// the rules that can never end.
    pub fn new(rules: Vec<Vec<(Vec<Part>, f64)>>, start: usize) -> Result<Self, Vec<usize>> {
        // What is never picked does not count.
        let rules: Vec<Vec<_>> = rules
            .into_iter()
            .map(|rule| rule.into_iter().filter(|(_, weight)| *weight > 0.0).collect())
            .collect();
        let depths = depths(&rules);
        let endless: Vec<usize> = (0..rules.len()).filter(|rule| depths[*rule].is_none()).collect();
        if !endless.is_empty() {
            return Err(endless);
        }
        let recursive = recursive(&rules);
        let shortest = shortest(&rules);
        let mut compiled: Vec<Rule> = Vec::new();
        for (at, rule) in rules.into_iter().enumerate() {
            let depth = |parts: &[Part]| {
                named(parts).map(|rule| depths[rule].map(|depth| depth + 1)).max().unwrap_or(Some(0))
            };
            let least = rule.iter().map(|(parts, _)| depth(parts)).min().expect("a rule has a text");
            let endings: Vec<usize> = (0..rule.len()).filter(|at| depth(&rule[*at].0) == least).collect();
            let (options, weights): (Vec<_>, Vec<f64>) = rule.into_iter().unzip();
            let of_endings: Vec<f64> = endings.iter().map(|at| weights[*at]).collect();
            compiled.push(Rule {
                alias: Alias::new(&weights),
                ending: Alias::new(&of_endings),
                endings,
                options,
                recursive: recursive[at],
                longest: None,
                shortest: shortest[at],
            });
        }
        let mut grammar = Self { rules: compiled, start };
        grammar.measure();
        Ok(grammar)
    }

    /// Fills in the longest texts, those of rules that name only measured ones first.
    fn measure(&mut self) {
        for _ in 0..self.rules.len() {
            for at in 0..self.rules.len() {
                if !self.rules[at].recursive {
                    self.rules[at].longest = self.longest_of(&self.rules[at].options);
                }
            }
        }
    }

    fn longest_of(&self, options: &[Vec<Part>]) -> Option<u64> {
        let of_part = |part: &Part| match part {
            Part::Text(text) => Some(text.chars().count() as u64),
            Part::Rule(rule, _) => self.rules[*rule].longest,
        };
        let of_option = |parts: &Vec<Part>| {
            parts.iter().map(of_part).try_fold(0u64, |sum, length| Some(sum.saturating_add(length?)))
        };
        options.iter().map(of_option).try_fold(0, |longest, length| Some(longest.max(length?)))
    }

    /// Characters of its longest text, if they are bounded. Formats that change letters may still change their number.
    pub fn longest(&self) -> Option<u64> {
        self.rules[self.start].longest
    }

    /// Characters of its shortest text.
    pub fn shortest(&self) -> u64 {
        self.rules[self.start].shortest
    }

    /// The rules that `start` never leads to.
    pub fn unreached(&self) -> Vec<usize> {
        let mut seen = vec![false; self.rules.len()];
        let mut open = vec![self.start];
        while let Some(rule) = open.pop() {
            if !std::mem::replace(&mut seen[rule], true) {
                open.extend(self.rules[rule].options.iter().flat_map(|parts| named(parts)));
            }
        }
        (0..seen.len()).filter(|rule| !seen[*rule]).collect()
    }

    /// Appends one text.
    pub fn write(&self, rng: &mut CellRng, out: &mut Vec<u8>) {
        self.write_rule(self.start, rng, out, &mut { RECURSIONS });
    }

    fn write_rule(&self, rule: usize, rng: &mut CellRng, out: &mut Vec<u8>, left: &mut u32) {
        let rule = &self.rules[rule];
        let option = match rule.options.len() {
            1 => 0,
            _ if rule.recursive && *left == 0 => rule.endings[rule.ending.pick(rng.bits())],
            _ => rule.alias.pick(rng.bits()),
        };
        if rule.recursive {
            *left = left.saturating_sub(1);
        }
        for part in &rule.options[option] {
            match part {
                Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                Part::Rule(rule, format) => {
                    let start = out.len();
                    self.write_rule(*rule, rng, out, left);
                    format.change(out, start);
                }
            }
        }
    }
}

/// The rules that a text names.
fn named(parts: &[Part]) -> impl Iterator<Item = usize> {
    parts.iter().filter_map(|part| match part {
        Part::Rule(rule, _) => Some(*rule),
        Part::Text(_) => None,
    })
}

type Rules = [Vec<(Vec<Part>, f64)>];

/// How many rules deep each rule's flattest text is; `None` where there is none.
fn depths(rules: &Rules) -> Vec<Option<u32>> {
    let mut depths: Vec<Option<u32>> = vec![None; rules.len()];
    // A rule's depth follows from those of less depth, so there are at most as many rounds as rules.
    for _ in 0..rules.len() {
        for at in 0..rules.len() {
            let of_text = |(parts, _): &(Vec<Part>, f64)| {
                named(parts).try_fold(0, |deepest: u32, rule| Some(deepest.max(depths[rule]? + 1)))
            };
            depths[at] = rules[at].iter().filter_map(of_text).min();
        }
    }
    depths
}

/// Which rules lead back to themselves.
fn recursive(rules: &Rules) -> Vec<bool> {
    let of_rule = |rule: usize| rules[rule].iter().flat_map(|(parts, _)| named(parts));
    let leads_back = |from: usize| {
        let mut seen = vec![false; rules.len()];
        let mut open: Vec<usize> = of_rule(from).collect();
        while let Some(rule) = open.pop() {
            if !std::mem::replace(&mut seen[rule], true) {
                open.extend(of_rule(rule));
            }
        }
        seen[from]
    };
    (0..rules.len()).map(leads_back).collect()
}

/// Characters of each rule's shortest text; every rule ends.
fn shortest(rules: &Rules) -> Vec<u64> {
    let mut shortest = vec![u64::MAX; rules.len()];
    loop {
        let before = shortest.clone();
        for at in 0..rules.len() {
            let of_part = |part: &Part| match part {
                Part::Text(text) => text.chars().count() as u64,
                Part::Rule(rule, _) => shortest[*rule],
            };
            let of_text =
                |(parts, _): &(Vec<Part>, f64)| parts.iter().map(of_part).fold(0, u64::saturating_add);
            shortest[at] = rules[at].iter().map(of_text).min().expect("a rule has a text");
        }
        if shortest == before {
            return shortest;
        }
    }
}

/// A column of texts by a grammar.
#[derive(Debug)]
pub struct GrammarText {
    /// The grammar; with lengths its shortest text has a character at least.
    pub grammar: Arc<Grammar>,
    /// How long texts are, in characters; as long as they come if not given.
    pub lengths: Option<Lengths>,
    /// The draws.
    pub key: Key,
}

impl Column for GrammarText {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let mut texts = Texts::with_capacity(rows.len(), rows.len() * 64);
        let Some(lengths) = &self.lengths else {
            rows.for_each(|row| {
                self.grammar.write(&mut CellRng::new(self.key, row), texts.buffer());
                texts.finish();
            });
            return Ok(Data::Text(texts).into());
        };
        let length_key = self.key.child("length");
        let wanted = lengths.fill(&rows.map(|row| mix(length_key, row)));
        for (at, wanted) in wanted.into_iter().enumerate() {
            let mut rng = CellRng::new(self.key, rows.get(at));
            self.write_long(&mut rng, texts.buffer(), wanted as usize, lengths.min as usize);
            texts.finish();
        }
        Ok(Data::Text(texts).into())
    }
}

impl GrammarText {
    /// Texts after each other until there are `wanted` characters, then cut to that many, or back to the end of a word where at
    /// least `min` are left.
    fn write_long(&self, rng: &mut CellRng, out: &mut Vec<u8>, wanted: usize, min: usize) {
        let start = out.len();
        let mut chars = 0;
        while chars < wanted {
            if chars > 0 {
                out.push(b' ');
                chars += 1;
            }
            let from = out.len();
            self.grammar.write(rng, out);
            chars += characters(&out[from..]);
        }
        if chars > wanted {
            cut(out, start, wanted, min);
        }
    }
}

fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Cuts the text that starts at `start`, longer than `wanted` characters, as [`GrammarText::write_long`] says. A space is never left at
/// the end: where it would have to be, there is a full stop.
fn cut(out: &mut Vec<u8>, start: usize, wanted: usize, min: usize) {
    let mut boundaries = (start..out.len()).filter(|at| out[*at] & 0xC0 != 0x80).skip(min);
    let least = boundaries.next().expect("the text is longer");
    let end =
        if wanted == min { least } else { boundaries.nth(wanted - min - 1).expect("the text is longer") };
    if out[end] != b' '
        && let Some(space) = out[least..end].iter().rposition(|byte| *byte == b' ')
    {
        out.truncate(least + space);
        return;
    }
    out.truncate(end);
    if end > start && out[end - 1] == b' ' {
        out[end - 1] = b'.';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Part {
        Part::Text(text.into())
    }

    fn rule(number: usize) -> Part {
        Part::Rule(number, Format::Plain)
    }

    fn cut_to(text: &str, wanted: usize, min: usize) -> String {
        let mut out = format!("before {text}").into_bytes();
        cut(&mut out, 7, wanted, min);
        String::from_utf8(out).unwrap().split_off(7)
    }

    #[test]
    fn a_cut_is_at_the_end_of_a_word_where_it_may_be() {
        assert_eq!(cut_to("one two three", 9, 0), "one two");
        assert_eq!(cut_to("one two three", 7, 0), "one two");
        assert_eq!(cut_to("one two three", 9, 8), "one two t");
        assert_eq!(cut_to("one two three", 9, 7), "one two");
        assert_eq!(cut_to("one two three", 8, 8), "one two.");
        assert_eq!(cut_to("über üben", 6, 5), "über ü");
        assert_eq!(cut_to("one two", 3, 0), "one");
    }

    #[test]
    fn recursion_ends_and_what_cannot_is_found() {
        // 0: "a" or "a, " and itself; 1: only itself.
        let endless = vec![vec![(vec![rule(0)], 1.0)], vec![(vec![text("x")], 1.0)]];
        assert_eq!(Grammar::new(endless, 1).expect_err("0 never ends"), [0]);
        let lists = vec![vec![(vec![text("a")], 1.0), (vec![text("b"), rule(0), rule(0)], 1_000.0)]];
        let grammar = Grammar::new(lists, 0).expect("ends");
        assert_eq!((grammar.longest(), grammar.shortest()), (None, 1));
        for row in 0..20 {
            let mut out = Vec::new();
            grammar.write(&mut CellRng::new(Key::new(1, &["g"]), row), &mut out);
            let ends = out.iter().filter(|byte| **byte == b'a').count();
            assert_eq!(out.len(), 2 * ends - 1, "each b has two below it");
            assert!(out.len() < 3_000);
        }
    }

    #[test]
    fn lengths_are_those_of_the_longest_and_shortest_texts() {
        let rules = vec![
            vec![(vec![text("é"), rule(1), rule(1)], 1.0), (vec![text("long text"), rule(2)], 1.0)],
            vec![
                (vec![text("ab")], 1.0),
                (vec![text("")], 1.0),
                (vec![text("never picked, so not counted")], 0.0),
            ],
            vec![(vec![text("!")], 1.0)],
        ];
        let grammar = Grammar::new(rules, 0).expect("ends");
        assert_eq!((grammar.longest(), grammar.shortest()), (Some(10), 1));
        assert_eq!(grammar.unreached(), Vec::<usize>::new());
    }
}
