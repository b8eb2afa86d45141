//! `datagen verify`: whether what is stored is what the spec says.

use super::choice::OneOf;
use super::console::Level;
use super::error::{Error, Exit};
use super::input::{self, Changes, Input};
use super::progress::Watch;
use super::summary::{count, rows};
use super::{Session, Subcommand, generate, interrupt, print, server, tables};
use crate::diagnostic::{Diagnostic, grouped};
use crate::encode::{self, Format};
use crate::generate::Options;
use crate::plan::Plan;
use crate::verify::{self, Report, Sample, TableReport, Watching};
use std::path::Path;

/// Hold a loaded database, or a directory of files, to its spec
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen verify --spec ecommerce --to postgres://ana@localhost/shop
  datagen verify shop.yaml --scale 10 --seed 7 --to postgres:///shop     # what was loaded with these
  datagen verify shop.yaml --to postgres:///shop --sample 1%             # one row in a hundred, in blocks
  datagen verify shop.yaml --to shop/                                    # CSV or Parquet files
  datagen verify shop.yaml --to postgres:///shop --constraints-only      # keys, references, checks; nothing computed

Cells are computed again and compared exactly. Differences go to standard output: table by table the first of them,
with row, column, what was expected and what was found. The exit code is 5 if there are any (docs/verify.md).")]
pub struct Verify {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    stored: Stored,
    /// Worker threads; one per core by default
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Speed")]
    jobs: Option<u64>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Verification")]
struct Stored {
    /// The database: postgres://user@host/database, or keyword=value pairs; what it leaves open, PG* variables say. Or a directory
    #[arg(long, value_name = "URL|DIR", default_value = "", hide_default_value = true)]
    to: String,
    /// Of a directory: the format of its files, csv or parquet; by default the one that is there
    #[arg(short, long, value_name = "FORMAT", value_parser = OneOf::new(verify::FORMATS))]
    format: Option<&'static str>,
    /// The schema that the tables are in; without it, they are looked for as the server does
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// Only this table; may be repeated
    #[arg(long = "table", value_name = "TABLE")]
    tables: Vec<String>,
    /// Compare a share of each table, such as 1%: blocks of rows all over it, the same ones each time
    #[arg(long, value_name = "SHARE", value_parser = parse_share, conflicts_with = "constraints_only")]
    sample: Option<Sample>,
    /// Compute nothing: look for rows that break keys, uniques, foreign keys, NOT NULL or checks
    #[arg(long)]
    constraints_only: bool,
    /// How many differences are shown; all are counted
    #[arg(long, value_name = "N", default_value = "20")]
    max_differences: usize,
}

fn parse_share(text: &str) -> Result<Sample, String> {
    let (number, divisor) = match text.strip_suffix('%') {
        Some(percent) => (percent, 100.0),
        None => (text, 1.0),
    };
    let share = number.trim().parse::<f64>().ok().map(|number| number / divisor);
    share
        .and_then(Sample::new)
        .ok_or_else(|| "expected a share above 0 and up to 100%, such as 1% or 0.01".to_owned())
}

impl Subcommand for Verify {
    const NAME: &'static str = "verify";

