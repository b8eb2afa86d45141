//! Service files: connection settings under a name, `~/.pg_service.conf`.

use super::conninfo::{Values, put};
use super::error::Error;
use std::io::ErrorKind;
use std::path::PathBuf;

/// The settings of a service, from the first of the files that has it.
///
/// # Errors
/// When none has, or its file is wrong.
pub(super) fn find(name: &str, files: &[PathBuf]) -> Result<Values, Error> {
    for file in files {
        let shown = file.display().to_string();
        match std::fs::read_to_string(file) {
            Ok(text) => {
                if let Some(values) = section(&text, name, &shown)? {
                    return Ok(values);
                }
            }
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            Err(cause) => return Err(Error::setting(format!("cannot read {shown}: {cause}"))),
        }
    }
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    Err(Error::setting(format!("there is no service `{name}`"))
        .help(format!("looked in {}", files.join(", "))))
}

/// The values below `[name]`.
fn section(text: &str, name: &str, file: &str) -> Result<Option<Values>, Error> {
    let mut found: Option<Values> = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(heading) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            if found.is_some() {
                break;
            }
            found = (heading == name).then(Values::new);
        } else if let Some(values) = &mut found {
            let place = format!("{file}:{}", number + 1);
            let (keyword, value) =
                line.split_once('=').filter(|(keyword, _)| *keyword != "service").ok_or_else(|| {
                    Error::setting(format!("{place}: expected keyword=value, other than `service`"))
                })?;
            put(values, keyword.trim(), value.trim().to_owned(), &place)?;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "# ours\n[other]\nhost=elsewhere\n\n[shop]\nhost = db\nport=5433\n\n[last]\nservice=shop\nnonsense\n";

    #[test]
    fn a_service_is_what_stands_below_its_name() {
        let values = section(FILE, "shop", "f").unwrap().unwrap();
        assert_eq!(values, Values::from([("host", "db".to_owned()), ("port", "5433".to_owned())]));
        assert!(section(FILE, "none", "f").unwrap().is_none());
    }

    #[test]
    fn a_line_that_is_none_is_told_with_its_place() {
        let error = section(FILE, "last", "pg_service.conf").unwrap_err();
        assert_eq!(error.to_string(), "pg_service.conf:10: expected keyword=value, other than `service`");
    }
}
