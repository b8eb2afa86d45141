//! Text with placeholders: `ORD-{created_at:%Y}-{row:08}`.

mod format;
mod put;

pub use format::Format;

use super::Column;
use crate::expression::{Batch, Expression, Failure};
use crate::value::{Data, Vector};
use put::{Part, put_together};
use std::ops::Range;

/// A part of a template, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text to copy.
    Literal(String),
    /// An expression and, after a colon, its format; byte ranges in the template.
    Placeholder {
        /// The expression.
        expression: Range<usize>,
        /// The format, if any.
        format: Option<Range<usize>>,
    },
}

/// Why a template was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTemplate {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes.
    pub place: Range<usize>,
}

/// Cuts a template into its parts. `{{` and `}}` stand for braces. The first colon that is not part of a `::` cast and stands
/// outside of quotes starts the format.
pub fn split_template(template: &str) -> Result<Vec<Piece>, BadTemplate> {
    let bytes = template.as_bytes();
    let mut pieces = Vec::new();
    let mut literal = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'{', Some(b'{')) | (b'}', Some(b'}')) => {
                literal.push(bytes[at]);
                at += 2;
            }
            (b'{', _) => {
                push_literal(&mut pieces, &mut literal);
                let end = placeholder_end(bytes, at)?;
                pieces.push(placeholder(bytes, at + 1..end));
                at = end + 1;
            }
            (b'}', _) => {
                let message = "a `}` without `{`; write `}}` for a brace".to_owned();
                return Err(BadTemplate { message, place: at..at + 1 });
            }
            (byte, _) => {
                literal.push(byte);
                at += 1;
            }
        }
    }
    push_literal(&mut pieces, &mut literal);
    Ok(pieces)
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &mut Vec<u8>) {
    if !literal.is_empty() {
        let text = String::from_utf8(std::mem::take(literal)).expect("whole characters were copied");
        pieces.push(Piece::Literal(text));
    }
}

fn placeholder_end(bytes: &[u8], open: usize) -> Result<usize, BadTemplate> {
    let mut quoted = false;
    for (at, byte) in bytes.iter().enumerate().skip(open + 1) {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted => return Ok(at),
            _ => {}
        }
    }
    let message = "a `{` without `}`; write `{{` for a brace".to_owned();
    Err(BadTemplate { message, place: open..open + 1 })
}

fn placeholder(bytes: &[u8], inside: Range<usize>) -> Piece {
    let mut quoted = false;
    let mut colon = None;
    let mut at = inside.start;
    while at < inside.end {
        match bytes[at] {
            b'\'' => quoted = !quoted,
            b':' if !quoted && bytes.get(at + 1) == Some(&b':') => at += 1,
            // The first colon: formats such as %H:%M have more.
            b':' if !quoted && colon.is_none() => colon = Some(at),
            _ => {}
        }
        at += 1;
    }
    match colon {
        Some(colon) => {
            Piece::Placeholder { expression: inside.start..colon, format: Some(colon + 1..inside.end) }
        }
        None => Piece::Placeholder { expression: inside, format: None },
    }
}

/// A template, its expressions compiled.
pub struct Template {
    /// Literals, and expressions with their formats, which have an empty literal.
    pub pieces: Vec<(Option<(Expression, Format)>, String)>,
}

impl Column for Template {
    /// A null placeholder leaves nothing, as in SQL's `concat`.
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let mut parts = Vec::with_capacity(self.pieces.len());
        for (placeholder, literal) in &self.pieces {
            parts.push(match placeholder {
                None => Part::literal(literal),
                Some((expression, format)) => {
                    Part::values(expression.evaluate(batch)?, expression.sql_type(), format)
                }
            });
        }
        Ok(Data::Text(put_together(batch.rows().len(), &parts)).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_cut_at_its_braces() {
        let pieces = split_template("ORD-{created_at:%H:%M}-{{x}}{a::text}").expect("is well formed");
        assert_eq!(
            pieces,
            [
                Piece::Literal("ORD-".into()),
                Piece::Placeholder { expression: 5..15, format: Some(16..21) },
                Piece::Literal("-{x}".into()),
                Piece::Placeholder { expression: 29..36, format: None },
            ]
        );
        assert_eq!(split_template("a{b").expect_err("is open").place, 1..2);
        assert_eq!(split_template("a}b").expect_err("is closed").place, 1..2);
    }
}
