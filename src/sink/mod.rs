//! Where bytes go: standard output or files, never left half written under their final name.
//!
//! Files are written under a temporary name beside the final one and renamed when the whole run is
//! done ([`Files::keep`]); dropping [`Files`] without that removes them. What is no regular file (a
//! pipe, `/dev/null`) is written as it is.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where one stream of bytes goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// A file, or a device or named pipe.
    File(PathBuf),
}

impl Target {
    /// An operation on this target that failed.
    pub fn failure(&self, operation: &'static str, cause: io::Error) -> Error {
        Error { operation, target: self.clone(), cause }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Stdout => f.write_str("standard output"),
            Target::File(path) => path.display().fmt(f),
        }
    }
}

/// Output that failed: `cannot write orders.csv: No space left on device`.
#[derive(Debug)]
pub struct Error {
    /// What was tried: `create`, `write`, `rename`.
    pub operation: &'static str,
    /// To what.
    pub target: Target,
    /// What the system said.
    pub cause: io::Error,
}

impl Error {
    /// Whether the reader of our output has gone away, as `head` does: no reason to complain.
    pub fn is_closed_pipe(&self) -> bool {
        self.cause.kind() == io::ErrorKind::BrokenPipe
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}: {}", self.operation, self.target, system_words(&self.cause))
    }
}

impl std::error::Error for Error {}

/// What the system says of a failure, without Rust's ` (os error 28)`.
pub fn system_words(cause: &io::Error) -> String {
    let words = cause.to_string();
    match (cause.raw_os_error(), words.rfind(" (os error ")) {
        (Some(_), Some(end)) => words[..end].to_owned(),
        _ => words,
    }
}

/// An open target. Unbuffered: the encoders write in large pieces.
#[derive(Debug)]
pub struct Sink {
    file: File,
    /// Whether it is a new file of ours, written from its beginning.
    is_new: bool,
    written: Written,
}

/// How many bytes a sink has taken; for looking at while something else owns the sink.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<AtomicU64>);

impl Written {
    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Sink {
    /// Counts what is written.
    pub fn written(&self) -> Written {
        self.written.clone()
    }

    /// Another handle of the file, to write over what was written; `None` where that cannot be.
    pub fn again(&self) -> io::Result<Option<File>> {
        if self.is_new { self.file.try_clone().map(Some) } else { Ok(None) }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.written.0.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The files of a run.
#[derive(Debug, Default)]
pub struct Files {
    temporary: Vec<Temporary>,
}

/// A file under its temporary name.
#[derive(Debug)]
struct Temporary {
    /// Where it is now.
    path: PathBuf,
    /// Where it will be.
    target: PathBuf,
    /// What the user calls that place.
    shown: PathBuf,
}

impl Files {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a target for writing.
    pub fn open(&mut self, target: &Target) -> Result<Sink, Error> {
        let failed = |cause| target.failure("create", cause);
        let known = self.temporary.len();
        let file = match target {
            Target::Stdout => stdout(),
            Target::File(path) => match fs::canonicalize(path) {
                // A directory fails here, in the system's words.
                Ok(real) if !real.is_file() => OpenOptions::new().write(true).open(&real),
                // Through symbolic links: the link stays, what it points to is replaced.
                Ok(real) => self.create(path, real),
                Err(_) => self.create(path, path.clone()),
            },
        };
        let (file, is_new) = (file.map_err(failed)?, self.temporary.len() > known);
        Ok(Sink { file, is_new, written: Written::default() })
    }

    /// Creates the temporary file of a target.
    fn create(&mut self, shown: &Path, target: PathBuf) -> io::Result<File> {
        let name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let path = target.with_file_name(temporary_name(&name.to_string_lossy()));
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        self.temporary.push(Temporary { path, target, shown: shown.to_owned() });
        Ok(file)
    }

    /// Gives the files their final names, replacing what is there.
    pub fn keep(mut self) -> Result<(), Error> {
        // From the front, so that on failure the rest is still known and removed.
        while let Some(file) = self.temporary.first() {
            let shown = Target::File(file.shown.clone());
            fs::rename(&file.path, &file.target).map_err(|cause| shown.failure("rename", cause))?;
            self.temporary.remove(0);
        }
        Ok(())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for file in &self.temporary {
            // Nothing can be done about a failure, and its cause has been told already.
            let _ = fs::remove_file(&file.path);
        }
    }
}

/// Hidden, and of this process, so that it is neither taken for data nor shared with another run.
fn temporary_name(name: &str) -> String {
    format!(".{name}.datagen-tmp-{}", std::process::id())
}

/// Standard output without the standard library's line buffer.
#[cfg(unix)]
fn stdout() -> io::Result<File> {
    use std::os::fd::AsFd;
    io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

/// Standard output without the standard library's line buffer.
#[cfg(windows)]
fn stdout() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    io::stdout().as_handle().try_clone_to_owned().map(File::from)
}

/// The file name of a table, or of a part of it: `orders.csv`, `orders.1-of-5.csv`. Characters that are not a
/// file name's on every system are written as `%2F`.
pub fn file_name(table: &str, part: Option<&str>, extension: &str) -> String {
    let mut name = String::new();
    for (at, c) in table.chars().enumerate() {
        match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%' => {
                name += &format!("%{:02X}", c as u32)
            }
            c if c.is_control() => name += &format!("%{:02X}", c as u32),
            '.' if at == 0 => name += "%2E",
            c => name.push(c),
        }
    }
    match part {
        Some(part) => format!("{name}.{part}.{extension}"),
        None => format!("{name}.{extension}"),
    }
}

/// Creates a directory, and those above it, where there is none.
pub fn create_directory(path: &Path) -> Result<(), Error> {
    let target = Target::File(path.to_owned());
    fs::create_dir_all(path).map_err(|cause| target.failure("create directory", cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_gets_its_name_when_the_run_is_done() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("orders.csv");
        fs::write(&path, "of yesterday").unwrap();

        let mut files = Files::new();
        let mut sink = files.open(&Target::File(path.clone())).unwrap();
        sink.write_all(b"of today").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"of yesterday");
        files.keep().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"of today");
        assert_eq!(names(directory.path()), ["orders.csv"]);
    }

