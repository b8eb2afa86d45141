//! Rows that are written down: `rows: {values: ...}` in the spec, `rows: {file: ...}` beside it.

use super::delimited::{self, Cell};
use super::fields::{self, Fields, Problems};
use super::model::{At, Spec, TableSpec};
use super::node::{Node, Value};
use super::rows::RowsSpec;
use crate::diagnostic::{Diagnostic, Sources, Span};

/// Rows with the values of some of their columns.
#[derive(Clone, Debug)]
pub struct DataSpec {
    /// Where they stand.
    pub span: Span,
    /// How many rows.
    pub rows: u64,
    /// The columns that they give values to.
    pub columns: Vec<DataColumn>,
}

/// A column's values.
#[derive(Clone, Debug)]
pub struct DataColumn {
    /// The table's column.
    pub name: At<String>,
    /// One value per row, as written; `None` is null.
    pub cells: Vec<At<Option<String>>>,
}

/// `rows: {file: countries.csv, delimiter: ";", null: NA, columns: {code: iso2}, ignore: [notes]}`.
#[derive(Clone, Debug)]
pub struct FileSpec {
    /// Its path, relative to the spec.
    pub path: At<String>,
    /// What separates cells.
    pub delimiter: u8,
    /// The text, without quotes, that stands for null.
    pub null: String,
    /// Columns of the table whose name in the file is another one, with that name.
    pub columns: Vec<(At<String>, At<String>)>,
    /// Columns of the file that are not read.
    pub ignore: Ignore,
}

/// Which columns of a file are not read.
#[derive(Clone, Debug)]
pub enum Ignore {
    /// These.
    Named(Vec<At<String>>),
    /// All that the table lacks.
    Others,
}

/// After so many problems a file or a column is not looked at further.
const MOST_PROBLEMS: usize = 10;

/// `values: [{code: US}, ...]`, or lists with `columns: [code, name]`.
pub(super) fn values(fields: &mut Fields, problems: &mut Problems) -> Option<RowsSpec> {
    let (key, node) = fields.take_entry("values")?;
    let columns = fields.names("columns", problems);
    let Value::List(rows) = &node.value else {
        let message = format!("`values` must be a list of rows, found {}", node.kind());
        problems.push(Diagnostic::new(node.span, message).help("write `- {code: US, name: United States}`"));
        return None;
    };
    let before = problems.len();
    let mut data = DataSpec { span: key.span, rows: 0, columns: Vec::new() };
    for name in columns.iter().flatten() {
        if data.columns.iter().any(|other| other.name.value == name.value) {
            problems.push(Diagnostic::new(name.span, format!("column `{}` stands twice", name.value)));
        }
        data.columns.push(DataColumn { name: name.clone(), cells: Vec::new() });
    }
    for row in rows {
        match &columns {
            Some(_) => data.add_list(row, problems),
            None => data.add_mapping(row, problems),
        }
        data.rows += 1;
    }
    (problems.len() == before).then_some(RowsSpec::Data(data))
}

impl DataSpec {
    /// A row whose values stand in the order of the columns; with one column the value alone is enough.
    fn add_list(&mut self, row: &Node, problems: &mut Problems) {
        let cells = match &row.value {
            Value::List(cells) => cells.as_slice(),
            Value::Map(_) => {
                let problem =
                    Diagnostic::new(row.span, "`columns` names the places of lists, this is a mapping");
                problems.push(problem.help("write the row as a list, or leave out `columns`"));
                return;
            }
            _ => std::slice::from_ref(row),
        };
        if cells.len() != self.columns.len() {
            let message = format!("{} values for {} columns", cells.len(), self.columns.len());
            problems
                .push(Diagnostic::new(row.span, message).help("write `null` for a value that is missing"));
            return;
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.cells.extend(value(cell, &column.name.value, problems));
        }
    }

