//! The JSON Schema of the spec language, for editors: completion, help and checks while typing.
//!
//! The types here exist for `schemars` alone; a test holds their keys against those that the parser asks for. The schema is
//! of draft-07, since editors' YAML servers validate at that level.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use std::collections::BTreeMap;

/// The JSON Schema of specs.
pub fn json_schema() -> Schema {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<SpecDoc>();
    schema.insert("title".into(), "datagen spec".into());
    schema
}

/// A declarative description of a relational database and of the data in it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct SpecDoc {
    /// The version of the language.
    version: Option<Version>,
    /// The name of what is described.
    name: Option<String>,
    /// What it is, for people.
    description: Option<String>,
    /// The number that all randomness comes from; 42 if left out.
    seed: Option<Count>,
    /// What "now" is in this data: a date or a timestamp; 2026-01-01 if left out.
    as_of: Option<String>,
    /// The locale of all providers that name none, such as `en`, `de`, `fr`.
    locale: Option<String>,
    /// Named values for expressions and row counts; `--param name=value` changes them.
    params: Option<BTreeMap<String, ScalarDoc>>,
    /// Enumerated types: names with their labels in order.
    types: Option<BTreeMap<String, Vec<ScalarDoc>>>,
    /// Texts whose tables, types, parameters and templates belong to this one: files relative to it, or built-in specs.
    include: Option<NamesDoc>,
    /// The spec that this one is, but for the changes written here: a file, or a built-in one such as `ecommerce`. `null` removes.
    extends: Option<String>,
    /// Columns by name, to be used in tables: `templates: {audit: {created_at: timestamptz}}` and there `use: audit`.
    templates: Option<BTreeMap<String, TemplateDoc>>,
    /// Grammars of texts: rules with their texts, which name other rules in braces. Texts begin with the rule `start`:
    /// `review: {start: ["The {noun} is {adjective}."], noun: {bag: 3, cup: 1}, adjective: [small, blue]}`.
    grammars: Option<BTreeMap<String, BTreeMap<String, RuleDoc>>>,
    /// Pools of text that a grammar fills once, for columns that take a `slice`: `notes: {grammar: review, size: 1MB}`.
    pools: Option<BTreeMap<String, PoolDoc>>,
    /// Calendars by name: when things happen. Columns of dates and timestamps use them by `calendar: name`.
    calendars: Option<BTreeMap<String, CalendarDoc>>,
    /// The tables by name.
    tables: Option<BTreeMap<String, Option<TableDoc>>>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum TemplateDoc {
    /// Columns with lists for the table.
    Part(TablePartDoc),
    /// Columns alone.
    Columns(BTreeMap<String, ColumnDoc>),
}

/// What a template gives a table.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct TablePartDoc {
    /// The columns by name, in order.
    columns: BTreeMap<String, ColumnDoc>,
    /// UNIQUE constraints, added to the table's.
    unique: Option<UniqueDoc>,
    /// CHECK constraints, added to the table's.
    checks: Option<Vec<CheckDoc>>,
    /// Indexes, added to the table's.
    indexes: Option<Vec<IndexDoc>>,
    /// Foreign keys, added to the table's.
    foreign_keys: Option<Vec<ForeignKeyDoc>>,
}

/// The texts of a grammar's rule: one, several that are equally likely, or texts with weights.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum RuleDoc {
    Text(ScalarDoc),
    Texts(Vec<ScalarDoc>),
    Weighted(BTreeMap<String, WeightDoc>),
}

/// A pool of text, made once when planning.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct PoolDoc {
    /// The grammar that fills it, text after text.
    grammar: String,
    /// Its size in bytes: `1MB`, `64kB`.
    size: BytesDoc,
}

/// A number of bytes, also written `64kB`, `1MB`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum BytesDoc {
    Number(u64),
    Short(#[schemars(regex(pattern = r"^\s*[0-9][0-9_.]*[kKmMgG]?[bB]?\s*$"))] String),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum Version {
    Number(f64),
    Text(String),
}

/// A text, a number or a boolean.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ScalarDoc {
    Text(String),
    Number(f64),
    Flag(bool),
}

/// A text, a number, a boolean or null.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ValueDoc {
    Text(String),
    Number(f64),
    Flag(bool),
    Null(()),
}

/// A whole number, also written `10k`, `2.5M`, `1G`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum Count {
    Number(u64),
    Short(#[schemars(regex(pattern = r"^[0-9][0-9_.]*[kKmMgG]?$"))] String),
}

/// A share: `5%` or `0.05`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum Share {
    Fraction(#[schemars(range(min = 0.0, max = 1.0))] f64),
    Percent(#[schemars(regex(pattern = r"^\s*[0-9.]+\s*%?$"))] String),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum NullDoc {
    /// A share of the rows, each for itself.
    Share(Share),
    /// A share of the rows, together with other columns.
    Group(NullGroupDoc),
}

/// Columns that are null together; each of them names the group.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct NullGroupDoc {
    /// Share of nulls: of all rows, then all columns of the group are null in the same rows; or of the `rows` that are given.
    share: Share,
    /// Share of rows in which columns of the group are null at all; within them each column draws for itself.
    rows: Option<Share>,
    /// The group's name.
    group: String,
}

/// One name, or a list of names.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum NamesDoc {
    One(String),
    Several(Vec<String>),
}

