//! Holds what is stored to what the spec says: cells are computed again and compared.
//!
//! Nothing is remembered from when the data were made: a spec, a seed and a row's number are enough to know each cell. This is a
//! module of its own because it reads where everything else writes, and answers with differences, not with data.

mod blocks;
mod catalog;
mod database;
mod files;
mod report;
mod rules;
mod sample;
mod shape;

pub use database::database;
pub use files::{FORMATS, files, is_there};
pub use report::{Difference, Report, TableReport};
pub use rules::rules;
pub use sample::{BLOCK_ROWS, Sample};

use crate::encode::EncodeError;
use crate::generate;
use crate::pipeline::{Crew, Observer, Stop};
use crate::server;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// How a verification goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which rows are compared.
    pub sample: Sample,
    /// How many differences are kept to be shown; all are counted.
    pub most_shown: usize,
    /// How many threads compute.
    pub crew: Crew,
    /// How batches are computed.
    pub generate: generate::Options,
}

/// Who watches, and may end it.
pub struct Watching<'w> {
    /// Is told what was compared.
    pub observer: &'w mut dyn Observer,
    /// Ends the verification when it is set.
    pub cancel: &'w AtomicBool,
}

/// Why a verification ended without a report.
#[derive(Debug)]
pub enum Error {
    /// A value could not be computed.
    Generation(EncodeError),
    /// The server did not do what was asked.
    Server {
        /// What that was: `compare orders`.
        operation: String,
        /// Why not.
        cause: postgres::Error,
    },
    /// A file, or a directory of them, could not be read.
    Read {
        /// Which.
        path: PathBuf,
        /// Why not.
        cause: String,
    },
    /// It was interrupted.
    Cancelled,
    /// A bug, in its own words.
    Panicked(String),
}

impl Error {
    /// What the server did not do.
    fn server(operation: impl Into<String>) -> impl FnOnce(postgres::Error) -> Self {
        let operation = operation.into();
        move |cause| Error::Server { operation, cause }
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

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Generation(error) => error.fmt(f),
            Error::Server { operation, cause } => write!(f, "cannot {operation}: {}", server::words(cause)),
            Error::Read { path, cause } => write!(f, "cannot read {}: {cause}", path.display()),
            Error::Cancelled => f.write_str("interrupted"),
            Error::Panicked(words) => write!(f, "datagen has a bug: {words}"),
        }
    }
}

impl std::error::Error for Error {}
