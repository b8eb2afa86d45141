//! Numbers as text, ready to be copied: for columns whose values are near each other, such as quantities and dates.

/// Numbers that a table holds at most: what stays in the second cache level.
const MOST: i64 = 8_192;

/// The texts of a run of numbers.
pub(super) struct Words {
    first: i64,
    words: Vec<([u8; 16], u8)>,
}

impl Words {
    /// The words of all numbers near these and within limits, as far as that is a moderate number of them.
    pub fn near(values: &[i64], limits: (i64, i64), word: impl Fn(i64) -> ([u8; 16], u8)) -> Option<Self> {
        let (least, most) = (*values.iter().min()?, *values.iter().max()?);
        let span = most.checked_sub(least).filter(|span| *span < MOST / 2)?;
        // Later values may lie a little beyond these.
        let margin = span / 4 + 8;
        let (least, most) = ((least - margin).max(limits.0), (most + margin).min(limits.1));
        Some(Self { first: least, words: (least..=most).map(word).collect() })
    }

    /// Whether all of these are in the table.
    pub fn has_all(&self, values: &[i64]) -> bool {
        let count = self.words.len() as u64;
        values.iter().fold(true, |all, value| all & ((value.wrapping_sub(self.first) as u64) < count))
    }

    /// The word of one of the table's numbers, and how many bytes of it count.
    #[inline(always)]
    pub fn get(&self, value: i64) -> (&[u8; 16], u8) {
        let (word, length) = &self.words[value.wrapping_sub(self.first) as usize];
        (word, *length)
    }
}