/// A table: its rows, columns and constraints.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct TableDoc {
    /// How many rows; 1000 if left out.
    rows: Option<RowsDoc>,
    /// Templates whose columns the table has: before its own where `use` stands before `columns`, else after them.
    #[schemars(rename = "use")]
    uses: Option<NamesDoc>,
    /// Rows are versions of entities, one after another: a slowly changing dimension.
    history: Option<HistoryDoc>,
    /// Rows that repeat other rows when they are written, at a stated rate: `3%`, or
    /// `{share: 3%, copies: 2, columns: [name, city]}`.
    duplicates: Option<DuplicatesDoc>,
    /// The columns by name, in order.
    columns: Option<BTreeMap<String, Option<ColumnDoc>>>,
    /// The columns of the primary key.
    primary_key: Option<NamesDoc>,
    /// UNIQUE constraints: a list of lists of columns.
    unique: Option<UniqueDoc>,
    /// CHECK constraints: SQL conditions.
    checks: Option<Vec<CheckDoc>>,
    /// Indexes.
    indexes: Option<Vec<IndexDoc>>,
    /// Foreign keys over several columns.
    foreign_keys: Option<Vec<ForeignKeyDoc>>,
    /// COMMENT ON TABLE.
    comment: Option<String>,
    /// Computed for others, never written.
    hidden: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum DuplicatesDoc {
    /// The share of rows that repeat others.
    Share(Share),
    /// With more about them.
    Long(LongDuplicatesDoc),
}

/// Rows that repeat other rows when they are written; keys, unique columns and references stay their own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct LongDuplicatesDoc {
    /// The share of rows that repeat others; exact.
    share: Share,
    /// How many rows repeat the same one; 1 if left out.
    copies: Option<Count>,
    /// The columns whose values are repeated. If left out, all but those that are computed from references or other rows, and
    /// those that sums elsewhere read.
    columns: Option<NamesDoc>,
}

