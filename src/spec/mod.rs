//! What the user wrote: plain data with spans. It knows no generators.
//!
//! [`Node`] is the document as a tree, [`Spec`] what it says: every short form in its one long form, names not yet looked
//! up. [`BUILTINS`] are the specs that come with the program.

mod arguments;
mod builtin;
mod choice;
mod builtin_calendars;
mod calendar;
mod column;
mod data;
mod datagen_cli;
mod delimited;
mod document;
mod fields;
mod history;
mod layout;
mod grammar;
mod lower;
mod model;
mod modifiers;
mod moments;
mod node;
mod noise;
mod one_of;
mod reuse;
mod nulls;
mod rows;
mod schema;
mod series;
mod sql_column;
mod ticks;
mod type_name;

pub use arguments::{Argument, Arguments, Parameter, ParameterKind, Refusal};
pub use builtin::{BUILTINS, Builtin, builtin};
pub use builtin_calendars::{BUILTIN_CALENDARS, BuiltinCalendar, builtin_calendar};
pub use calendar::{CalendarSpec, CalendarUse, DayWeight};
pub use choice::{ParentChoice, Roots, TreeSpec, WithinSpec};
pub use column::GENERATORS;
pub use data::{DataColumn, DataSpec, FileSpec, Ignore};
pub use fields::parse_count;
pub use history::{HistorySpec, VersionsSpec};
pub use layout::canonical;
pub use model::{
    At, BadSpec, Band, Call, Case, CaseValue, CheckSpec, CodeClass, CodePart, ColumnSpec, DeclaredType,
    Element, ForeignKeySpec, Generator, GrammarSpec, IdentitySpec, IndexSpec, KeySpec, LengthSpec, Member,
    Modifiers, NullGroup, OneOfKeySpec, Outside, Param, PerSpec, PoolSpec, QuotaSpec, Reference, Rounding,
    RuleSpec, SequenceSpec, Spec, TableSpec, UuidVersion, Weighted,
};
pub use moments::{Along, MomentsSpec};
pub use node::{Key, Node, Value};
pub use noise::{DuplicatesSpec, GapsSpec, NoiseOf, NoiseSpec};
pub use one_of::{OneOfSpec, OneOfTable};
pub use rows::{DatesSpec, EachSpec, Factor, RowsSpec, SampleSize, SampleSpec, ScalePoint};
pub use schema::json_schema;
pub use series::{ClusteringSpec, Period, Rate, SeasonSpec, SeriesSpec, WalkSpec, year_micros};
pub use sql_column::named_type;
pub use ticks::TicksSpec;
pub use type_name::{TypeName, read_type, types};
