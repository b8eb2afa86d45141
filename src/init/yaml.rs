//! A sketch as the text of a spec, and which line says what.

use super::sketch::{Check, Column, ForeignKey, Index, Item, Maker, Reference, Rows, Sketch, Table, Unique};
use crate::value::text::{quote_identifier, quote_literal};

/// Mappings that would make a longer line are written in several.
const LINE_CHARS: usize = 110;

/// What a line of the spec is about: indexes into the sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Rows(usize),
    Column(usize, usize),
    PrimaryKey(usize),
    Unique(usize, usize),
    Check(usize, usize),
    Index(usize, usize),
    ForeignKey(usize, usize),
}

/// The text of a spec.
#[derive(Default)]
pub struct Written {
    pub text: String,
    /// What each line is about, from the first on.
    parts: Vec<Option<Part>>,
}

impl Written {
    /// What a line, counted from 1, is about.
    pub fn part(&self, line: usize) -> Option<Part> {
        self.parts.get(line.checked_sub(1)?).copied().flatten()
    }

    fn line(&mut self, part: Option<Part>, indent: usize, text: &str) {
        for line in text.lines() {
            let line = format!("{:indent$}{line}", "");
            self.text += line.trim_end();
            self.text.push('\n');
            self.parts.push(part);
        }
    }

    fn blank(&mut self) {
        self.text.push('\n');
        self.parts.push(None);
    }

    fn comments(&mut self, indent: usize, notes: &[String]) {
        for note in notes.iter().flat_map(|note| note.lines()) {
            self.line(None, indent, &format!("# {note}"));
        }
    }
}

/// Writes a sketch.
pub fn write(sketch: &Sketch) -> Written {
    let mut out = Written::default();
    out.comments(0, &sketch.header);
    out.line(None, 0, "version: 1");
    if !sketch.types.is_empty() {
        out.blank();
        out.line(None, 0, "types:");
        for (name, labels) in &sketch.types {
            out.line(None, 2, &format!("{}: {}", scalar(name), list(labels)));
        }
    }
    out.blank();
    out.line(None, 0, "tables:");
    for (at, of) in sketch.tables.iter().enumerate() {
        if at > 0 {
            out.blank();
        }
        table(&mut out, at, of);
    }
    if !sketch.trailer.is_empty() {
        out.blank();
        out.comments(0, &sketch.trailer);
    }
    out
}

fn table(out: &mut Written, at: usize, table: &Table) {
    out.comments(2, &table.notes);
    out.line(None, 2, &format!("{}:", scalar(&table.name)));
    if let Some(comment) = &table.comment {
        out.line(None, 4, &format!("comment: {}", scalar(comment)));
    }
    if table.is_hidden {
        out.line(None, 4, "hidden: true");
    }
    match &table.rows {
        Rows::Listed { columns, values } => listed(out, at, columns, values),
        rows => out.line(Some(Part::Rows(at)), 4, &format!("rows: {}", counted(rows))),
    }
    if !table.primary_key.is_empty() {
        let key = key(table.key_name.as_ref(), &table.primary_key);
        out.line(Some(Part::PrimaryKey(at)), 4, &format!("primary_key: {key}"));
    }
    for (number, column) in table.columns.iter().enumerate().filter(|(_, column)| column.is_primary_key) {
        if let Some(name) = &column.key_name {
            let key = key(Some(name), std::slice::from_ref(&column.name));
            out.line(Some(Part::Column(at, number)), 4, &format!("primary_key: {key}"));
        }
    }
    out.line(None, 4, "columns:");
    for (number, of) in table.columns.iter().enumerate() {
        out.comments(6, &of.notes);
        let whole_key = of.unique_for.iter().filter(|_| of.is_unique);
        let notes =
            whole_key.map(|key| format!("unique by itself here, so that ({key}) is; declared only together"));
        out.comments(6, &notes.collect::<Vec<_>>());
        column(out, Part::Column(at, number), of);
    }
    let named = table.columns.iter().enumerate().filter(|(_, column)| column.is_unique);
    let named = named.filter_map(|(number, column)| Some((number, column, column.unique_name.as_ref()?)));
    let of_columns: Vec<Entry> = named
        .map(|(number, column, name)| Entry {
            part: Part::Column(at, number),
            text: key(Some(name), std::slice::from_ref(&column.name)),
            left_out: None,
        })
        .collect();
    let show = |unique: &Unique| key(unique.name.as_ref(), &unique.columns);
    let uniques = entries(&table.uniques, |number| Part::Unique(at, number), show);
    items(out, "unique", of_columns.into_iter().chain(uniques).collect());
    let check = |check: &Check| match &check.name {
        None => scalar(&check.expression),
        Some(name) => format!("{{name: {}, expr: {}}}", scalar(name), scalar(&check.expression)),
    };
    items(out, "checks", entries(&table.checks, |number| Part::Check(at, number), check));
    items(out, "indexes", entries(&table.indexes, |number| Part::Index(at, number), index));
    items(
        out,
        "foreign_keys",
        entries(&table.foreign_keys, |number| Part::ForeignKey(at, number), foreign_key),
    );
}

