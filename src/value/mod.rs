//! The types of SQL, and vectors of their values.
//!
//! Inside datagen a batch's column is a [`Vector`]: the cheapest layout that can become Arrow at
//! the border. Decimals, dates and timestamps are integers until their last digit; text is one
//! buffer with offsets, or codes into a dictionary. [`text`] writes values as PostgreSQL prints
//! them, [`parse`] reads them.

pub mod civil;
pub(crate) mod divisor;
pub mod parse;
mod rows;
mod sql_type;
pub mod text;
mod vector;
pub(crate) mod words;

pub use rows::Rows;
pub(crate) use rows::pieces;
pub use sql_type::{EnumType, Layout, SqlType};
pub(crate) use vector::Places;
pub use vector::{Data, Dictionary, Interval, List, Texts, Vector};
