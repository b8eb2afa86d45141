//! How values are literals in each dialect.

use crate::value::text;

/// What differs between dialects.
pub(super) trait Literals: Send + Sync + 'static {
    /// True and false.
    const BOOLEANS: [&'static [u8]; 2] = [b"true", b"false"];

    /// Whether a byte between quotes is not written as it is.
    #[inline]
    fn is_special(byte: u8) -> bool {
        byte == b'\''
    }

    /// What is written in place of a special byte.
    fn replace(out: &mut Vec<u8>, byte: u8) {
        out.extend_from_slice(&[byte, byte]);
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
    #[inline]
    fn is_special(byte: u8) -> bool {
        matches!(byte, b'\'' | b'\\' | b'\r')
    }

    fn replace(out: &mut Vec<u8>, byte: u8) {
        match byte {
            // The client that reads scripts drops those before a line feed.
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.extend_from_slice(&[byte, byte]),
        }
    }

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        hexadecimal(out, bytes);
    }
}

/// SQLite's, also before it knew TRUE and FALSE.
pub(super) struct Sqlite;

impl Literals for Sqlite {
    const BOOLEANS: [&'static [u8]; 2] = [b"1", b"0"];

    #[inline]
    fn is_special(byte: u8) -> bool {
        matches!(byte, b'\'' | b'\r')
    }

    fn replace(out: &mut Vec<u8>, byte: u8) {
        match byte {
            // The shell that reads scripts drops those before a line feed.
            b'\r' => out.extend_from_slice(b"'||char(13)||'"),
            _ => out.extend_from_slice(&[byte, byte]),
        }
    }

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        hexadecimal(out, bytes);
    }
}

/// DuckDB's: of a blob, each byte for itself.
pub(super) struct DuckDb;

impl Literals for DuckDb {
    #[inline]
    fn is_special(byte: u8) -> bool {
        matches!(byte, b'\'' | b'\r')
    }

    fn replace(out: &mut Vec<u8>, byte: u8) {
        match byte {
            // Its shell comes from SQLite's.
            b'\r' => out.extend_from_slice(b"'||chr(13)||'"),
            _ => out.extend_from_slice(&[byte, byte]),
        }
    }

    fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
        out.push(b'\'');
        for byte in bytes {
            text::bytea(out, &[*byte]);
        }
        out.push(b'\'');
    }
}

/// `x'0041ff'`
fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(b"x'");
    text::hex(out, bytes);
    out.push(b'\'');
}