/// Rows that are written down, as many on a line as fit.
fn listed(out: &mut Written, at: usize, columns: &[String], values: &[Vec<String>]) {
    let part = Some(Part::Rows(at));
    out.line(part, 4, "rows:");
    out.line(part, 6, &format!("columns: {}", list(columns)));
    out.line(part, 6, "values:");
    let mut line = String::from("[");
    for (nth, row) in values.iter().enumerate() {
        let end = if nth + 1 == values.len() { "]" } else { "," };
        let row = format!("[{}]{end}", row.join(", "));
        if line.chars().count() + row.chars().count() + 9 > LINE_CHARS {
            out.line(part, 8, &line);
            line.clear();
        }
        line += if line.is_empty() || line == "[" { "" } else { " " };
        line += &row;
    }
    out.line(part, 8, &line);
}

fn counted(rows: &Rows) -> String {
    match rows {
        Rows::Listed { values, .. } => values.len().to_string(),
        Rows::Fixed(count) => count.to_string(),
        Rows::Scaled(count) => format!("{count} * scale"),
        Rows::Per { table, through, counts } => {
            let mut entries = vec![format!("per: {}", scalar(table))];
            entries.extend(through.iter().map(|name| format!("through: {}", scalar(name))));
            entries.extend(counts.iter().map(|(key, value)| format!("{key}: {value}")));
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A line of a table's list.
struct Entry<'t> {
    part: Part,
    text: String,
    left_out: Option<&'t String>,
}

fn entries<'t, T>(
    items: &'t [Item<T>],
    part: impl Fn(usize) -> Part,
    show: impl Fn(&T) -> String,
) -> Vec<Entry<'t>> {
    let entry = |(number, item): (usize, &'t Item<T>)| Entry {
        part: part(number),
        text: show(&item.what),
        left_out: item.left_out.as_ref(),
    };
    items.iter().enumerate().map(entry).collect()
}

/// A list of a table; what is left out stands there as a comment.
fn items(out: &mut Written, key: &str, entries: Vec<Entry>) {
    if entries.is_empty() {
        return;
    }
    let comment = if entries.iter().any(|entry| entry.left_out.is_none()) { "" } else { "# " };
    out.line(None, 4, &format!("{comment}{key}:"));
    for entry in entries {
        match entry.left_out {
            None => out.line(Some(entry.part), 6, &wrapped(&format!("- {}", entry.text))),
            Some(why) => out.comments(6, &[format!("- {}", entry.text), format!("  left out: {why}")]),
        }
    }
}

/// The columns of a key, with its name where it has one of its own.
fn key(name: Option<&String>, columns: &[String]) -> String {
    match name {
        None => list(columns),
        Some(name) => format!("{{name: {}, columns: {}}}", scalar(name), list(columns)),
    }
}

