//! `datagen generate`: the main job.

use super::choice::OneOf;
use super::config::Config;
use super::console::Level;
use super::error::{Error, Exit};
use super::input::{self, Changes, Input};
use super::output::{self, Layout, Planned, Wanted};
use super::progress::Watch;
use super::size::{self, Size};
use super::summary::{count, rows};
use super::{Session, Subcommand, ask, interrupt, print, run_again, tables};
use crate::diagnostic::Diagnostic;
use crate::encode::{self, Answers, Compression, EncodeError, Format, ParquetEncoding, RowGroup};
use crate::generate::Options;
use crate::pipeline::{self, Crew, Part};
use crate::plan::{Dialect, Plan, Section};
use crate::sink::{self, Files, Target};
use crate::spec;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Generate the data of a spec
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen generate --spec ecommerce | psql -v ON_ERROR_STOP=1 --single-transaction shop
  datagen generate shop.yaml --format copy -o shop.sql
  datagen generate shop.yaml --dialect sqlite | sqlite3 shop.db   # also mysql, duckdb
  datagen generate shop.yaml --format custom -o shop.dump         # for pg_restore -j 4
  datagen generate shop.yaml --format parquet -o shop/            # one file per table
  datagen generate shop.yaml --format csv --table orders | head
  datagen generate --spec ecommerce --size 10GB --format parquet -o shop/
  datagen generate shop.yaml --scale 100 --rows customers=1M --seed 7 --dry-run
  datagen generate shop.yaml --format csv --part 2 --parts 8 -o shop/
  datagen generate crm.yaml --format csv -o crm/ --answers dirt.csv    # where noise is, and what is right

The parts of a text format put end to end (cat) are the whole, byte for byte.
Files get their names when the whole run is done; a run that fails leaves none.")]
pub struct Generate {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    size: Size,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    speed: Speed,
    /// Say what would be made, and make nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
struct Output {
    /// File, directory (one file per table) or `-` for standard output, which is the default
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Output format; the default is that of the file's name, else `insert`
    #[arg(short, long, value_name = "FORMAT", value_parser = OneOf::new(encode::FORMATS.iter().map(|format| format.name)))]
    format: Option<&'static str>,
    /// Whose SQL INSERT scripts are: postgres (the default), mysql (MariaDB, too), sqlite or duckdb
    #[arg(long, value_name = "NAME", hide_possible_values = true, value_parser = OneOf::new(Dialect::ALL.map(|(name, _)| name)))]
    dialect: Option<&'static str>,
    /// Only this table; may be repeated
    #[arg(long = "table", value_name = "TABLE")]
    tables: Vec<String>,
    /// Scripts and archives: only types, tables, keys and constraints
    #[arg(long, conflicts_with_all = ["data_only", "size"])]
    schema_only: bool,
    /// Scripts and archives: only rows
    #[arg(long)]
    data_only: bool,
    /// Compression: gzip or zstd for text, snappy (the default), zstd or none for Parquet, gzip (the default) or none for archives
    #[arg(long, value_name = "HOW", hide_possible_values = true, value_parser = OneOf::new(output::compressions()))]
    compress: Option<&'static str>,
    /// Make only the N-th part of the rows, from 1
    #[arg(long, value_name = "N", requires = "parts", value_parser = clap::value_parser!(u64).range(1..))]
    part: Option<u64>,
    /// How many parts the rows are cut into
    #[arg(long, value_name = "COUNT", requires = "part", value_parser = clap::value_parser!(u64).range(1..))]
    parts: Option<u64>,
    /// Also write where the data are dirty, with the clean values: a file that ends in .csv or .jsonl
    #[arg(long, value_name = "FILE", conflicts_with_all = ["schema_only", "clean"])]
    answers: Option<PathBuf>,
    /// Rows per INSERT statement
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rows_per_insert: Option<u64>,
    /// Rows per row group of Parquet
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    row_group_rows: Option<u64>,
    /// Bytes per row group of Parquet before compression, such as `64M`: about as many, judged by the first rows
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes, conflicts_with = "row_group_rows")]
    row_group_bytes: Option<u64>,
    /// Parquet's values: auto (as is smallest, the default) or plain (dictionaries and plain values, which every reader knows)
    #[arg(long, value_name = "HOW", hide_possible_values = true, value_parser = OneOf::new(ParquetEncoding::NAMES.map(|(name, _)| name)))]
    parquet_encoding: Option<&'static str>,
}

