//! Parents that are chosen by their values: `where` and `weight`. What is asked of them is compiled here; the values are
//! looked at between plan and run.

use super::draft::{Draft, LinkKind};
use super::names::RowNames;
use crate::diagnostic::Span;
use crate::expression::Expression;
use crate::random::Key;
use crate::relation::{Deferred, FanOutShape, Groups, Relation, Selection, Tally};
use crate::spec::{At, ParentChoice};
use crate::value::SqlType;
use std::sync::Arc;

/// A reference whose parents are chosen by their values: filled in by [`crate::generate::prepare`].
pub struct Choice {
    /// The referring table.
    pub table: usize,
    /// Its link.
    pub link: usize,
    /// The place of what was asked.
    pub span: Span,
    /// Whether the reference may be null where no parent can be chosen.
    pub is_optional: bool,
    /// Only parents for which it holds; over the parent's inputs.
    pub condition: Option<Expression>,
    /// In proportion to it; over the parent's inputs, in double precision.
    pub weight: Option<Expression>,
    /// How the rows spread over those parents.
    pub spread: Spread,
    /// Where the randomness comes from.
    pub key: Key,
    /// Where the relation goes.
    pub relation: Arc<Deferred>,
}

/// How rows spread over the parents that may be chosen.
pub enum Spread {
    /// As a shape says, or in proportion to the weight if there is one.
    Over(FanOutShape),
    /// Also so, but different ones for the rows of a group, of `groups`, of which the largest has `most` rows.
    Distinct {
        /// From the rows to their groups.
        group: Arc<dyn Relation>,
        /// How many groups there are.
        groups: u64,
        /// The rows of the largest.
        most: u64,
        /// How popular parents are, where there is no weight.
        shape: FanOutShape,
    },
    /// Over those of the row's groups.
    Among {
        /// From the rows to their groups.
        own: Groups,
        /// From the parents to theirs.
        members: Groups,
        /// Rows of the same parent by this relation refer to different ones.
        distinct: Option<Arc<dyn Relation>>,
        /// Each row draws its parent by itself.
        one_way: bool,
    },
}

