//! The short form of a column: an SQL column definition, `varchar(255) not null unique`.

use super::fields::Problems;
use super::model::{At, CheckSpec, ColumnSpec, Generator, IdentitySpec, Modifiers, Reference};
use super::type_name;
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{EnumType, SqlType};
use sqlparser::ast::{
    ColumnDef, ColumnOption, DataType, Expr, GeneratedAs, ReferentialAction, SequenceOptions, Spanned,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use std::sync::Arc;

/// What stands before the definition when it is parsed, since SQL wants a name there.
const NAME: &str = "x ";

/// A column of which nothing is known but its name.
pub(super) fn empty(name: At<String>) -> ColumnSpec {
    ColumnSpec {
        name,
        sql_type: None,
        identity: None,
        primary_key: None,
        unique: None,
        not_null: None,
        null: None,
        optional: None,
        null_group: None,
        null_exact: None,
        default: None,
        checks: Vec::new(),
        comment: None,
        hidden: false,
        declared_type: None,
        numbered_by: None,
        references: None,
        earlier: None,
        changes: None,
        valid_at: None,
        choice: Default::default(),
        one_of: None,
        distribution: None,
        modifiers: Modifiers::default(),
        length: None,
        generator: Generator::Unnamed,
        noise: None,
        broken: false,
    }
}

/// Reads the definition of a column.
pub(super) fn parse(
    name: At<String>,
    text: &At<String>,
    enums: &[Arc<EnumType>],
    problems: &mut Problems,
) -> Option<ColumnSpec> {
    let column = empty(name);
    let definition = match parse_definition(&text.value) {
        Ok(definition) => definition,
        Err(message) => {
            let problem =
                Diagnostic::new(text.span, format!("this is not an SQL column definition: {message}"));
            problems.push(
                problem.help("such as `varchar(255) not null unique`, or a mapping with `type:` and more"),
            );
            return None;
        }
    };
    let mut reader = Reader { text, enums, problems, column };
    reader.data_type(&definition.data_type);
    for option in &definition.options {
        let name = option.name.as_ref().map(|name| name.value.clone());
        reader.option(name, &option.option);
    }
    Some(reader.column)
}

fn parse_definition(text: &str) -> Result<ColumnDef, String> {
    let sql = format!("{NAME}{text}");
    let message = |error: sqlparser::parser::ParserError| {
        let text = error.to_string();
        let text = text.strip_prefix("sql parser error: ").unwrap_or(&text);
        text.split(" at Line:").next().unwrap_or(text).to_owned()
    };
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(&sql).map_err(message)?;
    let definition = parser.parse_column_def().map_err(message)?;
    match parser.peek_token().token {
        sqlparser::tokenizer::Token::EOF => Ok(definition),
        other => Err(format!("unexpected `{other}`")),
    }
}

struct Reader<'a> {
    text: &'a At<String>,
    enums: &'a [Arc<EnumType>],
    problems: &'a mut Problems,
    column: ColumnSpec,
}

