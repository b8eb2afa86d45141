//! Columns that a check holds above another column of the row: drawn by themselves where they nearly always are.

use super::column::Place;
use super::line::turned;
use super::words::Made;
use crate::init::ddl::short_name;
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
        let own = &table.columns[self.column];
        let mut name = format!("{}_drawn", own.name);
        while table.column(&name).is_some() {
            name.insert(0, '_');
        }
        let drawn = quote_identifier(&name);
        let expression = format!("case when {drawn} < {least} then {least} else {drawn} end");
        let column = Column {
            name,
            sql_type: short_name(sql_type),
            is_hidden: true,
            null: own.null.clone().filter(|_| !free.has_nulls),
            makers: free.makers,
            ..Column::default()
        };
        let makers = vec![Maker(vec![("expr", quoted(&expression))])];
        let columns = free.columns.into_iter().chain([column]).collect();
        Some(Made { makers, columns, tables: free.tables, has_nulls: true })
    }
}
