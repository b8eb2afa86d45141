//! What will run: types resolved, columns bound to code, row counts known, every refusal already made.
//!
//! [`plan`] goes through the spec in four steps: [`settle`] (parameters, types, keys, links), [`counts`] (row
//! counts and the arithmetic of links, with [`shapes`], [`dates`] and [`given`]), [`generators`] with [`ranges`], [`texts`],
//! [`grammars`], [`arrays`], [`documents`]
//! and [`computed`] (each column's code, expressions compiled) and [`order`] (cycles of columns, order of
//! tables). Problems are collected; a step is entered only if those before it found none that would make its messages
//! misleading. Nothing after the plan can find fault with the spec.

mod among;
mod arrays;
mod assemble;
mod bands;
mod choices;
mod codes;
mod combine;
mod computed;
mod constraints;
mod correlation;
mod counts;
mod dates;
mod ddl;
mod diamonds;
mod dialect;
mod distinct;
mod documents;
mod draft;
#[cfg(test)]
pub(crate) mod fixture;
mod generators;
mod given;
mod graph;
mod grammars;
mod groups;
mod history;
mod indexes;
mod infer;
mod keeping;
mod keys;
mod lengths;
mod links;
mod model;
mod modifiers;
mod moments;
mod names;
mod noise;
mod one_of;
mod one_way;
mod nulls;
mod order;
mod origin;
mod ranges;
mod schema;
mod series;
mod settle;
mod shapes;
mod targets;
mod texts;
mod ticks;
mod trees;
mod valid_at;
mod wholes;

pub use assemble::{plan, row_counts};
pub use choices::{Choice, Spread};
pub use ddl::{Object, ObjectKind, Script, Section, Stage, objects};
pub use dialect::{Dialect, Stored};
pub use draft::Overrides;
pub use graph::{dot, mermaid};
pub(crate) use indexes::index_element;
pub use infer::{NAME_RULES, NameRule, ORDER_RULES, OrderRule, inferred_bounds, name_meanings};
pub use model::{
    Aggregation, ForeignKey, Identity, Index, Input, Link, Moment, NamedCheck, Plan, PlannedColumn,
    SiblingKey, Table, Target, Unique, UnprovedIndex, Windowed,
};
pub use schema::json_schema;
