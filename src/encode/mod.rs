//! Turns rows into the bytes of one format, on any core.
//!
//! A [`Format`] is a row of [`FORMATS`]: to add one, write a file with an [`Encoding`] and a row for it. An encoding is built
//! once per table and shared by all workers; it turns any range of rows into a [`Piece`], and a [`StreamWriter`] puts pieces
//! into a stream in order. Bytes depend on row numbers alone, never on batch size or threads.

mod answers;
mod archive;
mod binary_values;
mod cells;
mod compress;
mod copy;
mod copy_binary;
mod csv;
#[cfg(test)]
mod fixture;
mod insert;
mod ipc;
mod jsonl;
mod marks;
mod page;
mod parquet;
mod plain;
mod record_batch;
mod rows;
mod schema;
mod snippets;
mod stream;
mod strip;
mod words;

pub use answers::Answers;
pub use archive::{ArchiveWriter, Contents, Storage, data_file};
pub use compress::Compression;
pub use copy_binary::{HEADER as COPY_BINARY_HEADER, TRAILER as COPY_BINARY_TRAILER, has_binary};
pub use record_batch::to_record_batch;
pub use schema::arrow_schema;
pub use stream::{BytesWriter, Piece, StreamWriter};

use crate::expression::Failure;
use crate::generate::Worker;
use crate::plan::{Dialect, Plan};
use crate::value::Vector;
use std::fmt;
use std::io;
use std::ops::Range;
use std::rc::Rc;

/// A format that datagen writes.
#[derive(Debug)]
pub struct Format {
    /// What it is called on the command line.
    pub name: &'static str,
    /// One line of help, without a full stop.
    pub summary: &'static str,
    /// Of its files, without a point.
    pub extension: &'static str,
    /// Whether all tables share a stream.
    pub kind: Kind,
    /// The compressions it knows; the first is what it does when none is asked for.
    pub compressions: &'static [Compression],
    /// Builds the encoding of a table.
    build: Build,
}

type Build = fn(&Plan, usize, &[usize], &Options) -> Result<Box<dyn Encoding>, EncodeError>;

/// Whether all tables share a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One script with all tables in it, between the SQL of [`crate::plan::Script`].
    Script,
    /// A stream of its own for each table.
    PerTable,
    /// One file with all tables in it, behind its table of contents.
    Archive,
    /// A table of contents, and a file for each table beside it.
    ArchiveDirectory,
}

impl Kind {
    /// Whether the schema is written, too.
    pub fn has_schema(self) -> bool {
        self != Kind::PerTable
    }

    /// Whether what several runs write, each a part of the rows, can be put together.
    pub fn has_parts(self) -> bool {
        matches!(self, Kind::Script | Kind::PerTable)
    }
}

/// How tables are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Rows per INSERT statement.
    pub rows_per_insert: u64,
    /// Whose SQL INSERT statements, and what stands around them, are.
    pub dialect: Dialect,
    /// How large row groups of Parquet are.
    pub row_group: RowGroup,
    /// How Parquet's values are written.
    pub parquet_encoding: ParquetEncoding,
    /// One of the format's compressions; `None`: its first.
    pub compression: Option<Compression>,
}

impl Default for Options {
    fn default() -> Self {
        let row_group = RowGroup::Rows(RowGroup::DEFAULT_ROWS);
        Self {
            rows_per_insert: 1_000,
            dialect: Dialect::Postgres,
            row_group,
            parquet_encoding: ParquetEncoding::Auto,
            compression: None,
        }
    }
}

/// How large row groups of Parquet are; the last one of a table may be smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowGroup {
    /// So many rows.
    Rows(u64),
    /// As many rows as come to about so many bytes before compression, judged by the table's first rows; at least 1,024.
    Bytes(u64),
}

impl RowGroup {
    /// As many as DuckDB has in its own row groups.
    pub const DEFAULT_ROWS: u64 = 122_880;
}

/// How the values of Parquet's columns are written, in tables that are large enough to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParquetEncoding {
    /// As is smallest: with a dictionary, as packed differences, or plainly.
    Auto,
    /// With a dictionary where that is smaller, else plainly: the encodings of Parquet's first version, which every reader knows.
    Plain,
}

