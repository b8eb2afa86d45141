//! The only threads: chunks computed out of order, bytes written in order, memory bounded.
//!
//! A [`Run`] is a list of streams, each a list of [`Chunks`] that go to one target. All chunks of all streams
//! are one numbered list of work, so that no core waits at the end of a table; [`in_order`] does it. The calling
//! thread writes.

mod chunks;
mod estimate;
mod ordered;
mod run;
mod sizing;

pub use chunks::{Chunk, Chunks, Part, Segment};
pub use estimate::{Estimate, Measure, estimate, measure, script_bytes};
pub use ordered::{Crew, Stop, Work, in_order};
pub use run::{Error, Observer, Run, Share, Stream, run};
pub use sizing::{Fit, Misfit, Output, scale_for};
