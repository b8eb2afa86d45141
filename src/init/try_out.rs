//! Tries a sketch: plans it and generates its first and last rows. What is refused gets its second choice, or is left out.

use super::DrawnUp;
use super::sketch::{Item, Maker, Rows, Sketch};
use super::yaml::{self, Part, Written};
use crate::diagnostic::{Diagnostic, Severity, Sources};
use crate::expression::Failure;
use crate::generate::{Options, Worker, prepare};
use crate::plan::{self, Overrides, Plan};
use crate::spec::{BadSpec, Spec};
use std::collections::BTreeMap;

/// Rows of each table that are generated from its first on, and before its last.
const TRIED_ROWS: u64 = 4_096;

/// More rounds than any sketch has choices.
const ROUNDS: usize = 1_000;

/// Writes the sketch, and mends it until it works. `warnings` are what is known to be missing already.
pub fn try_out(mut sketch: Sketch, mut warnings: Vec<Diagnostic>) -> DrawnUp {
    let mut before = Before::new();
    for _ in 0..ROUNDS {
        let written = yaml::write(&sketch);
        let problems = problems(&sketch, &written);
        if problems.is_empty() {
            return DrawnUp { spec: written.text, warnings };
        }
        let mut hopeless = Vec::new();
        for problem in problems {
            let mended = problem
                .part
                .is_some_and(|part| mend(&mut sketch, part, &problem, &mut before, &mut warnings));
            if !mended {
                hopeless.push(problem.message);
            }
        }
        if !hopeless.is_empty() {
            let told = hopeless.into_iter().map(|message| format!("the spec needs your hand: {message}"));
            warnings.extend(told.map(warning));
            break;
        }
    }
    DrawnUp { spec: yaml::write(&sketch).text, warnings }
}

/// What made the columns of a check, by its table and its place there, before it was first broken.
type Before = BTreeMap<(usize, usize), Vec<(String, Vec<Maker>)>>;

/// A warning without a place.
pub fn warning(message: impl Into<String>) -> Diagnostic {
    Diagnostic::nowhere(message).severity(Severity::Warning)
}

/// Something that was refused.
struct Problem {
    part: Option<Part>,
    message: String,
    /// The text that was marked, if the plan refused it.
    marked: String,
}

/// What is wrong, one problem for each part. The plan's problems hide those of the rows.
fn problems(sketch: &Sketch, written: &Written) -> Vec<Problem> {
    let mut sources = Sources::new();
    let source = sources.add("spec", written.text.as_str());
    let spec = Spec::parse(&mut sources, source).map_err(|BadSpec { problems, .. }| problems);
    let planned = spec.and_then(|spec| plan::plan(&spec, &Overrides::default()));
    let proved = planned.and_then(|plan| prepare(&plan).map(|()| plan));
    match proved {
        Ok(plan) => failures(sketch, &plan),
        Err(problems) => {
            let of = |problem: &Diagnostic| {
                let line = problem.span.map_or(0, |span| sources.locate(span).line);
                let marked = problem.span.map_or("", |span| sources.slice(span)).to_owned();
                Problem { part: written.part(line), message: problem.message.clone(), marked }
            };
            once_each(problems.iter().map(of))
        }
    }
}

/// One problem for each part: the first. The others may have gone when that is mended.
fn once_each(problems: impl Iterator<Item = Problem>) -> Vec<Problem> {
    let mut kept: Vec<Problem> = Vec::new();
    for problem in problems {
        if problem.part.is_none() || kept.iter().all(|other| other.part != problem.part) {
            kept.push(problem);
        }
    }
    kept
}

/// What the rows of the plan say.
fn failures(sketch: &Sketch, plan: &Plan) -> Vec<Problem> {
    let mut worker = Worker::new(plan, Options::default());
    let mut found = Vec::new();
    for table in 0..plan.tables.len() {
        found.extend(failures_of(sketch, &mut worker, table));
    }
    once_each(found.into_iter())
}

fn failures_of(sketch: &Sketch, worker: &mut Worker, table: usize) -> Vec<Problem> {
    let plan = worker.plan();
    let of = &plan.tables[table];
    // Column by column, then what each check reads: so every failure shows what it is about.
    let columns = (0..of.columns.len()).map(|column| vec![column]);
    let checked = of.checks.iter().filter_map(|check| Some(check.condition.as_ref()?.inputs().to_vec()));
    let mut found: BTreeMap<String, Option<Part>> = BTreeMap::new();
    for columns in columns.chain(checked) {
        if let Err(failure) = first_failure(worker, table, &columns) {
            let part = part_of(sketch, plan, table, &failure);
            found.insert(failure.to_string(), part);
        }
    }
    found.into_iter().map(|(message, part)| Problem { part, message, marked: String::new() }).collect()
}

