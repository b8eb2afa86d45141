//! Texts from templates.
//!
//! A template is text with places to fill: `#` a digit, `{9}` a digit but 0, `{A}` a letter, `{a}` a small letter,
//! `{1-250}` a number, `{color}` a value of the list `color`, which may be a template again; `{^color}` with a capital first letter,
//! `{~last_name}` as it stands in a host name. Templates are compiled when planning; a row then costs a draw and a copy per place.
//!
//! Distinct texts need templates that can be read back: see `distinct`.

mod distinct;

use self::distinct::Distinct;
use super::lists::{self, List};
use super::source::{ByRow, pick, too_narrow};
use super::transliterate::host_name;
use super::{Locale, Request, TextSource};
use crate::random::{Alias, CellRng, Permutation};
use crate::spec::Refusal;

/// The source for a list: a pick from a dictionary when its values are plain, else texts from its templates.
pub(super) fn source(request: &Request, list: &str) -> Result<Box<dyn TextSource>, Refusal> {
    let values = lists::known(request.locale, list);
    if values.values.iter().all(|value| is_plain(value)) {
        return pick(request, &values);
    }
    texts(request, Grammar::compile(request.locale, &values, Form::AsIs))
}

fn texts(request: &Request, mut grammar: Grammar) -> Result<Box<dyn TextSource>, Refusal> {
    let shortest = grammar.shortest();
    let fits = request.max_chars.is_none_or(|limit| grammar.narrow(limit as usize));
    let key = request.key();
    if request.unique {
        if !fits {
            return Err(too_narrow(request, shortest));
        }
        let distinct = Distinct::new(&grammar, request.rows);
        let count = distinct.count();
        let permutation = Permutation::new(key.child("distinct"), count);
        let write = move |row: u64, out: &mut Vec<u8>| {
            distinct.write(permutation.apply(row), &mut CellRng::new(key, row), out);
        };
        return Ok(Box::new(ByRow { write, cut: None, distinct: Some(count as u128) }));
    }
    let count = grammar.count();
    let write = move |row: u64, out: &mut Vec<u8>| grammar.write(&mut CellRng::new(key, row), out);
    Ok(Box::new(ByRow { write, cut: request.max_chars.filter(|_| !fits), distinct: Some(count) }))
}

fn is_plain(value: &str) -> bool {
    !value.contains(['#', '{'])
}

/// How a place wants the values of its list.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    AsIs,
    Capital,
    HostName,
}

/// Options by weight, each a sequence of parts.
#[derive(Clone, Debug)]
pub(super) struct Grammar {
    options: Vec<Vec<Part>>,
    weights: Vec<f64>,
    alias: Alias,
}

#[derive(Clone, Debug)]
enum Part {
    Literal(String),
    /// One of `count` ASCII characters from `first`.
    Character {
        first: u8,
        count: u8,
    },
    Number {
        from: u64,
        count: u64,
    },
    Choice(Grammar),
}

impl Grammar {
    /// The texts of a list.
    pub fn of_list(locale: &Locale, list: &str) -> Grammar {
        Grammar::compile(locale, &lists::known(locale, list), Form::AsIs)
    }

    /// The values of a list as options.
    fn compile(locale: &Locale, list: &List, form: Form) -> Grammar {
        let mut options: Vec<Vec<Part>> = Vec::new();
        let mut weights = Vec::new();
        let mut plain = std::collections::BTreeMap::new();
        for (value, weight) in list.values.iter().zip(&list.weights) {
            if !is_plain(value) {
                options.push(parts(locale, value, form));
                weights.push(*weight);
                continue;
            }
            // Values that differ may be written alike as host names.
            let text = written(value, form);
            let at = *plain.entry(text.clone()).or_insert(options.len());
            if at == options.len() {
                options.push(vec![Part::Literal(text)]);
                weights.push(0.0);
            }
            weights[at] += weight;
        }
        Grammar::new(options, weights)
    }

    fn new(options: Vec<Vec<Part>>, mut weights: Vec<f64>) -> Grammar {
        // What is there for unique columns only has no weight; when nothing else is left, it has to serve.
        if weights.iter().all(|weight| *weight == 0.0) {
            weights.fill(1.0);
        }
        Grammar { alias: Alias::new(&weights), options, weights }
    }

