//! `datagen load`: from a spec straight into PostgreSQL.

mod watch;

use super::console::Level;
use super::error::{Error, Exit};
use super::input::{self, Changes, Input, Planned, Text};
use super::summary::rows;
use super::{Session, Subcommand, generate, interrupt, server, tables};
use crate::diagnostic::{Diagnostic, Severity, Sources};
use crate::generate::Options;
use crate::load::{self, Description, Effort, Existing, Last, Objects, Transactions};
use crate::server::Settings;
use sha2::{Digest, Sha256};
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use watch::Watch;

/// Load the data of a spec into PostgreSQL
#[derive(Debug, clap::Args)]
#[command(mut_arg("clean", |arg| arg.long("without-noise")), after_help = "\
Examples:
  datagen load --spec ecommerce --to postgres://ana@localhost/shop
  datagen load shop.yaml --to postgres:///shop --schema staging --scale 10
  datagen load shop.yaml --to postgres:///shop --scale 10 --resume       # after a crash, a lost connection, Ctrl-C
  datagen load shop.yaml --to postgres:///shop --grow --scale 20         # only what is new, where that is enough
  datagen load shop.yaml --to postgres:///shop --data-only --truncate    # into tables that are there
  datagen load shop.yaml --to postgres:///shop --clean --if-exists --atomic

Tables are made where none of them is there, with keys and indexes after the rows. Passwords come from PGPASSWORD or ~/.pgpass;
all of libpq's variables, service files and connection strings are understood (docs/load.md).")]
pub struct Load {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    pace: Pace,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Target")]
struct Target {
    /// The database: postgres://user@host/database, or keyword=value pairs; what it leaves open, PG* variables say
    #[arg(long, value_name = "URL", default_value = "", hide_default_value = true)]
    to: String,
    /// Only this table; may be repeated
    #[arg(long = "table", value_name = "TABLE")]
    tables: Vec<String>,
    /// Load into this schema, which is made if it is not there
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// Make the tables; none may be there
    #[arg(long, conflicts_with_all = ["drop", "data_only"])]
    create: bool,
    /// Drop the spec's tables and types first, and make them again
    #[arg(id = "drop", long = "clean", conflicts_with = "data_only")]
    drop: bool,
    /// With --clean: drop what is there, and do not ask for the rest
    #[arg(long, requires = "drop")]
    if_exists: bool,
    /// Load into tables that are there; their columns are checked against the spec first
    #[arg(long)]
    data_only: bool,
    /// Add to the rows that are there
    #[arg(long, conflicts_with_all = ["create", "drop"])]
    append: bool,
    /// Add the rows from this one on, from 1, to those that are there
    #[arg(long, value_name = "ROW", value_parser = clap::value_parser!(u64).range(1..), conflicts_with_all = ["create", "drop", "append"])]
    append_from: Option<u64>,
    /// Empty the tables first
    #[arg(long, conflicts_with_all = ["create", "drop", "append", "append_from"])]
    truncate: bool,
    /// Bring a loaded database to another --scale or --rows: tables whose rows stay get the new ones, others are loaded again
    #[arg(long, conflicts_with_all = ["create", "drop", "append", "append_from", "truncate", "tables"])]
    grow: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Load")]
struct Pace {
    /// Go on with a load that was interrupted; begin, if there is none
    #[arg(long)]
    resume: bool,
    /// All in one transaction, on one connection
    #[arg(long, conflicts_with_all = ["resume", "connections", "chunk_rows"])]
    atomic: bool,
    /// Connections at a time; one per core by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    connections: Option<u16>,
    /// Rows per transaction
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), default_value = "131072")]
    chunk_rows: u64,
    /// How long to try again when the connection is lost or the server is away
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    retry_for: u64,
}

impl Subcommand for Load {
    const NAME: &'static str = "load";

