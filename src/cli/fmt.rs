//! `datagen fmt`: specs in canonical layout.

use super::error::{Error, Exit};
use super::input;
use super::{Session, Subcommand, print};
use crate::diagnostic::{Diagnostic, Sources};
use crate::sink::{self, Files, Target};
use crate::spec;
use std::io::Write;
use std::path::PathBuf;

/// Lay out specs: indentation, order of keys, quotes; never what they mean
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen fmt shop.yaml                   # to standard output
  datagen fmt --write specs/*.yaml        # in place
  datagen fmt --check specs/*.yaml        # ends with 1 if a file is not laid out; for CI

Comments stay where they are. What is not understood is left as it is, and a file whose layout
cannot be changed safely is refused.")]
pub struct Fmt {
    /// The specs, in YAML or JSON; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    /// Write the files instead of printing them
    #[arg(short, long, conflicts_with = "check")]
    write: bool,
    /// Only name the files that are not laid out, and end with 1 if there are any
    #[arg(long)]
    check: bool,
}

impl Subcommand for Fmt {
    const NAME: &'static str = "fmt";

    fn run(self, _session: &Session) -> Result<(), Error> {
        if self.files.len() > 1 && !self.write && !self.check {
            return Err(Error::usage("several files cannot be printed as one")
                .help("write them in place (--write), or see which need it (--check)"));
        }
        let mut changed = Vec::new();
        for file in &self.files {
            let text = input::read(file)?;
            let laid_out = laid_out(&text)?;
            if !self.write && !self.check {
                return print(&laid_out);
            }
            if laid_out != text.text {
                changed.push(text.name.clone());
                if self.write {
                    rewrite(file, &laid_out)?;
                }
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        print(&format!("{}\n", changed.join("\n")))?;
        match self.check {
            // The files have been named, on standard output as a list.
            true => {
                Err(Error { exit: Exit::Usage, problems: vec![], sources: Sources::new(), counted: None })
            }
            false => Ok(()),
        }
    }
}

fn laid_out(text: &input::Text) -> Result<String, Error> {
    let mut sources = Sources::reading(|path| std::fs::read_to_string(path));
    let source = sources.add(text.name.as_str(), text.text.as_str());
    spec::canonical(&sources, source).map_err(|problem| Error {
        exit: Exit::Spec,
        problems: vec![problem],
        sources,
        counted: None,
    })
}

/// Replaces a file as a whole: a failure leaves it as it was.
fn rewrite(file: &str, text: &str) -> Result<(), Error> {
    if file == "-" {
        return Err(Error::new(Exit::Usage, Diagnostic::nowhere("standard input cannot be written")));
    }
    let target = Target::File(PathBuf::from(file));
    let mut files = Files::new();
    let mut out = files.open(&target)?;
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|cause| sink::Error {
        operation: "write",
        target: target.clone(),
        cause,
    })?;
    drop(out);
    files.keep()?;
    Ok(())
}
