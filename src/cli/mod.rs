//! The `datagen` command: what is typed becomes calls of the library, and their results what is printed.
//!
//! Nothing else in datagen prints, reads the environment or knows exit codes. Each subcommand is a file and a line in
//! [`commands`]. Standard output carries data only; all else is said on standard error.

mod ask;
mod cell;
mod choice;
mod completions;
mod config;
mod console;
mod error;
mod explain;
mod fmt;
mod generate;
mod init;
mod input;
mod interrupt;
mod list;
mod load;
mod new;
mod output;
mod plan;
mod preview;
mod progress;
mod schema;
mod server;
mod size;
mod spec;
mod summary;
mod tables;
mod validate;
mod verify;

use crate::sink;
use clap::{Arg, ArgAction, ArgMatches, Args, Command};
use config::Config;
use console::{Console, Level};
use error::{Error, Exit};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// All subcommands, in the order of the help; one line each.
fn commands() -> Vec<Entry> {
    vec![
        entry::<generate::Generate>(),
        entry::<load::Load>(),
        entry::<verify::Verify>(),
        entry::<new::New>(),
        entry::<preview::Preview>(),
        entry::<validate::Validate>(),
        entry::<spec::Spec>(),
        entry::<init::Init>(),
        entry::<plan::Plan>(),
        entry::<cell::Cell>(),
        entry::<explain::Explain>(),
        entry::<fmt::Fmt>(),
        entry::<list::List>(),
        entry::<schema::Schema>(),
        entry::<completions::Completions>(),
    ]
}

/// A subcommand: its flags, and what it does.
trait Subcommand: Args {
    /// What is typed.
    const NAME: &'static str;
    /// Does it.
    fn run(self, session: &Session) -> Result<(), Error>;
}

/// What every subcommand works in.
struct Session {
    config: Config,
    console: Console,
}

/// A subcommand as a row of a table.
struct Entry {
    name: &'static str,
    command: Command,
    run: fn(&ArgMatches, &Session) -> Result<(), Error>,
}

impl Entry {
    fn run_with(&self, matches: &ArgMatches, session: &Session) -> Result<(), Error> {
        (self.run)(matches, session)
    }
}

fn entry<S: Subcommand>() -> Entry {
    Entry {
        name: S::NAME,
        command: S::augment_args(Command::new(S::NAME)),
        run: |matches, session| match S::from_arg_matches(matches) {
            Ok(subcommand) => subcommand.run(session),
            Err(error) => Err(Error::usage(error.to_string())),
        },
    }
}

/// The whole command line, as the parser, the help and the completions know it.
fn command() -> Command {
    let globals = [
        Arg::new("config")
            .long("config")
            .value_name("FILE")
            .env("DATAGEN_CONFIG")
            .hide_env_values(true)
            .value_parser(clap::value_parser!(PathBuf))
            .help("Configuration file instead of .datagen.yaml in the current directory"),
        Arg::new("quiet")
            .short('q')
            .long("quiet")
            .action(ArgAction::SetTrue)
            .conflicts_with("verbose")
            .help("Say nothing but errors"),
        Arg::new("verbose")
            .short('v')
            .long("verbose")
            .action(ArgAction::SetTrue)
            .help("Also say figures per table, and of the cache"),
    ];
    Command::new("datagen")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Turns a declarative spec into a relational database full of believable data")
        .after_help(AFTER_HELP)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(globals.map(|arg| arg.global(true).help_heading("Messages and configuration")))
        .subcommands(commands().into_iter().map(|entry| entry.command))
}

const AFTER_HELP: &str = "\
Examples:
  datagen generate --spec ecommerce | psql -v ON_ERROR_STOP=1 --single-transaction shop
  datagen load --spec ecommerce --to postgres://ana@localhost/shop
  datagen generate shop.yaml --format parquet -o shop/
  datagen verify shop.yaml --to shop/
  datagen spec show ecommerce
  datagen preview shop.yaml

Exit codes: 0 done, 1 usage, 2 the spec is wrong, 3 generation failed, 4 output failed, 5 verification failed,
130 interrupted.
Configuration: flags, then DATAGEN_* variables (DATAGEN_WORKERS=2), then .datagen.yaml (workers: 2).";

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version come this way too. If they cannot be printed, nobody is there to be told.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    match dispatch(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::write_all(&error.render(Console::new(Level::Error).colour));
            error.exit.into()
        }
    }
}

fn dispatch(matches: &ArgMatches) -> Result<(), Error> {
    let (name, matches) = matches.subcommand().expect("clap requires one");
    let session = session(matches)?;
    let commands = commands();
    let entry = commands.iter().find(|entry| entry.name == name).expect("clap knows no others");
    entry.run_with(matches, &session)
}

/// Runs `datagen generate` with the flags that questions were answered by, after those of this process, whose subcommand is
/// `asked`; says first what it runs.
fn run_again(asked: &str, flags: Vec<String>, session: &Session) -> Result<(), Error> {
    let mut arguments: Vec<String> = vec!["datagen".to_owned()];
    arguments.extend(std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()));
    let at = (1..arguments.len()).find(|at| arguments[*at] == asked && arguments[at - 1] != "--config");
    arguments[at.expect("it is this subcommand that runs")] = generate::Generate::NAME.to_owned();
    arguments.extend(flags);
    console::write_all(&format!("\n{}\n", ask::typed(arguments.iter().map(String::as_str))));
    let matches = command().try_get_matches_from(&arguments);
    let matches = matches.map_err(|error| Error::usage(error.to_string()))?;
    let (_, matches) = matches.subcommand().expect("it is there");
    entry::<generate::Generate>().run_with(matches, session)
}

/// The configuration and the console, as flags, environment and file want them.
fn session(matches: &ArgMatches) -> Result<Session, Error> {
    let named = matches.get_one::<PathBuf>("config").map(PathBuf::as_path);
    // A variable that is not UTF-8 is none of ours.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let (config, warnings) = Config::load(named, Path::new(""), environment)?;
    let level = match (matches.get_flag("quiet"), matches.get_flag("verbose")) {
        (true, _) => Level::Error,
        (_, true) => Level::Debug,
        _ => config.log_level,
    };
    let console = Console::new(level);
    for warning in warnings {
        let help: String = warning.help.iter().map(|help| format!(" ({help})")).collect();
        console.say(Level::Warn, &format!("warning: {}{help}\n", warning.message));
    }
    Ok(Session { config, console })
}

/// Prints the result of a command. Data of `generate` does not pass here.
fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(cause) => {
            let error = sink::Error { operation: "write", target: sink::Target::Stdout, cause };
            // The reader has seen enough.
            if error.is_closed_pipe() { Ok(()) } else { Err(error.into()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }
}
