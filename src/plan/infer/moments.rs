//! Dates and times in the order that their names say: a delivery after its shipment, an end after its start, a comment after its
//! post. The rules are in [`super::orders`].

use super::orders::{ORDER_RULES, OrderRule, find_word, stem};
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
    "enrolled_at",
    "enrolled_on",
    "admitted_at",
    "voted_at",
    "posted_at",
    "released_at",
    "uploaded_at",
];

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

    pub(super) fn is_always_there(&self, table: usize, column: usize) -> bool {
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
            Some(before) if before.rule.is_of_any_change() => Some(self.after_all(table, column, &before)),
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
        let Some((least, greatest)) = before.rule.distance_in(of.name(), own) else {
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

    /// Bounds of the last change: after everything else that has happened to the row.
    fn after_all(&self, table: usize, column: usize, before: &Predecessor) -> (String, String) {
        let of = &self.tables[table];
        let own = &of.columns[column].sql_type;
        let (first, max) = self.after(table, column, before);
        let is_change = |other: &usize| {
            *other != column
                && *other != before.column
                && is_moment(&of.columns[*other].sql_type)
                && matches!(of.columns[*other].spec.generator, Generator::Unnamed)
                && self.predecessor(table, *other).is_some_and(|of| of.rule.is_change())
        };
        let others: Vec<usize> = (0..of.columns.len()).filter(is_change).collect();
        if others.is_empty() {
            return (first, max);
        }
        let zone = if *own == SqlType::Timestamptz { "timestamptz" } else { "timestamp" };
        let typed = |at: usize| {
            let name = quote_identifier(of.columns[at].name());
            match of.columns[at].sql_type == *own {
                true => name.to_string(),
                false => format!("cast({name} as {zone})"),
            }
        };
        let others: Vec<String> = others.into_iter().map(typed).collect();
        let min = format!("greatest({first}, {})", others.join(", "));
        (min.clone(), format!("greatest({min}, {max})"))
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
        let answered = of.links.iter().find(|link| matches!(link.kind, LinkKind::Thread { .. }));
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
            // A reply comes soon after what it answers.
            parents if answered.is_some() => {
                let link = answered.expect("it was found");
                let before =
                    format!("{}.{}", quote_identifier(&link.aliases[0]), quote_identifier(own.name()));
                let latest = format!("greatest({before}, {})", parents.join(", "));
                let max = format!("coalesce(least({before} + interval '3 days', {now}), {now})");
                return Some((latest.clone(), format!("greatest({latest}, {max})")));
            }
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