impl Reader<'_> {
    fn data_type(&mut self, data_type: &DataType) {
        if matches!(data_type, DataType::Unspecified) {
            return;
        }
        // The parser keeps no places for types; the type is what the definition starts with.
        let written = data_type.to_string();
        match type_name::parse(&written.replace('"', ""), self.enums) {
            Ok(read) => {
                let length = self.text.value.split_whitespace().next().map_or(0, str::len);
                self.column.sql_type = Some(At::new(read.sql_type, self.text.span.part(0, length)));
                self.column.identity = read.is_serial.then_some(IdentitySpec::Serial);
            }
            Err(bad) => self.problems.push(type_problem(bad, self.text.span, self.enums)),
        }
    }

    fn option(&mut self, name: Option<String>, option: &ColumnOption) {
        let whole = self.text.span;
        match option {
            ColumnOption::Null => {}
            ColumnOption::NotNull => self.column.not_null = Some(whole),
            ColumnOption::PrimaryKey(_) => self.column.primary_key = Some(whole),
            ColumnOption::Unique(_) => self.column.unique = Some(whole),
            ColumnOption::Default(expression) => {
                self.problems.extend(default_problem(expression, whole));
                self.column.default = Some(expression.to_string());
            }
            ColumnOption::Comment(comment) => self.column.comment = Some(comment.clone()),
            ColumnOption::Check(check) => {
                let span = self.place(check.expr.span());
                let expression = At::new(check.expr.to_string(), span);
                self.column.checks.push(CheckSpec::declared(name, expression));
            }
            ColumnOption::ForeignKey(key) => {
                let spot =
                    |ident: &sqlparser::ast::Ident| At::new(ident.value.clone(), self.place(ident.span));
                let parts = &key.foreign_table.0;
                let Some(table) = parts.last().and_then(|part| part.as_ident()) else { return };
                self.column.references = Some(Reference {
                    table: spot(table),
                    columns: key.referred_columns.iter().map(spot).collect(),
                    on_delete: key.on_delete.as_ref().map(action),
                    on_update: key.on_update.as_ref().map(action),
                });
            }
            ColumnOption::Generated { generated_as, generation_expr: None, sequence_options, .. } => {
                self.column.identity = Some(match generated_as {
                    GeneratedAs::Always => IdentitySpec::Always,
                    GeneratedAs::ByDefault | GeneratedAs::ExpStored => IdentitySpec::ByDefault,
                });
                if let Some(options) = sequence_options {
                    self.column.generator = self.sequence(options, whole);
                }
            }
            ColumnOption::Generated { .. } => {
                let problem = Diagnostic::new(whole, "generated columns are written as a mapping");
                self.problems.push(
                    problem.help("write `{type: ..., expr: ...}`: the value is then computed by datagen"),
                );
            }
            other => {
                let problem = Diagnostic::new(whole, format!("`{other}` has no meaning here"));
                let known = "known: primary key, unique, not null, default, check, references, generated ... as identity";
                self.problems.push(problem.help(known));
            }
        }
    }

    /// Where an identity begins, and the distance of its numbers.
    fn sequence(&mut self, options: &[SequenceOptions], whole: Span) -> Generator {
        let (mut start, mut step) = (None, None);
        for option in options {
            let number = |expression: &Expr| expression.to_string().replace(' ', "").parse::<i64>().ok();
            let read = match option {
                SequenceOptions::StartWith(expression, _) => {
                    number(expression).map(|number| start = Some(number))
                }
                SequenceOptions::IncrementBy(expression, _) => {
                    number(expression).filter(|step| *step != 0).map(|number| step = Some(number))
                }
                // What a sequence has without a word, and what says nothing about its numbers.
                SequenceOptions::MinValue(None) | SequenceOptions::MaxValue(None) => Some(()),
                SequenceOptions::Cycle(false) | SequenceOptions::Cache(_) => Some(()),
                _ => None,
            };
            if read.is_none() {
                let problem =
                    Diagnostic::new(whole, format!("`{}` has no meaning here", option.to_string().trim()));
                self.problems
                    .push(problem.help("known of an identity: increment by, start with, with whole numbers"));
            }
        }
        let at = |number: Option<i64>| number.map(|number| At::new(number, whole));
        Generator::Sequence { start: at(start), step: at(step) }
    }

    /// A place in the definition as a place in the spec; the definition is one line, which `NAME` moved to the right.
    fn place(&self, span: sqlparser::tokenizer::Span) -> Span {
        let byte = |column: u64| {
            let chars = (column as usize).saturating_sub(1 + NAME.len());
            self.text.value.char_indices().nth(chars).map_or(self.text.value.len(), |(at, _)| at)
        };
        match span.start.line {
            1 => self.text.span.part(byte(span.start.column), byte(span.end.column)),
            _ => self.text.span,
        }
    }
}

/// Checks the DEFAULT of a long form: an SQL expression.
pub(super) fn check_default(text: &At<String>, problems: &mut Problems) {
    let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(&text.value).and_then(|mut parser| {
        let expression = parser.parse_expr()?;
        parser.expect_token(&sqlparser::tokenizer::Token::EOF)?;
        Ok(expression)
    });
    match parsed {
        Ok(expression) => problems.extend(default_problem(&expression, text.span)),
        Err(_) => {
            let problem = Diagnostic::new(text.span, "`default` must be an SQL expression");
            problems.push(problem.help("such as `0`, `now()`, or a quoted text: `\"'new'\"`"));
        }
    }
}

/// A bare word is a column to SQL, which a default cannot read; most likely a text without its quotes.
fn default_problem(expression: &Expr, span: Span) -> Option<Diagnostic> {
    let Expr::Identifier(word) = expression else { return None };
    let problem = Diagnostic::new(span, format!("`{word}` is not a value: a default cannot read columns"));
    Some(problem.help(format!("a text has quotes of its own in SQL: `\"'{word}'\"`")))
}

/// A refused type name as a problem.
/// The type of that name, one of `enums` or of PostgreSQL's own.
pub fn named_type(text: &At<String>, enums: &[Arc<EnumType>]) -> Result<SqlType, Diagnostic> {
    match type_name::parse(&text.value, enums) {
        Ok(read) => Ok(read.sql_type),
        Err(bad) => Err(type_problem(bad, text.span, enums)),
    }
}

pub(super) fn type_problem(bad: type_name::BadType, span: Span, enums: &[Arc<EnumType>]) -> Diagnostic {
    let problem = Diagnostic::new(span, bad.message);
    match bad.unknown_name {
        Some(name) => {
            let mut known: Vec<&str> = type_name::types().map(|(name, _)| name).collect();
            known.extend(enums.iter().map(|of| of.name.as_str()));
            let problem = problem.suggest(&name, known);
            match problem.help.is_empty() {
                true => problem.help("`datagen list types` names the types; own enums stand under `types:`"),
                false => problem,
            }
        }
        None => problem,
    }
}

fn action(action: &ReferentialAction) -> String {
    action.to_string().to_uppercase()
}
