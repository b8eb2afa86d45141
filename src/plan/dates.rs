//! `rows: {dates: ...}`: a row for each date of a range.

use super::draft::Draft;
use super::given::Given;
use super::names::CountNames;
use super::ranges::is_like_a_date;
use crate::column::{DateSteps, Sequence, Step};
use crate::diagnostic::Diagnostic;
use crate::expression::Expression;
use crate::spec::{At, DatesSpec, Generator};
use crate::value::parse::{self, Scalar};
use crate::value::{Interval, SqlType, civil};

impl Draft<'_> {
    pub(super) fn settle_dates(&mut self, table: usize, dates: &DatesSpec) {
        let Some(column) = self.column_of_dates(table, dates) else { return };
        if self.tables[table].columns[column].broken || !self.takes_given_values(table, column) {
            return;
        }
        let sql_type = self.tables[table].columns[column].sql_type.clone();
        let first = self.constant_moment(&dates.first, &sql_type);
        let last = self.constant_moment(&dates.last, &sql_type);
        let step = self.step(dates.step.as_ref(), &sql_type);
        let (Some(first), Some(last), Some(step)) = (first, last, step) else { return };
        if first > last {
            self.refuse(dates.last.span, "the last date lies before the first", "exchange them");
            return;
        }
        let steps = DateSteps { first, step };
        self.tables[table].rows = steps.count_up_to(last);
        self.tables[table].columns[column].given = Some(Given::Dates(steps));
    }

    /// The column that is named, or the first one of dates or timestamps that says nothing of its values.
    fn column_of_dates(&mut self, table: usize, dates: &DatesSpec) -> Option<usize> {
        let is_moment =
            |of: &SqlType| matches!(of, SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz);
        if let Some(name) = &dates.column {
            let column = self.find_column(table, name)?;
            let draft = &self.tables[table].columns[column];
            if is_moment(&draft.sql_type) || draft.broken {
                return Some(column);
            }
            let message = format!("`{}` is {}, not a date or a timestamp", name.value, draft.sql_type);
            self.refuse(name.span, message, "write `type: date`");
            return None;
        }
        let of = &self.tables[table];
        let is_free = |at: &usize| {
            let column = &of.columns[*at];
            is_moment(&column.sql_type)
                && column.link.is_none()
                && matches!(column.spec.generator, Generator::Unnamed)
        };
        let found = (0..of.columns.len()).find(is_free);
        if found.is_none() && !of.spec.broken && !of.columns.iter().any(|column| column.broken) {
            let message = format!("table `{}` has no column for the dates", of.name());
            let help = "add a column of type date or timestamp without a generator, or name it by `column`";
            self.refuse(dates.first.span, message, help);
        }
        found
    }

    /// A literal, or an expression of `as_of` and parameters, as a value of the column's type.
    pub(super) fn constant_moment(&mut self, text: &At<String>, sql_type: &SqlType) -> Option<i64> {
        let scalar = match parse::scalar(&text.value, sql_type) {
            Ok(scalar) => Some(scalar),
            Err(expected) if is_like_a_date(&text.value) => {
                self.problems.push(Diagnostic::new(text.span, expected));
                return None;
            }
            Err(_) => {
                let compiled = Expression::compile(&text.value, text.span, &mut CountNames { draft: self });
                match compiled.and_then(|of| of.assign_to(sql_type).map_err(|problem| vec![problem])) {
                    Ok(expression) => expression.constant().flatten(),
                    Err(problems) => {
                        self.problems.extend(problems);
                        return None;
                    }
                }
            }
        };
        match scalar {
            Some(Scalar::Int(moment)) => Some(moment),
            _ => {
                let message = format!("`{}` is not known before the first row", text.value);
                self.refuse(text.span, message, "write a date, or an expression of `as_of` and parameters");
                None
            }
        }
    }

    /// The distance that an interval is for values of a type; a day if left out.
    pub(super) fn step(&mut self, text: Option<&At<String>>, sql_type: &SqlType) -> Option<Step> {
        let is_date = *sql_type == SqlType::Date;
        let day = if is_date { 1 } else { civil::DAY };
        let Some(text) = text else { return Some(Step::Units(day)) };
        let refuse = |draft: &mut Self, message: String| {
            draft.refuse(text.span, message, "write `1 day`, `7 days`, `1 month`, `15 minutes`");
            None
        };
        let Ok(Scalar::Interval(Interval { months, days, micros })) =
            parse::scalar(&text.value, &SqlType::Interval)
        else {
            return refuse(self, format!("`{}` is not an interval", text.value));
        };
        let even = days as i128 * civil::DAY as i128 + micros as i128;
        match (months, even) {
            (1.., 0) => Some(Step::months(months, sql_type)),
            (0, 1..) if is_date && even % civil::DAY as i128 != 0 => {
                refuse(self, format!("a date has no parts of days, so `{}` cannot be its step", text.value))
            }
            (0, 1..) => i64::try_from(even)
                .ok()
                .map(|even| Step::Units(if is_date { even / civil::DAY } else { even })),
            (0, _) | (_, 0) => refuse(self, "a step leads forward".to_owned()),
            _ => refuse(self, "a step is of months or years, or of days and times, not of both".to_owned()),
        }
    }

    /// Dates at even distances as the sequence that they are, so that a date leads to its row.
    pub(super) fn sequence_of_dates(&self, table: usize, column: usize) -> Option<Sequence> {
        match self.tables[table].columns[column].given {
            Some(Given::Dates(DateSteps { first, step: Step::Units(step) })) => {
                Some(Sequence { start: first, step })
            }
            _ => None,
        }
    }
}
