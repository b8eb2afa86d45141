//! Which rows have nothing.

use super::{Key, mix, to_unit};

/// A share of rows, each by its own draw, perhaps only of those that another draw has let through.
#[derive(Clone, Copy, Debug)]
pub struct Absence {
    gate: Option<(Key, f64)>,
    coin: Option<(Key, f64)>,
}

impl Absence {
    /// About that share (0 to 1) of all rows.
    pub fn of(key: Key, share: f64) -> Self {
        Self { gate: None, coin: Some((key, share)) }
    }

    /// The same rows for all that have this gate: about `rows` of them.
    pub fn of_gate(gate: Key, rows: f64) -> Self {
        Self { gate: Some((gate, rows)), coin: None }
    }

    /// The share, of those rows alone.
    pub fn within(self, gate: Key, rows: f64) -> Self {
        Self { gate: Some((gate, rows)), ..self }
    }

    /// Whether a row has nothing.
    #[inline]
    pub fn is_absent(&self, row: u64) -> bool {
        let holds = |(key, share): (Key, f64)| to_unit(mix(key, row)) < share;
        self.gate.is_none_or(holds) && self.coin.is_none_or(holds)
    }

    /// Whether no row has anything.
    pub fn is_total(&self) -> bool {
        [self.gate, self.coin].into_iter().flatten().all(|(_, share)| share >= 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
