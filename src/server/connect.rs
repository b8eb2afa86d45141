//! Opens connections: host after host, encrypted or not, as the settings allow.

use super::error::{Error, Refusal};
use super::settings::{Host, Settings};
use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};
use std::time::Duration;

/// A connection to the first host that lets us in.
///
/// # Errors
/// When none does: each address with what came of it.
pub fn connect(settings: &Settings) -> Result<Client, Error> {
    let mut refusals = Vec::new();
    for host in &settings.hosts {
        match connect_to(host, settings) {
            Ok(client) => return Ok(client),
            Err(cause) => refusals.push(Refusal { address: host.shown(), cause }),
        }
    }
    let wanted = format!("database `{}` as user `{}`", settings.database, settings.user);
    Err(Error::Refused { wanted, refusals })
}

fn connect_to(host: &Host, settings: &Settings) -> Result<Client, postgres::Error> {
    let config = config(host, settings);
    if host.is_socket() {
        // PostgreSQL does not encrypt what stays in the machine; libpq does not ask for it either.
        return config.clone().ssl_mode(SslMode::Disable).connect(NoTls);
    }
    let ways = settings.tls.mode.ways();
    let first = open(&config, settings, ways[0]);
    match (first, ways.get(1)) {
        (Err(cause), Some(other)) if other_way_may_help(&cause) => {
            open(&config, settings, *other).map_err(|second| telling(cause, second))
        }
        (result, _) => result,
    }
}

fn open(config: &Config, settings: &Settings, encrypted: bool) -> Result<Client, postgres::Error> {
    let mut config = config.clone();
    match encrypted {
        true => config.ssl_mode(SslMode::Require).connect(settings.tls.connector.clone()),
        false => config.ssl_mode(SslMode::Disable).connect(NoTls),
    }
}

/// Of the failures of two ways the one that says more: an answer of the server, other than that it does not want the way.
fn telling(first: postgres::Error, second: postgres::Error) -> postgres::Error {
    let wants_the_other = |state: &SqlState| *state == SqlState::INVALID_AUTHORIZATION_SPECIFICATION;
    match (first.code(), second.code()) {
        // It has no TLS; that a password is missing is said by the driver, without a code.
        (None, _) => second,
        (Some(_), Some(state)) if !wants_the_other(state) => second,
        _ => first,
    }
}

/// Whether a server that did not let us in this way might in the other: it has no TLS, or `pg_hba.conf` wants the other.
fn other_way_may_help(cause: &postgres::Error) -> bool {
    match cause.code() {
        Some(state) => *state == SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
        None => cause.to_string().contains("TLS"),
    }
}

fn config(host: &Host, settings: &Settings) -> Config {
    let (mut config, session) = (Config::new(), &settings.session);
    config
        .user(&settings.user)
        .dbname(&settings.database)
        .port(host.port)
        .application_name(&session.application_name);
    if !host.name.is_empty() {
        config.host(&host.name);
    }
    if let Some(address) = host.address {
        config.hostaddr(address);
        if host.name.is_empty() {
            // TLS needs a name, if only to have none to hold the certificate to.
            config.host(&address.to_string());
        }
    }
    if let Some(password) = &host.password {
        config.password(password);
    }
    if let Some(options) = &session.options {
        config.options(options);
    }
    if let Some(timeout) = session.connect_timeout {
        // As libpq: one second is too short for anybody to mean it.
        config.connect_timeout(timeout.max(Duration::from_secs(2)));
    }
    if let Some(timeout) = session.tcp_user_timeout {
        config.tcp_user_timeout(timeout);
    }
    config
        .keepalives(session.keepalives)
        .channel_binding(session.channel_binding)
        .target_session_attrs(session.target);
    if let Some(idle) = session.keepalives_idle {
        config.keepalives_idle(idle);
    }
    if let Some(interval) = session.keepalives_interval {
        config.keepalives_interval(interval);
    }
    if let Some(count) = session.keepalives_count {
        config.keepalives_retries(count);
    }
    // Notices are for whoever sits at psql; what matters comes as an error.
    config.notice_callback(|_| {});
    config
}
