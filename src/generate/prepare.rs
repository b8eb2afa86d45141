//! What stands between plan and run: relations that need generated values or lists of rows, and columns that have to be proved unique.

use super::prove::prove_unique;
use super::scope::Scope;
use super::{Options, Worker};
use crate::diagnostic::{Diagnostic, grouped};
use crate::expression::{Batch, Failure};
use crate::plan::{Choice, Plan, Spread};
use crate::random::{Absence, Key};
use crate::relation::{
    Among, Chosen, Distinct, DrawnAmong, FanOut, FanOutShape, Groups, Lists, NO_PARENT, Optional, Relation,
    Selection, Tally, Weights,
};
use crate::value::Rows;
use std::sync::Arc;

/// Makes a plan ready to run: computes what `where` and `weight` ask of parents and lists
/// those of groups, then what shows that columns are unique.
/// Everything found wrong is told. To be called once, before the first row of a plan that [has choices](Plan::choices);
/// takes as long as making the columns that are asked about.
pub fn prepare(plan: &Plan) -> Result<(), Vec<Diagnostic>> {
    for choice in &plan.choices {
        let relation = match &choice.spread {
            Spread::Over(_) if choice.weight.is_some() => weighted(plan, choice),
            Spread::Over(shape) => chosen(plan, choice, shape),
            Spread::Distinct { group, groups, most, shape } => {
                let of = Families { group, groups: *groups, most: *most };
                distinct(plan, choice, &of, shape)
            }
            Spread::Among { own, members, distinct, one_way } => {
                among(plan, choice, own, members, distinct.clone(), *one_way)
            }
        };
        // Others may stand on this one: nothing more can be said.
        choice.relation.fill(relation.map_err(|problem| vec![problem])?);
    }
    prove_unique(plan)
}

/// Only parents for which the condition holds.
fn chosen(plan: &Plan, choice: &Choice, shape: &FanOutShape) -> Result<Arc<dyn Relation>, Diagnostic> {
    let (rows, _) = admitted(plan, choice)?;
    let count = rows.count();
    if count == 0 {
        return none(plan, choice);
    }
    let inner = spread(plan, choice, shape, count)?;
    Ok(Arc::new(Chosen::new(Arc::new(inner), rows)))
}

/// Parents in proportion to their weights.
fn weighted(plan: &Plan, choice: &Choice) -> Result<Arc<dyn Relation>, Diagnostic> {
    let mut weights: Vec<f64> = Vec::new();
    each_batch(plan, choice, |_, of| weights.extend(of))?;
    if !weights.iter().any(|weight| *weight > 0.0) {
        return none(plan, choice);
    }
    Ok(Arc::new(Tally::new(plan.tables[choice.table].rows, &weights, choice.key)))
}

/// Rows that refer to different parents, by group.
struct Families<'c> {
    group: &'c Arc<dyn Relation>,
    groups: u64,
    most: u64,
}

/// Of the parents that may be chosen different ones within a group.
fn distinct(
    plan: &Plan,
    choice: &Choice,
    of: &Families,
    shape: &FanOutShape,
) -> Result<Arc<dyn Relation>, Diagnostic> {
    let (rows, weights) = admitted(plan, choice)?;
    let count = rows.count();
    if count == 0 {
        return none(plan, choice);
    }
    if of.most > count {
        let message = format!(
            "`distinct`: up to {} rows share a group, but only {} rows of `{}` may be chosen",
            grouped(of.most),
            grouped(count),
            parent(plan, choice)
        );
        let problem = Diagnostic::new(choice.span, message);
        return Err(problem.help("let more of them be chosen, or fewer rows share a group"));
    }
    let (group, key) = (of.group.clone(), choice.key.child("groups"));
    let inner = match choice.weight {
        Some(_) => Distinct::weighted(group, of.groups, of.most, Weights::new(&weights, choice.key), key),
        None => Distinct::new(group, of.groups, of.most, spread(plan, choice, shape, count)?, key),
    };
    Ok(Arc::new(Chosen::new(Arc::new(inner), rows)))
}

/// Those of the row's groups that may be chosen.
fn among(
    plan: &Plan,
    choice: &Choice,
    own: &Groups,
    members: &Groups,
    distinct: Option<Arc<dyn Relation>>,
    one_way: bool,
) -> Result<Arc<dyn Relation>, Diagnostic> {
    let mut listed: Vec<(u64, u32, f64)> = Vec::new();
    each_batch(plan, choice, |rows, weights| {
        let groups = members.of(rows);
        let of_rows = groups.into_iter().zip(weights).enumerate();
        let of_groups = of_rows.filter(|(_, (group, weight))| *group != NO_PARENT && **weight > 0.0);
        listed.extend(of_groups.map(|(at, (group, weight))| (group, rows.get(at) as u32, *weight)));
    })?;
    let lists = Lists::new(listed);
    if lists.count() == 0 {
        return none(plan, choice);
    }
    if one_way {
        return Ok(Arc::new(DrawnAmong::new(own.clone(), lists, choice.key)));
    }
    let is_weighted = choice.weight.is_some();
    Ok(Arc::new(Among::new(own.clone(), members.clone(), lists, distinct, is_weighted, choice.key)))
}