/// How many of the rows a kind of noise meets: a share, or a mapping with a share among the kind's arguments.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum NoiseShareDoc {
    Share(Share),
    WithArguments(BTreeMap<String, ArgumentDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum UniqueDoc {
    Several(Vec<Vec<String>>),
    One(NamesDoc),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum RowsDoc {
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

/// Rows in steps of time: `{per: sensors, every: 15 minutes, from: 2024-01-01, to: 2024-02-01}`. The first date or timestamp
/// without a generator holds the moment.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct TicksDoc {
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
    /// Fewest rows per parent, instead of `to`.
    min: Option<Count>,
    /// Most rows per parent.
    max: Option<Count>,
    /// Mean number of rows per parent.
    mean: Option<f64>,
    /// The shape of the counts.
    distribution: Option<CallDoc>,
}

/// Rows made for each row of a parent.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct PerDoc {
    /// The parent table.
    per: String,
    /// The column that refers to the parent, where there are several.
    through: Option<String>,
    /// Fewest rows per parent; 1 if left out.
    min: Option<Count>,
    /// Most rows per parent.
    max: Option<Count>,
    /// Mean number of rows per parent.
    mean: Option<f64>,
    /// The shape of the counts; uniform if left out.
    distribution: Option<CallDoc>,
}

/// Rows that are versions of entities, one after another: `{key: item_no, versions: {min: 1, max: 3}, from: valid_from, to: valid_to,
/// start: 2020-01-01}`. Expressions of the table can read `entity`, `version` and `versions`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct HistoryDoc {
    /// The business key: the column that is the same in all versions of an entity, and different in each entity.
    key: String,
    /// How many versions an entity has: `3`, `{1: 50, 2: 30, 3: 20}` with weights, or `{min: 1, max: 5, mean: 2}`.
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
enum VersionsDoc {
    /// The same number for all.
    Exactly(Count),
    /// Bounds, mean and shape, as rows per parent have them.
    Counts(VersionCountsDoc),
    /// Numbers with their weights.
    Weighted(BTreeMap<String, WeightDoc>),
}

/// How many versions an entity has: `{min: 1, max: 5, mean: 2}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct VersionCountsDoc {
    /// Fewest versions; 1 if left out.
    min: Option<Count>,
    /// Most versions.
    max: Option<Count>,
    /// Mean number of versions.
    mean: Option<f64>,
    /// The shape of the counts; uniform if left out.
    distribution: Option<CallDoc>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ToIsDoc {
    Exclusive,
    Inclusive,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[allow(dead_code, reason = "variants are read by schemars")]
enum SpacingDoc {
    Random,
    Even,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum StartDoc {
    One(ScalarDoc),
    Between(#[schemars(length(equal = 2))] Vec<ScalarDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ChangesDoc {
    Always(bool),
    Share(Share),
}

/// One row for each of some rows of another table, in their order, without repeats: `{sample: order_items, fraction: 6%}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct SampleDoc {
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
struct EachDoc {
    /// Tables, whose rows are gone through, and columns of this table, whose `values` (or literal `min` and `max`) are.
    each: FactorsDoc,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum FactorsDoc {
    One(FactorDoc),
    Several(Vec<FactorDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum FactorDoc {
    /// A table, or a column of this table.
    Name(String),
    /// Which of both it is, and through which column.
    Long(LongFactorDoc),
}

/// A factor of a cross product: `{table: teams, through: home_id}`, or `{column: size}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct LongFactorDoc {
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
struct DatesDoc {
    /// The first and the last date: literals, or expressions of `as_of` and parameters.
    #[schemars(length(equal = 2))]
    dates: Vec<ScalarDoc>,
    /// The distance of rows: `1 day` (if left out), `7 days`, `1 month`, `15 minutes`.
    step: Option<String>,
    /// The column that holds them; if left out the first one of dates or timestamps that names no generator.
    column: Option<String>,
}

/// The rows of a look-up table, written down; columns that they do not name are generated.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct RowValuesDoc {
    /// The rows: mappings such as `{code: US, name: United States}`, or lists in the order of `columns`.
    values: Vec<RowDoc>,
    /// The columns that the places of lists stand for.
    columns: Option<NamesDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum RowDoc {
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
struct RowFileDoc {
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
enum IgnoreDoc {
    Others(bool),
    Named(NamesDoc),
}

/// Numbers of rows at some values of `scale`; straight lines between them, in proportion outside: `{scale: {1: 2k, 10: 8k}}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct ScaleDoc {
    /// Scales, ascending, with a number of rows or an expression.
    scale: BTreeMap<String, ScalarDoc>,
}

/// A name, or a name with arguments: `{zipf: {s: 1.1}}`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum CallDoc {
    Name(String),
    WithArguments(
        #[schemars(length(min = 1, max = 1))] BTreeMap<String, Option<BTreeMap<String, ArgumentDoc>>>,
    ),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ArgumentDoc {
    Scalar(ScalarDoc),
    Numbers(Vec<f64>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum CheckDoc {
    /// An SQL condition.
    Condition(String),
    /// A condition with the constraint's name.
    Named(NamedCheckDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct NamedCheckDoc {
    /// The constraint's name.
    name: Option<String>,
    /// The SQL condition.
    expr: String,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum IndexDoc {
    /// The columns.
    Columns(NamesDoc),
    /// Columns and more.
    Long(LongIndexDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct LongIndexDoc {
    /// The index's name.
    name: Option<String>,
    /// The columns.
    columns: NamesDoc,
    /// CREATE UNIQUE INDEX.
    unique: Option<bool>,
    /// The access method: btree, hash, gin, gist, brin, spgist.
    method: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct ForeignKeyDoc {
    /// The constraint's name.
    name: Option<String>,
    /// The referencing columns.
    columns: NamesDoc,
    /// The referenced table, with its columns in parentheses if they are not its primary key.
    references: ReferenceDoc,
    /// The referenced columns.
    referenced: Option<NamesDoc>,
    /// ON DELETE.
    on_delete: Option<ActionDoc>,
    /// ON UPDATE.
    on_update: Option<ActionDoc>,
    /// How rows spread over the referenced rows.
    distribution: Option<CallDoc>,
    /// Refer only to earlier rows of the same table: see a column's `earlier`.
    earlier: Option<EarlierDoc>,
    /// Of a table with `history`: refer to the version that is valid at this moment, see a column's `valid_at`.
    valid_at: Option<ScalarDoc>,
    /// Refer only to rows of the same group: the column of this table that leads to it, see a column's `within`.
    within: Option<WithinDoc>,
    /// Refer only to rows for which this SQL condition holds: see a column's `where`.
    #[schemars(rename = "where")]
    condition: Option<ScalarDoc>,
    /// Refer to rows in proportion to this SQL expression: see a column's `weight`.
    weight: Option<ScalarDoc>,
    /// Rows that share the value of this column refer to different rows: see a column's `distinct`.
    distinct: Option<String>,
    /// The reference has nothing to do with the row's other references: see a column's `independent`.
    independent: Option<bool>,
    /// Share of rows without a reference.
    null: Option<Share>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum QuotaDoc {
    /// Of the whole table.
    Table(bool),
    /// Of each group.
    Groups(QuotaGroupsDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct QuotaGroupsDoc {
    /// The column of this table, a reference, that says which rows are a group.
    within: String,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum EarlierDoc {
    /// To any earlier row.
    Plain(bool),
    /// With the tree's form.
    Tree(TreeDoc),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum OneOfDoc {
    Weight(WeightDoc),
    Long(OneOfTableDoc),
}

/// One of several tables that a column may refer to.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct OneOfTableDoc {
    /// Its share of the rows; relative, 1 if left out.
    weight: Option<WeightDoc>,
    /// What `type_column` says; the table's name if left out.
    #[schemars(rename = "as")]
    label: Option<String>,
}

/// The form of a tree of references to earlier rows.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct TreeDoc {
    /// The most levels, roots included: rows of a level refer to the level before it.
    depth: Option<Count>,
    /// How many rows have no parent: a number, or a share such as `10%`. 1 if left out.
    roots: Option<RootsDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum RootsDoc {
    Number(u64),
    Text(#[schemars(regex(pattern = r"^\s*[0-9][0-9_.]*\s*[kKmMgG%]?$"))] String),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum WithinDoc {
    /// The column of this table that leads to the group: a reference, or the table's own key.
    Column(String),
    /// That column, and the referenced table's column that leads to the same group: `{customer_id: owner_id}`.
    Both(#[schemars(length(min = 1))] BTreeMap<String, String>),
    /// Several groups, all of which are shared.
    All(#[schemars(length(min = 1))] Vec<GroupDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum GroupDoc {
    /// The column of this table that leads to the group.
    Column(String),
    /// That column, and the referenced table's column that leads to the same group.
    Both(#[schemars(length(min = 1))] BTreeMap<String, String>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ReferenceDoc {
    /// `table` or `table(column)`.
    Short(String),
    /// Table, columns and actions.
    Long(LongReferenceDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct LongReferenceDoc {
    /// The referenced table.
    table: String,
    /// The referenced column; the primary key if left out.
    column: Option<NamesDoc>,
    /// The referenced columns.
    columns: Option<NamesDoc>,
    /// ON DELETE.
    on_delete: Option<ActionDoc>,
    /// ON UPDATE.
    on_update: Option<ActionDoc>,
}

/// What happens to rows that refer to a row that goes away.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ActionDoc {
    Action(
        #[schemars(regex(
            pattern = r"^([Cc][Aa][Ss][Cc][Aa][Dd][Ee]|[Ss][Ee][Tt][ _]([Nn][Uu][Ll][Ll]|[Dd][Ee][Ff][Aa][Uu][Ll][Tt])|[Rr][Ee][Ss][Tt][Rr][Ii][Cc][Tt]|[Nn][Oo][ _][Aa][Cc][Tt][Ii][Oo][Nn])$"
        ))]
        String,
    ),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ColumnDoc {
    /// An SQL column definition: `varchar(255) not null unique`.
    Definition(String),
    /// Type, constraints and at most one generator.
    Long(Box<LongColumnDoc>),
}

/// A column. At most one of `sequence`, `uuid`, `values`, `bands`, `value`, `min`/`max`, `template`, `pattern`, `fake`, `expr`, `series` and
/// `cases`; without any the column's name decides, then its type.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct LongColumnDoc {
    /// In a table with `history`: how likely a new version is to change the value; `true` for always. If left out, an entity keeps
    /// its value for life: `brand: {type: text, fake: brand, changes: 30%}`.
    changes: Option<ChangesDoc>,
    /// Refer to the version that is valid at this moment, of a table with `history`: a column or an expression, such as
    /// `valid_at: sold_on`.
    valid_at: Option<ScalarDoc>,
    /// The SQL type: `numeric(10,2)`, `timestamptz`, `text[]`, or an enum of `types:`.
    #[schemars(rename = "type")]
    sql_type: Option<String>,
    /// PRIMARY KEY.
    primary_key: Option<bool>,
    /// UNIQUE.
    unique: Option<bool>,
    /// NOT NULL.
    not_null: Option<bool>,
    /// Share of nulls: `5%`. With a group, columns are null together: `{share: 5%, group: address}`.
    null: Option<NullDoc>,
    /// DEFAULT: an SQL expression.
    default: Option<ScalarDoc>,
    /// CHECK: an SQL condition.
    check: Option<String>,
    /// COMMENT ON COLUMN.
    comment: Option<String>,
    /// Computed for others, never written.
    hidden: Option<bool>,
    /// The table whose key this column holds.
    references: Option<ReferenceDoc>,
    /// For references to the same table: only to earlier rows, so that rows make a tree. `true`, or the tree's form:
    /// `{depth: 4, roots: 5}`. With `within: post_id` to earlier rows of the same post.
    earlier: Option<EarlierDoc>,
    /// Refer only to rows of the same group. `within: customer_id` at `address_id` keeps to addresses whose own `customer_id` is
    /// this row's. `within: id`, the table's own key, keeps to rows that refer back to this row: a department's head is one of
    /// its employees. A list names several groups, all of which are shared: `within: [customer_id, brand_id]`.
    within: Option<WithinDoc>,
    /// Refer only to rows for which this SQL condition over their columns holds: `where: "status = 'active'"`.
    #[schemars(rename = "where")]
    condition: Option<ScalarDoc>,
    /// Refer to rows in proportion to this SQL expression over their columns: `weight: inhabitants`. Null counts as 0.
    weight: Option<ScalarDoc>,
    /// Rows that share the value of this column, a reference, refer to different rows: `distinct: order_id` at `product_id` lets no
    /// product stand twice in an order, however popular it is.
    distinct: Option<String>,
    /// The reference has nothing to do with the row's other references. Without it, where an order refers to a customer and to an
    /// address that refers to a customer too, both are made to be the same customer.
    independent: Option<bool>,
    /// One of several tables, by exact shares: `{posts: 60, photos: 40}`. The column holds keys of all of them, and `type_column`
    /// says whose.
    one_of: Option<BTreeMap<String, OneOfDoc>>,
    /// Of `one_of`: the column of this table that says which table a row refers to. It is a text without values of its own.
    type_column: Option<String>,
    /// How values spread between `min` and `max`, or rows over referenced rows.
    distribution: Option<CallDoc>,
    /// Distance of values, counted from `min` (from 0 where that is open): `step: 0.05`, or `step: 15 minutes` for times.
    /// `{min: 4.99, max: 99.99, step: 5}` makes prices such as 14.99.
    step: Option<ScalarDoc>,
    /// Which of a distribution's numbers a value stands for: those `nearest` to it, or what is rounded `down` or `up` to it.
    round: Option<RoundDoc>,
    /// What becomes of a distribution's numbers beyond the bounds: `cut` draws none of them, `clip` makes them the bound.
    outside: Option<OutsideDoc>,
    /// Rank correlations (Spearman's) with other columns of the row, from -1 to 1: `correlation: {income: 0.7}`.
    correlation: Option<BTreeMap<String, Coefficient>>,
    /// Makes the shares of `values` or `bands` exact to the row: `quota: true`, or `quota: {within: order_id}` among the rows that
    /// share a reference.
    quota: Option<QuotaDoc>,
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
    /// What is written otherwise than it is, at stated rates: `{typo: 2%, blank: 1%, outlier: 0.5%}`. Whatever reads the column
    /// sees the clean value; `--answers` tells where noise is.
    noise: Option<BTreeMap<String, NoiseShareDoc>>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum CalendarUseDoc {
    /// One of the spec's `calendars`, or a built-in one: `datagen list calendars`.
    Named(String),
    /// Written in place.
    Inline(Box<CalendarDoc>),
}

/// Weights of hours, days and months; what is not named weighs 1, and a moment weighs the product of all that applies. Times
/// are those of UTC.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct CalendarDoc {
    /// Weights of the day's hours: `{0-7: 0.2, 8-17: 3, 18-23: 1}`, a list of 24, or either by weekday. They share out a day,
    /// and leave the days' weights as they are.
    hours: Option<HoursDoc>,
    /// Nothing happens outside: `"09:00-17:30"` from Monday to Friday, or by weekday, `{mon-fri: "09:00-17:30", sat:
    /// ["10:00-12:00", "13:00-15:00"]}`. A shorter day weighs less.
    business_hours: Option<BusinessHoursDoc>,
    /// Weights of weekdays: `{sat: 1.6, sun: 1.2}`.
    weekdays: Option<WeightsDoc>,
    /// Weights of months: `{nov: 1.5, dec: 2}`.
    months: Option<WeightsDoc>,
    /// Weights of single days and of every year's: `{2024-12-24: 0.2, "12-25": 0}`.
    dates: Option<BTreeMap<String, f64>>,
    /// Growth of the weights per year: `15%`.
    growth: Option<GrowthDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum WeightsDoc {
    List(Vec<f64>),
    ByName(BTreeMap<String, f64>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum HoursDoc {
    Daily(WeightsDoc),
    ByWeekday(BTreeMap<String, WeightsDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum BusinessHoursDoc {
    Spans(NamesDoc),
    ByWeekday(BTreeMap<String, NamesDoc>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum GrowthDoc {
    Number(f64),
    Percent(#[schemars(regex(pattern = r"^\s*-?[0-9.]+\s*%$"))] String),
}

/// Numbers that follow time: the level with growth, trend and walk, seasons, and noise. Where the table's rows are made `per` a
/// parent, each parent has a series of its own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct SeriesDoc {
    /// The column that says when; by default that of rows in steps of time, or the only one that ascends.
    at: Option<String>,
    /// When trend, growth and walks begin; by default with the rows, or at the lower bound of their moments.
    from: Option<ScalarDoc>,
    /// What values lie around: a number, or an expression such as `sensor.base`.
    level: ScalarDoc,
    /// What the level rises by: `0.5 per year`.
    trend: Option<String>,
    /// Growth per year in proportion: `5%`.
    drift: Option<GrowthDoc>,
    /// Deviation of a price's random walk per year, in proportion: `25%`.
    volatility: Option<GrowthDoc>,
    /// Calm and wild times of `volatility`, and of a `walk` that is not drawn back: `{strength: 40%, memory: 60 days}`.
    clustering: Option<ClusteringDoc>,
    /// A random walk: `0.2` from row to row, `0.2 per hour`, or drawn back to the level, `{deviation: 2, memory: 6 hours}`.
    walk: Option<WalkDoc>,
    /// What repeats each day: `{amplitude: 4, peak: "15:00"}`; the amplitude may be a share of the level (`10%`).
    daily: Option<SeasonDoc>,
    /// What repeats each week: `{amplitude: 10%, peak: sat}`.
    weekly: Option<SeasonDoc>,
    /// What repeats each year: `{amplitude: 8, peak: 07-20}`.
    yearly: Option<SeasonDoc>,
    /// The deviation of each value on its own: a number, a share of the level, or an expression.
    noise: Option<ScalarDoc>,
    /// Values below are held to it.
    min: Option<f64>,
    /// Values above are held to it.
    max: Option<f64>,
}

/// Calm and wild times that come in clusters, of all lengths up to the memory.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct ClusteringDoc {
    /// How much more variance than an even half one half of a stretch of time has, and the other less: above 0%, at most 90%.
    strength: Share,
    /// The length from which on stretches of time are alike: `60 days`.
    memory: String,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum WalkDoc {
    /// The deviation of each row's step.
    Step(f64),
    /// The deviation after a time: `0.2 per hour`.
    Rate(String),
    /// Drawn back to the level.
    Reverting(RevertingDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct RevertingDoc {
    /// The deviation at any time.
    deviation: f64,
    /// The time after which e^-1 (37%) of what it was is left: `6 hours`.
    memory: String,
}

/// A wave.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct SeasonDoc {
    /// How far it goes up and down: a number, a share of the level (`10%`), or an expression.
    amplitude: ScalarDoc,
    /// When it is highest: a time of day, a weekday, or a day of the year such as 07-20.
    peak: String,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum AscendingDoc {
    Along(bool),
    PerParent(#[schemars(regex(pattern = r"^per parent$"))] String),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum LengthDoc {
    Exactly(u64),
    Between(BetweenDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct BetweenDoc {
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
enum SequenceDoc {
    Plain(Option<bool>),
    Long(LongSequenceDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct LongSequenceDoc {
    /// The first value; 1 if left out.
    start: Option<i64>,
    /// The distance between values; 1 if left out.
    step: Option<i64>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ValuesDoc {
    /// Equally likely.
    List(Vec<ValueDoc>),
    /// By weight.
    Weighted(BTreeMap<String, WeightDoc>),
}

/// Which of a shape's numbers a value stands for.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "variants are read by schemars")]
enum RoundDoc {
    Nearest,
    Down,
    Up,
}

/// What becomes of a shape's numbers beyond the bounds.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "variants are read by schemars")]
enum OutsideDoc {
    Cut,
    Clip,
}

/// A rank correlation, from -1 to 1.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct Coefficient(#[schemars(range(min = -1.0, max = 1.0))] f64);

/// One of the `bands`: a range with its weight.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct BandDoc {
    /// Lower bound: a literal of the column's type or an SQL expression.
    min: Option<ScalarDoc>,
    /// Upper bound: a literal of the column's type or an SQL expression.
    max: Option<ScalarDoc>,
    /// How likely the band is, relative to the others; 1 if left out.
    weight: Option<WeightDoc>,
    /// How values spread within the band; alike if left out.
    distribution: Option<CallDoc>,
    /// Distance of values, counted from the band's `min`.
    step: Option<ScalarDoc>,
    /// Which of a distribution's numbers a value stands for.
    round: Option<RoundDoc>,
    /// What becomes of a distribution's numbers beyond the band.
    outside: Option<OutsideDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum WeightDoc {
    Number(#[schemars(range(min = 0.0))] f64),
    Percent(String),
}

/// A condition and what makes the value when it holds; `else` stands alone and last.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct CaseDoc {
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
enum CaseValueDoc {
    Literal(ValueDoc),
    Generator(Box<CaseGeneratorDoc>),
}

/// A generator within `cases`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct CaseGeneratorDoc {
    /// How values spread between `min` and `max`.
    distribution: Option<CallDoc>,
    /// Distance of values, counted from `min`.
    step: Option<ScalarDoc>,
    /// Which of a distribution's numbers a value stands for.
    round: Option<RoundDoc>,
    /// What becomes of a distribution's numbers beyond the bounds.
    outside: Option<OutsideDoc>,
    /// Share of nulls.
    null: Option<Share>,
    /// Number of elements, bytes or characters.
    length: Option<LengthDoc>,
    /// `start`, `start + step`, ...
    sequence: Option<SequenceDoc>,
    /// UUIDs: v4 or v7.
    uuid: Option<ScalarDoc>,
    /// One of these values.
    values: Option<ValuesDoc>,
    /// One of these ranges by weight.
    bands: Option<Vec<BandDoc>>,
    /// The same value in every row.
    value: Option<ValueDoc>,
    /// Lower bound.
    min: Option<ScalarDoc>,
    /// Upper bound.
    max: Option<ScalarDoc>,
    /// When things happen between `min` and `max`.
    calendar: Option<CalendarUseDoc>,
    /// Values in the order of rows.
    ascending: Option<AscendingDoc>,
    /// Text with placeholders.
    template: Option<ScalarDoc>,
    /// Text that matches a regular expression.
    pattern: Option<ScalarDoc>,
    /// A provider.
    fake: Option<CallDoc>,
    /// An SQL expression.
    expr: Option<ScalarDoc>,
    /// Numbers that follow time.
    series: Option<Box<SeriesDoc>>,
    /// Cases within the case.
    cases: Option<Vec<CaseDoc>>,
    /// Texts of one of the spec's `grammars`.
    grammar: Option<String>,
    /// Pieces of one of the spec's `pools`.
    slice: Option<String>,
    /// Random characters: `A-Z0-9`.
    alphabet: Option<ScalarDoc>,
    /// A JSON object.
    object: Option<BTreeMap<String, MemberDoc>>,
    /// A JSON array.
    array: Option<Box<ElementDoc>>,
    /// The locale of `fake`.
    locale: Option<String>,
}

/// A member of a JSON object.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum MemberDoc {
    /// An SQL type, and the member's name decides; or the same value in every row.
    Plain(ValueDoc),
    /// What makes its values.
    Long(Box<LongMemberDoc>),
}

/// A member of a JSON object: made as a column is. Its type is implied by what makes it, and else by its name.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct LongMemberDoc {
    /// Share of rows that do not have the member: `20%`.
    optional: Option<Share>,
    /// The SQL type that it is made as: numbers and booleans are JSON's, all else is text.
    #[schemars(rename = "type")]
    sql_type: Option<String>,
    /// How values spread between `min` and `max`.
    distribution: Option<CallDoc>,
    /// Distance of values, counted from `min`.
    step: Option<ScalarDoc>,
    /// Which of a distribution's numbers a value stands for.
    round: Option<RoundDoc>,
    /// What becomes of a distribution's numbers beyond the bounds.
    outside: Option<OutsideDoc>,
    /// Share of JSON nulls.
    null: Option<Share>,
    /// Number of elements, bytes or characters.
    length: Option<LengthDoc>,
    /// `start`, `start + step`, ...
    sequence: Option<SequenceDoc>,
    /// UUIDs: v4 or v7.
    uuid: Option<ScalarDoc>,
    /// One of these values.
    values: Option<ValuesDoc>,
    /// One of these ranges by weight.
    bands: Option<Vec<BandDoc>>,
    /// The same value in every row.
    value: Option<ValueDoc>,
    /// Lower bound.
    min: Option<ScalarDoc>,
    /// Upper bound.
    max: Option<ScalarDoc>,
    /// When things happen between `min` and `max`.
    calendar: Option<CalendarUseDoc>,
    /// Values in the order of rows.
    ascending: Option<AscendingDoc>,
    /// Text with placeholders.
    template: Option<ScalarDoc>,
    /// Text that matches a regular expression.
    pattern: Option<ScalarDoc>,
    /// A provider.
    fake: Option<CallDoc>,
    /// An SQL expression.
    expr: Option<ScalarDoc>,
    /// Numbers that follow time.
    series: Option<Box<SeriesDoc>>,
    /// Cases within the case.
    cases: Option<Vec<CaseDoc>>,
    /// Texts of one of the spec's `grammars`.
    grammar: Option<String>,
    /// Pieces of one of the spec's `pools`.
    slice: Option<String>,
    /// Random characters: `A-Z0-9`.
    alphabet: Option<ScalarDoc>,
    /// A JSON object.
    object: Option<BTreeMap<String, MemberDoc>>,
    /// A JSON array.
    array: Option<Box<ElementDoc>>,
    /// The locale of `fake`.
    locale: Option<String>,
}

/// The elements of a JSON array.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
enum ElementDoc {
    /// An SQL type, or the same value every time.
    Plain(ValueDoc),
    /// What makes them.
    Long(Box<LongElementDoc>),
}

/// The elements of a JSON array: made as a column is.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
struct LongElementDoc {
    /// The SQL type that they are made as.
    #[schemars(rename = "type")]
    sql_type: Option<String>,
    /// How values spread between `min` and `max`.
    distribution: Option<CallDoc>,
    /// Distance of values, counted from `min`.
    step: Option<ScalarDoc>,
    /// Which of a distribution's numbers a value stands for.
    round: Option<RoundDoc>,
    /// What becomes of a distribution's numbers beyond the bounds.
    outside: Option<OutsideDoc>,
    /// Share of JSON nulls.
    null: Option<Share>,
    /// Number of elements, bytes or characters.
    length: Option<LengthDoc>,
    /// `start`, `start + step`, ...
    sequence: Option<SequenceDoc>,
    /// UUIDs: v4 or v7.
    uuid: Option<ScalarDoc>,
    /// One of these values.
    values: Option<ValuesDoc>,
    /// One of these ranges by weight.
    bands: Option<Vec<BandDoc>>,
    /// The same value in every row.
    value: Option<ValueDoc>,
    /// Lower bound.
    min: Option<ScalarDoc>,
    /// Upper bound.
    max: Option<ScalarDoc>,
    /// When things happen between `min` and `max`.
    calendar: Option<CalendarUseDoc>,
    /// Values in the order of rows.
    ascending: Option<AscendingDoc>,
    /// Text with placeholders.
    template: Option<ScalarDoc>,
    /// Text that matches a regular expression.
    pattern: Option<ScalarDoc>,
    /// A provider.
    fake: Option<CallDoc>,
    /// An SQL expression.
    expr: Option<ScalarDoc>,
    /// Numbers that follow time.
    series: Option<Box<SeriesDoc>>,
    /// Cases within the case.
    cases: Option<Vec<CaseDoc>>,
    /// Texts of one of the spec's `grammars`.
    grammar: Option<String>,
    /// Pieces of one of the spec's `pools`.
    slice: Option<String>,
    /// Random characters: `A-Z0-9`.
    alphabet: Option<ScalarDoc>,
    /// A JSON object.
    object: Option<BTreeMap<String, MemberDoc>>,
    /// A JSON array.
    array: Option<Box<ElementDoc>>,
    /// The locale of `fake`.
    locale: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::spec::Spec;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// The keys that the parser asks for where the text has an unknown key.
    fn asked(text: &str) -> BTreeSet<String> {
        let mut sources = Sources::new();
        let source = sources.add("test", text);
        let problems = Spec::parse(&mut sources, source).expect_err("has an unknown key").problems;
        let known = problems
            .iter()
            .flat_map(|problem| &problem.help)
            .find_map(|help| help.strip_prefix("known here: "));
        known.expect("lists what is known").split(", ").map(str::to_owned).collect()
    }

    fn documented(definition: &str) -> BTreeSet<String> {
        let schema: Value = json_schema().into();
        let object = match definition {
            "" => &schema,
            name => &schema["definitions"][name],
        };
        object["properties"].as_object().expect("has keys").keys().cloned().collect()
    }

    #[test]
    fn the_schema_has_exactly_the_keys_that_the_parser_knows() {
        const UNKNOWN: &str = "qqqqqqqqqqqqqqqqqqq: 1";
        for (definition, text) in [
            ("", format!("{UNKNOWN}\ntables: {{}}")),
            ("TableDoc", format!("tables: {{a: {{columns: {{}}, {UNKNOWN}}}}}")),
            ("PerDoc", format!("tables: {{a: {{columns: {{}}, rows: {{per: b, {UNKNOWN}}}}}}}")),
            ("HistoryDoc", format!("tables: {{a: {{columns: {{}}, history: {{key: b, {UNKNOWN}}}}}}}")),
            (
                "VersionCountsDoc",
                format!("tables: {{a: {{columns: {{}}, history: {{versions: {{min: 1, {UNKNOWN}}}}}}}}}"),
            ),
            ("SampleDoc", format!("tables: {{a: {{columns: {{}}, rows: {{sample: b, {UNKNOWN}}}}}}}")),
            ("EachDoc", format!("tables: {{a: {{columns: {{}}, rows: {{each: b, {UNKNOWN}}}}}}}")),
            (
                "LongFactorDoc",
                format!("tables: {{a: {{columns: {{}}, rows: {{each: [{{table: b, {UNKNOWN}}}]}}}}}}"),
            ),
            ("DatesDoc", format!("tables: {{a: {{columns: {{}}, rows: {{dates: [a, b], {UNKNOWN}}}}}}}")),
            ("RowValuesDoc", format!("tables: {{a: {{columns: {{}}, rows: {{values: [], {UNKNOWN}}}}}}}")),
            ("RowFileDoc", format!("tables: {{a: {{columns: {{}}, rows: {{file: b, {UNKNOWN}}}}}}}")),
            ("ScaleDoc", format!("tables: {{a: {{columns: {{}}, rows: {{scale: {{1: 2}}, {UNKNOWN}}}}}}}")),
            ("NamedCheckDoc", format!("tables: {{a: {{columns: {{}}, checks: [{{expr: x, {UNKNOWN}}}]}}}}")),
            (
                "LongIndexDoc",
                format!("tables: {{a: {{columns: {{}}, indexes: [{{columns: x, {UNKNOWN}}}]}}}}"),
            ),
            (
                "ForeignKeyDoc",
                format!(
                    "tables: {{a: {{columns: {{}}, foreign_keys: [{{columns: x, references: b, {UNKNOWN}}}]}}}}"
                ),
            ),
            ("LongColumnDoc", format!("tables: {{a: {{columns: {{x: {{type: int, {UNKNOWN}}}}}}}}}")),
            (
                "LongReferenceDoc",
                format!("tables: {{a: {{columns: {{x: {{references: {{table: b, {UNKNOWN}}}}}}}}}}}"),
            ),
            (
                "TreeDoc",
                format!("tables: {{a: {{columns: {{x: {{references: a, earlier: {{{UNKNOWN}}}}}}}}}}}"),
            ),
            (
                "OneOfTableDoc",
                format!(
                    "tables: {{a: {{columns: {{x: {{one_of: {{a: {{{UNKNOWN}}}}}, type_column: b}}}}}}}}"
                ),
            ),
            ("BetweenDoc", format!("tables: {{a: {{columns: {{x: {{length: {{max: 3, {UNKNOWN}}}}}}}}}}}")),
            ("LongSequenceDoc", format!("tables: {{a: {{columns: {{x: {{sequence: {{{UNKNOWN}}}}}}}}}}}")),
            ("NullGroupDoc", format!("tables: {{a: {{columns: {{x: {{null: {{share: 1, {UNKNOWN}}}}}}}}}}}")),
            ("BandDoc", format!("tables: {{a: {{columns: {{x: {{bands: [{{min: 1, {UNKNOWN}}}]}}}}}}}}")),
            ("TicksDoc", format!("tables: {{a: {{columns: {{}}, rows: {{every: 1 day, {UNKNOWN}}}}}}}")),
            ("SeriesDoc", format!("tables: {{a: {{columns: {{x: {{series: {{level: 1, {UNKNOWN}}}}}}}}}}}")),
            (
                "SeasonDoc",
                format!("tables: {{a: {{columns: {{x: {{series: {{level: 1, daily: {{{UNKNOWN}}}}}}}}}}}}}"),
            ),
            (
                "RevertingDoc",
                format!("tables: {{a: {{columns: {{x: {{series: {{level: 1, walk: {{{UNKNOWN}}}}}}}}}}}}}"),
            ),
            ("CalendarDoc", format!("calendars: {{a: {{{UNKNOWN}}}}}\ntables: {{}}")),
            ("CaseDoc", format!("tables: {{a: {{columns: {{x: {{cases: [{{else: 1, {UNKNOWN}}}]}}}}}}}}")),
            ("PoolDoc", format!("pools: {{a: {{grammar: x, size: 1, {UNKNOWN}}}}}")),
            ("LongMemberDoc", format!("tables: {{a: {{columns: {{x: {{object: {{m: {{{UNKNOWN}}}}}}}}}}}}}")),
            ("LongElementDoc", format!("tables: {{a: {{columns: {{x: {{array: {{{UNKNOWN}}}}}}}}}}}")),
            (
                "CaseGeneratorDoc",
                format!("tables: {{a: {{columns: {{x: {{cases: [{{else: {{{UNKNOWN}}}}}]}}}}}}}}"),
            ),
        ] {
            assert_eq!(documented(definition), asked(&text), "{definition}");
        }
    }
}
