//! Column definitions and table constraints, parsed by the SQL parser one by one: one that it does not know spoils no other.

use super::schema::{Column, ForeignKey, Identity, IdentityKind};
use super::words::Words;
use sqlparser::ast::{
    ColumnDef, ColumnOption, DataType, Expr, ForeignKeyConstraint, GeneratedAs, Ident, IndexColumn,
    ObjectName, Statement, TableConstraint,
};
use sqlparser::dialect::{Dialect, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

/// What a definition or a constraint declares of a table.
pub enum Declared {
    PrimaryKey(Option<String>, Vec<String>),
    Unique(Option<String>, Vec<String>),
    Check(Option<String>, Expr),
    ForeignKey(ForeignKey),
    Index(Option<String>, Vec<String>),
    /// What a spec cannot say.
    LeftOut(String),
}

fn dialects() -> [&'static dyn Dialect; 4] {
    [&PostgreSqlDialect {}, &MySqlDialect {}, &SQLiteDialect {}, &GenericDialect {}]
}

/// A definition that the parser reads to its end, in one of the dialects.
pub fn parse_definition(text: &str) -> Option<ColumnDef> {
    dialects().into_iter().find_map(|dialect| {
        let mut parser = Parser::new(dialect).try_with_sql(text).ok()?;
        let definition = parser.parse_column_def().ok()?;
        (parser.peek_token().token == Token::EOF).then_some(definition)
    })
}

/// An SQL expression.
pub fn parse_expression(text: &str) -> Option<Expr> {
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(text).ok()?;
    let expression = parser.parse_expr().ok()?;
    (parser.peek_token().token == Token::EOF).then_some(expression)
}

/// A name as PostgreSQL keeps it: lower case unless quoted.
pub fn folded(name: &Ident) -> String {
    match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_lowercase(),
    }
}

/// The last part of a name.
pub fn last_part(name: &ObjectName) -> String {
    name.0.last().and_then(|part| part.as_ident()).map(folded).unwrap_or_default()
}

/// Reads a column; what it declares beside goes to the list. `None`: it cannot be read.
pub fn column(text: &str, declared: &mut Vec<Declared>) -> Option<Column> {
    let (text, numbering) = without_identity_options(text);
    let text = text.as_str();
    let definition = parse_definition(text).or_else(|| parse_definition(&without_storage(text)))?;
    let name = folded(&definition.name);
    let (data_type, serial) = match serial(&definition.data_type) {
        Some(of) => (of, Some(IdentityKind::Serial)),
        None => (definition.data_type.clone(), None),
    };
    let mut column = Column {
        name,
        data_type,
        is_not_null: false,
        default: None,
        identity: serial.map(|kind| Identity { kind, start: 1, step: 1 }),
        generated: None,
        comment: None,
        notes: Vec::new(),
    };
    // In PostgreSQL's dialect the parser passes over SQLite's word.
    if text.to_ascii_uppercase().split_whitespace().any(|word| word == "AUTOINCREMENT") {
        column.identity = Some(Identity { kind: IdentityKind::Serial, start: 1, step: 1 });
    }
    for option in definition.options {
        let constraint = option.name.as_ref().map(folded);
        column_option(&mut column, constraint, option.option, declared);
    }
    if let (Some((start, step)), Some(identity)) = (numbering, &mut column.identity) {
        (identity.start, identity.step) = (start, step);
    }
    Some(column)
}

/// The definition without what stands in parentheses after AS IDENTITY, which the parser takes in one order only; and the start
/// and the step that stand there.
fn without_identity_options(text: &str) -> (String, Option<(i64, i64)>) {
    let whole = || (text.to_owned(), None);
    let upper = text.to_ascii_uppercase();
    let Some(end) = upper.find(" AS IDENTITY").map(|at| at + " AS IDENTITY".len()) else { return whole() };
    let mut words = Words::new(&text[end..]);
    match words.group() {
        Some(options) => (format!("{} {}", &text[..end], words.rest()), Some(sequence_options_of(options))),
        None => whole(),
    }
}

/// What `serial` stands for.
fn serial(data_type: &DataType) -> Option<DataType> {
    let DataType::Custom(name, _) = data_type else { return None };
    Some(match last_part(name).as_str() {
        "serial" | "serial4" => DataType::Integer(None),
        "bigserial" | "serial8" => DataType::BigInt(None),
        "smallserial" | "serial2" => DataType::SmallInt(None),
        _ => return None,
    })
}

/// Without PostgreSQL's STORAGE and COMPRESSION clauses, which say nothing about values.
fn without_storage(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        match word.to_ascii_uppercase().as_str() {
            "STORAGE" | "COMPRESSION" => drop(words.next()),
            _ => kept.push(word),
        }
    }
    kept.join(" ")
}

