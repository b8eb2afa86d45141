//! Random values: another in each row, the same in each run.

use super::Invocation;
use crate::diagnostic::Diagnostic;
use crate::expression::evaluate::Arguments;
use crate::expression::tree::{Call, Node};
use crate::random::{mix, to_unit};
use crate::value::{Data, SqlType, Vector};

pub(super) fn random(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(0..=0)?;
    let key = invocation.names.draw_key();
    Ok(drawn(&invocation, SqlType::Double, move |arguments| {
        Data::Float((0..arguments.len).map(|at| to_unit(mix(key, arguments.row(at)))).collect()).into()
    }))
}

pub(super) fn uuid(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(0..=0)?;
    let key = invocation.names.draw_key();
    let low_key = key.child("low");
    // RFC 9562: version 4, variant 10.
    let version_4 = move |row: u64| {
        let bits = (mix(key, row) as u128) << 64 | mix(low_key, row) as u128;
        bits & !(0xf << 76) & !(0b11 << 62) | 0x4 << 76 | 0b10 << 62
    };
    Ok(drawn(&invocation, SqlType::Uuid, move |arguments| {
        Data::Uuid((0..arguments.len).map(|at| version_4(arguments.row(at))).collect()).into()
    }))
}

fn drawn(
    invocation: &Invocation<'_>,
    sql_type: SqlType,
    kernel: impl Fn(&Arguments<'_>) -> Vector + Send + Sync + 'static,
) -> Node {
    let call = Call::total(Vec::new(), kernel);
    Call { draws: true, ..call }.node(sql_type, invocation.span)
}
