//! The chapters: which registry each is made of, and what is told of an entry.

use super::super::{config, error};
use super::keys;
use super::refusals::{self, REFUSALS};
use super::{Subject, histogram, samples};
use crate::distribution::{self, Bounds, DISTRIBUTIONS, Popularity};
use crate::encode::{self, Kind};
use crate::expression::{AGGREGATES, FUNCTIONS, WINDOWS};
use crate::fake::{LOCALES, Language, PROVIDERS, Provider};
use crate::noise;
use crate::plan::{self, NAME_RULES, ORDER_RULES};
use crate::spec::{self, Parameter, ParameterKind};
use crate::value::SqlType;

/// A kind of subjects.
pub struct Chapter {
    /// Of several.
    pub name: &'static str,
    /// Of one.
    pub one: &'static str,
    /// What it holds, in a line.
    pub about: &'static str,
    /// Everything in it.
    pub subjects: fn() -> Vec<Subject>,
    /// Whether lists show the first alias, since names alone say too little: where a key stands.
    pub lists_aliases: bool,
    /// Another way to find a subject than by its name.
    pub finds: Option<fn(&Subject, &str) -> bool>,
}

/// All chapters; one entry each.
pub static CHAPTERS: &[Chapter] = &[
    Chapter { lists_aliases: true, ..chapter("keys", "key", "all keys of specs, by where they stand", keys) },
    chapter("types", "type", "SQL types of columns", types),
    chapter("distributions", "distribution", "shapes of values, for `distribution`", distributions),
    chapter("providers", "provider", "kinds of text, for `fake`", providers),
    chapter(
        "column names",
        "column name",
        "what a column without a generator holds, by its name",
        column_names,
    ),
    chapter("functions", "function", "functions of expressions", functions),
    chapter("aggregates", "aggregate", "functions over the rows that refer to a row", aggregates),
    chapter(
        "window functions",
        "window function",
        "functions over the rows of one parent up to a row",
        windows,
    ),
    chapter("noise", "kind of noise", "what is written otherwise than it is, for `noise`", kinds_of_noise),
    chapter("locales", "locale", "languages and places, for `locale`", locales),
    chapter("formats", "format", "what is written, for `--format`", formats),
    chapter("specs", "spec", "built-in specs, for `--spec`", specs),
    chapter("settings", "setting", "keys of .datagen.yaml and their variables", settings),
    chapter("exit codes", "exit code", "how a command ends", exit_codes),
    Chapter {
        finds: Some(|subject, asked| refusals::is_quoted(&subject.name, asked)),
        ..chapter("refusals", "refusal", "what messages mean, and what to do", refusal_themes)
    },
];

const fn chapter(
    name: &'static str,
    one: &'static str,
    about: &'static str,
    subjects: fn() -> Vec<Subject>,
) -> Chapter {
    Chapter { name, one, about, subjects, lists_aliases: false, finds: None }
}

fn keys() -> Vec<Subject> {
    keys::all().into_iter().map(keys::Key::subject).collect()
}

fn types() -> Vec<Subject> {
    let subject = |(name, sql_type): (&'static str, SqlType)| {
        let summary = match (&sql_type, sql_type.int_bounds().filter(|_| sql_type.is_integer())) {
            (_, Some((low, high))) => format!("`{sql_type}`: whole numbers from {low} to {high}"),
            (SqlType::Numeric { .. }, _) => {
                format!("`{name}(p,s)`: exact decimals of at most 38 digits p, s of them after the point")
            }
            (of, _) if of.max_chars().is_some() => format!("`{of}` of n characters: `{name}(n)`"),
            (of, _) => format!("`{of}`"),
        };
        let details = move || {
            samples::of_column("x", name).map_or_else(String::new, |sample| {
                format!(
                    "Without a generator: {}. Samples:\n\n{}",
                    sample.origin,
                    samples::lines(&sample.values)
                )
            })
        };
        Subject::new(name, summary, details)
    };
    spec::types().map(subject).collect()
}

