//! Functions of texts. Characters are Unicode scalar values, as in a UTF-8 database.

use super::Invocation;
use crate::diagnostic::Diagnostic;
use crate::expression::cast::{Willingness, cast};
use crate::expression::evaluate::Arguments;
use crate::expression::kernel::Fault;
use crate::expression::tree::{Call, Node};
use crate::value::{Data, SqlType, Vector};
use std::collections::BTreeMap;

const TEXT: SqlType = SqlType::Text;
const INT: SqlType = SqlType::Int;

/// PostgreSQL's limit of a text is 1 GB; a cell of a generated table stays far below.
const LONGEST: usize = 10 << 20;

/// A function from one text to another. A dictionary is computed once per distinct text.
fn mapped(mut invocation: Invocation<'_>, f: fn(&str, &mut Vec<u8>)) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(1, &[TEXT])?;
    Ok(invocation.call(arguments, TEXT, move |arguments| {
        let text = &arguments.values[0];
        if let Data::Dict { codes, values } = &text.vector.data
            && values.len() <= arguments.len
        {
            let mut mapped = crate::value::Texts::with_capacity(values.len(), values.len() * 8);
            for at in 0..values.len() {
                f(values.str(at), mapped.buffer());
                mapped.finish();
            }
            let codes = (0..arguments.len).map(|at| codes[text.index(at)]).collect();
            return Ok(Data::Dict { codes, values: std::sync::Arc::new(mapped) }.into());
        }
        arguments.texts(|at, out| {
            f(text.str(at), out);
            Ok(())
        })
    }))
}

pub(super) fn lower(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    mapped(invocation, |text, out| {
        text.chars().for_each(|letter| push_all(out, one(letter.to_lowercase(), letter)))
    })
}

pub(super) fn upper(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    mapped(invocation, |text, out| {
        text.chars().for_each(|letter| push_all(out, one(letter.to_uppercase(), letter)))
    })
}

/// Case changes one character to one, as PostgreSQL's towupper does: `ß` stays.
fn one(mut changed: impl ExactSizeIterator<Item = char>, letter: char) -> char {
    if changed.len() == 1 { changed.next().unwrap_or(letter) } else { letter }
}

