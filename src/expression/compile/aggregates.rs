//! `sum(order_items.qty * order_items.unit_price) FILTER (WHERE ...)`: aggregates over child rows.

use super::{Compiler, term_node};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::Name;
use crate::expression::aggregate::{Aggregate, Measure};
use crate::expression::cast::{Willingness, cast};
use crate::expression::tree::Node;
use crate::value::SqlType;
use sqlparser::ast::{
    self, DuplicateTreatment, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart,
};
use std::ops::ControlFlow;

impl Compiler<'_, '_> {
    /// Finds the child table, compiles argument and filter with its names, and registers the aggregate.
    pub(super) fn aggregate(
        &mut self,
        name: &str,
        function: &ast::Function,
        span: Span,
    ) -> Result<Node, Diagnostic> {
        let FunctionArguments::List(list) = &function.args else {
            return Err(Diagnostic::new(span, format!("{name} takes one argument: {name}(table.column)")));
        };
        let [argument] = &list.args[..] else {
            return Err(Diagnostic::new(span, format!("{name} takes one argument: {name}(table.column)")));
        };
        let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        let counted = match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => {
                match self.whole_rows(name, expression) {
                    Some(table) => Counted::Rows(table),
                    None => Counted::Values(expression),
                }
            }
            FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(path)) => match &path.0[..] {
                [ObjectNamePart::Identifier(table)] => Counted::Rows(self.places.name(table)),
                _ => return Err(Diagnostic::new(span, format!("`{path}.*` is no table"))),
            },
            other => {
                return Err(Diagnostic::new(span, format!("{name}({other}) does not say over which table"))
                    .help(format!("name the table whose rows refer to this one: {name}(order_items)")));
            }
        };
        if matches!(counted, Counted::Rows(_)) && name != "count" {
            return Err(Diagnostic::new(span, format!("{name} needs a column: {name}(table.column)")));
        }
        let filter = function.filter.as_deref();
        let table = match &counted {
            Counted::Rows(table) => table.clone(),
            Counted::Values(expression) => self
                .child_table(expression)
                .or_else(|| filter.and_then(|filter| self.child_table(filter)))
                .ok_or_else(|| no_child(name, span))?,
        };
        if !self.names.is_child(&table.text) {
            return Err(Diagnostic::new(
                table.span,
                format!("no rows of `{}` refer to this table", table.text),
            ));
        }
        let measure = {
            let mut child = self.names.child(&table)?;
            let mut compiler =
                Compiler { names: &mut *child, places: self.places, problems: Vec::new(), depth: self.depth };
            let compiled = compiler.measure(name, &counted, filter, distinct, span);
            let problems = compiler.problems;
            drop(child);
            self.problems.extend(problems);
            // The problems are told above; what contains the aggregate is left unchecked.
            match compiled {
                Some(measure) => measure?,
                None => return Err(self.problems.pop().expect("a part was wrong")),
            }
        };
        let term = self.names.aggregate(&table, measure)?;
        Ok(term_node(term, span))
    }

    /// `count(order_items)`: a bare name of a child table.
    fn whole_rows(&self, name: &str, expression: &Expr) -> Option<Name> {
        match expression {
            Expr::Identifier(ident) if name == "count" && self.names.is_child(&ident.value) => {
                Some(self.places.name(ident))
            }
            _ => None,
        }
    }

    /// The first dotted name that starts with a child table.
    fn child_table(&self, expression: &Expr) -> Option<Name> {
        let mut found = None;
        let _ = walk(expression, &mut |expression| match expression {
            Expr::CompoundIdentifier(idents) if self.names.is_child(&idents[0].value) => {
                found = Some(self.places.name(&idents[0]));
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        });
        found
    }

    fn measure(
        &mut self,
        name: &str,
        counted: &Counted<'_>,
        filter: Option<&Expr>,
        distinct: bool,
        span: Span,
    ) -> Option<Result<Aggregate, Diagnostic>> {
        let argument = match counted {
            Counted::Rows(_) => None,
            Counted::Values(expression) => Some(self.lower(expression)),
        };
        let filter = filter.map(|filter| self.lower(filter));
        let argument = match argument {
            Some(argument) => Some(argument?),
            None => None,
        };
        let filter = match filter {
            Some(filter) => match cast(filter?, &SqlType::Boolean, Willingness::Implicit) {
                Ok(filter) => Some(filter),
                Err(problem) => return Some(Err(problem)),
            },
            None => None,
        };
        let measure = Measure::named(name).expect("the caller asked whether it is an aggregate");
        Some(Aggregate::new(measure, argument, filter, distinct, span))
    }
}

enum Counted<'e> {
    Rows(Name),
    Values(&'e Expr),
}

fn no_child(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(span, format!("{name} does not say over which table"))
        .help(format!("name a column of a table whose rows refer to this one: {name}(order_items.amount)"))
        .help("what refers to those rows is added up there first: a column of theirs that sums it, and here the sum of that column")
}

/// Visits an expression and its parts, outermost first. Covers the forms that the compiler takes.
fn walk(expression: &Expr, visit: &mut impl FnMut(&Expr) -> ControlFlow<()>) -> ControlFlow<()> {
    visit(expression)?;
    for part in parts(expression) {
        walk(part, visit)?;
    }
    ControlFlow::Continue(())
}

fn parts(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Nested(a)
        | Expr::UnaryOp { expr: a, .. }
        | Expr::Cast { expr: a, .. }
        | Expr::Extract { expr: a, .. }
        | Expr::Ceil { expr: a, .. }
        | Expr::Floor { expr: a, .. }
        | Expr::IsNull(a)
        | Expr::IsNotNull(a)
        | Expr::IsTrue(a)
        | Expr::IsNotTrue(a)
        | Expr::IsFalse(a)
        | Expr::IsNotFalse(a)
        | Expr::IsUnknown(a)
        | Expr::IsNotUnknown(a) => vec![a],
        Expr::BinaryOp { left: a, right: b, .. }
        | Expr::IsDistinctFrom(a, b)
        | Expr::IsNotDistinctFrom(a, b)
        | Expr::Like { expr: a, pattern: b, .. }
        | Expr::ILike { expr: a, pattern: b, .. }
        | Expr::Position { expr: a, r#in: b } => vec![a, b],
        Expr::Between { expr, low, high, .. } => vec![expr, low, high],
        Expr::InList { expr, list, .. } => [&**expr].into_iter().chain(list).collect(),
        Expr::Array(array) => array.elem.iter().collect(),
        Expr::Substring { expr, substring_from, substring_for, .. } => {
            [Some(expr), substring_from.as_ref(), substring_for.as_ref()]
                .into_iter()
                .flatten()
                .map(|part| &**part)
                .collect()
        }
        Expr::Trim { expr, trim_what, .. } => {
            [Some(expr), trim_what.as_ref()].into_iter().flatten().map(|part| &**part).collect()
        }
        Expr::Case { operand, conditions, else_result, .. } => operand
            .iter()
            .chain(else_result)
            .map(|part| &**part)
            .chain(conditions.iter().flat_map(|arm| [&arm.condition, &arm.result]))
            .collect(),
        Expr::Function(function) => match &function.args {
            FunctionArguments::List(list) => list
                .args
                .iter()
                .filter_map(|argument| match argument {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
