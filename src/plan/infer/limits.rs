//! What CHECK conditions say about a single column: bounds, a list of values, a regular expression. A column that names no generator
//! keeps to them.

use super::{Builder, Inferred};
use crate::column::{Pattern, Wanted};
use crate::plan::draft::Draft;
use crate::spec::{At, Generator, Weighted};
use crate::value::SqlType;
use crate::value::parse::{self, Scalar};
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// The limits of a column.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Limits {
    /// The least value, and whether it is allowed itself.
    min: Option<(String, bool)>,
    max: Option<(String, bool)>,
    listed: Option<Vec<String>>,
    regex: Option<String>,
}

impl Draft<'_> {
    /// The long form held to what the checks say about the column.
    pub(in crate::plan) fn held_to_checks(&self, table: usize, name: &str, inferred: Inferred) -> Inferred {
        let of = &self.tables[table];
        let Some(column) = of.column_index(name) else { return inferred };
        let column = &of.columns[column];
        let mut limits = Limits::default();
        for check in of.spec.checks.iter().chain(&column.spec.checks) {
            limits.read(&check.expression.value, name);
        }
        limits.hold(inferred, &column.sql_type, column.spec.name.span)
    }
}

impl Draft<'_> {
    /// Bounds of a shape that has none of its own, from those checks that the spec cannot be refused for.
    pub(in crate::plan) fn bounds_of_checks(
        &self,
        table: usize,
        name: &str,
    ) -> (Option<At<String>>, Option<At<String>>) {
        let of = &self.tables[table];
        let Some(column) = of.column_index(name).map(|at| &of.columns[at]) else { return (None, None) };
        let mut limits = Limits::default();
        let checks = of.spec.checks.iter().chain(&column.spec.checks);
        checks.filter(|check| check.is_lenient).for_each(|check| limits.read(&check.expression.value, name));
        let bound = |limit: &Option<(String, bool)>, inside: f64| {
            let value = limit_value(limit, inside, &column.sql_type)?;
            Some(At::new(shown(value, &column.sql_type), column.spec.name.span))
        };
        (bound(&limits.min, 1.0), bound(&limits.max, -1.0))
    }
}

/// The last value that a limit allows; `inside` is the direction of those that are allowed.
fn limit_value(limit: &Option<(String, bool)>, inside: f64, sql_type: &SqlType) -> Option<f64> {
    let (text, is_included) = limit.as_ref()?;
    let value = number(text, sql_type)?;
    let step = 1.0 / libm::pow(10.0, sql_type.scale().unwrap_or(0).min(6) as f64);
    Some(if *is_included { value } else { value + inside * step })
}

fn shown(value: f64, sql_type: &SqlType) -> String {
    let scale = sql_type.scale().unwrap_or(0).min(6) as usize;
    match sql_type.is_integer() {
        true => format!("{}", value as i64),
        false => format!("{value:.scale$}"),
    }
}

impl Limits {
    /// Reads a condition: what it says about a column, if it holds only when that does.
    fn read(&mut self, condition: &str, column: &str) {
        let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(condition);
        if let Ok(expression) = parsed.and_then(|mut parser| parser.parse_expr()) {
            self.condition(&expression, column);
        }
    }

    fn condition(&mut self, expression: &Expr, column: &str) {
        let about = |expression: &Expr| is_column(expression, column);
        match expression {
            Expr::Nested(inner) => self.condition(inner, column),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.condition(left, column);
                self.condition(right, column);
            }
            Expr::BinaryOp { left, op, right } if about(left) => self.comparison(op, right),
            Expr::BinaryOp { left, op, right } if about(right) => {
                if let Some(op) = turned(op) {
                    self.comparison(&op, left);
                }
            }
            Expr::Between { expr, negated: false, low, high } if about(expr) => {
                self.comparison(&BinaryOperator::GtEq, low);
                self.comparison(&BinaryOperator::LtEq, high);
            }
            Expr::InList { expr, list, negated: false } if about(expr) => self.list(list),
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } if about(left) => {
                let mut right = &**right;
                while let Expr::Cast { expr, .. } | Expr::Nested(expr) = right {
                    right = expr;
                }
                if let Expr::Array(array) = right {
                    self.list(&array.elem);
                }
            }
            _ => {}
        }
    }

    fn comparison(&mut self, op: &BinaryOperator, value: &Expr) {
        let Some(value) = literal(value) else { return };
        match op {
            BinaryOperator::Gt => self.min = Some((value, false)),
            BinaryOperator::GtEq => self.min = Some((value, true)),
            BinaryOperator::Lt => self.max = Some((value, false)),
            BinaryOperator::LtEq => self.max = Some((value, true)),
            BinaryOperator::PGRegexMatch | BinaryOperator::PGRegexIMatch => self.regex = Some(value),
            _ => {}
        }
    }

    fn list(&mut self, values: &[Expr]) {
        self.listed = values.iter().map(literal).collect();
    }

    fn hold(self, inferred: Inferred, sql_type: &SqlType, span: crate::diagnostic::Span) -> Inferred {
        let at = |text: String| At::new(text, span);
        if let Some(listed) = self.listed.filter(|listed| !listed.is_empty()) {
            let weighted =
                |value: String| Weighted { value: At::new(Some(value), span), weight: At::new(1.0, span) };
            let values = listed.into_iter().map(weighted).collect();
            return Builder { span }.just(Generator::Values(At::new(values, span)));
        }
        // An address is better made by its provider, which makes what such expressions ask for.
        if let Some(regex) = self.regex.filter(|regex| sql_type.is_text() && !regex.contains('@'))
            && let Some(pattern) = that_fits(regex, sql_type)
        {
            return Builder { span }.just(Generator::Pattern(at(pattern)));
        }
        if self.min.is_none() && self.max.is_none() {
            return inferred;
        }
        let bounds = match &inferred.generator {
            Generator::Range { min: Some(min), max: Some(max) } if sql_type.is_number() => {
                number(&min.value, sql_type).zip(number(&max.value, sql_type))
            }
            _ => None,
        };
        let Some((low, high)) = bounds else { return inferred };
        let (least, greatest) =
            (limit_value(&self.min, 1.0, sql_type), limit_value(&self.max, -1.0, sql_type));
        if least.is_none_or(|least| low >= least) && greatest.is_none_or(|greatest| high <= greatest) {
            return inferred;
        }
        let (mut min, mut max) =
            (least.map_or(low, |least| least.max(low)), greatest.map_or(high, |greatest| greatest.min(high)));
        // The name's usual range lies outside.
        if min > max {
            (min, max) = match (least, greatest) {
                (Some(least), Some(greatest)) => (least, greatest),
                (Some(least), None) => (least, least + 1_000.0),
                (None, greatest) => (greatest.unwrap_or(0.0) - 1_000.0, greatest.unwrap_or(0.0)),
            };
        }
        let text = |value| shown(value, sql_type);
        let range = Generator::Range { min: Some(at(text(min))), max: Some(at(text(max))) };
        Inferred { generator: range, distribution: None, by: "check" }
    }
}