/// The rows spread over so many parents.
fn spread(plan: &Plan, choice: &Choice, shape: &FanOutShape, count: u64) -> Result<FanOut, Diagnostic> {
    let children = plan.tables[choice.table].rows;
    FanOut::new(children, count, shape, choice.key).map_err(|refusal| {
        let message =
            format!("of `{}`, {count} rows satisfy the condition: {}", parent(plan, choice), refusal.message);
        Diagnostic::new(choice.span, message).help("give it more rows that do, or widen the condition")
    })
}

/// There is nobody to refer to: all references are null, or it is a problem.
fn none(plan: &Plan, choice: &Choice) -> Result<Arc<dyn Relation>, Diagnostic> {
    let children = plan.tables[choice.table].rows;
    if choice.is_optional || children == 0 {
        let nobody = FanOut::new(0, 0, &FanOutShape::Even, choice.key).expect("nobody refers to nobody");
        return Ok(Arc::new(Optional::new(Arc::new(nobody), Absence::of(Key::from_raw(0, 0), 1.0))));
    }
    let parent = parent(plan, choice);
    let message = match (&choice.weight, &choice.condition) {
        (Some(_), _) => format!("no row of `{parent}` has a weight above 0"),
        (None, Some(_)) => format!("no row of `{parent}` satisfies the condition"),
        (None, None) => format!("no row of `{parent}` is in a group"),
    };
    Err(Diagnostic::new(choice.span, message).help("let the reference be null, or make rows that do"))
}

/// The parents that may be chosen, and their weights where the choice has some.
fn admitted(plan: &Plan, choice: &Choice) -> Result<(Selection, Vec<f64>), Diagnostic> {
    let (mut rows, mut chosen) = (Selection::default(), Vec::new());
    each_batch(plan, choice, |_, weights| {
        weights.iter().for_each(|weight| rows.push(*weight > 0.0));
        if choice.weight.is_some() {
            chosen.extend(weights.iter().filter(|weight| **weight > 0.0));
        }
    })?;
    Ok((rows, chosen))
}

/// Asks batch after batch of the parents for their weights: 0 where one may not be chosen, 1 where nothing weighs them.
fn each_batch(plan: &Plan, choice: &Choice, mut visit: impl FnMut(&Rows, &[f64])) -> Result<(), Diagnostic> {
    let options = Options::default();
    let worker = Worker::new(plan, options);
    let table = plan.tables[choice.table].links[choice.link].table;
    let rows = plan.tables[table].rows;
    for start in (0..rows).step_by(options.batch_rows) {
        let len = (rows - start).min(options.batch_rows as u64) as usize;
        let scope = Scope::new(&worker, table, Rows::Range { start, len });
        let weights = weights(plan, choice, &scope);
        let weights = weights.map_err(|failure| Diagnostic::new(choice.span, failure.to_string()))?;
        visit(scope.rows(), &weights);
    }
    Ok(())
}

/// How much each of the parents weighs; null weighs nothing, and so do those for which the condition does not hold.
fn weights(plan: &Plan, choice: &Choice, scope: &Scope) -> Result<Vec<f64>, Failure> {
    // Of those that may not be chosen a weight is not asked, but computed all the same: it fails where it must.
    let values = choice.weight.as_ref().map(|weight| weight.evaluate(scope)).transpose()?;
    let mut weights = holds(choice, scope)?;
    let Some(values) = values else { return Ok(weights) };
    for (at, weight) in weights.iter_mut().enumerate().filter(|(_, weight)| **weight > 0.0) {
        *weight = if values.is_valid(at) { values.floats()[at] } else { 0.0 };
        if !(weight.is_finite() && *weight >= 0.0) {
            let message =
                format!("the weight {weight} of row {} is not a number from 0 up", scope.rows().get(at) + 1);
            return Err(Failure { message, at: None, place: Some(parent(plan, choice).to_owned()) });
        }
    }
    Ok(weights)
}

/// 1 for parents for which the condition holds, else 0; null does not hold.
fn holds(choice: &Choice, scope: &Scope) -> Result<Vec<f64>, Failure> {
    let Some(condition) = &choice.condition else { return Ok(vec![1.0; scope.rows().len()]) };
    let values = condition.evaluate(scope)?;
    let holds = |at: usize| values.is_valid(at) && values.bools()[at];
    Ok((0..values.len()).map(|at| f64::from(u8::from(holds(at)))).collect())
}

fn parent<'p>(plan: &'p Plan, choice: &Choice) -> &'p str {
    &plan.tables[plan.tables[choice.table].links[choice.link].table].name
}
