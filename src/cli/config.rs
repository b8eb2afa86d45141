//! The configuration: flags over `DATAGEN_*` variables over `.datagen.yaml` over defaults.
//!
//! [`KEYS`] is the one list of what can be configured; the file, the environment and the help read it.
//! Flags are looked at by the commands that have them.

use super::console::Level;
use super::error::{Error, Exit};
use super::input;
use crate::diagnostic::{Diagnostic, Sources, closest};
use crate::encode;
use crate::generate;
use crate::plan::Dialect;
use crate::sink::system_words;
use crate::spec::{self, Node, Value};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The file that is read when no other is named.
pub const FILE: &str = ".datagen.yaml";

/// What is configured, after the file and the environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Seed of specs that name none.
    pub default_seed: Option<u64>,
    /// Format when no flag and no file name tells.
    pub default_format: &'static str,
    /// Whose SQL INSERT scripts are when no flag tells.
    pub default_dialect: Dialect,
    /// Rows per batch.
    pub default_batch_size: usize,
    /// Worker threads; `None` means one per core.
    pub workers: Option<usize>,
    /// Whether computed parent rows are kept for a while.
    pub enable_cache: bool,
    /// How many batches of parent columns each worker keeps.
    pub cache_size: usize,
    /// Rows per INSERT statement.
    pub rows_per_insert: u64,
    /// How much is said on standard error.
    pub log_level: Level,
    /// Whether a terminal shows progress.
    pub progress_bar: bool,
    /// The spec of commands that name none: a built-in's name or a path.
    pub default_spec: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            default_seed: None,
            default_format: "insert",
            default_dialect: Dialect::Postgres,
            default_batch_size: generate::Options::default().batch_rows,
            workers: None,
            enable_cache: true,
            cache_size: generate::Options::default().cache_batches,
            rows_per_insert: encode::Options::default().rows_per_insert,
            log_level: Level::Info,
            progress_bar: true,
            default_spec: None,
        }
    }
}

/// Something that can be configured.
pub struct Key {
    /// Its name in the file; `DATAGEN_` and this in capitals in the environment.
    pub name: &'static str,
    /// One line of help.
    pub summary: &'static str,
    /// Takes over a value as written, relative paths being relative to the directory.
    set: fn(&mut Config, &str, &Path) -> Result<(), Expected>,
}

/// All keys; one line each.
pub static KEYS: &[Key] = &[
    Key {
        name: "default_seed",
        summary: "seed of specs that name none",
        set: |c, text, _| whole(text, 0).map(|n| c.default_seed = Some(n)),
    },
    Key {
        name: "default_format",
        summary: "output format",
        set: |c, text, _| choice(text, formats()).map(|name| c.default_format = name),
    },
    Key {
        name: "default_dialect",
        summary: "SQL of INSERT scripts: postgres, mysql, sqlite or duckdb",
        set: |c, text, _| {
            choice(text, dialects())
                .map(|name| c.default_dialect = Dialect::find(name).expect("it is one of the names"))
        },
    },
    Key {
        name: "default_batch_size",
        summary: "rows computed at a time",
        set: |c, text, _| size(text, 1).map(|n| c.default_batch_size = n),
    },
    Key {
        name: "workers",
        summary: "worker threads (default: one per core)",
        set: |c, text, _| size(text, 1).map(|n| c.workers = Some(n)),
    },
    Key {
        name: "enable_cache",
        summary: "keep computed parent rows for a while",
        set: |c, text, _| flag(text).map(|on| c.enable_cache = on),
    },
    Key {
        name: "cache_size",
        summary: "batches of parent columns kept per worker",
        set: |c, text, _| size(text, 0).map(|n| c.cache_size = n),
    },
    Key {
        name: "rows_per_insert",
        summary: "rows per INSERT statement",
        set: |c, text, _| whole(text, 1).map(|n| c.rows_per_insert = n),
    },
    Key {
        name: "log_level",
        summary: "error, warn, info or debug",
        set: |c, text, _| level(text).map(|level| c.log_level = level),
    },
    Key {
        name: "progress_bar",
        summary: "show progress on a terminal",
        set: |c, text, _| flag(text).map(|on| c.progress_bar = on),
    },
    Key {
        name: "default_spec",
        summary: "built-in spec or path used when none is named",
        set: |c, text, base| {
            c.default_spec = Some(input::relative_to(base, text));
            Ok(())
        },
    },
];

/// What a refused value should have been.
struct Expected {
    what: String,
    choices: Vec<&'static str>,
}

fn whole(text: &str, least: u64) -> Result<u64, Expected> {
    let refused = || Expected { what: format!("a whole number, at least {least}"), choices: vec![] };
    spec::parse_count(text).filter(|number| *number >= least).ok_or_else(refused)
}