/// The expression, narrowed where its open repetitions are longer than the column.
fn that_fits(regex: String, sql_type: &SqlType) -> Option<String> {
    let pattern = Pattern::parse(&regex).ok()?;
    let limit = sql_type.max_chars().map_or(u64::MAX, u64::from);
    if pattern.max_len() <= limit {
        return Some(regex);
    }
    let wanted = Wanted { limit, texts: 1, is_unambiguous: false };
    pattern.narrowed(wanted).map(|narrowed| narrowed.to_string())
}

fn turned(op: &BinaryOperator) -> Option<BinaryOperator> {
    Some(match op {
        BinaryOperator::Gt => BinaryOperator::Lt,
        BinaryOperator::GtEq => BinaryOperator::LtEq,
        BinaryOperator::Lt => BinaryOperator::Gt,
        BinaryOperator::LtEq => BinaryOperator::GtEq,
        _ => return None,
    })
}

fn is_column(expression: &Expr, column: &str) -> bool {
    match expression {
        Expr::Identifier(name) if name.quote_style.is_none() => name.value.eq_ignore_ascii_case(column),
        Expr::Identifier(name) => name.value == column,
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => is_column(inner, column),
        _ => false,
    }
}

fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => Some(number.clone()),
            Value::SingleQuotedString(text) => Some(text.clone()),
            Value::EscapedStringLiteral(text) => Some(text.clone()),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Some(format!("-{}", literal(expr)?)),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => literal(inner),
        _ => None,
    }
}

fn number(text: &str, sql_type: &SqlType) -> Option<f64> {
    match parse::scalar(text, &SqlType::Double) {
        Ok(Scalar::Float(value)) if sql_type.is_number() => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn read(condition: &str) -> Limits {
        let mut limits = Limits::default();
        limits.read(condition, "x");
        limits
    }

    #[test]
    fn bounds_are_read_from_either_side() {
        let bounds = |min: &str, max: &str| Limits {
            min: Some((min.into(), true)),
            max: Some((max.into(), false)),
            ..Limits::default()
        };
        assert_eq!(read("x >= 1 and x < 5"), bounds("1", "5"));
        assert_eq!(read("(1 <= x) AND (5 > (x)::integer)"), bounds("1", "5"));
        assert_eq!(read("x >= -1 and x < 5"), bounds("-1", "5"));
        assert_eq!(read("x > 1 or y > 5"), Limits::default());
        assert_eq!(read("y > 5"), Limits::default());
    }

    #[test]
    fn lists_are_read_as_people_and_as_postgres_write_them() {
        let listed = Limits { listed: Some(vec!["a".into(), "b".into()]), ..Limits::default() };
        assert_eq!(read("x in ('a', 'b')"), listed);
        assert_eq!(read("((x)::text = ANY ((ARRAY['a'::character varying, 'b'::text])::text[]))"), listed);
        assert_eq!(read("x not in ('a')"), Limits::default());
    }

    #[test]
    fn a_range_gives_way_only_where_it_must() {
        let held = |condition: &str| {
            let span = Span::default();
            let inferred = Builder { span }.range("0", "1000", None);
            match read(condition).hold(inferred, &SqlType::Int, span).generator {
                Generator::Range { min: Some(min), max: Some(max) } => (min.value, max.value),
                other => panic!("{other:?}"),
            }
        };
        let is = |min: &str, max: &str| (min.to_owned(), max.to_owned());
        assert_eq!(held("x >= -5"), is("0", "1000"));
        assert_eq!(held("x > 0"), is("1", "1000"));
        assert_eq!(held("x between 0 and 100"), is("0", "100"));
        assert_eq!(held("x > 5000"), is("5001", "6001"));
        assert_eq!(held("x <= -3"), is("-1003", "-3"));
    }
}
