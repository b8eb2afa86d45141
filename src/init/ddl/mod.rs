//! From CREATE TABLE statements, as people write them and as pg_dump does, to a sketch.
//!
//! `split` finds the statements, `read` what they declare, and the rest what a spec makes of it.

mod assemble;
mod columns;
mod conditions;
mod counts;
mod elements;
mod keys;
mod read;
mod schema;
mod split;
mod types;
mod words;

use super::{DrawnUp, try_out};
use crate::diagnostic::{Diagnostic, Severity, Sources, Span};
pub use assemble::{Assembled, assemble};
pub use conditions::Fact;
pub use read::read;
pub use schema::Schema;
pub use types::short_name;

/// Draws up a spec from scripts of DDL, which are read in turn.
///
/// # Errors
/// When there is no table in them.
pub fn from_ddl(sources: &Sources, scripts: &[u32]) -> Result<DrawnUp, Vec<Diagnostic>> {
    let mut schema = Schema { origin: "DDL", ..Schema::default() };
    let mut warnings = Vec::new();
    for script in scripts {
        read(&sources.get(*script).text, *script, &mut schema, &mut warnings);
    }
    if schema.tables.iter().all(|table| table.is_partition) {
        return Err(scripts.iter().map(|script| no_table(*script)).collect());
    }
    let names: Vec<&str> = scripts.iter().map(|script| sources.get(*script).name.as_str()).collect();
    let Assembled { mut sketch, warnings: found, .. } = assemble(&schema);
    sketch.header = header(&names);
    warnings.extend(schema.left_out.iter().map(|left_out| {
        let message = format!("left out: {}", left_out.what);
        Diagnostic::new(left_out.span, message).severity(Severity::Warning)
    }));
    warnings.sort_by_key(|warning| warning.span);
    warnings.extend(found.into_iter().map(try_out::warning));
    Ok(try_out::try_out(sketch, warnings))
}

/// What a condition says of columns; nothing where it cannot be read.
pub fn facts_of(condition: &str) -> Vec<Fact> {
    elements::parse_expression(condition).map_or(vec![], |condition| conditions::facts(&condition))
}

fn header(files: &[&str]) -> Vec<String> {
    vec![
        format!("Drawn up by `datagen init --ddl` from {}.", files.join(", ")),
        "Row counts are guesses. Columns that name no generator are filled by what their name says (`datagen list names`).".into(),
    ]
}

fn no_table(source: u32) -> Diagnostic {
    let span = Span { source, start: 0, end: 0 };
    Diagnostic::new(span, "there is no CREATE TABLE statement in this file").help(
        "such as `pg_dump --schema-only` writes them; samples of data are read by `datagen init --sample`",
    )
}
