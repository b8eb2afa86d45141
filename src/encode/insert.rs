//! INSERT statements of several rows each, in any dialect.
//!
//! A statement begins at every row whose number is a multiple of `rows_per_insert` and ends at the next, or with the table:
//! where the rows are cut into pieces makes no difference.

mod literals;
mod stored;

use super::cells::{Notation, replace};
use super::rows::{RowEncoding, planned};
use super::{EncodeError, Encoding, Options};
use crate::plan::{Dialect, Identity, Plan, PlannedColumn, Stored};
use literals::Literals;
use std::marker::PhantomData;
use stored::{Columns, Converting, written_type};

struct Insert<L> {
    /// Up to and with `VALUES` and a line end.
    statement: Vec<u8>,
    rows_per_insert: u64,
    table_rows: u64,
    literals: PhantomData<L>,
}

impl<L: Literals> Notation for Insert<L> {
    const NULL: &'static [u8] = b"NULL";
    const BOOLEANS: [&'static [u8]; 2] = L::BOOLEANS;
    const QUOTE: Option<u8> = Some(b'\'');
    const EMPTY: &'static [u8] = b"''";

    #[inline]
    fn is_special(byte: u8) -> bool {
        L::is_special(byte)
    }

    fn escape(out: &mut Vec<u8>, text: &[u8]) {
        out.push(b'\'');
        replace(out, text, Self::is_special, L::replace);
        out.push(b'\'');
    }

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        L::bytea(out, bytes);
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
    Ok(match options.dialect {
        Dialect::Postgres => Box::new(rows::<literals::Postgres>(plan, table, columns, options)),
        Dialect::MySql => converting::<literals::MySql>(plan, table, columns, options),
        Dialect::Sqlite => converting::<literals::Sqlite>(plan, table, columns, options),
        Dialect::DuckDb => converting::<literals::DuckDb>(plan, table, columns, options),
    })
}

fn rows<L: Literals>(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> RowEncoding<Insert<L>> {
    let insert = Insert {
        statement: statement(plan, table, columns, options.dialect).into_bytes(),
        rows_per_insert: options.rows_per_insert.max(1),
        table_rows: plan.tables[table].rows,
        literals: PhantomData::<L>,
    };
    RowEncoding::new(insert, plan, table, columns, options).between("", "\n")
}

/// Rows whose values are put into the dialect's form first.
fn converting<L: Literals>(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> Box<dyn Encoding> {
    let of = &plan.tables[table];
    let columns_stored: Vec<(&PlannedColumn, Stored)> =
        columns.iter().map(|column| (&of.columns[*column], options.dialect.stored(of, *column))).collect();
    let types = columns_stored.iter().map(|(column, stored)| written_type(*stored, &column.sql_type));
    let rows = rows::<L>(plan, table, columns, options).with_types(types.collect());
    Box::new(Converting { rows, columns: Columns::new(options.dialect.title(), of, &columns_stored) })
}

/// What stands before the rows of each statement.
fn statement(plan: &Plan, table: usize, columns: &[usize], dialect: Dialect) -> String {
    let planned = planned(plan, table, columns);
    let names: Vec<String> = planned.iter().map(|column| dialect.identifier(&column.name)).collect();
    // Others let numbers be given without being told so.
    let is_overriding = dialect == Dialect::Postgres
        && planned.iter().any(|column| column.identity == Some(Identity::Always));
    let overriding = if is_overriding { " OVERRIDING SYSTEM VALUE" } else { "" };
    let table_name = dialect.identifier(&plan.tables[table].name);
    format!("INSERT INTO {table_name} ({}){overriding} VALUES\n", names.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::encode::Options;
    use crate::encode::fixture::{Given, everything, ints, texts};
    use crate::plan::{Dialect, Identity};
    use crate::value::{Data, SqlType};

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

    #[test]
    fn dialects_have_their_own_literals_and_forms_of_types() {
        let written = |dialect: Dialect| {
            let mut given = everything();
            // Not every dialect has infinite numbers.
            given.vectors[6] = Data::Float(vec![1e20, -0.5, 0.0]).into();
            let options = Options { dialect, ..Options::default() };
            String::from_utf8(given.written_in_pieces("insert", options, |_| vec![0])).unwrap()
        };
        let mysql = written(Dialect::MySql);
        for expected in [
            "INSERT INTO `t` (`smallint`, ",
            "x'0041ff'",
            "'2026-01-31 13:05:00.25', '1 year 2 mons 3 days 04:05:06'",
            "'[\"a b\", \"it''s \\\\\"\\\\\\\\\", null]', '[1.5]'",
            "'q\"''\\\\,\t\n\\r",
        ] {
            assert!(mysql.contains(expected), "{expected}\n{mysql}");
        }
        let sqlite = written(Dialect::Sqlite);
        for expected in [
            "INSERT INTO \"t\" (\"smallint\", ",
            "1e+20, 1, 'plain'",
            "'2026-01-31 13:05:00.25+00:00'",
            "'9999999999999999999999999999.9999999999'",
            "'q\"''\\,\t\n'||char(13)||'\u{1}",
        ] {
            assert!(sqlite.contains(expected), "{expected}\n{sqlite}");
        }
        let duckdb = written(Dialect::DuckDb);
        for expected in [
            "'1e+20', true, 'plain'",
            "'\\x00\\x41\\xff'",
            "'14 months 3 days 14706000000 microseconds'",
            "'[\"a b\", \"it''s \\\"\\\\\", NULL]', '[\"1.5\"]'",
        ] {
            assert!(duckdb.contains(expected), "{expected}\n{duckdb}");
        }
    }
}
