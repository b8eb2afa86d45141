//! The JSON schemas of `datagen-cli`, a Go tool: its words for what our language says, read by the same parser.
//!
//! Most of its keys are other words for ours: the lists of pairs below. What remains is read here into the same
//! [`ColumnSpec`]: `generator` with its configuration ([`generators`]), `rules` ([`rules`]), templates ([`codes`]), custom types
//! ([`types`]), and what `nullable` means ([`optional`]).

mod choices;
mod codes;
mod distributions;
mod generators;
mod nesting;
mod optional;
mod rules;
mod timeseries;
mod types;

use super::fields::{self, Fields, Problems};
use super::model::{At, Call, CaseValue, ColumnSpec, ForeignKeySpec, Generator, Modifiers};
use super::node::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Severity, Span};

pub(super) use timeseries::keep_apart;
pub(super) use types::{ForeignTypes, add_composite_fields, declared_type, default};

/// Other words for a table's keys.
pub(super) const TABLE_KEYS: &[(&str, &str)] = &[
    ("row_count", "rows"),
    ("unique_constraints", "unique"),
    ("check_constraints", "checks"),
    ("constraints", "checks"),
    ("description", "comment"),
];

/// Whether a table is written in this format: by the words that only it has, or by its columns as a list.
pub(super) fn is_foreign_table(fields: &Fields) -> bool {
    let own = ["row_count", "unique_constraints", "check_constraints"];
    let is_list = fields.peek("columns").is_some_and(|node| matches!(node.value, Value::List(_)));
    is_list || own.iter().any(|key| fields.has(key))
}

/// Other words for a check's keys.
pub(super) const CHECK_KEYS: &[(&str, &str)] =
    &[("expression", "expr"), ("check", "expr"), ("condition", "expr"), ("definition", "expr")];

/// Other words for an index's keys.
pub(super) const INDEX_KEYS: &[(&str, &str)] = &[("type", "method"), ("using", "method")];

/// Other words for a foreign key's keys.
pub(super) const FOREIGN_KEY_KEYS: &[(&str, &str)] = &[
    ("referenced_table", "references"),
    ("references_table", "references"),
    ("ref_table", "references"),
    ("referenced_columns", "referenced"),
    ("references_columns", "referenced"),
    ("ref_columns", "referenced"),
    ("referenced_column", "referenced"),
    ("column", "columns"),
];

/// What the top of a schema says beside our keys.
pub(super) struct Top {
    /// The dictionaries of `database.locale`.
    pub locale: Option<At<String>>,
    pub types: ForeignTypes,
    pub extensions: Vec<At<String>>,
}

/// Reads `database`, `custom_types`, `sequences` and `extensions`.
pub(super) fn top(fields: &mut Fields, problems: &mut Problems) -> Top {
    let database = fields.take_foreign("database");
    let locale = database.and_then(|(_, node)| database_locale(node, problems));
    let custom_types = fields.take_foreign("custom_types").map(|(_, node)| node);
    let sequences = fields.take_foreign("sequences").map(|(_, node)| node);
    let extensions = fields.take_foreign("extensions");
    let extensions = extensions.map(|(_, node)| extension_names(node, problems)).unwrap_or_default();
    Top { locale, types: types::read(custom_types, sequences, problems), extensions }
}

/// `{name, encoding, locale}`, or only a name. Scripts are written for any database in UTF-8.
fn database_locale(node: &Node, problems: &mut Problems) -> Option<At<String>> {
    if node.scalar().is_some() {
        return None;
    }
    let mut fields = Fields::of(node, "`database`", problems)?;
    for name in ["name", "description", "owner", "version"] {
        fields.take_foreign(name);
    }
    if let Some(encoding) = fields.text("encoding", problems)
        && !["utf8", "utf-8", "unicode"].contains(&encoding.value.to_lowercase().as_str())
    {
        let message = format!("scripts are written in UTF-8, not in `{}`", encoding.value);
        let problem = Diagnostic::new(encoding.span, message).severity(Severity::Warning);
        problems.push(problem.help("they say so: the server converts"));
    }
    let locale = fields.text("locale", problems);
    fields.take_foreign("collation");
    fields.finish(problems);
    locale.and_then(|locale| dictionaries(&locale))
}

