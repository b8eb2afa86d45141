//! The internet: accounts of the row's person, names under domains reserved for examples, addresses of hosts.

use super::{SUBJECT, list};
use crate::fake::person::{People, host_names};
use crate::fake::source::{ByRow, numbered, too_narrow};
use crate::fake::{Language, Provider, Recipe, Request, TextSource, lists};
use crate::random::{Alias, Key, Permutation, below, mix};
use crate::spec::{Parameter, ParameterKind, Refusal};
use crate::value::Texts;

pub static EMAIL: Provider = Provider {
    name: "email",
    group: "internet",
    summary: "mail address of the person, under a domain that cannot exist",
    column_names: &["email", "e_mail", "email_address", "mail", "free_email", "emailaddress"],
    parameters: WITH_DOMAIN,
    language: Language::Local,
    recipe: Recipe::Build(|request| email(request, "mail_domain")),
};

const WITH_DOMAIN: &[Parameter] = &[
    SUBJECT[0],
    Parameter {
        name: "domain",
        kind: ParameterKind::Text,
        default: Some(""),
        summary: "the one domain of all addresses, such as `example.com`",
    },
];

pub static COMPANY_EMAIL: Provider = Provider {
    name: "company_email",
    group: "internet",
    summary: "mail address of the person at work",
    column_names: &["company_email", "work_email", "business_email", "corporate_email"],
    parameters: SUBJECT,
    language: Language::Local,
    recipe: Recipe::Build(|request| email(request, "company_domain")),
};

pub static USERNAME: Provider = Provider {
    name: "username",
    group: "internet",
    summary: "user name made of the person's name",
    column_names: &[
        "username",
        "user_name",
        "login",
        "login_name",
        "nickname",
        "handle",
        "screen_name",
        "user_login",
    ],
    parameters: SUBJECT,
    language: Language::Local,
    recipe: Recipe::Build(username),
};

/// Names of the row's person as accounts write them.
struct Accounts {
    people: People,
    first: Texts,
    last: Texts,
    key: Key,
}

/// How an account's name is put together.
#[derive(Clone, Copy)]
enum Style {
    /// `anna.meyer`, or with another sign.
    Joined(&'static [u8]),
    /// `ameyer`: also what a long name is shortened to.
    Initial,
}

impl Accounts {
    fn new(request: &Request) -> Self {
        let people = People::new(request);
        let (first, last) = (host_names(&people.first_names), host_names(&people.last_names));
        Self { people, first, last, key: request.key() }
    }

    /// Appends a name of 1 to `room` small letters, beginning and ending with one.
    fn write_name(&self, row: u64, style: Style, room: usize, out: &mut Vec<u8>) {
        let person = self.people.of(row);
        let (first, last) = (self.first.get(person.first), self.last.get(person.last));
        match style {
            Style::Joined(sign) if first.len() + sign.len() + last.len() <= room => {
                out.extend_from_slice(first);
                out.extend_from_slice(sign);
                out.extend_from_slice(last);
            }
            Style::Joined(_) | Style::Initial => {
                let start = out.len();
                out.push(first[0]);
                out.extend_from_slice(last);
                out.truncate(start + room);
            }
        }
    }

