//! Rows in steps of time: how many there are, and the column that says when.

use super::draft::Draft;
use super::generators::Place;
use crate::column::{Column, Ticks};
use crate::spec::{At, Generator, RowsSpec, TicksSpec};
use crate::value::parse;
use crate::value::{SqlType, civil};

impl<'s> Draft<'s> {
    /// How a table's rows follow each other in time, if they do.
    pub(super) fn ticks_of(&self, table: usize) -> Option<&'s TicksSpec> {
        match self.tables[table].spec.rows.as_ref()? {
            RowsSpec::Ticks(ticks) => Some(ticks),
            RowsSpec::Per(per) => per.ticks.as_deref(),
            _ => None,
        }
    }

    /// The column that holds the moments of such rows: the one named, or the first date or timestamp without a generator.
    pub(super) fn tick_column(&self, table: usize) -> Option<usize> {
        let ticks = self.ticks_of(table)?;
        let of = &self.tables[table];
        let is_free = |at: &usize| {
            let column = &of.columns[*at];
            is_moment(&column.sql_type)
                && column.link.is_none()
                && matches!(column.spec.generator, Generator::Unnamed)
        };
        match &ticks.column {
            Some(name) => of.column_index(&name.value).filter(is_free),
            None => (0..of.columns.len()).find(is_free),
        }
    }

    /// Whether no two rows of a series have the same moment.
    pub(super) fn ticks_differ(&self, table: usize) -> bool {
        let Some(ticks) = self.ticks_of(table) else { return false };
        let micros = |text: &At<String>| parse::interval(&text.value).map(shortest_micros);
        match (micros(&ticks.every), ticks.jitter.as_ref().map(micros)) {
            (_, None) => true,
            (Some(every), Some(Some(jitter))) => jitter < every,
            _ => false,
        }
    }

    /// The number of rows of a series that `to` ends; problems are recorded.
    pub(super) fn count_of_ticks(&mut self, ticks: &TicksSpec) -> Option<u64> {
        let sql_type = SqlType::Timestamptz;
        let Some(to) = &ticks.to else { return ticks.count.as_ref().map(|count| count.value) };
        let step = self.step(Some(&ticks.every), &sql_type)?;
        let (first, end) =
            (self.constant_moment(&ticks.from, &sql_type)?, self.constant_moment(to, &sql_type)?);
        if first >= end {
            let message = format!("`to` {} is not after `from` {}", to.value, ticks.from.value);
            self.refuse(to.span, message, "rows lie from `from` on and before `to`");
            return None;
        }
        Some(step.between(first, end - 1) as u64 + 1)
    }

    /// The moments of a table's rows.
    pub(super) fn ticks(
        &mut self,
        place: &Place<'s>,
        ticks: &TicksSpec,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        let step = self.step(Some(&ticks.every), &place.sql_type)?;
        let jitter = self.jitter(place, ticks)?;
        let from = self.bound(place, &ticks.from, reads)?;
        let per = self.tables[place.table].per_link();
        if let Err(expression) = &from {
            let is_same = per.is_some_and(|link| self.is_same_for_siblings(place.table, link, expression));
            if !is_same {
                let message = "`from` differs between the rows of a series";
                self.refuse(
                    ticks.from.span,
                    message,
                    "let it be a literal, or read only columns of the `per` parent",
                );
                return None;
            }
        }
        if let Some(span) = place.unique.filter(|_| place.rows > 1) {
            let message = match per {
                Some(_) => "the moments of one parent may be those of another",
                None if !self.ticks_differ(place.table) => {
                    "with so much jitter two rows may have the same moment"
                }
                None => "",
            };
            if !message.is_empty() {
                let help = "leave out `unique`; a key of the parent and the moment is unique where `jitter` is below `every`";
                self.refuse(span, message, help);
                return None;
            }
        }
        let nth = self.nth_or_row_input(place.table);
        reads.push(nth);
        let limits = place.sql_type.int_bounds().expect("it is a date or timestamp");
        let key = self.part_key(place, "jitter");
        let from = super::ranges::int_bound(Some(from));
        let origin = format!("every {} from {}", ticks.every.value, ticks.from.value);
        Some((Box::new(Ticks { from, step, nth, jitter, limits, key }), origin))
    }

    /// The cells of the jitter and their size.
    fn jitter(&mut self, place: &Place, ticks: &TicksSpec) -> Option<(u64, i64)> {
        let Some(text) = &ticks.jitter else { return Some((1, 1)) };
        let is_date = place.sql_type == SqlType::Date;
        let every = parse::interval(&ticks.every.value).map_or(0, shortest_micros);
        let jitter = parse::interval(&text.value).filter(|jitter| jitter.months == 0).map(shortest_micros);
        let fits =
            jitter.filter(|jitter| (0..=every).contains(jitter) && (!is_date || jitter % civil::DAY == 0));
        let Some(jitter) = fits else {
            let message = format!("`{}` cannot be the jitter of steps of {}", text.value, ticks.every.value);
            let help = match is_date {
                true => "whole days, not longer than a step",
                false => "a time such as `2 minutes`, not longer than a step, so that rows stay in order",
            };
            self.refuse(text.span, message, help);
            return None;
        };
        const SECOND: i64 = 1_000_000;
        Some(match jitter {
            jitter if is_date => ((jitter / civil::DAY) as u64 + 1, 1),
            jitter if jitter % SECOND == 0 && every % SECOND == 0 => ((jitter / SECOND) as u64 + 1, SECOND),
            jitter => (jitter as u64 + 1, 1),
        })
    }

    /// The input that numbers the rows of a series from 1: within their parent, or in the table.
    pub(super) fn nth_or_row_input(&mut self, table: usize) -> usize {
        match self.tables[table].per_link() {
            Some(link) => self.nth_input(table, link),
            None => self.row_input(table),
        }
    }

    /// A table whose rows follow in time needs a column that says when.
    pub(super) fn check_tick_column(&mut self, table: usize) {
        let Some(ticks) = self.ticks_of(table) else { return };
        let is_broken = self.tables[table].columns.iter().any(|column| column.broken);
        if self.tick_column(table).is_some() || is_broken {
            return;
        }
        match &ticks.column {
            Some(name) if self.find_column(table, name).is_some() => {
                let message = format!("`{}` cannot hold the moments of the rows", name.value);
                self.refuse(name.span, message, "it must be a date or timestamp without a generator");
            }
            Some(_) => {}
            None => self.refuse(
                ticks.every.span,
                "no column holds the moments of the rows",
                "add a date or timestamp without a generator, such as `measured_at: timestamptz`",
            ),
        }
    }
}

pub(super) fn is_moment(sql_type: &SqlType) -> bool {
    matches!(sql_type, SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz)
}

/// An interval in microseconds, a month having 28 days.
fn shortest_micros(interval: crate::value::Interval) -> i64 {
    (interval.months as i64 * 28 + interval.days as i64)
        .saturating_mul(civil::DAY)
        .saturating_add(interval.micros)
}
