//! Runs streams: every chunk computed and encoded by some worker, written by the calling thread.

use super::chunks::{Chunk, Chunks, Part, Segment};
use super::ordered::{Crew, Stop, Work, in_order};
use crate::encode::{
    self, Answers, ArchiveWriter, BytesWriter, Contents, EncodeError, Encoding, Format, Kind, Piece, Storage,
    StreamWriter,
};
use crate::generate::{CacheFigures, Options, Worker};
use crate::plan::{Plan, Script, Section};
use crate::sink::{self, Files, Sink, Target, Written};
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

/// Everything that is to be written, and how.
pub struct Run<'p> {
    /// What is generated.
    pub plan: &'p Plan,
    /// In the order in which they are written.
    pub streams: Vec<Stream>,
    /// Which slice of each stream.
    pub part: Part,
    /// How many threads.
    pub crew: Crew,
    /// How batches are computed.
    pub options: Options,
    /// What tells where written values are not the clean ones, and where that goes.
    pub answers: Option<(Target, Answers)>,
}

/// What goes to one target.
pub struct Stream {
    /// Where it goes.
    target: Target,
    /// The tables that go there.
    tables: Vec<TableRows>,
    /// What goes there, in order; rows are those of one of `tables`.
    chunks: Chunks<usize>,
    kind: Kind,
    /// Of an archive, what stands before the data.
    contents: Option<Contents>,
    /// Of a script, what its dialect has no form of.
    left_out: Vec<String>,
}

/// What of a script goes to a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// All of it; of other formats, what there is.
    Whole,
    /// The SQL before the data.
    Before,
    /// The data.
    Rows,
    /// The SQL after the data.
    After,
}

/// A table's rows in a format.
struct TableRows {
    /// Index into the plan's tables.
    table: usize,
    /// How rows become bytes.
    encoding: Box<dyn Encoding>,
}

/// Why a run ended early.
#[derive(Debug)]
pub enum Error {
    /// A value could not be computed.
    Generation(EncodeError),
    /// Something could not be written.
    Output(sink::Error),
    /// `cancel` was set.
    Cancelled,
    /// A bug, in its own words.
    Panicked(String),
}

impl From<sink::Error> for Error {
    fn from(error: sink::Error) -> Self {
        Error::Output(error)
    }
}

impl From<Stop<Error>> for Error {
    fn from(stop: Stop<Error>) -> Self {
        match stop {
            Stop::Failed(error) => error,
            Stop::Cancelled => Error::Cancelled,
            Stop::Panicked(words) => Error::Panicked(words),
        }
    }
}

/// Is told what was written, on the calling thread.
pub trait Observer {
    /// Rows and bytes of a table, or bytes that belong to none.
    fn wrote(&mut self, table: Option<usize>, rows: u64, bytes: u64);
}

impl Stream {
    /// The written columns of the tables (indexes into the plan's), in that order, in a format. A script has its DDL
    /// around them, or is cut into streams that put end to end are the whole; an archive has its contents before them, which in
    /// a directory are a stream of their own ([`Share::Before`]); other formats take one table.
    ///
    /// # Errors
    /// When the format cannot hold a table.
    pub fn new(
        plan: &Plan,
        target: Target,
        tables: &[usize],
        format: &'static Format,
        options: &encode::Options,
        section: Section,
        share: Share,
    ) -> Result<Self, EncodeError> {
        let dialect = format.dialect(options);
        if let Some(problem) = dialect.refusal(plan, tables) {
            return Err(EncodeError::Format(problem));
        }
        let chunks = Chunks::new([]);
        let (kind, left_out) = (format.kind, Vec::new());
        let mut stream = Stream { target, tables: Vec::new(), chunks, kind, contents: None, left_out };
        let mut segments = Vec::new();
        let mut first = Worker::new(plan, Options::default());
        let has_rows = section != Section::Schema && matches!(share, Share::Whole | Share::Rows);
        for &table in tables.iter().filter(|_| has_rows) {
            let columns: Vec<usize> = plan.tables[table].visible().map(|(column, _)| column).collect();
            let encoding = format.encoding(plan, table, &columns, options, Some(&mut first))?;
            let (rows, chunk_rows) = (plan.tables[table].rows, encoding.chunk_rows());
            segments.push(Segment::Constant(encoding.header()));
            segments.push(Segment::Rows { of: stream.tables.len(), rows, chunk_rows });
            segments.push(Segment::Constant(encoding.footer()));
            stream.tables.push(TableRows { table, encoding });
        }
        let compression = options.compression.unwrap_or(format.compressions[0]);
        let contents = |storage| Contents::new(plan, tables, section, storage, compression);
        match (format.kind, share) {
            (Kind::Script, Share::Rows) => {}
            (Kind::Script, _) => {
                let script = Script::new(plan, tables, section, dialect);
                if matches!(share, Share::Whole | Share::Before) {
                    stream.left_out = script.left_out;
                    segments.insert(0, Segment::Constant(compression.member(script.before.into_bytes())));
                }
                if matches!(share, Share::Whole | Share::After) {
                    segments.push(Segment::Constant(compression.member(script.after.into_bytes())));
                }
            }
            (Kind::Archive, _) => stream.contents = Some(contents(Storage::Behind)),
            (Kind::ArchiveDirectory, Share::Before) => {
                segments.push(Segment::Constant(contents(Storage::Beside).bytes().to_vec()));
            }
            _ => {}
        }
        segments.retain(|segment| !matches!(segment, Segment::Constant(bytes) if bytes.is_empty()));
        stream.chunks = Chunks::new(segments);
        Ok(stream)
    }

