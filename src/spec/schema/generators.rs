//! What makes values: of columns, of cases, and of the members and elements of JSON documents.

use super::scalars::{CallDoc, Count, ScalarDoc, Share, ValueDoc, WeightDoc};
use super::time::{AscendingDoc, CalendarUseDoc, SeriesDoc};
use schemars::JsonSchema;
use std::collections::BTreeMap;

/// At most one of these makes a value; `length` and `locale` go with some of them.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct GeneratorDoc {
    /// Number of elements of an array, of bytes of a bytea, or of characters of text that names no generator, or `grammar`,
    /// `slice` or `alphabet`: `12`, or `{min: 10, max: 40, distribution: {geometric: {p: 0.1}}}`.
    length: Option<LengthDoc>,
    /// `start`, `start + step`, ...
    sequence: Option<SequenceDoc>,
    /// UUIDs: v4 (random) or v7 (in the order of time).
    uuid: Option<ScalarDoc>,
    /// One of these values: a list, or a mapping from value to weight.
    values: Option<ValuesDoc>,
    /// One of these ranges by weight, then a value of it: `[{min: 0, max: 99, weight: 70}, {min: 100, max: 999, weight: 30}]`.
    bands: Option<Vec<BandDoc>>,
    /// The same value in every row.
    value: Option<ValueDoc>,
    /// Lower bound: a literal of the column's type or an SQL expression.
    min: Option<ScalarDoc>,
    /// Upper bound: a literal of the column's type or an SQL expression.
    max: Option<ScalarDoc>,
    /// When things happen between `min` and `max` of a date or timestamp: the name of a calendar, or its weights in place,
    /// such as `{weekdays: {sat: 2}}`.
    calendar: Option<CalendarUseDoc>,
    /// Values in the order of rows: `true` along all rows of the table, `per parent` along the rows made for one parent.
    ascending: Option<AscendingDoc>,
    /// Text with placeholders: `ORD-{created_at:%Y}-{row:08}`.
    template: Option<ScalarDoc>,
    /// Text that matches a regular expression.
    pattern: Option<ScalarDoc>,
    /// A provider, or a provider with arguments.
    fake: Option<CallDoc>,
    /// An SQL expression over this row, its parents and its children.
    expr: Option<ScalarDoc>,
    /// Numbers that follow time: a level with trend, seasons, walk and noise, such as `{level: 20, noise: 0.3}`.
    series: Option<Box<SeriesDoc>>,
    /// The first case whose condition holds.
    cases: Option<Vec<CaseDoc>>,
    /// Texts of one of the spec's `grammars`; with `length`, text after text, cut at the end of a word.
    grammar: Option<String>,
    /// Pieces of one of the spec's `pools`, of so many characters as `length` says.
    slice: Option<String>,
    /// Random characters, written as inside the brackets of a regular expression: `A-Z0-9`. `length` says how many.
    alphabet: Option<ScalarDoc>,
    /// A JSON object: its members are made like columns, `{name: {fake: full_name}, age: {type: int, min: 18, max: 90}}`.
    object: Option<BTreeMap<String, MemberDoc>>,
    /// A JSON array: its elements are made like a column, `{values: [red, blue]}`; `length` says how many there are.
    array: Option<Box<ElementDoc>>,
    /// The locale of `fake`.
    locale: Option<String>,
}