fn size(text: &str, least: u64) -> Result<usize, Expected> {
    whole(text, least).map(|number| usize::try_from(number).unwrap_or(usize::MAX))
}

fn flag(text: &str) -> Result<bool, Expected> {
    choice(text, ["true", "false"].into_iter()).map(|word| word == "true")
}

fn level(text: &str) -> Result<Level, Expected> {
    let name = choice(text, Level::NAMES.iter().map(|(name, _)| *name))?;
    Ok(Level::NAMES.iter().find(|(known, _)| *known == name).map_or(Level::Info, |(_, level)| *level))
}

fn choice(text: &str, choices: impl Iterator<Item = &'static str>) -> Result<&'static str, Expected> {
    let choices: Vec<&'static str> = choices.collect();
    let found = choices.iter().find(|choice| **choice == text).copied();
    found.ok_or_else(|| Expected { what: format!("one of {}", choices.join(", ")), choices })
}

/// The names of the formats.
fn formats() -> impl Iterator<Item = &'static str> {
    encode::FORMATS.iter().map(|format| format.name)
}

/// The names of the dialects.
fn dialects() -> impl Iterator<Item = &'static str> {
    Dialect::ALL.iter().map(|(name, _)| *name)
}

/// The variable of a key.
pub fn variable(key: &Key) -> String {
    format!("DATAGEN_{}", key.name.to_uppercase())
}

