//! How fast rows become text and Parquet, on one core: the encoders alone, over vectors made beforehand.
//!
//! `cargo bench --bench format`. Throughput is in bytes of output; `plain` is the same CSV by `write!`, and the ratio between
//! both is what the encoders are for. Both must give the same bytes. Parquet is measured in rows, as columns are put into
//! pages in a small table and in a large one, of which the encoder looks at the first rows.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use datagen::column::Column;
use datagen::encode::{Encoding, Options, Piece, Source, find};
use datagen::expression::{Batch, Failure};
use datagen::plan::{Plan, PlannedColumn, Table};
use datagen::value::civil::civil_from_days;
use datagen::value::{Data, SqlType, Texts, Vector};
use std::fmt::Write;
use std::hint::black_box;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROWS: u64 = 16_384;
const BATCH_ROWS: usize = 1_024;

/// A table as shops have them.
const COLUMNS: [(&str, SqlType); 10] = [
    ("id", SqlType::BigInt),
    ("name", SqlType::Text),
    ("email", SqlType::Text),
    ("quantity", SqlType::SmallInt),
    ("price", SqlType::Numeric { precision: 10, scale: 2, bare: false }),
    ("created_at", SqlType::Timestamptz),
    ("born", SqlType::Date),
    ("token", SqlType::Uuid),
    ("active", SqlType::Boolean),
    ("score", SqlType::Double),
];

const NAMES: [&str; 6] = ["Ada", "Grace", "Barbara", "Edsger", "Leslie", "Katherine Coleman Johnson"];

/// The batches of the one table.
struct Made(Vec<Vec<Rc<Vector>>>);

impl Made {
    fn new() -> Self {
        let names: Arc<Texts> = Arc::new(NAMES.iter().collect());
        // Odd numbers with all bits in use, so that digits and branches are not foreseeable.
        let noise = |row: u64| (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1;
        let batch = |first: u64| -> Vec<Rc<Vector>> {
            let rows: Vec<u64> = (first..first + BATCH_ROWS as u64).collect();
            let ints = |value: &dyn Fn(u64) -> i64| Data::Int(rows.iter().map(|row| value(*row)).collect());
            let codes = rows.iter().map(|row| (noise(*row) % NAMES.len() as u64) as u32).collect();
            let columns = [
                ints(&|row| row as i64 + 1_000_000),
                Data::Dict { codes, values: names.clone() },
                Data::Text(rows.iter().map(|row| format!("user{}@example.com", noise(*row) >> 40)).collect()),
                ints(&|row| noise(row) as i64 % 100),
                ints(&|row| noise(row) as i64 % 1_000_000),
                ints(&|row| 1_700_000_000_000_000 + noise(row) as i64 % 1_000_000_000 * 1_000_000),
                ints(&|row| noise(row) as i64 % 20_000),
                Data::Uuid(
                    rows.iter().map(|row| (noise(*row) as u128) << 64 | noise(row + 7) as u128).collect(),
                ),
                Data::Bool(rows.iter().map(|row| noise(*row) & 8 == 0).collect()),
                Data::Float(
                    rows.iter().map(|row| 1.0 + (noise(*row) >> 11) as f64 / (1u64 << 52) as f64).collect(),
                ),
            ];
            let nullable = 4;
            columns
                .into_iter()
                .enumerate()
                .map(|(column, data)| {
                    let valid =
                        (column == nullable).then(|| rows.iter().map(|row| noise(*row) % 10 != 0).collect());
                    Rc::new(Vector::new(data, valid))
                })
                .collect()
        };
        Self((0..ROWS).step_by(BATCH_ROWS).map(batch).collect())
    }
}

impl Source for Made {
    fn batch_rows(&self) -> usize {
        BATCH_ROWS
    }

