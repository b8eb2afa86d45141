//! The JSON Schema of the spec language, for editors: completion, help and checks while typing.
//!
//! The types here exist for `schemars` alone; a test holds their keys against those that the parser asks for. What makes a
//! value is described once, and flattened into columns, cases and the parts of documents. The schema is of draft-07, since
//! editors' YAML servers validate at that level.

mod columns;
mod generators;
mod noise;
mod references;
mod rows;
mod scalars;
mod tables;
mod texts;
mod time;

#[cfg(test)]
mod tests;

use self::scalars::{Count, NamesDoc, ParamDoc, ScalarDoc, Version};
use self::tables::{TableDoc, TemplateDoc};
use self::texts::{PoolDoc, RuleDoc};
use self::time::CalendarDoc;
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
    params: Option<BTreeMap<String, ParamDoc>>,
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
