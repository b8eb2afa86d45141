//! Which dates and times come before which, by their names: the rules, and how names are read.

use crate::value::SqlType;

/// A rule: a moment that one of some words names comes after one that another word names.
pub struct OrderRule {
    /// Words of the later one.
    pub later: &'static [&'static str],
    /// Words of the earlier one, the first that the table has.
    pub earlier: &'static [&'static str],
    /// The least and the greatest distance, as intervals; without them, any time until `as_of`.
    pub distance: Option<(&'static str, &'static str)>,
    /// Whether it has happened: it is not after `as_of`.
    pub(super) has_happened: bool,
}

impl OrderRule {
    /// The distance in a table of things that take an hour or so.
    pub(super) fn distance_in(&self, table: &str, own: &SqlType) -> Option<(&'static str, &'static str)> {
        let is_short = self.later.contains(&"ends") && self.earlier.contains(&"starts");
        match is_short && *own != SqlType::Date && SHORT.contains(&table.to_lowercase().as_str()) {
            true => Some(("30 minutes", "3 hours")),
            false => self.distance,
        }
    }

    /// Whether it is about the last change of a row, of whatever kind.
    pub(super) fn is_of_any_change(&self) -> bool {
        self.later.contains(&"updated")
    }

    /// Whether what it is about changes the row when it happens. People come and go without that.
    pub(super) fn is_change(&self) -> bool {
        self.has_happened && !self.is_of_any_change() && !self.later.contains(&"last_login")
    }

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

/// Tables of things that begin and end on one day.
const SHORT: Words = &[
    "lessons",
    "lectures",
    "classes",
    "exams",
    "appointments",
    "consultations",
    "visits",
    "meetings",
    "calls",
    "screenings",
    "shows",
    "rides",
    "trips",
    "shifts",
    "workouts",
    "streams",
];

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
        &["end", "ends", "ended", "finish", "finishes", "finished", "stop", "stops", "stopped"],
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
        &["picked_up", "collected"],
        &["confirmed", "ordered", "order", "placed", "requested", "created"],
        "1 hour",
        "3 days",
    ),
    happened(
        &["delivered", "delivery", "received"],
        &[
            "shipped",
            "ship",
            "dispatched",
            "picked_up",
            "collected",
            "sent",
            "ordered",
            "order",
            "placed",
            "created",
        ],
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
        &["started", "start", "assigned", "scheduled", "enrolled", "requested", "created"],
        "1 hour",
        "30 days",
    ),
    happened(&["acknowledged"], &["triggered", "opened", "reported", "created"], "1 minute", "1 hour"),
    happened(&["closed"], &["resolved", "solved"], "1 minute", "7 days"),
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
    until_now(&["graduated", "graduation"], &["enrolled", "enrollment", "admitted", "admission"]),
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
    planned(&["next"], &["last", "previous"], "90 days", "365 days"),
    planned(
        &["scheduled", "appointment", "next", "renewal", "renews", "deadline"],
        &["requested", "booked", "created"],
        "1 day",
        "60 days",
    ),
    planned(&["ends", "end", "until"], CREATED, "30 days", "365 days"),
    happened(&["start", "started", "disbursed", "funded"], &["approved", "accepted"], "0 days", "14 days"),
    happened(
        &["start", "starts", "started", "begins", "issued", "issue", "ordered", "placed"],
        CREATED,
        "0 days",
        "7 days",
    ),
    until_now(
        &[
            "deleted",
            "banned",
            "deceased",
            "died",
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
            "synced",
        ],
        &["created", "inserted", "registered", "joined", "opened", "reported", "requested"],
    ),
];

/// What follows the word that says which moment it is: `shipped_at`, `ship_date`.
const ENDINGS: &[&str] = &["_at", "_on", "_date", "_time", "_timestamp", "_datetime", "_ts", "_dt", "_day"];

/// `issue_date` as `issue`.
pub(super) fn stem(name: &str) -> &str {
    let name = name.strip_prefix("date_").unwrap_or(name);
    ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name)
}

/// Where a word stands among the words of a name: whole, or between `_`.
pub(super) fn find_word(stem: &str, word: &str) -> Option<usize> {
    stem.match_indices(word).map(|(at, _)| at).find(|at| {
        let end = at + word.len();
        (*at == 0 || stem.as_bytes()[at - 1] == b'_') && (end == stem.len() || stem.as_bytes()[end] == b'_')
    })
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
