//! Draws up a spec from what people have already: SQL's CREATE TABLE statements, or samples of data.
//!
//! Both ways lead to a [`Sketch`](sketch::Sketch), which is written as YAML and then tried: it is planned, and the first rows
//! of each table are generated. What the plan or a row refuses is replaced by a second choice, or left out and said, so that
//! what comes out validates and generates.

mod ddl;
mod sample;
mod sketch;
mod try_out;
mod yaml;

use crate::diagnostic::Diagnostic;

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
