//! Values as JSON, spaced as PostgreSQL spaces it.

use super::{timestamp, value};
use crate::value::{Data, SqlType, Vector};

/// A value that is not null as JSON. `separator` stands between the elements of an array.
///
/// # Panics
/// When the vector's layout is not the type's.
pub fn json(out: &mut Vec<u8>, sql_type: &SqlType, vector: &Vector, at: usize, separator: &str) {
    match (sql_type, &vector.data) {
        (SqlType::Json | SqlType::Jsonb, _) => out.extend_from_slice(vector.text(at)),
        (SqlType::Boolean, Data::Bool(values)) => {
            out.extend_from_slice(if values[at] { b"true" } else { b"false" });
        }
        (SqlType::Real | SqlType::Double, Data::Float(values)) if !values[at].is_finite() => {
            printed_string(out, sql_type, vector, at);
        }
        (sql_type, _) if sql_type.is_number() => value(out, sql_type, vector, at),
        (SqlType::Timestamp | SqlType::Timestamptz, Data::Int(values)) => {
            let mut printed = Vec::new();
            timestamp(&mut printed, values[at]);
            // ISO 8601: a T in between, and the zone in full.
            if let Some(space) = printed.iter().position(|byte| *byte == b' ') {
                printed[space] = b'T';
            }
            out.push(b'"');
            out.extend_from_slice(&printed);
            if *sql_type == SqlType::Timestamptz {
                out.extend_from_slice(b"+00:00");
            }
            out.push(b'"');
        }
        (SqlType::Array(of), Data::List(list)) => {
            out.push(b'[');
            for (number, element) in (list.offsets[at]..list.offsets[at + 1]).enumerate() {
                if number > 0 {
                    out.extend_from_slice(separator.as_bytes());
                }
                if list.values.is_valid(element as usize) {
                    json(out, of, &list.values, element as usize, separator);
                } else {
                    out.extend_from_slice(b"null");
                }
            }
            out.push(b']');
        }
        (SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Enum(_) | SqlType::Inet, _) => {
            json_string(out, std::str::from_utf8(vector.text(at)).expect("text is UTF-8"));
        }
        _ => printed_string(out, sql_type, vector, at),
    }
}

fn printed_string(out: &mut Vec<u8>, sql_type: &SqlType, vector: &Vector, at: usize) {
    let mut printed = Vec::new();
    value(&mut printed, sql_type, vector, at);
    json_string(out, std::str::from_utf8(&printed).expect("values print as UTF-8"));
}

/// A JSON string.
pub fn json_string(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("a string can be written to memory");
}
