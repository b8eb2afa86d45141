//! From a live PostgreSQL to a sketch: its catalog says what the tables are, its statistics what is in them. No row is read.
//!
//! `tables` says which tables; `script` writes the catalog as DDL, which is read as any other; `statistics` asks what ANALYZE
//! has gathered; `keys` and `describe` put that into the sketch, `column` by column or by its `links`: by `line` (numbers and moments, which are `points`, so far apart as `steps` says; `ordered` where a check compares two of them), `words` (categories and texts, with
//! `vocabulary`) and `references` (with `favourites`). `trial` makes a column's values beforehand, where what is written depends on them.

mod column;
mod describe;
mod favourites;
mod keys;
mod line;
mod links;
mod ordered;
mod points;
mod references;
mod script;
mod statistics;
mod steps;
mod tables;
mod trial;
mod vocabulary;
mod words;

use super::ddl::{self, Assembled};
use super::{DrawnUp, Literals, try_out};
use crate::diagnostic::{Diagnostic, Sources};
use crate::server;
use describe::{Known, describe};
use postgres::Client;
use statistics::Statistics;
use std::fmt;
use tables::Table;

/// Which tables to draw up: all of those that are not PostgreSQL's own, unless some are named.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only tables of these schemas.
    pub schemas: Vec<String>,
    /// Only these tables: `orders`, `sales.orders`.
    pub tables: Vec<String>,
}

/// What a spec takes over from a database.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether it may have values that stand in the data.
    pub literals: Literals,
    /// Values that a smaller share of the rows has are not told one by one.
    pub min_frequency: f64,
    /// Whether nothing is counted: what references do is then guessed from the statistics alone.
    pub statistics_only: bool,
}

/// Why no spec can be drawn up.
#[derive(Debug)]
pub enum CatalogError {
    /// The server did not answer as it should.
    Server {
        /// What was being done.
        doing: &'static str,
        /// What went wrong.
        cause: postgres::Error,
    },
    /// There is nothing to draw up.
    NoTable {
        /// What is missing.
        message: String,
        /// What there is instead.
        help: String,
    },
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            CatalogError::NoTable { message, .. } => f.write_str(message),
            CatalogError::Server { doing, cause } => write!(f, "{doing}: {}", server::words(cause)),
        }
    }
}

impl std::error::Error for CatalogError {}

/// For `map_err`: the server's error, with what was being done.
fn doing(doing: &'static str) -> impl Fn(postgres::Error) -> CatalogError {
    move |cause| CatalogError::Server { doing, cause }
}

/// Values are written as a spec reads them, names with their schemas, and nothing is changed.
const SESSION: &str = "set search_path = ''; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres';
set timezone = 'UTC'; set bytea_output = 'hex'; set extra_float_digits = 1; set default_transaction_read_only = on";

/// Draws up a spec from a database's catalog and statistics. It changes settings of the session.
///
/// # Errors
/// When there are no such tables, or the server does not answer.
pub fn from_catalog(
    client: &mut Client,
    selection: &Selection,
    options: &Options,
) -> Result<DrawnUp, CatalogError> {
    client.batch_execute(SESSION).map_err(doing("preparing the session"))?;
    let tables = tables::select(client, selection)?;
    let script = script::write(client, &tables)?;
    let (assembled, mut warnings) = assembled(&script, &tables);
    let Assembled { mut sketch, types, .. } = assembled;
    let mut statistics = Vec::new();
    for table in &tables {
        statistics.push(statistics::of_table(client, table)?);
    }
    let counted = match options.statistics_only {
        true => vec![],
        false => count(client, &tables, &sketch.tables, &mut statistics, &mut warnings)?,
    };
    note_what_is_missing(&tables, &statistics, &mut sketch.tables, &mut warnings);
    let known = Known { types: &types, statistics: &statistics, options };
    keys::as_combinations(&mut sketch, &known, &mut warnings);
    describe(&mut sketch, &known);
    keys::fix_what_cannot_grow(&mut sketch);
    sketch.header = header(client, &tables, &statistics, &counted, options)?;
    Ok(try_out::try_out(sketch, warnings))
}

