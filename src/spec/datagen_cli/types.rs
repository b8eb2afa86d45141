//! `custom_types` and `sequences`, and the columns that have them.

use super::super::fields::{self, Fields, Problems};
use super::super::model::{At, CheckSpec, ColumnSpec, DeclaredType, Generator, SequenceSpec};
use super::super::node::{Key, Node, Value};
use super::super::{sql_column, type_name};
use crate::diagnostic::Diagnostic;
use crate::value::text::{quote_identifier, quote_literal};
use crate::value::{EnumType, SqlType};
use std::sync::Arc;

/// The types and sequences that a schema declares.
#[derive(Default)]
pub(in super::super) struct ForeignTypes {
    pub enums: Vec<At<Arc<EnumType>>>,
    pub declared: Vec<DeclaredType>,
    pub sequences: Vec<SequenceSpec>,
    domains: Vec<Domain>,
    composites: Vec<Composite>,
}

/// A type with a condition.
struct Domain {
    name: String,
    base: SqlType,
    is_not_null: bool,
    /// Over `VALUE`.
    checks: Vec<At<String>>,
}

/// A row as a type: its fields with their types.
struct Composite {
    name: String,
    fields: Vec<(At<String>, SqlType)>,
}

/// Reads `custom_types` and `sequences`.
pub(super) fn read(types: Option<&Node>, sequences: Option<&Node>, problems: &mut Problems) -> ForeignTypes {
    let mut found = ForeignTypes::default();
    for (key, node) in super::super::lower::named(types, "custom_types", problems) {
        custom_type(&mut found, &key, node, problems);
    }
    for (key, node) in super::super::lower::named(sequences, "sequences", problems) {
        found.sequences.extend(sequence(&key, node, problems));
    }
    found
}

fn custom_type(found: &mut ForeignTypes, key: &Key, node: &Node, problems: &mut Problems) {
    let Value::Map(_) = node.value else {
        let labels = fields::names(node, &key.text, problems);
        found.enums.extend(enumerated(key, labels, problems));
        return;
    };
    let Some(mut outer) = Fields::of(node, format!("type `{}`", key.text), problems) else { return };
    for name in ["name", "description"] {
        outer.take_foreign(name);
    }
    let kind = outer.text("kind", problems).or_else(|| outer.text("type", problems));
    let definition = outer.take("definition");
    let mut inner = match definition {
        Some(node) => {
            outer.finish(problems);
            match Fields::of(node, "`definition`", problems) {
                Some(fields) => fields,
                None => return,
            }
        }
        None => outer,
    };
    let inner = &mut inner;
    let labels = inner.names("values", problems).or_else(|| inner.names("labels", problems));
    let members = inner.take("fields").or_else(|| inner.take("attributes"));
    let base = inner.text("base_type", problems);
    let kind_named = kind.as_ref().map(|kind| kind.value.to_lowercase());
    match (kind_named.as_deref(), labels, members, base) {
        (None | Some("enum"), Some(labels), None, None) => {
            found.enums.extend(enumerated(key, labels, problems));
        }
        (None | Some("composite"), None, Some(members), None) => {
            found.composite(key, members, problems);
        }
        (None | Some("domain"), None, None, Some(base)) => found.domain(key, &base, inner, problems),
        _ => {
            let problem = Diagnostic::new(key.span, format!("what kind of type is `{}`?", key.text));
            problems.push(
                problem.help("an enum has `values`, a composite type `fields`, and a domain a `base_type`"),
            );
            return;
        }
    }
    inner.report(problems);
}

fn enumerated(key: &Key, labels: Vec<At<String>>, problems: &mut Problems) -> Option<At<Arc<EnumType>>> {
    super::super::lower::labelled(key, labels, problems)
}

