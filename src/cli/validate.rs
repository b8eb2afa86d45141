//! `datagen validate`: reads and plans a spec, and says everything that is wrong with it.

use super::error::Error;
use super::explain::{Refusal, theme};
use super::input::{self, Changes, Input};
use super::summary::{count, rows};
use super::{Session, Subcommand, print};
use crate::diagnostic::{Diagnostic, Sources};
use serde_json::{Value, json};

/// Check a spec without generating anything
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen validate shop.yaml
  datagen validate --json shop.yaml     # one object, with a list of problems, on standard output

Ends with 0 when the spec is good, with 2 when it is not. `datagen explain MESSAGE` tells what is behind a message.")]
pub struct Validate {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    changes: Changes,
    /// Print the problems as JSON: file, line, column, message, help, theme
    #[arg(long, help_heading = "Output")]
    json: bool,
}

impl Subcommand for Validate {
    const NAME: &'static str = "validate";

    fn run(self, session: &Session) -> Result<(), Error> {
        let text = self.input.read(&session.config)?;
        let name = text.name.clone();
        let planned = input::plan(text, &self.changes, session);
        if self.json {
            let (problems, sources) = match &planned {
                Ok(_) => (&[][..], &Sources::new()),
                Err(error) => (&error.problems[..], &error.sources),
            };
            let problems: Vec<Value> = problems.iter().map(|problem| as_json(problem, sources)).collect();
            let report = json!({ "spec": name, "valid": problems.is_empty(), "problems": problems });
            print(&format!("{report:#}\n"))?;
            // What is wrong has been said, in the way that was asked for.
            return planned.map(drop).map_err(|error| Error { problems: vec![], counted: None, ..error });
        }
        let plan = planned?;
        let total = plan.order.iter().map(|table| plan.tables[*table].rows).sum();
        print(&format!("{name}: ok, {}, {}\n", count(plan.order.len() as u64, "table"), rows(total)))
    }
}

/// A problem for a program; places as editors count them.
fn as_json(problem: &Diagnostic, sources: &Sources) -> Value {
    let place = problem.span.map(|span| {
        (sources.locate(span), sources.locate(crate::diagnostic::Span { start: span.end, ..span }))
    });
    json!({
        "file": place.as_ref().map(|(start, _)| &start.file),
        "line": place.as_ref().map(|(start, _)| start.line),
        "column": place.as_ref().map(|(start, _)| start.column),
        "end_line": place.as_ref().map(|(_, end)| end.line),
        "end_column": place.as_ref().map(|(_, end)| end.column),
        "message": problem.message,
        "help": problem.help,
        "theme": theme(&problem.message).map(Refusal::name),
    })
}
