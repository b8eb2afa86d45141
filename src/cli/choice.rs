//! Option values that are one of a few names: listed by help and completions, misspellings met with a guess.

use crate::diagnostic::closest;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::{Error, ErrorKind};
use std::ffi::OsStr;

/// Takes one of the names.
#[derive(Clone)]
pub struct OneOf(Vec<&'static str>);

impl OneOf {
    /// One of these.
    pub fn new(names: impl IntoIterator<Item = &'static str>) -> Self {
        Self(names.into_iter().collect())
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
        if let Some(name) = self.0.iter().find(|name| **name == text) {
            return Ok(name);
        }
        let option = arg.map_or_else(String::new, |arg| format!(" for '{arg}'"));
        let help = match closest(&text, self.0.iter().copied()) {
            Some(best) => format!("did you mean `{best}`?"),
            None => format!("known are {}", self.0.join(", ")),
        };
        let message = format!("unknown name `{text}`{option}\nhelp: {help}\n");
        Err(Error::raw(ErrorKind::InvalidValue, message).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}
