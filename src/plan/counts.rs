//! Row counts of every table, and the arithmetic of every link, before the first row.

use super::draft::{Draft, LinkKind, Overrides, check_arguments};
use super::model::Target;
use super::names::CountNames;
use crate::column::Sequence;
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::{self, Distribution};
use crate::expression::Expression;
use crate::random::Absence;
use crate::relation::{Chosen, CountShape, Earlier, FanOut, FanOutShape, Optional, PerParent, Relation};
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
                other => {
                    let rows = self.plain_count(table, other.as_ref(), overrides);
                    self.tables[table].rows = rows;
                }
            }
        }
        self.settle_combinations();
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
        for (table, of) in self.tables.iter().enumerate() {
            let follows =
                |kind: &LinkKind| matches!(kind, LinkKind::Per | LinkKind::Sample | LinkKind::Factor);
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
        let parents = self.tables[self.tables[table].links[link].table].rows;
        let key = self.key(table, &per.table.value, "rows per parent");
        match PerParent::new(parents, &shape, key) {
            Ok(relation) => {
                self.tables[table].rows = relation.children();
                self.tables[table].links[link].target = Some(Target::Relation(Arc::new(relation)));
            }
            Err(refusal) => {
                let span = per.mean.as_ref().map_or(per.table.span, |mean| mean.span);
                self.accept::<()>(Err(refusal), None, span);
            }
        }
    }

    fn count_shape(&mut self, per: &PerSpec) -> Option<CountShape> {
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

    /// The arithmetic of all links but `per` ones, which have it already.
    fn settle_targets(&mut self) {
        for table in 0..self.tables.len() {
            for link in 0..self.tables[table].links.len() {
                self.relation(table, link);
            }
        }
    }

    fn target(&mut self, table: usize, link: usize) -> Option<Target> {
        let of = &self.tables[table].links[link];
        match of.kind.clone() {
            LinkKind::Per | LinkKind::Sample | LinkKind::Factor => None,
            LinkKind::Listed => self.listed_target(table, link),
            LinkKind::Key => self.key_target(table, link),
            LinkKind::Through { first, path } => {
                let middle = self.tables[table].links[first].table;
                let inner = self.relation(table, first)?;
                let relation = self.along(inner, middle, &path)?;
                Some(Target::Relation(self.with_nulls(table, link, relation)))
            }
            LinkKind::Within { group, path, inferred } => {
                let relation = self.within(table, link, group, &path, inferred)?;
                Some(Target::Relation(self.with_nulls(table, link, relation)))
            }
            LinkKind::FanOut | LinkKind::OneToOne | LinkKind::Earlier => {
                if let Some(digits) =
                    of.columns.first().and_then(|at| self.tables[table].columns[*at].digits.clone())
                {
                    return Some(Target::Relation(self.with_nulls(table, link, Arc::new(digits))));
                }
                let relation = self.drawn_relation(table, link)?;
                Some(Target::Relation(self.with_nulls(table, link, relation)))
            }
        }
    }

    /// The relation of a link, made now if it is not there yet; a link that needs itself is refused.
    pub(super) fn relation(&mut self, table: usize, link: usize) -> Option<Arc<dyn Relation>> {
        if self.links_in_making.contains(&(table, link)) {
            self.refuse_link_cycle(table, link);
            return None;
        }
        if self.tables[table].links[link].target.is_none() {
            self.links_in_making.push((table, link));
            let target = self.target(table, link);
            self.links_in_making.pop();
            self.tables[table].links[link].target = target;
        }
        match &self.tables[table].links[link].target {
            Some(Target::Relation(relation)) => Some(relation.clone()),
            _ => None,
        }
    }

    pub(super) fn drawn_relation(&mut self, table: usize, link_at: usize) -> Option<Arc<dyn Relation>> {
        let of = &self.tables[table];
        let (children, link) = (of.rows, &of.links[link_at]);
        let (kind, call, span, parent) = (link.kind.clone(), link.distribution, link.span, link.table);
        let parents = self.tables[parent].rows;
        let is_optional = link.columns.iter().all(|column| !of.is_not_null(*column));
        let name = of.link_columns(link_at);
        if parents == 0 && children > 0 && !is_optional {
            let message =
                format!("`{name}` must refer to a row of `{}`, which has none", self.tables[parent].name());
            let problem = Diagnostic::new(span, message);
            self.problems.push(problem.help("give the parent rows, or let the reference be null"));
            return None;
        }
        let key = self.key(table, &name, "reference");
        if kind == LinkKind::Earlier {
            if !is_optional {
                let problem = Diagnostic::new(span, "the first row has no earlier row to refer to");
                self.problems.push(problem.help("let the column be null: leave out `not null`"));
                return None;
            }
            if let Some(call) = call {
                let problem = Diagnostic::new(
                    call.name.span,
                    "`earlier` references are spread evenly over earlier rows",
                );
                self.problems.push(problem.help("leave out `distribution`"));
            }
            let relation = self.accept(Earlier::new(children, 1, key), None, span)?;
            return Some(Arc::new(relation));
        }
        let shape = self.fan_out_shape(kind, call)?;
        if matches!(shape, FanOutShape::OneToOne) && children > parents && parents > 0 {
            let message = format!(
                "`{name}` is unique, but {children} rows cannot refer to {parents} rows of `{}` each at most once",
                self.tables[parent].name()
            );
            self.problems.push(
                Diagnostic::new(span, message).help("give the parent more rows, or leave out `unique`"),
            );
            return None;
        }
        // Without parents every reference is null, and nothing is asked of the relation.
        let children = if parents == 0 { 0 } else { children };
        let chosen = self.with_partners(table, link_at)?;
        let parents = chosen.as_ref().map_or(parents, |rows| rows.count());
        let relation = Arc::new(self.accept(FanOut::new(children, parents, &shape, key), call, span)?);
        Some(match chosen {
            Some(rows) => Arc::new(Chosen::new(relation, rows)),
            None => relation,
        })
    }

    fn fan_out_shape(&mut self, kind: LinkKind, call: Option<&Call>) -> Option<FanOutShape> {
        let Some(call) = call else {
            return Some(if kind == LinkKind::OneToOne {
                FanOutShape::OneToOne
            } else {
                FanOutShape::Uniform
            });
        };
        if kind == LinkKind::OneToOne {
            let problem =
                Diagnostic::new(call.name.span, "a unique reference gives every parent at most one row");
            self.problems.push(problem.help("leave out `distribution`, or `unique`"));
            return None;
        }
        match call.name.value.as_str() {
            "even" if call.arguments.given.is_empty() => Some(FanOutShape::Even),
            _ => self.distribution(call).map(FanOutShape::Shape),
        }
    }

    fn with_nulls(&self, table: usize, at: usize, relation: Arc<dyn Relation>) -> Arc<dyn Relation> {
        let of = &self.tables[table];
        let link = &of.links[at];
        let no_parents = self.tables[link.table].rows == 0;
        let fraction = if no_parents { 1.0 } else { link.null.unwrap_or(0.0) };
        if fraction == 0.0 {
            return relation;
        }
        let names: Vec<&str> = link.columns.iter().map(|column| of.columns[*column].name()).collect();
        let of_column = match link.columns.as_slice() {
            [only] if !no_parents => self.absence(table, of.columns[*only].spec),
            _ => None,
        };
        let of_all = || Absence::of(self.key(table, &names.join(","), "null"), fraction);
        Arc::new(Optional::new(relation, of_column.unwrap_or_else(of_all)))
    }

    /// A link by value needs keys that can be turned into rows: a sequence.
    fn key_target(&mut self, table: usize, link: usize) -> Option<Target> {
        let of = &self.tables[table].links[link];
        let column = *of.columns.first()?;
        let (_, key) = self.tables[table].columns[column].link?;
        let sequence = self.sequence_of(of.table, key).or_else(|| self.sequence_of_dates(of.table, key));
        match sequence {
            Some(Sequence { start, step }) => Some(Target::Key { input: column, start, step }),
            None => {
                let span = self.tables[table].links[link].span;
                let message = format!(
                    "`{}` is computed, but `{}.{}` is not a sequence, so that it cannot be checked to exist",
                    self.tables[table].columns[column].name(),
                    self.tables[of.table].name(),
                    self.tables[of.table].columns[key].name()
                );
                let help = "write a path such as `parent.column` as `expr`, or leave out `expr`";
                self.problems.push(Diagnostic::new(span, message).help(help));
                None
            }
        }
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
