//! Files, versions, hashes.

use super::list;
use crate::fake::source::numbered;
use crate::fake::{Language, Provider, Recipe, Request, TextSource};
use crate::random::mix;
use crate::spec::Refusal;

pub static FILE_NAME: Provider = list(
    "file_name",
    "technical",
    Language::English,
    "name of a file",
    &["file_name", "filename", "attachment", "document_name"],
);

pub static FILE_EXTENSION: Provider = list(
    "file_extension",
    "technical",
    Language::Neutral,
    "ending of a file's name",
    &["file_extension", "extension", "file_ext"],
);

pub static FILE_PATH: Provider =
    list("file_path", "technical", Language::English, "path of a file", &["file_path", "filepath", "path"]);

pub static SEMVER: Provider = list(
    "semver",
    "technical",
    Language::Neutral,
    "version: 2.14.3",
    &["semver", "app_version", "software_version", "version_number"],
);

pub static LOG_LEVEL: Provider = list(
    "log_level",
    "technical",
    Language::Neutral,
    "level of a log line",
    &["log_level", "severity", "loglevel"],
);

pub static COLOR_HEX: Provider = Provider {
    name: "color_hex",
    group: "technical",
    summary: "colour as #rrggbb",
    column_names: &["color_hex", "hex_color", "colour_hex", "color_code"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        numbered(request, 1 << 24, 7, |number, out| {
            out.push(b'#');
            push_hex(out, number << 40, 6);
        })
    }),
};

pub static MD5: Provider =
    hash("md5", "hash in the form of MD5: 32 hexadecimal digits", &["md5", "md5_hash", "etag"], |request| {
        hexadecimal(request, 32)
    });

pub static GIT_SHA: Provider = hash(
    "git_sha",
    "hash in the form of a commit's: 40 hexadecimal digits",
    &["git_sha", "commit_sha", "commit_hash", "sha1", "commit_id"],
    |request| hexadecimal(request, 40),
);

pub static SHA256: Provider = hash(
    "sha256",
    "hash in the form of SHA-256: 64 hexadecimal digits",
    &["sha256", "checksum", "file_hash", "password_hash", "content_hash", "hash"],
    |request| hexadecimal(request, 64),
);

const fn hash(
    name: &'static str,
    summary: &'static str,
    column_names: &'static [&'static str],
    build: fn(&Request) -> Result<Box<dyn TextSource>, Refusal>,
) -> Provider {
    Provider {
        name,
        group: "technical",
        summary,
        column_names,
        parameters: &[],
        language: Language::Neutral,
        recipe: Recipe::Build(build),
    }
}

/// Hexadecimal digits. The first sixteen are a bijection of the number, the others follow from it.
fn hexadecimal(request: &Request, digits: usize) -> Result<Box<dyn TextSource>, Refusal> {
    let key = request.key().child("digits");
    numbered(request, 1 << 62, digits, move |number, out| {
        for word in 0..digits.div_ceil(16) {
            // `mix` is one-to-one in its row for a given key.
            push_hex(out, mix(key, number.wrapping_add((word as u64) << 62)), (digits - 16 * word).min(16));
        }
    })
}

/// Appends the highest hexadecimal digits of a number.
fn push_hex(out: &mut Vec<u8>, number: u64, digits: usize) {
    (0..digits).for_each(|at| out.push(b"0123456789abcdef"[(number >> (60 - 4 * at)) as usize & 15]));
}
