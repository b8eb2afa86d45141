//! What will run: types resolved, columns bound to code, row counts known, every refusal already made.

mod ddl;
mod model;

pub use ddl::{Script, Section};
pub use model::{
    Aggregation, ForeignKey, Identity, Index, Input, Link, NamedCheck, Plan, PlannedColumn, Table, Target,
    Unique,
};
