//! A database's rows against the rules that the spec declares: keys, uniques, foreign keys, NOT NULL and checks. Nothing is computed
//! again; the server looks through its tables, whether it has the constraints or not.

use super::catalog::{self, Column, names};
use super::database::begin;
use super::report::{Difference, Report, TableReport};
use super::{Error, Options, Watching};
use crate::plan::{Plan, Table};
use crate::value::text::{quote_identifier, quote_literal};
use postgres::{Client, Transaction};
use std::sync::atomic::Ordering;

/// Looks for rows of these tables (indexes into the plan's) that break a rule, in one snapshot of the database, and for constraints that
/// it does not have.
///
/// # Errors
/// When the server cannot be asked. What it finds stands in the report.
pub fn rules(
    plan: &Plan,
    tables: &[usize],
    client: &mut Client,
    schema: Option<&str>,
    options: &Options,
    watching: Watching,
) -> Result<Report, Error> {
    let mut server = begin(client, schema)?;
    let mut report = Report::default();
    for &at in tables {
        let most = options.most_shown.saturating_sub(report.kept());
        let table = &plan.tables[at];
        let mut of = TableReport { name: table.name.clone(), rows: table.rows, ..TableReport::default() };
        for difference in table_differences(plan, table, &mut server, &watching)? {
            of.note(difference, most);
        }
        watching.observer.wrote(Some(at), table.rows, 0);
        report.tables.push(of);
    }
    server.rollback().map_err(Error::server("end the transaction"))?;
    Ok(report)
}

fn table_differences(
    plan: &Plan,
    table: &Table,
    server: &mut Transaction,
    watching: &Watching,
) -> Result<Vec<Difference>, Error> {
    let failed = || Error::server(format!("look through {}", table.name));
    let found = catalog::columns(server, &quote_identifier(&table.name)).map_err(failed())?;
    let Some(found) = found else {
        return Ok(vec![Difference::Schema("there is no such table".into())]);
    };
    let mut differences = catalog::differences(server, plan, table, &found).map_err(failed())?;
    let mut rules = own_rules(table, &found);
    for key in &table.foreign_keys {
        let parent = &plan.tables[key.table];
        let of_parent = catalog::columns(server, &quote_identifier(&parent.name)).map_err(failed())?;
        let own = names(table, &key.columns).filter(|own| has(&found, own));
        let referenced = names(parent, &key.referenced);
        if let (Some(own), Some(referenced), Some(of_parent)) = (own, referenced, of_parent)
            && has(&of_parent, &referenced)
        {
            rules.push(foreign_key(table, &key.name, &own, parent, &referenced));
        }
    }
    for Rule { constraint, how, sql } in rules {
        if watching.cancel.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        let row = server.query_one(&sql, &[]).map_err(failed())?;
        let (count, example): (i64, Option<String>) = (row.get(0), row.get(1));
        if count > 0 {
            let example = example.unwrap_or_default();
            differences.push(Difference::Broken { constraint, how, count: count as u64, example });
        }
    }
    Ok(differences)
}

/// A question whose answer is how many rows break a rule, and the name of one.
struct Rule {
    constraint: String,
    how: [&'static str; 2],
    sql: String,
}

/// The rules that need no other table.
fn own_rules(table: &Table, found: &[Column]) -> Vec<Rule> {
    let mut rules = Vec::new();
    let (from, example) = (quote_identifier(&table.name), row_name(table, found));
    for (_, column) in table.visible().filter(|(_, column)| column.not_null) {
        if has(found, std::slice::from_ref(&column.name)) {
            let name = quote_identifier(&column.name);
            rules.push(Rule {
                constraint: format!("{} NOT NULL", column.name),
                how: ["row is null", "rows are null"],
                sql: format!("SELECT count(*), min({example}) FROM {from} a WHERE a.{name} IS NULL"),
            });
        }
    }
    let primary = std::iter::once((format!("primary key of {}", table.name), &table.primary_key));
    let uniques = table.uniques.iter().map(|unique| (format!("unique {}", unique.name), &unique.columns));
    for (constraint, columns) in primary.chain(uniques) {
        if let Some(columns) = names(table, columns).filter(|columns| has(found, columns)) {
            let list = quoted(&columns, "a").join(", ");
            let no_null: Vec<String> =
                quoted(&columns, "a").iter().map(|name| format!("{name} IS NOT NULL")).collect();
            rules.push(Rule {
                constraint,
                how: ["value occurs more than once", "values occur more than once"],
                sql: format!(
                    "SELECT count(*), min(name) FROM (SELECT {} AS name FROM {from} a WHERE {} \
                     GROUP BY {list} HAVING count(*) > 1) repeated",
                    in_words(&columns),
                    no_null.join(" AND ")
                ),
            });
        }
    }
    let all: Vec<String> = table.visible().map(|(_, column)| column.name.clone()).collect();
    for check in table.checks.iter().filter(|check| check.is_declared && has(found, &all)) {
        rules.push(Rule {
            constraint: format!("check {}", check.name),
            how: ["row breaks it", "rows break it"],
            sql: format!("SELECT count(*), min({example}) FROM {from} a WHERE NOT ({})", check.expression),
        });
    }
    rules
}

fn foreign_key(table: &Table, name: &str, own: &[String], parent: &Table, referenced: &[String]) -> Rule {
    let no_null: Vec<String> = quoted(own, "a").iter().map(|name| format!("{name} IS NOT NULL")).collect();
    let same: Vec<String> = quoted(own, "a")
        .iter()
        .zip(quoted(referenced, "p"))
        .map(|(own, other)| format!("{own} = {other}"))
        .collect();
    Rule {
        constraint: format!("foreign key {name}"),
        how: ["row has no parent", "rows have no parent"],
        sql: format!(
            "SELECT count(*), min({}) FROM {} a WHERE {} AND NOT EXISTS (SELECT FROM {} p WHERE {})",
            in_words(own),
            quote_identifier(&table.name),
            no_null.join(" AND "),
            quote_identifier(&parent.name),
            same.join(" AND ")
        ),
    }
}

/// Whether the database has these columns.
fn has(found: &[Column], names: &[String]) -> bool {
    names.iter().all(|name| found.iter().any(|column| column.name == *name))
}

fn quoted(names: &[String], of: &str) -> Vec<String> {
    names.iter().map(|name| format!("{of}.{}", quote_identifier(name))).collect()
}

/// A row in words, in SQL: its key, else all of it.
fn row_name(table: &Table, found: &[Column]) -> String {
    match names(table, &table.primary_key).filter(|key| has(found, key)) {
        Some(key) => in_words(&key),
        None => "a::text".to_owned(),
    }
}

/// Columns with their names and values, in SQL: `order_id 17, line_no 2`.
fn in_words(columns: &[String]) -> String {
    let word = |name: &String| {
        format!(
            "{} || coalesce(a.{}::text, 'null')",
            quote_literal(&format!("{name} ")),
            quote_identifier(name)
        )
    };
    columns.iter().map(word).collect::<Vec<_>>().join(" || ', ' || ")
}
