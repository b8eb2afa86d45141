//! A column of the DDL as a column of the spec: its type, what it declares, and what makes its values.

use super::conditions::{Fact, literal, plain, plain_default};
use super::elements::parse_expression;
use super::read::nextval;
use super::schema::{Column, Identity, IdentityKind, Schema, Table};
use super::types::{Found, column_type};
use crate::init::sketch::{self, Maker};
use crate::plan::inferred_bounds;
use crate::value::SqlType;
use sqlparser::ast::{Expr, Function};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

/// Columns that are mostly empty, and how often.
const SELDOM: [(&str, &str); 9] = [
    ("deleted_at", "95%"),
    ("archived_at", "95%"),
    ("cancelled_at", "90%"),
    ("canceled_at", "90%"),
    ("revoked_at", "95%"),
    ("closed_at", "50%"),
    ("completed_at", "40%"),
    ("middle_name", "60%"),
    ("address_line2", "80%"),
];

/// Functions that a default may call: PostgreSQL has them without extensions.
const KNOWN_FUNCTIONS: [&str; 18] = [
    "now",
    "gen_random_uuid",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtimestamp",
    "localtime",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "timezone",
    "random",
    "lower",
    "upper",
    "date_trunc",
    "md5",
    "concat",
    "current_user",
];

/// The column, and what is not the same as in the DDL.
pub struct Made {
    pub column: sketch::Column,
    pub sql_type: SqlType,
    pub warnings: Vec<String>,
}

/// Makes the column. `facts` are what the table's checks say.
pub fn column(schema: &Schema, table: &Table, column: &Column, facts: &[Fact]) -> Made {
    let found = column_type(&column.data_type, schema);
    let mut made = Made {
        column: sketch::Column {
            name: column.name.clone(),
            notes: column.notes.clone(),
            sql_type: found.written.clone(),
            is_not_null: column.is_not_null || found.domain.is_some_and(|domain| domain.is_not_null),
            comment: column.comment.clone(),
            ..sketch::Column::default()
        },
        sql_type: found.sql_type.clone(),
        warnings: Vec::new(),
    };
    if let Some(note) = &found.note {
        made.column.notes.push(note.clone());
        if found.domain.is_none() {
            made.warnings.push(format!("{}.{}: {note}, {} here", table.name, column.name, found.written));
        }
    }
    let identity = identity(schema, table, column, &mut made);
    match &identity {
        Some(identity) => made.number(identity),
        None => made.default(
            column.default.as_ref().or(found.domain.and_then(|domain| domain.default.as_ref())),
            table,
        ),
    }
    made.makers(table, column, identity.as_ref(), &found, facts, schema.origin);
    if !made.column.is_not_null {
        let share = SELDOM.iter().find(|(name, _)| *name == column.name);
        made.column.null = share.map(|(_, share)| (*share).to_owned());
    }
    made
}

/// The sequence that fills a column, however that is written.
fn identity(schema: &Schema, table: &Table, column: &Column, made: &mut Made) -> Option<Identity> {
    if let Some(identity) = &column.identity {
        return Some(identity.clone());
    }
    let name = nextval(column.default.as_ref()?)?;
    let sequence = schema.sequences.iter().find(|sequence| sequence.is_called(&name));
    let is_own = sequence
        .and_then(|sequence| sequence.owner.as_ref())
        .is_some_and(|(of, owner)| *of == table.name && *owner == column.name);
    if !is_own {
        let (origin, name) = (schema.origin, &name.name);
        made.column
            .notes
            .push(format!("numbered by the sequence {name} in the {origin}, by one of its own here"));
    }
    let (start, step) = sequence.map_or((1, 1), |sequence| (sequence.start, sequence.step));
    Some(Identity { kind: IdentityKind::Serial, start, step })
}

/// An identity in the words of a column definition.
fn numbered(when: &str, identity: &Identity) -> String {
    // In the order that the definition's parser knows.
    let options = [("increment by", identity.step), ("start with", identity.start)];
    let said: Vec<String> = options
        .iter()
        .filter(|(_, number)| *number != 1)
        .map(|(option, number)| format!("{option} {number}"))
        .collect();
    let options = if said.is_empty() { String::new() } else { format!(" ({})", said.join(" ")) };
    format!("generated {when} as identity{options}")
}

impl Made {
    fn number(&mut self, identity: &Identity) {
        match (identity.kind, &self.sql_type) {
            (IdentityKind::Serial, SqlType::SmallInt) => self.column.sql_type = "smallserial".into(),
            (IdentityKind::Serial, SqlType::BigInt) => self.column.sql_type = "bigserial".into(),
            (IdentityKind::Serial, _) => self.column.sql_type = "serial".into(),
            (IdentityKind::ByDefault, _) => self.column.identity = Some(numbered("by default", identity)),
            (IdentityKind::Always, _) => self.column.identity = Some(numbered("always", identity)),
        }
        // Both imply it.
        self.column.is_not_null = false;
    }