/// `de_DE.utf8` as the locale whose dictionaries are in that language; without such ones the spec names none.
fn dictionaries(locale: &At<String>) -> Option<At<String>> {
    const KNOWN: [&str; 7] = ["en_US", "en_GB", "de_DE", "fr_FR", "it_IT", "es_ES", "pt_BR"];
    let name = locale.value.split(['.', '@']).next().unwrap_or("").replace('-', "_");
    let language = |name: &str| name.split('_').next().unwrap_or("").to_lowercase();
    let same = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(&name));
    let found = same.or_else(|| KNOWN.iter().find(|known| language(known) == language(&name)))?;
    Some(At::new((*found).to_owned(), locale.span))
}

fn extension_names(node: &Node, problems: &mut Problems) -> Vec<At<String>> {
    let Value::List(items) = &node.value else { return fields::names(node, "extensions", problems) };
    let name = |item: &Node, problems: &mut Problems| match item.value {
        Value::Map(_) => {
            let mut fields = Fields::of(item, "an extension", problems)?;
            let name = fields.text("name", problems);
            fields.take_foreign("version");
            fields.take_foreign("schema");
            fields.finish(problems);
            name
        }
        _ => fields::scalar(item, "extensions", problems),
    };
    items.iter().filter_map(|item| name(item, problems)).collect()
}

/// Reads the keys of a column that say in other words what ours say.
pub(super) fn column_keys(fields: &mut Fields, column: &mut ColumnSpec, problems: &mut Problems) {
    if let Some((key, node)) = fields.take_foreign("nullable") {
        match node.value {
            Value::Bool(true) if column.not_null.is_some() => {
                let problem = Diagnostic::new(key.span, "`nullable` and `not_null` contradict each other");
                problems.push(problem.help("keep one of them"));
            }
            Value::Bool(true) => column.optional = Some(key.span),
            Value::Bool(false) => column.not_null = column.not_null.or(Some(key.span)),
            _ => {
                let message = format!("`nullable` must be true or false, found {}", node.kind());
                problems.push(Diagnostic::new(node.span, message));
            }
        }
    }
    if fields.has("description")
        && let Some((_, node)) = fields.take_foreign("description")
    {
        column.comment = fields::scalar(node, "description", problems).map(|text| text.value);
    }
}

/// A generator of this format, and what shapes its values.
pub(super) struct Made {
    /// Where it was named.
    pub span: Span,
    pub generator: Generator,
    pub distribution: Option<Call>,
    pub modifiers: Modifiers,
}

impl Made {
    fn of(span: Span, generator: Generator) -> Self {
        Self { span, generator, distribution: None, modifiers: Modifiers::default() }
    }

    /// As the value of a rule.
    fn into_case(self) -> CaseValue {
        let Made { span, generator, distribution, modifiers } = self;
        CaseValue { span, generator, distribution, null: None, length: None, modifiers }
    }
}

/// Reads `rules`, `distribution` by `type`, `pattern` as a mapping, and `generator`: the first of them that is there makes the
/// values, the others are what remains when no rule applies.
pub(super) fn generator(fields: &mut Fields, column: &ColumnSpec, problems: &mut Problems) -> Option<Made> {
    let rules = fields.take_foreign("rules");
    let named = generators::named(fields, column, problems);
    let shaped = match fields.peek("distribution").is_some_and(distributions::is_typed_distribution) {
        true => fields
            .take_foreign("distribution")
            .and_then(|(key, node)| distributions::distribution(key.span, node, named.as_ref(), problems)),
        false => None,
    };
    let pattern = match fields.peek("pattern").is_some_and(|node| matches!(node.value, Value::Map(_))) {
        true => fields
            .take_foreign("pattern")
            .and_then(|(key, node)| codes::pattern_mapping(key.span, node, problems)),
        false => None,
    };
    let mut found = [shaped, pattern, named].into_iter().flatten();
    let first = found.next();
    if let (Some(first), Some(other)) = (&first, found.next())
        && !matches!(other.generator, Generator::WholeNumbers { .. } | Generator::Range { .. })
    {
        let problem =
            Diagnostic::new(other.span, "this has no effect: the column's values are made otherwise");
        let problem = problem.severity(Severity::Warning);
        problems.push(problem.help(match first.distribution.is_some() {
            true => "`distribution` goes before `pattern`, and that before `generator`: keep one of them",
            false => "`distribution` and `pattern` go before `generator`: keep one of them",
        }));
    }
    match rules {
        Some((key, node)) => rules::read(key.span, node, column, first, problems),
        None => first,
    }
}

