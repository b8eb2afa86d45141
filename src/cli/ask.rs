//! Questions to a person at a terminal: what to make, how much of it, in which format, where to.
//!
//! The answers become the flags of `datagen generate`, so that everything that can be asked for by answering can be typed, and
//! is printed as it would be. Questions go to standard error, and nobody is asked who is not there.

use super::console::write_all;
use super::error::{Error, Exit};
use super::size;
use super::{Session, interrupt, list};
use crate::diagnostic::{Diagnostic, closest};
use crate::encode::{self, FORMATS, Format, Kind};
use crate::spec::{BUILTINS, Builtin};
use std::io::{BufRead, IsTerminal};
use std::path::Path;

/// What the command line has said already, and need not be asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// A size or a scale.
    pub amount: bool,
    /// The format, if it is known.
    pub format: Option<&'static Format>,
    /// Where to.
    pub output: bool,
}

/// How much is made where nobody says.
const DEFAULT_SIZE: &str = "100MB";

/// Whether somebody sees questions and can answer them.
pub fn somebody_is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for everything that is not known, and gives it as arguments of `datagen generate`.
///
/// # Errors
/// When the person leaves.
pub fn flags(known: Known, session: &Session) -> Result<Vec<String>, Error> {
    interrupt::end_at_once()?;
    let model = model()?;
    let mut flags = match &model {
        Model::Builtin(builtin) => vec!["--spec".to_owned(), builtin.name.to_owned()],
        Model::File(path) => vec![path.clone()],
    };
    if !known.amount {
        flags.extend(amount()?);
    }
    let format = match known.format {
        Some(format) => format,
        None => {
            let format = format(session.config.default_format)?;
            flags.extend(["--format".to_owned(), format.name.to_owned()]);
            format
        }
    };
    if !known.output {
        flags.extend(["--output".to_owned(), folder(&model.short_name(), format)?]);
    }
    Ok(flags)
}

/// Asks until the answer can be read; no answer is the default one.
fn ask<T>(question: &str, default: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Error> {
    let left = || Error::new(Exit::Interrupted, Diagnostic::nowhere("nothing was made: there was no answer"));
    loop {
        write_all(&format!("{question} [{default}]: "));
        let mut line = String::new();
        if !matches!(std::io::stdin().lock().read_line(&mut line), Ok(length) if length > 0) {
            write_all("\n");
            return Err(left());
        }
        let answer = if line.trim().is_empty() { default } else { line.trim() };
        match read(answer) {
            Ok(answer) => return Ok(answer),
            Err(why) => write_all(&format!("  {why}\n")),
        }
    }
}

/// What shall be made.
enum Model {
    Builtin(&'static Builtin),
    File(String),
}

impl Model {
    /// A name for what is made of it.
    fn short_name(&self) -> String {
        match self {
            Model::Builtin(builtin) => builtin.name.to_owned(),
            Model::File(path) => {
                let stem = Path::new(path).file_stem().unwrap_or_default();
                stem.to_string_lossy().into_owned()
            }
        }
    }
}

fn model() -> Result<Model, Error> {
    let line = |(number, builtin): (usize, &Builtin)| {
        vec![format!("  {}", number + 1), builtin.name.to_owned(), builtin.summary.to_owned()]
    };
    write_all(&list::aligned(BUILTINS.iter().enumerate().map(line).collect()));
    let model = ask("Which data? A name or a number, or the file of a spec", BUILTINS[0].name, read_model)?;
    if let Model::Builtin(builtin) = &model {
        write_all(&format!("  {}: {}\n", builtin.name, builtin.summary));
    }
    Ok(model)
}

fn read_model(answer: &str) -> Result<Model, String> {
    let path = Path::new(answer);
    let is_spec = |ending: &str| ["yaml", "yml", "json"].contains(&ending);
    if path.is_file() {
        return Ok(Model::File(answer.to_owned()));
    }
    if path.extension().and_then(|ending| ending.to_str()).is_some_and(is_spec) {
        return Err(format!("there is no file {answer}"));
    }
    if let Some(builtin) = numbered(answer).and_then(|at| BUILTINS.get(at)) {
        return Ok(Model::Builtin(builtin));
    }
    let names = |builtins: &[&Builtin]| builtins.iter().map(|of| of.name).collect::<Vec<_>>();
    match Builtin::meant(answer).as_slice() {
        [builtin] => Ok(Model::Builtin(builtin)),
        [] => Err(format!("nothing is called `{answer}`; there are {}", listed(&names(&all()), "and"))),
        several => Err(format!("that may be {}", listed(&names(several), "or"))),
    }
}

fn all() -> Vec<&'static Builtin> {
    BUILTINS.iter().collect()
}

/// `a, b and c`.
fn listed(names: &[&str], word: &str) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} {word} {last}", before.join(", ")),
        names => names.concat(),
    }
}

/// The index that a number in a list means.
fn numbered(answer: &str) -> Option<usize> {
    answer.trim_end_matches(['.', ')']).parse::<usize>().ok()?.checked_sub(1)
}

/// A size or a scale, as flags.
fn amount() -> Result<[String; 2], Error> {
    ask("How much? A size such as 500MB or 10GB, or a scale such as 0.1", DEFAULT_SIZE, read_amount)
}

