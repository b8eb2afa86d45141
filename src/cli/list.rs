//! `datagen list`: what specs and options can name.

use super::choice::OneOf;
use super::error::Error;
use super::{Session, Subcommand, config, print};
use crate::distribution::{DISTRIBUTIONS, Entry};
use crate::encode;
use crate::expression::{AGGREGATES, FUNCTIONS, WINDOWS};
use crate::fake::{LOCALES, PROVIDERS, Provider};
use crate::noise::{KINDS, Kind};
use crate::plan::{NAME_RULES, ORDER_RULES};
use crate::spec::{self, BUILTIN_CALENDARS, BuiltinCalendar, Parameter};
use crate::value::SqlType;
use comfy_table::presets;

/// List what can be named in specs and options
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen list                 # what there is to list
  datagen list providers
  datagen list distributions")]
pub struct List {
    /// What to list
    #[arg(value_name = "WHAT", value_parser = OneOf::new(LISTS.iter().map(|list| list.name)))]
    what: Option<&'static str>,
}

/// A list that can be asked for.
struct Listing {
    name: &'static str,
    summary: &'static str,
    /// Rows of cells, the first one the name.
    lines: fn() -> Vec<Vec<String>>,
}

/// All lists; one entry each.
static LISTS: &[Listing] = &[
    Listing { name: "providers", summary: "kinds of text, for a column's `fake`", lines: providers },
    Listing {
        name: "names",
        summary: "column names that say what a column without generator holds",
        lines: names,
    },
    Listing { name: "distributions", summary: "shapes of numbers, for `distribution`", lines: distributions },
    Listing { name: "calendars", summary: "weights of hours and days, for `calendar`", lines: calendars },
    Listing { name: "types", summary: "types of columns", lines: types },
    Listing { name: "functions", summary: "functions of expressions", lines: functions },
    Listing { name: "noise", summary: "what is written otherwise than it is, for `noise`", lines: noise },
    Listing { name: "locales", summary: "languages and places, for `locale`", lines: locales },
    Listing { name: "specs", summary: "built-in specs, for --spec", lines: specs },
    Listing { name: "formats", summary: "output formats, for --format", lines: formats },
    Listing { name: "settings", summary: "keys of .datagen.yaml and their variables", lines: settings },
];

fn providers() -> Vec<Vec<String>> {
    let line = |provider: &&Provider| {
        let names: Vec<&str> = provider.parameters.iter().map(|parameter| parameter.name).collect();
        cells([provider.name, provider.group, provider.summary, &names.join(", ")])
    };
    PROVIDERS.iter().map(line).collect()
}

/// The rules for numbers, dates and so on, then the names that choose a provider.
fn names() -> Vec<Vec<String>> {
    let rules =
        NAME_RULES.iter().map(|rule| cells([&rule.names.join(", "), rule.types(), &rule.long_form()]));
    let chosen = PROVIDERS.iter().filter(|provider| !provider.column_names.is_empty());
    let providers = chosen.map(|provider| {
        cells([&provider.column_names.join(", "), "texts", &format!("fake: {}", provider.name)])
    });
    let orders = ORDER_RULES
        .iter()
        .map(|rule| cells([&rule.later.join(", "), "dates, timestamps", &rule.long_form()]));
    rules.chain(orders).chain(providers).collect()
}

fn distributions() -> Vec<Vec<String>> {
    let lines = |entry: &&Entry| with_parameters(entry.name, entry.summary, entry.parameters);
    DISTRIBUTIONS.iter().flat_map(lines).collect()
}

fn noise() -> Vec<Vec<String>> {
    let lines = |kind: &&Kind| with_parameters(kind.name, kind.summary, kind.parameters);
    KINDS.iter().flat_map(lines).collect()
}

/// An entry with its parameters below.
fn with_parameters(name: &str, summary: &str, parameters: &[Parameter]) -> Vec<Vec<String>> {
    let parameter = |Parameter { name, summary, default, .. }: &Parameter| {
        let default = default.map_or_else(String::new, |default| format!(" (default {default})"));
        cells([&format!("  {name}"), &format!("{summary}{default}")])
    };
    let parameters: Vec<_> = parameters.iter().map(parameter).collect();
    [vec![cells([name, summary])], parameters].concat()
}

/// As written, as pg_dump would write it, and as PostgreSQL's catalog has it.
fn types() -> Vec<Vec<String>> {
    let line = |(name, sql_type): (&str, SqlType)| {
        let known = sql_type.postgres_type();
        cells([name, &sql_type.to_string(), &format!("{} (OID {})", known.name(), known.oid())])
    };
    spec::types().map(line).collect()
}

fn calendars() -> Vec<Vec<String>> {
    let line = |of: &BuiltinCalendar| cells([of.name, of.summary, of.text]);
    BUILTIN_CALENDARS.iter().map(line).collect()
}

fn functions() -> Vec<Vec<String>> {
    let scalar =
        FUNCTIONS.iter().map(|function| cells([function.name, function.signature, function.summary]));
    let aggregates = AGGREGATES.iter().map(|(name, signature, summary)| cells([name, signature, summary]));
    let windows = WINDOWS.iter().map(|(name, signature, summary)| cells([name, signature, summary]));
    scalar.chain(aggregates).chain(windows).collect()
}

fn locales() -> Vec<Vec<String>> {
    LOCALES.iter().map(|locale| cells([locale.name, locale.title])).collect()
}

fn specs() -> Vec<Vec<String>> {
    spec::BUILTINS.iter().map(|builtin| cells([builtin.name, builtin.summary])).collect()
}

fn formats() -> Vec<Vec<String>> {
    encode::FORMATS.iter().map(|format| cells([format.name, format.summary])).collect()
}

fn settings() -> Vec<Vec<String>> {
    let line = |key: &config::Key| cells([key.name, &config::variable(key), key.summary]);
    config::KEYS.iter().map(line).collect()
}

impl Subcommand for List {
    const NAME: &'static str = "list";

    fn run(self, _session: &Session) -> Result<(), Error> {
        let asked = LISTS.iter().find(|list| self.what == Some(list.name));
        let lines = match asked {
            Some(list) => (list.lines)(),
            None => LISTS.iter().map(|list| cells([list.name, list.summary])).collect(),
        };
        print(&aligned(lines))
    }
}

fn cells<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

/// Lines with their cells one below the other.
pub(super) fn aligned(lines: Vec<Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::NOTHING);
    table.add_rows(lines);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}
