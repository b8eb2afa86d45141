//! What a connection string, a service, variables and files come to.

use super::conninfo::{self, Values};
use super::error::Error;
use super::keywords::{KEYWORDS, Keyword};
use super::passfile::{self, Login};
use super::service;
use super::tls::{Tls, TlsMode};
use postgres::config::{ChannelBinding, TargetSessionAttrs};
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// What surrounds the process, as far as it says something of connections.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Variables by name; those that begin with `PG` are looked at.
    pub variables: BTreeMap<String, String>,
    /// The user's folder, for `~/.pgpass` and others.
    pub home: Option<PathBuf>,
    /// The user's name in the system, which is the user's name in the server when nothing else says so.
    pub user: Option<String>,
}

impl Environment {
    fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn in_home(&self, file: &str) -> Option<PathBuf> {
        Some(self.home.as_ref()?.join(file))
    }
}

/// Where to connect, as whom, and how secured. `Debug` shows no password.
#[derive(Clone)]
pub struct Settings {
    pub(super) hosts: Vec<Host>,
    pub(super) user: String,
    pub(super) database: String,
    pub(super) tls: Tls,
    pub(super) session: Session,
    /// What looks like a mistake: a password file that is not used.
    pub warnings: Vec<String>,
}

/// A host that is tried.
#[derive(Clone)]
pub(super) struct Host {
    /// A name, an address, or the folder of a socket.
    pub name: String,
    /// Where to go instead of asking for the name's address.
    pub address: Option<IpAddr>,
    pub port: u16,
    pub password: Option<String>,
}

/// What is the same for every host.
#[derive(Clone)]
pub(super) struct Session {
    pub options: Option<String>,
    pub application_name: String,
    pub connect_timeout: Option<Duration>,
    pub tcp_user_timeout: Option<Duration>,
    pub keepalives: bool,
    pub keepalives_idle: Option<Duration>,
    pub keepalives_interval: Option<Duration>,
    pub keepalives_count: Option<u32>,
    pub channel_binding: ChannelBinding,
    pub target: TargetSessionAttrs,
}

impl Host {
    pub fn is_socket(&self) -> bool {
        self.address.is_none() && self.name.starts_with(['/', '@'])
    }

    /// `db:5432`, or the path of the socket.
    pub fn shown(&self) -> String {
        match self.is_socket() {
            true => format!("{}/.s.PGSQL.{}", self.name, self.port),
            false if self.name.is_empty() => {
                format!("{}:{}", self.address.map(|of| of.to_string()).unwrap_or_default(), self.port)
            }
            false if self.name.contains(':') => format!("[{}]:{}", self.name, self.port),
            false => format!("{}:{}", self.name, self.port),
        }
    }
}

impl Settings {
    /// Brings together what a connection string says, what the service it names says, variables, and defaults, in this order;
    /// then looks for a password where none was given.
    ///
    /// # Errors
    /// When something is misspelt, impossible or not supported.
    pub fn resolve(text: &str, environment: &Environment) -> Result<Self, Error> {
        let mut values = conninfo::parse(text)?;
        if let Some(name) = given(&values, environment, "service") {
            for (name, value) in service::find(&name, &service_files(&values, environment))? {
                values.entry(name).or_insert(value);
            }
        }
        add_variables(&mut values, environment)?;
        let values = Reader(values);
        let user = values.text("user").map(str::to_owned).or_else(|| environment.user.clone());
        let user =
            user.ok_or_else(|| Error::setting("no user is named").help("postgres://USER@host/database"))?;
        let database = values.text("dbname").unwrap_or(&user).to_owned();
        let mut settings = Self {
            hosts: hosts(&values)?,
            user,
            database,
            tls: tls(&values, environment)?,
            session: session(&values)?,
            warnings: Vec::new(),
        };
        settings.find_passwords(&values, environment);
        Ok(settings)
    }

    /// The database's name.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// What is connected to, for messages: ``database `shop` at localhost:5432``.
    pub fn shown(&self) -> String {
        let hosts: Vec<String> = self.hosts.iter().map(Host::shown).collect();
        format!("database `{}` at {}", self.database, hosts.join(", "))
    }

