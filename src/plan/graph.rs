//! A plan as an entity-relationship diagram: Mermaid's `erDiagram`, and Graphviz.
//!
//! Drawn is what is written: tables and columns that are not hidden, and foreign keys as constraints say them.

use super::model::{ForeignKey, Plan, PlannedColumn, Table};

/// A diagram for Mermaid: tables with types, names and keys, and the foreign keys' cardinalities.
pub fn mermaid(plan: &Plan) -> String {
    let mut text = String::from("erDiagram\n");
    for table in written(plan) {
        text += &format!("    {} {{\n", entity(&table.name));
        for (at, column) in table.visible() {
            let marks = marks(table, at).join(", ");
            let space = if marks.is_empty() { "" } else { " " };
            text += &format!("        {} {}{space}{marks}\n", kind(column), attribute(&column.name));
        }
        text += "    }\n";
    }
    for (table, key) in foreign_keys(plan) {
        let (parent, child) = (entity(&plan.tables[key.table].name), entity(&table.name));
        let (one, many) = cardinality(table, key);
        text += &format!("    {parent} {one}--{many} {child} : {}\n", label(table, key));
    }
    text
}

/// A diagram for Graphviz: a box of columns for each table, an edge from each foreign key to what it refers to.
pub fn dot(plan: &Plan) -> String {
    let mut text =
        String::from("digraph plan {\n    rankdir=LR\n    node [shape=plain, fontname=\"sans-serif\"]\n");
    for table in written(plan) {
        let name = &table.name;
        let mut rows = format!("<tr><td bgcolor=\"lightgrey\"><b>{}</b></td></tr>", escaped(name));
        for (at, column) in table.visible() {
            let marks = marks(table, at).join(" ");
            let line = format!("{} {} {marks}", column.name, column.sql_type);
            rows += &format!("<tr><td align=\"left\" port=\"c{at}\">{}</td></tr>", escaped(line.trim_end()));
        }
        text += &format!("    {} [label=<<table cellspacing=\"0\">{rows}</table>>]\n", quoted(name));
    }
    for (table, key) in foreign_keys(plan) {
        let from = format!("{}:c{}", quoted(&table.name), key.columns[0]);
        let to = format!("{}:c{}", quoted(&plan.tables[key.table].name), key.referenced[0]);
        let (one, many) = cardinality(table, key);
        // Crow's feet: `tee` is one, `odot` none, `crow` many.
        let head = if one == "||" { "teetee" } else { "teeodot" };
        let tail = if many == "o{" { "crowodot" } else { "teeodot" };
        text += &format!("    {from} -> {to} [dir=both, arrowhead={head}, arrowtail={tail}]\n");
    }
    text + "}\n"
}

fn written(plan: &Plan) -> impl Iterator<Item = &Table> {
    plan.order.iter().map(|table| &plan.tables[*table])
}

fn foreign_keys(plan: &Plan) -> impl Iterator<Item = (&Table, &ForeignKey)> {
    written(plan).flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
}

/// In Mermaid's signs: how many rows the parent's side has for a child (one, or none or one), and the child's side for a
/// parent (any number, or none or one).
fn cardinality(table: &Table, key: &ForeignKey) -> (&'static str, &'static str) {
    let is_required = key.columns.iter().all(|column| table.columns[*column].not_null);
    let same = |columns: &[usize]| !columns.is_empty() && columns.iter().all(|at| key.columns.contains(at));
    let is_single = same(&table.primary_key) || table.uniques.iter().any(|unique| same(&unique.columns));
    (if is_required { "||" } else { "|o" }, if is_single { "o|" } else { "o{" })
}

fn marks(table: &Table, column: usize) -> Vec<&'static str> {
    let is_foreign = table.foreign_keys.iter().any(|key| key.columns.contains(&column));
    let is_unique = table.uniques.iter().any(|unique| unique.columns == [column]);
    let all = [("PK", table.primary_key.contains(&column)), ("FK", is_foreign), ("UK", is_unique)];
    all.iter().filter(|(_, holds)| *holds).map(|(mark, _)| *mark).collect()
}

/// The referencing columns.
fn label(table: &Table, key: &ForeignKey) -> String {
    let names: Vec<&str> = key.columns.iter().map(|column| table.columns[*column].name.as_str()).collect();
    quoted(&names.join(", "))
}

/// Mermaid's types are one word: `numeric(10_2)`, `timestamp_with_time_zone`.
fn kind(column: &PlannedColumn) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "()[]-_".contains(c);
    attribute_of(&column.sql_type.to_string(), is_plain)
}

fn attribute(name: &str) -> String {
    attribute_of(name, |c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// A word that begins with a letter; what it cannot hold becomes `_`.
fn attribute_of(name: &str, is_plain: impl Fn(char) -> bool) -> String {
    let word: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    if word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { word } else { format!("_{word}") }
}

/// A table's name, in quotes where it is no plain word.
fn entity(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// In double quotes, for both languages; Mermaid has no way to write a quote within.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "/").replace('"', "'").replace('\n', " "))
}

/// For Graphviz's HTML labels.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
