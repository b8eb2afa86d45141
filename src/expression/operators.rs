//! The operators: which types they take, what type they give, which loop computes them.

use super::cast::{Willingness, cast, decimal, decimal_shape};
use super::kernel::arithmetic::{self, Operator};
use super::kernel::compare::{self, Comparison, Order};
use super::kernel::wide::MovedPoint;
use super::kernel::{map2, temporal};
use super::tree::{Call, Kind, Node};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::parse::Scalar;
use crate::value::{Data, SqlType};

/// Digits after the point that are kept of a quotient, and of products whose digits would exceed 38. PostgreSQL gives most
/// quotients 16 to 20; see [`super::kernel::wide::quotient_scale`].
const KEPT_SCALE: u8 = 20;

/// What an operator wants is an operand with a type; texts in quotes take the other's.
fn settled(a: Node, b: Node) -> Result<(Node, Node), Diagnostic> {
    Ok(match (a.is_open(), b.is_open()) {
        (true, false) => (cast(a, &b.sql_type, Willingness::Implicit)?, b),
        (false, true) => {
            let b = cast(b, &a.sql_type, Willingness::Implicit)?;
            (a, b)
        }
        _ => (a, b),
    })
}

/// `a + b`, `a - b`, `a * b`, `a / b`, `a % b`.
pub(super) fn arithmetic(operator: Operator, a: Node, b: Node, span: Span) -> Result<Node, Diagnostic> {
    if a.sql_type.is_number() || b.sql_type.is_number() {
        let with_interval = a.sql_type == SqlType::Interval
            || b.sql_type == SqlType::Interval
            || a.sql_type.is_temporal()
            || b.sql_type.is_temporal();
        if !with_interval {
            let (a, b) = settled(a, b)?;
            if a.sql_type.is_number() && b.sql_type.is_number() {
                return Ok(numbers(operator, a, b, span));
            }
            return Err(no_operator(operator.symbol(), &a, &b, span));
        }
    }
    let (a, b) = settled_times(operator, a, b)?;
    times(operator, a, b, span)
}

impl Operator {
    /// As written.
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Modulo => "%",
        }
    }
}

fn no_operator(symbol: &str, a: &Node, b: &Node, span: Span) -> Diagnostic {
    let (left, right) = (&a.sql_type, &b.sql_type);
    let refusal = Diagnostic::new(span, format!("operator does not exist: {left} {symbol} {right}"));
    match (a.sql_type.is_text(), b.sql_type.is_text()) {
        (true, false) | (false, true) => {
            refusal.help("a cast converts one to the type of the other: (...)::type")
        }
        _ => refusal,
    }
}

fn numbers(operator: Operator, a: Node, b: Node, span: Span) -> Node {
    use SqlType::*;
    match (&a.sql_type, &b.sql_type) {
        (Real, Real) => floating(operator, a, b, true, span),
        (Real | Double, _) | (_, Real | Double) => floating(operator, a, b, false, span),
        (Numeric { .. }, _) | (_, Numeric { .. }) => decimals(operator, a, b, span).narrow(),
        _ => {
            let sql_type = wider(&a.sql_type, &b.sql_type);
            let of = sql_type.clone();
            Call::new(vec![a, b], move |arguments| arithmetic::integers(arguments, operator, &of))
                .node(sql_type, span)
        }
    }
}

/// The wider of two integer types.
fn wider(a: &SqlType, b: &SqlType) -> SqlType {
    let width = |sql_type: &SqlType| sql_type.int_bounds().map(|(_, high)| high);
    if width(a) >= width(b) { a.clone() } else { b.clone() }
}

fn floating(operator: Operator, a: Node, b: Node, real: bool, span: Span) -> Node {
    let sql_type = if real { SqlType::Real } else { SqlType::Double };
    let convert = |node| cast(node, &sql_type, Willingness::Implicit).expect("numbers become doubles");
    let call = Call::new(vec![convert(a), convert(b)], move |arguments| {
        arithmetic::doubles(arguments, operator, real)
    });
    call.node(sql_type.clone(), span)
}