fn index(index: &Index) -> String {
    let is_plain = index.expressions.is_empty() && index.condition.is_none();
    if index.name.is_none() && !index.is_unique && index.method.is_none() && is_plain {
        return list(&index.columns);
    }
    let mut entries: Vec<String> = index.name.iter().map(|name| format!("name: {}", scalar(name))).collect();
    entries.push(match &index.expressions[..] {
        [] => format!("columns: {}", list(&index.columns)),
        [only] => format!("expression: {}", scalar(only)),
        several => format!("expression: {}", list(several)),
    });
    entries.extend(index.condition.iter().map(|condition| format!("where: {}", scalar(condition))));
    if index.is_unique {
        entries.push("unique: true".into());
    }
    entries.extend(index.method.iter().map(|method| format!("method: {}", scalar(method))));
    format!("{{{}}}", entries.join(", "))
}

fn foreign_key(key: &ForeignKey) -> String {
    let mut entries: Vec<String> = key.name.iter().map(|name| format!("name: {}", scalar(name))).collect();
    entries.push(format!("columns: {}", list(&key.columns)));
    entries.push(format!("references: {}", scalar(&key.reference.table)));
    if !key.reference.columns.is_empty() {
        entries.push(format!("referenced: {}", list(&key.reference.columns)));
    }
    entries.extend(actions(&key.reference));
    if key.is_earlier {
        entries.push("earlier: true".into());
    }
    let maker = key.makers.iter().take(1).flat_map(|maker| &maker.0);
    entries.extend(maker.map(|(key, value)| format!("{key}: {value}")));
    entries.extend(key.null.iter().map(|share| format!("null: {share}")));
    format!("{{{}}}", entries.join(", "))
}

fn actions(reference: &Reference) -> Vec<String> {
    [("on_delete", &reference.on_delete), ("on_update", &reference.on_update)]
        .into_iter()
        .filter_map(|(key, action)| Some(format!("{key}: {}", action.as_ref()?.to_lowercase())))
        .collect()
}

fn column(out: &mut Written, part: Part, column: &Column) {
    let name = scalar(&column.name);
    if let Some(definition) = short(column) {
        out.line(Some(part), 6, &format!("{name}: {}", block_scalar(&definition)));
        return;
    }
    let entries = long(column);
    let flow: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let flow = format!("{name}: {{{}}}", flow.join(", "));
    if flow.chars().count() + 6 <= LINE_CHARS {
        out.line(Some(part), 6, &flow);
        return;
    }
    out.line(Some(part), 6, &format!("{name}:"));
    for (key, value) in entries {
        out.line(Some(part), 8, &wrapped(&format!("{key}: {value}")));
    }
}

/// A long list, mapping or CASE on several lines, which read as the same: broken after commas outside of quotes, and within
/// a value in quotes before WHEN, where the line break stands for a space.
fn wrapped(text: &str) -> String {
    const CHARS: usize = LINE_CHARS - 10;
    let (mut out, mut line_start, mut in_quotes, mut escaped) = (String::new(), 0, false, false);
    // Keys stay on one line.
    let mut is_value = false;
    // Where the line may end, and where the next one begins.
    let mut last: Option<(usize, usize)> = None;
    for (at, c) in text.char_indices() {
        if c == '"' && !escaped {
            in_quotes = !in_quotes;
            is_value = text[..at].ends_with(": ");
        }
        escaped = c == '\\' && !escaped;
        let rest = &text[at..];
        let may_break = match in_quotes {
            false if rest.starts_with(", ") => Some((at + 1, at + 2)),
            // Between the items of a list, or within a text, where one blank is one again.
            true if is_value && rest.starts_with(", ") && !rest[2..].starts_with(' ') => {
                Some((at + 1, at + 2))
            }
            true if is_value && rest.starts_with(" when ") && !text[..at].ends_with(' ') => {
                Some((at, at + 1))
            }
            _ => None,
        };
        if let (Some((end, next)), true) = (last, at - line_start > CHARS) {
            out += &text[line_start..end];
            out += "\n  ";
            line_start = next;
            last = None;
        }
        last = may_break.or(last);
    }
    out + &text[line_start..]
}

