//! Row counts of every table, before the first row.

use super::draft::{Draft, Entity, LinkKind, Overrides, check_arguments};
use super::model::Target;
use super::names::CountNames;
use crate::column::Sequence;
use crate::diagnostic::{Diagnostic, Span, grouped};
use crate::distribution::{self, Distribution};
use crate::expression::Expression;
use crate::relation::{CountShape, PerParent, Relation};
use crate::spec::{At, Call, Generator, PerSpec, RowsSpec};
use crate::value::SqlType;
use crate::value::parse::Scalar;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graphmap::DiGraphMap;
use std::sync::Arc;

/// Rows of a table that does not say how many.
const DEFAULT_ROWS: u64 = 1_000;

/// More rows than any table has: keys are 64-bit, and permutations count in them.
pub(super) const MAX_ROWS: u64 = 1 << 56;

impl Draft<'_> {
    /// Finds all row counts, then makes all links.
    pub fn settle_counts(&mut self, overrides: &Overrides) {
        self.check_row_overrides(overrides);
        let Some(order) = self.count_order() else { return };
        for table in order {
            // Until the spec is mended any number does.
            self.tables[table].rows = DEFAULT_ROWS;
            match &self.tables[table].spec.rows {
                Some(RowsSpec::Per(per)) => self.settle_per(table, per),
                Some(RowsSpec::Sample(sample)) => self.settle_sample(table, sample),
                Some(RowsSpec::Each(each)) => self.settle_each(table, each),
                Some(RowsSpec::Dates(dates)) => self.settle_dates(table, dates),
                Some(RowsSpec::Data(data)) => self.settle_data(table, data),
                Some(RowsSpec::Ticks(ticks)) => {
                    self.tables[table].rows = self.count_of_ticks(ticks).unwrap_or(DEFAULT_ROWS);
                }
                other => {
                    let rows = self.plain_count(table, other.as_ref(), overrides);
                    self.tables[table].rows = rows;
                }
            }
            if let Some(history) = &self.tables[table].spec.history {
                let is_set = overrides.rows.iter().any(|(name, _)| name == self.tables[table].name());
                self.settle_history(table, history, is_set);
            }
        }
        self.settle_combinations();
        self.check_choices();
        self.settle_targets();
    }

    fn check_row_overrides(&mut self, overrides: &Overrides) {
        for (name, _) in &overrides.rows {
            let problem = match self.table_index(name) {
                None => {
                    let known: Vec<&str> = self.table_names().collect();
                    Diagnostic::nowhere(format!("--rows: unknown table `{name}`")).suggest(name, known)
                }
                Some(table) => match &self.tables[table].spec.rows {
                    Some(rows) => match follows(name, rows) {
                        Some(problem) => problem,
                        None => continue,
                    },
                    None => continue,
                },
            };
            self.problems.push(problem);
        }
        let scale = overrides.scale.unwrap_or(1.0);
        if !(scale.is_finite() && scale > 0.0) {
            self.problems
                .push(Diagnostic::nowhere(format!("--scale must be a positive number, found {scale}")));
        }
    }

    /// Parents of `per` tables before their children.
    fn count_order(&mut self) -> Option<Vec<usize>> {
        let mut graph: DiGraphMap<usize, ()> = DiGraphMap::new();
        (0..self.tables.len()).for_each(|table| {
            graph.add_node(table);
        });
        let follows = |kind: &LinkKind| match kind {
            LinkKind::Per | LinkKind::Sample | LinkKind::Factor => true,
            LinkKind::ValidAt { entity } => *entity == Entity::Factor,
            _ => false,
        };
        for (table, of) in self.tables.iter().enumerate() {
            for link in of.links.iter().filter(|link| follows(&link.kind)) {
                graph.add_edge(link.table, table, ());
            }
        }
        match toposort(&graph, None) {
            Ok(order) => Some(order),
            Err(_) => {
                for group in tarjan_scc(&graph) {
                    let first = group[0];
                    if group.len() > 1 || graph.contains_edge(first, first) {
                        self.refuse_count_cycle(&group);
                    }
                }
                None
            }
        }
    }

    fn refuse_count_cycle(&mut self, group: &[usize]) {
        let mut names: Vec<&str> = group.iter().map(|table| self.tables[*table].name()).collect();
        names.push(names[0]);
        let message = format!("row counts depend on each other: {}", names.join(" per "));
        let of = &self.tables[group[0]];
        let span = match &of.spec.rows {
            Some(RowsSpec::Per(per)) => per.table.span,
            _ => of.spec.name.span,
        };
        self.problems.push(Diagnostic::new(span, message).help("give one of the tables a number of rows"));
    }

    fn plain_count(&mut self, table: usize, rows: Option<&RowsSpec>, overrides: &Overrides) -> u64 {
        let name = self.tables[table].name();
        if let Some((_, count)) = overrides.rows.iter().rev().find(|(given, _)| given == name) {
            return *count;
        }
        match rows {
            Some(RowsSpec::Expression(text)) => self.count_expression(text),
            Some(RowsSpec::Scale(points)) => self.scaled_count(points),
            // It could not be read; with one row nothing is said of what it may hold.
            Some(RowsSpec::File(_)) => 1,
            _ => DEFAULT_ROWS,
        }
    }

    pub(super) fn count_expression(&mut self, text: &At<String>) -> u64 {
        let expanded = expand_suffixes(&text.value);
        let compiled = Expression::compile(&expanded, text.span, &mut CountNames { draft: self });
        let value = match compiled {
            Ok(expression) => as_number(&expression),
            Err(problems) => {
                self.problems.extend(problems);
                return DEFAULT_ROWS;
            }
        };
        // An expression with `scale` comes to a whole number only by rounding; a plain number is meant as it stands.
        let is_plain = text.value.trim().parse::<f64>().is_ok();
        match value {
            Some(value) if is_plain && value.fract() != 0.0 => {
                self.refuse(
                    text.span,
                    format!("`{}` rows: there are no parts of rows", text.value),
                    "write a whole number",
                );
                DEFAULT_ROWS
            }
            Some(value) if value >= 0.0 && value <= MAX_ROWS as f64 => libm::round(value) as u64,
            _ => {
                let problem = Diagnostic::new(text.span, "the number of rows must be between 0 and 2^56");
                self.problems.push(
                    problem
                        .help("write a number such as 1000 or 10k, or an expression such as `10k * scale`"),
                );
                DEFAULT_ROWS
            }
        }
    }

    fn settle_per(&mut self, table: usize, per: &PerSpec) {
        let Some(link) = self.tables[table].per_link() else { return };
        let Some(shape) = self.count_shape(per) else { return };
        let shape = match per.ticks.as_ref().filter(|ticks| ticks.to.is_some()) {
            None => shape,
            Some(ticks) => {
                let Some(count) = self.count_of_ticks(ticks) else { return };
                CountShape { distribution: None, min: count, max: count, mean: None }
            }
        };
        let parents = self.tables[self.tables[table].links[link].table].rows;
        let key = self.key(table, &per.table.value, "rows per parent");
        match PerParent::new(parents, &shape, key) {
            Ok(relation) => {
                self.hold_one_each(table, link, per, relation.most_children());
                self.tables[table].rows = relation.children();
                self.tables[table].links[link].target = Some(Target::Relation(Arc::new(relation)));
            }
            Err(refusal) => {
                let span = per.mean.as_ref().map_or(per.table.span, |mean| mean.span);
                self.accept::<()>(Err(refusal), None, span);
            }
        }
    }

    /// A parent with several rows cannot stand in a unique reference.
    fn hold_one_each(&mut self, table: usize, link: usize, per: &PerSpec, most: u64) {
        let columns = &self.tables[table].links[link].columns;
        if most <= 1 || columns.is_empty() || !self.is_key(table, columns) {
            return;
        }
        let name = self.tables[table].link_columns(link);
        let message = format!("up to {} rows are made for a parent, but `{name}` is unique", grouped(most));
        let span = per.max.as_ref().or(per.min.as_ref()).map_or(per.table.span, |at| at.span);
        let help = "write `max: 1`, or let a column such as `{expr: nth}` be part of the key";
        self.refuse(span, message, help);
    }

    pub(super) fn count_shape(&mut self, per: &PerSpec) -> Option<CountShape> {
        let distribution = match &per.distribution {
            Some(call) => Some(self.distribution(call)?),
            None => None,
        };
        let min = per.min.as_ref().map_or(1, |min| min.value);
        let max = match (&per.max, &per.mean, &distribution) {
            (Some(max), ..) => max.value,
            // Without an upper bound: what the distribution gives, Poisson's where there is only a mean.
            (None, Some(_), _) | (None, _, Some(_)) => u32::MAX as u64,
            (None, None, None) => min,
        };
        let min = match (&per.min, &per.mean) {
            (None, Some(mean)) if mean.value < 1.0 => 0,
            _ => min,
        };
        if min > max {
            let at = per.max.as_ref().or(per.min.as_ref()).map_or(per.table.span, |at| at.span);
            self.problems.push(Diagnostic::new(at, format!("min {min} is greater than max {max}")));
            return None;
        }
        if let Some(mean) = &per.mean
            && !(min as f64 <= mean.value && mean.value <= max as f64)
        {
            let message = format!("the mean {} is not between min {min} and max {max}", mean.value);
            self.problems.push(Diagnostic::new(mean.span, message));
            return None;
        }
        Some(CountShape { distribution, min, max, mean: per.mean.as_ref().map(|mean| mean.value) })
    }

    /// The distribution that a call names, its arguments checked.
    pub fn distribution(&mut self, call: &Call) -> Option<Box<dyn Distribution>> {
        let name = &call.name.value;
        let Some(entry) = distribution::find(name) else {
            let known = distribution::DISTRIBUTIONS.iter().map(|entry| entry.name);
            let problem = Diagnostic::new(call.name.span, format!("unknown distribution `{name}`"));
            self.problems
                .push(problem.suggest(name, known).help("`datagen list distributions` names them all"));
            return None;
        };
        if !check_arguments(call, entry.parameters, &mut self.problems) {
            return None;
        }
        self.accept((entry.build)(&call.arguments), Some(call), call.name.span)
    }

    /// The sequence that a column is, if it is one.
    pub fn sequence_of(&self, table: usize, column: usize) -> Option<Sequence> {
        let of = &self.tables[table];
        let draft = &of.columns[column];
        if draft.given.is_some() {
            return None;
        }
        let is_key = of.primary_key.contains(&column) || draft.spec.identity.is_some();
        match &draft.spec.generator {
            Generator::Sequence { start, step } => Some(Sequence {
                start: start.as_ref().map_or(1, |start| start.value),
                step: step.as_ref().map_or(1, |step| step.value),
            }),
            Generator::Unnamed if draft.link.is_none() && draft.sql_type.is_integer() && is_key => {
                (of.primary_key.len() <= 1 || draft.spec.identity.is_some())
                    .then_some(Sequence { start: 1, step: 1 })
            }
            _ => None,
        }
    }

    /// A problem at a place.
    pub fn refuse(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::new(span, message).help(help));
    }
}

