//! The spec a command works on: named, read, parsed, planned.

use super::Session;
use super::choice::OneOf;
use super::config::Config;
use super::console::Level;
use super::error::Error;
use crate::diagnostic::{STDIN, Severity, Sources};
use crate::generate::prepare;
use crate::plan::{self, Overrides, Plan};
use crate::sink::system_words;
use crate::spec::{self, BadSpec, Builtin, Spec};
use std::io::Read;
use std::path::Path;

/// Which spec.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Spec")]
pub struct Input {
    /// The spec, in YAML or JSON; `-` reads standard input
    #[arg(value_name = "FILE", conflicts_with_all = ["input", "builtin"])]
    file: Option<String>,
    /// The same as FILE
    #[arg(short, long, value_name = "FILE", conflicts_with = "builtin")]
    input: Option<String>,
    /// A built-in spec; `datagen spec list` shows them
    #[arg(id = "builtin", long = "spec", value_name = "NAME", hide_possible_values = true,
          value_parser = builtin_names())]
    builtin: Option<&'static str>,
}

/// What changes a spec from outside.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Spec")]
pub struct Changes {
    /// Another seed: other values of the same shape
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// The `scale` that row counts in the spec are multiplied by
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true)]
    pub scale: Option<f64>,
    /// Row count of a table, such as `orders=10k`; may be repeated
    #[arg(long, value_name = "TABLE=N", value_parser = parse_rows)]
    pub rows: Vec<(String, u64)>,
    /// Value of one of the spec's `params`; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    pub params: Vec<(String, String)>,
    /// Without noise, duplicates and gaps: the same data as it would be clean
    #[arg(long)]
    pub clean: bool,
}

fn parse_rows(text: &str) -> Result<(String, u64), String> {
    let (table, count) = text.split_once('=').ok_or("expected TABLE=N, such as orders=10k")?;
    let count = spec::parse_count(count)
        .ok_or_else(|| format!("`{count}` is no whole number such as 1000 or 10k"))?;
    Ok((table.to_owned(), count))
}

fn parse_param(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE, such as vat=0.19")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// A spec's text under the name that the user knows it by.
#[derive(Clone, Debug)]
pub struct Text {
    /// The name shown in messages.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Input {
    /// Reads the text: what was named, else the configured default.
    pub fn read(&self, config: &Config) -> Result<Text, Error> {
        if let Some(name) = self.builtin {
            return Ok(text_of(spec::builtin(name).expect("clap has refused other names")));
        }
        match self.file.as_ref().or(self.input.as_ref()).or(config.default_spec.as_ref()) {
            Some(path) if path == "-" => read_stdin(),
            Some(name) if self.is_unnamed() => {
                spec::builtin(name).map_or_else(|| read_file(name), |builtin| Ok(text_of(builtin)))
            }
            Some(path) => read_file(path),
            None => Err(Error::usage("no spec is named")
                .help("name a file (`datagen generate shop.yaml`) or a built-in spec (`--spec ecommerce`)")
                .help("`datagen spec list` names the built-in specs; on a terminal `datagen new` asks")),
        }
    }

    /// Whether nothing says which spec is meant.
    pub fn is_missing(&self, config: &Config) -> bool {
        self.is_unnamed() && self.builtin.is_none() && config.default_spec.is_none()
    }

    fn is_unnamed(&self) -> bool {
        self.file.is_none() && self.input.is_none()
    }
}

/// Names of built-in specs: what else they are called, too.
pub fn builtin_names() -> OneOf {
    let names = spec::BUILTINS.iter().map(|builtin| builtin.name);
    OneOf::new(names).or(|text| Builtin::called(text).map(|builtin| builtin.name))
}

/// The text of a built-in spec.
pub fn text_of(builtin: &Builtin) -> Text {
    Text { name: format!("<{}>", builtin.name), text: builtin.text.to_owned() }
}

/// The text of a file, or of standard input for `-`.
pub fn read(path: &str) -> Result<Text, Error> {
    if path == "-" { read_stdin() } else { read_file(path) }
}

fn read_file(path: &str) -> Result<Text, Error> {
    let read = std::fs::read_to_string(path);
    let text = read.map_err(|cause| {
        let error = Error::usage(format!("cannot read {path}: {}", system_words(&cause)));
        match Builtin::called(path) {
            Some(builtin) => {
                error.help(format!("the built-in spec of that name is `--spec {}`", builtin.name))
            }
            None => error,
        }
    })?;
    Ok(Text { name: path.to_owned(), text })
}

fn read_stdin() -> Result<Text, Error> {
    let mut text = String::new();
    match std::io::stdin().read_to_string(&mut text) {
        Ok(_) => Ok(Text { name: STDIN.to_owned(), text }),
        Err(cause) => Err(Error::usage(format!("cannot read standard input: {}", system_words(&cause)))),
    }
}

/// A spec named in a file of that directory: built-ins are themselves, paths are relative to the directory.
pub fn relative_to(directory: &Path, name: &str) -> String {
    match spec::builtin(name) {
        Some(_) => name.to_owned(),
        None => directory.join(name).display().to_string(),
    }
}

/// A spec with its plan.
pub struct Planned {
    /// The texts that it was read from.
    pub sources: Sources,
    /// What was written.
    pub spec: Spec,
    /// What the command line changes.
    pub overrides: Overrides,
    /// What will run.
    pub plan: Plan,
}

/// Parses and plans a text; all problems in one error. What the plan has to say beside is said on the console.
pub fn plan(text: Text, changes: &Changes, session: &Session) -> Result<Plan, Error> {
    let Planned { plan, sources, .. } = planned(text, changes, session)?;
    for note in &plan.notes {
        let level = if note.severity == Severity::Note { Level::Debug } else { Level::Warn };
        session.console.say(level, &sources.render(note, session.console.colour));
    }
    Ok(plan)
}

/// The same without a word beside.
pub fn planned(text: Text, changes: &Changes, session: &Session) -> Result<Planned, Error> {
    let mut sources = Sources::reading(|path| std::fs::read_to_string(path));
    let source = sources.add(text.name.as_str(), text.text);
    let plan_of = |spec: &Spec| {
        let overrides = Overrides {
            // The configured seed is only for specs that do not care.
            seed: changes.seed.or(spec.seed).or(session.config.default_seed),
            scale: changes.scale,
            rows: changes.rows.clone(),
            params: changes.params.clone(),
            clean: changes.clean,
        };
        plan::plan(spec, &overrides).map(|plan| (overrides, plan))
    };
    let planned = match Spec::parse(&mut sources, source) {
        Ok(spec) => plan_of(&spec).map(|(overrides, plan)| (spec, overrides, plan)),
        Err(BadSpec { mut problems, partial }) => {
            // What could be read may have further problems: they are told in the same breath.
            problems.extend(partial.and_then(|spec| plan_of(&spec).err()).unwrap_or_default());
            problems.sort_by_key(|problem| problem.span);
            Err(problems)
        }
    };
    match planned.and_then(|of| prepare(&of.2).map(|()| of)) {
        Ok((spec, overrides, plan)) => Ok(Planned { sources, spec, overrides, plan }),
        Err(problems) => Err(Error::in_spec(sources, text.name, problems)),
    }
}