    fn find_passwords(&mut self, values: &Reader, environment: &Environment) {
        let file = values.text("passfile").map(PathBuf::from).or_else(|| environment.in_home(".pgpass"));
        for host in &mut self.hosts {
            host.password = values.text("password").map(str::to_owned);
            if let (None, Some(file)) = (&host.password, &file) {
                let is_local = host.is_socket() && Path::new(&host.name) == socket_folder();
                let login = Login {
                    host: if is_local { "localhost" } else { &host.name },
                    port: &host.port.to_string(),
                    database: &self.database,
                    user: &self.user,
                };
                host.password = passfile::password(file, &login, &mut self.warnings);
            }
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Settings").field(&self.shown()).field(&self.user).finish()
    }
}

/// A value from the string, else from its variable.
fn given(values: &Values, environment: &Environment, name: &str) -> Option<String> {
    let variable = Keyword::find(name)?.variable?;
    let value = values.get(name).map(String::as_str).or_else(|| environment.variable(variable));
    value.filter(|value| !value.is_empty()).map(str::to_owned)
}

/// The user's file, then the system's; a file that is named stands for the user's.
fn service_files(values: &Values, environment: &Environment) -> Vec<PathBuf> {
    let named = given(values, environment, "servicefile").map(PathBuf::from);
    let system = environment.variable("PGSYSCONFDIR").unwrap_or("/etc/postgresql-common");
    let system = Path::new(system).join("pg_service.conf");
    named.or_else(|| environment.in_home(".pg_service.conf")).into_iter().chain([system]).collect()
}

fn add_variables(values: &mut Values, environment: &Environment) -> Result<(), Error> {
    for keyword in KEYWORDS.iter().filter(|keyword| keyword.name != "service") {
        let value = keyword.variable.and_then(|name| Some((name, environment.variable(name)?)));
        if let (Some((variable, value)), false) = (value, values.contains_key(keyword.name)) {
            keyword.check(value, &format!("the environment ({variable})"))?;
            values.insert(keyword.name, value.to_owned());
        }
    }
    Ok(())
}

/// Values with their types.
struct Reader(Values);

impl Reader {
    /// The value, if there is one and it is not empty.
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        let read = |text: &str| {
            let wrong = || Error::setting(format!("`{name}` has to be a whole number, not `{text}`"));
            text.trim().parse().map_err(|_| wrong())
        };
        self.text(name).map(read).transpose()
    }

    /// One of the words, as what it stands for.
    fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let wrong =
            || Error::setting(format!("`{name}` has to be one of {}, not `{text}`", known.join(", ")));
        found.map(Some).ok_or_else(wrong)
    }
}

/// Debian's folder for sockets, or everybody else's.
fn socket_folder() -> &'static Path {
    let debian = Path::new("/var/run/postgresql");
    if debian.is_dir() { debian } else { Path::new("/tmp") }
}

fn hosts(values: &Reader) -> Result<Vec<Host>, Error> {
    let list = |name| values.text(name).map(|text| text.split(',').map(str::trim).collect::<Vec<_>>());
    let (names, addresses) = (list("host"), list("hostaddr"));
    let count = names.as_ref().or(addresses.as_ref()).map_or(1, Vec::len);
    if names.as_ref().zip(addresses.as_ref()).is_some_and(|(names, addresses)| names.len() != addresses.len())
    {
        return Err(Error::setting("`host` and `hostaddr` have to name as many hosts"));
    }
    let ports = list("port").unwrap_or_default();
    if ports.len() > 1 && ports.len() != count {
        return Err(Error::setting(format!("there are {} ports for {count} hosts", ports.len()))
            .help("one port for all, or one for each"));
    }
    (0..count)
        .map(|at| {
            let address = addresses.as_ref().map(|addresses| addresses[at]).filter(|text| !text.is_empty());
            let wrong = |text: &str| Error::setting(format!("`hostaddr` has to be an address, not `{text}`"));
            let address = address.map(|text| text.parse().map_err(|_| wrong(text))).transpose()?;
            let name = names.as_ref().map_or("", |names| names[at]);
            let name = match name {
                "" if address.is_none() && cfg!(unix) => socket_folder().display().to_string(),
                "" if address.is_none() => "localhost".to_owned(),
                name => name.to_owned(),
            };
            let port = port(ports.get(at).or(ports.first()).copied().unwrap_or(""))?;
            Ok(Host { name, address, port, password: None })
        })
        .collect()
}

fn port(text: &str) -> Result<u16, Error> {
    match text {
        "" => Ok(5432),
        text => text.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
            Error::setting(format!("`port` has to be a number from 1 to 65535, not `{text}`"))
        }),
    }
}