    fn run(self, session: &Session) -> Result<(), Error> {
        let text = self.input.read(&session.config)?;
        let settings = server::settings(&self.target.to, session)?;
        let planned = self.planned(&text, &settings, session)?;
        let chosen = tables::choose(&planned.new.plan, &planned.tables)?;
        let cancel = interrupt::listen()?;
        let options = options(session);
        let existing = match &planned.old {
            Some(old) => self.grown(old, &planned.new, &chosen, options, session, &cancel)?,
            None => self.target.existing(),
        };
        let load = load::Load {
            plan: &planned.new.plan,
            tables: &chosen,
            description: description(&planned.new, &chosen),
            settings: &settings,
            schema: self.target.schema.as_deref(),
            objects: self.target.objects(),
            existing,
            resume: self.pace.resume,
            effort: self.pace.effort(session),
            options,
        };
        let shows_progress = session.console.is_terminal && session.config.progress_bar;
        let shows_progress = shows_progress && session.console.level >= Level::Info;
        let watch = Watch::new(&planned.new.plan, &session.console, shows_progress);
        match load::run(&load, &cancel, &watch) {
            Ok(outcome) if outcome.was_done => {
                session
                    .console
                    .say(Level::Info, "the load was finished before; there is nothing to go on with\n");
                Ok(())
            }
            Ok(_) => {
                watch.tell();
                Ok(())
            }
            Err(error) => {
                watch.clear();
                Err(self.pace.told(error))
            }
        }
    }
}

/// The plan, and that of the size before when the database grows.
struct Plans {
    new: Planned,
    old: Option<Planned>,
    /// The tables that are loaded; empty: all.
    tables: Vec<String>,
}

impl Load {
    fn planned(&self, text: &Text, settings: &Settings, session: &Session) -> Result<Plans, Error> {
        if !self.target.grow {
            let tables = self.target.tables.clone();
            return Ok(Plans { new: planned(text, &self.changes, session)?, old: None, tables });
        }
        match load::last(settings, self.target.schema.as_deref()).map_err(|error| self.pace.told(error))? {
            Last::None => Err(refused("no load has been finished there that could grow")
                .help("`datagen load` without --grow loads the tables")),
            Last::Unfinished(_) if !self.pace.resume => {
                Err(refused("the last load is unfinished").help("--resume goes on with it"))
            }
            Last::Unfinished(begun) => {
                let new = planned(text, &self.changes_of(&begun), session)?;
                Ok(Plans { new, old: None, tables: begun.tables })
            }
            Last::Finished(old) => self.growing(text, &old, session),
        }
    }

    /// What is not said again stays as it was.
    fn changes_of(&self, last: &Description) -> Changes {
        let (mut rows, mut params) = (last.rows.clone(), last.params.clone());
        rows.extend(self.changes.rows.iter().cloned());
        params.extend(self.changes.params.iter().cloned());
        Changes {
            seed: self.changes.seed.or(Some(last.seed)),
            scale: self.changes.scale.or(last.scale),
            rows: rows.into_iter().collect(),
            params: params.into_iter().collect(),
            clean: self.changes.clean || last.without_noise,
        }
    }

    fn growing(&self, text: &Text, old: &Description, session: &Session) -> Result<Plans, Error> {
        let before = Changes {
            seed: Some(old.seed),
            scale: old.scale,
            rows: old.rows.clone().into_iter().collect(),
            params: old.params.clone().into_iter().collect(),
            clean: old.without_noise,
        };
        let after = self.changes_of(old);
        let before = input::planned(text.clone(), &before, session)?;
        let new = planned(text, &after, session)?;
        let all = tables::choose(&new.plan, &[])?;
        let now = description(&new, &all);
        if now.spec != old.spec || now.datagen != old.datagen {
            let what = if now.spec != old.spec { "the spec" } else { "datagen" };
            return Err(refused(format!("{what} is not the one that the database was loaded with"))
                .help("--truncate loads all of it again"));
        }
        for table in now.tables.iter().filter(|table| !old.tables.contains(table)) {
            session.console.say(Level::Info, &format!("{table}: not in the last load, stays as it is\n"));
        }
        Ok(Plans { new, old: Some(before), tables: old.tables.clone() })
    }

