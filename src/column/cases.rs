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
        // A row that no branch takes reads the null at (0, 0).
        let mut parts = vec![Vector::nulls(&self.sql_type, 1)];
        let mut places = vec![(0u32, 0u32); len];
        let mut left: Vec<u32> = (0..len as u32).collect();
        for branch in &self.branches {
            if left.is_empty() {
                break;
            }
            let (taken, rest) = branch.split(batch, left)?;
            left = rest;
            if taken.is_empty() {
                continue;
            }
            for (nth, at) in taken.iter().enumerate() {
                places[*at as usize] = (parts.len() as u32, nth as u32);
            }
            let subset = Subset::new(batch, taken);
            parts.push(branch.then.fill(&subset).map_err(|failure| subset.outward(failure))?);
        }
        let parts: Vec<&Vector> = match parts.len() {
            1 => vec![&parts[0]],
            // Without a null to give, the null part would only widen dictionaries into text.
            _ if left.is_empty() => {
                places.iter_mut().for_each(|place| place.0 -= 1);
                parts[1..].iter().collect()
            }
            _ => parts.iter().collect(),
        };
        Ok(Vector::gather(&parts, &places))
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
        let subset = Subset::new(batch, positions.clone());
        let holds = when.evaluate(&subset).map_err(|failure| subset.outward(failure))?;
        let bools = holds.bools();
        let (taken, rest): (Vec<_>, Vec<_>) =
            positions.into_iter().enumerate().partition(|(nth, _)| bools[*nth] && holds.is_valid(*nth));
        let places = |pairs: Vec<(usize, u32)>| pairs.into_iter().map(|(_, at)| at).collect();
        Ok((places(taken), places(rest)))
    }
}
