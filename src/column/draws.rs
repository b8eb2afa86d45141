//! Where a range's values come from: one draw per row, of its own or correlated with others'.

use crate::distribution::{open_unit, standard_cdf, standard_quantile};
use crate::random::{Key, Permutation, mix, to_unit};
use crate::value::Rows;

/// What is told of a draw: where it lies among all that there could be.
pub(super) fn told(bits: u64) -> String {
    format!("drawn at {:.6} of 0 to 1", to_unit(bits))
}

/// What is told of a value that only one row has.
pub(super) fn told_place(order: &Permutation, row: u64) -> String {
    format!("the {} of {} different values", nth(order.apply(row) + 1), order.size())
}

fn nth(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// 64 random bits for each row. A range's value rises with them, so that correlated bits make correlated values.
#[derive(Clone, Debug)]
pub enum Draws {
    /// Independent of everything else.
    Own(Key),
    /// A normal number that is the sum of independent ones, each times its coefficient (the squares of these add up to 1),
    /// made uniform again: a Gaussian copula. The others' draws are computed again, so that theirs stay as they are.
    Correlated(Vec<(f64, Key)>),
}

impl Draws {
    /// What is told of a row's draw besides where it lies.
    pub(super) fn origin(&self) -> String {
        match self {
            Draws::Own(_) => String::new(),
            Draws::Correlated(parts) => format!(", correlated: made of {} normal numbers", parts.len()),
        }
    }

    /// The bits of these rows. Own ones take 2 ns, correlated ones some 40 ns for each part.
    pub fn bits(&self, rows: &Rows) -> Vec<u64> {
        match self {
            Draws::Own(key) => rows.map(|row| mix(*key, row)),
            Draws::Correlated(parts) => rows.map(|row| {
                let normal = |key: &Key| standard_quantile(open_unit(mix(*key, row)));
                let sum: f64 = parts.iter().map(|(coefficient, key)| coefficient * normal(key)).sum();
                // 2^64; the conversion stops at the largest number.
                (standard_cdf(sum) * 18_446_744_073_709_551_616.0) as u64
            }),
        }
    }
}
