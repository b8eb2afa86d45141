//! `sum(amount) OVER (PARTITION BY account_id ORDER BY nth)`: values over the rows of one parent up to this one.

use super::{Compiler, term_node};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::Name;
use crate::expression::tree::Node;
use crate::expression::window::Window;
use crate::value::parse::Scalar;
use sqlparser::ast::{
    self, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, OrderByExpr, Spanned, WindowSpec, WindowType,
};

/// How the window is written.
pub(super) const FORM: &str =
    "write `(partition by account_id order by nth)`, with the reference that rows are made `per`";

impl Compiler<'_, '_> {
    /// Compiles the argument with the row's names, and registers the window. `None`: a part was wrong and is reported.
    pub(super) fn window(
        &mut self,
        name: &str,
        function: &ast::Function,
        over: &WindowType,
        span: Span,
    ) -> Option<Result<Node, Diagnostic>> {
        let partition = match self.partition(over, span) {
            Ok(partition) => partition,
            Err(problem) => return Some(Err(problem)),
        };
        let arguments = match arguments(name, function, span) {
            Ok(arguments) => arguments,
            Err(problem) => return Some(Err(problem)),
        };
        let mut nodes = self.lower_all(arguments)?;
        let back = match nodes.get(1).map(|node| (node.constant(), node.span)) {
            None => None,
            Some((Some(Some(Scalar::Int(back))), _)) => Some(back),
            Some((_, place)) => {
                return Some(Err(Diagnostic::new(place, "how many rows lag looks back is a whole number")));
            }
        };
        nodes.truncate(1);
        let window = Window::new(name, nodes.pop(), back, span);
        let term = window.and_then(|window| self.names.window(&partition, window));
        Some(term.map(|term| term_node(term, span)))
    }

    /// The reference whose rows follow each other.
    fn partition(&self, over: &WindowType, span: Span) -> Result<Name, Diagnostic> {
        let WindowType::WindowSpec(WindowSpec { window_name: None, partition_by, order_by, window_frame }) =
            over
        else {
            return Err(Diagnostic::new(span, "windows have no names here").help(FORM));
        };
        if window_frame.is_some() {
            let message = "a window reaches from the parent's first row to this one; it takes no other frame";
            return Err(Diagnostic::new(span, message).help("leave out ROWS or RANGE"));
        }
        let [Expr::Identifier(partition)] = &partition_by[..] else {
            return Err(Diagnostic::new(span, "a window is over the rows of one parent").help(FORM));
        };
        match &order_by[..] {
            [OrderByExpr { expr: Expr::Identifier(counter), options, .. }]
                if ["nth", "row"].contains(&counter.value.as_str()) && options.asc != Some(false) => {}
            [] => return Err(Diagnostic::new(span, "a window follows the order of rows").help(FORM)),
            [other, ..] => {
                let place = self.places.span(other.expr.span());
                let message =
                    "a window follows the order in which rows are made: `order by nth`, or `order by row`";
                return Err(Diagnostic::new(place, message)
                    .help("moments with `ascending: per parent` are in this order"));
            }
        }
        Ok(self.places.name(partition))
    }
}

/// What stands between the parentheses; nothing for `count(*)`.
fn arguments<'f>(name: &str, function: &'f ast::Function, span: Span) -> Result<Vec<&'f Expr>, Diagnostic> {
    if !Window::names().contains(&name) {
        let message = format!("{name} cannot stand before OVER");
        return Err(Diagnostic::new(span, message).help(format!("these can: {}", Window::names().join(", "))));
    }
    if function.filter.is_some() {
        let message = "FILTER is not supported before OVER";
        return Err(Diagnostic::new(span, message).help("let a CASE give null for other rows"));
    }
    let wrong = || Diagnostic::new(span, format!("{name} takes one argument before OVER: {name}(column)"));
    let FunctionArguments::List(list) = &function.args else { return Err(wrong()) };
    if list.duplicate_treatment.is_some() {
        return Err(Diagnostic::new(span, "DISTINCT is not supported before OVER"));
    }
    if let ([FunctionArg::Unnamed(FunctionArgExpr::Wildcard)], "count") = (&list.args[..], name) {
        return Ok(Vec::new());
    }
    let most = if name == "lag" { 2 } else { 1 };
    let expression = |argument: &'f FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
        _ => None,
    };
    let arguments: Option<Vec<&Expr>> = list.args.iter().map(expression).collect();
    arguments.filter(|arguments| (1..=most).contains(&arguments.len())).ok_or_else(wrong)
}
