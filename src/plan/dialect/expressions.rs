//! Conditions and defaults in another dialect: only what means the same there.
//!
//! A small part of SQL is the same everywhere - comparisons, AND and OR, sums of numbers, lists, a few functions - and is all that
//! most checks need. Whatever else there is, is refused with the reason, since a condition that the database reads otherwise is
//! worse than none.

use super::{Builtin, Rules, Stored};
use crate::plan::Table;
use crate::value::SqlType;
use sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    UnaryOperator, Value,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// A condition in another dialect.
pub(super) struct Reading {
    /// As the dialect writes it.
    pub sql: String,
    /// The columns that it reads: indexes into the table's.
    pub columns: Vec<usize>,
}

/// A condition over a table's columns; `Err` tells why the database would not read it as PostgreSQL does.
pub(super) fn translate(rules: &dyn Rules, table: &Table, written: &str) -> Result<Reading, String> {
    let mut translator = Translator { rules, table: Some(table), columns: Vec::new() };
    let sql = translator.expression(&parsed(written)?)?.sql;
    Ok(Reading { sql, columns: translator.columns })
}

/// A default; likewise.
pub(super) fn default(rules: &dyn Rules, written: &str) -> Result<String, String> {
    let mut translator = Translator { rules, table: None, columns: Vec::new() };
    Ok(translator.expression(&parsed(written)?)?.sql)
}

fn parsed(written: &str) -> Result<Expr, String> {
    let refused = |_: ParserError| format!("`{written}` is more than an expression");
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(written).map_err(refused)?;
    let expression = parser.parse_expr().map_err(refused)?;
    // An index may go on with an order.
    parser.expect_token(&Token::EOF).map_err(refused)?;
    Ok(expression)
}

struct Translator<'t> {
    rules: &'t dyn Rules,
    /// `None`: there are no columns to read, but the clock.
    table: Option<&'t Table>,
    columns: Vec<usize>,
}

/// A part of an expression.
struct Term {
    sql: String,
    kind: Kind,
}

/// What a part's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Whole numbers.
    Integer,
    /// Numbers with digits after the point.
    Decimal,
    /// Texts.
    Text,
    /// Labels of an enumerated type, which databases order differently.
    Label,
    /// True or false.
    Boolean,
    /// Dates.
    Date,
    /// Times of day.
    Time,
    /// Times on a day, with or without a zone.
    Moment,
    /// A string literal, or null.
    Open,
    /// What is written so differently that only its being null can be asked.
    Opaque,
}

impl Kind {
    fn is_number(self) -> bool {
        matches!(self, Kind::Integer | Kind::Decimal)
    }
}

