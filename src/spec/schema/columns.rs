//! Columns, and what belongs to them alone.

use super::generators::{GeneratorDoc, GridDoc};
use super::noise::NoiseShareDoc;
use super::references::{EarlierDoc, OneOfDoc, ReferenceDoc, WithinDoc};
use super::scalars::{CallDoc, ScalarDoc, Share};
use schemars::JsonSchema;
use std::collections::BTreeMap;

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ColumnDoc {
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
pub(super) struct LongColumnDoc {
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
    /// Each row draws its parent by itself, all of them as likely, or from its group (`within`) as `where` and `weight` say. Cheaper where
    /// nothing looks back: the parent can neither count nor sum over these rows.
    one_way: Option<bool>,
    /// One of several tables, by exact shares: `{posts: 60, photos: 40}`. The column holds keys of all of them, and `type_column`
    /// says whose.
    one_of: Option<BTreeMap<String, OneOfDoc>>,
    /// Of `one_of`: the column of this table that says which table a row refers to. It is a text without values of its own.
    type_column: Option<String>,
    /// How values spread between `min` and `max`, or rows over referenced rows.
    distribution: Option<CallDoc>,
    #[schemars(flatten)]
    grid: GridDoc,
    /// Rank correlations (Spearman's) with other columns of the row, from -1 to 1: `correlation: {income: 0.7}`.
    correlation: Option<BTreeMap<String, Coefficient>>,
    /// Makes the shares of `values` or `bands` exact to the row: `quota: true`, or `quota: {within: order_id}` among the rows that
    /// share a reference.
    quota: Option<QuotaDoc>,
    #[schemars(flatten)]
    generator: GeneratorDoc,
    /// What is written otherwise than it is, at stated rates: `{typo: 2%, blank: 1%, outlier: 0.5%}`. Whatever reads the column
    /// sees the clean value; `--answers` tells where noise is.
    noise: Option<BTreeMap<String, NoiseShareDoc>>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ChangesDoc {
    Always(bool),
    Share(Share),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum NullDoc {
    /// A share of the rows, each for itself.
    Share(Share),
    /// A share of the rows, exact to the row.
    Exact(NullExactDoc),
    /// A share of the rows, together with other columns.
    Group(NullGroupDoc),
}

/// As many nulls as the share says, in rows that look random.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct NullExactDoc {
    /// Share of nulls.
    share: Share,
    /// Exact to the row; another number of rows deals the nulls anew.
    exact: bool,
}

/// Columns that are null together; each of them names the group.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct NullGroupDoc {
    /// Share of nulls: of all rows, then all columns of the group are null in the same rows; or of the `rows` that are given.
    share: Share,
    /// Share of rows in which columns of the group are null at all; within them each column draws for itself.
    rows: Option<Share>,
    /// The group's name.
    group: String,
}

/// A rank correlation, from -1 to 1.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct Coefficient(#[schemars(range(min = -1.0, max = 1.0))] f64);

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum QuotaDoc {
    /// Of the whole table.
    Table(bool),
    /// Of each group.
    Groups(QuotaGroupsDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct QuotaGroupsDoc {
    /// The column of this table, a reference, that says which rows are a group.
    within: String,
}
