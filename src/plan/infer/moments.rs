//! Which dates and times come before which, by their names: a delivery after its shipment, an end after its start, a comment after
//! its post.

use super::status;
use super::{Builder, Inferred};
use crate::plan::draft::{Draft, LinkKind};
use crate::spec::{At, Case, CaseValue, Generator, Modifiers};
use crate::value::SqlType;
use crate::value::text::quote_identifier;

/// Columns that say when a row came to be, the likeliest first.
const CREATION: &[&str] = &[
    "created_at",
    "created_on",
    "created_date",
    "created_time",
    "created",
    "date_created",
    "inserted_at",
    "registered_at",
    "registration_date",
    "signed_up_at",
    "signup_date",
    "joined_at",
    "join_date",
    "ordered_at",
    "order_date",
    "placed_at",
    "opened_at",
    "submitted_at",
    "issued_at",
    "issue_date",
    "invoice_date",
    "hire_date",
    "hired_at",
    "start_date",
    "started_at",
];

/// A rule: a moment that one of some words names comes after one that another word names.
pub struct OrderRule {
    /// Words of the later one.
    pub later: &'static [&'static str],
    /// Words of the earlier one, the first that the table has.
    pub earlier: &'static [&'static str],
    /// The least and the greatest distance, as intervals; without them, any time until `as_of`.
    pub distance: Option<(&'static str, &'static str)>,
    /// Whether it has happened: it is not after `as_of`.
    has_happened: bool,
}

impl OrderRule {
    /// What could have been written in the spec instead.
    pub fn long_form(&self) -> String {
        let earlier = self.earlier.join("|");
        match self.distance {
            None => format!("min: {earlier}, max: as_of"),
            Some((least, greatest)) => {
                let end = if self.has_happened { ", not after as_of" } else { "" };
                format!("min: {earlier} + interval '{least}', max: {earlier} + interval '{greatest}'{end}")
            }
        }
    }
}

type Words = &'static [&'static str];

/// Things to come: a due date may lie after `as_of`.
const fn planned(later: Words, earlier: Words, least: &'static str, greatest: &'static str) -> OrderRule {
    OrderRule { later, earlier, distance: Some((least, greatest)), has_happened: false }
}

/// Things that have happened when they are written down.
const fn happened(later: Words, earlier: Words, least: &'static str, greatest: &'static str) -> OrderRule {
    OrderRule { later, earlier, distance: Some((least, greatest)), has_happened: true }
}

const fn until_now(later: Words, earlier: Words) -> OrderRule {
    OrderRule { later, earlier, distance: None, has_happened: true }
}

const CREATED: Words = &["created", "inserted", "registered", "joined"];

