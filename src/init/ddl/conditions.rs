//! CHECK conditions and defaults: written plainly, and what they say of single columns.

use super::elements::{folded, last_part};
use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    ObjectName, ObjectNamePart, UnaryOperator, Value,
};

/// What conditions say of columns.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The column is at least, or more than, a literal.
    AtLeast { column: String, value: String, is_strict: bool },
    /// The column is at most, or less than, a literal.
    AtMost { column: String, value: String, is_strict: bool },
    /// The column is one of these literals.
    OneOf { column: String, values: Vec<String> },
    /// The column matches a whole regular expression.
    Matches { column: String, pattern: String },
    /// The second column is at least, or more than, the first.
    InOrder { first: String, second: String, is_strict: bool },
    /// The column is what an expression over others gives.
    Equals { column: String, expression: String },
    /// The column has a value where a condition over others holds, and only there.
    PresentWhen { column: String, condition: String },
    /// Both columns are null, or neither.
    NullTogether { first: String, second: String },
    /// The column lies between expressions over others.
    Within { column: String, low: String, high: String },
}

/// An expression as a person would write it: without the casts and parentheses that PostgreSQL adds, and with its names folded.
/// `is_text` tells which columns are texts.
pub fn plain(expression: &Expr, is_text: &dyn Fn(&str) -> bool) -> Expr {
    unwrapped(Plain { is_text }.of(expression))
}

fn unwrapped(expression: Expr) -> Expr {
    match expression {
        Expr::Nested(inner) => unwrapped(*inner),
        other => other,
    }
}

struct Plain<'a> {
    is_text: &'a dyn Fn(&str) -> bool,
}

impl Plain<'_> {
    fn of(&self, expression: &Expr) -> Expr {
        let boxed = |inner: &Expr| Box::new(self.of(inner));
        match expression {
            Expr::Identifier(name) => Expr::Identifier(identifier(folded(name))),
            // `orders.total` in a CHECK of orders.
            Expr::CompoundIdentifier(names) => {
                names.last().map_or(expression.clone(), |name| Expr::Identifier(identifier(folded(name))))
            }
            Expr::Nested(inner) => {
                let inner = unwrapped(self.of(inner));
                if is_atom(&inner) { inner } else { Expr::Nested(Box::new(inner)) }
            }
            Expr::Cast { expr, data_type, .. } => self.cast(expr, data_type, expression),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::UnaryOp { op, expr } => Expr::UnaryOp { op: *op, expr: boxed(expr) },
            Expr::IsNull(inner) => Expr::IsNull(boxed(inner)),
            Expr::IsNotNull(inner) => Expr::IsNotNull(boxed(inner)),
            Expr::Between { expr, negated, low, high } => Expr::Between {
                expr: Box::new(self.operand(expr)),
                negated: *negated,
                low: Box::new(self.operand(low)),
                high: Box::new(self.operand(high)),
            },
            Expr::InList { expr, list, negated } => Expr::InList {
                expr: Box::new(self.operand(expr)),
                list: list.iter().map(|item| self.operand(item)).collect(),
                negated: *negated,
            },
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
                self.list(left, right, false, expression)
            }
            Expr::AllOp { left, compare_op: BinaryOperator::NotEq, right } => {
                self.list(left, right, true, expression)
            }
            Expr::Function(function) => {
                let mut function = function.clone();
                if let FunctionArguments::List(list) = &mut function.args {
                    for argument in &mut list.args {
                        if let FunctionArg::Unnamed(FunctionArgExpr::Expr(inner)) = argument {
                            *inner = self.of(inner);
                        }
                    }
                }
                Expr::Function(function)
            }
            other => other.clone(),
        }
    }

    fn binary(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Expr {
        let is_logical = matches!(op, BinaryOperator::And | BinaryOperator::Or);
        let side = |side: &Expr| match is_logical {
            true => without_needless(self.of(side), op),
            false if is_comparison(op) => self.operand(side),
            false => self.of(side),
        };
        Expr::BinaryOp { left: Box::new(side(left)), op: op.clone(), right: Box::new(side(right)) }
    }

    /// A side of a comparison: there a literal takes the type of the other side.
    fn operand(&self, expression: &Expr) -> Expr {
        let plain = self.of(expression);
        let mut bare = unwrapped(plain.clone());
        let mut is_number = false;
        while let Expr::Cast { expr, data_type, .. } = bare {
            is_number |=
                !matches!(data_type, DataType::Text | DataType::Date | DataType::CharacterVarying(_));
            bare = unwrapped(*expr);
        }
        match literal(&bare) {
            // `'-1000'::integer` is how PostgreSQL stores a number below zero.
            Some(text) if is_number && text.parse::<f64>().is_ok() => number(text),
            Some(_) => bare,
            None => plain,
        }
    }

    fn cast(&self, inner: &Expr, data_type: &DataType, whole: &Expr) -> Expr {
        let inner = unwrapped(self.of(inner));
        // `(status)::text` of a varchar column says nothing.
        if let (Expr::Identifier(name), DataType::Text) = (&inner, data_type)
            && (self.is_text)(&name.value)
        {
            return inner;
        }
        let data_type = match data_type {
            DataType::Custom(name, modifiers) => {
                let last = ObjectNamePart::Identifier(identifier(last_part(name)));
                DataType::Custom(ObjectName(vec![last]), modifiers.clone())
            }
            other => other.clone(),
        };
        match whole {
            Expr::Cast { array, format, .. } => {
                let inner = if is_atom(&inner) { inner } else { Expr::Nested(Box::new(inner)) };
                Expr::Cast {
                    kind: CastKind::DoubleColon,
                    expr: Box::new(inner),
                    data_type,
                    array: *array,
                    format: format.clone(),
                }
            }
            _ => inner,
        }
    }

    /// `x = ANY (ARRAY[...])`, which is how PostgreSQL stores `x IN (...)`.
    fn list(&self, left: &Expr, right: &Expr, negated: bool, whole: &Expr) -> Expr {
        let mut array = unwrapped(right.clone());
        while let Expr::Cast { expr, .. } = array {
            array = unwrapped(*expr);
        }
        match array {
            Expr::Array(array) => Expr::InList {
                expr: Box::new(self.operand(left)),
                list: array.elem.iter().map(|item| self.operand(item)).collect(),
                negated,
            },
            _ => whole.clone(),
        }
    }
}

