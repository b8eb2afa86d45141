//! Connection strings: URLs and lists of `keyword=value`, as in libpq's documentation (34.1.1).

use super::error::Error;
use super::keywords::Keyword;
use std::collections::BTreeMap;

/// Values by keyword.
pub(super) type Values = BTreeMap<&'static str, String>;

/// Where the values of a connection string come from, in messages.
const ORIGIN: &str = "the connection string";

/// Reads a URL, `keyword=value` pairs, or just the name of a database. Messages never repeat the text, which may hold a password.
pub(super) fn parse(text: &str) -> Result<Values, Error> {
    let url = ["postgres://", "postgresql://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    match url {
        Some(rest) => parse_url(rest),
        None if text.contains("://") => {
            Err(Error::setting("the connection string is the URL of something else")
                .help("URLs of PostgreSQL begin with postgres://"))
        }
        None if text.contains('=') => parse_pairs(text),
        None => Ok(Values::from([("dbname", text.to_owned())])),
    }
}

/// Puts a value in its place, if there is such a keyword and we follow it.
pub(super) fn put(values: &mut Values, name: &str, value: String, origin: &str) -> Result<(), Error> {
    let keyword = Keyword::find(name);
    let keyword = keyword.ok_or_else(|| Error::setting(format!("unknown keyword `{name}` in {origin}")))?;
    keyword.check(&value, origin)?;
    values.insert(keyword.name, value);
    Ok(())
}

/// `user:password@host:port,host:port/database?keyword=value&...`
fn parse_url(rest: &str) -> Result<Values, Error> {
    let mut values = Values::new();
    let (address, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = address.split_once('/').unwrap_or((address, ""));
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((user, hosts)) => (user, hosts),
        None => ("", authority),
    };
    let (user, password) = user.split_once(':').unwrap_or((user, ""));
    let (hosts, ports) = split_hosts(hosts)?;
    let parts =
        [("user", user), ("password", password), ("host", &hosts), ("port", &ports), ("dbname", database)];
    for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        put(&mut values, name, decode(text)?, ORIGIN)?;
    }
    for parameter in parameters.split('&').filter(|text| !text.is_empty()) {
        let (name, value) = parameter.split_once('=').ok_or_else(|| {
            Error::setting("a parameter of the URL has no value")
                .help("after `?`, write keyword=value&keyword=value")
        })?;
        let (name, value) = (decode(name)?, decode(value)?);
        match (name.as_str(), value.as_str()) {
            // JDBC's way, which libpq takes too.
            ("ssl", "true") => put(&mut values, "sslmode", "require".into(), ORIGIN)?,
            _ => put(&mut values, &name, value, ORIGIN)?,
        }
    }
    Ok(values)
}

/// Hosts and ports of `host:port,[::1]:port`, each as a list.
fn split_hosts(text: &str) -> Result<(String, String), Error> {
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for part in text.split(',') {
        let (host, rest) = match part.strip_prefix('[') {
            Some(inside) => {
                inside.split_once(']').ok_or_else(|| Error::setting("the URL has a `[` without `]`"))?
            }
            None => part.split_at(part.find(':').unwrap_or(part.len())),
        };
        hosts.push(host);
        ports.push(rest.strip_prefix(':').unwrap_or(rest));
    }
    let ports = if ports.iter().all(|port| port.is_empty()) { String::new() } else { ports.join(",") };
    Ok((hosts.join(","), ports))
}

/// Resolves `%2F`.
fn decode(text: &str) -> Result<String, Error> {
    let wrong = || {
        Error::setting("the URL has a `%` that is not followed by two hexadecimal digits of UTF-8")
            .help("write `%` itself as %25")
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()).ok_or_else(wrong)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// `host=localhost password='it''s'`: blanks around `=` are allowed, `\` takes the next character as it is.
fn parse_pairs(text: &str) -> Result<Values, Error> {
    let mut values = Values::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(|| {
            Error::setting("the connection string has a keyword without `=`")
                .help("write keyword=value pairs, or a URL: postgres://user@host/database")
        })?;
        let (value, after) = take_value(after.trim_start())?;
        put(&mut values, name.trim_end(), value, ORIGIN)?;
        rest = after.trim_start();
    }
    Ok(values)
}

/// A value, and what follows it.
fn take_value(text: &str) -> Result<(String, &str), Error> {
    let inside = text.strip_prefix('\'');
    let mut value = String::new();
    let mut characters = inside.unwrap_or(text).char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, next)| next)),
            '\'' if inside.is_some() => return Ok((value, &text[at + 2..])),
            blank if inside.is_none() && blank.is_whitespace() => return Ok((value, &text[at..])),
            other => value.push(other),
        }
    }
    match inside {
        Some(_) => Err(Error::setting("the connection string has a quote that does not end")),
        None => Ok((value, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match parse(text) {
            Ok(values) => {
                values.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
            }
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn urls_are_read_as_libpq_reads_them() {
        for (url, expected) in [
            ("postgres://", ""),
            ("postgresql://localhost/shop", "dbname=shop host=localhost"),
            ("postgres://ana:s%40crt@db:5433/shop", "dbname=shop host=db password=s@crt port=5433 user=ana"),
            ("postgres://[::1]:5433/shop", "dbname=shop host=::1 port=5433"),
            ("postgres://a:1,b/x", "dbname=x host=a,b port=1,"),
            ("postgres://%2Frun%2Fpg/x", "dbname=x host=/run/pg"),
            ("postgres:///x?host=/run/pg&sslmode=require", "dbname=x host=/run/pg sslmode=require"),
            ("postgres://h?ssl=true", "host=h sslmode=require"),
        ] {
            assert_eq!(shown(url), expected, "{url}");
        }
    }

    #[test]
    fn pairs_are_read_with_quotes_and_backslashes() {
        for (text, expected) in [
            ("shop", "dbname=shop"),
            ("host=localhost dbname = shop", "dbname=shop host=localhost"),
            (r"password='it\'s = 1' user=a\ b", "password=it's = 1 user=a b"),
            ("password='' port=1", "password= port=1"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_repeating_a_secret() {
        for text in [
            "postgres://ana:secret@h/x?nonsense=1",
            "postgres://ana:secret@h/x?nonsense",
            "postgres://ana:secret%zz@h/x",
            "postgres://ana:secret@[::1/x",
            "password=secret nonsense",
            "password='secret",
            "mysql://ana:secret@h/x",
            "password=secret requirepeer=root",
            "password=secret gssencmode=require",
        ] {
            let said = shown(text);
            assert!(said.starts_with("error: ") && !said.contains("secret"), "{text}: {said}");
        }
    }
}
