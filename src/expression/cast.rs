//! From one type to another: what SQL converts by itself, in an assignment, and when asked.

use super::evaluate;
use super::kernel::convert::{self, TooLong};
use super::tree::{Call, Kind, Node, digits};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::parse::{self, Scalar};
use crate::value::{Layout, SqlType};
use std::sync::Arc;

/// How willingly a value is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Willingness {
    /// As an operand or argument: only where nothing is lost.
    Implicit,
    /// Into a column: also to narrower types, checked.
    Assignment,
    /// By `cast(... as ...)`.
    Explicit,
}

/// The node as a value of type `to`.
pub(super) fn cast(node: Node, to: &SqlType, willingness: Willingness) -> Result<Node, Diagnostic> {
    let span = node.span;
    if let Kind::Literal(text) = node.kind {
        return literal(text, to, willingness, span);
    }
    if node.is_null() {
        return Ok(Node::constant_of(None, to.clone(), span));
    }
    if node.sql_type == *to {
        return Ok(node);
    }
    if needed(&node.sql_type, to).is_none_or(|needed| needed > willingness) {
        return Err(refused(&node, to, willingness));
    }
    if willingness == Willingness::Assignment && node.sql_type == SqlType::Text && !to.is_text() {
        return assigned_text(node, to);
    }
    Ok(converted(node, to, willingness))
}

fn refused(node: &Node, to: &SqlType, willingness: Willingness) -> Diagnostic {
    let from = &node.sql_type;
    match willingness {
        Willingness::Explicit => node.wrong(format!("cannot cast {from} to {to}")),
        _ => {
            let refusal = node.wrong(format!("expected {to}, found {from}")).label(format!("this is {from}"));
            match needed(from, to) {
                Some(_) => refusal.help(format!("a cast converts it: (...)::{to}")),
                None => refusal,
            }
        }
    }
}

/// A literal read as the type it is wanted in. As an operand a number keeps the digits it has; a column's type rounds it.
fn literal(
    text: Option<String>,
    to: &SqlType,
    willingness: Willingness,
    span: Span,
) -> Result<Node, Diagnostic> {
    let Some(text) = text else { return Ok(Node::constant_of(None, to.clone(), span)) };
    if let SqlType::Array(of) = to {
        let elements = array_elements(&text).ok_or_else(|| {
            Diagnostic::new(span, format!("expected {to}, such as '{{a,b}}', found `{text}`"))
        })?;
        let elements =
            elements.into_iter().map(|element| literal(element, of, Willingness::Assignment, span));
        return Ok(super::functions::array(elements.collect::<Result<_, _>>()?, of, span));
    }
    if let SqlType::Numeric { bare, .. } = to
        && (willingness == Willingness::Implicit || (*bare && willingness == Willingness::Explicit))
        && let Some((unscaled, scale)) = parse::decimal(&text)
    {
        return Ok(Node::decimal_constant(unscaled, scale, span));
    }
    match parse::scalar(&text, to) {
        Ok(value) => Ok(Node::constant_of(Some(value), to.clone(), span)),
        Err(message) => Err(Diagnostic::new(span, message)),
    }
}

/// The elements of `{a,"b c",NULL}`; `None` when it is not such.
fn array_elements(text: &str) -> Option<Vec<Option<String>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut rest = inner.trim();
    while !rest.is_empty() {
        let (element, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let mut element = String::new();
                let mut letters = quoted.char_indices();
                loop {
                    match letters.next()? {
                        (at, '"') => break (Some(element), &quoted[at + 1..]),
                        (_, '\\') => element.push(letters.next()?.1),
                        (_, letter) => element.push(letter),
                    }
                }
            }
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let bare = rest[..end].trim();
                if bare.is_empty() || bare.contains(['{', '}', '"']) {
                    return None;
                }
                ((!bare.eq_ignore_ascii_case("null")).then(|| bare.to_owned()), &rest[end..])
            }
        };
        elements.push(element);
        rest = after.trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix(',')?.trim_start();
            if rest.is_empty() {
                return None;
            }
        }
    }
    Some(elements)
}

