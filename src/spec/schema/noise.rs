//! What is written otherwise than it is: noise of columns, duplicates of rows, and gaps in them.

use super::scalars::{ArgumentDoc, Count, NamesDoc, Share};
use schemars::JsonSchema;
use std::collections::BTreeMap;

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum DuplicatesDoc {
    /// The share of rows that repeat others.
    Share(Share),
    /// With more about them.
    Long(LongDuplicatesDoc),
}

/// Rows that repeat other rows when they are written; keys, unique columns and references stay their own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct LongDuplicatesDoc {
    /// The share of rows that repeat others; exact.
    share: Share,
    /// How many rows repeat the same one; 1 if left out.
    copies: Option<Count>,
    /// The columns whose values are repeated. If left out, all but those that are computed from references or other rows, and
    /// those that sums elsewhere read.
    columns: Option<NamesDoc>,
}

/// Values that are missing in some rows when they are written: any column's that may be null.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct GapsDoc {
    /// The share of rows that have gaps.
    rows: Share,
    /// How likely each value of such a row is missing.
    share: Share,
    /// Columns that have none.
    except: Option<NamesDoc>,
}

/// How many of the rows a kind of noise meets: a share, or a mapping with a share among the kind's arguments.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum NoiseShareDoc {
    Share(Share),
    WithArguments(BTreeMap<String, ArgumentDoc>),
}