    /// Letters of the longest name joined by a sign.
    fn longest(&self) -> usize {
        let longest = |names: &Texts| names.iter().map(<[u8]>::len).max().unwrap_or(0);
        longest(&self.first) + 1 + longest(&self.last)
    }
}

/// The styles of names that need not differ, as they occur.
const STYLES: [Style; 8] = [
    Style::Joined(b"."),
    Style::Joined(b"."),
    Style::Joined(b"."),
    Style::Joined(b"."),
    Style::Joined(b"_"),
    Style::Joined(b""),
    Style::Initial,
    Style::Initial,
];

fn email(request: &Request, domains: &str) -> Result<Box<dyn TextSource>, Refusal> {
    let accounts = Accounts::new(request);
    let domains = domains_of(request, domains)?;
    let mut order: Vec<usize> = (0..domains.values.len()).collect();
    order.sort_by_key(|at| domains.values[*at].len());
    let limit = request.max_chars.unwrap_or(u32::MAX) as usize;
    let room_beside =
        |digits: usize, domain: usize| limit.checked_sub(digits + 1 + domains.values[domain].len());
    // The shortest domains, as many as leave room for a letter and the number.
    let fitting = (1..=order.len()).rev().find(|count| {
        let digits = if request.unique { digits(request.rows / *count as u64) } else { 2 };
        room_beside(digits, order[*count - 1]).is_some_and(|room| room > 0)
    });
    let Some(fitting) = fitting else {
        return Err(too_narrow(request, domains.values[order[0]].len() + 4));
    };
    order.truncate(fitting);
    let names: Texts = order.iter().map(|at| domains.values[*at].as_str()).collect();
    if request.unique {
        // (number, domain) is the permuted row in two digits, so that addresses differ; a name ends with a letter,
        // so that the number can be read off it.
        let permutation = Permutation::new(accounts.key, request.rows);
        let write = move |row: u64, out: &mut Vec<u8>| {
            let place = permutation.apply(row);
            let (number, domain) =
                (place / names.len() as u64, names.get((place % names.len() as u64) as usize));
            let style = STYLES[(mix(accounts.key, row) >> 61) as usize];
            write_address(&accounts, row, style, number, domain, limit, out);
        };
        return Ok(Box::new(ByRow { write, cut: None, distinct: Some(request.rows as u128) }));
    }
    let weights: Vec<f64> = order.iter().map(|at| domains.weights[*at]).collect();
    let (alias, key) = (Alias::new(&weights), accounts.key.child("domain"));
    let write = move |row: u64, out: &mut Vec<u8>| {
        let draw = mix(accounts.key, row);
        let style = STYLES[(draw >> 61) as usize];
        write_address(
            &accounts,
            row,
            style,
            chance_number(draw),
            names.get(alias.pick(mix(key, row))),
            limit,
            out,
        );
    };
    Ok(Box::new(ByRow { write, cut: None, distinct: None }))
}

/// Domains of addresses, with their weights.
struct Domains {
    values: Vec<String>,
    weights: Vec<f64>,
}

/// The one that was asked for, or those of a list.
fn domains_of(request: &Request, list: &str) -> Result<Domains, Refusal> {
    let Some(domain) = request.arguments.text("domain").filter(|domain| !domain.is_empty()) else {
        let list = lists::known(request.locale, list);
        return Ok(Domains {
            values: list.values.into_iter().map(str::to_owned).collect(),
            weights: list.weights,
        });
    };
    let domain = domain.trim_start_matches('@');
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '.';
    if !domain.chars().all(is_letter) || domain.starts_with('.') || domain.ends_with('.') {
        return Err(Refusal::of("domain", format!("`{domain}` is not a domain")));
    }
    Ok(Domains { values: vec![domain.to_lowercase()], weights: vec![1.0] })
}

/// Appends `anna.meyer42@example.org`; no number when it is 0.
fn write_address(
    accounts: &Accounts,
    row: u64,
    style: Style,
    number: u64,
    domain: &[u8],
    limit: usize,
    out: &mut Vec<u8>,
) {
    let digits = if number == 0 { 0 } else { digits(number) };
    accounts.write_name(row, style, limit - digits - 1 - domain.len(), out);
    push_number(out, number);
    out.push(b'@');
    out.extend_from_slice(domain);
}

fn username(request: &Request) -> Result<Box<dyn TextSource>, Refusal> {
    const SIGNS: [&[u8]; 4] = [b".", b"", b"_", b"-"];
    let accounts = Accounts::new(request);
    let limit = request.max_chars.unwrap_or(u32::MAX) as usize;
    if !request.unique {
        let write = move |row: u64, out: &mut Vec<u8>| {
            let draw = mix(accounts.key, row);
            let number = if limit < 4 { 0 } else { chance_number(draw) };
            let digits = if number == 0 { 0 } else { digits(number) };
            accounts.write_name(row, STYLES[(draw >> 61) as usize], limit - digits, out);
            push_number(out, number);
        };
        return Ok(Box::new(ByRow { write, cut: None, distinct: None }));
    }
    // (number, sign) is the permuted row in two digits. Where names may have to be shortened there is no sign to count on.
    let signs = if limit >= accounts.longest() + digits(request.rows) { 4 } else { 1 };
    if limit < 1 + digits(request.rows) {
        return Err(too_narrow(request, 1 + digits(request.rows)));
    }
    let permutation = Permutation::new(accounts.key, request.rows);
    let write = move |row: u64, out: &mut Vec<u8>| {
        let place = permutation.apply(row);
        let (number, sign) = (place / signs, (place % signs) as usize);
        let digits = if number == 0 { 0 } else { digits(number) };
        let style = if signs == 1 { Style::Initial } else { Style::Joined(SIGNS[sign]) };
        accounts.write_name(row, style, limit - digits, out);
        push_number(out, number);
    };
    Ok(Box::new(ByRow { write, cut: None, distinct: Some(request.rows as u128) }))
}

/// A number to end a name with, or 0: most people go without.
fn chance_number(draw: u64) -> u64 {
    below(draw << 8, 200).saturating_sub(100)
}

fn push_number(out: &mut Vec<u8>, number: u64) {
    if number > 0 {
        out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }
}

fn digits(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

pub static PASSWORD: Provider = Provider {
    name: "password",
    group: "internet",
    summary: "password of letters, digits and signs",
    column_names: &["password", "passwd", "pwd"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        const LETTERS: &[u8; 64] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!$%&+?@";
        let length = request.max_chars.unwrap_or(u32::MAX).min(14);
        let count = 1u64 << (6 * length).min(62);
        let fill = request.key().child("fill");
        numbered(request, count, length as usize, move |number, out| {
            // Ten letters hold the number; the others follow from it.
            let rest = mix(fill, number);
            for at in 0..length {
                let bits = if at < 10 { number >> (6 * at) } else { rest >> (6 * (at - 10)) };
                out.push(LETTERS[(bits & 63) as usize]);
            }
        })
    }),
};

pub static DOMAIN_NAME: Provider = list(
    "domain_name",
    "internet",
    Language::Local,
    "domain that cannot exist (RFC 2606)",
    &["domain_name", "domain"],
);

pub static HOSTNAME: Provider = list(
    "hostname",
    "internet",
    Language::Neutral,
    "name of a server: web-17.example.net",
    &["hostname", "host_name", "host", "server_name", "fqdn"],
);

pub static URL: Provider = list(
    "url",
    "internet",
    Language::Neutral,
    "address of a web page that cannot exist",
    &["url", "website", "web_site", "homepage", "link", "web_url", "page_url", "website_url", "uri"],
);

pub static SLUG: Provider = list(
    "slug",
    "internet",
    Language::English,
    "words for an address: quick-start-guide",
    &["slug", "permalink"],
);

pub static IPV4: Provider = Provider {
    name: "ipv4",
    group: "internet",
    summary: "IPv4 address of a private network (10.0.0.0/8)",
    column_names: &[
        "ipv4",
        "ip",
        "ip_address",
        "ip_addr",
        "client_ip",
        "remote_addr",
        "source_ip",
        "ipaddress",
        "last_ip",
        "login_ip",
    ],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        numbered(request, 1 << 24, "10.255.255.255".len(), |number, out| {
            out.extend_from_slice(b"10");
            for shift in [16, 8, 0] {
                out.push(b'.');
                out.extend_from_slice(itoa::Buffer::new().format((number >> shift) as u8).as_bytes());
            }
        })
    }),
};

