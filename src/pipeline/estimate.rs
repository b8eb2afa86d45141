//! What a run will write and how long it will take, from a sample of its rows.

use crate::encode::{
    self, Compression, Contents, EncodeError, Encoding, Format, Kind, Piece, Source, Storage,
};
use crate::generate::{self, Worker};
use crate::plan::{Input, Plan, Script, Section};
use std::io;
use std::ops::Range;
use std::time::{Duration, Instant};

/// What a table comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Bytes of its rows, with what stands around them. Depends on the plan and the format alone.
    pub bytes: u64,
    /// Whether they were counted, not estimated: the sample was the whole table.
    pub is_exact: bool,
    /// One thread's time, as measured just now; another time on another machine.
    pub time: Duration,
}

/// A table's size as a function of its rows, as it was near some number of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measure {
    /// Bytes that stand around the rows.
    pub around: u64,
    /// Bytes of a row, on average.
    pub per_row: f64,
    /// Bytes of the whole table.
    pub bytes: u64,
    /// Whether they were counted: all rows were measured.
    pub is_exact: bool,
}

impl Measure {
    /// The bytes of so many rows.
    pub fn bytes_of(&self, rows: u64) -> f64 {
        self.around as f64 + self.per_row * rows as f64
    }
}

/// Rows of a sample: as many as a person waits for.
const SAMPLE_ROWS: u64 = 1_024;

/// How many rows a sample may have to compute, those of parents and children included.
const SAMPLE_COST: f64 = 200_000.0;

/// A row that asks for more rows than that is not tried.
const MOST_COST: f64 = 4e6;

/// Of tables whose rows ask for more, an encoding does not look at the first thousands.
const MOST_LOOKED_AT: f64 = 50.0;

/// Encodes some rows of a table, from its beginning, its middle and its end. `None` when a single row reads so many
/// others that trying it would take long.
///
/// # Errors
/// When a row of the sample cannot be computed, or the format cannot hold the table.
pub fn estimate(
    plan: &Plan,
    table: usize,
    format: &'static Format,
    options: &encode::Options,
) -> Result<Option<Estimate>, EncodeError> {
    let of = &plan.tables[table];
    let cost = row_cost(plan, table, 0);
    if cost > MOST_COST && of.rows > 0 {
        return Ok(None);
    }
    let columns: Vec<usize> = of.visible().map(|(column, _)| column).collect();
    let sample = (((SAMPLE_COST / cost) as u64).clamp(3, SAMPLE_ROWS)).min(of.rows);
    // Rows of one place share parents' batches that a sample of a few rows would pay for alone.
    let uncached = generate::Options { cache_batches: 0, ..generate::Options::default() };
    let mut worker = Worker::new(plan, uncached);
    let first: Option<&mut dyn Source> = match cost <= MOST_LOOKED_AT {
        true => Some(&mut worker),
        false => None,
    };
    let encoding = format.encoding(plan, table, &columns, options, first)?;
    let mut sampler = Sampler { encoding: encoding.as_ref(), worker: &mut worker };
    let nothing = sampler.bytes(&[])?;
    if of.rows == 0 {
        return Ok(Some(Estimate { bytes: nothing, is_exact: true, time: Duration::ZERO }));
    }
    let ranges = match format.is_text() && sample < of.rows {
        true => places(of.rows, sample).to_vec(),
        false => std::iter::once(0..sample).collect(),
    };
    let begin = Instant::now();
    let bytes = sampler.bytes(&ranges)?;
    let time = begin.elapsed().mul_f64(of.rows as f64 / sample as f64);
    let is_exact = sample == of.rows;
    // Rows after the first ones add less where a dictionary or a compressor knows them: half against whole tells.
    let (first, first_rows) = match sample / 2 {
        half if half > 0 && !format.is_text() && !is_exact => {
            (sampler.bytes(std::slice::from_ref(&(0..half)))?, half)
        }
        _ => (nothing, 0),
    };
    let per_row = bytes.saturating_sub(first) as f64 / (sample - first_rows) as f64;
    let rest = per_row * (of.rows - sample) as f64;
    Ok(Some(Estimate { bytes: bytes + rest as u64, is_exact, time }))
}

