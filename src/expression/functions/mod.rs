//! The functions of expressions: one table, one row per function.
//!
//! A row's `bind` types a call and gives its code. To add a function, write its `bind` in the file of its kind and add its
//! row; `datagen list`, the docs and "did you mean" read the same table.

mod arrays;
mod bytes;
mod conditional;
mod dates;
mod format;
mod json;
mod numbers;
mod pattern;
mod random;
mod regex;
mod texts;

use super::Failure;
use super::Names;
use super::aggregate::MEASURES;
use super::cast::{Willingness, cast};
use super::evaluate::Arguments;
use super::tree::{Call, Node};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{SqlType, Vector};
use std::ops::RangeInclusive;

pub(super) use arrays::{array, array_of};
pub(super) use pattern::like;
pub(super) use regex::matches;

/// A function that expressions can call.
pub struct Function {
    /// Its name, in lower case.
    pub name: &'static str,
    /// How it is called and what it gives: `round(number [, digits]) -> numeric or double precision`.
    pub signature: &'static str,
    /// One line of help, without a full stop.
    pub summary: &'static str,
    pub(super) bind: fn(Invocation<'_>) -> Result<Node, Diagnostic>,
}

const fn row(
    name: &'static str,
    signature: &'static str,
    summary: &'static str,
    bind: fn(Invocation<'_>) -> Result<Node, Diagnostic>,
) -> Function {
    Function { name, signature, summary, bind }
}

/// All functions but the aggregates, by kind.
pub static FUNCTIONS: &[Function] = &[
    row(
        "coalesce",
        "coalesce(value, ...) -> type of the values",
        "The first value that is not null",
        conditional::coalesce,
    ),
    row("nullif", "nullif(a, b) -> type of a", "Null if both are equal, else the first", conditional::nullif),
    row(
        "greatest",
        "greatest(value, ...) -> type of the values",
        "The greatest value, nulls passed over",
        conditional::greatest,
    ),
    row(
        "least",
        "least(value, ...) -> type of the values",
        "The least value, nulls passed over",
        conditional::least,
    ),
    row("abs", "abs(number) -> same type", "The number without its sign", numbers::abs),
    row("sign", "sign(number) -> numeric or double precision", "-1, 0 or 1", numbers::sign),
    row(
        "round",
        "round(number [, digits]) -> numeric or double precision",
        "Rounded to digits after the point; numeric half away from zero, double precision half to even",
        numbers::round,
    ),
    row(
        "trunc",
        "trunc(number [, digits]) -> numeric or double precision",
        "Cut to digits after the point",
        numbers::trunc,
    ),
    row("ceil", "ceil(number) -> numeric or double precision", "The next whole number up", numbers::ceil),
    row(
        "ceiling",
        "ceiling(number) -> numeric or double precision",
        "The next whole number up",
        numbers::ceil,
    ),
    row(
        "floor",
        "floor(number) -> numeric or double precision",
        "The next whole number down",
        numbers::floor,
    ),
    row("mod", "mod(a, b) -> type of the numbers", "What is left when a is divided by b", numbers::modulo),
    row("div", "div(a, b) -> numeric", "The whole part of a divided by b", numbers::div),
    row("power", "power(a, b) -> double precision", "a to the power of b", numbers::power),
    row("pow", "pow(a, b) -> double precision", "a to the power of b", numbers::power),
    row("sqrt", "sqrt(number) -> double precision", "The square root", numbers::sqrt),
    row("cbrt", "cbrt(number) -> double precision", "The cube root", numbers::cbrt),
    row("exp", "exp(number) -> double precision", "e to the power of the number", numbers::exp),
    row("ln", "ln(number) -> double precision", "The natural logarithm", numbers::ln),
    row(
        "log",
        "log([base,] number) -> double precision",
        "The logarithm, to base 10 unless another is given",
        numbers::log,
    ),
    row("log10", "log10(number) -> double precision", "The logarithm to base 10", numbers::log10),
    row("pi", "pi() -> double precision", "The ratio of a circle to its diameter", numbers::pi),
    row("sin", "sin(radians) -> double precision", "The sine", numbers::sin),
    row("cos", "cos(radians) -> double precision", "The cosine", numbers::cos),
    row("tan", "tan(radians) -> double precision", "The tangent", numbers::tan),
    row("asin", "asin(number) -> double precision", "The inverse sine", numbers::asin),
    row("acos", "acos(number) -> double precision", "The inverse cosine", numbers::acos),
    row("atan", "atan(number) -> double precision", "The inverse tangent", numbers::atan),
    row("atan2", "atan2(y, x) -> double precision", "The angle of a point", numbers::atan2),
    row("degrees", "degrees(radians) -> double precision", "Radians as degrees", numbers::degrees),
    row("radians", "radians(degrees) -> double precision", "Degrees as radians", numbers::radians),
    row(
        "random",
        "random() -> double precision",
        "A number from 0 up to 1, another in each row",
        random::random,
    ),
    row(
        "gen_random_uuid",
        "gen_random_uuid() -> uuid",
        "A random uuid (version 4), another in each row",
        random::uuid,
    ),
    row("lower", "lower(text) -> text", "In lower case", texts::lower),
    row("upper", "upper(text) -> text", "In upper case", texts::upper),
    row("initcap", "initcap(text) -> text", "Each word with a capital", texts::initcap),
    row("length", "length(text) -> integer", "How many characters", texts::length),
    row("char_length", "char_length(text) -> integer", "How many characters", texts::length),
    row("character_length", "character_length(text) -> integer", "How many characters", texts::length),
    row("octet_length", "octet_length(text) -> integer", "How many bytes", texts::octet_length),
    row(
        "substr",
        "substr(text, from [, length]) -> text",
        "A part of a text, counting from 1",
        texts::substring,
    ),
    row(
        "substring",
        "substring(text, from [, length]) -> text",
        "A part of a text, counting from 1",
        texts::substring,
    ),
    row(
        "left",
        "left(text, n) -> text",
        "The first n characters; without the last -n if negative",
        texts::left,
    ),
    row(
        "right",
        "right(text, n) -> text",
        "The last n characters; without the first -n if negative",
        texts::right,
    ),
    row(
        "lpad",
        "lpad(text, length [, fill]) -> text",
        "Filled at the left, or cut, to a length",
        texts::lpad,
    ),
    row(
        "rpad",
        "rpad(text, length [, fill]) -> text",
        "Filled at the right, or cut, to a length",
        texts::rpad,
    ),
    row(
        "btrim",
        "btrim(text [, characters]) -> text",
        "Without these characters (spaces) at both ends",
        texts::btrim,
    ),
    row("trim", "trim(text) -> text", "Without spaces at both ends", texts::btrim),
    row(
        "ltrim",
        "ltrim(text [, characters]) -> text",
        "Without these characters (spaces) at the start",
        texts::ltrim,
    ),
    row(
        "rtrim",
        "rtrim(text [, characters]) -> text",
        "Without these characters (spaces) at the end",
        texts::rtrim,
    ),
    row(
        "replace",
        "replace(text, from, to) -> text",
        "With each occurrence of a text replaced",
        texts::replace,
    ),
    row(
        "translate",
        "translate(text, from, to) -> text",
        "With each character of a set replaced or dropped",
        texts::translate,
    ),
    row(
        "concat",
        "concat(value, ...) -> text",
        "The values as text, end to end, nulls passed over",
        texts::concat,
    ),
    row(
        "concat_ws",
        "concat_ws(separator, value, ...) -> text",
        "The values as text with a separator, nulls passed over",
        texts::concat_ws,
    ),
    row("repeat", "repeat(text, n) -> text", "The text n times", texts::repeat),
    row("reverse", "reverse(text) -> text", "The characters from last to first", texts::reverse),
    row(
        "split_part",
        "split_part(text, delimiter, n) -> text",
        "The n-th part between delimiters, from the end if negative",
        texts::split_part,
    ),
    row(
        "strpos",
        "strpos(text, part) -> integer",
        "Where a part starts, counting from 1; 0 if nowhere",
        texts::strpos,
    ),
    row(
        "starts_with",
        "starts_with(text, prefix) -> boolean",
        "Whether a text starts with another",
        texts::starts_with,
    ),
    row("ascii", "ascii(text) -> integer", "The code point of the first character", texts::ascii),
    row("chr", "chr(integer) -> text", "The character of a code point", texts::chr),
    row("to_hex", "to_hex(integer or bigint) -> text", "The number in hexadecimal digits", texts::to_hex),
    row("md5", "md5(text) -> text", "The MD5 digest in hex", texts::md5),
    row("sha224", "sha224(bytea) -> bytea", "The SHA-224 digest", bytes::sha224),
    row("sha256", "sha256(bytea) -> bytea", "The SHA-256 digest", bytes::sha256),
    row("sha384", "sha384(bytea) -> bytea", "The SHA-384 digest", bytes::sha384),
    row("sha512", "sha512(bytea) -> bytea", "The SHA-512 digest", bytes::sha512),
    row("convert_to", "convert_to(text, 'UTF8') -> bytea", "The bytes of a text", bytes::convert_to),
    row("encode", "encode(bytea, 'hex' or 'base64') -> text", "Bytes as text", bytes::encode),
    row(
        "decode",
        "decode(text, 'hex' or 'base64') -> bytea",
        "The bytes that a text stands for",
        bytes::decode,
    ),
    row(
        "to_char",
        "to_char(timestamp or number, format) -> text",
        "Formatted as PostgreSQL does: 'YYYY-MM-DD', 'FM999,990.00'",
        format::to_char,
    ),
    row(
        "extract",
        "extract(field from timestamp or interval) -> numeric",
        "A part of a date or time, such as year, month, dow or epoch",
        dates::extract,
    ),
    row(
        "date_part",
        "date_part(field, timestamp or interval) -> double precision",
        "As extract, in double precision",
        dates::date_part,
    ),
    row(
        "date_trunc",
        "date_trunc(field, timestamp) -> timestamp",
        "Cut to the start of a second, hour, day, month or the like",
        dates::date_trunc,
    ),
    row("make_date", "make_date(year, month, day) -> date", "A date from its parts", dates::make_date),
    row(
        "make_time",
        "make_time(hour, minute, second) -> time",
        "A time of day from its parts",
        dates::make_time,
    ),
    row(
        "make_timestamp",
        "make_timestamp(year, month, day, hour, minute, second) -> timestamp",
        "A timestamp from its parts",
        dates::make_timestamp,
    ),
    row(
        "make_interval",
        "make_interval(years [, months, weeks, days, hours, mins, secs]) -> interval",
        "An interval from its parts",
        dates::make_interval,
    ),
    row(
        "to_timestamp",
        "to_timestamp(seconds) -> timestamptz",
        "The instant so many seconds after 1970",
        dates::to_timestamp,
    ),
    row(
        "age",
        "age(timestamp, timestamp) -> interval",
        "Years, months and days from the second to the first",
        dates::age,
    ),
    row(
        "json_build_object",
        "json_build_object(key, value, ...) -> json",
        "A JSON object",
        json::json_build_object,
    ),
    row(
        "jsonb_build_object",
        "jsonb_build_object(key, value, ...) -> jsonb",
        "A JSON object",
        json::jsonb_build_object,
    ),
    row("json_build_array", "json_build_array(value, ...) -> json", "A JSON array", json::json_build_array),
    row(
        "jsonb_build_array",
        "jsonb_build_array(value, ...) -> jsonb",
        "A JSON array",
        json::jsonb_build_array,
    ),
    row("to_json", "to_json(value) -> json", "The value as JSON", json::to_json),
    row("to_jsonb", "to_jsonb(value) -> jsonb", "The value as JSON", json::to_jsonb),
    row(
        "array_length",
        "array_length(array, dimension) -> integer",
        "How many elements; null if none",
        arrays::array_length,
    ),
    row(
        "array_to_string",
        "array_to_string(array, delimiter [, null]) -> text",
        "The elements as text with a delimiter, nulls passed over or as a text of their own",
        arrays::array_to_string,
    ),
    row("cardinality", "cardinality(array) -> integer", "How many elements", arrays::cardinality),
];

/// The aggregate functions: name, signature, summary.
pub static AGGREGATES: &[(&str, &str, &str)] = &[
    (
        "count",
        "count(table) or count([distinct] table.column) -> bigint",
        "How many child rows, or values that are not null",
    ),
    (
        "sum",
        "sum(expression over table.columns) -> bigint, numeric or double precision",
        "The sum over child rows, null if there are none",
    ),
    ("min", "min(expression over table.columns) -> its type", "The least value among child rows"),
    ("max", "max(expression over table.columns) -> its type", "The greatest value among child rows"),
    ("avg", "avg(expression over table.columns) -> numeric or double precision", "The mean over child rows"),
    ("bool_and", "bool_and(condition) -> boolean", "Whether the condition holds for all child rows"),
    ("every", "every(condition) -> boolean", "As bool_and"),
    ("bool_or", "bool_or(condition) -> boolean", "Whether the condition holds for a child row"),
];

pub(super) fn is_aggregate(name: &str) -> bool {
    MEASURES.iter().any(|(known, _)| *known == name)
}

const CLOCK: &[&str] = &[
    "now",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "timeofday",
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
];

/// A refusal if the word asks for the clock.
pub(super) fn clock_word(word: &str, span: Span) -> Option<Diagnostic> {
    CLOCK.contains(&word.to_lowercase().as_str()).then(|| {
        Diagnostic::new(span, format!("`{}` would give other data on every run", word.to_lowercase()))
            .help("use `as_of`, the spec's present")
    })
}

/// The function of that name.
pub(super) fn find(name: &str, span: Span) -> Result<&'static Function, Diagnostic> {
    if let Some(refusal) = clock_word(name, span) {
        return Err(refusal);
    }
    FUNCTIONS.iter().find(|function| function.name == name).ok_or_else(|| {
        let known =
            FUNCTIONS.iter().map(|function| function.name).chain(MEASURES.iter().map(|(name, _)| *name));
        Diagnostic::new(span, format!("unknown function `{name}`")).suggest(name, known)
    })
}

/// A call being typed.
pub(super) struct Invocation<'a> {
    pub name: &'static str,
    pub signature: &'static str,
    pub span: Span,
    pub arguments: Vec<Node>,
    pub names: &'a mut dyn Names,
}