pub static IPV6: Provider = Provider {
    name: "ipv6",
    group: "internet",
    summary: "IPv6 address of the range for documentation (2001:db8::/32)",
    column_names: &["ipv6", "ipv6_address", "ip6"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        numbered(request, 1 << 60, "2001:db8:ffff:ffff:ffff:ffff".len() + 1, |number, out| {
            // The first group after `::` is never zero, so that the short form is the canonical one.
            out.extend_from_slice(b"2001:db8::");
            push_hex_group(out, (number >> 45) as u16 + 1);
            for shift in [30, 15, 0] {
                out.push(b':');
                push_hex_group(out, (number >> shift) as u16 % (1 << 15) + 1);
            }
        })
    }),
};

/// Appends 16 bits in hexadecimal without zeros in front.
fn push_hex_group(out: &mut Vec<u8>, group: u16) {
    let digits = (16 - group.leading_zeros()).div_ceil(4).max(1);
    (0..digits).rev().for_each(|digit| out.push(b"0123456789abcdef"[(group >> (4 * digit)) as usize & 15]));
}

pub static MAC_ADDRESS: Provider = Provider {
    name: "mac_address",
    group: "internet",
    summary: "locally administered MAC address",
    column_names: &["mac_address", "mac", "macaddr", "hardware_address"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        numbered(request, 1 << 40, "02:00:00:00:00:00".len(), |number, out| {
            out.extend_from_slice(b"02");
            for shift in [32, 24, 16, 8, 0] {
                let byte = (number >> shift) as usize;
                let hex = b"0123456789abcdef";
                out.extend_from_slice(&[b':', hex[byte >> 4 & 15], hex[byte & 15]]);
            }
        })
    }),
};

pub static USER_AGENT: Provider = list(
    "user_agent",
    "internet",
    Language::Neutral,
    "what a browser calls itself",
    &["user_agent", "useragent", "browser_agent"],
);

pub static HTTP_METHOD: Provider = list(
    "http_method",
    "internet",
    Language::Neutral,
    "method of a request, GET most often",
    &["http_method", "request_method", "http_verb"],
);

pub static HTTP_STATUS: Provider = list(
    "http_status",
    "internet",
    Language::Neutral,
    "status of a response, 200 most often",
    &["http_status", "http_status_code", "status_code", "response_code"],
);

pub static MIME_TYPE: Provider = list(
    "mime_type",
    "internet",
    Language::Neutral,
    "kind of a file: image/png",
    &["mime_type", "content_type", "media_type", "mimetype"],
);
