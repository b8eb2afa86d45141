//! What will run: types resolved, columns bound to code, row counts known, every refusal already made.

mod ddl;
mod model;

pub use ddl::{Script, Section};
pub use model::{
    Aggregation, ForeignKey, Identity, Index, Input, Link, NamedCheck, Plan, PlannedColumn, Table, Target,
    Unique,
};

/// What the command line changes.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--scale`.
    pub scale: Option<f64>,
    /// `--rows`.
    pub rows: Vec<(String, u64)>,
    /// `--param`.
    pub params: Vec<(String, String)>,
}

/// Plans a spec.
pub fn plan(
    spec: &crate::spec::Spec,
    overrides: &Overrides,
) -> Result<Plan, Vec<crate::diagnostic::Diagnostic>> {
    let seed = overrides.seed.unwrap_or(spec.seed);
    Ok(Plan { seed, types: vec![], tables: vec![], order: vec![] })
}
