//! Numbers as text, ready to be copied: for columns whose values are near each other, such as quantities and dates.

use super::page::WORD;

/// Numbers that a table holds at most: what stays in the second cache level.
const MOST: i64 = 8_192;

/// The texts of a run of numbers, and of null, each with its length in the last byte.
pub(super) struct Words {
    first: i64,
    words: Vec<[u8; WORD]>,
}

impl Words {
    /// The words of all numbers near these, as far as that is a moderate number of them, and all of them and
    /// null's are shorter than a word. `write` appends a number, or null.
    pub fn near(values: &[i64], write: impl Fn(Option<i64>, &mut Vec<u8>)) -> Option<Self> {
        let (least, most) = (*values.iter().min()?, *values.iter().max()?);
        let span = most.checked_sub(least).filter(|span| *span < MOST / 2)?;
        // Later values may lie a little beyond these.
        let margin = span / 4 + 8;
        let (least, most) = (least.saturating_sub(margin), most.saturating_add(margin));
        let mut text = Vec::new();
        let word = |value| {
            text.clear();
            write(value, &mut text);
            let mut word = [0; WORD];
            word[..WORD - 1].get_mut(..text.len())?.copy_from_slice(&text);
            word[WORD - 1] = text.len() as u8;
            Some(word)
        };
        let words: Option<Vec<_>> = (least..=most).map(Some).chain([None]).map(word).collect();
        Some(Self { first: least, words: words? })
    }

    /// Whether all of these that are valid are in the table.
    pub fn has_all(&self, values: &[i64], valid: Option<&[bool]>) -> bool {
        let count = self.words.len() as u64 - 1;
        let is_in = |value: &i64| (value.wrapping_sub(self.first) as u64) < count;
        match valid {
            None => values.iter().fold(true, |all, value| all & is_in(value)),
            Some(valid) => {
                values.iter().zip(valid).fold(true, |all, (value, valid)| all & (is_in(value) | !valid))
            }
        }
    }

    /// The word of one of the table's numbers.
    #[inline(always)]
    pub fn get(&self, value: i64) -> &[u8; WORD] {
        &self.words[value.wrapping_sub(self.first) as usize]
    }

    /// The word of null.
    pub fn null(&self) -> &[u8; WORD] {
        &self.words[self.words.len() - 1]
    }
}