fn session(values: &Reader) -> Result<Session, Error> {
    let seconds =
        |name| Ok(values.number::<i64>(name)?.filter(|n| *n > 0).map(|n| Duration::from_secs(n as u64)));
    let name = values.text("application_name").or(values.text("fallback_application_name"));
    let bindings = [
        ("disable", ChannelBinding::Disable),
        ("prefer", ChannelBinding::Prefer),
        ("require", ChannelBinding::Require),
    ];
    let targets = [
        ("any", TargetSessionAttrs::Any),
        ("read-write", TargetSessionAttrs::ReadWrite),
        // Whoever writes can be written to only where a primary can.
        ("primary", TargetSessionAttrs::ReadWrite),
    ];
    Ok(Session {
        options: values.text("options").map(str::to_owned),
        application_name: name.unwrap_or("datagen").to_owned(),
        connect_timeout: seconds("connect_timeout")?,
        tcp_user_timeout: values.number("tcp_user_timeout")?.filter(|ms| *ms > 0).map(Duration::from_millis),
        keepalives: values.number::<i64>("keepalives")? != Some(0),
        keepalives_idle: seconds("keepalives_idle")?,
        keepalives_interval: seconds("keepalives_interval")?,
        keepalives_count: values.number::<u32>("keepalives_count")?.filter(|n| *n > 0),
        channel_binding: values.word("channel_binding", &bindings)?.unwrap_or(ChannelBinding::Prefer),
        target: values.word("target_session_attrs", &targets)?.unwrap_or(TargetSessionAttrs::Any),
    })
}

fn tls(values: &Reader, environment: &Environment) -> Result<Tls, Error> {
    let asked = values.word("sslmode", &TlsMode::NAMES)?;
    let file = |name: &str, usual: &str| {
        let usual = || environment.in_home(&format!(".postgresql/{usual}")).filter(|file| file.exists());
        values.text(name).map(PathBuf::from).or_else(usual)
    };
    let roots = file("sslrootcert", "root.crt");
    let certificate = file("sslcert", "postgresql.crt");
    let key = file("sslkey", "postgresql.key");
    Tls::new(asked, roots, certificate.zip(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        Environment { variables, home: None, user: Some("me".into()) }
    }

    fn resolved(text: &str, variables: &[(&str, &str)]) -> Settings {
        Settings::resolve(text, &environment(variables)).unwrap()
    }

    fn refused(text: &str, variables: &[(&str, &str)]) -> String {
        Settings::resolve(text, &environment(variables)).unwrap_err().to_string()
    }

    #[test]
    fn the_string_stands_over_the_service_over_variables_over_defaults() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("services");
        std::fs::write(&file, "[shop]\nhost=of-service\nport=2\nuser=of-service\n").unwrap();
        let variables = [
            ("PGSERVICEFILE", file.to_str().unwrap()),
            ("PGSERVICE", "shop"),
            ("PGHOST", "of-variable"),
            ("PGPORT", "3"),
            ("PGDATABASE", "of-variable"),
        ];
        let settings = resolved("host=of-string", &variables);
        assert_eq!(settings.shown(), "database `of-variable` at of-string:2");
        assert_eq!(settings.user, "of-service");
        assert_eq!(resolved("host=h", &[]).shown(), "database `me` at h:5432");
    }

    #[test]
    fn each_host_has_its_port_and_its_password() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgpass");
        std::fs::write(&file, "a:1:*:*:pa\nb:2:*:*:pb\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let settings = resolved("host=a,b port=1,2", &[("PGPASSFILE", file.to_str().unwrap())]);
        let passwords: Vec<Option<&str>> =
            settings.hosts.iter().map(|host| host.password.as_deref()).collect();
        assert_eq!(passwords, [Some("pa"), Some("pb")]);
        let given = resolved("host=a,b port=1,2 password=p", &[("PGPASSFILE", file.to_str().unwrap())]);
        assert!(given.hosts.iter().all(|host| host.password.as_deref() == Some("p")));
        assert!(!format!("{given:?}").contains("password"), "{given:?}");
    }

    #[test]
    fn nobody_named_is_the_socket_of_this_machine() {
        let settings = resolved("", &[]);
        assert!(settings.hosts[0].is_socket(), "{settings:?}");
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_place() {
        assert_eq!(refused("port=0", &[]), "`port` has to be a number from 1 to 65535, not `0`");
        assert_eq!(refused("host=a,b port=1,2,3", &[]), "there are 3 ports for 2 hosts");
        assert_eq!(refused("hostaddr=x", &[]), "`hostaddr` has to be an address, not `x`");
        assert_eq!(
            refused("sslmode=maybe", &[]),
            "`sslmode` has to be one of disable, allow, prefer, require, verify-ca, verify-full, not `maybe`"
        );
        assert_eq!(
            refused("", &[("PGREQUIREPEER", "root")]),
            "`requirepeer` in the environment (PGREQUIREPEER) is not supported"
        );
        assert_eq!(refused("", &[("PGSERVICE", "none")]), "there is no service `none`");
    }
}
