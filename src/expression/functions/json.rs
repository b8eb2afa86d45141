//! JSON from values, spaced as PostgreSQL spaces it.

use super::Invocation;
use crate::diagnostic::Diagnostic;
use crate::expression::cast::{Willingness, cast};
use crate::expression::evaluate::{Argument, Arguments};
use crate::expression::tree::{Call, Node};
use crate::value::{SqlType, text};
use std::collections::BTreeMap;

pub(super) fn to_json(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    converted(invocation, SqlType::Json)
}

pub(super) fn to_jsonb(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    converted(invocation, SqlType::Jsonb)
}

fn converted(invocation: Invocation<'_>, to: SqlType) -> Result<Node, Diagnostic> {
    invocation.arity(1..=1)?;
    let (nodes, types) = settled(invocation.arguments)?;
    let separator = separator(&to);
    let call = Call::new(nodes, move |arguments| {
        arguments.texts(|at, out| {
            let value = &arguments.values[0];
            text::json(out, &types[0], &value.vector, value.index(at), separator);
            Ok(())
        })
    });
    Ok(call.node(to, invocation.span))
}

pub(super) fn json_build_array(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    built_array(invocation, SqlType::Json)
}

pub(super) fn jsonb_build_array(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    built_array(invocation, SqlType::Jsonb)
}

fn built_array(invocation: Invocation<'_>, to: SqlType) -> Result<Node, Diagnostic> {
    let (nodes, types) = settled(invocation.arguments)?;
    let call = Call::new(nodes, move |arguments| {
        arguments.texts(|at, out| {
            out.push(b'[');
            for (number, (value, sql_type)) in arguments.values.iter().zip(&types).enumerate() {
                if number > 0 {
                    out.extend_from_slice(b", ");
                }
                write_argument(out, sql_type, value, at, ", ");
            }
            out.push(b']');
            Ok(())
        })
    });
    Ok(call.with_nulls().node(to, invocation.span))
}

pub(super) fn json_build_object(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    built_object(invocation, SqlType::Json, write_object)
}

pub(super) fn jsonb_build_object(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    built_object(invocation, SqlType::Jsonb, write_sorted_object)
}

type WriteObject = fn(&mut Vec<u8>, &Arguments<'_>, &[SqlType], usize);

fn built_object(
    invocation: Invocation<'_>,
    to: SqlType,
    write_object: WriteObject,
) -> Result<Node, Diagnostic> {
    if invocation.arguments.len() % 2 == 1 {
        return Err(
            Diagnostic::new(invocation.span, "keys and values must come in pairs").help(invocation.signature)
        );
    }
    let arguments = invocation.arguments.into_iter().enumerate().map(|(at, node)| match at % 2 {
        0 => cast(node, &SqlType::Text, Willingness::Assignment),
        _ => Ok(node),
    });
    let (nodes, types) = settled(arguments.collect::<Result<_, _>>()?)?;
    let call = Call::new(nodes, move |arguments| {
        arguments.texts(|at, out| {
            if arguments.values.iter().step_by(2).any(|key| !key.is_valid(at)) {
                return Err("null value not allowed for object key".into());
            }
            write_object(out, arguments, &types, at);
            Ok(())
        })
    });
    Ok(call.with_nulls().node(to, invocation.span))
}

/// `{"a" : 1, "b" : 2}`, as json_build_object writes.
fn write_object(out: &mut Vec<u8>, arguments: &Arguments<'_>, types: &[SqlType], at: usize) {
    out.push(b'{');
    for (number, pair) in arguments.values.chunks_exact(2).enumerate() {
        if number > 0 {
            out.extend_from_slice(b", ");
        }
        text::json_string(out, pair[0].str(at));
        out.extend_from_slice(b" : ");
        write_argument(out, &types[number * 2 + 1], &pair[1], at, ",");
    }
    out.push(b'}');
}

/// `{"a": 1, "bb": 2}`: jsonb orders keys by length, then bytes, and the last of equal keys counts.
fn write_sorted_object(out: &mut Vec<u8>, arguments: &Arguments<'_>, types: &[SqlType], at: usize) {
    let pairs: BTreeMap<(usize, &str), usize> = arguments
        .values
        .chunks_exact(2)
        .enumerate()
        .map(|(number, pair)| ((pair[0].bytes(at).len(), pair[0].str(at)), number))
        .collect();
    out.push(b'{');
    for (place, ((_, key), number)) in pairs.into_iter().enumerate() {
        if place > 0 {
            out.extend_from_slice(b", ");
        }
        text::json_string(out, key);
        out.extend_from_slice(b": ");
        let value = number * 2 + 1;
        write_argument(out, &types[value], &arguments.values[value], at, ", ");
    }
    out.push(b'}');
}

/// Open literals become text; all types can be JSON.
fn settled(nodes: Vec<Node>) -> Result<(Vec<Node>, Vec<SqlType>), Diagnostic> {
    let nodes = nodes
        .into_iter()
        .map(|node| if node.is_open() { cast(node, &SqlType::Text, Willingness::Implicit) } else { Ok(node) })
        .collect::<Result<Vec<_>, _>>()?;
    let types = nodes.iter().map(|node| node.sql_type.clone()).collect();
    Ok((nodes, types))
}

/// Between the elements of an SQL array.
fn separator(to: &SqlType) -> &'static str {
    if *to == SqlType::Jsonb { ", " } else { "," }
}

fn write_argument(out: &mut Vec<u8>, sql_type: &SqlType, value: &Argument, at: usize, separator: &str) {
    if value.is_valid(at) {
        text::json(out, sql_type, &value.vector, value.index(at), separator);
    } else {
        out.extend_from_slice(b"null");
    }
}
