//! A PostgreSQL server of a test's own: one that may be set up otherwise, killed, and started again.

use super::postgres::{binary, unprivileged};
use std::fs;
use std::io::Write;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A server that goes, with its directory, when the value or the process does.
pub struct Cluster {
    directory: PathBuf,
    port: u16,
    keeper: Child,
    orders: Option<ChildStdin>,
}

/// The shell waits for orders on its stdin, whose other end the test's process holds; when that closes, all goes.
/// To kill is what pulling the plug is: no process gets to end what it was doing.
const KEEPER: &str = r#"
    stop() { test -n "$server" && kill -QUIT "$server" 2>/dev/null; wait; server=; }
    trap 'stop; cd /; rm -rf "$1"' EXIT
    cd "$1"
    "$2" -D data -U datagen -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || exit 1
    touch ready
    while read -r order; do
        case $order in
        start)
            "$3" -D data -k "$1" -c port="$4" -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \
                </dev/null >>server.log 2>&1 &
            server=$! ;;
        kill) stop ;;
        esac
    done
"#;

impl Cluster {
    /// A server that is not started yet, so that its configuration can be changed.
    pub fn new() -> Self {
        let directory =
            tempfile::Builder::new().prefix("datagen-pg").tempdir().expect("a temporary directory").keep();
        let owner = unprivileged(&directory);
        let port = free_port();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "sh"]).arg(&directory).arg(binary("initdb")).arg(binary("postgres"));
        command.arg(port.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
        if let Some((uid, gid)) = owner {
            chown(&directory, Some(uid), Some(gid)).expect("root may give a directory away");
            command.uid(uid).gid(gid);
        }
        let mut keeper = command.spawn().expect("sh starts");
        let orders = keeper.stdin.take();
        Self { directory, port, keeper, orders }
    }

    /// A server that runs as it is installed.
    pub fn started() -> Self {
        let mut cluster = Self::new();
        cluster.start();
        cluster
    }

    /// Adds a line to a file of the data directory (`postgresql.conf`, `pg_hba.conf`), in front of what is there.
    pub fn configure(&self, file: &str, line: &str) {
        self.wait_until(|| self.directory.join("ready").exists());
        let path = self.directory.join("data").join(file);
        let text = fs::read_to_string(&path).expect("the server's file");
        fs::write(&path, format!("{line}\n{text}")).expect("the server's file");
    }

    /// Puts a file that only the server may read beside its data, and returns its path.
    pub fn secret(&self, name: &str, text: &[u8]) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.directory.join(name);
        fs::write(&path, text).expect("our own directory");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("our own file");
        if let Some((uid, gid)) = unprivileged_owner(&self.directory) {
            chown(&path, Some(uid), Some(gid)).expect("root may give a file away");
        }
        path
    }

    /// Starts the server and waits until it answers.
    pub fn start(&mut self) {
        self.wait_until(|| self.directory.join("ready").exists());
        let started = Instant::now();
        self.order("start");
        while !self.answers() {
            assert!(started.elapsed() < Duration::from_secs(60), "PostgreSQL did not start:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends the server in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.order("kill");
        self.wait_until(|| !self.answers());
    }

    /// Where it listens on TCP.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a database, by way of TCP.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://datagen@127.0.0.1:{}/{database}", self.port)
    }

    /// What a query answers: a line per row, values separated by `|`.
    pub fn query(&self, database: &str, sql: &str) -> String {
        let output = self.psql(database, sql);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{sql}\n{told}");
        String::from_utf8(output.stdout).expect("psql answers in UTF-8").trim_end_matches('\n').to_owned()
    }

    fn psql(&self, database: &str, sql: &str) -> Output {
        let mut command = Command::new(binary("psql"));
        command.args([
            "-X",
            "-q",
            "-At",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "datagen",
            "-d",
            database,
            "-c",
            sql,
        ]);
        command.arg("-h").arg(&self.directory).args(["-p", &self.port.to_string()]).stdin(Stdio::null());
        command.output().expect("psql starts")
    }

    fn order(&mut self, order: &str) {
        let orders = self.orders.as_mut().expect("open until the end");
        writeln!(orders, "{order}").and_then(|()| orders.flush()).expect("the keeper listens");
    }

    fn answers(&self) -> bool {
        let mut command = Command::new(binary("pg_isready"));
        command.arg("-q").arg("-h").arg(&self.directory).args(["-p", &self.port.to_string()]);
        command.status().is_ok_and(|status| status.success())
    }

    fn wait_until(&self, is_so: impl Fn() -> bool) {
        let started = Instant::now();
        while !is_so() {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "the server does not come along:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.directory.join(name)).unwrap_or_default();
        ["initdb.log", "server.log"].map(read).join("\n")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.orders = None;
        // Nothing to do about a failure here.
        let _ = self.keeper.wait();
    }
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("the machine has a free port");
    listener.local_addr().expect("it is bound").port()
}

fn unprivileged_owner(directory: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let about = fs::metadata(directory).expect("our own directory");
    (about.uid() != 0).then(|| (about.uid(), about.gid()))
}