fn decimals(operator: Operator, a: Node, b: Node, span: Span) -> Node {
    let ((a_digits, a_scale), (b_digits, b_scale)) = (decimal_shape(&a), decimal_shape(&b));
    let scale = a_scale.max(b_scale);
    let whole = (a_digits - a_scale).max(b_digits - b_scale);
    let derived =
        |precision: u8, scale: u8| SqlType::Numeric { precision: precision.min(38), scale, bare: true };
    match operator {
        Operator::Add | Operator::Subtract => {
            let precision = whole + 1 + scale;
            if precision <= 18 {
                let parts = vec![decimal(a, precision, scale), decimal(b, precision, scale)];
                return Call::total(parts, move |arguments| arithmetic::small_decimals(arguments, operator))
                    .node(derived(precision, scale), span);
            }
            let parts = vec![decimal(a, 38, scale), decimal(b, 38, scale)];
            let subtract = operator == Operator::Subtract;
            let call = Call::new(parts, move |arguments| arithmetic::wide_sums(arguments, subtract));
            call.narrowing().node(derived(precision.max(19), scale), span)
        }
        Operator::Multiply => {
            let (precision, full_scale) = (a_digits + b_digits, a_scale + b_scale);
            if precision <= 18 {
                let parts = vec![decimal(a, a_digits, a_scale), decimal(b, b_digits, b_scale)];
                return Call::total(parts, move |arguments| arithmetic::small_decimals(arguments, operator))
                    .node(derived(precision, full_scale), span);
            }
            // Only products of quotients and the like lose digits, beyond the 20th after the point.
            let kept = if precision > 38 { full_scale.min(scale.max(KEPT_SCALE)) } else { full_scale };
            let cut = full_scale - kept;
            let parts = vec![decimal(a, 38, a_scale), decimal(b, 38, b_scale)];
            let call = Call::new(parts, move |arguments| arithmetic::wide_products(arguments, cut));
            call.narrowing().node(derived(precision, kept), span)
        }
        Operator::Divide => {
            // The quotient may have as many digits before the point as a with all of b's places; of a dividend with all
            // 38 digits (a sum) nothing is known.
            let before = if a_digits < 38 { a_digits - a_scale + b_scale } else { 0 };
            let kept = KEPT_SCALE.min(38u8.saturating_sub(before)).max(scale);
            let parts = vec![decimal(a, 38, a_scale), decimal(b, 38, b_scale)];
            let moves_point = match parts[1].constant() {
                Some(Some(Scalar::Wide(b))) => MovedPoint::new(a_scale, b, b_scale, kept),
                _ => None,
            };
            let call =
                Call::new(parts, move |arguments| arithmetic::quotients(arguments, a_scale, b_scale, kept));
            Call { moves_point, ..call.narrowing() }.node(derived(38, kept), span)
        }
        Operator::Modulo => {
            let precision = whole + scale;
            let width = if precision <= 18 { precision } else { 38 };
            let parts = vec![decimal(a, width, scale), decimal(b, width, scale)];
            Call::new(parts, arithmetic::rests).node(derived(width, scale), span)
        }
    }
}

/// Literals beside dates, times and intervals: `created_at + '6 days'`, `shipped - '2026-01-01'`.
fn settled_times(operator: Operator, a: Node, b: Node) -> Result<(Node, Node), Diagnostic> {
    let wanted = |other: &Node| match (operator, &other.sql_type) {
        (Operator::Add, SqlType::Date | SqlType::Time | SqlType::Timestamp | SqlType::Timestamptz) => {
            SqlType::Interval
        }
        (Operator::Multiply | Operator::Divide, SqlType::Interval) => SqlType::Double,
        (_, other) => other.clone(),
    };
    Ok(match (a.is_open(), b.is_open()) {
        (true, false) => (cast(a, &wanted(&b), Willingness::Implicit)?, b),
        (false, true) => {
            let b = match parse_interval_beside(operator, &a, &b) {
                true => cast(b, &SqlType::Interval, Willingness::Implicit)?,
                false => cast(b, &wanted(&a), Willingness::Implicit)?,
            };
            (a, b)
        }
        _ => (a, b),
    })
}