/// The rules, the first that fits counts.
pub static ORDER_RULES: &[OrderRule] = &[
    planned(
        &["trial_end", "trial_ends", "trial_expires"],
        &["trial_start", "trial_starts", "started", "start", "created"],
        "14 days",
        "14 days",
    ),
    planned(
        &["check_out", "checkout", "checked_out"],
        &["check_in", "checkin", "checked_in"],
        "1 day",
        "14 days",
    ),
    planned(
        &["valid_to", "valid_until", "effective_to", "effective_until"],
        &["valid_from", "effective_from", "effective"],
        "90 days",
        "730 days",
    ),
    planned(
        &["expires", "expiry", "expiration", "expired", "expire"],
        &["valid_from", "effective", "issued", "issue", "start", "started", "purchased", "created"],
        "90 days",
        "730 days",
    ),
    planned(
        &["end", "ends", "ended", "finish", "finishes", "finished"],
        &["start", "starts", "started", "begin", "begins", "began"],
        "1 hour",
        "90 days",
    ),
    planned(&["to", "until"], &["from", "start"], "1 day", "365 days"),
    planned(&["close", "closes"], &["open", "opens"], "1 day", "90 days"),
    planned(
        &["due"],
        &[
            "issued", "issue", "invoice", "invoiced", "borrowed", "borrow", "loaned", "loan", "rented",
            "rental", "assigned", "start", "created",
        ],
        "14 days",
        "30 days",
    ),
    planned(
        &["estimated_delivery", "expected_delivery", "promised_delivery"],
        &["shipped", "ordered", "order", "placed", "created"],
        "2 days",
        "10 days",
    ),
    happened(
        &["paid", "payment"],
        &["issued", "issue", "invoice", "invoiced", "ordered", "order", "placed", "created"],
        "1 hour",
        "30 days",
    ),
    happened(
        &["shipped", "ship", "shipment", "dispatched"],
        &["paid", "ordered", "order", "placed", "confirmed", "created"],
        "2 hours",
        "5 days",
    ),
    happened(
        &["delivered", "delivery", "received"],
        &["shipped", "ship", "dispatched", "sent", "ordered", "order", "placed", "created"],
        "1 day",
        "7 days",
    ),
    happened(
        &["arrival", "arrived", "arrives", "arrive"],
        &["departure", "departed", "departs", "depart"],
        "1 hour",
        "12 hours",
    ),
    happened(&["dropoff", "drop_off"], &["pickup", "pick_up"], "10 minutes", "3 hours"),
    happened(
        &["returned", "return"],
        &[
            "delivered",
            "shipped",
            "borrowed",
            "borrow",
            "loaned",
            "loan",
            "rented",
            "rental",
            "checked_out",
            "purchased",
            "ordered",
            "created",
        ],
        "1 day",
        "30 days",
    ),
    happened(
        &["refunded", "refund"],
        &["returned", "delivered", "paid", "ordered", "created"],
        "1 day",
        "30 days",
    ),
    happened(&["discharged", "discharge"], &["admitted", "admission"], "1 day", "21 days"),
    happened(
        &["completed", "completion"],
        &["started", "start", "assigned", "scheduled", "created"],
        "1 hour",
        "30 days",
    ),
    happened(
        &["resolved", "closed", "solved"],
        &["opened", "reported", "submitted", "created"],
        "1 hour",
        "30 days",
    ),
    happened(
        &["approved", "approval", "rejected", "reviewed", "decided"],
        &["submitted", "requested", "applied", "application", "created"],
        "1 hour",
        "14 days",
    ),
    happened(&["published"], &["written", "submitted", "created"], "1 hour", "60 days"),
    happened(&["processed"], &["received", "submitted", "created"], "1 minute", "2 days"),
    happened(&["delivered", "opened", "clicked", "read"], &["sent"], "1 minute", "3 days"),
    until_now(
        &["terminated", "termination", "left", "leave"],
        &["hired", "hire", "joined", "join", "start", "started"],
    ),
    until_now(
        &["updated", "update", "modified", "changed", "edited", "last_modified", "last_updated"],
        &["created", "inserted", "registered", "added", "published", "ordered", "order", "start"],
    ),
    until_now(
        &["last_login", "last_seen", "last_active", "last_activity", "last_used", "last_accessed"],
        &["created", "registered", "signed_up", "joined"],
    ),
    until_now(
        &["cancelled", "canceled", "cancellation"],
        &["ordered", "order", "placed", "subscribed", "started", "start", "booked", "created"],
    ),
    planned(
        &["scheduled", "appointment", "next", "renewal", "renews", "deadline"],
        &["requested", "booked", "created"],
        "1 day",
        "60 days",
    ),
    planned(&["ends", "end", "until"], CREATED, "30 days", "365 days"),
    happened(
        &["start", "starts", "started", "begins", "issued", "issue", "ordered", "placed"],
        CREATED,
        "0 days",
        "7 days",
    ),
    until_now(
        &[
            "deleted",
            "archived",
            "verified",
            "confirmed",
            "activated",
            "deactivated",
            "suspended",
            "accepted",
            "assigned",
            "sent",
            "received",
            "read",
            "recorded",
            "logged",
            "submitted",
            "voided",
            "signed",
            "subscribed",
            "unsubscribed",
            "blocked",
            "viewed",
            "posted",
            "edited",
            "locked",
            "used",
            "redeemed",
            "purchased",
            "enrolled",
            "graduated",
            "booked",
            "called",
            "failed",
            "triggered",
            "acknowledged",
            "synced",
        ],
        CREATED,
    ),
];

/// What follows the word that says which moment it is: `shipped_at`, `ship_date`.
const ENDINGS: &[&str] = &["_at", "_on", "_date", "_time", "_timestamp", "_datetime", "_ts", "_dt", "_day"];

/// `issue_date` as `issue`.
fn stem(name: &str) -> &str {
    let name = name.strip_prefix("date_").unwrap_or(name);
    ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name)
}

/// Where a word stands among the words of a name: whole, or between `_`.
fn find_word(stem: &str, word: &str) -> Option<usize> {
    stem.match_indices(word).map(|(at, _)| at).find(|at| {
        let end = at + word.len();
        (*at == 0 || stem.as_bytes()[at - 1] == b'_') && (end == stem.len() || stem.as_bytes()[end] == b'_')
    })
}

/// A column's predecessor: which column, and what the rule says about their distance.
struct Predecessor {
    column: usize,
    rule: &'static OrderRule,
}