fn distributions() -> Vec<Subject> {
    let subject = |entry: &&'static distribution::Entry| {
        let entry = *entry;
        Subject::new(entry.name, entry.summary, move || {
            let example = format!("    distribution: {}\n", entry.example);
            let shape = histogram::of_example(entry);
            let effect = shape.as_ref().map_or("", |shape| match shape.bounds() {
                Bounds::Cut => {
                    "`min` and `max` cut it: its unit is the column's, and nothing lies beyond them."
                }
                Bounds::Stretch => "It is stretched between `min` and `max`.",
                Bounds::Rank { .. } => {
                    "It ranks: `min` is the most frequent value, `min` + 1 the second, and so on to `max`."
                }
            });
            let popularity = shape.as_ref().map_or("", |shape| match shape.popularity() {
                Popularity::Equal => " At a reference, every parent is as likely.",
                Popularity::Ranks { .. } => {
                    " At a reference, the k-th most popular parent has the k-th share."
                }
                Popularity::Quantiles => {
                    " At a reference, parents' shares are in proportion to its quantiles."
                }
            });
            let picture = shape.map_or_else(String::new, |shape| histogram::draw(shape.as_ref()));
            format!(
                "{}\n{effect}{popularity}\n\nExample, and its shape:\n\n{example}\n{picture}",
                parameters(entry.parameters)
            )
        })
    };
    DISTRIBUTIONS.iter().map(subject).collect()
}

/// A list of parameters.
fn parameters(parameters: &[Parameter]) -> String {
    if parameters.is_empty() {
        return "It has no parameters.\n".to_owned();
    }
    let line = |parameter: &Parameter| {
        let kind = match parameter.kind {
            ParameterKind::Number => "number",
            ParameterKind::Integer => "whole number",
            ParameterKind::Numbers => "list of numbers",
            ParameterKind::Text => "text",
            ParameterKind::Flag => "true or false",
            ParameterKind::Literal => "value of the column's type",
            ParameterKind::Literals => "list of values of the column's type",
        };
        let default =
            parameter.default.map_or("required".to_owned(), |default| format!("default: {default}"));
        format!("- `{}`: {} ({kind}; {default})\n", parameter.name, parameter.summary)
    };
    parameters.iter().map(line).collect()
}

fn providers() -> Vec<Subject> {
    let subject = |provider: &&'static Provider| {
        let provider = *provider;
        Subject::new(provider.name, provider.summary, move || {
            let mut text = parameters(provider.parameters);
            text += match provider.language {
                Language::Neutral => "\nThe same in every locale.",
                Language::Local => "\nEvery locale has its own.",
                Language::English => "\nEnglish in every locale.",
            };
            if !provider.column_names.is_empty() {
                text += &format!(" Chosen by column names: {}.", provider.column_names.join(", "));
            }
            text += &format!("\n\nExample, and its samples:\n\n    fake: {}\n\n", provider.name);
            let sample = samples::of_column("x", &format!("{{type: text, fake: {}}}", provider.name));
            text + &sample.map_or_else(String::new, |sample| samples::lines(&sample.values))
        })
    };
    PROVIDERS.iter().map(subject).collect()
}

fn column_names() -> Vec<Subject> {
    let rules = NAME_RULES.iter().map(|rule| {
        let long_form = rule.long_form();
        named(rule.names, format!("In columns of {}: `{long_form}`", rule.types()))
    });
    let by_provider = PROVIDERS.iter().filter(|provider| !provider.column_names.is_empty());
    let by_provider = by_provider.map(|provider| {
        let summary = format!("In columns of text: `fake: {}`, {}", provider.name, provider.summary);
        named(provider.column_names, summary)
    });
    let in_order = ORDER_RULES
        .iter()
        .map(|rule| named(rule.later, format!("In columns of dates, timestamps: {}", rule.long_form())));
    rules.chain(in_order).chain(by_provider).collect()
}

fn named(names: &'static [&'static str], summary: String) -> Subject {
    let others = names[1..].to_vec();
    let mut subject = Subject::new(names[0], summary, move || match others.is_empty() {
        true => String::new(),
        false => format!("The same: {}. Also at the end of a name, after `_`.", others.join(", ")),
    });
    subject.aliases = names[1..].iter().map(|name| name.to_string()).collect();
    subject
}

/// What a column of that name holds, if its name says anything: `unit_price`, `orders.billing_city`.
pub fn column_name(name: &str) -> Option<String> {
    let (table, column) = name.rsplit_once('.').unwrap_or(("", name));
    let mut text =
        format!("{column} (column name)\nWhat a column of that name holds when it names no generator:\n\n");
    let forms = plan::name_meanings(table, column);
    for (types, long_form) in &forms {
        text += &format!("- {types}: `{long_form}`\n");
    }
    (!forms.is_empty()).then_some(text)
}

