//! JSON documents: objects of members that are made like columns, and other values as JSON.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::random::{Key, mix, to_unit};
use crate::value::{Data, SqlType, Texts, Vector, text};

/// Between elements, as jsonb prints them.
const SEPARATOR: &str = ", ";

/// A JSON object.
pub struct Object {
    /// Its members, in the order in which they are written.
    pub members: Vec<Member>,
}

/// A member of an object.
pub struct Member {
    /// What stands before its value: `"name": `.
    pub label: Vec<u8>,
    /// What makes its values.
    pub column: Box<dyn Column>,
    /// Their type.
    pub sql_type: SqlType,
    /// The share of rows without the member, and its draws.
    pub absent: Option<(f64, Key)>,
}

impl Member {
    /// A member of that name.
    pub fn new(name: &str, column: Box<dyn Column>, sql_type: SqlType, absent: Option<(f64, Key)>) -> Self {
        let mut label = Vec::new();
        text::json_string(&mut label, name);
        label.extend_from_slice(b": ");
        Self { label, column, sql_type, absent }
    }
}

impl Column for Object {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let rows = batch.rows();
        let values = self.members.iter().map(|member| member.column.fill(batch));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        let mut texts = Texts::with_capacity(rows.len(), rows.len() * 32 * self.members.len());
        for at in 0..rows.len() {
            let out = texts.buffer();
            out.push(b'{');
            let mut is_first = true;
            for (member, vector) in self.members.iter().zip(&values) {
                if member.absent.is_some_and(|(share, key)| to_unit(mix(key, rows.get(at))) < share) {
                    continue;
                }
                if !is_first {
                    out.extend_from_slice(SEPARATOR.as_bytes());
                }
                is_first = false;
                out.extend_from_slice(&member.label);
                match vector.is_valid(at) {
                    true => text::json(out, &member.sql_type, vector, at, SEPARATOR),
                    false => out.extend_from_slice(b"null"),
                }
            }
            out.push(b'}');
            texts.finish();
        }
        Ok(Data::Text(texts).into())
    }
}

/// Values of another column as JSON; nulls stay nulls.
pub struct AsJson {
    /// What makes the values.
    pub inner: Box<dyn Column>,
    /// Their type.
    pub sql_type: SqlType,
}

impl Column for AsJson {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let vector = self.inner.fill(batch)?;
        let mut texts = Texts::with_capacity(vector.len(), vector.len() * 32);
        for at in 0..vector.len() {
            if vector.is_valid(at) {
                text::json(texts.buffer(), &self.sql_type, &vector, at, SEPARATOR);
            }
            texts.finish();
        }
        Ok(Vector { data: Data::Text(texts), valid: vector.valid })
    }
}