impl ParquetEncoding {
    /// The encodings by their names.
    pub const NAMES: [(&'static str, Self); 2] = [("auto", Self::Auto), ("plain", Self::Plain)];

    /// The one of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, encoding)| *encoding)
    }
}

/// All formats, in the order in which help lists them.
pub static FORMATS: &[Format] = &[
    Format {
        name: "insert",
        summary: "SQL script for psql with INSERT statements",
        extension: "sql",
        kind: Kind::Script,
        compressions: Compression::OF_TEXT,
        build: insert::build,
    },
    Format {
        name: "copy",
        summary: "SQL script for psql with COPY ... FROM stdin, the fastest to load",
        extension: "sql",
        kind: Kind::Script,
        compressions: Compression::OF_TEXT,
        build: copy::build,
    },
    Format {
        name: "custom",
        summary: "archive for pg_restore, as of pg_dump -Fc (PostgreSQL 12 to 18)",
        extension: "dump",
        kind: Kind::Archive,
        compressions: &[Compression::Gzip, Compression::None],
        build: archive::build_custom,
    },
    Format {
        name: "directory",
        summary: "directory for pg_restore, as of pg_dump -Fd: toc.dat and a file per table",
        extension: "dat",
        kind: Kind::ArchiveDirectory,
        compressions: &[Compression::Gzip, Compression::None],
        build: archive::build_directory,
    },
    Format {
        name: "copy-binary",
        summary: "a file for each table that PostgreSQL's COPY ... WITH (FORMAT binary) reads",
        extension: "pgcopy",
        kind: Kind::PerTable,
        compressions: &[Compression::None],
        build: copy_binary::build,
    },
    Format {
        name: "csv",
        summary: "comma-separated values with a header (RFC 4180); NULL is empty, empty text is \"\"",
        extension: "csv",
        kind: Kind::PerTable,
        compressions: Compression::OF_TEXT,
        build: csv::build,
    },
    Format {
        name: "jsonl",
        summary: "a JSON object per line",
        extension: "jsonl",
        kind: Kind::PerTable,
        compressions: Compression::OF_TEXT,
        build: jsonl::build,
    },
    Format {
        name: "parquet",
        summary: "Apache Parquet",
        extension: "parquet",
        kind: Kind::PerTable,
        compressions: &[Compression::Snappy, Compression::Zstd, Compression::None],
        build: parquet::build,
    },
    Format {
        name: "arrow",
        summary: "Apache Arrow IPC file (Feather 2)",
        extension: "arrow",
        kind: Kind::PerTable,
        compressions: &[Compression::None],
        build: ipc::build_file,
    },
    Format {
        name: "arrow-stream",
        summary: "Apache Arrow IPC stream",
        extension: "arrows",
        kind: Kind::PerTable,
        compressions: &[Compression::None],
        build: ipc::build_stream,
    },
];

/// The format of that name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

impl Format {
    /// The encoding of a table's columns (indexes into the plan's and the table's; usually the visible ones). `source` is where the
    /// table's first rows can be looked at; without one, only the plan is.
    ///
    /// # Errors
    /// When the format cannot hold the table, or one of its first rows cannot be computed.
    ///
    /// # Panics
    /// When the compression asked for is none of the format's.
    pub fn encoding(
        &self,
        plan: &Plan,
        table: usize,
        columns: &[usize],
        options: &Options,
        source: Option<&mut dyn Source>,
    ) -> Result<Box<dyn Encoding>, EncodeError> {
        let compression = options.compression.unwrap_or(self.compressions[0]);
        assert!(self.compressions.contains(&compression), "{} knows no {}", self.name, compression.name());
        let options = Options { compression: Some(compression), ..*options };
        let mut encoding = (self.build)(plan, table, columns, &options)?;
        if let Some(source) = source {
            encoding.look(source)?;
        }
        Ok(encoding)
    }

    /// Whether its files are text, or compressed text.
    pub fn is_text(&self) -> bool {
        self.compressions == Compression::OF_TEXT
    }

