//! Columns that a check ties to others of the row, drawn by themselves: above another one where they nearly always are, or present where a
//! condition holds.

use super::column::{Place, is_computed};
use super::line::turned;
use super::statistics::OfColumn;
use super::words::Made;
use crate::init::ddl::{Fact, facts_of, short_name};
use crate::init::sketch::{Column, Maker, Table};
use crate::init::yaml::quoted;
use crate::value::text::quote_identifier;

/// Values of so many rows may be moved for the sake of the check.
const TURNED: f64 = 0.02;

impl Place<'_> {
    /// A hidden column is drawn as the statistics say; where it falls below what the check allows, that is taken instead.
    pub fn drawn_above(&self, table: &Table, bounds: &[Maker]) -> Option<Made> {
        let least =
            bounds.first()?.0.iter().find(|(key, _)| *key == "min").map(|(_, value)| value.as_str())?;
        // A scalar of YAML; names and intervals need no escapes there.
        let least = least.trim_matches('"').to_owned();
        if least.contains('\\') {
            return None;
        }
        let first = self.known.statistics[self.at].columns.iter().find(|(name, _)| {
            let name = quote_identifier(name);
            least == name || least.starts_with(&format!("{name} "))
        });
        let (first_name, first) = first?;
        let types = &self.known.types[self.at];
        let at = self.sketch.tables[self.at].columns.iter().position(|column| column.name == *first_name)?;
        let (first_type, sql_type) = (&types[at], &types[self.column]);
        if first_type.is_temporal() != sql_type.is_temporal()
            || turned((first, first_type), (self.of, sql_type))? > TURNED
        {
            return None;
        }
        let free = self.free(table);
        if free.makers.is_empty() {
            return None;
        }
        let null = table.columns[self.column].null.clone().filter(|_| !free.has_nulls);
        Some(self.read_from_drawn(table, free, null, |drawn| {
            format!("case when {drawn} < {least} then {least} else {drawn} end")
        }))
    }

    /// `(status = 'paid') = (paid_on IS NOT NULL)`: a hidden column is drawn for all rows, and shows where the condition holds.
    pub fn drawn_when_present(&self, table: &Table) -> Option<Made> {
        let condition = self.condition(table)?;
        let own = &table.columns[self.column];
        let of = without_nulls(self.of)?;
        let rows = libm::round(self.rows as f64 * (1.0 - self.of.null_share)) as u64;
        let drawn = match is_computed(&own.makers) {
            true => own.makers.clone().into(),
            false => Place { of: &of, rows, ..*self }.free(table),
        };
        if drawn.makers.is_empty() {
            return None;
        }
        Some(
            self.read_from_drawn(table, drawn, None, |drawn| {
                format!("case when {condition} then {drawn} end")
            }),
        )
    }

    /// The column as an expression over a hidden one, which is made so, with nulls of its own.
    fn read_from_drawn(
        &self,
        table: &Table,
        made: Made,
        null: Option<String>,
        expression: impl FnOnce(&str) -> String,
    ) -> Made {
        let name = table.free_name(format!("{}_drawn", table.columns[self.column].name));
        let expression = expression(&quote_identifier(&name));
        let column = Column {
            name,
            sql_type: short_name(&self.known.types[self.at][self.column]),
            is_hidden: true,
            null,
            makers: made.makers,
            ..Column::default()
        };
        let makers = vec![Maker(vec![("expr", quoted(&expression))])];
        let columns = made.columns.into_iter().chain([column]).collect();
        Made { makers, columns, tables: made.tables, has_nulls: true }
    }

    /// Where a check says that the column has a value, if one does.
    fn condition(&self, table: &Table) -> Option<String> {
        let name = &table.columns[self.column].name;
        let not_null = |other: &str| format!("{} is not null", quote_identifier(other));
        let checks = table.checks.iter().filter(|check| check.is_kept());
        checks.flat_map(|check| facts_of(&check.what.expression)).find_map(|fact| match fact {
            Fact::PresentWhen { column, condition } if column == *name => Some(condition),
            Fact::NullTogether { first, second } if second == *name => Some(not_null(&first)),
            // A reference is null by itself; what is beside it follows.
            Fact::NullTogether { first, second }
                if first == *name && table.reference_of(&second).is_some() =>
            {
                Some(not_null(&second))
            }
            _ => None,
        })
    }
}

/// What is known of the values alone.
fn without_nulls(of: &OfColumn) -> Option<OfColumn> {
    let present = 1.0 - of.null_share;
    let common = of.common.iter().map(|(text, share)| (text.clone(), share / present)).collect();
    (present > 0.0).then(|| OfColumn { null_share: 0.0, common, ..of.clone() })
}
