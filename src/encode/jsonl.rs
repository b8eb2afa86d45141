//! JSON Lines: an object per row, on a line of its own.
//!
//! Numbers are numbers, decimals with all their digits; what JSON has no number for (NaN, Infinity) is a string. Instants are
//! ISO 8601: with `Z` for timestamptz, without a zone for timestamp. json columns are embedded as they are, arrays are arrays;
//! bytea and intervals are strings of PostgreSQL's text (`"\\x01ff"`, `"1 day 02:00:00"`).

use super::cells::{Notation, replace};
use super::rows::RowEncoding;
use super::{EncodeError, Encoding, Options};
use crate::plan::Plan;
use crate::value::text;

pub(super) struct Jsonl;

impl Notation for Jsonl {
    const NULL: &'static [u8] = b"null";
    const BOOLEANS: [&'static [u8]; 2] = [b"true", b"false"];
    const QUOTE: Option<u8> = Some(b'"');
    const EMPTY: &'static [u8] = b"\"\"";
    const JSON: bool = true;

    #[inline]
    fn is_special(byte: u8) -> bool {
        byte < b' ' || byte == b'"' || byte == b'\\'
    }

    fn escape(out: &mut Vec<u8>, text: &[u8]) {
        out.push(b'"');
        replace(out, text, Self::is_special, |out, byte| match byte {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            _ => {
                let hex = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[hex[(byte >> 4) as usize], hex[(byte & 15) as usize]]);
            }
        });
        out.push(b'"');
    }

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        out.extend_from_slice(b"\"\\");
        text::bytea(out, bytes);
        out.push(b'"');
    }

    fn before_cell(&self, position: usize, name: &str) -> Vec<u8> {
        let mut before = if position == 0 { b"{".to_vec() } else { b",".to_vec() };
        Self::escape(&mut before, name.as_bytes());
        before.push(b':');
        before
    }

    #[inline]
    fn end_row(&self, _row: u64) -> &[u8] {
        b"}
"
    }
}

pub(super) fn build(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    Ok(Box::new(RowEncoding::new(Jsonl, plan, table, columns, options)))
}

#[cfg(test)]
mod tests {
    use crate::encode::fixture::{Given, everything, texts};
    use crate::value::SqlType;

    #[test]
    fn names_and_texts_are_escaped_as_json_wants() {
        let odd = ["\"\\", "\n\r\t", "\u{0}\u{1f}", "é/\u{7f}", ""];
        let mut given = Given::new(vec![("a \"b\"", SqlType::Text, texts(&odd))]);
        let text = given.text("jsonl");
        for (line, value) in text.lines().zip(odd) {
            let read: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(read["a \"b\""], value);
        }
        assert!(text.contains(r#"{"a \"b\"":"\u0000\u001f"}"#), "{text}");
    }

    #[test]
    fn every_type_has_its_json() {
        let expected = [
            r#"{"smallint":7,"int":-1,"bigint":1234567890,"numeric":19.99,"wide":-0.0000000001,"real":0.1,"double":1e+20,"#,
            r#""boolean":true,"text":"plain","varchar":"","char":"ab","dictionary":"NULL","date":"2026-01-01","#,
            r#""time":"13:05:00","timestamp":"2026-01-31T13:05:00","timestamptz":"2026-01-31T13:05:00.25Z","#,
            r#""interval":"1 year 2 mons 3 days 04:05:06","uuid":"01234567-89ab-cdef-0123-456789abcdef","#,
            r#""json":{"a": [1, null]},"jsonb":{   "a": 1 },"bytea":"\\x0041ff","inet":"10.0.0.1","mood":"glad","#,
            r#""texts":["a b","it's \"\\",null],"numbers":[1.5],"instants":["1970-01-01T00:00:00Z"]}"#,
        ];
        let text = everything().text("jsonl");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], expected.concat());
        let second: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
        assert_eq!(second["bigint"], i64::MIN);
        assert_eq!(second["double"], "-Infinity");
        assert_eq!(second["text"], "q\"'\\,\t\n\r\u{1}é\u{1f600}");
        assert_eq!(second["json"], "it's\n");
        assert_eq!(second["mood"], "it's \"so\"");
        assert_eq!(second["texts"], serde_json::json!([]));
        let third: serde_json::Value = serde_json::from_str(lines[2]).unwrap();
        assert!(third.as_object().unwrap().values().all(serde_json::Value::is_null));
        assert_eq!(lines.len(), 3);
    }
}