    /// What of the spec the dialect of a script has no form of, a line each; where a script is several streams, the first one
    /// tells.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// What puts the pieces together.
    fn writer(&self, sink: Sink) -> Result<Box<dyn StreamWriter>, sink::Error> {
        let writer = match (self.kind, &self.contents) {
            (_, Some(contents)) => archive_writer(sink, contents),
            (Kind::PerTable, None) => self.tables[0].encoding.writer(Box::new(sink)),
            _ => Ok(Box::new(BytesWriter::new(Box::new(sink))) as Box<dyn StreamWriter>),
        };
        writer.map_err(|cause| self.target.failure("write", cause))
    }
}

/// An archive tells where its data are, if what was written can be written over.
fn archive_writer(sink: Sink, contents: &Contents) -> io::Result<Box<dyn StreamWriter>> {
    let again = sink.again()?;
    Ok(Box::new(ArchiveWriter::new(Box::new(sink), contents, again)?))
}

/// Computes and writes everything. The files still have their temporary names afterwards; see [`Files::keep`].
///
/// The first failure in the order of the output wins; when it comes, all threads have ended.
pub fn run(
    run: &Run,
    files: &mut Files,
    cancel: &AtomicBool,
    observer: &mut dyn Observer,
) -> Result<CacheFigures, Error> {
    let work = Numbered::new(run);
    let answers = run.answers.as_ref().map(|(target, answers)| open_answers(run, files, target, answers));
    let answers = answers.transpose()?;
    let mut writing = Writing { run, work: &work, files, observer, open: None, next: 0, answers };
    in_order(&work, 0..work.len(), run.crew, cancel, |number, product| writing.take(number, product))?;
    writing.finish()?;
    Ok(work.cache.into_inner().expect("no thread panics while it adds figures"))
}

/// Opens what takes the answers. As of all text, the header stands in the first part.
fn open_answers<'r>(
    run: &Run,
    files: &mut Files,
    target: &'r Target,
    answers: &Answers,
) -> Result<(&'r Target, Sink), Error> {
    let mut sink = files.open(target)?;
    if run.part.number == 1 {
        sink.write_all(&answers.header()).map_err(|cause| target.failure("write", cause))?;
    }
    Ok((target, sink))
}

impl Run<'_> {
    /// How many rows will be written.
    pub fn rows(&self) -> u64 {
        self.streams.iter().map(|stream| stream.chunks.rows_in(&stream.chunks.part(self.part))).sum()
    }
}

/// The chunks of all streams as one list.
struct Numbered<'r, 'p> {
    run: &'r Run<'p>,
    /// For each stream, which of its chunks are in the part.
    chunks: Vec<Range<u64>>,
    /// For each stream, the number of its first chunk in the whole list; and the length of the list.
    first: Vec<u64>,
    cache: Mutex<CacheFigures>,
    /// Buffers that were written and can be filled again.
    buffers: Mutex<Vec<Vec<u8>>>,
}

/// What a worker hands over.
enum Product<'r> {
    Constant(&'r [u8]),
    Rows { table: usize, rows: u64, piece: Piece, answers: Vec<u8> },
}

impl<'r, 'p> Numbered<'r, 'p> {
    fn new(run: &'r Run<'p>) -> Self {
        let chunks: Vec<Range<u64>> = run.streams.iter().map(|stream| stream.chunks.part(run.part)).collect();
        let mut first = vec![0];
        for range in &chunks {
            first.push(first[first.len() - 1] + (range.end - range.start));
        }
        Self { run, chunks, first, cache: Mutex::default(), buffers: Mutex::default() }
    }