fn first_failure(worker: &mut Worker, table: usize, columns: &[usize]) -> Result<(), Failure> {
    let rows = worker.plan().tables[table].rows;
    let step = worker.options().batch_rows as u64;
    let head = 0..rows.min(TRIED_ROWS);
    let tail = rows.saturating_sub(TRIED_ROWS).max(head.end)..rows;
    for range in [head, tail] {
        let mut start = range.start;
        while start < range.end {
            let end = range.end.min(start + step);
            worker.batch(table, start..end, columns)?;
            start = end;
        }
    }
    Ok(())
}

/// What a failure is about: a check of the table, or the column that it names.
fn part_of(sketch: &Sketch, plan: &Plan, table: usize, failure: &Failure) -> Option<Part> {
    let place = failure.place.as_deref()?;
    let place = place.rsplit_once(", row ").map_or(place, |(place, _)| place);
    let of = &plan.tables[table];
    let is_check = |name: &str| {
        failure.message.starts_with(&format!("check `{name}` does not hold"))
            || place == format!("{}.{name}", of.name)
    };
    if let Some(at) = of.checks.iter().position(|check| is_check(&check.name)) {
        return check_parts(sketch, table).get(at).copied();
    }
    sketch.tables.iter().enumerate().find_map(|(table, of)| {
        let column = of.columns.iter().position(|column| place == format!("{}.{}", of.name, column.name))?;
        Some(Part::Column(table, column))
    })
}

/// The parts of a table's checks, in the plan's order: those of columns first.
fn check_parts(sketch: &Sketch, table: usize) -> Vec<Part> {
    let of = &sketch.tables[table];
    let columns = of.columns.iter().enumerate().filter(|(_, column)| column.check.is_some());
    let listed = of.checks.iter().enumerate().filter(|(_, check)| check.is_kept());
    columns
        .map(|(at, _)| Part::Column(table, at))
        .chain(listed.map(|(at, _)| Part::Check(table, at)))
        .collect()
}

/// Replaces a part by its next choice, or leaves it out. False when there is nothing left to try.
fn mend(
    sketch: &mut Sketch,
    part: Part,
    problem: &Problem,
    before: &mut Before,
    warnings: &mut Vec<Diagnostic>,
) -> bool {
    let why = problem.message.as_str();
    let table_name = match part {
        Part::Rows(at)
        | Part::Column(at, _)
        | Part::PrimaryKey(at)
        | Part::Unique(at, _)
        | Part::Check(at, _)
        | Part::Index(at, _)
        | Part::ForeignKey(at, _) => sketch.tables[at].name.clone(),
    };
    let mut tell = |what: String| warnings.push(warning(format!("{table_name}: {what} is left out: {why}")));
    match part {
        Part::Rows(at) => {
            let rows = &mut sketch.tables[at].rows;
            let is_per = matches!(rows, Rows::Per { .. });
            *rows = Rows::default();
            is_per
        }
        Part::Column(table, column) => mend_column(sketch, table, column, problem, &mut tell),
        Part::PrimaryKey(at) => {
            let of = &mut sketch.tables[at];
            // Combinations are made of plain references.
            if of.primary_key.clone().iter().any(|name| without_shape(of, name)) || fewer_rows(&mut of.rows) {
                return true;
            }
            tell(format!("the primary key ({})", of.primary_key.join(", ")));
            of.notes.push(format!("primary_key: [{}] is left out: {why}", of.primary_key.join(", ")));
            of.primary_key.clear();
            true
        }
        Part::Unique(table, at) => {
            let of = &mut sketch.tables[table];
            if why.contains("combinations") && fewer_rows(&mut of.rows) {
                return true;
            }
            tell(format!("UNIQUE ({})", of.uniques[at].what.columns.join(", ")));
            leave_out(&mut of.uniques[at], why)
        }
        Part::Check(table, at) => {
            let of = &mut sketch.tables[table];
            let columns = of.checks[at].what.columns.clone();
            let makers = |name: &String| Some((name.clone(), of.column(name)?.makers.clone()));
            let first = before
                .entry((table, at))
                .or_insert_with(|| columns.iter().filter_map(makers).collect())
                .clone();
            if columns.iter().rev().any(|name| next_maker(of, name)) {
                return true;
            }
            // Nothing helped: then nothing is gained by second choices.
            for (name, makers) in first {
                of.column_mut(&name).into_iter().for_each(|column| column.makers.clone_from(&makers));
            }
            tell(format!("CHECK ({})", of.checks[at].what.expression));
            leave_out(&mut of.checks[at], why)
        }
        Part::Index(table, at) => {
            let of = &mut sketch.tables[table];
            let columns = of.indexes[at].what.columns.clone();
            if of.indexes[at].what.is_unique && columns.iter().rev().any(|name| next_maker(of, name)) {
                return true;
            }
            let index = &mut of.indexes[at];
            tell(format!("the index on ({})", index.what.elements().join(", ")));
            leave_out(index, why)
        }
        Part::ForeignKey(table, at) => {
            let key = &mut sketch.tables[table].foreign_keys[at];
            if key.what.makers.len() > 1 {
                key.what.makers.remove(0);
                return true;
            }
            let to = &key.what.reference.table;
            tell(format!("the foreign key ({}) to {to}", key.what.columns.join(", ")));
            leave_out(key, why)
        }
    }
}

