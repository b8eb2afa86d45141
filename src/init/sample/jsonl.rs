//! JSON lines: an object on each line.

use super::{Cell, Sample, Unreadable};
use serde_json::Value;
use std::io::BufRead;

/// Reads a file of JSON lines to its end. Objects and lists within become jsonb; a key that is missing is null.
///
/// # Errors
/// When it cannot be read, or a line is no object.
pub fn read_jsonl(name: &str, file: &str, reader: impl BufRead) -> Result<Sample, Unreadable> {
    let mut sample = Sample::new(name, file);
    for (number, line) in reader.lines().enumerate() {
        let number = number as u64 + 1;
        let line = line.map_err(|cause| Unreadable::at(number, crate::sink::system_words(&cause)))?;
        if line.trim().is_empty() {
            continue;
        }
        let value: Value = serde_json::from_str(&line)
            .map_err(|error| Unreadable::at(number, format!("this is not JSON: {error}")))?;
        let Value::Object(object) = value else {
            return Err(Unreadable::at(
                number,
                "each line is an object, such as {\"id\": 1, \"name\": \"x\"}",
            ));
        };
        for key in object.keys() {
            if !sample.columns.iter().any(|column| column.name == *key) {
                sample.add_column(key, None);
            }
        }
        if sample.rows == 0 {
            sample.watch_pairs();
        }
        // Numbers and what is nested, as text that lives as long as the row.
        let texts: Vec<Option<String>> =
            sample.columns.iter().map(|column| shown(object.get(&column.name))).collect();
        let columns: Vec<&str> = sample.columns.iter().map(|column| column.name.as_str()).collect();
        let cells: Vec<Cell> =
            columns.iter().zip(&texts).map(|(name, text)| cell(object.get(*name), text.as_deref())).collect();
        sample.row(&cells);
    }
    Ok(sample)
}

fn shown(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.map(Value::to_string),
        Value::Null | Value::Bool(_) => None,
    }
}

fn cell<'a>(value: Option<&Value>, text: Option<&'a str>) -> Cell<'a> {
    match (value, text) {
        (Some(Value::Bool(value)), _) => Cell::Bool(*value),
        (Some(Value::String(_)), Some(text)) => Cell::Text(text),
        (Some(Value::Number(_)), Some(text)) => Cell::Number(text),
        (Some(Value::Array(_) | Value::Object(_)), Some(text)) => Cell::Nested(text),
        _ => Cell::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_json() {
        let lines = "{\"a\": 1, \"b\": \"1\", \"c\": {\"x\": []}, \"d\": true}\n\n{\"a\": null, \"e\": \"2024-01-01\", \"d\": false}\n";
        let sample = read_jsonl("t", "t.jsonl", lines.as_bytes()).expect("readable");
        let types: Vec<String> = sample
            .columns
            .iter()
            .map(|column| format!("{} {} {}", column.name, column.sql_type(false), column.nulls))
            .collect();
        assert_eq!(types, ["a integer 1", "b text 1", "c jsonb 1", "d boolean 0", "e date 1"]);
    }

    #[test]
    fn a_line_that_is_no_object_is_refused() {
        let refused =
            |text: &str| read_jsonl("t", "t.jsonl", text.as_bytes()).err().and_then(|error| error.line);
        assert_eq!(refused("{\"a\": 1}\n[1]\n"), Some(2));
        assert_eq!(refused("{\"a\": 1\n"), Some(1));
    }
}