/// `timestamp - '1 day'`: a literal that reads as no timestamp is an interval.
fn parse_interval_beside(operator: Operator, a: &Node, b: &Node) -> bool {
    let Kind::Literal(Some(text)) = &b.kind else { return false };
    operator == Operator::Subtract
        && a.sql_type.is_temporal()
        && crate::value::parse::scalar(text, &a.sql_type).is_err()
}

fn times(operator: Operator, a: Node, b: Node, span: Span) -> Result<Node, Diagnostic> {
    use Operator::*;
    use SqlType::*;
    let subtract = operator == Subtract;
    // + commutes: the date or time stands first.
    let swap = operator == Add
        && (matches!(a.sql_type, Interval) && b.sql_type.is_temporal()
            || a.sql_type.is_integer() && b.sql_type == Date
            || a.sql_type == Time && b.sql_type == Date)
        || operator == Multiply && b.sql_type == Interval;
    let (a, b) = if swap { (b, a) } else { (a, b) };
    let implicit = |node, to| cast(node, to, Willingness::Implicit);
    let (call, sql_type) = match (operator, a.sql_type.clone(), b.sql_type.clone()) {
        (Add | Subtract, Date, SmallInt | Int | BigInt) => {
            (Call::new(vec![a, b], move |arguments| temporal::date_and_days(arguments, subtract)), Date)
        }
        (Add, Date, Time) => (Call::total(vec![a, b], temporal::date_and_time), Timestamp),
        (Subtract, Date, Date) => (Call::total(vec![a, b], temporal::days_between), Int),
        (Add | Subtract, from @ (Date | Timestamp | Timestamptz), Interval) => {
            let to = if from == Date { Timestamp } else { from };
            let (a, of) = (implicit(a, &to)?, to.clone());
            let call = Call::new(vec![a, b], move |arguments| {
                temporal::timestamp_and_interval(arguments, subtract, &of)
            });
            (call, to)
        }
        (Add | Subtract, Time, Interval) => {
            (Call::total(vec![a, b], move |arguments| temporal::time_and_interval(arguments, subtract)), Time)
        }
        (Subtract, Time, Time)
        | (Subtract, Date | Timestamp | Timestamptz, Date | Timestamp | Timestamptz) => {
            let to = common(&[&a, &b]).ok_or_else(|| no_operator("-", &a, &b, span))?;
            (Call::total(vec![implicit(a, &to)?, implicit(b, &to)?], temporal::interval_between), Interval)
        }
        (Add | Subtract, Interval, Interval) => {
            (Call::new(vec![a, b], move |arguments| temporal::interval_sums(arguments, subtract)), Interval)
        }
        (Multiply | Divide, Interval, number) if number.is_number() => {
            let b = implicit(b, &Double)?;
            let divide = operator == Divide;
            let call =
                Call::new(vec![a, b], move |arguments| temporal::interval_multiples(arguments, divide));
            (call, Interval)
        }
        _ => {
            let (a, b) = if swap { (b, a) } else { (a, b) };
            return Err(no_operator(operator.symbol(), &a, &b, span));
        }
    };
    Ok(call.node(sql_type, span))
}

/// `-a`.
pub(super) fn negated(a: Node, span: Span) -> Result<Node, Diagnostic> {
    let a = if a.is_open() { cast(a, &SqlType::Double, Willingness::Implicit)? } else { a };
    let sql_type = a.sql_type.clone();
    if sql_type == SqlType::Interval {
        return Ok(Call::new(vec![a], temporal::negated_intervals).node(sql_type, span));
    }
    if !sql_type.is_number() {
        return Err(Diagnostic::new(span, format!("operator does not exist: - {sql_type}")));
    }
    let of = sql_type.clone();
    Ok(Call::new(vec![a], move |arguments| arithmetic::negated(arguments, &of)).node(sql_type, span))
}

