//! `datagen init`: draws up a spec from what is there already.

use super::console::Level;
use super::error::{Error, Exit};
use super::{Session, Subcommand, output, print, server};
use crate::diagnostic::{Diagnostic, STDIN, Sources};
use crate::init::{self, CatalogError, DrawnUp, Literals, Options, Sample, Selection, Unreadable};
use crate::sink::system_words;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// Draw up a spec from CREATE TABLE statements, samples of data or a PostgreSQL database
#[derive(Debug, clap::Args)]
#[command(
    group = clap::ArgGroup::new("original").required(true).args(["ddl", "sample", "from"]),
    after_help = "\
Examples:
  pg_dump --schema-only shop | datagen init --ddl - -o shop.yaml
  datagen init --ddl schema.sql migrations/*.sql | datagen preview -
  datagen init --sample customers.csv orders.parquet events.jsonl.gz -o shop.yaml
  datagen init --from postgres://reader@db.example.com/shop --no-values -o shop.yaml
  datagen generate shop.yaml | psql -v ON_ERROR_STOP=1 --single-transaction shop2

What comes out validates and generates as it is. What a spec cannot say is told on standard error, and in comments
of the spec at its place."
)]
pub struct Init {
    /// Scripts with CREATE TABLE statements, as people or `pg_dump --schema-only` write them; `-` reads standard input
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "From")]
    ddl: Vec<String>,
    /// Samples of data, a table each: .csv, .tsv, .jsonl (these also with .gz) or .parquet
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "From")]
    sample: Vec<PathBuf>,
    /// A PostgreSQL database: its catalog and the statistics that ANALYZE has gathered, no rows
    #[arg(long, value_name = "URL", help_heading = "From")]
    from: Option<String>,
    /// With --from, only tables of this schema; may be given several times
    #[arg(long, value_name = "NAME", conflicts_with_all = ["ddl", "sample"], help_heading = "From")]
    schema: Vec<String>,
    /// With --from, only this table, `orders` or `sales.orders`; may be given several times
    #[arg(long, value_name = "NAME", conflicts_with_all = ["ddl", "sample"], help_heading = "From")]
    table: Vec<String>,
    /// With --from, do not count how many rows each parent has, which reads the referring columns
    #[arg(long, conflicts_with_all = ["ddl", "sample"], help_heading = "From")]
    statistics_only: bool,
    /// Take no values of the data into the spec: categories get made-up names, bounds are rounded
    #[arg(long, conflicts_with = "ddl", help_heading = "From")]
    no_values: bool,
    /// With --from, take no values that a smaller share of the rows has, such as 0.001 or 0.1%
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["ddl", "sample"], value_parser = share, help_heading = "From")]
    min_frequency: Option<f64>,
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
        if let Some(path) = self.output.as_deref().filter(|_| !self.force) {
            output::refuse_existing(path)?;
        }
        let mut sources = Sources::new();
        let literals = if self.no_values { Literals::Hidden } else { Literals::Kept };
        let drawn_up = if let Some(url) = &self.from {
            let selection = Selection { schemas: self.schema, tables: self.table };
            let min_frequency = self.min_frequency.unwrap_or(0.0);
            let statistics_only = self.statistics_only;
            from_database(url, &selection, &Options { literals, min_frequency, statistics_only }, session)?
        } else if self.sample.is_empty() {
            from_ddl(&self.ddl, &mut sources)?
        } else {
            from_samples(&self.sample, literals)?
        };
        for warning in &drawn_up.warnings {
            session.console.say(Level::Warn, &line_of(warning, &sources));
        }
        let spec = drawn_up.spec;
        match &self.output {
            None => print(&spec),
            Some(path) => {
                output::text(path, &spec)?;
                let tables = spec.lines().filter(|line| line.starts_with("    columns:")).count();
                let tables = super::summary::count(tables as u64, "table");
                session.console.say(Level::Info, &format!("{}: {tables}\n", path.display()));
                Ok(())
            }
        }
    }
}

fn from_ddl(names: &[String], sources: &mut Sources) -> Result<DrawnUp, Error> {
    let mut scripts = Vec::new();
    for name in names {
        let (name, text) = read_script(name)?;
        scripts.push(sources.add(name, text));
    }
    let refused = |problems| Error { exit: Exit::Spec, problems, sources: sources.clone(), counted: None };
    init::from_ddl(sources, &scripts).map_err(refused)
}

fn from_database(
    url: &str,
    selection: &Selection,
    options: &Options,
    session: &Session,
) -> Result<DrawnUp, Error> {
    let mut client = crate::server::connect(&server::settings(url, session)?)?;
    init::from_catalog(&mut client, selection, options).map_err(|error| match &error {
        CatalogError::NoTable { help, .. } => Error::usage(error.to_string()).help(help),
        CatalogError::Server { .. } => Error::new(Exit::Output, Diagnostic::nowhere(error.to_string())),
    })
}

/// A share of rows: `0.001` or `0.1%`.
fn share(text: &str) -> Result<f64, String> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 0.01));
    let share = number.trim().parse::<f64>().ok().map(|number| number * unit);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or("a share is a number from 0 to 1, or up to 100%".into())
}

fn from_samples(paths: &[PathBuf], literals: Literals) -> Result<DrawnUp, Error> {
    let samples = paths.iter().map(|path| read_sample(path)).collect::<Result<Vec<_>, _>>()?;
    init::from_samples(&samples, literals).map_err(|problems| Error {
        exit: Exit::Spec,
        problems,
        sources: Sources::new(),
        counted: None,
    })
}

/// A sample, by the ending of its name.
fn read_sample(path: &Path) -> Result<Sample, Error> {
    let shown = path.display().to_string();
    let cannot =
        |cause: &std::io::Error| Error::usage(format!("cannot read {shown}: {}", system_words(cause)));
    let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let lower = file_name.to_lowercase();
    let (stem, is_zipped) = match lower.strip_suffix(".gz") {
        Some(stem) => (stem, true),
        None => (lower.as_str(), false),
    };
    let (table, ending) = stem.rsplit_once('.').unwrap_or((stem, ""));
    let table = &file_name[..table.len()];
    let reads = |ending: &str| ["csv", "tsv", "txt", "jsonl", "ndjson", "parquet"].contains(&ending);
    if !reads(ending) || (ending == "parquet" && is_zipped) || table.is_empty() {
        return Err(Error::usage(format!(
            "{shown} is no sample that can be read, by the ending of its name"
        ))
        .help("samples are .csv, .tsv, .jsonl (these also with .gz) and .parquet"));
    }
    let file = File::open(path).map_err(|cause| cannot(&cause))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(Error::usage(format!("cannot read {shown}: it is a directory")));
    }
    let read = |file: File| -> Result<Sample, Unreadable> {
        if ending == "parquet" {
            return init::read_parquet(table, &shown, file);
        }
        let bytes: Box<dyn Read> =
            if is_zipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        match ending {
            "jsonl" | "ndjson" => init::read_jsonl(table, &shown, BufReader::new(bytes)),
            _ => init::read_csv(table, &shown, BufReader::new(bytes)),
        }
    };
    read(file).map_err(|Unreadable { message, line }| {
        let place = line.map_or(String::new(), |line| format!(":{line}"));
        Error::new(Exit::Spec, Diagnostic::nowhere(format!("{shown}{place}: {message}")))
    })
}

/// A warning on one line: there may be many, and each is a thing to know rather than to mend.
fn line_of(warning: &Diagnostic, sources: &Sources) -> String {
    match warning.span.map(|span| sources.locate(span)) {
        Some(at) => format!("warning: {}:{}:{}: {}\n", at.file, at.line, at.column, warning.message),
        None => format!("warning: {}\n", warning.message),
    }
}

/// The text of a file, and the name that it is shown by.
fn read_script(name: &str) -> Result<(String, String), Error> {
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
