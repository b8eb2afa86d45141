//! The top of a spec, and its tables, from the tree.

use super::CalendarSpec;
use super::fields::{self, Fields, Problems};
use super::model::{
    At, BadSpec, CheckSpec, ColumnSpec, ForeignKeySpec, IndexSpec, KeySpec, OneOfKeySpec, Param, Spec,
    TableSpec,
};
use super::node::{Key, Node, Value};
use super::rows::RowsSpec;
use super::{calendar, choice, column, data, datagen_cli, grammar, history, noise, one_of, reuse, rows};
use crate::diagnostic::{Diagnostic, Severity, Sources};
use crate::value::EnumType;
use std::sync::Arc;

impl Spec {
    /// Reads a spec from one of the sources, which gain the files that it names; every problem is reported.
    pub fn parse(sources: &mut Sources, source: u32) -> Result<Spec, BadSpec> {
        let mut problems = Vec::new();
        let document = reuse::document(sources, source, &mut problems);
        let mut spec = document.and_then(|node| top(&node, source, &mut problems));
        if let Some(spec) = &mut spec {
            data::read_files(spec, sources, &mut problems);
        }
        let (problems, notes): (Vec<_>, Vec<_>) =
            problems.into_iter().partition(|problem| problem.severity == Severity::Error);
        match spec {
            Some(spec) if problems.is_empty() => Ok(Spec { notes, ..spec }),
            partial => Err(BadSpec { problems, partial: partial.map(Box::new) }),
        }
    }
}

fn top(node: &Node, source: u32, problems: &mut Problems) -> Option<Spec> {
    let mut fields = Fields::of(node, "the spec", problems)?;
    if let Some(version) = fields.text("version", problems)
        && !["1", "1.0"].contains(&version.value.as_str())
    {
        problems.push(
            Diagnostic::new(version.span, format!("unknown version `{}`", version.value))
                .help("write `version: 1`"),
        );
    }
    fields.plain_text("name", problems);
    fields.plain_text("description", problems);
    for key in reuse::TOP_KEYS {
        fields.take(key);
    }
    let seed = fields.count("seed", problems).map(|seed| seed.value);
    let as_of = fields.text("as_of", problems);
    let locale = fields.text("locale", problems);
    let foreign = datagen_cli::top(&mut fields, problems);
    let locale = locale.or(foreign.locale);
    let params = entries(fields.take("params"), "params", problems);
    let params = params.iter().filter_map(|(key, node)| param(key, node, problems)).collect();
    let types = entries(fields.take("types"), "types", problems);
    let types: Vec<_> = types.iter().filter_map(|(key, node)| enum_type(key, node, problems)).collect();
    let types: Vec<_> = types.into_iter().chain(foreign.types.enums.iter().cloned()).collect();
    let enums: Vec<_> = types.iter().map(|of| of.value.clone()).collect();
    let types_of_columns = Types { enums: &enums, foreign: &foreign.types, is_foreign_table: false };
    let grammars = entries(fields.take("grammars"), "grammars", problems);
    let grammars = grammars.iter().filter_map(|(key, node)| grammar::grammar(key, node, problems)).collect();
    let pools = entries(fields.take("pools"), "pools", problems);
    let pools = pools.iter().filter_map(|(key, node)| grammar::pool(key, node, problems)).collect();
    let calendars = entries(fields.take("calendars"), "calendars", problems);
    let calendars: Vec<_> =
        calendars.iter().filter_map(|(key, node)| named_calendar(key, node, problems)).collect();
    let table_nodes = fields.take("tables");
    if table_nodes.is_none() {
        problems.push(
            Diagnostic::new(fields.span, "the spec has no `tables`")
                .help("write `tables:` with a name and columns"),
        );
    }
    let tables = named(table_nodes, "tables", problems);
    let tables = tables.iter().filter_map(|(key, node)| table(key, node, &types_of_columns, problems));
    let tables = tables.collect();
    fields.finish(problems);
    Some(Spec {
        source,
        seed,
        as_of,
        locale,
        params,
        types,
        declared_types: foreign.types.declared,
        sequences: foreign.types.sequences,
        extensions: foreign.extensions,
        grammars,
        pools,
        calendars,
        tables,
        notes: Vec::new(),
    })
}

