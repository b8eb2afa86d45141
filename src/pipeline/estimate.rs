//! What a run will write and how long it will take, from a sample of its rows.

use crate::encode::{self, EncodeError, Encoding, Format, Kind, Piece, Source};
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

/// Bytes of the SQL around the rows of these tables; other formats have none.
pub fn script_bytes(plan: &Plan, tables: &[usize], format: &Format) -> u64 {
    if format.kind != Kind::Script {
        return 0;
    }
    let script = Script::new(plan, tables, Section::All);
    (script.before.len() + script.after.len()) as u64
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