/// The script as a sketch; what it says has no place in any file.
fn assembled(script: &script::Script, tables: &[Table]) -> (Assembled, Vec<Diagnostic>) {
    let mut schema = ddl::Schema { origin: "database", ..ddl::Schema::default() };
    let mut found = Vec::new();
    let mut sources = Sources::new();
    let source = sources.add("the database", script.text.as_str());
    ddl::read(&script.text, source, &mut schema, &mut found);
    let mut told: Vec<String> = found.into_iter().map(|warning| warning.message).collect();
    for table in tables.iter().filter(|table| table.schema != "public") {
        let of = schema.table_mut(&table.spec_name);
        of.into_iter().for_each(|of| of.schema = Some(table.schema.clone()));
    }
    for (table, note) in &script.notes {
        schema.table_mut(table).into_iter().for_each(|of| of.notes.push(note.clone()));
        told.push(format!("{table}: {note}"));
    }
    told.extend(schema.left_out.iter().map(|left_out| format!("left out: {}", left_out.what)));
    let mut assembled = ddl::assemble(&schema);
    told.append(&mut assembled.warnings);
    (assembled, told.into_iter().map(try_out::warning).collect())
}

/// Counts children per parent for each reference of one column that may have several. What was counted.
fn count(
    client: &mut Client,
    tables: &[Table],
    sketches: &[super::sketch::Table],
    statistics: &mut [Statistics],
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<String>, CatalogError> {
    let mut counted = Vec::new();
    for ((table, sketch), statistics) in tables.iter().zip(sketches).zip(statistics) {
        for (column, _) in sketch.single_references() {
            match statistics::fan_out(client, table, column)? {
                Some(fan_out) => {
                    statistics.fan_outs.insert(column.to_owned(), fan_out);
                    counted.push(format!("{}.{column}", sketch.name));
                }
                None => warnings.push(try_out::warning(format!(
                    "{}.{column}: children per parent cannot be counted without the right to read the table",
                    sketch.name
                ))),
            }
        }
    }
    Ok(counted)
}

fn note_what_is_missing(
    tables: &[Table],
    statistics: &[Statistics],
    sketches: &mut [super::sketch::Table],
    warnings: &mut Vec<Diagnostic>,
) {
    for ((table, of), sketch) in tables.iter().zip(statistics).zip(sketches) {
        let is_empty = of.rows == Some(0);
        let note = match (&of.partition, of.columns.is_empty() && !is_empty) {
            (Some(partition), _) => {
                format!(
                    "values as in the partition {partition}: the whole has no statistics; ANALYZE {} gathers them",
                    table.name
                )
            }
            (None, true) => format!(
                "no statistics, so that values are guesses: ANALYZE {} gathers them, and its columns must be readable",
                table.name
            ),
            (None, false) => continue,
        };
        warnings.push(try_out::warning(format!("{}: {note}", sketch.name)));
        sketch.notes.push(note);
    }
}

fn header(
    client: &mut Client,
    tables: &[Table],
    statistics: &[Statistics],
    counted: &[String],
    options: &Options,
) -> Result<Vec<String>, CatalogError> {
    const SERVER: &str = "select current_database()::text, current_setting('server_version')";
    let server = client.query_one(SERVER, &[]).map_err(doing("asking for the server's version"))?;
    let (database, version): (&str, &str) = (server.get(0), server.get(1));
    let mut lines = vec![
        format!("Drawn up by `datagen init --from` from the database {database} of PostgreSQL {version}."),
        "Read were its catalog (pg_catalog) and what ANALYZE has gathered (pg_class, pg_stats), no rows. Tables:".into(),
    ];
    lines.extend(listed(tables.iter().map(|table| format!("{}.{}", table.schema, table.name))));
    if !counted.is_empty() {
        lines.push("Counted was, by one GROUP BY for each, how many rows each parent has, of".into());
        lines.extend(listed(counted.iter().cloned()));
    }
    let unknown = tables.iter().zip(statistics).filter(|(_, of)| of.rows.is_none());
    let unknown: Vec<String> = unknown.map(|(table, _)| table.name.clone()).collect();
    if !unknown.is_empty() {
        lines.push("Never analysed, so that even row counts are guesses:".into());
        lines.extend(listed(unknown.into_iter()));
    }
    if options.min_frequency > 0.0 {
        lines.push(format!(
            "Values that less than {} of the rows have are not told one by one.",
            options.min_frequency
        ));
    }
    if options.literals == Literals::Hidden {
        lines.push("Made with --no-values: categories have made-up names, bounds are rounded, no text of the data is here.".into());
    }
    lines.push(
        "Columns are described one by one: nothing is known here of how they depend on each other.".into(),
    );
    Ok(lines)
}

/// Names on lines of a readable length.
fn listed(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut().filter(|line| line.len() + name.len() < 108) {
            Some(line) => {
                line.push_str(", ");
                line.push_str(&name);
            }
            None => lines.push(format!("  {name}")),
        }
    }
    lines
}