impl ForeignTypes {
    fn type_of(&self, text: &At<String>, problems: &mut Problems) -> Option<SqlType> {
        let enums: Vec<_> = self.enums.iter().map(|of| of.value.clone()).collect();
        match type_name::parse(&text.value, &enums) {
            Ok(read) => Some(read.sql_type),
            Err(bad) => {
                problems.push(sql_column::type_problem(bad, text.span, &enums));
                None
            }
        }
    }

    /// `fields: [{name, type}]`, or a mapping from name to type.
    fn composite(&mut self, key: &Key, node: &Node, problems: &mut Problems) {
        let mut members = Vec::new();
        for (name, node) in super::super::lower::named(Some(node), "fields", problems) {
            let text = match &node.value {
                Value::Map(_) => {
                    let Some(mut fields) = Fields::of(node, "a field", problems) else { continue };
                    fields.take_foreign("name");
                    let text = fields.text("type", problems);
                    fields.finish(problems);
                    text
                }
                _ => fields::scalar(node, "type", problems),
            };
            let Some(text) = text else {
                problems.push(Diagnostic::new(name.span, format!("field `{}` has no `type`", name.text)));
                continue;
            };
            if let Some(sql_type) = self.type_of(&text, problems) {
                members.push((At::new(name.text, name.span), sql_type));
            }
        }
        if members.is_empty() {
            problems.push(Diagnostic::new(key.span, format!("type `{}` has no fields", key.text)));
            return;
        }
        let written: Vec<String> = members
            .iter()
            .map(|(name, sql_type)| format!("{} {sql_type}", quote_identifier(&name.value)))
            .collect();
        let ddl = format!("TYPE {} AS (\n    {}\n)", quote_identifier(&key.text), written.join(",\n    "));
        self.declared.push(DeclaredType { name: At::new(key.text.clone(), key.span), ddl });
        self.composites.push(Composite { name: key.text.clone(), fields: members });
    }

    /// `{base_type, constraint, not_null, default}`.
    fn domain(&mut self, key: &Key, base: &At<String>, fields: &mut Fields, problems: &mut Problems) {
        let words = ["constraint", "check", "expression"];
        let checks: Vec<At<String>> =
            words.iter().filter_map(|word| fields.names(word, problems)).flatten().map(bare_check).collect();
        let is_not_null = fields.flag("not_null", problems).is_some();
        let default = fields.text("default", problems);
        let Some(sql_type) = self.type_of(base, problems) else { return };
        let mut ddl = format!("DOMAIN {} AS {sql_type}", quote_identifier(&key.text));
        if let Some(default) = default {
            ddl += &format!(" DEFAULT {}", default.value);
        }
        if is_not_null {
            ddl += " NOT NULL";
        }
        for check in &checks {
            ddl += &format!("\n    CHECK ({})", check.value);
        }
        self.declared.push(DeclaredType { name: At::new(key.text.clone(), key.span), ddl });
        self.domains.push(Domain { name: key.text.clone(), base: sql_type, is_not_null, checks });
    }
}

/// `CHECK (VALUE > 0)` as `VALUE > 0`.
fn bare_check(text: At<String>) -> At<String> {
    let trimmed = text.value.trim();
    let inside = match trimmed.get(..5) {
        Some(word) if word.eq_ignore_ascii_case("check") => trimmed[5..].trim(),
        _ => return text,
    };
    let bare = inside.strip_prefix('(').and_then(|inside| inside.strip_suffix(')'));
    At::new(bare.unwrap_or(inside).to_owned(), text.span)
}

