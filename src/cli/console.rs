//! What is said on standard error, and how loudly.

use std::io::{IsTerminal, Write};

/// How much is said; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// Only why nothing came out.
    Error,
    /// What looks like a mistake.
    Warn,
    /// A summary at the end.
    #[default]
    Info,
    /// Figures per table, and of the cache.
    Debug,
}

impl Level {
    /// The levels and their names in the configuration.
    pub const NAMES: [(&'static str, Level); 4] =
        [("error", Level::Error), ("warn", Level::Warn), ("info", Level::Info), ("debug", Level::Debug)];
}

/// Standard error.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// What is not said.
    pub level: Level,
    /// Whether text may be coloured.
    pub colour: bool,
    /// Whether a person is watching.
    pub is_terminal: bool,
}

impl Console {
    /// Standard error as it is; colour as <https://no-color.org> asks.
    pub fn new(level: Level) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        Self { level, colour: is_terminal && !set("NO_COLOR") && !is_dumb, is_terminal }
    }

    /// Says something, if it is loud enough.
    pub fn say(&self, level: Level, text: &str) {
        if level <= self.level {
            write_all(text);
        }
    }
}

/// Writes to standard error. When nobody can read it, there is nobody to tell.
pub fn write_all(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