/// What changes speed and memory, never a value.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Speed")]
struct Speed {
    /// Worker threads; one per core by default
    #[arg(short, long, value_name = "N", value_parser = at_least_one)]
    jobs: Option<usize>,
    /// Rows computed at a time
    #[arg(long, value_name = "ROWS", value_parser = at_least_one)]
    batch_size: Option<usize>,
    /// Batches of parent columns that each worker keeps
    #[arg(long, value_name = "BATCHES", conflicts_with = "no_cache")]
    cache_size: Option<usize>,
    /// Keep no parent columns; compute them again each time
    #[arg(long)]
    no_cache: bool,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "expected a whole number, at least 1".to_owned())
}

fn parse_bytes(text: &str) -> Result<u64, String> {
    spec::parse_count(text)
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "expected a number of bytes, at least 1, such as 64M".to_owned())
}

impl Subcommand for Generate {
    const NAME: &'static str = "generate";

    fn run(self, session: &Session) -> Result<(), Error> {
        if self.input.is_missing(&session.config) && ask::somebody_is_there() {
            return run_again(Self::NAME, ask::flags(self.known(), session)?, session);
        }
        let settings = self.output.settings(&session.config)?;
        let text = self.input.read(&session.config)?;
        let sized = size::Output {
            tables: &self.output.tables,
            format: settings.format,
            encoding: settings.encoding,
            section: settings.section,
            crew: crew(self.speed.jobs, &session.config),
        };
        let changes = self.size.settle(&text, &self.changes, &sized, session)?;
        let plan = input::plan(text, &changes, session)?;
        let chosen = tables::choose(&plan, &self.output.tables)?;
        let answers = self.output.answers.as_deref().map(|file| output::answers(&plan, &chosen, file));
        let answers = answers.transpose()?;
        if self.dry_run {
            return print(&outline(&plan, &chosen));
        }
        let wanted = Wanted {
            output: self.output.output.as_deref(),
            format: settings.format,
            compression: settings.encoding.compression,
            part: settings.part,
        };
        let layout = Layout::new(&plan, &chosen, wanted)?;
        write(
            &plan,
            layout,
            answers,
            &settings,
            crew(self.speed.jobs, &session.config),
            self.speed.options(&session.config),
            session,
        )
    }
}

impl Generate {
    /// What need not be asked any more.
    fn known(&self) -> ask::Known {
        let named = self.output.output.as_deref().and_then(output::from_name).map(|(format, _)| format);
        ask::Known {
            amount: self.size.is_given() || self.changes.scale.is_some(),
            format: self.output.format.and_then(encode::find).or(named),
            // What is redirected has its place already.
            output: self.output.output.is_some() || !std::io::stdout().is_terminal(),
        }
    }
}

/// What the flags about the output come to.
struct Settings {
    format: &'static Format,
    encoding: encode::Options,
    section: Section,
    part: Part,
}

impl Output {
    fn row_group(&self, format: &Format) -> Result<RowGroup, Error> {
        let row_group = match (self.row_group_rows, self.row_group_bytes) {
            (Some(rows), _) => RowGroup::Rows(rows),
            (_, Some(bytes)) => RowGroup::Bytes(bytes),
            _ => return Ok(encode::Options::default().row_group),
        };
        match format.is_parquet() {
            true => Ok(row_group),
            false => {
                let message = format!("{} files have no row groups", format.name);
                Err(Error::usage(message)
                    .help("--row-group-rows and --row-group-bytes go with --format parquet"))
            }
        }
    }