    /// Appends one text.
    pub fn write(&self, rng: &mut CellRng, out: &mut Vec<u8>) {
        let option = if self.options.len() == 1 { 0 } else { self.alias.pick(rng.bits()) };
        self.options[option].iter().for_each(|part| part.write(rng, out));
    }

    /// How many ways there are to write a text: as many texts, but for some that are written in two ways.
    fn count(&self) -> u128 {
        self.options.iter().map(|parts| count(parts)).fold(0, u128::saturating_add)
    }

    fn longest(&self) -> usize {
        self.options.iter().map(|parts| parts.iter().map(Part::longest).sum()).max().unwrap_or(0)
    }

    fn shortest(&self) -> usize {
        self.options.iter().map(|parts| shortest(parts)).min().unwrap_or(0)
    }

    /// Leaves out options until every text has at most `limit` characters. False, and nothing changed, when none is left.
    pub fn narrow(&mut self, limit: usize) -> bool {
        if self.longest() <= limit {
            return true;
        }
        self.keep(|parts| narrow(parts, limit))
    }

    fn keep_first(&mut self) {
        let mut first = true;
        self.keep(|_| std::mem::take(&mut first));
    }

    /// Keeps the options for which `test` holds; false, and nothing changed, when it holds for none.
    fn keep(&mut self, mut test: impl FnMut(&mut Vec<Part>) -> bool) -> bool {
        let mut kept = Vec::new();
        for (parts, weight) in self.options.iter().zip(&self.weights) {
            let mut parts = parts.clone();
            if test(&mut parts) {
                kept.push((parts, *weight));
            }
        }
        if kept.is_empty() {
            return false;
        }
        let (options, weights) = kept.into_iter().unzip();
        *self = Grammar::new(options, weights);
        true
    }
}

impl Part {
    fn write(&self, rng: &mut CellRng, out: &mut Vec<u8>) {
        match self {
            Part::Literal(text) => out.extend_from_slice(text.as_bytes()),
            Part::Choice(grammar) => grammar.write(rng, out),
            Part::Character { .. } | Part::Number { .. } => self.write_nth(rng.below(self.size()), out),
        }
    }

    /// How many values, of a part whose choices are plain.
    fn size(&self) -> u64 {
        match self {
            Part::Literal(_) => 1,
            Part::Character { count, .. } => *count as u64,
            Part::Number { count, .. } => *count,
            Part::Choice(grammar) => grammar.options.len() as u64,
        }
    }

    /// The value of that number below [`size`](Self::size), of a part whose choices are plain.
    fn write_nth(&self, number: u64, out: &mut Vec<u8>) {
        match self {
            Part::Literal(text) => out.extend_from_slice(text.as_bytes()),
            Part::Character { first, .. } => out.push(first + number as u8),
            Part::Number { from, .. } => {
                out.extend_from_slice(itoa::Buffer::new().format(from + number).as_bytes());
            }
            Part::Choice(grammar) => {
                grammar.options[number as usize].iter().for_each(|part| part.write_nth(0, out))
            }
        }
    }

    fn longest(&self) -> usize {
        match self {
            Part::Literal(text) => text.chars().count(),
            Part::Character { .. } => 1,
            Part::Number { from, count } => digits(from + count - 1),
            Part::Choice(grammar) => grammar.longest(),
        }
    }

    fn shortest(&self) -> usize {
        match self {
            Part::Number { from, .. } => digits(*from),
            Part::Choice(grammar) => grammar.shortest(),
            Part::Literal(_) | Part::Character { .. } => self.longest(),
        }
    }
}

