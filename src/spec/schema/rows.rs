//! How many rows a table has, and what they stand for.

use super::scalars::{CallDoc, Count, NamesDoc, ScalarDoc, Share, ValueDoc, WeightDoc};
use schemars::JsonSchema;
use std::collections::BTreeMap;

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum RowsDoc {
    /// A number of rows.
    Number(u64),
    /// A number such as `100k`, or an expression over `scale` and parameters.
    Expression(String),
    /// A number of rows for each row of a parent.
    Per(PerDoc),
    /// One row for each of some rows of a parent.
    Sample(SampleDoc),
    /// One row for each combination.
    Each(EachDoc),
    /// One row for each date of a range.
    Dates(DatesDoc),
    /// The rows themselves.
    Values(RowValuesDoc),
    /// A file that holds the rows.
    File(RowFileDoc),
    /// Numbers of rows at some scales.
    Scale(ScaleDoc),
    /// Rows in steps of time, for each row of a parent or for none.
    Ticks(TicksDoc),
}

/// Rows made for each row of a parent.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct PerDoc {
    /// The parent table.
    per: String,
    /// The column that refers to the parent, where there are several.
    through: Option<String>,
    #[schemars(flatten)]
    counts: CountsDoc,
}

/// How many rows each parent has.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct CountsDoc {
    /// Fewest rows per parent; 1 if left out.
    min: Option<Count>,
    /// Most rows per parent.
    max: Option<Count>,
    /// Mean number of rows per parent.
    mean: Option<f64>,
    /// The shape of the counts; uniform if left out.
    distribution: Option<CallDoc>,
}

/// One row for each of some rows of another table, in their order, without repeats: `{sample: order_items, fraction: 6%}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct SampleDoc {
    /// The table that rows are taken from.
    sample: String,
    /// The column that refers to it, where there are several.
    through: Option<String>,
    /// The share of its rows: `6%`. The number of rows is rounded.
    fraction: Option<Share>,
    /// How many of its rows: a number, or an expression over `scale` and parameters.
    count: Option<ScalarDoc>,
}

/// A cross product: one row for each combination, the first factor varying slowest: `{each: [weeks, items, size]}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct EachDoc {
    /// Tables, whose rows are gone through, and columns of this table, whose `values` (or literal `min` and `max`) are.
    each: FactorsDoc,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum FactorsDoc {
    One(FactorDoc),
    Several(Vec<FactorDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum FactorDoc {
    /// A table, or a column of this table.
    Name(String),
    /// Which of both it is, and through which column.
    Long(LongFactorDoc),
}

/// A factor of a cross product: `{table: teams, through: home_id}`, or `{column: size}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct LongFactorDoc {
    /// A table: each of its rows.
    table: Option<String>,
    /// The column that refers to that table, where there are several.
    through: Option<String>,
    /// A column of this table: each of its values, or each row that it can refer to.
    column: Option<String>,
}

/// One row for each date of a range, both ends included: `{dates: [2020-01-01, as_of], step: 1 day}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct DatesDoc {
    /// The first and the last date: literals, or expressions of `as_of` and parameters.
    #[schemars(length(equal = 2))]
    dates: Vec<ScalarDoc>,
    /// The distance of rows: `1 day` (if left out), `7 days`, `1 month`, `15 minutes`.
    step: Option<String>,
    /// The column that holds them; if left out the first one of dates or timestamps that names no generator.
    column: Option<String>,
}

/// Rows in steps of time: `{per: sensors, every: 15 minutes, from: 2024-01-01, to: 2024-02-01}`. The first date or timestamp
/// without a generator holds the moment.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct TicksDoc {
    /// The distance of rows: `15 minutes`, `1 day`, `1 month`.
    every: String,
    /// When the first one is; with `per` also an expression over the parent, such as `sensor.installed_at`.
    from: String,
    /// Rows lie before it: a literal, or an expression over `as_of`.
    to: Option<String>,
    /// Instead of `to`: so many rows, for each parent.
    count: Option<Count>,
    /// Rows are up to so much later than their step: `2 minutes`.
    jitter: Option<String>,
    /// The column that holds the moments.
    column: Option<String>,
    /// The parent table, each row of which has a series of its own.
    per: Option<String>,
    /// The column that refers to the parent, where there are several.
    through: Option<String>,
    #[schemars(flatten)]
    counts: CountsDoc,
}