    #[test]
    fn a_failed_run_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let mut files = Files::new();
        files.open(&Target::File(directory.path().join("a.csv"))).unwrap().write_all(b"x").unwrap();
        let hidden = names(directory.path());
        assert!(hidden.len() == 1 && hidden[0].starts_with(".a.csv.datagen-tmp-"), "{hidden:?}");
        drop(files);
        assert!(names(directory.path()).is_empty());
    }

    #[test]
    fn a_failed_rename_says_so_and_removes_the_others() {
        let directory = tempfile::tempdir().unwrap();
        let mut files = Files::new();
        for name in ["a.csv", "b.csv", "c.csv"] {
            files.open(&Target::File(directory.path().join(name))).unwrap();
        }
        let obstacle = directory.path().join("b.csv");
        fs::create_dir(&obstacle).unwrap();
        let error = files.keep().unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot rename {}: ", obstacle.display())), "{error}");
        assert_eq!(names(directory.path()), ["a.csv", "b.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let (real, link) = (directory.path().join("real.csv"), directory.path().join("link.csv"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut files = Files::new();
        files.open(&Target::File(link.clone())).unwrap().write_all(b"new").unwrap();
        files.keep().unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_is_written_as_it_is_and_its_failure_is_named() {
        let (mut files, target) = (Files::new(), Target::File("/dev/full".into()));
        let cause = files.open(&target).unwrap().write_all(b"x").unwrap_err();
        assert_eq!(
            target.failure("write", cause).to_string(),
            "cannot write /dev/full: No space left on device"
        );
        files.keep().unwrap();
        assert!(Path::new("/dev/full").exists());
    }

    #[test]
    fn a_missing_directory_is_named() {
        let error = Files::new().open(&Target::File("no/such/place/a.csv".into())).unwrap_err();
        assert!(error.to_string().starts_with("cannot create no/such/place/a.csv: "), "{error}");
    }

    #[test]
    fn table_names_become_file_names() {
        assert_eq!(file_name("orders", None, "csv"), "orders.csv");
        assert_eq!(file_name("orders", Some("1-of-5"), "csv.gz"), "orders.1-of-5.csv.gz");
        assert_eq!(file_name("../a b%", None, "csv"), "%2E.%2Fa b%25.csv");
    }
}