fn leave_out<T>(item: &mut Item<T>, why: &str) -> bool {
    item.left_out = Some(why.to_owned());
    true
}

/// A quarter of the rows, if there are enough; a plain number of them, if they were made per a parent.
fn fewer_rows(rows: &mut Rows) -> bool {
    match rows {
        Rows::Per { .. } => {
            *rows = Rows::default();
            true
        }
        Rows::Fixed(count) | Rows::Scaled(count) if *count > 3 => {
            *count /= 4;
            true
        }
        _ => false,
    }
}

fn next_maker(table: &mut super::sketch::Table, column: &str) -> bool {
    let Some(column) = table.column_mut(column) else { return false };
    let has_more = column.makers.len() > 1;
    if has_more {
        column.makers.remove(0);
    }
    has_more
}

/// The next choice of a reference whose parents are chosen by a distribution or weights.
fn without_shape(table: &mut super::sketch::Table, column: &str) -> bool {
    let listed = table.foreign_keys.iter_mut().find(|key| key.is_kept() && key.what.columns == [column]);
    let makers = match listed {
        Some(key) => Some(&mut key.what.makers),
        None => table.column_mut(column).map(|column| &mut column.makers),
    };
    let is_shape = |maker: &Maker| maker.0.iter().any(|(key, _)| matches!(*key, "distribution" | "weight"));
    let Some(makers) = makers.filter(|makers| makers.len() > 1 && makers.first().is_some_and(is_shape))
    else {
        return false;
    };
    makers.remove(0);
    true
}

/// There are few texts of a kind that a unique column asks for: then the table is a look-up.
fn few_differ(table: &mut super::sketch::Table, column: usize, why: &str) -> bool {
    let is_unique = table.columns[column].is_unique || table.columns[column].is_primary_key;
    let is_first = table.columns[column].makers.first() == Some(&Maker::unnamed());
    let refers = table.single_references().next().is_some();
    let is_first_time =
        is_unique && is_first && !refers && table.rows == Rows::default() && why.contains("rows");
    if is_first_time {
        table.rows = Rows::Fixed(20);
    }
    is_first_time
}

/// What a column can do without goes one by one: first choices, then what is declared.
fn mend_column(
    sketch: &mut Sketch,
    table: usize,
    column: usize,
    problem: &Problem,
    tell: &mut impl FnMut(String),
) -> bool {
    let why = problem.message.as_str();
    let of = &mut sketch.tables[table];
    let name = of.columns[column].name.clone();
    let is_of_check = problem.marked.len() > 2
        && of.columns[column].check.as_ref().is_some_and(|check| check.contains(&problem.marked));
    if !is_of_check && (few_differ(of, column, why) || next_maker(of, &name)) {
        return true;
    }
    let (rows, of) = (&mut of.rows, &mut of.columns[column]);
    let is_too_many = of.is_unique || of.is_primary_key;
    let mut left_out = |notes: &mut Vec<String>, what: String| {
        tell(format!("{name}: {what}"));
        notes.push(format!("{what} is left out: {why}"));
    };
    if is_of_check && let Some(check) = of.check.take() {
        left_out(&mut of.notes, format!("check ({check})"));
    } else if let Some(reference) = of.references.take() {
        left_out(&mut of.notes, format!("references {}", reference.table));
        of.is_earlier = false;
    } else if let Some(check) = of.check.take() {
        left_out(&mut of.notes, format!("check ({check})"));
    } else if of.null.take().is_some() || (is_too_many && fewer_rows(rows)) {
        return true;
    } else if std::mem::take(&mut of.is_unique) {
        left_out(&mut of.notes, "unique".into());
    } else if let Some(default) = of.default.take() {
        left_out(&mut of.notes, format!("default {default}"));
    } else {
        return false;
    }
    true
}