impl Invocation<'_> {
    /// Refuses another number of arguments.
    fn arity(&self, wanted: RangeInclusive<usize>) -> Result<(), Diagnostic> {
        if wanted.contains(&self.arguments.len()) {
            return Ok(());
        }
        let count = match (*wanted.start(), *wanted.end()) {
            (0, 0) => "no arguments".to_owned(),
            (1, 1) => "1 argument".to_owned(),
            (low, high) if low == high => format!("{low} arguments"),
            (low, usize::MAX) => format!("at least {low} argument{}", if low == 1 { "" } else { "s" }),
            (low, high) => format!("{low} to {high} arguments"),
        };
        let found = self.arguments.len();
        Err(Diagnostic::new(self.span, format!("{} takes {count}, found {found}", self.name))
            .help(self.signature))
    }

    /// The arguments as these types, without loss; fewer when the last are left out. A text that wants text takes anything
    /// that is text already.
    fn typed(&mut self, required: usize, types: &[SqlType]) -> Result<Vec<Node>, Diagnostic> {
        self.arity(required..=types.len())?;
        let arguments = std::mem::take(&mut self.arguments);
        arguments
            .into_iter()
            .zip(types)
            .map(|(argument, sql_type)| {
                let willingness = match sql_type {
                    // make_date(2026, month, 1): an integer argument takes a bigint too, checked.
                    SqlType::Int if argument.sql_type.is_integer() => Willingness::Assignment,
                    _ => Willingness::Implicit,
                };
                cast(argument, sql_type, willingness).map_err(|problem| problem.help(self.signature))
            })
            .collect()
    }

    /// A strict call of these arguments.
    fn call(
        &self,
        arguments: Vec<Node>,
        sql_type: SqlType,
        kernel: impl Fn(&Arguments<'_>) -> Result<Vector, Failure> + Send + Sync + 'static,
    ) -> Node {
        Call::new(arguments, kernel).node(sql_type, self.span)
    }

    /// A strict call that never fails.
    fn total(
        &self,
        arguments: Vec<Node>,
        sql_type: SqlType,
        kernel: impl Fn(&Arguments<'_>) -> Vector + Send + Sync + 'static,
    ) -> Node {
        Call::total(arguments, kernel).node(sql_type, self.span)
    }

    /// A refusal of an argument's type.
    fn refuse(&self, argument: &Node) -> Diagnostic {
        argument
            .wrong(format!("{} does not take {}", self.name, argument.sql_type))
            .label(format!("this is {}", argument.sql_type))
            .help(self.signature)
    }
}
