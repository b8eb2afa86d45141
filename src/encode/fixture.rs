//! A table with every type and the values that formats get wrong, for tests.

use super::{Options, Piece, Source, find};
use crate::expression::Failure;
use crate::plan::Plan;
pub use crate::plan::fixture::{column, table};
use crate::value::{Data, EnumType, Interval, List, SqlType, Texts, Vector};
use std::io::{self, Write};
use std::ops::Range;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

/// Columns that are given, not computed.
pub struct Given {
    pub plan: Plan,
    pub vectors: Vec<Vector>,
    pub batch_rows: usize,
}

impl Source for Given {
    fn batch_rows(&self) -> usize {
        self.batch_rows
    }

    fn batch(
        &mut self,
        _table: usize,
        rows: Range<u64>,
        columns: &[usize],
    ) -> Result<Vec<Rc<Vector>>, Failure> {
        let positions: Vec<u32> = (rows.start as u32..rows.end as u32).collect();
        Ok(columns.iter().map(|column| Rc::new(self.vectors[*column].take(&positions))).collect())
    }
}

impl Given {
    /// A table `t` of nullable columns.
    pub fn new(columns: Vec<(&str, SqlType, Vector)>) -> Self {
        let rows = columns[0].2.len() as u64;
        let (planned, vectors) =
            columns.into_iter().map(|(name, sql_type, vector)| (column(name, sql_type), vector)).unzip();
        let plan = Plan {
            seed: 1,
            types: Vec::new(),
            tables: vec![table("t", rows, planned)],
            order: vec![0],
            ..Plan::default()
        };
        Self { plan, vectors, batch_rows: 1_000 }
    }

    /// The table in a format, in pieces of the encoding's size.
    pub fn written(&mut self, format: &str, options: Options) -> Vec<u8> {
        let rows = self.plan.tables[0].rows;
        self.written_in_pieces(format, options, |chunk_rows| (0..rows).step_by(chunk_rows as usize).collect())
    }

    /// The table in a format, its pieces beginning at the given rows.
    pub fn written_in_pieces(
        &mut self,
        format: &str,
        options: Options,
        starts: impl FnOnce(u64) -> Vec<u64>,
    ) -> Vec<u8> {
        let columns: Vec<usize> = (0..self.vectors.len()).collect();
        let rows = self.plan.tables[0].rows;
        let plan = std::mem::take(&mut self.plan);
        let encoding = find(format).unwrap().encoding(&plan, 0, &columns, &options, Some(self)).unwrap();
        self.plan = plan;
        let out = Shared::default();
        let mut writer = encoding.writer(Box::new(out.clone())).unwrap();
        let mut buffer = Vec::new();
        if !encoding.header().is_empty() {
            buffer = writer.write(Piece::Bytes(encoding.header())).unwrap();
        }
        let starts = starts(encoding.chunk_rows());
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(rows);
            let piece = encoding.encode(self, *start..end, buffer).unwrap();
            buffer = writer.write(piece).unwrap();
        }
        if !encoding.footer().is_empty() {
            writer.write(Piece::Bytes(encoding.footer())).unwrap();
        }
        let bytes = writer.finish().unwrap();
        let written = out.0.lock().unwrap().clone();
        assert_eq!(bytes, written.len() as u64);
        written
    }

    /// As [`written`](Self::written), for text.
    pub fn text(&mut self, format: &str) -> String {
        String::from_utf8(self.written(format, Options::default())).unwrap()
    }
}

/// A stream that can be looked at.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub fn ints(values: &[i64]) -> Vector {
    Data::Int(values.to_vec()).into()
}

pub fn texts(values: &[&str]) -> Vector {
    Data::Text(values.iter().collect()).into()
}

/// Texts as codes into a dictionary.
pub fn dictionary(values: &[&str], codes: &[u32]) -> Vector {
    let values: Texts = values.iter().collect();
    Data::Dict { codes: codes.to_vec(), values: Arc::new(values) }.into()
}

pub fn lists(offsets: &[i32], values: Vector) -> Vector {
    Data::List(List { offsets: offsets.to_vec(), values: Box::new(values) }).into()
}

