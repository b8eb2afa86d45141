//! Grammars and pools of text, and the columns that use them.

use super::draft::Draft;
use super::generators::Place;
use crate::column::{Column, Format, Grammar, GrammarText, Part, Piece, Pool, Slice, split_template};
use crate::diagnostic::{Diagnostic, Severity};
use crate::random::Key;
use crate::spec::{At, GrammarSpec, PoolSpec};
use crate::value::SqlType;
use std::sync::Arc;

/// The rule that a text begins with.
const START: &str = "start";

/// Pools are made when planning, in memory.
const LARGEST_POOL: u64 = 1_000_000_000;

impl<'s> Draft<'s> {
    /// Compiles the grammars, also those that no column uses, and checks the pools.
    pub(super) fn compile_grammars(&mut self) {
        self.grammars =
            self.spec.grammars.iter().map(|grammar| self.compile(grammar).map(Arc::new)).collect();
        self.pools = vec![None; self.spec.pools.len()];
        for pool in &self.spec.pools {
            if pool.size.value > LARGEST_POOL || pool.size.value == 0 {
                self.refuse(
                    pool.size.span,
                    "a pool has 1 byte to 1 GB",
                    "its text is made when planning, and held in memory",
                );
            }
            let Some(at) = self.find_grammar(&pool.grammar) else { continue };
            if self.grammars[at].as_ref().is_some_and(|grammar| grammar.shortest() == 0) {
                self.refuse_empty(&pool.grammar);
            }
        }
    }

    fn compile(&mut self, spec: &GrammarSpec) -> Option<Grammar> {
        let before = self.problems.len();
        let rules: Vec<_> = spec
            .rules
            .iter()
            .map(|rule| {
                if rule.texts.iter().map(|(_, weight)| weight).sum::<f64>() <= 0.0 {
                    self.refuse(
                        rule.name.span,
                        format!("the rule `{}` has no text", rule.name.value),
                        "give it a text with a weight above 0; write `''` for the empty text",
                    );
                }
                rule.texts.iter().map(|(text, weight)| (self.parts(spec, text), *weight)).collect()
            })
            .collect();
        let start = spec.rules.iter().position(|rule| rule.name.value == START);
        if start.is_none() {
            let message = format!("the grammar `{}` has no rule `{START}`", spec.name.value);
            self.refuse(spec.name.span, message, "texts begin with it: `start: [\"The {noun}\"]`");
        }
        if self.problems.len() > before {
            return None;
        }
        match Grammar::new(rules, start?) {
            Ok(grammar) => {
                for rule in grammar.unreached() {
                    let rule = &spec.rules[rule].name;
                    let message = format!("nothing leads from `{START}` to the rule `{}`", rule.value);
                    self.notes.push(Diagnostic::new(rule.span, message).severity(Severity::Warning));
                }
                Some(grammar)
            }
            Err(endless) => {
                for rule in endless {
                    let rule = &spec.rules[rule].name;
                    let message =
                        format!("the rule `{}` never ends: each of its texts leads back to it", rule.value);
                    self.refuse(rule.span, message, "add a text that ends");
                }
                None
            }
        }
    }

    /// A rule's text: `The {noun} is {adjective:upper}`.
    fn parts(&mut self, spec: &GrammarSpec, text: &At<String>) -> Vec<Part> {
        let pieces = match split_template(&text.value) {
            Ok(pieces) => pieces,
            Err(bad) => {
                let span = text.span.part(bad.place.start, bad.place.end);
                self.problems.push(Diagnostic::new(span, bad.message));
                return Vec::new();
            }
        };
        let mut parts = Vec::new();
        for piece in pieces {
            let (expression, format) = match piece {
                Piece::Literal(literal) => {
                    parts.push(Part::Text(literal));
                    continue;
                }
                Piece::Placeholder { expression, format } => (expression, format),
            };
            let name = text.value[expression.clone()].trim();
            let Some(rule) = spec.rules.iter().position(|rule| rule.name.value == name) else {
                let span = text.span.part(expression.start, expression.end);
                let problem =
                    Diagnostic::new(span, format!("the grammar `{}` has no rule `{name}`", spec.name.value));
                let problem = problem.suggest(name, spec.rules.iter().map(|rule| rule.name.value.as_str()));
                self.problems
                    .push(problem.help("braces name rules of the same grammar; write `{{` for a brace"));
                continue;
            };
            let format = match format {
                None => Format::Plain,
                Some(range) => match Format::parse(&text.value[range.clone()], &SqlType::Text) {
                    Ok(format) => format,
                    Err(message) => {
                        self.problems.push(Diagnostic::new(text.span.part(range.start, range.end), message));
                        continue;
                    }
                },
            };
            parts.push(Part::Rule(rule, format));
        }
        parts
    }