/// Where values lie between their bounds.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct GridDoc {
    /// Distance of values, counted from `min` (from 0 where that is open): `step: 0.05`, or `step: 15 minutes` for times.
    /// `{min: 4.99, max: 99.99, step: 5}` makes prices such as 14.99.
    step: Option<ScalarDoc>,
    /// Which of a distribution's numbers a value stands for: those `nearest` to it, or what is rounded `down` or `up` to it.
    round: Option<RoundDoc>,
    /// What becomes of a distribution's numbers beyond the bounds: `cut` draws none of them, `clip` makes them the bound.
    outside: Option<OutsideDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum LengthDoc {
    Exactly(u64),
    Between(BetweenDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct BetweenDoc {
    /// Fewest; 0 if left out.
    min: Option<Count>,
    /// Most.
    max: Count,
    /// The shape in between; all lengths are equally likely if left out.
    distribution: Option<CallDoc>,
    /// `true`: the elements of an array differ; they are `values`, or lie between fixed bounds.
    distinct: Option<bool>,
    /// Share of an array's elements that are null.
    null: Option<Share>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum SequenceDoc {
    Plain(Option<bool>),
    Long(LongSequenceDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct LongSequenceDoc {
    /// The first value; 1 if left out.
    start: Option<i64>,
    /// The distance between values; 1 if left out.
    step: Option<i64>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ValuesDoc {
    /// Equally likely.
    List(Vec<ValueDoc>),
    /// By weight.
    Weighted(BTreeMap<String, WeightDoc>),
}

/// One of the `bands`: a range with its weight.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct BandDoc {
    /// Lower bound: a literal of the column's type or an SQL expression.
    min: Option<ScalarDoc>,
    /// Upper bound: a literal of the column's type or an SQL expression.
    max: Option<ScalarDoc>,
    /// How likely the band is, relative to the others; 1 if left out.
    weight: Option<WeightDoc>,
    /// How values spread within the band; alike if left out.
    distribution: Option<CallDoc>,
    #[schemars(flatten)]
    grid: GridDoc,
}

/// Which of a shape's numbers a value stands for.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum RoundDoc {
    Nearest,
    Down,
    Up,
}

/// What becomes of a shape's numbers beyond the bounds.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum OutsideDoc {
    Cut,
    Clip,
}

/// A condition and what makes the value when it holds; `else` stands alone and last.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct CaseDoc {
    /// An SQL condition over this row.
    when: Option<ScalarDoc>,
    /// The value then: a literal, null, or a generator.
    then: Option<CaseValueDoc>,
    /// The value when no condition held.
    #[schemars(rename = "else")]
    otherwise: Option<CaseValueDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum CaseValueDoc {
    Literal(ValueDoc),
    Generator(Box<CaseGeneratorDoc>),
}

/// A generator within `cases`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct CaseGeneratorDoc {
    /// How values spread between `min` and `max`.
    distribution: Option<CallDoc>,
    #[schemars(flatten)]
    grid: GridDoc,
    /// Share of nulls.
    null: Option<Share>,
    #[schemars(flatten)]
    generator: GeneratorDoc,
}

/// A member of a JSON object.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum MemberDoc {
    /// An SQL type, and the member's name decides; or the same value in every row.
    Plain(ValueDoc),
    /// What makes its values.
    Long(Box<LongMemberDoc>),
}

/// A member of a JSON object: made as a column is. Its type is implied by what makes it, and else by its name.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct LongMemberDoc {
    /// Share of rows that do not have the member: `20%`.
    optional: Option<Share>,
    /// The SQL type that it is made as: numbers and booleans are JSON's, all else is text.
    #[schemars(rename = "type")]
    sql_type: Option<String>,
    /// How values spread between `min` and `max`.
    distribution: Option<CallDoc>,
    #[schemars(flatten)]
    grid: GridDoc,
    /// Share of JSON nulls.
    null: Option<Share>,
    #[schemars(flatten)]
    generator: GeneratorDoc,
}

/// The elements of a JSON array.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ElementDoc {
    /// An SQL type, or the same value every time.
    Plain(ValueDoc),
    /// What makes them.
    Long(Box<LongElementDoc>),
}

/// The elements of a JSON array: made as a column is.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct LongElementDoc {
    /// The SQL type that they are made as.
    #[schemars(rename = "type")]
    sql_type: Option<String>,
    /// How values spread between `min` and `max`.
    distribution: Option<CallDoc>,
    #[schemars(flatten)]
    grid: GridDoc,
    /// Share of JSON nulls.
    null: Option<Share>,
    #[schemars(flatten)]
    generator: GeneratorDoc,
}
