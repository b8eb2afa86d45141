//! Files of separated values, by RFC 4180: cells with their places, and whether they were quoted.
//!
//! Written by hand, since the `csv` crate tells neither a cell's place nor whether it was quoted, which is what tells a null
//! from an empty text.

/// A cell of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// What it says, quotes taken off.
    pub text: String,
    /// Its first byte in the file.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Whether it stands in quotes.
    pub is_quoted: bool,
}

/// What keeps a text from being read: a message, and the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadText {
    pub message: &'static str,
    pub at: usize,
}

/// The cells of a text, line by line; empty lines are left out. Lines end in LF or CRLF; a quoted cell may hold them, the
/// delimiter and doubled quotes.
pub(super) fn records(text: &str, delimiter: u8) -> Result<Vec<Vec<Cell>>, BadText> {
    let mut reader = Reader { text, bytes: text.as_bytes(), delimiter, at: 0 };
    if text.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    let mut records = Vec::new();
    while reader.at < reader.bytes.len() {
        let record = reader.record()?;
        let is_empty = matches!(record.as_slice(), [only] if only.text.is_empty() && !only.is_quoted);
        if !is_empty {
            records.push(record);
        }
    }
    Ok(records)
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    delimiter: u8,
    at: usize,
}

impl Reader<'_> {
    fn record(&mut self) -> Result<Vec<Cell>, BadText> {
        let mut record = Vec::new();
        loop {
            record.push(match self.bytes.get(self.at) {
                Some(b'"') => self.quoted()?,
                _ => self.plain(),
            });
            match self.bytes.get(self.at) {
                Some(byte) if *byte == self.delimiter => self.at += 1,
                _ => break,
            }
        }
        self.at += self.line_end().unwrap_or(0);
        Ok(record)
    }

    /// The length of the end of line that stands here, if one does.
    fn line_end(&self) -> Option<usize> {
        match &self.bytes[self.at..] {
            [b'\n', ..] => Some(1),
            [b'\r', b'\n', ..] => Some(2),
            _ => None,
        }
    }

    fn plain(&mut self) -> Cell {
        let start = self.at;
        while self.at < self.bytes.len() && self.bytes[self.at] != self.delimiter && self.line_end().is_none()
        {
            self.at += 1;
        }
        Cell { text: self.text[start..self.at].to_owned(), start, end: self.at, is_quoted: false }
    }

    fn quoted(&mut self) -> Result<Cell, BadText> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = rest.find('"') else {
                return Err(BadText { message: "this quote is never closed", at: start });
            };
            text.push_str(&rest[..length]);
            self.at += length + 1;
            if self.bytes.get(self.at) != Some(&b'"') {
                break;
            }
            text.push('"');
            self.at += 1;
        }
        let is_end = match self.bytes.get(self.at) {
            None => true,
            Some(byte) => *byte == self.delimiter || self.line_end().is_some(),
        };
        match is_end {
            true => Ok(Cell { text, start, end: self.at, is_quoted: true }),
            false => Err(BadText { message: "something follows the closing quote", at: self.at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        let records = records(text, b',').expect("well-formed");
        records.into_iter().map(|record| record.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn cells_are_read_as_rfc_4180_says() {
        let text = "\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\n\n,5\" disk";
        assert_eq!(texts(text), [vec!["a", "b"], vec!["1", "x, \"y\"\nz"], vec!["", "5\" disk"]]);
        assert_eq!(texts(""), Vec::<Vec<String>>::new());
        assert_eq!(texts("a\n\"\"\n"), [["a"], [""]]);
    }

    #[test]
    fn a_cell_knows_its_place_and_its_quotes() {
        let text = "a;\"é\";\n";
        let records = records(text, b';').expect("well-formed");
        let places: Vec<_> = records[0].iter().map(|cell| (cell.start, cell.end, cell.is_quoted)).collect();
        assert_eq!(places, [(0, 1, false), (2, 6, true), (7, 7, false)]);
    }

    #[test]
    fn quotes_must_close_and_end_their_cell() {
        let bad = |text: &str| records(text, b',').expect_err("is refused").at;
        assert_eq!(bad("a,\"b\nc"), 2);
        assert_eq!(bad("\"b\"c"), 3);
    }
}
