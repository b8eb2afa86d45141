//! `--size`: how much there shall be, instead of a scale.

use super::Session;
use super::console::Level;
use super::error::{Error, Exit};
use super::input::{self, Changes, Planned, Text};
use super::summary::bytes;
use super::tables;
use crate::diagnostic::Diagnostic;
use crate::encode::{self, Format};
use crate::pipeline::{self, Crew, Fit, Misfit};
use crate::plan::Section;

/// How much.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Spec")]
pub struct Size {
    /// The size of the output, such as 500MB, 10GB or 1.5TiB: instead of `--scale`, which is chosen so that it comes within 3%
    #[arg(long, value_name = "SIZE", value_parser = parse, conflicts_with = "scale", allow_negative_numbers = true)]
    size: Option<u64>,
}

/// Units of sizes and their bytes: decimal ones, and those of 1,024.
const UNITS: [(&str, u64); 13] = [
    ("b", 1),
    ("k", 1_000),
    ("kb", 1_000),
    ("kib", 1 << 10),
    ("m", 1_000_000),
    ("mb", 1_000_000),
    ("mib", 1 << 20),
    ("g", 1_000_000_000),
    ("gb", 1_000_000_000),
    ("gib", 1 << 30),
    ("t", 1_000_000_000_000),
    ("tb", 1_000_000_000_000),
    ("tib", 1 << 40),
];

/// Reads `10GB`, `1.5 GiB`, `500m`.
pub fn parse(text: &str) -> Result<u64, String> {
    let refused =
        |why: &str| Err(format!("{why}; write a number with a unit: 500MB, 10GB, 1.5GiB, 1TiB, 64kB"));
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && !"._".contains(c)).unwrap_or(text.len());
    let (number, unit) = (text[..end].replace('_', ""), text[end..].trim().to_lowercase());
    let Some(number) = number.parse::<f64>().ok().filter(|number| *number > 0.0) else {
        return refused(&format!("`{text}` is no size"));
    };
    if unit.is_empty() {
        return refused(&format!("`{text}` does not say of what"));
    }
    match UNITS.iter().find(|(name, _)| *name == unit) {
        Some((_, factor)) if number * (*factor as f64) < 1e18 => {
            Ok(libm::round(number * *factor as f64).max(1.0) as u64)
        }
        Some(_) => refused(&format!("`{text}` is more than anybody can store")),
        None => refused(&format!("`{unit}` is no unit of sizes")),
    }
}

/// What the size is of.
pub struct Output<'a> {
    /// `--table`.
    pub tables: &'a [String],
    /// The format.
    pub format: &'static Format,
    /// How tables are encoded.
    pub encoding: encode::Options,
    /// What of a script is written.
    pub section: Section,
    /// Who measures.
    pub crew: Crew,
}

impl Size {
    /// The changes with the scale that gives the size, if one was asked for; says which.
    pub fn settle(
        &self,
        text: &Text,
        changes: &Changes,
        output: &Output,
        session: &Session,
    ) -> Result<Changes, Error> {
        let Some(target) = self.size else { return Ok(changes.clone()) };
        let Fit { scale, bytes: found } = fit(target, text, changes, output, session)?;
        let name = output.format.name;
        let line =
            format!("--scale {scale} for a size of {}: about {} of {name}\n", bytes(target), bytes(found));
        session.console.say(Level::Info, &line);
        Ok(Changes { scale: Some(scale), ..changes.clone() })
    }

    /// Whether one was asked for.
    pub fn is_given(&self) -> bool {
        self.size.is_some()
    }
}

fn fit(
    target: u64,
    text: &Text,
    changes: &Changes,
    output: &Output,
    session: &Session,
) -> Result<Fit, Error> {
    let planned = input::planned(text.clone(), changes, session)?;
    let wanted = pipeline::Output {
        tables: &tables::choose(&planned.plan, output.tables)?,
        format: output.format,
        options: output.encoding,
        section: output.section,
    };
    let found = pipeline::scale_for(&planned.spec, &planned.overrides, &wanted, target, output.crew);
    found.map_err(|misfit| told(target, misfit, planned, &text.name))
}

/// Why there is no scale for that size, and what to try.
fn told(target: u64, misfit: Misfit, planned: Planned, name: &str) -> Error {
    let at = |fit: &Fit| format!("about {} at scale {}", bytes(fit.bytes), fit.scale);
    let target = bytes(target);
    match misfit {
        Misfit::Unscaled => Error::usage("--size: no row count of these tables depends on `scale`").help(
            "multiply row counts by it in the spec (`rows: 10k * scale`), or set them by --rows or --param",
        ),
        Misfit::TooSmall { least } => {
            let least = bytes(least.bytes);
            let message = format!(
                "--size: there cannot be as little as {target}: the smallest scale gives about {least}"
            );
            Error::usage(message).help("ask for more, or write fewer tables (`--table NAME`)")
        }
        Misfit::TooLarge { most, problems } => {
            let message = format!("--size: there cannot be as much as {target}: there is {}", at(&most));
            let error = Error::usage(message);
            match problems.first() {
                Some(problem) => error.help(format!("beyond it, {}", problem.message)),
                None => error.help("ask for less"),
            }
        }
        Misfit::Between { below, above } => {
            let message = format!("--size: no scale gives {target}: there is {}, {}", at(&below), at(&above));
            Error::usage(message).help("row counts are whole numbers; choose one of these scales")
        }
        Misfit::Unmeasured { table } => {
            let name = &planned.plan.tables[table].name;
            Error::usage(format!("--size: a row of `{name}` reads too many others to be measured"))
                .help("use --scale; `datagen plan` tells the size of the other tables")
        }
        Misfit::Encode(error @ encode::EncodeError::Generate(_)) => {
            Error::new(Exit::Generation, Diagnostic::nowhere(error.to_string()))
        }
        Misfit::Encode(error) => Error::usage(error.to_string()),
        // The spec was planned before, so it is only this scale that it cannot have.
        Misfit::Refused { scale, problems } if scale < 1.0 => {
            let why = problems.first().map_or("the spec is refused", |problem| &problem.message);
            Error::usage(format!("--size: there cannot be as little as {target}: at scale {scale}, {why}"))
                .help("ask for more, or write fewer tables (`--table NAME`)")
        }
        Misfit::Refused { scale, mut problems } => {
            if let Some(first) = problems.first_mut() {
                first.help.push(format!("this is at scale {scale}, where --size looks"));
            }
            Error::in_spec(planned.sources, name, problems)
        }
        Misfit::Panicked(words) => {
            Error::new(Exit::Generation, Diagnostic::nowhere(format!("datagen has a bug: {words}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_of_1000_or_1024() {
        for (text, expected) in [
            ("10GB", 10_000_000_000),
            ("500 MB", 500_000_000),
            ("1TiB", 1 << 40),
            ("1.5GiB", 3 << 29),
            ("64kB", 64_000),
            ("10g", 10_000_000_000),
            ("7b", 7),
            ("1_000 kb", 1_000_000),
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused_with_the_units() {
        for (text, why) in [
            ("many", "`many` is no size"),
            ("10", "`10` does not say of what"),
            ("0MB", "`0MB` is no size"),
            ("-3GB", "`-3GB` is no size"),
            ("10 lb", "`lb` is no unit"),
            ("1e9TB", "is no unit"),
            ("9999999TB", "more than anybody can store"),
            ("", "is no size"),
        ] {
            let said = parse(text).unwrap_err();
            assert!(said.contains(why) && said.contains("500MB, 10GB, 1.5GiB"), "{text}: {said}");
        }
    }
}
