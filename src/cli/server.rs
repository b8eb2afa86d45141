//! Which server a command means: what is typed after `--to` or `--from`, with what surrounds the process.

use super::Session;
use super::console::Level;
use super::error::{Error, Exit};
use crate::diagnostic::Diagnostic;
use crate::server::{self, Environment, Settings};

/// The settings of a connection; says on the console what looks like a mistake.
pub fn settings(text: &str, session: &Session) -> Result<Settings, Error> {
    let settings = Settings::resolve(text, &environment())?;
    for warning in &settings.warnings {
        session.console.say(Level::Warn, &format!("warning: {warning}\n"));
    }
    Ok(settings)
}

fn environment() -> Environment {
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("PG"));
    Environment { variables: variables.collect(), home: std::env::home_dir(), user: whoami::username().ok() }
}

impl From<server::Error> for Error {
    fn from(error: server::Error) -> Self {
        let exit = match error {
            server::Error::Setting { .. } => Exit::Usage,
            server::Error::Refused { .. } => Exit::Output,
        };
        let problem = Diagnostic::nowhere(error.to_string());
        Self::new(exit, error.advice().into_iter().fold(problem, Diagnostic::help))
    }
}
