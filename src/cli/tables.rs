//! Which of a plan's tables are asked for.

use super::error::Error;
use crate::diagnostic::{Diagnostic, closest};
use crate::plan::Plan;

/// The tables of those names, in writing order; all when none is named. Indexes into the plan's.
pub fn choose(plan: &Plan, names: &[String]) -> Result<Vec<usize>, Error> {
    let problems: Vec<Diagnostic> = names.iter().filter_map(|name| refusal(plan, name)).collect();
    if !problems.is_empty() {
        return Err(Error { problems, ..Error::usage("") });
    }
    let is_asked = |table: &usize| names.is_empty() || names.contains(&plan.tables[*table].name);
    Ok(plan.order.iter().copied().filter(is_asked).collect())
}

/// Why a table of that name cannot be written.
fn refusal(plan: &Plan, name: &str) -> Option<Diagnostic> {
    let written = || plan.order.iter().map(|table| plan.tables[*table].name.as_str());
    if written().any(|known| known == name) {
        return None;
    }
    if plan.tables.iter().any(|table| table.name == name) {
        let problem = Diagnostic::nowhere(format!("--table: `{name}` is hidden, so it is never written"));
        return Some(problem.help("remove `hidden: true` from the table to see it"));
    }
    let problem = Diagnostic::nowhere(format!("--table: there is no table `{name}`"));
    Some(match closest(name, written()) {
        Some(best) => problem.help(format!("did you mean `{best}`?")),
        None => problem.help(format!("the tables are {}", written().collect::<Vec<_>>().join(", "))),
    })
}