fn number(text: String) -> Expr {
    Expr::Value(Value::Number(text, false).into())
}

/// Comparisons need no parentheses under AND and OR, nor does AND under AND.
fn without_needless(side: Expr, op: &BinaryOperator) -> Expr {
    let Expr::Nested(inner) = &side else { return side };
    let is_needless = match &**inner {
        Expr::BinaryOp { op: inner, .. } => is_comparison(inner) || inner == op,
        Expr::InList { .. } | Expr::IsNull(_) | Expr::IsNotNull(_) => true,
        _ => false,
    };
    if is_needless { (**inner).clone() } else { side }
}

fn is_comparison(op: &BinaryOperator) -> bool {
    use BinaryOperator::{
        Eq, Gt, GtEq, Lt, LtEq, NotEq, PGLikeMatch, PGRegexIMatch, PGRegexMatch, PGRegexNotIMatch,
        PGRegexNotMatch,
    };
    matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq | PGLikeMatch)
        || matches!(op, PGRegexMatch | PGRegexIMatch | PGRegexNotMatch | PGRegexNotIMatch)
}

fn is_atom(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Identifier(_) | Expr::Value(_) | Expr::Function(_) | Expr::Nested(_) | Expr::Cast { .. }
    )
}

fn is_literal(expression: &Expr) -> bool {
    literal(expression).is_some()
}

/// The text of a literal.
pub fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => Some(number.to_string()),
            Value::SingleQuotedString(text) => Some(text.clone()),
            Value::Boolean(value) => Some(value.to_string()),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
            Some(format!("-{}", literal(&unwrapped((**expr).clone()))?))
        }
        _ => None,
    }
}

fn identifier(name: String) -> Ident {
    // Quotes where PostgreSQL wants them, so that the name is read as it is.
    let needs_quotes = crate::value::text::quote_identifier(&name) != name;
    if needs_quotes { Ident::with_quote('"', name) } else { Ident::new(name) }
}

/// A default as a person would write it: a literal takes the column's type without being told.
pub fn plain_default(default: &Expr) -> Expr {
    let plain = plain(default, &|_| false);
    match &plain {
        Expr::Cast { expr, .. } if is_literal(expr) => (**expr).clone(),
        _ => plain,
    }
}