    fn default(&mut self, default: Option<&Expr>, table: &Table) {
        let Some(default) = default.map(plain_default) else { return };
        // MySQL's texts as defaults of dates, and its functions, are not PostgreSQL's.
        let name = |function: &Function| function.name.to_string().to_lowercase();
        let mut calls = Vec::new();
        functions(&default, &mut |function| calls.push(name(function)));
        let unknown = calls.iter().find(|call| !KNOWN_FUNCTIONS.contains(&call.as_str()));
        if let Some(unknown) = unknown {
            let message = format!(
                "default {default} is left out: {unknown}() may not be there where the script is loaded"
            );
            self.warnings.push(format!("{}.{}: {message}", table.name, self.column.name));
            self.column.notes.push(message);
            return;
        }
        let shown = match (literal(&default), &self.sql_type) {
            // A boolean's default may be written as 0 or 1.
            (Some(text), SqlType::Boolean) if text == "0" || text == "f" => "false".into(),
            (Some(text), SqlType::Boolean) if text == "1" || text == "t" => "true".into(),
            _ => default.to_string(),
        };
        self.column.default = Some(shown);
    }

    fn makers(
        &mut self,
        table: &Table,
        column: &Column,
        identity: Option<&Identity>,
        found: &Found,
        facts: &[Fact],
        origin: &str,
    ) {
        if let Some(Identity { start, step, .. }) = identity {
            if (*start, *step) == (1, 1) || self.column.identity.is_some() {
                return;
            }
            self.column.makers = vec![Maker(vec![("sequence", format!("{{start: {start}, step: {step}}}"))])];
            return;
        }
        if let Some(expression) = &column.generated {
            self.generated(expression, origin);
            return;
        }
        let limits = Limits::of(&self.column.name, facts);
        let mut makers = limits.makers(&table.name, &self.column.name, &self.sql_type);
        if makers.is_empty() {
            makers.extend(found.maker.clone());
        }
        if makers.is_empty() {
            makers.push(Maker::unnamed());
            // What the name says may be too long.
            makers.extend(self.sql_type.max_chars().map(short_text));
        }
        self.column.makers = makers;
    }

    fn generated(&mut self, expression: &Expr, origin: &str) {
        let shown = plain(expression, &|_| true).to_string();
        self.column.notes.push(format!("GENERATED ALWAYS AS ({shown}) in the {origin}, a plain column here"));
        self.column.makers = vec![Maker::scalar("expr", &shown), Maker::unnamed()];
    }
}

/// The calls in an expression, seen through its text: the parser's tree has too many places for them.
fn functions(expression: &Expr, found: &mut dyn FnMut(&Function)) {
    match expression {
        Expr::Function(function) => found(function),
        Expr::Cast { expr, .. } | Expr::Nested(expr) | Expr::UnaryOp { expr, .. } => functions(expr, found),
        Expr::AtTimeZone { timestamp, .. } => functions(timestamp, found),
        Expr::BinaryOp { left, right, .. } => {
            functions(left, found);
            functions(right, found);
        }
        _ => {}
    }
}

/// What the checks allow one column.
#[derive(Default)]
struct Limits {
    low: Option<(String, bool)>,
    high: Option<(String, bool)>,
    values: Option<Vec<String>>,
    pattern: Option<String>,
    /// Columns that this one is not below, and whether it must be above.
    after: Vec<(String, bool)>,
    /// What it is, or lies between, as expressions over other columns.
    computed: Option<Maker>,
}

impl Limits {
    fn of(name: &str, facts: &[Fact]) -> Self {
        let mut limits = Limits::default();
        for fact in facts {
            match fact {
                Fact::AtLeast { column, value, is_strict } if column == name => {
                    limits.low = Some((value.clone(), *is_strict));
                }
                Fact::AtMost { column, value, is_strict } if column == name => {
                    limits.high = Some((value.clone(), *is_strict));
                }
                Fact::OneOf { column, values } if column == name => limits.values = Some(values.clone()),
                Fact::Matches { column, pattern } if column == name => limits.pattern = Some(pattern.clone()),
                Fact::InOrder { first, second, is_strict } if second == name => {
                    limits.after.push((first.clone(), *is_strict));
                }
                Fact::Equals { column, expression } if column == name => {
                    limits.computed = Some(Maker::scalar("expr", expression));
                }
                Fact::Within { column, low, high } if column == name => {
                    limits.computed = Some(Maker::range(low, high));
                }
                _ => {}
            }
        }
        limits
    }

    /// What keeps within the limits; nothing if there are none.
    fn makers(&self, table: &str, name: &str, sql_type: &SqlType) -> Vec<Maker> {
        if let Some(computed) = &self.computed {
            return vec![computed.clone(), Maker::unnamed()];
        }
        if let Some(values) = &self.values {
            return vec![Maker::values(values.iter().map(String::as_str)), Maker::unnamed()];
        }
        if let Some(pattern) = &self.pattern {
            return vec![Maker::scalar("pattern", pattern), Maker::unnamed()];
        }
        let is_bounded = sql_type.is_number() || sql_type.is_temporal();
        if !is_bounded {
            return vec![];
        }
        if let Some((first, is_strict)) = self.after.last() {
            return self.after(name, first, *is_strict, sql_type);
        }
        if self.low.is_none() && self.high.is_none() {
            return vec![];
        }
        if self.holds_anyway(table, name, sql_type) {
            return vec![];
        }
        self.between(sql_type).into_iter().chain([Maker::unnamed()]).collect()
    }

