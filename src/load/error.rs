//! Why a load ended early.

use crate::encode::EncodeError;
use crate::pipeline::Stop;
use crate::server;
use std::fmt;

/// Why a load ended early.
#[derive(Debug)]
pub enum Error {
    /// There is no connection.
    Server(server::Error),
    /// The server refused something.
    Query {
        /// What we were doing: "load rows 1 to 1,000 of table orders".
        doing: String,
        /// What the server said.
        cause: postgres::Error,
        /// What to try.
        help: Option<String>,
    },
    /// The database is not as it has to be for what was asked; nothing was changed.
    Refused {
        /// All that is wrong, each a sentence without a full stop.
        problems: Vec<String>,
        /// What to try.
        help: Option<String>,
    },
    /// Something that might have passed did not, in the time that was given to it.
    GivenUp(Box<Error>),
    /// A load is resumed with other options than it began with.
    Different(Vec<String>),
    /// A value could not be computed.
    Generation(EncodeError),
    /// `cancel` was set.
    Cancelled,
    /// A bug, in its own words.
    Panicked(String),
}

impl Error {
    pub(super) fn query(doing: impl Into<String>, cause: postgres::Error) -> Self {
        Error::Query { doing: doing.into(), cause, help: None }
    }

    pub(super) fn refused(problem: impl Into<String>) -> Self {
        Error::Refused { problems: vec![problem.into()], help: None }
    }

    pub(super) fn unfinished(schema: &str) -> Self {
        Error::refused(format!("schema `{schema}` holds an unfinished load"))
            .help("--resume goes on with it; --truncate or --clean begins again")
    }

    pub(super) fn help(mut self, words: impl Into<String>) -> Self {
        if let Error::Query { help, .. } | Error::Refused { help, .. } = &mut self {
            *help = Some(words.into());
        }
        self
    }

    /// Whether doing the same again might succeed.
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Server(error) => error.may_pass(),
            Error::Query { cause, .. } => server::may_pass(cause),
            _ => false,
        }
    }

    /// What to try, if there is something to say.
    pub fn advice(&self) -> Option<String> {
        match self {
            Error::Server(error) => error.advice(),
            Error::Query { help, .. } | Error::Refused { help, .. } => help.clone(),
            Error::GivenUp(_) => Some(
                "when the server is back, the same command with --resume goes on from where it was".into(),
            ),
            Error::Different(_) => Some("resume with the options that the load began with".into()),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Server(error) => error.fmt(f),
            Error::Query { doing, cause, .. } => write!(f, "cannot {doing}: {}", server::words(cause)),
            Error::Refused { problems, .. } => f.write_str(&problems.join("\n")),
            Error::Different(parts) => {
                write!(f, "the unfinished load had another {}", parts.join(", another "))
            }
            Error::GivenUp(cause) => write!(f, "{cause} (tried again for as long as --retry-for says)"),
            Error::Generation(error) => error.fmt(f),
            Error::Cancelled => f.write_str("interrupted"),
            Error::Panicked(words) => write!(f, "datagen has a bug: {words}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<server::Error> for Error {
    fn from(error: server::Error) -> Self {
        Error::Server(error)
    }
}

impl From<EncodeError> for Error {
    fn from(error: EncodeError) -> Self {
        Error::Generation(error)
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