/// The rows of a look-up table, written down; columns that they do not name are generated.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct RowValuesDoc {
    /// The rows: mappings such as `{code: US, name: United States}`, or lists in the order of `columns`.
    values: Vec<RowDoc>,
    /// The columns that the places of lists stand for.
    columns: Option<NamesDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum RowDoc {
    /// Columns and their values; the others are null.
    Named(BTreeMap<String, ValueDoc>),
    /// Values in the order of `columns`.
    InOrder(Vec<ValueDoc>),
    /// The value of the only column.
    Only(ScalarDoc),
}

/// The rows of a look-up table, in a CSV file whose first line names the columns: `{file: countries.csv}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct RowFileDoc {
    /// The file's path, relative to the spec.
    file: String,
    /// What separates cells; a comma if left out.
    delimiter: Option<String>,
    /// The text, without quotes, that stands for null; nothing at all if left out.
    null: Option<ScalarDoc>,
    /// Columns whose name in the file is another one: `{code: iso2}` reads `code` from the file's `iso2`.
    columns: Option<BTreeMap<String, String>>,
    /// Columns of the file that are not read: a list, or `true` for all that the table lacks.
    ignore: Option<IgnoreDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum IgnoreDoc {
    Others(bool),
    Named(NamesDoc),
}

/// Numbers of rows at some values of `scale`; straight lines between them, in proportion outside: `{scale: {1: 2k, 10: 8k}}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct ScaleDoc {
    /// Scales, ascending, with a number of rows or an expression.
    scale: BTreeMap<String, ScalarDoc>,
}

/// Rows that are versions of entities, one after another: `{key: item_no, versions: {min: 1, max: 3}, from: valid_from, to: valid_to,
/// start: 2020-01-01}`. Expressions of the table can read `entity`, `version` and `versions`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct HistoryDoc {
    /// The business key: the column that is the same in all versions of an entity, and different in each entity.
    key: String,
    /// How many versions an entity has: `3`, `{1: 50, 2: 30, 3: 20}` with weights, `[1, 2, 3]` in turn, or
    /// `{min: 1, max: 5, mean: 2}`.
    versions: VersionsDoc,
    /// How many entities there are, instead of `rows`, which counts all versions together.
    entities: Option<ScalarDoc>,
    /// The column that says when a version begins: a date or a timestamp.
    from: String,
    /// The column that says when it ends: where the next one begins; null in an entity's last version.
    to: Option<String>,
    /// `exclusive` (if left out): `to` is the moment at which the next version begins; `inclusive`: the day (or microsecond) before.
    to_is: Option<ToIsDoc>,
    /// When the first versions begin: one moment, or two between which they do.
    start: StartDoc,
    /// The last moment at which a version may begin; `as_of` if left out.
    end: Option<ScalarDoc>,
    /// Where changes lie between start and end: `random` (if left out), or `even`, equally far from each other.
    spacing: Option<SpacingDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum VersionsDoc {
    /// The same number for all.
    Exactly(Count),
    /// Numbers that entities have in turn.
    InTurn(Vec<Count>),
    /// Bounds, mean and shape, as rows per parent have them.
    Counts(VersionCountsDoc),
    /// Numbers with their weights.
    Weighted(BTreeMap<String, WeightDoc>),
}

/// How many versions an entity has: `{min: 1, max: 5, mean: 2}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct VersionCountsDoc {
    #[schemars(flatten)]
    counts: CountsDoc,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ToIsDoc {
    Exclusive,
    Inclusive,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum SpacingDoc {
    Random,
    Even,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum StartDoc {
    One(ScalarDoc),
    Between(#[schemars(length(equal = 2))] Vec<ScalarDoc>),
}
