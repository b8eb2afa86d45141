//! From text to a checked tree: parsed by `sqlparser`, names resolved, every operator and function typed.
//!
//! All problems of an expression are collected: a part that is wrong is reported once, and what contains it is left
//! unchecked.

mod aggregates;
mod literals;
mod places;
mod types;
mod windows;

use super::Names;
use super::Term;
use super::cast::{Willingness, cast};
use super::functions::{self, Invocation};
use super::kernel::arithmetic::Operator;
use super::kernel::compare::Comparison;
use super::operators;
use super::tree::{Kind, Node};
use super::window::WINDOWS;
use crate::diagnostic::{Diagnostic, Span};
use crate::value::SqlType;
use places::Places;
use sqlparser::ast::{
    self, BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned, UnaryOperator,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

/// Parses and checks an expression.
pub(super) fn compile(text: &str, span: Span, names: &mut dyn Names) -> Result<Node, Vec<Diagnostic>> {
    let places = Places::new(text, span);
    let expression = parse(text, &places).map_err(|problem| vec![problem])?;
    let mut compiler = Compiler { names, places: &places, problems: Vec::new(), depth: 0 };
    match compiler.lower(&expression) {
        // The whole expression is what the text is, parentheses and all.
        Some(node) if compiler.problems.is_empty() => Ok(Node { span, ..node }),
        _ => Err(compiler.problems),
    }
}

/// An expression as it is written, if it can be read.
pub(super) fn parse_plain(text: &str) -> Option<Expr> {
    parse(text, &Places::new(text, Span::default())).ok()
}

fn parse(text: &str, places: &Places<'_>) -> Result<Expr, Diagnostic> {
    if text.trim().is_empty() {
        return Err(Diagnostic::new(places.all(), "an expression is expected here"));
    }
    let dialect = PostgreSqlDialect {};
    let tokens = Tokenizer::new(&dialect, text)
        .tokenize_with_location()
        .map_err(|error| Diagnostic::new(places.from(error.location), error.message))?;
    let tokens: Vec<TokenWithSpan> = tokens;
    let mut parser = Parser::new(&dialect).with_tokens_with_locations(tokens);
    let expression = parser.parse_expr().map_err(|error| syntax_error(error, places))?;
    let rest = parser.peek_token();
    match rest.token {
        Token::EOF => Ok(expression),
        token => Err(Diagnostic::new(
            places.span(rest.span),
            format!("expected the end of the expression, found `{token}`"),
        )),
    }
}

/// The parser's message without its "at Line: 1, Column: 2", which becomes the place.
fn syntax_error(error: ParserError, places: &Places<'_>) -> Diagnostic {
    let message = match error {
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => message,
        ParserError::RecursionLimitExceeded => "the expression is nested too deeply".to_owned(),
    };
    let (text, place) = match message.rsplit_once(" at Line: ") {
        Some((text, place)) => {
            let numbers: Vec<u64> =
                place.split(", Column: ").filter_map(|number| number.trim().parse().ok()).collect();
            let location = match numbers[..] {
                [line, column] => places.from(sqlparser::tokenizer::Location { line, column }),
                _ => places.all(),
            };
            (text, location)
        }
        None => (message.as_str(), places.all()),
    };
    let text = text.replace("EOF", "the end of the expression");
    let text = match text.strip_prefix("Expected: ") {
        Some(rest) => format!("expected {rest}"),
        None => text,
    };
    Diagnostic::new(place, text)
}

struct Compiler<'n, 'p> {
    names: &'n mut dyn Names,
    places: &'p Places<'p>,
    problems: Vec<Diagnostic>,
    /// How many nodes are being lowered, one within the other.
    depth: usize,
}

/// Nodes within each other that an expression may have. The parser limits parentheses, but `a + a + ...` is a tree as deep as
/// the text is long, and every later step walks it.
const MAX_DEPTH: usize = 500;

impl Compiler<'_, '_> {
    /// The checked node, or `None` when a problem was reported.
    fn lower(&mut self, expression: &Expr) -> Option<Node> {
        // Keeping the span of each node here serves every rule below.
        let span = self.places.span(expression.span());
        if self.depth == MAX_DEPTH {
            self.problems.push(Diagnostic::new(span, "the expression is nested too deeply"));
            return None;
        }
        self.depth += 1;
        let lowered = self.checked(expression, span);
        self.depth -= 1;
        match lowered? {
            Ok(node) => Some(node),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    /// Lowers several parts, all of them even when one is wrong.
    fn lower_all<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expr>) -> Option<Vec<Node>> {
        let nodes: Vec<Option<Node>> = parts.into_iter().map(|part| self.lower(part)).collect();
        nodes.into_iter().collect()
    }

    fn pair(&mut self, a: &Expr, b: &Expr) -> Option<(Node, Node)> {
        let (a, b) = (self.lower(a), self.lower(b));
        Some((a?, b?))
    }

    /// `None`: a part was wrong and is reported. `Some(Err)`: this node is wrong.
    fn checked(&mut self, expression: &Expr, span: Span) -> Option<Result<Node, Diagnostic>> {
        Some(match expression {
            Expr::Nested(inner) => return Some(Ok(self.lower(inner)?)),
            Expr::Identifier(ident) => self.name(std::slice::from_ref(ident), span),
            Expr::CompoundIdentifier(idents) => self.name(idents, span),
            Expr::Value(value) => literals::value(&value.value, span),
            Expr::TypedString(typed) => literals::typed_string(typed, span),
            Expr::Interval(interval) => literals::interval(interval, span),
            Expr::UnaryOp { op, expr } => self.unary(op, expr, span)?,
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, span)?,
            Expr::Cast { expr, data_type, .. } => {
                let node = self.lower(expr)?;
                types::sql_type(data_type)
                    .map_err(|message| Diagnostic::new(span, message))
                    .and_then(|sql_type| cast(node, &sql_type, Willingness::Explicit))
                    .map(|node| Node { span, ..node })
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), span)?
            }
            Expr::IsNull(inner) => Ok(operators::is_null(self.lower(inner)?, false, span)),
            Expr::IsNotNull(inner) => Ok(operators::is_null(self.lower(inner)?, true, span)),
            Expr::IsTrue(inner) => operators::is_bool(self.lower(inner)?, true, false, span),
            Expr::IsNotTrue(inner) => operators::is_bool(self.lower(inner)?, true, true, span),
            Expr::IsFalse(inner) => operators::is_bool(self.lower(inner)?, false, false, span),
            Expr::IsNotFalse(inner) => operators::is_bool(self.lower(inner)?, false, true, span),
            Expr::IsUnknown(inner) => self.is_unknown(inner, false, span)?,
            Expr::IsNotUnknown(inner) => self.is_unknown(inner, true, span)?,
            Expr::IsDistinctFrom(a, b) => {
                let (a, b) = self.pair(a, b)?;
                operators::distinct(a, b, false, span)
            }
            Expr::IsNotDistinctFrom(a, b) => {
                let (a, b) = self.pair(a, b)?;
                operators::distinct(a, b, true, span)
            }
            Expr::InList { expr, list, negated } => {
                operators::among(self.lower_all([&**expr].into_iter().chain(list))?, *negated, span)
            }
            Expr::Between { expr, negated, low, high } => {
                let nodes = self.lower_all([&**expr, low, high])?;
                between(nodes, *negated, span)
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_ref(), *negated, false, span)?
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_ref(), *negated, true, span)?
            }
            Expr::Array(array) => {
                let elements = self.lower_all(&array.elem)?;
                if elements.is_empty() {
                    Err(Diagnostic::new(span, "cannot determine type of empty array")
                        .help("write '{}'::integer[] or the like"))
                } else {
                    functions::array_of(elements, span)
                }
            }
            Expr::Function(function) => return self.function(function, span),
            // What sqlparser has its own forms for are functions like the others.
            Expr::Extract { field, expr, .. } => {
                let argument = self.lower(expr)?;
                let field = literals::text_node(field.to_string(), span);
                self.call("extract", vec![field, argument], span)
            }
            Expr::Ceil { expr, .. } => self.forward("ceil", [&**expr], span)?,
            Expr::Floor { expr, .. } => self.forward("floor", [&**expr], span)?,
            Expr::Position { expr, r#in } => self.forward("strpos", [&**r#in, expr], span)?,
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let text = self.lower(expr)?;
                let from = match substring_from {
                    Some(from) => self.lower(from)?,
                    None => Node::constant_of(Some(crate::value::parse::Scalar::Int(1)), SqlType::Int, span),
                };
                let mut arguments = vec![text, from];
                if let Some(length) = substring_for {
                    arguments.push(self.lower(length)?);
                }
                self.call("substring", arguments, span)
            }
            Expr::Trim { expr, trim_where, trim_what, trim_characters } => {
                let name = match trim_where {
                    Some(ast::TrimWhereField::Leading) => "ltrim",
                    Some(ast::TrimWhereField::Trailing) => "rtrim",
                    _ => "btrim",
                };
                let characters = trim_what.iter().map(|what| &**what).chain(trim_characters.iter().flatten());
                let arguments = self.lower_all([&**expr].into_iter().chain(characters))?;
                self.call(name, arguments, span)
            }
            Expr::Subquery(query) => match counted_table(query) {
                Some(table) => {
                    self.names.row_count(&self.places.name(table)).map(|term| term_node(term, span))
                }
                None => Err(no_query(span)),
            },
            Expr::Exists { .. } | Expr::InSubquery { .. } => Err(no_query(span)),
            other => match reserved_path(other) {
                Some(idents) => self.name(&idents, span),
                None => Err(Diagnostic::new(span, format!("`{other}` is not supported in an expression"))),
            },
        })
    }

    fn name(&mut self, idents: &[ast::Ident], span: Span) -> Result<Node, Diagnostic> {
        let path: Vec<super::Name> = idents.iter().map(|ident| self.places.name(ident)).collect();
        if let [only] = &path[..]
            && idents[0].quote_style.is_none()
            && let Some(refusal) = functions::clock_word(&only.text, span)
        {
            return Err(refusal);
        }
        Ok(term_node(self.names.resolve(&path)?, span))
    }

    fn unary(&mut self, op: &UnaryOperator, inner: &Expr, span: Span) -> Option<Result<Node, Diagnostic>> {
        // In PostgreSQL the sign binds closer than ^, in sqlparser it does not: -2 ^ 2 is 4.
        if let (UnaryOperator::Minus, Expr::BinaryOp { left, op: BinaryOperator::PGExp, right }) = (op, inner)
        {
            let base = self.unary(op, left, self.places.span(left.span()));
            let exponent = self.lower(right);
            return match (base?, exponent?) {
                (Ok(base), exponent) => Some(operators::power(base, exponent, span)),
                (problem, _) => Some(problem),
            };
        }
        let node = self.lower(inner)?;
        Some(match op {
            UnaryOperator::Minus => operators::negated(node, span).map(Node::narrow),
            UnaryOperator::Plus if node.sql_type.is_number() || node.sql_type == SqlType::Interval => {
                Ok(node)
            }
            UnaryOperator::Not => operators::not(node, span),
            UnaryOperator::PGAbs => self.call("abs", vec![node], span),
            other => {
                Err(Diagnostic::new(span, format!("operator does not exist: {other} {}", node.sql_type)))
            }
        })
    }

    fn binary(
        &mut self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        span: Span,
    ) -> Option<Result<Node, Diagnostic>> {
        let (a, b) = self.pair(left, right)?;
        let compared = |comparison, a, b| operators::comparison(comparison, &op.to_string(), a, b, span);
        Some(match op {
            BinaryOperator::Plus => operators::arithmetic(Operator::Add, a, b, span),
            BinaryOperator::Minus => operators::arithmetic(Operator::Subtract, a, b, span),
            BinaryOperator::Multiply => operators::arithmetic(Operator::Multiply, a, b, span),
            BinaryOperator::Divide => operators::arithmetic(Operator::Divide, a, b, span),
            BinaryOperator::Modulo => operators::arithmetic(Operator::Modulo, a, b, span),
            BinaryOperator::PGExp => operators::power(a, b, span),
            BinaryOperator::StringConcat => operators::concatenated(a, b, span),
            BinaryOperator::Eq => compared(Comparison::Equal, a, b),
            BinaryOperator::NotEq => compared(Comparison::NotEqual, a, b),
            BinaryOperator::Lt => compared(Comparison::Less, a, b),
            BinaryOperator::LtEq => compared(Comparison::LessOrEqual, a, b),
            BinaryOperator::Gt => compared(Comparison::Greater, a, b),
            BinaryOperator::GtEq => compared(Comparison::GreaterOrEqual, a, b),
            BinaryOperator::And => operators::connected(false, a, b, span),
            BinaryOperator::Or => operators::connected(true, a, b, span),
            BinaryOperator::BitwiseAnd => operators::bits("&", a, b, span),
            BinaryOperator::BitwiseOr => operators::bits("|", a, b, span),
            BinaryOperator::PGBitwiseXor => operators::bits("#", a, b, span),
            BinaryOperator::PGLikeMatch => functions::like(a, b, Some('\\'), false, false, span),
            BinaryOperator::PGNotLikeMatch => functions::like(a, b, Some('\\'), true, false, span),
            BinaryOperator::PGILikeMatch => functions::like(a, b, Some('\\'), false, true, span),
            BinaryOperator::PGNotILikeMatch => functions::like(a, b, Some('\\'), true, true, span),
            BinaryOperator::PGRegexMatch => functions::matches(a, b, false, false, span),
            BinaryOperator::PGRegexNotMatch => functions::matches(a, b, true, false, span),
            BinaryOperator::PGRegexIMatch => functions::matches(a, b, false, true, span),
            BinaryOperator::PGRegexNotIMatch => functions::matches(a, b, true, true, span),
            other => Err(Diagnostic::new(span, format!("the operator {other} is not supported"))),
        })
    }

    fn is_unknown(&mut self, inner: &Expr, negated: bool, span: Span) -> Option<Result<Node, Diagnostic>> {
        let node = self.lower(inner)?;
        let node = cast(node, &SqlType::Boolean, Willingness::Implicit);
        Some(node.map(|node| operators::is_null(node, negated, span)))
    }

    fn like(
        &mut self,
        text: &Expr,
        pattern: &Expr,
        escape: Option<&ast::ValueWithSpan>,
        negated: bool,
        any_case: bool,
        span: Span,
    ) -> Option<Result<Node, Diagnostic>> {
        let (text, pattern) = self.pair(text, pattern)?;
        let escape = match escape.map(|value| &value.value) {
            None => Some('\\'),
            Some(ast::Value::SingleQuotedString(text)) if text.chars().count() <= 1 => text.chars().next(),
            Some(other) => {
                return Some(Err(Diagnostic::new(
                    span,
                    format!("the escape of LIKE is one character, not {other}"),
                )));
            }
        };
        Some(functions::like(text, pattern, escape, negated, any_case, span))
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[ast::CaseWhen],
        otherwise: Option<&Expr>,
        span: Span,
    ) -> Option<Result<Node, Diagnostic>> {
        let operand = operand.map(|operand| self.lower(operand));
        let whens = self.lower_all(conditions.iter().map(|arm| &arm.condition));
        let results = self.lower_all(conditions.iter().map(|arm| &arm.result).chain(otherwise));
        let operand = match operand {
            Some(operand) => Some(operand?),
            None => None,
        };
        Some(case_node(operand, whens?, results?, otherwise.is_some(), span))
    }

    fn forward<'e>(
        &mut self,
        name: &str,
        arguments: impl IntoIterator<Item = &'e Expr>,
        span: Span,
    ) -> Option<Result<Node, Diagnostic>> {
        let arguments = self.lower_all(arguments)?;
        Some(self.call(name, arguments, span))
    }

    fn call(&mut self, name: &str, arguments: Vec<Node>, span: Span) -> Result<Node, Diagnostic> {
        let function = functions::find(name, span)?;
        (function.bind)(Invocation {
            name: function.name,
            signature: function.signature,
            span,
            arguments,
            names: self.names,
        })
        .map(|node| Node { span, ..node }.narrow())
    }

    fn function(&mut self, function: &ast::Function, span: Span) -> Option<Result<Node, Diagnostic>> {
        let name = function.name.to_string().to_lowercase();
        let name = name.strip_prefix("pg_catalog.").unwrap_or(&name).to_owned();
        if !function.within_group.is_empty() {
            return Some(Err(Diagnostic::new(span, "WITHIN GROUP is not supported")));
        }
        if let Some(over) = &function.over {
            return self.window(&name, function, over, span);
        }
        if functions::is_aggregate(&name) {
            return Some(self.aggregate(&name, function, span));
        }
        if function.filter.is_some() {
            return Some(Err(Diagnostic::new(span, format!("FILTER is for aggregates, and {name} is none"))));
        }
        let arguments = match &function.args {
            FunctionArguments::None => Vec::new(),
            FunctionArguments::List(list) => {
                let mut expressions = Vec::new();
                for argument in &list.args {
                    match argument {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => {
                            expressions.push(expression)
                        }
                        other => {
                            return Some(Err(Diagnostic::new(
                                span,
                                format!("`{other}` is no argument of {name}"),
                            )));
                        }
                    }
                }
                if WINDOWS.iter().any(|(known, ..)| *known == name) {
                    let problem = Diagnostic::new(span, format!("{name} looks at other rows: it needs OVER"));
                    return Some(Err(problem.help(windows::FORM)));
                }
                // The name is looked up first, so that it is reported even when an argument is wrong too.
                if let Err(problem) = functions::find(&name, self.places.object_name(&function.name)) {
                    self.lower_all(expressions);
                    return Some(Err(problem));
                }
                self.lower_all(expressions)?
            }
            FunctionArguments::Subquery(_) => {
                return Some(Err(Diagnostic::new(span, "a query cannot stand in an expression")));
            }
        };
        Some(self.call(&name, arguments, span))
    }
}

