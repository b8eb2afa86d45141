//! `datagen spec`: the built-in specs: which there are, what is in them, and their text to start from.

mod export;
mod list;
mod show;

use super::error::Error;
use super::input::{self, Changes, Planned};
use super::{Session, Subcommand};
use crate::plan::Plan;
use crate::spec::Builtin;

/// The built-in specs: list them, show what is in one, or export it to change it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen spec list
  datagen spec show tpch
  datagen spec export ecommerce -o shop.yaml")]
pub struct Spec {
    #[command(subcommand)]
    action: Action,
}

/// What is asked about them; one file each.
#[derive(Debug, clap::Subcommand)]
enum Action {
    List(list::List),
    Show(show::Show),
    Export(export::Export),
}

impl Subcommand for Spec {
    const NAME: &'static str = "spec";

    fn run(self, session: &Session) -> Result<(), Error> {
        match self.action {
            Action::List(list) => list.run(session),
            Action::Show(show) => show.run(session),
            Action::Export(export) => export.run(session),
        }
    }
}

/// The plan of a built-in spec as it is, at scale 1.
fn planned(builtin: &Builtin, session: &Session) -> Result<Planned, Error> {
    input::planned(input::text_of(builtin), &Changes::default(), session)
}

/// Rows of all tables that are written.
fn written_rows(plan: &Plan) -> u64 {
    plan.order.iter().map(|table| plan.tables[*table].rows).sum()
}
