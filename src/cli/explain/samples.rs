//! Samples through the front door: a small spec with the column in it, planned and computed as any other.

use crate::diagnostic::Sources;
use crate::generate::{Options, Worker};
use crate::plan::{self, Overrides};
use crate::spec::Spec;
use crate::value::text;

/// What a column holds.
pub struct Sample {
    /// Where values come from.
    pub origin: String,
    /// The first three.
    pub values: Vec<String>,
}

/// The column of that name and definition, in a table of three rows; `None` where it needs more to be one (arguments,
/// a reference).
pub fn of_column(name: &str, definition: &str) -> Option<Sample> {
    let spec = format!("tables: {{t: {{rows: 3, columns: {{{name}: {}}}}}}}", yaml(definition));
    let mut sources = Sources::new();
    let source = sources.add("sample", spec);
    let spec = Spec::parse(&mut sources, source).ok()?;
    let plan = plan::plan(&spec, &Overrides::default()).ok()?;
    let planned = &plan.tables[0].columns[0];
    let vector = Worker::new(&plan, Options::default()).batch(0, 0..3, &[0]).ok()?.remove(0);
    let value = |at: usize| {
        let mut bytes = Vec::new();
        match vector.is_valid(at) {
            true => text::value(&mut bytes, &planned.sql_type, &vector, at),
            false => bytes.extend_from_slice(b"NULL"),
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Some(Sample { origin: planned.origin.clone(), values: (0..vector.len()).map(value).collect() })
}

/// A mapping stays as it is; an SQL definition is quoted, since it may hold commas.
fn yaml(definition: &str) -> String {
    if definition.starts_with('{') {
        definition.to_owned()
    } else {
        format!("'{}'", definition.replace('\'', "''"))
    }
}

/// One below the other, as code; long ones cut.
pub fn lines(values: &[String]) -> String {
    const WIDTH: usize = 100;
    let line = |value: &String| {
        let value = value.replace('\n', "\\n");
        match value.char_indices().nth(WIDTH) {
            Some((end, _)) => format!("    {}...\n", &value[..end]),
            None => format!("    {value}\n"),
        }
    };
    values.iter().map(line).collect()
}