/// How willing a conversion has to be; `None`: there is none.
fn needed(from: &SqlType, to: &SqlType) -> Option<Willingness> {
    use SqlType::*;
    use Willingness::*;
    let rank = |sql_type: &SqlType| match sql_type {
        SmallInt => Some(0),
        Int => Some(1),
        BigInt => Some(2),
        Numeric { .. } => Some(3),
        Real => Some(4),
        Double => Some(5),
        _ => None,
    };
    if let (Some(from), Some(to)) = (rank(from), rank(to)) {
        return Some(if from <= to { Implicit } else { Assignment });
    }
    Some(match (from, to) {
        (Array(from), Array(to)) => return needed(from, to),
        (Enum(from), Enum(to)) if Arc::ptr_eq(from, to) || from == to => Implicit,
        (Text | Varchar(_) | Char(_), Text | Varchar(_) | Char(_)) => Implicit,
        // PostgreSQL asks for a cast from text to a column of another type; datagen reads it as a literal would be, but for
        // numbers and booleans.
        (Text | Varchar(_) | Char(_), Array(_)) => return None,
        (Text | Varchar(_) | Char(_), _) => Assignment,
        (Enum(_), Text | Varchar(_) | Char(_)) => Assignment,
        (_, Text | Varchar(_) | Char(_)) => Assignment,
        (Date, Timestamp | Timestamptz) | (Timestamp, Timestamptz) => Implicit,
        (Timestamp | Timestamptz, Date | Time) | (Timestamptz, Timestamp) => Assignment,
        (Time, Interval) => Implicit,
        (Interval, Time) => Assignment,
        (Boolean, Int) | (Int, Boolean) => Explicit,
        (Json, Jsonb) | (Jsonb, Json) => Assignment,
        _ => return None,
    })
}

/// Text into a column of another type: constants, and the branches of a CASE, are checked now.
fn assigned_text(node: Node, to: &SqlType) -> Result<Node, Diagnostic> {
    let Node { kind, span, .. } = node;
    let branch = |node: Node| cast(node, to, Willingness::Assignment);
    match kind {
        Kind::Case { arms, otherwise } => {
            let arms = arms.into_iter().map(|(when, then)| Ok((when, branch(then)?)));
            let kind = Kind::Case {
                arms: arms.collect::<Result<_, Diagnostic>>()?,
                otherwise: Box::new(branch(*otherwise)?),
            };
            Ok(Node { kind, sql_type: to.clone(), span })
        }
        Kind::Coalesce(nodes) => {
            let nodes = nodes.into_iter().map(branch).collect::<Result<_, _>>()?;
            Ok(Node { kind: Kind::Coalesce(nodes), sql_type: to.clone(), span })
        }
        Kind::Constant(Some(Scalar::Text(text))) => {
            let text = String::from_utf8(text).expect("text is UTF-8");
            literal(Some(text), to, Willingness::Assignment, span)
        }
        kind => {
            let node = Node { kind, sql_type: SqlType::Text, span };
            // A number or a boolean as text is more likely the wrong column than meant.
            if to.is_number() || *to == SqlType::Boolean {
                return Err(refused(&node, to, Willingness::Assignment));
            }
            Ok(converted(node, to, Willingness::Assignment))
        }
    }
}

