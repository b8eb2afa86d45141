//! The long form of a column: a mapping.

use super::fields::{self, Fields, Problems};
use super::lower::Types;
use super::model::{
    At, Case, CaseValue, CheckSpec, ColumnSpec, Generator, LengthSpec, Modifiers, Reference, UuidVersion,
    Weighted,
};
use super::node::{Key, Node, Value};
use super::{
    choice, datagen_cli, document, modifiers, moments, noise, nulls, one_of, series, sql_column, type_name,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::EnumType;
use std::sync::Arc;

/// Reads a column in either form.
pub(super) fn read(
    name: At<String>,
    node: &Node,
    types: &Types,
    problems: &mut Problems,
) -> Option<ColumnSpec> {
    match &node.value {
        Value::Text(text) => {
            sql_column::parse(name, &At::new(text.clone(), node.span), types.enums, problems)
        }
        Value::Map(_) => mapping(name, node, types, problems),
        _ => {
            let problem = Diagnostic::new(node.span, format!("column `{}` has no definition", name.value));
            problems.push(
                problem.help("write an SQL definition such as `text not null`, or a mapping with `type:`"),
            );
            None
        }
    }
}

/// A column whose definition could not be read: only its name is known.
pub(super) fn unread(name: At<String>) -> ColumnSpec {
    sql_column::empty(name)
}

fn mapping(name: At<String>, node: &Node, types: &Types, problems: &mut Problems) -> Option<ColumnSpec> {
    let mut fields = Fields::of(node, format!("column `{}`", name.value), problems)?;
    if types.is_foreign_table {
        fields.take_foreign("name");
    }
    let enums = types.enums;
    let mut column = match fields.take_foreign(super::reuse::DEFINITION) {
        Some((_, Node { value: Value::Text(text), span })) => {
            sql_column::parse(name, &At::new(text.clone(), *span), enums, problems)?
        }
        _ => sql_column::empty(name),
    };
    if let Some(text) = fields.text("type", problems)
        && !datagen_cli::declared_type(&mut column, &text, types.foreign)
    {
        match type_name::parse(&text.value, enums) {
            Ok(read) => {
                column.sql_type = Some(At::new(read.sql_type, text.span));
                column.identity = read.is_serial.then_some(super::IdentitySpec::Serial);
            }
            Err(bad) => problems.push(long_type_problem(bad, &text, enums)),
        }
    }
    // An SQL definition that is extended has said some of this before.
    column.primary_key = fields.flag_over("primary_key", column.primary_key, problems);
    column.unique = fields.flag_over("unique", column.unique, problems);
    column.not_null = fields.flag_over("not_null", column.not_null, problems);
    let nulls = nulls::read(&mut fields, problems);
    (column.null, column.null_group, column.null_exact) = (nulls.share, nulls.group, nulls.exact);
    datagen_cli::column_keys(&mut fields, &mut column, problems);
    if let Some(node) = fields.take("default")
        && !(types.is_foreign_table && matches!(node.value, Value::Null))
        && let Some(text) = fields::scalar(node, "default", problems)
    {
        let text = match types.is_foreign_table {
            true => datagen_cli::default(&mut column, text, types.foreign),
            false => text,
        };
        sql_column::check_default(&text, problems);
        column.default = Some(text.value);
    }
    column
        .checks
        .extend(fields.text("check", problems).map(|expression| CheckSpec::declared(None, expression)));
    column.comment = fields.plain_text("comment", problems).or(column.comment);
    column.hidden = fields.flag("hidden", problems).is_some();
    column.references =
        fields.take("references").and_then(|node| reference(node, problems)).or(column.references);
    column.changes = changes(&mut fields, problems);
    column.valid_at = fields.text("valid_at", problems);
    column.choice = choice::read(&mut fields, problems);
    column.earlier = choice::earlier(&mut fields, &mut column.choice, problems);
    column.one_of = one_of::read(&mut fields, problems);
    let foreign = datagen_cli::generator(&mut fields, &column, problems);
    column.distribution = fields.call("distribution", problems);
    column.modifiers = modifiers::of_column(&mut fields, problems);
    column.length = fields.take("length").and_then(|node| length(node, problems));
    column.generator = generator(&mut fields, problems);
    column.noise = fields.take_entry("noise").and_then(|(key, node)| noise::of_column(key, node, problems));
    datagen_cli::use_generator(&mut column, foreign, types.foreign, problems);
    fields.finish(problems);
    Some(column)
}

/// `changes: true`, or a share.
fn changes(fields: &mut Fields, problems: &mut Problems) -> Option<At<f64>> {
    let node = fields.take("changes")?;
    match node.value {
        Value::Bool(false) => None,
        Value::Bool(true) => Some(At::new(1.0, node.span)),
        _ => fields::share_of(node, "changes", problems),
    }
}

/// A type that is refused; when it is a whole definition, say where the rest goes.
fn long_type_problem(bad: type_name::BadType, text: &At<String>, enums: &[Arc<EnumType>]) -> Diagnostic {
    let constraints = ["primary key", "not null", "unique", "references", "default"];
    let lower = text.value.to_lowercase();
    let problem = sql_column::type_problem(bad, text.span, enums);
    match constraints.iter().find(|constraint| lower.contains(*constraint)) {
        Some(constraint) => {
            let key = constraint.replace(' ', "_");
            problem.help(format!("in a mapping `type` is only the type; write `{key}:` as a key of its own"))
        }
        None => problem,
    }
}

/// `table`, `table(column)`, or `{table, column, on_delete, on_update}`.
pub(super) fn reference(node: &Node, problems: &mut Problems) -> Option<Reference> {
    let plain = |table, columns| Reference { table, columns, on_delete: None, on_update: None };
    if let Value::Map(_) = node.value {
        let mut fields = Fields::of(node, "`references`", problems)?;
        let table = fields.text("table", problems);
        let mut columns = fields.names("column", problems).unwrap_or_default();
        columns.extend(fields.names("columns", problems).unwrap_or_default());
        let on_delete = action(&mut fields, "on_delete", problems);
        let on_update = action(&mut fields, "on_update", problems);
        fields.finish(problems);
        let Some(table) = table else {
            problems.push(Diagnostic::new(node.span, "`references` needs a `table`"));
            return None;
        };
        return Some(Reference { on_delete, on_update, ..plain(table, columns) });
    }
    let text = fields::scalar(node, "references", problems)?;
    match text.value.split_once('(') {
        None => Some(plain(text, Vec::new())),
        Some((table, rest)) => {
            let part = |word: &str| {
                let word = word.trim();
                let start = word.as_ptr() as usize - text.value.as_ptr() as usize;
                At::new(word.to_owned(), text.span.part(start, start + word.len()))
            };
            let Some(columns) = rest.trim_end().strip_suffix(')') else {
                problems.push(
                    Diagnostic::new(text.span, "a closing parenthesis is missing")
                        .help("write `table(column)`"),
                );
                return None;
            };
            Some(plain(part(table), columns.split(',').map(part).collect()))
        }
    }
}

pub(super) fn action(fields: &mut Fields, name: &'static str, problems: &mut Problems) -> Option<String> {
    const ACTIONS: [&str; 5] = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"];
    let text = fields.text(name, problems)?;
    let upper = text.value.to_uppercase().replace('_', " ");
    if ACTIONS.contains(&upper.as_str()) {
        return Some(upper);
    }
    let problem = Diagnostic::new(text.span, format!("unknown action `{}`", text.value));
    problems.push(problem.help(format!("one of {}", ACTIONS.join(", "))));
    None
}

/// `n`, or `{min, max, distribution, distinct, null}`.
fn length(node: &Node, problems: &mut Problems) -> Option<LengthSpec> {
    if let Value::Map(_) = node.value {
        let mut fields = Fields::of(node, "`length`", problems)?;
        let min = fields.count("min", problems).map_or(0, |min| min.value);
        let max = fields.count("max", problems);
        let distribution = fields.call("distribution", problems);
        let distinct = fields.flag("distinct", problems);
        let null = fields.share("null", problems);
        fields.finish(problems);
        let Some(max) = max else {
            problems.push(Diagnostic::new(node.span, "`length` needs a `max`"));
            return None;
        };
        let max = max.value;
        if min > max {
            problems.push(Diagnostic::new(node.span, format!("min {min} is greater than max {max}")));
            return None;
        }
        return Some(LengthSpec { span: node.span, min, max, distribution, distinct, null });
    }
    let at = fields::count(node, "length", problems)?;
    let (min, max) = (at.value, at.value);
    Some(LengthSpec { span: at.span, min, max, distribution: None, distinct: None, null: None })
}

/// The keys that name a generator; a column has at most one of them (`min` and `max` are one).
pub const GENERATORS: [&str; 17] = [
    "sequence", "uuid", "values", "bands", "value", "template", "pattern", "fake", "expr", "cases",
    "grammar", "slice", "alphabet", "object", "array", "series", "min",
];

/// Reads the generator of a column or of a case.
fn generator(fields: &mut Fields, problems: &mut Problems) -> Generator {
    let mut found: Vec<(Span, &'static str, Generator)> = Vec::new();
    for name in GENERATORS {
        if name == "min" {
            let min = fields.text("min", problems);
            let max = fields.text("max", problems);
            if let Some(moments) = moments::read(fields, &min, &max, problems) {
                found.push((moments.span(), "min/max", Generator::Moments(Box::new(moments))));
            } else if let Some(span) = min.as_ref().or(max.as_ref()).map(|bound| bound.span) {
                found.push((span, "min/max", Generator::Range { min, max }));
            }
        } else if let Some((key, node)) = fields.take_entry(name)
            && let Some(generator) = one_generator(name, key, node, problems)
        {
            found.push((key.span, name, generator));
        }
    }
    let locale = fields.text("locale", problems);
    let mut found = found.into_iter();
    let Some((_, first_name, mut first)) = found.next() else {
        if let Some(locale) = locale {
            problems.push(Diagnostic::new(
                locale.span,
                "`locale` needs `fake`: it chooses the provider's dictionary",
            ));
        }
        return Generator::Unnamed;
    };
    for (span, name, _) in found {
        let message = format!("`{name}` and `{first_name}` both make the values of this column");
        problems.push(Diagnostic::new(span, message).help("keep one of them"));
    }
    match (&mut first, locale) {
        (Generator::Fake { locale: of, .. }, locale) => *of = locale,
        (_, Some(locale)) => {
            problems
                .push(Diagnostic::new(locale.span, format!("`locale` has no effect with `{first_name}`")));
        }
        _ => {}
    }
    first
}

fn one_generator(name: &'static str, key: &Key, node: &Node, problems: &mut Problems) -> Option<Generator> {
    let text = |problems: &mut Problems| fields::scalar(node, name, problems);
    Some(match name {
        "sequence" => sequence(node, problems)?,
        "uuid" => Generator::Uuid(uuid_version(node, problems)?),
        "values" => Generator::Values(At::new(values(node, problems)?, key.span)),
        "bands" => Generator::Bands(At::new(modifiers::bands(node, problems)?, key.span)),
        "value" => Generator::Constant(constant(node, problems)?),
        "template" => Generator::Template(text(problems)?),
        "pattern" => Generator::Pattern(text(problems)?),
        "fake" => Generator::Fake { call: fields::call(node, name, problems)?, locale: None },
        "expr" => Generator::Expression(text(problems)?),
        "series" => Generator::Series(Box::new(series::read(node, key.span, problems)?)),
        "cases" => Generator::Cases(At::new(cases(node, problems)?, key.span)),
        "grammar" => Generator::Grammar(text(problems)?),
        "slice" => Generator::Slice(text(problems)?),
        "alphabet" => Generator::Alphabet(text(problems)?),
        "object" => Generator::Object(At::new(document::object(node, problems)?, key.span)),
        "array" => Generator::Array(document::array(key, node, problems)?),
        _ => unreachable!("GENERATORS lists the names"),
    })
}

fn sequence(node: &Node, problems: &mut Problems) -> Option<Generator> {
    if matches!(node.value, Value::Null | Value::Bool(true)) {
        return Some(Generator::Sequence { start: None, step: None });
    }
    let mut fields = Fields::of(node, "`sequence`", problems)?;
    let start = fields.integer("start", problems);
    let step = fields.integer("step", problems);
    fields.finish(problems);
    if let Some(zero) = step.as_ref().filter(|step| step.value == 0) {
        problems.push(Diagnostic::new(zero.span, "the step of a sequence cannot be 0"));
    }
    Some(Generator::Sequence { start, step })
}

fn uuid_version(node: &Node, problems: &mut Problems) -> Option<At<UuidVersion>> {
    let version = match node.scalar() {
        Some("v4" | "4") => UuidVersion::V4,
        Some("v7" | "7") => UuidVersion::V7,
        _ => {
            problems
                .push(Diagnostic::new(node.span, "`uuid` must be v4 (random) or v7 (in the order of time)"));
            return None;
        }
    };
    Some(At::new(version, node.span))
}

/// A scalar or null.
pub(super) fn constant(node: &Node, problems: &mut Problems) -> Option<At<Option<String>>> {
    match &node.value {
        Value::Null => Some(At::new(None, node.span)),
        // A JSON value is written as its own text.
        _ => fields::scalar(node, "value", problems).map(|at| At::new(Some(at.value), at.span)),
    }
}

/// A list of values, equally likely, or a mapping from value to weight.
pub(super) fn values(node: &Node, problems: &mut Problems) -> Option<Vec<Weighted>> {
    match &node.value {
        Value::List(items) => Some(
            items
                .iter()
                .filter_map(|item| {
                    Some(Weighted { value: constant(item, problems)?, weight: At::new(1.0, item.span) })
                })
                .collect(),
        ),
        Value::Map(entries) => {
            Some(entries.iter().filter_map(|(key, node)| weighted(key, node, problems)).collect())
        }
        _ => {
            let problem = Diagnostic::new(
                node.span,
                format!("`values` must be a list or a mapping, found {}", node.kind()),
            );
            problems.push(problem.help("write `[a, b]`, or `{a: 70, b: 30}` with weights"));
            None
        }
    }
}

fn weighted(key: &Key, node: &Node, problems: &mut Problems) -> Option<Weighted> {
    let weight = fields::weight(node, &key.text, problems)?;
    Some(Weighted { value: At::new(Some(key.text.clone()), key.span), weight })
}

fn cases(node: &Node, problems: &mut Problems) -> Option<Vec<Case>> {
    let Value::List(items) = &node.value else {
        let problem = Diagnostic::new(node.span, format!("`cases` must be a list, found {}", node.kind()));
        problems.push(problem.help("write `- when: condition`, `  then: ...`, and at the end `- else: ...`"));
        return None;
    };
    let mut cases: Vec<Case> = Vec::new();
    for item in items {
        if cases.last().is_some_and(|last| last.when.is_none()) {
            let problem = Diagnostic::new(item.span, "a case after `else` can never apply");
            problems.push(problem.help("move `else` to the end"));
        }
        cases.extend(case(item, problems));
    }
    Some(cases)
}

fn case(node: &Node, problems: &mut Problems) -> Option<Case> {
    let mut fields = Fields::of(node, "a case", problems)?;
    let when = fields.text("when", problems);
    let then = fields.take_entry("then");
    let otherwise = fields.take_entry("else");
    fields.finish(problems);
    match (when, then, otherwise) {
        (Some(when), Some((_, then)), None) => {
            Some(Case { when: Some(when), then: Box::new(case_value(then, problems)?) })
        }
        (None, None, Some((_, value))) => {
            Some(Case { when: None, then: Box::new(case_value(value, problems)?) })
        }
        _ => {
            let problem = Diagnostic::new(node.span, "a case is `when` with `then`, or `else` alone");
            problems
                .push(problem.help("write `- when: status = 'paid'`, `  then: ...`, and last `- else: ...`"));
            None
        }
    }
}

pub(super) fn case_value(node: &Node, problems: &mut Problems) -> Option<CaseValue> {
    let Value::Map(_) = node.value else {
        let generator = Generator::Constant(constant(node, problems)?);
        let (distribution, modifiers) = (None, Modifiers::default());
        return Some(CaseValue {
            span: node.span,
            generator,
            distribution,
            modifiers,
            null: None,
            length: None,
        });
    };
    let mut fields = Fields::of(node, "a case's value", problems)?;
    let value = case_fields(node.span, &mut fields, problems);
    fields.finish(problems);
    Some(value)
}

/// The keys of a value that is a part of a column: of a case, or of a JSON document.
pub(super) fn case_fields(span: Span, fields: &mut Fields, problems: &mut Problems) -> CaseValue {
    let distribution = fields.call("distribution", problems);
    let modifiers = modifiers::of_range(fields, problems);
    let null = fields.share("null", problems);
    let length = fields.take("length").and_then(|node| length(node, problems));
    let generator = generator(fields, problems);
    CaseValue { span, generator, distribution, modifiers, null, length }
}
