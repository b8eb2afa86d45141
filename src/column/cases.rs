//! The first case whose condition holds makes the value.

use super::{Column, Subset};
use crate::expression::{Batch, Expression, Failure};
use crate::value::{SqlType, Vector};

/// `cases:` of a column; where no condition holds the value is null.
pub struct Cases {
    /// In order.
    pub branches: Vec<Branch>,
    /// The column's type.
    pub sql_type: SqlType,
}

/// A condition and what makes the value when it holds.
pub struct Branch {
    /// A boolean expression; `None` always holds.
    pub when: Option<Expression>,
    /// Makes the value.
    pub then: Box<dyn Column>,
    /// Both for people: `when status = 'paid': constant`.
    pub origin: String,
}

impl Column for Cases {
    fn fill(&self, batch: &dyn Batch) -> Result<Vector, Failure> {
        let len = batch.rows().len();
        let mut parts: Vec<(Vec<u32>, Vector)> = Vec::new();
        let mut left: Vec<u32> = (0..len as u32).collect();
        for branch in &self.branches {
            if left.is_empty() {
                break;
            }
            let (taken, rest) = branch.split(batch, left)?;
            left = rest;
            if taken.len() == len {
                return branch.then.fill(batch);
            }
            if !taken.is_empty() {
                let subset = Subset::new(batch, taken);
                let values = branch.then.fill(&subset).map_err(|failure| subset.outward(failure))?;
                parts.push((subset.into_positions(), values));
            }
        }
        if !left.is_empty() {
            let nulls = Vector::nulls(&self.sql_type, left.len());
            parts.push((left, nulls));
        }
        Ok(Vector::interleave(parts, len))
    }

    fn story(&self, batch: &dyn Batch) -> Result<Option<String>, Failure> {
        for (nth, branch) in self.branches.iter().enumerate() {
            let (taken, _) = branch.split(batch, vec![0])?;
            if !taken.is_empty() {
                let within = branch.then.story(batch)?.map_or_else(String::new, |story| format!("; {story}"));
                return Ok(Some(format!("case {}, {}{within}", nth + 1, branch.origin)));
            }
        }
        Ok(Some("no case applies".to_owned()))
    }
}

impl Branch {
    /// Of these positions those whose condition holds, and the others.
    fn split(&self, batch: &dyn Batch, positions: Vec<u32>) -> Result<(Vec<u32>, Vec<u32>), Failure> {
        let Some(when) = &self.when else { return Ok((positions, Vec::new())) };
        // Of most rows, all are looked at, which takes less than copying what is asked about.
        let is_most = positions.len() * 2 > batch.rows().len();
        if is_most && !when.is_fallible() {
            let holds = when.evaluate(batch)?;
            return Ok(parted(&positions, |_, at| holds.bools()[at as usize] & holds.is_valid(at as usize)));
        }
        let subset = Subset::new(batch, positions);
        let holds = when.evaluate(&subset).map_err(|failure| subset.outward(failure))?;
        let positions = subset.into_positions();
        Ok(parted(&positions, |nth, _| holds.bools()[nth] & holds.is_valid(nth)))
    }
}

/// The positions that are wanted, given each one's number among them, and the others.
fn parted(positions: &[u32], is_wanted: impl Fn(usize, u32) -> bool) -> (Vec<u32>, Vec<u32>) {
    let (mut wanted, mut others) = (vec![0; positions.len()], vec![0; positions.len()]);
    let (mut wanted_count, mut other_count) = (0, 0);
    for (nth, at) in positions.iter().enumerate() {
        let is_wanted = is_wanted(nth, *at);
        wanted[wanted_count] = *at;
        others[other_count] = *at;
        wanted_count += usize::from(is_wanted);
        other_count += usize::from(!is_wanted);
    }
    wanted.truncate(wanted_count);
    others.truncate(other_count);
    (wanted, others)
}
