//! The password file: `~/.pgpass`.

use std::fs::Metadata;
use std::path::Path;

/// What is looked up.
pub(super) struct Login<'a> {
    pub host: &'a str,
    pub port: &'a str,
    pub database: &'a str,
    pub user: &'a str,
}

/// The password for a login, if the file has one. A file that others can read is not used, as libpq does; the warning says so.
pub(super) fn password(file: &Path, login: &Login, warnings: &mut Vec<String>) -> Option<String> {
    let about = std::fs::metadata(file).ok()?;
    let shown = file.display();
    let problem = if !about.is_file() {
        Some("is not a plain file".to_owned())
    } else if !is_private(&about) {
        Some(format!("can be read by others; `chmod 0600 {shown}` makes it private"))
    } else {
        None
    };
    if let Some(problem) = problem {
        let warning = format!("the password file {shown} is not used: it {problem}");
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
        return None;
    }
    let text = std::fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| matching(line, login))
}

#[cfg(unix)]
fn is_private(about: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o077 == 0
}

/// Elsewhere the folder is private, as libpq assumes, too.
#[cfg(not(unix))]
fn is_private(_: &Metadata) -> bool {
    true
}

/// The password of a line `host:port:database:user:password`, if it is for this login.
fn matching(line: &str, login: &Login) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let (fields, password) = fields(line)?;
    let wanted = [login.host, login.port, login.database, login.user];
    let is_for = |(field, wanted): (&String, &str)| field == "*" || field == wanted;
    fields.iter().zip(wanted).all(is_for).then_some(password)
}

/// Four fields, in which `\` takes the next character as it is, and the rest.
fn fields(line: &str) -> Option<([String; 4], String)> {
    let mut fields = vec![];
    let mut field = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => field.extend(characters.next()),
            ':' if fields.len() < 4 => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    Some((fields.try_into().ok()?, field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    const LOGIN: Login = Login { host: "db", port: "5432", database: "shop", user: "ana" };

    fn found(line: &str) -> Option<String> {
        matching(line, &LOGIN)
    }

    #[test]
    fn a_line_is_for_what_its_fields_say() {
        assert_eq!(found("db:5432:shop:ana:pw").as_deref(), Some("pw"));
        assert_eq!(found(r"*:*:*:*:a\:b:c").as_deref(), Some("a:b:c"));
        assert_eq!(found("db:5433:shop:ana:pw"), None);
        assert_eq!(found("#db:5432:shop:ana:pw"), None);
        assert_eq!(found("db:5432:shop:ana"), None);
        let colon = Login { host: "a:b", ..LOGIN };
        assert_eq!(matching(r"a\:b:*:*:*:pw", &colon).as_deref(), Some("pw"));
    }

    #[test]
    fn a_file_that_others_can_read_is_not_used() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgpass");
        std::fs::write(&file, "*:*:*:*:first\n*:*:*:*:second\n").unwrap();
        let mut warnings = Vec::new();
        std::fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        assert_eq!(password(&file, &LOGIN, &mut warnings), None);
        assert!(warnings[0].contains("chmod 0600"), "{warnings:?}");
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(password(&file, &LOGIN, &mut warnings).as_deref(), Some("first"));
    }
}