/// `a ^ b`, and the function `power`.
pub(super) fn power(a: Node, b: Node, span: Span) -> Result<Node, Diagnostic> {
    let arguments = vec![
        cast(a, &SqlType::Double, Willingness::Implicit)?,
        cast(b, &SqlType::Double, Willingness::Implicit)?,
    ];
    let call = Call::new(arguments, |arguments| {
        let (a, b) = (arguments.values[0].floats(), arguments.values[1].floats());
        let values = arguments.each(|at| match (a.get(at), b.get(at)) {
            (0.0, b) if b < 0.0 => Err("zero raised to a negative power is undefined".into()),
            (a, b) if a < 0.0 && libm::trunc(b) != b => {
                Err("a negative number raised to a non-integer power yields a complex result".into())
            }
            (a, b) => match libm::pow(a, b) {
                value if value.is_infinite() && a.is_finite() && b.is_finite() => {
                    Err("value out of range: overflow".into())
                }
                value => Ok(value),
            },
        })?;
        Ok(Data::Float(values).into())
    });
    Ok(call.node(SqlType::Double, span))
}

/// `a || b`: of texts (anything beside a text becomes one) or of arrays.
pub(super) fn concatenated(a: Node, b: Node, span: Span) -> Result<Node, Diagnostic> {
    let is_text = |node: &Node| node.is_open() || node.sql_type.is_text();
    if !is_text(&a) && !is_text(&b) {
        return Err(no_operator("||", &a, &b, span).help("one side must be text: write `a::text || b`"));
    }
    let text = |node| cast(node, &SqlType::Text, Willingness::Assignment);
    let call = Call::new(vec![text(a)?, text(b)?], |arguments| {
        let [a, b] = arguments.values else { unreachable!("two operands") };
        arguments.texts(|at, out| {
            out.extend_from_slice(a.bytes(at));
            out.extend_from_slice(b.bytes(at));
            Ok(())
        })
    });
    Ok(Node { ..call.node(SqlType::Text, span) })
}

/// `a = b` and its kin.
pub(super) fn comparison(
    comparison: Comparison,
    symbol: &str,
    a: Node,
    b: Node,
    span: Span,
) -> Result<Node, Diagnostic> {
    let (nodes, order) = comparable(vec![a, b], symbol, span)?;
    let call = Call::total(nodes, move |arguments| compare::compare(arguments, comparison, &order));
    Ok(call.node(SqlType::Boolean, span))
}

/// `a IS [NOT] DISTINCT FROM b`.
pub(super) fn distinct(a: Node, b: Node, negated: bool, span: Span) -> Result<Node, Diagnostic> {
    let (nodes, order) = comparable(vec![a, b], "IS DISTINCT FROM", span)?;
    let call = Call::total(nodes, move |arguments| compare::distinct(arguments, negated, &order));
    Ok(call.with_nulls().node(SqlType::Boolean, span))
}

/// `value [NOT] IN (list)`; the value stands first.
pub(super) fn among(nodes: Vec<Node>, negated: bool, span: Span) -> Result<Node, Diagnostic> {
    let (nodes, order) = comparable(nodes, "=", span)?;
    let call = Call::total(nodes, move |arguments| compare::among(arguments, negated, &order));
    Ok(call.with_nulls().node(SqlType::Boolean, span))
}

/// Values of one type, and how it is ordered.
fn comparable(nodes: Vec<Node>, symbol: &str, span: Span) -> Result<(Vec<Node>, Order), Diagnostic> {
    let Some(sql_type) = common(&nodes.iter().collect::<Vec<_>>()) else {
        let other = nodes.iter().find(|node| common(&[&nodes[0], node]).is_none()).unwrap_or(&nodes[1]);
        return Err(no_operator(symbol, &nodes[0], other, span));
    };
    let sql_type = match sql_type {
        // json has no equality in PostgreSQL.
        SqlType::Json | SqlType::Jsonb => return Err(no_operator(symbol, &nodes[0], &nodes[1], span)),
        sql_type => sql_type,
    };
    let order = Order::of(&sql_type);
    Ok((aligned(nodes, &sql_type)?, order))
}