    /// Which rows stay; says which do not, and why.
    fn grown(
        &self,
        old: &Planned,
        new: &Planned,
        chosen: &[usize],
        options: Options,
        session: &Session,
        cancel: &AtomicBool,
    ) -> Result<Existing, Error> {
        let jobs = generate::crew(None, &session.config).jobs;
        let grown = load::compare(&old.plan, &new.plan, chosen, options, jobs, cancel);
        let grown = grown.map_err(|error| self.pace.told(error))?;
        for of in &grown {
            let told = match &of.again {
                None => format!("{}: {} stay\n", of.table, rows(of.old_rows)),
                Some(why) => format!("{}: loaded again, since {why}\n", of.table),
            };
            session.console.say(Level::Info, &told);
        }
        Ok(Existing::Grow(grown))
    }
}

impl Target {
    fn objects(&self) -> Objects {
        match (self.create, self.drop, self.data_only || self.grow) {
            (true, ..) => Objects::Create,
            (_, true, _) => Objects::Clean { if_exists: self.if_exists },
            (.., true) => Objects::Use,
            _ => Objects::AsFound,
        }
    }

    fn existing(&self) -> Existing {
        match (self.truncate, self.append, self.append_from) {
            (true, ..) => Existing::Truncate,
            (_, true, _) => Existing::Append { from: 0 },
            (.., Some(row)) => Existing::Append { from: row - 1 },
            _ => Existing::Refuse,
        }
    }
}

impl Pace {
    fn effort(&self, session: &Session) -> Effort {
        let cores = generate::crew(None, &session.config).jobs;
        let transactions = match self.atomic {
            true => Transactions::One { jobs: cores },
            false => Transactions::PerChunk {
                connections: self.connections.map_or(cores, usize::from),
                chunk_rows: self.chunk_rows,
            },
        };
        Effort { transactions, retry_for: Duration::from_secs(self.retry_for) }
    }

    fn told(&self, error: load::Error) -> Error {
        let exit = match &error {
            load::Error::Different(_) => Exit::Usage,
            load::Error::Generation(_) | load::Error::Panicked(_) => Exit::Generation,
            load::Error::Cancelled => Exit::Interrupted,
            _ => Exit::Output,
        };
        let is_midway = matches!(error, load::Error::Cancelled) || error.may_pass();
        let resume = || "the same command with --resume goes on from where it was".to_owned();
        let help = error.advice().or_else(|| (is_midway && !self.atomic).then(resume));
        let problems = match error {
            load::Error::Server(error) => return error.into(),
            load::Error::Refused { problems, .. } => problems,
            error => vec![error.to_string()],
        };
        let mut problems: Vec<Diagnostic> = problems.into_iter().map(Diagnostic::nowhere).collect();
        if let Some(last) = problems.pop() {
            problems.push(help.into_iter().fold(last, Diagnostic::help));
        }
        Error { exit, problems, sources: Sources::new(), counted: None }
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(Exit::Output, Diagnostic::nowhere(message))
}

fn options(session: &Session) -> Options {
    let config = &session.config;
    Options {
        batch_rows: config.default_batch_size,
        cache_batches: if config.enable_cache { config.cache_size } else { 0 },
    }
}

/// Plans, and says what the plan has to say.
fn planned(text: &Text, changes: &Changes, session: &Session) -> Result<Planned, Error> {
    let planned = input::planned(text.clone(), changes, session)?;
    for note in &planned.plan.notes {
        let level = if note.severity == Severity::Note { Level::Debug } else { Level::Warn };
        session.console.say(level, &planned.sources.render(note, session.console.colour));
    }
    Ok(planned)
}

/// What the database remembers of the load.
fn description(planned: &Planned, chosen: &[usize]) -> Description {
    let overrides = &planned.overrides;
    let mut hash = Sha256::new();
    for text in planned.sources.texts() {
        // Their lengths keep texts apart.
        hash.update((text.text.len() as u64).to_be_bytes());
        hash.update(&text.text);
    }
    Description {
        datagen: env!("CARGO_PKG_VERSION").to_owned(),
        spec: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        seed: planned.plan.seed,
        scale: overrides.scale,
        rows: overrides.rows.iter().cloned().collect(),
        params: overrides.params.iter().cloned().collect(),
        without_noise: overrides.clean,
        tables: chosen.iter().map(|table| planned.plan.tables[*table].name.clone()).collect(),
    }
}
