//! Numbers, texts, `date '2026-01-01'`, `interval '6 days'`.

use super::types;
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::cast::{Willingness, cast};
use crate::expression::tree::{Kind, Node};
use crate::value::SqlType;
use crate::value::parse::{self, Scalar};
use sqlparser::ast::{self, Expr, Value};

/// A literal.
pub(super) fn value(value: &Value, span: Span) -> Result<Node, Diagnostic> {
    Ok(match value {
        Value::Number(text, _) => return number(text, span),
        Value::Boolean(value) => Node::constant_of(Some(Scalar::Bool(*value)), SqlType::Boolean, span),
        Value::Null => Node { kind: Kind::Literal(None), sql_type: SqlType::Text, span },
        Value::SingleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::NationalStringLiteral(text) => text_node(text.clone(), span),
        Value::DollarQuotedString(quoted) => text_node(quoted.value.clone(), span),
        other => return Err(Diagnostic::new(span, format!("{other} is no literal that is known here"))),
    })
}

/// A text whose type its surroundings decide.
pub(super) fn text_node(text: String, span: Span) -> Node {
    Node { kind: Kind::Literal(Some(text)), sql_type: SqlType::Text, span }
}

/// `42` is an integer if it fits, else a bigint; all else is a numeric with the digits written.
fn number(text: &str, span: Span) -> Result<Node, Diagnostic> {
    let text = text.replace('_', "");
    if text.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(value) = text.parse::<i64>()
    {
        let sql_type = if i32::try_from(value).is_ok() { SqlType::Int } else { SqlType::BigInt };
        return Ok(Node::constant_of(Some(Scalar::Int(value)), sql_type, span));
    }
    match parse::decimal(&text) {
        Some((unscaled, scale)) => Ok(Node::decimal_constant(unscaled, scale, span)),
        None => Err(Diagnostic::new(span, format!("{text} has more than the 38 digits of a numeric"))),
    }
}

/// `date '2026-01-01'`.
pub(super) fn typed_string(typed: &ast::TypedString, span: Span) -> Result<Node, Diagnostic> {
    let sql_type = types::sql_type(&typed.data_type).map_err(|message| Diagnostic::new(span, message))?;
    let literal = value(&typed.value.value, span)?;
    cast(literal, &sql_type, Willingness::Explicit)
}

/// `interval '6 days'`, `interval '6' day`.
pub(super) fn interval(interval: &ast::Interval, span: Span) -> Result<Node, Diagnostic> {
    let text = match &*interval.value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => text.clone(),
            other => other.to_string(),
        },
        other => {
            return Err(Diagnostic::new(
                span,
                format!("expected interval '6 days' or the like, found {other}"),
            ));
        }
    };
    let text = match &interval.leading_field {
        Some(field) => format!("{text} {field}"),
        None => text,
    };
    cast(text_node(text, span), &SqlType::Interval, Willingness::Explicit)
}
