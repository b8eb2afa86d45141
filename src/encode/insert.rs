//! INSERT statements of several rows each.
//!
//! A statement begins at every row whose number is a multiple of `rows_per_insert` and ends at the next, or with the table:
//! where the rows are cut into pieces makes no difference.

use super::cells::{Dialect, replace};
use super::rows::{RowEncoding, planned};
use super::{EncodeError, Encoding, Options};
use crate::plan::{Identity, Plan};
use crate::value::text::quote_identifier;

struct Insert {
    /// Up to and with `VALUES` and a line end.
    statement: Vec<u8>,
    rows_per_insert: u64,
    table_rows: u64,
}

impl Dialect for Insert {
    const NULL: &'static [u8] = b"NULL";
    const BOOLEANS: [&'static [u8]; 2] = [b"true", b"false"];
    const QUOTE: Option<u8> = Some(b'\'');
    const BYTEA: &'static [u8] = b"'";
    const EMPTY: &'static [u8] = b"''";

    #[inline]
    fn is_special(byte: u8) -> bool {
        byte == b'\''
    }

    fn escape(out: &mut Vec<u8>, text: &[u8]) {
        out.push(b'\'');
        replace(out, text, Self::is_special, |out, _| out.extend_from_slice(b"''"));
        out.push(b'\'');
    }

    fn before_cell(&self, position: usize, _name: &str) -> Vec<u8> {
        if position == 0 { b"(".to_vec() } else { b", ".to_vec() }
    }

    #[inline]
    fn begin_row(&self, row: u64) -> &[u8] {
        if row.is_multiple_of(self.rows_per_insert) { &self.statement } else { b"" }
    }

    #[inline]
    fn end_row(&self, row: u64) -> &[u8] {
        let next = row + 1;
        let ends = next.is_multiple_of(self.rows_per_insert) || next == self.table_rows;
        if ends { b");\n" } else { b"),\n" }
    }
}

pub(super) fn build(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    let planned = planned(plan, table, columns);
    let names: Vec<String> = planned.iter().map(|column| quote_identifier(&column.name)).collect();
    let overriding = match planned.iter().any(|column| column.identity == Some(Identity::Always)) {
        true => " OVERRIDING SYSTEM VALUE",
        false => "",
    };
    let table_name = quote_identifier(&plan.tables[table].name);
    let insert = Insert {
        statement: format!("INSERT INTO {table_name} ({}){overriding} VALUES\n", names.join(", "))
            .into_bytes(),
        rows_per_insert: options.rows_per_insert.max(1),
        table_rows: plan.tables[table].rows,
    };
    Ok(Box::new(RowEncoding::new(insert, plan, table, columns, options).between("", "\n")))
}

#[cfg(test)]
mod tests {
    use crate::encode::Options;
    use crate::encode::fixture::{Given, everything, ints, texts};
    use crate::plan::Identity;
    use crate::value::SqlType;

    fn in_pieces(given: &mut Given, rows_per_insert: u64, starts: &[u64]) -> String {
        let options = Options { rows_per_insert, ..Options::default() };
        String::from_utf8(given.written_in_pieces("insert", options, |_| starts.to_vec())).unwrap()
    }

    #[test]
    fn statements_begin_at_multiples_and_end_with_the_table() {
        let mut given = Given::new(vec![
            ("id", SqlType::Int, ints(&[1, 2, 3])),
            ("name", SqlType::Text, texts(&["a", "it's", ""])),
        ]);
        let expected = "INSERT INTO t (id, name) VALUES\n(1, 'a'),\n(2, 'it''s');\nINSERT INTO t (id, name) VALUES\n(3, '');\n\n";
        assert_eq!(in_pieces(&mut given, 2, &[0]), expected);
        for starts in [&[0, 1][..], &[0, 2], &[0, 1, 2]] {
            assert_eq!(in_pieces(&mut given, 2, starts), expected);
        }
    }

    #[test]
    fn one_row_and_all_rows_per_statement_work() {
        let mut given = Given::new(vec![("id", SqlType::Int, ints(&[1, 2]))]);
        assert_eq!(
            in_pieces(&mut given, 1, &[0]),
            "INSERT INTO t (id) VALUES\n(1);\nINSERT INTO t (id) VALUES\n(2);\n\n"
        );
        assert_eq!(in_pieces(&mut given, u64::MAX, &[0]), "INSERT INTO t (id) VALUES\n(1),\n(2);\n\n");
    }

    #[test]
    fn an_identity_that_is_always_generated_is_overridden() {
        let mut given = Given::new(vec![("id", SqlType::BigInt, ints(&[1]))]);
        given.plan.tables[0].columns[0].identity = Some(Identity::Always);
        assert_eq!(given.text("insert"), "INSERT INTO t (id) OVERRIDING SYSTEM VALUE VALUES\n(1);\n\n");
    }

    #[test]
    fn every_type_is_a_literal() {
        let text = everything().text("insert");
        let rows = text.split_once(" VALUES\n").unwrap().1;
        let expected = [
            "(7, -1, 1234567890, 19.99, -0.0000000001, 0.1, 1e+20, true, 'plain', '', 'ab', 'NULL', ",
            "'2026-01-01', '13:05:00', '2026-01-31 13:05:00', '2026-01-31 13:05:00.25+00', '1 year 2 mons 3 days 04:05:06', ",
            "'01234567-89ab-cdef-0123-456789abcdef', '{\"a\": [1, null]}', '{\n  \"a\": 1\n}', '\\x0041ff', '10.0.0.1', ",
            "'glad', '{\"a b\",\"it''s \\\"\\\\\",NULL}', '{1.5}', '{\"1970-01-01 00:00:00+00\"}'),\n",
            "(-32768, 2147483647, -9223372036854775808, -99999999.99, 9999999999999999999999999999.9999999999, ",
            "3.4028235e+38, '-Infinity', false, 'q\"''\\,\t\n\r\u{1}é\u{1f600}', '\\.', '\\N', 'a longer text, beyond a word', ",
            "'0001-01-01', '23:59:59.999999', '1969-12-31 23:59:59.999999', '9999-12-31 23:59:59+00', '-1 days +01:00:00', ",
            "'ffffffff-ffff-ffff-ffff-ffffffffffff', '\"it''s\\n\"', '\"\\\\\"', '\\x', '::1/64', 'it''s \"so\"', '{}', '{-0.1,0.0}', '{}'),\n",
            "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ",
            "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);\n\n",
        ];
        assert_eq!(rows, expected.concat());
    }
}