/// What the types of columns may be, beside those that are always there.
pub(super) struct Types<'t> {
    /// Enumerated types.
    pub enums: &'t [Arc<EnumType>],
    /// Domains, composite types and sequences of `datagen-cli`.
    pub foreign: &'t datagen_cli::ForeignTypes,
    /// The table is written as `datagen-cli` wants it, which leaves more open than our language.
    pub is_foreign_table: bool,
}

/// Things by name: a mapping, or a list of mappings that each have a `name`.
pub(super) fn named<'n>(node: Option<&'n Node>, what: &str, problems: &mut Problems) -> Vec<(Key, &'n Node)> {
    let Some(Node { value: Value::List(items), .. }) = node else {
        return entries(node, what, problems).iter().map(|(key, node)| (key.clone(), node)).collect();
    };
    let mut found: Vec<(Key, &Node)> = Vec::new();
    for item in items {
        let name = match &item.value {
            Value::Map(entries) => entries.iter().find(|(key, _)| key.text == "name"),
            _ => None,
        };
        let Some((text, span)) = name.and_then(|(_, node)| Some((node.scalar()?, node.span))) else {
            let problem = Diagnostic::new(item.span, format!("this item of `{what}` has no `name`"));
            problems.push(problem.help(format!("in a list each of the `{what}` is a mapping with a `name`")));
            continue;
        };
        if found.iter().any(|(key, _)| key.text == text) {
            problems.push(Diagnostic::new(span, format!("`{text}` stands twice in `{what}`")));
        }
        found.push((Key { text: text.to_owned(), span }, item));
    }
    found
}

/// The entries of a mapping; nothing if it is not there.
fn entries<'n>(node: Option<&'n Node>, name: &str, problems: &mut Problems) -> &'n [(Key, Node)] {
    match node.map(|node| (&node.value, node)) {
        Some((Value::Map(entries), _)) => entries,
        None | Some((Value::Null, _)) => &[],
        Some((_, node)) => {
            let message = format!("`{name}` must be a mapping, found {}", node.kind());
            problems.push(Diagnostic::new(node.span, message));
            &[]
        }
    }
}

/// `0.2`, or `{default: 0.2, description: Value added tax}`.
fn param(key: &Key, node: &Node, problems: &mut Problems) -> Option<Param> {
    let (node, description) = match &node.value {
        Value::Map(_) => {
            let mut fields = Fields::of(node, format!("parameter `{}`", key.text), problems)?;
            let (default, description) = (fields.take("default"), fields.plain_text("description", problems));
            fields.finish(problems);
            if default.is_none() {
                let message = format!("parameter `{}` has no default value", key.text);
                let problem = Diagnostic::new(key.span, message);
                problems.push(problem.help("write `{default: 0.2, description: ...}`, or the value alone"));
            }
            (default, description)
        }
        _ => (Some(node), None),
    };
    let value = node.and_then(|node| fields::scalar(node, &key.text, problems));
    // What could not be read is some number, so that nothing is said of expressions that name it.
    let value = value.unwrap_or_else(|| At::new("0".to_owned(), key.span));
    let is_text = node.is_some_and(|node| matches!(node.value, Value::Text(_)));
    Some(Param { name: At::new(key.text.clone(), key.span), value, is_text, description })
}

fn named_calendar(key: &Key, node: &Node, problems: &mut Problems) -> Option<(At<String>, CalendarSpec)> {
    let spec = calendar::calendar(node, format!("calendar `{}`", key.text), problems)?;
    Some((At::new(key.text.clone(), key.span), spec))
}

fn enum_type(key: &Key, node: &Node, problems: &mut Problems) -> Option<At<Arc<EnumType>>> {
    let labels = fields::names(node, &key.text, problems);
    labelled(key, labels, problems)
}

