//! Grammars and pools of text.

use super::scalars::{BytesDoc, ScalarDoc, WeightDoc};
use schemars::JsonSchema;
use std::collections::BTreeMap;

/// The texts of a grammar's rule: one, several that are equally likely, or texts with weights.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum RuleDoc {
    Text(ScalarDoc),
    Texts(Vec<ScalarDoc>),
    Weighted(BTreeMap<String, WeightDoc>),
}

/// A pool of text, made once when planning.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct PoolDoc {
    /// The grammar that fills it, text after text.
    grammar: String,
    /// Its size in bytes: `1MB`, `64kB`.
    size: BytesDoc,
}
