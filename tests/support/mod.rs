//! What the end-to-end tests share: the shipped specs, the built command, and a PostgreSQL to load into.

// Each test binary uses its part of this module.
#![allow(dead_code)]

pub mod benchmark;
pub mod claims;
pub mod cluster;
pub mod front_door;
pub mod postgres;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A spec that is shipped, with a scale at which a debug build runs it in well under a second.
#[derive(Clone, Debug)]
pub struct Shipped {
    /// File name without its ending.
    pub name: String,
    /// Relative to the package, as a user would type it.
    pub path: String,
    /// For `--scale`.
    pub scale: &'static str,
}

/// Specs with tests of their own: their calendars and cross products are millions of rows at any scale, too many for a debug
/// build to make in every format.
const LARGE: [&str; 1] = ["tpcds"];

/// The shipped spec that has no binary form: an array of an enumerated type holds the type's number in a database.
pub const WITHOUT_BINARY: &str = "62-arrays-and-bytes";

/// Every spec in `specs/` and `examples/` but large ones, sorted by path.
pub fn shipped() -> Vec<Shipped> {
    let mut all = Vec::new();
    for (folder, scale) in [("examples", "1"), ("specs", "0.004")] {
        for entry in fs::read_dir(package().join(folder)).expect(folder) {
            let file = entry.expect(folder).file_name().into_string().expect("a UTF-8 file name");
            if let Some((name, "yaml" | "json")) = file.rsplit_once('.')
                && !LARGE.contains(&name)
            {
                all.push(Shipped { name: name.to_string(), path: format!("{folder}/{file}"), scale });
            }
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(all.len() > 10, "the examples were found");
    all
}

/// Whether a spec is one text, which says all by itself.
pub fn is_one_text(spec: &Shipped) -> bool {
    let text = fs::read_to_string(package().join(&spec.path)).expect("a spec");
    !text.lines().any(|line| ["include:", "extends:"].iter().any(|key| line.starts_with(key)))
}

/// The package's folder, where every command of the tests runs.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The command with these arguments, free of the caller's configuration.
pub fn datagen(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_datagen"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DATAGEN_")) {
        command.env_remove(name);
    }
    command.current_dir(package()).args(arguments).stdin(Stdio::null());
    command
}

/// Runs the command to its end.
pub fn run(arguments: &[&str]) -> Output {
    datagen(arguments).output().expect("the built command starts")
}

/// Runs the command, which has to succeed, and returns what it wrote to stdout.
pub fn stdout(arguments: &[&str]) -> Vec<u8> {
    let output = run(arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "datagen {}: {}\n{told}", arguments.join(" "), output.status);
    output.stdout
}

/// Runs `datagen generate` with these arguments into a new directory, and returns its files' contents by name.
pub fn files(arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    files_in(directory.path(), arguments)
}

/// As [`files`], into a directory that the caller keeps.
pub fn files_in(directory: &Path, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let target = format!("{}/", directory.display());
    let mut all = vec!["generate", "--quiet", "-o", &target];
    all.extend(arguments);
    stdout(&all);
    fs::read_dir(directory)
        .expect("the output directory")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (file_name(&path), fs::read(&path).expect("an output file")))
        .collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().expect("a file").to_string_lossy().into_owned()
}

/// A spec's text as a JSON value: what the tests change before they run it. Columns written as a list are put by their names.
pub fn as_json(spec: &Shipped) -> serde_json::Value {
    let text = fs::read_to_string(package().join(&spec.path)).expect("a shipped spec");
    // To YAML the key `null` is no text.
    let text = text.replace(" null: ", " \"null\": ");
    let mut value: serde_json::Value =
        serde_yaml::from_str(&text).unwrap_or_else(|problem| panic!("{}: {problem}", spec.path));
    for table in value["tables"].as_object_mut().into_iter().flat_map(|tables| tables.values_mut()) {
        let Some(columns) = table["columns"].as_array_mut() else { continue };
        let name = |column: &serde_json::Value| column["name"].as_str().expect("a name").to_owned();
        let named: serde_json::Map<_, _> = columns.drain(..).map(|column| (name(&column), column)).collect();
        table["columns"] = named.into();
    }
    value
}

/// Whether a spec is written as the tool `datagen-cli` wants it: it says what our own language cannot, such as domains, and
/// our JSON Schema does not know its words.
pub fn is_of_datagen_cli(spec: &Shipped) -> bool {
    spec.name.ends_with("datagen-cli")
}

/// A directory for changed copies of shipped specs, with the files that they name.
pub fn directory_for_copies() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let data = directory.path().join("data");
    fs::create_dir(&data).expect("a directory of data");
    for entry in fs::read_dir(package().join("examples/data")).expect("examples/data") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), data.join(entry.file_name())).expect("a copy");
    }
    directory
}

/// Writes a spec to a file of that name in a directory.
pub fn write_spec(directory: &Path, name: &str, text: &str) -> String {
    let path: PathBuf = directory.join(name);
    // YAML's characters are fewer than JSON's, and all specs are read as YAML.
    fs::write(&path, text.replace('\u{7f}', "\\u007f")).expect("a spec is written");
    path.to_string_lossy().into_owned()
}