impl<'t> Translator<'t> {
    fn expression(&mut self, expression: &Expr) -> Result<Term, String> {
        match expression {
            Expr::Nested(inner) => {
                let inner = self.expression(inner)?;
                Ok(Term { sql: format!("({})", inner.sql), ..inner })
            }
            Expr::Identifier(name) => self.column(name),
            Expr::Value(value) => self.value(&value.value),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::BinaryOp { left, op, right } => {
                let (left, right) = (self.expression(left)?, self.expression(right)?);
                self.binary(left, op, right)
            }
            Expr::IsNull(of) => self.asked(of, "IS NULL"),
            Expr::IsNotNull(of) => self.asked(of, "IS NOT NULL"),
            Expr::IsTrue(of) => self.asked_truth(of, "IS TRUE"),
            Expr::IsNotTrue(of) => self.asked_truth(of, "IS NOT TRUE"),
            Expr::IsFalse(of) => self.asked_truth(of, "IS FALSE"),
            Expr::IsNotFalse(of) => self.asked_truth(of, "IS NOT FALSE"),
            Expr::Between { expr, negated, low, high } => {
                let of = self.expression(expr)?;
                let (low, high) = (self.beside(&of, low, true)?, self.beside(&of, high, true)?);
                Ok(truth(format!("{} {}BETWEEN {low} AND {high}", of.sql, not(*negated))))
            }
            Expr::InList { expr, list, negated } => self.listed(expr, list, *negated),
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
                self.listed(left, array_elements(right)?, false)
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                self.like(expr, pattern, *negated)
            }
            Expr::Cast { expr, data_type, array: false, .. } => self.cast(expr, data_type),
            Expr::TypedString(typed) => {
                let inner = Expr::Value(typed.value.clone());
                self.cast(&inner, &typed.data_type)
            }
            Expr::Function(call) => self.call(call),
            _ => Err(self.unknown(expression)),
        }
    }

    fn unknown(&self, what: impl std::fmt::Display) -> String {
        format!("{} may not read `{what}` as PostgreSQL does", self.rules.title())
    }

    fn column(&mut self, name: &Ident) -> Result<Term, String> {
        let is_it = |known: &str| match name.quote_style {
            Some(_) => known == name.value,
            None => known.eq_ignore_ascii_case(&name.value),
        };
        let Some(table) = self.table else { return Err(self.unknown(name)) };
        let found = table.visible().find(|(_, column)| is_it(&column.name));
        let (at, column) = found.ok_or_else(|| self.unknown(name))?;
        self.columns.push(at);
        let kind = match &column.sql_type {
            sql_type if sql_type.is_integer() => Kind::Integer,
            SqlType::Numeric { .. } if self.rules.stored(table, at) != Stored::AsTyped => Kind::Opaque,
            sql_type if sql_type.is_number() => Kind::Decimal,
            sql_type if sql_type.is_text() => Kind::Text,
            SqlType::Uuid => Kind::Text,
            SqlType::Enum(_) => Kind::Label,
            SqlType::Boolean => Kind::Boolean,
            SqlType::Date => Kind::Date,
            SqlType::Time => Kind::Time,
            SqlType::Timestamp | SqlType::Timestamptz => Kind::Moment,
            _ => Kind::Opaque,
        };
        Ok(Term { sql: self.rules.identifier(&column.name), kind })
    }

    fn value(&self, value: &Value) -> Result<Term, String> {
        let (sql, kind) = match value {
            Value::Number(digits, _) => {
                let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
                (digits.clone(), if is_whole { Kind::Integer } else { Kind::Decimal })
            }
            Value::SingleQuotedString(text) => (self.rules.literal(text), Kind::Open),
            Value::Boolean(value) => (self.rules.boolean(*value).to_owned(), Kind::Boolean),
            Value::Null => ("NULL".to_owned(), Kind::Open),
            _ => return Err(self.unknown(value)),
        };
        Ok(Term { sql, kind })
    }

    fn unary(&mut self, op: UnaryOperator, of: &Expr) -> Result<Term, String> {
        let inner = self.expression(of)?;
        match op {
            UnaryOperator::Not => Ok(truth(format!("NOT {}", inner.sql))),
            // Two signs would be a comment.
            UnaryOperator::Minus if inner.kind.is_number() && !inner.sql.starts_with('-') => {
                Ok(Term { sql: format!("-{}", inner.sql), ..inner })
            }
            _ => Err(self.unknown(of)),
        }
    }

    fn binary(&self, left: Term, op: &BinaryOperator, right: Term) -> Result<Term, String> {
        use BinaryOperator as Op;
        let sql = format!("{} {op} {}", left.sql, right.sql);
        match op {
            Op::And | Op::Or => Ok(truth(sql)),
            Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => {
                let is_order = !matches!(op, Op::Eq | Op::NotEq);
                self.comparable(&left, &right, is_order).map(|()| truth(sql))
            }
            Op::Plus | Op::Minus | Op::Multiply if left.kind.is_number() && right.kind.is_number() => {
                let is_exact = left.kind == Kind::Integer && right.kind == Kind::Integer;
                match is_exact || self.rules.has_decimals() {
                    true => Ok(Term { sql, kind: if is_exact { Kind::Integer } else { Kind::Decimal } }),
                    false => {
                        Err(format!("{} computes decimals as floating point numbers", self.rules.title()))
                    }
                }
            }
            Op::Modulo if left.kind == Kind::Integer && right.kind == Kind::Integer => {
                Ok(Term { sql, kind: Kind::Integer })
            }
            Op::StringConcat if self.rules.has_concatenation() && is_text(&left) && is_text(&right) => {
                Ok(Term { sql, kind: Kind::Text })
            }
            _ => Err(self.unknown(op)),
        }
    }

    /// Whether comparing two parts gives the same as in PostgreSQL.
    fn comparable(&self, left: &Term, right: &Term, is_order: bool) -> Result<(), String> {
        let is_literal = |term: &Term| matches!(term.kind, Kind::Open);
        let fits = match (left.kind, right.kind) {
            (Kind::Opaque, _) | (_, Kind::Opaque) => false,
            (Kind::Label, _) | (_, Kind::Label) if is_order => false,
            (Kind::Moment, _) if is_literal(right) => is_moment(&right.sql),
            (_, Kind::Moment) if is_literal(left) => is_moment(&left.sql),
            (left, right) if left.is_number() && right.is_number() => true,
            (left_kind, right_kind) => left_kind == right_kind || is_literal(left) || is_literal(right),
        };
        match fits {
            true => Ok(()),
            false => Err(self.unknown(format!("{} beside {}", left.sql, right.sql))),
        }
    }

    /// Another part, which can be compared with this one.
    fn beside(&mut self, of: &Term, other: &Expr, is_order: bool) -> Result<String, String> {
        let other = self.expression(other)?;
        self.comparable(of, &other, is_order)?;
        Ok(other.sql)
    }

    fn asked(&mut self, of: &Expr, question: &str) -> Result<Term, String> {
        Ok(truth(format!("{} {question}", self.expression(of)?.sql)))
    }

    fn asked_truth(&mut self, of: &Expr, question: &str) -> Result<Term, String> {
        let inner = self.expression(of)?;
        match inner.kind {
            Kind::Boolean => Ok(truth(format!("{} {question}", inner.sql))),
            _ => Err(self.unknown(of)),
        }
    }

    fn listed(&mut self, of: &Expr, list: &[Expr], negated: bool) -> Result<Term, String> {
        let of = self.expression(of)?;
        let list: Vec<String> =
            list.iter().map(|element| self.beside(&of, element, false)).collect::<Result<_, _>>()?;
        Ok(truth(format!("{} {}IN ({})", of.sql, not(negated), list.join(", "))))
    }

    fn like(&mut self, of: &Expr, pattern: &Expr, negated: bool) -> Result<Term, String> {
        let (of, pattern) = (self.expression(of)?, self.expression(pattern)?);
        // A backslash would be an escape in one and none in another.
        match self.rules.has_exact_like() && is_text(&of) && is_text(&pattern) && !pattern.sql.contains('\\')
        {
            true => Ok(truth(format!("{} {}LIKE {}", of.sql, not(negated), pattern.sql))),
            false => Err(self.unknown("LIKE")),
        }
    }

    /// A cast that changes nothing but what a literal is, or the kind of a text.
    fn cast(&mut self, of: &Expr, to: &DataType) -> Result<Term, String> {
        let inner = self.expression(of)?;
        let kind = match to {
            DataType::Text | DataType::Varchar(None) | DataType::CharacterVarying(None) => Kind::Text,
            DataType::Date => Kind::Date,
            DataType::JSON | DataType::JSONB => Kind::Open,
            DataType::Custom(..) => Kind::Label,
            DataType::SmallInt(_) | DataType::Int(_) | DataType::Integer(_) | DataType::BigInt(_) => {
                Kind::Integer
            }
            DataType::Numeric(_) | DataType::Decimal(_) => Kind::Decimal,
            DataType::Boolean => Kind::Boolean,
            _ => return Err(self.unknown(format!("a cast to {to}"))),
        };
        let is_number = inner.kind.is_number() && kind == Kind::Decimal || inner.kind == kind;
        let is_literal = matches!(of, Expr::Value(value) if matches!(value.value, Value::SingleQuotedString(_) | Value::Null));
        let is_named = is_literal && matches!(kind, Kind::Text | Kind::Date | Kind::Label | Kind::Open);
        match is_number || is_named || (is_text(&inner) && kind == Kind::Text) {
            // A label's type has its name in one database only: the literal finds its type itself.
            true if kind == Kind::Label => Ok(Term { sql: inner.sql, kind: Kind::Open }),
            true => Ok(Term { sql: inner.sql, kind }),
            false => Err(self.unknown(format!("a cast to {to}"))),
        }
    }

    fn call(&mut self, call: &Function) -> Result<Term, String> {
        let name = call.name.to_string().to_lowercase();
        let name = name.strip_prefix("pg_catalog.").unwrap_or(&name);
        let refused = self.unknown(format!("{name}()"));
        let known = Builtin::find(name).and_then(|builtin| Some((builtin, self.rules.function(builtin)?)));
        let Some((builtin, known)) = known else { return Err(refused) };
        if builtin.varies() {
            // Only a default asks the clock.
            return match self.table {
                None => Ok(Term { sql: known.to_owned(), kind: Kind::Open }),
                Some(_) => Err(refused),
            };
        }
        let arguments = self.arguments(call)?;
        let kind = match arguments.iter().find(|argument| argument.kind != Kind::Open) {
            _ if builtin == Builtin::Length => Kind::Integer,
            Some(first) => first.kind,
            None => Kind::Open,
        };
        let is_alike = arguments.iter().all(|argument| {
            argument.kind != Kind::Opaque
                && (argument.kind == kind || argument.kind == Kind::Open || argument.kind.is_number())
        });
        if !(is_alike || (builtin.takes_text() && arguments.iter().all(is_text))) {
            return Err(refused);
        }
        let arguments: Vec<String> = arguments.into_iter().map(|argument| argument.sql).collect();
        Ok(Term { sql: format!("{known}({})", arguments.join(", ")), kind })
    }

    fn arguments(&mut self, call: &Function) -> Result<Vec<Term>, String> {
        let FunctionArguments::List(list) = &call.args else { return Err(self.unknown(call)) };
        let argument = |argument: &FunctionArg| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => self.expression(expression),
            _ => Err(format!("{argument} is no plain argument")),
        };
        list.args.iter().map(argument).collect()
    }
}

fn truth(sql: String) -> Term {
    Term { sql, kind: Kind::Boolean }
}

fn is_text(term: &Term) -> bool {
    matches!(term.kind, Kind::Text | Kind::Open)
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

/// The elements of `ARRAY[...]`, which pg_dump puts into casts.
fn array_elements(of: &Expr) -> Result<&[Expr], String> {
    match of {
        Expr::Cast { expr, .. } | Expr::Nested(expr) => array_elements(expr),
        Expr::Array(array) => Ok(&array.elem),
        _ => Err(format!("`{of}` is no list")),
    }
}

/// Whether a literal is a day, or a time on a day without a zone, which all databases read alike.
fn is_moment(literal: &str) -> bool {
    let inner = literal.trim_matches('\'');
    let digits = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(byte, asked)| match asked {
                b'9' => byte.is_ascii_digit(),
                _ => byte == asked,
            })
    };
    literal == "NULL" || digits(inner, "9999-99-99") || digits(inner, "9999-99-99 99:99:99")
}

#[cfg(test)]
mod tests;
