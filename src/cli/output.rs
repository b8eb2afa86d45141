//! Where a run writes: from `--output`, `--format` and `--compress` to the files, one by one.

use super::error::Error;
use crate::encode::{self, Answers, Compression, Format, Kind};
use crate::pipeline::{Part, Share};
use crate::plan::Plan;
use crate::sink::{self, Files, Target};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// A stream of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Planned {
    /// Where it goes.
    pub target: Target,
    /// The tables that go there in that order (indexes into the plan's).
    pub tables: Vec<usize>,
    /// What of a script it is.
    pub share: Share,
}

/// The streams of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Layout {
    /// In the order in which they are written.
    pub streams: Vec<Planned>,
    /// The directory that has to be there first.
    pub directory: Option<PathBuf>,
}

/// What the command line says about the output, the format being decided.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// `--output`.
    pub output: Option<&'a Path>,
    /// The format.
    pub format: &'static Format,
    /// What files of the format are compressed with; `None`: as the format does.
    pub compression: Option<Compression>,
    /// The part, for the names of files in a directory.
    pub part: Part,
}

/// Format and compression that a file's name asks for: `orders.csv.gz`.
pub fn from_name(output: &Path) -> Option<(&'static Format, Option<Compression>)> {
    let name = output.file_name()?.to_str()?.to_lowercase();
    let readings = encode::FORMATS.iter().flat_map(|format| {
        let compressed = format.compressions.iter().map(|compression| Some(*compression));
        std::iter::once(None).chain(compressed).map(move |compression| (format, compression))
    });
    let readings = readings.filter(|(format, _)| format.kind != Kind::ArchiveDirectory);
    // A format that compresses inside has the same extension with and without: the first reading leaves it open.
    readings
        .into_iter()
        .find(|(format, compression)| name.ends_with(&format!(".{}", format.file_extension(*compression))))
}

