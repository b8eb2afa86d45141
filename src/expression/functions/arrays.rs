//! Arrays of one dimension.

use super::Invocation;
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::evaluate::Arguments;
use crate::expression::operators;
use crate::expression::tree::{Call, Node};
use crate::value::words::{WORD, append, append_text};
use crate::value::{Data, List, SqlType, Texts, Vector, text};

/// `ARRAY[a, b, ...]`.
pub(in crate::expression) fn array_of(elements: Vec<Node>, span: Span) -> Result<Node, Diagnostic> {
    let (of, elements) = operators::unified(elements, "ARRAY")?;
    if let SqlType::Array(_) = of {
        return Err(Diagnostic::new(span, "arrays of arrays are not supported"));
    }
    Ok(array(elements, &of, span))
}

/// The array of elements of one type.
pub(in crate::expression) fn array(elements: Vec<Node>, of: &SqlType, span: Span) -> Node {
    let element = of.clone();
    let call = Call::total(elements, move |arguments| gathered(arguments, &element));
    call.with_nulls().node(SqlType::Array(Box::new(of.clone())), span)
}

fn gathered(arguments: &Arguments<'_>, of: &SqlType) -> Vector {
    let width = arguments.values.len();
    let mut starts = Vec::with_capacity(width);
    let mut total = 0;
    for value in arguments.values {
        starts.push(total);
        total += value.vector.len();
    }
    let places: Vec<u32> = (0..arguments.len)
        .flat_map(|at| {
            arguments.values.iter().zip(&starts).map(move |(value, start)| (start + value.index(at)) as u32)
        })
        .collect();
    let vectors: Vec<&Vector> = arguments.values.iter().map(|value| &*value.vector).collect();
    let values = match vectors[..] {
        [] => crate::expression::tree::nulls(of, 0),
        _ => Vector::concat(&vectors).take(&places),
    };
    let offsets = (0..=arguments.len).map(|at| (at * width) as i32).collect();
    Data::List(List { offsets, values: Box::new(values) }).into()
}

fn lengths(arguments: &Arguments<'_>) -> Vec<i64> {
    let argument = &arguments.values[0];
    let Data::List(list) = &argument.vector.data else { unreachable!("the compiler asks for arrays") };
    let length = |at: usize| (list.offsets[at + 1] - list.offsets[at]) as i64;
    (0..arguments.len).map(|at| length(argument.index(at))).collect()
}

fn array_argument(invocation: &mut Invocation<'_>) -> Result<Node, Diagnostic> {
    let array = invocation.arguments.remove(0);
    match array.sql_type {
        SqlType::Array(_) => Ok(array),
        _ => Err(invocation.refuse(&array)),
    }
}

pub(super) fn cardinality(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=1)?;
    let array = array_argument(&mut invocation)?;
    Ok(invocation.total(vec![array], SqlType::Int, |arguments| Data::Int(lengths(arguments)).into()))
}

pub(super) fn array_length(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=2)?;
    let array = array_argument(&mut invocation)?;
    let dimension = invocation.typed(1, &[SqlType::Int])?.remove(0);
    Ok(invocation.total(vec![array, dimension], SqlType::Int, |arguments| {
        let lengths = lengths(arguments);
        let dimensions = arguments.values[1].ints();
        let valid = (0..arguments.len).map(|at| lengths[at] > 0 && dimensions.get(at) == 1).collect();
        Vector::new(Data::Int(lengths), Some(valid))
    }))
}

pub(super) fn array_to_string(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=3)?;
    let array = array_argument(&mut invocation)?;
    let SqlType::Array(element) = array.sql_type.clone() else { unreachable!("it is an array") };
    let texts = vec![SqlType::Text; invocation.arguments.len()];
    let mut arguments = vec![array];
    arguments.extend(invocation.typed(1, &texts)?);
    Ok(invocation.call(arguments, SqlType::Text, move |arguments| {
        let of = &arguments.values[0];
        let Data::List(list) = &of.vector.data else { unreachable!("arrays are lists") };
        if *element != SqlType::Bytea
            && let Some(texts) = joined(arguments, list)
        {
            return Ok(Data::Text(texts).into());
        }
        arguments.texts(|at, out| {
            let mut is_first = true;
            for place in list.range(of.index(at)) {
                let null = arguments.values.get(2).map(|null| null.bytes(at));
                let is_null = !list.values.is_valid(place);
                if is_null && null.is_none() {
                    continue;
                }
                if !std::mem::take(&mut is_first) {
                    out.extend_from_slice(arguments.values[1].bytes(at));
                }
                match (null.filter(|_| is_null), &list.values.data) {
                    (Some(null), _) => out.extend_from_slice(null),
                    // As boolout prints it, not as a cast to text does.
                    (None, Data::Bool(values)) => out.push(if values[place] { b't' } else { b'f' }),
                    (None, _) => text::value(out, &element, &list.values, place),
                }
            }
            Ok(())
        })
    }))
}

/// The texts of each row's list with a delimiter between them, where all lists and texts are there and the delimiter is the same for all
/// rows.
fn joined(arguments: &Arguments<'_>, list: &List) -> Option<Texts> {
    let [of, delimiter, ..] = arguments.values else { unreachable!("there are two at least") };
    let (texts, codes) = match &list.values.data {
        Data::Text(texts) => (texts, None),
        Data::Dict { codes, values } => (&**values, Some(codes)),
        _ => return None,
    };
    if arguments.valid.is_some() || of.constant || !delimiter.constant || list.values.valid.is_some() {
        return None;
    }
    let text_at = |place: usize| codes.map_or(place, |codes| codes[place] as usize);
    // Room behind the delimiter lets it be copied as a word.
    let length = delimiter.bytes(0).len();
    let mut delimiter = delimiter.bytes(0).to_vec();
    delimiter.resize(length + WORD, 0);
    let most = (0..list.values.len()).map(|place| texts.range(text_at(place)).len() + length).sum();
    Some(Texts::written(arguments.len, most, |out, mut at, row| {
        for place in list.range(row) {
            if place > list.range(row).start {
                at = append(out, at, &delimiter, 0, length);
            }
            at = append_text(out, at, texts, text_at(place));
        }
        at
    }))
}