    /// Whether [`Options::dialect`] can be another than PostgreSQL's.
    pub fn has_dialects(&self) -> bool {
        self.name == "insert"
    }

    /// Whose SQL it is with these options.
    pub fn dialect(&self, options: &Options) -> Dialect {
        if self.has_dialects() { options.dialect } else { Dialect::Postgres }
    }

    /// Whether [`Options::row_group`] and [`Options::parquet_encoding`] mean something to it.
    pub fn is_parquet(&self) -> bool {
        self.name == "parquet"
    }

    /// What a file's name ends in: `csv`, or `csv.gz` for a compressed text.
    pub fn file_extension(&self, compression: Option<Compression>) -> String {
        let suffix = match compression {
            Some(compression) if self.is_text() => compression.suffix(),
            _ => "",
        };
        format!("{}{suffix}", self.extension)
    }
}

/// Where rows come from: a [`Worker`], or anything else that has vectors.
pub trait Source {
    /// Rows to ask for at once.
    fn batch_rows(&self) -> usize;

    /// The given columns of the rows as they are written, as [`Worker::written`].
    fn batch(
        &mut self,
        table: usize,
        rows: Range<u64>,
        columns: &[usize],
    ) -> Result<Vec<Rc<Vector>>, Failure>;
}

impl Source for Worker<'_> {
    fn batch_rows(&self) -> usize {
        self.options().batch_rows
    }

    fn batch(
        &mut self,
        table: usize,
        rows: Range<u64>,
        columns: &[usize],
    ) -> Result<Vec<Rc<Vector>>, Failure> {
        Ok(self.written(table, rows, columns)?.vectors)
    }
}

/// How one table's rows become one format's bytes. Built once, shared by all workers.
pub trait Encoding: Send + Sync {
    /// Settles, before anything else is asked, what follows from the table's first rows.
    ///
    /// # Errors
    /// When one of them cannot be computed.
    fn look(&mut self, _source: &mut dyn Source) -> Result<(), EncodeError> {
        Ok(())
    }

    /// How many rows make a piece: a run cuts a table at multiples of it. Independent of batch size and threads.
    ///
    /// Uncompressed text is the same bytes however it is cut; Parquet's row groups, Arrow's batches and compressed text
    /// are not, so parts of a run have to be cut at multiples, too.
    fn chunk_rows(&self) -> u64;

    /// What stands before the table's first row; also when it has no rows.
    fn header(&self) -> Vec<u8> {
        Vec::new()
    }

    /// What stands after the table's last row.
    fn footer(&self) -> Vec<u8> {
        Vec::new()
    }

    /// The rows' piece of the stream. `buffer` is room to write in, one that a [`StreamWriter::write`] gave back or a new one.
    fn encode(
        &self,
        source: &mut dyn Source,
        rows: Range<u64>,
        buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError>;

    /// What puts the table's pieces into a stream of their own. (The tables of a [`Kind::Script`] share one [`BytesWriter`].)
    fn writer(&self, out: Box<dyn io::Write + Send>) -> io::Result<Box<dyn StreamWriter>> {
        Ok(Box::new(BytesWriter::new(out)))
    }
}

/// Why rows could not be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// A value could not be computed.
    Generate(Failure),
    /// The format cannot hold the table or its values; a sentence without a full stop.
    Format(String),
}

