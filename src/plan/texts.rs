//! Columns of text: templates, patterns, providers.

use super::draft::{Draft, check_arguments};
use super::generators::Place;
use super::infer;
use crate::column::{Column, Fake, Format, FromText, Pattern, PatternText, Piece, Template, split_template};
use crate::diagnostic::{Diagnostic, Span, grouped};
use crate::expression::Expression;
use crate::fake;
use crate::spec::{At, Call};
use crate::value::SqlType;

impl<'s> Draft<'s> {
    pub(super) fn template(
        &mut self,
        place: &Place<'s>,
        template: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if !self.makes_text(place, template.span, "template") {
            return None;
        }
        let pieces = match split_template(&template.value) {
            Ok(pieces) => pieces,
            Err(bad) => {
                let span = template.span.part(bad.place.start, bad.place.end);
                self.problems.push(Diagnostic::new(span, bad.message));
                return None;
            }
        };
        let before = reads.len();
        let is_counted = self.ends_in_counter(place.table, &template.value, &pieces);
        let mut compiled = Vec::new();
        for piece in pieces {
            compiled.push(match piece {
                Piece::Literal(literal) => (None, literal),
                Piece::Placeholder { expression, format } => {
                    (Some(self.placeholder(place, template, expression, format, reads)?), String::new())
                }
            });
        }
        if let Some(span) = place.unique
            && place.rows > 1
            && !self.reads_something_unique(place.table, &reads[before..])
        {
            self.refuse(
                span,
                "this template repeats",
                "add `{row}` or a unique column to it, or leave out `unique`",
            );
            return None;
        }
        if let Some(span) = place.unique.filter(|_| !is_counted) {
            self.prove_later(span, place.rows)?;
        }
        let text = Box::new(Template { pieces: compiled });
        Some((self.limited(place, text), format!("template {}", template.value)))
    }

    /// Whether a template ends in a number of the row that can be told from what stands before it: `ORD-{year}-{row:08}`.
    fn ends_in_counter(&self, table: usize, template: &str, pieces: &[Piece]) -> bool {
        let Some((Piece::Placeholder { expression, format }, before)) = pieces.split_last() else {
            return false;
        };
        let is_number = format.as_ref().is_none_or(|format| template[format.clone()].starts_with(['0', ',']));
        let is_apart = match before.last() {
            None => true,
            Some(Piece::Literal(text)) => !text.ends_with(|c: char| c.is_ascii_digit()),
            Some(Piece::Placeholder { .. }) => false,
        };
        is_number && is_apart && self.is_counter(table, &template[expression.clone()])
    }

    pub(super) fn placeholder(
        &mut self,
        place: &Place<'s>,
        template: &At<String>,
        expression: std::ops::Range<usize>,
        format: Option<std::ops::Range<usize>>,
        reads: &mut Vec<usize>,
    ) -> Option<(Expression, Format)> {
        let part = |range: &std::ops::Range<usize>| {
            At::new(template.value[range.clone()].to_owned(), template.span.part(range.start, range.end))
        };
        let compiled = self.free_expression(place, &part(&expression), reads)?;
        // As text, `char(n)` loses the blanks that fill it up, as everywhere in SQL.
        let compiled = match compiled.sql_type() {
            SqlType::Char(_) => self.accept_expression(compiled.assign_to(&SqlType::Text))?,
            _ => compiled,
        };
        let Some(format) = format else { return Some((compiled, Format::Plain)) };
        let format = part(&format);
        match Format::parse(&format.value, compiled.sql_type()) {
            Ok(format) => Some((compiled, format)),
            Err(message) => {
                self.problems.push(Diagnostic::new(format.span, message));
                None
            }
        }
    }

    /// Text of a computed length is checked against the column's limit row by row.
    pub(super) fn limited(&self, place: &Place, column: Box<dyn Column>) -> Box<dyn Column> {
        match place.sql_type.max_chars() {
            Some(limit) => {
                Box::new(crate::column::Limited { inner: column, limit, sql_type: place.sql_type.clone() })
            }
            None => column,
        }
    }

    pub(super) fn makes_text(&mut self, place: &Place, span: Span, generator: &str) -> bool {
        let fits = place.sql_type.is_text()
            || matches!(place.sql_type, SqlType::Json | SqlType::Jsonb | SqlType::Inet);
        if !fits {
            let message = format!("`{generator}` makes text, the column is {}", place.sql_type);
            self.refuse(span, message, "write `type: text`");
        }
        fits
    }