fn sequence(key: &Key, node: &Node, problems: &mut Problems) -> Option<SequenceSpec> {
    let mut fields = Fields::of(node, format!("sequence `{}`", key.text), problems)?;
    for name in ["name", "description", "owned_by", "type", "data_type"] {
        fields.take_foreign(name);
    }
    let mut number = |names: [&'static str; 3]| {
        let present = names
            .into_iter()
            .find(|name| fields.peek(name).is_some_and(|node| !matches!(node.value, Value::Null)));
        let ignored: Vec<&str> = names.into_iter().filter(|name| Some(*name) != present).collect();
        for name in ignored {
            fields.take_foreign(name);
        }
        present.and_then(|name| fields.integer(name, problems))
    };
    let start = number(["start", "start_value", "start_with"]);
    let increment = number(["increment", "increment_by", "step"]);
    let min = number(["min_value", "min", "minvalue"]);
    let max = number(["max_value", "max", "maxvalue"]);
    let cache = number(["cache", "cache_size", "cached"]);
    let cycles = fields.flag("cycle", problems).is_some();
    fields.finish(problems);
    if let Some(zero) = increment.as_ref().filter(|increment| increment.value == 0) {
        problems.push(Diagnostic::new(zero.span, "the increment of a sequence cannot be 0"));
        return None;
    }
    let value = |at: &Option<At<i64>>| at.as_ref().map(|at| at.value);
    let increment = value(&increment).unwrap_or(1);
    let first = if increment > 0 { value(&min) } else { value(&max) };
    Some(SequenceSpec {
        name: At::new(key.text.clone(), key.span),
        start: value(&start).or(first).unwrap_or(if increment > 0 { 1 } else { -1 }),
        increment,
        min: value(&min),
        max: value(&max),
        cache: value(&cache).and_then(|cache| u64::try_from(cache).ok()),
        cycles,
    })
}

/// Gives a column its type when that is a domain or a composite type.
pub(in super::super) fn declared_type(
    column: &mut ColumnSpec,
    text: &At<String>,
    types: &ForeignTypes,
) -> bool {
    if let Some(domain) = types.domains.iter().find(|domain| domain.name == text.value) {
        column.sql_type = Some(At::new(domain.base.clone(), text.span));
        column.declared_type = Some(domain.name.clone());
        column.not_null = column.not_null.or(domain.is_not_null.then_some(text.span));
        for check in &domain.checks {
            let about = quote_identifier(&column.name.value);
            let expression = At::new(replace_word(&check.value, "value", &about), text.span);
            column.checks.push(CheckSpec { name: None, expression, by_type: true, is_lenient: true });
        }
        return true;
    }
    if let Some(composite) = types.composites.iter().find(|composite| composite.name == text.value) {
        column.sql_type = Some(At::new(SqlType::Text, text.span));
        column.declared_type = Some(composite.name.clone());
        return true;
    }
    false
}

/// Replaces a word outside of quotes, in any case.
fn replace_word(text: &str, word: &str, by: &str) -> String {
    let mut out = String::new();
    let mut current = String::new();
    let mut quoted = false;
    let end = |current: &mut String, out: &mut String| {
        let is_word = current.eq_ignore_ascii_case(word);
        out.push_str(if is_word { by } else { current });
        current.clear();
    };
    for letter in text.chars() {
        if !quoted && (letter.is_alphanumeric() || letter == '_') {
            current.push(letter);
            continue;
        }
        end(&mut current, &mut out);
        quoted ^= letter == '\'';
        out.push(letter);
    }
    end(&mut current, &mut out);
    out
}

/// A composite column is made of a hidden column for each of its fields, so that each has what its name asks for.
pub(in super::super) fn add_composite_fields(columns: &mut Vec<ColumnSpec>, types: &ForeignTypes) {
    let Some(column) = columns.last().filter(|column| matches!(column.generator, Generator::Unnamed)) else {
        return;
    };
    let is_its = |composite: &&Composite| Some(&composite.name) == column.declared_type.as_ref();
    let Some(composite) = types.composites.iter().find(is_its) else { return };
    let name = column.name.clone();
    let mut parts = Vec::new();
    let mut hidden = Vec::new();
    for (field, sql_type) in &composite.fields {
        let own = format!("{}.{}", name.value, field.value);
        parts.push(row_part(&quote_identifier(&own), sql_type));
        let mut part = sql_column::empty(At::new(own, name.span));
        part.sql_type = Some(At::new(sql_type.clone(), field.span));
        part.hidden = true;
        hidden.push(part);
    }
    let row = format!("'(' || {} || ')'", parts.join(" || ',' || "));
    let last = columns.last_mut().expect("it was there above");
    last.generator = Generator::Expression(At::new(row, name.span));
    columns.extend(hidden);
}

