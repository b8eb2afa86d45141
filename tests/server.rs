//! Connections to a real PostgreSQL: by sockets and TCP, with passwords, and with TLS of every strictness.

mod support;

use datagen::server::{Environment, Error, Settings, connect};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::cluster::Cluster;
use support::postgres::Database;

fn settings(text: &str) -> Settings {
    Settings::resolve(text, &Environment::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The answer of a query that says how one is connected, or why one is not.
fn ask(text: &str) -> Result<String, String> {
    let mut client = connect(&settings(text)).map_err(|error| error.to_string())?;
    let encrypted = "select coalesce(ssl, false)::text from pg_stat_ssl where pid = pg_backend_pid()";
    Ok(client.query_one(encrypted, &[]).expect("a row").get(0))
}

#[test]
fn a_socket_and_what_the_session_is_told_arrive() {
    let database = Database::new();
    let text = format!("{}&application_name=shop&options=-c%20work_mem%3D7MB", database.url());
    let mut client = connect(&settings(&text)).expect("a connection");
    let sql = "select current_setting('application_name') || ' ' || current_setting('work_mem')";
    assert_eq!(client.query_one(sql, &[]).expect("a row").get::<_, String>(0), "shop 7MB");
}

#[test]
fn what_is_not_there_is_said_with_what_to_try() {
    let cluster = Cluster::started();
    let failure = |text: &str| connect(&settings(text)).err().expect("nobody lets us in");
    let no_server = failure("postgres://ana@127.0.0.1:1/shop");
    assert_eq!(
        no_server.to_string(),
        "cannot connect to database `shop` as user `ana` at 127.0.0.1:1: Connection refused"
    );
    assert!(no_server.may_pass() && no_server.advice().expect("advice").contains("pg_isready"));
    let no_database = failure(&cluster.url("shop"));
    assert!(no_database.to_string().ends_with("database \"shop\" does not exist"), "{no_database}");
    assert!(!no_database.may_pass() && no_database.advice().expect("advice").contains("createdb"));
    let no_socket = failure("postgres://ana@/shop?host=/nowhere");
    assert!(no_socket.to_string().contains("/nowhere/.s.PGSQL.5432: No such file"), "{no_socket}");
    let first_is_away =
        format!("host=127.0.0.1,127.0.0.1 port=1,{} user=datagen dbname=postgres", cluster.port());
    assert_eq!(ask(&first_is_away).as_deref(), Ok("false"));
}

#[test]
fn a_password_is_taken_from_wherever_it_is_and_shown_nowhere() {
    let mut cluster = Cluster::new();
    cluster.start();
    cluster.query("postgres", "create user ana password 'sesame'");
    cluster.kill();
    cluster.configure("pg_hba.conf", "host all ana 127.0.0.1/32 scram-sha-256");
    cluster.start();
    let url = format!("postgres://ana@127.0.0.1:{}/postgres", cluster.port());
    let with = |variables: &[(&str, &str)]| {
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let environment = Environment { variables, ..Environment::default() };
        connect(&Settings::resolve(&url, &environment).expect("settings")).map(|_| ())
    };
    let file = cluster.secret("pgpass", format!("127.0.0.1:{}:*:ana:sesame\n", cluster.port()).as_bytes());
    with(&[("PGPASSFILE", file.to_str().expect("UTF-8"))]).expect("the file's password is right");
    with(&[("PGPASSWORD", "sesame")]).expect("the variable's password is right");
    for error in [with(&[]).unwrap_err(), with(&[("PGPASSWORD", "wrong secret")]).unwrap_err()] {
        assert!(error.advice().expect("advice").contains("PGPASSWORD"), "{error}");
        assert!(!error.to_string().contains("secret") && !format!("{error:?}").contains("secret"), "{error}");
        assert!(matches!(error, Error::Refused { .. }) && !error.may_pass(), "{error}");
    }
}

/// An authority, and certificates for `localhost` and for a user `carla` that it signed.
struct Certificates {
    directory: tempfile::TempDir,
}

impl Certificates {
    fn new() -> Self {
        let made = Self { directory: tempfile::tempdir().expect("a temporary directory") };
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        for name in ["authority", "stranger"] {
            let subject = format!("/CN={name}");
            let (secret, certificate) = (format!("{name}.key"), format!("{name}.crt"));
            let more =
                ["req", "-x509", "-days", "2", "-subj", &subject, "-keyout", &secret, "-out", &certificate];
            made.openssl(&[&more[..], &key].concat());
        }
        std::fs::write(made.path("extensions"), "subjectAltName=DNS:localhost\n").expect("our own directory");
        for (name, subject) in [("server", "/CN=localhost"), ("carla", "/CN=carla")] {
            let [secret, asked, certificate] = ["key", "csr", "crt"].map(|ending| format!("{name}.{ending}"));
            let request = ["req", "-subj", subject, "-keyout", &secret, "-out", &asked];
            made.openssl(&[&request[..], &key].concat());
            let sign = ["x509", "-req", "-in", &asked, "-CA", "authority.crt", "-CAkey", "authority.key"];
            let more = ["-CAcreateserial", "-days", "2", "-extfile", "extensions", "-out", &certificate];
            made.openssl(&[&sign[..], &more].concat());
        }
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("openssl wrote it")
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").args(arguments).current_dir(self.directory.path()).output();
        let output = output.expect("openssl is installed");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// A server that speaks TLS.
fn secured(certificates: &Certificates) -> Cluster {
    let mut cluster = Cluster::new();
    let shown = |path: &Path| path.display().to_string();
    let files = ["server.crt", "server.key", "authority.crt"];
    let files = files.map(|name| cluster.secret(name, &certificates.read(name)));
    for (setting, file) in ["ssl_cert_file", "ssl_key_file", "ssl_ca_file"].iter().zip(&files) {
        cluster.configure("postgresql.conf", &format!("{setting} = '{}'", shown(file)));
    }
    cluster.configure("postgresql.conf", "ssl = on");
    cluster.configure("pg_hba.conf", "hostnossl all plain 127.0.0.1/32 trust\nhostssl all plain all reject");
    cluster
        .configure("pg_hba.conf", "hostssl all secret 127.0.0.1/32 trust\nhostnossl all secret all reject");
    cluster.configure("pg_hba.conf", "hostssl all carla 127.0.0.1/32 cert");
    cluster.start();
    for user in ["plain", "secret", "carla"] {
        cluster.query("postgres", &format!("create user {user}"));
    }
    cluster
}

#[test]
fn every_sslmode_does_what_libpq_says() {
    let certificates = Certificates::new();
    let cluster = secured(&certificates);
    let port = cluster.port();
    let root = |name| format!("sslrootcert={}", certificates.path(name).display());
    let at = |host: &str, user: &str, more: &str| {
        ask(&format!("host={host} hostaddr=127.0.0.1 port={port} user={user} dbname=postgres {more}"))
    };
    let encrypted = Ok("true".to_owned());
    let plain = Ok("false".to_owned());

    assert_eq!(at("localhost", "datagen", "sslmode=disable"), plain);
    assert_eq!(at("localhost", "datagen", "sslmode=allow"), plain);
    assert_eq!(at("localhost", "datagen", ""), encrypted, "prefer is the default");
    assert_eq!(at("localhost", "datagen", "sslmode=require"), encrypted);
    // pg_hba.conf wants one way only.
    assert_eq!(at("localhost", "secret", "sslmode=allow"), encrypted);
    assert_eq!(at("localhost", "plain", "sslmode=prefer"), plain);
    at("localhost", "secret", "sslmode=disable").unwrap_err();
    at("localhost", "plain", "sslmode=require").unwrap_err();

    let authority = root("authority.crt");
    assert_eq!(at("localhost", "datagen", &format!("sslmode=verify-full {authority}")), encrypted);
    assert_eq!(at("other.example", "datagen", &format!("sslmode=verify-ca {authority}")), encrypted);
    let other_name = at("other.example", "datagen", &format!("sslmode=verify-full {authority}")).unwrap_err();
    assert!(other_name.contains("certificate not valid for name"), "{other_name}");
    for mode in ["require", "verify-ca", "verify-full"] {
        let stranger = at("localhost", "datagen", &format!("sslmode={mode} {}", root("stranger.crt")));
        assert!(stranger.as_ref().is_err_and(|told| told.contains("certificate")), "{mode}: {stranger:?}");
    }
}

#[test]
fn a_user_is_known_by_a_certificate() {
    let certificates = Certificates::new();
    let cluster = secured(&certificates);
    let file = |name: &str| certificates.path(name).display().to_string();
    let at = |more: &str| {
        let port = cluster.port();
        ask(&format!(
            "host=localhost hostaddr=127.0.0.1 port={port} user=carla dbname=postgres sslmode=require {more}"
        ))
    };
    let own = format!("sslcert={} sslkey={}", file("carla.crt"), file("carla.key"));
    assert_eq!(at(&own).as_deref(), Ok("true"));
    let without = at("").unwrap_err();
    assert!(without.contains("certificate"), "{without}");
    let others = format!("sslcert={} sslkey={}", file("server.crt"), file("server.key"));
    let others = at(&others).unwrap_err();
    assert!(others.contains("certificate authentication failed for user"), "{others}");
    let missing =
        format!("host=localhost user=carla sslcert={} sslkey={}", file("nobody.crt"), file("carla.key"));
    let missing = Settings::resolve(&missing, &Environment::default()).expect_err("there is no such file");
    assert!(missing.to_string().contains("nobody.crt"), "{missing}");
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_required() {
    let cluster = Cluster::started();
    let url = |mode| format!("{}?sslmode={mode}", cluster.url("postgres"));
    assert_eq!(ask(&url("prefer")).as_deref(), Ok("false"));
    let error = connect(&settings(&url("require"))).err().expect("it is required");
    assert!(error.to_string().contains("server does not support TLS"), "{error}");
    assert!(error.advice().expect("advice").contains("sslmode=prefer"));
}
