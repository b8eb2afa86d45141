//! A table's files in a directory: one, or several parts of it.

use crate::encode::Format;
use crate::sink::{file_name, system_words};
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a table, in the order of its rows.
#[derive(Default)]
pub(super) struct Found {
    pub paths: Vec<PathBuf>,
    /// What is wrong with them; sentences without a full stop.
    pub amiss: Vec<String>,
}

/// Whether a directory has a file of a table in a format.
pub fn is_there(directory: &Path, table: &str, format: &Format) -> bool {
    Found::of_table(directory, table, format).is_ok_and(|found| !found.paths.is_empty())
}

impl Found {
    /// The files that `datagen generate` names after the table.
    pub fn of_table(directory: &Path, table: &str, format: &Format) -> Result<Self, String> {
        let names = names_in(directory)?;
        let mut extensions: Vec<String> =
            format.compressions.iter().map(|of| format.file_extension(Some(*of))).collect();
        extensions.dedup();
        let mut found: Vec<(Part, PathBuf)> = Vec::new();
        for extension in &extensions {
            let whole = file_name(table, None, extension);
            let start = file_name(table, None, "");
            for name in &names {
                let part = match name == &whole {
                    true => Some(Part { number: 1, of: 1 }),
                    false => name
                        .strip_prefix(&start)
                        .and_then(|rest| rest.strip_suffix(&format!(".{extension}")))
                        .and_then(Part::read),
                };
                found.extend(part.map(|part| (part, directory.join(name))));
            }
        }
        found.sort();
        Ok(Self { amiss: amiss(&found), paths: found.into_iter().map(|(_, path)| path).collect() })
    }
}

fn names_in(directory: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(directory).map_err(|cause| system_words(&cause))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.collect())
}

/// `3-of-12`, by its number first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    number: u64,
    of: u64,
}

impl Part {
    fn read(text: &str) -> Option<Self> {
        let (number, of) = text.split_once("-of-")?;
        Some(Self { number: number.parse().ok()?, of: of.parse().ok()? })
    }
}

fn amiss(found: &[(Part, PathBuf)]) -> Vec<String> {
    let Some((Part { of, .. }, _)) = found.first() else {
        return vec!["there is no file of it".into()];
    };
    let is_complete = found.len() as u64 == *of
        && found.iter().zip(1..).all(|((part, _), number)| *part == Part { number, of: *of });
    if is_complete {
        return Vec::new();
    }
    let names: Vec<String> =
        found.iter().filter_map(|(_, path)| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
    vec![format!("its files are not one or all parts of one: {}", names.join(", "))]
}
