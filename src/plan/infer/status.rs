//! What a row's status says about its dates: an order that is pending has not been shipped.

use crate::spec::{ColumnSpec, Generator};
use crate::value::SqlType;
use crate::value::text::quote_literal;

/// What has happened, by the words that columns have for it, and the statuses in which it has.
pub static REACHED: &[(&[&str], &[&str])] = &[
    (
        &["paid", "payment"],
        &[
            "paid",
            "shipped",
            "delivered",
            "completed",
            "complete",
            "fulfilled",
            "refunded",
            "returned",
            "settled",
        ],
    ),
    (
        &["shipped", "ship", "shipment", "dispatched"],
        &["shipped", "in_transit", "out_for_delivery", "delivered", "completed", "returned"],
    ),
    (&["picked_up", "collected"], &["picked_up", "collected", "in_transit", "delivered", "returned"]),
    (&["delivered", "delivery"], &["delivered", "completed", "returned"]),
    (&["published"], &["published", "archived", "live"]),
    (&["cancelled", "canceled", "cancellation"], &["cancelled", "canceled"]),
    (&["refunded", "refund"], &["refunded"]),
    (&["returned", "return"], &["returned"]),
    (&["approved", "approval"], &["approved", "published", "active", "completed", "repaid"]),
    (&["rejected"], &["rejected", "declined", "denied"]),
    (
        &["completed", "completion", "finished"],
        &["completed", "complete", "done", "finished", "succeeded", "success"],
    ),
    (&["resolved", "solved"], &["resolved", "closed", "solved"]),
    (&["closed"], &["closed", "resolved", "won", "lost", "closed_won", "closed_lost"]),
    (
        &["started", "start"],
        &[
            "started",
            "running",
            "in_progress",
            "active",
            "completed",
            "done",
            "finished",
            "failed",
            "succeeded",
            "repaid",
        ],
    ),
    (&["failed", "failure"], &["failed", "error"]),
    (&["suspended"], &["suspended"]),
    (&["deleted"], &["deleted"]),
    (&["archived"], &["archived"]),
    (&["terminated", "termination"], &["terminated", "inactive", "former", "left"]),
    (
        &["end", "ended", "ends"],
        &["ended", "expired", "cancelled", "canceled", "completed", "terminated", "closed", "finished"],
    ),
    (&["verified"], &["verified", "active"]),
    (&["processed"], &["processed", "completed", "succeeded", "settled"]),
    (&["discharged", "discharge"], &["discharged"]),
    (&["expired"], &["expired"]),
];

/// Whether a column says in which state a row is.
pub fn is_status(name: &str) -> bool {
    let name = name.to_lowercase();
    ["status", "state"]
        .iter()
        .any(|word| name.strip_suffix(word).is_some_and(|before| before.is_empty() || before.ends_with('_')))
}

/// The statuses that a column has, where it lists them.
pub fn labels(spec: &ColumnSpec, sql_type: &SqlType) -> Option<Vec<String>> {
    match (&spec.generator, sql_type) {
        (Generator::Values(values), _) => {
            Some(values.value.iter().filter_map(|weighted| weighted.value.value.clone()).collect())
        }
        (Generator::Unnamed, SqlType::Enum(of)) => Some(of.labels.clone()),
        _ => None,
    }
}

/// Those of the statuses in which what a column is named after has happened.
pub fn reached(stem: &str, labels: &[String]) -> Vec<String> {
    let words: Vec<&str> = stem.split('_').collect();
    // `kyc_verified`, but not `estimated_delivery`.
    let last = Some(words[words.len() - 1]).filter(|word| word.ends_with("ed"));
    let is_about = |event: &[&str]| {
        event.contains(&stem) || event.contains(&words[0]) || last.is_some_and(|word| event.contains(&word))
    };
    let rule = REACHED.iter().find(|(events, _)| is_about(events));
    let Some((_, statuses)) = rule else { return Vec::new() };
    // What is resolved is closed, unless there is a word for that too.
    let is_closed = |label: &&String| {
        stem != "closed" || label.as_str() != "resolved" || !labels.iter().any(|label| label == "closed")
    };
    let is_reached = |label: &&String| statuses.contains(&label.to_lowercase().as_str());
    labels.iter().filter(is_reached).filter(is_closed).cloned().collect()
}

/// `"status" in ('shipped', 'delivered')`.
pub fn condition(column: &str, labels: &[String]) -> String {
    let labels: Vec<String> = labels.iter().map(|label| quote_literal(label)).collect();
    format!("{column} in ({})", labels.join(", "))
}

/// Whether a generator's expressions may read a column of that name.
pub fn mentions(generator: &Generator, name: &str) -> bool {
    let holds = |text: &str| text.contains(name);
    match generator {
        Generator::Range { min, max } => [min, max].into_iter().flatten().any(|bound| holds(&bound.value)),
        Generator::Expression(text) | Generator::Template(text) => holds(&text.value),
        Generator::Cases(cases) => cases.value.iter().any(|case| {
            case.when.as_ref().is_some_and(|when| holds(&when.value)) || mentions(&case.then.generator, name)
        }),
        _ => false,
    }
}

/// Whether reading it cannot lead back to the rows that read it: it is made of nothing, or of fixed bounds.
pub fn is_plain(generator: &Generator) -> bool {
    match generator {
        Generator::Unnamed => true,
        Generator::Range { min, max } => {
            [min, max].into_iter().flatten().all(|bound| !bound.value.contains('('))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_tells_what_has_happened() {
        let labels = ["draft", "published", "archived"].map(str::to_owned);
        assert_eq!(reached("published", &labels), ["published", "archived"]);
        assert_eq!(reached("shipped", &labels), [""; 0]);
        assert_eq!(reached("created", &labels), [""; 0]);
        assert!(is_status("order_status") && !is_status("statuses"));
    }
}
