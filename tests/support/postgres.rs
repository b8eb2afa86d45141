//! A PostgreSQL server that lives as long as the test process, and databases in it.
//!
//! The server is made of the installed binaries, listens on a socket in a temporary directory only, and does not
//! fsync. `DATAGEN_TEST_DATABASE_URL` names a running server to use instead; databases are created there and dropped.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Where databases are made.
enum Server {
    /// Our own: the directory of its socket.
    Own(PathBuf),
    /// Somebody's, by its URL.
    Given(String),
}

/// An empty database, dropped with the value.
pub struct Database {
    name: String,
}

impl Database {
    /// A new database.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("datagen_test_{}_{number}", std::process::id());
        // Text is compared and loaded as UTF-8 whatever the server's default is.
        let create = format!("create database {name} template template0 encoding 'UTF8'");
        expect(psql(None, &["-c", &create], b""), &create);
        Self { name }
    }

    /// Runs a script as the documentation says scripts are loaded: in one transaction that stops at the first error.
    pub fn load(&self, script: &[u8]) -> Result<(), String> {
        let output = psql(Some(&self.name), &["--single-transaction"], script);
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }

    /// The database's URL, for the command under test.
    pub fn url(&self) -> String {
        match server() {
            Server::Own(directory) => {
                format!("postgres://datagen@/{}?host={}", self.name, directory.display())
            }
            Server::Given(url) => with_database(url, &self.name),
        }
    }

    /// Runs pg_restore with these arguments, which name an archive, into this database; it stops at the first error.
    pub fn restore(&self, arguments: &[&str]) -> Result<(), String> {
        let mut command = Command::new(binary("pg_restore"));
        self.connect(&mut command);
        let output = command.arg("--exit-on-error").args(arguments).output().expect("pg_restore starts");
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }

    /// Arguments with which PostgreSQL's programs find this database.
    fn connect(&self, command: &mut Command) {
        match server() {
            Server::Own(directory) => {
                command.arg("-h").arg(directory).args(["-U", "datagen", "-d", &self.name]);
            }
            Server::Given(url) => {
                command.arg("-d").arg(with_database(url, &self.name));
            }
        }
    }

    /// What a query answers: a line per row, values separated by `|`.
    pub fn query(&self, sql: &str) -> String {
        let output = expect(psql(Some(&self.name), &["-At", "-c", sql], b""), sql);
        String::from_utf8(output.stdout).expect("psql answers in UTF-8").trim_end_matches('\n').to_string()
    }

    /// The schema as `pg_dump` writes it, without comments, settings and owners.
    pub fn schema(&self) -> String {
        let mut command = Command::new(binary("pg_dump"));
        self.connect(&mut command);
        let output = command.args(["--schema-only", "--no-owner"]).output().expect("pg_dump starts");
        let text = String::from_utf8(expect(output, "pg_dump").stdout).expect("pg_dump writes UTF-8");
        let is_said = |line: &&str| {
            let settings = ["--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict"];
            !line.is_empty() && !settings.iter().any(|start| line.starts_with(start))
        };
        text.lines().filter(is_said).map(|line| format!("{line}\n")).collect()
    }

    /// The query's rows.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        self.query(sql).lines().map(str::to_string).collect()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Nothing to do about a failure here; our own server is removed as a whole anyway.
        psql(None, &["-c", &format!("drop database if exists {} with (force)", self.name)], b"");
    }
}

/// What pg_restore writes to its standard output with these arguments, an archive on its standard input.
pub fn pg_restore(arguments: &[&str], archive: Stdio) -> Result<String, String> {
    let output = Command::new(binary("pg_restore")).args(arguments).stdin(archive).output();
    let output = output.expect("pg_restore starts");
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout).expect("pg_restore writes UTF-8")),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Every table and a hash of its rows, whatever their order.
pub fn contents(database: &Database) -> Vec<String> {
    let tables =
        database.lines("select quote_ident(tablename) from pg_tables where schemaname = 'public' order by 1");
    let hash = "md5(coalesce(string_agg(t::text, chr(10) order by t::text collate \"C\"), ''))";
    let hashed = tables.iter().map(|table| format!("(select '{table} ' || {hash} from {table} t)"));
    database.lines(&hashed.collect::<Vec<_>>().join(" union all "))
}

