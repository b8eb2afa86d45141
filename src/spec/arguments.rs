//! Arguments of a distribution or a provider: `{normal: {mean: 41, std_dev: 14}}`.

use crate::diagnostic::Span;

/// One argument's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A number.
    Number(f64),
    /// A list of numbers.
    Numbers(Vec<f64>),
    /// A list of texts.
    Texts(Vec<String>),
    /// A text.
    Text(String),
    /// true or false.
    Flag(bool),
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A list of numbers.
    Numbers,
    /// A text.
    Text,
    /// true or false.
    Flag,
    /// A literal of the column's type.
    Literal,
    /// A list of such literals.
    Literals,
}

/// A parameter that a distribution or provider has; drives the checks, `datagen list`, the docs and the JSON Schema.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its key in the spec.
    pub name: &'static str,
    /// What it takes.
    pub kind: ParameterKind,
    /// Value when left out, as text; `None`: it must be given.
    pub default: Option<&'static str>,
    /// One line of help, without a full stop.
    pub summary: &'static str,
}

/// The arguments given, each with its place. The plan has checked names, kinds and that required ones are there
/// before a `build` function sees them; a `build` function checks their values.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Name, value, place of the value.
    pub given: Vec<(String, Argument, Span)>,
}

/// Why a `build` function refuses its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The parameter at fault, when it is one.
    pub parameter: Option<&'static str>,
    /// What is wrong: `std_dev must be positive`.
    pub message: String,
    /// What to try, if there is something.
    pub help: Option<String>,
}

impl Refusal {
    /// A refusal of one parameter's value.
    pub fn of(parameter: &'static str, message: impl Into<String>) -> Self {
        Self { parameter: Some(parameter), message: message.into(), help: None }
    }

    /// A refusal of the whole.
    pub fn whole(message: impl Into<String>) -> Self {
        Self { parameter: None, message: message.into(), help: None }
    }
}

impl Arguments {
    /// The value of a parameter, if given.
    pub fn get(&self, name: &str) -> Option<&Argument> {
        self.given.iter().find(|(given, ..)| given == name).map(|(_, value, _)| value)
    }

    /// A number, if given.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Some(Argument::Number(value)) => Some(*value),
            _ => None,
        }
    }

    /// A list of numbers, if given.
    pub fn numbers(&self, name: &str) -> Option<&[f64]> {
        match self.get(name) {
            Some(Argument::Numbers(values)) => Some(values),
            _ => None,
        }
    }

    /// A text, if given.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Argument::Text(value)) => Some(value),
            _ => None,
        }
    }

    /// A literal as it may be written, if given.
    pub fn literal(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Argument::Number(value) => Some(value.to_string()),
            Argument::Text(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// A list of literals, if given.
    pub fn literals(&self, name: &str) -> Option<Vec<String>> {
        match self.get(name)? {
            Argument::Numbers(values) => Some(values.iter().map(f64::to_string).collect()),
            Argument::Texts(values) => Some(values.clone()),
            _ => None,
        }
    }

    /// A flag, if given.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Some(Argument::Flag(value)) => Some(*value),
            _ => None,
        }
    }
}
