//! `datagen init`: draws up a spec from what is there already.

use super::console::Level;
use super::error::{Error, Exit};
use super::{Session, Subcommand, print};
use crate::diagnostic::{Diagnostic, STDIN, Sources};
use crate::init::{self, DrawnUp};
use crate::sink::{Files, Target, system_words};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Draw up a spec from CREATE TABLE statements or from samples of data
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pg_dump --schema-only shop | datagen init --ddl - -o shop.yaml
  datagen init --ddl schema.sql migrations/*.sql | datagen preview -
  datagen generate shop.yaml | psql -v ON_ERROR_STOP=1 --single-transaction shop2

What comes out validates and generates as it is. What a spec cannot say is told on standard error, and in comments
of the spec at its place.")]
pub struct Init {
    /// Scripts with CREATE TABLE statements, as people or `pg_dump --schema-only` write them; `-` reads standard input
    #[arg(long, value_name = "FILE", num_args = 1.., required = true, help_heading = "From")]
    ddl: Vec<String>,
    /// The spec's file instead of standard output; refused if it is there already
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Replace the spec's file if it is there already
    #[arg(long, requires = "output", help_heading = "Output")]
    force: bool,
}

impl Subcommand for Init {
    const NAME: &'static str = "init";

    fn run(self, session: &Session) -> Result<(), Error> {
        if let Some(path) = self.output.as_deref().filter(|path| path.exists() && !self.force) {
            let message = format!("{} is there already", path.display());
            return Err(Error::usage(message).help("choose another name, or replace it with --force"));
        }
        let mut sources = Sources::new();
        let mut scripts = Vec::new();
        for name in &self.ddl {
            let (name, text) = read(name)?;
            scripts.push(sources.add(name, text));
        }
        let drawn_up = init::from_ddl(&sources, &scripts);
        let DrawnUp { spec, warnings } = drawn_up.map_err(|problems| Error {
            exit: Exit::Spec,
            problems,
            sources: sources.clone(),
            counted: None,
        })?;
        for warning in &warnings {
            session.console.say(Level::Warn, &line_of(warning, &sources));
        }
        match &self.output {
            None => print(&spec),
            Some(path) => {
                write(path, &spec)?;
                let tables = spec.lines().filter(|line| line.starts_with("    columns:")).count();
                let tables = super::summary::count(tables as u64, "table");
                session.console.say(Level::Info, &format!("{}: {tables}\n", path.display()));
                Ok(())
            }
        }
    }
}

/// A warning on one line: there may be many, and each is a thing to know rather than to mend.
fn line_of(warning: &Diagnostic, sources: &Sources) -> String {
    match warning.span.map(|span| sources.locate(span)) {
        Some(at) => format!("warning: {}:{}:{}: {}\n", at.file, at.line, at.column, warning.message),
        None => format!("warning: {}\n", warning.message),
    }
}

/// The text of a file, and the name that it is shown by.
fn read(name: &str) -> Result<(String, String), Error> {
    let (shown, bytes) = match name {
        "-" => {
            let mut bytes = Vec::new();
            (STDIN.to_owned(), std::io::stdin().read_to_end(&mut bytes).map(|_| bytes))
        }
        path => (path.to_owned(), std::fs::read(path)),
    };
    let bytes =
        bytes.map_err(|cause| Error::usage(format!("cannot read {shown}: {}", system_words(&cause))))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((shown, text)),
        Err(_) => Err(Error::usage(format!("{shown} is not a text in UTF-8"))
            .help("`pg_dump --schema-only` writes a script; its custom format is for pg_restore")),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let target = Target::File(path.to_owned());
    let mut files = Files::new();
    let mut sink = files.open(&target)?;
    sink.write_all(text.as_bytes()).map_err(|cause| target.failure("write", cause))?;
    Ok(files.keep()?)
}
