//! Believable texts: names, addresses, companies, products, prose, numbers with check digits.
//!
//! A [`Provider`] is a row of [`PROVIDERS`]: what it is called, which column names choose it, and how to build its
//! [`TextSource`] for one column. Dictionaries are read and weighted when planning, only those a spec asks for; per
//! row there is a draw or two and a copy.
//!
//! - `lists` reads the dictionaries in `data/` and the arrays taken from the `fake` crate;
//! - `grammar` makes texts from templates such as `{material} {garment}`, distinct ones too;
//! - `source` has the other two ways to make texts: picks from a dictionary, and a function of a row;
//! - `person` and `place` draw whom and where a row speaks of, so that columns of one row agree;
//! - `providers` has a file for each small family.

mod column_names;
mod grammar;
mod lists;
mod locale;
mod person;
mod place;
mod providers;
mod source;
#[cfg(test)]
mod tests;
mod transliterate;

pub use column_names::for_column_name;
pub use locale::{LOCALES, Locale, locale};
pub use providers::PROVIDERS;

use crate::diagnostic::grouped;
use crate::random::Key;
use crate::spec::{Arguments, Parameter, Refusal};
use crate::value::{Rows, Vector};

/// Makes the texts of a column. Pure: the same rows give the same texts, in any batch.
pub trait TextSource: Send + Sync {
    /// The texts of the rows, as `Data::Text` or, for picks from a dictionary, `Data::Dict`.
    fn fill(&self, rows: &Rows) -> Vector;

    /// How many distinct texts it can make (at least; a huge number may be rounded down). `None` when nobody knows,
    /// and then it cannot be unique either.
    fn distinct(&self) -> Option<u128>;
}

/// A kind of text, and how it is asked for.
pub struct Provider {
    /// Its name in a spec.
    pub name: &'static str,
    /// Where `datagen list` shows it: `person`, `internet`, ...
    pub group: &'static str,
    /// One line of help, without a full stop.
    pub summary: &'static str,
    /// The column names that choose it when a spec names no generator; `column_names` says how they match.
    pub column_names: &'static [&'static str],
    /// What can be set.
    pub parameters: &'static [Parameter],
    /// What a locale changes.
    pub language: Language,
    /// How its source is made.
    pub recipe: Recipe,
}

/// What a locale changes about a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Nothing: numbers, codes, Latin filler.
    Neutral,
    /// Every locale has its own texts.
    Local,
    /// The texts are English in every locale.
    English,
}

/// How a provider's source is made.
#[derive(Clone, Copy)]
pub enum Recipe {
    /// From the list or the templates of this name, in the locale's dictionary or in the common one.
    List(&'static str),
    /// By a function, which checks the arguments' values.
    Build(fn(&Request) -> Result<Box<dyn TextSource>, Refusal>),
}

/// What a column asks of a provider.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The spec's seed.
    pub seed: u64,
    /// The table's name.
    pub table: &'a str,
    /// The column's name.
    pub column: &'a str,
    /// Whom or what the column speaks of when its table knows several: `billing` for `billing_city`. Columns of one
    /// subject agree. The argument `subject` overrules it.
    pub subject: &'a str,
    /// Language and country.
    pub locale: &'static Locale,
    /// The arguments given; names, kinds and presence have been checked.
    pub arguments: &'a Arguments,
    /// The table's row count: what `unique` is about.
    pub rows: u64,
    /// Texts must differ over rows `0..rows`.
    pub unique: bool,
    /// The most characters that the column holds.
    pub max_chars: Option<u32>,
}

impl Request<'_> {
    /// The key for what only this column draws.
    fn key(&self) -> Key {
        Key::new(self.seed, &[self.table, self.column, "text"])
    }

    /// The key for what all columns of one subject draw alike; `what` is `person` or `place`.
    fn subject_key(&self, what: &str) -> Key {
        let subject = self.arguments.text("subject").unwrap_or(self.subject);
        Key::new(self.seed, &[self.table, what, subject])
    }

    /// Whether a text of that many characters fits the column.
    fn fits(&self, chars: usize) -> bool {
        self.max_chars.is_none_or(|limit| chars <= limit as usize)
    }

    /// The value of an integer parameter within `min..=max`, or `default`.
    fn integer(&self, name: &'static str, default: u64, min: u64, max: u64) -> Result<u64, Refusal> {
        match self.arguments.number(name) {
            None => Ok(default),
            Some(value) if value.fract() == 0.0 && value >= min as f64 && value <= max as f64 => {
                Ok(value as u64)
            }
            Some(value) => Err(Refusal::of(
                name,
                format!("{name} must be a whole number from {min} to {max}, not {value}"),
            )),
        }
    }
}

impl Provider {
    /// The source of a column's texts, or why there is none: an argument's value, a column too narrow, or more rows
    /// than distinct texts.
    pub fn build(&self, request: &Request) -> Result<Box<dyn TextSource>, Refusal> {
        let source = match self.recipe {
            Recipe::List(list) => grammar::source(request, list)?,
            Recipe::Build(build) => build(request)?,
        };
        if request.unique {
            let name = self.name;
            let distinct = source.distinct().ok_or_else(|| Refusal {
                parameter: None,
                message: format!("provider `{name}` cannot make distinct values"),
                help: Some("leave out `unique`, or use a template with `{row}`".into()),
            })?;
            if distinct < request.rows as u128 {
                let (distinct, rows) = (grouped(distinct), grouped(request.rows));
                return Err(Refusal::whole(format!(
                    "provider `{name}` makes {distinct} distinct values, the table has {rows} rows"
                )));
            }
        }
        Ok(source)
    }
}

/// Words without a meaning, for texts that only have to be long.
pub fn filler_words() -> Vec<&'static str> {
    lists::known(LOCALES[0], "lorem").values
}

/// The provider of that name.
pub fn find(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().copied().find(|provider| provider.name == name)
}
