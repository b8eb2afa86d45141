//! References between tables as arithmetic: child row -> parent row and back, without memory.

use crate::value::Rows;

/// How the rows of a child table refer to the rows of a parent table, in both directions.
pub trait Relation: Send + Sync {
    /// Rows of the child table.
    fn children(&self) -> u64;
    /// Appends the parent row of each child row; `u64::MAX` where there is none (the first row of `earlier`).
    fn parents(&self, rows: &Rows, out: &mut Vec<u64>);
    /// How many child rows refer to a parent row.
    fn child_count(&self, parent: u64) -> u64;
    /// Visits the child rows of a parent row, always in the same order; stops when `visit` returns false. Takes time in
    /// proportion to the answer.
    fn visit_children(&self, parent: u64, visit: &mut dyn FnMut(u64) -> bool);
    /// For rows generated per parent, the child row's number among its siblings, from 0; else 0.
    fn ordinal(&self, _child: u64) -> u64 {
        0
    }
}
mod optional;
mod through;
use crate::distribution::Distribution;
use crate::random::Key;
use crate::spec::Refusal;
pub use optional::Optional;
pub use through::Through;
pub struct CountShape {
    pub distribution: Option<Box<dyn Distribution>>,
    pub min: u64,
    pub max: u64,
    pub mean: Option<f64>,
}
pub enum FanOutShape {
    Uniform,
    Even,
    Zipf { s: f64 },
    Shape(Box<dyn Distribution>),
    OneToOne,
}
pub struct FanOut;
pub struct Earlier;
pub struct PerParent;
impl FanOut {
    pub fn new(_c: u64, _p: u64, _s: FanOutShape, _k: Key) -> Self {
        FanOut
    }
}
impl Earlier {
    pub fn new(_c: u64, _k: Key) -> Self {
        Earlier
    }
}
impl PerParent {
    pub fn new(_c: u64, _s: CountShape, _k: Key) -> Result<Self, Refusal> {
        Ok(PerParent)
    }
}
macro_rules! st { ($($t:ident)*) => {$(impl Relation for $t { fn children(&self)->u64{0} fn parents(&self,_r:&Rows,_o:&mut Vec<u64>){} fn child_count(&self,_p:u64)->u64{0} fn visit_children(&self,_p:u64,_v:&mut dyn FnMut(u64)->bool){} })*} }
st!(FanOut Earlier PerParent);
