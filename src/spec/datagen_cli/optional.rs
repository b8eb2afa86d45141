//! How often a column that may be null is null: this format does not say, its name does.

/// The share of roots in a tree, such as categories without a parent.
pub(super) const ROOTS: f64 = 0.2;

/// Endings of names with the share of rows in which such columns are null.
const SHARES: &[(&[&str], f64)] = &[
    // Things that happen to few.
    (
        &[
            "deleted_at",
            "archived_at",
            "banned_at",
            "suspended_at",
            "blocked_at",
            "locked_until",
            "deceased_at",
        ],
        0.95,
    ),
    (&["cancelled_at", "canceled_at", "refunded_at", "returned_at", "rejected_at", "terminated_at"], 0.9),
    (&["termination_date", "death_date", "date_of_death", "error", "error_message", "failure_reason"], 0.9),
    (&["middle_name", "suffix", "name_suffix", "address_line2", "address_line_2", "address2", "fax"], 0.6),
    (&["parent_id", "manager_id", "supervisor_id", "reports_to"], ROOTS),
    (&["notes", "note", "referrer_id", "referred_by", "coupon_code", "discount_code"], 0.5),
    (&["end_date", "ended_at", "ends_at", "end_at", "end_time", "completed_at", "closed_at"], 0.3),
    (&["trial_ends_at", "trial_end", "trial_end_date", "expires_at", "processed_at", "resolved_at"], 0.3),
    (&["website", "url", "bio", "avatar_url", "image_url", "title", "comment", "comments"], 0.15),
    (&["last_login_at", "last_login", "last_seen_at", "verified_at", "delivered_at", "shipped_at"], 0.15),
];

/// Of what else may be null.
const USUAL: f64 = 0.08;

/// The share of nulls in a column of that name.
pub(super) fn share_of_nulls(name: &str) -> f64 {
    let name = name.to_lowercase();
    let is =
        |known: &&str| name == **known || name.strip_suffix(*known).is_some_and(|rest| rest.ends_with('_'));
    SHARES.iter().find(|(names, _)| names.iter().any(is)).map_or(USUAL, |(_, share)| *share)
}