impl Draft<'_> {
    /// Whether a link's relation needs generated values, itself or by what it is made of.
    pub(super) fn is_deferred(&self, table: usize, link: usize) -> bool {
        let of = &self.tables[table].links[link];
        let on_path = |mut table: usize, path: &[usize]| {
            path.iter().any(|link| {
                let is_deferred = self.is_deferred(table, *link);
                table = self.tables[table].links[*link].table;
                is_deferred
            })
        };
        match &of.kind {
            LinkKind::Through { first, path } => {
                self.is_deferred(table, *first) || on_path(self.tables[table].links[*first].table, path)
            }
            LinkKind::Within { group, path, .. } => {
                group.is_some_and(|group| self.is_deferred(table, group)) || on_path(of.table, path)
            }
            LinkKind::Among { .. } => true,
            _ => of.choice.is_some_and(ParentChoice::looks_at_values),
        }
    }

    /// Refuses `where` and `weight` where something else decides the parent, and what contradicts them.
    pub(super) fn check_choices(&mut self) {
        for table in 0..self.tables.len() {
            for link in 0..self.tables[table].links.len() {
                self.check_choice(table, link);
            }
        }
    }

    fn check_choice(&mut self, table: usize, link: usize) {
        let of = &self.tables[table].links[link];
        let Some(choice) = of.choice else { return };
        let asked = [("where", &choice.condition), ("weight", &choice.weight)];
        let Some((key, span)) = asked.iter().find_map(|(key, of)| of.as_ref().map(|of| (*key, of.span)))
        else {
            return;
        };
        let refusal = match &of.kind {
            LinkKind::FanOut | LinkKind::OneToOne | LinkKind::Distinct { .. } => None,
            LinkKind::Among { .. } => None,
            LinkKind::Per | LinkKind::Sample | LinkKind::Factor => Some((
                "the table's rows are made per this parent, which leaves nothing to choose",
                "say under `rows` how many each parent has",
            )),
            // It was refused beside `valid_at`.
            LinkKind::ValidAt { .. } => return,
            LinkKind::Listed => Some(("`rows` gives this reference its values", "leave out its values")),
            LinkKind::Earlier | LinkKind::Thread { .. } => {
                Some(("references to earlier rows cannot be chosen by value", "leave out `earlier`"))
            }
            _ => Some(("`expr` computes the reference, so there is nothing to choose", "leave out `expr`")),
        };
        if let Some((message, help)) = refusal {
            return self.refuse(span, format!("`{key}`: {message}"), format!("{help}, or `{key}`"));
        }
        let (kind, distribution, parent) = (of.kind.clone(), of.distribution, of.table);
        if let Some(weight) = &choice.weight {
            if let Some(call) = distribution {
                let message = "`weight` says already how popular parents are";
                self.refuse(call.name.span, message, "leave out `distribution`, or `weight`");
            }
            if kind == LinkKind::OneToOne {
                let message = "`weight` has no effect on a unique reference: each parent has at most one row";
                self.refuse(weight.span, message, "leave out `weight`, or `unique`");
            }
            let is_tally = kind == LinkKind::FanOut;
            if self.tables[parent].rows > Tally::MOST_ROWS
                || is_tally && self.tables[table].rows >= Tally::MOST_CHILDREN
            {
                let message = "`weight` works for up to 16,777,216 parents and 4,294,967,295 rows";
                self.refuse(weight.span, message, "write a `distribution`, or use fewer rows");
            }
        }
        if self.tables[parent].rows > Selection::MOST_ROWS {
            self.refuse(span, format!("`{key}` chooses among up to 268,435,456 rows"), "use fewer parents");
        }
    }

    /// Remembers what is to be filled in, with its expressions over the parent's row.
    pub(super) fn defer(
        &mut self,
        table: usize,
        link: usize,
        spread: Spread,
        key: Key,
    ) -> Option<Arc<Deferred>> {
        let is_optional = self.is_optional(table, link);
        let of = &self.tables[table].links[link];
        let (parent, choice) = (of.table, of.choice.expect("it has a choice"));
        let name = format!("{}.{}", self.tables[table].name(), self.tables[table].link_columns(link));
        let condition = match &choice.condition {
            Some(text) => {
                let expression = self.of_parent(parent, text, &format!("{name} where"))?;
                if *expression.sql_type() != SqlType::Boolean {
                    let message = format!("a condition is true or false, this is {}", expression.sql_type());
                    self.refuse(text.span, message, "compare it with something");
                    return None;
                }
                Some(expression)
            }
            None => None,
        };
        let weight = match &choice.weight {
            Some(text) => {
                let expression = self.of_parent(parent, text, &format!("{name} weight"))?;
                if !expression.sql_type().is_number() {
                    let message = format!("a weight is a number, this is {}", expression.sql_type());
                    self.refuse(text.span, message, "write an expression such as `popularity * 2`");
                    return None;
                }
                let as_double = expression.assign_to(&SqlType::Double);
                Some(as_double.map_err(|problem| self.problems.push(problem)).ok()?)
            }
            None => None,
        };
        let relation = Arc::new(Deferred::default());
        let by_value = choice.condition.as_ref().or(choice.weight.as_ref()).map(|of| of.span);
        let span = by_value.or(choice.said().next().map(|(_, span)| span)).expect("something was asked");
        self.choices.push(Choice {
            table,
            link,
            span,
            is_optional,
            condition,
            weight,
            spread,
            key,
            relation: relation.clone(),
        });
        Some(relation)
    }

    /// An expression over a parent's row.
    fn of_parent(&mut self, parent: usize, text: &At<String>, draws_of: &str) -> Option<Expression> {
        let mut names = RowNames::new(self, parent, draws_of.to_owned());
        match Expression::compile(&text.value, text.span, &mut names) {
            Ok(expression) => Some(expression),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }
}