/// An enumerated type with these labels.
pub(super) fn labelled(
    key: &Key,
    labels: Vec<At<String>>,
    problems: &mut Problems,
) -> Option<At<Arc<EnumType>>> {
    if labels.is_empty() {
        problems.push(
            Diagnostic::new(key.span, format!("the type `{}` has no labels", key.text))
                .help("write `[new, paid]`"),
        );
        return None;
    }
    for (at, label) in labels.iter().enumerate() {
        if labels[..at].iter().any(|other| other.value == label.value) {
            problems.push(Diagnostic::new(label.span, format!("the label `{}` stands twice", label.value)));
        }
        // NAMEDATALEN - 1
        if label.value.len() > 63 {
            problems.push(Diagnostic::new(label.span, "a label has at most 63 bytes"));
        }
    }
    let labels = labels.into_iter().map(|label| label.value).collect();
    Some(At::new(Arc::new(EnumType { name: key.text.clone(), labels }), key.span))
}

fn table(key: &Key, node: &Node, types: &Types, problems: &mut Problems) -> Option<TableSpec> {
    let fields = Fields::of(node, format!("table `{}`", key.text), problems)?;
    let mut fields = fields.also(datagen_cli::TABLE_KEYS);
    fields.take_foreign("name");
    let types = &Types { is_foreign_table: datagen_cli::is_foreign_table(&fields), ..*types };
    let before = fields::errors(problems);
    let rows = fields.take("rows").and_then(|node| rows::read(node, problems));
    let history = fields.take_entry("history");
    let history = history.and_then(|(key, node)| history::read(node, key.span, problems));
    let column_nodes = fields.take("columns");
    if column_nodes.is_none() {
        let problem = Diagnostic::new(key.span, format!("table `{}` has no `columns`", key.text));
        problems.push(problem.help("write `columns:` with names and definitions"));
    }
    fields.take("use");
    let before_columns = fields::errors(problems);
    let mut columns = columns(column_nodes, types, problems);
    let of_columns = fields::errors(problems) - before_columns;
    let mut primary_key = fields.take("primary_key").and_then(|node| key_of(node, PRIMARY_KEY, problems));
    let mut uniques = fields.take("unique").map(|node| uniques(node, problems)).unwrap_or_default();
    let duplicates = fields.take_entry("duplicates");
    let duplicates = duplicates.and_then(|(key, node)| noise::of_table(key, node, problems));
    let gaps = noise::gaps(&mut fields, problems);
    let checks = list(fields.take("checks"), "checks", problems);
    let mut checks: Vec<_> = checks.iter().filter_map(|node| check(node, problems)).collect();
    let indexes = list(fields.take("indexes"), "indexes", problems);
    let mut indexes: Vec<_> = indexes.iter().filter_map(|node| index(node, problems)).collect();
    let foreign_keys = list(fields.take("foreign_keys"), "foreign_keys", problems);
    let (one_of_keys, foreign_keys): (Vec<&Node>, Vec<&Node>) =
        foreign_keys.iter().partition(|node| has_key(node, "one_of"));
    let one_of_keys = one_of_keys.into_iter().filter_map(|node| one_of_key(node, problems)).collect();
    let mut foreign_keys: Vec<_> =
        foreign_keys.into_iter().filter_map(|node| foreign_key(node, problems)).collect();
    if types.is_foreign_table {
        checks.iter_mut().for_each(|check| check.is_lenient = true);
        indexes.iter_mut().for_each(|index| index.is_lenient = true);
        uniques.iter_mut().for_each(|unique| unique.is_lenient = true);
        let unique_indexes: Vec<&IndexSpec> = indexes.iter().filter(|index| index.unique).collect();
        let keys = uniques.iter().map(|unique| &unique.columns);
        let keys: Vec<_> = keys.chain(unique_indexes.iter().map(|index| &index.columns)).collect();
        let count = rows.as_ref().and_then(RowsSpec::literal);
        let primary_key = &mut primary_key.get_or_insert_default().columns;
        datagen_cli::settle(key, &mut columns, primary_key, &mut foreign_keys, problems);
        datagen_cli::keep_apart(&mut columns, primary_key, &keys, count, problems);
    }
    let comment = fields.plain_text("comment", problems);
    let hidden = fields.flag("hidden", problems).is_some();
    fields.finish(problems);
    let broken = fields::errors(problems) > before + of_columns;
    let name = At::new(key.text.clone(), key.span);
    Some(TableSpec {
        broken,
        name,
        rows,
        history,
        columns,
        primary_key: primary_key.unwrap_or_default(),
        uniques,
        duplicates,
        gaps,
        checks,
        indexes,
        foreign_keys,
        one_of_keys,
        comment,
        hidden,
    })
}

