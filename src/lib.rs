//! datagen turns a declarative spec into a relational database full of believable data.
//!
//! The one idea everything stands on: **a cell is a pure function of its coordinates**,
//! `cell = f(spec, seed, table, column, row)`. Nothing is remembered between rows, so the
//! bytes are the same for any number of threads, any batch size and any slicing, and memory
//! depends on threads and batch size, never on rows. `docs/ARCHITECTURE.md` has the tour.
//!
//! The modules stand in the order below, and each uses only those above it
//! (`tests/architecture.rs` keeps it so).

pub mod diagnostic;
pub mod random;
pub mod value;
pub mod spec;
pub mod fake;
pub mod distribution;
pub mod calendar;
pub mod relation;
pub mod expression;
pub mod column;
pub mod noise;
pub mod plan;
pub mod generate;
pub mod encode;
pub mod sink;
pub mod server;
pub mod pipeline;
pub mod verify;
pub mod load;
pub mod init;
pub mod cli;
