//! What a connection can be told: libpq's keywords, the variables that stand in for them, and which we follow.

use super::error::Error;

/// A keyword of libpq.
pub(super) struct Keyword {
    pub name: &'static str,
    /// The variable that gives its value when nothing else does.
    pub variable: Option<&'static str>,
    meaning: Meaning,
}

/// What we make of a keyword.
enum Meaning {
    /// As libpq.
    Followed,
    /// These values are what we do anyway; others would have to be promised and are refused.
    Only(&'static [&'static str]),
    /// It changes nothing for us.
    Idle,
}

use Meaning::{Followed, Idle, Only};

const fn keyword(name: &'static str, variable: &'static str, meaning: Meaning) -> Keyword {
    Keyword { name, variable: Some(variable), meaning }
}

const fn without_variable(name: &'static str, meaning: Meaning) -> Keyword {
    Keyword { name, variable: None, meaning }
}

/// All keywords of libpq 17.
pub(super) static KEYWORDS: &[Keyword] = &[
    keyword("host", "PGHOST", Followed),
    keyword("hostaddr", "PGHOSTADDR", Followed),
    keyword("port", "PGPORT", Followed),
    keyword("dbname", "PGDATABASE", Followed),
    keyword("user", "PGUSER", Followed),
    keyword("password", "PGPASSWORD", Followed),
    keyword("passfile", "PGPASSFILE", Followed),
    keyword("service", "PGSERVICE", Followed),
    keyword("servicefile", "PGSERVICEFILE", Followed),
    keyword("options", "PGOPTIONS", Followed),
    keyword("application_name", "PGAPPNAME", Followed),
    without_variable("fallback_application_name", Followed),
    keyword("connect_timeout", "PGCONNECT_TIMEOUT", Followed),
    without_variable("keepalives", Followed),
    without_variable("keepalives_idle", Followed),
    without_variable("keepalives_interval", Followed),
    without_variable("keepalives_count", Followed),
    without_variable("tcp_user_timeout", Followed),
    keyword("sslmode", "PGSSLMODE", Followed),
    keyword("sslrootcert", "PGSSLROOTCERT", Followed),
    keyword("sslcert", "PGSSLCERT", Followed),
    keyword("sslkey", "PGSSLKEY", Followed),
    keyword("channel_binding", "PGCHANNELBINDING", Followed),
    keyword("target_session_attrs", "PGTARGETSESSIONATTRS", Only(&["any", "read-write", "primary"])),
    keyword("load_balance_hosts", "PGLOADBALANCEHOSTS", Only(&["disable"])),
    keyword("sslnegotiation", "PGSSLNEGOTIATION", Only(&["postgres"])),
    keyword("sslcompression", "PGSSLCOMPRESSION", Only(&["0"])),
    without_variable("sslpassword", Only(&[])),
    keyword("sslcertmode", "PGSSLCERTMODE", Only(&["allow"])),
    keyword("sslcrl", "PGSSLCRL", Only(&[])),
    keyword("sslcrldir", "PGSSLCRLDIR", Only(&[])),
    keyword("sslsni", "PGSSLSNI", Only(&["1"])),
    keyword("requirepeer", "PGREQUIREPEER", Only(&[])),
    keyword("require_auth", "PGREQUIREAUTH", Only(&[])),
    keyword("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", Only(&["TLSv1", "TLSv1.1", "TLSv1.2"])),
    keyword("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", Only(&["TLSv1.3"])),
    keyword("gssencmode", "PGGSSENCMODE", Only(&["disable", "prefer"])),
    keyword("gssdelegation", "PGGSSDELEGATION", Only(&["0"])),
    // Names for Kerberos, which is not spoken; a server that insists on it says so itself.
    keyword("krbsrvname", "PGKRBSRVNAME", Idle),
    keyword("gsslib", "PGGSSLIB", Idle),
    // What is sent is UTF-8, whatever a terminal has.
    keyword("client_encoding", "PGCLIENTENCODING", Idle),
    without_variable("replication", Only(&["false", "off", "no", "0"])),
];

impl Keyword {
    pub fn find(name: &str) -> Option<&'static Keyword> {
        KEYWORDS.iter().find(|keyword| keyword.name == name)
    }

    /// Refuses a value that would ask for something we do not do. `origin` says where it was written.
    pub fn check(&self, value: &str, origin: &str) -> Result<(), Error> {
        match self.meaning {
            Followed | Idle => Ok(()),
            Only(values) if value.is_empty() || values.contains(&value) => Ok(()),
            Only([]) => {
                Err(Error::setting(format!("`{}` in {origin} is not supported", self.name))
                    .help("leave it out"))
            }
            Only(values) => Err(Error::setting(format!(
                "`{}={value}` in {origin} is not supported; only {}",
                self.name,
                values.join(", ")
            ))),
        }
    }
}