/// The conversion, which exists.
fn converted(node: Node, to: &SqlType, willingness: Willingness) -> Node {
    use SqlType::*;
    let (from, span, target) = (node.sql_type.clone(), node.span, to.clone());
    let total = |node, kernel: fn(&evaluate::Arguments<'_>) -> _| Call::total(vec![node], kernel);
    let call = match (&from, to) {
        (SmallInt | Int | BigInt, SmallInt | Int | BigInt) => {
            let (low, high) = from.int_bounds().expect("integers have bounds");
            let (to_low, to_high) = to.int_bounds().expect("integers have bounds");
            if to_low <= low && high <= to_high {
                return Node { sql_type: target, ..node };
            }
            Call::new(vec![node], move |arguments| convert::narrowed(arguments, &target))
        }
        (SmallInt | Int | BigInt | Numeric { .. }, Numeric { precision, scale, bare }) => {
            if *bare && willingness == Willingness::Explicit {
                // `::numeric` leaves the value as it is.
                let (precision, scale) = decimal_shape(&node);
                return decimal(node, precision, scale);
            }
            if matches!(&from, Numeric { precision: p, scale: s, .. } if (p, s) == (precision, scale)) {
                return Node { sql_type: target, ..node };
            }
            let (precision, scale) = (*precision, *scale);
            let from_scale = from.scale().expect("decimals have a scale");
            Call::of_decimal(node, from_scale, move |arguments, from_scale| {
                convert::decimals(arguments, from_scale, precision, scale, &target)
            })
        }
        (Numeric { scale, .. }, SmallInt | Int | BigInt) => {
            let from_scale = *scale;
            let whole = SqlType::Numeric { precision: 38, scale: 0, bare: true };
            return integer_of(node, from_scale, whole, to);
        }
        (SmallInt | Int | BigInt | Numeric { .. }, Real | Double) => {
            let from_scale = from.scale().expect("decimals have a scale");
            Call::total(vec![node], move |arguments| convert::to_double(arguments, from_scale, &target))
        }
        (Real, Double) => return Node { sql_type: target, ..node },
        (Double, Real) => Call::new(vec![node], convert::to_real),
        (Real | Double, SmallInt | Int | BigInt) => {
            Call::new(vec![node], move |arguments| convert::double_to_integer(arguments, &target))
        }
        (Real | Double, Numeric { .. }) => {
            let real = from == Real;
            Call::new(vec![node], move |arguments| convert::double_to_decimal(arguments, real, &target))
        }
        (Boolean, Int) => total(node, convert::bool_to_int),
        (Int, Boolean) => total(node, convert::int_to_bool),
        (Date, Timestamp | Timestamptz) => total(node, convert::date_to_timestamp),
        (Timestamp | Timestamptz, Date) => total(node, convert::timestamp_to_date),
        (Timestamp | Timestamptz, Time) => total(node, convert::timestamp_to_time),
        (Timestamp | Timestamptz, Timestamp | Timestamptz) => return Node { sql_type: target, ..node },
        (Time, Interval) | (Interval, Time) => total(node, convert::time_and_interval),
        (Json, Jsonb) | (Jsonb, Json) | (Enum(_), Enum(_)) => return Node { sql_type: target, ..node },
        (Array(from), Array(of)) => {
            let element = Node { kind: Kind::Input(0), sql_type: (**from).clone(), span };
            let element = converted(element, of, willingness);
            Call::new(vec![node], move |arguments| {
                convert::elements(arguments, &|elements| evaluate::over(&element, elements))
            })
        }
        (_, Text) | (_, Varchar(None)) => {
            Call::new(vec![node], move |arguments| convert::to_text(arguments, &from))
        }
        (Text | Varchar(_) | Char(_), Varchar(Some(_)) | Char(_)) => {
            let too_long = if willingness == Willingness::Explicit { TooLong::Cut } else { TooLong::Refuse };
            Call::new(vec![node], move |arguments| convert::fitted(arguments, &target, too_long))
        }
        (_, Varchar(Some(_)) | Char(_)) => {
            let text = converted(node, &Text, willingness);
            return converted(text, to, willingness);
        }
        (Text | Varchar(_) | Char(_), _) => {
            Call::new(vec![node], move |arguments| convert::parsed(arguments, &target))
        }
        _ => unreachable!("`needed` knows no conversion from {from} to {to}"),
    };
    call.node(to.clone(), span)
}

/// A decimal rounded to an integer type.
fn integer_of(node: Node, from_scale: u8, whole: SqlType, to: &SqlType) -> Node {
    let (span, target) = (node.span, to.clone());
    let call = Call::new(vec![node], move |arguments| {
        let rounded = convert::decimals(arguments, from_scale, 38, 0, &whole)?;
        super::kernel::arithmetic::whole_to_integers(arguments, &rounded, &target)
    });
    call.node(to.clone(), span)
}

/// Digits in all and after the point that a number's exact value needs; of constants, those they have.
pub(super) fn decimal_shape(node: &Node) -> (u8, u8) {
    let (precision, scale) = match &node.sql_type {
        SqlType::SmallInt => (5, 0),
        SqlType::Int => (10, 0),
        SqlType::BigInt => (19, 0),
        SqlType::Numeric { precision, scale, .. } => (*precision, *scale),
        other => unreachable!("{other} is no exact number"),
    };
    let of_value = |value: i128| (digits(value).max(scale).max(1), scale);
    match node.constant() {
        Some(Some(Scalar::Int(value))) => of_value(value as i128),
        Some(Some(Scalar::Wide(value))) => of_value(value),
        _ => (precision, scale),
    }
}

/// An exact number as a decimal of at least its own digits: never rounded, so it fails only beyond 38 digits.
pub(super) fn decimal(node: Node, precision: u8, scale: u8) -> Node {
    let (_, own_scale) = decimal_shape(&node);
    let target = SqlType::Numeric { precision, scale, bare: true };
    let (span, layout) = (node.span, node.sql_type.layout());
    match (layout, target.layout()) {
        (Layout::Int, Layout::Int) if own_scale == scale => Node { sql_type: target, ..node },
        (Layout::Wide, Layout::Wide) if own_scale == scale => Node { sql_type: target, ..node },
        // Evaluation widens integers for those who do not take them so.
        (Layout::Int, Layout::Wide) if own_scale == scale && node.constant().is_none() => {
            Node { sql_type: target, ..node }
        }
        (_, Layout::Wide) => {
            Call::new(vec![node], move |arguments| convert::widened(arguments, own_scale, scale))
                .narrowing()
                .node(target, span)
        }
        _ => {
            let of = target.clone();
            Call::new(vec![node], move |arguments| {
                convert::decimals(arguments, own_scale, precision, scale, &of)
            })
            .narrowing()
            .node(target, span)
        }
    }
}