fn column_option(
    column: &mut Column,
    constraint: Option<String>,
    option: ColumnOption,
    declared: &mut Vec<Declared>,
) {
    let own = || vec![column.name.clone()];
    match option {
        ColumnOption::Null | ColumnOption::CharacterSet(_) | ColumnOption::OnConflict(_) => {}
        ColumnOption::NotNull => column.is_not_null = true,
        ColumnOption::PrimaryKey(_) => declared.push(Declared::PrimaryKey(constraint, own())),
        ColumnOption::Unique(_) => declared.push(Declared::Unique(constraint, own())),
        // NULL as a default is none.
        ColumnOption::Default(expression) if expression.to_string().eq_ignore_ascii_case("null") => {}
        ColumnOption::Default(expression) => column.default = Some(expression),
        ColumnOption::Comment(comment) => column.comment = Some(comment),
        ColumnOption::Check(check) => {
            let name = check.name.as_ref().map(folded).or(constraint);
            declared.push(Declared::Check(name, *check.expr));
        }
        ColumnOption::ForeignKey(key) => {
            let mut key = foreign_key(key);
            key.name = key.name.or(constraint);
            key.columns = own();
            declared.push(Declared::ForeignKey(key));
        }
        ColumnOption::Generated { generation_expr: Some(expression), .. } => {
            column.generated = Some(expression);
        }
        ColumnOption::Generated { generated_as, sequence_options, .. } => {
            let kind = match generated_as {
                GeneratedAs::Always => IdentityKind::Always,
                GeneratedAs::ByDefault | GeneratedAs::ExpStored => IdentityKind::ByDefault,
            };
            let options: Vec<String> =
                sequence_options.iter().flatten().map(|option| option.to_string()).collect();
            let (start, step) = sequence_options_of(&options.join(" "));
            column.identity = Some(Identity { kind, start, step });
        }
        ColumnOption::DialectSpecific(tokens)
            if tokens.iter().any(|token| token.to_string().eq_ignore_ascii_case("AUTO_INCREMENT")) =>
        {
            column.identity = Some(Identity { kind: IdentityKind::Serial, start: 1, step: 1 });
        }
        ColumnOption::Identity(_) => {
            column.identity = Some(Identity { kind: IdentityKind::Serial, start: 1, step: 1 });
        }
        other => {
            declared.push(Declared::LeftOut(format!("{other} of column {}", column.name)));
        }
    }
}

/// START and INCREMENT of a sequence's options.
pub fn sequence_options_of(text: &str) -> (i64, i64) {
    let (mut start, mut step) = (1, 1);
    let mut words = Words::new(text);
    loop {
        if words.eat_all("START WITH") || words.eat("START") {
            start = words.number().unwrap_or(start);
        } else if words.eat_all("INCREMENT BY") || words.eat("INCREMENT") {
            step = words.number().unwrap_or(step);
        } else if !words.skip_one() {
            return (start, step);
        }
    }
}

/// Reads a table constraint. `None`: it cannot be read.
pub fn constraint(text: &str) -> Option<Declared> {
    let is_deferrable = text.to_ascii_uppercase().contains(" DEFERRABLE")
        && !text.to_ascii_uppercase().contains("NOT DEFERRABLE");
    let text = without_endings(text);
    let sql = format!("CREATE TABLE t ({text})");
    let parsed = dialects().into_iter().find_map(|dialect| Parser::parse_sql(dialect, &sql).ok())?;
    let Some(Statement::CreateTable(table)) = parsed.into_iter().next() else { return None };
    Some(match table.constraints.into_iter().next()? {
        TableConstraint::PrimaryKey(key) => {
            Declared::PrimaryKey(key.name.as_ref().map(folded), names(&key.columns)?)
        }
        TableConstraint::Unique(unique) => {
            Declared::Unique(unique.name.as_ref().map(folded), names(&unique.columns)?)
        }
        TableConstraint::Check(check) => Declared::Check(check.name.as_ref().map(folded), *check.expr),
        TableConstraint::ForeignKey(key) => {
            let key = foreign_key(key);
            Declared::ForeignKey(ForeignKey { is_deferrable: key.is_deferrable || is_deferrable, ..key })
        }
        TableConstraint::Index(index) => {
            Declared::Index(index.name.as_ref().map(folded), names(&index.columns)?)
        }
        other => Declared::LeftOut(other.to_string()),
    })
}

/// Without what says when a constraint is looked at, not what it demands.
fn without_endings(text: &str) -> String {
    let mut text = text.trim().to_owned();
    let endings = [
        " NOT VALID",
        " NO INHERIT",
        " INITIALLY DEFERRED",
        " INITIALLY IMMEDIATE",
        " NOT DEFERRABLE",
        " DEFERRABLE",
    ];
    while let Some(ending) = endings.iter().find(|ending| text.to_ascii_uppercase().ends_with(*ending)) {
        text.truncate(text.len() - ending.len());
    }
    text
}

fn foreign_key(key: ForeignKeyConstraint) -> ForeignKey {
    let action = |action: &sqlparser::ast::ReferentialAction| action.to_string().to_uppercase();
    ForeignKey {
        name: key.name.as_ref().map(folded),
        columns: key.columns.iter().map(folded).collect(),
        table: last_part(&key.foreign_table),
        referenced: key.referred_columns.iter().map(folded).collect(),
        on_delete: key.on_delete.as_ref().map(action),
        on_update: key.on_update.as_ref().map(action),
        is_deferrable: key.characteristics.is_some_and(|when| when.deferrable == Some(true)),
    }
}

/// Plain columns.
fn names(columns: &[IndexColumn]) -> Option<Vec<String>> {
    let name = |column: &IndexColumn| match &column.column.expr {
        Expr::Identifier(name) => Some(folded(name)),
        _ => None,
    };
    columns.iter().map(name).collect()
}
