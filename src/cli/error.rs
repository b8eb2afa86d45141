//! How a command ends: its exit code, and what it says when it did not do what it was asked.

use crate::diagnostic::{Diagnostic, Sources};
use crate::sink;
use std::process::ExitCode;

/// The exit codes; part of the public interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The command line or the configuration is wrong.
    Usage = 1,
    /// The spec is wrong.
    Spec = 2,
    /// A value could not be computed, or datagen has a bug.
    Generation = 3,
    /// The output could not be written.
    Output = 4,
    /// What is stored is not what the spec says.
    Verification = 5,
    /// Ctrl-C or SIGTERM, as shells report it.
    Interrupted = 130,
}

/// What each exit code tells the caller.
pub static EXIT_CODES: &[(u8, &str)] = &[
    (0, "done; also when the reader of a pipe has seen enough"),
    (Exit::Usage as u8, "the command line or the configuration is wrong, or the spec's file cannot be read"),
    (Exit::Spec as u8, "the spec is wrong"),
    (
        Exit::Generation as u8,
        "a value could not be computed: division by zero, overflow, text too long; also a bug of datagen",
    ),
    (
        Exit::Output as u8,
        "the output could not be written; also a database that cannot be reached, or refuses something",
    ),
    (Exit::Verification as u8, "what is stored differs from what the spec says, or its file cannot be read"),
    (Exit::Interrupted as u8, "interrupted by Ctrl-C or SIGTERM"),
];

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub struct Error {
    /// The exit code.
    pub exit: Exit,
    /// What to tell, all of it.
    pub problems: Vec<Diagnostic>,
    /// The texts that the problems point into.
    pub sources: Sources,
    /// The source that is counted in the last line: `3 problems in shop.yaml`.
    pub counted: Option<String>,
}

impl Error {
    /// One problem without a place in a text.
    pub fn new(exit: Exit, problem: Diagnostic) -> Self {
        Self { exit, problems: vec![problem], sources: Sources::new(), counted: None }
    }

    /// The command line asks for something that cannot be.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, Diagnostic::nowhere(message))
    }

    /// Adds a line that says what to try.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(problem) = self.problems.pop() {
            self.problems.push(problem.help(help));
        }
        self
    }

    /// The problems of a spec. Those without a place come from options: when there is no other, it is the command
    /// line that is wrong.
    pub fn in_spec(sources: Sources, name: impl Into<String>, problems: Vec<Diagnostic>) -> Self {
        if problems.iter().all(|problem| problem.span.is_none()) {
            return Self { exit: Exit::Usage, problems, sources, counted: None };
        }
        Self { exit: Exit::Spec, problems, sources, counted: Some(name.into()) }
    }

    /// What a person reads.
    pub fn render(&self, colour: bool) -> String {
        let mut text = String::new();
        let mut had_lines = 0;
        for problem in self.problems.iter().map(|problem| self.sources.render(problem, colour)) {
            // Problems of a line each are a list.
            if had_lines > 1 {
                text.push('\n');
            }
            had_lines = problem.lines().count();
            text += &problem;
        }
        if let Some(name) = &self.counted {
            let count = self.problems.len();
            let noun = if count == 1 { "problem" } else { "problems" };
            text += &format!("\n{count} {noun} in {name}\n");
        }
        text
    }
}

impl From<sink::Error> for Error {
    fn from(error: sink::Error) -> Self {
        Self::new(Exit::Output, Diagnostic::nowhere(error.to_string()))
    }
}