fn columns(node: Option<&Node>, types: &Types, problems: &mut Problems) -> Vec<ColumnSpec> {
    let mut columns = Vec::new();
    for (key, node) in named(node, "columns", problems) {
        let name = At::new(key.text, key.span);
        let before = fields::errors(problems);
        let read = column::read(name.clone(), node, types, problems);
        let column = read.unwrap_or_else(|| column::unread(name));
        columns.push(ColumnSpec { broken: fields::errors(problems) > before, ..column });
        datagen_cli::add_composite_fields(&mut columns, types.foreign);
    }
    columns
}

/// The items of a list; nothing if it is not there.
fn list<'n>(node: Option<&'n Node>, name: &str, problems: &mut Problems) -> &'n [Node] {
    match node.map(|node| (&node.value, node)) {
        Some((Value::List(items), _)) => items,
        None | Some((Value::Null, _)) => &[],
        Some((_, node)) => {
            problems
                .push(Diagnostic::new(node.span, format!("`{name}` must be a list, found {}", node.kind())));
            &[]
        }
    }
}

/// `unique: [[a, b], {name: n, columns: [c]}]`, or `[a, b]` for one constraint.
fn uniques(node: &Node, problems: &mut Problems) -> Vec<KeySpec> {
    const UNIQUE: (&str, &str) = ("unique", "a unique constraint");
    let is_several = |item: &Node| matches!(item.value, Value::List(_) | Value::Map(_));
    match &node.value {
        Value::List(items) if items.iter().any(is_several) => {
            items.iter().filter_map(|item| key_of(item, UNIQUE, problems)).collect()
        }
        _ => key_of(node, UNIQUE, problems).into_iter().collect(),
    }
}

/// The key and what it is called in messages.
const PRIMARY_KEY: (&str, &str) = ("primary_key", "a primary key");

/// `[a, b]`, or `{name: n, columns: [a, b]}`.
fn key_of(node: &Node, (key, what): (&str, &str), problems: &mut Problems) -> Option<KeySpec> {
    let Value::Map(_) = node.value else {
        return Some(KeySpec { columns: fields::names(node, key, problems), ..KeySpec::default() });
    };
    let mut fields = Fields::of(node, what, problems)?;
    let name = fields.text("name", problems);
    let columns = fields.names("columns", problems);
    fields.finish(problems);
    if columns.as_ref().is_none_or(Vec::is_empty) {
        let problem = Diagnostic::new(node.span, format!("{what} needs `columns`"));
        problems.push(problem.help("write `{name: orders_key, columns: [a, b]}`, or `[a, b]`"));
        return None;
    }
    Some(KeySpec { name, columns: columns?, is_lenient: false })
}

fn check(node: &Node, problems: &mut Problems) -> Option<CheckSpec> {
    let Value::Map(_) = node.value else {
        return fields::scalar(node, "checks", problems)
            .map(|expression| CheckSpec::declared(None, expression));
    };
    let mut fields = Fields::of(node, "a check", problems)?.also(datagen_cli::CHECK_KEYS);
    let name = fields.plain_text("name", problems);
    let expression = fields.text("expr", problems);
    fields.finish(problems);
    if expression.is_none() {
        problems.push(Diagnostic::new(node.span, "a check needs an `expr`"));
    }
    Some(CheckSpec::declared(name, expression?))
}

