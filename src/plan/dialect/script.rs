//! The script of a plan in another dialect: tables with what stands in them, and what comes after the data.

use super::expressions::{Reading, default, translate};
use super::indexes::index;
use super::{ForeignKeys, Numbering, Rules};
use crate::plan::ddl::{Script, Section, columns, enum_name};
use crate::plan::{ForeignKey, Plan, PlannedColumn, Table};
use std::collections::HashSet;

/// The SQL around the data of these tables (indexes into the plan's, in writing order).
pub(super) fn script(rules: &dyn Rules, plan: &Plan, tables: &[usize], section: Section) -> Script {
    let mut writer =
        Writer { rules, plan, tables, text: String::new(), left_out: Vec::new(), names: HashSet::new() };
    let has_schema = section != Section::Data;
    writer.text += rules.settings();
    if rules.has_transaction() {
        writer.text += "BEGIN;\n";
    }
    let (unchecked, checked) = if has_schema { ("", "") } else { rules.unchecked() };
    writer.text += unchecked;
    writer.text += "\n";
    if has_schema {
        writer.what_stands_alone();
        tables.iter().for_each(|table| writer.table(*table));
    }
    let before = std::mem::take(&mut writer.text);
    if has_schema {
        tables.iter().for_each(|table| writer.indexes(*table));
        tables.iter().for_each(|table| writer.late_constraints(*table));
    }
    writer.text += checked;
    if rules.has_transaction() {
        writer.text += "COMMIT;\n";
    }
    Script { before, after: writer.text, left_out: writer.left_out }
}

/// A script in the making.
pub(super) struct Writer<'p> {
    pub rules: &'p dyn Rules,
    pub plan: &'p Plan,
    tables: &'p [usize],
    text: String,
    left_out: Vec<String>,
    /// The names of constraints that were given.
    names: HashSet<String>,
}

/// What a database has no form of: what it is, and why.
type LeftOut = (String, String);

impl<'p> Writer<'p> {
    fn statement(&mut self, sql: &str) {
        self.text += &format!("{sql};\n\n");
    }

    /// Leaves something out, and says so at its place.
    fn leave_out(&mut self, (what, why): LeftOut) {
        let line = one_line(&format!("{what}: {why}"));
        self.text += &format!("-- left out: {line}\n\n");
        self.left_out.push(line);
    }

