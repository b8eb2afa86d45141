//! CSV as in RFC 4180, lines ending in LF, with a header.
//!
//! NULL is empty and unquoted, empty text is `""`: PostgreSQL (`COPY ... WITH (FORMAT csv, HEADER)`) and DuckDB
//! (`allow_quoted_nulls = false`) tell them apart. Arrays, bytea, json and intervals are PostgreSQL's text of them.

use super::cells::{Notation, replace};
use super::rows::{RowEncoding, planned};
use super::{EncodeError, Encoding, Options};
use crate::plan::Plan;

pub(super) struct Csv;

impl Notation for Csv {
    const NULL: &'static [u8] = b"";
    const BOOLEANS: [&'static [u8]; 2] = [b"true", b"false"];
    const EMPTY: &'static [u8] = b"\"\"";

    #[inline]
    fn is_special(byte: u8) -> bool {
        // The backslash only for the sake of `\.`.
        matches!(byte, b',' | b'"' | b'\n' | b'\r' | b'\\')
    }

    fn escape(out: &mut Vec<u8>, text: &[u8]) {
        let mut needs_quotes = false;
        let mut has_quote = false;
        for byte in text {
            needs_quotes |= Self::is_special(*byte) & (*byte != b'\\');
            has_quote |= *byte == b'"';
        }
        // Alone on a line, `\.` would end the data for PostgreSQL before 18.
        if !needs_quotes && text != b"\\." {
            out.extend_from_slice(text);
            return;
        }
        out.push(b'"');
        match has_quote {
            true => replace(out, text, |byte| byte == b'"', |out, _| out.extend_from_slice(b"\"\"")),
            false => out.extend_from_slice(text),
        }
        out.push(b'"');
    }

    fn before_cell(&self, position: usize, _name: &str) -> Vec<u8> {
        if position == 0 { Vec::new() } else { b",".to_vec() }
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
    let mut header = Vec::new();
    for (position, column) in planned(plan, table, columns).iter().enumerate() {
        header.extend(Csv.before_cell(position, &column.name));
        Csv::escape(&mut header, column.name.as_bytes());
    }
    header.push(b'\n');
    Ok(Box::new(RowEncoding::new(Csv, plan, table, columns, options).between(header, "")))
}

#[cfg(test)]
mod tests {
    use crate::encode::fixture::{Given, dictionary, everything, ints, texts};
    use crate::value::{SqlType, Vector};

    #[test]
    fn null_is_empty_and_empty_text_is_quoted() {
        let id = ints(&[1, 2, 3]);
        let note = Vector::new(texts(&["", "x", "y"]).data, Some(vec![true, false, true]));
        let tag = dictionary(&["", "gift, wrapped"], &[1, 0, 1]);
        let mut given = Given::new(vec![
            ("id", SqlType::Int, id),
            ("the \"note\"", SqlType::Text, note),
            ("tag", SqlType::Text, tag),
        ]);
        let expected = r#"id,"the ""note""",tag
1,"","gift, wrapped"
2,,""
3,y,"gift, wrapped"
"#;
        assert_eq!(given.text("csv"), expected);
    }

    #[test]
    fn quotes_stand_where_the_rfc_wants_them_and_around_an_end_of_data() {
        let odd = ["a,b", "say \"hi\"", "two\nlines", "cr\r", "back\\slash", "\\.", " blanks ", "tab\t", "é"];
        let mut given = Given::new(vec![("v", SqlType::Text, texts(&odd))]);
        let expected = "v\n\"a,b\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n\"cr\r\"\nback\\slash\n\"\\.\"\n blanks \ntab\t\né\n";
        assert_eq!(given.text("csv"), expected);
    }

    #[test]
    fn every_type_is_postgresqls_text() {
        let expected = [
            "smallint,int,bigint,numeric,wide,real,double,boolean,text,varchar,char,dictionary,",
            "date,time,timestamp,timestamptz,interval,uuid,json,jsonb,bytea,inet,mood,texts,numbers,instants\n",
            "7,-1,1234567890,19.99,-0.0000000001,0.1,1e+20,true,plain,\"\",ab,NULL,",
            "2026-01-01,13:05:00,2026-01-31 13:05:00,2026-01-31 13:05:00.25+00,1 year 2 mons 3 days 04:05:06,",
            "01234567-89ab-cdef-0123-456789abcdef,\"{\"\"a\"\": [1, null]}\",\"{\n  \"\"a\"\": 1\n}\",\\x0041ff,10.0.0.1,",
            "glad,\"{\"\"a b\"\",\"\"it's \\\"\"\\\\\"\",NULL}\",{1.5},\"{\"\"1970-01-01 00:00:00+00\"\"}\"\n",
            "-32768,2147483647,-9223372036854775808,-99999999.99,9999999999999999999999999999.9999999999,",
            "3.4028235e+38,-Infinity,false,\"q\"\"'\\,\t\n\r\u{1}é\u{1f600}\",\"\\.\",\\N,\"a longer text, beyond a word\",",
            "0001-01-01,23:59:59.999999,1969-12-31 23:59:59.999999,9999-12-31 23:59:59+00,-1 days +01:00:00,",
            "ffffffff-ffff-ffff-ffff-ffffffffffff,\"\"\"it's\\n\"\"\",\"\"\"\\\\\"\"\",\\x,::1/64,\"it's \"\"so\"\"\",{},\"{-0.1,0.0}\",{}\n",
            ",,,,,,,,,,,,,,,,,,,,,,,,,\n",
        ];
        assert_eq!(everything().text("csv"), expected.concat());
    }
}