    fn batch(
        &mut self,
        _table: usize,
        rows: Range<u64>,
        columns: &[usize],
    ) -> Result<Vec<Rc<Vector>>, Failure> {
        let batch = &self.0[rows.start as usize / BATCH_ROWS % self.0.len()];
        Ok(columns.iter().map(|column| batch[*column].clone()).collect())
    }
}

struct Never;

impl Column for Never {
    fn fill(&self, _batch: &dyn Batch) -> Result<Vector, Failure> {
        unreachable!("the batches are made")
    }
}

fn plan(rows: u64) -> Plan {
    let column = |(name, sql_type): (&str, SqlType)| PlannedColumn::new(name, sql_type, Box::new(Never));
    let table = Table {
        name: "people".into(),
        rows,
        columns: COLUMNS.into_iter().map(column).collect(),
        ..Table::default()
    };
    Plan { seed: 1, types: Vec::new(), tables: vec![table], order: vec![0], ..Plan::default() }
}

/// The CSV of the rows, written as one would without thinking of speed.
fn plain_csv(made: &Made) -> String {
    let mut out = String::new();
    for batch in &made.0 {
        for at in 0..BATCH_ROWS {
            let text = |column: usize| std::str::from_utf8(batch[column].text(at)).unwrap();
            let int = |column: usize| batch[column].ints()[at];
            write!(out, "{},{},{},{},", int(0), text(1), text(2), int(3)).unwrap();
            if batch[4].is_valid(at) {
                write!(out, "{}.{:02}", int(4) / 100, int(4) % 100).unwrap();
            }
            let second = int(5) / 1_000_000;
            let (year, month, day) = civil_from_days(second / 86_400);
            let (hour, minute) = (second / 3_600 % 24, second / 60 % 60);
            write!(out, ",{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}+00,", second % 60)
                .unwrap();
            let (year, month, day) = civil_from_days(int(6));
            let Data::Uuid(uuids) = &batch[7].data else { unreachable!("a uuid column") };
            let hex = format!("{:032x}", uuids[at]);
            let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
            let (active, score) = (batch[8].bools()[at], batch[9].floats()[at]);
            writeln!(out, "{year:04}-{month:02}-{day:02},{parts},{active},{score}").unwrap();
        }
    }
    out
}

fn encoded(encoding: &dyn Encoding, made: &mut Made, buffer: Vec<u8>) -> Vec<u8> {
    match encoding.encode(made, 0..ROWS, buffer).expect("the rows can be written") {
        Piece::Bytes(bytes) => bytes,
        _ => unreachable!("a text format"),
    }
}

/// The fastest of some runs.
fn best(mut run: impl FnMut()) -> Duration {
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..20).map(|_| time(&mut run)).min().expect("twenty runs")
}

fn formats(criterion: &mut Criterion) {
    let (plan, mut made) = (plan(ROWS), Made::new());
    let columns: Vec<usize> = (0..COLUMNS.len()).collect();
    let encoding = |name: &str| {
        find(name)
            .expect("a format")
            .encoding(&plan, 0, &columns, &Options::default(), None)
            .expect("an encoding")
    };

    let csv = encoding("csv");
    assert!(
        encoded(&*csv, &mut made, Vec::new()) == plain_csv(&made).into_bytes(),
        "both write the same CSV"
    );
    let mut buffer = Vec::new();
    let ours = best(|| buffer = black_box(encoded(&*csv, &mut made, std::mem::take(&mut buffer))));
    let plain = best(|| drop(black_box(plain_csv(&made))));
    println!("csv: {:.1} times as fast as write!", plain.as_secs_f64() / ours.as_secs_f64());

    let mut group = criterion.benchmark_group("format");
    for name in ["csv", "copy", "insert", "jsonl"] {
        let encoding = encoding(name);
        let mut buffer = encoded(&*encoding, &mut made, Vec::new());
        group.throughput(Throughput::Bytes(buffer.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| buffer = encoded(&*encoding, &mut made, std::mem::take(&mut buffer)));
        });
    }
    group.throughput(Throughput::Bytes(plain_csv(&made).len() as u64));
    group.bench_function("plain", |bencher| bencher.iter(|| plain_csv(&made)));
}

fn parquet(criterion: &mut Criterion) {
    let mut made = Made::new();
    let columns: Vec<usize> = (0..COLUMNS.len()).collect();
    let mut group = criterion.benchmark_group("parquet");
    group.throughput(Throughput::Elements(ROWS));
    let mut measure = |name: &str, columns: &[usize], rows: u64| {
        let format = find("parquet").expect("a format");
        let encoding = format.encoding(&plan(rows), 0, columns, &Options::default(), Some(&mut made));
        let encoding = encoding.expect("an encoding");
        group.bench_function(name, |bencher| {
            bencher
                .iter(|| encoding.encode(&mut made, 0..ROWS, Vec::new()).expect("the rows can be written"));
        });
    };
    measure("dictionaries", &columns, ROWS);
    measure("looked at", &columns, 100 * ROWS);
    for (at, (name, _)) in COLUMNS.iter().enumerate() {
        measure(name, &[at], 100 * ROWS);
    }
}

criterion_group!(benches, formats, parquet);
criterion_main!(benches);