/// Why a table's number of rows cannot be set; `None` where it can.
fn follows(name: &str, rows: &RowsSpec) -> Option<Diagnostic> {
    let (what, help) = match rows {
        RowsSpec::Expression(_) | RowsSpec::Scale(_) | RowsSpec::File(_) => return None,
        RowsSpec::Per(per) => {
            let parent = &per.table.value;
            (
                format!("are made per row of `{parent}`"),
                format!("set the rows of `{parent}`, or the mean in the spec"),
            )
        }
        RowsSpec::Ticks(ticks) => {
            (format!("are made every {}", ticks.every.value), "change `to` or `count` in the spec".to_owned())
        }
        RowsSpec::Sample(sample) => {
            let parent = &sample.table.value;
            (format!("are a sample of `{parent}`"), format!("set the rows of `{parent}`"))
        }
        RowsSpec::Each(_) => ("are combinations".to_owned(), "set the rows of what is combined".to_owned()),
        RowsSpec::Dates(_) => ("are dates".to_owned(), "change the dates in the spec".to_owned()),
        RowsSpec::Data(_) => ("are written down".to_owned(), "leave out `--rows`".to_owned()),
    };
    Some(Diagnostic::nowhere(format!("--rows: the rows of `{name}` {what}")).help(help))
}

/// `100k * scale` with its numbers written out.
fn expand_suffixes(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        if length == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(length);
        match crate::spec::parse_count(word).filter(|_| first.is_ascii_digit()) {
            Some(count) => out.push_str(&count.to_string()),
            None => out.push_str(word),
        }
        rest = after;
    }
    out
}

/// A constant expression as a number.
fn as_number(expression: &Expression) -> Option<f64> {
    let scale = libm::pow(10.0, expression.sql_type().scale().unwrap_or(0) as f64);
    match (expression.constant()??, expression.sql_type()) {
        (Scalar::Float(value), _) => Some(value),
        (
            Scalar::Int(value),
            SqlType::Numeric { .. } | SqlType::SmallInt | SqlType::Int | SqlType::BigInt,
        ) => Some(value as f64 / scale),
        (Scalar::Wide(value), _) => Some(value as f64 / scale),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_may_be_written_short() {
        assert_eq!(expand_suffixes("100k * scale"), "100000 * scale");
        assert_eq!(expand_suffixes("(2.5M+k9)*1_000"), "(2500000+k9)*1000");
        assert_eq!(expand_suffixes("1.5 * scale"), "1.5 * scale");
    }
}
