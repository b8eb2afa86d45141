//! Tables with their constraints, and templates.

use super::columns::ColumnDoc;
use super::noise::{DuplicatesDoc, GapsDoc};
use super::references::{ActionDoc, EarlierDoc, OneOfDoc, ReferenceDoc, WithinDoc};
use super::rows::{HistoryDoc, RowsDoc};
use super::scalars::{CallDoc, NamesDoc, ScalarDoc, Share};
use schemars::JsonSchema;
use std::collections::BTreeMap;

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum TemplateDoc {
    /// Columns with lists for the table.
    Part(TablePartDoc),
    /// Columns alone.
    Columns(BTreeMap<String, ColumnDoc>),
}

/// What a template gives a table.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct TablePartDoc {
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

/// A table: its rows, columns and constraints.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct TableDoc {
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
    /// Rows of which some values are missing when they are written, though whatever reads them sees them:
    /// `{rows: 9%, share: 50%}`.
    gaps: Option<GapsDoc>,
    /// The columns by name, in order.
    columns: Option<BTreeMap<String, Option<ColumnDoc>>>,
    /// The columns of the primary key, or `{name: orders_pk, columns: [a, b]}`.
    primary_key: Option<KeyDoc>,
    /// UNIQUE constraints: a list of lists of columns, or of `{name: orders_uk, columns: [a, b]}`.
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
pub(super) enum UniqueDoc {
    Several(Vec<KeyDoc>),
    One(NamesDoc),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum KeyDoc {
    /// The columns.
    Columns(NamesDoc),
    /// The columns with the constraint's name.
    Named(NamedKeyDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct NamedKeyDoc {
    /// The constraint's name.
    name: Option<String>,
    /// The columns.
    columns: NamesDoc,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum CheckDoc {
    /// An SQL condition.
    Condition(String),
    /// A condition with the constraint's name.
    Named(NamedCheckDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct NamedCheckDoc {
    /// The constraint's name.
    name: Option<String>,
    /// The SQL condition.
    expr: String,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum IndexDoc {
    /// The columns.
    Columns(NamesDoc),
    /// Columns and more.
    Long(LongIndexDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct LongIndexDoc {
    /// The index's name.
    name: Option<String>,
    /// The columns.
    columns: Option<NamesDoc>,
    /// SQL expressions instead of columns, each as it stands between the parentheses of CREATE INDEX: `lower(email)`,
    /// `[tenant_id, created_at desc]`.
    expression: Option<NamesDoc>,
    /// The index has only rows for which this SQL condition holds.
    #[schemars(rename = "where")]
    condition: Option<String>,
    /// CREATE UNIQUE INDEX. Over expressions or with a condition it is computed before anything is written, of tables of up to
    /// a million rows.
    unique: Option<bool>,
    /// The access method: btree, hash, gin, gist, brin, spgist.
    method: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct ForeignKeyDoc {
    /// The constraint's name.
    name: Option<String>,
    /// The referencing columns.
    columns: NamesDoc,
    /// The referenced table, with its columns in parentheses if they are not its primary key.
    references: Option<ReferenceDoc>,
    /// One of several tables instead of `references`: see a column's `one_of`.
    one_of: Option<BTreeMap<String, OneOfDoc>>,
    /// Of `one_of`: the column of this table that says which table a row refers to.
    type_column: Option<String>,
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
    /// Each row draws its parent by itself: see a column's `one_way`.
    one_way: Option<bool>,
    /// Share of rows without a reference.
    null: Option<Share>,
}