fn no_query(span: Span) -> Diagnostic {
    Diagnostic::new(span, "a query cannot stand in an expression").help(
        "rows that refer to this one are summed up with sum(table.column), count(table), ...; \
         `(select count(*) from table)` is how many rows a table has",
    )
}

/// The table of `select count(*) from table`, where that is all of the query.
fn counted_table(query: &ast::Query) -> Option<&ast::Ident> {
    let ast::SetExpr::Select(select) = &*query.body else { return None };
    let [from] = &select.from[..] else { return None };
    let ast::TableFactor::Table { name, .. } = &from.relation else { return None };
    let [ast::ObjectNamePart::Identifier(table)] = &name.0[..] else { return None };
    query.to_string().eq_ignore_ascii_case(&format!("select count(*) from {name}")).then_some(table)
}

/// What a name stands for, as a node.
fn term_node(term: Term, span: Span) -> Node {
    match term {
        Term::Input(index, sql_type) => Node { kind: Kind::Input(index), sql_type, span },
        Term::Constant(value, sql_type) => Node::constant_of(value, sql_type, span),
        Term::Broken => Node { kind: Kind::Literal(None), sql_type: SqlType::Text, span },
    }
}

/// `value BETWEEN low AND high` is two comparisons.
fn between(nodes: Vec<Node>, negated: bool, span: Span) -> Result<Node, Diagnostic> {
    let [value, low, high]: [Node; 3] = nodes.try_into().unwrap_or_else(|_| unreachable!("three parts"));
    let above = operators::comparison(Comparison::GreaterOrEqual, "BETWEEN", value.clone(), low, span);
    let below = operators::comparison(Comparison::LessOrEqual, "BETWEEN", value, high, span);
    let both = operators::connected(false, above?, below?, span)?;
    if negated { operators::not(both, span) } else { Ok(both) }
}