fn digits(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

fn shortest(parts: &[Part]) -> usize {
    parts.iter().map(Part::shortest).sum()
}

fn count(parts: &[Part]) -> u128 {
    let counts = parts.iter().map(|part| match part {
        Part::Choice(grammar) => grammar.count(),
        part => part.size() as u128,
    });
    counts.fold(1, u128::saturating_mul)
}

/// Shortens the choices of a template, the most variable first, until all its texts fit; false if they cannot.
fn narrow(parts: &mut [Part], limit: usize) -> bool {
    if shortest(parts) > limit {
        return false;
    }
    while parts.iter().map(Part::longest).sum::<usize>() > limit {
        let spread = |part: &Part| part.longest() - part.shortest();
        let widest = parts.iter_mut().max_by_key(|part| spread(part)).expect("a text too long has parts");
        let shorter = widest.longest() - 1;
        match widest {
            Part::Number { from, count } => *count = 10u64.pow(shorter as u32) - *from,
            Part::Choice(grammar) => assert!(grammar.narrow(shorter), "a shorter option exists"),
            Part::Literal(_) | Part::Character { .. } => unreachable!("these have one length"),
        }
    }
    true
}

/// Compiles one template.
fn parts(locale: &Locale, template: &str, form: Form) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = template;
    let mut form = form;
    while let Some(at) = rest.find(['#', '{']) {
        push_literal(&mut parts, &rest[..at], form);
        if rest[at..].starts_with('#') {
            parts.push(Part::Character { first: b'0', count: 10 });
            rest = &rest[at + 1..];
        } else {
            let end = at + rest[at..].find('}').expect("a brace closes");
            parts.push(place(locale, &rest[at + 1..end], form));
            rest = &rest[end + 1..];
        }
        // Only the first letter of the whole is made a capital.
        if form == Form::Capital {
            form = Form::AsIs;
        }
    }
    push_literal(&mut parts, rest, form);
    parts
}

fn push_literal(parts: &mut Vec<Part>, text: &str, form: Form) {
    if !text.is_empty() {
        parts.push(Part::Literal(if form == Form::Capital { capital(text) } else { text.into() }));
    }
}

/// Compiles what stands between braces.
fn place(locale: &Locale, name: &str, outer: Form) -> Part {
    match name {
        "9" => return Part::Character { first: b'1', count: 9 },
        "A" => return Part::Character { first: b'A', count: 26 },
        "a" => return Part::Character { first: b'a', count: 26 },
        _ => {}
    }
    if let Some((from, to)) = name.split_once('-')
        && let (Ok(from), Ok(to)) = (from.parse::<u64>(), to.parse::<u64>())
    {
        return Part::Number { from, count: to - from + 1 };
    }
    let (name, form) = match name.as_bytes()[0] {
        b'^' => (&name[1..], Form::Capital),
        b'~' => (&name[1..], Form::HostName),
        _ => (name, outer),
    };
    Part::Choice(Grammar::compile(locale, &lists::known(locale, name), form))
}

fn written(value: &str, form: Form) -> String {
    match form {
        Form::AsIs => value.into(),
        Form::Capital => capital(value),
        Form::HostName => host_name(value),
    }
}

/// The text with a capital first letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::LOCALES;
    use crate::random::Key;
    use std::collections::BTreeSet;

    pub(in crate::fake) fn grammar(templates: &[&'static str]) -> Grammar {
        let list = List { values: templates.to_vec(), weights: vec![1.0; templates.len()] };
        Grammar::compile(LOCALES[0], &list, Form::AsIs)
    }

    fn sample(grammar: &Grammar, texts: u64) -> BTreeSet<String> {
        let key = Key::new(1, &["grammar"]);
        let one = |row| {
            let mut out = Vec::new();
            grammar.write(&mut CellRng::new(key, row), &mut out);
            String::from_utf8(out).unwrap()
        };
        (0..texts).map(one).collect()
    }

    #[test]
    fn places_are_filled() {
        let texts = sample(&grammar(&["a# {9}{A}{a} {10-12}"]), 2_000);
        for text in &texts {
            let letters: Vec<char> = text.chars().collect();
            assert!(letters[1].is_ascii_digit() && ('1'..='9').contains(&letters[3]), "{text}");
            assert!(letters[4].is_ascii_uppercase() && letters[5].is_ascii_lowercase(), "{text}");
            assert!(["10", "11", "12"].contains(&&text[7..]), "{text}");
        }
        assert!(texts.len() > 1_000);
    }

    #[test]
    fn narrowing_keeps_what_fits() {
        let mut narrowed = grammar(&["{1-5000}", "long text {1-9}"]);
        assert!(narrowed.narrow(3));
        assert!(sample(&narrowed, 500).iter().all(|text| text.len() <= 3));
        assert!(!grammar(&["abc"]).narrow(2));
    }
}