    /// A row of names and values; what it does not name is null.
    fn add_mapping(&mut self, row: &Node, problems: &mut Problems) {
        let Value::Map(entries) = &row.value else {
            let problem = Diagnostic::new(row.span, format!("a row must be a mapping, found {}", row.kind()));
            problems.push(
                problem.help("write `{code: US, name: United States}`, or name the places by `columns`"),
            );
            return;
        };
        let missing = At::new(None, row.span);
        for (key, node) in entries {
            let place = self.columns.iter().position(|column| column.name.value == key.text);
            let place = place.unwrap_or_else(|| {
                let name = At::new(key.text.clone(), key.span);
                self.columns.push(DataColumn { name, cells: vec![missing.clone(); self.rows as usize] });
                self.columns.len() - 1
            });
            self.columns[place].cells.extend(value(node, &key.text, problems));
        }
        for column in &mut self.columns {
            column.cells.resize(self.rows as usize + 1, missing.clone());
        }
    }
}

/// A scalar or null.
fn value(node: &Node, name: &str, problems: &mut Problems) -> Option<At<Option<String>>> {
    match node.value {
        Value::Null => Some(At::new(None, node.span)),
        _ => fields::scalar(node, name, problems).map(|text| At::new(Some(text.value), text.span)),
    }
}

/// `file:` and how it is to be read; [`read_files`] reads it.
pub(super) fn file(fields: &mut Fields, problems: &mut Problems) -> Option<RowsSpec> {
    let path = fields.text("file", problems);
    let delimiter = fields.text("delimiter", problems);
    let null = fields.plain_text("null", problems).unwrap_or_default();
    let columns = fields.take("columns").map(|node| renamed(node, problems)).unwrap_or_default();
    let ignore = match fields.take("ignore") {
        Some(Node { value: Value::Bool(true), .. }) => Ignore::Others,
        Some(Node { value: Value::Bool(false), .. }) | None => Ignore::Named(Vec::new()),
        Some(node) => Ignore::Named(fields::names(node, "ignore", problems)),
    };
    let delimiter = match delimiter {
        None => b',',
        Some(text) => match text.value.as_bytes() {
            [byte] if *byte != b'"' && !byte.is_ascii_alphanumeric() => *byte,
            _ => {
                let message = format!("`{}` cannot separate cells", text.value);
                problems.push(
                    Diagnostic::new(text.span, message).help("write one character such as \";\", or \"\\t\""),
                );
                return None;
            }
        },
    };
    Some(RowsSpec::File(FileSpec { path: path?, delimiter, null, columns, ignore }))
}

/// `columns: {code: iso2}`: the table's column, and its name in the file.
fn renamed(node: &Node, problems: &mut Problems) -> Vec<(At<String>, At<String>)> {
    let Value::Map(entries) = &node.value else {
        let message = format!("`columns` must be a mapping, found {}", node.kind());
        problems.push(
            Diagnostic::new(node.span, message)
                .help("write `{column: name in the file}`, such as `{code: iso2}`"),
        );
        return Vec::new();
    };
    let one = |key: &super::node::Key, node, problems: &mut Problems| {
        Some((At::new(key.text.clone(), key.span), fields::scalar(node, &key.text, problems)?))
    };
    entries.iter().filter_map(|(key, node)| one(key, node, problems)).collect()
}

/// Reads the files that tables name.
pub(super) fn read_files(spec: &mut Spec, sources: &mut Sources, problems: &mut Problems) {
    for table in &mut spec.tables {
        let Some(RowsSpec::File(file)) = &table.rows else { continue };
        let before = problems.len();
        if let Some(data) = read_file(file, table, sources, problems) {
            table.rows = Some(RowsSpec::Data(data));
        }
        table.broken = table.broken || problems.len() > before;
    }
}

