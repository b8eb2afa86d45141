//! Draws up a spec from what people have already: SQL's CREATE TABLE statements, samples of data, or a live PostgreSQL.
//!
//! All ways lead to a [`Sketch`](sketch::Sketch), which is written as YAML and then tried: it is planned, and the first rows
//! of each table are generated. What the plan or a row refuses is replaced by a second choice, or left out and said, so that
//! what comes out validates and generates.

mod catalog;
mod ddl;
mod sample;
mod shape;
mod sketch;
mod texts;
mod try_out;
mod yaml;

use crate::diagnostic::Diagnostic;

pub use catalog::{CatalogError, Options, Selection, from_catalog};
pub use ddl::from_ddl;
pub use sample::{Literals, Sample, Unreadable, from_samples, read_csv, read_jsonl, read_parquet};

/// A spec that was drawn up.
#[derive(Clone, Debug)]
pub struct DrawnUp {
    /// Its text.
    pub spec: String,
    /// What could not be taken over, one warning each. The spec says the same in comments.
    pub warnings: Vec<Diagnostic>,
}