fn functions() -> Vec<Subject> {
    let subject = |function: &'static crate::expression::Function| {
        Subject::new(function.name, function.summary, || format!("    {}", function.signature))
    };
    FUNCTIONS.iter().map(subject).collect()
}

fn aggregates() -> Vec<Subject> {
    let subject = |(name, signature, summary): &'static (&str, &str, &str)| {
        Subject::new(*name, *summary, move || format!("    {signature}"))
    };
    AGGREGATES.iter().map(subject).collect()
}

fn windows() -> Vec<Subject> {
    let subject = |(name, signature, summary): &'static (&str, &str, &str)| {
        Subject::new(*name, *summary, move || format!("    {signature}"))
    };
    WINDOWS.iter().map(subject).collect()
}

fn kinds_of_noise() -> Vec<Subject> {
    let subject = |kind: &&'static noise::Kind| {
        let kind = *kind;
        Subject::new(kind.name, kind.summary, move || {
            let (clean, dirty) = kind.example;
            let share = "- `share`: the share of rows that it meets (share; required, and all there is to write alone)\n";
            let parameters =
                if kind.parameters.is_empty() { String::new() } else { parameters(kind.parameters) };
            format!(
                "{share}{parameters}\nExample: `{clean}` is written as `{dirty}`.\n\n    noise: {{{}: 2%}}\n",
                kind.name
            )
        })
    };
    noise::KINDS.iter().map(subject).collect()
}

fn locales() -> Vec<Subject> {
    let subject = |locale: &&'static crate::fake::Locale| {
        let locale = *locale;
        let mut subject = Subject::new(locale.name, locale.title, move || {
            let column =
                |provider: &str| format!("{{type: text, fake: {provider}, locale: {}}}", locale.name);
            let some = |provider: &str| {
                samples::of_column("x", &column(provider)).map_or(vec![], |sample| sample.values)
            };
            samples::lines(&[some("full_name"), some("full_address")].concat())
        });
        subject.aliases = vec![locale.short.to_owned()];
        subject
    };
    LOCALES.iter().map(subject).collect()
}

fn formats() -> Vec<Subject> {
    let subject = |format: &'static encode::Format| {
        Subject::new(format.name, format.summary, move || {
            let compressions: Vec<&str> = format.compressions.iter().map(|known| known.name()).collect();
            let streams = match format.kind {
                Kind::Script => "One script with all tables",
                Kind::PerTable => "A file per table",
                Kind::Archive => "One archive with all tables",
                Kind::ArchiveDirectory => "A directory with a table of contents and a file per table",
            };
            format!("{streams}; `.{}`. Compression: {}.", format.extension, compressions.join(", "))
        })
    };
    encode::FORMATS.iter().map(subject).collect()
}

fn specs() -> Vec<Subject> {
    let subject = |builtin: &'static spec::Builtin| {
        let mut subject =
            Subject::new(builtin.name, builtin.summary, || format!("    datagen spec show {}", builtin.name));
        subject.aliases = builtin.aliases.iter().map(|alias| (*alias).to_owned()).collect();
        subject
    };
    spec::BUILTINS.iter().map(subject).collect()
}

fn settings() -> Vec<Subject> {
    let subject = |key: &'static config::Key| {
        let mut subject =
            Subject::new(key.name, key.summary, || format!("Variable: `{}`.", config::variable(key)));
        subject.aliases = vec![config::variable(key)];
        subject
    };
    config::KEYS.iter().map(subject).collect()
}

fn exit_codes() -> Vec<Subject> {
    let subject = |(code, meaning): &(u8, &'static str)| {
        let mut subject = Subject::new(code.to_string(), *meaning, String::new);
        subject.aliases = vec![format!("exit {code}")];
        subject
    };
    error::EXIT_CODES.iter().map(subject).collect()
}

fn refusal_themes() -> Vec<Subject> {
    REFUSALS
        .iter()
        .map(|refusal| Subject::new(refusal.name(), refusal.means, || refusal.try_this.to_owned()))
        .collect()
}