/// Runs psql on a database (`None`: the server's default one) with a script on stdin.
fn psql(database: Option<&str>, arguments: &[&str], script: &[u8]) -> Output {
    let mut command = Command::new(binary("psql"));
    match server() {
        Server::Own(directory) => {
            command.arg("-h").arg(directory).args(["-U", "datagen", "-d", database.unwrap_or("postgres")]);
        }
        Server::Given(url) => {
            command.arg("-d").arg(database.map_or(url.clone(), |name| with_database(url, name)));
        }
    }
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]).args(arguments);
    command
        .env("PGCLIENTENCODING", "UTF8")
        .env("PGOPTIONS", "-c client_min_messages=warning -c timezone=UTC");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("psql starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    std::thread::scope(|scope| {
        // psql may stop reading at an error; its exit code tells then.
        scope.spawn(move || stdin.write_all(script).ok());
        child.wait_with_output().expect("psql ends")
    })
}

fn expect(output: Output, what: &str) -> Output {
    assert!(output.status.success(), "{what}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The URL with another database's name in its path.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, String::new()), |(a, o)| (a, format!("?{o}")));
    let host_start = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[host_start..].find('/').map_or(address.len(), |at| host_start + at);
    format!("{}/{name}{options}", &address[..host_end])
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("DATAGEN_TEST_DATABASE_URL") {
        Ok(url) => Server::Given(url),
        Err(_) => Server::Own(start()),
    })
}

/// Starts a server that stops, and whose directory goes, when this process ends, however it ends.
fn start() -> PathBuf {
    let directory =
        tempfile::Builder::new().prefix("datagen-pg").tempdir().expect("a temporary directory").keep();
    let owner = unprivileged(&directory);
    if let Some((uid, gid)) = owner {
        chown(&directory, Some(uid), Some(gid)).expect("root may give a directory away");
    }
    // The shell waits for the end of its stdin, whose other end this process holds and nobody else inherits.
    let script = r#"
        trap 'kill -QUIT "$server" 2>/dev/null; wait; cd /; rm -rf "$1"' EXIT
        cd "$1"
        "$2" -D data -U datagen -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || exit 1
        "$3" -D data -k "$1" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
            </dev/null >server.log 2>&1 &
        server=$!
        read -r _
    "#;
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(&directory).arg(binary("initdb")).arg(binary("postgres"));
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
    let mut keeper = command.spawn().expect("sh starts");
    await_server(&directory, &mut keeper);
    // Never dropped: the pipe has to close with the process, not before.
    std::mem::forget(keeper);
    directory
}

fn await_server(directory: &Path, keeper: &mut std::process::Child) {
    let started = Instant::now();
    loop {
        let ready = Command::new(binary("pg_isready")).arg("-q").arg("-h").arg(directory).status();
        if ready.is_ok_and(|status| status.success()) {
            return;
        }
        let gone = keeper.try_wait().expect("the keeper can be asked").is_some();
        let log = ["initdb.log", "server.log"]
            .map(|name| fs::read_to_string(directory.join(name)).unwrap_or_default());
        assert!(!gone, "PostgreSQL did not start; see what initdb says: {}", log.join("\n"));
        assert!(started.elapsed() < Duration::from_secs(60), "PostgreSQL did not start:\n{}", log.join("\n"));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// PostgreSQL refuses to run as root; then it runs as `postgres`, or as `nobody` where there is no such user.
pub fn unprivileged(just_made: &Path) -> Option<(u32, u32)> {
    if fs::metadata(just_made).expect("just made").uid() != 0 {
        return None;
    }
    fs::set_permissions(just_made, fs::Permissions::from_mode(0o700)).expect("our own directory");
    let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let find = |wanted: &str| {
        users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == wanted)
    };
    let user = find("postgres")
        .or_else(|| find("nobody"))
        .expect("a user `postgres` or `nobody` to run PostgreSQL as");
    Some((user[2].parse().expect("a uid"), user[3].parse().expect("a gid")))
}

/// A program of PostgreSQL: from PATH, or where Debian keeps those that are not on it.
pub fn binary(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&on_path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("`{name}` of PostgreSQL was not found; `make test-deps` installs it"))
}
