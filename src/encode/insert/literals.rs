//! How values are literals in each dialect.

use crate::value::text;

/// What differs between dialects.
pub(super) trait Literals: Send + Sync + 'static {
    /// True and false.
    const BOOLEANS: [&'static [u8]; 2] = [b"true", b"false"];
    /// Whether a backslash has to be doubled, as a quote has.
    const DOUBLES_BACKSLASHES: bool = false;
    /// What stands for a carriage return, where the client that reads scripts drops those before a line feed.
    const CARRIAGE_RETURN: Option<&'static [u8]> = None;

    /// Whether a byte between quotes is not written as it is.
    #[inline]
    fn is_special(byte: u8) -> bool {
        byte == b'\''
            || (Self::DOUBLES_BACKSLASHES && byte == b'\\')
            || (Self::CARRIAGE_RETURN.is_some() && byte == b'\r')
    }

    /// What is written in place of a special byte.
    fn replace(out: &mut Vec<u8>, byte: u8) {
        match Self::CARRIAGE_RETURN {
            Some(instead) if byte == b'\r' => out.extend_from_slice(instead),
            _ => out.extend_from_slice(&[byte, byte]),
        }
    }

    /// Bytes.
    fn bytea(out: &mut Vec<u8>, bytes: &[u8]);
}

/// PostgreSQL's, with standard_conforming_strings.
pub(super) struct Postgres;

impl Literals for Postgres {
    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        out.push(b'\'');
        text::bytea(out, bytes);
        out.push(b'\'');
    }
}

/// MySQL's, without NO_BACKSLASH_ESCAPES.
pub(super) struct MySql;

impl Literals for MySql {
    const DOUBLES_BACKSLASHES: bool = true;
    const CARRIAGE_RETURN: Option<&'static [u8]> = Some(b"\\r");

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        hexadecimal(out, bytes);
    }
}

/// SQLite's, also before it knew TRUE and FALSE.
pub(super) struct Sqlite;

impl Literals for Sqlite {
    const BOOLEANS: [&'static [u8]; 2] = [b"1", b"0"];
    const CARRIAGE_RETURN: Option<&'static [u8]> = Some(b"'||char(13)||'");

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        hexadecimal(out, bytes);
    }
}

/// DuckDB's, whose shell comes from SQLite's.
pub(super) struct DuckDb;

impl Literals for DuckDb {
    const CARRIAGE_RETURN: Option<&'static [u8]> = Some(b"'||chr(13)||'");

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        out.push(b'\'');
        blob(out, bytes);
        out.push(b'\'');
    }
}

/// A blob as DuckDB reads it out of a text, each byte for itself: `\x00\x41\xff`.
pub(super) fn blob(out: &mut Vec<u8>, bytes: &[u8]) {
    bytes.iter().for_each(|byte| text::bytea(out, &[*byte]));
}

/// `x'0041ff'`
fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(b"x'");
    text::hex(out, bytes);
    out.push(b'\'');
}