/// The column as an SQL definition, where one says it all.
fn short(column: &Column) -> Option<String> {
    let named = column.makers.first().is_some_and(|maker| *maker != Maker::unnamed());
    if named || column.null.is_some() || column.is_earlier || column.is_hidden {
        return None;
    }
    // A comment reads better as a key; but only the short form says `identity`.
    if column.comment.is_some() && column.identity.is_none() {
        return None;
    }
    let mut words = vec![column.sql_type.clone()];
    words.extend(column.identity.clone());
    words.extend((column.is_primary_key && column.key_name.is_none()).then(|| "primary key".into()));
    words.extend(column.is_not_null.then(|| "not null".into()));
    words.extend((column.is_unique && column.unique_name.is_none()).then(|| "unique".into()));
    words.extend(column.default.iter().map(|default| format!("default {default}")));
    words.extend(column.check.iter().map(|check| format!("check ({check})")));
    words.extend(column.references.iter().map(short_reference));
    words.extend(column.comment.iter().map(|comment| format!("comment {}", quote_literal(comment))));
    Some(words.join(" "))
}

fn short_reference(reference: &Reference) -> String {
    let mut sql = format!("references {}", quote_identifier(&reference.table));
    if let [referenced] = &reference.columns[..] {
        sql += &format!("({})", quote_identifier(referenced));
    }
    for (event, action) in [("delete", &reference.on_delete), ("update", &reference.on_update)] {
        if let Some(action) = action {
            sql += &format!(" on {event} {}", action.to_lowercase());
        }
    }
    sql
}

/// The column as a mapping.
fn long(column: &Column) -> Vec<(&'static str, String)> {
    let mut entries = Vec::new();
    if !column.sql_type.is_empty() {
        entries.push(("type", scalar(&column.sql_type)));
    }
    let flags = [
        ("primary_key", column.is_primary_key && column.key_name.is_none()),
        ("not_null", column.is_not_null),
        ("unique", column.is_unique && column.unique_name.is_none()),
    ];
    entries.extend(flags.iter().filter(|(_, set)| *set).map(|(key, _)| (*key, "true".to_owned())));
    entries.extend(column.default.iter().map(|default| ("default", scalar(default))));
    if let Some(reference) = &column.references {
        entries.push(("references", long_reference(reference)));
    }
    if column.is_earlier {
        entries.push(("earlier", "true".into()));
    }
    if let Some(maker) = column.makers.first() {
        entries.extend(maker.0.iter().cloned());
    }
    entries.extend(column.null.iter().map(|share| ("null", share.clone())));
    entries.extend(column.check.iter().map(|check| ("check", scalar(check))));
    entries.extend(column.comment.iter().map(|comment| ("comment", scalar(comment))));
    if column.is_hidden {
        entries.push(("hidden", "true".into()));
    }
    entries
}

fn long_reference(reference: &Reference) -> String {
    let actions = actions(reference);
    let columns = &reference.columns;
    let plain = match &columns[..] {
        [] => reference.table.clone(),
        columns => format!("{}({})", reference.table, columns.join(", ")),
    };
    let is_plain = actions.is_empty() && !reference.table.contains('(');
    if is_plain {
        return scalar(&plain);
    }
    let mut entries = vec![format!("table: {}", scalar(&reference.table))];
    entries.extend(columns.first().map(|column| format!("column: {}", scalar(column))));
    entries.extend(actions);
    format!("{{{}}}", entries.join(", "))
}

/// A list of scalars on one line.
fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| scalar(item)).collect();
    format!("[{}]", items.join(", "))
}

/// A scalar that reads as this very text wherever it stands, also within braces; in quotes where it must be.
pub fn scalar(text: &str) -> String {
    let flow = |c: char| matches!(c, ',' | '[' | ']' | '{' | '}');
    match is_plain(text) && !text.contains(flow) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// A scalar that stands alone on its line: brackets and commas need no quotes there.
fn block_scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '('))
        || (text.starts_with('-') && text[1..].starts_with(|c: char| c.is_ascii_digit()));
    let is_word = !matches!(
        text.to_lowercase().as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    // What begins like a number may be read as one (0x1F, 1_000), and lose its zeros.
    let is_numeric = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let is_safe_number = !is_numeric || is_canonical_number(text) || is_like_a_moment(text);
    starts_well
        && is_word
        && is_safe_number
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(char::is_control)
}