    fn len(&self) -> u64 {
        self.first[self.chunks.len()]
    }

    /// The stream of a number: of those that start there the last, since the others are empty.
    fn stream(&self, number: u64) -> usize {
        self.first.partition_point(|first| *first <= number) - 1
    }
}

impl<'r, 'p> Work for Numbered<'r, 'p> {
    type State = Worker<'p>;
    type Product = Product<'r>;
    type Error = Error;

    fn start(&self) -> Worker<'p> {
        Worker::new(self.run.plan, self.run.options)
    }

    fn make(&self, worker: &mut Worker<'p>, number: u64) -> Result<Product<'r>, Error> {
        let stream = self.stream(number);
        let chunk = self.chunks[stream].start + (number - self.first[stream]);
        let stream = &self.run.streams[stream];
        match stream.chunks.get(chunk) {
            Chunk::Constant(bytes) => Ok(Product::Constant(bytes)),
            Chunk::Rows(of, rows) => {
                let TableRows { table, encoding } = &stream.tables[*of];
                let buffer = self.buffers.lock().expect("pushing does not panic").pop().unwrap_or_default();
                let count = rows.end - rows.start;
                let (piece, answers) = match &self.run.answers {
                    Some((_, answers)) => answers.beside(encoding.as_ref(), worker, rows, buffer),
                    None => encoding.encode(worker, rows, buffer).map(|piece| (piece, Vec::new())),
                }
                .map_err(Error::Generation)?;
                Ok(Product::Rows { table: *table, rows: count, piece, answers })
            }
        }
    }

    fn end(&self, worker: Worker<'p>) {
        let figures = worker.cache_figures();
        let mut sum = self.cache.lock().expect("no thread panics while it adds figures");
        sum.hits += figures.hits;
        sum.misses += figures.misses;
    }
}

/// The calling thread's side: streams opened, written and ended one after the other.
struct Writing<'w, 'r, 'p> {
    run: &'r Run<'p>,
    work: &'w Numbered<'r, 'p>,
    files: &'w mut Files,
    observer: &'w mut dyn Observer,
    /// The stream that is being written.
    open: Option<Open<'r>>,
    /// Index of the stream to be opened next.
    next: usize,
    /// Where answers go.
    answers: Option<(&'r Target, Sink)>,
}

/// A stream that is being written.
struct Open<'r> {
    target: &'r Target,
    writer: Box<dyn StreamWriter>,
    /// What its sink has taken so far, and how much of that the observer knows.
    written: Written,
    told: u64,
}

impl Open<'_> {
    /// Bytes that the observer does not know of yet.
    fn news(&mut self) -> u64 {
        let written = self.written.bytes();
        written - std::mem::replace(&mut self.told, written)
    }
}

impl<'r> Writing<'_, 'r, '_> {
    fn take(&mut self, number: u64, product: Product<'r>) -> Result<(), Error> {
        let stream = self.work.stream(number);
        while self.next <= stream {
            self.open_next()?;
        }
        let open = self.open.as_mut().expect("was just opened");
        let (table, rows, piece) = match product {
            Product::Constant(bytes) => (None, 0, Piece::Bytes(bytes.to_vec())),
            Product::Rows { table, rows, piece, answers } => {
                if let Some((target, sink)) = &mut self.answers {
                    sink.write_all(&answers).map_err(|cause| target.failure("write", cause))?;
                }
                (Some(table), rows, piece)
            }
        };
        let buffer = open.writer.write(piece).map_err(|cause| open.target.failure("write", cause))?;
        self.observer.wrote(table, rows, open.news());
        if table.is_some() {
            self.work.buffers.lock().expect("pushing does not panic").push(buffer);
        }
        Ok(())
    }

    /// Ends all that is left; streams of which this part has nothing become empty files.
    fn finish(mut self) -> Result<(), Error> {
        while self.next < self.run.streams.len() {
            self.open_next()?;
        }
        self.close()
    }

    fn open_next(&mut self) -> Result<(), Error> {
        self.close()?;
        let stream = &self.run.streams[self.next];
        let sink = self.files.open(&stream.target)?;
        let written = sink.written();
        self.open = Some(Open { target: &stream.target, writer: stream.writer(sink)?, written, told: 0 });
        self.next += 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Error> {
        if let Some(Open { target, writer, told, .. }) = self.open.take() {
            let bytes = writer.finish().map_err(|cause| target.failure("write", cause))?;
            self.observer.wrote(None, 0, bytes - told);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