/// Of text that is not compressed so many rows are measured, in so many places: rows that follow each other are alike where
/// they have a parent in common.
const MEASURED_ROWS: u64 = 8_192;
const MEASURED_PLACES: u64 = 64;

/// What is encoded by the chunk is measured by whole chunks: by one, or by as many as have so many rows.
const MEASURED_IN_CHUNKS: u64 = 32_768;

/// How many rows a measure may have to compute, those of parents and children included.
const MEASURED_COST: f64 = 2e7;

/// In a table of so many chunks it does not matter that the last one is smaller.
const MANY_CHUNKS: u64 = 16;

/// As [`estimate`], close enough to reckon with: within a percent of what will be written, mostly much less. Takes longer,
/// the more so for what is encoded by the chunk: compressed text, Arrow, and row groups of Parquet.
///
/// # Errors
/// As [`estimate`].
pub fn measure(
    plan: &Plan,
    table: usize,
    format: &'static Format,
    options: &encode::Options,
) -> Result<Option<Measure>, EncodeError> {
    let of = &plan.tables[table];
    let cost = row_cost(plan, table, 0);
    if cost > MOST_COST && of.rows > 0 {
        return Ok(None);
    }
    let columns: Vec<usize> = of.visible().map(|(column, _)| column).collect();
    let is_cut_anywhere = format.is_text() && options.compression.is_none_or(|of| of == Compression::None);
    // As in an estimate: few rows in a place do not repay a batch of their parents.
    let cache_batches = if is_cut_anywhere { 0 } else { generate::Options::default().cache_batches };
    let mut worker = Worker::new(plan, generate::Options { cache_batches, ..generate::Options::default() });
    let encoding = format.encoding(plan, table, &columns, options, Some(&mut worker))?;
    let mut sampler = Sampler { encoding: encoding.as_ref(), worker: &mut worker };
    let around = sampler.bytes(&[])?;
    let affordable = (MEASURED_COST / cost) as u64;
    let samples = match is_cut_anywhere {
        true => spread(of.rows, affordable.clamp(MEASURED_PLACES, MEASURED_ROWS)),
        false => chunks(of.rows, encoding.chunk_rows(), affordable),
    };
    // What keeps an index of its chunks adds to it as they become more.
    let is_summed = samples.len() <= 1 || format.is_text();
    let is_exact = is_summed && samples.iter().all(|sample| sample.stand_for == sample.rows());
    let mut rows_bytes = 0.0;
    for sample in &samples {
        let bytes = sampler.bytes(&sample.ranges)? - around;
        rows_bytes += bytes as f64 * sample.stand_for as f64 / sample.rows().max(1) as f64;
    }
    let bytes = around + libm::round(rows_bytes) as u64;
    Ok(Some(Measure { around, per_row: rows_bytes / of.rows.max(1) as f64, bytes, is_exact }))
}

/// Some rows, and how many rows they stand for.
struct Sample {
    ranges: Vec<Range<u64>>,
    stand_for: u64,
}

impl Sample {
    /// Rows that follow each other.
    fn of(rows: Range<u64>, stand_for: u64) -> Self {
        Self { ranges: std::iter::once(rows).collect(), stand_for }
    }

    fn rows(&self) -> u64 {
        self.ranges.iter().map(|range| range.end - range.start).sum()
    }
}

/// All rows, or so many of them in places all over the table.
fn spread(rows: u64, sample: u64) -> Vec<Sample> {
    if rows <= sample {
        return vec![Sample::of(0..rows, rows)];
    }
    let length = sample / MEASURED_PLACES;
    let place = |nth: u64| {
        let start = |nth: u64| (u128::from(rows) * u128::from(nth) / u128::from(MEASURED_PLACES)) as u64;
        let room = start(nth + 1) - start(nth) - length;
        // Each time elsewhere in its part of the table, so that no place is special: steps of the golden ratio.
        let shift = (nth as f64 * 0.618_033_988_749_895).fract() * room as f64;
        let first = start(nth) + shift as u64;
        first..first + length
    };
    vec![Sample { ranges: (0..MEASURED_PLACES).map(place).collect(), stand_for: rows }]
}