/// Three rows of every type: something usual, something extreme, null.
pub fn everything() -> Given {
    let mood = Arc::new(EnumType { name: "mood".into(), labels: vec!["glad".into(), "it's \"so\"".into()] });
    let micros = |seconds: i64| seconds * 1_000_000;
    let interval = |months, days, micros| Interval { months, days, micros };
    let mut columns = vec![
        ("smallint", SqlType::SmallInt, ints(&[7, -32_768, 0])),
        ("int", SqlType::Int, ints(&[-1, 2_147_483_647, 0])),
        ("bigint", SqlType::BigInt, ints(&[1_234_567_890, i64::MIN, 0])),
        ("numeric", SqlType::numeric(10, 2), ints(&[1_999, -9_999_999_999, 0])),
        ("wide", SqlType::numeric(38, 10), Data::Wide(vec![-1, 10i128.pow(38) - 1, 0]).into()),
        ("real", SqlType::Real, Data::Float(vec![0.1f32 as f64, f32::MAX as f64, 0.0]).into()),
        ("double", SqlType::Double, Data::Float(vec![1e20, f64::NEG_INFINITY, 0.0]).into()),
        ("boolean", SqlType::Boolean, Data::Bool(vec![true, false, false]).into()),
        ("text", SqlType::Text, texts(&["plain", "q\"'\\,\t\n\r\u{1}é\u{1f600}", ""])),
        ("varchar", SqlType::Varchar(Some(10)), texts(&["", "\\.", ""])),
        ("char", SqlType::Char(2), texts(&["ab", "\\N", ""])),
        ("dictionary", SqlType::Text, dictionary(&["", "a longer text, beyond a word", "NULL"], &[2, 1, 0])),
        ("date", SqlType::Date, ints(&[20_454, -719_162, 0])),
        ("time", SqlType::Time, ints(&[micros(47_100), 86_399_999_999, 0])),
        ("timestamp", SqlType::Timestamp, ints(&[micros(1_769_864_700), -1, 0])),
        (
            "timestamptz",
            SqlType::Timestamptz,
            ints(&[micros(1_769_864_700) + 250_000, micros(253_402_300_799), 0]),
        ),
        (
            "interval",
            SqlType::Interval,
            Data::Interval(vec![
                interval(14, 3, micros(14_706)),
                interval(0, -1, micros(3_600)),
                interval(0, 0, 0),
            ])
            .into(),
        ),
        (
            "uuid",
            SqlType::Uuid,
            Data::Uuid(vec![0x0123_4567_89ab_cdef_0123_4567_89ab_cdef, u128::MAX, 0]).into(),
        ),
        ("json", SqlType::Json, texts(&["{\"a\": [1, null]}", "\"it's\\n\"", "null"])),
        ("jsonb", SqlType::Jsonb, texts(&["{\n  \"a\": 1\n}", "\"\\\\\"", "null"])),
        ("bytea", SqlType::Bytea, Data::Text([&b"\x00A\xff"[..], b"", b""].into_iter().collect()).into()),
        ("inet", SqlType::Inet, texts(&["10.0.0.1", "::1/64", ""])),
        ("mood", SqlType::Enum(mood), dictionary(&["glad", "it's \"so\""], &[0, 1, 0])),
        (
            "texts",
            SqlType::Array(Box::new(SqlType::Text)),
            lists(
                &[0, 3, 3, 3],
                Vector::new(texts(&["a b", "it's \"\\", ""]).data, Some(vec![true, true, false])),
            ),
        ),
        (
            "numbers",
            SqlType::Array(Box::new(SqlType::numeric(5, 1))),
            lists(&[0, 1, 3, 3], ints(&[15, -1, 0])),
        ),
        ("instants", SqlType::Array(Box::new(SqlType::Timestamptz)), lists(&[0, 1, 1, 1], ints(&[0]))),
    ];
    for (.., vector) in &mut columns {
        vector.valid = Some(vec![true, true, false]);
    }
    let mut given = Given::new(columns);
    given.plan.types = given.plan.tables[0]
        .columns
        .iter()
        .filter_map(|column| match &column.sql_type {
            SqlType::Enum(of) => Some(of.clone()),
            _ => None,
        })
        .collect();
    given
}