fn push_all(out: &mut Vec<u8>, letter: char) {
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

pub(super) fn initcap(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    mapped(invocation, |text, out| {
        let mut inside = false;
        for letter in text.chars() {
            let changed =
                if inside { one(letter.to_lowercase(), letter) } else { one(letter.to_uppercase(), letter) };
            push_all(out, changed);
            inside = letter.is_alphanumeric();
        }
    })
}

pub(super) fn reverse(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    mapped(invocation, |text, out| text.chars().rev().for_each(|letter| push_all(out, letter)))
}

pub(super) fn md5(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    mapped(invocation, |text, out| {
        for byte in digest::md5(text.as_bytes()) {
            out.extend_from_slice(format!("{byte:02x}").as_bytes());
        }
    })
}

/// A function from one text to a number.
fn measured(mut invocation: Invocation<'_>, f: fn(&str) -> i64) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(1, &[TEXT])?;
    Ok(invocation.call(arguments, INT, move |arguments| {
        let text = &arguments.values[0];
        Ok(Data::Int(arguments.each(|at| Ok(f(text.str(at))))?).into())
    }))
}

pub(super) fn length(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    measured(invocation, |text| text.chars().count() as i64)
}

pub(super) fn octet_length(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    measured(invocation, |text| text.len() as i64)
}

pub(super) fn ascii(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    measured(invocation, |text| text.chars().next().map_or(0, |letter| letter as i64))
}

pub(super) fn chr(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(1, &[INT])?;
    Ok(invocation.call(arguments, TEXT, |arguments| {
        let points = arguments.values[0].ints();
        arguments.texts(|at, out| {
            let letter =
                u32::try_from(points.get(at)).ok().filter(|point| *point != 0).and_then(char::from_u32);
            push_all(out, letter.ok_or_else(|| format!("{} is no character", points.get(at)))?);
            Ok(())
        })
    }))
}

pub(super) fn to_hex(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let is_small =
        invocation.arguments.iter().all(|number| matches!(number.sql_type, SqlType::SmallInt | SqlType::Int));
    let arguments = invocation.typed(1, &[SqlType::BigInt])?;
    Ok(invocation.call(arguments, TEXT, move |arguments| {
        let numbers = arguments.values[0].ints();
        arguments.texts(|at, out| {
            // A number below 0 is as its type's bits have it.
            let text = match is_small {
                true => format!("{:x}", numbers.get(at) as i32),
                false => format!("{:x}", numbers.get(at)),
            };
            out.extend_from_slice(text.as_bytes());
            Ok(())
        })
    }))
}

/// Refuses texts beyond reason.
fn checked_length(characters: i64) -> Result<usize, Fault> {
    usize::try_from(characters.max(0))
        .ok()
        .filter(|length| *length <= LONGEST)
        .ok_or(Fault::Borrowed("requested length too large"))
}

pub(super) fn substring(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(2, &[TEXT, INT, INT])?;
    Ok(invocation.call(arguments, TEXT, |arguments| {
        let (text, from) = (&arguments.values[0], arguments.values[1].ints());
        let length = arguments.values.get(2).map(|length| length.ints());
        arguments.texts(|at, out| {
            let start = from.get(at);
            let end = match length.map(|length| length.get(at)) {
                Some(length) if length < 0 => return Err("negative substring length not allowed".into()),
                Some(length) => start + length,
                None => i64::MAX,
            };
            let skipped = (start - 1).max(0) as usize;
            let taken = (end - start.max(1)).max(0) as usize;
            out.extend_from_slice(characters(text.str(at), skipped, taken).as_bytes());
            Ok(())
        })
    }))
}

/// `taken` characters after `skipped`.
fn characters(text: &str, skipped: usize, taken: usize) -> &str {
    let offset = |text: &str, count: usize| {
        if text.is_ascii() {
            count.min(text.len())
        } else {
            text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
        }
    };
    let rest = &text[offset(text, skipped)..];
    &rest[..offset(rest, taken)]
}

pub(super) fn left(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(2, &[TEXT, INT])?;
    Ok(invocation.call(arguments, TEXT, |arguments| {
        let (text, counts) = (&arguments.values[0], arguments.values[1].ints());
        arguments.texts(|at, out| {
            let (text, count) = (text.str(at), counts.get(at));
            let taken = if count < 0 { text.chars().count() as i64 + count } else { count };
            out.extend_from_slice(characters(text, 0, taken.max(0) as usize).as_bytes());
            Ok(())
        })
    }))
}

pub(super) fn right(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(2, &[TEXT, INT])?;
    Ok(invocation.call(arguments, TEXT, |arguments| {
        let (text, counts) = (&arguments.values[0], arguments.values[1].ints());
        arguments.texts(|at, out| {
            let (text, count) = (text.str(at), counts.get(at));
            let skipped = if count < 0 { -count } else { text.chars().count() as i64 - count };
            out.extend_from_slice(characters(text, skipped.max(0) as usize, usize::MAX).as_bytes());
            Ok(())
        })
    }))
}

pub(super) fn lpad(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    padded(invocation, true)
}

pub(super) fn rpad(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    padded(invocation, false)
}

fn padded(mut invocation: Invocation<'_>, at_left: bool) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(2, &[TEXT, INT, TEXT])?;
    Ok(invocation.call(arguments, TEXT, move |arguments| {
        let (text, lengths, fill) =
            (&arguments.values[0], arguments.values[1].ints(), arguments.values.get(2));
        arguments.texts(|at, out| {
            let (text, fill) = (text.str(at), fill.map_or(" ", |fill| fill.str(at)));
            let length = checked_length(lengths.get(at))?;
            let count = text.chars().count();
            if count >= length {
                out.extend_from_slice(characters(text, 0, length).as_bytes());
                return Ok(());
            }
            if !at_left {
                out.extend_from_slice(text.as_bytes());
            }
            fill.chars().cycle().take(length - count).for_each(|letter| push_all(out, letter));
            if at_left {
                out.extend_from_slice(text.as_bytes());
            }
            Ok(())
        })
    }))
}

pub(super) fn btrim(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    trimmed(invocation, |text, set| text.trim_matches(|letter| set.contains(letter)))
}

pub(super) fn ltrim(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    trimmed(invocation, |text, set| text.trim_start_matches(|letter| set.contains(letter)))
}

pub(super) fn rtrim(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    trimmed(invocation, |text, set| text.trim_end_matches(|letter| set.contains(letter)))
}

fn trimmed(
    mut invocation: Invocation<'_>,
    trim: for<'t> fn(&'t str, &str) -> &'t str,
) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(1, &[TEXT, TEXT])?;
    Ok(invocation.call(arguments, TEXT, move |arguments| {
        let (text, set) = (&arguments.values[0], arguments.values.get(1));
        arguments.texts(|at, out| {
            out.extend_from_slice(trim(text.str(at), set.map_or(" ", |set| set.str(at))).as_bytes());
            Ok(())
        })
    }))
}

