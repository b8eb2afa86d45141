//! Option values that are one of a few names: listed by help and completions, misspellings met with a guess.

use crate::diagnostic::closest;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::{Error, ErrorKind};
use std::ffi::OsStr;

/// Takes one of the names.
#[derive(Clone)]
pub struct OneOf {
    names: Vec<&'static str>,
    /// The name that other words stand for.
    called: fn(&str) -> Option<&'static str>,
}

impl OneOf {
    /// One of these.
    pub fn new(names: impl IntoIterator<Item = &'static str>) -> Self {
        Self { names: names.into_iter().collect(), called: |_| None }
    }

    /// Also takes words that stand for a name.
    pub fn or(self, called: fn(&str) -> Option<&'static str>) -> Self {
        Self { called, ..self }
    }
}

impl TypedValueParser for OneOf {
    type Value = &'static str;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<&'static str, Error> {
        let text = value.to_string_lossy();
        let named = self.names.iter().copied().find(|name| *name == text);
        if let Some(name) = named.or_else(|| (self.called)(&text)) {
            return Ok(name);
        }
        let option = arg.map_or_else(String::new, |arg| format!(" for '{arg}'"));
        let help = match closest(&text, self.names.iter().copied()) {
            Some(best) => format!("did you mean `{best}`?"),
            None => format!("known are {}", self.names.join(", ")),
        };
        let message = format!("unknown name `{text}`{option}\nhelp: {help}\n");
        Err(Error::raw(ErrorKind::InvalidValue, message).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().map(PossibleValue::new)))
    }
}