    fn find_grammar(&mut self, name: &At<String>) -> Option<usize> {
        let found = self.spec.grammars.iter().position(|grammar| grammar.name.value == name.value);
        if found.is_none() {
            let known = self.spec.grammars.iter().map(|grammar| grammar.name.value.as_str());
            let problem = Diagnostic::new(name.span, format!("unknown grammar `{}`", name.value));
            self.problems.push(
                problem
                    .suggest(&name.value, known)
                    .help("grammars stand under `grammars:`, at the top of the spec"),
            );
        }
        found
    }

    fn refuse_empty(&mut self, name: &At<String>) {
        let message = format!(
            "the grammar `{}` can make an empty text, so nothing says when a long one is long enough",
            name.value
        );
        self.refuse(name.span, message, "let `start` have a character that is always there");
    }

    /// Texts by a grammar.
    pub(super) fn grammar_text(
        &mut self,
        place: &Place<'s>,
        name: &At<String>,
    ) -> Option<(Box<dyn Column>, String)> {
        if !self.makes_text(place, name.span, "grammar") {
            return None;
        }
        if let Some(span) = place.unique.filter(|_| place.rows > 1) {
            self.refuse(
                span,
                "texts by a grammar are not unique",
                "use a `template` that ends in `-{row}`, or leave out `unique`",
            );
            return None;
        }
        let at = self.find_grammar(name)?;
        let lengths = self.text_lengths(place)?;
        let grammar = self.grammars[at].clone()?;
        match (&lengths, grammar.longest(), place.sql_type.max_chars()) {
            (Some(_), ..) if grammar.shortest() == 0 => {
                self.refuse_empty(name);
                return None;
            }
            (None, Some(longest), Some(limit)) if longest > limit as u64 => {
                let message = format!(
                    "the grammar makes texts of up to {longest} characters, {} holds {limit}",
                    place.sql_type
                );
                self.refuse(
                    name.span,
                    message,
                    format!("write `length: {{min: 1, max: {limit}}}` to have them cut, or widen the column"),
                );
                return None;
            }
            _ => {}
        }
        let key = self.part_key(place, "grammar");
        let text: Box<dyn Column> = Box::new(GrammarText::new(grammar, lengths, key));
        Some((self.limited(place, text), format!("grammar {}", name.value)))
    }

    /// Pieces of a pool.
    pub(super) fn slice(
        &mut self,
        place: &Place<'s>,
        name: &At<String>,
    ) -> Option<(Box<dyn Column>, String)> {
        if !self.makes_text(place, name.span, "slice") {
            return None;
        }
        if let Some(span) = place.unique.filter(|_| place.rows > 1) {
            self.refuse(span, "pieces of a pool are not unique", "use a `pattern`, or leave out `unique`");
            return None;
        }
        let Some(at) = self.spec.pools.iter().position(|pool| pool.name.value == name.value) else {
            let known = self.spec.pools.iter().map(|pool| pool.name.value.as_str());
            let problem = Diagnostic::new(name.span, format!("unknown pool `{}`", name.value));
            self.problems.push(
                problem
                    .suggest(&name.value, known)
                    .help("pools stand under `pools:`, at the top of the spec"),
            );
            return None;
        };
        let lengths = self.required_lengths(place, name.span, "`slice`")?;
        let pool = self.pool(at)?;
        if pool.len() < lengths.max {
            let message = format!(
                "pieces of up to {} characters, the pool `{}` has {}",
                lengths.max,
                name.value,
                pool.len()
            );
            self.refuse(name.span, message, "enlarge the pool, or use a smaller `max`");
            return None;
        }
        let origin = format!("{} to {} characters of pool {}", lengths.min, lengths.max, name.value);
        Some((Box::new(Slice { pool, lengths, key: self.part_key(place, "slice") }), origin))
    }

    /// The pool of that number, filled when it is first asked for; `None` when it or its grammar was refused.
    fn pool(&mut self, at: usize) -> Option<Arc<Pool>> {
        if let Some(pool) = &self.pools[at] {
            return Some(pool.clone());
        }
        let PoolSpec { name, grammar, size } = &self.spec.pools[at];
        let of = self.spec.grammars.iter().position(|other| other.name.value == grammar.value)?;
        let grammar = self.grammars[of].clone().filter(|grammar| grammar.shortest() > 0)?;
        if size.value > LARGEST_POOL || size.value == 0 {
            return None;
        }
        // No table is called "".
        let key = Key::new(self.seed, &["", &name.value, "pool"]);
        let pool = Arc::new(Pool::fill(&grammar, size.value, key));
        self.pools[at] = Some(pool.clone());
        Some(pool)
    }
}