fn index(node: &Node, problems: &mut Problems) -> Option<IndexSpec> {
    let Value::Map(_) = node.value else {
        return Some(IndexSpec::of(fields::names(node, "indexes", problems)));
    };
    let mut fields = Fields::of(node, "an index", problems)?.also(datagen_cli::INDEX_KEYS);
    let name = fields.text("name", problems);
    let columns = fields.names("columns", problems);
    let expressions = fields.names("expression", problems);
    let condition = fields.text("where", problems);
    let unique = fields.flag("unique", problems).is_some();
    let method = fields.text("method", problems);
    let method = method.map(|method| At::new(method.value.to_lowercase(), method.span));
    fields.finish(problems);
    const METHODS: [&str; 6] = ["btree", "hash", "gin", "gist", "brin", "spgist"];
    if let Some(bad) = method.as_ref().filter(|method| !METHODS.contains(&method.value.as_str())) {
        let problem = Diagnostic::new(bad.span, format!("unknown index method `{}`", bad.value));
        problems.push(problem.help(format!("one of {}", METHODS.join(", "))));
    }
    let (columns, expressions) = (columns.unwrap_or_default(), expressions.unwrap_or_default());
    if columns.is_empty() == expressions.is_empty() {
        let problem = Diagnostic::new(node.span, "an index needs `columns` or `expression`, and not both");
        problems
            .push(problem.help("an expression may be a column: `{expression: [tenant_id, lower(email)]}`"));
        return None;
    }
    let method = method.map(|method| method.value);
    Some(IndexSpec { name, columns, expressions, condition, unique, method, is_lenient: false })
}

/// What a foreign key says of a reference to one table.
const ONLY_OF_ONE_TABLE: [&str; 13] = [
    "name",
    "references",
    "referenced",
    "on_delete",
    "on_update",
    "earlier",
    "valid_at",
    "within",
    "where",
    "weight",
    "distinct",
    "independent",
    "one_way",
];

fn has_key(node: &Node, name: &str) -> bool {
    matches!(&node.value, Value::Map(entries) if entries.iter().any(|(key, _)| key.text == name))
}

/// A foreign key with `one_of`.
fn one_of_key(node: &Node, problems: &mut Problems) -> Option<OneOfKeySpec> {
    let mut fields = Fields::of(node, "a foreign key", problems)?;
    let columns = fields.names("columns", problems);
    let one_of = one_of::read(&mut fields, problems);
    let distribution = fields.call("distribution", problems);
    let null = fields.share("null", problems);
    for key in ONLY_OF_ONE_TABLE {
        if let Some((found, _)) = fields.take_entry(key) {
            let problem = Diagnostic::new(found.span, format!("`{key}` has no effect with `one_of`"));
            problems.push(problem.help("leave it out"));
        }
    }
    fields.finish(problems);
    if columns.is_none() {
        let problem = Diagnostic::new(node.span, "a foreign key with `one_of` needs `columns`");
        problems.push(
            problem.help("write `{columns: [a, b], one_of: {posts: 60, photos: 40}, type_column: kind}`"),
        );
    }
    Some(OneOfKeySpec { columns: columns?, one_of: one_of?, distribution, null })
}

fn foreign_key(node: &Node, problems: &mut Problems) -> Option<ForeignKeySpec> {
    let mut fields = Fields::of(node, "a foreign key", problems)?.also(datagen_cli::FOREIGN_KEY_KEYS);
    let name = fields.plain_text("name", problems);
    let columns = fields.names("columns", problems);
    let reference = fields.take("references").and_then(|node| column::reference(node, problems));
    let referenced = fields.names("referenced", problems);
    let on_delete = column::action(&mut fields, "on_delete", problems);
    let on_update = column::action(&mut fields, "on_update", problems);
    let distribution = fields.call("distribution", problems);
    let mut choice = choice::read(&mut fields, problems);
    let earlier = choice::earlier(&mut fields, &mut choice, problems);
    let valid_at = fields.text("valid_at", problems);
    let null = fields.share("null", problems);
    for key in ["one_of", "type_column"] {
        if let Some((found, _)) = fields.take_entry(key) {
            let problem = Diagnostic::new(found.span, format!("`{key}` has no effect with `references`"));
            problems.push(problem.help("write `one_of` and `type_column` instead of `references`"));
        }
    }
    fields.finish(problems);
    let (Some(columns), Some(mut reference)) = (columns, reference) else {
        let problem = Diagnostic::new(node.span, "a foreign key needs `columns` and `references`");
        problems.push(problem.help("write `{columns: [a, b], references: table}`"));
        return None;
    };
    reference.columns.extend(referenced.unwrap_or_default());
    reference.on_delete = on_delete.or(reference.on_delete);
    reference.on_update = on_update.or(reference.on_update);
    Some(ForeignKeySpec { name, columns, reference, distribution, earlier, valid_at, choice, null })
}
