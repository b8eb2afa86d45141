//! PostgreSQL's `COPY ... FROM stdin` in its text format, ended by `\.`.

use super::cells::{Notation, replace};
use super::rows::{RowEncoding, planned};
use super::{EncodeError, Encoding, Options};
use crate::plan::Plan;
use crate::value::text::{self, quote_identifier};

pub(super) struct Copy;

impl Notation for Copy {
    const NULL: &'static [u8] = b"\\N";
    const BOOLEANS: [&'static [u8]; 2] = [b"t", b"f"];

    #[inline]
    fn is_special(byte: u8) -> bool {
        matches!(byte, b'\\' | 0x08..=0x0d)
    }

    fn escape(out: &mut Vec<u8>, text: &[u8]) {
        replace(out, text, Self::is_special, |out, byte| {
            out.push(b'\\');
            out.push(match byte {
                0x08 => b'b',
                b'\t' => b't',
                b'\n' => b'n',
                0x0b => b'v',
                0x0c => b'f',
                b'\r' => b'r',
                _ => byte,
            });
        });
    }

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        out.push(b'\\');
        text::bytea(out, bytes);
    }

    fn before_cell(&self, position: usize, _name: &str) -> Vec<u8> {
        if position == 0 { Vec::new() } else { b"\t".to_vec() }
    }

    #[inline]
    fn end_row(&self, _row: u64) -> &[u8] {
        b"
"
    }
}

pub(super) fn build(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    let header = statement(plan, table, columns);
    Ok(Box::new(RowEncoding::new(Copy, plan, table, columns, options).between(header, "\\.\n\n")))
}

/// The statement that stands before the data.
pub(super) fn statement(plan: &Plan, table: usize, columns: &[usize]) -> String {
    let names: Vec<String> =
        planned(plan, table, columns).iter().map(|column| quote_identifier(&column.name)).collect();
    let name = quote_identifier(&plan.tables[table].name);
    format!("COPY {name} ({}) FROM stdin;\n", names.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::encode::fixture::{Given, everything, texts};
    use crate::value::{SqlType, Vector};

    #[test]
    fn control_characters_and_backslashes_are_escaped_and_null_is_not_empty() {
        let odd = texts(&["tab\there", "two\nlines", "\u{8}\u{b}\u{c}\r", "\\N", "\\.", "", "é", ""]);
        let valid = Some(vec![true, true, true, true, true, true, true, false]);
        let mut given = Given::new(vec![("Odd", SqlType::Text, Vector::new(odd.data, valid))]);
        let expected = r#"COPY t ("Odd") FROM stdin;
tab\there
two\nlines
\b\v\f\r
\\N
\\.

é
\N
\.

"#;
        assert_eq!(given.text("copy"), expected);
    }

    #[test]
    fn every_type_is_written() {
        let expected = [
            "COPY t (\"smallint\", \"int\", \"bigint\", \"numeric\", wide, \"real\", double, \"boolean\", text, \"varchar\", \"char\", ",
            "dictionary, date, \"time\", \"timestamp\", timestamptz, \"interval\", uuid, json, jsonb, bytea, inet, mood, texts, ",
            "numbers, instants) FROM stdin;\n",
            "7\t-1\t1234567890\t19.99\t-0.0000000001\t0.1\t1e+20\tt\tplain\t\tab\tNULL\t",
            "2026-01-01\t13:05:00\t2026-01-31 13:05:00\t2026-01-31 13:05:00.25+00\t1 year 2 mons 3 days 04:05:06\t",
            "01234567-89ab-cdef-0123-456789abcdef\t{\"a\": [1, null]}\t{\\n  \"a\": 1\\n}\t\\\\x0041ff\t10.0.0.1\t",
            "glad\t{\"a b\",\"it's \\\\\"\\\\\\\\\",NULL}\t{1.5}\t{\"1970-01-01 00:00:00+00\"}\n",
            "-32768\t2147483647\t-9223372036854775808\t-99999999.99\t9999999999999999999999999999.9999999999\t",
            "3.4028235e+38\t-Infinity\tf\tq\"'\\\\,\\t\\n\\r\u{1}é\u{1f600}\t\\\\.\t\\\\N\ta longer text, beyond a word\t",
            "0001-01-01\t23:59:59.999999\t1969-12-31 23:59:59.999999\t9999-12-31 23:59:59+00\t-1 days +01:00:00\t",
            "ffffffff-ffff-ffff-ffff-ffffffffffff\t\"it's\\\\n\"\t\"\\\\\\\\\"\t\\\\x\t::1/64\tit's \"so\"\t{}\t{-0.1,0.0}\t{}\n",
            "\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t",
            "\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n",
            "\\.\n\n",
        ];
        assert_eq!(everything().text("copy"), expected.concat());
    }
}
