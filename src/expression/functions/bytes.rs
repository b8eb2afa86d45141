//! Functions of bytes: hashes, and bytes as text and back.

use super::Invocation;
use crate::diagnostic::Diagnostic;
use crate::expression::kernel::Fault;
use crate::expression::tree::Node;
use crate::value::SqlType;
use crate::value::parse::Scalar;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

pub(super) fn sha224(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    hash::<Sha224>(invocation)
}

pub(super) fn sha256(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    hash::<Sha256>(invocation)
}

pub(super) fn sha384(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    hash::<Sha384>(invocation)
}

pub(super) fn sha512(invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    hash::<Sha512>(invocation)
}

fn hash<D: Digest>(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let arguments = invocation.typed(1, &[SqlType::Bytea]).map_err(|problem| {
        problem.help("of text: `sha256(convert_to(email, 'UTF8'))`; as text: `encode(..., 'hex')`")
    })?;
    Ok(invocation.call(arguments, SqlType::Bytea, |arguments| {
        arguments.texts(|at, out| {
            out.extend_from_slice(&D::digest(arguments.values[0].bytes(at)));
            Ok(())
        })
    }))
}

pub(super) fn convert_to(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let mut arguments = invocation.typed(2, &[SqlType::Text, SqlType::Text])?;
    constant(&arguments.pop().expect("two arguments"), &["UTF8", "UTF-8"])?;
    Ok(invocation.call(arguments, SqlType::Bytea, |arguments| {
        arguments.texts(|at, out| {
            out.extend_from_slice(arguments.values[0].bytes(at));
            Ok(())
        })
    }))
}

pub(super) fn encode(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let mut arguments = invocation.typed(2, &[SqlType::Bytea, SqlType::Text])?;
    let write = match constant(&arguments.pop().expect("two arguments"), &["hex", "base64"])? {
        0 => push_hex,
        _ => push_base64,
    };
    Ok(invocation.call(arguments, SqlType::Text, move |arguments| {
        arguments.texts(|at, out| {
            write(arguments.values[0].bytes(at), out);
            Ok(())
        })
    }))
}

pub(super) fn decode(mut invocation: Invocation<'_>) -> Result<Node, Diagnostic> {
    let mut arguments = invocation.typed(2, &[SqlType::Text, SqlType::Text])?;
    let read = match constant(&arguments.pop().expect("two arguments"), &["hex", "base64"])? {
        0 => read_hex,
        _ => read_base64,
    };
    Ok(invocation.call(arguments, SqlType::Bytea, move |arguments| {
        arguments.texts(|at, out| read(arguments.values[0].str(at), out))
    }))
}

/// Which of some names a constant argument is.
fn constant(argument: &Node, names: &[&str]) -> Result<usize, Diagnostic> {
    let text = match argument.constant() {
        Some(Some(Scalar::Text(text))) => String::from_utf8(text).expect("text is UTF-8"),
        _ => return Err(argument.wrong("the encoding must be written as a constant")),
    };
    names.iter().position(|name| name.eq_ignore_ascii_case(&text)).ok_or_else(|| {
        argument
            .wrong(format!("unrecognized encoding: \"{text}\""))
            .help(format!("one of {}", names.join(", ")))
    })
}

fn push_hex(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        out.extend([byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[digit as usize]));
    }
}

fn read_hex(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
    let mut high = None;
    for letter in text.chars().filter(|letter| !matches!(letter, ' ' | '\t' | '\r' | '\n')) {
        let digit =
            letter.to_digit(16).ok_or_else(|| format!("invalid hexadecimal digit: \"{letter}\""))? as u8;
        match high.take() {
            None => high = Some(digit),
            Some(high) => out.push(high << 4 | digit),
        }
    }
    match high {
        None => Ok(()),
        Some(_) => Err("invalid hexadecimal data: odd number of digits".into()),
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// As in RFC 2045: lines of 76 characters.
fn push_base64(bytes: &[u8], out: &mut Vec<u8>) {
    for (number, three) in bytes.chunks(3).enumerate() {
        let bits =
            three.iter().enumerate().fold(0u32, |bits, (at, byte)| bits | (*byte as u32) << (16 - 8 * at));
        for at in 0..4 {
            out.push(if at > three.len() { b'=' } else { BASE64[(bits >> (18 - 6 * at)) as usize & 63] });
        }
        // Also after the last line, where it is full.
        if number % 19 == 18 && three.len() == 3 {
            out.push(b'\n');
        }
    }
}

fn read_base64(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
    let (mut bits, mut count, mut padding) = (0u32, 0, 0);
    for letter in text.chars().filter(|letter| !matches!(letter, ' ' | '\t' | '\r' | '\n')) {
        let value = match letter {
            '=' if count >= 2 => {
                padding += 1;
                0
            }
            _ if padding > 0 => return Err("unexpected \"=\" while decoding base64 sequence".into()),
            _ => BASE64
                .iter()
                .position(|known| *known as char == letter)
                .ok_or_else(|| format!("invalid symbol \"{letter}\" found while decoding base64 sequence"))?,
        };
        bits = bits << 6 | value as u32;
        count += 1;
        if count == 4 {
            out.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
            (bits, count) = (0, 0);
        }
    }
    match count {
        0 => Ok(()),
        _ => Err("invalid base64 end sequence".into()),
    }
}
