//! Columns of tables whose rows are versions of entities.

use super::{Column, Subset};
use crate::expression::{Batch, Failure};
use crate::relation::{Periods, Relation, Versions};
use crate::value::{Data, Vector};
use std::sync::Arc;

/// Another column's values, drawn for other rows: those of the entity, or of the version that brought the value.
pub struct Kept {
    /// What makes the values.
    pub inner: Box<dyn Column>,
    /// From each row to the number that values are drawn by.
    pub origins: Arc<dyn Relation>,
}

impl Kept {
    /// The rows that values are drawn for instead.
    fn drawn<'b>(&self, batch: &'b dyn Batch) -> Subset<'b> {
        let len = batch.rows().len();
        let mut origins = Vec::with_capacity(len);
        self.origins.parents(batch.rows(), &mut origins);
        Subset::with_rows(batch, (0..len as u32).collect(), origins)
    }
}

impl Column for Kept {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        self.inner.fill(&self.drawn(batch))
    }

    fn cost(&self, input: &dyn Fn(usize) -> u32) -> u32 {
        self.inner.cost(input)
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        let story = self.inner.story(&self.drawn(batch))?;
        Ok(story.map(|story| format!("{story}, once for all versions that keep it")))
    }
}

/// When a version begins.
pub struct ValidFrom {
    /// When versions are valid.
    pub periods: Arc<Periods>,
}

impl Column for ValidFrom {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let begins = self.periods.of_rows(batch.rows()).into_iter().map(|(begin, _)| begin);
        Ok(Data::Int(begins.collect()).into())
    }
}

/// When a version ends; null in an entity's last one.
pub struct ValidTo {
    /// When versions are valid.
    pub periods: Arc<Periods>,
    /// From the beginning of the next version to what is written: 0, or a day or a microsecond less.
    pub offset: i64,
}

impl Column for ValidTo {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let ends: Vec<Option<i64>> =
            self.periods.of_rows(batch.rows()).into_iter().map(|(_, next)| next).collect();
        let valid = ends.iter().map(Option::is_some).collect();
        let ends = ends.into_iter().map(|end| end.map_or(0, |end| end + self.offset));
        Ok(Vector::new(Data::Int(ends.collect()), Some(valid)))
    }
}

/// What a row of such a table can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionCounter {
    /// The entity's number, from 1.
    Entity,
    /// The version's number within its entity, from 1.
    Version,
    /// How many versions the entity has.
    Versions,
}

impl VersionCounter {
    /// The word of expressions that names it.
    pub fn name(self) -> &'static str {
        match self {
            VersionCounter::Entity => "entity",
            VersionCounter::Version => "version",
            VersionCounter::Versions => "versions",
        }
    }

    /// The counter that a word of expressions names.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "entity" => Some(VersionCounter::Entity),
            "version" => Some(VersionCounter::Version),
            "versions" => Some(VersionCounter::Versions),
            _ => None,
        }
    }

    /// Its value in a row.
    pub fn of(self, versions: &Versions, row: u64) -> i64 {
        let (entity, ordinal) = versions.locate(row);
        match self {
            VersionCounter::Entity => entity as i64 + 1,
            VersionCounter::Version => ordinal as i64 + 1,
            VersionCounter::Versions => versions.count(entity) as i64,
        }
    }
}