/// CASE; the form with an operand compares it in each arm. The `otherwise` result stands last, if there is one.
fn case_node(
    operand: Option<Node>,
    whens: Vec<Node>,
    mut results: Vec<Node>,
    has_otherwise: bool,
    span: Span,
) -> Result<Node, Diagnostic> {
    if !has_otherwise {
        results.push(Node { kind: Kind::Literal(None), sql_type: SqlType::Text, span });
    }
    let whens = whens.into_iter().map(|when| match &operand {
        None => cast(when, &SqlType::Boolean, Willingness::Implicit),
        Some(operand) => {
            let place = when.span;
            operators::comparison(Comparison::Equal, "=", operand.clone(), when, place)
        }
    });
    let whens = whens.collect::<Result<Vec<_>, _>>()?;
    let (sql_type, mut results) = operators::unified(results, "CASE")?;
    let otherwise = Box::new(results.pop().expect("ELSE or null"));
    let foldable =
        otherwise.constant().is_some() && whens.iter().chain(&results).all(|part| part.constant().is_some());
    let kind = Kind::Case { arms: whens.into_iter().zip(results).collect(), otherwise };
    Ok(Node { kind, sql_type, span }.folded_if(foldable))
}

/// `user.name`: some words that tables are called by are functions without parentheses to SQL.
fn reserved_path(expr: &Expr) -> Option<Vec<ast::Ident>> {
    let Expr::CompoundFieldAccess { root, access_chain } = expr else { return None };
    let Expr::Function(function) = &**root else { return None };
    let ast::FunctionArguments::None = function.args else { return None };
    let mut idents = vec![function.name.0.first()?.as_ident()?.clone()];
    for access in access_chain {
        match access {
            ast::AccessExpr::Dot(Expr::Identifier(ident)) => idents.push(ident.clone()),
            _ => return None,
        }
    }
    Some(idents)
}