/// The type that all values can take without loss; `None` when there is none.
pub(super) fn common(nodes: &[&Node]) -> Option<SqlType> {
    let mut settled = nodes.iter().filter(|node| !node.is_open());
    let Some(first) = settled.next() else { return Some(SqlType::Text) };
    settled.try_fold(shaped(first), |common, node| joined(&common, &shaped(node)))
}

/// The type with the digits a constant has.
fn shaped(node: &Node) -> SqlType {
    match node.sql_type {
        SqlType::Numeric { .. } => {
            let (precision, scale) = decimal_shape(node);
            SqlType::Numeric { precision, scale, bare: true }
        }
        _ => node.sql_type.clone(),
    }
}

fn joined(a: &SqlType, b: &SqlType) -> Option<SqlType> {
    use SqlType::*;
    if a == b {
        return Some(a.clone());
    }
    let rank = |sql_type: &SqlType| match sql_type {
        SmallInt => Some(0),
        Int => Some(1),
        BigInt => Some(2),
        Numeric { .. } => Some(3),
        Real => Some(4),
        Double => Some(5),
        _ => None,
    };
    let shape = |sql_type: &SqlType| match sql_type {
        SmallInt => (5, 0),
        Int => (10, 0),
        BigInt => (19, 0),
        Numeric { precision, scale, .. } => (*precision - *scale, *scale),
        _ => (0, 0),
    };
    Some(match (a, b) {
        (Numeric { .. }, SmallInt | Int | BigInt | Numeric { .. })
        | (SmallInt | Int | BigInt, Numeric { .. }) => {
            let ((a_whole, a_scale), (b_whole, b_scale)) = (shape(a), shape(b));
            let scale = a_scale.max(b_scale);
            let precision = (a_whole.max(b_whole) + scale).clamp(1, 38);
            Numeric { precision, scale, bare: true }
        }
        (Date, Timestamp) | (Timestamp, Date) => Timestamp,
        (Date | Timestamp, Timestamptz) | (Timestamptz, Date | Timestamp) => Timestamptz,
        (Text | Varchar(_) | Char(_), Text | Varchar(_) | Char(_)) => Text,
        (Array(a), Array(b)) => Array(Box::new(joined(a, b)?)),
        _ => match (rank(a)?, rank(b)?) {
            (a_rank, b_rank) if a_rank >= b_rank => a.clone(),
            _ => b.clone(),
        },
    })
}

/// The values in a type that [`common`] found.
pub(super) fn aligned(nodes: Vec<Node>, sql_type: &SqlType) -> Result<Vec<Node>, Diagnostic> {
    // A literal may bring digits that the others do not have.
    let mut nodes = nodes
        .into_iter()
        .map(|node| if node.is_open() { cast(node, sql_type, Willingness::Implicit) } else { Ok(node) })
        .collect::<Result<Vec<_>, _>>()?;
    let SqlType::Numeric { .. } = sql_type else {
        for node in &mut nodes {
            *node = cast(node.clone(), sql_type, Willingness::Implicit)?;
        }
        return Ok(nodes);
    };
    let shapes = || nodes.iter().filter(|node| !node.is_null()).map(decimal_shape);
    let scale = shapes().map(|(_, scale)| scale).max().unwrap_or(0);
    let whole = shapes().map(|(precision, scale)| precision - scale).max().unwrap_or(1);
    let precision = (whole + scale).clamp(1, 38);
    let null =
        |node: &Node| Node::constant_of(None, SqlType::Numeric { precision, scale, bare: true }, node.span);
    Ok(nodes
        .into_iter()
        .map(|node| if node.is_null() { null(&node) } else { decimal(node, precision, scale) })
        .collect())
}

