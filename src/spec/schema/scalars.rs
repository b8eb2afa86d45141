//! Texts, numbers, shares and names, as they may be written everywhere.

use schemars::JsonSchema;
use std::collections::BTreeMap;

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum Version {
    Number(f64),
    Text(String),
}

/// A text, a number or a boolean.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ScalarDoc {
    Text(String),
    Number(f64),
    Flag(bool),
}

/// A parameter: its default value, alone or with what it is.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ParamDoc {
    Default(ScalarDoc),
    Described(DescribedParamDoc),
}

/// A parameter with words: `{default: 0.2, description: Value added tax}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "fields are read by schemars")]
pub(super) struct DescribedParamDoc {
    /// The value that it has unless `--param` gives another.
    default: ScalarDoc,
    /// What it is, for people: `datagen spec show` prints it.
    description: Option<String>,
}

/// A text, a number, a boolean or null.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ValueDoc {
    Text(String),
    Number(f64),
    Flag(bool),
    Null(()),
}

/// A whole number, also written `10k`, `2.5M`, `1G`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum Count {
    Number(u64),
    Short(#[schemars(regex(pattern = r"^[0-9][0-9_.]*[kKmMgG]?$"))] String),
}

/// A number of bytes, also written `64kB`, `1MB`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum BytesDoc {
    Number(u64),
    Short(#[schemars(regex(pattern = r"^\s*[0-9][0-9_.]*[kKmMgG]?[bB]?\s*$"))] String),
}

/// A share: `5%` or `0.05`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum Share {
    Fraction(#[schemars(range(min = 0.0, max = 1.0))] f64),
    Percent(#[schemars(regex(pattern = r"^\s*[0-9.]+\s*%?$"))] String),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum WeightDoc {
    Number(#[schemars(range(min = 0.0))] f64),
    Percent(String),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum GrowthDoc {
    Number(f64),
    Percent(#[schemars(regex(pattern = r"^\s*-?[0-9.]+\s*%$"))] String),
}

/// One name, or a list of names.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum NamesDoc {
    One(String),
    Several(Vec<String>),
}

/// A name, or a name with arguments: `{zipf: {s: 1.1}}`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum CallDoc {
    Name(String),
    WithArguments(
        #[schemars(length(min = 1, max = 1))] BTreeMap<String, Option<BTreeMap<String, ArgumentDoc>>>,
    ),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "variants are read by schemars")]
pub(super) enum ArgumentDoc {
    Scalar(ScalarDoc),
    Numbers(Vec<f64>),
}
