//! Keys from names; draws from (key, row); permutations and their inverses.
//!
//! Everything random in datagen goes through here, and none of it has state: a [`Key`] is derived
//! from the seed and from *names* (so adding a column leaves the others as they were), and a draw
//! from a key and a *row number* (so any row can be computed first, last, alone or twice).

mod absence;
mod alias;
mod draw;
mod key;
mod permutation;

pub use absence::Absence;
pub use alias::Alias;
pub use draw::{CellRng, below, mix, to_unit};
pub use key::Key;
pub use permutation::Permutation;
