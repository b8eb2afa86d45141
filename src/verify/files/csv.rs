//! Rows of CSV files, compressed or not. A cell without quotes and characters is null; `""` is an empty text.

use super::{Row, Rows};
use crate::sink::system_words;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor};
use std::path::PathBuf;

/// The rows of files that are put end to end; the header stands in the first.
pub(super) struct CsvRows {
    names: Vec<String>,
    reader: Box<dyn BufRead>,
    /// The files after it, the next one last.
    later: Vec<PathBuf>,
    /// The text of a row.
    record: Vec<u8>,
}

impl CsvRows {
    pub fn open(paths: &[PathBuf]) -> Result<Self, String> {
        let mut later: Vec<PathBuf> = paths.iter().rev().cloned().collect();
        let first = later.pop().ok_or("there is no file")?;
        Self::new(reader(&first)?, later)
    }

    pub fn of(bytes: Vec<u8>) -> Result<Self, String> {
        Self::new(Box::new(Cursor::new(bytes)), Vec::new())
    }

    fn new(reader: Box<dyn BufRead>, later: Vec<PathBuf>) -> Result<Self, String> {
        let mut rows = Self { names: Vec::new(), reader, later, record: Vec::new() };
        let names = rows.next()?.ok_or("there is no header")?;
        rows.names = names.into_iter().map(Option::unwrap_or_default).collect();
        Ok(rows)
    }

    /// Reads the text of the next row: up to a line end that is outside of quotes. Whether there is one.
    fn advance(&mut self) -> Result<bool, String> {
        self.record.clear();
        loop {
            let before = self.record.len();
            let read =
                self.reader.read_until(b'\n', &mut self.record).map_err(|cause| system_words(&cause))?;
            match (read, self.later.pop()) {
                (0, Some(next)) if before == 0 => {
                    self.reader = reader(&next)?;
                    continue;
                }
                (0, _) if before > 0 => return Err("the file ends inside of quotes".into()),
                (0, _) => return Ok(false),
                (_, next) => self.later.extend(next),
            }
            let quotes = self.record.iter().filter(|byte| **byte == b'"').count();
            if quotes.is_multiple_of(2) {
                return Ok(true);
            }
        }
    }
}

impl Rows for CsvRows {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn next(&mut self) -> Result<Option<Row>, String> {
        Ok(self.advance()?.then(|| cells(&self.record)))
    }

    fn skip(&mut self, rows: u64) -> Result<u64, String> {
        let mut skipped = 0;
        while skipped < rows && self.advance()? {
            skipped += 1;
        }
        Ok(skipped)
    }
}

/// A file, decompressed as its name says.
fn reader(path: &PathBuf) -> Result<Box<dyn BufRead>, String> {
    let failed = |cause| format!("{}: {}", path.display(), system_words(&cause));
    let file = BufReader::new(File::open(path).map_err(failed)?);
    Ok(match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        Some("zst") => Box::new(BufReader::new(zstd::Decoder::with_buffer(file).map_err(failed)?)),
        _ => Box::new(file),
    })
}

/// The cells of a row, which has a line end or is the last.
fn cells(record: &[u8]) -> Row {
    let record = record.strip_suffix(b"\n").unwrap_or(record);
    let record = record.strip_suffix(b"\r").unwrap_or(record);
    let (mut row, mut start, mut is_quoted) = (Vec::new(), 0, false);
    for (at, byte) in record.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                row.push(cell(&record[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    row.push(cell(&record[start..]));
    row
}

fn cell(text: &[u8]) -> Option<String> {
    let inner = text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\""));
    match inner {
        Some(inner) => Some(String::from_utf8_lossy(inner).replace("\"\"", "\"")),
        None if text.is_empty() => None,
        None => Some(String::from_utf8_lossy(text).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_from_each_other_and_null_from_empty() {
        let text = "a,\"b,c\"\n1,\n\"\",\"two\nlines \"\"so\"\"\"\r\nlast,é";
        let mut rows = CsvRows::of(text.into()).unwrap();
        assert_eq!(rows.names(), ["a", "b,c"]);
        let row = |cells: [Option<&str>; 2]| Some(cells.map(|cell| cell.map(str::to_owned)).to_vec());
        assert_eq!(rows.next().unwrap(), row([Some("1"), None]));
        assert_eq!(rows.next().unwrap(), row([Some(""), Some("two\nlines \"so\"")]));
        assert_eq!(rows.next().unwrap(), row([Some("last"), Some("é")]));
        assert_eq!(rows.next().unwrap(), None);
    }

    #[test]
    fn a_file_that_was_cut_is_an_error() {
        let mut rows = CsvRows::of("a\n\"x".into()).unwrap();
        assert_eq!(rows.next(), Err("the file ends inside of quotes".into()));
    }
}
