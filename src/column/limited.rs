//! Text that is too long for its column ends the run instead of being cut.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::value::{SqlType, Vector};

/// Checks the length of another column's text.
pub struct Limited {
    /// What makes the text.
    pub inner: Box<dyn Column>,
    /// Most characters.
    pub limit: u32,
    /// The column's type, for messages.
    pub sql_type: SqlType,
}

impl Column for Limited {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let vector = self.inner.fill(batch)?;
        for at in 0..vector.len() {
            let text = vector.text(at);
            // Bytes are at least as many as characters, so most texts need no counting.
            if text.len() > self.limit as usize && vector.is_valid(at) {
                let text = String::from_utf8_lossy(text);
                if text.chars().count() > self.limit as usize {
                    return Err(Failure::at(
                        at,
                        format!("value too long for type {}: `{text}`", self.sql_type),
                    ));
                }
            }
        }
        Ok(vector)
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        self.inner.story(batch)
    }
}