fn is_canonical_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    is_digits(whole) && is_digits(rest) && (whole == "0" || !whole.starts_with('0')) && digits.len() <= 18
}

/// `2024-01-01`, `12:30:00` and both together, and versions such as `1.2.3`.
fn is_like_a_moment(text: &str) -> bool {
    let has_parts = text[1..].contains(['-', ':']) || text.matches('.').count() > 1;
    has_parts && text.chars().all(|c| c.is_ascii_digit() || "-:. TZ+".contains(c))
}

/// In double quotes, with JSON's escapes, which are YAML's too; where it is long, it may stand on several lines.
pub fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).expect("a text is JSON");
    let is_special = |c: char| c == '\u{7f}' || ('\u{80}'..='\u{9f}').contains(&c) || c == '\u{feff}';
    let escape = |c: char| if is_special(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() };
    json.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::spec::{Node, Value};

    /// What YAML reads where a text was written.
    fn read_back(text: &str, written: &str) {
        for (yaml, flow) in [(format!("a: {written}\n"), false), (format!("a: [{written}, x]\n"), true)] {
            let mut sources = Sources::new();
            let source = sources.add("t", yaml.clone());
            let node = Node::parse(&sources, source).unwrap_or_else(|e| panic!("{yaml}: {e:?}"));
            let Value::Map(entries) = node.value else { panic!("{yaml}") };
            let value = match &entries[0].1.value {
                Value::List(items) if flow => items[0].scalar().map(str::to_owned),
                _ => entries[0].1.scalar().map(str::to_owned),
            };
            assert_eq!(value.as_deref(), Some(text), "{yaml}");
        }
    }

    #[test]
    fn a_scalar_is_read_as_it_was_meant() {
        let texts = [
            "a",
            "a b",
            "",
            " ",
            "null",
            "NULL",
            "yes",
            "n",
            "007",
            "1.50",
            "1e5",
            "12",
            "-3",
            "0.5",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "- a",
            "-",
            "?",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "'a'",
            "\"a\"",
            "a'b\"c",
            "{a}",
            "[a]",
            "a, b",
            "|",
            ">",
            "a\nb",
            "tab\there",
            "back\\slash",
            "\u{7f}",
            "é",
            "日本",
            "2024-01-01",
            "12:30:00",
            "0x1F",
            "1_000",
            ".5",
            "~",
            "=",
            "true",
            "~a",
            "x\u{85}y",
            "(a)",
            "123456789012345678901234567890",
        ];
        for text in texts {
            read_back(text, &scalar(text));
        }
    }

    #[test]
    fn what_is_long_reads_the_same_on_several_lines() {
        let branches: String = (1..40).map(|n| format!(" when {n} then 'a, when \"{n}\"'")).collect();
        let expression = format!("case x{branches} end");
        let items: Vec<String> = (0..60).map(|n| format!("a, b {n}")).collect();
        let text = format!("{{list: {}, expr: {}}}", list(&items), quoted(&expression));
        let shown = wrapped(&format!("a: {text}"));
        assert!(shown.lines().count() > 10 && shown.lines().all(|line| line.chars().count() <= LINE_CHARS));
        let mut sources = Sources::new();
        let source = sources.add("t", shown.clone());
        let node = Node::parse(&sources, source).unwrap_or_else(|e| panic!("{shown}: {e:?}"));
        let Value::Map(entries) = node.value else { panic!("{shown}") };
        let Value::Map(inner) = &entries[0].1.value else { panic!("{shown}") };
        let Value::List(read) = &inner[0].1.value else { panic!("{shown}") };
        assert_eq!(read.iter().map(|item| item.scalar().unwrap_or_default()).collect::<Vec<_>>(), items);
        assert_eq!(inner[1].1.scalar(), Some(expression.as_str()));
    }

    #[test]
    fn most_texts_need_no_quotes() {
        for text in ["paid", "United States", "v1.2", "12", "-1.5", "2024-01-01", "a-b_c", "12:30:00"] {
            assert_eq!(scalar(text), text);
        }
    }
}
