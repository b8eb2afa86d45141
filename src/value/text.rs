//! Values as PostgreSQL prints them, appended to a byte buffer.
//!
//! Shared by the script and text formats, by casts to text and by templates, so that a value looks the same everywhere.
//! Nothing allocates and nothing goes through `format!`: numbers become words of eight digits at a time, dates and times are
//! such words with their separators shifted in, and each is stored whole before the length is cut to what counts.

mod digits;
mod float;
mod identifier;
mod json;
mod moment;

pub use digits::{NUMBER, decimal, integer, padded_integer, put_decimal, put_integer, short_padded_integer};
pub use float::{double, real};
pub use identifier::{quote_identifier, quote_literal};
pub use json::{json, json_string};
pub use moment::{
    common_day, date, interval, is_common_day, is_common_instant, iso_timestamp, put_common_instant, time,
    timestamp, timestamptz,
};

use super::{Data, List, SqlType, Vector};

/// Both hexadecimal digits of every byte.
const HEX: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut table = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    table
};

/// Lower-case hex in 8-4-4-4-12.
#[inline]
pub fn uuid(out: &mut Vec<u8>, value: u128) {
    out.extend_from_slice(&uuid_text(value));
}

/// The text of a uuid.
#[inline]
pub fn uuid_text(value: u128) -> [u8; 36] {
    /// Where each byte's digits stand.
    const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
    let mut text = [b'-'; 36];
    for (byte, place) in value.to_be_bytes().into_iter().zip(PLACES) {
        text[place..place + 2].copy_from_slice(&HEX[byte as usize]);
    }
    text
}

/// `\x` and lower-case hex.
pub fn bytea(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(b"\\x");
    hex(out, bytes);
}

/// Lower-case hex: two digits for each byte.
pub fn hex(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(2 * bytes.len());
    out.extend(bytes.iter().flat_map(|byte| HEX[*byte as usize]));
}

