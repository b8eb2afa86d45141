//! What ANALYZE has gathered of the tables, and how references fan out.

use super::tables::Table;
use super::{CatalogError, doing};
use crate::value::text::quote_identifier;
use postgres::{Client, Row};
use std::collections::BTreeMap;

/// What is known of a table's data.
#[derive(Default)]
pub struct Statistics {
    /// Rows, as far as they are known.
    pub rows: Option<u64>,
    pub columns: BTreeMap<String, OfColumn>,
    /// Of references of one column.
    pub fan_outs: BTreeMap<String, FanOut>,
    /// The partition whose statistics stand for the whole table's, which has none of its own.
    pub partition: Option<String>,
}

/// What is known of a column's values.
#[derive(Clone, Debug, Default)]
pub struct OfColumn {
    /// The share of rows that are null.
    pub null_share: f64,
    /// How many values differ.
    pub distinct: f64,
    /// The most common values with their shares of all rows, the commonest first.
    pub common: Vec<(String, f64)>,
    /// Other values in order, as many between each two.
    pub bounds: Vec<String>,
    /// How much the order of values is that of rows, -1 to 1.
    pub correlation: f64,
    /// Bytes of a value.
    pub width: i32,
    /// Of arrays: elements with the shares of rows that have them.
    pub elements: Vec<(String, f64)>,
    /// Of arrays: how many different elements, in order, as many rows between each two.
    pub lengths: Vec<f64>,
}

/// How many children parents have that have any: a number of children, and how many parents have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FanOut(pub Vec<(u64, u64)>);

const COLUMNS: &str = "
select s.attname::text, s.null_frac::float8, s.avg_width, s.n_distinct::float8,
  s.most_common_vals::text::text[], s.most_common_freqs::float8[], s.histogram_bounds::text::text[],
  s.correlation::float8, s.most_common_elems::text::text[], s.most_common_elem_freqs::float8[],
  s.elem_count_histogram::float8[]
from pg_stats s
where s.schemaname = $1 and s.tablename = $2 and s.inherited = $3";

/// The partition with most rows.
const LARGEST_PARTITION: &str = "
select n.nspname::text, c.relname::text
from pg_partition_tree($1::oid::regclass) t join pg_class c on c.oid = t.relid join pg_namespace n on n.oid = c.relnamespace
where t.isleaf order by c.reltuples desc, n.nspname, c.relname limit 1";

/// Asks for the statistics of a table.
pub fn of_table(client: &mut Client, table: &Table) -> Result<Statistics, CatalogError> {
    let mut statistics =
        Statistics { rows: table.rows.map(|rows| rows.max(0.0) as u64), ..Statistics::default() };
    let mut ask = |schema: &str, name: &str, inherited: bool| {
        client.query(COLUMNS, &[&schema, &name, &inherited]).map_err(doing("reading pg_stats"))
    };
    let mut found = ask(&table.schema, &table.name, table.partition_key.is_some())?;
    if found.is_empty() && table.partition_key.is_some() {
        let largest = client.query_opt(LARGEST_PARTITION, &[&table.oid]);
        if let Some(row) = largest.map_err(doing("looking for the largest partition"))? {
            let (schema, name): (String, String) = (row.get(0), row.get(1));
            found = client.query(COLUMNS, &[&schema, &name, &false]).map_err(doing("reading pg_stats"))?;
            statistics.partition = Some(name).filter(|_| !found.is_empty());
        }
    }
    let rows = statistics.rows.unwrap_or(0) as f64;
    statistics.columns = found.iter().map(|row| (row.get(0), of_column(row, rows))).collect();
    Ok(statistics)
}

fn of_column(row: &Row, rows: f64) -> OfColumn {
    let texts = |at: usize| row.get::<_, Option<Vec<String>>>(at).unwrap_or_default();
    let numbers = |at: usize| row.get::<_, Option<Vec<f64>>>(at).unwrap_or_default();
    let distinct: f64 = row.get(3);
    OfColumn {
        null_share: row.get(1),
        width: row.get(2),
        // Below zero it is a part of the rows.
        distinct: if distinct < 0.0 { -distinct * rows } else { distinct },
        common: texts(4).into_iter().zip(numbers(5)).collect(),
        bounds: texts(6),
        correlation: row.get::<_, Option<f64>>(7).unwrap_or(0.0),
        // After the elements' shares come their least, their largest, and that of nulls.
        elements: texts(8).into_iter().zip(numbers(9)).collect(),
        // After the numbers of elements comes their mean.
        lengths: numbers(10).split_last().map(|(_, lengths)| lengths.to_vec()).unwrap_or_default(),
    }
}

/// Counts the children of each parent, and how many parents have as many: one aggregate over the referring column. `None` where
/// the table may not be read.
pub fn fan_out(client: &mut Client, table: &Table, column: &str) -> Result<Option<FanOut>, CatalogError> {
    let (name, column) = (table.qualified(), quote_identifier(column));
    let query = format!(
        "select children, count(*) from (select count(*) as children from {name} where {column} is not null \
         group by {column}) as of_parents group by children order by children"
    );
    match client.query(&query, &[]) {
        Ok(rows) => {
            let pair = |row: &Row| (row.get::<_, i64>(0) as u64, row.get::<_, i64>(1) as u64);
            Ok(Some(FanOut(rows.iter().map(pair).collect())))
        }
        Err(error) if error.code() == Some(&postgres::error::SqlState::INSUFFICIENT_PRIVILEGE) => Ok(None),
        Err(error) => Err(doing("counting children per parent")(error)),
    }
}

impl OfColumn {
    /// The share of rows that have one of the commonest values.
    pub fn common_share(&self) -> f64 {
        self.common.iter().map(|(_, share)| share).sum()
    }

    /// All values with their shares of all rows, the commonest first, if PostgreSQL has kept all of them: the others are then
    /// bounds of the histogram, and alike.
    pub fn listed(&self) -> Option<Vec<(String, f64)>> {
        let rest = (1.0 - self.null_share - self.common_share()).max(0.0);
        let mut others = self.bounds.clone();
        others.dedup();
        let known = (self.common.len() + others.len()) as f64;
        let is_all = match others.len() {
            0 => known > self.distinct - 0.5 || rest < 0.001 && known >= 0.92 * self.distinct,
            _ => known >= 0.92 * self.distinct,
        };
        let is_known = !self.common.is_empty() || !others.is_empty();
        (is_all && is_known).then(|| {
            let share = rest / others.len() as f64;
            self.common.iter().cloned().chain(others.into_iter().map(|text| (text, share))).collect()
        })
    }

    /// The commonest values that are worth telling: of a long list, what stands in two rows is there by chance.
    pub fn heads(&self, rows: u64, min_frequency: f64) -> Vec<(String, f64)> {
        let is_cut = self.distinct > 2.0 * self.common.len() as f64;
        let least = if is_cut { 2.5 / rows.max(1) as f64 } else { 0.0 };
        self.common.iter().filter(|(_, share)| *share >= min_frequency.max(least)).cloned().collect()
    }

    /// Whether each value stands in one row only, and PostgreSQL has kept every one.
    pub fn is_listed_once(&self, rows: u64) -> bool {
        let values = libm::round(rows as f64 * (1.0 - self.null_share));
        self.common.is_empty() && !self.bounds.is_empty() && self.bounds.len() as f64 == values
    }
}

impl FanOut {
    /// Parents that have children.
    pub fn parents(&self) -> u64 {
        self.0.iter().map(|(_, parents)| parents).sum()
    }

    pub fn children(&self) -> u64 {
        self.0.iter().map(|(children, parents)| children * parents).sum()
    }
}
