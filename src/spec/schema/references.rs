//! Which rows a reference may choose.

use super::scalars::{Count, NamesDoc, WeightDoc};
use schemars::JsonSchema;
use std::collections::BTreeMap;

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ReferenceDoc {
    /// `table` or `table(column)`.
    Short(String),
    /// Table, columns and actions.
    Long(LongReferenceDoc),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct LongReferenceDoc {
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
pub(super) enum ActionDoc {
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
pub(super) enum EarlierDoc {
    /// To any earlier row.
    Plain(bool),
    /// With the tree's form.
    Tree(TreeDoc),
}

/// The form of a tree of references to earlier rows.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct TreeDoc {
    /// The most levels, roots included: rows of a level refer to the level before it.
    depth: Option<Count>,
    /// How many rows have no parent: a number, or a share such as `10%`. 1 if left out.
    roots: Option<RootsDoc>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum RootsDoc {
    Number(u64),
    Text(#[schemars(regex(pattern = r"^\s*[0-9][0-9_.]*\s*[kKmMgG%]?$"))] String),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum WithinDoc {
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
pub(super) enum OneOfDoc {
    Weight(WeightDoc),
    Long(OneOfTableDoc),
}

/// One of several tables that a column may refer to.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct OneOfTableDoc {
    /// Its share of the rows; relative, 1 if left out.
    weight: Option<WeightDoc>,
    /// What `type_column` says; the table's name if left out.
    #[schemars(rename = "as")]
    label: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum GroupDoc {
    /// The column of this table that leads to the group.
    Column(String),
    /// That column, and the referenced table's column that leads to the same group.
    Both(#[schemars(length(min = 1))] BTreeMap<String, String>),
}
