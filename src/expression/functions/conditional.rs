//! coalesce, nullif, greatest, least.

use super::Invocation;
use crate::diagnostic::Diagnostic;
use crate::expression::kernel::compare::{self, Comparison, Order};
use crate::expression::operators;
use crate::expression::tree::{Call, Kind, Node};
use crate::value::SqlType;
use std::cmp::Ordering;

pub(super) fn coalesce(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=usize::MAX)?;
    let span = invocation.span;
    let (sql_type, nodes) = operators::unified(invocation.arguments, "COALESCE")?;
    let foldable = nodes.iter().all(|node| node.constant().is_some());
    Ok(Node { kind: Kind::Coalesce(nodes), sql_type, span }.folded_if(foldable))
}

pub(super) fn nullif(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=2)?;
    let span = invocation.span;
    let b = invocation.arguments.pop().expect("two arguments");
    let a = invocation.arguments.pop().expect("two arguments");
    let equal = operators::comparison(Comparison::Equal, "=", a.clone(), b, span)?;
    let sql_type = a.sql_type.clone();
    let null = Node::constant_of(None, sql_type.clone(), span);
    let foldable = a.constant().is_some() && equal.constant().is_some();
    let kind = Kind::Case { arms: vec![(equal, null)], otherwise: Box::new(a) };
    Ok(Node { kind, sql_type, span }.folded_if(foldable))
}

pub(super) fn greatest(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    extreme(invocation, Ordering::Greater, "GREATEST")
}

pub(super) fn least(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    extreme(invocation, Ordering::Less, "LEAST")
}

fn extreme(invocation: Invocation<'_>, wanted: Ordering, what: &str) -> Result<Node, Diagnostic> {
    invocation.arity(1..=usize::MAX)?;
    let span = invocation.span;
    let (sql_type, nodes) = operators::unified(invocation.arguments, what)?;
    if matches!(sql_type, SqlType::Json | SqlType::Jsonb) {
        return Err(nodes[0].wrong(format!("{sql_type} has no order")));
    }
    let order = Order::of(&sql_type);
    let call = Call::total(nodes, move |arguments| compare::extreme(arguments, wanted, &order));
    Ok(call.with_nulls().node(sql_type, span))
}