pub(super) fn replace(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(3, &[TEXT, TEXT, TEXT])?;
    Ok(invocation.call(arguments, TEXT, |arguments| {
        let [text, from, to] = arguments.values else { unreachable!("three arguments") };
        arguments.texts(|at, out| {
            let (text, from) = (text.str(at), from.str(at));
            if from.is_empty() {
                out.extend_from_slice(text.as_bytes());
            } else {
                out.extend_from_slice(text.replace(from, to.str(at)).as_bytes());
            }
            Ok(())
        })
    }))
}

pub(super) fn translate(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(3, &[TEXT, TEXT, TEXT])?;
    Ok(invocation.call(arguments, TEXT, |arguments| {
        let [text, from, to] = arguments.values else { unreachable!("three arguments") };
        arguments.texts(|at, out| {
            let mut changes: BTreeMap<char, Option<char>> = BTreeMap::new();
            let mut to = to.str(at).chars();
            for letter in from.str(at).chars() {
                let change = to.next();
                // The first of a repeated character counts.
                changes.entry(letter).or_insert(change);
            }
            for letter in text.str(at).chars() {
                if let Some(letter) = changes.get(&letter).copied().unwrap_or(Some(letter)) {
                    push_all(out, letter);
                }
            }
            Ok(())
        })
    }))
}

pub(super) fn concat(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(1..=usize::MAX)?;
    let span = invocation.span;
    let nodes = as_texts(invocation.arguments)?;
    let call = Call::new(nodes, |arguments| {
        arguments.texts(|at, out| {
            for value in arguments.values.iter().filter(|value| value.is_valid(at)) {
                out.extend_from_slice(value.bytes(at));
            }
            Ok(())
        })
    });
    Ok(call.with_nulls().node(TEXT, span))
}

pub(super) fn concat_ws(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    invocation.arity(2..=usize::MAX)?;
    let span = invocation.span;
    let nodes = as_texts(invocation.arguments)?;
    let call = Call::new(nodes, |arguments: &Arguments<'_>| {
        let [separator, values @ ..] = arguments.values else { unreachable!("a separator") };
        let joined = arguments.texts(|at, out| {
            let mut first = true;
            for value in values.iter().filter(|value| value.is_valid(at)) {
                if !first {
                    out.extend_from_slice(separator.bytes(at));
                }
                first = false;
                out.extend_from_slice(value.bytes(at));
            }
            Ok(())
        })?;
        let valid = (0..arguments.len).map(|at| separator.is_valid(at)).collect();
        Ok(Vector::new(joined.data, Some(valid)))
    });
    Ok(call.with_nulls().node(TEXT, span))
}

/// Any values as text. PostgreSQL's concat writes booleans as `t` and `f`.
fn as_texts(nodes: Vec<Node>) -> Result<Vec<Node>, Diagnostic> {
    nodes
        .into_iter()
        .map(|node| match node.sql_type {
            SqlType::Boolean if !node.is_null() => {
                let span = node.span;
                let call = Call::new(vec![node], |arguments| {
                    let values = arguments.values[0].bools();
                    arguments.texts(|at, out| {
                        out.push(if values.get(at) { b't' } else { b'f' });
                        Ok(())
                    })
                });
                Ok(call.node(TEXT, span))
            }
            _ => cast(node, &TEXT, Willingness::Assignment),
        })
        .collect()
}

