//! Why there is no connection, in words for the person who runs the command.

use postgres::error::SqlState;
use std::error::Error as _;
use std::fmt;
use std::io::ErrorKind;

/// Why there is no connection.
#[derive(Debug)]
pub enum Error {
    /// What was asked for is wrong or not supported; nothing was tried.
    Setting {
        /// What is wrong, without a full stop; never a password.
        message: String,
        /// What to try.
        help: Option<String>,
    },
    /// No host let us in.
    Refused {
        /// Whom we asked for what: "database `shop` as user `ana`".
        wanted: String,
        /// Each address, with what came of it.
        refusals: Vec<Refusal>,
    },
}

/// An address that did not let us in.
#[derive(Debug)]
pub struct Refusal {
    /// `db.example:5432`, or the path of a socket.
    pub address: String,
    /// What came of it.
    pub cause: postgres::Error,
}

impl Error {
    pub(super) fn setting(message: impl Into<String>) -> Self {
        Error::Setting { message: message.into(), help: None }
    }

    pub(super) fn help(mut self, words: impl Into<String>) -> Self {
        if let Error::Setting { help, .. } = &mut self {
            *help = Some(words.into());
        }
        self
    }

    /// Whether the same might go well a little later: a server that starts, a network that is away.
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Setting { .. } => false,
            Error::Refused { refusals, .. } => refusals.iter().any(|refusal| may_pass(&refusal.cause)),
        }
    }

    /// What to try, if there is something to say.
    pub fn advice(&self) -> Option<String> {
        match self {
            Error::Setting { help, .. } => help.clone(),
            Error::Refused { refusals, .. } => refusals.iter().find_map(Refusal::advice),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Setting { message, .. } => f.write_str(message),
            Error::Refused { wanted, refusals } => {
                let each = refusals.iter().map(|of| format!("{}: {}", of.address, words(&of.cause)));
                write!(f, "cannot connect to {wanted} at {}", each.collect::<Vec<_>>().join("; at "))
            }
        }
    }
}

impl std::error::Error for Error {}

impl Refusal {
    fn advice(&self) -> Option<String> {
        let said = words(&self.cause);
        if let Some(state) = self.cause.code() {
            return match *state {
                SqlState::INVALID_PASSWORD => Some("give the password by PGPASSWORD or in ~/.pgpass".into()),
                SqlState::INVALID_CATALOG_NAME => Some("`createdb` makes a database".into()),
                _ => None,
            };
        }
        if said.contains("password missing") {
            return Some("give the password by PGPASSWORD or in ~/.pgpass".into());
        }
        if said.contains("does not support TLS") {
            return Some("the server has no TLS: `sslmode=prefer` goes without".into());
        }
        if said.contains("UnknownIssuer") || said.contains("CaUsedAsEndEntity") {
            return Some(
                "name the certificate of the authority that signed the server's: sslrootcert=FILE".into(),
            );
        }
        if said.contains("failed to lookup address") {
            return Some("is the host's name right, and can it be resolved here?".into());
        }
        match io_kind(&self.cause)? {
            ErrorKind::ConnectionRefused => Some("does a server listen there? `pg_isready` tells".into()),
            ErrorKind::NotFound => Some(
                "no server has a socket there; name the host: postgres://user@host/database, or PGHOST"
                    .into(),
            ),
            _ => None,
        }
    }
}

/// What a driver's error says, from the server's own words where it has any.
pub fn words(error: &postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        let more = [("", said.detail()), ("hint: ", said.hint())];
        let more = more.iter().filter_map(|(kind, text)| Some(format!(" ({kind}{})", (*text)?)));
        return format!("{}{}", said.message(), more.collect::<String>());
    }
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(|cause| cause.source()) {
        cause = Some(deeper);
    }
    cause.map_or_else(|| error.to_string(), |cause| without_number(&cause.to_string()))
}

/// Without Rust's ` (os error 111)`.
fn without_number(words: &str) -> String {
    words.find(" (os error ").map_or(words, |end| &words[..end]).to_owned()
}

/// Whether doing the same again might succeed: the connection was lost, the server stops, starts or is full, or
/// transactions got into each other's way.
pub fn may_pass(error: &postgres::Error) -> bool {
    match error.code() {
        Some(state) => passing(state),
        None => error.is_closed() || io_kind(error).is_some_and(|kind| kind != ErrorKind::InvalidData),
    }
}

fn passing(state: &SqlState) -> bool {
    const STATES: [SqlState; 7] = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ];
    // Class 08: connection exceptions.
    STATES.contains(state) || state.code().starts_with("08")
}

fn io_kind(error: &postgres::Error) -> Option<ErrorKind> {
    let mut cause = error.source();
    while let Some(of) = cause {
        if let Some(error) = of.downcast_ref::<std::io::Error>() {
            return Some(error.kind());
        }
        cause = of.source();
    }
    None
}