/// What a plain condition says of columns; what is said under NOT is not seen, nor under OR but for
/// `x IS NULL OR ...`.
pub fn facts(condition: &Expr) -> Vec<Fact> {
    match condition {
        Expr::Nested(inner) => facts(inner),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            if let Some(fact) = between(left, right) {
                return vec![fact];
            }
            let mut found = facts(left);
            found.extend(facts(right));
            found
        }
        // Where there is no value, nothing is demanded.
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => match (&**left, &**right) {
            (Expr::IsNull(_), condition) | (condition, Expr::IsNull(_)) => facts(condition),
            _ => vec![],
        },
        Expr::BinaryOp { left, op, right } => compared(left, op, right).into_iter().collect(),
        Expr::Between { expr, negated: false, low, high } => {
            let Some(column) = column_of(expr) else { return vec![] };
            let (Some(low), Some(high)) = (literal(low), literal(high)) else {
                return vec![Fact::Within { column, low: low.to_string(), high: high.to_string() }];
            };
            vec![
                Fact::AtLeast { column: column.clone(), value: low, is_strict: false },
                Fact::AtMost { column, value: high, is_strict: false },
            ]
        }
        Expr::InList { expr, list, negated: false } => {
            let values: Option<Vec<String>> = list.iter().map(literal).collect();
            match (column_of(expr), values) {
                (Some(column), Some(values)) => vec![Fact::OneOf { column, values }],
                _ => vec![],
            }
        }
        _ => vec![],
    }
}

fn column_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Identifier(name) => Some(name.value.clone()),
        Expr::Nested(inner) => column_of(inner),
        _ => None,
    }
}

/// Both bounds of one column as expressions: `a >= b + 14 AND a <= b + 30`, which is how PostgreSQL stores BETWEEN.
fn between(left: &Expr, right: &Expr) -> Option<Fact> {
    let side = |side: &Expr, wanted: BinaryOperator| match unwrapped(side.clone()) {
        Expr::BinaryOp { left, op, right } if op == wanted && literal(&right).is_none() => {
            Some((column_of(&left)?, unwrapped(*right).to_string()))
        }
        _ => None,
    };
    let (column, low) = side(left, BinaryOperator::GtEq)?;
    let (other, high) = side(right, BinaryOperator::LtEq)?;
    (column == other).then_some(Fact::Within { column, low, high })
}

fn compared(left: &Expr, op: &BinaryOperator, right: &Expr) -> Option<Fact> {
    // Whatever case is asked for is allowed where any is.
    let is_match = matches!(op, BinaryOperator::PGRegexMatch | BinaryOperator::PGRegexIMatch);
    if let (Some(column), true, Some(regex)) = (column_of(left), is_match, literal(right)) {
        let pattern = regex.strip_prefix('^')?.strip_suffix('$')?.to_owned();
        return Some(Fact::Matches { column, pattern });
    }
    let (is_more, is_strict) = match op {
        BinaryOperator::Gt => (true, true),
        BinaryOperator::GtEq => (true, false),
        BinaryOperator::Lt => (false, true),
        BinaryOperator::LtEq => (false, false),
        BinaryOperator::Eq if column_of(left).is_none() && column_of(right).is_none() => {
            return match (present(left), present(right)) {
                (Some((first, is_present)), Some((second, other))) => {
                    (is_present == other).then_some(Fact::NullTogether { first, second })
                }
                (Some((column, true)), None) => present_when(column, right),
                (None, Some((column, true))) => present_when(column, left),
                _ => None,
            };
        }
        BinaryOperator::Eq => {
            // `net + tax = gross` says the same as `gross = net + tax`.
            let (column, other) = match column_of(left) {
                Some(column) => (column, right),
                None => (column_of(right)?, left),
            };
            return Some(match literal(other) {
                Some(value) => Fact::OneOf { column, values: vec![value] },
                None => Fact::Equals { column, expression: unwrapped(other.clone()).to_string() },
            });
        }
        _ => return None,
    };
    let bound = |column: String, value: String, is_more: bool| match is_more {
        true => Fact::AtLeast { column, value, is_strict },
        false => Fact::AtMost { column, value, is_strict },
    };
    match (column_of(left), literal(left), column_of(right), literal(right)) {
        (Some(column), _, _, Some(value)) => Some(bound(column, value, is_more)),
        (_, Some(value), Some(column), _) => Some(bound(column, value, !is_more)),
        (Some(left), _, Some(right), _) => {
            let (first, second) = if is_more { (right, left) } else { (left, right) };
            Some(Fact::InOrder { first, second, is_strict })
        }
        _ => None,
    }
}

/// The column that must be null, or must not be.
fn present(expression: &Expr) -> Option<(String, bool)> {
    match expression {
        Expr::Nested(inner) => present(inner),
        Expr::IsNull(inner) => Some((column_of(inner)?, false)),
        Expr::IsNotNull(inner) => Some((column_of(inner)?, true)),
        _ => None,
    }
}