    pub(super) fn pattern(&mut self, place: &Place, text: &At<String>) -> Option<(Box<dyn Column>, String)> {
        if !self.makes_text(place, text.span, "pattern") {
            return None;
        }
        let pattern = match Pattern::parse(&text.value) {
            Ok(pattern) => pattern,
            Err(bad) => {
                let span =
                    bad.place.map_or(text.span, |(start, end)| text.span.part(start, end.max(start + 1)));
                self.problems
                    .push(Diagnostic::new(span, format!("this pattern cannot be used: {}", bad.message)));
                return None;
            }
        };
        if let Some(limit) = place.sql_type.max_chars().filter(|limit| pattern.max_len() > *limit as u64) {
            let message = format!(
                "the pattern makes up to {} characters, {} holds {limit}",
                pattern.max_len(),
                place.sql_type
            );
            self.refuse(text.span, message, "shorten its repetitions, or widen the column");
            return None;
        }
        let key = self.part_key(place, "pattern");
        let origin = format!("pattern {}", text.value);
        let Some(span) = place.unique else {
            return Some((Box::new(PatternText::drawn(pattern, key)), origin));
        };
        if pattern.is_ambiguous() {
            let message = "the pattern can make one text in more than one way, so it cannot be made unique";
            self.refuse(
                span,
                message,
                "let alternatives start differently, and let at most one part vary in length",
            );
            return None;
        }
        self.check_capacity(place, span, &pattern, "pattern", "lengthen the pattern")?;
        Some((Box::new(PatternText::unique(pattern, key)), origin))
    }

    /// Refuses a unique column whose pattern has fewer texts than the table has rows.
    pub(super) fn check_capacity(
        &mut self,
        place: &Place,
        span: Span,
        pattern: &Pattern,
        what: &str,
        remedy: &str,
    ) -> Option<()> {
        if pattern.capacity() >= place.rows as u128 {
            return Some(());
        }
        let message = format!(
            "the {what} allows {} values, the table has {} rows",
            grouped(pattern.capacity()),
            grouped(place.rows)
        );
        self.refuse(span, message, format!("{remedy}, use fewer rows, or leave out `unique`"));
        None
    }

    pub(super) fn fake(
        &mut self,
        place: &Place,
        call: &Call,
        locale: Option<&At<String>>,
    ) -> Option<(Box<dyn Column>, String)> {
        let name = &call.name.value;
        let Some(provider) = fake::find(name) else {
            let known = fake::PROVIDERS.iter().map(|provider| provider.name);
            let problem = Diagnostic::new(call.name.span, format!("unknown provider `{name}`"));
            self.problems.push(problem.suggest(name, known).help("`datagen list providers` names them all"));
            return None;
        };
        if !check_arguments(call, provider.parameters, &mut self.problems) {
            return None;
        }
        // Coordinates are numbers too.
        let is_number = holds_degrees(&place.sql_type) && ["latitude", "longitude"].contains(&name.as_str());
        if !is_number && !self.makes_text(place, call.name.span, "fake") {
            return None;
        }
        let locale = self.locale(locale)?;
        let derived = infer::subject_of(self.tables[place.table].name(), place.column);
        let subject = call.arguments.text("subject").map_or(derived, str::to_owned);
        let table = self.tables[place.table].name().to_owned();
        let column = format!("{}{}", place.column, place.part);
        let request = fake::Request {
            seed: self.seed,
            table: &table,
            column: &column,
            subject: &subject,
            locale,
            arguments: &call.arguments,
            rows: place.rows,
            unique: place.unique.is_some(),
            max_chars: place.sql_type.max_chars(),
        };
        let source = self.accept(provider.build(&request), Some(call), call.name.span)?;
        let text: Box<dyn Column> = Box::new(Fake { source });
        let column = match is_number {
            true => Box::new(FromText { inner: text, sql_type: place.sql_type.clone() }),
            false => text,
        };
        Some((column, format!("fake {name}")))
    }

    pub(super) fn locale(&mut self, named: Option<&At<String>>) -> Option<&'static fake::Locale> {
        let Some(named) = named.or(self.spec.locale.as_ref()) else {
            return Some(fake::locale("en").expect("en is there"));
        };
        let found = fake::locale(&named.value);
        if found.is_none() {
            let known: Vec<&str> = fake::LOCALES.iter().map(|locale| locale.name).collect();
            let problem = Diagnostic::new(named.span, format!("unknown locale `{}`", named.value));
            let problem = problem.suggest(&named.value, known.iter().copied());
            self.problems.push(problem.help(format!("known: {}", known.join(", "))));
        }
        found
    }
}

/// Whether a type of numbers holds coordinates, down to parts of a degree.
pub(super) fn holds_degrees(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Numeric { precision, scale, .. } => *scale > 0 && precision - scale >= 3,
        SqlType::Real | SqlType::Double => true,
        _ => false,
    }
}