fn read_amount(answer: &str) -> Result<[String; 2], String> {
    let flag = |name: &str, value: &str| Ok([name.to_owned(), value.to_owned()]);
    if answer.parse::<f64>().is_ok_and(|scale| scale.is_finite() && scale > 0.0) {
        return flag("--scale", answer);
    }
    size::parse(answer).and_then(|_| flag("--size", &answer.replace(' ', "")))
}

fn format(default: &str) -> Result<&'static Format, Error> {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    ask(&format!("Which format? {}", listed(&names, "or")), default, read_format)
}

fn read_format(answer: &str) -> Result<&'static Format, String> {
    let lower = answer.to_lowercase();
    let names = || FORMATS.iter().map(|format| format.name);
    let listed = |names: Vec<&str>| listed(&names, "or");
    if let Some(format) = encode::find(&lower).or(numbered(&lower).and_then(|at| FORMATS.get(at))) {
        return Ok(format);
    }
    let is_meant = |format: &&Format| {
        format.name.starts_with(&lower)
            || lower == format.extension
            || lower == "json" && format.name == "jsonl"
    };
    let meant: Vec<&Format> = FORMATS.iter().filter(is_meant).collect();
    match meant.as_slice() {
        [format] => Ok(format),
        [] => closest(&lower, names()).and_then(encode::find).ok_or_else(|| {
            format!("no format is called `{answer}`; there are {}", listed(names().collect()))
        }),
        several => Err(format!("that may be {}", listed(several.iter().map(|of| of.name).collect()))),
    }
}

/// A folder for the files: one that is not there yet, or one that the person agrees to.
fn folder(name: &str, format: &Format) -> Result<String, Error> {
    let numbered = std::iter::once(format!("{name}/")).chain((2..).map(|nth| format!("{name}-{nth}/")));
    let free = numbered.into_iter().find(|folder| !Path::new(folder).exists()).expect("numbers do not end");
    let what = match format.kind {
        Kind::Script => "Which folder? It gets a script in pieces",
        Kind::PerTable => "Which folder? It gets a file for each table",
        Kind::Archive => "Which folder? It gets the archive",
        Kind::ArchiveDirectory => "Which folder? It becomes the archive",
    };
    loop {
        let folder = ask(what, &free, |answer| Ok(directory(answer)))?;
        let has_files = std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
        if !has_files
            || ask(&format!("{folder} has files in it. Replace those of the same names?"), "no", read_yes)?
        {
            return Ok(folder);
        }
    }
}

/// The folder that an answer means: `~` is home, as a shell would have it.
fn directory(answer: &str) -> String {
    let home = || std::env::var("HOME").ok().filter(|home| !home.is_empty());
    let path = match answer.strip_prefix("~/").and_then(|rest| Some((home()?, rest))) {
        Some((home, rest)) => format!("{home}/{rest}"),
        None => answer.to_owned(),
    };
    if path.ends_with('/') { path } else { path + "/" }
}

fn read_yes(answer: &str) -> Result<bool, String> {
    match answer.to_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err("yes or no".to_owned()),
    }
}

/// A command as it would be typed into a shell.
pub fn typed<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = |argument: &str| {
        let is_plain = |c: char| c.is_alphanumeric() || "-_./=,:+@%".contains(c);
        match !argument.is_empty() && argument.chars().all(is_plain) {
            true => argument.to_owned(),
            false => format!("'{}'", argument.replace('\'', r"'\''")),
        }
    };
    arguments.into_iter().map(quoted).collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_forgivingly() {
        let model = |answer: &str| match read_model(answer) {
            Ok(Model::Builtin(builtin)) => Ok(builtin.name),
            Ok(Model::File(_)) => panic!("{answer} is no file"),
            Err(why) => Err(why),
        };
        assert_eq!(model("ecom"), Ok("ecommerce"));
        assert_eq!(model("1"), Ok("ecommerce"));
        assert_eq!(model("TPC-H"), Ok("tpch"));
        assert!(model("zoo").unwrap_err().starts_with("nothing is called `zoo`; there are ecommerce"));
        assert_eq!(model("zoo.yaml"), Err("there is no file zoo.yaml".to_owned()));

        let format = |answer: &str| read_format(answer).map(|format| format.name);
        for (answer, name) in
            [("CSV", "csv"), ("par", "parquet"), ("json", "jsonl"), ("parqet", "parquet"), ("2", "copy")]
        {
            assert_eq!(format(answer), Ok(name));
        }
        assert_eq!(format("sql"), Err("that may be insert or copy".to_owned()));
        assert!(format("xlsx").unwrap_err().contains("no format is called `xlsx`"));

        assert_eq!(read_amount("1.5 GB"), Ok(["--size".to_owned(), "1.5GB".to_owned()]));
        assert_eq!(read_amount("0.25"), Ok(["--scale".to_owned(), "0.25".to_owned()]));
        assert!(read_amount("much").is_err());
    }

    #[test]
    fn a_command_is_quoted_where_a_shell_would_read_it_otherwise() {
        assert_eq!(typed(["a", "-o", "my folder/", "it's", ""]), r"a -o 'my folder/' 'it'\''s' ''");
    }
}