/// One value of a vector of the given type as `value::text` in PostgreSQL; `None` is null. Panics as [`value`].
pub fn printed(sql_type: &SqlType, vector: &Vector, at: usize) -> Option<String> {
    vector.is_valid(at).then(|| {
        let mut bytes = Vec::new();
        value(&mut bytes, sql_type, vector, at);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// One value of a vector of the given type, not null, as `value::text` in PostgreSQL. Arrays as `{1,2,NULL,"a b"}`.
///
/// # Panics
/// When the vector's layout is not the type's.
pub fn value(out: &mut Vec<u8>, sql_type: &SqlType, vector: &Vector, at: usize) {
    match (sql_type, &vector.data) {
        (SqlType::SmallInt | SqlType::Int | SqlType::BigInt, Data::Int(values)) => integer(out, values[at]),
        (SqlType::Numeric { scale, .. }, Data::Int(values)) => decimal(out, values[at] as i128, *scale),
        (SqlType::Numeric { scale, .. }, Data::Wide(values)) => decimal(out, values[at], *scale),
        (SqlType::Real, Data::Float(values)) => real(out, values[at] as f32),
        (SqlType::Double, Data::Float(values)) => double(out, values[at]),
        (SqlType::Boolean, Data::Bool(values)) => {
            out.extend_from_slice(if values[at] { b"true" } else { b"false" })
        }
        (SqlType::Date, Data::Int(values)) => date(out, values[at]),
        (SqlType::Time, Data::Int(values)) => time(out, values[at]),
        (SqlType::Timestamp, Data::Int(values)) => timestamp(out, values[at]),
        (SqlType::Timestamptz, Data::Int(values)) => timestamptz(out, values[at]),
        (SqlType::Interval, Data::Interval(values)) => interval(out, values[at]),
        (SqlType::Uuid, Data::Uuid(values)) => uuid(out, values[at]),
        (SqlType::Bytea, Data::Text(_) | Data::Dict { .. }) => bytea(out, vector.text(at)),
        (SqlType::Array(element), Data::List(values)) => list(out, element, values, at),
        (_, Data::Text(_) | Data::Dict { .. }) => out.extend_from_slice(vector.text(at)),
        _ => panic!("the vector of a {sql_type} column has another layout"),
    }
}

/// One row of a list vector, as array_out prints it: `{1,2,NULL,"a b"}`.
pub fn list(out: &mut Vec<u8>, element: &SqlType, list: &List, at: usize) {
    out.push(b'{');
    for position in list.offsets[at] as usize..list.offsets[at + 1] as usize {
        if position > list.offsets[at] as usize {
            out.push(b',');
        }
        if list.values.is_valid(position) {
            list_element(out, element, &list.values, position);
        } else {
            out.extend_from_slice(b"NULL");
        }
    }
    out.push(b'}');
}

/// An element of an array, in double quotes where array_out needs them.
fn list_element(out: &mut Vec<u8>, element: &SqlType, values: &Vector, at: usize) {
    match (element, &values.data) {
        (SqlType::Boolean, Data::Bool(values)) => out.push(if values[at] { b't' } else { b'f' }),
        (SqlType::Bytea, _) => {
            out.extend_from_slice(b"\"\\");
            bytea(out, values.text(at));
            out.push(b'"');
        }
        (SqlType::Timestamp | SqlType::Timestamptz, _) => {
            out.push(b'"');
            value(out, element, values, at);
            out.push(b'"');
        }
        (SqlType::Interval, _) => {
            let start = out.len();
            value(out, element, values, at);
            if out[start..].contains(&b' ') {
                out.insert(start, b'"');
                out.push(b'"');
            }
        }
        (_, Data::Text(_) | Data::Dict { .. }) => quoted_element(out, values.text(at)),
        _ => value(out, element, values, at),
    }
}

/// A text inside an array.
fn quoted_element(out: &mut Vec<u8>, text: &[u8]) {
    let special = |byte: &u8| {
        matches!(byte, b'"' | b'\\' | b'{' | b'}' | b',' | b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
    };
    if !text.is_empty() && !text.eq_ignore_ascii_case(b"null") && !text.iter().any(special) {
        out.extend_from_slice(text);
        return;
    }
    double_quoted(out, text);
}

/// A text in double quotes, in which a backslash stands before those and itself.
pub fn double_quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Interval, Texts};

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn uuids_and_bytes_are_lower_case_hex() {
        assert_eq!(
            written(|out| uuid(out, 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210)),
            "01234567-89ab-cdef-fedc-ba9876543210"
        );
        assert_eq!(written(|out| bytea(out, b"\x00A\xff")), "\\x0041ff");
        assert_eq!(written(|out| bytea(out, b"")), "\\x");
    }

    #[test]
    fn a_value_is_written_by_its_type() {
        let text = |sql_type: SqlType, data: Data| written(|out| value(out, &sql_type, &data.into(), 0));
        assert_eq!(text(SqlType::Boolean, Data::Bool(vec![true])), "true");
        assert_eq!(
            text(SqlType::Numeric { precision: 9, scale: 3, bare: true }, Data::Int(vec![1])),
            "0.001"
        );
        assert_eq!(text(SqlType::numeric(30, 1), Data::Wide(vec![-15])), "-1.5");
        assert_eq!(text(SqlType::Real, Data::Float(vec![0.1f32 as f64])), "0.1");
        assert_eq!(text(SqlType::Double, Data::Float(vec![0.1f32 as f64])), "0.10000000149011612");
        assert_eq!(text(SqlType::Time, Data::Int(vec![1])), "00:00:00.000001");
        let dictionary = std::sync::Arc::new(["a", "b"].iter().collect::<Texts>());
        assert_eq!(text(SqlType::Text, Data::Dict { codes: vec![1], values: dictionary }), "b");
    }

    /// Each expectation was printed by PostgreSQL 15.
    #[test]
    fn arrays_quote_what_array_out_quotes() {
        fn array(element: SqlType, data: Data, valid: Option<Vec<bool>>) -> String {
            let values = Box::new(Vector::new(data, valid));
            let offsets = vec![0, values.len() as i32];
            let vector = Vector::from(Data::List(List { offsets, values }));
            written(|out| value(out, &SqlType::Array(Box::new(element)), &vector, 0))
        }
        let texts: Texts = ["a", "", "null", "a b", "q\"\\", "x{,}", "ü", "no"].into_iter().collect();
        let valid = Some(vec![true, true, true, true, true, true, true, false]);
        assert_eq!(
            array(SqlType::Text, Data::Text(texts), valid),
            r#"{a,"","null","a b","q\"\\","x{,}",ü,NULL}"#
        );
        assert_eq!(array(SqlType::Int, Data::Int(vec![]), None), "{}");
        assert_eq!(array(SqlType::numeric(5, 2), Data::Int(vec![-5, 12345]), None), "{-0.05,123.45}");
        assert_eq!(array(SqlType::Boolean, Data::Bool(vec![true, false]), None), "{t,f}");
        assert_eq!(array(SqlType::Date, Data::Int(vec![0]), None), "{1970-01-01}");
        assert_eq!(array(SqlType::Timestamptz, Data::Int(vec![0]), None), r#"{"1970-01-01 00:00:00+00"}"#);
        assert_eq!(
            array(SqlType::Bytea, Data::Text([[1u8, 255]].into_iter().collect()), None),
            r#"{"\\x01ff"}"#
        );
        let intervals = vec![
            Interval { months: 0, days: 1, micros: 0 },
            Interval { months: 0, days: 0, micros: 3_600_000_000 },
        ];
        assert_eq!(array(SqlType::Interval, Data::Interval(intervals), None), r#"{"1 day",01:00:00}"#);
    }
}