    fn run(self, session: &Session) -> Result<(), Error> {
        let text = self.input.read(&session.config)?;
        let place = self.stored.place()?;
        let plan = input::plan(text, &self.changes, session)?;
        let chosen = tables::choose(&plan, &self.stored.tables)?;
        let shows_progress = session.console.is_terminal && session.config.progress_bar;
        let to_compare = chosen.iter().map(|table| plan.tables[*table].rows).sum();
        let mut watch = Watch::new(&plan, to_compare, shows_progress && session.console.level >= Level::Info);
        let report = self.report(place, &plan, &chosen, &mut watch, session);
        // The progress leaves the terminal before anything is said.
        drop(watch);
        let report = report?;
        print(&self.told(&report))?;
        match report.differences() {
            0 => Ok(()),
            differences => Err(differing(differences, &report)),
        }
    }
}

/// Where what is verified is stored.
enum Place<'a> {
    Directory(&'a Path),
    Server(&'a str),
}

impl Stored {
    fn place(&self) -> Result<Place<'_>, Error> {
        let path = Path::new(&self.to);
        if path.is_dir() {
            let of_servers =
                [("--constraints-only", self.constraints_only), ("--schema", self.schema.is_some())];
            return match of_servers.iter().find(|(_, is_given)| *is_given) {
                Some((option, _)) => {
                    let message = format!("{option} is for databases, and {} is a directory", self.to);
                    Err(Error::usage(message))
                }
                None => Ok(Place::Directory(path)),
            };
        }
        let is_address = self.to.contains("://") || self.to.contains('=');
        if self.to.contains(std::path::MAIN_SEPARATOR) && !is_address {
            return Err(Error::usage(format!("there is no directory {}", self.to)));
        }
        if self.format.is_some() {
            let message = format!("--format is for directories, and there is none called `{}`", self.to);
            return Err(Error::usage(message).help("name the directory of the files: `--to DIR`"));
        }
        Ok(Place::Server(&self.to))
    }

    /// The format of a directory's files: the one asked for, else the one that is there.
    fn format(&self, directory: &Path, plan: &Plan, chosen: &[usize]) -> Result<&'static Format, Error> {
        let formats = verify::FORMATS.iter().filter(|name| self.format.is_none_or(|asked| asked == **name));
        let formats: Vec<&Format> = formats.filter_map(|name| encode::find(name)).collect();
        let is_there = |format: &&&Format| {
            chosen.iter().any(|table| verify::is_there(directory, &plan.tables[*table].name, format))
        };
        let there: Vec<&Format> = formats.iter().filter(is_there).copied().collect();
        match (there.as_slice(), formats.as_slice()) {
            ([format], _) | ([], [format]) => Ok(format),
            ([], _) => {
                let message =
                    format!("there are no CSV or Parquet files of these tables in {}", directory.display());
                Err(Error::usage(message)
                    .help("files are named after tables, as `datagen generate -o DIR` does"))
            }
            _ => {
                let message = format!("there are CSV and Parquet files in {}", directory.display());
                Err(Error::usage(message).help("say which: `--format csv` or `--format parquet`"))
            }
        }
    }
}

impl Verify {
    fn report(
        &self,
        place: Place,
        plan: &Plan,
        chosen: &[usize],
        watch: &mut Watch,
        session: &Session,
    ) -> Result<Report, Error> {
        let options = verify::Options {
            sample: self.stored.sample.unwrap_or(Sample::ALL),
            most_shown: self.stored.max_differences,
            crew: generate::crew(self.jobs.map(|jobs| jobs as usize), &session.config),
            generate: Options::default(),
        };
        let cancel = interrupt::listen()?;
        let watching = Watching { observer: watch, cancel: &cancel };
        match place {
            Place::Directory(path) => {
                let format = self.stored.format(path, plan, chosen)?;
                Ok(verify::files(plan, chosen, path, format, &options, watching)?)
            }
            Place::Server(text) => {
                let mut client = crate::server::connect(&server::settings(text, session)?)?;
                let verify = if self.stored.constraints_only { verify::rules } else { verify::database };
                Ok(verify(plan, chosen, &mut client, self.stored.schema.as_deref(), &options, watching)?)
            }
        }
    }

    /// The report: a line per table, and below it its differences.
    fn told(&self, report: &Report) -> String {
        let width = report.tables.iter().map(|table| table.name.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for table in &report.tables {
            text += &format!("{:width$}  {}\n", table.name, self.line(table));
            for difference in &table.first {
                text += &format!("  {difference}\n");
            }
            match table.differences - table.first.len() as u64 {
                0 => {}
                more if table.first.is_empty() => {
                    text += &format!("  {} not shown\n", count(more, "difference"))
                }
                more => text += &format!("  and {} more\n", grouped(more)),
            }
        }
        text
    }

    fn line(&self, table: &TableReport) -> String {
        let looked_at = match self.stored.constraints_only {
            true => "rules looked at".to_owned(),
            false if table.compared == table.rows => format!("{} compared", rows(table.rows)),
            false => format!("{} of {} compared", grouped(table.compared), rows(table.rows)),
        };
        match table.differences {
            0 => format!("{looked_at}, as expected"),
            differences => format!("{looked_at}, {}", count(differences, "difference")),
        }
    }
}

fn differing(differences: u64, report: &Report) -> Error {
    let tables = report.tables.iter().filter(|table| table.differences > 0).count() as u64;
    let message = format!("{} in {}", count(differences, "difference"), count(tables, "table"));
    let problem = Diagnostic::nowhere(message);
    Error::new(
        Exit::Verification,
        problem.help("was it made by the same spec, --seed, --scale, --rows, --param and --clean, by this version of datagen?"),
    )
}

impl From<verify::Error> for Error {
    fn from(error: verify::Error) -> Self {
        let exit = match error {
            verify::Error::Generation(_) | verify::Error::Panicked(_) => Exit::Generation,
            verify::Error::Server { .. } => Exit::Output,
            verify::Error::Read { .. } => Exit::Verification,
            verify::Error::Cancelled => Exit::Interrupted,
        };
        Self::new(exit, Diagnostic::nowhere(error.to_string()))
    }
}