/// A field as it stands in the text of a row: texts in quotes.
fn row_part(column: &str, sql_type: &SqlType) -> String {
    let text = format!("cast({column} as text)");
    if sql_type.is_number() || *sql_type == SqlType::Boolean {
        return format!("coalesce({text}, '')");
    }
    let escaped = format!("replace(replace({text}, '\\', '\\\\'), '\"', '\"\"')");
    format!("coalesce('\"' || {escaped} || '\"', '')")
}

/// A default as SQL. This format also writes texts without their quotes, and numbers columns by `nextval`.
pub(in super::super) fn default(
    column: &mut ColumnSpec,
    text: At<String>,
    types: &ForeignTypes,
) -> At<String> {
    let lower = text.value.trim().to_lowercase();
    if let Some(name) = sequence_of(&text.value, &lower)
        && types.sequences.iter().any(|sequence| sequence.name.value == name)
    {
        column.numbered_by = Some(name);
        return text;
    }
    // Every server has this one; the other needs an extension.
    if ["uuid_generate_v4()", "public.uuid_generate_v4()"].contains(&lower.as_str()) {
        return At::new("gen_random_uuid()".into(), text.span);
    }
    const WORDS: [&str; 9] = [
        "null",
        "true",
        "false",
        "current_timestamp",
        "current_date",
        "current_time",
        "current_user",
        "localtimestamp",
        "localtime",
    ];
    let is_word = lower.starts_with(char::is_alphabetic)
        && lower.chars().all(|letter| letter.is_alphanumeric() || "_- ".contains(letter));
    let holds_text = column
        .sql_type
        .as_ref()
        .is_none_or(|of| of.value.is_text() || matches!(of.value, SqlType::Enum(_) | SqlType::Inet));
    match (is_word && !WORDS.contains(&lower.as_str()) && holds_text) || lower.is_empty() {
        true => At::new(quote_literal(&text.value), text.span),
        false => text,
    }
}

/// A column whose default is `nextval` of a sequence counts as that does.
pub(super) fn number(column: &mut ColumnSpec, types: &ForeignTypes) {
    let is_its = |sequence: &&SequenceSpec| Some(&sequence.name.value) == column.numbered_by.as_ref();
    if let (Some(sequence), Generator::Unnamed) = (types.sequences.iter().find(is_its), &column.generator) {
        let at = |value| Some(At::new(value, sequence.name.span));
        column.generator = Generator::Sequence { start: at(sequence.start), step: at(sequence.increment) };
    }
}

/// The name in `nextval('orders_id_seq'::regclass)`.
fn sequence_of(text: &str, lower: &str) -> Option<String> {
    let at = lower.find("nextval(")? + "nextval(".len();
    let name = text.trim().get(at..)?.split('\'').nth(1)?;
    Some(name.trim_start_matches("public.").trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    #[test]
    fn the_word_value_is_the_column_outside_of_quotes() {
        let about = |text: &str| replace_word(text, "value", "age");
        assert_eq!(about("VALUE >= 0 AND value <> 'value'"), "age >= 0 AND age <> 'value'");
        assert_eq!(about("values_of(my_value)"), "values_of(my_value)");
    }

    #[test]
    fn a_check_may_be_written_with_its_keyword() {
        let bare = |text: &str| bare_check(At::new(text.into(), Span::default())).value;
        assert_eq!(bare("CHECK (VALUE > 0)"), "VALUE > 0");
        assert_eq!(bare("VALUE > 0"), "VALUE > 0");
    }
}
