//! Texts by a grammar: rules with weighted texts that name other rules.

use super::Column;
use super::lengths::Lengths;
use super::template::Format;
use crate::expression::{Batch, Failure};
use crate::random::{Alias, CellRng, Key, mix};
use crate::value::{Data, Dictionary, Rows, Texts, Vector};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// How often a text may enter rules that lead back to themselves; from then on they take the way that ends soonest.
const RECURSIONS: u32 = 1_000;

/// A grammar that has at most so many ways to a text is a dictionary to pick from.
const MOST_WAYS: u32 = 4_096;

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
    /// The number of each option's first way to a text, and how many ways there are in all: numbers are counted through the options,
    /// within them through the rules that they name, the last of these fastest. `None` where there are more than [`MOST_WAYS`].
    ways: Option<Vec<u32>>,
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
                ways: None,
            });
        }
        let mut grammar = Self { rules: compiled, start };
        grammar.measure();
        Ok(grammar)
    }

    /// Fills in the longest texts and the ways, those of rules that name only measured ones first.
    fn measure(&mut self) {
        for _ in 0..self.rules.len() {
            for at in 0..self.rules.len() {
                if !self.rules[at].recursive {
                    self.rules[at].longest = self.longest_of(&self.rules[at].options);
                    self.rules[at].ways = self.ways_of(&self.rules[at].options);
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

    fn ways_of(&self, options: &[Vec<Part>]) -> Option<Vec<u32>> {
        let mut firsts = vec![0u32];
        for parts in options {
            let ways = named(parts).try_fold(1u32, |ways, rule| ways.checked_mul(self.ways(rule)?))?;
            let next = firsts.last()?.checked_add(ways)?;
            firsts.push(next);
        }
        firsts.last().is_some_and(|all| *all <= MOST_WAYS).then_some(firsts)
    }

    /// How many ways a rule has to a text, if they are few.
    fn ways(&self, rule: usize) -> Option<u32> {
        self.rules[rule].ways.as_ref()?.last().copied()
    }

    /// The way that [`write`](Self::write) goes with these draws. There are few.
    fn way(&self, rule: usize, rng: &mut CellRng) -> u32 {
        let rule = &self.rules[rule];
        let option = if rule.options.len() == 1 { 0 } else { rule.alias.pick(rng.bits()) };
        let digits = named(&rule.options[option]).fold(0, |number, rule| {
            let ways = self.ways(rule).expect("there are few");
            number * ways + self.way(rule, rng)
        });
        rule.ways.as_ref().expect("there are few")[option] + digits
    }

    /// Appends the text that one of a rule's ways leads to.
    fn write_way(&self, rule: usize, way: u32, out: &mut Vec<u8>) {
        let firsts = self.rules[rule].ways.as_ref().expect("there are few");
        let option = firsts.partition_point(|first| *first <= way) - 1;
        let parts = &self.rules[rule].options[option];
        let mut rest = way - firsts[option];
        let mut digits = Vec::new();
        for rule in named(parts).collect::<Vec<_>>().into_iter().rev() {
            let ways = self.ways(rule).expect("there are few");
            digits.push(rest % ways);
            rest /= ways;
        }
        for part in parts {
            match part {
                Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                Part::Rule(rule, format) => {
                    let start = out.len();
                    self.write_way(*rule, digits.pop().expect("one for each rule"), out);
                    format.change(out, start);
                }
            }
        }
    }

    /// All texts, each once, and which of them each way leads to, if there are few.
    fn every(&self) -> Option<(Dictionary, Vec<u32>)> {
        let ways = self.ways(self.start)?;
        let (mut texts, mut places) = (Texts::default(), BTreeMap::new());
        let mut codes = Vec::new();
        for way in 0..ways {
            let mut text = Vec::new();
            self.write_way(self.start, way, &mut text);
            codes.push(*places.entry(text).or_insert_with_key(|text| {
                texts.push(text);
                texts.len() as u32 - 1
            }));
        }
        Some((Arc::new(texts), codes))
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
    grammar: Arc<Grammar>,
    lengths: Option<Lengths>,
    key: Key,
    /// All texts and where each way leads, made when the first row is asked for.
    every: OnceLock<Option<(Dictionary, Vec<u32>)>>,
}

impl GrammarText {
    /// Texts of `lengths` in characters, where the grammar's shortest has a character at least, or as long as they come.
    pub fn new(grammar: Arc<Grammar>, lengths: Option<Lengths>, key: Key) -> Self {
        Self { grammar, lengths, key, every: OnceLock::new() }
    }

    fn one_by_one(&self, rows: &Rows) -> Texts {
        let mut texts = Texts::with_capacity(rows.len(), rows.len() * 64);
        rows.for_each(|row| {
            self.grammar.write(&mut CellRng::new(self.key, row), texts.buffer());
            texts.finish();
        });
        texts
    }
}

impl Column for GrammarText {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let Some(lengths) = &self.lengths else {
            let Some((texts, codes)) = self.every.get_or_init(|| self.grammar.every()) else {
                return Ok(Data::Text(self.one_by_one(rows)).into());
            };
            let way = |row| self.grammar.way(self.grammar.start, &mut CellRng::new(self.key, row));
            let codes = rows.map(|row| codes[way(row) as usize]);
            return Ok(Data::Dict { codes, values: texts.clone() }.into());
        };
        let mut texts = Texts::with_capacity(rows.len(), rows.len() * 64);
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
    fn texts_of_few_ways_are_the_same_by_number() {
        let rules = vec![
            vec![
                (vec![text("a "), rule(1), text(" and "), Part::Rule(2, Format::Upper)], 3.0),
                (vec![rule(2), rule(2)], 1.0),
            ],
            vec![(vec![text("red")], 2.0), (vec![text("dark "), rule(2)], 5.0), (vec![text("red")], 1.0)],
            vec![(vec![text("x")], 1.0), (vec![text("y")], 1.0), (vec![text("z")], 0.0)],
        ];
        let column =
            GrammarText::new(Arc::new(Grammar::new(rules, 0).expect("ends")), None, Key::new(1, &["g"]));
        let (texts, codes) = column.grammar.every().expect("there are few");
        // Four things twice, of which two are the same, and two letters.
        assert_eq!((codes.len(), texts.len()), (4 * 2 + 2 * 2, 3 * 2 + 2 * 2));
        let rows = Rows::Range { start: 0, len: 300 };
        let by_number: Texts = rows
            .map(|row| column.grammar.way(0, &mut CellRng::new(column.key, row)))
            .into_iter()
            .map(|way| texts.get(codes[way as usize] as usize))
            .collect();
        assert_eq!(by_number, column.one_by_one(&rows));
    }

    #[test]
    fn many_ways_are_not_counted() {
        let word = |letters: usize| vec![(vec![rule(1); letters], 1.0)];
        let letters: Vec<_> = ["a", "b", "c", "d"].iter().map(|letter| (vec![text(letter)], 1.0)).collect();
        let ways = |length| Grammar::new(vec![word(length), letters.clone()], 0).expect("ends").ways(0);
        assert_eq!((ways(6), ways(7), ways(40)), (Some(4_096), None, None));
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