pub(super) fn repeat(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(2, &[TEXT, INT])?;
    Ok(invocation.call(arguments, TEXT, |arguments| {
        let (text, counts) = (&arguments.values[0], arguments.values[1].ints());
        arguments.texts(|at, out| {
            let text = text.str(at);
            let count = checked_length(counts.get(at))?;
            checked_length((count * text.len()) as i64)?;
            out.extend_from_slice(text.repeat(count).as_bytes());
            Ok(())
        })
    }))
}

pub(super) fn split_part(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(3, &[TEXT, TEXT, INT])?;
    Ok(invocation.call(arguments, TEXT, |arguments| {
        let (text, delimiter, numbers) =
            (&arguments.values[0], &arguments.values[1], arguments.values[2].ints());
        arguments.texts(|at, out| {
            let (text, delimiter, number) = (text.str(at), delimiter.str(at), numbers.get(at));
            let part = match number {
                0 => return Err("field position must not be zero".into()),
                1 | -1 if delimiter.is_empty() => Some(text),
                _ if delimiter.is_empty() => None,
                1.. => text.split(delimiter).nth(number as usize - 1),
                _ => text.rsplit(delimiter).nth(-(number + 1) as usize),
            };
            out.extend_from_slice(part.unwrap_or("").as_bytes());
            Ok(())
        })
    }))
}

pub(super) fn strpos(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(2, &[TEXT, TEXT])?;
    Ok(invocation.call(arguments, INT, |arguments| {
        let [text, part] = arguments.values else { unreachable!("two arguments") };
        let place = |at: usize| {
            let text = text.str(at);
            Ok(text.find(part.str(at)).map_or(0, |found| text[..found].chars().count() as i64 + 1))
        };
        Ok(Data::Int(arguments.each(place)?).into())
    }))
}

pub(super) fn starts_with(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(2, &[TEXT, TEXT])?;
    Ok(invocation.call(arguments, SqlType::Boolean, |arguments| {
        let [text, prefix] = arguments.values else { unreachable!("two arguments") };
        Ok(Data::Bool(arguments.each(|at| Ok(text.bytes(at).starts_with(prefix.bytes(at))))?).into())
    }))
}

/// RFC 1321.
mod digest {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

    pub fn md5(message: &[u8]) -> [u8; 16] {
        // The RFC's table: floor(2^32 * |sin(i + 1)|).
        let table: [u32; 64] =
            std::array::from_fn(|at| (libm::fabs(libm::sin(at as f64 + 1.0)) * 4_294_967_296.0) as u32);
        let mut padded = message.to_vec();
        padded.push(0x80);
        padded.resize(padded.len().next_multiple_of(64), 0);
        if padded.len() - message.len() < 9 {
            padded.resize(padded.len() + 64, 0);
        }
        let end = padded.len();
        padded[end - 8..].copy_from_slice(&(message.len() as u64 * 8).to_le_bytes());
        let mut state = [0x6745_2301u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
        for block in padded.chunks_exact(64) {
            let word =
                |at: usize| u32::from_le_bytes(block[at * 4..at * 4 + 4].try_into().expect("four bytes"));
            let [mut a, mut b, mut c, mut d] = state;
            for at in 0..64 {
                let (mixed, from) = match at / 16 {
                    0 => ((b & c) | (!b & d), at),
                    1 => ((d & b) | (!d & c), (5 * at + 1) % 16),
                    2 => (b ^ c ^ d, (3 * at + 5) % 16),
                    _ => (c ^ (b | !d), (7 * at) % 16),
                };
                let sum = a.wrapping_add(mixed).wrapping_add(table[at]).wrapping_add(word(from));
                (a, d, c) = (d, c, b);
                b = b.wrapping_add(sum.rotate_left(SHIFTS[at / 16][at % 4]));
            }
            for (state, new) in state.iter_mut().zip([a, b, c, d]) {
                *state = state.wrapping_add(new);
            }
        }
        let mut digest = [0; 16];
        for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        digest
    }
}
