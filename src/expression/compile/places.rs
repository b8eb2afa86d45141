//! From the parser's lines and columns to bytes of the source.

use crate::diagnostic::Span;
use crate::expression::Name;
use sqlparser::ast::{Ident, ObjectName, Spanned};
use sqlparser::tokenizer::{Location, Span as ParserSpan};

/// Where the text of an expression stands in its source.
pub(super) struct Places<'t> {
    text: &'t str,
    span: Span,
    /// The first byte of each line.
    lines: Vec<usize>,
}

impl<'t> Places<'t> {
    pub fn new(text: &'t str, span: Span) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, span, lines: std::iter::once(0).chain(starts).collect() }
    }

    /// The whole expression.
    pub fn all(&self) -> Span {
        self.span
    }

    /// The bytes of a parser's span; the whole when the parser does not know.
    pub fn span(&self, span: ParserSpan) -> Span {
        if span.start.line == 0 {
            return self.span;
        }
        self.span.part(self.offset(span.start), self.offset(span.end))
    }

    /// The character at a location.
    pub fn from(&self, location: Location) -> Span {
        if location.line == 0 {
            return self.span;
        }
        let start = self.offset(location);
        let width = self.text[start..].chars().next().map_or(0, char::len_utf8);
        self.span.part(start, start + width)
    }

    pub fn name(&self, ident: &Ident) -> Name {
        Name { text: ident.value.clone(), span: self.span(ident.span) }
    }

    pub fn object_name(&self, name: &ObjectName) -> Span {
        self.span(name.span())
    }

    /// Lines and columns count from 1, columns in characters.
    fn offset(&self, location: Location) -> usize {
        let Some(start) = self.lines.get(location.line as usize - 1) else { return self.text.len() };
        let column = (location.column as usize).saturating_sub(1);
        let line = &self.text[*start..];
        line.char_indices().nth(column).map_or(self.text.len(), |(at, _)| start + at)
    }
}