impl From<Failure> for EncodeError {
    fn from(failure: Failure) -> Self {
        EncodeError::Generate(failure)
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodeError::Generate(failure) => failure.fmt(f),
            EncodeError::Format(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for EncodeError {}

#[cfg(test)]
mod tests {
    use super::fixture::{Given, dictionary, ints, texts};
    use super::*;
    use crate::value::{Data, SqlType};

    /// More rows than two pieces of text, with nulls, a dictionary and special bytes here and there.
    fn many() -> Given {
        let rows = 40_000u32;
        let words: Vec<String> = (0..rows)
            .map(|row| if row % 1_000 == 7 { format!("w,\"{row}'\\") } else { format!("word {row}") })
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let codes: Vec<u32> = (0..rows).map(|row| row % 3).collect();
        let valid = Some((0..rows).map(|row| row % 5 != 0).collect());
        Given::new(vec![
            ("id", SqlType::BigInt, ints(&(0..rows as i64).collect::<Vec<_>>())),
            ("word", SqlType::Text, Vector::new(texts(&words).data, valid)),
            ("kind", SqlType::Text, dictionary(&["a", "it's, \"b\"", ""], &codes)),
            ("share", SqlType::Double, Data::Float((0..rows).map(|row| row as f64 / 7.0).collect()).into()),
        ])
    }

    #[test]
    fn the_size_of_batches_changes_no_byte_of_any_format() {
        let mut given = many();
        for format in FORMATS {
            for compression in format.compressions {
                let options = Options {
                    compression: Some(*compression),
                    row_group: RowGroup::Rows(16_384),
                    ..Options::default()
                };
                given.batch_rows = 1_000;
                let expected = given.written(format.name, options);
                for batch_rows in [999, 8_192, 100_000] {
                    given.batch_rows = batch_rows;
                    assert!(
                        given.written(format.name, options) == expected,
                        "{} of {batch_rows}",
                        format.name
                    );
                }
            }
        }
    }

    #[test]
    fn text_is_the_same_wherever_it_is_cut() {
        let mut given = many();
        for format in FORMATS.iter().filter(|format| format.is_text()) {
            let expected = given.written(format.name, Options::default());
            let cut = given.written_in_pieces(format.name, Options::default(), |_| vec![0, 1, 777, 20_001]);
            assert!(cut == expected, "{}", format.name);
        }
    }

    /// Each batch has a dictionary of its own, with other texts under the same codes.
    struct Changing;

    impl Source for Changing {
        fn batch_rows(&self) -> usize {
            1
        }

        fn batch(&mut self, _: usize, rows: Range<u64>, _: &[usize]) -> Result<Vec<Rc<Vector>>, Failure> {
            let text = format!("{},", rows.start);
            Ok(vec![Rc::new(dictionary(&[&text], &[0]))])
        }
    }

    #[test]
    fn a_dictionary_may_change_between_batches() {
        let given = Given::new(vec![("word", SqlType::Text, texts(&["", "", ""]))]);
        let encoding =
            find("csv").unwrap().encoding(&given.plan, 0, &[0], &Options::default(), None).unwrap();
        let Ok(Piece::Bytes(bytes)) = encoding.encode(&mut Changing, 0..3, Vec::new()) else {
            panic!("CSV is bytes")
        };
        assert_eq!(String::from_utf8(bytes).unwrap(), "\"0,\"\n\"1,\"\n\"2,\"\n");
    }

    #[test]
    fn a_buffer_is_used_again_without_what_was_in_it() {
        let mut given = Given::new(vec![("id", SqlType::Int, ints(&[1, 2]))]);
        let encoding =
            find("csv").unwrap().encoding(&given.plan, 0, &[0], &Options::default(), None).unwrap();
        let Ok(Piece::Bytes(bytes)) = encoding.encode(&mut given, 1..2, b"old".to_vec()) else {
            panic!("CSV is bytes")
        };
        assert_eq!(bytes, b"2\n");
    }

    #[test]
    fn an_empty_table_is_a_header_and_a_footer() {
        let mut given = Given::new(vec![("id", SqlType::Int, ints(&[]))]);
        assert_eq!(given.text("csv"), "id\n");
        assert_eq!(given.text("copy"), "COPY t (id) FROM stdin;\n\\.\n\n");
        assert_eq!(given.text("insert"), "\n");
        assert_eq!(given.text("jsonl"), "");
    }

    #[test]
    fn formats_are_found_by_name_and_name_their_files() {
        for format in FORMATS {
            assert_eq!(find(format.name).map(|found| found.name), Some(format.name));
        }
        assert!(find("xlsx").is_none());
        let extension = |name, compression| find(name).unwrap().file_extension(compression);
        assert_eq!(extension("csv", Some(Compression::Gzip)), "csv.gz");
        assert_eq!(extension("copy", Some(Compression::Zstd)), "sql.zst");
        assert_eq!(extension("parquet", Some(Compression::Zstd)), "parquet");
        assert_eq!(extension("jsonl", None), "jsonl");
    }
}