    fn dialect(&self, format: &Format, config: &Config) -> Result<Dialect, Error> {
        let asked = self.dialect.and_then(Dialect::find);
        match asked {
            Some(dialect) if dialect != Dialect::Postgres && !format.has_dialects() => {
                let message = format!("--dialect: {} is not written for {}", format.name, dialect.title());
                Err(Error::usage(message).help("--dialect goes with --format insert"))
            }
            _ => Ok(asked.unwrap_or(config.default_dialect)),
        }
    }

    fn parquet_encoding(&self, format: &Format) -> Result<ParquetEncoding, Error> {
        let Some(encoding) = self.parquet_encoding.and_then(ParquetEncoding::find) else {
            return Ok(encode::Options::default().parquet_encoding);
        };
        match format.is_parquet() {
            true => Ok(encoding),
            false => {
                let message = format!("{} files have no encodings to choose from", format.name);
                Err(Error::usage(message).help("--parquet-encoding goes with --format parquet"))
            }
        }
    }

    fn settings(&self, config: &Config) -> Result<Settings, Error> {
        let (format, of_name) = self.format(config);
        if (self.schema_only || self.data_only) && !format.kind.has_schema() {
            let message = format!("{} files have no schema part to keep or leave out", format.name);
            let with_schema = encode::FORMATS.iter().filter(|format| format.kind.has_schema());
            let names: Vec<&str> = with_schema.map(|format| format.name).collect();
            let help = format!("--schema-only and --data-only go with --format {}", names.join(", "));
            return Err(Error::usage(message).help(help));
        }
        let compression = self.compress.and_then(Compression::find).or(of_name);
        output::check_compression(format, compression)?;
        if let (Some(part), Some(parts)) = (self.part, self.parts)
            && part > parts
        {
            return Err(Error::usage(format!("there is no part {part} of {parts}")));
        }
        if self.parts.is_some_and(|parts| parts > 1) && !format.kind.has_parts() {
            let message = format!("--parts: a {} archive is written as a whole", format.name);
            return Err(
                Error::usage(message).help("parts of --format copy can be loaded one after the other")
            );
        }
        let encoding = encode::Options {
            rows_per_insert: self.rows_per_insert.unwrap_or(config.rows_per_insert),
            dialect: self.dialect(format, config)?,
            row_group: self.row_group(format)?,
            parquet_encoding: self.parquet_encoding(format)?,
            compression,
        };
        let dialect = format.dialect(&encoding);
        if self.parts.is_some_and(|parts| parts > 1) && dialect.has_transaction() {
            let message = format!("--parts: a script for {} is one transaction", dialect.title());
            return Err(Error::usage(message).help("choose tables with --table instead, or --format csv"));
        }
        Ok(Settings {
            format,
            encoding,
            section: match (self.schema_only, self.data_only) {
                (true, _) => Section::Schema,
                (_, true) => Section::Data,
                _ => Section::All,
            },
            part: Part { number: self.part.unwrap_or(1), of: self.parts.unwrap_or(1) },
        })
    }
}

impl Output {
    /// The format, and the compression that the file's name asks for.
    fn format(&self, config: &Config) -> (&'static Format, Option<Compression>) {
        let named = self.output.as_deref().and_then(output::from_name);
        let configured = encode::find(config.default_format).expect("the configuration names a format");
        let compression = named.and_then(|(_, compression)| compression);
        let format = match (self.format.and_then(encode::find), named) {
            (Some(asked), _) => asked,
            // `.sql` does not tell which of the script formats is meant; the configuration may.
            (None, Some((of_name, _))) if of_name.extension != configured.extension => of_name,
            (None, _) => configured,
        };
        (format, compression)
    }
}

