//! What stands between plan and run: relations that need generated values, and columns that have to be proved unique.

use super::prove::prove_unique;
use super::scope::Scope;
use super::{Options, Worker};
use crate::diagnostic::Diagnostic;
use crate::expression::Failure;
use crate::plan::{Choice, Plan};
use crate::random::{Absence, Key};
use crate::relation::{Chosen, FanOut, Optional, Relation, Selection, Tally};
use crate::value::Rows;
use std::sync::Arc;

/// Makes a plan ready to run: computes what `where` and `weight` ask of parents, then what shows that columns are unique.
/// Everything found wrong is told. To be called once, before the first row of a plan that [has choices](Plan::choices);
/// takes as long as making the columns that are asked about.
pub fn prepare(plan: &Plan) -> Result<(), Vec<Diagnostic>> {
    for choice in &plan.choices {
        let relation = match choice.weight {
            Some(_) => weighted(plan, choice),
            None => chosen(plan, choice),
        };
        // Others may stand on this one: nothing more can be said.
        choice.relation.fill(relation.map_err(|problem| vec![problem])?);
    }
    prove_unique(plan)
}

/// Only parents for which the condition holds.
fn chosen(plan: &Plan, choice: &Choice) -> Result<Arc<dyn Relation>, Diagnostic> {
    let mut rows = Selection::default();
    each_batch(plan, choice, |scope| {
        holds(choice, scope)?.into_iter().for_each(|holds| rows.push(holds));
        Ok(())
    })?;
    let count = rows.count();
    if count == 0 {
        return none(plan, choice, "no row of `{}` satisfies the condition");
    }
    let children = plan.tables[choice.table].rows;
    let inner = FanOut::new(children, count, &choice.shape, choice.key).map_err(|refusal| {
        let message =
            format!("of `{}`, {count} rows satisfy the condition: {}", parent(plan, choice), refusal.message);
        Diagnostic::new(choice.span, message).help("give it more rows that do, or widen the condition")
    })?;
    Ok(Arc::new(Chosen::new(Arc::new(inner), rows)))
}

/// Parents in proportion to their weights.
fn weighted(plan: &Plan, choice: &Choice) -> Result<Arc<dyn Relation>, Diagnostic> {
    let mut weights: Vec<f64> = Vec::new();
    let expression = choice.weight.as_ref().expect("it has a weight");
    each_batch(plan, choice, |scope| {
        let values = expression.evaluate(scope)?;
        let holds = holds(choice, scope)?;
        for (at, weight) in values.floats().iter().enumerate() {
            let weight = if values.is_valid(at) && holds[at] { *weight } else { 0.0 };
            if !(weight.is_finite() && weight >= 0.0) {
                let message =
                    format!("the weight {weight} of row {} is not a number from 0 up", weights.len() + 1);
                return Err(Failure { message, at: None, place: Some(parent(plan, choice).to_owned()) });
            }
            weights.push(weight);
        }
        Ok(())
    })?;
    if !weights.iter().any(|weight| *weight > 0.0) {
        return none(plan, choice, "no row of `{}` has a weight above 0");
    }
    Ok(Arc::new(Tally::new(plan.tables[choice.table].rows, &weights, choice.key)))
}

/// There is nobody to refer to: all references are null, or it is a problem.
fn none(plan: &Plan, choice: &Choice, why: &str) -> Result<Arc<dyn Relation>, Diagnostic> {
    let children = plan.tables[choice.table].rows;
    if choice.is_optional || children == 0 {
        let nobody = FanOut::new(0, 0, &choice.shape, choice.key).expect("nobody refers to nobody");
        return Ok(Arc::new(Optional::new(Arc::new(nobody), Absence::of(Key::from_raw(0, 0), 1.0))));
    }
    let problem = Diagnostic::new(choice.span, why.replace("{}", parent(plan, choice)));
    Err(problem.help("let the reference be null, or make rows that do"))
}

/// Asks batch after batch of the parents.
fn each_batch(
    plan: &Plan,
    choice: &Choice,
    mut visit: impl FnMut(&Scope) -> Result<(), Failure>,
) -> Result<(), Diagnostic> {
    let options = Options::default();
    let worker = Worker::new(plan, options);
    let table = plan.tables[choice.table].links[choice.link].table;
    let rows = plan.tables[table].rows;
    for start in (0..rows).step_by(options.batch_rows) {
        let len = (rows - start).min(options.batch_rows as u64) as usize;
        let scope = Scope::new(&worker, table, Rows::Range { start, len });
        visit(&scope).map_err(|failure| Diagnostic::new(choice.span, failure.to_string()))?;
    }
    Ok(())
}

/// For which of the parents the condition holds; null does not.
fn holds(choice: &Choice, scope: &Scope) -> Result<Vec<bool>, Failure> {
    use crate::expression::Batch;
    let Some(condition) = &choice.condition else { return Ok(vec![true; scope.rows().len()]) };
    let values = condition.evaluate(scope)?;
    Ok((0..values.len()).map(|at| values.is_valid(at) && values.bools()[at]).collect())
}

fn parent<'p>(plan: &'p Plan, choice: &Choice) -> &'p str {
    &plan.tables[plan.tables[choice.table].links[choice.link].table].name
}
