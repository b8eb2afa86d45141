//! What the user wrote: plain data with spans. It knows no generators.

mod arguments;

pub use arguments::{Argument, Arguments, Parameter, ParameterKind, Refusal};