impl Config {
    /// Reads the file (`named`, or [`FILE`] in `directory` if there is one), then the environment over it. Returns what
    /// looks like a mistake beside it.
    pub fn load(
        named: Option<&Path>,
        directory: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(Config, Vec<Diagnostic>), Error> {
        let mut config = Config::default();
        let path = named.map_or_else(|| PathBuf::from(FILE), Path::to_owned);
        match std::fs::read_to_string(directory.join(&path)) {
            Ok(text) => config.read_file(&path, text)?,
            Err(cause) if cause.kind() == ErrorKind::NotFound && named.is_none() => {}
            Err(cause) => {
                let message = format!("cannot read {}: {}", path.display(), system_words(&cause));
                return Err(Error::usage(message));
            }
        }
        let warnings = config.read_environment(environment)?;
        Ok((config, warnings))
    }

    fn read_file(&mut self, path: &Path, text: String) -> Result<(), Error> {
        let mut sources = Sources::new();
        let source = sources.add(path.display().to_string(), text);
        let base = path.parent().unwrap_or(Path::new(""));
        let problems = match Node::parse(&sources, source) {
            Ok(node) => self.read_node(&node, base),
            Err(problem) => vec![problem],
        };
        if problems.is_empty() {
            return Ok(());
        }
        Err(Error { exit: Exit::Usage, problems, counted: Some(path.display().to_string()), sources })
    }

    fn read_node(&mut self, node: &Node, base: &Path) -> Vec<Diagnostic> {
        let entries = match &node.value {
            Value::Map(entries) => entries,
            // A file with nothing but comments.
            Value::Null => return vec![],
            _ => return vec![Diagnostic::new(node.span, "the configuration is a mapping of keys to values")],
        };
        let mut problems = Vec::new();
        for (key, value) in entries {
            let Some(known) = KEYS.iter().find(|known| known.name == key.text) else {
                let problem = Diagnostic::new(key.span, format!("unknown key `{}`", key.text));
                problems.push(suggest_key(problem, &key.text));
                continue;
            };
            let refusal = match value.scalar() {
                Some(text) => {
                    (known.set)(self, text, base).err().map(|expected| refuse(known.name, text, expected))
                }
                None => Some((format!("`{}` takes one value, not {}", known.name, value.kind()), None)),
            };
            if let Some((message, help)) = refusal {
                let problem = Diagnostic::new(value.span, message);
                problems.push(help.into_iter().fold(problem, Diagnostic::help));
            }
        }
        problems
    }

    fn read_environment(
        &mut self,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Vec<Diagnostic>, Error> {
        let (mut problems, mut warnings) = (Vec::new(), Vec::new());
        for (name, text) in environment {
            // An empty variable is the shell's way to unset one for a command.
            if !name.starts_with("DATAGEN_") || name == "DATAGEN_CONFIG" || text.is_empty() {
                continue;
            }
            match KEYS.iter().find(|key| variable(key) == name) {
                Some(key) => {
                    if let Err(expected) = (key.set)(self, &text, Path::new("")) {
                        let (message, help) = refuse(&name, &text, expected);
                        problems.push(help.into_iter().fold(Diagnostic::nowhere(message), Diagnostic::help));
                    }
                }
                None => {
                    let known: Vec<String> = KEYS.iter().map(variable).collect();
                    let problem =
                        Diagnostic::nowhere(format!("the variable {name} means nothing to datagen"));
                    warnings.push(problem.suggest(&name, known.iter().map(String::as_str)));
                }
            }
        }
        if problems.is_empty() {
            return Ok(warnings);
        }
        Err(Error { exit: Exit::Usage, problems, sources: Sources::new(), counted: None })
    }
}

/// The message of a refused value, and what to try.
fn refuse(name: &str, text: &str, expected: Expected) -> (String, Option<String>) {
    let help = closest(text, expected.choices).map(|choice| format!("did you mean `{choice}`?"));
    (format!("`{name}` must be {}, not `{text}`", expected.what), help)
}

fn suggest_key(problem: Diagnostic, name: &str) -> Diagnostic {
    let names = || KEYS.iter().map(|key| key.name);
    match closest(name, names()) {
        Some(best) => problem.help(format!("did you mean `{best}`?")),
        None => problem.help(format!("the keys are {}", names().collect::<Vec<_>>().join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loads a configuration whose file has this text, in an environment of these variables.
    fn load(file: &str, environment: &[(&str, &str)]) -> Result<(Config, Vec<Diagnostic>), String> {
        let directory = tempfile::tempdir().expect("can make a directory");
        std::fs::write(directory.path().join(FILE), file).expect("can write");
        let environment = environment.iter().map(|(name, text)| (name.to_string(), text.to_string()));
        Config::load(None, directory.path(), environment).map_err(|error| error.render(false))
    }

    #[test]
    fn the_environment_stands_over_the_file_and_the_file_over_defaults() {
        let file = "# ours\ndefault_seed: 7\nworkers: 3\nlog_level: warn\nenable_cache: false\n";
        let (config, warnings) = load(file, &[("DATAGEN_WORKERS", "5"), ("DATAGEN_LOG_LEVEL", "")]).unwrap();
        let expected = Config {
            default_seed: Some(7),
            workers: Some(5),
            log_level: Level::Warn,
            enable_cache: false,
            ..Config::default()
        };
        assert_eq!((config, warnings), (expected, vec![]));
    }

    #[test]
    fn no_file_is_no_problem_unless_it_was_named() {
        let empty = tempfile::tempdir().unwrap();
        let (config, _) = Config::load(None, empty.path(), []).unwrap();
        assert_eq!(config, Config::default());
        let error = Config::load(Some(Path::new("mine.yaml")), empty.path(), []).unwrap_err();
        assert_eq!(error.exit, Exit::Usage);
        let said = error.render(false);
        assert!(said.contains("cannot read mine.yaml: No such file or directory"), "{said}");
    }

    #[test]
    fn a_file_of_comments_changes_nothing() {
        assert_eq!(load("# nothing yet\n", &[]).unwrap().0, Config::default());
    }

    #[test]
    fn every_mistake_in_the_file_is_told_with_its_place() {
        let said = load("worker: 2\ncache_size: many\nlog_level: [a]\nprogress_bar: yes\n", &[]).unwrap_err();
        for part in [
            "unknown key `worker`",
            ".datagen.yaml:1:1",
            "did you mean `workers`?",
            "`cache_size` must be a whole number, at least 0, not `many`",
            ".datagen.yaml:2:13",
            "`log_level` takes one value, not a list",
            "`progress_bar` must be one of true, false, not `yes`",
            "4 problems in .datagen.yaml",
        ] {
            assert!(said.contains(part), "no {part:?} in:\n{said}");
        }
    }

    #[test]
    fn a_wrong_variable_is_named() {
        let said = load("", &[("DATAGEN_LOG_LEVEL", "loud"), ("DATAGEN_WORKERS", "0")]).unwrap_err();
        assert!(
            said.contains("`DATAGEN_LOG_LEVEL` must be one of error, warn, info, debug, not `loud`"),
            "{said}"
        );
        assert!(said.contains("`DATAGEN_WORKERS` must be a whole number, at least 1, not `0`"), "{said}");
    }

    #[test]
    fn an_unknown_variable_is_a_warning() {
        let (_, warnings) = load("", &[("DATAGEN_WORKER", "2"), ("OTHER", "x")]).unwrap();
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].help, ["did you mean `DATAGEN_WORKERS`?"]);
    }

    #[test]
    fn a_default_spec_is_found_beside_the_file() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("etc")).unwrap();
        std::fs::write(directory.path().join("etc/dg.yaml"), "default_spec: shop.yaml\n").unwrap();
        let (config, _) = Config::load(Some(Path::new("etc/dg.yaml")), directory.path(), []).unwrap();
        assert_eq!(config.default_spec.as_deref(), Some("etc/shop.yaml"));
    }
}