/// Values of one type for CASE, coalesce, greatest, ARRAY: the type, and the values in it.
pub(super) fn unified(nodes: Vec<Node>, what: &str) -> Result<(SqlType, Vec<Node>), Diagnostic> {
    let references: Vec<&Node> = nodes.iter().collect();
    let Some(sql_type) = common(&references) else {
        let first = nodes.iter().find(|node| !node.is_open()).unwrap_or(&nodes[0]);
        let other = nodes.iter().find(|node| common(&[first, node]).is_none()).unwrap_or(&nodes[0]);
        return Err(other
            .wrong(format!("{what} types {} and {} cannot be matched", first.sql_type, other.sql_type))
            .label(format!("this is {}", other.sql_type)));
    };
    let nodes = aligned(nodes, &sql_type)?;
    Ok((nodes[0].sql_type.clone(), nodes))
}

/// `NOT a`.
pub(super) fn not(a: Node, span: Span) -> Result<Node, Diagnostic> {
    let a = cast(a, &SqlType::Boolean, Willingness::Implicit)?;
    let call = Call::total(vec![a], |arguments| {
        Data::Bool(super::kernel::map1(arguments.values[0].bools(), arguments.len, |value| !value)).into()
    });
    Ok(call.node(SqlType::Boolean, span))
}

/// `a IS [NOT] NULL`.
pub(super) fn is_null(a: Node, negated: bool, span: Span) -> Node {
    let call = Call::total(vec![a], move |arguments| {
        let a = &arguments.values[0];
        Data::Bool((0..arguments.len).map(|at| a.is_valid(at) == negated).collect()).into()
    });
    call.with_nulls().node(SqlType::Boolean, span)
}

/// `a IS [NOT] TRUE` (`wanted` true) and `FALSE`.
pub(super) fn is_bool(a: Node, wanted: bool, negated: bool, span: Span) -> Result<Node, Diagnostic> {
    let a = cast(a, &SqlType::Boolean, Willingness::Implicit)?;
    let call = Call::total(vec![a], move |arguments| {
        let a = &arguments.values[0];
        let values = a.bools();
        let is = |at| a.is_valid(at) && values.get(at) == wanted;
        Data::Bool((0..arguments.len).map(|at| is(at) != negated).collect()).into()
    });
    Ok(call.with_nulls().node(SqlType::Boolean, span))
}

/// `a AND b` and `a OR b`, flattened.
pub(super) fn connected(or: bool, a: Node, b: Node, span: Span) -> Result<Node, Diagnostic> {
    let mut nodes = Vec::new();
    for node in [
        cast(a, &SqlType::Boolean, Willingness::Implicit)?,
        cast(b, &SqlType::Boolean, Willingness::Implicit)?,
    ] {
        match node.kind {
            Kind::And(parts) if !or => nodes.extend(parts),
            Kind::Or(parts) if or => nodes.extend(parts),
            _ => nodes.push(node),
        }
    }
    let foldable = nodes.iter().all(|node| node.constant().is_some());
    let kind = if or { Kind::Or(nodes) } else { Kind::And(nodes) };
    Ok(Node { kind, sql_type: SqlType::Boolean, span }.folded_if(foldable))
}

/// `a & b`, `a | b`, `a # b` of integers.
pub(super) fn bits(symbol: &'static str, a: Node, b: Node, span: Span) -> Result<Node, Diagnostic> {
    let (a, b) = settled(a, b)?;
    if !a.sql_type.is_integer() || !b.sql_type.is_integer() {
        return Err(no_operator(symbol, &a, &b, span));
    }
    let sql_type = wider(&a.sql_type, &b.sql_type);
    let call = Call::total(vec![a, b], move |arguments| {
        let (a, b) = (arguments.values[0].ints(), arguments.values[1].ints());
        Data::Int(match symbol {
            "&" => map2(a, b, arguments.len, |a, b| a & b),
            "|" => map2(a, b, arguments.len, |a, b| a | b),
            _ => map2(a, b, arguments.len, |a, b| a ^ b),
        })
        .into()
    });
    Ok(call.node(sql_type, span))
}