/// Whole chunks, and the last one, which is smaller.
fn chunks(rows: u64, chunk_rows: u64, affordable: u64) -> Vec<Sample> {
    let chunk_rows = chunk_rows.min(affordable.max(1));
    let (whole, rest) = (rows / chunk_rows, rows % chunk_rows);
    let measured = (MEASURED_IN_CHUNKS.min(affordable) / chunk_rows).max(1).min(whole);
    // From the middles of as many parts of the table.
    let chunk = |nth: u64| {
        let first = (2 * nth + 1) * whole / (2 * measured) * chunk_rows;
        first..first + chunk_rows
    };
    // Each is a sample of its own: they are not put into one file.
    let share = |nth: u64| (nth + 1) * whole / measured - nth * whole / measured;
    let mut samples: Vec<Sample> =
        (0..measured).map(|nth| Sample::of(chunk(nth), share(nth) * chunk_rows)).collect();
    match samples.last_mut() {
        Some(last) if whole >= MANY_CHUNKS => last.stand_for += rest,
        _ if rest > 0 => samples.push(Sample::of(rows - rest..rows, rest)),
        _ => {}
    }
    samples
}

/// Bytes of the SQL around the rows of these tables, or of an archive's contents; other formats have none.
pub fn script_bytes(
    plan: &Plan,
    tables: &[usize],
    format: &Format,
    options: &encode::Options,
    section: Section,
) -> u64 {
    let compression = options.compression.unwrap_or(format.compressions[0]);
    let contents = |storage| Contents::new(plan, tables, section, storage, compression).bytes().len() as u64;
    match format.kind {
        Kind::PerTable => 0,
        Kind::Archive => contents(Storage::Behind),
        Kind::ArchiveDirectory => contents(Storage::Beside),
        Kind::Script => {
            let Script { before, after, .. } = Script::new(plan, tables, section, format.dialect(options));
            [before, after].into_iter().map(|sql| compression.member(sql.into_bytes()).len() as u64).sum()
        }
    }
}

/// Three runs of rows, together `sample`, which is at least 3.
fn places(rows: u64, sample: u64) -> [Range<u64>; 3] {
    let third = sample / 3;
    let last = sample - 2 * third;
    [(0, third), (rows / 2, third), (rows - last, last)].map(|(start, len)| start..start + len)
}

/// About how many rows one row of a table asks for, itself included.
fn row_cost(plan: &Plan, table: usize, depth: usize) -> f64 {
    // Deeper chains end where a person would stop to count them.
    const DEEPEST: usize = 4;
    let of = &plan.tables[table];
    let mut cost = 1.0;
    if depth == DEEPEST {
        return cost;
    }
    for (at, link) in of.links.iter().enumerate() {
        let is_read =
            of.inputs.iter().any(|input| matches!(input, Input::Parent { link, .. } if *link == at));
        if is_read && link.table != table {
            cost += row_cost(plan, link.table, depth + 1);
        }
    }
    for input in &of.inputs {
        if let Input::Children(aggregation) = input
            && !aggregation.aggregate.is_plain_count()
        {
            let children = plan.tables[aggregation.table].rows as f64 / of.rows.max(1) as f64;
            cost += children * row_cost(plan, aggregation.table, depth + 1);
        }
    }
    cost
}

struct Sampler<'s, 'p> {
    encoding: &'s dyn Encoding,
    worker: &'s mut Worker<'p>,
}

impl Sampler<'_, '_> {
    /// The bytes that these rows make, with header and footer.
    fn bytes(&mut self, ranges: &[Range<u64>]) -> Result<u64, EncodeError> {
        let broken = |cause: io::Error| EncodeError::Format(cause.to_string());
        let around = |bytes: Vec<u8>| (!bytes.is_empty()).then_some(Piece::Bytes(bytes));
        let mut writer = self.encoding.writer(Box::new(io::sink())).map_err(broken)?;
        if let Some(header) = around(self.encoding.header()) {
            writer.write(header).map_err(broken)?;
        }
        for range in ranges {
            let piece = self.encoding.encode(self.worker, range.clone(), Vec::new())?;
            writer.write(piece).map_err(broken)?;
        }
        if let Some(footer) = around(self.encoding.footer()) {
            writer.write(footer).map_err(broken)?;
        }
        writer.finish().map_err(broken)
    }
}