fn read_file(
    file: &FileSpec,
    table: &TableSpec,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<DataSpec> {
    let path = &file.path;
    let source = match sources.open(path.span.source, &path.value) {
        Ok(source) => source,
        Err(error) => {
            let problem = Diagnostic::new(path.span, format!("`{}` cannot be read: {error}", path.value));
            problems.push(problem.help("the path is relative to the spec, the text UTF-8"));
            return None;
        }
    };
    let place = |start: usize, end: usize| Span { source, start: start as u32, end: end as u32 };
    let text = &sources.get(source).text;
    let mut records = match delimited::records(text, file.delimiter) {
        Ok(records) => records.into_iter(),
        Err(bad) => {
            problems.push(Diagnostic::new(place(bad.at, bad.at + 1), bad.message));
            return None;
        }
    };
    let Some(header) = records.next() else {
        let problem = Diagnostic::new(path.span, format!("`{}` is empty", path.value));
        problems.push(problem.help("its first line names the columns"));
        return None;
    };
    let header: Vec<At<String>> =
        header.into_iter().map(|cell| At::new(cell.text, place(cell.start, cell.end))).collect();
    let columns = columns_of(&header, file, table, problems);
    let mut data = DataSpec { span: path.span, rows: 0, columns: Vec::new() };
    for name in columns.iter().flatten() {
        data.columns.push(DataColumn { name: name.clone(), cells: Vec::new() });
    }
    let before = problems.len();
    for record in records {
        if problems.len() - before == MOST_PROBLEMS {
            problems.push(Diagnostic::new(path.span, "further rows of this file were not looked at"));
            break;
        }
        if record.len() != header.len() {
            let message = format!("{} cells for {} columns", record.len(), header.len());
            let span = place(record[0].start, record[record.len() - 1].end);
            problems.push(Diagnostic::new(span, message).help("quote a cell that holds the delimiter"));
            continue;
        }
        let wanted = record.into_iter().zip(&columns).filter(|(_, column)| column.is_some());
        for (column, (cell, _)) in data.columns.iter_mut().zip(wanted) {
            let Cell { text, start, end, is_quoted } = cell;
            let value = (is_quoted || text != file.null).then_some(text);
            column.cells.push(At::new(value, place(start, end)));
        }
        data.rows += 1;
    }
    Some(data)
}

/// For each column of the file the table's column that it is for; `None` where it is ignored.
fn columns_of(
    header: &[At<String>],
    file: &FileSpec,
    table: &TableSpec,
    problems: &mut Problems,
) -> Vec<Option<At<String>>> {
    let listed = match &file.ignore {
        Ignore::Named(names) => names.as_slice(),
        Ignore::Others => &[],
    };
    for name in listed.iter().chain(file.columns.iter().map(|(_, name)| name)) {
        if !header.iter().any(|column| column.value == name.value) {
            let problem = Diagnostic::new(name.span, format!("the file has no column `{}`", name.value));
            problems.push(problem.suggest(&name.value, header.iter().map(|column| column.value.as_str())));
        }
    }
    for (at, (_, name)) in file.columns.iter().enumerate() {
        if file.columns[..at].iter().any(|(_, other)| other.value == name.value) {
            let message = format!("`{}` is read into two columns", name.value);
            problems.push(Diagnostic::new(name.span, message).help("compute the second by `expr`"));
        }
    }
    let mut columns = Vec::new();
    for (at, name) in header.iter().enumerate() {
        if header[..at].iter().any(|other| other.value == name.value) {
            problems.push(Diagnostic::new(name.span, format!("column `{}` stands twice", name.value)));
        }
        if let Some((column, _)) = file.columns.iter().find(|(_, from)| from.value == name.value) {
            columns.push(Some(column.clone()));
            continue;
        }
        let is_elsewhere = file.columns.iter().any(|(column, _)| column.value == name.value);
        let is_listed = listed.iter().any(|ignored| ignored.value == name.value);
        let is_known = table.columns.iter().any(|column| column.name.value == name.value);
        let is_ignored = is_listed || (matches!(file.ignore, Ignore::Others) && (!is_known || is_elsewhere));
        if !is_ignored && (!is_known || is_elsewhere) {
            let message = format!("table `{}` has no column `{}`", table.name.value, name.value);
            let known = table.columns.iter().map(|column| column.name.value.as_str());
            let problem = Diagnostic::new(name.span, message).suggest(&name.value, known);
            problems.push(
                problem.help(format!(
                    "write `ignore: [{}]`, or `columns: {{column: {}}}`",
                    name.value, name.value
                )),
            );
        }
        columns.push((is_known && !is_elsewhere && !is_ignored).then(|| name.clone()));
    }
    columns
}
