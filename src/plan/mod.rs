//! What will run: types resolved, columns bound to code, row counts known, every refusal already made.
//!
//! [`plan`] goes through the spec in four steps: [`settle`] (parameters, types, keys, links), [`counts`] (row
//! counts and the arithmetic of links, with [`shapes`], [`dates`] and [`given`]), [`generators`] with [`ranges`], [`texts`],
//! [`grammars`], [`arrays`], [`documents`]
//! and [`computed`] (each column's code, expressions compiled) and [`order`] (cycles of columns, order of
//! tables). Problems are collected; a step is entered only if those before it found none that would make its messages
//! misleading. Nothing after the plan can find fault with the spec.

mod arrays;
mod assemble;
mod bands;
mod combine;
mod computed;
mod correlation;
mod counts;
mod dates;
mod ddl;
mod diamonds;
mod documents;
mod draft;
mod generators;
mod given;
mod grammars;
mod groups;
mod infer;
mod lengths;
mod model;
mod modifiers;
mod names;
mod order;
mod ranges;
mod settle;
mod shapes;
mod texts;

pub use assemble::plan;
pub use ddl::{Script, Section};
pub use draft::Overrides;
pub use infer::{NAME_RULES, NameRule, inferred_bounds};
pub use model::{
    Aggregation, ForeignKey, Identity, Index, Input, Link, NamedCheck, Plan, PlannedColumn, Table, Target,
    Unique,
};
