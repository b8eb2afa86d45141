//! Indexes in another dialect.

use super::expressions::translate;
use super::script::Writer;
use crate::plan::{Index, Table};

/// The statement that makes an index; `None` where it is over hidden columns, `Err` tells why the database has none such.
pub(super) fn index(writer: &Writer<'_>, table: &Table, index: &Index) -> Result<Option<String>, String> {
    let rules = writer.rules;
    let title = rules.title();
    let method = index.method.as_deref().unwrap_or("btree");
    if !method.eq_ignore_ascii_case("btree") || index.operator_class.is_some() {
        return Err(format!("{title} has no such method"));
    }
    if index.columns.iter().any(|column| table.columns[*column].hidden) {
        return Ok(None);
    }
    if !index.expressions.is_empty() && !rules.has_expression_indexes() {
        return Err(format!("not every {title} has indexes over expressions"));
    }
    if index.condition.is_some() && !rules.has_partial_indexes() {
        return Err(format!("{title} has no indexes of some rows"));
    }
    let of_columns = index.columns.iter().map(|column| rules.indexed(table, *column).map_err(str::to_owned));
    // PostgreSQL's parentheses may be missing around a call.
    let of_expressions =
        index.expressions.iter().map(|written| Ok(format!("({})", translate(rules, table, written)?.sql)));
    let parts: Vec<String> = of_columns.chain(of_expressions).collect::<Result<_, String>>()?;
    let condition = match &index.condition {
        Some(condition) => format!(" WHERE {}", translate(rules, table, condition)?.sql),
        None => String::new(),
    };
    let unique = if index.unique { "UNIQUE " } else { "" };
    let (name, table) = (rules.identifier(&index.name), rules.identifier(&table.name));
    Ok(Some(format!("CREATE {unique}INDEX {name} ON {table} ({}){condition}", parts.join(", "))))
}
