//! Texts one after the other: a code of fixed parts, counters and random characters.

use super::Column;
use crate::expression::{Batch, Failure};
use crate::value::{Data, Texts, Vector};

/// Joins the texts of other columns.
pub struct Joined {
    /// What makes the parts.
    pub parts: Vec<Box<dyn Column>>,
}

impl Column for Joined {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let parts: Vec<Vector> = self.parts.iter().map(|part| part.fill(batch)).collect::<Result<_, _>>()?;
        let len = batch.rows().len();
        let mut texts = Texts::with_capacity(len, len * 16);
        for at in 0..len {
            for part in &parts {
                texts.buffer().extend_from_slice(part.text(at));
            }
            texts.finish();
        }
        Ok(Data::Text(texts).into())
    }
}
