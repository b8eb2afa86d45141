//! Runs of tables that need no engine: each row is its number.

use super::*;
use crate::encode::Source;
use crate::expression::Failure;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes `table:row` lines, slower where row numbers are even, and fails at one row.
struct Lines {
    table: usize,
    fails_at: Option<u64>,
    new_buffers: Arc<AtomicU64>,
}

impl Encoding for Lines {
    fn chunk_rows(&self) -> u64 {
        CHUNK_ROWS
    }

    fn encode(
        &self,
        _: &mut dyn Source,
        rows: Range<u64>,
        mut buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError> {
        if buffer.capacity() == 0 {
            self.new_buffers.fetch_add(1, Ordering::Relaxed);
        }
        if rows.start.is_multiple_of(2) {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        if let Some(row) = self.fails_at.filter(|row| rows.contains(row)) {
            let place = Some(format!("t.c, row {}", row + 1));
            return Err(Failure { message: "division by zero".to_owned(), at: None, place }.into());
        }
        // As after a piece that was written.
        buffer.clear();
        for row in rows {
            buffer.extend_from_slice(format!("{}:{row}\n", self.table).as_bytes());
        }
        Ok(Piece::Bytes(buffer))
    }
}

const CHUNK_ROWS: u64 = 3;
static NEVER: AtomicBool = AtomicBool::new(false);

/// What tests change about a run of two files, `0.txt` of 20 rows and `1.txt` of 100, each with a header and a footer.
#[derive(Default)]
struct Given {
    part: Option<Part>,
    fails_at: Option<u64>,
    target: Option<Target>,
    new_buffers: Arc<AtomicU64>,
}

#[derive(Default)]
struct Seen(Vec<(Option<usize>, u64, u64)>);

impl Observer for Seen {
    fn wrote(&mut self, table: Option<usize>, rows: u64, bytes: u64) {
        self.0.push((table, rows, bytes));
    }
}

impl Given {
    fn run(
        &self,
        directory: &Path,
        jobs: usize,
        cancel: &AtomicBool,
        seen: &mut dyn Observer,
    ) -> Result<(), Error> {
        let plan = Plan { seed: 1, ..Plan::default() };
        let streams = [20, 100].into_iter().enumerate().map(|(table, rows)| {
            let lines = Lines { table, fails_at: self.fails_at, new_buffers: self.new_buffers.clone() };
            let own = Target::File(directory.join(format!("{table}.txt")));
            Stream {
                target: self.target.clone().unwrap_or(own),
                tables: vec![TableRows { table, encoding: Box::new(lines) }],
                chunks: Chunks::new([
                    Segment::Constant(b"begin\n".to_vec()),
                    Segment::Rows { of: 0, rows, chunk_rows: CHUNK_ROWS },
                    Segment::Constant(b"end\n".to_vec()),
                ]),
                kind: Kind::PerTable,
                contents: None,
                left_out: Vec::new(),
            }
        });
        let run = Run {
            plan: &plan,
            streams: streams.collect(),
            part: self.part.unwrap_or(Part::WHOLE),
            crew: Crew::of(jobs),
            options: Options::default(),
            answers: None,
        };
        let mut files = Files::new();
        super::run(&run, &mut files, cancel, seen)?;
        files.keep().map_err(Error::Output)
    }

    /// The two files, after a run that succeeds.
    fn written(&self, jobs: usize) -> [String; 2] {
        let directory = tempfile::tempdir().unwrap();
        self.run(directory.path(), jobs, &NEVER, &mut Seen::default()).unwrap();
        ["0.txt", "1.txt"].map(|name| std::fs::read_to_string(directory.path().join(name)).unwrap())
    }
}

fn lines(table: usize, rows: u64) -> String {
    let rows: String = (0..rows).map(|row| format!("{table}:{row}\n")).collect();
    format!("begin\n{rows}end\n")
}

#[test]
fn the_files_are_the_same_for_any_number_of_threads() {
    for jobs in [1, 2, 7] {
        assert_eq!(Given::default().written(jobs), [lines(0, 20), lines(1, 100)], "{jobs} jobs");
    }
}

#[test]
fn parts_of_each_file_end_to_end_are_the_file() {
    for of in [1, 2, 5, 30, 60] {
        let mut joined = [String::new(), String::new()];
        for number in 1..=of {
            let part = Given { part: Some(Part { number, of }), ..Given::default() };
            let written = part.written(2);
            joined.iter_mut().zip(written).for_each(|(joined, written)| joined.push_str(&written));
        }
        assert_eq!(joined, [lines(0, 20), lines(1, 100)], "{of} parts");
    }
}

#[test]
fn the_observer_hears_of_every_row_and_every_byte_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let mut seen = Seen::default();
    Given::default().run(directory.path(), 3, &NEVER, &mut seen).unwrap();
    let rows_of =
        |table| seen.0.iter().filter(|(of, ..)| *of == Some(table)).map(|(_, rows, _)| rows).sum::<u64>();
    assert_eq!((rows_of(0), rows_of(1)), (20, 100));
    let bytes: u64 = seen.0.iter().map(|(.., bytes)| bytes).sum();
    assert_eq!(bytes as usize, lines(0, 20).len() + lines(1, 100).len());
    let tables: Vec<usize> = seen.0.iter().filter_map(|(table, ..)| *table).collect();
    assert!(tables.is_sorted());
}

#[test]
fn written_buffers_are_filled_again() {
    let given = Given::default();
    given.written(2);
    // 41 chunks: as many buffers as are in flight, and the one being written.
    let most = Crew::of(2).window as u64 + 1;
    assert!(given.new_buffers.load(Ordering::Relaxed) <= most);
}

#[test]
fn a_value_that_cannot_be_computed_ends_the_run_without_files() {
    let directory = tempfile::tempdir().unwrap();
    let given = Given { fails_at: Some(50), ..Given::default() };
    let error = given.run(directory.path(), 4, &NEVER, &mut Seen::default()).unwrap_err();
    let Error::Generation(error) = error else { panic!("{error:?}") };
    assert_eq!(error.to_string(), "t.c, row 51: division by zero");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_ends_the_run_with_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let given = Given { target: Some(Target::File("/dev/full".into())), ..Given::default() };
    let error = given.run(directory.path(), 2, &NEVER, &mut Seen::default()).unwrap_err();
    let Error::Output(error) = error else { panic!("{error:?}") };
    assert_eq!(error.to_string(), "cannot write /dev/full: No space left on device");
}

/// Interrupts the run when the second file begins.
struct Impatient<'c>(&'c AtomicBool);

impl Observer for Impatient<'_> {
    fn wrote(&mut self, table: Option<usize>, _: u64, _: u64) {
        self.0.fetch_or(table == Some(1), Ordering::Relaxed);
    }
}

#[test]
fn an_interrupted_run_leaves_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let cancel = AtomicBool::new(false);
    let error = Given::default().run(directory.path(), 2, &cancel, &mut Impatient(&cancel)).unwrap_err();
    assert!(matches!(error, Error::Cancelled), "{error:?}");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}