    /// Types, and what PostgreSQL has beside tables.
    fn what_stands_alone(&mut self) {
        let (rules, plan) = (self.rules, self.plan);
        let visible: Vec<&PlannedColumn> = self
            .tables
            .iter()
            .flat_map(|table| plan.tables[*table].visible().map(|(_, column)| column))
            .collect();
        let is_used = |name: &str| visible.iter().any(|column| enum_name(&column.sql_type) == Some(name));
        for of in plan.types.iter().filter(|of| rules.has_types() && is_used(&of.name)) {
            let labels: Vec<String> = of.labels.iter().map(|label| rules.literal(label)).collect();
            let name = rules.identifier(&of.name);
            self.statement(&format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", ")));
        }
        let title = rules.title();
        for name in &plan.extensions {
            self.leave_out((format!("extension {name}"), format!("{title} has none")));
        }
        for of in &plan.declared_types {
            let why = "its columns have the type that it is made of".to_owned();
            self.leave_out((format!("type {}", of.name.value), why));
        }
        for (of, _) in &plan.sequences {
            let why = "sequences that stand alone are PostgreSQL's".to_owned();
            self.leave_out((format!("sequence {}", of.name.value), why));
        }
    }

    fn table(&mut self, at: usize) {
        let (rules, table) = (self.rules, &self.plan.tables[at]);
        let mut left_out = Vec::new();
        let mut lines = Vec::new();
        for (column, of) in table.visible() {
            let definition = self.column(at, column, &mut left_out);
            lines.push(match &of.comment {
                Some(comment) if self.comments_are_lines() => {
                    format!("-- {}\n    {definition}", one_line(comment))
                }
                _ => definition,
            });
        }
        lines.extend(self.keys(table));
        if rules.foreign_keys() != ForeignKeys::AfterData {
            lines.extend(self.foreign_keys(at, &mut left_out));
        }
        if !rules.has_late_checks() {
            lines.extend(self.checks(table, &mut left_out));
        }
        let name = rules.identifier(&table.name);
        let comment = table.comment.as_deref();
        let about = match comment {
            Some(comment) if self.comments_are_lines() => format!("\n    -- {}", one_line(comment)),
            _ => String::new(),
        };
        let options = rules.table_options(comment);
        self.statement(&format!("CREATE TABLE {name} ({about}\n    {}\n){options}", lines.join(",\n    ")));
        if rules.has_comment_statements() {
            self.comments(table);
        }
        left_out.into_iter().for_each(|what| self.leave_out(what));
    }

    /// Comments that a database does not have stay in the statement that it keeps.
    fn comments_are_lines(&self) -> bool {
        !self.rules.has_comment_statements() && self.rules.column_comment("").is_none()
    }

    fn comments(&mut self, table: &Table) {
        let rules = self.rules;
        let name = rules.identifier(&table.name);
        if let Some(comment) = &table.comment {
            self.statement(&format!("COMMENT ON TABLE {name} IS {}", rules.literal(comment)));
        }
        for (_, column) in table.visible() {
            if let Some(comment) = &column.comment {
                let of = rules.identifier(&column.name);
                self.statement(&format!("COMMENT ON COLUMN {name}.{of} IS {}", rules.literal(comment)));
            }
        }
    }

    fn column(&mut self, at: usize, column: usize, left_out: &mut Vec<LeftOut>) -> String {
        let (rules, table) = (self.rules, &self.plan.tables[at]);
        let of = &table.columns[column];
        let full_name = format!("{}.{}", table.name, of.name);
        let mut sql = format!("{} {}", rules.identifier(&of.name), self.type_of(at, column));
        if of.not_null {
            sql += " NOT NULL";
        }
        if of.identity.is_some() {
            match rules.numbering(table, column) {
                Ok(Numbering::Words(words)) => sql += words,
                Ok(Numbering::Itself) => {}
                Ok(Numbering::Sequence(next, step)) => {
                    let name = format!("{}_{}_seq", table.name, of.name);
                    let sequence = rules.identifier(&name);
                    self.statement(&format!(
                        "CREATE SEQUENCE {sequence} START WITH {next}{}",
                        if step == 1 { String::new() } else { format!(" INCREMENT BY {step}") }
                    ));
                    sql += &format!(" DEFAULT nextval({})", rules.literal(&sequence));
                }
                Err(why) => left_out.push((format!("the sequence of {full_name}"), why.to_owned())),
            }
        } else if let Some(written) = &of.default {
            match default(rules, written) {
                Ok(expression) => sql += &rules.default(&expression),
                Err(why) => left_out.push((format!("the default of {full_name}, {written}"), why)),
            }
        }
        sql + &of.comment.as_deref().and_then(|comment| rules.column_comment(comment)).unwrap_or_default()
    }

    /// A column's type; where it has to be the same as that which it refers to, that.
    fn type_of(&self, at: usize, column: usize) -> String {
        let table = &self.plan.tables[at];
        let own = &table.columns[column].sql_type;
        if self.rules.needs_equal_types() {
            let (parent, key) = self.referred_to(at, column);
            let parent = &self.plan.tables[parent];
            let other = &parent.columns[key].sql_type;
            if own.is_integer() && other.is_integer() {
                return self.rules.column_type(table, column, other);
            }
            if own.is_text() && other.is_text() {
                return self.rules.column_type(parent, key, other);
            }
        }
        self.rules.column_type(table, column, own)
    }

    /// The key that a column's foreign key leads to in the end; the column itself if there is none.
    fn referred_to(&self, mut table: usize, mut column: usize) -> (usize, usize) {
        // A chain that is longer than there are tables is a circle.
        for _ in 0..self.plan.tables.len() {
            let next = self.plan.tables[table].foreign_keys.iter().find_map(|key| {
                let place = key.columns.iter().position(|own| *own == column)?;
                Some((key.table, key.referenced[place]))
            });
            match next {
                Some(next) if next != (table, column) => (table, column) = next,
                _ => break,
            }
        }
        (table, column)
    }

    /// The names of columns as a list; `None` when there is none, or one is hidden.
    pub fn columns(&self, table: &Table, of: &[usize]) -> Option<String> {
        columns(table, of, |name| self.rules.identifier(name))
    }

    /// The clauses of the primary key and of the unique constraints.
    fn keys(&self, table: &Table) -> Vec<String> {
        let primary = ("PRIMARY KEY", table.key_name.as_ref(), &table.primary_key);
        let uniques = table.uniques.iter().map(|unique| ("UNIQUE", Some(&unique.name), &unique.columns));
        let clause = |(words, name, of): (&str, Option<&String>, &Vec<usize>)| {
            let name = name.map(|name| format!("CONSTRAINT {} ", self.rules.identifier(name)));
            Some(format!("{}{words} ({})", name.unwrap_or_default(), self.columns(table, of)?))
        };
        std::iter::once(primary).chain(uniques).filter_map(clause).collect()
    }

    /// A name that no constraint has; where names are those of a table alone, any.
    fn free_name(&mut self, table: &Table, name: &str) -> String {
        let name = match self.rules.shares_names() && !self.names.insert(name.to_lowercase()) {
            true => format!("{}_{name}", table.name),
            false => name.to_owned(),
        };
        self.rules.identifier(&name)
    }

    /// The clauses of the foreign keys whose both ends are written.
    fn foreign_keys(&mut self, at: usize, left_out: &mut Vec<LeftOut>) -> Vec<String> {
        let table = &self.plan.tables[at];
        let place = |table: usize| self.tables.iter().position(|other| *other == table);
        let is_backwards = |key: &ForeignKey| place(key.table) < place(at);
        let mut clauses = Vec::new();
        for key in table.foreign_keys.iter().filter(|key| place(key.table).is_some()) {
            if self.rules.foreign_keys() == ForeignKeys::InTablesBackwards && !is_backwards(key) {
                let why =
                    format!("{} wants the rows that it leads to in earlier statements", self.rules.title());
                left_out.push((format!("foreign key {} of {}", key.name, table.name), why));
                continue;
            }
            clauses.extend(self.foreign_key(table, key, left_out));
        }
        clauses
    }

    fn foreign_key(
        &mut self,
        table: &Table,
        key: &ForeignKey,
        left_out: &mut Vec<LeftOut>,
    ) -> Option<String> {
        let parent = &self.plan.tables[key.table];
        let own = self.columns(table, &key.columns)?;
        let referenced = self.columns(parent, &key.referenced)?;
        let (name, parent) = (self.free_name(table, &key.name), self.rules.identifier(&parent.name));
        let mut sql = format!("CONSTRAINT {name} FOREIGN KEY ({own}) REFERENCES {parent} ({referenced})");
        for (event, action) in [("UPDATE", &key.on_update), ("DELETE", &key.on_delete)] {
            let Some(action) = action else { continue };
            match self.rules.action(action) {
                Ok(()) => sql += &format!(" ON {event} {action}"),
                Err(why) => {
                    let what = format!("ON {event} {action} of foreign key {} of {}", key.name, table.name);
                    left_out.push((what, why.to_owned()));
                }
            }
        }
        Some(sql)
    }

    /// The clauses of the checks of a table, and of its columns' types.
    fn checks(&mut self, table: &Table, left_out: &mut Vec<LeftOut>) -> Vec<String> {
        let mut clauses = Vec::new();
        for check in &table.checks {
            let translated = translate(self.rules, table, &check.expression);
            let allowed = translated.and_then(|Reading { sql, columns }| {
                match self.rules.refused_check(table, &columns) {
                    Some(why) => Err(why.to_owned()),
                    None => Ok(sql),
                }
            });
            match allowed {
                Ok(sql) => {
                    let name = self.free_name(table, &check.name);
                    clauses.push(format!("CONSTRAINT {name} CHECK ({sql})"));
                }
                Err(why) => {
                    let what = format!("check {} of {}, {}", check.name, table.name, check.expression);
                    left_out.push((what, why));
                }
            }
        }
        clauses
    }

    fn indexes(&mut self, at: usize) {
        let table = &self.plan.tables[at];
        for of in &table.indexes {
            match index(self, table, of) {
                Ok(Some(sql)) => self.statement(&sql),
                Ok(None) => {}
                Err(why) => self.leave_out((format!("index {} of {}", of.name, table.name), why)),
            }
        }
    }

    /// Foreign keys and checks that are added when the rows are there.
    fn late_constraints(&mut self, at: usize) {
        let table = &self.plan.tables[at];
        let mut left_out = Vec::new();
        let mut clauses = Vec::new();
        if self.rules.foreign_keys() == ForeignKeys::AfterData {
            clauses.extend(self.foreign_keys(at, &mut left_out));
        }
        if self.rules.has_late_checks() {
            clauses.extend(self.checks(table, &mut left_out));
        }
        if !clauses.is_empty() {
            // One statement, so that the rows are gone through as seldom as may be.
            let clauses: Vec<String> = clauses.iter().map(|clause| format!("    ADD {clause}")).collect();
            let name = self.rules.identifier(&table.name);
            self.statement(&format!("ALTER TABLE {name}\n{}", clauses.join(",\n")));
        }
        left_out.into_iter().for_each(|what| self.leave_out(what));
    }
}

/// A text on one line, as comments of scripts are.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