/// Gives a column its generator of this format, unless our own keys name one.
pub(super) fn use_generator(
    column: &mut ColumnSpec,
    made: Option<Made>,
    types: &ForeignTypes,
    problems: &mut Problems,
) {
    let Some(made) = made else {
        types::number(column, types);
        return;
    };
    if !matches!(column.generator, Generator::Unnamed) {
        let problem = Diagnostic::new(made.span, "this column's values are made in two ways");
        problems.push(problem.help("keep `generator`, or the key of our own language"));
        return;
    }
    column.generator = made.generator;
    column.distribution = column.distribution.take().or(made.distribution);
    column.modifiers.step = column.modifiers.step.take().or(made.modifiers.step);
}

/// What follows for a table of this format once its columns and keys are read: keys declared twice, references that also
/// name a generator, trees, nulls.
pub(super) fn settle(
    table: &Key,
    columns: &mut [ColumnSpec],
    primary_key: &mut Vec<At<String>>,
    foreign_keys: &mut [ForeignKeySpec],
    problems: &mut Problems,
) {
    let marked = |column: &&ColumnSpec| column.primary_key.is_some();
    if primary_key.is_empty() && columns.iter().filter(marked).count() > 1 {
        primary_key.extend(columns.iter().filter(marked).map(|column| column.name.clone()));
    }
    if !primary_key.is_empty() {
        let is_listed = |column: &ColumnSpec| primary_key.iter().any(|name| name.value == column.name.value);
        columns.iter_mut().filter(|column| is_listed(column)).for_each(|column| column.primary_key = None);
    }
    let is_key = |column: &ColumnSpec| {
        column.primary_key.is_some() || primary_key.iter().any(|name| name.value == column.name.value)
    };
    for column in columns.iter_mut().filter(|column| column.null.is_none() && !is_key(column)) {
        if let Some(span) = column.optional {
            column.null = Some(At::new(optional::share_of_nulls(&column.name.value), span));
        }
    }
    for column in columns.iter_mut() {
        if let Generator::Pattern(text) = &column.generator {
            column.generator = Generator::FittingPattern(text.clone());
        }
    }
    for key in foreign_keys.iter_mut() {
        settle_reference(table, columns, key, problems);
    }
    nesting::settle(table, columns, foreign_keys, problems);
}

fn settle_reference(
    table: &Key,
    columns: &mut [ColumnSpec],
    key: &mut ForeignKeySpec,
    problems: &mut Problems,
) {
    let is_tree = key.reference.table.value == table.text;
    for name in &key.columns {
        let Some(column) = columns.iter_mut().find(|column| column.name.value == name.value) else {
            continue;
        };
        if !matches!(column.generator, Generator::Unnamed) {
            let message = format!(
                "the generator of `{}` has no effect: it refers to `{}`, whose keys are its values",
                name.value, key.reference.table.value
            );
            problems.push(Diagnostic::new(column.name.span, message).severity(Severity::Warning));
            column.generator = Generator::Unnamed;
            column.distribution = None;
        }
        column.identity = None;
        if key.columns.len() == 1 && column.not_null.is_none() {
            let null = column.null.take();
            key.null = key.null.take().or(null);
            // A tree: parents come before their children, and some rows are roots.
            if is_tree {
                key.earlier = key.earlier.or(Some(name.span));
                key.null = key.null.take().or(Some(At::new(optional::ROOTS, name.span)));
            }
        }
    }
}