impl Draft<'_> {
    /// The column that says when rows of a table came to be, if it is always there.
    pub(in crate::plan) fn creation_of(&self, table: usize, except: &str) -> Option<String> {
        let of = &self.tables[table];
        let is_moment = |name: &&&str| {
            let Some(at) = of.column_index(name) else { return false };
            let column = &of.columns[at];
            is_moment(&column.sql_type) && self.is_always_there(table, at) && column.name() != except
        };
        CREATION.iter().find(is_moment).map(|name| (**name).to_owned())
    }

    fn is_always_there(&self, table: usize, column: usize) -> bool {
        let spec = self.tables[table].columns[column].spec;
        spec.null.is_none() && spec.optional.is_none() && !self.tables[table].columns[column].broken
    }

    /// The long form for a date or timestamp whose name puts it after another one, or that is null unless a status says that it
    /// has happened.
    pub(in crate::plan) fn inferred_moment(&self, table: usize, name: &str) -> Option<Inferred> {
        let column = self.tables[table].column_index(name)?;
        if !is_moment(&self.tables[table].columns[column].sql_type) {
            return None;
        }
        let span = self.tables[table].columns[column].spec.name.span;
        let range = match self.predecessor(table, column) {
            Some(before) => Some(self.after(table, column, &before)),
            None => self.after_parents(table, column),
        };
        let mut conditions = Vec::new();
        if !self.tables[table].is_not_null(column) {
            let before = self.predecessor(table, column).map(|before| before.column);
            let is_optional = before.filter(|before| !self.is_always_there(table, *before));
            conditions.extend(is_optional.map(|before| {
                format!("{} is not null", quote_identifier(self.tables[table].columns[before].name()))
            }));
            conditions.extend(self.status_condition(table, column));
        }
        if conditions.is_empty() {
            return range.map(|(min, max)| Builder { span }.range(&min, &max, None));
        }
        let at = |text: String| At::new(text, span);
        let (min, max) = range.unwrap_or_else(|| ("as_of - interval '3 years'".into(), "as_of".into()));
        let value = |generator| {
            let modifiers = Modifiers::default();
            Box::new(CaseValue { span, generator, distribution: None, null: None, length: None, modifiers })
        };
        let range = Generator::Range { min: Some(at(min)), max: Some(at(max)) };
        let cases = vec![
            Case { when: Some(at(conditions.join(" and "))), then: value(range) },
            Case { when: None, then: value(Generator::Constant(At::new(None, span))) },
        ];
        Some(Builder { span }.just(Generator::Cases(At::new(cases, span))))
    }

    /// The statuses in which something has happened, where a nullable column says when.
    pub(in crate::plan) fn status_condition(&self, table: usize, column: usize) -> Option<String> {
        let of = &self.tables[table];
        let column = &of.columns[column];
        let is_open = matches!(column.spec.generator, Generator::Unnamed) && is_moment(&column.sql_type);
        if !is_open || (column.spec.null.is_some() && column.spec.optional.is_none()) {
            return None;
        }
        let lower = column.name().to_lowercase();
        let reached = |status: &super::super::draft::ColumnDraft| {
            let labels = status::reached(stem(&lower), &status::labels(status.spec, &status.sql_type)?);
            (!labels.is_empty()).then(|| (status.name().to_owned(), labels))
        };
        let statuses = of.columns.iter().filter(|column| status::is_status(column.name()));
        let (status, labels) = statuses.filter_map(reached).next()?;
        Some(status::condition(&quote_identifier(&status), &labels))
    }

    /// The column that a moment's name puts before it.
    fn predecessor(&self, table: usize, column: usize) -> Option<Predecessor> {
        let found = self.named_predecessor(table, column)?;
        // A chain that comes back is none. It has at most as many links as there are columns.
        let mut at = found.column;
        for _ in 0..self.tables[table].columns.len() {
            match self.named_predecessor(table, at) {
                Some(before) if before.column == column => return None,
                Some(before) => at = before.column,
                None => return Some(found),
            }
        }
        None
    }

    fn named_predecessor(&self, table: usize, column: usize) -> Option<Predecessor> {
        let of = &self.tables[table];
        let name = of.columns[column].name().to_lowercase();
        let own = stem(&name);
        for rule in ORDER_RULES {
            let Some((word, at)) =
                rule.later.iter().find_map(|word| find_word(own, word).map(|at| (*word, at)))
            else {
                continue;
            };
            for earlier in rule.earlier {
                let twin = format!("{}{earlier}{}", &own[..at], &own[at + word.len()..]);
                let is_it = |other: &usize| {
                    let candidate = &of.columns[*other];
                    let candidate_name = candidate.name().to_lowercase();
                    let stem = stem(&candidate_name);
                    *other != column
                        && is_moment(&candidate.sql_type)
                        && (stem == twin || stem == *earlier)
                        && !status::mentions(&candidate.spec.generator, of.columns[column].name())
                };
                let mut found = (0..of.columns.len()).filter(is_it).collect::<Vec<_>>();
                found.sort_by_key(|other| stem(&of.columns[*other].name().to_lowercase()) != twin);
                if let Some(found) = found.first() {
                    return Some(Predecessor { column: *found, rule });
                }
            }
        }
        None
    }

    /// Bounds after another column. Where that may lie after `as_of`, or be null in spite of this one, the bounds hold too.
    fn after(&self, table: usize, column: usize, before: &Predecessor) -> (String, String) {
        let of = &self.tables[table];
        let own = &of.columns[column].sql_type;
        let earlier = &of.columns[before.column];
        let mut base = quote_identifier(earlier.name()).to_string();
        let zone = if *own == SqlType::Timestamptz { "timestamptz" } else { "timestamp" };
        if earlier.sql_type != *own && before.rule.distance.is_none() {
            base = format!("cast({base} as {zone})");
        }
        let now =
            if *own == SqlType::Timestamptz { "as_of".to_owned() } else { format!("cast(as_of as {zone})") };
        if of.is_not_null(column) && !self.is_always_there(table, before.column) {
            base = format!("coalesce({base}, {now} - interval '1 year')");
        }
        let is_bound = matches!(earlier.spec.generator, Generator::Unnamed);
        let Some((least, greatest)) = before.rule.distance else {
            let max = if is_bound { "as_of".to_owned() } else { format!("greatest({base}, {now})") };
            return (base, max);
        };
        // A day is the least that dates tell apart.
        let least = match (own, least) {
            (SqlType::Date, "1 hour" | "1 minute" | "2 hours" | "10 minutes") => "1 day",
            _ => least,
        };
        let (low, high) = (format!("{base} + interval '{least}'"), format!("{base} + interval '{greatest}'"));
        let (low, high) = match zone {
            _ if earlier.sql_type == *own => (low, high),
            zone => (format!("cast({low} as {zone})"), format!("cast({high} as {zone})")),
        };
        if !before.rule.has_happened {
            return (low, high);
        }
        let base = if *own == SqlType::Date || earlier.sql_type != *own {
            format!("cast({base} as {zone})")
        } else {
            base
        };
        let high = format!("greatest({base}, least({high}, {now}))");
        (format!("least({low}, {high})"), high)
    }

    /// Bounds of a row's creation: after that of the rows it refers to.
    fn after_parents(&self, table: usize, column: usize) -> Option<(String, String)> {
        let of = &self.tables[table];
        let own = &of.columns[column];
        if self.creation_of(table, "").as_deref() != Some(own.name()) {
            return None;
        }
        let zone = if own.sql_type == SqlType::Timestamptz { "timestamptz" } else { "timestamp" };
        let mut parents = Vec::new();
        for link in of.links.iter().filter(|link| link.kind != LinkKind::Key && link.table != table) {
            let Some(creation) = self.creation_of(link.table, "") else { continue };
            let parent = &self.tables[link.table];
            let index = parent.column_index(&creation).expect("it was found by its name");
            let is_plain = status::is_plain(&parent.columns[index].spec.generator);
            if !is_plain || self.leads_to(link.table, table) {
                continue;
            }
            let path = format!("{}.{}", quote_identifier(&link.aliases[0]), quote_identifier(&creation));
            let same = parent.columns[index].sql_type == own.sql_type;
            parents.push(if same { path } else { format!("cast({path} as {zone})") });
        }
        let now = if zone == "timestamptz" { "as_of".to_owned() } else { format!("cast(as_of as {zone})") };
        let optional = |link: &crate::plan::draft::LinkDraft| link.null.is_some_and(|share| share > 0.0);
        let latest = match parents.as_slice() {
            [] => return None,
            [only] => only.clone(),
            several => format!("greatest({})", several.join(", ")),
        };
        let min = match of.links.iter().any(optional) {
            true => format!("coalesce({latest}, {now} - interval '3 years')"),
            false => latest,
        };
        Some((min.clone(), format!("greatest({min}, {now})")))
    }

    /// Whether rows of a table read rows of another one through their references.
    fn leads_to(&self, from: usize, to: usize) -> bool {
        let mut seen = vec![from];
        let mut at = 0;
        while let Some(table) = seen.get(at).copied() {
            for link in &self.tables[table].links {
                if !seen.contains(&link.table) {
                    seen.push(link.table);
                }
            }
            at += 1;
        }
        seen.contains(&to)
    }
}

fn is_moment(sql_type: &SqlType) -> bool {
    matches!(sql_type, SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_their_words() {
        assert_eq!(stem("shipped_at"), "shipped");
        assert_eq!(stem("date_shipped"), "shipped");
        assert_eq!(stem("ship_date"), "ship");
        assert_eq!(find_word("trial_end", "end"), Some(6));
        assert_eq!(find_word("weekend", "end"), None);
        assert_eq!(find_word("check_out", "check_out"), Some(0));
    }

    #[test]
    fn no_word_comes_before_itself() {
        for rule in ORDER_RULES {
            assert!(rule.later.iter().all(|word| !rule.earlier.contains(word)), "{}", rule.long_form());
        }
    }
}
