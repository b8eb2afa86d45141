//! The library's front door: a spec in, vectors out.

use datagen::diagnostic::{Diagnostic, Sources};
use datagen::expression::Failure;
use datagen::generate::{Options, Worker, prepare};
use datagen::plan::{Overrides, Plan, plan};
use datagen::spec::Spec;
use datagen::value::{Vector, text};

/// The plan of a spec that is right.
pub fn planned(text: &str) -> Plan {
    planned_with(text, &Overrides::default())
}

/// The same, with what a command line changes.
pub fn planned_with(text: &str, overrides: &Overrides) -> Plan {
    try_plan(Sources::new(), text, overrides).unwrap_or_else(|told| panic!("{told}"))
}

/// The plan, ready to run, or its problems as they are shown; files that the spec names are read from the sources.
pub fn try_plan(mut sources: Sources, text: &str, overrides: &Overrides) -> Result<Plan, String> {
    let source = sources.add("test.yaml", text);
    let show = |sources: &Sources, problems: Vec<Diagnostic>| -> String {
        problems.iter().map(|problem| sources.render(problem, false)).collect()
    };
    let spec = Spec::parse(&mut sources, source).map_err(|bad| show(&sources, bad.problems))?;
    let ready = plan(&spec, overrides).and_then(|plan| prepare(&plan).map(|()| plan));
    ready.map_err(|problems| show(&sources, problems))
}

/// A whole column.
pub fn column(plan: &Plan, table: &str, column: &str, options: Options) -> Vector {
    try_column(plan, table, column, options).expect("can be computed")
}

/// A whole column, or why one of its values cannot be.
pub fn try_column(plan: &Plan, table: &str, column: &str, options: Options) -> Result<Vector, Failure> {
    let table = plan.tables.iter().position(|of| of.name == table).expect("the table is there");
    let of = &plan.tables[table];
    let at = of.columns.iter().position(|of| of.name == column).expect("the column is there");
    let mut worker = Worker::new(plan, options);
    let mut parts = Vec::new();
    let mut row = 0;
    while row < of.rows {
        let end = of.rows.min(row + options.batch_rows as u64);
        parts.push(worker.batch(table, row..end, &[at])?.remove(0));
        row = end;
    }
    Ok(Vector::concat(&parts.iter().map(|part| &**part).collect::<Vec<_>>()))
}

/// A column of whole numbers without nulls.
pub fn ints(plan: &Plan, table: &str, name: &str) -> Vec<i64> {
    column(plan, table, name, Options::default()).ints().to_vec()
}

/// A column as texts, `None` where it is null.
pub fn texts(plan: &Plan, table: &str, name: &str) -> Vec<Option<String>> {
    let vector = column(plan, table, name, Options::default());
    let of = plan.tables.iter().find(|of| of.name == table).expect("the table is there");
    let of = of.columns.iter().find(|of| of.name == name).expect("the column is there");
    let show = |at: usize| {
        let mut out = Vec::new();
        text::value(&mut out, &of.sql_type, &vector, at);
        String::from_utf8(out).expect("values are UTF-8")
    };
    (0..vector.len()).map(|at| vector.is_valid(at).then(|| show(at))).collect()
}

/// A column as SQL prints it; null is `-`.
pub fn printed(plan: &Plan, table: &str, name: &str) -> Vec<String> {
    texts(plan, table, name).into_iter().map(|text| text.unwrap_or("-".to_owned())).collect()
}