fn present_when(column: String, condition: &Expr) -> Option<Fact> {
    Some(Fact::PresentWhen { column, condition: unwrapped(condition.clone()).to_string() })
}

/// The columns that an expression reads, of those that there are.
pub fn columns_of<'c>(expression: &Expr, columns: impl Iterator<Item = &'c str>) -> Vec<String> {
    let text = expression.to_string();
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let is_read = |name: &&str| words.contains(name) || text.contains(&format!("\"{name}\""));
    columns.filter(is_read).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::elements::parse_expression;
    use super::*;

    fn shown(text: &str) -> String {
        let parsed = parse_expression(text).unwrap_or_else(|| panic!("{text}"));
        plain(&parsed, &|column| column == "status").to_string()
    }

    #[test]
    fn what_postgresql_adds_goes() {
        let cases = [
            ("((v >= (0)::numeric))", "v >= 0"),
            ("(((a >= 1) AND (a <= 5)) AND (b IS NOT NULL))", "a >= 1 AND a <= 5 AND b IS NOT NULL"),
            (
                "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
                "status IN ('a', 'b')",
            ),
            ("((m)::text = ANY (ARRAY['a'::text]))", "m::TEXT IN ('a')"),
            ("((a OR b) AND c)", "(a OR b) AND c"),
            ("((price * (qty)::numeric) > (0)::numeric)", "(price * qty::NUMERIC) > 0"),
            ("(Total > -1)", "total > -1"),
            ("(\"Total\" >= ('-1'::integer)::numeric)", "\"Total\" >= -1"),
            ("(a IS NULL OR (a > b))", "a IS NULL OR a > b"),
            ("(d >= '2020-01-01'::date)", "d >= '2020-01-01'"),
        ];
        for (from, to) in cases {
            assert_eq!(shown(from), to, "{from}");
        }
    }

    #[test]
    fn nulls_follow_from_conditions() {
        let of = |text: &str| facts(&plain(&parse_expression(text).expect("SQL"), &|_| false));
        let paid = Fact::PresentWhen { column: "paid_on".into(), condition: "status = 'paid'".into() };
        assert_eq!(of("((status = 'paid') = (paid_on IS NOT NULL))"), [paid]);
        let together = Fact::NullTogether { first: "a".into(), second: "b".into() };
        assert_eq!(of("(a IS NULL) = (b IS NULL)"), [together]);
        assert_eq!(of("(a IS NULL) = (b IS NOT NULL)"), []);
        let flag = Fact::Equals { column: "is_open".into(), expression: "closed_at IS NULL".into() };
        assert_eq!(of("is_open = (closed_at IS NULL)"), [flag]);
        let sum = Fact::Equals { column: "gross".into(), expression: "net + tax".into() };
        assert_eq!(of("((net + tax) = gross)"), [sum]);
    }

    #[test]
    fn conditions_say_something_of_columns() {
        let of = |text: &str| facts(&plain(&parse_expression(text).unwrap(), &|_| true));
        let at_least =
            |value: &str, is_strict| Fact::AtLeast { column: "a".into(), value: value.into(), is_strict };
        let at_most =
            |value: &str, is_strict| Fact::AtMost { column: "a".into(), value: value.into(), is_strict };
        assert_eq!(of("a between 1 and 5"), [at_least("1", false), at_most("5", false)]);
        assert_eq!(of("((a > 0) and (10 >= a))"), [at_least("0", true), at_most("10", false)]);
        assert_eq!(of("a > 0 or b > 0"), []);
        assert_eq!(
            of("a = any (array['x', 'y'])"),
            [Fact::OneOf { column: "a".into(), values: vec!["x".into(), "y".into()] }]
        );
        assert_eq!(
            of("a ~ '^[A-Z]{2}$'"),
            [Fact::Matches { column: "a".into(), pattern: "[A-Z]{2}".into() }]
        );
        let equals = Fact::Equals { column: "a".into(), expression: "b + c".into() };
        assert_eq!(of("a = (b + c)"), [equals]);
        let within = Fact::Within { column: "a".into(), low: "b + 14".into(), high: "b + 30".into() };
        assert_eq!(of("a between b + 14 and b + 30"), [within]);
        let in_order = Fact::InOrder { first: "b".into(), second: "a".into(), is_strict: true };
        assert_eq!(of("(a > b)"), [in_order]);
    }
}
