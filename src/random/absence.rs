//! Which rows have nothing.

use super::{Key, Permutation, mix, to_unit};

/// A share of rows, each by its own draw, perhaps only of those that another draw has let through; or exactly so many.
#[derive(Clone, Debug)]
pub struct Absence {
    gate: Option<(Key, f64)>,
    coin: Option<(Key, f64)>,
    dealt: Option<(Permutation, u64)>,
}

impl Absence {
    /// About that share (0 to 1) of all rows.
    pub fn of(key: Key, share: f64) -> Self {
        Self { gate: None, coin: Some((key, share)), dealt: None }
    }

    /// The same rows for all that have this gate: about `rows` of them.
    pub fn of_gate(gate: Key, rows: f64) -> Self {
        Self { gate: Some((gate, rows)), coin: None, dealt: None }
    }

    /// Exactly that share of the rows that are permuted, rounded to a whole number.
    pub fn exactly(order: Permutation, share: f64) -> Self {
        let count = libm::round(share * order.size() as f64) as u64;
        Self { gate: None, coin: None, dealt: Some((order, count)) }
    }

    /// The share, of those rows alone.
    pub fn within(self, gate: Key, rows: f64) -> Self {
        Self { gate: Some((gate, rows)), ..self }
    }

    /// Whether a row has nothing.
    #[inline]
    pub fn is_absent(&self, row: u64) -> bool {
        let holds = |(key, share): (Key, f64)| to_unit(mix(key, row)) < share;
        if let Some((order, count)) = &self.dealt {
            return order.apply(row) < *count;
        }
        self.gate.is_none_or(holds) && self.coin.is_none_or(holds)
    }

    /// Whether no row has anything.
    pub fn is_total(&self) -> bool {
        let is_all = |(order, count): &(Permutation, u64)| *count == order.size();
        self.dealt.as_ref().is_none_or(is_all)
            && [self.gate, self.coin].into_iter().flatten().all(|(_, share)| share >= 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_share_is_exact_at_any_size() {
        for (rows, share, expected) in [(59, 0.847_458, 50), (1, 0.4, 0), (1_000, 0.001, 1), (7, 1.0, 7)] {
            let absence = Absence::exactly(Permutation::new(Key::from_raw(1, 2), rows), share);
            assert_eq!((0..rows).filter(|row| absence.is_absent(*row)).count(), expected);
            assert_eq!(absence.is_total(), expected as u64 == rows);
        }
    }

    #[test]
    fn shares_multiply_and_gates_are_shared() {
        let (gate, a, b) = (Key::from_raw(1, 2), Key::from_raw(3, 4), Key::from_raw(5, 6));
        let rows = 0..100_000u64;
        let [one, other] = [a, b].map(|key| Absence::of(key, 0.5).within(gate, 0.2));
        let whole = Absence::of_gate(gate, 0.2);
        let share =
            |holds: &dyn Fn(u64) -> bool| rows.clone().filter(|row| holds(*row)).count() as f64 / 100_000.0;
        assert!((share(&|row| one.is_absent(row)) - 0.1).abs() < 0.005);
        assert!((share(&|row| whole.is_absent(row)) - 0.2).abs() < 0.005);
        assert!((share(&|row| one.is_absent(row) && other.is_absent(row)) - 0.05).abs() < 0.005);
        assert!(
            rows.clone().all(|row| whole.is_absent(row) || !(one.is_absent(row) || other.is_absent(row)))
        );
        assert!(Absence::of(a, 1.0).is_total() && !one.is_total());
    }
}
