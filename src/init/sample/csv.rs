//! CSV as it comes: whatever its delimiter is, with a header, quotes and a byte order mark or without.

use super::{Cell, Sample, Unreadable};
use ::csv::{ByteRecord, ReaderBuilder};
use std::io::{Cursor, Read};

/// What is looked at to find the delimiter.
const HEAD_BYTES: u64 = 64 * 1024;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads a file of CSV to its end. Its first line has the columns' names. Empty fields, `NULL` and `\N` are nulls.
///
/// # Errors
/// When it cannot be read, is not UTF-8, or a line has another number of fields than the header.
pub fn read_csv(name: &str, file: &str, mut reader: impl Read) -> Result<Sample, Unreadable> {
    let mut head = Vec::new();
    let unread = |cause: std::io::Error| Unreadable::new(crate::sink::system_words(&cause));
    reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(unread)?;
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).to_vec();
    let delimiter = delimiter(&head);
    let mut records = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(Cursor::new(head).chain(reader));
    let mut sample = Sample::new(name, file);
    let mut record = ByteRecord::new();
    if !records.read_byte_record(&mut record).map_err(|error| broken(&error))? {
        return Ok(sample);
    }
    header(&mut sample, &record)?;
    while records.read_byte_record(&mut record).map_err(|error| broken(&error))? {
        let line = record.position().map_or(0, ::csv::Position::line);
        // An empty line is a row only where there is one column.
        if record.len() == 1 && record[0].is_empty() && sample.columns.len() > 1 {
            continue;
        }
        if record.len() != sample.columns.len() {
            let message = format!("{} fields, but the header has {}", record.len(), sample.columns.len());
            return Err(Unreadable::at(line, message));
        }
        let cells: Result<Vec<Cell>, Unreadable> = record.iter().map(|field| cell(field, line)).collect();
        sample.row(&cells?);
    }
    Ok(sample)
}

fn header(sample: &mut Sample, record: &ByteRecord) -> Result<(), Unreadable> {
    for field in record {
        let name = text(field, 1)?.trim();
        if name.is_empty() {
            return Err(Unreadable::at(1, "a column has no name; the first line is the header"));
        }
        if sample.columns.iter().any(|column| column.name == name) {
            return Err(Unreadable::at(1, format!("two columns are called `{name}`")));
        }
        sample.add_column(name, None);
    }
    sample.watch_pairs();
    Ok(())
}

fn text(field: &[u8], line: u64) -> Result<&str, Unreadable> {
    std::str::from_utf8(field).map_err(|_| Unreadable::at(line, "this line is not UTF-8"))
}

fn cell(field: &[u8], line: u64) -> Result<Cell<'_>, Unreadable> {
    Ok(match text(field, line)?.trim() {
        "" | "NULL" | "\\N" => Cell::Null,
        text => Cell::Untyped(text),
    })
}

fn broken(error: &::csv::Error) -> Unreadable {
    match error.kind() {
        ::csv::ErrorKind::Io(cause) => Unreadable::new(crate::sink::system_words(cause)),
        _ => Unreadable { message: error.to_string(), line: error.position().map(::csv::Position::line) },
    }
}

/// The delimiter that cuts the first lines into the most fields of the same number.
fn delimiter(head: &[u8]) -> u8 {
    let fields = |delimiter: u8| {
        let mut records =
            ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(head);
        let counts: Vec<usize> =
            records.byte_records().take(20).flatten().map(|record| record.len()).collect();
        let first = counts.first().copied().unwrap_or(0);
        // The last line of what was looked at may be cut.
        let whole = &counts[..counts.len().saturating_sub(1).max(1).min(counts.len())];
        if whole.iter().all(|count| *count == first) { first } else { 0 }
    };
    // The first of the best, so that one column is taken for commas.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| fields(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let sample = read_csv("t", "t.csv", text.as_bytes()).expect("readable");
        sample.columns.into_iter().map(|column| column.name).collect()
    }

    #[test]
    fn the_delimiter_is_found() {
        assert_eq!(names("a,b\n1,\"x;y;z\"\n2,c\n"), ["a", "b"]);
        assert_eq!(names("a;b\n1,5;2\n2,5;3\n"), ["a", "b"]);
        assert_eq!(names("a\tb c\n1\t2\n"), ["a", "b c"]);
        assert_eq!(names("\u{feff}a|b\n1|2\n"), ["a", "b"]);
        assert_eq!(names("alone\n1\n2\n"), ["alone"]);
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_line() {
        let refused = |text: &[u8]| {
            let error = read_csv("t", "t.csv", text).err().expect("refused");
            (error.line, error.message)
        };
        assert_eq!(refused(b"a,b\n1,2\n3\n"), (Some(3), "1 fields, but the header has 2".into()));
        assert_eq!(refused(b"a,a\n1,2\n"), (Some(1), "two columns are called `a`".into()));
        assert_eq!(refused(b"a,\n1,2\n").0, Some(1));
        assert_eq!(refused(b"a,b\n1,2\n\xff,2\n"), (Some(3), "this line is not UTF-8".into()));
    }

    #[test]
    fn nulls_are_written_in_several_ways() {
        let sample = read_csv("t", "t.csv", "a,b\n1,\nNULL,x\n\\N,\"\"\n".as_bytes()).expect("readable");
        assert_eq!((sample.rows, sample.columns[0].nulls, sample.columns[1].nulls), (3, 2, 2));
    }
}
