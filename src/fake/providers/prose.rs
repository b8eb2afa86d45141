//! What people write: reviews, remarks, requests. The grammars are in `data/common.txt`.

use super::list;
use crate::fake::{Language, Provider};

pub static REVIEW_TITLE: Provider = list(
    "review_title",
    "prose",
    Language::English,
    "headline of a review, fit for any rating",
    &["review_title", "review_headline"],
);

pub static REVIEW_TEXT: Provider = list(
    "review_text",
    "prose",
    Language::English,
    "review of a product in a few sentences, fit for any rating",
    &["review_text", "review", "review_body", "review_comment", "feedback"],
);

pub static COMMENT: Provider = list(
    "comment",
    "prose",
    Language::English,
    "remark on an order or a task",
    &["comment", "comments", "note", "notes", "remark", "remarks", "delivery_instructions", "memo"],
);

pub static SUPPORT_SUBJECT: Provider = list(
    "support_subject",
    "prose",
    Language::English,
    "subject of a request to customer service",
    &["support_subject", "ticket_subject", "ticket_title", "issue_title", "subject_line"],
);