    fn after(&self, name: &str, first: &str, is_strict: bool, sql_type: &SqlType) -> Vec<Maker> {
        let first = crate::value::text::quote_identifier(first);
        let is_end = name.starts_with("end") || name.starts_with("finish");
        let (from, to) = match sql_type {
            SqlType::Date => ("interval '1 day'", "interval '30 days'"),
            of if of.is_temporal() && is_end => ("interval '15 minutes'", "interval '8 hours'"),
            of if of.is_temporal() => ("interval '1 hour'", "interval '30 days'"),
            _ => ("1", "100"),
        };
        let min = if is_strict { format!("{first} + {from}") } else { first.clone() };
        let mut makers = Vec::new();
        if let Some((high, false)) = &self.high {
            makers.push(Maker::range(&min, high));
        }
        makers.push(Maker::range(&min, &format!("{first} + {to}")));
        makers.push(Maker::unnamed());
        makers
    }

    /// Whether values stay within the limits when nothing is said. Only numbers are looked at.
    fn holds_anyway(&self, table: &str, name: &str, sql_type: &SqlType) -> bool {
        // Both bounds were written by somebody who knows: they are taken.
        if self.low.is_some() && self.high.is_some() {
            return false;
        }
        let number = |text: &String| text.parse::<f64>().ok();
        let Some((min, max)) = inferred_bounds(table, name, sql_type) else { return false };
        let (Some(min), Some(max)) = (number(&min), number(&max)) else { return false };
        let is_above = self.low.as_ref().is_none_or(|(low, is_strict)| {
            number(low).is_some_and(|low| if *is_strict { min > low } else { min >= low })
        });
        let is_below = self.high.as_ref().is_none_or(|(high, is_strict)| {
            number(high).is_some_and(|high| if *is_strict { max < high } else { max <= high })
        });
        is_above && is_below
    }

    /// The range between both limits; where one is missing, a thousand steps (or three years) from the other.
    fn between(&self, sql_type: &SqlType) -> Option<Maker> {
        if sql_type.is_temporal() {
            let low = self.low.as_ref().map(|(low, _)| low.as_str());
            let high = self.high.as_ref().map(|(high, _)| high.as_str());
            return match (low, high) {
                (Some(low), Some(high)) => Some(Maker::range(low, high)),
                (Some(low), None) if low < "2025" => Some(Maker::range(low, "as_of")),
                _ => None,
            };
        }
        let scale = sql_type.scale().unwrap_or(2).min(6) as u32;
        let unit = 10i128.pow(scale);
        // In units of the last digit, so that strict bounds are one further.
        let units = |text: &str| Some(libm::round(text.parse::<f64>().ok()? * unit as f64) as i128);
        let low = match &self.low {
            Some((low, is_strict)) => Some(units(low)? + i128::from(*is_strict)),
            None => None,
        };
        let high = match &self.high {
            Some((high, is_strict)) => Some(units(high)? - i128::from(*is_strict)),
            None => None,
        };
        let most = match sql_type {
            SqlType::Numeric { precision, .. } => 10i128.pow(*precision as u32 - 1) * 9,
            SqlType::SmallInt => i16::MAX as i128,
            _ => i32::MAX as i128,
        };
        let (low, high) = match (low, high) {
            (Some(low), Some(high)) => (low, high),
            (Some(low), None) => (low, (low + 1_000 * unit).min(most)),
            (None, Some(high)) => ((high - 1_000 * unit).max(if high >= 0 { 0 } else { i128::MIN }), high),
            (None, None) => return None,
        };
        Some(Maker::range(&decimal(low, scale), &decimal(high, scale)))
    }
}

/// A text of at most so many characters.
fn short_text(limit: u32) -> Maker {
    Maker::scalar("pattern", &format!("[a-z]{{1,{}}}", limit.min(12)))
}

/// `12.5` of 1250 hundredths.
fn decimal(units: i128, scale: u32) -> String {
    let unit = 10i128.pow(scale);
    let sign = if units < 0 { "-" } else { "" };
    let (whole, part) = (units.abs() / unit, units.abs() % unit);
    let part = format!("{part:0width$}", width = scale as usize);
    match part.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        digits => format!("{sign}{whole}.{digits}"),
    }
}

/// A domain's check as one of the column: `VALUE` is the column, unless it stands in quotes.
pub fn domain_check(check: &Expr, column: &str) -> Option<Expr> {
    let name = crate::value::text::quote_identifier(column);
    let text = check.to_string();
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, &text).tokenize().ok()?;
    let is_value = |token: &Token| matches!(token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("value"));
    let replaced = |token: &Token| if is_value(token) { name.clone() } else { token.to_string() };
    parse_expression(&tokens.iter().map(replaced).collect::<String>())
}