/// As many threads as were asked for, else one per core.
pub fn crew(jobs: Option<usize>, config: &Config) -> Crew {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    Crew::of(jobs.or(config.workers).unwrap_or_else(cores))
}

impl Speed {
    fn options(&self, config: &Config) -> Options {
        let is_on = config.enable_cache && !self.no_cache;
        Options {
            batch_rows: self.batch_size.unwrap_or(config.default_batch_size),
            cache_batches: if is_on || self.cache_size.is_some() {
                self.cache_size.unwrap_or(config.cache_size)
            } else {
                0
            },
        }
    }
}

/// What would be made.
fn outline(plan: &Plan, chosen: &[usize]) -> String {
    let mut text = String::new();
    let width = chosen.iter().map(|table| plan.tables[*table].name.chars().count()).max().unwrap_or(0);
    for table in chosen {
        let table = &plan.tables[*table];
        let columns = count(table.visible().count() as u64, "column");
        text += &format!("{:width$}  {}, {columns}\n", table.name, rows(table.rows));
    }
    let total = chosen.iter().map(|table| plan.tables[*table].rows).sum();
    text + &format!("{}, {}, seed {}\n", count(chosen.len() as u64, "table"), rows(total), plan.seed)
}

/// Runs the pipeline, shows how it goes, and gives the files their names.
fn write(
    plan: &Plan,
    layout: Layout,
    answers: Option<(Target, Answers)>,
    settings: &Settings,
    crew: Crew,
    options: Options,
    session: &Session,
) -> Result<(), Error> {
    if let Some(directory) = &layout.directory {
        sink::create_directory(directory)?;
    }
    let streams = layout.streams.into_iter().map(|Planned { target, tables, share }| {
        let Settings { format, encoding, section, .. } = settings;
        pipeline::Stream::new(plan, target, &tables, format, encoding, *section, share)
    });
    let streams = match streams.collect::<Result<Vec<_>, _>>() {
        Ok(streams) => streams,
        Err(error @ EncodeError::Generate(_)) => return ended_early(pipeline::Error::Generation(error)),
        Err(error @ EncodeError::Format(_)) => return Err(Error::usage(error.to_string())),
    };
    let dialect = settings.format.dialect(&settings.encoding);
    for left_out in streams.iter().flat_map(pipeline::Stream::left_out) {
        let warning = format!("warning: left out of the script for {}: {left_out}\n", dialect.title());
        session.console.say(Level::Warn, &warning);
    }
    let run = pipeline::Run { plan, streams, part: settings.part, crew, options, answers };
    let cancel = interrupt::listen()?;
    let mut files = Files::new();
    let shows_progress = session.console.is_terminal && session.config.progress_bar;
    let mut watch = Watch::new(plan, run.rows(), shows_progress && session.console.level >= Level::Info);
    match pipeline::run(&run, &mut files, &cancel, &mut watch) {
        Ok(cache) => {
            files.keep()?;
            watch.tell(cache, &session.console);
            Ok(())
        }
        Err(error) => {
            // The progress leaves the terminal before the message comes.
            drop(watch);
            ended_early(error)
        }
    }
}

fn ended_early(error: pipeline::Error) -> Result<(), Error> {
    match error {
        // `datagen generate | head`: the reader has what it wanted.
        pipeline::Error::Output(error) if error.is_closed_pipe() => Ok(()),
        pipeline::Error::Output(error) => Err(error.into()),
        pipeline::Error::Generation(error) => {
            Err(Error::new(Exit::Generation, Diagnostic::nowhere(error.to_string())))
        }
        pipeline::Error::Cancelled => Err(Error::new(Exit::Interrupted, Diagnostic::nowhere("interrupted"))),
        pipeline::Error::Panicked(words) => {
            let problem = Diagnostic::nowhere(format!("datagen has a bug: {words}"));
            Err(Error::new(
                Exit::Generation,
                problem.help("please report it with the spec and the command line"),
            ))
        }
    }
}