/// The names of all compressions, each once.
pub fn compressions() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        encode::FORMATS.iter().flat_map(|format| format.compressions).map(|known| known.name()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Refuses a compression that the format does not know.
pub fn check_compression(format: &Format, asked: Option<Compression>) -> Result<(), Error> {
    let Some(unknown) = asked.filter(|asked| !format.compressions.contains(asked)) else { return Ok(()) };
    let known: Vec<&str> = format.compressions.iter().map(|known| known.name()).collect();
    let message = format!("--compress: {} files cannot be compressed by {}", format.name, unknown.name());
    Err(Error::usage(message).help(format!("{} knows {}", format.name, known.join(", "))))
}

/// What tells where the data of these tables are dirty, and the file that it goes to.
pub fn answers(plan: &Plan, tables: &[usize], file: &Path) -> Result<(Target, Answers), Error> {
    let named = from_name(file).filter(|(format, _)| Answers::FORMATS.contains(&format.name));
    let Some((format, compression)) = named else {
        let message = format!("--answers: {} is neither a .csv nor a .jsonl file", file.display());
        return Err(
            Error::usage(message).help("name a file such as answers.csv, answers.jsonl or answers.csv.gz")
        );
    };
    if !tables.iter().any(|table| plan.tables[*table].noise.is_some()) {
        let message = "--answers: there is no noise in what is written, so every value is the clean one";
        return Err(Error::usage(message).help(
            "give columns `noise`, or tables `duplicates` or `gaps`; `datagen explain noise` tells how",
        ));
    }
    Ok((Target::File(file.to_owned()), Answers::new(format, compression)))
}

/// Refuses to write over a file.
pub fn refuse_existing(path: &Path) -> Result<(), Error> {
    if path.exists() {
        let message = format!("{} is there already", path.display());
        return Err(Error::usage(message).help("choose another name, or replace it with --force"));
    }
    Ok(())
}

/// Writes a text to a file, which has its name when all of it is there.
pub fn text(path: &Path, text: &str) -> Result<(), Error> {
    let target = Target::File(path.to_owned());
    let mut files = Files::new();
    let mut sink = files.open(&target)?;
    sink.write_all(text.as_bytes()).map_err(|cause| target.failure("write", cause))?;
    Ok(files.keep()?)
}

impl Layout {
    /// Decides the targets. Scripts go to one stream, other formats to one per table.
    pub fn new(plan: &Plan, tables: &[usize], wanted: Wanted) -> Result<Layout, Error> {
        let output = wanted.output.filter(|path| *path != Path::new("-"));
        let kind = wanted.format.kind;
        if kind == Kind::ArchiveDirectory {
            return Layout::archive(tables, output, wanted);
        }
        let is_one_stream = matches!(kind, Kind::Script | Kind::Archive) || tables.len() == 1;
        match output {
            Some(path) if is_directory(path) && kind == Kind::Archive => {
                let file = path.join(format!("data.{}", wanted.format.extension));
                Ok(Layout {
                    streams: vec![whole(Target::File(file), tables.to_vec())],
                    directory: Some(path.to_owned()),
                })
            }
            Some(path) if is_directory(path) && kind == Kind::Script => {
                Ok(Layout::scripts(plan, tables, path, wanted))
            }
            Some(path) if is_one_stream && !is_directory(path) => Ok(Layout {
                streams: vec![whole(Target::File(path.to_owned()), tables.to_vec())],
                directory: None,
            }),
            Some(path) if !is_directory(path) && from_name(path).is_some() => {
                let message =
                    format!("{} is one file, and there are {} tables", path.display(), tables.len());
                let example = path.with_extension("");
                Err(Error::usage(message).help(format!(
                    "name a directory (`-o {}/`) or one table (`--table NAME`)",
                    example.display()
                )))
            }
            Some(path) => Ok(Layout::directory(plan, tables, path, wanted)),
            None if is_one_stream => {
                refuse_terminal(wanted)?;
                Ok(Layout { streams: vec![whole(Target::Stdout, tables.to_vec())], directory: None })
            }
            None => {
                let message = format!(
                    "{} writes one file per table, and there are {} tables",
                    wanted.format.name,
                    tables.len()
                );
                Err(Error::usage(message).help("name a directory (`-o DIR`) or one table (`--table NAME`)"))
            }
        }
    }

    /// A script in pieces that load in the order of their names: the schema, a file per table, the constraints.
    fn scripts(plan: &Plan, tables: &[usize], path: &Path, wanted: Wanted) -> Layout {
        let part = wanted.part.label();
        let extension = wanted.format.file_extension(wanted.compression);
        let last = tables.len() + 1;
        let width = last.to_string().len();
        let planned = |number: usize, name: &str, tables: &[usize], share: Share| {
            let name = sink::file_name(&format!("{number:0width$}-{name}"), part.as_deref(), &extension);
            Planned { target: Target::File(path.join(name)), tables: tables.to_vec(), share }
        };
        let mut streams = vec![planned(0, "schema", tables, Share::Before)];
        for (at, table) in tables.iter().enumerate() {
            streams.push(planned(at + 1, &plan.tables[*table].name, &[*table], Share::Rows));
        }
        streams.push(planned(last, "constraints", tables, Share::After));
        Layout { streams, directory: Some(path.to_owned()) }
    }

    /// A directory for pg_restore.
    fn archive(tables: &[usize], output: Option<&Path>, wanted: Wanted) -> Result<Layout, Error> {
        let Some(path) = output else {
            let message = "a directory archive is not written to standard output";
            return Err(Error::usage(message).help("name a directory (`-o DIR`), or write `--format custom`"));
        };
        let planned = |name: &str, tables: &[usize], share: Share| Planned {
            target: Target::File(path.join(name)),
            tables: tables.to_vec(),
            share,
        };
        let is_plain = wanted.compression == Some(Compression::None);
        let mut streams = vec![planned("toc.dat", tables, Share::Before)];
        for table in tables {
            let name = encode::data_file(*table, !is_plain) + if is_plain { "" } else { ".gz" };
            streams.push(planned(&name, &[*table], Share::Rows));
        }
        Ok(Layout { streams, directory: Some(path.to_owned()) })
    }

    /// One file per table.
    fn directory(plan: &Plan, tables: &[usize], path: &Path, wanted: Wanted) -> Layout {
        let part = wanted.part.label();
        let extension = wanted.format.file_extension(wanted.compression);
        let file = |table: usize| {
            let name = sink::file_name(&plan.tables[table].name, part.as_deref(), &extension);
            whole(Target::File(path.join(name)), vec![table])
        };
        Layout {
            streams: tables.iter().map(|table| file(*table)).collect(),
            directory: Some(path.to_owned()),
        }
    }
}

/// A stream with all there is of its tables.
fn whole(target: Target, tables: Vec<usize>) -> Planned {
    Planned { target, tables, share: Share::Whole }
}

/// A directory that is there, or a path that ends like one.
fn is_directory(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// Bytes that are no text would only confuse a terminal.
fn refuse_terminal(wanted: Wanted) -> Result<(), Error> {
    let compression = wanted.compression.unwrap_or(Compression::None);
    if (!wanted.format.is_text() || compression != Compression::None) && std::io::stdout().is_terminal() {
        let message = "this output is binary, and standard output is a terminal";
        return Err(Error::usage(message).help("name a file (`-o FILE`) or pipe it to a program"));
    }
    Ok(())
}
