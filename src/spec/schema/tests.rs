//! The schema's keys are those that the parser knows.

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
    let known =
        problems.iter().flat_map(|problem| &problem.help).find_map(|help| help.strip_prefix("known here: "));
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
        ("LongIndexDoc", format!("tables: {{a: {{columns: {{}}, indexes: [{{columns: x, {UNKNOWN}}}]}}}}")),
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
        ("TreeDoc", format!("tables: {{a: {{columns: {{x: {{references: a, earlier: {{{UNKNOWN}}}}}}}}}}}")),
        (
            "OneOfTableDoc",
            format!("tables: {{a: {{columns: {{x: {{one_of: {{a: {{{UNKNOWN}}}}}, type_column: b}}}}}}}}"),
        ),
        ("BetweenDoc", format!("tables: {{a: {{columns: {{x: {{length: {{max: 3, {UNKNOWN}}}}}}}}}}}")),
        ("LongSequenceDoc", format!("tables: {{a: {{columns: {{x: {{sequence: {{{UNKNOWN}}}}}}}}}}}")),
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
        (
            "LongDuplicatesDoc",
            format!("tables: {{a: {{columns: {{}}, duplicates: {{share: 1%, {UNKNOWN}}}}}}}"),
        ),
        ("GapsDoc", format!("tables: {{a: {{columns: {{}}, gaps: {{rows: 1%, share: 1%, {UNKNOWN}}}}}}}")),
        ("QuotaGroupsDoc", format!("tables: {{a: {{columns: {{x: {{quota: {{within: b, {UNKNOWN}}}}}}}}}}}")),
        (
            "ClusteringDoc",
            format!("tables: {{a: {{columns: {{x: {{series: {{level: 1, clustering: {{{UNKNOWN}}}}}}}}}}}}}"),
        ),
        ("DescribedParamDoc", format!("params: {{a: {{default: 1, {UNKNOWN}}}}}\ntables: {{}}")),
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
    // Two forms, which the parser reads as one to tell what does not go together.
    let nulls = format!("tables: {{a: {{columns: {{x: {{null: {{share: 1, {UNKNOWN}}}}}}}}}}}");
    assert_eq!(&documented("NullGroupDoc") | &documented("NullExactDoc"), asked(&nulls));
}
